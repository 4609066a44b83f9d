/* The cases about the course's functions, as a list that is read twice: for the suite and for what belongs to
 * which step. The functions themselves are in the files named function_*_cases.c. */
#ifndef CONFORMANCE_FUNCTION_CASES_H
#define CONFORMANCE_FUNCTION_CASES_H

#include "functions.h"

/* The steps that a case is about. */
enum {
    STEP_1 = 1 << 1,
    STEP_2 = 1 << 2,
    STEP_3 = 1 << 3,
    STEP_4 = 1 << 4,
    STEP_5 = 1 << 5,
    CLIENTS = STEP_1 | STEP_4,
    SERVERS = STEP_2 | STEP_3 | STEP_5,
    WARM_UPS = STEP_2 | STEP_3,
};

/* CASE(id, level, steps, function, sentence) */
#define FUNCTION_CASES(CASE)                                                                       \
    CASE("REQ-3.2/41", MUST, SERVERS, server_replies_to_the_peer,                                  \
         "The reply goes to the address that recvfrom has given")                                  \
    CASE("REQ-3.3/41", MUST, STEP_4, client_sends_network_order,                                   \
         "The integers of a request are sent in network byte order")                               \
    CASE("REQ-3.3/42", MUST, STEP_4, client_reads_network_order,                                   \
         "The integer of a reply is read in network byte order")                                   \
    CASE("REQ-3.3/43", MUST, STEP_5, server_reads_network_order,                                   \
         "The integers of a request are read in network byte order")                               \
    CASE("REQ-3.3/44", MUST, STEP_5, server_sends_network_order,                                   \
         "The integer of a reply is sent in network byte order")                                   \
    CASE("REQ-3.3/45", MUST, STEP_1, warm_up_sends_odd_digits,                                     \
         "1, 3, 5, 7 and 9 are sent as integers in network byte order, 20 octets")                 \
    CASE("REQ-3.3/46", MUST, WARM_UPS, warm_up_reads_network_order,                                \
         "The integers are read in network byte order")                                            \
    CASE("REQ-3.3/47", MUST, STEP_2, warm_up_sends_network_order,                                  \
         "The sum is sent in network byte order")                                                  \
    CASE("REQ-3.5/41", MUST, STEP_4, client_stays_in_its_buffer,                                   \
         "A reply of 1400 octets is received without a touch outside of the buffer")               \
    CASE("REQ-3.5/42", MUST, SERVERS, server_stays_in_its_buffer,                                  \
         "A datagram of 1400 octets is received without a touch outside of the buffer")            \
    CASE("REQ-4.1/41", MUST, STEP_5, server_ignores_unused,                                        \
         "Unused bits of a request are ignored")                                                   \
    CASE("REQ-4.2/41", SHOULD, STEP_4, client_sends_zero_in_unused,                                \
         "Unused bits of a request are zero")                                                      \
    CASE("REQ-4.3/41", MUST, STEP_4, client_opcode, "The opcode is 0 for '+' and 1 for '*'")       \
    CASE("REQ-4.3/42", MUST, STEP_5, server_opcode,                                                \
         "Opcode 0 asks for the sum, 1 for the product")                                           \
    CASE("REQ-4.4/41", MUST, STEP_4, client_form, "F is 0 for 'd' and 1 for 's'")                  \
    CASE("REQ-4.4/42", MUST, STEP_5, server_form, "F says whether the reply has digits")           \
    CASE("REQ-4.5/41", MUST, STEP_4, client_length,                                                \
         "A request is one octet and 4 for each of its 1 to 64 integers")                          \
    CASE("REQ-4.5/42", MUST, CLIENTS, client_owns_its_octets,                                      \
         "Each octet that is sent was written before, and lies in the function's memory")          \
    CASE("REQ-4.5/43", MUST, STEP_5, server_count,                                                 \
         "The datagram's length tells how many integers there are, 1 to 64")                       \
    CASE("REQ-4.5/44", MUST, WARM_UPS, warm_up_count,                                              \
         "The datagram's length tells how many integers there are")                                \
    CASE("REQ-5.1/41", MUST, STEP_4, client_error, "An error makes the function return -1")        \
    CASE("REQ-5.1/42", MUST, STEP_5, server_success, "S is 1 in a result")                         \
    CASE("REQ-5.1/43", MUST, SERVERS, server_owns_its_octets,                                      \
         "Each octet that is sent was written before, and lies in the function's memory")          \
    CASE("REQ-5.2/41", MUST, STEP_4, client_ignores_unused, "Unused bits of a reply are ignored")  \
    CASE("REQ-5.2/42", SHOULD, STEP_5, server_sends_zero_in_unused,                                \
         "Unused bits of a reply are zero")                                                        \
    CASE("REQ-5.3/41", MUST, STEP_4, client_result,                                                \
         "The integer of a reply is in *result, and the function returns 0")                       \
    CASE("REQ-5.3/42", MUST, STEP_5, server_integer, "A result as an integer has 4 octets")        \
    CASE("REQ-5.3/43", MUST, STEP_2, warm_up_integer,                                              \
         "The sum goes back as one integer, 4 octets")                                             \
    CASE("REQ-5.4/41", MUST, STEP_4, client_string,                                                \
         "The digits of a reply end where the datagram ends, without a NUL")                       \
    CASE("REQ-5.4/42", MUST, STEP_5, server_string,                                                \
         "A result as a string is its digits and nothing behind them")                             \
    CASE("REQ-5.4/43", SHOULD, STEP_5, server_leading_zeros,                                       \
         "A result as a string has no leading zeros, and zero is one digit")                       \
    CASE("REQ-5.4/44", MUST, STEP_3, warm_up_string, "The sum goes back as decimal digits")        \
    CASE("REQ-5.4/45", MAY, STEP_3, warm_up_nul, "Whether a NUL ends the digits")                  \
    CASE("REQ-5.5/41", MAY, STEP_5, server_error_payload, "An error has no payload")               \
    CASE("REQ-5.6/41", MUST, STEP_4, client_error_payload,                                         \
         "An error with a payload makes the function return -1 all the same")                      \
    CASE("REQ-6.1/41", MAY, STEP_5, server_no_integers,                                            \
         "A datagram of 0 or 1 octets gets no reply, and the function returns 0")                  \
    CASE("REQ-6.2/41", MAY, STEP_5, server_too_long, "A datagram of 258 octets gets an error")     \
    CASE("REQ-6.3/41", MAY, STEP_5, server_not_whole,                                              \
         "A payload that is not a whole number of integers gets an error")                         \
    CASE("REQ-6.4/41", MUST, STEP_5, server_unknown_opcode, "Opcodes 2 to 7 get an error")         \
    CASE("REQ-6.5/41", MAY, STEP_5, server_large_sum, "A sum above 32 bits is exact as a string")  \
    CASE("REQ-6.6/41", MAY, STEP_5, server_large_product,                                          \
         "A product above 32 bits is exact as a string")                                           \
    CASE("REQ-6.7/41", MAY, STEP_5, server_overflow,                                               \
         "A result above 32 bits gets an error where F is 0")                                      \
    CASE("REQ-6.8/41", MAY, STEP_5, server_257_digits, "A result of 257 digits gets an error")     \
    CASE("REQ-7.1/41", MAY, STEP_5, server_same_octets,                                            \
         "A reply that would equal its request has other unused bits")                             \
    CASE("REQ-8.6/41", SHOULD, STEP_4, client_wrong_length,                                        \
         "A reply of another length than one integer makes the function return -1")                \
    CASE("REQ-8.6/42", SHOULD, STEP_4, client_not_digits,                                          \
         "A string with no digits, or with more than digits, makes the function return -1")        \
    CASE("REQ-8.7/41", SHOULD, STEP_4, client_leading_zeros,                                       \
         "Leading zeros of a string change nothing")                                               \
    CASE("REQ-9.1/41", MUST, CLIENTS, client_order,                                                \
         "socket, connect, send and, where a reply is due, recv: in this order, once each")        \
    CASE("REQ-9.1/42", MUST, CLIENTS, client_no_other_calls,                                       \
         "create_and_send_message makes no other calls on its socket")                             \
    CASE("REQ-9.1/43", MUST, CLIENTS, client_socket, "socket is given AF_INET6, SOCK_DGRAM, 0")    \
    CASE("REQ-9.1/44", MUST, CLIENTS, client_flags, "flags is 0 in send and recv")                 \
    CASE("REQ-9.1/45", MUST, CLIENTS, client_address,                                              \
         "dest_addr and addrlen go to connect as they are, and dest_addr is never read")           \
    CASE("REQ-9.1/46", MUST, STEP_1, warm_up_returns_0, "Returns 0 when all is sent")              \
    CASE("REQ-9.1/47", MUST, CLIENTS, client_stays_in_its_memory,                                  \
         "create_and_send_message reads and writes its own memory only")                           \
    CASE("REQ-9.2/41", MUST, STEP_4, client_ints,                                                  \
         "ints are sent as the 32 bits that they are, negative ones as well")                      \
    CASE("REQ-9.2/42", MUST, STEP_4, client_result_32_bits,                                        \
         "A reply's integer goes to *result as the 32 bits that it is")                            \
    CASE("REQ-9.2/43", SHOULD, STEP_4, client_string_32_bits,                                      \
         "A reply's digits go to *result as 32 bits, also above 2147483647")                       \
    CASE("REQ-9.2/44", MUST, STEP_4, client_string_above_32_bits,                                  \
         "Digits above 32 bits make the function return -1")                                       \
    CASE("REQ-9.2/45", MUST, STEP_4, client_bad_operation,                                         \
         "An operation that is neither '+' nor '*': -1, and nothing is sent")                      \
    CASE("REQ-9.2/46", MUST, STEP_4, client_bad_format,                                            \
         "A format that is neither 'd' nor 's': -1, and nothing is sent")                          \
    CASE("REQ-9.2/47", MUST, STEP_4, client_null_ints, "No ints: -1, and nothing is sent")         \
    CASE("REQ-9.2/48", MUST, STEP_4, client_no_ints, "0 integers: -1, and nothing is sent")        \
    CASE("REQ-9.2/49", MUST, STEP_4, client_65_ints, "65 integers: -1, and nothing is sent")       \
    CASE("REQ-9.2/50", MUST, STEP_4, client_socket_before_arguments,                               \
         "Bad arguments are found after the socket exists")                                        \
    CASE("REQ-9.2/51", MUST, STEP_4, client_empty_reply,                                           \
         "A reply of 0 octets makes the function return -1")                                       \
    CASE("REQ-9.2/52", MAY, STEP_4, client_leaves_result,                                          \
         "*result stays as it is where the function returns -1")                                   \
    CASE("REQ-9.3/41", MUST, SERVERS, server_order,                                                \
         "socket, bind, recvfrom, sendto: in this order, once each")                               \
    CASE("REQ-9.3/42", MUST, SERVERS, server_no_other_calls,                                       \
         "recv_and_handle_message makes no other calls on its socket")                             \
    CASE("REQ-9.3/43", MUST, SERVERS, server_socket, "socket is given AF_INET6, SOCK_DGRAM, 0")    \
    CASE("REQ-9.3/44", MUST, SERVERS, server_flags, "flags is 0 in recvfrom and sendto")           \
    CASE("REQ-9.3/45", MUST, SERVERS, server_address,                                              \
         "src_addr and addrlen go to bind as they are, and src_addr is never read")                \
    CASE("REQ-9.3/46", MUST, SERVERS, server_returns_0, "Returns 0 when the result is sent")       \
    CASE("REQ-9.3/47", MUST, STEP_5, server_error_returns_0, "Returns 0 when an error is sent")    \
    CASE("REQ-9.3/48", MUST, SERVERS, server_stays_in_its_memory,                                  \
         "recv_and_handle_message reads and writes its own memory only")                           \
    CASE("REQ-9.4/41", MUST, CLIENTS, client_socket_fails, "Returns -1 as soon as socket fails")   \
    CASE("REQ-9.4/42", MUST, CLIENTS, client_connect_fails, "Returns -1 as soon as connect fails") \
    CASE("REQ-9.4/43", MUST, CLIENTS, client_send_fails, "Returns -1 as soon as send fails")       \
    CASE("REQ-9.4/44", MUST, STEP_4, client_recv_fails, "Returns -1 as soon as recv fails")        \
    CASE("REQ-9.4/45", MUST, CLIENTS, client_close_fails, "What close returns changes nothing")    \
    CASE("REQ-9.4/46", MUST, STEP_4, client_closes, "No descriptor is open after a result")        \
    CASE("REQ-9.4/47", MUST, STEP_4, client_closes_on_failure,                                     \
         "No descriptor is open after connect, send or recv has failed")                           \
    CASE("REQ-9.4/48", MUST, STEP_4, client_closes_on_error,                                       \
         "No descriptor is open after an error, a bad reply or bad arguments")                     \
    CASE("REQ-9.4/49", SHOULD, STEP_1, warm_up_client_closes, "No descriptor is left open")        \
    CASE("REQ-9.4/50", MUST, SERVERS, server_socket_fails, "Returns -1 as soon as socket fails")   \
    CASE("REQ-9.4/51", MUST, SERVERS, server_bind_fails, "Returns -1 as soon as bind fails")       \
    CASE("REQ-9.4/52", MUST, SERVERS, server_recvfrom_fails,                                       \
         "Returns -1 as soon as recvfrom fails")                                                   \
    CASE("REQ-9.4/53", MUST, SERVERS, server_sendto_fails, "Returns -1 as soon as sendto fails")   \
    CASE("REQ-9.4/54", MUST, SERVERS, server_close_fails, "What close returns changes nothing")    \
    CASE("REQ-9.4/55", MUST, STEP_5, server_closes, "No descriptor is open after a result")        \
    CASE("REQ-9.4/56", MUST, STEP_5, server_closes_on_failure,                                     \
         "No descriptor is open after bind, recvfrom or sendto has failed")                        \
    CASE("REQ-9.4/57", MUST, STEP_5, server_closes_on_error,                                       \
         "No descriptor is open after an error, or where there is no reply")                       \
    CASE("REQ-9.4/58", SHOULD, WARM_UPS, warm_up_server_closes, "No descriptor is left open")

#define PROTOTYPE(id, level, steps, function, sentence)                                            \
    void function(struct functions_run *run, struct outcome *outcome);
FUNCTION_CASES(PROTOTYPE)
#undef PROTOTYPE

#endif
