/* relay NEAR FAR SEED [WORD=NUMBER...]: a bad network between two links, whose other ends belong to clients (NEAR) and to a
 * server (FAR). Of 100 datagrams, each way, `loss` are lost, `cut` are damaged, `twice` come twice; all take `delay` ms, and
 * `reorder` of 100 up to twice as long. Damaged is: cut short where a path may cut, with or without the lengths of IPv6 and
 * UDP made to agree, but not the checksum; so the receiver's kernel drops it. `shorten` of 100 replies are cut with the
 * checksum made right, as no path does. All but UDP over IPv6 passes as it is.
 *
 * The seed, the octets of a request and the number of its try decide on all of this (tests/support/fate.h): they are the same
 * on every run. When a datagram leaves is the scheduler's, and what overtakes what therefore; so no reply is delivered later
 * than `lifetime` ms after its request left, by the kernel's clock, however late relay or server get to run. Such a reply is
 * dropped and counted as expired. No reply may be late then to a port that has rested for that long.
 *
 * It reads and writes whole frames (packet(7)), so addresses and ports stay as they are and need no table of translations,
 * and nothing is needed of the machine but what the tests in tests/wire/ need: /dev/net/tun or NFQUEUE may not be there.
 * The first integer of a request is its number. Clients are told apart by octet 7 of their address, the last of its /64.
 * Prints what goes against the rules for ports, with `quiet` and `late` in ms, as it happens (tests/support/ledger.h); and
 * at SIGTERM what came of each request, and the counts. */
#define _GNU_SOURCE /* clock_gettime, ppoll, SO_TIMESTAMPNS */

#include "proto/wire.h"
#include "tests/support/fate.h"
#include "tests/support/frame.h"
#include "tests/support/held.h"
#include "tests/support/ledger.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { NEAR, FAR, DIRECTIONS }; /* where a frame goes to; it comes from the other one */

enum {
    QUEUE_OCTETS = 64 << 20, /* of the kernel, so that it drops nothing */
    FRAMES_AT_ONCE = 64,
    IPV6_LENGTH_AT = 14 + 4,
    UDP_LENGTH_AT = 14 + 40 + 4,
    UDP_CHECKSUM_AT = UDP_LENGTH_AT + 2,
    UDP_OCTETS = 8,
    PAYLOAD_AT = 14 + 40 + UDP_OCTETS,
    CLIENT_AT = 7, /* in its address */
};

struct direction {
    int fd; /* where it leaves; what comes from there goes the other way */
    uint64_t places;
    uint64_t last_left;
    unsigned long came, lost, cut, shortened, twice, delayed, reordered, expired, arrived_cut;
};

struct relay {
    struct fate_knobs knobs;
    int64_t lifetime_us;
    int64_t quiet_us;
    int64_t late_us;
    struct direction to[DIRECTIONS];
    struct held_back held_back;
    struct ledger ledger;
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
    (void)signal_number;
    stopped = 1;
}

_Noreturn static void die(const char *what)
{
    fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t in_us(const struct timespec *t)
{
    return (int64_t)t->tv_sec * 1000000 + t->tv_nsec / 1000;
}

/* The clock that the kernel stamps frames with. */
static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return in_us(&t);
}

static int open_link(const char *name)
{
    struct sockaddr_ll link = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IPV6)};
    link.sll_ifindex = (int)if_nametoindex(name);
    int room = QUEUE_OCTETS;
    int on = 1;
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    /* In a user namespace there is less room, and what is missed for that is counted: socket(7). */
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (fd < 0 || link.sll_ifindex == 0 ||
        setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) < 0 ||
        bind(fd, (struct sockaddr *)&link, sizeof link) < 0)
        die(name);
    return fd;
}

static void put_u16(uint8_t *field, size_t value)
{
    field[0] = (uint8_t)(value >> 8);
    field[1] = (uint8_t)value;
}

/* Cuts a frame to so many octets of payload, with all made right again. Returns its length. */
static size_t shorten(struct frame frame, size_t keep, uint8_t octets[static FRAME_ROOM])
{
    frame.payload.length = keep;
    return frame_write(&frame, octets);
}

/* Cuts a frame so that the kernel has to see it: by the length of the frame, by UDP's, or by the checksum, which one
 * of 65,536 damages leaves as it should be, and must not here. Returns the length. */
static size_t cut(const struct frame *frame, uint32_t where, uint8_t octets[static FRAME_ROOM],
                  size_t length)
{
    if (frame->payload.length == 0)
        return PAYLOAD_AT - 1;
    size_t keep = where / 3 % frame->payload.length;
    unsigned mended = where % 3;
    uint8_t right[FRAME_ROOM];
    shorten(*frame, keep, right);
    if (memcmp(right + UDP_CHECKSUM_AT, octets + UDP_CHECKSUM_AT, 2) == 0 && mended == 2)
        mended = 1;
    if (mended > 0)
        put_u16(octets + IPV6_LENGTH_AT, UDP_OCTETS + keep);
    if (mended > 1)
        put_u16(octets + UDP_LENGTH_AT, UDP_OCTETS + keep);
    return length - (frame->payload.length - keep);
}

