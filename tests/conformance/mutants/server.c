/* mutant-server MUTATION ADDRESS PORT: somebody else's server, written from the published clauses without a line of
 * proto/, and broken on purpose in one way. `none` is right; `list` prints the names. What each is to be told by the
 * conformance kit stands in server.txt. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { INTEGERS_MAX = 16384, ROOM = 65536 };

/* A request as it is understood. */
struct request {
    const unsigned char *octets;
    size_t length;
    unsigned header, opcode;
    int as_string;
    int same_port; /* comes from the server's own port number */
    int low_port;
    size_t n;
    uint32_t v[INTEGERS_MAX];
};

/* What is done otherwise. */
enum effect {
    NOTHING,
    /* with every datagram */
    READ_SWAPPED,
    SEND_SWAPPED,
    BOTH_SWAPPED,
    OPCODE_NOT_SHIFTED,
    OPCODE_NOT_MASKED,
    OPERATIONS_EXCHANGED,
    F_IN_BIT_0,
    F_IN_BIT_3,
    F_INVERTED,
    STATUS_MISSING,
    STATUS_AT_THE_END,
    TEXT_FOR_INTEGERS,
    INTEGER_FOR_TEXT,
    NUL_AT_THE_END,
    NEWLINE_AT_THE_END,
    PADDED_TO_32,
    WHOLE_BUFFER,
    WHOLE_STRUCTURE,
    POINTER,
    WIDE,
    SIGNED,
    IGNORES_LENGTH,
    ONE_TOO_MANY,
    STALE_DIGITS,
    PRODUCT_FROM_ZERO,
    HEADER_MISSING,
    READS_AT_4,
    TWICE,
    OTHER_PORT,
    FIRST_PEER,
    ONLY_ONCE,
    ONLY_IPV4,
    ANY_ADDRESS,
    UNKNOWN_IS_SUM,
    EMPTY_REPLY,
    /* where a condition holds */
    WRONG_BY_ONE,
    DIE,
    SILENT,
    STOP,
    REFUSE,
    ACCEPT,
    NO_STATUS,
    LAST_PEER,
    /* and what is right, though awkward */
    FORKS,
    SLOW,
    LATE,
};

struct mutation {
    const char *name;
    enum effect effect;
    int (*when)(const struct request *); /* NULL: always */
};

#define WHEN(name, condition)                                                                      \
    static int name(const struct request *r)                                                       \
    {                                                                                              \
        return condition;                                                                          \
    }

static int are(const struct request *r, unsigned header, size_t n, uint32_t first)
{
    return r->header == header && r->n == n && r->v[0] == first;
}

