/* The usual mistakes of a client that reads a reply, told from what it shows. */
#ifndef CONFORMANCE_DIAGNOSE_SHOWN_H
#define CONFORMANCE_DIAGNOSE_SHOWN_H

#include "expect.h"
#include "outcome.h"

/* Adds to the outcome's diagnoses what explains that a client shows this of this reply, where the digits
 * were due; NULL: no result was. */
void diagnose_shown(struct outcome *outcome, const struct shown *shown,
                    const struct datagram *reply, enum calc_format format, const char *digits);

#endif
