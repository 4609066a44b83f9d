/* Embeds the harness, both halves of it; paths are those of the tree's root, where the compiler runs. */
#include "functions_embedded.h"

__asm__(".section .rodata\n"
        ".globl functions_harness, functions_harness_end\n"
        "functions_harness:\n"
        ".incbin \"tests/conformance/functions/calls.c\"\n"
        ".incbin \"tests/conformance/functions/harness.c\"\n"
        "functions_harness_end:\n"
        ".byte 0\n"
        ".previous\n");