WHEN(one_asymmetric, are(r, 1, 1, 0x01020304))
WHEN(two_asymmetric, are(r, 0, 2, 0x01020300))
WHEN(high_bit, are(r, 1, 1, 0x80000000))
WHEN(high_bits_in_a_product, are(r, 3, 2, 0xC0000000))
WHEN(port_case, r->header == 0 && r->n == 3 && r->v[0] == 32)
WHEN(tenth, are(r, 0, 2, 10000))
WHEN(bit_0, are(r, 0x80, 2, 6))
WHEN(bit_1, are(r, 0x40, 2, 6))
WHEN(bit_2, are(r, 0x20, 2, 6))
WHEN(bit_3, are(r, 0x10, 2, 6))
WHEN(all_bits, are(r, 0xF3, 2, 6))
WHEN(first_example, are(r, 0, 3, 4))
WHEN(first_example_product, are(r, 2, 3, 4))
WHEN(first_example_string, are(r, 1, 3, 4))
WHEN(second_example, are(r, 3, 3, 4))
WHEN(sum_of_one, are(r, 0, 1, 77))
WHEN(product_of_one, are(r, 2, 1, 77))
WHEN(thirty_three, are(r, 0, 33, 1))
WHEN(sum_of_64, are(r, 0, 64, 1))
WHEN(product_of_64, are(r, 3, 64, 1))
WHEN(three_after_64, are(r, 0, 3, 100))
WHEN(product_as_string, are(r, 3, 3, 5))
WHEN(zero, are(r, 0, 1, 0))
WHEN(one_digit, are(r, 1, 1, 7))
WHEN(zero_as_string, are(r, 1, 2, 0) && r->v[1] == 0)
WHEN(ten_digits, are(r, 1, 2, 4294967290))
WHEN(opcode_2, are(r, 4, 2, 6))
WHEN(opcode_4, are(r, 8, 2, 6))
WHEN(opcode_7, are(r, 14, 2, 6))
WHEN(opcode_2_string, are(r, 5, 2, 6))
WHEN(opcode_5_bits, are(r, 0xFA, 2, 6))
WHEN(largest_sum, are(r, 0, 2, 4294967290))
WHEN(sum_of_large, r->opcode == 0 && r->n > 2 && r->n < 65 && r->v[0] > 65536 && r->v[0] < 1 << 26)
WHEN(largest_product, are(r, 2, 2, 65535))
WHEN(zero_in_product, are(r, 2, 3, 5) && r->v[1] == 0)
WHEN(product_of_7, r->opcode == 1 && r->n == 7 && r->header < 4)
WHEN(full_product, r->header == 3 && r->n >= 16 && r->v[0] == UINT32_MAX)
WHEN(octets_0, r->length == 0)
WHEN(octets_1, r->length == 1)
WHEN(octets_2, r->length == 2 && r->header == 0)
WHEN(octets_4, r->length == 4 && r->header == 0)
WHEN(octets_6, r->length == 6 && r->header == 0)
WHEN(octets_258, r->length == 258 && r->header == 0)
WHEN(integers_65, r->length == 261 && r->header == 0)
WHEN(octets_1000, r->length == 1000)
WHEN(random_octets, r->length > 1 && r->header > 15 && r->v[0] > 1 << 26 && r->length % 4 == 3)
WHEN(error_reply, are(r, 6, 2, 8))
WHEN(reply_bits, are(r, 3, 2, 7) && r->v[1] == 7)
WHEN(leading_zeros, are(r, 1, 2, 6))
WHEN(sum_overflow, are(r, 0, 2, 4294967295))
WHEN(product_overflow, are(r, 2, 3, 65536) && r->v[2] == 3)
WHEN(sum_overflow_string, are(r, 1, 2, 4294967295) && r->v[1] == 6)
WHEN(product_overflow_string, are(r, 3, 3, 4294967295))
WHEN(zero_after_overflow, are(r, 2, 3, 65536) && r->v[2] == 0)
WHEN(digits_256, are(r, 3, 29, 1000000000) && r->v[28] == 1000)
WHEN(digits_257, are(r, 3, 29, 1000000000) && r->v[28] == 10000)
WHEN(equal_reply, are(r, 0x80, 1, 9))
WHEN(chain, are(r, 1, 1, 12345678))

WHEN(low_port, r->low_port)
WHEN(same_port, r->same_port)

