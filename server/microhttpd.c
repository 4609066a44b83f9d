/* One table of names makes the members and fills them. */
#include "refuse.h"

#ifdef WITH_METRICS

#include "microhttpd.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

/* The one of the header: its functions have kept their types since 0.9.71. */
static const char soname[] = "libmicrohttpd.so.12";

static const struct {
    const char *name;
    size_t at;
} functions[] = {
#define MICROHTTPD_ROW(name) {#name, offsetof(struct microhttpd, name)},
    MICROHTTPD_FUNCTIONS(MICROHTTPD_ROW)
#undef MICROHTTPD_ROW
};

bool microhttpd_load(struct microhttpd *library, char why[static CALC_WHY_ROOM])
{
    void *loaded = dlopen(soname, RTLD_NOW);
    for (size_t i = 0; i < sizeof functions / sizeof functions[0] && loaded != NULL; i++) {
        void *function = dlsym(loaded, functions[i].name);
        if (function == NULL)
            return refuse(why, "%s, which --metrics needs, has no %s", soname, functions[i].name);
        /* dlsym(3) on POSIX: both kinds of pointer are alike. */
        memcpy((char *)library + functions[i].at, &function, sizeof function);
    }
    return loaded != NULL || refuse(why, "can not load what --metrics needs: %.400s", dlerror());
}

#endif
