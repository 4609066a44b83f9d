/* Any file as the record of what a function under test has done: a program that is up to no good can write there. What
 * is judged, diagnosed and told of it. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include "tests/fuzz/fuzz.h"

#include "tests/conformance/detail.h"
#include "tests/conformance/diagnose.h"
#include "tests/conformance/function_judge.h"
#include "tests/conformance/function_record.h"

#include <stdlib.h>
#include <string.h>

static const struct conformance_case about = {.id = "REQ-9.2/1", .sentence = "it sends a request"};
static const struct suite suite = {.name = "functions", .cases = &about, .count = 1};

static void judge(const struct made *made, struct outcome *outcome)
{
    static const char *const names[] = {"socket", "connect", "send", "recv", NULL};
    const struct datagram due = hex("00 00000004 00000002");
    expect_order(made, names, outcome);
    expect_no_other_calls(made, outcome);
    expect_socket_arguments(made, outcome);
    expect_no_flags(made, outcome);
    expect_address(made, "connect", SCENARIO_ADDRESS_LENGTH, outcome);
    expect_returned(made, 0, "here", outcome);
    if (expect_sent(made, &due, true, CALC_AS_INTEGER, outcome))
        diagnose_request(outcome);
}

static void tell(const struct outcome *outcome)
{
    const struct settings settings = {.source = "calculator.c", .repeat = 1, .jobs = 1};
    struct result result = {.about = &about, .turn = 1, .outcome = outcome};
    const struct run run = {.suite = &suite, .settings = &settings, .count = 1, .results = &result};
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    require(out != NULL, "there is memory for a text");
    detail_write(out, &run, &result, false);
    require(fclose(out) == 0, "there is memory for a text");
    for (size_t i = 0; i < length; i++)
        require(text[i] == '\n' || (unsigned char)text[i] >= ' ', "a terminal obeys nothing of it");
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct made made;
    static struct outcome outcome;
    memset(&made, 0, sizeof made);
    memset(&outcome, 0, sizeof outcome);
    struct memory_file file = memory_file_open(data, size);
    require(function_record_read(file.path, &made), "a record can be read");
    memory_file_close(&file);
    require(made.call_count <= SCENARIO_CALLS_MAX && made.end <= TOUCHED,
            "a record tells of calls and of an end that there are");
    for (size_t i = 0; i < made.call_count; i++)
        require(made.calls[i].octets.length <= DATAGRAM_ROOM, "a call has room for its octets");
    judge(&made, &outcome);
    tell(&outcome);
    return 0;
}
