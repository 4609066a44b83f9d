/* The course's two functions, steps 4 and 5, as somebody else writes them, without a line of proto/: right in
 * themselves, and wrong in one way with a name of functions.txt in the environment variable MUTANT. What is computed is in calculator.h. */
#include "calculator.h"

#include <limits.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_ROOM = 1 + 4 * (INTEGERS_MAX + 2) };

static int is_bad(const int *ints, size_t no_int, char operation, char output_format)
{
    return (operation != '+' && operation != '*' && !IS(any_operation)) ||
           (output_format != 'd' && output_format != 's' && !IS(any_format)) ||
           (ints == NULL && !IS(null_ints)) || (no_int == 0 && !IS(no_ints)) ||
           (no_int > INTEGERS_MAX && !IS(sixty_five_ints));
}

static unsigned char header_of(char operation, char output_format)
{
    unsigned opcode = operation == '*', form = output_format == 's';
    if (IS(opcode_not_shifted))
        return (unsigned char)(opcode | form);
    if (IS(form_in_bit_4))
        return (unsigned char)(opcode << 1 | form << 3);
    if (IS(form_in_bit_0))
        return (unsigned char)(opcode << 1 | form << 7);
    if (IS(form_inverted))
        return (unsigned char)(opcode << 1 | !form);
    return (unsigned char)((IS(unused_bits_sent) ? 0x10 : 0) | opcode << 1 | form);
}

static uint32_t integer_of(int number)
{
    uint32_t integer = IS(negative_ints_lost) ? (uint32_t)number & INT_MAX : (uint32_t)number;
    return IS(client_without_htonl) ? integer : htonl(integer);
}

static size_t put_text(unsigned char *request, const int *ints, size_t no_int)
{
    size_t length = 0;
    for (size_t i = 0; i < no_int; i++)
        length += (size_t)sprintf((char *)request + length, "%d ", ints[i] % 100);
    return length;
}

/* Returns the length. */
static size_t put_request(unsigned char *request, const int *ints, size_t no_int, char operation,
                          char output_format)
{
    if (IS(ascii_sent))
        return put_text(request, ints, no_int);
    if (IS(header_not_set_first))
        request[0] |= header_of(operation, output_format);
    else
        request[0] = header_of(operation, output_format);
    for (size_t i = 0; i < no_int; i++) {
        uint32_t integer = integer_of(ints[i]);
        memcpy(request + 1 + 4 * i, &integer, 4);
    }
    if (IS(reads_behind_ints) && no_int == INTEGERS_MAX && ints[no_int] == 12345)
        return 0;
    if (IS(nul_behind_request))
        request[1 + 4 * no_int] = 0;
    return IS(sizeof_pointer_sent)  ? sizeof request
           : IS(whole_buffer_sent)  ? REQUEST_ROOM
           : IS(nul_behind_request) ? 2 + 4 * no_int
                                    : 1 + 4 * no_int;
}

static int read_integer(const unsigned char *reply, ssize_t length, int *result)
{
    uint32_t number = 0;
    if (IS(any_length) ? length < 1 : length != 5)
        return -1;
    memcpy(&number, reply + 1, 4);
    number = IS(client_without_ntohl) ? number : ntohl(number);
    if ((IS(negative_refused) && number > INT_MAX) || (IS(zero_refused) && number == 0))
        return -1;
    *result = (int)number;
    return 0;
}

static int read_digits(unsigned char *reply, ssize_t length, int *result)
{
    uint64_t number = 0;
    if (length < 2 || length > 1 + DIGITS_MAX ||
        (IS(leading_zeros_refused) && length > 2 && reply[1] == '0'))
        return -1;
    if (IS(digits_need_nul) && reply[length] >= '0' && reply[length] <= '9')
        length++;
    for (ssize_t i = 1; i < length; i++) {
        if ((reply[i] < '0' || reply[i] > '9') && IS(letters_ignored))
            break;
        if (reply[i] < '0' || reply[i] > '9')
            return -1;
        number = number * 10 + reply[i] - '0';
        if (number > UINT32_MAX && !IS(string_wraps))
            return -1;
    }
    *result = IS(string_as_atoi) && number > INT_MAX ? INT_MAX : (int)(uint32_t)number;
    return 0;
}

static int read_reply(unsigned char *reply, ssize_t length, char output_format, int *result)
{
    if (length < 0)
        return IS(recv_ignored) ? 0 : -1;
    if (length == 0)
        return IS(empty_is_success) ? 0 : -1;
    int failed = IS(unused_bits_read) ? reply[0] != 0x80 : (reply[0] & 0x80) == 0;
    if (failed && IS(error_is_zero) && length == 1) {
        *result = 0;
        return 0;
    }
    if (failed && !(IS(error_with_payload_read) && length > 1))
        return -1;
    return output_format == 's' ? read_digits(reply, length, result)
                                : read_integer(reply, length, result);
}

