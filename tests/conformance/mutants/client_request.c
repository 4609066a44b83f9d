/* mutant-client: what it sends. */
#include "client.h"

#include <stdio.h>
#include <string.h>

static unsigned char header_of(const struct client *client)
{
    unsigned opcode = client->product, f = client->as_string;
    switch (client->mistake) {
    case SUM_OPCODE:
        return (unsigned char)(client->product || client->as_string ? opcode << 1 | f : 1 << 1);
    case PRODUCT_OPCODE:
        return (unsigned char)(client->product && !f ? 2 << 1 : opcode << 1 | f);
    case PRODUCT_STRING_OPCODE:
        return (unsigned char)(client->product && f ? 2 << 1 | f : opcode << 1 | f);
    case OPCODE_NOT_SHIFTED:
        return (unsigned char)(opcode | f);
    case OPCODE_ADDED:
        return (unsigned char)(opcode + f);
    case OPCODE_HIGH:
        return (unsigned char)(opcode << 4 | f);
    case F_NEVER:
        return (unsigned char)(opcode << 1);
    case F_NEVER_IN_SUMS:
        return (unsigned char)(opcode << 1 | (client->product ? f : 0));
    case F_NEVER_IN_PRODUCTS:
        return (unsigned char)(opcode << 1 | (client->product ? 0 : f));
    case F_ALWAYS:
        return (unsigned char)(opcode << 1 | 1);
    case F_IN_BIT_0:
        return (unsigned char)(opcode << 1 | f << 7);
    case F_IN_BIT_3:
        return (unsigned char)(opcode << 1 | f << 4);
    case BITS_FROM_THE_RIGHT:
        return (unsigned char)(opcode << 4 | f << 7);
    case SIGN_AS_HEADER:
        return client->product ? '*' : '+';
    case UNUSED_BITS_SET:
        return (unsigned char)(0xA0 | opcode << 1 | f);
    default:
        return (unsigned char)(opcode << 1 | f);
    }
}

static size_t put(unsigned char *octets, uint64_t integer, size_t width, bool little)
{
    for (size_t i = 0; i < width; i++)
        octets[little ? i : width - 1 - i] = (unsigned char)(integer >> (8 * i));
    return width;
}

static size_t put_integer(const struct client *client, unsigned char *octets, uint32_t integer)
{
    switch (client->mistake) {
    case SENDS_LITTLE_ENDIAN:
    case LITTLE_ENDIAN_BOTH:
        return put(octets, integer, 4, true);
    case SIGNED_INTEGERS:
        return put(octets, integer > INT32_MAX ? INT32_MAX : integer, 4, false);
    case ZEROS_LEFT_OUT:
        return integer == 0 ? 0 : put(octets, integer, 4, false);
    case WIDE:
        return put(octets, integer, 8, false);
    case WIDE_LITTLE_ENDIAN:
        return put(octets, integer, 8, true);
    case NARROW:
        return put(octets, integer, 2, false);
    case HTONS:
        memset(octets + 2, 0, 2);
        put(octets, integer, 2, false);
        return 4;
    default:
        return put(octets, integer, 4, false);
    }
}

/* What stands before the integers. */
static size_t put_header(const struct client *client, unsigned char *octets)
{
    unsigned char header = header_of(client);
    octets[0] = header;
    switch (client->mistake) {
    case HEADER_MISSING:
        return 0;
    case HEADER_OF_4:
        return put(octets, header, 4, false);
    case STRUCTURE:
        memset(octets + 1, 0x5A, 3); /* padding is what was there before */
        return 4;
    case COUNT_FIRST:
        octets[1] = (unsigned char)client->count;
        return 2;
    case COUNT_OF_4:
        return 1 + put(octets + 1, client->count, 4, false);
    default:
        return 1;
    }
}

static size_t put_text(const struct client *client, char *text)
{
    size_t at = (size_t)sprintf(text, "%c", client->product ? '*' : '+');
    for (size_t i = 0; i < client->count; i++)
        at += (size_t)sprintf(text + at, " %lu", (unsigned long)client->integers[i]);
    return at;
}

/* How many of the octets are sent, where that is wrong. */
static size_t cut(const struct client *client, size_t length)
{
    switch (client->mistake) {
    case SIX_FOR_FIVE:
        return client->count == 5 ? length + 4 : length;
    case SIXTY_FIVE:
        return client->count == 64 ? length + 4 : length;
    case LAST_LEFT_OUT:
        return length - 4;
    case WHOLE_ARRAY:
        return 1 + 4 * INTEGERS_MAX;
    case SIZEOF_POINTER:
        return sizeof(char *);
    case LENGTH_IN_INTEGERS:
        return 1 + client->count;
    case HEADER_NOT_COUNTED:
        return length - 1;
    case NUL_AT_THE_END:
        return length + 1;
    case HEADER_ALONE:
        return 1;
    default:
        return length;
    }
}

size_t make_request(const struct client *client, unsigned char octets[ROOM])
{
    if (client->mistake == TEXT)
        return put_text(client, (char *)octets);
    size_t length = put_header(client, octets);
    for (size_t i = 0; i < client->count; i++) {
        bool wrong = client->mistake == SIXTY_FOURTH_WRONG && i == INTEGERS_MAX - 1;
        length += put_integer(client, octets + length, client->integers[wrong ? 0 : i]);
    }
    if (client->mistake == TWO_FOR_ONE && client->count == 1)
        length += put_integer(client, octets + length, client->integers[0]);
    if (client->mistake == POINTER)
        memcpy(octets + 1, &(const void *){octets}, sizeof(void *));
    if (client->mistake == STRLEN)
        return strlen((const char *)octets);
    return cut(client, length);
}
