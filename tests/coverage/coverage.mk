# What the tests reach of proto/, server/ and client/, by line and branch: `make coverage`. Included by the Makefile.

.PHONY: coverage
COVERAGE = $(BUILD)/coverage
# The system tests of proto/, server/ and client/. Left out are those of what lies around them (documents, house, dissector,
# wireshark, captures, conformance_server), those of the release build (sandbox, exhaustion), and those that are there for time,
# load or chance and come by no line of their own (bad_network, loops, others, resilience).
COVERED_BY = batch batch_network client client_failures exchange names restart server server_failures star terminal workers
# Each system call fails in one way here: the others (EACH_ERROR, `make sanitizers`) come by the same lines. The sandbox stays
# open where nobody asks for it, as in `make check`: a program writes its counts to files, at its end.
# Workers count at the same time, hence atomic. Without sanitizers, whose branches are nobody's code.
coverage: coverage_flags = -O0 --coverage -fprofile-update=atomic
coverage:
	@$(MAKE) --no-print-directory CHECK=$(COVERAGE) check_flags='$(coverage_flags)' check-build
	@find $(COVERAGE) -name '*.gcda' -delete
	@for program in server client; do $(COVERAGE)/bin/$$program --version >$(COVERAGE)/version; done
	@find $(COVERAGE) -name '*.gcda' -exec chmod a+w {} + # some tests run a program as somebody else
	@BUILD=$(COVERAGE) JOBS=$(JOBS) tests/run.sh '' unit wire fuzz
	@printf 'tests/system/%s_test.sh\n' $(COVERED_BY) | BUILD=$(COVERAGE) LIMIT=300 xargs -P $(JOBS) -n 1 tests/run_one.sh
	@awk '$$2 > 0 { failed = 1 } END { exit failed }' $(COVERAGE)/logs/system-*.count
	@tests/coverage/report.sh $(COVERAGE)
