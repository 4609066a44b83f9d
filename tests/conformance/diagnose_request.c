/* What a wrong request comes from. Most mistakes are proved by making them: the header, or the integers, as a
 * program with the mistake would send them, are compared with what came, octet by octet. */
#include "diagnose.h"

#include <stdio.h>
#include <string.h>

enum {
    HEADER_LOW = 0x0F, /* opcode and F */
    POINTER_OCTETS = 8,
    MISTAKES_MAX = 4, /* in the layout, in the width, and two for the length */
};

/* The request that was due, and what came in its place. */
struct view {
    struct calc_request request;
    uint8_t header; /* that was due */
    const uint8_t *octets;
    size_t length; /* of the octets at hand */
    size_t sent;   /* as sent */
};

/* One mistake in the header: what it makes of each of the four. */
struct header_mistake {
    uint8_t sum, sum_string, product, product_string;
    const char *diagnosis;
};

/* The likeliest first: several make the same octet of one header. */
static const struct header_mistake header_mistakes[] = {
    {0x00, 0x00, 0x02, 0x02, "F is never set: it is the last bit of the header, mask 01 (REQ-4.4)"},
    {0x00, 0x01, 0x01, 0x01,
     "the opcode is not shifted: from the left it is in the bits 4 to 6, opcode << 1, so the "
     "header of a product is 02 or 03 (REQ-4.3)"                                                  },
    {0x00, 0x80, 0x02, 0x82,
     "F is in the wrong bit, 80: it is the last bit of the header, mask 01 (REQ-4.4)"             },
    {0x00, 0x10, 0x02, 0x12,
     "F is in the wrong bit, 10: it is the last bit of the header, mask 01 (REQ-4.4)"             },
    {0x00, 0x08, 0x02, 0x0A,
     "F is in the wrong bit, 08: it is the last bit of the header, mask 01 (REQ-4.4)"             },
    {0x00, 0x01, 0x10, 0x11,
     "the opcode is in the wrong bits, mask 70: from the left, the bits 0 to 3 are Unused, 4 "
     "to 6 the opcode, mask 0E, and 7 is F (REQ-4.3)"                                             },
    {0x00, 0x80, 0x10, 0x90,
     "the bits are counted from the wrong end: bit 0 is the most significant, so the opcode has "
     "the mask 0E and F 01 (REQ-4.3)"                                                             },
    {0x00, 0x08, 0x01, 0x09,
     "F stands left of the opcode: it is the last bit, opcode << 1 | F (REQ-4.4)"                 },
    {'+',  '+',  '*',  '*',
     "the header is the character of the operator: it has to be bits, 0 or 1 << 1 (REQ-4.3)"      },
    {'0',  '0',  '1',  '1',
     "the header is the opcode as a character: it has to be bits, 0 or 1 << 1 (REQ-4.3)"          },
    {'d',  's',  'd',  's',
     "the header is the character of the form: it has to be bits (REQ-4.3, REQ-4.4)"              },
    {0x01, 0x01, 0x03, 0x03, "F is always set: it is 0 where an integer is wanted (REQ-4.4)"      },
    {0x01, 0x00, 0x03, 0x02,
     "F is the wrong way round: 1 asks for a string, 0 for an integer (REQ-4.4)"                  },
    {0x00, 0x01, 0x00, 0x01, "the opcode is always 0, the sum: a product has 1 (REQ-4.3)"         },
    {0x02, 0x03, 0x00, 0x01,
     "the opcode is the wrong way round: 0 is the sum, 1 the product (REQ-4.3)"                   },
    {0x02, 0x03, 0x04, 0x05,
     "the opcodes are counted from 1: 0 is the sum, 1 the product (REQ-4.3)"                      },
};

static uint8_t mistaken_header(const struct header_mistake *mistake, uint8_t header)
{
    const uint8_t made[] = {mistake->sum, mistake->sum_string, mistake->product,
                            mistake->product_string};
    return made[header & 3];
}

static void diagnose_header(const struct view *view, struct outcome *outcome)
{
    uint8_t actual = view->octets[0];
    if ((actual & HEADER_LOW) == view->header)
        return;
    for (size_t i = 0; i < sizeof header_mistakes / sizeof header_mistakes[0]; i++) {
        if (mistaken_header(&header_mistakes[i], view->header) == actual) {
            outcome_diagnose(outcome, header_mistakes[i].diagnosis);
            return;
        }
    }
}