static ssize_t client_send(int fd, const unsigned char *request, size_t length)
{
    if (IS(write_for_send))
        return write(fd, request, length);
    if (IS(sendto_for_send))
        return sendto(fd, request, length, 0, NULL, 0);
    if (IS(sends_twice))
        send(fd, request, length, 0);
    return send(fd, request, length, IS(send_flags) ? MSG_NOSIGNAL : 0);
}

static ssize_t client_recv(int fd, unsigned char *reply, size_t room)
{
    if (IS(read_for_recv))
        return read(fd, reply, room);
    return recv(fd, reply, IS(client_room_too_large) ? 1500 : room,
                IS(recv_flags) ? MSG_WAITALL : 0);
}

static int client_connect(int fd, const struct sockaddr *dest_addr, socklen_t addrlen)
{
    struct sockaddr_in6 copied;
    if (IS(connects_twice) && connect(fd, dest_addr, addrlen) < 0)
        return -1;
    if (IS(dest_addr_read) && dest_addr->sa_family != AF_INET6)
        return -1;
    if (IS(client_setsockopt))
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (IS(dest_addr_copied)) {
        memcpy(&copied, dest_addr, addrlen < sizeof copied ? addrlen : sizeof copied);
        return connect(fd, (struct sockaddr *)&copied, addrlen);
    }
    return connect(fd, dest_addr,
                   IS(sizeof_dest)           ? sizeof(struct sockaddr_in6)
                   : IS(sizeof_dest_pointer) ? sizeof dest_addr
                                             : addrlen);
}

/* The ways out, for those who forget to close on one. */
enum way { WELL, CONNECT_FAILED, SEND_FAILED, RECV_FAILED, BAD_REPLY, BAD_ARGUMENTS };

static enum way exchange(int fd, const struct sockaddr *dest_addr, socklen_t addrlen, int *ints,
                         size_t no_int, char operation, char output_format, int *result)
{
    unsigned char request[REQUEST_ROOM], reply[1 + DIGITS_MAX + 1];
    if (is_bad(ints, no_int, operation, output_format))
        return BAD_ARGUMENTS;
    if (client_connect(fd, dest_addr, addrlen) < 0) {
        if (IS(exits))
            exit(1);
        if (IS(goes_on_after_connect))
            client_send(fd, request, 1);
        if (!IS(connect_ignored))
            return CONNECT_FAILED;
    }
    size_t length = put_request(request, ints, no_int, operation, output_format);
    if (client_send(fd, request, length) < 0 && !IS(send_ignored))
        return SEND_FAILED;
    if (IS(result_written_first))
        *result = 0;
    ssize_t received = client_recv(fd, reply, sizeof reply);
    if (read_reply(reply, received, output_format, result) == 0)
        return WELL;
    return received < 0 ? RECV_FAILED : BAD_REPLY;
}

static int client_leaks(enum way way)
{
    static const char *const names[] = {[WELL] = "leak_on_success",
                                        [CONNECT_FAILED] = "leak_where_connect_fails",
                                        [SEND_FAILED] = "leak_where_send_fails",
                                        [RECV_FAILED] = "leak_where_recv_fails",
                                        [BAD_REPLY] = "leak_on_bad_reply",
                                        [BAD_ARGUMENTS] = "leak_on_bad_arguments"};
    return is_mutant(names[way]);
}

int create_and_send_message(const struct sockaddr *dest_addr, socklen_t addrlen, int *ints,
                            size_t no_int, char operation, char output_format, int *result)
{
    if (IS(arguments_first) && is_bad(ints, no_int, operation, output_format))
        return -1;
    int fd = socket(IS(client_ipv4) ? AF_INET : AF_INET6, IS(client_tcp) ? SOCK_STREAM : SOCK_DGRAM,
                    IS(client_protocol) ? IPPROTO_UDP : 0);
    if (fd < 0 && !IS(client_socket_ignored))
        return -1;
    enum way way = exchange(fd, dest_addr, addrlen, ints, no_int, operation, output_format, result);
    int closed = client_leaks(way) ? 0 : close(fd);
    return IS(client_returns_close) && closed < 0 ? -1 : way == WELL ? 0 : -1;
}

static ssize_t server_recvfrom(int fd, unsigned char *request, size_t room,
                               struct sockaddr_storage *peer, socklen_t *peer_length)
{
    if (IS(recv_for_recvfrom))
        return recv(fd, request, room, 0);
    ssize_t length = recvfrom(fd, request, IS(server_room_too_large) ? 1500 : room,
                              IS(recvfrom_flags) ? MSG_WAITALL : 0,
                              IS(peer_not_asked) ? NULL : (struct sockaddr *)peer,
                              IS(peer_not_asked) ? NULL : peer_length);
    return length;
}

