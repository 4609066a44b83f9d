/* Standard output, whose reader may have stalled: the server does not wait for it. */
#ifndef SERVER_OUTPUT_H
#define SERVER_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

/* True: a page of text can be printed without waiting, or will fail at once; poll(2), pipe(7). */
bool output_ready(void);

/* Prints lines without waiting, as many at a time as a page holds, and whole, whichever thread prints at the same time.
 * False: the last of them, or all, could not be printed. */
bool output_print(const char *text, size_t length);

#endif