/* How a program may lay out one integer: which of its octets follow each other. */
struct width {
    const char *order;     /* 0 is the most significant; - is an octet of 0 */
    bool is_signed;        /* what is above 2147483647 becomes that */
    const char *diagnosis; /* NULL: the right one */
};

static const struct width widths[] = {
    {"0123",     false, NULL                                                                 },
    {"3210",     false,
     "little-endian: the most significant octet of an integer is sent first, see htonl(3) "
     "(REQ-3.3)"                                                                             },
    {"----0123", false, "integers of 64 bits: they have 32, uint32_t (REQ-3.3)"              },
    {"3210----", false,
     "integers of 64 bits, and little-endian: they have 32, uint32_t, see htonl(3) (REQ-3.3)"},
    {"0123----", false,
     "integers of 64 bits, with htonl(3) in one half: they have 32, uint32_t (REQ-3.3)"      },
    {"23--",     false, "htons(3) is for 16 bits: an integer has 32, see htonl(3) (REQ-3.3)" },
    {"--23",     false, "16 bits are left of each integer: it has 32, uint32_t (REQ-3.3)"    },
    {"0123",     true,
     "an integer above 2147483647 became that: they are unsigned, see strtoul(3) (REQ-3.3)"  },
    {"23",       false, "integers of 16 bits: they have 32, uint32_t (REQ-3.3)"              },
    {"32",       false,
     "integers of 16 bits, and little-endian: they have 32, uint32_t, see htonl(3) (REQ-3.3)"},
    {"3",        false, "integers of 8 bits: they have 32, uint32_t (REQ-3.3)"               },
};

static void put_network(uint8_t *octets, uint32_t integer)
{
    for (int i = 0; i < CALC_INTEGER_OCTETS; i++)
        octets[i] = (uint8_t)(integer >> (24 - 8 * i));
}

static void put_little(uint8_t *octets, uint32_t integer)
{
    for (int i = 0; i < CALC_INTEGER_OCTETS; i++)
        octets[i] = (uint8_t)(integer >> (8 * i));
}

static void put_integer(const struct width *width, uint8_t *octets, uint32_t integer)
{
    uint8_t from[CALC_INTEGER_OCTETS];
    put_network(from, width->is_signed && integer > INT32_MAX ? INT32_MAX : integer);
    for (const char *place = width->order; *place != '\0'; place++)
        *octets++ = *place == '-' ? 0 : from[*place - '0'];
}

/* What stands before the integers. */
struct layout {
    size_t octets;
    void (*put)(uint8_t *octets, const struct view *view);
    const char *diagnosis; /* NULL: one octet, whatever its bits */
};

static void put_nothing(uint8_t *octets, const struct view *view)
{
    (void)octets;
    (void)view;
}

static void put_any_header(uint8_t *octets, const struct view *view)
{
    octets[0] = view->octets[0];
}

static void put_header_of_4(uint8_t *octets, const struct view *view)
{
    put_network(octets, view->header);
}

static void put_little_header_of_4(uint8_t *octets, const struct view *view)
{
    put_little(octets, view->header);
}

static void put_padded(uint8_t *octets, const struct view *view)
{
    memcpy(octets, view->octets, 4); /* padding may have any value */
    octets[0] = view->header;
}

static void put_count(uint8_t *octets, const struct view *view)
{
    put_any_header(octets, view);
    octets[1] = (uint8_t)view->request.count;
}

static void put_count_first(uint8_t *octets, const struct view *view)
{
    octets[0] = (uint8_t)view->request.count;
    octets[1] = view->header;
}

static void put_wide_count(uint8_t *octets, const struct view *view)
{
    put_any_header(octets, view);
    put_network(octets + 1, (uint32_t)view->request.count);
}

static void put_little_wide_count(uint8_t *octets, const struct view *view)
{
    put_any_header(octets, view);
    put_little(octets + 1, (uint32_t)view->request.count);
}

static void put_form_apart(uint8_t *octets, const struct view *view)
{
    octets[0] = (uint8_t)view->request.opcode;
    octets[1] = (uint8_t)view->request.format;
}

#define LENGTH_TELLS "the length alone tells how many integers there are (REQ-4.5)"

