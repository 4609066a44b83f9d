/* Where the metrics are to be had: from the word of the command line to a stream socket that listens. What is said
 * there is for scrape.h. */
#ifndef SERVER_WHERE_H
#define SERVER_WHERE_H

#include "listener.h"

struct where {
    bool given;
    const char *path;             /* of a UNIX socket; NULL: there is none, but */
    struct sockaddr_in6 endpoint; /* TCP here, where IPv4 comes as a V4-mapped address */
};

/* Reads ADDRESS:PORT (127.0.0.1:9610, [::1]:9610; port 0 lets the kernel pick one), or a path, which has a / in it.
 * False: it is neither. *where points into the word. */
bool where_parse(const char *word, struct where *where);

/* Listens there: at a path in place of the socket that stands there; on a port that nobody else has, or, shared, with
 * another server of the same user that has it. Returns the descriptor, and text is the path, or the endpoint with the
 * port that the kernel picked, if it did; or -1, and why tells in one line what was tried and what came of it. */
int where_listen(const struct where *where, bool shared, char text[static WHERE_ROOM],
                 char why[static CALC_WHY_ROOM]);

/* True: this descriptor, which somebody has handed over, is a stream socket that listens. */
bool where_is_listener(int fd);

/* Where this socket, which somebody has handed over, listens: "[::1]:9610", a path, or @ and an abstract name. */
void where_text(int fd, char text[static WHERE_ROOM]);

#endif