static void hold(struct relay *relay, const struct held *like, const uint8_t *octets)
{
    struct held *held = malloc(sizeof *held + like->length);
    if (held == NULL)
        die("memory");
    *held = *like;
    memcpy(held->octets, octets, like->length);
    if (!held_back_add(&relay->held_back, held))
        die("memory");
}

/* Holds as many copies as there are to be, for as long as each is to take. */
static void carry_out(struct relay *relay, const struct fate_leg *leg, const struct frame *frame,
                      struct held held, int64_t came, uint8_t octets[static FRAME_ROOM])
{
    struct direction *direction = &relay->to[held.to];
    if (leg->kind == FATE_LOST) {
        direction->lost++;
        return;
    }
    held.kind = leg->kind;
    if (leg->kind == FATE_CUT)
        held.length = cut(frame, leg->where, octets, held.length);
    if (leg->kind == FATE_SHORTENED && frame->payload.length > 0)
        held.length = shorten(*frame, leg->where % frame->payload.length, octets);
    direction->twice += leg->copies > 1;
    for (unsigned i = 0; i < leg->copies; i++) {
        held.due = came + leg->delay_us[i];
        direction->delayed += leg->delay_us[i] > relay->knobs.delay_us;
        direction->cut += leg->kind == FATE_CUT;
        direction->shortened += leg->kind == FATE_SHORTENED;
        held.place = ++direction->places;
        if (held.to == FAR)
            held.sent.copy = i;
        hold(relay, &held, octets);
    }
}

static void take_request(struct relay *relay, const struct frame *frame, struct held held,
                         int64_t came, uint8_t *octets)
{
    struct wire_reader r = {.p = frame->payload.octets, .end = frame->payload.octets + 5};
    wire_read_u8(&r);
    uint32_t number = wire_read_u32(&r);
    uint64_t name = fate_name(frame->payload.octets, frame->payload.length);
    held.port = ledger_port(&relay->ledger, frame->source.s6_addr[CLIENT_AT] % LEDGER_CLIENTS,
                            frame->source_port);
    held.sent = ledger_sent(&relay->ledger, held.port, name, number, came);
    held.known = true;
    struct fate fate = fate_of(&relay->knobs, name, held.sent.number);
    ledger_note_fate(&held.sent, fate_letter(&fate));
    carry_out(relay, &fate.request, frame, held, came, octets);
}

static void take_reply(struct relay *relay, const struct frame *frame, struct held held,
                       int64_t came, uint8_t *octets)
{
    held.port = ledger_port(&relay->ledger, frame->destination.s6_addr[CLIENT_AT] % LEDGER_CLIENTS,
                            frame->destination_port);
    held.sent = ledger_replied(held.port);
    if (held.sent.request == NULL) {
        hold(relay, &held, octets);
        return;
    }
    held.known = true;
    struct fate fate = fate_of(&relay->knobs, held.sent.request->name, held.sent.number);
    carry_out(relay, &fate.replies[held.sent.copy], frame, held, came, octets);
}

static void take(struct relay *relay, unsigned to, uint8_t *octets, size_t length, int64_t came)
{
    struct frame frame;
    struct held held = {.due = came, .to = to, .length = length};
    relay->to[to].came++;
    if (!frame_read(octets, length, &frame))
        hold(relay, &held, octets);
    else if (to == FAR)
        take_request(relay, &frame, held, came, octets);
    else
        take_reply(relay, &frame, held, came, octets);
}