static const struct layout layouts[] = {
    {1, put_any_header,         NULL                                                                    },
    {0, put_nothing,            "the header is missing: one octet before the integers (REQ-4.3)"        },
    {4, put_header_of_4,        "the header has 4 octets: it is 1, uint8_t (REQ-4.3)"                   },
    {4, put_little_header_of_4,
     "the header has 4 octets, an int or a structure's padding: it is 1, uint8_t (REQ-4.3)"             },
    {4, put_padded,
     "a structure was sent with the padding behind its first member: the header is 1 octet, the "
     "integers follow at once (REQ-4.5)"                                                                },
    {2, put_count,              "a count stands before the integers: " LENGTH_TELLS                     },
    {2, put_count_first,        "a count stands before the header: " LENGTH_TELLS                       },
    {5, put_wide_count,         "a count of 4 octets stands before the integers: " LENGTH_TELLS         },
    {5, put_little_wide_count,  "a count of 4 octets stands before the integers: " LENGTH_TELLS         },
    {2, put_form_apart,         "opcode and F are sent as an octet each: both are bits of one (REQ-4.4)"},
};

/* The request with this layout and this width of integers: all of it. */
static size_t make(const struct view *view, const struct layout *layout, const struct width *width,
                   uint8_t made[static DATAGRAM_ROOM])
{
    size_t at = layout->octets;
    if (view->length < layout->octets)
        return 0;
    layout->put(made, view);
    for (size_t i = 0; i < view->request.count; i++, at += strlen(width->order))
        put_integer(width, made + at, view->request.integers[i]);
    return at;
}

static bool all_zero(const uint8_t *octets, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (octets[i] != 0)
            return false;
    }
    return true;
}

static const char sizeof_pointer[] =
    "8 octets were sent, the size of a pointer: sizeof of a pointer is not that of what it points "
    "to (REQ-4.5)";

/* What is behind the integers, where they are there. */
static const char *tail_mistake(const uint8_t *tail, size_t length, size_t sent)
{
    if (length == 1 && tail[0] == '\0')
        return "a NUL ends the request: nothing does, the length of the datagram tells (REQ-4.5)";
    if (length == 1 && tail[0] == '\n')
        return "a newline ends the request: nothing does, the length of the datagram tells "
               "(REQ-4.5)";
    if (sent == POINTER_OCTETS)
        return sizeof_pointer;
    if (length == CALC_INTEGER_OCTETS)
        return "an integer more was sent than there are: send 1 + 4 n octets (REQ-4.5)";
    if (length < CALC_INTEGER_OCTETS)
        return "octets follow the integers, as the padding of a structure does: a request has 1 + "
               "4 n octets "
               "(REQ-4.5)";
    if (all_zero(tail, length))
        return "a whole array was sent, its zeros too: send 1 + 4 n octets, not sizeof of the "
               "array (REQ-4.5)";
    return "more was sent than the integers, a whole buffer: send 1 + 4 n octets, not its sizeof "
           "(REQ-4.5)";
}

/* What is too little of the integers. */
static const char *cut_mistake(const struct view *view, size_t payload)
{
    size_t count = view->request.count;
    if (payload == 0)
        return "the header alone was sent: the integers follow in the same datagram (REQ-3.1, "
               "REQ-4.5)";
    if (payload == POINTER_OCTETS || payload == POINTER_OCTETS - 1)
        return sizeof_pointer;
    if (payload == count || payload + 1 == count)
        return "the length was counted in integers, and not in octets: send 1 + 4 n (REQ-4.5)";
    if (payload + 1 == CALC_INTEGER_OCTETS * count)
        return "the last octet was left out: the header counts too, send 1 + 4 n octets (REQ-4.5)";
    if (payload + CALC_INTEGER_OCTETS == CALC_INTEGER_OCTETS * count)
        return "the last integer was left out (REQ-4.5)";
    return "integers were left out: send 1 + 4 n octets (REQ-4.5)";
}

/* Whether one layout and one width explain it, with what is behind or missing: so many mistakes, beside
 * those of the header's bits. */
