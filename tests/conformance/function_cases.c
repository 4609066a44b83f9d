/* The suite: the list of function_cases.h, each case with a look first at whether its step is under test. */
#include "function_cases.h"

#define STEPS(id, level, steps, function, sentence) steps,
static const unsigned steps_of[] = {FUNCTION_CASES(STEPS)};
#undef STEPS

static unsigned steps_under_test(const struct functions_run *run)
{
    unsigned client = run->client_step == 0 ? 0 : 1U << run->client_step;
    unsigned server = run->server_step == 0 ? 0 : 1U << run->server_step;
    return client | server;
}

static bool is_asked(const struct functions_run *run, unsigned steps, struct outcome *outcome)
{
    if ((steps & steps_under_test(run)) != 0)
        return true;
    outcome_skip(outcome, "is about a step that is not under test");
    return false;
}

#define TRY(id, level, steps, function, sentence)                                                  \
    static void try_##function(struct functions_run *run, struct outcome *outcome)                 \
    {                                                                                              \
        if (is_asked(run, steps, outcome))                                                         \
            function(run, outcome);                                                                \
    }
FUNCTION_CASES(TRY)
#undef TRY

#define CASE(id, level, steps, function, sentence)                                                 \
    {id, level, sentence, {.functions = try_##function}},
static const struct conformance_case cases[] = {FUNCTION_CASES(CASE)};
#undef CASE

const struct suite functions_suite = {
    .name = "functions", .cases = cases, .count = sizeof cases / sizeof cases[0]};

bool functions_applies(const struct functions_run *run, const struct conformance_case *about)
{
    return (steps_of[about - cases] & steps_under_test(run)) != 0;
}
