# libcalc6, static and shared: what <calc6.h>, proto/calc.h as others have it, names. Included by the Makefile.

# All that the functions of calc.h need, and nothing that makes text for people.
LIBRARY_SOURCES = $(filter-out proto/draw.c proto/show.c,$(wildcard proto/*.c))
LIBRARY_OBJECTS = $(call objects,$(BUILD)/library,$(LIBRARY_SOURCES))
LIBRARY_MAP = install/libcalc6.map
# The number goes up when a program would have to be built anew.
SONAME = libcalc6.so.0
LIBRARY = $(addprefix $(BUILD)/library/,libcalc6.a libcalc6.so.$(VERSION))
all: $(LIBRARY)

# Those of the compiler's machine.
tool = $(shell $(CC) -print-prog-name=$(1))

$(BUILD)/library/%.o: %.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(STANDARD) $(CPPFLAGS) $(CFLAGS) -fPIC -MMD -MP -c -o $@ $<

$(BUILD)/library/libcalc6.so.$(VERSION): $(LIBRARY_OBJECTS) $(LIBRARY_MAP)
	$(call quiet,LINK)$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(SONAME) -Wl,--version-script=$(LIBRARY_MAP) \
		-Wl,--no-undefined -o $@ $(LIBRARY_OBJECTS)

# One object, so that the names that its parts have for each other are nobody else's.
$(BUILD)/library/libcalc6.a: $(LIBRARY_OBJECTS) $(LIBRARY_MAP)
	$(call quiet,AR)$(CC) $(CFLAGS) -nostdlib -r -o $(@D)/calc6.o $(LIBRARY_OBJECTS) && \
		$(call tool,objcopy) $$(sed -n 's/^ *\(calc_.*\);/--keep-global-symbol=\1/p' $(LIBRARY_MAP)) $(@D)/calc6.o && \
		rm -f $@ && $(call tool,ar) rcs $@ $(@D)/calc6.o

-include $(LIBRARY_OBJECTS:.o=.d)
