/* server ADDRESS PORT: the calculator's daemon, from its command line to its exit status. */
#define _GNU_SOURCE /* cpu_set_t */

#include "proto/show.h"
#include "proto/term/program.h"
#include "refuse.h"
#include "signals.h"
#include "sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What is printed to a stream that is closed must not end up in whatever is opened next: here, nothing can be
 * written. */
static void hold_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0)
            (void)open("/dev/null", O_RDONLY); /* without it, calc_socket() keeps off at least */
    }
}

static bool run(struct command *command, char why[static CALC_WHY_ROOM])
{
    struct listeners listeners;
    struct handover handover;
    if (!sockets_get(command, &listeners, &handover, why))
        return false;
    int signals_fd = signals_open();
    if (signals_fd < 0) {
        snprintf(why, CALC_WHY_ROOM, "can not receive signals: %s", strerror(errno));
        return false;
    }
    return serve(&listeners, &handover, signals_fd, &command->serve, why);
}

int main(int argc, char **argv)
{
    struct command command;
    char why[CALC_WHY_ROOM];
    /* A script that waits for a line in a pipe gets it when it is printed. To get memory then may take a system call. */
    static char buffer[BUFSIZ];
    hold_standard_streams();
    setvbuf(stdout, buffer, _IOLBF, sizeof buffer);

    bool done = options_parse(argc, argv, &command, why);
    log_begin(&command.serve.log);
    if (done && command.action != ACTION_SERVE) {
        const char *text =
            command.action == ACTION_HELP ? usage_text : "@ (calc6) " CALC_VERSION "\n";
        done = calc_print(text) || refuse(why, "can not print: %s", strerror(errno));
    } else {
        done = done && run(&command, why);
    }
    if (!done) {
        calc_one_line(why);
        log_say(&command.serve.log, LOG_ERR, "failed", why);
    }
    return done ? 0 : 1;
}
