# The sanitizers that need a build of their own, and valgrind: `make sanitizers`, `make sanitizers-deps`. Included by the Makefile.
# Those that go together, address, undefined and leak, are on in `make check`.

.PHONY: sanitizers
THREAD = $(BUILD)/thread
MEMORY = $(BUILD)/memory
VALGRIND = $(BUILD)/valgrind
# Only clang has one for memory, which knows fstat(3) by its plain name only; valgrind brings its own.
thread_flags = CHECK=$(THREAD) check_flags='-O1 -fsanitize=thread -fno-omit-frame-pointer'
memory_flags = CHECK=$(MEMORY) CC=clang \
	check_flags='-O1 -fsanitize=memory -fsanitize-memory-track-origins -fno-omit-frame-pointer \
	-U_FILE_OFFSET_BITS'
valgrind_flags = CHECK=$(VALGRIND) check_flags=-O1

sanitized = $(addprefix $(1)/,bin/server bin/client $(2))

sanitizers: check-build
	@$(MAKE) --no-print-directory $(thread_flags) $(call sanitized,$(THREAD),bin/load tests/tools/faulty)
	@$(MAKE) --no-print-directory $(memory_flags) \
		$(call sanitized,$(MEMORY),$(basename $(UNIT) $(TOOLS)))
	@$(MAKE) --no-print-directory $(valgrind_flags) $(call sanitized,$(VALGRIND),bin/conformance tests/tools/faulty)
	@BUILD=$(CHECK) THREAD=$(THREAD) MEMORY=$(MEMORY) VALGRIND=$(VALGRIND) LIMIT=300 tests/run.sh '$(TESTS)' sanitizers
