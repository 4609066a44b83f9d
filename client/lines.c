/* Words and blanks. */
#include "lines.h"
#include "options.h"

#include <string.h>

/* The next word, which then ends with NUL, or NULL at the end of the line or before a comment. */
static char *next_word(char **rest)
{
    char *word = *rest + strspn(*rest, " \t");
    if (*word == '\0' || *word == '#')
        return NULL;
    char *end = word + strcspn(word, " \t");
    *rest = *end == '\0' ? end : end + 1;
    *end = '\0';
    return word;
}

static bool read_operator(char *word, struct calc_request *request)
{
    if (options_operator(word, &request->opcode))
        return true;
    size_t length = strlen(word);
    if (word[length - 1] != 's')
        return false;
    word[length - 1] = '\0';
    if (options_operator(word, &request->opcode)) {
        request->format = CALC_AS_STRING;
        return true;
    }
    word[length - 1] = 's';
    return false;
}

static enum line_kind read_words(char *word, char *rest, struct calc_request *request,
                                 struct failure *failure)
{
    const char *name = word;
    enum calc_format format = request->format;
    if (!read_operator(word, request)) {
        fail(failure, FAILURE_USAGE,
             "operator '%.99s' is unknown: + sum add, or * x mul product, is allowed, and an s "
             "behind it for a string",
             word);
        return LINE_WRONG;
    }
    bool own_format = request->format != format;
    word = next_word(&rest);
    if (word != NULL && strcmp(word, "s") == 0 && !own_format) {
        request->format = CALC_AS_STRING;
        word = next_word(&rest);
    }
    if (word == NULL) {
        fail(failure, FAILURE_USAGE, "no INTEGER after operator '%.99s': 1 to 64 are allowed",
             name);
        return LINE_WRONG;
    }
    for (; word != NULL; word = next_word(&rest)) {
        if (!options_next_integer(word, request, failure))
            return LINE_WRONG;
    }
    return LINE_REQUEST;
}

enum line_kind line_read(char *text, size_t length, enum calc_format format,
                         struct calc_request *request, struct failure *failure)
{
    if (length > 0 && text[length - 1] == '\r')
        length--;
    text[length] = '\0';
    if (text[strspn(text, " \t")] != '#' && strlen(text) < length) {
        fail(failure, FAILURE_USAGE, "there is a NUL in it, which is no text");
        return LINE_WRONG;
    }
    char *rest = text;
    char *word = next_word(&rest);
    if (word == NULL)
        return LINE_EMPTY;
    if (length > LINE_OCTETS_MAX) {
        fail(failure, FAILURE_USAGE, "it is longer than the %d octets that are allowed",
             LINE_OCTETS_MAX);
        return LINE_WRONG;
    }
    request->format = format;
    request->count = 0;
    return read_words(word, rest, request, failure);
}
