# The benchmark and what it needs: `make bench`, `make bench-deps`, `make bench-check`. Included by the Makefile.

.PHONY: bench bench-deps bench-check

# The load generator.

# The servers that show the limits, and those that people would use instead.

# The runs.
bench: $(RELEASE)/tests/bench/codec
	@$<

$(RELEASE)/tests/bench/%: $(RELEASE)/tests/bench/%.o $(call objects,$(RELEASE),$(PROTO))
	$(call quiet,LINK)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
