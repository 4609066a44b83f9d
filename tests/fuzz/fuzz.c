/* Copies and files in memory. What fails here is the machine's fault, never the input's. */
#define _GNU_SOURCE /* memfd_create */
#include "fuzz.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void require(bool holds, const char *property)
{
    if (holds)
        return;
    fprintf(stderr, "does not hold: %s\n", property);
    abort();
}

static void *allocate(size_t size)
{
    void *block = malloc(size);
    if (block == NULL) {
        perror("memory for an input");
        exit(EXIT_FAILURE);
    }
    return block;
}

struct exact exact_copy(const void *octets, size_t length)
{
    /* Of no octets there is a block of one, and the copy begins where it ends. */
    struct exact copy = {.length = length, .block = allocate(length > 0 ? length : 1)};
    copy.octets = (uint8_t *)copy.block + (length > 0 ? 0 : 1);
    if (length > 0)
        memcpy(copy.octets, octets, length);
    return copy;
}

void exact_free(struct exact *copy)
{
    free(copy->block);
    copy->block = NULL;
}

char *exact_text(const void *octets, size_t length)
{
    char *text = allocate(length + 1);
    if (length > 0)
        memcpy(text, octets, length);
    text[length] = '\0';
    return text;
}

struct memory_file memory_file_open(const void *octets, size_t length)
{
    struct memory_file file = {.fd = memfd_create("input", MFD_CLOEXEC)};
    if (file.fd < 0 || write(file.fd, octets, length) != (ssize_t)length) {
        perror("a file in memory");
        exit(EXIT_FAILURE);
    }
    snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.fd);
    return file;
}

void memory_file_close(struct memory_file *file)
{
    close(file->fd);
    file->fd = -1;
}

struct command_words command_words_split(const char *program, const uint8_t *octets, size_t length)
{
    struct command_words words = {.count = 1, .list = {exact_text(program, strlen(program))}};
    const uint8_t *end = octets + length;
    while (octets < end && words.count < FUZZ_WORDS_MAX) {
        size_t left = (size_t)(end - octets);
        const uint8_t *nul = memchr(octets, '\0', left);
        size_t word = nul != NULL ? (size_t)(nul - octets) : left;
        words.list[words.count++] = exact_text(octets, word);
        octets += nul != NULL ? word + 1 : word;
    }
    return words;
}

void command_words_free(struct command_words *words)
{
    for (int i = 0; i < words->count; i++)
        free(words->list[i]);
    words->count = 0;
}

void getopt_begin_anew(void)
{
    /* optind = 0 makes glibc forget where in a word of several options it was, and that options end at the first other
     * word, which + says again. It is 1 when the programs begin. */
    char program[] = "program";
    char *words[] = {program, NULL};
    optind = 0;
    (void)getopt(1, words, "+");
}

bool is_one_line(const char *text)
{
    if (*text == '\0')
        return false;
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
        if (*p < ' ' || *p == 0x7F || (p[0] == 0xC2 && p[1] >= 0x80 && p[1] < 0xA0))
            return false;
    }
    return true;
}
