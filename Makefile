# calc6: `make` builds bin/server, bin/client, bin/conformance, bin/load and the library; `make help` lists the targets.

# Knobs, each to be set on the command line or in the environment.
CC ?= cc
CFLAGS ?= -O2 -g
CPPFLAGS ?=
LDFLAGS ?=
# How the server is optimised across its files, as its requests cross several. Empty where the linker can not do that.
LTO ?= $(if $(findstring clang,$(CC)),,-flto)
# yes: the server's sandbox filters system calls, with libseccomp. Empty: it does not, and says so.
SECCOMP ?= $(if $(MUSL),,$(shell pkg-config --exists libseccomp 2>/dev/null && echo yes))
# 1: each program is one file that needs no library where it runs; also with CC=musl-gcc.
STATIC ?=
# yes: the server tells what it has counted over HTTP (--metrics), with libmicrohttpd. Empty: it can not, and says so.
METRICS ?= $(if $(STATIC)$(MUSL),,$(shell pkg-config --exists libmicrohttpd 2>/dev/null && echo yes))
# V=1 shows the commands.
V ?= 0
# TESTS=name limits `make check` to the test programs whose name contains it.
TESTS ?=
# How many seconds `make fuzz` takes for each target, with each fuzzer.
FUZZ ?= 10
# How many test programs run at a time, each in a network of its own.
JOBS ?= 3
# Where everything but bin/ goes.
BUILD ?= build
# Where `make install` puts what it installs. DESTDIR goes in front.
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
SBINDIR ?= $(PREFIX)/sbin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
UNITDIR ?= $(PREFIX)/lib/systemd/system
DESTDIR ?=
# And the Wireshark dissector; empty asks tshark.
PLUGINS ?=
# How the conformance kit is linked: one program to copy anywhere. Empty where there is no static libc.
KIT_LDFLAGS ?= -static
# The sanitizers of `make check`; empty for none.
SANITIZE ?= address,undefined

WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wcast-qual -Wvla \
	-Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wundef
# Where a machine has 32 bits, files may still be longer than that.
STANDARD = -std=c11 -D_FILE_OFFSET_BITS=64 -I. $(WARNINGS)

# musl comes without the kernel's headers, which are the same for each libc, and without libraries; in its macros integers
# change their types.
MUSL = $(findstring musl,$(CC))
ifneq ($(MUSL),)
STANDARD += -idirafter /usr/include -idirafter /usr/include/$(shell $(CC) -print-multiarch)
WARNINGS := $(filter-out -Wconversion -Wsign-conversion,$(WARNINGS))
endif

