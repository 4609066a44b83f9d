/* No file, no TCP port, no other process: landlock(7). */
#ifndef SERVER_LANDLOCK_H
#define SERVER_LANDLOCK_H

/* From now on this thread, and those that it begins, open no file of any kind, whoever owns it, and reach no process outside.
 * What is open stays so. PR_SET_NO_NEW_PRIVS is to be set. Returns NULL, or why the kernel does not do so. */
const char *landlock_close(void);

#endif
