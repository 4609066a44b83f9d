/* Each fate has a generator of its own, which always draws the same numbers in the same order. */
#include "fate.h"

#include "tests/support/datagram.h"

/* The finalizer of splitmix64: neighbours end up far from each other. */
static uint64_t mix(uint64_t value)
{
    value += UINT64_C(0x9E3779B97F4A7C15);
    value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
    return value ^ value >> 31;
}

/* FNV-1a, 64 bits. */
uint64_t fate_name(const uint8_t *octets, size_t length)
{
    uint64_t name = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < length; i++)
        name = (name ^ octets[i]) * UINT64_C(0x100000001B3);
    return mix(name);
}

static enum fate_kind draw_kind(uint32_t roll, const struct fate_knobs *knobs, unsigned shorten)
{
    if (roll < knobs->loss)
        return FATE_LOST;
    if (roll < knobs->loss + knobs->cut)
        return FATE_CUT;
    return roll < knobs->loss + knobs->cut + shorten ? FATE_SHORTENED : FATE_PASSES;
}

static struct fate_leg draw_leg(uint64_t *state, const struct fate_knobs *knobs, unsigned shorten)
{
    struct fate_leg leg = {
        .kind = draw_kind(random_u32(state) % 100, knobs, shorten),
        .where = random_u32(state),
        .copies = random_u32(state) % 100 < knobs->twice ? 2 : 1,
    };
    for (int i = 0; i < FATE_COPIES_MAX; i++) {
        bool held_back = random_u32(state) % 100 < knobs->reorder;
        int64_t more = random_u32(state) % (knobs->delay_us + 1);
        leg.delay_us[i] = knobs->delay_us + (held_back ? more : 0);
    }
    return leg;
}

struct fate fate_of(const struct fate_knobs *knobs, uint64_t name, unsigned try)
{
    uint64_t state = mix(mix(name ^ mix(knobs->seed)) + try) | 1; /* xorshift has no way out of 0 */
    struct fate fate = {.request = draw_leg(&state, knobs, 0)};
    for (int i = 0; i < FATE_COPIES_MAX; i++)
        fate.replies[i] = draw_leg(&state, knobs, knobs->shorten);
    return fate;
}

char fate_letter(const struct fate *fate)
{
    if (fate->request.kind != FATE_PASSES)
        return fate->request.kind == FATE_LOST ? 'l' : 'c';
    for (unsigned i = 0; i < fate->request.copies; i++) {
        if (fate->replies[i].kind == FATE_PASSES)
            return '.';
    }
    return "?LCS"[fate->replies[0].kind];
}
