/* Datagrams as drawings: the exact lines, also of what is malformed, cut or too long; and what holds for
 * every line of every datagram. */
#include "tests/support/test.h"

#include "proto/draw.h"
#include "proto/show.h"

enum kind { REQUEST, REPLY_AS_INTEGER, REPLY_AS_STRING, KINDS };

static size_t draw(enum kind kind, const uint8_t *octets, size_t length, bool coloured, char *text,
                   size_t room)
{
    if (kind == REQUEST)
        return calc_draw_request(octets, length, coloured, text, room);
    return calc_draw_reply(octets, length,
                           kind == REPLY_AS_STRING ? CALC_AS_STRING : CALC_AS_INTEGER, coloured,
                           text, room);
}

/* The goldens are those of a little-endian host. On any other, an integer stands in the host as on the wire,
 * in lines such as this one:
 *         1  00 00 00 01  01 00 00 00            1 */
static void in_the_order_of_this_host(const char *golden, char *text)
{
    enum { WIRE = 11, HOST = 24, ORDER_COLUMNS = 11, LINE_COLUMNS = 48 };
    const uint32_t one = 1;
    strcpy(text, golden);
    if (*(const uint8_t *)&one == 1)
        return;
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        if (end - line == LINE_COLUMNS &&
            line + WIRE + strspn(line + WIRE, "0123456789abcdef ") == end)
            memcpy(line + HOST, line + WIRE, ORDER_COLUMNS);
    }
}

static void assert_drawing(enum kind kind, struct datagram d, const char *golden)
{
    char expected[CALC_DRAW_ROOM];
    char text[CALC_DRAW_ROOM];
    in_the_order_of_this_host(golden, expected);
    assert_int_equal(draw(kind, d.octets, d.length, false, text, sizeof text), strlen(expected));
    assert_string_equal(text, expected);
}

/* The datagram has length octets, of which d has the first ones; the golden is a part of the drawing. */
static void assert_drawing_has(enum kind kind, struct datagram d, size_t length, const char *golden)
{
    char expected[CALC_DRAW_ROOM];
    char text[CALC_DRAW_ROOM];
    in_the_order_of_this_host(golden, expected);
    draw(kind, d.octets, length, false, text, sizeof text);
    if (strstr(text, expected) == NULL)
        assert_string_equal(text, expected);
}

static struct datagram filled(unsigned header, int octet, size_t length)
{
    struct datagram d = {.length = length};
    memset(d.octets, octet, sizeof d.octets);
    d.octets[0] = (uint8_t)header;
    return d;
}

static void a_request_is_drawn(void **state)
{
    (void)state;
    assert_drawing(REQUEST, hex("00 00000001 00000003 00000005"),
                   "     0 1 2 3 4 5 6 7\n"
                   "    +-+-+-+-+-+-+-+-+\n"
                   "    |Unused |Opcod|F|   Unused 0, Opcode 0 (sum), F 0 (as an integer)\n"
                   "    |0 0 0 0|0 0 0|0|   00\n"
                   "    +-+-+-+-+-+-+-+-+\n"
                   "\n"
                   "    octet  on the wire  in this host     integer\n"
                   "        1  00 00 00 01  01 00 00 00            1\n"
                   "        5  00 00 00 03  03 00 00 00            3\n"
                   "        9  00 00 00 05  05 00 00 00            5\n"
                   "\n"
                   "    0000  00 00 00 00 01 00 00 00 03 00 00 00 05           .............\n"
                   "\n"
                   "    sum(1, 3, 5) as integer\n");
    assert_drawing(REQUEST, hex("A3 1F20217E 7F80FF41 42434445 46474849"),
                   "     0 1 2 3 4 5 6 7\n"
                   "    +-+-+-+-+-+-+-+-+\n"
                   "    |Unused |Opcod|F|   Unused 10, Opcode 1 (product), F 1 (as a string)\n"
                   "    |1 0 1 0|0 0 1|1|   a3\n"
                   "    +-+-+-+-+-+-+-+-+\n"
                   "\n"
                   "    octet  on the wire  in this host     integer\n"
                   "        1  1f 20 21 7e  7e 21 20 1f    522199422\n"
                   "        5  7f 80 ff 41  41 ff 80 7f   2139160385\n"
                   "        9  42 43 44 45  45 44 43 42   1111704645\n"
                   "       13  46 47 48 49  49 48 47 46   1179076681\n"
                   "\n"
                   "    0000  a3 1f 20 21 7e 7f 80 ff 41 42 43 44 45 46 47 48  ...!~...ABCDEFGH\n"
                   "    0010  49                                               I\n"
                   "\n"
                   "    product(522199422, 2139160385, 1111704645, 1179076681) as string\n");
}

