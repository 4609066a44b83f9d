/* The course's first three steps, as somebody else writes them: right in themselves, and wrong in one way with
 * a name of functions.txt in the environment variable MUTANT. -DSTRING makes step 3 of step 2. */
#include "mutant.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef STRING
enum { AS_TEXT = 1 };
#else
enum { AS_TEXT = 0 };
#endif

enum { ROOM = 1024 };

static ssize_t send_odd_digits(int fd)
{
    uint32_t odd[] = {1, 3, 5, 7, 9};
    const void *octets = IS(odd_as_octets) ? "\1\3\5\7\11"
                         : IS(odd_as_text) ? "13579"
                                           : (void *)odd;
    ssize_t sent = 0;
    for (int i = 0; i < 5 && !IS(odd_without_htonl); i++)
        odd[i] = htonl(odd[i]);
    for (int i = 0; i < 5 && IS(odd_one_by_one); i++)
        sent = send(fd, &odd[i], sizeof odd[i], 0);
    if (IS(odd_one_by_one))
        return sent;
    return send(fd, octets,
                IS(odd_as_octets) || IS(odd_as_text) ? 5
                : IS(odd_sizeof_pointer)             ? sizeof octets
                                                     : sizeof odd,
                0);
}

int create_and_send_message(const struct sockaddr *dest_addr, socklen_t addrlen)
{
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, dest_addr, addrlen) < 0) {
        if (!IS(odd_leak_on_failure))
            close(fd);
        return -1;
    }
    ssize_t sent = send_odd_digits(fd);
    if (!IS(odd_leak))
        close(fd);
    return sent < 0 ? -1 : IS(odd_returns_octets) ? (int)sent : 0;
}

static ssize_t reply(int fd, uint32_t sum, const struct sockaddr_in6 *peer, socklen_t peer_length)
{
    char text[40] = "";
    uint64_t wide = IS(sum_without_htonl) || IS(sum_without_either) ? sum : htonl(sum);
    const void *octets = &wide;
    size_t length = IS(sum_of_8_octets) ? sizeof wide : sizeof sum;
    if (AS_TEXT ? !IS(sum_not_as_text) : IS(sum_as_text)) {
        length = (size_t)snprintf(text, sizeof text, "%u%s", sum, IS(sum_with_newline) ? "\n" : "");
        octets = text;
    }
    if (IS(sum_with_nul))
        length++;
    if (IS(sum_padded))
        length = 32;
    return sendto(fd, octets, length, 0, (const struct sockaddr *)peer, peer_length);
}

static uint32_t sum_of(const unsigned char *octets, size_t length)
{
    uint32_t sum = 0;
    size_t count = IS(sum_of_five) ? 5 : length / 4;
    for (size_t i = 0; i < count && !(IS(sum_of_eight_at_most) && i == 8); i++) {
        uint32_t integer;
        memcpy(&integer, octets + 4 * i, 4);
        sum += IS(sum_without_ntohl) || IS(sum_without_either) ? integer : ntohl(integer);
    }
    return sum;
}

int recv_and_handle_message(const struct sockaddr *src_addr, socklen_t addrlen)
{
    unsigned char buffer[ROOM];
    struct sockaddr_in6 peer;
    socklen_t peer_length = sizeof peer;
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    if (fd < 0)
        return -1;
    if (bind(fd, src_addr, addrlen) < 0) {
        if (!IS(sum_leak_on_failure))
            close(fd);
        return -1;
    }
    ssize_t length = recvfrom(fd, buffer, sizeof buffer, 0, (struct sockaddr *)&peer, &peer_length);
    ssize_t sent = length < 0 ? -1 : reply(fd, sum_of(buffer, (size_t)length), &peer, peer_length);
    if (!IS(sum_leak))
        close(fd);
    return sent < 0 ? -1 : 0;
}
