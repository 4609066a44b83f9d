/* The calls that the two functions make, in each step: their order and arguments, what becomes of one that fails,
 * and what is left open. */
#include "function_cases.h"
#include "function_judge.h"
#include "function_plain.h"

enum { ODD_LENGTH = 27 };

void client_order(struct functions_run *run, struct outcome *outcome)
{
    static const char *const calls[][5] = {
        {"socket", "connect", "send", NULL,   NULL},
        {"socket", "connect", "send", "recv", NULL}
    };
    struct datagram reply = hex(plain_reply);
    struct scenario scenario = client_plain(run, &reply);
    struct made made;
    scenario_run(run, &scenario, outcome, &made);
    bool came_back = made.end == RETURNED;
    if (came_back || made.end == WAITING || made.end == ENDLESS)
        expect_order(&made, calls[run->client_step == 4], outcome);
    if (!came_back)
        scenario_fail(&made, outcome);
}

void client_no_other_calls(struct functions_run *run, struct outcome *outcome)
{
    struct made made;
    if (client_called(run, outcome, &made))
        expect_no_other_calls(&made, outcome);
}

void client_socket(struct functions_run *run, struct outcome *outcome)
{
    struct made made;
    if (client_called(run, outcome, &made))
        expect_socket_arguments(&made, outcome);
}

void client_flags(struct functions_run *run, struct outcome *outcome)
{
    struct made made;
    if (client_called(run, outcome, &made))
        expect_no_flags(&made, outcome);
}

void client_address(struct functions_run *run, struct outcome *outcome)
{
    struct datagram reply = hex(plain_reply);
    struct scenario scenario = client_plain(run, &reply);
    struct made made;
    scenario.guarded = true;
    scenario.address_length = ODD_LENGTH;
    if (scenario_returns(run, &scenario, outcome, &made))
        expect_address(&made, "connect", ODD_LENGTH, outcome);
}

static void client_fails(const struct functions_run *run, const char *call, struct outcome *outcome)
{
    struct datagram reply = hex(plain_reply);
    expect_failure(run, client_plain(run, &reply), call, outcome);
}

void client_socket_fails(struct functions_run *run, struct outcome *outcome)
{
    client_fails(run, "socket", outcome);
}

void client_connect_fails(struct functions_run *run, struct outcome *outcome)
{
    client_fails(run, "connect", outcome);
}

void client_send_fails(struct functions_run *run, struct outcome *outcome)
{
    client_fails(run, "send", outcome);
}

void client_recv_fails(struct functions_run *run, struct outcome *outcome)
{
    client_fails(run, "recv", outcome);
}

void client_close_fails(struct functions_run *run, struct outcome *outcome)
{
    struct datagram reply = hex(plain_reply);
    expect_close_ignored(run, client_plain(run, &reply), outcome);
}

void client_closes(struct functions_run *run, struct outcome *outcome)
{
    struct datagram reply = hex(plain_reply);
    struct scenario scenario = client_plain(run, &reply);
    expect_closed(run, &scenario, "a result", outcome);
}

void client_closes_on_failure(struct functions_run *run, struct outcome *outcome)
{
    static const char *const calls[] = {"connect", "send", "recv", NULL};
    struct datagram reply = hex(plain_reply);
    expect_closed_on_failure(run, client_plain(run, &reply), calls, outcome);
}

void client_closes_on_error(struct functions_run *run, struct outcome *outcome)
{
    struct datagram error = hex("00"), empty = hex(""), odd = hex("80 3139");
    struct datagram letters = hex("80 4142"), reply = hex(plain_reply);
    const struct {
        struct scenario scenario;
        const char *when;
    } ways[] = {
        {{.ints = plain_ints, .incoming = &error},                   "an error"                  },
        {{.ints = plain_ints, .incoming = &empty},                   "an empty reply"            },
        {{.ints = plain_ints, .incoming = &odd},                     "a reply of a wrong length" },
        {{.ints = plain_ints, .format = 's', .incoming = &letters},  "a string that is no number"},
        {{.ints = plain_ints, .operation = '-', .incoming = &reply}, "a bad operation"           },
        {{.ints = plain_ints, .format = 'x', .incoming = &reply},    "a bad format"              },
        {{.ints = plain_ints, .no_count = true, .incoming = &reply}, "no integers"               },
    };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && outcome->verdict == PASSED; i++)
        expect_closed(run, &ways[i].scenario, ways[i].when, outcome);
}

