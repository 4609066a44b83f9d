/* Namespaces are entered one after the other by the test itself: setns(2) is enough, no helper runs. */
#define _GNU_SOURCE /* setns, unshare */
#include "testbed.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

enum { WORDS_MAX = 80 };

static const struct link_address link_addresses[HOSTS] = {
    /* For documentation: RFC 7042, section 2.1.2. */
    [CLIENT_HOST] = {{0x00, 0x00, 0x5E, 0x00, 0x53, 0x0C}},
    [SERVER_HOST] = {{0x00, 0x00, 0x5E, 0x00, 0x53, 0x05}},
};

__attribute__((format(printf, 1, 2))) static void run(const char *format, ...)
{
    char command[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    if (system(command) != 0)
        fail_msg("%s: failed", command);
}

static int current_namespace(void)
{
    int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

static void enter(int namespace)
{
    assert_int_equal(setns(namespace, CLONE_NEWNET), 0);
}

void testbed_enter(const struct testbed *testbed, enum host host)
{
    enter(testbed->namespaces[host]);
}

/* Flow labels are random otherwise. The sending end computes the checksum, as hardware would. */
static void configure(const struct testbed *testbed, enum host host)
{
    const uint8_t *a = link_addresses[host].octets;
    testbed_enter(testbed, host);
    run("ip link set lo up");
    run("echo 0 >/proc/sys/net/ipv6/auto_flowlabels");
    run("ethtool -K cable tx off >/dev/null");
    run("ip link set cable address %02x:%02x:%02x:%02x:%02x:%02x", a[0], a[1], a[2], a[3], a[4],
        a[5]);
    run("ip link set cable up");
}

static void lay_cable(const struct testbed *testbed)
{
    testbed_enter(testbed, CLIENT_HOST);
    run("ip link add cable type veth peer name cable netns /proc/%d/fd/%d", (int)getpid(),
        testbed->namespaces[SERVER_HOST]);
    configure(testbed, SERVER_HOST);
    run("ip address add " SERVER_ADDRESS "/64 dev cable nodad");
    run("ip address add " SERVER_SECOND_ADDRESS "/64 dev cable nodad");
    configure(testbed, CLIENT_HOST);
    run("ip address add " CLIENT_ADDRESS "/64 dev cable nodad");
}

int testbed_setup(void **state)
{
    struct testbed *testbed = calloc(1, sizeof *testbed);
    assert_non_null(testbed);
    testbed->home = current_namespace();
    for (enum host host = CLIENT_HOST; host < HOSTS; host++) {
        if (unshare(CLONE_NEWNET) < 0) {
            print_message("# SKIP no right to capture or to make a network (%s); to allow it: "
                          "sudo make check TESTS=wire\n",
                          strerror(errno));
            close(testbed->home);
            free(testbed);
            *state = NULL;
            return 0;
        }
        testbed->namespaces[host] = current_namespace();
    }
    lay_cable(testbed);
    char why[PCAP_ERRBUF_SIZE];
    testbed->cable = capture_open("cable", "ip6 and udp", why);
    if (testbed->cable == NULL)
        fail_msg("capture: %s", why);
    *state = testbed;
    return 0;
}

int testbed_teardown(void **state)
{
    struct testbed *testbed = *state;
    if (testbed == NULL)
        return 0;
    for (enum host host = CLIENT_HOST; host < HOSTS; host++) {
        process_end(&testbed->servers[host]);
        close(testbed->namespaces[host]);
    }
    pcap_close(testbed->cable);
    enter(testbed->home);
    close(testbed->home);
    free(testbed);
    return 0;
}

struct testbed *testbed_of(void **state)
{
    if (*state == NULL)
        skip();
    return *state;
}

void testbed_serve(struct testbed *testbed, enum host host, const char *address, uint16_t port)
{
    char port_word[8];
    char line[PROCESS_OUTPUT_ROOM];
    snprintf(port_word, sizeof port_word, "%u", port);
    testbed_enter(testbed, host);
    testbed->servers[host] =
        process_start("server", (const char *const[]){address, port_word, NULL});
    process_read_line(&testbed->servers[host], line);
    const char *colon = strrchr(line, ':');
    assert_non_null(colon);
    testbed->ports[host] = (uint16_t)strtoul(colon + 1, NULL, 10);
    assert_int_not_equal(testbed->ports[host], 0);
}

struct process testbed_client(const struct testbed *testbed, enum host from, const char *address,
                              const char *const *words)
{
    char port[8];
    snprintf(port, sizeof port, "%u", testbed->ports[SERVER_HOST]);
    const char *all[WORDS_MAX + 1] = {"-q"};
    size_t count = 1;
    while (words[0] != NULL && words[0][0] == '-')
        all[count++] = *words++;
    all[count++] = address;
    all[count++] = port;
    while (words[0] != NULL && count < WORDS_MAX)
        all[count++] = *words++;
    testbed_enter(testbed, from);
    return process_start("client", all);
}

void assert_prints(struct process *client, const char *expected)
{
    char output[PROCESS_OUTPUT_ROOM];
    assert_int_equal(process_finish(client, output), 0);
    output[strcspn(output, "\n")] = '\0';
    assert_string_equal(output, expected);
}

void testbed_ask(const struct testbed *testbed, const char *address, const char *const *words,
                 const char *expected)
{
    struct process client = testbed_client(testbed, CLIENT_HOST, address, words);
    assert_prints(&client, expected);
}

struct frame testbed_frame(const struct testbed *testbed, uint16_t source_port,
                           struct datagram payload)
{
    return (struct frame){
        .link_source = link_addresses[CLIENT_HOST],
        .link_destination = link_addresses[SERVER_HOST],
        .source = address_of(CLIENT_ADDRESS),
        .destination = address_of(SERVER_ADDRESS),
        .source_port = source_port,
        .destination_port = testbed->ports[SERVER_HOST],
        .payload = payload,
    };
}

uint16_t source_port_of(const struct packet *packet)
{
    struct frame frame;
    assert_true(frame_read(packet->octets, packet->length, &frame));
    return frame.source_port;
}

void testbed_inject(const struct testbed *testbed, const struct frame *frame)
{
    uint8_t octets[FRAME_ROOM];
    char why[PCAP_ERRBUF_SIZE];
    size_t length = frame_write(frame, octets);
    testbed_enter(testbed, CLIENT_HOST);
    pcap_t *raw = capture_open("cable", "ip6 and udp", why);
    assert_non_null(raw);
    assert_int_equal(pcap_inject(raw, octets, length), length);
    pcap_close(raw);
    struct packet packet = capture_next(testbed->cable);
    assert_packet(&packet, frame);
}
