/* A target without a fuzzer: runs it on each of the files that are named, in turn, and prints a line with the name of each
 * before, so that the last line names the input that has ended it. */
#include "fuzz.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_OCTETS_MAX = 1 << 20 };

static bool refuse(const char *path, const char *why)
{
    fprintf(stderr, "replay: can not read '%s': %s\n", path, why);
    return false;
}

static bool read_input(const char *path, uint8_t *octets, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return refuse(path, strerror(errno));
    *length = fread(octets, 1, INPUT_OCTETS_MAX, file);
    int error = ferror(file) ? errno : 0;
    fclose(file);
    if (error != 0)
        return refuse(path, strerror(error));
    return *length < INPUT_OCTETS_MAX || refuse(path, "it is too long");
}

int main(int argc, char **argv)
{
    static uint8_t octets[INPUT_OCTETS_MAX];
    for (int i = 1; i < argc; i++) {
        size_t length;
        printf("%s\n", argv[i]);
        fflush(stdout);
        if (!read_input(argv[i], octets, &length))
            return EXIT_FAILURE;
        struct exact input = exact_copy(octets, length);
        LLVMFuzzerTestOneInput(input.octets, input.length);
        exact_free(&input);
    }
    return EXIT_SUCCESS;
}
