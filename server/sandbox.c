/* The layers in their order, and what is said of those that are missing. */
#include "sandbox.h"
#include "landlock.h"
#include "privileges.h"
#include "refuse.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void note(struct sandbox *sandbox, const char *layer, const char *missing_because)
{
    size_t used = strlen(sandbox->lacks);
    if (missing_because != NULL)
        snprintf(sandbox->lacks + used, sizeof sandbox->lacks - used, "%s%s (%s)",
                 used == 0 ? "" : ", ", layer, missing_because);
}

/* Whom the command line names, it has to become. */
static bool change_user(struct sandbox *sandbox, char why[static CALC_WHY_ROOM])
{
    const char *name = sandbox->options.user;
    struct identity identity;
    if (!privileges_find(name, &identity, why))
        return false;
    const char *failed = privileges_become(&identity);
    if (failed != NULL && name != NULL)
        return refuse(why, "can not become --user '%.99s': %s", name, failed);
    note(sandbox, "a user other than root", failed);
    return true;
}

void sandbox_begin(struct sandbox *sandbox, const struct sandbox_options *options,
                   enum filter_set set)
{
    *sandbox = (struct sandbox){.options = *options, .set = set};
    if (options->mode == SANDBOX_OFF || set != FILTER_SERVE)
        return;
    (void)privileges_freeze(); /* what is missing is for sandbox_enter() to note */
    sandbox->kin = landlock_signals() == NULL;
}

bool sandbox_enter(struct sandbox *sandbox, char why[static CALC_WHY_ROOM])
{
    const struct sandbox_options *options = &sandbox->options;
    bool off = options->mode == SANDBOX_OFF;
    if ((options->user != NULL || (!off && privileges_are_roots())) && !change_user(sandbox, why))
        return false;
    sandbox->user = geteuid();
    if (off)
        return true;
    note(sandbox, "the loss of capabilities", privileges_empty());
    note(sandbox, "no_new_privs", privileges_freeze());
    note(sandbox, "secrecy", privileges_hide());
    note(sandbox, "Landlock", landlock_close(sandbox->kin));
    return true;
}

bool sandbox_close(struct sandbox *sandbox, pid_t process, const struct log *log,
                   char why[static CALC_WHY_ROOM])
{
    if (sandbox->options.mode == SANDBOX_OFF)
        return true;
    note(sandbox, "the filter of system calls", filter_close(sandbox->set, process));
    const char *whose = sandbox->set == FILTER_METRICS ? " of the metrics" : "";
    if (sandbox->lacks[0] == '\0')
        return true;
    if (sandbox->options.mode == SANDBOX_REQUIRE)
        return refuse(why, "--sandbox=require, but the sandbox%s lacks %.400s", whose,
                      sandbox->lacks);
    char message[sizeof "the sandbox of the metrics lacks " + sizeof sandbox->lacks];
    snprintf(message, sizeof message, "the sandbox%s lacks %s", whose, sandbox->lacks);
    log_say(log, LOG_WARNING, "sandbox", message);
    return true;
}
