# What the tests reach of proto/, server/ and client/, by line and branch: `make coverage`. Included by the Makefile.

.PHONY: coverage
COVERAGE = $(BUILD)/coverage
# Left out are the system tests of what lies around proto/, server/ and client/, those of the release build, and those that are
# there for time, load or chance and come by no line of their own.
UNCOVERING = $(addprefix system/,documents house dissector wireshark captures conformance_server sandbox exhaustion \
	bad_network loops others resilience)
# Each system call fails in one way here: the others (EACH_ERROR, `make sanitizers`) come by the same lines. The sandbox stays
# open where nobody asks for it, as in `make check`: a program writes its counts to files, at its end.
# Workers count at the same time, hence atomic. Without sanitizers, whose branches are nobody's code.
coverage: coverage_flags = -O0 --coverage -fprofile-update=atomic
coverage:
	@$(MAKE) --no-print-directory CHECK=$(COVERAGE) check_flags='$(coverage_flags)' check-build
	@find $(COVERAGE) -name '*.gcda' -delete
	@for program in server client; do $(COVERAGE)/bin/$$program --version >$(COVERAGE)/version; done
	@find $(COVERAGE) -name '*.gcda' -exec chmod a+w {} + # some tests run a program as somebody else
	@BUILD=$(COVERAGE) JOBS=$(JOBS) LIMIT=300 LEFT_OUT='$(UNCOVERING)' tests/run.sh ''
	@tests/coverage/report.sh $(COVERAGE)

# The process for the metrics writes its counts, too.
$(COVERAGE)/bin/server: $(COVERAGE)/tests/coverage/flush.o
$(COVERAGE)/bin/server: LINKING += $(call wrap,_exit prctl)