static void a_reply_is_drawn_in_the_form_that_was_asked_for(void **state)
{
    (void)state;
    assert_drawing(REPLY_AS_INTEGER, hex("8E 31323334"),
                   "     0 1 2 3 4 5 6 7\n"
                   "    +-+-+-+-+-+-+-+-+\n"
                   "    |S|   Unused    |   S 1 (success), Unused 14\n"
                   "    |1|0 0 0 1 1 1 0|   8e\n"
                   "    +-+-+-+-+-+-+-+-+\n"
                   "\n"
                   "    octet  on the wire  in this host     integer\n"
                   "        1  31 32 33 34  34 33 32 31    825373492\n"
                   "\n"
                   "    0000  8e 31 32 33 34                                   .1234\n"
                   "\n"
                   "    success, 825373492\n");
    assert_drawing(REPLY_AS_STRING, hex("80 31323334"),
                   "     0 1 2 3 4 5 6 7\n"
                   "    +-+-+-+-+-+-+-+-+\n"
                   "    |S|   Unused    |   S 1 (success), Unused 0\n"
                   "    |1|0 0 0 0 0 0 0|   80\n"
                   "    +-+-+-+-+-+-+-+-+\n"
                   "\n"
                   "    octet  digits\n"
                   "        1  1234\n"
                   "\n"
                   "    0000  80 31 32 33 34                                   .1234\n"
                   "\n"
                   "    success, \"1234\"\n");
}

static void an_error_is_drawn(void **state)
{
    (void)state;
    assert_drawing(REPLY_AS_INTEGER, hex("00"),
                   "     0 1 2 3 4 5 6 7\n"
                   "    +-+-+-+-+-+-+-+-+\n"
                   "    |S|   Unused    |   S 0 (error), Unused 0\n"
                   "    |0|0 0 0 0 0 0 0|   00\n"
                   "    +-+-+-+-+-+-+-+-+\n"
                   "\n"
                   "    0000  00                                               .\n"
                   "\n"
                   "    error\n");
    assert_drawing(REPLY_AS_STRING, hex("7F 6F6F7073 2021222324 2526272829 2A2B2C2D"),
                   "     0 1 2 3 4 5 6 7\n"
                   "    +-+-+-+-+-+-+-+-+\n"
                   "    |S|   Unused    |   S 0 (error), Unused 127\n"
                   "    |0|1 1 1 1 1 1 1|   7f\n"
                   "    +-+-+-+-+-+-+-+-+\n"
                   "\n"
                   "    octet  payload, which means nothing (REQ-5.6)\n"
                   "        1  6f 6f 70 73 20 21 22 23 24 25 26 27 28 29 2a 2b\n"
                   "       17  2c 2d\n"
                   "\n"
                   "    0000  7f 6f 6f 70 73 20 21 22 23 24 25 26 27 28 29 2a  .oops.!\"#$%&'()*\n"
                   "    0010  2b 2c 2d                                         +,-\n"
                   "\n"
                   "    error\n");
}

