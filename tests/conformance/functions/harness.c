/* harness RECORD [NAME=VALUE...]: calls one of the course's functions once, with the calls of calls.c, and writes down
 * what it does. It judges nothing: that is function_scenario.h's and the cases'. It is compiled with each student's file,
 * with HARNESS_CLIENT and HARNESS_SERVER telling how many parameters the two functions have, 0 where there is none. */
#include <sys/mman.h>

#if HARNESS_CLIENT == 2
int create_and_send_message(const struct sockaddr *dest_addr, socklen_t addrlen);
#elif HARNESS_CLIENT == 7
int create_and_send_message(const struct sockaddr *dest_addr, socklen_t addrlen, int *ints,
                            size_t no_int, char operation, char output_format, int *result);
#endif
#if HARNESS_SERVER
int recv_and_handle_message(const struct sockaddr *src_addr, socklen_t addrlen);
#endif

/* The page of the address, or else back to whoever was to handle it before. */
static struct sigaction before[2];

static void on_fault(int number, siginfo_t *info, void *context)
{
    (void)context;
    uintptr_t at = (uintptr_t)info->si_addr, guard = (uintptr_t)net.guard;
    if (net.guard != NULL && at >= guard && at - guard < (uintptr_t)net.page) {
        record("touches");
        _exit(0);
    }
    sigaction(number, &before[number == SIGBUS], NULL);
}

static void guard_address(void)
{
    net.page = sysconf(_SC_PAGESIZE);
    net.guard = mmap(NULL, (size_t)net.page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (net.guard == MAP_FAILED)
        _exit(125);
    net.address = net.guard + 64;
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, &before[0]);
    sigaction(SIGBUS, &action, &before[1]);
}

struct arguments {
    int server, ints_null;
    size_t int_count, count;
    int ints[INTS_MAX];
    char operation, format;
    const char *before, *incoming;
};

static void read_ints(struct arguments *arguments, const char *text)
{
    arguments->ints_null = strcmp(text, "null") == 0;
    while (!arguments->ints_null && *text != '\0' && arguments->int_count < INTS_MAX) {
        char *end;
        arguments->ints[arguments->int_count++] = (int)strtol(text, &end, 10);
        text = *end == ',' ? end + 1 : end;
    }
    arguments->count = arguments->int_count;
}

static void read_argument(struct arguments *arguments, const char *name, const char *value)
{
    if (strcmp(name, "function") == 0)
        arguments->server = strcmp(value, "server") == 0;
    else if (strcmp(name, "address") == 0)
        guard_address();
    else if (strcmp(name, "addrlen") == 0)
        net.address_length = strtoul(value, NULL, 10);
    else if (strcmp(name, "ints") == 0)
        read_ints(arguments, value);
    else if (strcmp(name, "count") == 0)
        arguments->count = strtoul(value, NULL, 10);
    else if (strcmp(name, "operation") == 0)
        arguments->operation = value[0];
    else if (strcmp(name, "format") == 0)
        arguments->format = value[0];
    else if (strcmp(name, "before") == 0)
        arguments->before = value;
    else if (strcmp(name, "incoming") == 0)
        arguments->incoming = value;
    else if (strcmp(name, "fail") == 0)
        net.failing = value;
    else if (strcmp(name, "fill") == 0)
        net.fill = atoi(value);
}

static int call(const struct arguments *arguments, int *result)
{
    const struct sockaddr *address = net.address;
    socklen_t length = (socklen_t)net.address_length;
    int *ints = NULL;
    if (!arguments->ints_null) {
        /* Of exactly their size, so that a look behind them is seen. */
        ints = __real_malloc(arguments->int_count * sizeof *ints);
        memcpy(ints, arguments->ints, arguments->int_count * sizeof *ints);
    }
    (void)address, (void)length, (void)result;
    fill_stack();
#if HARNESS_SERVER
    if (arguments->server)
        return recv_and_handle_message(address, length);
#endif
#if HARNESS_CLIENT == 7
    return create_and_send_message(address, length, ints, arguments->count, arguments->operation,
                                   arguments->format, result);
#elif HARNESS_CLIENT == 2
    return create_and_send_message(address, length);
#else
    _exit(125);
#endif
}

static int still_open(void)
{
    int open = 0;
    for (int i = 0; i < net.socket_count; i++)
        open += !net.closed[i] && fcntl(net.sockets[i], F_GETFD) != -1;
    return open;
}

static void call_before(const struct arguments *arguments)
{
    const char *failing = net.failing;
    int result = UNTOUCHED;
    read_hex(&net.incoming, arguments->before);
    net.next = arguments->incoming;
    net.quiet = 1;
    net.failing = NULL;
    call(arguments, &result);
    net.quiet = net.calls = net.socket_count = 0;
    net.failing = failing;
    net.incoming.present = 0;
}

int main(int argc, char **argv)
{
    struct arguments arguments = {.operation = '+', .format = 'd'};
    if (argc < 2)
        return 0; /* it starts, and that is all that is asked for */
    int fd = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    net.record = fcntl(fd, F_DUPFD_CLOEXEC, 100);
    if (net.record < 0)
        return 125;
    __real_close(fd);
    net.plain = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(10000)};
    net.plain.sin6_addr.s6_addr[15] = 1;
    net.peer = net.plain;
    net.peer.sin6_port = htons(40961);
    net.peer.sin6_scope_id = 5;
    net.peer.sin6_addr.s6_addr[0] = 0xFD;
    net.address = &net.plain;
    net.address_length = sizeof net.plain;
    for (int i = 2; i < argc; i++) {
        char *value = strchr(argv[i], '=');
        if (value == NULL)
            return 125;
        *value++ = '\0';
        read_argument(&arguments, argv[i], value);
    }
    if (arguments.before != NULL)
        call_before(&arguments);
    if (arguments.incoming != NULL)
        read_hex(&net.incoming, arguments.incoming);
    int result = UNTOUCHED;
    int status = call(&arguments, &result);
    record("returns %d open=%d result=%d touched=%d", status, still_open(), result,
           result != UNTOUCHED);
    fflush(NULL);
    _exit(0);
}
