/* Who gets no reply, whatever the datagram says: PROTOCOL.md, REQ-6.9, REQ-6.10, REQ-7.3, REQ-7.4; and who could be a
 * server: REQ-7.5. */
#ifndef SERVER_POLICY_H
#define SERVER_POLICY_H

#include "intake.h"

/* own_port in host byte order. True: no reply, and *outcome says why; the first reason in the order of
 * the specification. */
bool policy_drops(const struct origin *origin, uint16_t own_port, enum outcome *outcome);

/* True: from there, every datagram could come from a server. */
bool policy_suspects(const struct origin *origin);

/* True: so could this one from anywhere, of at least one octet, which is to get a result or else an error. */
bool policy_suspects_datagram(const struct arrival *request, bool result);

#endif