static void a_datagram_without_a_payload_is_its_header(void **state)
{
    (void)state;
    assert_drawing(REQUEST, hex(""), "    malformed: no integers, so no request (REQ-6.1)\n");
    assert_drawing(REQUEST, hex("0E"),
                   "     0 1 2 3 4 5 6 7\n"
                   "    +-+-+-+-+-+-+-+-+\n"
                   "    |Unused |Opcod|F|   Unused 0, Opcode 7 (not defined), F 0 (as an integer)\n"
                   "    |0 0 0 0|1 1 1|0|   0e\n"
                   "    +-+-+-+-+-+-+-+-+\n"
                   "\n"
                   "    0000  0e                                               .\n"
                   "\n"
                   "    malformed: no integers, so no request (REQ-6.1)\n");
    for (enum kind kind = REPLY_AS_INTEGER; kind < KINDS; kind++) {
        assert_drawing(kind, hex(""), "    not valid: the reply has 0 octets (REQ-5.1)\n");
        assert_drawing(
            kind, hex("80"),
            "     0 1 2 3 4 5 6 7\n"
            "    +-+-+-+-+-+-+-+-+\n"
            "    |S|   Unused    |   S 1 (success), Unused 0\n"
            "    |1|0 0 0 0 0 0 0|   80\n"
            "    +-+-+-+-+-+-+-+-+\n"
            "\n"
            "    0000  80                                               .\n"
            "\n"
            "    not valid: the reply's length is not that of the form asked for (REQ-5.3,\n"
            "      REQ-5.4)\n");
    }
}

static void what_is_left_over_behind_the_integers_is_shown(void **state)
{
    (void)state;
    assert_drawing(
        REQUEST, hex("00 00000007 0102"),
        "     0 1 2 3 4 5 6 7\n"
        "    +-+-+-+-+-+-+-+-+\n"
        "    |Unused |Opcod|F|   Unused 0, Opcode 0 (sum), F 0 (as an integer)\n"
        "    |0 0 0 0|0 0 0|0|   00\n"
        "    +-+-+-+-+-+-+-+-+\n"
        "\n"
        "    octet  on the wire  in this host     integer\n"
        "        1  00 00 00 07  07 00 00 00            7\n"
        "        5  01 02        left over, no integer (REQ-6.3)\n"
        "\n"
        "    0000  00 00 00 00 07 01 02                             .......\n"
        "\n"
        "    malformed: the payload is not a whole number of 32-bit integers (REQ-6.3)\n");
    assert_drawing_has(REQUEST, hex("00 01"), 2,
                       "    octet  on the wire  in this host     integer\n"
                       "        1  01           left over, no integer (REQ-6.3)\n"
                       "\n");
    assert_drawing_has(REQUEST, hex("00 010203"), 4,
                       "    octet  on the wire  in this host     integer\n"
                       "        1  01 02 03     left over, no integer (REQ-6.3)\n"
                       "\n");
}

static void the_integers_of_an_unknown_opcode_are_shown(void **state)
{
    (void)state;
    assert_drawing(REQUEST, hex("F5 FFFFFFFE"),
                   "     0 1 2 3 4 5 6 7\n"
                   "    +-+-+-+-+-+-+-+-+\n"
                   "    |Unused |Opcod|F|   Unused 15, Opcode 2 (not defined), F 1 (as a string)\n"
                   "    |1 1 1 1|0 1 0|1|   f5\n"
                   "    +-+-+-+-+-+-+-+-+\n"
                   "\n"
                   "    octet  on the wire  in this host     integer\n"
                   "        1  ff ff ff fe  fe ff ff ff   4294967294\n"
                   "\n"
                   "    0000  f5 ff ff ff fe                                   .....\n"
                   "\n"
                   "    malformed: the opcode is neither 0 (sum) nor 1 (product) (REQ-6.4)\n");
}

static void a_payload_in_the_wrong_form_is_shown_as_octets(void **state)
{
    (void)state;
    assert_drawing_has(
        REPLY_AS_INTEGER, hex("80 313233"), 4,
        "    octet  payload, not one integer (REQ-5.3)\n"
        "        1  31 32 33\n"
        "\n"
        "    0000  80 31 32 33                                      .123\n"
        "\n"
        "    not valid: the reply's length is not that of the form asked for (REQ-5.3,\n"
        "      REQ-5.4)\n");
    assert_drawing_has(REPLY_AS_STRING, hex("80 00000009"), 5,
                       "    octet  payload, not 1 to 256 digits (REQ-5.4)\n"
                       "        1  00 00 00 09\n"
                       "\n"
                       "    0000  80 00 00 00 09                                   .....\n"
                       "\n"
                       "    not valid: the reply holds other octets than ASCII digits (REQ-5.4)\n");
}

