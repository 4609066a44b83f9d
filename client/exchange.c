/* The retransmission of one request. Each try leaves from a socket of its own, connected to its
 * endpoint, so from a port of its own; a reply counts on any of them until the end. */
#define _GNU_SOURCE /* clock_gettime, ppoll */

#include "exchange.h"
#include "clock.h"
#include "reply.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    TRIES_MAX = CALC_ENDPOINTS_MAX * (1 + EXCHANGE_RETRIES_MAX),
    REFUSALS_MAX = 2,
};

/* One endpoint's turn: when it is tried next, and what it has been through. */
struct target {
    const struct sockaddr_in6 *endpoint;
    int64_t due;  /* of the next try, if there is one left */
    int64_t wait; /* after the next try */
    unsigned tries_left;
    unsigned refusals;
    bool given_up;
    int error; /* the errno that ended it */
};

struct attempt {
    struct target *target;
    int64_t sent;
};

struct state {
    struct exchange *exchange;
    struct target targets[CALC_ENDPOINTS_MAX];
    size_t target_count;
    struct pollfd sockets[TRIES_MAX];
    struct attempt attempts[TRIES_MAX]; /* in step with sockets */
    size_t attempt_count;
    int64_t total_us;
    int64_t deadline;
};

/* The endpoints share the first timeout among them, so each has had its turn when it ends. */
static void start(struct state *state, struct exchange *exchange)
{
    assert(exchange->endpoints->count > 0 && exchange->retries <= EXCHANGE_RETRIES_MAX);
    int64_t now = clock_us();
    state->exchange = exchange;
    state->target_count = exchange->endpoints->count;
    state->attempt_count = 0;
    state->total_us = exchange_total_us(exchange->timeout_us, exchange->retries);
    state->deadline = now + state->total_us;
    for (size_t i = 0; i < state->target_count; i++) {
        state->targets[i] = (struct target){
            .endpoint = &exchange->endpoints->list[i],
            .due = now + exchange->timeout_us * (int64_t)i / (int64_t)state->target_count,
            .wait = exchange->timeout_us,
            .tries_left = exchange->retries + 1,
        };
    }
    exchange->tries = 0;
}

/* The next endpoint that has not been tried yet need not wait for its turn any longer. */
static void hurry_next(struct state *state, int64_t now)
{
    for (size_t i = 0; i < state->target_count; i++) {
        struct target *target = &state->targets[i];
        if (target->tries_left == state->exchange->retries + 1 && !target->given_up) {
            if (target->due > now)
                target->due = now;
            return;
        }
    }
}

static void give_up(struct state *state, struct target *target, int error)
{
    target->given_up = true;
    target->error = error;
    hurry_next(state, clock_us());
}

