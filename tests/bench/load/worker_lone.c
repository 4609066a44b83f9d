/* One request at a time on one socket: send, and wait in recv(2), so that nothing else is in the latency. */
#define _GNU_SOURCE /* struct mmsghdr */

#include "worker_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/time.h>

static bool make_blocking(const struct worker *w, int fd)
{
    int64_t us = w->options->timeout_ns / 1000;
    struct timeval timeout = {.tv_sec = (time_t)(us / 1000000),
                              .tv_usec = (suseconds_t)(us % 1000000)};
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) == 0 &&
           setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) == 0;
}

/* Until nothing is in flight. */
static void await(struct worker *w, struct flow *flow)
{
    int64_t patience = monotonic_ns() + w->options->timeout_ns;
    while (flow->slots.in_flight > 0) {
        ssize_t length = recv(flow->fd, w->post.octets, w->post.room, 0);
        int error = errno;
        int64_t now = monotonic_ns();
        if (length >= 0) {
            w->post.in[0].msg_len = (unsigned)length;
            worker_count_replies(w, flow, 1, now);
        } else if (error != EAGAIN && error != EINTR && error != ECONNREFUSED) {
            worker_fail(w, "receive");
            return;
        }
        if (flow->slots.in_flight > 0 && now >= patience) {
            w->next_sweep = 0;
            worker_pass(w, now + 1);
        }
    }
}

void worker_run_lone(struct worker *w)
{
    struct flow *flow = &w->flows[0];
    if (!make_blocking(w, flow->fd)) {
        worker_fail(w, "make a socket wait");
        return;
    }
    w->next_sweep = INT64_MAX;
    while (w->sending && w->failure[0] == '\0') {
        int64_t now = monotonic_ns();
        worker_fill(w, flow, now);
        await(w, flow);
        worker_pass(w, monotonic_ns());
    }
}
