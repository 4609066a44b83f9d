/* What was handed over is checked here: it is one address and port, and the one that was asked for. */
#define _GNU_SOURCE /* struct mmsghdr */

#include "sockets.h"
#include "proto/term/program.h"
#include "refuse.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_FD = 3 }; /* SD_LISTEN_FDS_START, sd_listen_fds(3) */

/* Whether sockets are handed over in the environment. They are for one process, not for those that it starts. */
static bool are_inherited(const char **number)
{
    char own[16];
    const char *process = getenv("LISTEN_PID");
    *number = getenv("LISTEN_FDS");
    snprintf(own, sizeof own, "%d", (int)getpid());
    return *number != NULL && process != NULL && strcmp(process, own) == 0;
}

/* What listens for connections is for metrics, whatever else is handed over. */
static bool take_stream(int fd, struct listeners *listeners, char why[static CALC_WHY_ROOM])
{
    if (listeners->metrics_fd >= 0)
        return refuse(why,
                      "descriptor %d, which was handed over, is a second stream socket: one is "
                      "allowed, for metrics",
                      fd);
    if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
        return refuse(why, "can not set O_NONBLOCK for descriptor %d, which was handed over: %s",
                      fd, strerror(errno));
    listeners->metrics_fd = fd;
    where_text(fd, listeners->metrics);
    return true;
}

static bool take_inherited(const char *number, int fds[static LISTENERS_MAX], unsigned *count,
                           struct listeners *listeners, char why[static CALC_WHY_ROOM])
{
    unsigned long given = calc_is_number(number) ? strtoul(number, NULL, 10) : 0;
    const unsigned most = LISTENERS_MAX + 1; /* and the one for metrics */
    if (given == 0 || given > most)
        return refuse(why, "LISTEN_FDS '%.99s' is not 1 to %u", number, most);
    *count = 0;
    for (int fd = FIRST_FD; fd < FIRST_FD + (int)given; fd++) {
        if (where_is_listener(fd)) {
            if (!take_stream(fd, listeners, why))
                return false;
        } else if (*count == LISTENERS_MAX) {
            return refuse(why, "LISTEN_FDS has more than %d sockets that are not for metrics",
                          LISTENERS_MAX);
        } else {
            fds[(*count)++] = fd;
        }
    }
    return true;
}

static bool is_same(const struct sockaddr_in6 *some, const struct sockaddr_in6 *other)
{
    return IN6_ARE_ADDR_EQUAL(&some->sin6_addr, &other->sin6_addr) &&
           some->sin6_scope_id == other->sin6_scope_id && some->sin6_port == other->sin6_port;
}

/* ADDRESS and PORT are what the sockets are bound to, or were not said. */
static bool is_wanted(const struct command *command, const struct sockaddr_in6 *bound,
                      char why[static CALC_WHY_ROOM])
{
    struct calc_endpoints endpoints;
    if (command->address == NULL)
        return true;
    if (calc_resolve(command->address, command->port, CALC_TO_BIND, &endpoints, why) !=
        CALC_RESOLVED)
        return false;
    for (size_t i = 0; i < endpoints.count; i++) {
        struct sockaddr_in6 *wanted = &endpoints.list[i];
        if (wanted->sin6_port == 0)
            wanted->sin6_port = bound->sin6_port;
        if (is_same(wanted, bound))
            return true;
    }
    char text[CALC_ENDPOINT_ROOM];
    calc_endpoint_text(bound, text);
    return refuse(why, "ADDRESS '%.99s' and PORT '%.99s' are not %s, which was handed over",
                  command->address, command->port, text);
}

static bool adopt(const struct command *command, const int *fds, unsigned count, bool kept,
                  struct listeners *listeners, char why[static CALC_WHY_ROOM])
{
    for (unsigned i = 0; i < count; i++) {
        char what[64];
        struct listener *listener = &listeners->list[i];
        snprintf(what, sizeof what, "descriptor %d, which was handed over,", fds[i]);
        if (!listener_adopt(fds[i], what, &command->serve.listener, listener, why))
            return false;
        if (!is_same(&listener->endpoint, &listeners->list[0].endpoint))
            return refuse(why, "%s is not bound to the same address and port as descriptor %d",
                          what, fds[0]);
        listener->kept = kept;
        if (i > 0)
            listener_ignore_multicast(listener);
        listeners->count++;
    }
    return is_wanted(command, &listeners->list[0].endpoint, why);
}

static bool open_first(const struct command *command, struct listeners *listeners,
                       char why[static CALC_WHY_ROOM])
{
    struct calc_endpoints endpoints;
    if (command->address == NULL)
        return refuse(why, "ADDRESS and PORT are needed; see %s --help", calc_program());
    if (calc_resolve(command->address, command->port, CALC_TO_BIND, &endpoints, why) !=
            CALC_RESOLVED ||
        !listener_open(&endpoints, &command->serve.listener, &listeners->list[0], why))
        return false;
    listeners->count = 1;
    return true;
}

/* None may be without somebody who takes what it queues. */
static void settle_workers(struct serve_options *serve, unsigned sockets)
{
    if (serve->counted && serve->workers < sockets) {
        char message[128];
        snprintf(message, sizeof message, "%u sockets were handed over, so %u workers, not %u",
                 sockets, sockets, serve->workers);
        log_say(&serve->log, LOG_WARNING, "workers", message);
    }
    if (!serve->counted || serve->workers < sockets)
        serve->workers = sockets;
}

static bool take(struct command *command, const int *fds, unsigned count, bool kept,
                 struct listeners *listeners, char why[static CALC_WHY_ROOM])
{
    if (command->serve.worker.once && count > 1)
        return refuse(why, "--once is for one worker, not the %u that were handed a socket", count);
    if (!adopt(command, fds, count, kept, listeners, why))
        return false;
    settle_workers(&command->serve, count);
    return true;
}

/* The next server is there before this one ends, and has to find room beside it. */
static bool open_metrics(const struct command *command, struct listeners *listeners,
                         char why[static CALC_WHY_ROOM])
{
    bool shared = command->serve.listener.takeover || command->upgrade != NULL;
    if (!command->metrics.given)
        return true;
    if (listeners->metrics_fd >= 0)
        return refuse(why, "--metrics is not for a server that was handed a stream socket by "
                           "LISTEN_FDS: they are to be had there");
    listeners->metrics_fd = where_listen(&command->metrics, shared, listeners->metrics, why);
    return listeners->metrics_fd >= 0;
}

bool sockets_get(struct command *command, struct listeners *listeners, struct handover *handover,
                 char why[static CALC_WHY_ROOM])
{
    int fds[LISTENERS_MAX];
    unsigned count = 0;
    const char *number;
    listeners->count = 0;
    listeners->metrics_fd = -1;
    listeners->metrics[0] = '\0';
    handover_begin(handover);
    bool inherited = are_inherited(&number);
    if (inherited && command->upgrade != NULL)
        return refuse(why, "--upgrade is not for sockets of LISTEN_FDS: who holds them hands them "
                           "to the next server");
    if (inherited && !take_inherited(number, fds, &count, listeners, why))
        return false;
    if (command->upgrade != NULL &&
        handover_ask(handover, command->upgrade, fds, &count, why) == HANDOVER_FAILED)
        return false;
    if (count > 0)
        return take(command, fds, count, inherited, listeners, why) &&
               open_metrics(command, listeners, why);
    return open_first(command, listeners, why) &&
           (command->upgrade == NULL || handover_open(handover, command->upgrade, why)) &&
           open_metrics(command, listeners, why);
}
