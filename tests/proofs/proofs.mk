# proto/ proved: with Frama-C, and by trying every case where there are few enough. README.md says what is proved.

EVERY_V = $(RELEASE)/tests/proofs/every_v
.PHONY: proofs proofs-eva proofs-every-v proofs-mutants
proofs: proofs-eva proofs-every-v

$(EVERY_V): $(call objects,$(RELEASE),tests/proofs/every_v.c $(filter-out proto/net/% proto/term/%,$(PROTO)))
	$(call quiet,LINK)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
-include $(RELEASE)/tests/proofs/every_v.d

proofs-eva:
	@BUILD=$(BUILD) tests/proofs/run.sh

proofs-every-v: $(EVERY_V)
	@$< 0 2 & first=$$!; $< 1 2; second=$$?; wait $$first && exit $$second

# The proofs of a proto/ that is broken on purpose have to fail.
proofs-mutants:
	@BUILD=$(BUILD) tests/proofs/mutants.sh
