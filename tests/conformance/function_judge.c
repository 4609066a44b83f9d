/* Calls, octets and descriptors of one function, held against what is due. */
#include "function_judge.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { LIST_ROOM = 256, LONG_DATAGRAM = 1400 };

/* What each call is to the course: one that carries the exchange, one too many, or one of no interest. */
static bool carries(const char *name)
{
    static const char *const names[] = {"socket",  "connect", "bind",     "send", "sendto", "write",
                                        "sendmsg", "recv",    "recvfrom", "read", "recvmsg"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    return false;
}

static void list(char text[static LIST_ROOM], size_t *used, const char *name)
{
    int length = snprintf(text + *used, LIST_ROOM - *used, "%s%s", *used == 0 ? "" : ", ", name);
    if (length > 0)
        *used += (size_t)length;
    if (*used > LIST_ROOM - 1)
        *used = LIST_ROOM - 1;
}

static const struct {
    const char *name, *due, *diagnosis;
} replacements[] = {
    {"write",    "send",     "write in place of send: both send, and the task asks for send"        },
    {"sendto",   "send",
     "sendto in place of send: a connected socket knows where to send to, and the task asks for "
     "send"                                                                                         },
    {"send",     "sendto",
     "send in place of sendto: a socket that is not connected does not know where to send to"       },
    {"write",    "sendto",
     "write in place of sendto: a socket that is not connected does not know where to send to"      },
    {"read",     "recv",     "read in place of recv: both receive, and the task asks for recv"      },
    {"recvfrom", "recv",     "recvfrom in place of recv: the task asks for recv"                    },
    {"recv",     "recvfrom", "recv in place of recvfrom: it does not tell who has sent the datagram"},
    {"read",     "recvfrom", "read in place of recvfrom: it does not tell who has sent the datagram"},
    {"bind",     "connect",  "bind in place of connect: bind is for the own address"                },
    {"connect",  "bind",     "connect in place of bind: a server waits at an address of its own"    },
};

static void diagnose_order(const struct made *made, const char *const *names,
                           struct outcome *outcome)
{
    for (size_t i = 0; i + 1 < made->call_count; i++) {
        const char *name = made->calls[i].name;
        if (carries(name) && strcmp(name, made->calls[i + 1].name) == 0)
            outcome_diagnose(outcome, "a call is made again: one exchange is one call of each");
    }
    for (size_t i = 0; i < sizeof replacements / sizeof replacements[0]; i++) {
        for (const char *const *due = names; *due != NULL; due++) {
            if (strcmp(*due, replacements[i].due) == 0 && made_call(made, *due) == NULL &&
                made_call(made, replacements[i].name) != NULL)
                outcome_diagnose(outcome, replacements[i].diagnosis);
        }
    }
}

bool expect_order(const struct made *made, const char *const *names, struct outcome *outcome)
{
    char actual[LIST_ROOM] = "none", due[LIST_ROOM];
    size_t actual_used = 0, due_used = 0;
    const char *elsewhere = NULL;
    for (const char *const *name = names; *name != NULL; name++)
        list(due, &due_used, *name);
    for (size_t i = 0; i < made->call_count; i++) {
        if (!carries(made->calls[i].name))
            continue;
        list(actual, &actual_used, made->calls[i].name);
        if (!made->calls[i].ours)
            elsewhere = made->calls[i].name;
    }
    if (strcmp(actual, due) != 0) {
        outcome_fail(outcome, WRONG, "the calls are: %s; due are: %s", actual, due);
        diagnose_order(made, names, outcome);
    } else if (elsewhere != NULL) {
        outcome_fail(outcome, WRONG, "%s is given another descriptor than socket has returned",
                     elsewhere);
    }
    return strcmp(actual, due) == 0 && elsewhere == NULL;
}

bool expect_no_other_calls(const struct made *made, struct outcome *outcome)
{
    for (size_t i = 0; i < made->call_count; i++) {
        const char *name = made->calls[i].name;
        if (carries(name) || strcmp(name, "close") == 0)
            continue;
        outcome_fail(outcome, WRONG, "%s is called as well", name);
        return false;
    }
    return true;
}

bool expect_socket_arguments(const struct made *made, struct outcome *outcome)
{
    const struct made_call *call = made_call(made, "socket");
    if (call == NULL) {
        outcome_fail(outcome, WRONG, "socket is never called");
        return false;
    }
    if (call->domain == AF_INET6 && call->type == SOCK_DGRAM && call->protocol == 0)
        return true;
    outcome_fail(outcome, WRONG,
                 "socket is given %ld, %ld, %ld; due are AF_INET6, SOCK_DGRAM, 0: %d, %d, 0",
                 call->domain, call->type, call->protocol, AF_INET6, SOCK_DGRAM);
    if (call->domain == AF_INET)
        outcome_diagnose(outcome, "IPv4 only: AF_INET in place of AF_INET6");
    if (call->type == SOCK_STREAM)
        outcome_diagnose(outcome, "SOCK_STREAM is TCP: SOCK_DGRAM is UDP");
    return false;
}

bool expect_no_flags(const struct made *made, struct outcome *outcome)
{
    for (size_t i = 0; i < made->call_count; i++) {
        if (made->calls[i].flags == 0)
            continue;
        outcome_fail(outcome, WRONG, "%s is given the flags 0x%lx; due is 0", made->calls[i].name,
                     (unsigned long)made->calls[i].flags);
        return false;
    }
    return true;
}

bool expect_address(const struct made *made, const char *name, long length, struct outcome *outcome)
{
    const struct made_call *call = made_call(made, name);
    if (call == NULL) {
        outcome_fail(outcome, WRONG, "%s is never called", name);
    } else if (strcmp(call->address, "same") != 0) {
        outcome_fail(outcome, WRONG, "%s is not given the address that the function was given",
                     name);
    } else if (call->address_length != length) {
        outcome_fail(outcome, WRONG,
                     "%s is given the address length %ld; due is %ld, as the function was given",
                     name, call->address_length, length);
        if (call->address_length == (long)sizeof(void *))
            outcome_diagnose(
                outcome, "sizeof of a pointer: that is not how long the address is, addrlen is");
        else
            outcome_diagnose(outcome, "a length of its own: hand addrlen on as it is");
    }
    return outcome->verdict == PASSED;
}

/* The first call that carries something, after the one that fails. */
static const char *call_after(const struct made *made, const char *failing)
{
    bool sends = strcmp(failing, "send") == 0, receives = strcmp(failing, "recv") == 0;
    bool failed = false;
    for (size_t i = 0; i < made->call_count; i++) {
        const char *name = made->calls[i].name;
        if (failed && carries(name))
            return name;
        failed |= strcmp(name, failing) == 0 ||
                  (sends && (strcmp(name, "sendto") == 0 || strcmp(name, "write") == 0)) ||
                  (receives && (strcmp(name, "recvfrom") == 0 || strcmp(name, "read") == 0));
    }
    return failed ? NULL : "";
}

void expect_failure(const struct functions_run *run, struct scenario scenario, const char *failing,
                    struct outcome *outcome)
{
    struct made made;
    scenario.failing = failing;
    scenario_run(run, &scenario, outcome, &made);
    const char *after = call_after(&made, failing);
    if (after != NULL && after[0] == '\0' && made.end == RETURNED)
        outcome_fail(outcome, WRONG, "%s is never called", failing);
    else if (after != NULL && after[0] != '\0')
        outcome_fail(outcome, WRONG, "goes on with %s after %s has failed", after, failing);
    else if (made.end != RETURNED)
        scenario_fail(&made, outcome);
    else if (made.returned != -1)
        outcome_fail(outcome, WRONG, "returns %ld after %s has failed; due is -1", made.returned,
                     failing);
    bool was_called = after == NULL || after[0] != '\0';
    if (outcome->verdict == FAILED && made.end != EXITED && was_called)
        outcome_diagnose(outcome, "the return of a call is not looked at: -1 says that it failed");
}

void expect_close_ignored(const struct functions_run *run, struct scenario scenario,
                          struct outcome *outcome)
{
    struct made usual, failing;
    if (!scenario_returns(run, &scenario, outcome, &usual))
        return;
    scenario.failing = "close";
    if (!scenario_returns(run, &scenario, outcome, &failing))
        return;
    if (failing.returned != usual.returned)
        outcome_fail(outcome, WRONG, "returns %ld where close fails, and %ld where it does not",
                     failing.returned, usual.returned);
    else if (failing.result != usual.result)
        outcome_fail(outcome, WRONG, "*result is %ld where close fails, and %ld where it does not",
                     failing.result, usual.result);
}

bool expect_closed(const struct functions_run *run, const struct scenario *scenario,
                   const char *when, struct outcome *outcome)
{
    struct made made;
    if (!scenario_returns(run, scenario, outcome, &made))
        return false;
    if (made.still_open == 0)
        return true;
    outcome_fail(outcome, WRONG, "leaves %ld descriptor%s open after %s", made.still_open,
                 made.still_open == 1 ? "" : "s", when);
    outcome_diagnose(outcome, "a descriptor leaks: close the socket on each way out of the "
                              "function, those after a failure too");
    return false;
}

void expect_closed_on_failure(const struct functions_run *run, struct scenario scenario,
                              const char *const *failing, struct outcome *outcome)
{
    for (; *failing != NULL && outcome->verdict == PASSED; failing++) {
        char when[64];
        snprintf(when, sizeof when, "%s has failed", *failing);
        scenario.failing = *failing;
        expect_closed(run, &scenario, when, outcome);
    }
}

/* Where two messages differ; SIZE_MAX: nowhere. */
static size_t first_difference(const struct made_call *a, const struct made_call *b)
{
    for (size_t i = 0; i < a->octets.length && i < b->octets.length; i++) {
        if (a->octets.octets[i] != b->octets.octets[i])
            return i;
    }
    return a->length == b->length ? SIZE_MAX : a->octets.length;
}

bool expect_own_octets(const struct functions_run *run, struct scenario scenario,
                       struct outcome *outcome)
{
    struct made made[2];
    for (int turn = 0; turn < 2; turn++) {
        scenario.fill = turn == 0 ? 0x55 : 0xAA;
        if (!scenario_answers(run, &scenario, outcome, &made[turn]))
            return false;
    }
    const struct made_call *first = made_sending(&made[0]), *second = made_sending(&made[1]);
    if (first == NULL || second == NULL) {
        outcome_fail(outcome, SILENCE, "nothing is sent");
        return false;
    }
    size_t at = first_difference(first, second);
    if (first->outside) {
        outcome_fail(outcome, WRONG,
                     "%s is told a length of %zu octets, and what it is to send has fewer",
                     first->name, first->length);
        outcome_diagnose(outcome,
                         "sends what lies behind its buffer: the length is that of the message");
    } else if (at != SIZE_MAX) {
        outcome_fail(outcome, WRONG,
                     "octet %zu of what is sent depends on memory that nobody has written", at);
        outcome_diagnose(outcome, "uninitialised memory: set each octet that is sent, and "
                                  "read no more than was received");
    }
    return outcome->verdict == PASSED;
}

void expect_in_buffer(const struct functions_run *run, struct scenario scenario,
                      struct outcome *outcome)
{
    struct datagram incoming = {.length = LONG_DATAGRAM};
    struct made made;
    memset(incoming.octets, '1', incoming.length);
    incoming.octets[0] = 0x80;
    scenario.incoming = &incoming;
    scenario.strict = true;
    scenario_run(run, &scenario, outcome, &made);
    for (size_t i = 0; i < made.call_count; i++) {
        const char *name = made.calls[i].name;
        if (!made.calls[i].outside || strncmp(name, "re", 2) != 0)
            continue;
        outcome_fail(outcome, WRONG,
                     "%s is told that its buffer has room for %zu octets, and it has fewer", name,
                     made.calls[i].length);
        outcome_diagnose(outcome, "overruns the buffer: a long datagram is written behind its end; "
                                  "the room to tell is sizeof the buffer");
    }
    if (made.end != RETURNED && made.end != WAITING)
        scenario_fail(&made, outcome);
}

bool expect_returned(const struct made *made, long due, const char *when, struct outcome *outcome)
{
    if (made->end != RETURNED) {
        scenario_fail(made, outcome);
        return false;
    }
    outcome->comparison.present = false; /* it is not about the octets */
    if (made->returned != due)
        outcome_fail(outcome, WRONG, "returns %ld %s; due is %ld", made->returned, when, due);
    return made->returned == due;
}

bool expect_sent(const struct made *made, const struct datagram *due, bool is_request,
                 enum calc_format format, struct outcome *outcome)
{
    const struct made_call *call = made_sending(made);
    outcome->comparison = (struct comparison){
        .present = true, .of_requests = is_request, .format = format, .expected = *due};
    if (call == NULL) {
        outcome_fail(outcome, SILENCE, "nothing is sent");
        return false;
    }
    outcome->comparison.received = true;
    outcome->comparison.actual = call->octets;
    outcome->comparison.actual_length = call->length;
    return true;
}
