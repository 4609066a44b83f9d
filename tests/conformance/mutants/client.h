/* The mistakes that mutant-client can make, and what its parts know of each other. */
#ifndef MUTANT_CLIENT_H
#define MUTANT_CLIENT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INTEGERS_MAX = 64, TRIES = 3, ROOM = 1024 };

#define CLIENT_MISTAKES(ONE)                                                                       \
    ONE(NONE, "none")                                                                              \
    /* what is sent: the header */                                                                 \
    ONE(SUM_OPCODE, "sum-opcode")                                                                  \
    ONE(PRODUCT_OPCODE, "product-opcode")                                                          \
    ONE(PRODUCT_STRING_OPCODE, "product-string-opcode")                                            \
    ONE(OPCODE_NOT_SHIFTED, "opcode-not-shifted")                                                  \
    ONE(OPCODE_ADDED, "opcode-added")                                                              \
    ONE(OPCODE_HIGH, "opcode-high")                                                                \
    ONE(F_NEVER, "f-never")                                                                        \
    ONE(F_NEVER_IN_SUMS, "f-never-in-sums")                                                        \
    ONE(F_NEVER_IN_PRODUCTS, "f-never-in-products")                                                \
    ONE(F_ALWAYS, "f-always")                                                                      \
    ONE(F_IN_BIT_0, "f-in-bit-0")                                                                  \
    ONE(F_IN_BIT_3, "f-in-bit-3")                                                                  \
    ONE(BITS_FROM_THE_RIGHT, "bits-from-the-right")                                                \
    ONE(SIGN_AS_HEADER, "sign-as-header")                                                          \
    ONE(UNUSED_BITS_SET, "unused-bits-set")                                                        \
    /* what is sent: the integers, and how many octets */                                          \
    ONE(SENDS_LITTLE_ENDIAN, "sends-little-endian")                                                \
    ONE(LITTLE_ENDIAN_BOTH, "little-endian-both")                                                  \
    ONE(SIGNED_INTEGERS, "signed-integers")                                                        \
    ONE(ZEROS_LEFT_OUT, "zeros-left-out")                                                          \
    ONE(WIDE, "wide")                                                                              \
    ONE(WIDE_LITTLE_ENDIAN, "wide-little-endian")                                                  \
    ONE(NARROW, "narrow")                                                                          \
    ONE(HTONS, "htons")                                                                            \
    ONE(SIXTY_FOURTH_WRONG, "sixty-fourth-wrong")                                                  \
    ONE(TWO_FOR_ONE, "two-for-one")                                                                \
    ONE(SIX_FOR_FIVE, "six-for-five")                                                              \
    ONE(SIXTY_FIVE, "sixty-five")                                                                  \
    ONE(LAST_LEFT_OUT, "last-left-out")                                                            \
    ONE(WHOLE_ARRAY, "whole-array")                                                                \
    ONE(SIZEOF_POINTER, "sizeof-pointer")                                                          \
    ONE(LENGTH_IN_INTEGERS, "length-in-integers")                                                  \
    ONE(HEADER_NOT_COUNTED, "header-not-counted")                                                  \
    ONE(NUL_AT_THE_END, "nul-at-the-end")                                                          \
    /* what is sent: the layout */                                                                 \
    ONE(HEADER_ALONE, "header-alone")                                                              \
    ONE(HEADER_MISSING, "header-missing")                                                          \
    ONE(HEADER_OF_4, "header-of-4")                                                                \
    ONE(STRUCTURE, "structure")                                                                    \
    ONE(COUNT_FIRST, "count-first")                                                                \
    ONE(COUNT_OF_4, "count-of-4")                                                                  \
    ONE(POINTER, "pointer")                                                                        \
    ONE(TEXT, "text")                                                                              \
    ONE(STRLEN, "strlen")                                                                          \
    ONE(PIECES, "pieces")                                                                          \
    ONE(TRAILER, "trailer")                                                                        \
    ONE(OVER_IPV4, "over-ipv4")                                                                    \
    /* what is made of a reply */                                                                  \
    ONE(READS_LITTLE_ENDIAN, "reads-little-endian")                                                \
    ONE(SHOWS_SIGNED, "shows-signed")                                                              \
    ONE(WRONG_FOR_THREE, "wrong-for-three")                                                        \
    ONE(ZERO_IS_AN_ERROR, "zero-is-an-error")                                                      \
    ONE(CUT_AT_NINE_DIGITS, "cut-at-nine-digits")                                                  \
    ONE(NUMBER_OF_64_BITS, "number-of-64-bits")                                                    \
    ONE(TO_THE_NUL, "to-the-nul")                                                                  \
    ONE(S_IGNORED, "s-ignored")                                                                    \
    ONE(S_AT_THE_END, "s-at-the-end")                                                              \
    ONE(SHORT_ERROR_IS_ZERO, "short-error-is-zero")                                                \
    ONE(ANY_BIT_IS_SUCCESS, "any-bit-is-success")                                                  \
    ONE(WHOLE_HEADER, "whole-header")                                                              \
    ONE(WHOLE_HEADER_OF_INTEGERS, "whole-header-of-integers")                                      \
    ONE(WHOLE_HEADER_OF_STRINGS, "whole-header-of-strings")                                        \
    ONE(ERROR_WITH_INTEGER, "error-with-integer")                                                  \
    ONE(ERROR_WITH_DIGITS, "error-with-digits")                                                    \
    ONE(CRASH_ON_LONG_ERRORS, "crash-on-long-errors")                                              \
    ONE(EMPTY_IS_ZERO, "empty-is-zero")                                                            \
    ONE(HEADER_IS_ENOUGH, "header-is-enough")                                                      \
    ONE(THREE_OCTETS, "three-octets")                                                              \
    ONE(FIVE_OCTETS, "five-octets")                                                                \
    ONE(CUT_REPLIES, "cut-replies")                                                                \
    ONE(BUFFER_OF_5, "buffer-of-5")                                                                \
    ONE(LENGTH_IGNORED, "length-ignored")                                                          \
    ONE(NO_DIGITS_ARE_ZERO, "no-digits-are-zero")                                                  \
    ONE(NUL_ENDS_DIGITS, "nul-ends-digits")                                                        \
    ONE(NUL_AMONG_DIGITS, "nul-among-digits")                                                      \
    ONE(LETTERS, "letters")                                                                        \
    ONE(MINUS, "minus")                                                                            \
    ONE(DIGITS_257, "digits-257")                                                                  \
    ONE(DIGITS_UNCHECKED, "digits-unchecked")                                                      \
    ONE(ZEROS_REFUSED, "zeros-refused")                                                            \
    /* whose reply, and how long it waits */                                                       \
    ONE(ANYBODY, "anybody")                                                                        \
    ONE(TWICE, "twice")                                                                            \
    ONE(SAME_PORT, "same-port")                                                                    \
    ONE(FIRST_TRY_FORGOTTEN, "first-try-forgotten")                                                \
    ONE(NO_BACKOFF, "no-backoff")                                                                  \
    ONE(DEAF, "deaf")                                                                              \
    ONE(WAITS_FOR_EVER, "waits-for-ever")                                                          \
    ONE(NEVER_ENDS, "never-ends")                                                                  \
    ONE(CRASHES, "crashes")                                                                        \
    ONE(SENDS_NOTHING, "sends-nothing")                                                            \
    ONE(OTHER_WORDS, "other-words")

#define ITS_NAME(mistake, name) mistake,
enum mistake { CLIENT_MISTAKES(ITS_NAME) MISTAKES };
#undef ITS_NAME

struct client {
    enum mistake mistake;
    bool product, as_string;
    size_t count;
    uint32_t integers[INTEGERS_MAX];
    struct sockaddr_in6 server;
    int sockets[TRIES];
    size_t tries;
};

/* Writes the request into octets that are zero, and returns how many of them are sent. */
size_t make_request(const struct client *client, unsigned char octets[ROOM]);

/* Prints what the reply says, and returns the exit status. */
int show_reply(const struct client *client, const unsigned char *octets, size_t length);

#endif
