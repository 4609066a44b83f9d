/* sample_run [green] FORM [PATH]: a run put together by hand, with every verdict and with text that every form
 * has to escape, as text, colour, tap, junit, json or html on standard output, or as capture or failures at
 * PATH. With green, of its passed cases only. */
#include "hex.h"
#include "tests/conformance/packets_file.h"
#include "tests/conformance/report.h"
#include "tests/conformance/tally.h"

#include <arpa/inet.h>

/* What is special in one form or another; a text that is cut within a character; no UTF-8; a noncharacter. */
#define NASTY                                                                                      \
    "<b>&amp;\"'`$(x)\\ ]]> # SKIP --> </script> {{x}} %s \x1b[31mred\x1b[0m \x01\x08\x0b\x7f "    \
    "\xc2\x9b"                                                                                     \
    " \xff\xc3\x28\xed\xa0\x80\xf4\x90\x80\x80\xc0\x80 \xef\xbf\xbf \xe2\x80\xae"                  \
    "abc \xe2\x82\xac \xf0\x9f\x98\x80"

#define LITTLE_ENDIAN_MISTAKE "the integers are sent in little-endian order: htonl() is missing"
#define NUL_MISTAKE "the string is ended by a NUL: send strlen() octets, not strlen() + 1"

enum { SAMPLES_MAX = 24, KIT_PORT = 40000, SUBJECT_PORT = 10000 };

struct sample {
    size_t count;
    struct conformance_case cases[SAMPLES_MAX];
    struct result results[SAMPLES_MAX];
    struct outcome outcomes[SAMPLES_MAX];
};

static struct datagram from_hex(const char *digits)
{
    struct datagram d = {0};
    d.length = hex_read(digits, d.octets, sizeof d.octets);
    return d;
}

static struct outcome *add(struct sample *s, const char *id, enum level level, const char *sentence)
{
    size_t i = s->count++;
    s->cases[i] = (struct conformance_case){.id = id, .level = level, .sentence = sentence};
    s->results[i] = (struct result){.about = &s->cases[i], .turn = 1, .outcome = &s->outcomes[i]};
    s->outcomes[i].took_us = 1234;
    return &s->outcomes[i];
}

static void add_packet(struct outcome *o, const char *from, unsigned from_port, const char *to,
                       unsigned to_port, const struct datagram *d)
{
    static const uint64_t began_us = 1700000000000000;
    struct sockaddr_in6 source = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)from_port)};
    struct sockaddr_in6 destination = {.sin6_family = AF_INET6,
                                       .sin6_port = htons((uint16_t)to_port)};
    inet_pton(AF_INET6, from, &source.sin6_addr);
    inet_pton(AF_INET6, to, &destination.sin6_addr);
    outcome_packet(o, &source, &destination, d->octets, d->length);
    o->packets[o->packet_count - 1].time_us = began_us + 1000 * (uint64_t)o->packet_count;
}

static void send_request(struct outcome *o, const char *request)
{
    o->has_request = true;
    o->request = from_hex(request);
    add_packet(o, "::1", KIT_PORT, "::1", SUBJECT_PORT, &o->request);
}

/* NULL for `actual`: nothing came. */
static void compare(struct outcome *o, enum calc_format format, const char *expected,
                    const char *actual)
{
    o->comparison = (struct comparison){.present = true, .format = format};
    o->comparison.expected = from_hex(expected);
    if (actual == NULL)
        return;
    o->comparison.received = true;
    o->comparison.actual = from_hex(actual);
    o->comparison.actual_length = o->comparison.actual.length;
    add_packet(o, "::1", SUBJECT_PORT, "::1", KIT_PORT, &o->comparison.actual);
}

