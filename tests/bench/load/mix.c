/* Requests by chance, each kept only where its reply is a result that no other request of the mix has. */
#include "mix.h"
#include "proto/wire.h"
#include "tests/support/datagram.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    TRIES =
        10000, /* for one request; chance needs one or two where there is room for the mix at all */
    /* The dearest results have all of the 256 digits: 64 integers of four digits that are close to 10,000. */
    DEAREST_LEAST = 9900,
    DEAREST_MOST = 9999,
    RESULT_BITS = 850, /* a product of so many bits has 256 digits at most */
};

static uint32_t draw(uint64_t *state, uint64_t least, uint64_t most)
{
    return (uint32_t)(least + random_u32(state) % (most - least + 1));
}

/* Integers whose result fits its form. */
static void draw_integers(struct calc_request *request, uint64_t *state)
{
    size_t count = request->count;
    uint64_t most = UINT32_MAX;
    if (request->opcode == CALC_SUM && request->format == CALC_AS_INTEGER)
        most = UINT32_MAX / count;
    else if (request->opcode == CALC_PRODUCT && count * 32 > RESULT_BITS)
        most = (UINT64_C(1) << RESULT_BITS / count) - 1;
    for (size_t i = 0; i < count; i++)
        request->integers[i] = draw(state, request->opcode == CALC_PRODUCT, most);
    /* Two factors of 20 and 12 bits; one more would leave no room for chance. */
    if (request->opcode == CALC_PRODUCT && request->format == CALC_AS_INTEGER && count > 1) {
        for (size_t i = 0; i < count; i++)
            request->integers[i] = 1;
        request->integers[0] = draw(state, 1, (1 << 20) - 1);
        request->integers[count - 1] = draw(state, 1, (1 << 12) - 1);
    }
}

static void draw_request(const struct mix_choice *choice, size_t count, uint64_t *state,
                         struct calc_request *request)
{
    request->count = count;
    bool product = choice->product && (!choice->sum || random_u32(state) % 2 == 1);
    bool string = choice->as_string && (!choice->as_integer || random_u32(state) % 2 == 1);
    request->opcode = product ? CALC_PRODUCT : CALC_SUM;
    request->format = string ? CALC_AS_STRING : CALC_AS_INTEGER;
    if (choice->echo != 0 || choice->name == MIX_DEAREST) {
        bool dearest = choice->name == MIX_DEAREST && choice->echo == 0;
        for (size_t i = 0; i < count; i++)
            request->integers[i] =
                dearest ? draw(state, DEAREST_LEAST, DEAREST_MOST) : random_u32(state);
        return;
    }
    draw_integers(request, state);
}

/* The right reply, into a room of zeros. 0: an error, which could not be told from another. */
static size_t right_reply(const struct mix_choice *choice, const uint8_t *request, size_t length,
                          uint8_t reply[static MIX_ECHO_MAX])
{
    if (choice->echo != 0) {
        memcpy(reply, request, length < choice->echo ? length : choice->echo);
        return choice->echo;
    }
    size_t reply_length = 0;
    return calc_answer(request, length, reply, &reply_length) == CALC_OK ? reply_length : 0;
}

static size_t hash(const uint8_t *octets, size_t length)
{
    uint64_t h = length;
    for (; length > 0;) {
        uint64_t part = 0;
        size_t octet_count = length < sizeof part ? length : sizeof part;
        memcpy(&part, octets, octet_count);
        h = (h ^ part) * UINT64_C(0x9E3779B97F4A7C15);
        h ^= h >> 32;
        octets += octet_count;
        length -= octet_count;
    }
    return (size_t)h;
}

size_t mix_find(const struct mix *mix, const uint8_t *reply, size_t length)
{
    for (size_t at = hash(reply, length);; at++) {
        uint32_t entry = mix->table[at & mix->table_mask];
        if (entry == 0)
            return MIX_NONE;
        if (mix_matches(mix, entry - 1, reply, length))
            return entry - 1;
    }
}

