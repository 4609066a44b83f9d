/* What the targets share: inputs that end where they end, files in memory, and properties that must hold. What is read,
 * and what must hold of it, is each target's own. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A target, under the name that libFuzzer, AFL++ and replay.c call. Takes any octets; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program where the property does not hold, and says which that was. */
void require(bool holds, const char *property);

/* A copy in memory of its own, so that a sanitizer sees the first octet that is read behind it. */
struct exact {
    uint8_t *octets;
    size_t length;
    void *block;
};
struct exact exact_copy(const void *octets, size_t length);
void exact_free(struct exact *copy);

/* The same with a NUL at its end; free() is due. */
char *exact_text(const void *octets, size_t length);

/* A file with this content and a path, in memory. */
enum { FUZZ_PATH_ROOM = 32 };
struct memory_file {
    int fd;
    char path[FUZZ_PATH_ROOM];
};
struct memory_file memory_file_open(const void *octets, size_t length);
void memory_file_close(struct memory_file *file);

/* A command line from octets: NUL ends each word, and the first is the program's. */
enum { FUZZ_WORDS_MAX = 200 };
struct command_words {
    int count;
    char *list[FUZZ_WORDS_MAX + 1]; /* ends with NULL */
};
struct command_words command_words_split(const char *program, const uint8_t *octets, size_t length);
void command_words_free(struct command_words *words);

/* Lets getopt(3) begin anew, as in a new process, for options that end at the first other word. */
void getopt_begin_anew(void);

/* It is not empty, and does nothing to a terminal: one line without control characters (calc_one_line()). */
bool is_one_line(const char *text);

#endif