static void more_than_258_octets_are_counted_and_not_shown(void **state)
{
    (void)state;
    struct datagram d = filled(0x02, 'a', 258);
    assert_drawing_has(
        REQUEST, d, 258,
        "      253  61 61 61 61  61 61 61 61   1633771873\n"
        "      257  61           beyond 256 octets of payload (REQ-6.2)\n"
        "\n"
        "    0000  02 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61  .aaaaaaaaaaaaaaa\n");
    assert_drawing_has(
        REQUEST, d, 258,
        "    0100  61 61                                            aa\n"
        "\n"
        "    malformed: more than 256 octets of payload, or 64 integers (REQ-6.2)\n");
    assert_drawing_has(REQUEST, d, 261,
                       "      257  61           beyond 256 octets of payload (REQ-6.2)\n");
    assert_drawing_has(REQUEST, d, 261,
                       "    0100  61 61                                            aa\n"
                       "    258 of 261 octets\n"
                       "\n");
    d = filled(0x80, '7', 258);
    for (enum kind kind = REPLY_AS_INTEGER; kind < KINDS; kind++) {
        assert_drawing_has(kind, d, 65535,
                           "      257  37\n"
                           "\n"
                           "    0000  80 37 37 ");
        assert_drawing_has(
            kind, d, 65535,
            "    0100  37 37                                            77\n"
            "    258 of 65535 octets\n"
            "\n"
            "    not valid: the reply's length is not that of the form asked for (REQ-5.3,\n");
    }
}

static void long_numbers_and_lists_go_on_on_the_next_line(void **state)
{
    (void)state;
    struct datagram d = filled(0x80, '9', 257);
    d.octets[256] = '1';
    assert_drawing_has(
        REPLY_AS_STRING, d, 257,
        "    octet  digits\n"
        "        1  9999999999999999999999999999999999999999999999999999999999999999\n"
        "       65  9999999999999999999999999999999999999999999999999999999999999999\n"
        "      129  9999999999999999999999999999999999999999999999999999999999999999\n"
        "      193  9999999999999999999999999999999999999999999999999999999999999991\n"
        "\n");
    assert_drawing_has(
        REPLY_AS_STRING, d, 257,
        "    success, \"9999999999999999999999999999999999999999999999999999999999999999\n"
        "      99999999999999999999999999999999999999999999999999999999999999999999999999\n"
        "      99999999999999999999999999999999999999999999999999999999999999999999999999\n"
        "      99999999999999999999999999999999999999999991\"\n");
    assert_drawing_has(
        REQUEST, filled(PRODUCT_AS_STRING, 0xFF, 57), 57,
        "    product(4294967295, 4294967295, 4294967295, 4294967295, 4294967295,\n"
        "      4294967295, 4294967295, 4294967295, 4294967295, 4294967295, 4294967295,\n"
        "      4294967295, 4294967295, 4294967295) as string\n");
}

static void colours_mark_names_values_and_what_is_wrong(void **state)
{
    (void)state;
    struct datagram d = hex("0E 01020201 FF"); /* the same in any order */
    char text[CALC_DRAW_ROOM];
    calc_draw_request(d.octets, d.length, true, text, sizeof text);
    assert_string_equal(text,
                        "     0 1 2 3 4 5 6 7\n"
                        "    +-+-+-+-+-+-+-+-+\n"
                        "    |\033[1mUnused\033[0m |\033[1mOpcod\033[0m|\033[1mF\033[0m|   "
                        "\033[1mUnused\033[0m \033[36m0\033[0m, \033[1mOpcode\033[0m \033[31m7 "
                        "(not defined)\033[0m, \033[1mF\033[0m \033[36m0 (as an integer)\033[0m\n"
                        "    |\033[36m0 0 0 0\033[0m|\033[31m1 1 1\033[0m|\033[36m0\033[0m|   0e\n"
                        "    +-+-+-+-+-+-+-+-+\n"
                        "\n"
                        "    \033[1moctet  on the wire  in this host     integer\033[0m\n"
                        "        1  01 02 02 01  01 02 02 01   \033[36m  16908801\033[0m\n"
                        "        5  \033[31mff           left over, no integer (REQ-6.3)\033[0m\n"
                        "\n"
                        "    0000  0e 01 02 02 01 ff                                ......\n"
                        "\n"
                        "    \033[31mmalformed: the payload is not a whole number of 32-bit "
                        "integers (REQ-6.3)\033[0m\n");
}

