/* course server ADDRESS PORT | course client ADDRESS PORT +|* d|s INTEGER...: the course's two functions
 * as its students run them, the server in a loop that opens its socket anew for each request. */
#include "proto/net/course.h"
#include "proto/net/endpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INTS_MAX = 100 };

static int ask(const struct sockaddr_in6 *server, int argc, char **argv)
{
    int ints[INTS_MAX];
    size_t count = 0;
    for (int i = 2; i < argc && count < INTS_MAX; i++)
        ints[count++] = (int)strtol(argv[i], NULL, 10);
    int result;
    if (create_and_send_message((const struct sockaddr *)server, sizeof *server, ints, count,
                                argv[0][0], argv[1][0], &result) < 0) {
        puts("failed");
        return 1;
    }
    printf("%d\n", result);
    return 0;
}

int main(int argc, char **argv)
{
    struct calc_endpoints endpoints;
    char why[CALC_WHY_ROOM];
    if (argc < 4 ||
        calc_resolve(argv[2], argv[3], CALC_TO_SEND, &endpoints, why) != CALC_RESOLVED) {
        fputs("usage: course server|client ADDRESS PORT ...\n", stderr);
        return 1;
    }
    const struct sockaddr_in6 *endpoint = &endpoints.list[0];
    if (strcmp(argv[1], "client") == 0 && argc > 6)
        return ask(endpoint, argc - 4, argv + 4);
    while (recv_and_handle_message((const struct sockaddr *)endpoint, sizeof *endpoint) == 0) {
    }
    perror("course");
    return 1;
}
