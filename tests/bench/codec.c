/* What requests cost, from octets to octets: calc_answer() on the cheapest, on some between, and on the
 * dearest that a search finds, beside the least that anybody could do with 64 integers: copy their octets and add them
 * up. Times are noisy, so the rounds alternate and the spread is shown. */
#define _POSIX_C_SOURCE 200809L

#include "proto/calc.h"
#include "proto/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    ROUNDS = 12,
    CALLS_A_ROUND = 20000,
    CALLS_A_CANDIDATE = 60,
    NAME_ROOM = 80,
};

struct subject {
    char name[NAME_ROOM];
    void (*work)(const struct subject *subject, uint8_t *reply, size_t *length);
    size_t length;
    uint8_t octets[CALC_REQUEST_MAX];
    double ns[ROUNDS];
};

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* The reply has to be used, or the compiler might leave the work out. */
static volatile size_t sink;

static void answer(const struct subject *subject, uint8_t *reply, size_t *length)
{
    *length = 0;
    calc_answer(subject->octets, subject->length, reply, length);
}

/* No byte order, no checks, no reply. */
static void copy_and_add(const struct subject *subject, uint8_t *reply, size_t *length)
{
    uint32_t integers[CALC_INTEGERS_MAX];
    uint64_t sum = 0;
    memcpy(integers, subject->octets + 1, sizeof integers);
    for (size_t i = 0; i < CALC_INTEGERS_MAX; i++)
        sum += integers[i];
    memcpy(reply, &sum, sizeof sum);
    *length = sizeof sum;
}

static double time_calls(const struct subject *subject, int calls)
{
    uint8_t reply[CALC_REPLY_MAX];
    size_t length;
    size_t sum = 0;
    double start = now_ns();
    for (int i = 0; i < calls; i++) {
        subject->work(subject, reply, &length);
        sum += length + reply[0];
    }
    double spent = now_ns() - start;
    sink = sum;
    return spent / calls;
}

/* The same integer so often, behind the header. */
static struct subject repeated(uint8_t header, uint32_t integer, size_t count)
{
    static const char *const kinds[] = {"sum as integer", "sum as string", "product as integer",
                                        "product as string"};
    struct subject s = {.work = answer, .octets = {header}};
    struct wire_writer w = {.p = s.octets + 1, .end = s.octets + sizeof s.octets};
    for (size_t i = 0; i < count; i++)
        wire_write_u32(&w, integer);
    s.length = (size_t)(w.p - s.octets);
    snprintf(s.name, sizeof s.name, "%s of %zu times %lu", kinds[header & 3], count,
             (unsigned long)integer);
    return s;
}

/* The least of several, because noise only adds. */
static double quick_time(const struct subject *subject)
{
    double least = time_calls(subject, CALLS_A_CANDIDATE);
    for (int i = 0; i < 2; i++) {
        double again = time_calls(subject, CALLS_A_CANDIDATE);
        least = again < least ? again : least;
    }
    return least;
}

/* Products of powers of two and their neighbours, so often as a request can hold. */
static struct subject search_dearest(uint8_t header)
{
    struct subject dearest = {0};
    double most = 0;
    for (unsigned bits = 1; bits <= 32; bits++) {
        for (int beside = -1; beside <= 1; beside++) {
            for (size_t count = 1; count <= CALC_INTEGERS_MAX; count++) {
                uint32_t integer = (uint32_t)((UINT64_C(1) << bits) + (uint64_t)(int64_t)beside);
                struct subject candidate = repeated(header, integer, count);
                double ns = quick_time(&candidate);
                if (ns > most) {
                    most = ns;
                    dearest = candidate;
                }
            }
        }
    }
    return dearest;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(void)
{
    enum { LEAST_WORK = 0, CHEAPEST = 2, ALL_INTEGERS = 4 };
    struct subject subjects[] = {
        {.name = "copy 256 octets and add 64 integers", .work = copy_and_add},
        { .name = "no request: 1 octet",                               .work = answer,          .length = 1},
        repeated(0, 1, 1),
        repeated(0, 1, 3),
        repeated(0, 1, 64),
        repeated(1, UINT32_MAX, 64),
        repeated(3, 6, 2),
        repeated(3, UINT32_MAX, 26),
        repeated(3, UINT32_MAX, 64),
        search_dearest(2),
        search_dearest(3),
    };
    enum { COUNT = sizeof subjects / sizeof subjects[0] };
    /* The first round warms up, and is written over. */
    for (int round = -1; round < ROUNDS; round++) {
        for (size_t i = 0; i < COUNT; i++)
            subjects[i].ns[round < 0 ? 0 : round] = time_calls(&subjects[i], CALLS_A_ROUND);
    }
    double ratios[ROUNDS];
    for (size_t i = 0; i < ROUNDS; i++)
        ratios[i] = subjects[ALL_INTEGERS].ns[i] / subjects[LEAST_WORK].ns[i];
    qsort(ratios, ROUNDS, sizeof ratios[0], by_value);
    for (size_t i = 0; i < COUNT; i++)
        qsort(subjects[i].ns, ROUNDS, sizeof subjects[i].ns[0], by_value);

    printf("%d rounds of %d calls; the last two are the dearest that a search found\n\n", ROUNDS,
           CALLS_A_ROUND);
    printf("%8s %8s %8s  %8s\n", "median", "least", "most", "times");
    double least_request = subjects[CHEAPEST].ns[ROUNDS / 2];
    for (size_t i = 0; i < COUNT; i++) {
        const double *ns = subjects[i].ns;
        printf("%5.0f ns %5.0f ns %5.0f ns  %8.1f  %s\n", ns[ROUNDS / 2], ns[0], ns[ROUNDS - 1],
               ns[ROUNDS / 2] / least_request, subjects[i].name);
    }
    printf(
        "\nA sum of 64 integers takes %.2f (%.2f to %.2f) times a memcpy and the adds: median and "
        "quartiles.\n",
        ratios[ROUNDS / 2], ratios[ROUNDS / 4], ratios[ROUNDS * 3 / 4]);
    return 0;
}