/* Returns a connected socket that has sent the request, or -1 with errno set. */
static int send_from_fresh_port(const struct exchange *exchange,
                                const struct sockaddr_in6 *endpoint)
{
    int fd = calc_socket();
    if (fd < 0)
        return -1;
    if (connect(fd, (const struct sockaddr *)endpoint, sizeof *endpoint) == 0 &&
        send(fd, exchange->request, exchange->request_length, 0) >= 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

/* The next try may fare better: sendto(2). */
static bool passes(int error)
{
    return error == ENOBUFS || error == EAGAIN || error == EINTR;
}

/* There is no socket for one more try: socket(2). Those that are open may still get a reply. */
static bool is_shortage(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOMEM;
}

static void try_target(struct state *state, struct target *target, int64_t now)
{
    target->tries_left--;
    target->due = now + target->wait;
    target->wait *= 2;
    int fd = send_from_fresh_port(state->exchange, target->endpoint);
    if (fd < 0) {
        if (!passes(errno) && (!is_shortage(errno) || state->exchange->tries == 0))
            give_up(state, target, errno);
        return;
    }
    state->exchange->tries++;
    state->sockets[state->attempt_count] = (struct pollfd){.fd = fd, .events = POLLIN};
    state->attempts[state->attempt_count++] = (struct attempt){.target = target, .sent = now};
}

/* Sends all tries that are due. Returns when to look again, or -1 where no endpoint is left. */
static int64_t send_due(struct state *state)
{
    int64_t next = state->deadline;
    bool any_left = false;
    for (size_t i = 0; i < state->target_count; i++) {
        struct target *target = &state->targets[i];
        int64_t now = clock_us();
        if (!target->given_up && target->tries_left > 0 && target->due <= now)
            try_target(state, target, now);
        if (target->given_up)
            continue;
        any_left = true;
        if (target->tries_left > 0 && target->due < next)
            next = target->due;
    }
    return any_left ? next : -1;
}

static void note_error(struct state *state, size_t at, int error)
{
    struct target *target = state->attempts[at].target;
    close(state->sockets[at].fd);
    state->sockets[at].fd = -1; /* poll(2) passes over it */
    if (error != ECONNREFUSED || ++target->refusals == REFUSALS_MAX || target->tries_left == 0) {
        give_up(state, target, error);
        return;
    }
    int64_t now = clock_us();
    if (target->due > now + EXCHANGE_REFUSED_WAIT_US)
        target->due = now + EXCHANGE_REFUSED_WAIT_US;
    hurry_next(state, now);
}

/* True: a reply is in exchange. */
static bool receive(struct state *state, size_t at)
{
    struct exchange *exchange = state->exchange;
    struct iovec payload = {.iov_base = exchange->reply, .iov_len = sizeof exchange->reply};
    struct msghdr message = {
        .msg_name = &exchange->peer,
        .msg_namelen = sizeof exchange->peer,
        .msg_iov = &payload,
        .msg_iovlen = 1,
    };
    ssize_t length = recvmsg(state->sockets[at].fd, &message, MSG_TRUNC);
    if (length < 0) {
        if (errno != EAGAIN && errno != EINTR)
            note_error(state, at, errno);
        return false;
    }
    if (!reply_is_from(&exchange->peer, state->attempts[at].target->endpoint))
        return false;
    exchange->round_trip_us = clock_us() - state->attempts[at].sent;
    exchange->reply_length = (size_t)length;
    socklen_t size = sizeof exchange->local;
    if (getsockname(state->sockets[at].fd, (struct sockaddr *)&exchange->local, &size) < 0)
        exchange->local = (struct sockaddr_in6){.sin6_family = AF_INET6};
    return true;
}

static bool explain_giving_up(const struct state *state, struct failure *failure)
{
    /* A host that is there says more than one that is not. */
    const struct target *told = &state->targets[0];
    for (size_t i = 1; i < state->target_count && told->error != ECONNREFUSED; i++) {
        if (state->targets[i].error == ECONNREFUSED)
            told = &state->targets[i];
    }
    return reply_prevented(told->endpoint, state->target_count > 1, told->error, failure);
}

static bool run(struct state *state, struct failure *failure)
{
    for (;;) {
        int64_t now = clock_us();
        /* A process that was stopped sends nothing when its time is over, and takes the reply that is there. */
        bool over = now >= state->deadline;
        int64_t next = over ? now : send_due(state);
        if (next < 0)
            return explain_giving_up(state, failure);
        now = clock_us();
        int64_t wait = next > now ? next - now : 0;
        struct timespec timeout = {.tv_sec = (time_t)(wait / 1000000),
                                   .tv_nsec = (long)(wait % 1000000 * 1000)};
        int ready = ppoll(state->sockets, (nfds_t)state->attempt_count, &timeout, NULL);
        if (ready < 0 && errno != EINTR)
            return fail(failure, FAILURE_NETWORK, "can not wait for a reply: %s", strerror(errno));
        for (size_t i = 0; ready > 0 && i < state->attempt_count; i++) {
            if (state->sockets[i].revents != 0 && receive(state, i))
                return true;
        }
        if (over && ready >= 0)
            return reply_missed(state->targets[0].endpoint, state->target_count > 1,
                                state->total_us, failure);
    }
}

bool exchange_run(struct exchange *exchange, struct failure *failure)
{
    struct state state;
    start(&state, exchange);
    bool replied = run(&state, failure);
    for (size_t i = 0; i < state.attempt_count; i++) {
        if (state.sockets[i].fd >= 0)
            close(state.sockets[i].fd);
    }
    return replied;
}
