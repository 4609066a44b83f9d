/* Lines into steps. Octets, names and numbers are read by script_words.c. */
#define _POSIX_C_SOURCE 200809L
#include "script.h"
#include "script_words.h"

#include "proto/show.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static bool wrong(struct script *script, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Always false, so that it can be returned. */
static bool wrong(struct script *script, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(script->why, sizeof script->why, format, arguments);
    va_end(arguments);
    calc_one_line(script->why);
    return false;
}

/* One more element of zeros at the end of an array of count, which has room for the next power of two;
 * NULL where there is no memory. */
static void *grow(void *array, size_t count, size_t size)
{
    void *more = array;
    if ((count & (count - 1)) == 0)
        more = realloc(array, (count == 0 ? 1 : 2 * count) * size);
    if (more != NULL)
        memset((char *)more + count * size, 0, size);
    return more;
}

static bool find_host(struct script *script, const char *name, size_t *host)
{
    for (*host = 0; *host < script->host_count; ++*host) {
        if (strcmp(script->hosts[*host].name, name) == 0)
            return true;
    }
    return wrong(script, "there is no host '%.40s'", name);
}

static bool read_host(struct script *script, const char *p)
{
    char name[WORD_ROOM];
    char address[WORD_ROOM];
    char at[WORD_ROOM];
    size_t number = script->host_count;
    if (number == SCRIPT_HOSTS_MAX)
        return wrong(script, "more than %d hosts", SCRIPT_HOSTS_MAX);
    struct script_host host = {.link = {{0x00, 0x00, 0x5e, 0x00, 0x53, (uint8_t)(number + 1)}}};
    if (!word_take(&p, name) || !word_take(&p, address))
        return wrong(script, "a host is: host NAME ADDRESS [HOST]");
    if (!word_is_name(name, sizeof host.name))
        return wrong(script, "'%.40s' is no name: a-z, 0-9 and -, at most %zu", name,
                     sizeof host.name - 1);
    memcpy(host.name, name, strlen(name) + 1);
    for (size_t i = 0; i < number; i++) {
        if (strcmp(script->hosts[i].name, name) == 0)
            return wrong(script, "there is a host '%s' already", name);
    }
    if (inet_pton(AF_INET6, address, &host.address) != 1)
        return wrong(script, "'%.60s' is no IPv6 address", address);
    if (word_take(&p, at)) {
        size_t same;
        if (!find_host(script, at, &same))
            return false;
        host.link = script->hosts[same].link;
    }
    if (!word_at_end(p))
        return wrong(script, "more behind a host: '%.40s'", p);
    script->hosts[script->host_count++] = host;
    return true;
}

static bool begin_scenario(struct script *script, const char *title)
{
    char **titles = grow(script->titles, script->scenario_count, sizeof *titles);
    if (titles == NULL)
        return wrong(script, "no memory for a scenario: %s", strerror(errno));
    script->titles = titles;
    titles[script->scenario_count] = strdup(title + strspn(title, " \t"));
    if (titles[script->scenario_count] == NULL)
        return wrong(script, "no memory for a title: %s", strerror(errno));
    script->scenario_count++;
    return true;
}

static bool read_comment(struct script *script, const char *text)
{
    if (script->step_count == 0)
        return wrong(script, "a comment, and no packet before it");
    if (!text_is_utf8(text))
        return wrong(script, "the comment is not UTF-8");
    text += strspn(text, " \t");
    char **comment = &script->steps[script->step_count - 1].comment;
    size_t used = strlen(*comment);
    size_t length = strlen(text);
    if (used + length >= SCRIPT_COMMENT_MAX)
        return wrong(script, "the comment has more than %d octets", SCRIPT_COMMENT_MAX);
    char *longer = realloc(*comment, used + 1 + length + 1);
    if (longer == NULL)
        return wrong(script, "no memory for a comment: %s", strerror(errno));
    if (used > 0)
        longer[used++] = ' ';
    memcpy(longer + used, text, length + 1);
    *comment = longer;
    return true;
}

