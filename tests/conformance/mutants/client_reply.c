/* mutant-client: what it makes of a reply. */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 256 };

static bool is_success(const struct client *client, const unsigned char *octets, size_t length)
{
    unsigned char header = octets[0];
    bool success = (header & 0x80) != 0;
    switch (client->mistake) {
    case S_IGNORED:
        return true;
    case S_AT_THE_END:
        return (header & 1) != 0;
    case SHORT_ERROR_IS_ZERO:
        return success || length == 1;
    case ANY_BIT_IS_SUCCESS:
        return header != 0;
    case WHOLE_HEADER:
        return header == 0x80;
    case WHOLE_HEADER_OF_INTEGERS:
        return client->as_string ? success : header == 0x80;
    case WHOLE_HEADER_OF_STRINGS:
        return client->as_string ? header == 0x80 : success;
    case ERROR_WITH_INTEGER:
        return success || (!client->as_string && header == 0 && length == 5);
    case ERROR_WITH_DIGITS:
        return success || (client->as_string && header == 0 && length > 1);
    default:
        return success;
    }
}

static bool is_length_of_integer(const struct client *client, unsigned char header, size_t length)
{
    switch (client->mistake) {
    case SHORT_ERROR_IS_ZERO:
        return length == 5 || (length == 1 && header == 0);
    case HEADER_IS_ENOUGH:
        return length == 5 || length == 1;
    case THREE_OCTETS:
        return length == 5 || length == 4;
    case FIVE_OCTETS:
        return length == 5 || length == 6;
    case CUT_REPLIES:
        return length == 5 || length > 257;
    case LENGTH_IGNORED:
        return true;
    default:
        return length == 5;
    }
}

static bool show_integer(const struct client *client, const unsigned char *octets, size_t length)
{
    static const unsigned char nothing[5] = {0};
    uint32_t result = 0;
    bool little = client->mistake == READS_LITTLE_ENDIAN || client->mistake == LITTLE_ENDIAN_BOTH;
    if (!is_length_of_integer(client, octets[0], length))
        return false;
    if (length == 1)
        octets = nothing;
    for (size_t i = 0; i < 4; i++)
        result = result << 8 | octets[little ? 4 - i : 1 + i];
    if (client->mistake == ZERO_IS_AN_ERROR && result == 0)
        return false;
    if (client->mistake == WRONG_FOR_THREE && client->count == 3)
        result++;
    if (client->mistake == SHOWS_SIGNED)
        printf("Result: %d\n", (int)result);
    else
        printf("%s: %u\n", client->mistake == OTHER_WORDS ? "Answer" : "Result", result);
    return true;
}

/* How many of the octets are taken for digits; 0: it is no string of digits. */
static size_t digits_in(const struct client *client, const unsigned char *octets, size_t length)
{
    size_t most = client->mistake == DIGITS_257 ? DIGITS_MAX + 1 : DIGITS_MAX;
    size_t from = client->mistake == MINUS && length > 1 && octets[0] == '-' ? 1 : 0;
    if (length > most)
        return 0;
    for (size_t i = from; i < length; i++) {
        bool last = i + 1 == length;
        if (octets[i] >= '0' && octets[i] <= '9')
            continue;
        if (client->mistake == DIGITS_UNCHECKED)
            return length;
        if (octets[i] == '\0' &&
            (last ? client->mistake == NUL_ENDS_DIGITS : client->mistake == NUL_AMONG_DIGITS))
            return i;
        return client->mistake == LETTERS && octets[i] >= 'A' ? i : 0;
    }
    if (client->mistake == ZEROS_REFUSED && length > 1 && octets[0] == '0')
        return 0;
    return client->mistake == CUT_AT_NINE_DIGITS && length == 10 ? 9 : length;
}

static bool show_string(const struct client *client, const unsigned char *octets, size_t length)
{
    if (length == 1 && client->mistake == NO_DIGITS_ARE_ZERO) {
        puts("Result: 0");
        return true;
    }
    size_t digits = digits_in(client, octets + 1, length - 1);
    if (digits == 0)
        return false;
    char text[DIGITS_MAX + 2] = "";
    memcpy(text, octets + 1, digits);
    if (client->mistake == TO_THE_NUL)
        printf("Result: %s\n", (const char *)octets + 1);
    else if (client->mistake == NUMBER_OF_64_BITS)
        printf("Result: %llu\n", strtoull(text, NULL, 10));
    else
        printf("%s: %s\n", client->mistake == OTHER_WORDS ? "Answer" : "Result", text);
    return true;
}

int show_reply(const struct client *client, const unsigned char *octets, size_t length)
{
    if (length == 0 && client->mistake == EMPTY_IS_ZERO) {
        puts("Result: 0");
        return 0;
    }
    if (client->mistake == CRASHES ||
        (client->mistake == CRASH_ON_LONG_ERRORS && length > 100 && (octets[0] & 0x80) == 0))
        abort();
    if (length > 0 && !is_success(client, octets, length)) {
        fprintf(stderr, "the server answered with an error\n");
        return 2;
    }
    if (length > 0 && (client->as_string ? show_string : show_integer)(client, octets, length))
        return 0;
    fprintf(stderr, "the reply is not valid\n");
    return 10;
}
