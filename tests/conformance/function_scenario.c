/* Starts the compiled program for one call of a function, within limits, and finds out how it ended. */
#define _POSIX_C_SOURCE 200809L
#include "function_scenario.h"

#include "clock.h"
#include "function_record.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { HEX_ROOM = 2 * DATAGRAM_ROOM + 16, NUMBER_ROOM = 32, ARGUMENTS_MAX = 12 };

/* A look outside of a buffer is told by the cases about memory, and lets all others go on: so it makes red what it
 * is, and no more. To find the line in the source takes time. */
static const char halting[] = "ASAN_OPTIONS=halt_on_error=1:detect_leaks=0:color=never",
                  going_on[] =
                      "ASAN_OPTIONS=halt_on_error=0:symbolize=0:detect_leaks=0:print_legend=0";

/* The program's words, and where they are kept. */
struct arguments {
    size_t count;
    const char *list[ARGUMENTS_MAX];
    char record[FUNCTIONS_PATH_ROOM + NUMBER_ROOM];
    char before[HEX_ROOM], incoming[HEX_ROOM], ints[1024];
    char count_text[NUMBER_ROOM], length[NUMBER_ROOM], fill[NUMBER_ROOM], failing[NUMBER_ROOM];
    char operation[NUMBER_ROOM], format[NUMBER_ROOM];
};

static void put_hex(char text[static HEX_ROOM], const char *name, const struct datagram *datagram)
{
    int used = snprintf(text, HEX_ROOM, "%s=", name);
    for (size_t i = 0; i < datagram->length; i++)
        used += snprintf(text + used, HEX_ROOM - (size_t)used, "%02x", datagram->octets[i]);
}

static void add(struct arguments *arguments, const char *word)
{
    arguments->list[arguments->count++] = word;
}

static void put_client_arguments(struct arguments *arguments, const struct scenario *scenario)
{
    snprintf(arguments->ints, sizeof arguments->ints, "ints=%s", scenario->ints);
    add(arguments, arguments->ints);
    if (scenario->count != 0 || scenario->no_count) {
        snprintf(arguments->count_text, NUMBER_ROOM, "count=%ld", scenario->count);
        add(arguments, arguments->count_text);
    }
    if (scenario->operation != '\0') {
        snprintf(arguments->operation, NUMBER_ROOM, "operation=%c", scenario->operation);
        add(arguments, arguments->operation);
    }
    if (scenario->format != '\0') {
        snprintf(arguments->format, NUMBER_ROOM, "format=%c", scenario->format);
        add(arguments, arguments->format);
    }
}

static void put_arguments(struct arguments *arguments, const struct functions_run *run,
                          const struct scenario *scenario)
{
    snprintf(arguments->record, sizeof arguments->record, "%s/record-%ld", run->folder,
             (long)getpid());
    add(arguments, arguments->record);
    add(arguments, scenario->server ? "function=server" : "function=client");
    if (scenario->guarded)
        add(arguments, "address=guarded");
    if (scenario->address_length != 0) {
        snprintf(arguments->length, NUMBER_ROOM, "addrlen=%u", scenario->address_length);
        add(arguments, arguments->length);
    }
    if (scenario->ints != NULL)
        put_client_arguments(arguments, scenario);
    if (scenario->failing != NULL) {
        snprintf(arguments->failing, NUMBER_ROOM, "fail=%s", scenario->failing);
        add(arguments, arguments->failing);
    }
    if (scenario->fill != 0) {
        snprintf(arguments->fill, NUMBER_ROOM, "fill=%u", scenario->fill);
        add(arguments, arguments->fill);
    }
    if (scenario->before != NULL) {
        put_hex(arguments->before, "before", scenario->before);
        add(arguments, arguments->before);
    }
    if (scenario->incoming != NULL) {
        put_hex(arguments->incoming, "incoming", scenario->incoming);
        add(arguments, arguments->incoming);
    }
}

