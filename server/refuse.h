/* How a function says in one line why it can not do what it was asked for. */
#ifndef SERVER_REFUSE_H
#define SERVER_REFUSE_H

#include "proto/net/endpoint.h"

/* Formats into why, cut to its room; printf(3). Returns false, as what it is called in does then. */
__attribute__((format(printf, 2, 3))) bool refuse(char why[static CALC_WHY_ROOM],
                                                  const char *format, ...);

#endif
