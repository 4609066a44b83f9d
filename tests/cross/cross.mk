# The tests on other machines: s390x, big-endian with 64 bits, emulated; and i686, little-endian with 32 bits, which amd64 runs by
# itself. `make cross`, `make cross-deps`. Included by the Makefile.

CROSS = $(BUILD)/cross
MACHINES = s390x i686
.PHONY: cross cross-programs $(addprefix cross-,$(MACHINES))

# Of a machine: Debian's name for it, the loader and libraries of its cross compiler, and flags of its own.
debian_s390x = s390x
debian_i686 = i386
loader_s390x = ld64.so.1
loader_i686 = ld-linux.so.2
# An emulator gets in the way of the sanitizers. What gcc changed about the ABI of 32 bits in its version 11 concerns nobody here.
flags_s390x = SANITIZE=
flags_i686 = CPPFLAGS='$(CPPFLAGS) -Wno-psabi' GLOB='$(glob64)'
# With files longer than its words, i686 has glob(3) under other names, which are to be replaced by the fuzz target, too.
glob64 = $(call wrap,glob64 globfree64) -Wl,--defsym=__wrap_glob64=__wrap_glob,--defsym=__wrap_globfree64=__wrap_globfree
$(CHECK)/tests/fuzz/targets/client_options: LIBRARIES = $(GLOB)

cmocka_of = $(CROSS)/$(1)/cmocka
# Two compilers take a while, so that they get as many jobs as the tests; a make that has been given some shares those.
at_a_time = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))
sysroot_of = /usr/$(1)-linux-gnu/lib

cross: bin/server bin/client bin/conformance $(addprefix cross-,$(MACHINES))
	@BUILD=$(CHECK) CROSS=$(CROSS) LIMIT=900 JOBS=$(JOBS) tests/run.sh '$(TESTS)' cross

cross-deps: $(foreach machine,$(MACHINES),$(call cmocka_of,$(machine)))

$(CROSS)/%/cmocka:
	@tests/cross/cmocka.sh $(debian_$*) $@

# The programs have the absolute paths of their loader and libraries within, so that they run as those of this machine do.
$(addprefix cross-,$(MACHINES)): cross-%: $(CROSS)/%/cmocka
	@$(MAKE) --no-print-directory $(at_a_time) CC=$*-linux-gnu-gcc LTO= SECCOMP= METRICS= \
		BUILD=$(CROSS)/$* $(flags_$*) CMOCKA='-I$(<)/include -L$(<)/lib -lcmocka' CFLAGS='$(CFLAGS) -I$(<)/include' \
		LDFLAGS='-Wl,--dynamic-linker=$(call sysroot_of,$*)/$(loader_$*),-rpath=$(call sysroot_of,$*):$(abspath $<)/lib' \
		cross-programs

# There is no libseccomp and no libpcap for them: the filter, and the fuzz target of scripts, are tested where they are used.
cross-programs: $(CHECK_BIN)/server $(CHECK_BIN)/client \
	$(patsubst tests/%.c,$(CHECK)/tests/%, \
	$(filter-out %/filter_test.c %/script.c,$(UNIT) $(wildcard tests/fuzz/targets/*.c)))
