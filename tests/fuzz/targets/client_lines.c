/* Any file of a batch: an octet that says which form is asked for and whether the rest is to be repeated until it fills
 * more than a buffer, then the octets of the file. */
#include "tests/fuzz/fuzz.h"

#include "client/input.h"
#include "client/lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    AS_STRING = 1,
    REPEATED = 0xFE,
    LONG_FILE_OCTETS = INPUT_ROOM + INPUT_ROOM / 4,
    WORD_OCTETS_MAX = sizeof " 4294967295",
    /* All lines are looked for, and so many are read: of a long file the first ones, and then one of as many. */
    LINES_READ = 64,
};

struct file {
    uint8_t *octets;
    size_t length;
};

static struct file file_of(const uint8_t *data, size_t size)
{
    bool repeated = (data[0] & REPEATED) == REPEATED && size > 1;
    data++;
    size--;
    size_t times = repeated ? LONG_FILE_OCTETS / size + 1 : 1;
    struct file file = {.octets = malloc(size * times + 1), .length = size * times};
    require(file.octets != NULL, "there is memory for a file");
    for (size_t i = 0; i < times && size > 0; i++)
        memcpy(file.octets + i * size, data, size);
    return file;
}

/* A line as the octets that stand for it; they may be taken apart. */
struct line {
    char *text;
    size_t length;
};

struct read {
    enum line_kind kind;
    struct calc_request request;
    struct failure failure;
};

static struct read read_line(struct line line, enum calc_format format)
{
    struct read r = {.failure = {.kind = NO_FAILURE}};
    r.kind = line_read(line.text, line.length, format, &r.request, &r.failure);
    require((r.kind == LINE_WRONG) == (r.failure.kind != NO_FAILURE),
            "a line is wrong where something is wrong with it");
    require(r.kind != LINE_WRONG ||
                (r.failure.kind == FAILURE_USAGE && is_one_line(r.failure.text)),
            "what is wrong with a line is told in one line");
    return r;
}

static bool same(const struct calc_request *a, const struct calc_request *b)
{
    return a->opcode == b->opcode && a->format == b->format && a->count == b->count &&
           memcmp(a->integers, b->integers, a->count * sizeof *a->integers) == 0;
}

/* A request is one to the codec, too, and is read again from its plainest line. */
static void require_request(const struct calc_request *request)
{
    uint8_t datagram[CALC_REQUEST_MAX];
    size_t length;
    require(calc_request_encode(request, datagram, sizeof datagram, &length) == CALC_OK,
            "what a line asks for is a request");
    char text[WORD_OCTETS_MAX * (CALC_INTEGERS_MAX + 1)];
    int used = snprintf(text, sizeof text, "%s%s", request->opcode == CALC_SUM ? "sum" : "product",
                        request->format == CALC_AS_STRING ? "s" : "");
    for (size_t i = 0; i < request->count; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, " %lu",
                         (unsigned long)request->integers[i]);
    struct read again =
        read_line((struct line){.text = text, .length = (size_t)used}, CALC_AS_INTEGER);
    require(again.kind == LINE_REQUEST && same(&again.request, request),
            "a request is read again from its plainest line");
}

/* Where it lies in the buffer it means the same as in memory of its own, with the one octet behind it. */
static void require_line(struct line line, enum calc_format format)
{
    char *copy = exact_text(line.text, line.length);
    struct read r = read_line(line, format);
    struct read alone = read_line((struct line){.text = copy, .length = line.length}, format);
    free(copy);
    require(r.kind == alone.kind && strcmp(r.failure.text, alone.failure.text) == 0,
            "a line means the same wherever it lies");
    if (r.kind == LINE_REQUEST) {
        require(same(&r.request, &alone.request), "a line means the same wherever it lies");
        require_request(&r.request);
    }
}

/* The file's next line, from *at on: up to its newline, and cut where it is longer than the buffer. */
static struct line expected_line(struct file file, size_t *at)
{
    char *begin = (char *)file.octets + *at;
    const char *newline = memchr(begin, '\n', file.length - *at);
    size_t length = newline != NULL ? (size_t)(newline - begin) : file.length - *at;
    *at += length + (newline != NULL);
    return (struct line){.text = begin, .length = length < INPUT_ROOM ? length : INPUT_ROOM};
}

static void require_lines(struct input *input, struct file file, enum calc_format format)
{
    struct failure failure = {.kind = NO_FAILURE};
    size_t at = 0;
    uint64_t count = 0;
    while (!input->ended) {
        require(input_fill(input, &failure), "a file can be read");
        for (struct line line; (line.text = input_line(input, &line.length)) != NULL;) {
            require(at < file.length, "there are no more lines than in the file");
            struct line expected = expected_line(file, &at);
            require(line.length == expected.length &&
                        memcmp(line.text, expected.text, line.length) == 0,
                    "a line is the file's next one");
            require(input->line == ++count, "lines are counted");
            if (count < LINES_READ || count % LINES_READ == 0)
                require_line(line, format);
        }
    }
    require(at == file.length, "all lines of the file are read");
    require(input->consumed == input->size && input->size == (int64_t)file.length,
            "how far it has been read is known");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct file file = file_of(data, size);
    struct memory_file memory = memory_file_open(file.octets, file.length);
    struct failure failure = {.kind = NO_FAILURE};
    struct input *input = malloc(sizeof *input);
    require(input != NULL && input_open(input, memory.path, &failure), "a file can be opened");
    require_lines(input, file, (data[0] & AS_STRING) != 0 ? CALC_AS_STRING : CALC_AS_INTEGER);
    input_close(input);
    free(input);
    memory_file_close(&memory);
    free(file.octets);
    return 0;
}
