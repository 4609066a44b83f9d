/* What the tests share: cmocka, datagrams (datagram.h), and buffers that end at a page nobody can touch. Include it
 * first. */
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

static inline void assert_same_datagram(struct datagram actual, struct datagram expected)
{
    assert_int_equal(actual.length, expected.length);
    assert_memory_equal(actual.octets, expected.octets, expected.length);
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
