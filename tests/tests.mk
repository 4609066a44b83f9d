# The tests: how each program is built, and `make check`. Included by the Makefile at the top.
#
# unit/NAME_test.c    cmocka, no network
# wire/NAME_test.c    cmocka and libpcap, in network namespaces of their own
# system/NAME_test.sh the programs as a person runs them
# fuzz/NAME_test.sh the fuzz targets without a fuzzer; with one: `make fuzz`
# kit/NAME_test.sh    the conformance kit, where that takes long: `make kit`
# endurance/NAME_test.sh what takes its time: `make endurance`
# mutation/NAME_test.sh the conformance kit against programs that are broken on purpose: `make mutants`
# The server's tests run once more in each of its modes: `make modes`

.PHONY: check-build check kit mutants modes

UNIT = $(wildcard tests/unit/*_test.c)
WIRE = $(wildcard tests/wire/*_test.c)
SUPPORT = $(wildcard tests/support/*.c)
# Programs that tests run: one file each.
TOOLS = $(wildcard tests/tools/*.c)
# What one of them, packets, is made of.
PACKETS = frame.c ladder.c pcapng.c script.c script_words.c

CHECK_BIN = $(CHECK)/bin
check_programs = $(patsubst tests/%.c,$(CHECK)/tests/%,$(UNIT) $(WIRE) $(TOOLS))
check_library = $(call objects,$(CHECK),$(PROTO))

CMOCKA = $(shell pkg-config --cflags --libs cmocka)
PCAP = $(shell pkg-config --libs libpcap)

# System calls that a test replaces by its own.
wrap = $(foreach call,$(1),-Wl,--wrap=$(call))
$(CHECK)/tests/unit/course_test: WRAP = $(call wrap,socket connect send recv bind recvfrom sendto close)
$(CHECK)/tests/unit/endpoint_test: WRAP = $(call wrap,getaddrinfo freeaddrinfo getnameinfo)
# Memory that is not to be had.
$(CHECK)/tests/unit/client_memory_test: WRAP = $(call wrap,malloc calloc open_memstream)
$(CHECK)/tests/unit/server_memory_test: WRAP = $(call wrap,malloc aligned_alloc mmap mmap64)
# The server in front of a kernel that does what a test tells it to.
with_fake_kernel = $(foreach name,listener intake outbox worker,$(CHECK)/tests/unit/$(name)_test)
$(with_fake_kernel): WRAP = $(call wrap,sendmmsg recvmmsg connect ppoll clock_gettime)
# The parts of the programs that a test takes apart.
with_server = $(foreach name,policy rate listener intake outbox worker sockets handover serve_options server_memory turns log events notify watchdog measures exposition where,$(CHECK)/tests/unit/$(name)_test)
$(with_server): $(call objects,$(CHECK),$(filter-out server/main.c,$(SERVER)))
$(with_fake_kernel): $(CHECK)/tests/unit/fake_kernel.o
$(foreach name,options words batch_lines batch_ports client_memory progress,$(CHECK)/tests/unit/$(name)_test): \
	$(call objects,$(CHECK),$(filter-out client/main.c,$(CLIENT)))

# All of the load generator but its command line.
LOAD_PARTS = $(filter-out %/main.c,$(wildcard tests/bench/load/*.c))
$(foreach name,histogram load_mix load_options load_slots,$(CHECK)/tests/unit/$(name)_test): \
	$(call objects,$(CHECK),$(LOAD_PARTS))
$(CHECK)/tests/unit/histogram_test: LDLIBS = -lm

# All of the conformance kit but its command line.
KIT = $(filter-out tests/conformance/main.c $(PROTO),$(CONFORMANCE))
$(foreach name,command_words subject rubric baseline graded tree escape difference expect diagnose_request server_mistakes,$(CHECK)/tests/unit/$(name)_test): \
	$(call objects,$(CHECK),$(KIT))

# The kit quotes the specification.
$(call objects,$(RELEASE),tests/conformance/catalogue.c) $(call objects,$(CHECK),tests/conformance/catalogue.c): \
	proto/PROTOCOL.md

# The page of the conformance kit has its style sheet within.
$(call objects,$(RELEASE),tests/conformance/report_html.c) $(call objects,$(CHECK),tests/conformance/report_html.c): \
	tests/conformance/report.css

# The sanitizers make system calls of their own, and write what they find where they like.
$(CHECK)/server/options.o: WITH = -DSANDBOX_DEFAULT=SANDBOX_OFF

$(CHECK)/%.o: %.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(STANDARD) $(WITH) $(CPPFLAGS) $(CFLAGS) $(check_flags) -MMD -MP -c -o $@ $<

$(CHECK)/tests/unit/%: $(CHECK)/tests/unit/%.o $(check_library)
	$(call quiet,LINK)$(CC) $(CFLAGS) $(check_flags) $(LDFLAGS) $(WRAP) -o $@ $^ $(CMOCKA) $(LDLIBS)

$(CHECK)/tests/wire/%: $(CHECK)/tests/wire/%.o $(call objects,$(CHECK),$(SUPPORT)) $(check_library)
	$(call quiet,LINK)$(CC) $(CFLAGS) $(check_flags) $(LDFLAGS) -o $@ $^ $(CMOCKA) $(PCAP)

# It puts frames together as the wire tests do, whose assertions are cmocka's.
$(CHECK)/tests/tools/packets: $(call objects,$(CHECK),$(addprefix tests/support/,$(PACKETS)))
$(CHECK)/tests/tools/packets: LIBRARIES = $(CMOCKA) $(PCAP)
$(CHECK)/tests/tools/hostile: LIBRARIES = $(CMOCKA)
$(CHECK)/tests/tools/forge: $(CHECK)/tests/support/frame.o
# A bad network, and what decides on what it does.
$(CHECK)/tests/unit/fate_test: $(call objects,$(CHECK),tests/support/fate.c)
$(CHECK)/tests/tools/relay: $(call objects,$(CHECK),$(addprefix tests/support/,fate.c frame.c held.c ledger.c))
# It reports a run that it has made up.
$(CHECK)/tests/tools/sample_run: $(call objects,$(CHECK),$(KIT))

$(CHECK)/tests/tools/%: $(CHECK)/tests/tools/%.o $(check_library)
	$(call quiet,LINK)$(CC) $(CFLAGS) $(check_flags) $(LDFLAGS) -o $@ $^ $(LIBRARIES)

# A server and a client that are broken on purpose, each in one of many ways. The client's timeouts are short, so they
# are built to be fast.
MUTANTS = $(addprefix $(RELEASE)/tests/conformance/mutants/,server client)
$(RELEASE)/tests/conformance/mutants/server: $(call objects,$(RELEASE),tests/conformance/mutants/server.c)
$(RELEASE)/tests/conformance/mutants/client: $(call objects,$(RELEASE),$(wildcard tests/conformance/mutants/client*.c))
$(MUTANTS):
	$(call quiet,LINK)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
-include $(wildcard $(RELEASE)/tests/conformance/mutants/*.d)

# A submission that does harm, without sanitizers: they would take more memory than it does.
NASTY = $(RELEASE)/tests/conformance/nasty/nasty
$(NASTY): $(call objects,$(RELEASE),tests/conformance/nasty/nasty.c $(PROTO))
	$(call quiet,LINK)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

$(CHECK_BIN)/server: $(call objects,$(CHECK),$(SERVER) $(PROTO))
$(CHECK_BIN)/client: $(call objects,$(CHECK),$(CLIENT) $(PROTO))
$(CHECK_BIN)/conformance: $(call objects,$(CHECK),$(CONFORMANCE))
$(CHECK_BIN)/server: LINKING = -pthread
$(CHECK_BIN)/server $(CHECK_BIN)/client $(CHECK_BIN)/conformance:
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) $(CFLAGS) $(check_flags) $(LDFLAGS) $(LINKING) -o $@ $^ $(LIBRARIES)

check-build: all $(CHECK_BIN)/server $(CHECK_BIN)/client $(CHECK_BIN)/conformance $(CHECK_BIN)/load $(check_programs) $(MUTANTS) $(NASTY)

check: check-build
	@BUILD=$(CHECK) JOBS=$(JOBS) tests/run.sh '$(TESTS)'

kit: check-build
	@BUILD=$(CHECK) JOBS=$(JOBS) LIMIT=300 tests/run.sh '$(TESTS)' kit

mutants: check-build
	@BUILD=$(CHECK) JOBS=$(JOBS) LIMIT=300 tests/run.sh '$(TESTS)' mutation

modes: check-build
	@BUILD=$(CHECK) JOBS=$(JOBS) tests/modes.sh

.PRECIOUS: $(CHECK)/%.o
.SECONDARY:

-include $(shell find $(CHECK) -name '*.d' 2>/dev/null)