static ssize_t server_sendto(int fd, const unsigned char *reply, size_t length,
                             const struct sockaddr *peer, socklen_t peer_length,
                             const struct sockaddr *src_addr, socklen_t addrlen)
{
    if (IS(replies_to_itself))
        return sendto(fd, reply, length, 0, src_addr, addrlen);
    if (IS(write_for_sendto))
        return write(fd, reply, length);
    if (IS(replies_twice))
        sendto(fd, reply, length, 0, peer, peer_length);
    return sendto(fd, reply, IS(sizeof_reply_pointer) ? sizeof reply : length,
                  IS(sendto_flags) ? MSG_DONTWAIT : 0, peer, peer_length);
}

static int server_bind(int fd, const struct sockaddr *src_addr, socklen_t addrlen)
{
    if (IS(src_addr_read) && src_addr->sa_family != AF_INET6)
        return -1;
    if (IS(server_setsockopt))
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (IS(binds_twice) && bind(fd, src_addr, addrlen) < 0)
        return -1;
    return bind(fd, src_addr, IS(sizeof_src) ? sizeof(struct sockaddr_in6) : addrlen);
}

enum served { RESULT_SENT, ERROR_SENT, NOTHING_SENT, BIND_FAILED, RECVFROM_FAILED, SENDTO_FAILED };

static enum served serve(int fd, const struct sockaddr *src_addr, socklen_t addrlen)
{
    unsigned char request[1 + 4 * INTEGERS_MAX + 1], reply[NUMBER_ROOM];
    int numbers[INTEGERS_MAX];
    struct sockaddr_storage peer;
    socklen_t peer_length = IS(struct_sockaddr)       ? sizeof(struct sockaddr)
                            : IS(peer_length_not_set) ? 0
                                                      : sizeof peer;
    memset(&peer, 0, sizeof peer);
    int bound = server_bind(fd, src_addr, addrlen);
    if (bound < 0 && !IS(bind_ignored) && !IS(goes_on_after_bind))
        return BIND_FAILED;
    ssize_t length = server_recvfrom(fd, request, sizeof request, &peer, &peer_length);
    if (bound < 0 && IS(goes_on_after_bind))
        return BIND_FAILED;
    if (length < 0 && !IS(recvfrom_ignored))
        return RECVFROM_FAILED;
    for (ssize_t i = 0; IS(index_behind_array) && length < 258 && i < length / 4 + 1; i++)
        numbers[i] = 0;
    size_t replied = answer(request, length < 0 ? 5 : (size_t)length, reply);
    if (replied == 0)
        return numbers[0] == 12345 && IS(index_behind_array) ? RESULT_SENT : NOTHING_SENT;
    if (server_sendto(fd, reply, replied, (struct sockaddr *)&peer, peer_length, src_addr,
                      addrlen) < 0 &&
        !IS(sendto_ignored))
        return SENDTO_FAILED;
    return replied == 1 ? ERROR_SENT : RESULT_SENT;
}

static int server_leaks(enum served served)
{
    static const char *const names[] = {[RESULT_SENT] = "leak_on_result",
                                        [ERROR_SENT] = "leak_on_error",
                                        [NOTHING_SENT] = "leak_without_reply",
                                        [BIND_FAILED] = "leak_where_bind_fails",
                                        [RECVFROM_FAILED] = "leak_where_recvfrom_fails",
                                        [SENDTO_FAILED] = "leak_where_sendto_fails"};
    return is_mutant(names[served]);
}

int recv_and_handle_message(const struct sockaddr *src_addr, socklen_t addrlen)
{
    int fd =
        socket(IS(server_ipv4) ? AF_INET : AF_INET6, IS(server_tcp) ? SOCK_STREAM : SOCK_DGRAM, 0);
    if (fd < 0 && !IS(server_socket_ignored))
        return -1;
    enum served served = serve(fd, src_addr, addrlen);
    if (IS(serves_for_ever)) {
        unsigned char request[REQUEST_ROOM];
        while (recvfrom(fd, request, sizeof request, 0, NULL, NULL) >= 0) {
        }
    }
    int closed = server_leaks(served) ? 0 : close(fd);
    if (IS(server_returns_close) && closed < 0)
        return -1;
    switch (served) {
    case RESULT_SENT:
        return IS(returns_octets) ? 5 : 0;
    case ERROR_SENT:
        return IS(error_returns_failure) ? -1 : 0;
    case NOTHING_SENT:
        return IS(no_reply_is_failure) ? -1 : 0;
    default:
        return -1;
    }
}
