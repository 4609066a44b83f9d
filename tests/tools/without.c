/* without WHAT[,WHAT...] COMMAND [ARGUMENT...]: runs the command as on a kernel that has none of these: landlock,
 * seccomp, no_new_privs, dumpable, capset, users. The system call that would do it fails with ENOSYS. Needs root. */
#define _GNU_SOURCE /* syscall numbers */

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ANY = -1, INSTRUCTIONS_MAX = 64 };

static const struct part {
    const char *name;
    unsigned call;
    int option; /* its first argument, an int, or ANY */
} parts[] = {
    {"landlock",     SYS_landlock_create_ruleset, ANY                },
    {"seccomp",      SYS_seccomp,                 ANY                },
    {"no_new_privs", SYS_prctl,                   PR_SET_NO_NEW_PRIVS},
    {"dumpable",     SYS_prctl,                   PR_SET_DUMPABLE    },
    {"capset",       SYS_capset,                  ANY                },
    {"users",        SYS_setresuid,               ANY                },
};

struct program {
    struct sock_filter list[INSTRUCTIONS_MAX];
    unsigned short length;
};

_Noreturn static void die(const char *what, const char *on)
{
    fprintf(stderr, "without: can not %s %s: %s\n", what, on, strerror(errno));
    exit(1);
}

static void add(struct program *program, struct sock_filter instruction)
{
    program->list[program->length++] = instruction;
}

static void add_load(struct program *program, size_t offset)
{
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

/* Skips so many instructions where what was loaded is something else. */
static void add_unless(struct program *program, uint32_t value, uint8_t skip)
{
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip));
}

static void add_part(struct program *program, const struct part *part)
{
    size_t low_half = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0;
    add_load(program, offsetof(struct seccomp_data, nr));
    add_unless(program, part->call, part->option == ANY ? 1 : 3);
    if (part->option != ANY) {
        add_load(program, offsetof(struct seccomp_data, args[0]) + low_half);
        add_unless(program, (uint32_t)part->option, 1);
    }
    add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS));
}

static const struct part *find(const char *name)
{
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (strcmp(parts[i].name, name) == 0)
            return &parts[i];
    }
    errno = EINVAL;
    die("find", name);
}

int main(int argc, char **argv)
{
    struct program program = {.length = 0};
    if (argc < 3) {
        fputs("usage: without WHAT[,WHAT...] COMMAND [ARGUMENT...]\n", stderr);
        return 1;
    }
    for (const char *name = strtok(argv[1], ","); name != NULL; name = strtok(NULL, ","))
        add_part(&program, find(name));
    add(&program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    const struct sock_fprog whole = {.len = program.length, .filter = program.list};
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole) < 0)
        die("install", "a filter");
    execvp(argv[2], argv + 2);
    die("run", argv[2]);
}
