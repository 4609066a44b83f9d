/* libmicrohttpd, as the one process that needs it has it: loaded by dlopen(3). To link the server with it would bring
 * it, and the nine libraries that come with it, into the process that reads everybody's datagrams. */
#ifndef SERVER_MICROHTTPD_H
#define SERVER_MICROHTTPD_H

#include "proto/net/endpoint.h"

#include <microhttpd.h>

#define MICROHTTPD_FUNCTIONS(DO)                                                                   \
    DO(MHD_add_response_header)                                                                    \
    DO(MHD_create_response_from_buffer)                                                            \
    DO(MHD_destroy_response)                                                                       \
    DO(MHD_get_fdset2)                                                                             \
    DO(MHD_get_timeout)                                                                            \
    DO(MHD_lookup_connection_value)                                                                \
    DO(MHD_queue_response)                                                                         \
    DO(MHD_run_from_select)                                                                        \
    DO(MHD_start_daemon)

/* Its functions, each under its own name. */
struct microhttpd {
#define MICROHTTPD_MEMBER(name) __typeof__(&(name)) name;
    MICROHTTPD_FUNCTIONS(MICROHTTPD_MEMBER)
#undef MICROHTTPD_MEMBER
};

/* Loads the library for as long as the process lives. False: why tells in one line what is missing. */
bool microhttpd_load(struct microhttpd *library, char why[static CALC_WHY_ROOM]);

#endif