/* Takes the sequences out of the text. Each is opened and reset on one line, none within another. */
static void strip_colours(char *text)
{
    char *to = text;
    bool coloured = false;
    for (const char *from = text; *from != '\0';) {
        if (*from == '\033') {
            size_t length = strcspn(from, "m") + 1;
            bool reset = length == 4 && memcmp(from, "\033[0m", 4) == 0;
            assert_int_equal(coloured, reset);
            coloured = !reset;
            from += length;
            continue;
        }
        assert_false(coloured && *from == '\n');
        *to++ = *from++;
    }
    assert_false(coloured);
    *to = '\0';
}

static void assert_lines_fit_a_terminal(const char *text)
{
    size_t columns = 0;
    for (const char *p = text; *p != '\0'; p++) {
        if (*p != '\n') {
            assert_true(*p >= ' ' && *p <= '~');
            columns++;
            assert_true(columns <= CALC_DRAW_COLUMNS);
            continue;
        }
        assert_false(columns > 0 && p[-1] == ' ');
        columns = 0;
    }
    assert_int_equal(columns, 0); /* the last line ends, too */
}

/* In both forms and in all colours. */
static void assert_well_drawn(const uint8_t *octets, size_t length)
{
    for (enum kind kind = REQUEST; kind < KINDS; kind++) {
        char plain[CALC_DRAW_ROOM];
        char coloured[CALC_DRAW_ROOM];
        size_t plain_length = draw(kind, octets, length, false, plain, sizeof plain);
        assert_int_equal(plain_length, strlen(plain));
        assert_lines_fit_a_terminal(plain);
        size_t coloured_length = draw(kind, octets, length, true, coloured, sizeof coloured);
        assert_int_equal(coloured_length, strlen(coloured));
        strip_colours(coloured);
        assert_string_equal(coloured, plain);
    }
}

static void every_line_of_any_datagram_fits_a_terminal_and_resets_its_colours(void **state)
{
    (void)state;
    uint64_t seed = 80;
    for (size_t length = 0; length <= 300; length++) {
        for (int round = 0; round < 5; round++) {
            struct datagram d = {.length = length};
            for (size_t i = 0; i < length; i++)
                d.octets[i] = (uint8_t)random_u32(&seed);
            assert_well_drawn(d.octets, length);
        }
    }
}

/* From 0 in such steps, a header octet has each half once. */
enum { EACH_NIBBLE = 0x11 };

static void every_line_of_hostile_datagrams_fits_a_terminal_and_resets_its_colours(void **state)
{
    (void)state;
    const int octets[] = {0x00, '\t', '\n', '\033', ' ',  '0', '9',
                          '[',  'm',  0x7F, 0x80,   0x9B, 0xFF};
    const size_t longest[] = {301, 65535, SIZE_MAX};
    for (unsigned header = 0; header < 256; header += EACH_NIBBLE) {
        for (size_t i = 0; i < sizeof octets / sizeof octets[0]; i++) {
            struct datagram d = filled(header, octets[i], 0);
            for (size_t length = header % 7; length <= 300; length += 7)
                assert_well_drawn(d.octets, length);
            for (size_t k = 0; k < sizeof longest / sizeof longest[0]; k++)
                assert_well_drawn(d.octets, longest[k]);
        }
    }
}

/* The longest texts are those of 64 large integers and of 258 octets that are no result; the room is not
 * much larger than they need, nor is it too small. */
static void the_largest_drawing_fits_the_room_that_is_named_for_it(void **state)
{
    (void)state;
    size_t largest = 0;
    for (enum kind kind = REQUEST; kind < KINDS; kind++) {
        for (unsigned header = 0; header < 256; header += EACH_NIBBLE) {
            for (size_t length = 250; length <= 300; length++) {
                struct datagram d = filled(header, 0xFF, length);
                char text[2 * CALC_DRAW_ROOM];
                size_t drawn = draw(kind, d.octets, length, true, text, sizeof text);
                largest = drawn > largest ? drawn : largest;
            }
        }
    }
    assert_in_range(largest, CALC_DRAW_ROOM / 2, CALC_DRAW_ROOM - 1);
}

