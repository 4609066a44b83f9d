/* A line of a batch, from its octets to a request: the words of the command line, without the command.
 * Where lines come from is input.c's. */
#ifndef CLIENT_LINES_H
#define CLIENT_LINES_H

#include "failure.h"
#include "proto/calc.h"

/* The longest line, without its end: 64 integers of 10 digits, each with 53 blanks, and as much again as
 * one of them for the operator. */
enum { LINE_OCTETS_MAX = (CALC_INTEGERS_MAX + 1) * 63 };

enum line_kind {
    LINE_EMPTY,   /* nothing but blanks and a comment */
    LINE_REQUEST, /* *request is what it asks for */
    LINE_WRONG,   /* the failure says why */
};

/* Reads text[0..length), which is without its newline and is followed by one octet that may be written
 * to; the text is taken apart. A line is OP INTEGER..., with the operators and integers of the command
 * line; OPs, and OP s, ask for a string, as format does for all lines. A word that begins with # ends it. A
 * carriage return at the end is no part of it. */
enum line_kind line_read(char *text, size_t length, enum calc_format format,
                         struct calc_request *request, struct failure *failure);

#endif
