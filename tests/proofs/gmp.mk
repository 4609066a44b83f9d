# The arithmetic of proto/ held against GMP, a part of `make proofs`: `make proofs-gmp`. Included by the Makefile.

# Two processes, each with a seed and so many cases of its own.
GMP_CASES ?= 6000000
GMP = $(RELEASE)/tests/proofs/gmp
.PHONY: proofs proofs-gmp
proofs: proofs-gmp

$(GMP): $(call objects,$(RELEASE),tests/proofs/gmp.c $(filter-out proto/net/%,$(filter proto/%,$(PROTO))))
	$(call quiet,LINK)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs gmp)
-include $(RELEASE)/tests/proofs/gmp.d

proofs-gmp: $(GMP)
	@$(GMP) 1 $(GMP_CASES) & first=$$!; $(GMP) 2 $(GMP_CASES); second=$$?; wait $$first && exit $$second
