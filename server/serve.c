/* The loop of the server. Nothing that a datagram brings can end or stall it, and neither can a reader of
 * its output. */
#include "serve.h"
#include "output.h"
#include "policy.h"
#include "signals.h"
#include "trace.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>

/* After so many datagrams the loop looks whether it has been told to stop. */
enum { DATAGRAMS_AT_ONCE = 64 };

static enum outcome answer(const struct listener *listener, const struct arrival *datagram,
                           const struct serve_options *options, struct counters *counters)
{
    uint8_t reply[CALC_REPLY_MAX];
    size_t length = 0;
    enum outcome outcome;
    if (!policy_drops(datagram, ntohs(listener->endpoint.sin6_port), &outcome)) {
        enum calc_code code = calc_answer(datagram->octets, datagram->length, reply, &length);
        int error = 0;
        if (length > 0)
            error = listener_send(listener, datagram, reply, length, counters);
        if (length == 0)
            outcome = DROPPED_NO_INTEGERS;
        else
            outcome = error == 0 ? outcome_of_reply(code) : outcome_of_send_error(error);
    }
    counters->of[outcome]++;
    if (options->verbose && !trace_exchange(listener, datagram, outcome, reply, length))
        counters->of[NOTED_NOT_SHOWN]++;
    return outcome;
}

/* True: the one request of --once has been answered. */
static bool serve_queue(const struct listener *listener, const struct serve_options *options,
                        struct counters *counters)
{
    for (int i = 0; i < DATAGRAMS_AT_ONCE; i++) {
        struct arrival datagram;
        enum receive_code code = listener_receive(listener, &datagram, counters);
        if (code == RECEIVE_QUEUE_EMPTY)
            return false;
        if (code == RECEIVED) {
            enum outcome outcome = answer(listener, &datagram, options, counters);
            if (options->once && outcome_is_reply(outcome))
                return true;
        }
    }
    return false;
}

/* True: told to stop. */
static bool handle_signals(int signals_fd, const struct counters *counters)
{
    for (int number; (number = signals_next(signals_fd)) != 0;) {
        if (number != SIGUSR1)
            return true;
        if (output_ready())
            counters_print(counters, stdout);
    }
    return false;
}

int serve(const struct listener *listener, int signals_fd, const struct serve_options *options,
          struct counters *counters)
{
    for (;;) {
        struct pollfd waits[] = {
            {.fd = listener->fd, .events = POLLIN},
            {.fd = signals_fd,   .events = POLLIN},
        };
        if (poll(waits, 2, -1) < 0) {
            if (errno != EINTR)
                return errno;
            counters->of[NOTED_INTERRUPTED]++;
            continue;
        }
        if (waits[1].revents != 0 && handle_signals(signals_fd, counters))
            return 0;
        if (waits[0].revents & POLLERR)
            listener_take_errors(listener, counters);
        if (waits[0].revents != 0 && serve_queue(listener, options, counters))
            return 0;
    }
}
