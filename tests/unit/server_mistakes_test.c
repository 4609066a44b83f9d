/* The model of a server with mistakes, at the end of what it can read. What it explains is shown by the servers in
 * tests/conformance/mutants/. */
#include "tests/support/test.h"

#include "tests/conformance/server_mistakes.h"

#include "proto/calc.h"

#include <string.h>

/* The way of reading about which these words are said. */
static struct theory theory_of_reading(const char *words)
{
    for (size_t reading = 0; reading < theory_choices(READING); reading++) {
        struct theory theory = {.steps = {[READING] = (unsigned char)reading}};
        const char *mistakes[STEPS];
        if (theory_mistakes(&theory, mistakes) == 1 && strstr(mistakes[0], words) != NULL)
            return theory;
    }
    fail_msg("no reading is said to be this: %s", words);
    return (struct theory){0};
}

/* How many integers of 2^32 - 1 were added to this sum, which each makes one less. */
static uint32_t count_of(const struct datagram *reply)
{
    struct calc_reply sum;
    assert_int_equal(calc_reply_decode(reply->octets, reply->length, CALC_AS_INTEGER, &sum),
                     CALC_OK);
    assert_true(sum.success);
    return -sum.number;
}

static void assert_counts(size_t length, uint32_t right, uint32_t with_one_more)
{
    const struct theory no_mistake = {0};
    const struct theory one_more = theory_of_reading("one integer too many");
    struct datagram request = {.length = length}, earlier = {.length = DATAGRAM_ROOM}, reply;
    memset(request.octets + 1, 0xFF, length - 1);
    memset(earlier.octets, 0xFF, earlier.length);
    const struct exchange exchange = {.request = &request, .earlier = &earlier};
    assert_true(theory_reply(&no_mistake, &exchange, &reply));
    assert_int_equal(count_of(&reply), right);
    assert_true(theory_reply(&one_more, &exchange, &reply));
    assert_int_equal(count_of(&reply), with_one_more);
}

static void one_integer_too_many_is_read_as_far_as_a_datagram_has_room(void **state)
{
    (void)state;
    assert_counts(5, 1, 2);
    assert_counts(DATAGRAM_ROOM - 5, 361, 362);
    assert_counts(DATAGRAM_ROOM - 4, 361, 362);
    assert_counts(DATAGRAM_ROOM - 3, 362, 362);
    assert_counts(DATAGRAM_ROOM - 2, 362, 362);
    assert_counts(DATAGRAM_ROOM, 362, 362);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_integer_too_many_is_read_as_far_as_a_datagram_has_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