static void add_passed(struct sample *s)
{
    struct outcome *o = add(s, "REQ-3.1/1", MUST, "one reply comes to one request");
    send_request(o, "000000000400000002000000"
                    "03");
    compare(o, CALC_AS_INTEGER, "8000000009", "8000000009");
    add(s, "REQ-3.2/1", MUST, "the reply goes to the port that the request came from");
    add(s, "REQ-3.2/2", MUST, "so it does where " NASTY);
    o = add(s, "REQ-6.7/1", MAY, "a sum above 4294967295, as an integer");
    outcome_observe(o, false, "wraps at 32 bits");
    o = add(s, "REQ-5.4/2", MAY, "leading zeros");
    outcome_observe(o, true, "none; %s", NASTY);
}

static void add_failed(struct sample *s)
{
    struct outcome *o = add(s, "REQ-3.3/1", MUST, "integers are sent in network byte order");
    send_request(o, "00000000010000000300000005");
    compare(o, CALC_AS_INTEGER, "8000000009", "8009000000");
    outcome_fail(o, WRONG, "the reply holds another number");
    outcome_diagnose(o, "a mistake that is told first and explains least");
    outcome_diagnose(o, LITTLE_ENDIAN_MISTAKE);

    o = add(s, "REQ-3.3/2", MUST, "a single integer comes back as it was sent");
    send_request(o, "0001020304");
    compare(o, CALC_AS_INTEGER, "8001020304", "0104030201");
    outcome_fail(o, WRONG, "the reply is an error");
    outcome_diagnose(o, LITTLE_ENDIAN_MISTAKE);
    outcome_diagnose(o, "the status bit is at the wrong end: S is the first bit, 0x80; " NASTY);
    snprintf(o->output, sizeof o->output, "received 5 octets\n\ttab\r\n%s\nno newline at the end",
             NASTY);

    o = add(s, "REQ-5.4/1", MUST, "no NUL ends a string");
    send_request(o, "030000000400000002000000"
                    "03");
    compare(o, CALC_AS_STRING, "803234",
            "80323400000000000000000000000000000000000000000000000000000000000000"
            "00");
    outcome_fail(o, WRONG, "the payload is not 1 to 256 digits");
    outcome_diagnose(o, NUL_MISTAKE);

    o = add(s, "REQ-6.1/1", MUST, "a datagram of one octet gets no reply");
    send_request(o, "00");
    compare(o, CALC_AS_INTEGER, "", "00");
    outcome_fail(o, WRONG, "a reply came, and none was due");

    o = add(s, "REQ-6.6/1", MUST,
            "the product of 1 to 64 as a string is exact, all of its digits, and " NASTY);
    send_request(o,
                 "0300000001000000020000000300000004000000050000000600000007000000080000000900000"
                 "00a0000000b0000000c0000000d0000000e0000000f000000100000001100000012000000130000"
                 "0014000000150000001600000017000000180000001900000"
                 "01a");
    compare(o, CALC_AS_STRING, "80343033323931343631313236363035363335353834303030303030", NULL);
    outcome_fail(o, CRASH, "no reply, and it has ended: killed by signal 11 (Segmentation fault)");
    snprintf(o->output, sizeof o->output, "*** buffer overflow detected ***: terminated\n");
}

