/* What -v shows: each exchange, its datagrams and what they mean. */
#ifndef SERVER_TRACE_H
#define SERVER_TRACE_H

#include "outbox.h"

/* Prints the exchange to standard output, coloured or not. False: not all of it could be printed without waiting. */
bool trace_exchange(const struct listener *listener, const struct exchange *exchange,
                    bool coloured);

#endif
