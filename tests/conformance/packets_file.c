/* Packets in their headers (frame.h), in a file (pcapng.h). The kit sees payloads and addresses only, so the
 * rest of the headers is made up: as on the loopback interface. */
#define _POSIX_C_SOURCE 200809L
#include "packets_file.h"
#include "tally.h"

#include "proto/show.h"
#include "tests/support/frame.h"
#include "tests/support/pcapng.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { COMMENT_ROOM = 256, PATH_ROOM = 4096 };

struct chosen {
    const struct result *result;
    const struct outcome_packet *packet;
};

/* Which results are wanted in a file. */
struct choice {
    const struct conformance_case *about; /* NULL: all */
};

static bool is_chosen(const struct choice *choice, const struct result *result)
{
    return choice->about == NULL || (result->about == choice->about && tally_tells(result));
}

static void write_comment(const struct chosen *chosen, char comment[static COMMENT_ROOM])
{
    const struct result *result = chosen->result;
    char turn[32] = "";
    if (result->turn > 1)
        snprintf(turn, sizeof turn, ", turn %u", result->turn);
    snprintf(comment, COMMENT_ROOM, "%s %s%s%s", result->about->id,
             verdict_name(result->outcome->verdict), turn,
             chosen->packet->payload.length == DATAGRAM_ROOM ? ", may be cut" : "");
}

static bool write_packet(FILE *out, const struct chosen *chosen)
{
    const struct outcome_packet *packet = chosen->packet;
    const struct frame frame = {
        .source = packet->source.sin6_addr,
        .destination = packet->destination.sin6_addr,
        .source_port = ntohs(packet->source.sin6_port),
        .destination_port = ntohs(packet->destination.sin6_port),
        .payload = packet->payload,
    };
    uint8_t octets[FRAME_ROOM];
    char comment[COMMENT_ROOM];
    size_t length = frame_write(&frame, octets);
    write_comment(chosen, comment);
    return pcapng_write(out, &(struct pcapng_packet){.time_us = packet->time_us,
                                                     .octets = octets,
                                                     .captured = length,
                                                     .length = length,
                                                     .comment = comment});
}

static size_t choose(const struct run *run, const struct choice *choice, struct chosen *list)
{
    size_t count = 0;
    for (size_t i = 0; i < run->count; i++) {
        const struct result *result = &run->results[i];
        if (!is_chosen(choice, result))
            continue;
        for (size_t k = 0; k < result->outcome->packet_count; k++) {
            if (list != NULL)
                list[count] = (struct chosen){result, &result->outcome->packets[k]};
            count++;
        }
    }
    return count;
}

/* By time; of one time, in the order of the run. */
static int compare_times(const void *a, const void *b)
{
    const struct chosen *x = a;
    const struct chosen *y = b;
    if (x->packet->time_us != y->packet->time_us)
        return x->packet->time_us < y->packet->time_us ? -1 : 1;
    if (x->result != y->result)
        return x->result < y->result ? -1 : 1;
    return (x->packet > y->packet) - (x->packet < y->packet);
}

static bool write_packets(FILE *out, const struct run *run, const struct choice *choice)
{
    size_t count = choose(run, choice, NULL);
    struct chosen *list = calloc(count + 1, sizeof *list);
    if (list == NULL)
        return false;
    choose(run, choice, list);
    qsort(list, count, sizeof *list, compare_times);
    bool written = pcapng_begin(out, PCAPNG_ETHERNET, FRAME_ROOM);
    for (size_t i = 0; i < count && written; i++)
        written = write_packet(out, &list[i]);
    free(list);
    return written;
}

static bool fail(char why[static PACKETS_WHY_ROOM], const char *what, const char *path)
{
    snprintf(why, PACKETS_WHY_ROOM, "can not %s '%.200s': %s", what, path, strerror(errno));
    calc_one_line(why);
    return false;
}

static bool write_file(const char *path, const struct run *run, const struct choice *choice,
                       char why[static PACKETS_WHY_ROOM])
{
    bool to_standard_output = strcmp(path, "-") == 0;
    FILE *out = to_standard_output ? stdout : fopen(path, "wb");
    if (out == NULL)
        return fail(why, "create", path);
    bool written = write_packets(out, run, choice);
    int error = errno;
    bool closed = (to_standard_output ? fflush(out) : fclose(out)) == 0;
    if (!written)
        errno = error;
    return (written && closed) || fail(why, "write", path);
}

bool packets_write(const char *path, const struct run *run, char why[static PACKETS_WHY_ROOM])
{
    return write_file(path, run, &(struct choice){0}, why);
}

static bool failure_path(const char *directory, const char *id, char path[static PATH_ROOM])
{
    int length = snprintf(path, PATH_ROOM, "%s/%s.pcapng", directory, id);
    if (length < 0 || length >= PATH_ROOM) {
        errno = ENAMETOOLONG;
        return false;
    }
    for (char *p = path + strlen(directory) + 1; *p != '\0'; p++) {
        if (*p == '/')
            *p = '-';
    }
    return true;
}

static bool told_before(const struct run *run, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (run->results[i].about == run->results[at].about && tally_tells(&run->results[i]))
            return true;
    }
    return false;
}

bool packets_write_failures(const char *directory, const struct run *run,
                            char why[static PACKETS_WHY_ROOM])
{
    if (mkdir(directory, 0777) != 0 && errno != EEXIST)
        return fail(why, "create", directory);
    for (size_t i = 0; i < run->count; i++) {
        const struct result *result = &run->results[i];
        char path[PATH_ROOM];
        if (!tally_tells(result) || told_before(run, i))
            continue;
        if (!failure_path(directory, result->about->id, path))
            return fail(why, "create a file in", directory);
        if (!write_file(path, run, &(struct choice){.about = result->about}, why))
            return false;
    }
    return true;
}