static void add_others(struct sample *s)
{
    struct outcome *o = add(s, "REQ-5.2/1", SHOULD, "a server sends zero in Unused");
    send_request(o, "000000000400000002000000"
                    "03");
    compare(o, CALC_AS_INTEGER, "8000000009", "8100000009");
    outcome_fail(o, WRONG, "Unused is 1");
    o->verdict = NON_STRICT;

    o = add(s, "REQ-8.1/21", MUST, "the client sends the integers of its command line");
    send_request(o, "02000000060000000"
                    "7");
    compare(o, CALC_AS_INTEGER, "020000000600000007", "2a3600373700");
    o->comparison.of_requests = true;
    outcome_fail(o, WRONG, "the request is another");
    outcome_diagnose(o, "the integers are sent as ASCII: they are 32 bits each");

    o = add(s, "REQ-6.9/1", SHOULD, "a multicast datagram gets no reply");
    outcome_skip(o, "no interface has multicast; %s", NASTY);
    o = add(s, "REQ-3.4/1", SHOULD, "the reply comes from the address that was asked");
    outcome_error(o, "bind [fd00::2]:0: Cannot assign requested address");

    o = add(s, "REQ-6.2/1", SHOULD, "258 octets get an error");
    outcome_fail(o, SILENCE, "no reply");
    s->results[s->count - 1].known = KNOWN_FAILURE;
    add(s, "REQ-6.3/1", SHOULD, "6 octets get an error");
    s->results[s->count - 1].known = UNEXPECTED_PASS;
    o = add(s, "REQ-6.4/1", MUST, "opcode 2 gets an error");
    outcome_fail(o, HANG, "no reply to this, nor to anything after it");
    outcome_diagnose(o, LITTLE_ENDIAN_MISTAKE);
    s->results[s->count - 1].known = OTHER_FAILURE;

    /* Over IPv4, whose addresses come as mapped ones. */
    o = add(s, "REQ-3.1/2", MUST, "IPv6 is served");
    o->request = from_hex("0000000001");
    add_packet(o, "::ffff:127.0.0.1", KIT_PORT, "::ffff:127.0.0.1", SUBJECT_PORT, &o->request);
    outcome_fail(o, UNREACHABLE, "port unreachable over IPv6, and it answers over IPv4");
    outcome_diagnose(o, "IPv4 only: socket(AF_INET6, ...) is asked for");
    /* Again, and the same. */
    s->cases[s->count] = s->cases[s->count - 1];
    s->results[s->count] = s->results[s->count - 1];
    s->results[s->count].turn = 2;
    s->count++;
}

static void count_all(struct run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct result *result = &run->results[i];
        run->counts[result->outcome->verdict]++;
        run->known_count += result->known == KNOWN_FAILURE;
        run->unexpected_count += result->known == UNEXPECTED_PASS;
    }
}

static bool write_form(const char *form, const char *path, const struct run *run)
{
    char why[PACKETS_WHY_ROOM] = "no such form";
    bool written = true;
    if (strcmp(form, "text") == 0)
        report_text(stdout, run, false);
    else if (strcmp(form, "colour") == 0)
        report_text(stdout, run, true);
    else if (strcmp(form, "tap") == 0)
        report_tap(stdout, run);
    else if (strcmp(form, "junit") == 0)
        report_junit(stdout, run);
    else if (strcmp(form, "json") == 0)
        report_json(stdout, run);
    else if (strcmp(form, "html") == 0)
        report_html(stdout, run);
    else if (strcmp(form, "capture") == 0)
        written = packets_write(path, run, why);
    else if (strcmp(form, "failures") == 0)
        written = packets_write_failures(path, run, why);
    else
        written = false;
    if (!written)
        fprintf(stderr, "sample_run: %s: %s\n", form, why);
    return written;
}

int main(int argc, char **argv)
{
    bool green = argc > 1 && strcmp(argv[1], "green") == 0;
    argv += green;
    argc -= green;
    struct sample *s = calloc(1, sizeof *s);
    if (argc < 2 || s == NULL) {
        fputs("usage: sample_run [green] FORM [PATH]\n", stderr);
        free(s);
        return 2;
    }
    add_passed(s);
    if (!green) {
        add_failed(s);
        add_others(s);
    }
    const struct suite suite = {.name = "server", .cases = s->cases, .count = s->count};
    const struct settings settings = {.address = "::1", .port = "10000", .repeat = 1, .jobs = 1};
    struct run run = {
        .suite = &suite, .settings = &settings, .count = s->count, .results = s->results};
    run.began_us = 1700000000000000;
    run.took_us = 412345;
    snprintf(run.subject, sizeof run.subject, "./server --name '%s' :: 10000", NASTY);
    run.has_grade = true;
    run.points = 7.5;
    run.points_max = 20;
    snprintf(run.grade, sizeof run.grade, "D <&> \xff");
    count_all(&run);
    bool written = write_form(argv[1], argc > 2 ? argv[2] : "-", &run);
    free(s);
    return written ? 0 : 1;
}
