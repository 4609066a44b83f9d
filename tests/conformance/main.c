/* conformance: from the command line to the exit status. */
#define _POSIX_C_SOURCE 200809L /* fileno */
#include "baseline.h"
#include "catalogue.h"
#include "grade.h"
#include "options.h"
#include "packets_file.h"
#include "report.h"
#include "rubric.h"
#include "run.h"

#include "proto/term/colour.h"
#include "proto/term/program.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { USAGE = 2 };

/* "-" is standard output. */
static bool write_report(const char *path, void (*report)(FILE *, const struct run *),
                         const struct run *run)
{
    if (path == NULL)
        return true;
    bool is_file = strcmp(path, "-") != 0;
    FILE *out = is_file ? fopen(path, "w") : stdout;
    if (out != NULL) {
        report(out, run);
        bool written = fflush(out) == 0 && !ferror(out);
        if ((!is_file || fclose(out) == 0) && written)
            return true;
    }
    fprintf(stderr, "%s: can not write '%.255s': %s\n", calc_program(), path, strerror(errno));
    return false;
}

static bool said(bool done, const char *why)
{
    if (!done)
        fprintf(stderr, "%s: %s\n", calc_program(), why);
    return done;
}

static bool write_captures(const struct run *run)
{
    char why[PACKETS_WHY_ROOM];
    const struct settings *settings = run->settings;
    bool all = settings->capture == NULL || said(packets_write(settings->capture, run, why), why);
    bool failures = settings->capture_failures == NULL ||
                    said(packets_write_failures(settings->capture_failures, run, why), why);
    return all && failures;
}

static bool is_standard_output(const char *path)
{
    return path != NULL && strcmp(path, "-") == 0;
}

static bool report(const struct run *run)
{
    const struct settings *s = run->settings;
    bool taken = is_standard_output(s->tap) || is_standard_output(s->junit) ||
                 is_standard_output(s->json) || is_standard_output(s->html) ||
                 is_standard_output(s->capture);
    if (!s->quiet && !taken)
        report_text(stdout, run, calc_colour_wanted(fileno(stdout)));
    bool written = write_report(s->tap, report_tap, run);
    written = write_report(s->junit, report_junit, run) && written;
    written = write_report(s->json, report_json, run) && written;
    written = write_report(s->html, report_html, run) && written;
    return write_captures(run) && written;
}

/* What changes the results before they are reported. */
static bool weigh(struct run *run, const struct settings *settings)
{
    char why[LINES_WHY_ROOM];
    if (settings->baseline != NULL && !said(baseline_apply(run, settings->baseline, why), why))
        return false;
    if (settings->write_baseline != NULL &&
        !said(baseline_write(run, settings->write_baseline, why), why))
        return false;
    struct rubric rubric;
    if (settings->rubric == NULL)
        return true;
    if (!said(rubric_read(&rubric, settings->rubric, why), why))
        return false;
    rubric_apply(&rubric, run);
    return true;
}

static int run_and_report(const struct suite *suite, const struct settings *settings)
{
    struct run run;
    int status = USAGE;
    if (run_suite(&run, suite, settings) && weigh(&run, settings) && report(&run))
        status = run_status(&run);
    run_free(&run);
    return status;
}

static int explain(const char *id)
{
    if (id == NULL)
        fprintf(stderr, "%s: explain: an id is needed, such as REQ-3.3/2\n", calc_program());
    return id != NULL && catalogue_explain(id) ? 0 : USAGE;
}

/* The exit status, where all that it prints can be written. */
static int carry_out(enum command command, const struct settings *settings, int argc, char **argv,
                     const char *word)
{
    switch (command) {
    case COMMAND_SERVER:
        return run_and_report(&server_suite, settings);
    case COMMAND_CLIENT:
        return run_and_report(&client_suite, settings);
    case COMMAND_FUNCTIONS:
        return run_and_report(&functions_suite, settings);
    case COMMAND_GRADE:
        return grade_main(argc - 1, argv + 1);
    case COMMAND_LIST:
        return catalogue_list(word) ? 0 : USAGE;
    case COMMAND_EXPLAIN:
        return explain(word);
    case COMMAND_VERSION:
        calc_print("@ (calc6) " CALC_VERSION "\n");
        return 0;
    default:
        calc_print(usage_text);
        return 0;
    }
}

int main(int argc, char **argv)
{
    enum command command;
    struct settings settings;
    int first;
    if (!options_parse(argc, argv, &command, &settings, &first))
        return USAGE;
    int status = carry_out(command, &settings, argc, argv, argv[first]);
    if (calc_printed())
        return status;
    fprintf(stderr, "%s: can not write to standard output\n", calc_program());
    return USAGE;
}
