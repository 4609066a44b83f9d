/* Sums over results. A run is small, so they are looked through as often as it takes. */
#include "tally.h"

#include <string.h>

bool tally_explains(const struct result *result, const char *mistake)
{
    for (size_t i = 0; i < result->outcome->diagnosis_count; i++) {
        if (strcmp(result->outcome->diagnoses[i], mistake) == 0)
            return true;
    }
    return false;
}

/* Whether an earlier turn of the same case has been counted for it. */
static bool counted_before(const struct run *run, size_t at, const char *mistake)
{
    for (size_t i = 0; i < at; i++) {
        if (run->results[i].about == run->results[at].about &&
            tally_explains(&run->results[i], mistake))
            return true;
    }
    return false;
}

static void count_mistake(struct mistake *mistakes, size_t *count, const char *text, bool fails)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(mistakes[i].text, text) == 0) {
            mistakes[i].cases++;
            mistakes[i].fails = mistakes[i].fails || fails;
            return;
        }
    }
    if (*count < MISTAKES_MAX)
        mistakes[(*count)++] = (struct mistake){.text = text, .cases = 1, .fails = fails};
}

static bool is_before(const struct mistake *a, const struct mistake *b)
{
    return a->fails != b->fails ? a->fails : a->cases > b->cases;
}

/* By insertion, which leaves equals in their order. */
static void sort_mistakes(struct mistake *mistakes, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct mistake mistake = mistakes[i];
        size_t at = i;
        for (; at > 0 && is_before(&mistake, &mistakes[at - 1]); at--)
            mistakes[at] = mistakes[at - 1];
        mistakes[at] = mistake;
    }
}

size_t tally_mistakes(const struct run *run, struct mistake mistakes[static MISTAKES_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < run->count; i++) {
        const struct outcome *outcome = run->results[i].outcome;
        for (size_t k = 0; k < outcome->diagnosis_count; k++) {
            if (!counted_before(run, i, outcome->diagnoses[k]))
                count_mistake(mistakes, &count, outcome->diagnoses[k], outcome->verdict == FAILED);
        }
    }
    sort_mistakes(mistakes, count);
    return count;
}

const char *tally_heading(const struct mistake *mistakes, size_t count)
{
    return count > 0 && mistakes[0].fails ? "most likely mistakes"
                                          : "not wrong, and yet worth a look";
}

bool tally_tells(const struct result *result)
{
    enum verdict verdict = result->outcome->verdict;
    return verdict == FAILED || verdict == NON_STRICT || verdict == ERROR ||
           result->known == UNEXPECTED_PASS;
}

bool tally_counts_as_failed(const struct result *result)
{
    enum verdict verdict = result->outcome->verdict;
    if (result->known == KNOWN_FAILURE)
        return false;
    return verdict == FAILED || verdict == ERROR || result->known == UNEXPECTED_PASS;
}

static bool same_finding(const struct result *a, const struct result *b)
{
    return a->about == b->about && a->known == b->known &&
           a->outcome->verdict == b->outcome->verdict &&
           a->outcome->trouble == b->outcome->trouble &&
           strcmp(a->outcome->why, b->outcome->why) == 0 &&
           strcmp(a->outcome->observed, b->outcome->observed) == 0;
}

bool tally_is_again(const struct run *run, const struct result *result)
{
    for (const struct result *earlier = run->results; earlier < result; earlier++) {
        if (same_finding(earlier, result))
            return true;
    }
    return false;
}

void tally_turns(const struct run *run, const struct result *result, size_t *same, size_t *all)
{
    *same = *all = 0;
    for (size_t i = 0; i < run->count; i++) {
        *all += run->results[i].about == result->about;
        *same += same_finding(&run->results[i], result);
    }
}
