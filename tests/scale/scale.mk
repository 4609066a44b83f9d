# server/scale/ at work: three servers behind a balancer, and what each configuration promises. `make scale`, included by the
# Makefile; server/scale/README.md says what is tested of which.

.PHONY: scale

scale: check-build
	@BUILD=$(CHECK) LIMIT=300 JOBS=1 tests/run.sh '$(TESTS)' scale