static const struct mutation mutations[] = {
    {"right-at-several-at-a-time",         FORKS,                NULL                   },
    {"right-slowly",                       SLOW,                 NULL                   },
    {"right-late",                         LATE,                 NULL                   },
    {"none",                               NOTHING,              NULL                   },
 /* The usual mistakes. */
    {"little-endian-in",                   READ_SWAPPED,         NULL                   },
    {"little-endian-out",                  SEND_SWAPPED,         NULL                   },
    {"little-endian",                      BOTH_SWAPPED,         NULL                   },
    {"opcode-not-shifted",                 OPCODE_NOT_SHIFTED,   NULL                   },
    {"looks-at-unused-bits",               OPCODE_NOT_MASKED,    NULL                   },
    {"operations-exchanged",               OPERATIONS_EXCHANGED, NULL                   },
    {"f-in-bit-0",                         F_IN_BIT_0,           NULL                   },
    {"f-in-bit-3",                         F_IN_BIT_3,           NULL                   },
    {"f-inverted",                         F_INVERTED,           NULL                   },
    {"status-missing",                     STATUS_MISSING,       NULL                   },
    {"status-at-the-wrong-end",            STATUS_AT_THE_END,    NULL                   },
    {"ascii-for-integer",                  TEXT_FOR_INTEGERS,    NULL                   },
    {"integer-for-string",                 INTEGER_FOR_TEXT,     NULL                   },
    {"nul-terminated",                     NUL_AT_THE_END,       NULL                   },
    {"newline",                            NEWLINE_AT_THE_END,   NULL                   },
    {"padded-to-32",                       PADDED_TO_32,         NULL                   },
    {"whole-buffer",                       WHOLE_BUFFER,         NULL                   },
    {"whole-structure",                    WHOLE_STRUCTURE,      NULL                   },
    {"pointer",                            POINTER,              NULL                   },
    {"64-bits",                            WIDE,                 NULL                   },
    {"signed",                             SIGNED,               NULL                   },
    {"ignores-length",                     IGNORES_LENGTH,       NULL                   },
    {"one-too-many",                       ONE_TOO_MANY,         NULL                   },
    {"stale-digits",                       STALE_DIGITS,         NULL                   },
    {"product-from-zero",                  PRODUCT_FROM_ZERO,    NULL                   },
    {"header-missing",                     HEADER_MISSING,       NULL                   },
    {"reads-at-4",                         READS_AT_4,           NULL                   },
    {"replies-twice",                      TWICE,                NULL                   },
    {"other-port",                         OTHER_PORT,           NULL                   },
    {"first-peer",                         FIRST_PEER,           NULL                   },
    {"any-address",                        ANY_ADDRESS,          NULL                   },
    {"only-once",                          ONLY_ONCE,            NULL                   },
    {"ipv4-only",                          ONLY_IPV4,            NULL                   },
    {"unknown-is-sum",                     UNKNOWN_IS_SUM,       NULL                   },
    {"empty-reply",                        EMPTY_REPLY,          opcode_2               },
 /* What one case alone finds. */
    {"last-peer",                          LAST_PEER,            port_case              },
    {"stops-at-the-tenth",                 STOP,                 tenth                  },
    {"one-asymmetric",                     WRONG_BY_ONE,         one_asymmetric         },
    {"two-asymmetric",                     WRONG_BY_ONE,         two_asymmetric         },
    {"high-bit",                           WRONG_BY_ONE,         high_bit               },
    {"high-bits-in-a-product",             WRONG_BY_ONE,         high_bits_in_a_product },
    {"bit-0",                              REFUSE,               bit_0                  },
    {"bit-1",                              REFUSE,               bit_1                  },
    {"bit-2",                              REFUSE,               bit_2                  },
    {"bit-3",                              REFUSE,               bit_3                  },
    {"all-bits",                           REFUSE,               all_bits               },
    {"sum",                                WRONG_BY_ONE,         first_example          },
    {"product",                            WRONG_BY_ONE,         first_example_product  },
    {"sum-as-string",                      WRONG_BY_ONE,         first_example_string   },
    {"product-as-string",                  WRONG_BY_ONE,         second_example         },
    {"sum-of-one",                         WRONG_BY_ONE,         sum_of_one             },
    {"product-of-one",                     WRONG_BY_ONE,         product_of_one         },
    {"sum-of-33",                          SILENT,               thirty_three           },
    {"sum-of-64",                          REFUSE,               sum_of_64              },
    {"product-of-64",                      REFUSE,               product_of_64          },
    {"three-after-64",                     WRONG_BY_ONE,         three_after_64         },
    {"no-status",                          NO_STATUS,            product_as_string      },
    {"zero",                               WRONG_BY_ONE,         zero                   },
    {"one-digit",                          NUL_AT_THE_END,       one_digit              },
    {"zero-as-string",                     WRONG_BY_ONE,         zero_as_string         },
    {"ten-digits",                         REFUSE,               ten_digits             },
    {"opcode-2",                           ACCEPT,               opcode_2               },
    {"opcode-4",                           SILENT,               opcode_4               },
    {"opcode-7",                           ACCEPT,               opcode_7               },
    {"opcode-2-as-string",                 ACCEPT,               opcode_2_string        },
    {"opcode-5-with-unused-bits",          ACCEPT,               opcode_5_bits          },
    {"largest-sum",                        REFUSE,               largest_sum            },
    {"sum-of-large",                       WRONG_BY_ONE,         sum_of_large           },
    {"largest-product",                    REFUSE,               largest_product        },
    {"zero-in-a-product",                  REFUSE,               zero_in_product        },
    {"product-of-7",                       WRONG_BY_ONE,         product_of_7           },
    {"too-long",                           PADDED_TO_32,         full_product           },
 /* What is left open fails nobody who survives it. */
    {"dies-at-0-octets",                   DIE,                  octets_0               },
    {"dies-at-1-octet",                    DIE,                  octets_1               },
    {"dies-at-2-octets",                   DIE,                  octets_2               },
    {"dies-at-4-octets",                   DIE,                  octets_4               },
    {"dies-at-6-octets",                   DIE,                  octets_6               },
    {"dies-at-258-octets",                 DIE,                  octets_258             },
    {"dies-at-65-integers",                DIE,                  integers_65            },
    {"dies-at-1000-octets",                DIE,                  octets_1000            },
    {"dies-at-random-octets",              DIE,                  random_octets          },
    {"dies-at-opcode-3",                   DIE,                  error_reply            },
    {"dies-at-reply-bits",                 DIE,                  reply_bits             },
    {"dies-at-leading-zeros",              DIE,                  leading_zeros          },
    {"dies-at-sum-overflow",               DIE,                  sum_overflow           },
    {"dies-at-product-overflow",           DIE,                  product_overflow       },
    {"dies-at-sum-overflow-as-string",     DIE,                  sum_overflow_string    },
    {"dies-at-product-overflow-as-string", DIE,                  product_overflow_string},
    {"dies-at-zero-after-overflow",        DIE,                  zero_after_overflow    },
    {"dies-at-256-digits",                 DIE,                  digits_256             },
    {"dies-at-257-digits",                 DIE,                  digits_257             },
    {"dies-at-equal-reply",                DIE,                  equal_reply            },
    {"dies-at-chain",                      DIE,                  chain                  },
    {"dies-at-low-port",                   DIE,                  low_port               },
    {"dies-at-same-port",                  DIE,                  same_port              },
    {"hangs-at-0-octets",                  STOP,                 octets_0               },
};