static void a_drawing_is_cut_behind_the_last_line_that_fits(void **state)
{
    (void)state;
    uint8_t *guard = guard_page();
    const struct datagram datagrams[] = {hex("0F 00000001 FFFFFFFF 02"), hex("80 3234"),
                                         hex("00 39"), hex("")};
    for (size_t i = 0; i < sizeof datagrams / sizeof datagrams[0]; i++) {
        struct datagram d = datagrams[i];
        for (int variant = 0; variant < 2 * KINDS; variant++) {
            char full[CALC_DRAW_ROOM];
            enum kind kind = (enum kind)(variant / 2);
            size_t length = draw(kind, d.octets, d.length, variant % 2, full, sizeof full);
            size_t lines = 0; /* the length of the lines that fit */
            for (size_t room = 1; room <= length + 2; room++) {
                char *text = (char *)guard - room;
                if (room <= length + 1 && room >= 2 && full[room - 2] == '\n')
                    lines = room - 1;
                assert_int_equal(draw(kind, d.octets, d.length, variant % 2, text, room), lines);
                assert_int_equal(strlen(text), lines);
                assert_memory_equal(text, full, lines);
            }
            assert_int_equal(lines, length);
        }
    }
    guard_release(guard);
}

static void no_datagram_is_read_beyond_its_end(void **state)
{
    (void)state;
    uint8_t *guard = guard_page();
    char text[CALC_DRAW_ROOM];
    for (size_t length = 0; length <= 300; length++) {
        size_t readable = length < CALC_BUFFER_OCTETS ? length : CALC_BUFFER_OCTETS;
        uint8_t *start = guard - readable;
        for (int header = 0; header < 256; header += 127) {
            memset(start, '1', readable);
            if (readable > 0)
                start[0] = (uint8_t)header;
            for (enum kind kind = REQUEST; kind < KINDS; kind++)
                draw(kind, start, length, true, text, sizeof text);
        }
    }
    guard_release(guard);
}

static void the_words_of_a_drawing_are_those_of_the_line(void **state)
{
    (void)state;
    for (unsigned header = 0; header < 256; header++) {
        struct datagram d = filled(header, '1', 5);
        char text[CALC_DRAW_ROOM];
        char line[CALC_SHOW_ROOM];
        calc_draw_request(d.octets, d.length, false, text, sizeof text);
        size_t length = calc_show_request(d.octets, d.length, line, sizeof line);
        const char *end = text + strlen(text) - 1;
        assert_memory_equal(end - length, line, length);
        calc_draw_reply(d.octets, d.length, CALC_AS_STRING, false, text, sizeof text);
        length = calc_show_reply(d.octets, d.length, CALC_AS_STRING, line, sizeof line);
        end = text + strlen(text) - 1;
        assert_memory_equal(end - length, line, length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_drawn),
        cmocka_unit_test(a_reply_is_drawn_in_the_form_that_was_asked_for),
        cmocka_unit_test(an_error_is_drawn),
        cmocka_unit_test(a_datagram_without_a_payload_is_its_header),
        cmocka_unit_test(what_is_left_over_behind_the_integers_is_shown),
        cmocka_unit_test(the_integers_of_an_unknown_opcode_are_shown),
        cmocka_unit_test(a_payload_in_the_wrong_form_is_shown_as_octets),
        cmocka_unit_test(more_than_258_octets_are_counted_and_not_shown),
        cmocka_unit_test(long_numbers_and_lists_go_on_on_the_next_line),
        cmocka_unit_test(colours_mark_names_values_and_what_is_wrong),
        cmocka_unit_test(every_line_of_any_datagram_fits_a_terminal_and_resets_its_colours),
        cmocka_unit_test(every_line_of_hostile_datagrams_fits_a_terminal_and_resets_its_colours),
        cmocka_unit_test(the_largest_drawing_fits_the_room_that_is_named_for_it),
        cmocka_unit_test(a_drawing_is_cut_behind_the_last_line_that_fits),
        cmocka_unit_test(no_datagram_is_read_beyond_its_end),
        cmocka_unit_test(the_words_of_a_drawing_are_those_of_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
