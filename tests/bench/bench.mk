# The benchmark and what it needs: `make bench`, `make bench-deps`, `make bench-check`. Included by the Makefile.

.PHONY: bench bench-deps bench-check

# The load generator.
LOAD = $(wildcard tests/bench/load/*.c)
bin/load: $(call objects,$(RELEASE),$(LOAD) $(PROTO))
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) $(CFLAGS) $(LDFLAGS) $(ONE_FILE) -pthread -o $@ $^
$(CHECK_BIN)/load: $(call objects,$(CHECK),$(LOAD) $(PROTO))
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) $(CFLAGS) $(check_flags) $(LDFLAGS) -pthread -o $@ $^
-include $(patsubst %.o,%.d,$(call objects,$(RELEASE),$(LOAD)))

# The servers that show the limits, and those that people would use instead; optimised as ours is, where they are in C.
LIMITS = $(addprefix $(WHOLE)/tests/bench/limits/,echo echo_batch echo_gso naive)
$(LIMITS): $(call objects,$(WHOLE),tests/bench/limits/common.c)
check-build: $(LIMITS)

# Not all are built: their toolchains need not be there. peers/peers.sh knows.
PEERS = $(WHOLE)/tests/bench/peers
.PHONY: peer-libuv peer-Nio peer-std
peer-libuv: $(PEERS)/libuv
peer-Nio: $(PEERS)/Nio.class
peer-std: $(PEERS)/std

$(PEERS)/libuv: $(call objects,$(WHOLE),tests/bench/peers/libuv.c $(PROTO))
	$(call quiet,LINK)$(CC) $(CFLAGS) $(LTO) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs libuv)

$(PEERS)/%.class: tests/bench/peers/%.java
	@mkdir -p $(@D)
	$(call quiet,JAVAC)javac -Xlint:all -Werror -d $(@D) $<

# A crate can not have the name of the library that it uses.
$(PEERS)/std: tests/bench/peers/std.rs
	@mkdir -p $(@D)
	$(call quiet,RUSTC)rustc --edition 2021 --crate-name calculator -D warnings -C opt-level=3 -o $@ $<

-include $(wildcard $(WHOLE)/tests/bench/limits/*.d $(PEERS)/*.d)

bench-deps:
	@tests/bench/deps.sh

# The runs. BENCH=quick takes a minute and shows that everything runs, not how fast; without it, a quarter of an hour.
BENCH ?=
RESULTS = $(BUILD)/bench/results.json
MEASURED = $(WHOLE)/tests/bench/codec $(WHOLE)/tests/bench/fresh $(LIMITS)
.PHONY: bench-report
check-build: $(MEASURED)

bench: all $(MEASURED)
	@tests/bench/run.py $(if $(filter quick,$(BENCH)),--quick) --bench $(WHOLE)/tests/bench --results $(RESULTS)

# The numbers of tests/bench/README.md and the plots, from what was measured last.
bench-report:
	@tests/bench/run.py --report $(RESULTS)

bench-check: check-build $(CHECK_BIN)/load
	@BUILD=$(CHECK) tests/run.sh '$(TESTS)' bench

-include $(wildcard $(WHOLE)/tests/bench/*.d)

$(WHOLE)/tests/bench/%: $(WHOLE)/tests/bench/%.o $(call objects,$(WHOLE),$(PROTO))
	$(call quiet,LINK)$(CC) $(CFLAGS) $(LTO) $(LDFLAGS) -o $@ $^
