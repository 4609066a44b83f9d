/* The text of functions/, which the kit carries within itself: it is one program, and needs no other file. */
#ifndef CONFORMANCE_FUNCTIONS_EMBEDDED_H
#define CONFORMANCE_FUNCTIONS_EMBEDDED_H

extern const char functions_harness[], functions_harness_end[];

#endif