/* "student.c:12": the place in the student's file that is named first. */
static void find_place(const char *printed, const char *source, char *place, size_t room)
{
    const char *slash = strrchr(source, '/');
    const char *name = slash == NULL ? source : slash + 1;
    size_t length = strlen(name);
    place[0] = '\0';
    for (const char *p = printed; (p = strstr(p, name)) != NULL; p += length) {
        size_t digits = p[length] == ':' ? strspn(p + length + 1, "0123456789") : 0;
        if (digits == 0)
            continue;
        snprintf(place, room, ", %.*s", (int)(length + 1 + digits), p);
        return;
    }
}

/* What the sanitizers, or the compiler's guards of the stack, say before they end a program. */
static const struct {
    const char *printed, *diagnosis;
} reports[] = {
    {"WRITE of size",
     "writes outside of a buffer: it has fewer octets than are put into it; recv and recvfrom "
     "are to be told its true size"                                                                         },
    {"READ of size",
     "reads outside of a buffer: what is received is as long as recv and recvfrom return, and no "
     "NUL ends it"                                                                                          },
    {"out of bounds",           "an index outside of an array"                                              },
    {"stack smashing detected",
     "writes outside of a buffer: recv and recvfrom are to be told its size"                                },
    {"double free",             "memory is given back twice"                                                },
    {"attempting free",         "memory is given back that malloc has not given"                            },
    {"stack-overflow",          "the stack overflows: a function that calls itself, or a huge array"        },
    {"SEGV",                    "a pointer is followed that points nowhere: NULL, or one that was never set"},
};

static void tell_crash(const struct functions_run *run, const struct subject *subject,
                       struct made *made)
{
    char ending[SUBJECT_ENDING_ROOM], place[128];
    subject_ending(subject, ending);
    find_place(subject->printed, run->settings->source, place, sizeof place);
    const char *sanitizer = strstr(subject->printed, "AddressSanitizer: ");
    const char *bounds = strstr(subject->printed, "runtime error: ");
    made->halted = (sanitizer != NULL && strstr(sanitizer, "SEGV") == NULL) || bounds != NULL;
    if (sanitizer != NULL)
        snprintf(made->how, sizeof made->how, "%.*s%s", (int)strcspn(sanitizer + 18, " \n") + 18,
                 sanitizer, place);
    else if (bounds != NULL)
        snprintf(made->how, sizeof made->how, "%.*s%s", (int)strcspn(bounds, "\n"), bounds, place);
    else
        snprintf(made->how, sizeof made->how, "it ends with %s", ending);
    for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
        if (strstr(subject->printed, reports[i].printed) == NULL)
            continue;
        snprintf(made->diagnosis, sizeof made->diagnosis, "%s", reports[i].diagnosis);
        return;
    }
}

static void tell_end(const struct functions_run *run, const struct subject *subject, bool ended,
                     struct made *made)
{
    switch (made->end) {
    case WAITING:
        snprintf(made->how, sizeof made->how, "it waits for a second datagram, for ever");
        snprintf(made->diagnosis, sizeof made->diagnosis,
                 "a loop: the function makes one exchange and returns");
        break;
    case ENDLESS:
        snprintf(made->how, sizeof made->how, "it makes call after call and never comes back");
        break;
    case EXITED:
        snprintf(made->how, sizeof made->how,
                 "it ends the whole program with exit(%ld) where it should return", made->returned);
        snprintf(made->diagnosis, sizeof made->diagnosis,
                 "exit() in a function: return -1, and let the caller decide");
        break;
    case TOUCHED:
        snprintf(made->how, sizeof made->how, "it reads or writes what the address points to");
        snprintf(made->diagnosis, sizeof made->diagnosis,
                 "reads the address: hand the pointer on to connect or bind as it is, and do not "
                 "look at what it points to");
        break;
    case CRASHED:
        if (ended)
            tell_crash(run, subject, made);
        else
            made->end = RUNNING;
        if (!ended)
            snprintf(made->how, sizeof made->how, "it is still running after %.1f s",
                     (double)run->settings->timeout_us / 1e6);
        break;
    default:
        break;
    }
}