/* HOST:PORT */
static bool read_endpoint(struct script *script, char *word, size_t *host, uint16_t *port)
{
    unsigned long number;
    char *colon = strrchr(word, ':');
    if (colon == NULL || !word_number(colon + 1, 65535, &number))
        return wrong(script, "'%.40s' is no HOST:PORT", word);
    *colon = '\0';
    *port = (uint16_t)number;
    return find_host(script, word, host);
}

/* The latest datagram from the host that gets the error: one to the host that sends it, or to any where
 * that has none, for a router. */
static bool find_quoted(struct script *script, struct script_step *step)
{
    bool found = false;
    for (size_t i = script->step_count; i-- > 0;) {
        const struct script_step *earlier = &script->steps[i];
        if (earlier->kind != SCRIPT_DATAGRAM || earlier->from != step->to)
            continue;
        if (!found || earlier->to == step->from)
            step->about = i;
        found = true;
        if (earlier->to == step->from)
            break;
    }
    return found || wrong(script, "an ICMPv6 error, and no datagram before it from its receiver");
}

/* HOST ! HOST TYPE.CODE, behind the mark */
static bool read_error(struct script *script, const char *from, const char **p,
                       struct script_step *step)
{
    char to[WORD_ROOM];
    char kind[WORD_ROOM];
    step->kind = SCRIPT_ERROR;
    if (!word_take(p, to) || !word_take(p, kind))
        return wrong(script, "an ICMPv6 error is: TIME HOST ! HOST TYPE.CODE");
    if (!find_host(script, from, &step->from) || !find_host(script, to, &step->to))
        return false;
    if (strlen(kind) != 3 || kind[1] != '.' || kind[0] < '0' || kind[2] < '0' ||
        script_error_words((unsigned)(kind[0] - '0'), (unsigned)(kind[2] - '0')) == NULL)
        return wrong(script, "'%.40s' is no ICMPv6 error: 1.0 to 1.6, 3.0 or 3.1", kind);
    step->type = (uint8_t)(kind[0] - '0');
    step->code = (uint8_t)(kind[2] - '0');
    return find_quoted(script, step);
}

/* Words in front of the octets, in any order. */
static bool read_marks(struct script *script, const char **p, struct script_step *step)
{
    char word[WORD_ROOM];
    for (const char *next = *p; word_take(&next, word); *p = next) {
        unsigned long cut;
        if (strcmp(word, "wrong") == 0) {
            step->mark = "wrong";
        } else if (strcmp(word, "open") == 0) {
            step->mark = "open";
        } else if (strcmp(word, "cut") == 0) {
            if (!word_take(&next, word) || !word_number(word, FRAME_ROOM, &cut))
                return wrong(script, "behind cut comes the number of octets that are left");
            step->cut = cut;
        } else {
            break;
        }
    }
    return true;
}

static bool read_payload(struct script *script, const char *p, struct datagram *payload)
{
    payload->length = 0;
    char word[WORD_ROOM];
    const char *next = p;
    if (word_take(&next, word) && strcmp(word, "(empty)") == 0 && word_at_end(next))
        return true;
    const char *why = octets_read(p, payload->octets, DATAGRAM_ROOM, &payload->length);
    return why == NULL || wrong(script, "%s", why);
}

static bool read_packet(struct script *script, const char *p, struct script_step *step)
{
    char word[WORD_ROOM];
    char from[WORD_ROOM];
    char mark[WORD_ROOM];
    if (!word_take(&p, word) || !word_time(word, &step->time_us))
        return wrong(script, "'%.40s' is no time: seconds, with at most six decimals", word);
    if (script->step_count > 0 && step->time_us < script->steps[script->step_count - 1].time_us)
        return wrong(script, "the time goes backwards");
    if (!word_take(&p, from) || !word_take(&p, mark))
        return wrong(script, "a packet is: TIME HOST:PORT > HOST:PORT OCTETS");
    if (strcmp(mark, "!") == 0)
        return read_error(script, from, &p, step) && read_marks(script, &p, step) &&
               (word_at_end(p) || wrong(script, "more behind an ICMPv6 error: '%.40s'", p));
    if (strcmp(mark, ">") != 0 && strcmp(mark, "x") != 0)
        return wrong(script, "'%.40s' is none of > x !", mark);
    step->kind = mark[0] == 'x' ? SCRIPT_LOST : SCRIPT_DATAGRAM;
    if (!word_take(&p, word))
        return wrong(script, "the datagram goes nowhere");
    return read_endpoint(script, from, &step->from, &step->frame.source_port) &&
           read_endpoint(script, word, &step->to, &step->frame.destination_port) &&
           read_marks(script, &p, step) && read_payload(script, p, &step->frame.payload);
}

