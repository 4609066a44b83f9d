/* Columns and arrows. What a datagram says in words is the library's, show.h. */
#include "ladder.h"

#include "proto/show.h"

#include <string.h>

enum {
    SERVER_PORT = 10000,
    LEFT_COLUMNS = 21, /* up to the line of the left host: number, time, port */
    INNER = 47,        /* between the two lines */
    WORDS_ROOM = CALC_SHOW_ROOM + 64,
    WORDS_LINES = 2, /* what does not fit on these is cut */
    WORDS_WIDTH = INNER - 2,
    OCTETS_WIDTH = INNER - 10, /* leaves some of the arrow */
};

struct ladder {
    FILE *out;
    const struct script *script;
    size_t scenario;
    size_t left, right; /* hosts */
    bool several;       /* hosts on the right side */
    int64_t begin_us;
};

static void put_times(FILE *out, char c, int times)
{
    for (; times > 0; times--)
        putc(c, out);
}

static void describe(const struct ladder *ladder, const struct script_step *step, char *words)
{
    const char *name = "";
    const char *preposition = "";
    if (ladder->several) {
        bool away = step->from == ladder->left;
        name = ladder->script->hosts[away ? step->to : step->from].name;
        preposition = away ? "to " : "from ";
    }
    int used = snprintf(words, WORDS_ROOM, "%s%s%s%s%s", preposition, name, *name ? ": " : "",
                        step->mark, *step->mark ? ": " : "");
    const struct datagram *payload = &step->frame.payload;
    char *text = words + used;
    size_t room = WORDS_ROOM - (size_t)used;
    if (step->kind == SCRIPT_ERROR) {
        snprintf(text, room, "%s", script_error_words(step->type, step->code));
    } else if (step->frame.source_port == SERVER_PORT &&
               step->frame.destination_port != SERVER_PORT) {
        const struct script_step *request = script_request_of(ladder->script, step);
        enum calc_format format = CALC_AS_INTEGER;
        if (request != NULL)
            format =
                calc_format_asked(request->frame.payload.octets, request->frame.payload.length);
        calc_show_reply(payload->octets, payload->length, format, text, room);
    } else {
        calc_show_request(payload->octets, payload->length, text, room);
    }
    calc_one_line(words);
}

/* As the specification writes them: the header, then the payload in groups of four; what is too long is
 * cut between groups. */
static void spell(const struct script_step *step, char text[static OCTETS_WIDTH + 1])
{
    const struct datagram *payload = &step->frame.payload;
    size_t used = 0;
    if (step->kind == SCRIPT_ERROR) {
        snprintf(text, OCTETS_WIDTH + 1, "! ICMPv6 type %u code %u", step->type, step->code);
        return;
    }
    snprintf(text, OCTETS_WIDTH + 1, payload->length == 0 ? "(empty)" : "");
    for (size_t i = 0; i < payload->length; i++) {
        bool begins = i % 4 == 1;
        size_t rest = payload->length - i < 4 ? payload->length - i : 4;
        bool is_last = i + rest >= payload->length;
        if (begins && used + 1 + 2 * rest + (is_last ? 0 : 4) > OCTETS_WIDTH) {
            snprintf(text + used, OCTETS_WIDTH + 1 - used, " ...");
            return;
        }
        int length = snprintf(text + used, OCTETS_WIDTH + 1 - used, "%s%02X", begins ? " " : "",
                              payload->octets[i]);
        used += (size_t)length;
    }
}

/* How much of the words goes on this line: up to a blank; less than all on the last line, which also is
 * one that a blank would leave half empty. */
static int line_length(const char *words, bool *is_last)
{
    size_t length = strlen(words);
    if (length <= WORDS_WIDTH)
        return (int)length;
    size_t fits = WORDS_WIDTH;
    while (fits > 0 && words[fits] != ' ')
        fits--;
    *is_last = *is_last || fits < WORDS_WIDTH / 2;
    return *is_last ? WORDS_WIDTH - 4 : (int)fits;
}

static void put_words(const struct ladder *ladder, const char *words, bool to_the_right)
{
    bool is_last = false;
    for (int line = 1; !is_last && *words != '\0'; line++) {
        is_last = line == WORDS_LINES;
        int length = line_length(words, &is_last);
        const char *rest = words + length;
        const char *dots = is_last && *rest != '\0' ? " ..." : "";
        int used = length + (int)strlen(dots);
        put_times(ladder->out, ' ', LEFT_COLUMNS);
        fprintf(ladder->out, "|%*s%.*s%s%*s|\n", to_the_right ? 1 : INNER - 1 - used, "", length,
                words, dots, to_the_right ? INNER - 1 - used : 1, "");
        words = rest + strspn(rest, " ");
    }
}

