/* The unquoted star: in `client -op * ...` a shell puts the names of the folder's files in the star's
 * place. This recognises them; what follows from it is options.c's. */
#ifndef CLIENT_STAR_H
#define CLIENT_STAR_H

#include <stdbool.h>
#include <stddef.h>

/* words: what follows -op, up to a final NULL. Returns how many of them are, as a set, exactly what
 * the pattern * gives in the current folder, or 0 where they are not that, or it gives nothing. */
size_t star_expansion(char **words);

/* True: the words would make sense as typed, too: an operator, ADDRESS, PORT and INTEGERs. */
bool star_could_be_typed(char **words);

#endif
