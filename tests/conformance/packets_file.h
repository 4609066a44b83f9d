/* The packets of a run as captures in the format pcapng, for Wireshark: valid checksums, and with each packet
 * a comment, "REQ-3.2/4 fail". */
#ifndef CONFORMANCE_PACKETS_FILE_H
#define CONFORMANCE_PACKETS_FILE_H

#include "run.h"

enum { PACKETS_WHY_ROOM = 512 };

/* Writes the packets of all results to this file, "-" for standard output, in the order of their times. False:
 * why says in one line what was tried. */
bool packets_write(const char *path, const struct run *run, char why[static PACKETS_WHY_ROOM]);

/* Writes for each case that failed, missed a SHOULD or could not be tried a file named after it,
 * REQ-3.2-4.pcapng, with the packets of all turns that did, to this directory, which is made if need be. False:
 * why says in one line what was tried. */
bool packets_write_failures(const char *directory, const struct run *run,
                            char why[static PACKETS_WHY_ROOM]);

#endif
