/* So that the process for the metrics (server/metrics.c), which ends with _exit(2) or is killed, writes its counts,
 * too. Linked with --wrap=_exit and --wrap=prctl. */
#include <stdarg.h>
#include <stdnoreturn.h>
#include <sys/prctl.h>

void __gcov_dump(void);
noreturn void __real__exit(int status);
noreturn void __wrap__exit(int status);
int __real_prctl(int option, ...);
int __wrap_prctl(int option, ...);

void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}

/* Asks for no signal at the server's end: what it sees then is the end of their pair of sockets. It does ask, so that
 * a test can let that fail. */
int __wrap_prctl(int option, ...)
{
    unsigned long words[4];
    va_list rest;
    va_start(rest, option);
    for (int i = 0; i < 4; i++)
        words[i] = va_arg(rest, unsigned long);
    va_end(rest);
    if (option == PR_SET_PDEATHSIG)
        words[0] = 0;
    return __real_prctl(option, words[0], words[1], words[2], words[3]);
}
