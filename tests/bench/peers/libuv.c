/* libuv ADDRESS PORT: the calculator as somebody writes it in C on libuv, whose event loop many servers stand on. The
 * arithmetic is proto/'s calc_answer(), so what differs is the way of the datagrams: libuv receives them with
 * recvmmsg() where asked to (UV_UDP_RECVMMSG), and sends one by one. */
#define _GNU_SOURCE /* pthread_rwlock_t, for uv.h */

#include "proto/calc.h"
#include "proto/net/endpoint.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

enum {
    RESERVED_PORTS_END = 1024,
    CHUNK = 65536, /* libuv's: one datagram may fill it */
    CHUNKS = 20,   /* more it does not receive at once */
    QUEUE = 1 << 20,
};

struct server {
    uv_udp_t udp;
    in_port_t own_port;
    char octets[CHUNKS * CHUNK];
};

static void allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct server *server = handle->data;
    (void)suggested;
    *buffer = uv_buf_init(server->octets, sizeof server->octets);
}

static void received(uv_udp_t *udp, ssize_t length, const uv_buf_t *buffer,
                     const struct sockaddr *peer, unsigned flags)
{
    struct server *server = udp->data;
    uint8_t reply[CALC_REPLY_MAX];
    size_t reply_length;
    (void)flags;
    if (length < 0 || peer == NULL)
        return; /* an error about some peer, or nothing more to read */
    in_port_t port = ((const struct sockaddr_in6 *)(const void *)peer)->sin6_port;
    if (ntohs(port) < RESERVED_PORTS_END || port == server->own_port)
        return;
    (void)calc_answer((const uint8_t *)buffer->base, (size_t)length, reply, &reply_length);
    if (reply_length == 0)
        return;
    /* A reply that the kernel does not take at once is lost, like one on the wire. */
    uv_buf_t payload = uv_buf_init((char *)reply, (unsigned)reply_length);
    (void)uv_udp_try_send(udp, &payload, 1, peer);
}

static int failed(const char *what, int code)
{
    fprintf(stderr, "libuv: can not %s: %s\n", what, uv_strerror(code));
    return 1;
}

int main(int argc, char **argv)
{
    static struct server server;
    struct sockaddr_in6 endpoint;
    int size = sizeof endpoint;
    int queue = QUEUE;
    char why[CALC_WHY_ROOM];
    if (argc != 3) {
        fputs("usage: libuv ADDRESS PORT\n", stderr);
        return 1;
    }
    if (calc_literal(argv[1], argv[2], CALC_TO_BIND, &endpoint, why) != CALC_RESOLVED) {
        fprintf(stderr, "libuv: %s\n", why);
        return 1;
    }
    uv_loop_t *loop = uv_default_loop();
    int code =
        loop == NULL ? UV_ENOMEM : uv_udp_init_ex(loop, &server.udp, AF_INET6 | UV_UDP_RECVMMSG);
    if (code < 0)
        return failed("open a socket", code);
    server.udp.data = &server;
    code = uv_udp_bind(&server.udp, (const struct sockaddr *)&endpoint, 0);
    if (code == 0)
        code = uv_recv_buffer_size((uv_handle_t *)&server.udp, &queue);
    if (code == 0)
        code = uv_udp_getsockname(&server.udp, (struct sockaddr *)&endpoint, &size);
    if (code == 0)
        code = uv_udp_recv_start(&server.udp, allocate, received);
    if (code < 0)
        return failed("listen", code);
    server.own_port = endpoint.sin6_port;
    char text[CALC_ENDPOINT_ROOM];
    calc_endpoint_text(&endpoint, text);
    if (printf("listening on %s\n", text) < 0 || fflush(stdout) != 0)
        return failed("write to standard output", UV_EIO);
    return uv_run(loop, UV_RUN_DEFAULT);
}
