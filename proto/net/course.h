/* The two functions of the networking course that the protocol comes from: one exchange each, in the
 * fewest calls that can do it. They wait for as long as it takes; the programs in client/ and server/
 * show what more there is to it. */
#ifndef CALC_COURSE_H
#define CALC_COURSE_H

#include <stddef.h>
#include <sys/socket.h>

/* Sends one request and waits for its reply: socket, connect, send, recv, once each.
 * operation: '+' or '*'. output_format: 'd' (integer) or 's' (string). ints: 1 to 64 integers, sent
 * as the 32 bits that they are. dest_addr goes to connect(2) as it is.
 * Returns 0 with the number in *result, as 32 bits. Returns -1, with *result unchanged, as soon as a
 * call or an argument fails, for an error reply, for a reply that is not valid and for a result above
 * 32 bits. */
int create_and_send_message(const struct sockaddr *dest_addr, socklen_t addrlen, int *ints,
                            size_t no_int, char operation, char output_format, int *result);

/* Waits for one datagram and answers it: socket, bind, recvfrom, sendto, once each; no sendto for
 * a datagram that gets no reply. src_addr goes to bind(2) as it is.
 * Returns 0, for an error reply too, or -1 as soon as a call fails. */
int recv_and_handle_message(const struct sockaddr *src_addr, socklen_t addrlen);

#endif
