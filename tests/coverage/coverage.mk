# What the tests reach of proto/, server/ and client/, by line and branch: `make coverage`. Included by the Makefile.

.PHONY: coverage
COVERAGE = $(BUILD)/coverage
# Workers count at the same time, hence atomic. Without sanitizers, whose branches are nobody's code.
coverage: coverage_flags = -O0 --coverage -fprofile-update=atomic
coverage:
	@$(MAKE) --no-print-directory CHECK=$(COVERAGE) check_flags='$(coverage_flags)' check-build
	@find $(COVERAGE) -name '*.gcda' -delete
	@BUILD=$(COVERAGE) LIMIT=600 EACH_ERROR=1 tests/run.sh '$(TESTS)'
	@tests/coverage/report.sh $(COVERAGE)
