/* The golden captures: every octet of every packet against the codec, and what captures/README.md says
 * of them against what they hold. Runs where both can be found from, with no right to capture. */
#include "tests/support/capture.h"

#include "proto/show.h"

#include <glob.h>
#include <stdio.h>

enum {
    PORT = 10000,
    STORY_ROOM = 16384,
    NETWORK_AT = 14, /* where IPv6 begins in Ethernet */
    PAYLOAD_AT = 14 + 40,
    QUOTE_AT = 14 + 40 + 8,
    ICMPV6 = 58,
};

/* A file's packets, put into words line by line, and what is known at each point. */
struct story {
    char text[STORY_ROOM];
    struct packet last; /* the latest datagram to the server */
    struct frame request;
};

static void tell(struct story *story, const char *mark, const char *words)
{
    size_t used = strlen(story->text);
    int length = snprintf(story->text + used, STORY_ROOM - used, "%s %s\n", mark, words);
    assert_true(length > 0 && (size_t)length < STORY_ROOM - used);
}

/* The reply is what calc_answer() says, and goes back the way that the request came. */
static void tell_reply(struct story *story, const struct packet *packet)
{
    struct frame expected = frame_back(&story->request, answer_to(story->request.payload));
    assert_packet(packet, &expected);
    char text[CALC_SHOW_ROOM];
    const struct datagram *request = &story->request.payload;
    calc_show_reply(expected.payload.octets, expected.payload.length,
                    calc_format_asked(request->octets, request->length), text, sizeof text);
    tell(story, "<", text);
}

static void tell_request(struct story *story, const struct packet *packet,
                         const struct frame *frame)
{
    assert_packet(packet, frame);
    story->last = *packet;
    story->request = *frame;
    char text[CALC_SHOW_ROOM];
    calc_show_request(frame->payload.octets, frame->payload.length, text, sizeof text);
    tell(story, ">", text);
}

/* RFC 4443, section 3.1: port unreachable, and as much of the datagram as fits. */
static void tell_unreachable(struct story *story, const struct packet *packet)
{
    assert_int_equal(packet->octets[NETWORK_AT + 6], ICMPV6);
    assert_int_equal(packet->octets[PAYLOAD_AT], 1);
    assert_int_equal(packet->octets[PAYLOAD_AT + 1], 4);
    size_t quoted = story->last.length - NETWORK_AT;
    assert_int_equal(packet->length, QUOTE_AT + quoted);
    assert_memory_equal(packet->octets + QUOTE_AT, story->last.octets + NETWORK_AT, quoted);
    tell(story, "!", "port unreachable");
}

static void tell_packet(struct story *story, const struct packet *packet)
{
    struct frame frame;
    if (!frame_read(packet->octets, packet->length, &frame))
        tell_unreachable(story, packet);
    else if (frame.destination_port == PORT)
        tell_request(story, packet, &frame);
    else
        tell_reply(story, packet);
}

static void read_capture(const char *path, struct story *story)
{
    char why[PCAP_ERRBUF_SIZE];
    pcap_t *capture = pcap_open_offline(path, why);
    if (capture == NULL)
        fail_msg("%s: %s", path, why);
    assert_int_equal(pcap_datalink(capture), DLT_EN10MB);
    *story = (struct story){0};
    for (struct packet packet; capture_take(capture, &packet);)
        tell_packet(story, &packet);
    pcap_close(capture);
}

static bool line_agrees(const char *said, const char *held, size_t held_length)
{
    size_t length = strcspn(said, "\n");
    if (length > 3 && memcmp(said + length - 3, "...", 3) == 0)
        return length - 3 <= held_length && memcmp(said, held, length - 4) == 0;
    return length == held_length && memcmp(said, held, length) == 0;
}

/* Compares the indented lines of the README's section with the story. */
static void assert_told(FILE *readme, const char *name, const char *story)
{
    char line[1024];
    char heading[256];
    snprintf(heading, sizeof heading, "## %s\n", name);
    rewind(readme);
    do {
        if (fgets(line, sizeof line, readme) == NULL)
            fail_msg("captures/README.md has no section '%s'", name);
    } while (strcmp(line, heading) != 0);

    while (fgets(line, sizeof line, readme) != NULL && strncmp(line, "## ", 3) != 0) {
        if (strncmp(line, "    ", 4) != 0)
            continue;
        size_t length = strcspn(story, "\n");
        if (!line_agrees(line + 4, story, length))
            fail_msg("%s: the README says '%s', the capture '%.*s'", name, line + 4, (int)length,
                     story);
        story += length + 1;
    }
    if (*story != '\0')
        fail_msg("%s: the README is silent about '%s'", name, story);
}

static void every_capture_is_as_the_codec_and_the_readme_say(void **state)
{
    (void)state;
    static struct story story;
    glob_t files;
    assert_int_equal(glob("captures/*.pcap", 0, NULL, &files), 0);
    FILE *readme = fopen("captures/README.md", "r");
    assert_non_null(readme);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        read_capture(files.gl_pathv[i], &story);
        assert_told(readme, strrchr(files.gl_pathv[i], '/') + 1, story.text);
    }
    fclose(readme);
    globfree(&files);
}

static void every_section_of_the_readme_has_its_capture(void **state)
{
    (void)state;
    FILE *readme = fopen("captures/README.md", "r");
    assert_non_null(readme);
    char line[1024];
    size_t sections = 0;
    while (fgets(line, sizeof line, readme) != NULL) {
        char path[1100] = "captures/";
        if (sscanf(line, "## %255s", path + strlen(path)) != 1)
            continue;
        FILE *capture = fopen(path, "r");
        if (capture == NULL)
            fail_msg("there is no %s", path);
        fclose(capture);
        sections++;
    }
    fclose(readme);
    assert_int_not_equal(sections, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_capture_is_as_the_codec_and_the_readme_say),
        cmocka_unit_test(every_section_of_the_readme_has_its_capture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