void warm_up_client_closes(struct functions_run *run, struct outcome *outcome)
{
    static const char *const calls[] = {"connect", "send", NULL};
    struct scenario scenario = {0};
    if (expect_closed(run, &scenario, "all is sent", outcome))
        expect_closed_on_failure(run, scenario, calls, outcome);
}

void server_order(struct functions_run *run, struct outcome *outcome)
{
    static const char *const calls[] = {"socket", "bind", "recvfrom", "sendto", NULL};
    struct datagram datagram = server_datagram(run);
    struct scenario scenario = server_plain(&datagram);
    struct made made;
    scenario_run(run, &scenario, outcome, &made);
    bool came_back = made.end == RETURNED;
    if (came_back || made.end == WAITING || made.end == ENDLESS)
        expect_order(&made, calls, outcome);
    if (!came_back)
        scenario_fail(&made, outcome);
}

void server_no_other_calls(struct functions_run *run, struct outcome *outcome)
{
    struct made made;
    if (server_called(run, outcome, &made))
        expect_no_other_calls(&made, outcome);
}

void server_socket(struct functions_run *run, struct outcome *outcome)
{
    struct made made;
    if (server_called(run, outcome, &made))
        expect_socket_arguments(&made, outcome);
}

void server_flags(struct functions_run *run, struct outcome *outcome)
{
    struct made made;
    if (server_called(run, outcome, &made))
        expect_no_flags(&made, outcome);
}

void server_address(struct functions_run *run, struct outcome *outcome)
{
    struct datagram datagram = server_datagram(run);
    struct scenario scenario = server_plain(&datagram);
    struct made made;
    scenario.guarded = true;
    scenario.address_length = ODD_LENGTH;
    if (scenario_answers(run, &scenario, outcome, &made))
        expect_address(&made, "bind", ODD_LENGTH, outcome);
}

static void server_fails(const struct functions_run *run, const char *call, struct outcome *outcome)
{
    struct datagram datagram = server_datagram(run);
    expect_failure(run, server_plain(&datagram), call, outcome);
}

void server_socket_fails(struct functions_run *run, struct outcome *outcome)
{
    server_fails(run, "socket", outcome);
}

void server_bind_fails(struct functions_run *run, struct outcome *outcome)
{
    server_fails(run, "bind", outcome);
}

void server_recvfrom_fails(struct functions_run *run, struct outcome *outcome)
{
    server_fails(run, "recv", outcome);
}

void server_sendto_fails(struct functions_run *run, struct outcome *outcome)
{
    server_fails(run, "send", outcome);
}

void server_close_fails(struct functions_run *run, struct outcome *outcome)
{
    struct datagram datagram = server_datagram(run);
    struct scenario scenario = server_plain(&datagram);
    expect_close_ignored(run, scenario, outcome);
}

void server_closes(struct functions_run *run, struct outcome *outcome)
{
    struct datagram datagram = server_datagram(run);
    struct scenario scenario = server_plain(&datagram);
    expect_closed(run, &scenario, "a result", outcome);
}

static const char *const can_fail[] = {"bind", "recv", "send", NULL};

void server_closes_on_failure(struct functions_run *run, struct outcome *outcome)
{
    struct datagram datagram = server_datagram(run);
    expect_closed_on_failure(run, server_plain(&datagram), can_fail, outcome);
}

void server_closes_on_error(struct functions_run *run, struct outcome *outcome)
{
    struct datagram error = hex("04 00010100"), none = hex("00"), empty = hex("");
    struct scenario scenarios[] = {server_plain(&error), server_plain(&none), server_plain(&empty)};
    static const char *const when[] = {"an unknown opcode", "a datagram of 1 octet",
                                       "an empty datagram"};
    for (size_t i = 0; i < 3 && outcome->verdict == PASSED; i++)
        expect_closed(run, &scenarios[i], when[i], outcome);
}

void warm_up_server_closes(struct functions_run *run, struct outcome *outcome)
{
    struct datagram datagram = server_datagram(run);
    struct scenario scenario = server_plain(&datagram);
    if (expect_closed(run, &scenario, "the sum", outcome))
        expect_closed_on_failure(run, scenario, can_fail, outcome);
}
