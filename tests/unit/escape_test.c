/* Text from elsewhere in each form: what is special there, what is no UTF-8, and what no octet may do. */
#include "tests/support/test.h"

#include "proto/utf8.h"
#include "tests/conformance/escape.h"

#include <stdlib.h>

enum { ROOM = 4096 };

/* Escapes into a buffer of ROOM octets. Returns the length. */
static size_t escape(enum escape form, const char *octets, size_t length, char *text)
{
    FILE *out = fmemopen(text, ROOM, "w");
    assert_non_null(out);
    escape_octets(out, form, octets, length);
    long end = ftell(out);
    assert_int_equal(fclose(out), 0);
    return (size_t)end;
}

static void assert_escaped(enum escape form, const char *text, const char *expected)
{
    char escaped[ROOM];
    escape(form, text, strlen(text), escaped);
    assert_string_equal(escaped, expected);
}

static void what_is_special_is_escaped(void **state)
{
    (void)state;
    assert_escaped(ESCAPE_JSON, "a\"b\\c/d\n\t\x1f\x7f",
                   "a\\\"b\\\\c/d\\u000a\\u0009\\u001f\\u007f");
    assert_escaped(ESCAPE_MARKUP, "<a b=\"c\" d='e'>&amp;]]>\n\t",
                   "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;]]&gt;\n\t");
    assert_escaped(ESCAPE_MARKUP, "\r\x01\x7f\xc2\x85", "\\x0d\\x01\\x7f\\u0085");
    assert_escaped(ESCAPE_TAP, "a # SKIP \\#\nok 2\t\x1b", "a \\# SKIP \\\\\\# ok 2 \\\\x1b");
    assert_escaped(ESCAPE_TERMINAL, "\x1b[31m\r\a\xc2\x9b", "\\x1b[31m\\x0d\\x07\\u009b");
    assert_escaped(ESCAPE_TERMINAL,
                   "\xe2\x80\xae"
                   "a\xe2\x81\xa9",
                   "\\u202ea\\u2069");
    assert_escaped(ESCAPE_JSON, "\xe2\x80\xae", "\\u202e");
}

static void characters_stay_as_they_are(void **state)
{
    (void)state;
    for (enum escape form = 0; form <= ESCAPE_TERMINAL; form++)
        assert_escaped(form, "z\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbd",
                       "z\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbd");
}

static void xml_and_html_get_no_noncharacter(void **state)
{
    (void)state;
    assert_escaped(ESCAPE_MARKUP, "\xef\xbf\xbe|\xef\xbf\xbf|\xef\xb7\x90|\xf4\x8f\xbf\xbf",
                   "\xef\xbf\xbd|\xef\xbf\xbd|\xef\xbf\xbd|\xef\xbf\xbd");
}

/* Each octet on its own: a stray one, an overlong form, a surrogate, above U+10FFFF, a cut character. */
static void what_is_no_utf8_is_replaced(void **state)
{
    (void)state;
    static const struct {
        const char *text, *json, *terminal;
    } cases[] = {
        {"\xff",             "\\ufffd",                      "\\xff"               },
        {"\x80z",            "\\ufffdz",                     "\\x80z"              },
        {"\xc0\x80",         "\\ufffd\\ufffd",               "\\xc0\\x80"          },
        {"\xe0\x9f\xbf",     "\\ufffd\\ufffd\\ufffd",        "\\xe0\\x9f\\xbf"     },
        {"\xed\xa0\x80",     "\\ufffd\\ufffd\\ufffd",        "\\xed\\xa0\\x80"     },
        {"\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd", "\\xf4\\x90\\x80\\x80"},
        {"\xc3(",            "\\ufffd(",                     "\\xc3("              },
        {"\xe2\x82",         "\\ufffd\\ufffd",               "\\xe2\\x82"          },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_escaped(ESCAPE_JSON, cases[i].text, cases[i].json);
        assert_escaped(ESCAPE_TERMINAL, cases[i].text, cases[i].terminal);
    }
    assert_escaped(ESCAPE_MARKUP, "\xff<", "\xef\xbf\xbd&lt;");
    assert_escaped(ESCAPE_TAP, "\xff#", "\xef\xbf\xbd\\#");
}

static void a_nul_is_a_character_and_nothing_behind_the_end_is_read(void **state)
{
    (void)state;
    char escaped[ROOM];
    uint8_t *guard = guard_page();
    /* The first two octets of a character of three, at the end of what can be read. */
    memcpy(guard - 4, "a\0\xe2\x82", 4);
    escape(ESCAPE_JSON, (const char *)guard - 4, 4, escaped);
    assert_string_equal(escaped, "a\\u0000\\ufffd\\ufffd");
    guard_release(guard);
}

static void assert_harmless(enum escape form, const char *text, size_t length)
{
    const uint8_t *end = (const uint8_t *)text + length;
    for (const uint8_t *p = (const uint8_t *)text; p < end;) {
        size_t n = utf8_length(p, end);
        assert_true(n > 0);
        uint32_t code = utf8_code(p, n);
        assert_false((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069));
        bool is_layout = form == ESCAPE_MARKUP && (code == '\n' || code == '\t');
        assert_true(is_layout || (code >= 0x20 && (code < 0x7f || code >= 0xa0)));
        if (form == ESCAPE_MARKUP)
            assert_true(code != '<' && code != '>' && code != '"' && code != '\'');
        p += n;
    }
}

static void any_octets_become_utf8_without_control_characters(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (int i = 0; i < 20000; i++) {
        char octets[64];
        char text[ROOM];
        size_t length = random_u32(&random) % sizeof octets;
        for (size_t k = 0; k < length; k++)
            octets[k] =
                (char)(random_u32(&random) % (i % 2 == 0 ? 256 : 64) + (i % 2 == 0 ? 0 : 192));
        for (enum escape form = 0; form <= ESCAPE_TERMINAL; form++)
            assert_harmless(form, text, escape(form, octets, length, text));
    }
}

static void each_character_tells_what_it_takes(void **state)
{
    (void)state;
    const char *text = "\xe2\x82\xac\x1b";
    struct escaped euro = escape_next(ESCAPE_TERMINAL, text, text + 4);
    struct escaped esc = escape_next(ESCAPE_TERMINAL, text + euro.taken, text + 4);
    assert_int_equal(euro.taken, 3);
    assert_int_equal(euro.columns, 1);
    assert_int_equal(esc.taken, 1);
    assert_int_equal(esc.columns, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_special_is_escaped),
        cmocka_unit_test(characters_stay_as_they_are),
        cmocka_unit_test(xml_and_html_get_no_noncharacter),
        cmocka_unit_test(what_is_no_utf8_is_replaced),
        cmocka_unit_test(a_nul_is_a_character_and_nothing_behind_the_end_is_read),
        cmocka_unit_test(any_octets_become_utf8_without_control_characters),
        cmocka_unit_test(each_character_tells_what_it_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
