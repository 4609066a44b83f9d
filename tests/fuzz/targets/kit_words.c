/* Any command that the kit is to start, split at its blanks, with names in braces. */
#include "tests/fuzz/fuzz.h"

#include "tests/conformance/words.h"

#include <stdlib.h>
#include <string.h>

static const char *const ints[] = {"4", "2", "3"};
static const char *const port[] = {"10000"};
static const struct placeholder placeholders[] = {
    {"{ints}", ints, 3},
    {"{port}", port, 1},
    {"{s}",    NULL, 0},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct words words;
    char why[WORDS_WHY_ROOM] = "";
    char *command = exact_text(data, size);
    if (words_split(&words, command, placeholders, 3, why)) {
        require(words.count >= 1 && words.count <= WORDS_MAX && words.list[words.count] == NULL,
                "a command has a word, and not too many");
        size_t used = 0;
        for (size_t i = 0; i < words.count; i++) {
            require(words.list[i] == words.text + used, "the words lie one behind the other");
            used += strlen(words.list[i]) + 1;
        }
        require(used == words.used && used <= WORDS_ROOM, "the words lie in their room");
    } else {
        require(is_one_line(why), "what is wrong with a command is told in one line");
    }
    free(command);
    return 0;
}
