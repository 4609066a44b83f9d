/* No state, and no message but that of octets: what a wrong word means is known to script.c. */
#include "script_words.h"

#include <string.h>

static const char *const BLANKS = " \t";

bool word_take(const char **p, char word[static WORD_ROOM])
{
    const char *begin = *p + strspn(*p, BLANKS);
    size_t length = strcspn(begin, BLANKS);
    size_t kept = length < WORD_ROOM ? length : WORD_ROOM - 1;
    memcpy(word, begin, kept);
    word[kept] = '\0';
    *p = begin + length;
    return length > 0;
}

bool word_at_end(const char *p)
{
    return p[strspn(p, BLANKS)] == '\0';
}

bool word_is_name(const char *word, size_t room)
{
    size_t length = strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return length > 0 && word[length] == '\0' && length < room;
}

bool word_number(const char *word, unsigned long limit, unsigned long *number)
{
    *number = 0;
    const char *p = word;
    for (; *p >= '0' && *p <= '9'; p++) {
        *number = 10 * *number + (unsigned long)(*p - '0');
        if (*number > limit)
            return false;
    }
    return p > word && *p == '\0';
}

bool word_time(const char *word, int64_t *time_us)
{
    enum { SECONDS_MAX = 1000000 };
    int64_t seconds = 0;
    int64_t fraction = 0;
    const char *p = word;
    for (; *p >= '0' && *p <= '9' && seconds <= SECONDS_MAX; p++)
        seconds = 10 * seconds + (*p - '0');
    bool good = p > word && seconds <= SECONDS_MAX;
    if (*p == '.') {
        const char *point = p++;
        int64_t unit = 100000;
        for (; *p >= '0' && *p <= '9'; p++, unit /= 10)
            fraction += unit * (*p - '0');
        good = good && p - point > 1 && p - point <= 7;
    }
    *time_us = 1000000 * seconds + fraction;
    return good && *p == '\0';
}

/* -1: it is none. */
static int digit_value(char c)
{
    const char *digits = "0123456789abcdef0123456789ABCDEF";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits) & 0xF;
}

/* N* at the beginning of a word; 1 where there is none, 0 where it is wrong. */
static unsigned long take_times(const char **p)
{
    size_t digits = strspn(*p, "0123456789");
    if ((*p)[digits] != '*')
        return 1;
    unsigned long times = 0;
    for (size_t i = 0; i < digits && times < 100000; i++)
        times = 10 * times + (unsigned long)((*p)[i] - '0');
    *p += digits + 1;
    return times;
}

static bool repeat(unsigned long times, size_t from, uint8_t *octets, size_t room, size_t *length)
{
    size_t count = *length - from;
    for (; times > 1; times--) {
        if (count > room - *length)
            return false;
        memcpy(octets + *length, octets + from, count);
        *length += count;
    }
    return true;
}

const char *octets_read(const char *text, uint8_t *octets, size_t room, size_t *length)
{
    size_t digits = 0;
    *length = 0;
    for (const char *p = text + strspn(text, BLANKS); *p != '\0'; p += strspn(p, BLANKS)) {
        const char *word = p;
        unsigned long times = take_times(&p);
        size_t from = *length;
        if (p > word && digits % 2 != 0)
            return "half an octet in front of N*OCTETS";
        if (times == 0)
            return "N*OCTETS needs a number above zero";
        size_t first = digits;
        for (int value; (value = digit_value(*p)) >= 0; p++, digits++) {
            if (digits % 2 == 0 && *length == room)
                return "more octets than fit into a datagram here";
            if (digits % 2 == 0)
                octets[(*length)++] = (uint8_t)(value << 4);
            else
                octets[*length - 1] |= (uint8_t)value;
        }
        if (*p != '\0' && strchr(BLANKS, *p) == NULL)
            return "octets are hex digits, or N*OCTETS, or (empty)";
        if (times > 1 && (digits == first || digits % 2 != 0))
            return "N*OCTETS needs whole octets";
        if (!repeat(times, from, octets, room, length))
            return "more octets than fit into a datagram here";
    }
    if (digits == 0)
        return "no octets: a datagram without any is written (empty)";
    return digits % 2 == 0 ? NULL : "half an octet at the end";
}

/* How many octets follow this one in UTF-8 (RFC 3629); -1: none can begin so. */
static int octets_behind(unsigned char first)
{
    if (first < 0x80)
        return 0;
    if (first >= 0xC2 && first <= 0xDF)
        return 1;
    if (first >= 0xE0 && first <= 0xEF)
        return 2;
    return first >= 0xF0 && first <= 0xF4 ? 3 : -1;
}

bool text_is_utf8(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0';) {
        unsigned char first = *p++;
        int behind = octets_behind(first);
        if (behind < 0 || (first == 0xE0 && *p < 0xA0) || (first == 0xED && *p > 0x9F) ||
            (first == 0xF0 && *p < 0x90) || (first == 0xF4 && *p > 0x8F))
            return false;
        for (; behind > 0; behind--, p++) {
            if (*p < 0x80 || *p > 0xBF)
                return false;
        }
    }
    return true;
}
