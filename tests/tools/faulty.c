/* faulty overflow|undefined|leak|race|uninitialized: does what a sanitizer is there to stop, so that a test can see
 * that it does. Exit status: 0 nothing has stopped it. */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OCTETS = 16 };

/* A compiler knows neither of these, so it can not foresee, or leave out, what depends on them. */
static volatile size_t sixteen = OCTETS;
static void *(*volatile get)(size_t) = malloc;
static int shared;

static int overflow(void)
{
    char *octets = get(sixteen);
    int beyond = octets == NULL ? 0 : octets[sixteen];
    free(octets);
    return beyond;
}

static int undefined(void)
{
    return 0x7FFFFFFF + (int)sixteen;
}

static int leak(void)
{
    return get(sixteen) != NULL;
}

static void *add(void *unused)
{
    (void)unused;
    for (size_t i = 0; i < 1000 * sixteen; i++)
        shared++;
    return NULL;
}

static int race(void)
{
    pthread_t other;
    if (pthread_create(&other, NULL, add, NULL) != 0)
        return 0;
    add(NULL);
    pthread_join(other, NULL);
    return shared;
}

static int uninitialized(void)
{
    char *octets = get(sixteen);
    if (octets != NULL && octets[sixteen - 1] != 0)
        shared++;
    free(octets);
    return shared;
}

static const struct {
    const char *name;
    int (*run)(void);
} faults[] = {
    {"overflow",      overflow     },
    {"undefined",     undefined    },
    {"leak",          leak         },
    {"race",          race         },
    {"uninitialized", uninitialized},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < sizeof faults / sizeof faults[0]; i++) {
        if (strcmp(argv[1], faults[i].name) == 0) {
            printf("%d\n", faults[i].run());
            return 0;
        }
    }
    fputs("usage: faulty overflow|undefined|leak|race|uninitialized\n", stderr);
    return 1;
}
