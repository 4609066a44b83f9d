/* Any description of packets: its capture, read by libpcap, has the packets that it tells of. */
#define _GNU_SOURCE /* open_memstream, fmemopen, u_char */
#include "tests/fuzz/fuzz.h"

#include "tests/support/ladder.h"
#include "tests/support/pcapng.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

enum { SNAPSHOT_OCTETS = 65535, STEPS_MAX = 200 };

struct capture {
    char *octets;
    size_t length;
};

static size_t captured_of(const struct script_step *step, size_t length)
{
    return step->cut < length ? step->cut : length;
}

static int64_t time_of(const struct script_step *step)
{
    return SCRIPT_EPOCH_S * INT64_C(1000000) + step->time_us;
}

static struct capture write_capture(const struct script *script)
{
    struct capture capture = {0};
    uint8_t octets[FRAME_ROOM];
    FILE *out = open_memstream(&capture.octets, &capture.length);
    require(out != NULL && pcapng_begin(out, PCAPNG_ETHERNET, SNAPSHOT_OCTETS),
            "a capture can be begun");
    for (size_t i = 0; i < script->step_count; i++) {
        const struct script_step *step = &script->steps[i];
        if (step->kind == SCRIPT_LOST)
            continue;
        size_t length = script_frame(script, step, octets);
        struct pcapng_packet packet = {
            .time_us = (uint64_t)time_of(step),
            .octets = octets,
            .captured = captured_of(step, length),
            .length = length,
            .comment = step->comment,
        };
        require(pcapng_write(out, &packet), "any packet of a description can be written");
    }
    require(fclose(out) == 0, "a capture can be written");
    return capture;
}

static void require_packet(pcap_t *pcap, const struct script *script,
                           const struct script_step *step)
{
    struct pcap_pkthdr *header;
    const u_char *read;
    uint8_t octets[FRAME_ROOM];
    size_t length = script_frame(script, step, octets);
    size_t captured = captured_of(step, length);
    require(pcap_next_ex(pcap, &header, &read) == 1, "each packet is in the capture");
    require(header->len == length && header->caplen == captured &&
                memcmp(read, octets, captured) == 0,
            "a packet has its octets");
    require(header->ts.tv_sec * INT64_C(1000000) + header->ts.tv_usec == time_of(step),
            "a packet has its time");
}

static void require_capture(const struct script *script, struct capture capture)
{
    char why[PCAP_ERRBUF_SIZE];
    struct pcap_pkthdr *header;
    const u_char *read;
    FILE *in = fmemopen(capture.octets, capture.length, "rb");
    require(in != NULL, "a capture in memory can be opened");
    pcap_t *pcap = pcap_fopen_offline(in, why);
    require(pcap != NULL && pcap_datalink(pcap) == DLT_EN10MB, "libpcap reads the capture");
    for (size_t i = 0; i < script->step_count; i++) {
        if (script->steps[i].kind != SCRIPT_LOST)
            require_packet(pcap, script, &script->steps[i]);
    }
    require(pcap_next_ex(pcap, &header, &read) == PCAP_ERROR_BREAK,
            "there are no more packets than were told of");
    pcap_close(pcap);
}

static void require_ladder(struct script *script)
{
    struct capture text = {0};
    FILE *out = open_memstream(&text.octets, &text.length);
    require(out != NULL, "a drawing can be begun");
    bool drawn = ladder_write(out, script);
    require(fclose(out) == 0 && (drawn || is_one_line(script->why)),
            "a ladder is drawn, or it is told in one line why not");
    free(text.octets);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct exact text = exact_copy(data, size);
    FILE *in = fmemopen(text.octets, size, "r");
    require(in != NULL, "a text in memory can be opened");
    struct script script;
    bool good = script_read(in, &script);
    require(good || is_one_line(script.why),
            "what is wrong with a description is told in one line");
    if (good && script.step_count <= STEPS_MAX) {
        struct capture capture = write_capture(&script);
        require_capture(&script, capture);
        free(capture.octets);
        require_ladder(&script);
    }
    script_free(&script);
    fclose(in);
    exact_free(&text);
    return 0;
}
