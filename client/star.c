/* Compares words with glob(3), as a set: the order is the shell's collation, which is not ours. */
#include "star.h"
#include "options.h"
#include "proto/net/endpoint.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool same_set(char **names, char **words, size_t count)
{
    char **sorted = malloc(count * sizeof *sorted);
    if (sorted == NULL)
        return false;
    memcpy(sorted, words, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_words);
    qsort(names, count, sizeof *names, compare_words);
    bool same = true;
    for (size_t i = 0; i < count && same; i++)
        same = strcmp(sorted[i], names[i]) == 0;
    free(sorted);
    return same;
}

size_t star_expansion(char **words)
{
    size_t available = 0;
    while (words[available] != NULL)
        available++;
    glob_t names;
    if (glob("*", GLOB_NOSORT, NULL, &names) != 0)
        return 0;
    size_t count = names.gl_pathc;
    bool same = count > 0 && count <= available && same_set(names.gl_pathv, words, count);
    globfree(&names);
    return same ? count : 0;
}

bool star_could_be_typed(char **words)
{
    struct failure ignored = {0};
    uint32_t value;
    enum calc_opcode opcode;
    if (!options_operator(words[0], &opcode) || words[1] == NULL || words[2] == NULL ||
        words[3] == NULL)
        return false;
    for (size_t i = 3; words[i] != NULL; i++) {
        if (!options_integer(words[i], &value, &ignored))
            return false;
    }
    return calc_port_exists(words[2], CALC_TO_SEND);
}
