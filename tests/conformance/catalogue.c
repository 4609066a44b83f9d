/* The lists. The specification itself is in the program, so that a clause is quoted and never copied. */
#include "catalogue.h"
#include "proto/term/program.h"

#include <stdio.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* The assembler puts it there; make knows of it (tests/tests.mk). */
__asm__(".section .rodata\n"
        "specification_begin:\n"
        ".incbin \"proto/PROTOCOL.md\"\n"
        "specification_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const char specification_begin[], specification_end[];

static const struct suite *const suites[] = {&server_suite, &client_suite, &functions_suite};

/* Clauses that this kit has no case for. */
static const struct {
    const char *clause, *reason;
} without[] = {
    {"REQ-6.9",  "multicast needs an interface that carries it, and a server that joins a group" },
    {"REQ-6.10", "a datagram from port 0 or from :: takes a raw socket, so root"                 },
    {"REQ-7.5",  "a bounded rate shows under a flood only, which a conformance test is not to be"},
    {"REQ-8.3",
     "that ports rest shows in clients that make many requests; these here make one each"        },
};

static void print_case(const struct suite *suite, const struct conformance_case *about)
{
    printf("%-12s %-6s  %-9s  %s\n", about->id, level_name(about->level), suite->name,
           about->sentence);
}

bool catalogue_list(const char *name)
{
    bool known = false;
    for (size_t i = 0; i < COUNT(suites); i++) {
        if (name != NULL && strcmp(name, suites[i]->name) != 0)
            continue;
        known = true;
        for (size_t k = 0; k < suites[i]->count; k++)
            print_case(suites[i], &suites[i]->cases[k]);
    }
    for (size_t i = 0; i < COUNT(without) && name == NULL; i++)
        printf("%-12s no case: %s\n", without[i].clause, without[i].reason);
    if (!known)
        fprintf(stderr, "%s: list '%.99s': server, client or functions is allowed\n",
                calc_program(), name);
    return known;
}

const char *clause_text(const char *clause, size_t *length)
{
    char heading[CLAUSE_ROOM + 8];
    int heading_length = snprintf(heading, sizeof heading, "\n**%s**", clause);
    const char *p = specification_begin, *end = specification_end;
    if (heading_length >= (int)sizeof heading)
        return NULL;
    for (; end - p > heading_length; p++) {
        if (memcmp(p, heading, (size_t)heading_length) != 0)
            continue;
        const char *text = p + 1;
        *length = 0;
        while (text + *length < end && memcmp(text + *length, "\n\n", 2) != 0)
            ++*length;
        return text;
    }
    return NULL;
}

static void print_clause(const char *clause)
{
    size_t length;
    const char *text = clause_text(clause, &length);
    if (text != NULL)
        printf("\n%.*s\n", (int)length, text);
    for (size_t i = 0; i < COUNT(without); i++) {
        if (strcmp(without[i].clause, clause) == 0)
            printf("\nThere is no case for it: %s.\n", without[i].reason);
    }
}

bool catalogue_explain(const char *id)
{
    bool found = false;
    char clause[CLAUSE_ROOM], wanted[CLAUSE_ROOM];
    size_t length;
    snprintf(wanted, sizeof wanted, "%.*s", (int)strcspn(id, "/"), id);
    for (size_t i = 0; i < COUNT(suites); i++) {
        for (size_t k = 0; k < suites[i]->count; k++) {
            const struct conformance_case *about = &suites[i]->cases[k];
            case_clause(about, clause);
            if (strcmp(about->id, id) != 0 && strcmp(clause, id) != 0)
                continue;
            print_case(suites[i], about);
            found = true;
        }
    }
    found = found || (strchr(id, '/') == NULL && clause_text(wanted, &length) != NULL);
    if (found)
        print_clause(wanted);
    else
        fprintf(stderr, "%s: explain '%.99s': an id of %s list is needed, such as REQ-3.3/2\n",
                calc_program(), id, calc_program());
    return found;
}
