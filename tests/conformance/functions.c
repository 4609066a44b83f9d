/* Which step of the course a student's file is, and how it is compiled: as it is, and if that fails, without the
 * sanitizers or with the usual headers in front of it. */
#define _POSIX_C_SOURCE 200809L
#include "functions.h"

#include "clock.h"
#include "function_source.h"
#include "functions_embedded.h"
#include "proto/term/program.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COMPILE_US = 60 * 1000 * 1000, CC_WORDS_MAX = 16 };

/* What the files of students often take for granted. */
static const char usual_headers[] =
    "#define _GNU_SOURCE\n"
    "#include <arpa/inet.h>\n#include <errno.h>\n#include <netinet/in.h>\n#include <stdbool.h>\n"
    "#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <stdlib.h>\n"
    "#include <string.h>\n#include <sys/socket.h>\n#include <sys/types.h>\n#include <unistd.h>\n"
    "#undef _GNU_SOURCE\n";

/* Not the sanitizer for alignment, nor for signed overflow: what they forbid works where students work, and
 * nothing published speaks of it. */
static const char sanitizers[] = "-fsanitize=address,bounds -fsanitize-recover=address,bounds "
                                 "-fno-omit-frame-pointer ";

static const char wraps[] =
    "-Wl,--wrap=socket,--wrap=connect,--wrap=bind,--wrap=send,--wrap=sendto,--wrap=write,"
    "--wrap=recv,--wrap=recvfrom,--wrap=read,--wrap=close,--wrap=setsockopt,--wrap=getsockopt,"
    "--wrap=getsockname,--wrap=getpeername,--wrap=listen,--wrap=accept,--wrap=shutdown,"
    "--wrap=sendmsg,--wrap=recvmsg,--wrap=malloc,--wrap=exit";

/* The compiler as words, and what the names in braces stand for. */
struct compiler {
    struct words words;
    char harness[FUNCTIONS_PATH_ROOM + 16], object[FUNCTIONS_PATH_ROOM + 16];
    char headers[FUNCTIONS_PATH_ROOM + 16], client[32], server[32];
    const char *paths[7];
    struct placeholder names[9];
    char said[SUBJECT_OUTPUT_ROOM];
};

static bool refuse(char why[static FUNCTIONS_WHY_ROOM], const char *source, const char *what)
{
    snprintf(why, FUNCTIONS_WHY_ROOM, "%s: %s", source, what);
    return false;
}

static bool know_client_step(struct functions_run *run, const struct function_source *source,
                             char why[static FUNCTIONS_WHY_ROOM])
{
    unsigned step = run->settings->step;
    unsigned found = source->client_parameters == 2 ? 1 : source->client_parameters == 7 ? 4 : 0;
    if (source->client_parameters >= 0 && found == 0 && (step == 0 || step == 1 || step == 4)) {
        snprintf(why, FUNCTIONS_WHY_ROOM,
                 "%s: create_and_send_message has %d parameters: 2 (step 1) or 7 (step 4)",
                 run->settings->source, source->client_parameters);
        return false;
    }
    if ((step == 1 || step == 4) && found != step) {
        snprintf(why, FUNCTIONS_WHY_ROOM,
                 "%s: step %u is a create_and_send_message with %d parameters, and it defines %s",
                 run->settings->source, step, step == 1 ? 2 : 7,
                 found == 0 ? "none" : "one with others");
        return false;
    }
    run->client_step = step == 0 || step == found ? found : 0;
    return true;
}

static bool know_server_step(struct functions_run *run, const struct function_source *source,
                             char why[static FUNCTIONS_WHY_ROOM])
{
    unsigned step = run->settings->step;
    bool asked = step == 2 || step == 3 || step == 5;
    if (source->server_parameters < 0 && asked)
        return refuse(why, run->settings->source, "defines no recv_and_handle_message");
    if (source->server_parameters < 0 || (step != 0 && !asked))
        return true;
    if (source->server_parameters != 2) {
        snprintf(why, FUNCTIONS_WHY_ROOM, "%s: recv_and_handle_message has %d parameters: 2",
                 run->settings->source, source->server_parameters);
        return false;
    }
    run->server_step = asked ? step : 5;
    if (!asked && run->client_step != 4 && !run->settings->quiet)
        fprintf(stderr,
                "%s: %s: recv_and_handle_message alone may be step 2, 3 or 5: taken for "
                "step 5; --step says which\n",
                calc_program(), run->settings->source);
    return true;
}

