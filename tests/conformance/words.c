/* A command line as words: blanks, quotations, and names in braces. */
#include "words.h"

#include "proto/show.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct splitting {
    struct words *words;
    const char *at; /* what is still to be read */
    const struct placeholder *placeholders;
    size_t placeholder_count;
    char *why;
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct splitting *s, const char *format,
                                                         ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(s->why, WORDS_WHY_ROOM, format, arguments);
    va_end(arguments);
    calc_one_line(s->why);
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool ends_word(char c)
{
    return c == '\0' || is_blank(c);
}

static bool put(struct splitting *s, const char *text, size_t length)
{
    struct words *words = s->words;
    if (length > WORDS_ROOM - words->used)
        return refuse(s, "the command is too long: %d characters are allowed", WORDS_ROOM - 1);
    memcpy(words->text + words->used, text, length);
    words->used += length;
    return true;
}

/* Ends the word that began at this place in the text. */
static bool end_word(struct splitting *s, size_t begin, bool quoted)
{
    struct words *words = s->words;
    if (words->used == begin && !quoted)
        return true;
    if (words->count == WORDS_MAX)
        return refuse(s, "the command has too many words: %d are allowed", WORDS_MAX);
    if (!put(s, "", 1))
        return false;
    words->list[words->count++] = words->text + begin;
    return true;
}

/* The length of "{name}", or 0: a brace before anything else is a brace. */
static size_t name_length(const char *text)
{
    if (*text != '{')
        return 0;
    size_t letters = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz_");
    return letters > 0 && text[1 + letters] == '}' ? letters + 2 : 0;
}

static bool unknown_name(struct splitting *s, size_t length)
{
    char known[WORDS_WHY_ROOM] = "";
    size_t used = 0;
    for (size_t i = 0; i < s->placeholder_count && used < sizeof known; i++) {
        int more = snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "",
                            s->placeholders[i].name);
        used += more > 0 ? (size_t)more : 0;
    }
    return refuse(s, "the name %.*s is unknown: allowed is %s, and \\{ for a brace", (int)length,
                  s->at, s->placeholder_count == 0 ? "none" : known);
}

static const struct placeholder *find(const struct splitting *s, size_t length)
{
    for (size_t i = 0; i < s->placeholder_count; i++) {
        const char *name = s->placeholders[i].name;
        if (strlen(name) == length && memcmp(name, s->at, length) == 0)
            return &s->placeholders[i];
    }
    return NULL;
}

static bool put_words(struct splitting *s, const struct placeholder *placeholder)
{
    for (size_t i = 0; i < placeholder->count; i++) {
        size_t begin = s->words->used;
        const char *value = placeholder->values[i];
        if (!put(s, value, strlen(value)) || !end_word(s, begin, false))
            return false;
    }
    return true;
}

/* A name in braces at this place; `alone` where it is the whole word. */
static bool read_name(struct splitting *s, size_t length, bool alone)
{
    const struct placeholder *placeholder = find(s, length);
    if (placeholder == NULL)
        return unknown_name(s, length);
    s->at += length;
    if (alone)
        return put_words(s, placeholder);
    return placeholder->count == 0 ||
           put(s, placeholder->values[0], strlen(placeholder->values[0]));
}

/* What follows is read as it is, or is a name: within and outside of quotations. */
static bool read_plain(struct splitting *s)
{
    size_t length = name_length(s->at);
    if (length > 0)
        return read_name(s, length, false);
    return put(s, s->at++, 1);
}

static bool read_quotation(struct splitting *s)
{
    const char quote = *s->at++;
    while (*s->at != quote) {
        if (quote == '"' && *s->at == '\\' && s->at[1] != '\0' && strchr("\"\\$`", s->at[1])) {
            if (!put(s, s->at + 1, 1))
                return false;
            s->at += 2;
            continue;
        }
        if (*s->at == '\0')
            return refuse(s, "a quotation is open: a second %c is missing", quote);
        if (!read_plain(s))
            return false;
    }
    s->at++;
    return true;
}

static bool read_word(struct splitting *s)
{
    size_t begin = s->words->used;
    size_t length = name_length(s->at);
    if (length > 0 && ends_word(s->at[length]))
        return read_name(s, length, true);
    bool quoted = false;
    while (!ends_word(*s->at)) {
        if (*s->at == '\'' || *s->at == '"') {
            quoted = true;
            if (!read_quotation(s))
                return false;
        } else if (*s->at == '\\') {
            if (s->at[1] == '\0')
                return refuse(s, "a \\ stands at the end: a character has to follow it");
            if (!put(s, s->at + 1, 1))
                return false;
            s->at += 2;
        } else if (!read_plain(s)) {
            return false;
        }
    }
    return end_word(s, begin, quoted);
}

bool words_split(struct words *words, const char *command, const struct placeholder *placeholders,
                 size_t placeholder_count, char why[static WORDS_WHY_ROOM])
{
    *words = (struct words){0};
    struct splitting s = {words, command, placeholders, placeholder_count, why};
    for (;;) {
        while (is_blank(*s.at))
            s.at++;
        if (*s.at == '\0')
            break;
        if (!read_word(&s))
            return false;
    }
    if (words->count == 0)
        return refuse(&s, "the command is empty: a program and its arguments are allowed");
    return true;
}

bool words_mention(const char *command, const char *name)
{
    return strstr(command, name) != NULL;
}