static void add(struct mix *mix, const uint8_t *request, size_t length, const uint8_t *reply,
                size_t reply_length)
{
    size_t number = mix->count++;
    memcpy(mix->requests + mix->request_at[number], request, length);
    mix->request_at[number + 1] = mix->request_at[number] + (uint32_t)length;
    memcpy(mix->replies + mix->reply_at[number], reply, reply_length);
    mix->reply_at[number + 1] = mix->reply_at[number] + (uint32_t)reply_length;
    if (reply_length > mix->reply_most)
        mix->reply_most = reply_length;
    size_t at = hash(reply, reply_length);
    while (mix->table[at & mix->table_mask] != 0)
        at++;
    mix->table[at & mix->table_mask] = (uint32_t)mix->count;
}

/* False: chance has found none whose reply is new. */
static bool add_one(struct mix *mix, const struct mix_choice *choice, size_t integers,
                    uint64_t *state)
{
    for (int i = 0; i < TRIES; i++) {
        struct calc_request request;
        uint8_t octets[CALC_REQUEST_MAX];
        uint8_t reply[MIX_ECHO_MAX] = {0};
        size_t length = 0;
        draw_request(choice, integers, state, &request);
        calc_request_encode(&request, octets, sizeof octets, &length);
        size_t reply_length = right_reply(choice, octets, length, reply);
        if (reply_length != 0 && mix_find(mix, reply, reply_length) == MIX_NONE) {
            add(mix, octets, length, reply, reply_length);
            return true;
        }
    }
    return false;
}

static size_t request_most(const struct mix_choice *choice)
{
    return CALC_HEADER_OCTETS + CALC_INTEGER_OCTETS * (size_t)choice->most;
}

static size_t reply_most(const struct mix_choice *choice)
{
    if (choice->echo != 0)
        return choice->echo;
    /* REQ-6.11; an integer has 4 octets. */
    size_t digits = (964 * (size_t)choice->most + 99) / 100;
    return 1 + (choice->as_string ? digits : CALC_INTEGER_OCTETS);
}

size_t mix_octets(const struct mix_choice *choice)
{
    return request_most(choice) + reply_most(choice) + 6 * sizeof(uint32_t);
}

/* Room for so many. */
static bool allocate(struct mix *mix, const struct mix_choice *choice, size_t count)
{
    size_t table = 1;
    while (table < 2 * count)
        table *= 2;
    *mix = (struct mix){
        .requests = calloc(count, request_most(choice)),
        .request_at = calloc(count + 1, sizeof *mix->request_at),
        .replies = calloc(count, reply_most(choice)),
        .reply_at = calloc(count + 1, sizeof *mix->reply_at),
        .table = calloc(table, sizeof *mix->table),
        .table_mask = table - 1,
    };
    return mix->requests != NULL && mix->request_at != NULL && mix->replies != NULL &&
           mix->reply_at != NULL && mix->table != NULL;
}

bool mix_make(struct mix *mix, const struct mix_choice *choice, size_t count,
              char why[static MIX_WHY_ROOM])
{
    assert(count % choice->block == 0);
    if (!allocate(mix, choice, count)) {
        snprintf(why, MIX_WHY_ROOM, "no memory for %zu requests: %s", count, strerror(errno));
        mix_free(mix);
        return false;
    }
    uint64_t state = choice->seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    if (state == 0) /* the one that xorshift never leaves */
        state = 1;
    while (mix->count < count) {
        size_t integers = draw(&state, choice->least, choice->most);
        for (size_t i = 0; i < choice->block; i++) {
            if (add_one(mix, choice, integers, &state))
                continue;
            snprintf(why, MIX_WHY_ROOM,
                     "no more than %zu such requests have replies of their own, %zu are needed",
                     mix->count, count);
            mix_free(mix);
            return false;
        }
    }
    return true;
}

void mix_free(struct mix *mix)
{
    free(mix->requests);
    free(mix->request_at);
    free(mix->replies);
    free(mix->reply_at);
    free(mix->table);
    *mix = (struct mix){0};
}