static bool know_steps(struct functions_run *run, char why[static FUNCTIONS_WHY_ROOM])
{
    struct function_source source;
    if (!function_source_read(run->settings->source, &source, why) ||
        !know_client_step(run, &source, why) || !know_server_step(run, &source, why))
        return false;
    if (run->client_step == 0 && run->server_step == 0)
        return refuse(why, run->settings->source,
                      "defines neither create_and_send_message nor recv_and_handle_message");
    return true;
}

static bool make_folder(struct functions_run *run, char why[static FUNCTIONS_WHY_ROOM])
{
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || parent[0] == '\0')
        parent = "/tmp";
    int length = snprintf(run->folder, sizeof run->folder - 16, "%s/conformance-XXXXXX", parent);
    if (length < 0 || (size_t)length >= sizeof run->folder - 16)
        return refuse(why, parent, "the path is too long for a temporary folder");
    if (mkdtemp(run->folder) == NULL) {
        snprintf(why, FUNCTIONS_WHY_ROOM, "%s: no temporary folder: %s", parent, strerror(errno));
        run->folder[0] = '\0';
        return false;
    }
    uid_t user = run->settings->limits.user;
    if (user != 0 && geteuid() == 0 && chown(run->folder, user, user) != 0) {
        snprintf(why, FUNCTIONS_WHY_ROOM, "%.300s: cannot be given to user %u: %s", run->folder,
                 (unsigned)user, strerror(errno));
        return false;
    }
    snprintf(run->program, sizeof run->program, "%.*s/subject", FUNCTIONS_PATH_ROOM - 16,
             run->folder);
    return true;
}

static bool write_file(const char *path, const char *text, size_t length,
                       char why[static FUNCTIONS_WHY_ROOM])
{
    FILE *file = fopen(path, "we");
    bool written = file != NULL && fwrite(text, 1, length, file) == length;
    if (file != NULL && fclose(file) != 0)
        written = false;
    if (!written)
        snprintf(why, FUNCTIONS_WHY_ROOM, "%.400s: cannot be written: %s", path, strerror(errno));
    return written;
}

