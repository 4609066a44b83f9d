/* A pipe is ready for writing where a page of it is free, a terminal where it has not been stopped. */
#include "output.h"

#include <poll.h>
#include <unistd.h>

bool output_ready(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&out, 1, 0) != 0;
}
