/* stranger KIND ADDRESS PORT: a server of another kind, which answers datagrams as such servers do, whatever they
 * are: echo, chargen, dns, ntp, tftp; or a calculator that follows the course's text alone, of some temperament. What
 * makes them dangerous is that they answer answers. Says "listening on", and goes on until it is ended. */
#define _POSIX_C_SOURCE 200809L

#include "hex.h"
#include "proto/calc.h"
#include "proto/net/endpoint.h"

#include <errno.h>
#include <sys/socket.h>

enum { OCTETS_MAX = 2048, SHORT_MAX = 12, CHARGEN_LINE = 72, CHARGEN_MAX = 512 };

/* What came in, and where what goes out has room; each answer returns its length, 0 for none. */
struct message {
    size_t length;
    uint8_t octets[OCTETS_MAX];
};

static size_t put(struct message *out, const char *octets, size_t length)
{
    memcpy(out->octets, octets, length);
    return length;
}

/* RFC 862 */
static size_t echo(const struct message *in, struct message *out)
{
    memcpy(out->octets, in->octets, in->length);
    return in->length;
}

/* RFC 864: lines of printing characters, as many as it likes; each time another number of them. */
static size_t chargen(const struct message *in, struct message *out)
{
    static size_t length;
    (void)in;
    length = (length * 5 + 113) % CHARGEN_MAX + 1;
    for (size_t i = 0; i < length; i++)
        out->octets[i] = (uint8_t)(' ' + (i % CHARGEN_LINE + i / CHARGEN_LINE) % 95);
    return length;
}

/* RFC 1035, section 4.1.1: a format error, with the identifier of what it takes for a query. */
static size_t dns(const struct message *in, struct message *out)
{
    if (in->length < 2)
        return 0;
    size_t length = put(out, "\0\0\x80\x01\0\0\0\0\0\0\0", SHORT_MAX);
    memcpy(out->octets, in->octets, 2);
    return length;
}

/* RFC 5905: the mode is in the first octet. To control and private messages it says what is wrong with them, as
 * CVE-2009-3563 has it; to all others the time. */
static size_t ntp(const struct message *in, struct message *out)
{
    if (in->length == 0)
        return 0;
    unsigned mode = in->octets[0] & 7;
    if (mode == 7)
        return put(out, "\x97\0\0\0\x30\0\0", 8);
    if (mode == 6)
        return put(out, "\x8E\xC0\0\0\0\0\0\0\0\0\0", SHORT_MAX);
    memset(out->octets, 0, 48);
    out->octets[0] = 0x24;
    return 48;
}

/* RFC 1350, section 5: an error, to errors as well, as CVE-2024-2169 has it. */
static size_t tftp(const struct message *in, struct message *out)
{
    (void)in;
    return put(out, "\0\5\0\4Illegal TFTP operation", 27);
}

struct temperament {
    const char *name;
    uint8_t success;   /* the header of a result */
    const char *error; /* in hex, for what it does not understand */
    bool strict;       /* unused bits that are set are not understood */
    size_t least;      /* replies are filled up with zeros to this length */
};

static const struct temperament temperaments[] = {
    {"text",   0x80, "00756e6b6e6f776e", false, 0  }, /* behind an error; not whole integers */
    {"whole",  0x80, "006f6f7073",       false, 0  }, /* behind an error; reads as a sum */
    {"bits",   0xFF, "7f",               false, 0  }, /* unused ones are set */
    {"empty",  0x80, "00",               false, 0  }, /* gets an error, as with all of these */
    {"always", 0x80, "8000000000",       false, 0  }, /* a result, whatever comes */
    {"long",   0x80, "00",               false, 257}, /* the whole buffer */
    {"strict", 0x80, "006f6f7073",       true,  0  }, /* about unused bits */
};

static size_t calculate(const struct temperament *self, const struct message *in,
                        struct message *out)
{
    size_t length = 0;
    enum calc_code code = calc_answer(in->octets, in->length, out->octets, &length);
    bool understood = length > 0 && code == CALC_OK;
    if (understood && !(self->strict && in->octets[0] > 3))
        out->octets[0] = self->success;
    else
        length = hex_read(self->error, out->octets, OCTETS_MAX);
    if (length < self->least) {
        memset(out->octets + length, 0, self->least - length);
        length = self->least;
    }
    return length;
}

static const struct service {
    const char *name;
    size_t (*answer)(const struct message *in, struct message *out);
} services[] = {
    {"echo",    echo   },
    {"chargen", chargen},
    {"dns",     dns    },
    {"ntp",     ntp    },
    {"tftp",    tftp   },
};

static const struct service *service_named(const char *name)
{
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        if (strcmp(services[i].name, name) == 0)
            return &services[i];
    }
    return NULL;
}

static const struct temperament *temperament_named(const char *name)
{
    for (size_t i = 0; i < sizeof temperaments / sizeof temperaments[0]; i++) {
        if (strcmp(temperaments[i].name, name) == 0)
            return &temperaments[i];
    }
    return NULL;
}

_Noreturn static void die(const char *what)
{
    fprintf(stderr, "stranger: can not %s: %s\n", what, strerror(errno));
    exit(1);
}

static int open_at(const char *address, const char *port)
{
    struct calc_endpoints endpoints;
    char why[CALC_WHY_ROOM];
    char text[CALC_ENDPOINT_ROOM];
    if (calc_resolve(address, port, CALC_TO_BIND, &endpoints, why) != CALC_RESOLVED) {
        fprintf(stderr, "stranger: %s\n", why);
        exit(1);
    }
    struct sockaddr_in6 endpoint = endpoints.list[0];
    socklen_t size = sizeof endpoint;
    int fd = calc_socket();
    if (fd < 0 || bind(fd, (struct sockaddr *)&endpoint, sizeof endpoint) < 0 ||
        getsockname(fd, (struct sockaddr *)&endpoint, &size) < 0)
        die("bind");
    calc_endpoint_text(&endpoint, text);
    printf("listening on %s\n", text);
    fflush(stdout);
    return fd;
}

int main(int argc, char **argv)
{
    static struct message in, out;
    const struct service *service = argc == 4 ? service_named(argv[1]) : NULL;
    const struct temperament *temperament = argc == 4 ? temperament_named(argv[1]) : NULL;
    if (service == NULL && temperament == NULL) {
        fputs("usage: stranger KIND ADDRESS PORT\n", stderr);
        return 1;
    }
    for (int fd = open_at(argv[2], argv[3]);;) {
        struct sockaddr_in6 peer;
        socklen_t size = sizeof peer;
        ssize_t length =
            recvfrom(fd, in.octets, sizeof in.octets, 0, (struct sockaddr *)&peer, &size);
        if (length < 0)
            continue; /* an ICMP error about an earlier reply */
        in.length = (size_t)length;
        size_t reply =
            service != NULL ? service->answer(&in, &out) : calculate(temperament, &in, &out);
        /* An echo returns what has no octets, too. */
        if (reply > 0 || service == &services[0])
            (void)sendto(fd, out.octets, reply, 0, (struct sockaddr *)&peer, size);
    }
}
