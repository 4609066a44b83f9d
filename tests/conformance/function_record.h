/* What the harness has written down, read. */
#ifndef CONFORMANCE_FUNCTION_RECORD_H
#define CONFORMANCE_FUNCTION_RECORD_H

#include "function_scenario.h"

/* Reads the lines into *made, whose end is then RETURNED, WAITING, ENDLESS, EXITED or TOUCHED; what there is no line
 * for stays as it is. False: it can not be read. */
bool function_record_read(const char *path, struct made *made);

#endif
