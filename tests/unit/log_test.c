/* Lines of the server's log, as they arrive at the other end of standard error. */
#define _GNU_SOURCE /* pipe2 */
#include "tests/unit/said.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const struct log text = {.format = LOG_TEXT};
static const struct log pairs = {.format = LOG_PAIRS};

static void a_message_is_for_people_or_for_programs(void **state)
{
    (void)state;
    log_say(&text, LOG_ERR, "failed", "can not bind \"x\"");
    assert_said("log_test: can not bind \"x\"\n");
    log_say(&pairs, LOG_ERR, "failed", "can not bind \"x\"");
    assert_said("level=error event=failed message=\"can not bind \\\"x\\\"\"\n");
    log_say(&pairs, LOG_WARNING, "notify", "no");
    assert_said("level=warning event=notify message=no\n");
    log_say(&pairs, LOG_INFO, "note", "");
    assert_said("level=info event=note message=\"\"\n");
}

static void assert_value(const char *value, const char *expected)
{
    char whole[ROOM];
    struct log_line line;
    log_line_begin(&line, &pairs, LOG_INFO, "test");
    log_word(&line, "key", value);
    log_line_end(&line);
    snprintf(whole, sizeof whole, "level=info event=test key=%s\n", expected);
    assert_said(whole);
}

static void a_value_is_quoted_where_it_would_not_stay_one(void **state)
{
    (void)state;
    assert_value("", "\"\"");
    assert_value("::1", "::1");
    assert_value("!~", "!~");
    assert_value("a b", "\"a b\"");
    assert_value("a=b", "\"a=b\"");
    assert_value("a\"b", "\"a\\\"b\"");
    assert_value("a\\b", "a\\b");
    assert_value("a\\ b", "\"a\\\\ b\"");
    assert_value("\303\244", "\303\244");
}

static void no_control_character_gets_out(void **state)
{
    (void)state;
    assert_value("a\nb", "\"a\\nb\"");
    assert_value("a\rb", "\"a\\rb\"");
    assert_value("a\tb", "\"a\\tb\"");
    assert_value("\001", "\"\\u0001\"");
    assert_value("\033[1m", "\"\\u001b[1m\"");
    assert_value("\037", "\"\\u001f\"");
    assert_value("\177", "\"\\u007f\"");
}

static void numbers_are_decimal(void **state)
{
    struct log_line line;
    (void)state;
    log_line_begin(&line, &pairs, LOG_INFO, "test");
    log_number(&line, "none", 0);
    log_number(&line, "most", UINT64_MAX);
    log_line_end(&line);
    assert_said("level=info event=test none=0 most=18446744073709551615\n");
}

/* The pair that follows is in the line again. */
static void a_pair_that_does_not_fit_is_left_out_whole(void **state)
{
    static const char before[] = "level=info event=test";
    const size_t most = LOG_LINE_ROOM - sizeof before - sizeof " key=" + 1;
    char value[LOG_LINE_ROOM], whole[ROOM];
    (void)state;
    for (int quoted = 0; quoted <= 1; quoted++) {
        for (int beyond = -1; beyond <= 1; beyond++) {
            const size_t length = most + (size_t)beyond - (quoted ? 2 : 0);
            memset(value, quoted ? ' ' : 'v', length);
            value[length] = '\0';
            struct log_line line;
            log_line_begin(&line, &pairs, LOG_INFO, "test");
            log_word(&line, "key", value);
            log_word(&line, "k", "");
            log_line_end(&line);
            const char *quote = quoted ? "\"" : "";
            snprintf(whole, sizeof whole, "%s key=%s%s%s\n", before, quote, value, quote);
            assert_said(beyond <= 0 ? whole : "level=info event=test k=\"\"\n");
        }
    }
}

static void name_stream(int inode_more, char name[static 64])
{
    struct stat there;
    assert_int_equal(fstat(STDERR_FILENO, &there), 0);
    snprintf(name, 64, "%ju:%ju", (uintmax_t)there.st_dev,
             (uintmax_t)there.st_ino + (uintmax_t)inode_more);
    setenv("JOURNAL_STREAM", name, 1);
}

static void the_journal_gets_a_priority_in_front(void **state)
{
    char name[64];
    struct log log = {.format = LOG_PAIRS};
    (void)state;
    name_stream(0, name);
    log_begin(&log);
    log_say(&log, LOG_ERR, "failed", "no");
    assert_said("<3>level=error event=failed message=no\n");
    log_say(&log, LOG_WARNING, "notify", "no");
    assert_said("<4>level=warning event=notify message=no\n");
    log_say(&log, LOG_INFO, "note", "no");
    assert_said("<6>level=info event=note message=no\n");
    log.format = LOG_TEXT;
    log_say(&log, LOG_ERR, "failed", "no");
    assert_said("log_test: no\n");
}

static void what_is_not_the_journal_gets_none(void **state)
{
    char name[64];
    struct log log = {.format = LOG_PAIRS};
    (void)state;
    for (int more = -1; more <= 1; more += 2) {
        name_stream(more, name);
        log_begin(&log);
        assert_false(log.journal);
    }
    name_stream(0, name);
    *strchr(name, ':') = '\0';
    setenv("JOURNAL_STREAM", name, 1);
    log_begin(&log);
    assert_false(log.journal);
    unsetenv("JOURNAL_STREAM");
    log_begin(&log);
    assert_false(log.journal);
    log_say(&log, LOG_ERR, "failed", "no");
    assert_said("level=error event=failed message=no\n");
}

static void a_reader_that_has_stalled_holds_up_nothing(void **state)
{
    char page[4096] = "";
    (void)state;
    /* The end that is written to waits where there is no room. */
    while (write(STDERR_FILENO, page, sizeof page) > 0)
        continue;
    assert_int_equal(fcntl(STDERR_FILENO, F_SETFL, 0), 0);
    alarm(10);
    log_say(&text, LOG_ERR, "failed", "no");
    alarm(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STDERR(a_message_is_for_people_or_for_programs),
        WITH_STDERR(a_value_is_quoted_where_it_would_not_stay_one),
        WITH_STDERR(no_control_character_gets_out),
        WITH_STDERR(numbers_are_decimal),
        WITH_STDERR(a_pair_that_does_not_fit_is_left_out_whole),
        WITH_STDERR(the_journal_gets_a_priority_in_front),
        WITH_STDERR(what_is_not_the_journal_gets_none),
        WITH_STDERR(a_reader_that_has_stalled_holds_up_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
