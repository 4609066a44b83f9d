/* Standard output, whose reader may have stalled: the server does not wait for it. */
#ifndef SERVER_OUTPUT_H
#define SERVER_OUTPUT_H

#include <stdbool.h>

/* True: a page of text can be printed without waiting, or will fail at once; poll(2), pipe(7). */
bool output_ready(void);

#endif
