/* The pattern of a client's output: line by line, the words before the result, the result, the words behind
 * it. */
#define _GNU_SOURCE /* memmem */
#include "expect.h"

#include <stdio.h>
#include <string.h>

enum { LINE_ROOM = 4096 };

static const char placeholder[] = "{result}";

struct line {
    size_t length;
    char text[LINE_ROOM];
};

bool expect_pattern(const char *pattern, char why[static EXPECT_WHY_ROOM])
{
    const char *at = strstr(pattern, placeholder);
    if (at != NULL && strstr(at + 1, placeholder) == NULL)
        return true;
    snprintf(why, EXPECT_WHY_ROOM,
             "--expect '%.60s' %s: one line as the client prints it, like '%s'", pattern,
             at == NULL ? "has no {result}" : "has {result} twice", EXPECT_DEFAULT);
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_final(char c)
{
    return c >= '@' && c <= '~';
}

/* ESC [ ... m, as its length; 0: none begins here. */
static size_t colour_length(const char *text, size_t length)
{
    size_t at = 2;
    if (length < 3 || text[0] != '\033' || text[1] != '[')
        return 0;
    while (at < length && !is_final(text[at]))
        at++;
    return at < length && text[at] == 'm' ? at + 1 : 0;
}

static void copy_line(struct line *line, const char *text, size_t length)
{
    line->length = 0;
    for (size_t at = 0; at < length && line->length < LINE_ROOM; at++) {
        size_t colour = colour_length(text + at, length - at);
        if (colour > 0)
            at += colour - 1;
        else
            line->text[line->length++] = text[at];
    }
}

static bool begins_like_a_number(const char *text, size_t length)
{
    return (length > 0 && is_digit(text[0])) || (length > 1 && text[0] == '-' && is_digit(text[1]));
}

static void note(struct shown *shown, const char *text, size_t length)
{
    char copy[SHOWN_ROOM];
    if (length >= SHOWN_ROOM)
        length = SHOWN_ROOM - 1;
    for (size_t i = 0; i < length; i++)
        copy[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
    copy[length] = '\0';
    if (shown->count++ == 0)
        memcpy(shown->text, copy, length + 1);
    else
        shown->differ = shown->differ || strcmp(shown->text, copy) != 0;
}

static void read_line(const char *pattern, const struct line *line, struct shown *shown)
{
    const char *place = strstr(pattern, placeholder);
    if (place == NULL)
        return;
    size_t before = (size_t)(place - pattern);
    const char *behind = place + strlen(placeholder);
    while (before > 0 && is_blank(pattern[before - 1]))
        before--;
    behind += strspn(behind, " \t\r");

    const char *end = line->text + line->length;
    const char *begin = memmem(line->text, line->length, pattern, before);
    if (begin == NULL)
        return;
    begin += before;
    if (*behind != '\0')
        end = memmem(begin, (size_t)(end - begin), behind, strlen(behind));
    if (end == NULL)
        return;
    while (begin < end && is_blank(*begin))
        begin++;
    while (end > begin && is_blank(end[-1]))
        end--;
    size_t length = (size_t)(end - begin);
    if (before == 0 && memchr(begin, ' ', length) != NULL)
        return;
    if (begins_like_a_number(begin, length))
        note(shown, begin, length);
}

void expect_find(const char *pattern, const char *output, size_t length, struct shown *shown)
{
    const char *end = output + length;
    *shown = (struct shown){0};
    while (output < end) {
        const char *newline = memchr(output, '\n', (size_t)(end - output));
        const char *line_end = newline != NULL ? newline : end;
        struct line line;
        copy_line(&line, output, (size_t)(line_end - output));
        read_line(pattern, &line, shown);
        output = newline != NULL ? newline + 1 : end;
    }
}

bool shown_is(const struct shown *shown, const char *digits)
{
    const char *text = shown->text;
    while (text[0] == '0' && is_digit(text[1]))
        text++;
    return shown->count > 0 && !shown->differ && strcmp(text, digits) == 0;
}

bool shown_result(const struct shown *shown)
{
    return shown->count > 0 && (shown->differ || is_digit(shown->text[0]));
}
