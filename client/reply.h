/* What came of a request: from the octets of a reply to the result, or why there is none, in words for
 * people. */
#ifndef CLIENT_REPLY_H
#define CLIENT_REPLY_H

#include "failure.h"
#include "proto/calc.h"
#include "proto/net/endpoint.h"

/* Reads a reply of length octets, as sent, to this request into *reply, as calc_reply_decode() does. Returns
 * false with the failure noted: the server answered with an error, or the reply is not valid (REQ-8.6). */
bool reply_read(const struct calc_request *request, const uint8_t *octets, size_t length,
                struct calc_reply *reply, struct failure *failure);

/* True: the datagram came from this endpoint. A socket may hold one from somebody else, who sent it between
 * the moments in which it got its port and its peer. */
bool reply_is_from(const struct sockaddr_in6 *sender, const struct sockaddr_in6 *endpoint);

/* Two more failures, and each returns false: no reply in the time in all; the error of a system call that ended
 * it, ECONNREFUSED for a port that nothing serves. several: the name has other addresses, too. */
bool reply_missed(const struct sockaddr_in6 *endpoint, bool several, int64_t total_us,
                  struct failure *failure);
bool reply_prevented(const struct sockaddr_in6 *endpoint, bool several, int error,
                     struct failure *failure);

#endif
