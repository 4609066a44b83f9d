/* The usual mistakes, told from the octets that they leave: pure functions, no subject needed. */
#ifndef CONFORMANCE_DIAGNOSE_H
#define CONFORMANCE_DIAGNOSE_H

#include "outcome.h"

/* Adds to the outcome's diagnoses what explains the actual reply of its comparison, to its request. Adds
 * nothing where nothing is known to explain it. */
void diagnose_reply(struct outcome *outcome);

/* The same for the actual request of its comparison, where `expected` was due. */
void diagnose_request(struct outcome *outcome);

#endif
