/* Any file as the kit's baseline; and what the kit writes as one, it knows again. */
#include "tests/fuzz/fuzz.h"

#include "tests/conformance/baseline.h"

#include <stdlib.h>
#include <string.h>

static const struct conformance_case cases[] = {
    {.id = "REQ-3.1/1"}, {.id = "REQ-3.3/12"}, {.id = "REQ-5.1/1"}, {.id = "REQ-8.1/1"}};
enum { CASES = sizeof cases / sizeof cases[0] };
static const struct suite suite = {.name = "server", .cases = cases, .count = CASES};

/* The second failure says what the file says, as far as it is a sentence. */
static void note_outcomes(struct outcome outcomes[static CASES], const char *text)
{
    memset(outcomes, 0, CASES * sizeof *outcomes);
    outcome_fail(&outcomes[1], WRONG, "octet 3 differs");
    outcome_fail(&outcomes[2], SILENCE, "%s", text);
    outcomes[2].verdict = NON_STRICT;
    outcome_error(&outcomes[3], "no socket");
}

static void require_known_again(struct run *run)
{
    char why[LINES_WHY_ROOM] = "";
    struct memory_file file = memory_file_open("", 0);
    require(baseline_write(run, file.path, why), "a baseline can be written");
    if (!baseline_apply(run, file.path, why))
        require(false, why);
    memory_file_close(&file);
    require(run->known_count == CASES - 1 && run->unexpected_count == 0,
            "what was written as a baseline is known again");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct outcome outcomes[CASES];
    struct result results[CASES];
    struct run run = {.suite = &suite, .count = CASES, .results = results};
    char *text = exact_text(data, size);
    note_outcomes(outcomes, text);
    for (size_t i = 0; i < CASES; i++)
        results[i] = (struct result){.about = &cases[i], .turn = 1, .outcome = &outcomes[i]};

    char why[LINES_WHY_ROOM];
    struct memory_file file = memory_file_open(data, size);
    bool good = baseline_apply(&run, file.path, why);
    memory_file_close(&file);
    require(good == (why[0] == '\0') && (good || is_one_line(why)),
            "what is wrong with a baseline, and only that, is told in one line");
    require(run.known_count + run.unexpected_count <= CASES, "a result is known once");
    require_known_again(&run);
    free(text);
    return 0;
}
