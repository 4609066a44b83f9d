/* Who gets no reply, whatever the datagram says: PROTOCOL.md, REQ-6.9, REQ-6.10, REQ-7.3, REQ-7.4. */
#ifndef SERVER_POLICY_H
#define SERVER_POLICY_H

#include "intake.h"

/* own_port in host byte order. True: no reply, and *outcome says why; the first reason in the order of
 * the specification. */
bool policy_drops(const struct origin *origin, uint16_t own_port, enum outcome *outcome);

#endif
