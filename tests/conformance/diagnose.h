/* The usual mistakes, told from the octets that they leave: pure functions, no subject needed. */
#ifndef CONFORMANCE_DIAGNOSE_H
#define CONFORMANCE_DIAGNOSE_H

#include "outcome.h"

/* Adds to the outcome's diagnoses what explains the actual reply of its comparison, to its request. Adds
 * nothing where nothing is known to explain it. */
void diagnose_reply(struct outcome *outcome);

/* The same for many replies of one server: of all that could explain one, it is taken what explains most of the
 * others, too. Outcomes that have a diagnosis already are left alone. */
void diagnose_replies(struct outcome *const *outcomes, size_t count);

/* The same for the actual request of its comparison, where `expected` was due. */
void diagnose_request(struct outcome *outcome);

#endif
