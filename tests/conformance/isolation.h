/* Process numbers of their own for a submission (pid_namespaces(7)), where the kit has no user to give it: then it
 * sees and reaches no process but its own, and all of them end with the first one. */
#ifndef CONFORMANCE_ISOLATION_H
#define CONFORMANCE_ISOLATION_H

#include <stdbool.h>
#include <sys/types.h>

/* Tries it out, in a child. False: this kernel, or who set it up, does not allow it. */
bool isolation_works(void);

/* From here on, the children of this process have numbers of their own, and all end when the first one does.
 * False: errno says why. */
bool isolation_enter(void);

/* In the first child: lets /proc tell its numbers. False: errno says why. */
bool isolation_begin(void);

#endif
