/* Two hosts and a cable between them: network namespaces and a veth pair, made for one test, with a
 * capture at the client's end. */
#ifndef TESTS_TESTBED_H
#define TESTS_TESTBED_H

#include "tests/support/capture.h"
#include "tests/support/process.h"

enum host { CLIENT_HOST, SERVER_HOST, HOSTS };

#define CLIENT_ADDRESS "fd00:ca1c:6::c"
#define SERVER_ADDRESS "fd00:ca1c:6::5"
#define SERVER_SECOND_ADDRESS "fd00:ca1c:6::55"

struct testbed {
    int home;              /* the namespace that the test began in */
    int namespaces[HOSTS]; /* descriptors of them */
    pcap_t *cable;         /* all UDP between the two hosts */
    struct process servers[HOSTS];
    uint16_t ports[HOSTS]; /* of the servers */
};

/* For cmocka_unit_test_setup_teardown(). */
int testbed_setup(void **state);
int testbed_teardown(void **state);

/* The testbed; the test is skipped where there is no right to make one. */
struct testbed *testbed_of(void **state);

/* From here on the test, and what it starts, is on that host. */
void testbed_enter(const struct testbed *testbed, enum host host);

/* Starts a server on a host and waits until it listens; port 0 lets the kernel pick. */
void testbed_serve(struct testbed *testbed, enum host host, const char *address, uint16_t port);

/* Starts the client on a host, "-q OPTIONS... ADDRESS PORT INTEGERS...", against the server's host.
 * words are the options and the integers, and end with NULL. */
struct process testbed_client(const struct testbed *testbed, enum host from, const char *address,
                              const char *const *words);

/* Runs it on the client's host and compares what it prints. */
void testbed_ask(const struct testbed *testbed, const char *address, const char *const *words,
                 const char *expected);

/* The client is done, well, and this is the line that it printed. */
void assert_prints(struct process *client, const char *expected);

/* A frame over the cable from the client's host to the server's, from this port to the server's. */
struct frame testbed_frame(const struct testbed *testbed, uint16_t source_port,
                           struct datagram payload);

/* Puts a frame on the cable as it is, at the client's end, and takes it from the capture. */
void testbed_inject(const struct testbed *testbed, const struct frame *frame);

/* The source port of a captured datagram. */
uint16_t source_port_of(const struct packet *packet);

#endif
