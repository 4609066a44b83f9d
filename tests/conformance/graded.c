/* One line for each submission. */
#include "graded.h"

#include "escape.h"
#include "proto/show.h"

#include <stdarg.h>
#include <string.h>

void graded_why(struct graded *graded, const char *format, ...)
{
    if (graded->why[0] != '\0')
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(graded->why, sizeof graded->why, format, arguments);
    va_end(arguments);
    calc_one_line(graded->why);
}

static void put_field(FILE *out, const char *text)
{
    const char *end = text + strlen(text);
    bool quoted = strpbrk(text, ",\"\n\r") != NULL;
    if (quoted)
        putc('"', out);
    while (text < end) {
        struct escaped escaped = escape_next(ESCAPE_TERMINAL, text, end);
        fwrite(escaped.text, 1, escaped.length, out);
        if (*text == '"')
            putc('"', out);
        text += escaped.taken;
    }
    if (quoted)
        putc('"', out);
}

void graded_csv_header(FILE *out)
{
    fputs("submission", out);
    for (int verdict = 0; verdict < VERDICTS; verdict++)
        fprintf(out, ",%s", verdict_name((enum verdict)verdict));
    fputs(",points,points to get,grade,diagnosis,why\n", out);
}

void graded_csv(FILE *out, const char *submission, const struct graded *graded)
{
    put_field(out, submission);
    for (int verdict = 0; verdict < VERDICTS; verdict++)
        fprintf(out, ",%zu", graded->counts[verdict]);
    if (graded->has_grade)
        fprintf(out, ",%.10g,%.10g,", graded->points, graded->points_max);
    else
        fputs(",,,", out);
    put_field(out, graded->grade);
    putc(',', out);
    put_field(out, graded->diagnosis);
    putc(',', out);
    put_field(out, graded->why);
    putc('\n', out);
}
