/* What the server says on standard error: for people as it stands, or for programs as pairs, key=value with spaces
 * between (--log). What there is to say is for events.h and others. */
#ifndef SERVER_LOG_H
#define SERVER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <syslog.h>

enum log_format {
    LOG_TEXT,
    LOG_PAIRS,
};

struct log {
    enum log_format format;
    bool
        journal; /* standard error is the journal's, which takes "<6>" in front as a priority: sd-daemon(3) */
};

/* With a line feed behind it, less than a page (PIPE_BUF): so it goes into a pipe in one piece. */
enum { LOG_LINE_ROOM = 2048 };

struct log_line {
    char text[LOG_LINE_ROOM];
    size_t length;
};

/* Looks at where standard error goes (JOURNAL_STREAM, systemd.exec(5)): to be called before anything is said, and
 * before the sandbox is entered. The format is the caller's. */
void log_begin(struct log *log);

/* Says a message, which is one line without its end: "calc6-server: MESSAGE", or with pairs event=EVENT and
 * message=MESSAGE. Of the priorities of syslog(3), LOG_ERR, LOG_WARNING and LOG_INFO are used. */
void log_say(const struct log *log, int priority, const char *event, const char *message);

/* A line of pairs: begun with its level and event, then the pairs in the order of the calls. A key is a word of
 * lower-case letters and underscores. A value is quoted where it is empty or has a space, a control character, an
 * equals sign or a quotation mark in it; within quotes, \", \\, \n, \r, \t and \u001b stand for what can not. A pair
 * that does not fit is left out. */
void log_line_begin(struct log_line *line, const struct log *log, int priority, const char *event);
void log_word(struct log_line *line, const char *key, const char *value);
void log_number(struct log_line *line, const char *key, uint64_t value);

/* Writes it in one system call, and does not wait: where standard error is full, the line is lost. */
void log_line_end(struct log_line *line);

#endif
