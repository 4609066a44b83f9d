/* Lines of pairs as logfmt has them, and the one place that writes to standard error. */
#define _GNU_SOURCE /* PIPE_BUF */

#include "log.h"
#include "output.h"
#include "proto/term/program.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert((int)LOG_LINE_ROOM <= PIPE_BUF, "in one piece");

enum { LINE_MAX_OCTETS = LOG_LINE_ROOM - 1 }; /* the line feed has its room */

void log_begin(struct log *log)
{
    char own[64];
    struct stat there;
    const char *stream = getenv("JOURNAL_STREAM");
    log->journal = false;
    if (stream == NULL || fstat(STDERR_FILENO, &there) < 0)
        return;
    snprintf(own, sizeof own, "%" PRIuMAX ":%" PRIuMAX, (uintmax_t)there.st_dev,
             (uintmax_t)there.st_ino);
    log->journal = strcmp(stream, own) == 0;
}

static bool must_be_quoted(const char *value)
{
    for (const char *p = value; *p != '\0'; p++) {
        if ((unsigned char)*p <= ' ' || *p == '=' || *p == '"' || *p == 0x7F)
            return true;
    }
    return *value == '\0';
}

/* As within quotes. */
static void escape(char octet, char text[static sizeof "\\u0000"])
{
    static const char plain[] = "\"\\\n\r\t";
    static const char letters[] = "\"\\nrt";
    const char *found = strchr(plain, octet);
    if (found != NULL)
        snprintf(text, sizeof "\\u0000", "\\%c", letters[found - plain]);
    else if ((unsigned char)octet < ' ' || octet == 0x7F)
        snprintf(text, sizeof "\\u0000", "\\u%04x", (unsigned)octet);
    else
        snprintf(text, sizeof "\\u0000", "%c", octet);
}

/* False: there is no room. */
static bool add(struct log_line *line, const char *text)
{
    size_t length = strlen(text);
    if (length > LINE_MAX_OCTETS - line->length)
        return false;
    memcpy(line->text + line->length, text, length);
    line->length += length;
    return true;
}

static bool add_quoted(struct log_line *line, const char *value)
{
    char text[sizeof "\\u0000"];
    bool added = add(line, "\"");
    for (const char *p = value; *p != '\0' && added; p++) {
        escape(*p, text);
        added = add(line, text);
    }
    return added && add(line, "\"");
}

void log_word(struct log_line *line, const char *key, const char *value)
{
    const size_t before = line->length;
    bool added = add(line, " ") && add(line, key) && add(line, "=") &&
                 (must_be_quoted(value) ? add_quoted(line, value) : add(line, value));
    if (!added)
        line->length = before;
}

void log_number(struct log_line *line, const char *key, uint64_t value)
{
    char text[sizeof "18446744073709551615"];
    snprintf(text, sizeof text, "%" PRIu64, value);
    log_word(line, key, text);
}

static void begin(struct log_line *line, const struct log *log, int priority)
{
    char text[16] = "";
    line->length = 0;
    if (log->journal && log->format == LOG_PAIRS)
        snprintf(text, sizeof text, "<%d>", priority);
    (void)add(line, text);
}

void log_line_begin(struct log_line *line, const struct log *log, int priority, const char *event)
{
    begin(line, log, priority);
    (void)add(line, priority == LOG_ERR       ? "level=error"
                    : priority == LOG_WARNING ? "level=warning"
                                              : "level=info");
    log_word(line, "event", event);
}

void log_line_end(struct log_line *line)
{
    line->text[line->length++] = '\n';
    if (!output_ready(STDERR_FILENO))
        return;
    ssize_t written = write(STDERR_FILENO, line->text, line->length);
    (void)written; /* nobody could be told */
}

void log_say(const struct log *log, int priority, const char *event, const char *message)
{
    struct log_line line;
    if (log->format == LOG_PAIRS) {
        log_line_begin(&line, log, priority, event);
        log_word(&line, "message", message);
    } else {
        begin(&line, log, priority);
        (void)(add(&line, calc_program()) && add(&line, ": ") && add(&line, message));
    }
    log_line_end(&line);
}