static bool add_packet(struct script *script, const char *line)
{
    if (script->scenario_count == 0 && !begin_scenario(script, ""))
        return false;
    struct script_step *steps = grow(script->steps, script->step_count, sizeof *steps);
    if (steps == NULL)
        return wrong(script, "no memory for a packet: %s", strerror(errno));
    script->steps = steps;
    struct script_step *step = &steps[script->step_count];
    step->line = script->line;
    step->scenario = script->scenario_count - 1;
    step->cut = SIZE_MAX;
    step->mark = "";
    if (!read_packet(script, line, step))
        return false;
    step->frame.source = script->hosts[step->from].address;
    step->frame.link_source = script->hosts[step->from].link;
    step->frame.destination = script->hosts[step->to].address;
    step->frame.link_destination = script->hosts[step->to].link;
    step->comment = strdup("");
    if (step->comment == NULL)
        return wrong(script, "no memory for a comment: %s", strerror(errno));
    script->step_count++;
    return true;
}

static bool read_line(struct script *script, const char *line)
{
    const char *p = line + strspn(line, " \t");
    if (*p == '\0' || *p == '#')
        return true;
    if (*p == ';')
        return read_comment(script, p + 1);
    if (strncmp(p, "==", 2) == 0)
        return begin_scenario(script, p + 2);
    if (strncmp(p, "host ", 5) == 0)
        return read_host(script, p + 5);
    return add_packet(script, p);
}

bool script_read(FILE *in, struct script *script)
{
    *script = (struct script){0};
    char *line = NULL;
    size_t room = 0;
    bool good = true;
    for (ssize_t length; good && (length = getline(&line, &room, in)) >= 0;) {
        script->line++;
        if (strlen(line) != (size_t)length) {
            good = wrong(script, "an octet 00 in the text");
            break;
        }
        while (length > 0 && strchr(" \t\r\n", line[length - 1]) != NULL)
            line[--length] = '\0';
        good = read_line(script, line);
    }
    if (good && !feof(in))
        good = wrong(script, "could not read on: %s", strerror(errno));
    free(line);
    return good;
}

void script_free(struct script *script)
{
    for (size_t i = 0; i < script->step_count; i++)
        free(script->steps[i].comment);
    for (size_t i = 0; i < script->scenario_count; i++)
        free(script->titles[i]);
    free(script->steps);
    free(script->titles);
    *script = (struct script){0};
}

size_t script_frame(const struct script *script, const struct script_step *step,
                    uint8_t octets[static FRAME_ROOM])
{
    if (step->kind != SCRIPT_ERROR)
        return frame_write(&step->frame, octets);
    return frame_write_error(&step->frame, step->type, step->code,
                             &script->steps[step->about].frame, octets);
}

const struct script_step *script_request_of(const struct script *script,
                                            const struct script_step *reply)
{
    const struct script_step *found = NULL;
    for (const struct script_step *step = script->steps; step < reply; step++) {
        if (step->kind == SCRIPT_DATAGRAM && step->from == reply->to && step->to == reply->from &&
            step->frame.source_port == reply->frame.destination_port &&
            step->frame.destination_port == reply->frame.source_port)
            found = step;
    }
    return found;
}

const char *script_error_words(unsigned type, unsigned code)
{
    static const char *const unreachable[] = {
        "no route to destination",
        "administratively prohibited",
        "beyond scope of source address",
        "address unreachable",
        "port unreachable",
        "source address failed ingress policy",
        "reject route to destination",
    };
    static const char *const exceeded[] = {"hop limit exceeded", "reassembly time exceeded"};
    if (type == 1 && code < sizeof unreachable / sizeof *unreachable)
        return unreachable[code];
    if (type == 3 && code < sizeof exceeded / sizeof *exceeded)
        return exceeded[code];
    return NULL;
}
