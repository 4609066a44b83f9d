/* The names of the outcomes and the account of them. */
#include "counters.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

static const struct {
    const char *group;
    const char *label;
    const char *text;
} names[OUTCOME_COUNT] = {
    [REPLIED_RESULT] = {"replied", "success",             "with a result"                                },
    [REPLIED_TOO_LONG] = {"replied", "too_long",
                        "with an error: payload above 256 octets (REQ-6.2)"                              },
    [REPLIED_NOT_WHOLE] = {"replied", "not_whole",
                        "with an error: payload not whole integers (REQ-6.3)"                            },
    [REPLIED_UNKNOWN_OPCODE] = {"replied", "unknown_opcode",
                        "with an error: unknown opcode (REQ-6.4)"                                        },
    [REPLIED_ABOVE_32_BITS] = {"replied", "above_32_bits",
                        "with an error: result above 32 bits (REQ-6.7)"                                  },
    [REPLIED_ABOVE_256_DIGITS] = {"replied", "above_256_digits",
                        "with an error: result above 256 digits (REQ-6.8)"                               },
    [DROPPED_MULTICAST] = {"dropped", "multicast",           "sent to a multicast address (REQ-6.9)"        },
    [DROPPED_UNSPECIFIED] = {"dropped", "unspecified_address",
                        "from the unspecified address (REQ-6.10)"                                        },
    [DROPPED_PORT_ZERO] = {"dropped", "port_zero",           "from port 0 (REQ-6.10)"                       },
    [DROPPED_PORT_RESERVED] = {"dropped", "port_reserved",       "from a port below 1024 (REQ-7.3)"             },
    [DROPPED_PORT_OWN] = {"dropped", "port_own",            "from the server's own port number (REQ-7.4)"  },
    [DROPPED_NO_INTEGERS] = {"dropped", "no_integers",         "no integers, 0 or 1 octets (REQ-6.1)"         },
    [DROPPED_LOOP_RATE] = {"dropped", "loop_rate",
                        "too many that could come from a server (REQ-7.5)"                               },
    [DROPPED_RATE] = {"dropped", "rate",                "too many from there (--rate)"                 },
    [FAILED_NOT_PERMITTED] = {"failed",  "not_permitted",       "to reply: not permitted (EPERM, EACCES)"      },
    [FAILED_NO_BUFFERS] = {"failed",  "no_buffers",          "to reply: no buffers (ENOBUFS, ENOMEM)"       },
    [FAILED_WOULD_BLOCK] = {"failed",  "would_block",         "to reply: send buffer full (EAGAIN)"          },
    [FAILED_UNREACHABLE] = {"failed",  "unreachable",
                        "to reply: unreachable (ENETUNREACH, EHOSTUNREACH)"                              },
    [FAILED_NOT_VALID] = {"failed",  "not_valid",
                        "to reply: address not usable (EINVAL, EADDRNOTAVAIL)"                           },
    [FAILED_OTHERWISE] = {"failed",  "otherwise",           "to reply: otherwise"                          },
    [NOTED_LEAKED] = {"noted",   "leaked",              "let through beyond --rate, one in 8 at random"},
    [NOTED_ICMP_ERROR] = {"noted",   "icmp_error",          "ICMP errors about earlier replies"            },
    [NOTED_INTERRUPTED] = {"noted",   "interrupted",         "system calls interrupted (EINTR)"             },
    [NOTED_RECEIVE_FAILED] = {"noted",   "receive_failed",      "receive calls failed"                         },
    [NOTED_NOT_SHOWN] = {"noted",   "not_shown",           "exchanges not shown: output full"             },
    [LOST_QUEUE_FULL] = {"lost",    "queue_full",
                        "before they were received: queue full (merged ones count once)"                 },
};

const char *outcome_group(enum outcome outcome)
{
    return names[outcome].group;
}

bool outcome_is_reply(enum outcome outcome)
{
    return strcmp(names[outcome].group, "replied") == 0;
}

const char *outcome_label(enum outcome outcome)
{
    return names[outcome].label;
}

const char *outcome_text(enum outcome outcome)
{
    return names[outcome].text;
}

enum outcome outcome_of_reply(enum calc_code code)
{
    switch (code) {
    case CALC_OK:
        return REPLIED_RESULT;
    case CALC_TOO_LONG:
        return REPLIED_TOO_LONG;
    case CALC_NOT_WHOLE:
        return REPLIED_NOT_WHOLE;
    case CALC_UNKNOWN_OPCODE:
        return REPLIED_UNKNOWN_OPCODE;
    case CALC_ABOVE_32_BITS:
        return REPLIED_ABOVE_32_BITS;
    case CALC_ABOVE_256_DIGITS:
        return REPLIED_ABOVE_256_DIGITS;
    default:
        assert(false); /* calc_answer() replies with no other code */
        return REPLIED_RESULT;
    }
}

enum outcome outcome_of_send_error(int error)
{
    switch (error) {
    case EPERM:
    case EACCES:
        return FAILED_NOT_PERMITTED;
    case ENOBUFS:
    case ENOMEM:
        return FAILED_NO_BUFFERS;
    case EAGAIN:
        return FAILED_WOULD_BLOCK;
    case ENETUNREACH:
    case EHOSTUNREACH:
        return FAILED_UNREACHABLE;
    case EINVAL:
    case EADDRNOTAVAIL:
        return FAILED_NOT_VALID;
    default:
        return FAILED_OTHERWISE;
    }
}

uint64_t counters_total(const struct counters *counters, const char *group)
{
    uint64_t sum = 0;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        if (strcmp(names[i].group, group) == 0)
            sum += counters->of[i];
    }
    return sum;
}

void counters_add(const struct counters *some, struct counters *sum)
{
    count(&sum->received, some->received);
    for (int i = 0; i < OUTCOME_COUNT; i++)
        count(&sum->of[i], some->of[i]);
}

uint64_t counters_settled(const struct counters *counters)
{
    return counters_total(counters, "replied") + counters_total(counters, "dropped") +
           counters_total(counters, "failed");
}

void counters_print(const struct counters *counters, FILE *out)
{
    fprintf(out,
            "received %" PRIu64 " = replied %" PRIu64 " + dropped %" PRIu64 " + failed %" PRIu64
            "\n",
            counters->received, counters_total(counters, "replied"),
            counters_total(counters, "dropped"), counters_total(counters, "failed"));
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        if (counters->of[i] > 0)
            fprintf(out, "  %-7s %8" PRIu64 "  %s\n", names[i].group, counters->of[i],
                    names[i].text);
    }
}
