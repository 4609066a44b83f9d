/* A batch at a time, so that a request costs no more than a look at its header. */
#define _GNU_SOURCE /* MAP_ANONYMOUS, struct mmsghdr */

#include "measures.h"
#include "proto/message.h"

#include <sys/mman.h>

_Static_assert(1 << (BATCH_BUCKETS - 1) == (int)OUTBOX_EXCHANGES,
               "the last bucket is a full batch");

struct tally *tallies_begin(unsigned count)
{
    void *memory = mmap(NULL, count * sizeof(struct tally), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void tallies_end(struct tally *tallies, unsigned count)
{
    if (tallies != NULL)
        (void)munmap(tallies, count * sizeof *tallies);
}

bool tallies_only_read(const struct tally *tallies, unsigned count)
{
    return mprotect((void *)(uintptr_t)tallies, count * sizeof *tallies, PROT_READ) == 0;
}

unsigned measures_bucket(uint64_t value, unsigned buckets)
{
    unsigned bucket = value <= 1 ? 0 : 64U - (unsigned)__builtin_clzll(value - 1);
    return bucket < buckets ? bucket : buckets - 1;
}

bool measures_can_be(enum operation operation, enum calc_format form, enum outcome result)
{
    bool known = operation != OPERATION_UNKNOWN;
    switch (result) {
    case REPLIED_RESULT:
        return known;
    case REPLIED_UNKNOWN_OPCODE:
        return !known;
    case REPLIED_ABOVE_32_BITS:
        return known && form == CALC_AS_INTEGER;
    case REPLIED_ABOVE_256_DIGITS:
        return operation == OPERATION_PRODUCT && form == CALC_AS_STRING;
    default:
        return true;
    }
}

static void add_reply(struct measures *measures, uint8_t header, enum outcome result)
{
    unsigned opcode = header >> REQUEST_OPCODE_SHIFT & REQUEST_OPCODE_MASK;
    enum operation operation = OPERATION_UNKNOWN;
    if (opcode == CALC_SUM || opcode == CALC_PRODUCT)
        operation = opcode == CALC_SUM ? OPERATION_SUM : OPERATION_PRODUCT;
    count(&measures->replies[operation][header & REQUEST_FORMAT_MASK][result], 1);
}

void measures_add(struct measures *measures, const struct outbox *batch, uint64_t nanoseconds)
{
    uint64_t octets_in = 0, octets_out = 0;
    if (batch->count == 0)
        return;
    for (unsigned i = 0; i < batch->count; i++) {
        const struct exchange *exchange = &batch->exchanges[i];
        octets_in += exchange->request.length;
        if ((unsigned)exchange->outcome >= RESULT_COUNT)
            continue;
        octets_out += exchange->length;
        add_reply(measures, exchange->request.octets[0], exchange->outcome);
    }
    count(&measures->octets_in, octets_in);
    count(&measures->octets_out, octets_out);
    count(&measures->batches[measures_bucket(batch->count, BATCH_BUCKETS)], 1);
    uint64_t microseconds = (nanoseconds + 999) / 1000;
    count(&measures->latencies[measures_bucket(microseconds, LATENCY_BUCKETS)], batch->count);
    count(&measures->latency_ns, nanoseconds * batch->count);
}
