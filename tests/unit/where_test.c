/* Which words say where the metrics are to be had. */
#include "tests/support/test.h"

#include "server/local.h"
#include "server/where.h"

static void assert_endpoint(const char *word, const char *expected)
{
    struct where where;
    char text[CALC_ENDPOINT_ROOM];
    assert_true(where_parse(word, &where));
    assert_true(where.given);
    assert_null(where.path);
    calc_endpoint_text(&where.endpoint, text);
    assert_string_equal(text, expected);
}

static void addresses_and_ports(void **state)
{
    (void)state;
    assert_endpoint("[::1]:9610", "[::1]:9610");
    assert_endpoint("[::]:0", "[::]:0");
    assert_endpoint("127.0.0.1:65535", "[::ffff:127.0.0.1]:65535");
    assert_endpoint("[fe80::1%lo]:1", "[fe80::1%lo]:1");
}

static void paths(void **state)
{
    (void)state;
    static const char *const words[] = {"/run/calc6/metrics", "./metrics", "a/[::1]:9610", "/"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct where where;
        assert_true(where_parse(words[i], &where));
        assert_true(where.given);
        assert_string_equal(where.path, words[i]);
    }
}

static void words_that_are_neither(void **state)
{
    (void)state;
    static const char *const words[] = {
        "",
        ":",
        "9610",
        "::1",
        "[::1]",
        "[::1]:",
        "[::1]9610",
        "::1:9610",
        "[::1:9610",
        "::1]:9610",
        "[]:9610",
        ":9610",
        "localhost:9610",
        "[127.0.0.1]x:1",
        "[::1]:65536",
        "[::1]:-1",
        "[::1]:http",
        "[::1]:1 ",
        "[[::1]]:1",
        "127.1:9610",
        "127.0.0.1.1:1",
        "[::g]:1",
        "[ff02::1]:9610x",
        "metrics",
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct where where;
        if (where_parse(words[i], &where))
            fail_msg("'%s' is taken", words[i]);
    }
}

static void words_of_any_length(void **state)
{
    (void)state;
    char word[1024];
    for (size_t length = 1; length < sizeof word; length++) {
        struct where where;
        memset(word, '1', length);
        word[length] = '\0';
        word[0] = '/';
        assert_int_equal(where_parse(word, &where), length <= LOCAL_PATH_MAX);
        memcpy(word, "[", 1);
        assert_false(where_parse(word, &where));
        memcpy(word + length - 1, length > 1 ? ":" : "[", 1);
        assert_false(where_parse(word, &where));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_and_ports),
        cmocka_unit_test(paths),
        cmocka_unit_test(words_that_are_neither),
        cmocka_unit_test(words_of_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
