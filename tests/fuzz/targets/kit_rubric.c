/* Any file as the kit's rubric: what is read of it gives each result its points and a grade. */
#include "tests/fuzz/fuzz.h"

#include "tests/conformance/rubric.h"

#include <string.h>

static const struct conformance_case cases[] = {
    {.id = "REQ-3.1/1"}, {.id = "REQ-3.3/12"}, {.id = "REQ-5.1/1"}, {.id = "REQ-9.2/3"}};
enum { CASES = sizeof cases / sizeof cases[0] };
static const struct suite suite = {.name = "server", .cases = cases, .count = CASES};

static void require_points(const struct rubric *rubric)
{
    static const enum verdict verdicts[CASES] = {PASSED, FAILED, NON_STRICT, SKIPPED};
    struct result results[CASES];
    static struct outcome outcomes[CASES];
    struct run run = {.suite = &suite, .count = CASES, .results = results};
    for (size_t i = 0; i < CASES; i++) {
        outcomes[i].verdict = verdicts[i];
        results[i] = (struct result){.about = &cases[i], .turn = 1, .outcome = &outcomes[i]};
    }
    rubric_apply(rubric, &run);
    double total = rubric_total(rubric, &suite, NULL);
    require(run.has_grade && run.points >= 0 && run.points <= run.points_max &&
                run.points_max <= total,
            "nobody has more points than there are");
    require(rubric->grade_count == 0 || run.points_max <= 0 || run.grade[0] != '\0',
            "each result has a grade");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct rubric rubric;
    char why[LINES_WHY_ROOM];
    struct memory_file file = memory_file_open(data, size);
    bool good = rubric_read(&rubric, file.path, why);
    memory_file_close(&file);
    require(good == (why[0] == '\0') && (good || is_one_line(why)),
            "what is wrong with a rubric, and only that, is told in one line");
    if (good)
        require_points(&rubric);
    return 0;
}
