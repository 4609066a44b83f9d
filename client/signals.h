/* A signal that ends a batch, as something to read (signalfd(2)), and the one that must not end what has a status to tell. */
#ifndef CLIENT_SIGNALS_H
#define CLIENT_SIGNALS_H

#include <stdbool.h>

/* From now on output that nobody reads is an error, not SIGPIPE. False, with errno set: sigaction(2). */
bool signals_without_pipe(void);

/* The same, and SIGINT and SIGTERM wait to be read. Returns a descriptor to poll(2), or -1 with errno set. */
int signals_open(void);

/* True: there was one, and it waits no longer. */
bool signals_came(int fd);

#endif