PROTO = $(wildcard proto/*.c proto/net/*.c proto/term/*.c)
SERVER = $(wildcard server/*.c)
CLIENT = $(wildcard client/*.c)
CONFORMANCE = $(wildcard tests/conformance/*.c) tests/support/frame.c tests/support/pcapng.c \
	$(filter-out proto/net/resolve.c proto/net/course.c,$(PROTO))

VERSION := $(shell sed -n 's/^.define CALC_VERSION "\(.*\)"/\1/p' proto/calc.h)

ONE_FILE = $(if $(filter 1,$(STATIC)),-static)

quiet = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' $(1) $@;)

.PHONY: all help check deps demo captures pictures clean
all: bin/server bin/client bin/conformance bin/load

help:
	@echo 'make          bin/server, bin/client, bin/conformance and bin/load; libcalc6 in $(BUILD)/library/'
	@echo 'make demo     a server, the client, and the packets between them'
	@echo 'make deps     install what the tests need (Debian packages, as root)'
	@echo 'make check    build with sanitizers and run all tests; TESTS=name runs one'
	@echo 'make kit      the long tests of the conformance kit: grades, reports, functions'
	@echo 'make mutants  the conformance kit against programs that are broken on purpose'
	@echo 'make modes    the tests of the server in each of its modes'
	@echo 'make bench    ours, the limit, and what people would use instead, side by side; a quarter of an hour'
	@echo '              BENCH=quick for a minute; make bench-deps installs what it needs, bench-check tests it,'
	@echo '              bench-report writes its numbers and plots into tests/bench/'
	@echo 'make proofs   proto/ proved with Frama-C, and its arithmetic held against GMP'
	@echo 'make fuzz     the parsers against inputs that are looked for; FUZZ=seconds for each'
	@echo 'make sanitizers  the tests under the sanitizers that need a build of their own, and valgrind'
	@echo 'make coverage    what the tests reach of proto/, server/ and client/, by line and branch'
	@echo 'make cross    the tests on a big-endian and on a 32-bit machine, emulated'
	@echo 'make endurance   loops, floods, bad networks and restarts, at length'
	@echo 'make scale    three servers behind nginx; the other balancers, as far as that goes'
	@echo '              make NAME-deps installs what it needs: bench, coverage, cross, endurance, fuzz, install,'
	@echo '              proofs, sanitizers, scale'
	@echo 'make captures make the tour of the packets anew, from captures/tour.txt'
	@echo 'make pictures make the picture of a session anew, docs/session.svg'
	@echo 'make install  the programs as calc6-NAME, the manual and the rest below PREFIX, $(PREFIX), with DESTDIR in front;'
	@echo '              the Wireshark dissector where Wireshark looks for plugins, or into PLUGINS'
	@echo 'make uninstall   take all of that away; make installcheck runs what is installed'
	@echo 'make installs the tests of that: each way to build and install it, and what uses it then'
	@echo 'make dist     pack the sources: $(BUILD)/calc6-$(VERSION).tar.gz, the same octets anywhere'
	@echo 'make clean    remove what was built'

# Each flavour of the build has a tree of its own.
RELEASE = $(BUILD)/release
WHOLE = $(BUILD)/whole
CHECK = $(BUILD)/check
check_flags = $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)

objects = $(patsubst %.c,$(1)/%.o,$(2))

bin/server: $(call objects,$(WHOLE),$(SERVER) $(PROTO))
bin/client: $(call objects,$(RELEASE),$(CLIENT) $(PROTO))
bin/conformance: $(call objects,$(RELEASE),$(CONFORMANCE))
bin/server bin/client bin/conformance:
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) $(CFLAGS) $(LDFLAGS) $(ONE_FILE) $(LINKING) -o $@ $^ $(LIBRARIES)
bin/conformance: LINKING = $(KIT_LDFLAGS)
bin/server: LINKING = $(LTO) -pthread

ifneq ($(SECCOMP),)
SECCOMP_LIBRARIES = $(shell pkg-config $(if $(ONE_FILE),--static) --libs libseccomp)
$(RELEASE)/server/filter.o $(WHOLE)/server/filter.o: \
	WITH = -DWITH_SECCOMP $(shell pkg-config --cflags libseccomp)
endif

ifneq ($(METRICS),)
# Its header alone: who needs the library loads it (server/microhttpd.h).
$(foreach name,scrape microhttpd,$(foreach flavour,$(RELEASE) $(WHOLE) $(CHECK),$(flavour)/server/$(name).o)): \
	WITH = -DWITH_METRICS $(shell pkg-config --cflags libmicrohttpd)
# Which is libdl's to do until glibc 2.34.
LOADING_LIBRARIES = -ldl
endif
bin/server: LIBRARIES = $(SECCOMP_LIBRARIES) $(LOADING_LIBRARIES)

$(RELEASE)/%.o: %.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(STANDARD) $(WITH) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(WHOLE)/%.o: %.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(STANDARD) $(WITH) $(CPPFLAGS) $(CFLAGS) $(LTO) -MMD -MP -c -o $@ $<

# It carries this text within itself.
$(RELEASE)/tests/conformance/functions_embedded.o $(CHECK)/tests/conformance/functions_embedded.o: \
	tests/conformance/functions/calls.c tests/conformance/functions/harness.c

include install/library.mk
include install/install.mk
include tests/tests.mk
include $(sort $(wildcard tests/*/*.mk))

demo: all
	@tests/demo.sh

captures: $(CHECK)/tests/tools/packets
	@captures/tour.sh $<

pictures: bin/server bin/client
	@tests/isolate.sh docs/session.sh

deps:
	@tests/deps.sh

# What a folder of tests needs beyond that is listed in it.
%-deps: tests/%/packages
	@tests/deps.sh $$(cat $<)

clean:
	rm -rf bin $(BUILD)

-include $(patsubst %.o,%.d,$(call objects,$(RELEASE),$(PROTO) $(CLIENT) $(CONFORMANCE)) \
	$(call objects,$(WHOLE),$(SERVER) $(PROTO)))