_Noreturn static void die(const char *what)
{
    perror(what);
    exit(1);
}

/* Every mutation is asked for by its effect, so that the right server can be read through them. */
static enum effect effect;

static int is(enum effect which)
{
    return effect == which;
}

static uint32_t swapped(uint32_t n)
{
    return n << 24 | (n & 0xFF00) << 8 | (n >> 8 & 0xFF00) | n >> 24;
}

static void understand(struct request *r, unsigned char *octets, size_t length)
{
    *r = (struct request){.octets = octets, .length = length, .header = length > 0 ? octets[0] : 0};
    r->opcode = r->header >> 1 & 7;
    r->as_string = r->header & 1;
    for (size_t at = 1; at + 4 <= length && r->n < INTEGERS_MAX; at += 4) {
        uint32_t integer;
        memcpy(&integer, octets + at, 4);
        r->v[r->n++] = ntohl(integer);
    }
}

/* The same, wrongly. */
static void misunderstand(struct request *r)
{
    if (is(OPCODE_NOT_SHIFTED))
        r->opcode = r->header & 7;
    if (is(OPCODE_NOT_MASKED))
        r->opcode = r->header >> 1;
    if (is(OPERATIONS_EXCHANGED) && r->opcode < 2)
        r->opcode = 1 - r->opcode;
    if (is(UNKNOWN_IS_SUM) && r->opcode > 1)
        r->opcode = 0;
    if (is(ACCEPT))
        r->opcode = 0;
    if (is(F_IN_BIT_0))
        r->as_string = (r->header & 0x80) != 0;
    if (is(F_IN_BIT_3))
        r->as_string = (r->header & 0x10) != 0;
    if (is(F_INVERTED))
        r->as_string = !r->as_string;
    for (size_t i = 0; (is(READ_SWAPPED) || is(BOTH_SWAPPED)) && i < r->n; i++)
        r->v[i] = swapped(r->v[i]);
    if (is(READS_AT_4)) {
        r->n = 0;
        for (size_t at = 4; at + 4 <= r->length; at += 4) {
            uint32_t integer;
            memcpy(&integer, r->octets + at, 4);
            r->v[r->n++] = ntohl(integer);
        }
    }
}