/* Returns false where no frame waits. */
static bool receive(struct relay *relay, unsigned from)
{
    uint8_t octets[FRAME_ROOM];
    union {
        struct cmsghdr header;
        uint8_t octets[CMSG_SPACE(sizeof(struct timespec))];
    } control;
    struct iovec all = {.iov_base = octets, .iov_len = sizeof octets};
    struct msghdr message = {.msg_iov = &all,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    ssize_t length = recvmsg(relay->to[from].fd, &message, 0);
    if (length < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (length < 0)
        die("receive");
    int64_t came = now_us();
    const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header != NULL && header->cmsg_type == SO_TIMESTAMPNS) {
        struct timespec stamp;
        memcpy(&stamp, CMSG_DATA(header), sizeof stamp);
        came = in_us(&stamp);
    }
    take(relay, from == NEAR ? FAR : NEAR, octets, (size_t)length, came);
    return true;
}

/* RFC 4737, section 3.3: one is reordered that comes after one that was sent later. */
static void count_order(struct direction *direction, uint64_t place)
{
    if (place < direction->last_left)
        direction->reordered++;
    else
        direction->last_left = place;
}

static void let_go(struct relay *relay, struct held *held)
{
    struct direction *direction = &relay->to[held->to];
    int64_t now = now_us();
    if (held->known && now - held->sent.sent > relay->lifetime_us) {
        direction->expired++;
        return;
    }
    direction->arrived_cut += held->kind == FATE_CUT;
    if (held->known && held->kind == FATE_PASSES && held->to == FAR)
        ledger_reached(held->port, &held->sent);
    if (held->known && held->kind == FATE_PASSES && held->to == NEAR)
        ledger_delivered(held->port, &held->sent, now);
    if (held->known)
        count_order(direction, held->place);
    if (send(direction->fd, held->octets, held->length, 0) < 0)
        die("send");
}

/* Lets all go that are due. */
static void let_due_go(struct relay *relay)
{
    const struct held *first;
    while ((first = held_back_first(&relay->held_back)) != NULL && first->due <= now_us()) {
        struct held *held = held_back_take(&relay->held_back);
        let_go(relay, held);
        free(held);
    }
}

static void wait_for_something(const struct relay *relay, const sigset_t *signals)
{
    struct pollfd links[DIRECTIONS];
    for (int i = 0; i < DIRECTIONS; i++)
        links[i] = (struct pollfd){.fd = relay->to[i].fd, .events = POLLIN};
    const struct held *first = held_back_first(&relay->held_back);
    int64_t wait = first != NULL ? first->due - now_us() : 0;
    wait = wait > 0 ? wait : 0;
    struct timespec timeout = {.tv_sec = wait / 1000000, .tv_nsec = wait % 1000000 * 1000};
    if (ppoll(links, DIRECTIONS, first != NULL ? &timeout : NULL, signals) < 0 && errno != EINTR)
        die("poll");
}

static void run(struct relay *relay)
{
    sigset_t term;
    sigset_t before;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    if (sigprocmask(SIG_BLOCK, &term, &before) < 0 || signal(SIGTERM, stop) == SIG_ERR)
        die("signals");
    puts("relaying");
    fflush(stdout);
    while (!stopped) {
        wait_for_something(relay, &before);
        for (unsigned from = 0; from < DIRECTIONS; from++) {
            for (int i = 0; i < FRAMES_AT_ONCE && receive(relay, from); i++)
                ;
        }
        let_due_go(relay);
    }
}

static void print_counts(const struct relay *relay)
{
    static const char *const names[DIRECTIONS] = {"replies", "requests"};
    for (int i = 0; i < DIRECTIONS; i++) {
        const struct direction *d = &relay->to[i];
        struct tpacket_stats missed = {0};
        socklen_t size = sizeof missed;
        getsockopt(relay->to[i == NEAR ? FAR : NEAR].fd, SOL_PACKET, PACKET_STATISTICS, &missed,
                   &size);
        printf("%s: %lu came, %lu lost, %lu cut, %lu shortened, %lu twice, %lu delayed, %lu "
               "reordered, %lu expired, %lu arrived cut, %u missed\n",
               names[i], d->came, d->lost, d->cut, d->shortened, d->twice, d->delayed, d->reordered,
               d->expired, d->arrived_cut, missed.tp_drops);
    }
}

/* WORD=NUMBER */
static bool set_knob(struct relay *relay, const char *word)
{
    struct fate_knobs *knobs = &relay->knobs;
    const struct {
        const char *word;
        unsigned *percent;
        int64_t *us;
    } all[] = {
        {"loss=",     &knobs->loss,    NULL               },
        {"cut=",      &knobs->cut,     NULL               },
        {"shorten=",  &knobs->shorten, NULL               },
        {"twice=",    &knobs->twice,   NULL               },
        {"reorder=",  &knobs->reorder, NULL               },
        {"delay=",    NULL,            &knobs->delay_us   },
        {"quiet=",    NULL,            &relay->quiet_us   },
        {"late=",     NULL,            &relay->late_us    },
        {"lifetime=", NULL,            &relay->lifetime_us},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        size_t length = strlen(all[i].word);
        if (strncmp(word, all[i].word, length) != 0)
            continue;
        unsigned long number = strtoul(word + length, NULL, 10);
        if (all[i].percent != NULL)
            *all[i].percent = (unsigned)number;
        else
            *all[i].us = (int64_t)number * 1000;
        return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    static struct relay relay = {.lifetime_us = 60000000};
    bool understood = argc >= 4;
    for (int i = 4; i < argc; i++)
        understood = set_knob(&relay, argv[i]) && understood;
    if (!understood) {
        fputs("usage: relay NEAR FAR SEED [WORD=NUMBER...]\n", stderr);
        return 1;
    }
    relay.knobs.seed = strtoull(argv[3], NULL, 10);
    if (!ledger_open(&relay.ledger, relay.quiet_us, relay.late_us))
        die("memory");
    relay.to[NEAR].fd = open_link(argv[1]);
    relay.to[FAR].fd = open_link(argv[2]);
    run(&relay);
    ledger_print(&relay.ledger, stdout);
    print_counts(&relay);
    for (int i = 0; i < DIRECTIONS; i++)
        close(relay.to[i].fd);
    held_back_close(&relay.held_back);
    ledger_close(&relay.ledger);
    return 0;
}
