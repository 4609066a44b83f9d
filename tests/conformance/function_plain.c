/* The plainest calls. */
#include "function_plain.h"

const char plain_ints[] = "65792,131584", plain_reply[] = "80 00030300";

struct scenario client_plain(const struct functions_run *run, const struct datagram *reply)
{
    if (run->client_step == 1)
        return (struct scenario){0};
    return (struct scenario){.ints = plain_ints, .incoming = reply};
}

bool client_called(const struct functions_run *run, struct outcome *outcome, struct made *made)
{
    struct datagram reply = hex(plain_reply);
    struct scenario scenario = client_plain(run, &reply);
    return scenario_returns(run, &scenario, outcome, made);
}

struct datagram server_datagram(const struct functions_run *run)
{
    return hex(run->server_step == 5 ? "00 00010100 00020200" : "00010100 00020200");
}

struct scenario server_plain(const struct datagram *datagram)
{
    return (struct scenario){.server = true, .incoming = datagram};
}

bool server_called(const struct functions_run *run, struct outcome *outcome, struct made *made)
{
    struct datagram datagram = server_datagram(run);
    struct scenario scenario = server_plain(&datagram);
    return scenario_answers(run, &scenario, outcome, made);
}
