/* Grading a class: many submissions, one after the other or several at a time, each within limits and without
 * harm to the others. */
#ifndef CONFORMANCE_GRADE_H
#define CONFORMANCE_GRADE_H

/* The command `conformance grade`, which is argv[0]; its words are those behind it. Writes one line of CSV for
 * each submission on standard output, in their order, and its reports into a folder. Whether the lines could be
 * written is the caller's question. The exit status: 0 all passed, 1 something failed, 2 bad usage or a report
 * could not be written, 3 a submission could not be built or reached, or had to be ended. */
int grade_main(int argc, char **argv);

#endif