static uint32_t calculate(const struct request *r)
{
    uint32_t result = r->opcode == 1 && !is(PRODUCT_FROM_ZERO);
    for (size_t i = 0; i < r->n; i++)
        result = r->opcode == 1 ? result * r->v[i] : result + r->v[i];
    return is(WRONG_BY_ONE) ? result + 1 : result;
}

/* Writes the payload of a success; returns its length. */
static size_t write_result(const struct request *r, uint32_t result, unsigned char *payload)
{
    uint32_t sent = is(SEND_SWAPPED) || is(BOTH_SWAPPED) ? result : htonl(result);
    if ((r->as_string && !is(INTEGER_FOR_TEXT)) || is(TEXT_FOR_INTEGERS)) {
        int length = sprintf((char *)payload, is(SIGNED) ? "%" PRId32 : "%" PRIu32, result);
        if (is(NEWLINE_AT_THE_END))
            payload[length++] = '\n';
        if (is(STALE_DIGITS)) {
            static int longest;
            longest = length > longest ? length : longest;
            return (size_t)longest;
        }
        return (size_t)length + (is(NUL_AT_THE_END) && r->as_string);
    }
    if (is(WIDE)) {
        memset(payload, 0, 4);
        memcpy(payload + 4, &sent, 4);
        return 8;
    }
    memcpy(payload, &sent, 4);
    return 4;
}

static size_t spoil(const struct request *r, unsigned char *reply, size_t length)
{
    if (is(STATUS_MISSING) || is(NO_STATUS))
        reply[0] = 0;
    if (is(STATUS_AT_THE_END))
        reply[0] = 1;
    if (is(PADDED_TO_32) && r->as_string) {
        size_t padded = r->n >= 16 ? 300 : 33;
        memset(reply + length, 0, padded - length);
        return padded;
    }
    if (is(WHOLE_BUFFER)) {
        memset(reply + length, 0, 257 - length);
        return 257;
    }
    if (is(WHOLE_STRUCTURE)) {
        memmove(reply + 4, reply + 1, length - 1);
        memset(reply + 1, 0, 3);
        return length + 3;
    }
    if (is(POINTER)) {
        const unsigned char *where = reply;
        memcpy(reply, &where, sizeof where);
        return sizeof where;
    }
    if (is(HEADER_MISSING)) {
        memmove(reply, reply + 1, length - 1);
        return length - 1;
    }
    return length;
}

static size_t answer(struct request *r, unsigned char *reply)
{
    misunderstand(r);
    reply[0] = 0;
    if (is(EMPTY_REPLY))
        return 0;
    if (r->opcode > 1 || is(REFUSE))
        return 1;
    reply[0] = 0x80;
    return spoil(r, reply, 1 + write_result(r, calculate(r), reply + 1));
}

static unsigned own_port;

static int listen_on(const char *address, const char *port)
{
    int on = 1, off = 0;
    own_port = (unsigned)atoi(port);
    struct sockaddr_in6 here = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)own_port)};
    if (inet_pton(AF_INET6, is(ONLY_IPV4) ? "::ffff:127.0.0.1" : address, &here.sin6_addr) != 1)
        die(address);
    int s = socket(AF_INET6, SOCK_DGRAM, 0);
    if (s < 0 || setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) < 0 ||
        setsockopt(s, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on) < 0 ||
        bind(s, (struct sockaddr *)&here, sizeof here) < 0)
        die("bind");
    return s;
}