static void break_off(struct made *made, const char *why)
{
    made->end = BROKEN;
    snprintf(made->how, sizeof made->how, "%s", why);
}

void scenario_run(const struct functions_run *run, const struct scenario *scenario,
                  struct outcome *outcome, struct made *made)
{
    struct arguments arguments = {0};
    struct words words;
    struct subject subject = {0};
    struct limits limits = run->settings->limits;
    char why[SUBJECT_WHY_ROOM];
    *made = (struct made){.end = CRASHED};
    put_arguments(&arguments, run, scenario);
    const char *program = run->program, *options = scenario->strict ? halting : going_on;
    const char *bounds =
        scenario->strict ? "UBSAN_OPTIONS=halt_on_error=1" : "UBSAN_OPTIONS=halt_on_error=0";
    const struct placeholder names[] = {
        {"{options}",   &options,       1              },
        {"{bounds}",    &bounds,        1              },
        {"{program}",   &program,       1              },
        {"{arguments}", arguments.list, arguments.count}
    };
    const char *command =
        run->sanitized ? "env {options} {bounds} {program} {arguments}" : "{program} {arguments}";
    if (run->sanitized)
        limits.memory_octets = 0; /* a sanitizer maps all there is */
    if (!words_split(&words, command, names, 4, why) ||
        !subject_start(&subject, &words, &limits, why)) {
        break_off(made, why);
        return;
    }
    bool ended = subject_wait(&subject, kit_now_us() + run->settings->timeout_us);
    subject_end(&subject);
    if (!function_record_read(arguments.record, made))
        break_off(made, "the record of what the function does can not be read");
    unlink(arguments.record);
    tell_end(run, &subject, ended, made);
    snprintf(outcome->output, sizeof outcome->output, "%.*s", OUTCOME_OUTPUT_ROOM - 1,
             subject.printed);
}

void scenario_fail(const struct made *made, struct outcome *outcome)
{
    if (made->end == BROKEN) {
        outcome_error(outcome, "%s", made->how);
        return;
    }
    bool hangs = made->end == WAITING || made->end == ENDLESS || made->end == RUNNING;
    bool crashes = made->end == CRASHED && !made->halted;
    outcome_fail(outcome, hangs ? HANG : crashes ? CRASH : WRONG, "%s", made->how);
    if (made->diagnosis[0] != '\0')
        outcome_diagnose(outcome, made->diagnosis);
}

bool scenario_returns(const struct functions_run *run, const struct scenario *scenario,
                      struct outcome *outcome, struct made *made)
{
    scenario_run(run, scenario, outcome, made);
    if (made->end != RETURNED)
        scenario_fail(made, outcome);
    return made->end == RETURNED;
}

bool scenario_answers(const struct functions_run *run, const struct scenario *scenario,
                      struct outcome *outcome, struct made *made)
{
    scenario_run(run, scenario, outcome, made);
    if (made->end == RETURNED || (made->end == WAITING && made_sending(made) != NULL))
        return true;
    scenario_fail(made, outcome);
    return false;
}

const struct made_call *made_call(const struct made *made, const char *name)
{
    for (size_t i = 0; i < made->call_count; i++) {
        if (strcmp(made->calls[i].name, name) == 0)
            return &made->calls[i];
    }
    return NULL;
}

const struct made_call *made_sending(const struct made *made)
{
    static const char *const names[] = {"send", "sendto", "write"};
    for (size_t i = 0; i < made->call_count; i++) {
        for (size_t j = 0; j < sizeof names / sizeof names[0]; j++) {
            if (strcmp(made->calls[i].name, names[j]) == 0)
                return &made->calls[i];
        }
    }
    return NULL;
}
