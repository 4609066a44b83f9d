/* Sends of many messages in one call, for those of the limits that make them. The source that includes it has defined
 * _GNU_SOURCE, for struct mmsghdr. */
#ifndef LIMITS_BATCH_H
#define LIMITS_BATCH_H

#include <sys/socket.h>

/* Goes on after a short send. A message that the kernel refuses is lost, like one on the wire. */
static inline void batch_send(int fd, struct mmsghdr *messages, unsigned count)
{
    for (unsigned done = 0; done < count;) {
        int sent = sendmmsg(fd, messages + done, count - done, 0);
        done += sent > 0 ? (unsigned)sent : 1;
    }
}

#endif
