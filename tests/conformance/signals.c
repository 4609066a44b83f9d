/* The kit's only global state: sigaction(2) hands its handler nothing else. */
#define _POSIX_C_SOURCE 200809L
#include "signals.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t caught;

static const int watched[] = {SIGINT, SIGTERM};

static void note(int number)
{
    caught = number;
}

static void handle(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof watched / sizeof watched[0]; i++)
        sigaction(watched[i], &action, NULL);
}

void signals_catch(void)
{
    handle(note);
}

void signals_release(void)
{
    handle(SIG_DFL);
}

int signals_caught(void)
{
    return caught;
}

void signals_obey(void)
{
    if (caught == 0)
        return;
    signals_release();
    raise(caught);
}
