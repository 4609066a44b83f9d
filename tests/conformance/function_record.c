/* Reads the record of one call, line by line: "call send ours=1 flags=0 length=2 octets=0080". */
#define _POSIX_C_SOURCE 200809L
#include "function_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text behind " name=", or NULL. */
static const char *value_of(const char *line, const char *name)
{
    size_t length = strlen(name);
    for (const char *p = line; (p = strchr(p, ' ')) != NULL;) {
        p++;
        if (strncmp(p, name, length) == 0 && p[length] == '=')
            return p + length + 1;
    }
    return NULL;
}

static long number_of(const char *line, const char *name)
{
    const char *value = value_of(line, name);
    return value == NULL ? 0 : strtol(value, NULL, 10);
}

static void word_of(const char *line, const char *name, char *word, size_t room)
{
    const char *value = value_of(line, name);
    if (value != NULL)
        snprintf(word, room, "%.*s", (int)strcspn(value, " \n"), value);
}

static void octets_of(const char *line, struct datagram *datagram)
{
    const char *value = value_of(line, "octets");
    size_t length = value == NULL ? 0 : strcspn(value, " \n") / 2;
    datagram->length = length < DATAGRAM_ROOM ? length : DATAGRAM_ROOM;
    for (size_t i = 0; i < datagram->length; i++) {
        char pair[] = {value[2 * i], value[2 * i + 1], '\0'};
        datagram->octets[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
}

static void read_call(const char *line, struct made *made)
{
    if (made->call_count == SCENARIO_CALLS_MAX)
        return;
    struct made_call *call = &made->calls[made->call_count++];
    snprintf(call->name, sizeof call->name, "%.*s", (int)strcspn(line, " \n"), line);
    word_of(line, "address", call->address, sizeof call->address);
    call->ours = number_of(line, "ours") != 0;
    call->address_length = number_of(line, "addrlen");
    call->domain = number_of(line, "domain");
    call->type = number_of(line, "type");
    call->protocol = number_of(line, "protocol");
    call->flags = number_of(line, "flags");
    call->outside = number_of(line, "outside") != 0;
    call->length = (size_t)number_of(line, "length");
    octets_of(line, &call->octets);
}

static const struct {
    const char *word;
    enum scenario_end end;
} endings[] = {
    {"blocks",  WAITING},
    {"endless", ENDLESS},
    {"exits",   EXITED },
    {"touches", TOUCHED},
};

static void read_line(const char *line, struct made *made)
{
    if (strncmp(line, "call ", 5) == 0) {
        read_call(line + 5, made);
    } else if (strncmp(line, "returns ", 8) == 0) {
        made->end = RETURNED;
        made->returned = strtol(line + 8, NULL, 10);
        made->still_open = number_of(line, "open");
        made->result = number_of(line, "result");
        made->result_written = number_of(line, "touched") != 0;
    }
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (strncmp(line, endings[i].word, strlen(endings[i].word)) != 0)
            continue;
        made->end = endings[i].end;
        if (made->end == EXITED)
            made->returned = strtol(line + 6, NULL, 10);
    }
}

bool function_record_read(const char *path, struct made *made)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, file) > 0)
        read_line(line, made);
    bool read = !ferror(file);
    free(line);
    fclose(file);
    return read;
}
