# The benchmark and what it needs: `make bench`, `make bench-deps`, `make bench-check`. Included by the Makefile.

.PHONY: bench bench-deps bench-check

# The load generator.
LOAD = $(wildcard tests/bench/load/*.c)
bin/load: $(call objects,$(RELEASE),$(LOAD) $(PROTO))
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) $(CFLAGS) $(LDFLAGS) -pthread -o $@ $^
$(CHECK_BIN)/load: $(call objects,$(CHECK),$(LOAD) $(PROTO))
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) $(CFLAGS) $(check_flags) $(LDFLAGS) -pthread -o $@ $^
-include $(patsubst %.o,%.d,$(call objects,$(RELEASE),$(LOAD)))

# What is needed by other tests of this folder is named where they are.
bench-check: check-build
	@BUILD=$(CHECK) tests/run.sh '$(TESTS)' bench

# The servers that show the limits, and those that people would use instead.
LIMITS = $(addprefix $(RELEASE)/tests/bench/limits/,echo echo_batch echo_gso naive)
$(LIMITS): $(call objects,$(RELEASE),tests/bench/limits/common.c)
check-build: $(LIMITS)

# Not all are built: their toolchains need not be there. peers/peers.sh knows.
PEERS = $(RELEASE)/tests/bench/peers
.PHONY: peer-libuv peer-Nio peer-std
peer-libuv: $(PEERS)/libuv
peer-Nio: $(PEERS)/Nio.class
peer-std: $(PEERS)/std

$(PEERS)/libuv: $(call objects,$(RELEASE),tests/bench/peers/libuv.c $(PROTO))
	$(call quiet,LINK)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs libuv)

$(PEERS)/%.class: tests/bench/peers/%.java
	@mkdir -p $(@D)
	$(call quiet,JAVAC)javac -Xlint:all -Werror -d $(@D) $<

# A crate can not have the name of the library that it uses.
$(PEERS)/std: tests/bench/peers/std.rs
	@mkdir -p $(@D)
	$(call quiet,RUSTC)rustc --edition 2021 --crate-name calculator -D warnings -C opt-level=3 -o $@ $<

-include $(wildcard $(RELEASE)/tests/bench/limits/*.d $(PEERS)/*.d)

bench-deps:
	@tests/bench/deps.sh

# The runs. BENCH=quick takes a minute and shows that everything runs, not how fast; without it, a quarter of an hour.
BENCH ?=
RESULTS = $(BUILD)/bench/results.json
MEASURED = $(RELEASE)/tests/bench/codec $(RELEASE)/tests/bench/fresh $(LIMITS)
.PHONY: bench-report
check-build: $(MEASURED)

bench: all $(MEASURED)
	@tests/bench/run.py $(if $(filter quick,$(BENCH)),--quick) --bench $(RELEASE)/tests/bench --results $(RESULTS)

# The numbers of tests/bench/README.md and the plots, from what was measured last.
bench-report:
	@tests/bench/run.py --report $(RESULTS)

bench-check: check-build $(CHECK_BIN)/load
	@BUILD=$(CHECK) tests/run.sh '$(TESTS)' bench

-include $(wildcard $(RELEASE)/tests/bench/*.d)

$(RELEASE)/tests/bench/%: $(RELEASE)/tests/bench/%.o $(call objects,$(RELEASE),$(PROTO))
	$(call quiet,LINK)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
