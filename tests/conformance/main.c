/* conformance: the command line. */
#include "case.h"

int main(void)
{
    return 2;
}
