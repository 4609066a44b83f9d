/* One socket of the load, connected to the server: blocks of requests out, replies in. What is in flight on it is
 * slots.h's, when to send is worker.c's. To be included with _GNU_SOURCE, for struct mmsghdr. */
#ifndef LOAD_FLOW_H
#define LOAD_FLOW_H

#include "slots.h"

#include <netinet/in.h>
#include <sys/socket.h>

struct flow {
    int fd;
    struct slots slots;
};

enum {
    POST_MESSAGES = 64, /* of one system call */
    POST_MERGED_OCTETS = 65536,
};

/* The buffers of a thread, used by all of its flows in turn. */
struct post {
    bool merged; /* several requests in a send, and replies that the kernel may have merged */
    size_t room; /* octets for each message that comes in */
    uint8_t *octets;
    struct mmsghdr in[POST_MESSAGES], out[POST_MESSAGES];
    struct iovec in_part[POST_MESSAGES], out_part[POST_MESSAGES];
    _Alignas(struct cmsghdr) char in_control[POST_MESSAGES][CMSG_SPACE(sizeof(int))];
    _Alignas(struct cmsghdr) char out_control[POST_MESSAGES][CMSG_SPACE(sizeof(int))];
};

/* False with errno: there is no memory. reply_most is the longest reply that may come: a longer one shows as such. */
bool post_open(struct post *post, bool merged, size_t reply_most);
void post_close(struct post *post);

/* Opens the socket of *flow and connects it; with merged, it takes merged replies: udp(7), UDP_GRO. Returns NULL, or
 * what failed, with errno. */
const char *flow_open(struct flow *flow, const struct sockaddr_in6 *server, bool merged);
void flow_close(struct flow *flow);

/* Sends the blocks that begin with these numbers, POST_MESSAGES of them at most: sendmmsg(2), and UDP_SEGMENT for
 * more than one request in a block. Returns how many have been sent; fewer where the kernel has no room now. -1 with
 * errno: it will never work. That nobody listens is no failure: the request is lost. */
int flow_send(const struct flow *flow, struct post *post, const uint32_t *numbers, int count);

/* Takes up to most messages without waiting: recvmmsg(2). Returns how many; 0 where there are none. -1 with errno. */
int flow_receive(const struct flow *flow, struct post *post, int most);

/* One of the messages taken, and the length of the replies that are merged in it: all but the last have that. */
const uint8_t *post_message(struct post *post, int number, size_t *length, size_t *segment);

/* Replies that the kernel has dropped because the socket's buffer was full: SO_MEMINFO of socket(7). */
uint64_t flow_dropped(const struct flow *flow);

#endif