static bool explained(const struct view *view, const struct layout *layout,
                      const struct width *width, int mistakes, struct outcome *outcome)
{
    uint8_t made[DATAGRAM_ROOM];
    size_t length = make(view, layout, width, made);
    bool longer = strlen(width->order) >= CALC_INTEGER_OCTETS && view->sent > length;
    bool shorter = layout->diagnosis == NULL && width->diagnosis == NULL && view->sent < length;
    size_t common = view->length < length ? view->length : length;
    if ((layout->diagnosis != NULL) + (width->diagnosis != NULL) + 2 * (longer || shorter) !=
        mistakes)
        return false;
    if (length == 0 || (view->sent != length && !longer && !shorter) ||
        memcmp(made, view->octets, common) != 0)
        return false;
    if (width->diagnosis != NULL)
        outcome_diagnose(outcome, width->diagnosis);
    if (layout->diagnosis != NULL)
        outcome_diagnose(outcome, layout->diagnosis);
    else
        diagnose_header(view, outcome);
    if (longer)
        outcome_diagnose(outcome,
                         tail_mistake(view->octets + length, view->length - length, view->sent));
    if (shorter)
        outcome_diagnose(outcome, cut_mistake(view, view->sent - layout->octets));
    return true;
}

static bool explained_by(const struct view *view, int mistakes, struct outcome *outcome)
{
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        for (size_t j = 0; j < sizeof widths / sizeof widths[0]; j++) {
            if (explained(view, &layouts[i], &widths[j], mistakes, outcome))
                return true;
        }
    }
    return false;
}

/* The request as a person types it, in whatever way: all of it characters, the first integer among them. */
static bool is_text(const struct view *view)
{
    char text[DATAGRAM_ROOM + 1], first[sizeof "4294967295"];
    size_t length = view->length;
    while (length > 1 && (view->octets[length - 1] == '\0' || view->octets[length - 1] == '\n'))
        length--;
    size_t from = length > 0 && view->octets[0] <= HEADER_LOW ? 1 : 0;
    for (size_t i = from; i < length; i++) {
        if (view->octets[i] < ' ' || view->octets[i] > '~')
            return false;
        text[i - from] = (char)view->octets[i];
    }
    text[length - from] = '\0';
    snprintf(first, sizeof first, "%u", (unsigned)view->request.integers[0]);
    return strstr(text, first) != NULL;
}

/* An address of a process's memory: 48 bits, of the text, the heap, a library or the stack, on x86-64 and
 * AArch64 Linux, in little-endian order. */
static bool is_pointer(const uint8_t *octets)
{
    return octets[7] == 0 && octets[6] == 0 &&
           (octets[5] == 0x7F || octets[5] == 0x55 || octets[5] == 0x56 || octets[5] == 0xAA ||
            octets[5] == 0xFF);
}

/* At the beginning, behind the header, or behind a header that is padded to an address's alignment. */
static bool has_pointer(const struct view *view)
{
    static const size_t places[] = {0, CALC_HEADER_OCTETS, POINTER_OCTETS};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (places[i] + POINTER_OCTETS <= view->length && is_pointer(view->octets + places[i]))
            return true;
    }
    return false;
}

void diagnose_request(struct outcome *outcome)
{
    const struct comparison *comparison = &outcome->comparison;
    struct view view = {
        .header = comparison->expected.octets[0],
        .octets = comparison->actual.octets,
        .length = comparison->actual.length,
        .sent = comparison->actual_length,
    };
    if (!comparison->present || !comparison->of_requests || !comparison->received ||
        calc_request_decode(comparison->expected.octets, comparison->expected.length,
                            &view.request) != CALC_OK)
        return;
    view.header &= HEADER_LOW;
    if (view.sent == 0) {
        outcome_diagnose(outcome,
                         "an empty datagram: was its length taken with strlen(3), which stops at "
                         "the header's 00? A request has 1 + 4 n octets (REQ-4.5)");
        return;
    }
    if (is_text(&view)) {
        outcome_diagnose(outcome,
                         "the request is text: an integer is 32 bits, see strtoul(3) and htonl(3) "
                         "(REQ-3.3)");
        return;
    }
    for (int mistakes = 0; mistakes <= MISTAKES_MAX; mistakes++) {
        if (explained_by(&view, mistakes, outcome))
            return;
    }
    if (has_pointer(&view))
        outcome_diagnose(
            outcome, "an address of the client's memory was sent, a pointer: send what it points "
                     "to (REQ-4.5)");
    diagnose_header(&view, outcome);
}
