/* The run's subject, and its command, in words that a shell takes for the same. */
#include "run.h"

#include "proto/net/endpoint.h"
#include "proto/show.h"
#include "proto/term/program.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void run_subject(struct run *run)
{
    const struct settings *settings = run->settings;
    char text[CALC_ENDPOINT_ROOM];
    if (settings->exec != NULL)
        snprintf(run->subject, sizeof run->subject, "%s", settings->exec);
    else if (settings->source != NULL)
        snprintf(run->subject, sizeof run->subject, "%s", settings->source);
    else {
        calc_endpoint_text(&settings->endpoint, text);
        snprintf(run->subject, sizeof run->subject, "%s", text);
    }
    calc_one_line(run->subject);
}

struct line {
    char *text;
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void put(struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line->text + line->used, REPEAT_ROOM - line->used, format, arguments);
    va_end(arguments);
    if (length > 0)
        line->used += (size_t)length;
    if (line->used > REPEAT_ROOM - 1)
        line->used = REPEAT_ROOM - 1;
}

/* Quoted where a shell would take it for something else. */
static void put_word(struct line *line, const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_";
    if (*word != '\0' && word[strspn(word, plain)] == '\0') {
        put(line, " %s", word);
        return;
    }
    put(line, " '");
    for (const char *p = word; *p != '\0'; p++)
        put(line, *p == '\'' ? "'\\''" : "%c", *p);
    put(line, "'");
}

static void put_option(struct line *line, const char *option, const char *value)
{
    if (value == NULL)
        return;
    put(line, " %s", option);
    put_word(line, value);
}

void run_repeat_line(const struct run *run, const struct result *result,
                     char text[static REPEAT_ROOM])
{
    const struct settings *settings = run->settings;
    struct line line = {.text = text};
    put(&line, "%s %s", calc_program(), run->suite->name);
    if (settings->strict)
        put(&line, " --strict");
    if (settings->settled)
        put(&line, " --settled");
    if (settings->seed != 0)
        put(&line, " --seed %" PRIu64, settings->seed);
    if (settings->step != 0)
        put(&line, " --step %u", settings->step);
    if (settings->timeout_given)
        put(&line, " --timeout %g", (double)settings->timeout_us / 1e6);
    put_option(&line, "--expect", settings->expect_given ? settings->expect : NULL);
    put_option(&line, "--exec", settings->exec);
    put_option(&line, "--filter", result->about->id);
    if (settings->address != NULL) {
        put_word(&line, settings->address);
        put_word(&line, settings->port);
    }
    if (settings->source != NULL)
        put_word(&line, settings->source);
    for (size_t i = 0; i < settings->extra_count; i++) {
        put(&line, i == 0 ? " --" : "");
        put_word(&line, settings->extra[i]);
    }
}
