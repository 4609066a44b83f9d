/* What -v shows: each exchange, its datagrams and what they mean. */
#ifndef SERVER_TRACE_H
#define SERVER_TRACE_H

#include "listener.h"

/* Prints the exchange to standard output. length 0: there was no reply. False: not all of it could
 * be printed without waiting. */
bool trace_exchange(const struct listener *listener, const struct arrival *datagram,
                    enum outcome outcome, const uint8_t *reply, size_t length);

#endif