/* A datagram, and behind the scenes (ipv6(7), IPV6_PKTINFO) the address that it was sent to. */
struct arrival {
    struct sockaddr_in6 peer;
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct in6_pktinfo))];
    size_t control_length;
};

static ssize_t receive(int s, unsigned char *octets, struct arrival *arrival)
{
    struct iovec where = {octets, ROOM};
    struct msghdr message = {.msg_name = &arrival->peer,
                             .msg_namelen = sizeof arrival->peer,
                             .msg_iov = &where,
                             .msg_iovlen = 1,
                             .msg_control = arrival->control,
                             .msg_controllen = sizeof arrival->control};
    ssize_t length = recvmsg(s, &message, 0);
    arrival->control_length = message.msg_controllen;
    /* The address is enough: the reply may have to leave through another interface. */
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    if (c != NULL && c->cmsg_type == IPV6_PKTINFO)
        memset(CMSG_DATA(c) + offsetof(struct in6_pktinfo, ipi6_ifindex), 0, sizeof(unsigned));
    return length;
}

/* Sends the reply to whom it seems due, from the address that was asked. */
static void send_reply(int s, unsigned char *reply, size_t length, struct arrival *arrival)
{
    static struct sockaddr_in6 first, last;
    struct sockaddr_in6 to = arrival->peer;
    int out = is(OTHER_PORT) ? socket(AF_INET6, SOCK_DGRAM, 0) : s;
    if (first.sin6_family == 0)
        first = to;
    if (is(FIRST_PEER))
        to = first;
    if (is(LAST_PEER))
        to = last;
    last = arrival->peer;
    struct iovec what = {reply, length};
    struct msghdr message = {.msg_name = &to,
                             .msg_namelen = sizeof to,
                             .msg_iov = &what,
                             .msg_iovlen = 1,
                             .msg_control = arrival->control,
                             .msg_controllen = is(ANY_ADDRESS) ? 0 : arrival->control_length};
    for (int times = is(TWICE) ? 2 : 1; times > 0; times--)
        sendmsg(out, &message, 0);
    if (out != s)
        close(out);
}

static void serve(int s, const struct mutation *mutation)
{
    static unsigned char octets[ROOM], reply[ROOM];
    static struct request request;
    static size_t longest;
    for (;;) {
        struct arrival arrival;
        ssize_t length = receive(s, octets, &arrival);
        if (length < 0)
            die("receive");
        longest = (size_t)length > longest ? (size_t)length : longest;
        understand(&request, octets,
                   is(IGNORES_LENGTH) ? longest : (size_t)length + (is(ONE_TOO_MANY) ? 4 : 0));
        request.low_port = ntohs(arrival.peer.sin6_port) < 1024;
        request.same_port = ntohs(arrival.peer.sin6_port) == own_port;
        effect = mutation->when == NULL || mutation->when(&request) ? mutation->effect : NOTHING;
        if (is(SLOW))
            usleep(10000);
        /* The child answers, later than others that come after it. */
        if (is(FORKS)) {
            signal(SIGCHLD, SIG_IGN);
            if (fork() > 0)
                continue;
            usleep((useconds_t)(getpid() % 3) * 5000);
        }
        if (is(DIE))
            abort();
        if (is(STOP))
            pause();
        if (length < 2 || is(SILENT)) {
            if (is(FORKS))
                return;
            continue;
        }
        size_t reply_length = answer(&request, reply);
        send_reply(s, reply, reply_length, &arrival);
        if (is(ONLY_ONCE) || is(FORKS))
            return;
    }
}

int main(int argc, char **argv)
{
    size_t count = sizeof mutations / sizeof mutations[0];
    for (size_t i = 0; i < count && argc == 2; i++)
        puts(mutations[i].name);
    for (size_t i = 0; i < count && argc == 4; i++) {
        if (strcmp(argv[1], mutations[i].name) != 0)
            continue;
        effect = mutations[i].when == NULL ? mutations[i].effect : NOTHING;
        if (is(LATE))
            usleep(400000);
        serve(listen_on(argv[2], argv[3]), &mutations[i]);
        return 0;
    }
    return argc == 2 ? 0 : 2;
}
