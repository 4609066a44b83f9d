/* The process that tells what the server has counted (--metrics): what it keeps of the server it comes from, what it
 * gives up, and that neither outlives the other's end by mistake. It shares nothing with the server but the tallies,
 * which it only reads. */
#ifndef SERVER_METRICS_H
#define SERVER_METRICS_H

#include "exposition.h"
#include "sandbox.h"

/* Forks it, to answer on this stream socket, which listens. To be called before there is a thread, and before there
 * is a secret. It becomes the user of the sandbox's options and has a sandbox of its own, with the same mode. It ends
 * when the server does, however that ends. Returns a descriptor that is readable once it has ended by itself, or -1:
 * then there is none, and why tells in one line. */
int metrics_begin(int listener, const struct exposition *exposition,
                  const struct sandbox_options *options, const struct log *log,
                  char why[static CALC_WHY_ROOM]);

#endif
