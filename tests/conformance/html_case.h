/* One case in the page of HTML: a line that unfolds to all about it. The page around it is report_html.c's. */
#ifndef CONFORMANCE_HTML_CASE_H
#define CONFORMANCE_HTML_CASE_H

#include "run.h"

#include <stdio.h>

/* Tag and end tag, with the text between them escaped. */
void html_element(FILE *out, const char *tag, const char *text, const char *end_tag);

/* How the page names what came of a case, in words and as the name of a style: the verdict, or "known",
 * "unexpected" or "observed". */
const char *html_verdict(const struct result *result);

/* The folded case, with the anchor #ID; unfolded with `open`. */
void html_case(FILE *out, const struct run *run, const struct result *result, bool open);

#endif
