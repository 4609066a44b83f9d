# What takes its time: loops, floods, bad networks and restarts, at length. `make endurance`, included by the
# Makefile; README.md lists the tests.

.PHONY: endurance

endurance: check-build
	@BUILD=$(CHECK) LIMIT=900 tests/run.sh '$(TESTS)' endurance
