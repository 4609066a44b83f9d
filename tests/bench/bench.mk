# The benchmark and what it needs: `make bench`, `make bench-deps`, `make bench-check`. Included by the Makefile.

.PHONY: bench bench-deps bench-check

# The load generator.

# The servers that show the limits, and those that people would use instead.
LIMITS = $(addprefix $(RELEASE)/tests/bench/limits/,echo echo_batch echo_gso naive)
$(LIMITS): $(call objects,$(RELEASE),tests/bench/limits/common.c)
check-build: $(LIMITS)
-include $(wildcard $(RELEASE)/tests/bench/limits/*.d)

# The runs.
bench: $(RELEASE)/tests/bench/codec
	@$<

$(RELEASE)/tests/bench/%: $(RELEASE)/tests/bench/%.o $(call objects,$(RELEASE),$(PROTO))
	$(call quiet,LINK)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
