# It is installed in each way, and used: `make installs`, included by the Makefile; README.md lists the tests.

.PHONY: installs

installs: check-build
	@BUILD=$(CHECK) LIMIT=900 tests/run.sh '$(TESTS)' install
