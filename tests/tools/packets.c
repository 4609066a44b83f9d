/* packets pcap|pcapng|ladder DESCRIPTION: makes a capture, or a drawing of it, of packets that are told
 * line by line (tests/support/script.h), and prints it; the same octets on each run. What is wrong with a
 * description is told with the file and the line. */
#define _DEFAULT_SOURCE /* u_char */
#include "tests/support/ladder.h"
#include "tests/support/pcapng.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

enum { SNAPSHOT_OCTETS = 65535 };

static bool say(const char *what, const char *why)
{
    fprintf(stderr, "packets: %s: %s\n", what, why);
    return false;
}

/* Returns the length of the frame; *captured is how much of it is kept. */
static size_t frame_of(const struct script *script, size_t step, uint8_t octets[static FRAME_ROOM],
                       size_t *captured)
{
    size_t length = script_frame(script, &script->steps[step], octets);
    *captured = script->steps[step].cut < length ? script->steps[step].cut : length;
    return length;
}

static bool write_pcap(struct script *script)
{
    pcap_t *pcap = pcap_open_dead(DLT_EN10MB, SNAPSHOT_OCTETS);
    if (pcap == NULL)
        return say("making a capture", "no memory");
    pcap_dumper_t *dumper = pcap_dump_fopen(pcap, stdout);
    if (dumper == NULL) {
        say("writing a capture", pcap_geterr(pcap));
        pcap_close(pcap);
        return false;
    }
    for (size_t i = 0; i < script->step_count; i++) {
        uint8_t octets[FRAME_ROOM];
        size_t captured;
        const struct script_step *step = &script->steps[i];
        if (step->kind == SCRIPT_LOST)
            continue;
        size_t length = frame_of(script, i, octets, &captured);
        struct pcap_pkthdr header = {
            .ts = {SCRIPT_EPOCH_S + step->time_us / 1000000, step->time_us % 1000000},
            .caplen = (bpf_u_int32)captured,
            .len = (bpf_u_int32)length,
        };
        pcap_dump((u_char *)dumper, &header, octets);
    }
    bool good = pcap_dump_flush(dumper) == 0 && !ferror(pcap_dump_file(dumper));
    if (!good)
        say("writing a capture", strerror(errno));
    /* Not pcap_dump_close(), which would close the standard output. */
    pcap_close(pcap);
    return good;
}

static bool write_pcapng(struct script *script)
{
    bool good = pcapng_begin(stdout, PCAPNG_ETHERNET, SNAPSHOT_OCTETS);
    for (size_t i = 0; good && i < script->step_count; i++) {
        uint8_t octets[FRAME_ROOM];
        const struct script_step *step = &script->steps[i];
        if (step->kind == SCRIPT_LOST)
            continue;
        struct pcapng_packet packet = {
            .time_us = (uint64_t)SCRIPT_EPOCH_S * 1000000 + (uint64_t)step->time_us,
            .octets = octets,
            .comment = step->comment,
        };
        packet.length = frame_of(script, i, octets, &packet.captured);
        good = pcapng_write(stdout, &packet);
    }
    return good || say("writing a capture", strerror(errno));
}

static bool write_ladder(struct script *script)
{
    return ladder_write(stdout, script);
}

static const struct {
    const char *name;
    bool (*write)(struct script *script); /* false: has said why, or script->why is set */
} FORMATS[] = {
    {"pcap",   write_pcap  },
    {"pcapng", write_pcapng},
    {"ladder", write_ladder}
};

static bool convert(const char *path, bool (*write)(struct script *script))
{
    FILE *in = fopen(path, "r");
    if (in == NULL)
        return say(path, strerror(errno));
    struct script script;
    bool good = script_read(in, &script) && write(&script);
    if (script.why[0] != '\0')
        fprintf(stderr, "packets: %s:%u: %s\n", path, script.line, script.why);
    script_free(&script);
    fclose(in);
    return good && (fflush(stdout) == 0 || say("writing to standard output", strerror(errno)));
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 3 && i < sizeof FORMATS / sizeof *FORMATS; i++) {
        if (strcmp(argv[1], FORMATS[i].name) == 0)
            return convert(argv[2], FORMATS[i].write) ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    fputs("usage: packets pcap|pcapng|ladder DESCRIPTION\n", stderr);
    return EXIT_FAILURE;
}
