/* What the tests share: cmocka, datagrams written as hex, the server's answer to one, random numbers
 * that are the same on every run, and buffers that end at a page nobody can touch. Include it first. */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#endif

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/calc.h"
#include "tests/support/datagram.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The header octet of a request whose unused bits are zero. */
enum {
    SUM_AS_INTEGER = 0x00,
    SUM_AS_STRING = 0x01,
    PRODUCT_AS_INTEGER = 0x02,
    PRODUCT_AS_STRING = 0x03,
};

/* The datagram that a text of hex digits stands for; spaces are for the reader only. */
static inline struct datagram hex(const char *text)
{
    struct datagram d = {0};
    size_t digits = 0;
    for (; *text != '\0'; text++) {
        if (*text == ' ')
            continue;
        const char *all = "0123456789abcdef0123456789ABCDEF";
        const char *at = strchr(all, *text);
        assert_non_null(at);
        assert_true(digits / 2 < DATAGRAM_ROOM);
        d.octets[digits / 2] = (uint8_t)(d.octets[digits / 2] << 4 | ((at - all) & 0xF));
        digits++;
    }
    assert_int_equal(digits % 2, 0);
    d.length = digits / 2;
    return d;
}

/* A request made by hand, so that the codec is not tested against itself. */
static inline struct datagram request_with(unsigned header, const uint32_t *integers, size_t count)
{
    struct datagram d = {.length = 1 + 4 * count, .octets = {(uint8_t)header}};
    assert_true(d.length <= DATAGRAM_ROOM);
    for (size_t i = 0; i < 4 * count; i++)
        d.octets[1 + i] = (uint8_t)(integers[i / 4] >> (24 - 8 * (i % 4)));
    return d;
}

static inline struct datagram answer_to(struct datagram d)
{
    struct datagram reply = {0};
    calc_answer(d.octets, d.length, reply.octets, &reply.length);
    return reply;
}

static inline void assert_same_datagram(struct datagram actual, struct datagram expected)
{
    assert_int_equal(actual.length, expected.length);
    assert_memory_equal(actual.octets, expected.octets, expected.length);
}

/* xorshift64: state is any number but zero, and the same state gives the same numbers. */
static inline uint32_t random_u32(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)(*state >> 32);
}

/* Where a page begins that can be neither read nor written; the page before it can. */
static inline uint8_t *guard_page(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uint8_t *pages =
        mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(pages, MAP_FAILED);
    assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
    return pages + page;
}

static inline void guard_release(uint8_t *guard)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    assert_int_equal(munmap(guard - page, 2 * page), 0);
}

#endif
