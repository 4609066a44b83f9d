/* One exchange from each side, with blocking sockets. The messages are made and read by the codec. */
#include "course.h"
#include "../calc.h"

#include <stdint.h>
#include <unistd.h>

/* The exchange's arguments as a request. Whatever can not be one leaves it without integers, which
 * the codec refuses. */
static struct calc_request request_of(const int *ints, size_t no_int, char operation,
                                      char output_format)
{
    struct calc_request request = {
        .opcode = operation == '*' ? CALC_PRODUCT : CALC_SUM,
        .format = output_format == 's' ? CALC_AS_STRING : CALC_AS_INTEGER,
    };
    if (ints == NULL || no_int > CALC_INTEGERS_MAX || (operation != '+' && operation != '*') ||
        (output_format != 'd' && output_format != 's'))
        return request;
    for (size_t i = 0; i < no_int; i++)
        request.integers[i] = (uint32_t)ints[i];
    request.count = no_int;
    return request;
}

/* The number of a reply in either form. Returns -1 where it is above 32 bits. */
static int number_of(const struct calc_reply *reply, int *result)
{
    bool in_digits = reply->format == CALC_AS_STRING;
    uint64_t number = in_digits ? 0 : reply->number;
    for (size_t i = 0; in_digits && i < reply->digit_count && number <= UINT32_MAX; i++)
        number = number * 10 + (uint64_t)(reply->digits[i] - '0');
    if (number > UINT32_MAX)
        return -1;
    *result = (int)(uint32_t)number;
    return 0;
}

static int exchange(int fd, const struct sockaddr *dest_addr, socklen_t addrlen,
                    const struct calc_request *request, int *result)
{
    uint8_t buffer[CALC_BUFFER_OCTETS];
    size_t length;
    if (calc_request_encode(request, buffer, sizeof buffer, &length) != CALC_OK)
        return -1;
    if (connect(fd, dest_addr, addrlen) < 0)
        return -1;
    if (send(fd, buffer, length, 0) != (ssize_t)length)
        return -1;
    ssize_t received = recv(fd, buffer, sizeof buffer, 0);
    if (received < 0)
        return -1;
    struct calc_reply reply;
    if (calc_reply_decode(buffer, (size_t)received, request->format, &reply) != CALC_OK)
        return -1;
    return number_of(&reply, result);
}

int create_and_send_message(const struct sockaddr *dest_addr, socklen_t addrlen, int *ints,
                            size_t no_int, char operation, char output_format, int *result)
{
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    if (fd < 0)
        return -1;
    struct calc_request request = request_of(ints, no_int, operation, output_format);
    int status = result == NULL ? -1 : exchange(fd, dest_addr, addrlen, &request, result);
    close(fd);
    return status;
}

static int answer_one(int fd, const struct sockaddr *src_addr, socklen_t addrlen)
{
    if (bind(fd, src_addr, addrlen) < 0)
        return -1;
    uint8_t buffer[CALC_BUFFER_OCTETS];
    struct sockaddr_storage peer;
    socklen_t peer_length = sizeof peer;
    ssize_t received =
        recvfrom(fd, buffer, sizeof buffer, 0, (struct sockaddr *)&peer, &peer_length);
    if (received < 0)
        return -1;
    uint8_t reply[CALC_REPLY_MAX];
    size_t length;
    calc_answer(buffer, (size_t)received, reply, &length);
    if (length == 0)
        return 0;
    return sendto(fd, reply, length, 0, (struct sockaddr *)&peer, peer_length) == (ssize_t)length
               ? 0
               : -1;
}

int recv_and_handle_message(const struct sockaddr *src_addr, socklen_t addrlen)
{
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    if (fd < 0)
        return -1;
    int status = answer_one(fd, src_addr, addrlen);
    close(fd);
    return status;
}
