/* Reads a file of C just well enough to find the definition of a function and to count its parameters. */
#include "function_source.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOURCE_MAX = 1 << 20 };

/* Puts blanks up to where `end` begins, and over it; returns what comes after. */
static char *blank_until(char *p, const char *end)
{
    char *found = strstr(p, end);
    char *after = found == NULL ? p + strlen(p) : found + strlen(end);
    memset(p, ' ', (size_t)(after - p));
    return after;
}

static char *blank_quotation(char *p)
{
    char quote = *p;
    *p++ = ' ';
    while (*p != '\0' && *p != quote && *p != '\n') {
        if (*p == '\\' && p[1] != '\0')
            *p++ = ' ';
        *p++ = ' ';
    }
    if (*p == quote)
        *p++ = ' ';
    return p;
}

/* To its end, lines that go on with a backslash included. */
static char *blank_line(char *p)
{
    while (*p != '\0' && *p != '\n') {
        if (*p == '\\' && p[1] == '\n')
            *p++ = ' ';
        *p++ = ' ';
    }
    return p;
}

/* Leaves what the compiler proper reads. */
static void blank_the_rest(char *text)
{
    bool line_begins = true;
    for (char *p = text; *p != '\0';) {
        bool begins = line_begins;
        line_begins = *p == '\n' || (begins && isspace((unsigned char)*p));
        if (strncmp(p, "/*", 2) == 0) {
            p = blank_until(p, "*/");
            line_begins = begins;
        } else if (strncmp(p, "//", 2) == 0 || (*p == '#' && begins)) {
            p = blank_line(p);
        } else if (*p == '"' || *p == '\'') {
            p = blank_quotation(p);
        } else {
            p++;
        }
    }
}

static const char *skip_blanks(const char *p)
{
    return p + strspn(p, " \t\r\n");
}

static bool in_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The number of parameters where a definition's name ends at p; -1: it is none. */
static int parameters_at(const char *p)
{
    p = skip_blanks(p);
    if (*p != '(')
        return -1;
    int depth = 0, count = 1;
    do {
        depth += (*p == '(') - (*p == ')');
        count += *p == ',' && depth == 1;
        p++;
    } while (*p != '\0' && depth > 0);
    return *skip_blanks(p) == '{' ? count : -1;
}

static int parameters_of(const char *text, const char *name)
{
    size_t length = strlen(name);
    for (const char *p = text; (p = strstr(p, name)) != NULL; p += length) {
        if ((p > text && in_name(p[-1])) || in_name(p[length]))
            continue;
        int count = parameters_at(p + length);
        if (count >= 0)
            return count;
    }
    return -1;
}

static char *read_text(FILE *file)
{
    char *text = malloc(SOURCE_MAX + 1);
    if (text == NULL)
        return NULL;
    size_t length = fread(text, 1, SOURCE_MAX, file);
    text[length] = '\0';
    if (ferror(file)) {
        free(text);
        return NULL;
    }
    return text;
}

bool function_source_read(const char *path, struct function_source *source,
                          char why[static FUNCTION_SOURCE_WHY_ROOM])
{
    FILE *file = fopen(path, "re");
    char *text = file == NULL ? NULL : read_text(file);
    int error = errno;
    if (file != NULL)
        fclose(file);
    if (text == NULL) {
        snprintf(why, FUNCTION_SOURCE_WHY_ROOM, "%s: cannot be read: %s", path, strerror(error));
        return false;
    }
    blank_the_rest(text);
    source->client_parameters = parameters_of(text, "create_and_send_message");
    source->server_parameters = parameters_of(text, "recv_and_handle_message");
    free(text);
    return true;
}
