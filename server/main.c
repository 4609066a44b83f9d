/* server ADDRESS PORT: the calculator's daemon, from its command line to its exit status. */
#define _GNU_SOURCE /* cpu_set_t */

#include "proto/show.h"
#include "signals.h"
#include "sockets.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

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
    setvbuf(stdout, buffer, _IOLBF, sizeof buffer);

    bool done = options_parse(argc, argv, &command, why);
    if (done && command.action != ACTION_SERVE) {
        const char *text =
            command.action == ACTION_HELP ? usage_text : "server (calc6) " CALC_VERSION "\n";
        return fputs(text, stdout) == EOF || fflush(stdout) == EOF ? 1 : 0;
    }
    done = done && run(&command, why);
    if (!done) {
        calc_one_line(why);
        fprintf(stderr, "server: %s\n", why);
    }
    return done ? 0 : 1;
}
