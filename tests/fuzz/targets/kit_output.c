/* Anything that a client prints, read with any pattern: the pattern, NUL, the output. */
#include "tests/fuzz/fuzz.h"

#include "tests/conformance/expect.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *all = exact_text(data, size);
    size_t length = strlen(all);
    char *pattern = exact_text(all, length);
    size_t behind = length < size ? length + 1 : size;
    struct exact output = exact_copy(data + behind, size - behind);
    char why[EXPECT_WHY_ROOM] = "";
    struct shown shown;
    bool good = expect_pattern(pattern, why);
    require(good || why[0] != '\0', "what is wrong with a pattern is told");
    expect_find(pattern, (const char *)output.octets, output.length, &shown);
    require((shown.count > 0) == (shown.text[0] != '\0'), "what is shown has a text");
    require(strlen(shown.text) < sizeof shown.text, "what is shown has its room");
    require(shown.count > 0 || !shown_result(&shown), "without a text, no result is shown");
    exact_free(&output);
    free(pattern);
    free(all);
    return 0;
}
