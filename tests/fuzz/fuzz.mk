# The fuzz targets: `make fuzz`, `make fuzz-corpus`, and, for `make check`, each target with its corpus and without a fuzzer.
# Included by the Makefile.

.PHONY: fuzz fuzz-build fuzz-corpus

FUZZ_TARGETS = $(basename $(notdir $(wildcard tests/fuzz/targets/*.c)))
FUZZ_COMMON = tests/fuzz/fuzz.c

# Three builds of each, in trees of their own.
LIBFUZZER = $(BUILD)/fuzz/libfuzzer
AFL = $(BUILD)/fuzz/afl
fuzz_flags = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
AFL_CC = AFL_QUIET=1 afl-clang-fast

# What a target is made of, besides proto/.
fuzz_client = $(filter-out client/main.c,$(CLIENT))
fuzz_server = $(filter-out server/main.c,$(SERVER))
fuzz_packets = $(addprefix tests/support/,$(PACKETS))
fuzz_parts = $(strip \
	$(if $(filter client_% reply,$(1)),$(fuzz_client)) \
	$(if $(filter server_% intake,$(1)),$(fuzz_server)) \
	$(if $(filter kit_%,$(1)),$(KIT)) \
	$(if $(filter frame script,$(1)),$(fuzz_packets)))
fuzz_sources = tests/fuzz/targets/$(1).c $(FUZZ_COMMON) $(call fuzz_parts,$(1)) $(PROTO)

define fuzz_target
$(CHECK)/tests/fuzz/targets/$(1): $(call objects,$(CHECK),$(call fuzz_sources,$(1)) tests/fuzz/replay.c)
$(LIBFUZZER)/$(1): $(call objects,$(LIBFUZZER),$(call fuzz_sources,$(1)))
$(AFL)/$(1): $(call objects,$(AFL),$(call fuzz_sources,$(1)))
endef
$(foreach target,$(FUZZ_TARGETS),$(eval $(call fuzz_target,$(target))))

fuzz_programs = $(addprefix $(1)/,$(FUZZ_TARGETS))
$(foreach tree,$(CHECK)/tests/fuzz/targets $(LIBFUZZER) $(AFL),$(tree)/client_options): WRAP = $(call wrap,glob globfree)
$(foreach tree,$(CHECK)/tests/fuzz/targets $(LIBFUZZER) $(AFL),$(tree)/intake): WRAP = $(call wrap,recvmmsg)
$(foreach tree,$(CHECK)/tests/fuzz/targets $(LIBFUZZER) $(AFL),$(tree)/script): LIBRARIES = $(PCAP)

$(call fuzz_programs,$(CHECK)/tests/fuzz/targets):
	$(call quiet,LINK)$(CC) $(CFLAGS) $(check_flags) $(LDFLAGS) $(WRAP) -o $@ $^ -pthread $(LIBRARIES)

$(call fuzz_programs,$(LIBFUZZER)):
	$(call quiet,LINK)clang $(fuzz_flags) -fsanitize=fuzzer $(WRAP) -o $@ $^ -pthread $(LIBRARIES)

# Its compiler knows libFuzzer's flag, and links AFL++'s own driver for it.
$(call fuzz_programs,$(AFL)): export AFL_USE_ASAN = 1
$(call fuzz_programs,$(AFL)): export AFL_USE_UBSAN = 1
$(call fuzz_programs,$(AFL)):
	$(call quiet,LINK)$(AFL_CC) $(fuzz_flags) -fsanitize=fuzzer $(WRAP) -o $@ $^ -pthread $(LIBRARIES)

$(LIBFUZZER)/%.o: %.c
	@mkdir -p $(@D)
	$(call quiet,CC)clang $(STANDARD) $(CPPFLAGS) $(fuzz_flags) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

$(AFL)/%.o: %.c
	@mkdir -p $(@D)
	$(call quiet,CC)AFL_USE_ASAN=1 AFL_USE_UBSAN=1 $(AFL_CC) $(STANDARD) $(CPPFLAGS) $(fuzz_flags) -MMD -MP -c -o $@ $<

# Some of the kit carry other files of the tree within themselves; they find them from here.
check-build: $(call fuzz_programs,$(CHECK)/tests/fuzz/targets)

fuzz-build: $(call fuzz_programs,$(LIBFUZZER)) $(call fuzz_programs,$(AFL))

fuzz: fuzz-build
	@tests/fuzz/run.sh $(FUZZ) $(BUILD)/fuzz $(FUZZ_TARGETS)

fuzz-corpus: $(call fuzz_programs,$(LIBFUZZER))
	@tests/fuzz/merge.sh $(BUILD)/fuzz $(FUZZ_TARGETS)

-include $(shell find $(BUILD)/fuzz -name '*.d' 2>/dev/null)
