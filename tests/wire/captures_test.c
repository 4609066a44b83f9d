/* The tour, captures/tour.txt, against the codec and the specification. That the capture and the README
 * say the same is shown by tests/system/captures_test.sh. */
#include "tests/support/test.h"

#include "tests/support/script.h"

enum {
    SERVER_PORT = 10000,
    FIRST_CLIENT_PORT = 32768,
};

static int read_tour(void **state)
{
    static struct script tour;
    *state = &tour;
    FILE *in = fopen("captures/tour.txt", "r");
    if (in == NULL)
        return -1;
    bool good = script_read(in, &tour);
    fclose(in);
    if (!good)
        print_error("captures/tour.txt:%u: %s\n", tour.line, tour.why);
    return good ? 0 : -1;
}

static int forget_tour(void **state)
{
    script_free(*state);
    return 0;
}

/* From a server's port, and back to where a datagram came from: in the loop, both sides do that. */
static bool is_reply(const struct script *tour, const struct script_step *step)
{
    if (step->kind == SCRIPT_ERROR || step->frame.source_port >= FIRST_CLIENT_PORT)
        return false;
    return step->frame.source_port == SERVER_PORT || script_request_of(tour, step) != NULL;
}

static bool same_datagram(struct datagram a, struct datagram b)
{
    return a.length == b.length && memcmp(a.octets, b.octets, a.length) == 0;
}

static void each_reply_is_the_server_s_unless_it_is_marked(void **state)
{
    const struct script *tour = *state;
    size_t right = 0;
    size_t marked = 0;
    for (const struct script_step *step = tour->steps; step < tour->steps + tour->step_count;
         step++) {
        if (!is_reply(tour, step))
            continue;
        const struct script_step *request = script_request_of(tour, step);
        if (request == NULL)
            fail_msg("captures/tour.txt:%u: a reply to nothing", step->line);
        struct datagram answer = answer_to(request->frame.payload);
        bool same = answer.length > 0 && same_datagram(answer, step->frame.payload);
        bool is_marked = *step->mark != '\0';
        if (same == is_marked)
            fail_msg("captures/tour.txt:%u: %s", step->line,
                     same ? "marked, but it is what the server sends"
                          : "not marked, but the server sends something else");
        right += !is_marked;
        marked += is_marked;
    }
    assert_in_range(right, 20, 1000);
    assert_in_range(marked, 6, 1000);
}

static void each_request_leaves_from_a_port_of_its_own(void **state)
{
    const struct script *tour = *state;
    static bool seen[65536];
    for (const struct script_step *step = tour->steps; step < tour->steps + tour->step_count;
         step++) {
        uint16_t port = step->frame.source_port;
        if (step->kind == SCRIPT_ERROR || port < FIRST_CLIENT_PORT)
            continue;
        if (seen[port])
            fail_msg("captures/tour.txt:%u: port %u has sent before", step->line, port);
        seen[port] = true;
    }
}

static void each_packet_has_a_comment_that_names_a_clause(void **state)
{
    const struct script *tour = *state;
    for (const struct script_step *step = tour->steps; step < tour->steps + tour->step_count;
         step++) {
        if (step->kind != SCRIPT_LOST && strstr(step->comment, "REQ-") == NULL)
            fail_msg("captures/tour.txt:%u: no clause in its comment", step->line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reply_is_the_server_s_unless_it_is_marked),
        cmocka_unit_test(each_request_leaves_from_a_port_of_its_own),
        cmocka_unit_test(each_packet_has_a_comment_that_names_a_clause),
    };
    return cmocka_run_group_tests(tests, read_tour, forget_tour);
}