/* INNER characters. A lost one ends before it is there. */
static void put_arrow(FILE *out, const struct script_step *step, bool to_the_right)
{
    enum { LOST_GAP = 6 };
    char octets[OCTETS_WIDTH + 1];
    spell(step, octets);
    bool lost = step->kind == SCRIPT_LOST;
    int line = INNER - 5 - (int)strlen(octets) - (lost ? LOST_GAP : 0);
    if (to_the_right) {
        fprintf(out, "-- %s ", octets);
        put_times(out, '-', line);
        fputs(lost ? "x      " : ">", out);
    } else {
        fputs(lost ? "      x" : "<", out);
        put_times(out, '-', line);
        fprintf(out, " %s --", octets);
    }
}

static void put_step(const struct ladder *ladder, const struct script_step *step, unsigned number)
{
    char words[WORDS_ROOM];
    bool to_the_right = step->from == ladder->left;
    describe(ladder, step, words);
    put_words(ladder, words, to_the_right);

    FILE *out = ladder->out;
    uint16_t source = step->frame.source_port;
    uint16_t destination = step->frame.destination_port;
    int64_t time_us = step->time_us - ladder->begin_us;
    if (step->kind == SCRIPT_LOST)
        fputs("    ", out);
    else
        fprintf(out, "%4u", number);
    fprintf(out, "%10.3f ", (double)time_us / 1000);
    if (step->kind == SCRIPT_ERROR)
        fprintf(out, "%5s |", "");
    else
        fprintf(out, "%5u |", to_the_right ? source : destination);
    put_arrow(out, step, to_the_right);
    if (step->kind == SCRIPT_ERROR)
        fputs("|\n", out);
    else
        fprintf(out, "| %u\n", to_the_right ? destination : source);
}

static void put_lines(const struct ladder *ladder)
{
    fprintf(ladder->out, "%*s|%*s|\n", LEFT_COLUMNS, "", INNER, "");
}

/* The names of the hosts, each over the middle of its line. */
static void put_heading(const struct ladder *ladder)
{
    const char *left = ladder->script->hosts[ladder->left].name;
    const char *right = ladder->several ? "several" : ladder->script->hosts[ladder->right].name;
    int left_at = LEFT_COLUMNS - (int)strlen(left) / 2;
    int right_at = LEFT_COLUMNS + INNER + 1 - (int)strlen(right) / 2;
    int used = fprintf(ladder->out, "%4s%*s", "no", 10, "ms");
    used += fprintf(ladder->out, "%*s%s", left_at - used, "", left);
    fprintf(ladder->out, "%*s%s\n", right_at - used, "", right);
}

static bool find_hosts(struct script *script, struct ladder *ladder)
{
    bool found = false;
    for (size_t i = 0; i < script->step_count; i++) {
        const struct script_step *step = &script->steps[i];
        if (step->scenario != ladder->scenario)
            continue;
        if (!found) {
            ladder->left = step->from;
            ladder->right = step->to;
            ladder->begin_us = step->time_us;
            found = true;
        }
        if ((step->from == ladder->left) == (step->to == ladder->left)) {
            script->line = step->line;
            snprintf(script->why, sizeof script->why, "a ladder has '%s' at one end of each packet",
                     script->hosts[ladder->left].name);
            return false;
        }
        if (step->from != ladder->right && step->to != ladder->right)
            ladder->several = true;
    }
    return true;
}

bool ladder_write(FILE *out, struct script *script)
{
    unsigned number = 0;
    size_t next = 0;
    for (size_t scenario = 0; scenario < script->scenario_count; scenario++) {
        struct ladder ladder = {.out = out, .script = script, .scenario = scenario};
        if (!find_hosts(script, &ladder))
            return false;
        fprintf(out, "%s== %s\n\n", scenario > 0 ? "\n" : "", script->titles[scenario]);
        if (next == script->step_count || script->steps[next].scenario != scenario)
            continue;
        put_heading(&ladder);
        size_t first = next;
        for (; next < script->step_count && script->steps[next].scenario == scenario; next++) {
            if (next == first || script->steps[next].from == ladder.left)
                put_lines(&ladder);
            number += script->steps[next].kind != SCRIPT_LOST;
            put_step(&ladder, &script->steps[next], number);
        }
        put_lines(&ladder);
    }
    return true;
}
