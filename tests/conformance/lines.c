/* Lines of a file, and where in it something is wrong. */
#define _GNU_SOURCE
#include "lines.h"

#include "proto/show.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

static const char blanks[] = " \t\r\n";

bool lines_open(struct lines *lines, const char *path, char why[static LINES_WHY_ROOM])
{
    *lines = (struct lines){.file = fopen(path, "re"), .path = path, .why = why};
    why[0] = '\0';
    if (lines->file == NULL)
        snprintf(why, LINES_WHY_ROOM, "reading '%s': %s", path, strerror(errno));
    return lines->file != NULL;
}

static void trim(char *text)
{
    size_t begin = strspn(text, blanks);
    size_t length = strlen(text);
    while (length > begin && strchr(blanks, text[length - 1]) != NULL)
        length--;
    memmove(text, text + begin, length - begin);
    text[length - begin] = '\0';
}

bool lines_next(struct lines *lines)
{
    while (lines->why[0] == '\0' && fgets(lines->text, sizeof lines->text, lines->file) != NULL) {
        lines->number++;
        if (strchr(lines->text, '\n') == NULL && !feof(lines->file))
            return lines_refuse(lines, "the line is too long: %d characters are allowed",
                                LINES_ROOM - 2);
        trim(lines->text);
        if (lines->text[0] != '\0' && lines->text[0] != '#')
            return true;
    }
    if (ferror(lines->file))
        snprintf(lines->why, LINES_WHY_ROOM, "reading '%s': %s", lines->path, strerror(errno));
    return false;
}

char *lines_word(char **text)
{
    char *word = *text;
    char *end = word + strcspn(word, blanks);
    *text = end + strspn(end, blanks);
    *end = '\0';
    return word;
}

bool lines_refuse(struct lines *lines, const char *format, ...)
{
    int begin = snprintf(lines->why, LINES_WHY_ROOM, "%.255s:%u: ", lines->path, lines->number);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(lines->why + begin, LINES_WHY_ROOM - (size_t)begin, format, arguments);
    va_end(arguments);
    calc_one_line(lines->why);
    return false;
}

bool lines_close(struct lines *lines)
{
    fclose(lines->file);
    return lines->why[0] == '\0';
}
