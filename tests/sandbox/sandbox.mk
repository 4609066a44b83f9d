# The sandbox is tested on builds without sanitizers, which make system calls of their own.

# A server that somebody has taken over.
COMPROMISED = $(RELEASE)/tests/sandbox/compromised
$(COMPROMISED): $(call objects,$(RELEASE),tests/sandbox/compromised.c $(SERVER) $(PROTO))
	$(call quiet,LINK)$(CC) $(CFLAGS) $(LDFLAGS) -pthread $(call wrap,calc_answer exposition_write) -o $@ $^ $(SECCOMP_LIBRARIES)

check-build: $(COMPROMISED)

# The filter itself.
$(CHECK)/tests/unit/filter_test: $(call objects,$(RELEASE),server/filter.c)
$(CHECK)/tests/unit/filter_test: LDLIBS = $(SECCOMP_LIBRARIES)

-include $(patsubst %.o,%.d,$(call objects,$(RELEASE),tests/sandbox/compromised.c $(SERVER)))
