/* SIGINT and SIGTERM: a run that is broken off ends its subjects and removes what it has made. */
#ifndef CONFORMANCE_SIGNALS_H
#define CONFORMANCE_SIGNALS_H

/* From now on these signals are noted, and interrupt what waits. */
void signals_catch(void);

/* Back to what a process does by itself: end. */
void signals_release(void);

/* The signal that has come since, or 0. */
int signals_caught(void);

/* Ends the process by the signal that has come; nothing to do where none has. */
void signals_obey(void);

#endif