/* Splits $CC and gives everything its name. */
static bool prepare(struct compiler *compiler, const struct functions_run *run,
                    char why[static FUNCTIONS_WHY_ROOM])
{
    const struct settings *settings = run->settings;
    const char *cc = getenv("CC");
    if (!words_split(&compiler->words, cc == NULL || cc[0] == '\0' ? "cc" : cc, NULL, 0, why))
        return false;
    snprintf(compiler->harness, sizeof compiler->harness, "%s/harness.c", run->folder);
    snprintf(compiler->object, sizeof compiler->object, "%s/harness.o", run->folder);
    snprintf(compiler->headers, sizeof compiler->headers, "%s/headers.h", run->folder);
    snprintf(compiler->client, sizeof compiler->client, "-DHARNESS_CLIENT=%d",
             run->client_step == 4   ? 7
             : run->client_step == 1 ? 2
                                     : 0);
    snprintf(compiler->server, sizeof compiler->server, "-DHARNESS_SERVER=%d",
             run->server_step != 0 ? 2 : 0);
    const char *const paths[] = {compiler->harness, compiler->object, compiler->headers,
                                 compiler->client,  compiler->server, settings->source,
                                 run->program};
    memcpy(compiler->paths, paths, sizeof paths);
    const char *const names[] = {"{harness}", "{object}", "{headers}", "{client}",
                                 "{server}",  "{source}", "{program}"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        compiler->names[i] = (struct placeholder){names[i], &compiler->paths[i], 1};
    compiler->names[7] = (struct placeholder){"{cc}", (const char *const *)compiler->words.list,
                                              compiler->words.count};
    compiler->names[8] = (struct placeholder){"{extra}", settings->extra, settings->extra_count};
    return write_file(compiler->harness, functions_harness,
                      (size_t)(functions_harness_end - functions_harness), why) &&
           write_file(compiler->headers, usual_headers, sizeof usual_headers - 1, why);
}

/* Runs a command; what it prints is in compiler->said. False: it failed, or could not be started, and why says
 * which in the latter case. */
static bool execute(struct compiler *compiler, const struct functions_run *run, const char *command,
                    char why[static FUNCTIONS_WHY_ROOM])
{
    struct words words;
    struct subject subject = {0};
    struct limits limits = run->settings->limits;
    limits.memory_octets = 0;
    limits.directory = NULL;
    why[0] = '\0';
    if (!words_split(&words, command, compiler->names, 9, why) ||
        !subject_start(&subject, &words, &limits, why))
        return false;
    bool ended = subject_wait(&subject, kit_now_us() + COMPILE_US);
    bool succeeded = ended && subject.status == 0;
    subject_end(&subject);
    snprintf(compiler->said, sizeof compiler->said, "%s", subject.printed);
    if (!ended)
        snprintf(why, FUNCTIONS_WHY_ROOM, "compiling it has not ended after %d s",
                 COMPILE_US / 1000000);
    return succeeded;
}

static bool switched_off(const struct settings *settings)
{
    for (size_t i = 0; i < settings->extra_count; i++) {
        if (strcmp(settings->extra[i], "-fno-sanitize=all") == 0)
            return true;
    }
    return false;
}

/* Whether the program starts at all: sanitizers do not where ulimit -v is in force, nor with every kernel. What the
 * compiler has said stays. */
static bool starts(struct compiler *compiler, const struct functions_run *run,
                   char why[static FUNCTIONS_WHY_ROOM])
{
    char said[SUBJECT_OUTPUT_ROOM];
    memcpy(said, compiler->said, sizeof said);
    bool started = execute(compiler, run, "{program}", why);
    memcpy(compiler->said, said, sizeof said);
    why[0] = '\0';
    return started;
}

/* One way to compile it: with sanitizers or without, with the usual headers or as it is. */
static bool compile_source(struct compiler *compiler, struct functions_run *run, bool sanitized,
                           bool headers, char why[static FUNCTIONS_WHY_ROOM])
{
    char command[2048];
    snprintf(command, sizeof command,
             "{cc} -std=gnu11 -O0 -g -U_FORTIFY_SOURCE -Dmain=student_main %s%s{source} {extra} "
             "{object} %s -o {program}",
             sanitized ? sanitizers : "-fstack-protector-all ",
             headers ? "-include {headers} " : "", wraps);
    run->sanitized = sanitized;
    return execute(compiler, run, command, why) && (!sanitized || starts(compiler, run, why));
}

static void note(const struct functions_run *run, const char *what)
{
    if (!run->settings->quiet)
        fprintf(stderr, "%s: %s: %s\n", calc_program(), run->settings->source, what);
}

static bool compile_somehow(struct compiler *compiler, struct functions_run *run,
                            char why[static FUNCTIONS_WHY_ROOM])
{
    bool may_sanitize = !switched_off(run->settings);
    if (may_sanitize && compile_source(compiler, run, true, false, why))
        return true;
    if (why[0] != '\0')
        return false;
    if (compile_source(compiler, run, false, false, why)) {
        if (may_sanitize)
            note(run, "compiled without sanitizers, which do not work here: a look outside of a "
                      "buffer may not be seen");
        return true;
    }
    char said[SUBJECT_OUTPUT_ROOM];
    memcpy(said, compiler->said, sizeof said);
    if ((may_sanitize && compile_source(compiler, run, true, true, why)) ||
        compile_source(compiler, run, false, true, why)) {
        note(run, "compiled with the usual headers put in front: it does not include all that it "
                  "needs");
        return true;
    }
    memcpy(compiler->said, said, sizeof said);
    return false;
}

static bool compile_all(struct compiler *compiler, struct functions_run *run,
                        char why[static FUNCTIONS_WHY_ROOM])
{
    if (!prepare(compiler, run, why))
        return false;
    bool compiled =
        execute(compiler, run, "{cc} -std=gnu11 -O0 {client} {server} -c {harness} -o {object}",
                why) &&
        compile_somehow(compiler, run, why);
    if (compiler->said[0] != '\0' && (!compiled || !run->settings->quiet))
        fputs(compiler->said, stderr);
    if (!compiled && why[0] == '\0')
        refuse(why, run->settings->source, "does not compile; the compiler's words are above");
    return compiled;
}

bool functions_run_begin(struct functions_run *run, const struct settings *settings,
                         char why[static FUNCTIONS_WHY_ROOM])
{
    *run = (struct functions_run){.settings = settings};
    if (!know_steps(run, why) || !make_folder(run, why))
        return false;
    struct compiler *compiler = calloc(1, sizeof *compiler);
    bool compiled = compiler != NULL && compile_all(compiler, run, why);
    if (compiler == NULL)
        refuse(why, settings->source, "out of memory");
    free(compiler);
    if (!compiled)
        functions_run_end(run);
    return compiled;
}

void functions_run_end(struct functions_run *run)
{
    static const char *const files[] = {"harness.c", "harness.o", "headers.h", "subject"};
    if (run->folder[0] == '\0')
        return;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[FUNCTIONS_PATH_ROOM + 16];
        snprintf(path, sizeof path, "%s/%s", run->folder, files[i]);
        unlink(path);
    }
    rmdir(run->folder);
    run->folder[0] = '\0';
}
