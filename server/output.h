/* Standard output and standard error, whose readers may have stalled: the server does not wait for it. */
#ifndef SERVER_OUTPUT_H
#define SERVER_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

/* True: a page of text can be written to this descriptor without waiting, or will fail at once; poll(2), pipe(7). */
bool output_ready(int fd);

/* Prints lines to standard output without waiting, as many at a time as a page holds, and whole, whichever thread
 * prints at the same time. False: the last of them, or all, could not be printed. */
bool output_print(const char *text, size_t length);

#endif
