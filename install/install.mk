# What `make install` puts on a system, and where: one list, which `make uninstall` takes away again. The knobs are at the
# top of the Makefile, which includes this.

.PHONY: install uninstall allowed installcheck dist

DOCDIR = $(DATADIR)/doc/calc6
# In the folders where they are here, so that their links lead there, too.
DOCUMENTS = $(wildcard *.md LICENSE docs/*.md docs/*.svg proto/*.md captures/*.md captures/*.pcapng tests/*/*.md tests/*/*.svg) \
	debian/README.source tests/conformance/example.rubric install/image/Containerfile $(wildcard install/grafana/*.json) \
	$(shell find server/scale tests/conformance/functions tests/conformance/mutants -type f)
COMPLETED = calc6-client calc6-conformance calc6-load calc6-server

# KIND:PATH:SOURCE, as put.sh takes them.
INSTALLED = \
	$(foreach name,client conformance load,program:$(BINDIR)/calc6-$(name):bin/$(name)) \
	program:$(SBINDIR)/calc6-server:bin/server \
	data:$(LIBDIR)/libcalc6.a:$(BUILD)/library/libcalc6.a \
	data:$(LIBDIR)/libcalc6.so.$(VERSION):$(BUILD)/library/libcalc6.so.$(VERSION) \
	link:$(LIBDIR)/$(SONAME):libcalc6.so.$(VERSION) \
	link:$(LIBDIR)/libcalc6.so:$(SONAME) \
	data:$(INCLUDEDIR)/calc6.h:proto/calc.h \
	filled:$(LIBDIR)/pkgconfig/calc6.pc:install/calc6.pc.in \
	$(foreach page,$(wildcard man/*.[1-8]),data:$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(notdir $(page)):$(page)) \
	$(foreach name,$(COMPLETED), \
		data:$(DATADIR)/bash-completion/completions/$(name):install/completions/calc6.bash \
		data:$(DATADIR)/fish/vendor_completions.d/$(name).fish:install/completions/calc6.fish) \
	data:$(DATADIR)/zsh/site-functions/_calc6:install/completions/_calc6 \
	$(foreach unit,$(wildcard install/systemd/*.service install/systemd/*.socket), \
		filled:$(UNITDIR)/$(notdir $(unit)):$(unit)) \
	$(foreach page,$(DOCUMENTS),data:$(DOCDIR)/$(page):$(page))

# What stands for a folder in a file that is filled.
FILL = $(foreach name,PREFIX SBINDIR LIBDIR INCLUDEDIR VERSION,s|@$(name)@|$($(name))|g;)

# A folder ends up in words of the shell, in FILL, in a unit and in calc6.pc, to which these are no part of a name.
MARKS = | & \ ' " % $$ \#
relative = $(filter-out /%,$(firstword $($(1))/))
marked = $(strip $(foreach mark,$(2),$(findstring $(mark),$($(1)))))
several = $(word 2,x$($(1))x)
refuse = $(error $(1)='$($(1))': an absolute folder without $(2) is allowed)

# Those that others are derived from come first, as they are what to mend. DESTDIR and PLUGINS are in words of the shell alone.
allowed:
	@: $(foreach knob,PREFIX BINDIR SBINDIR LIBDIR INCLUDEDIR DATADIR MANDIR UNITDIR,$(if \
		$(call relative,$(knob))$(call several,$(knob))$(call marked,$(knob),$(MARKS)),$(call refuse,$(knob),blanks and $(MARKS))))
	@: $(if $(call relative,PLUGINS)$(call marked,PLUGINS,'),$(call refuse,PLUGINS,'))
	@: $(if $(call marked,DESTDIR,'),$(error DESTDIR='$(DESTDIR)': a folder without ' is allowed))

words = $(foreach file,$(INSTALLED),'$(file)')

# Of the dissector, PLUGINS or Wireshark says where it goes; where neither does, the rest is installed all the same.
unless_unknown = || [ $$? -eq 77 ]

install: allowed all
	@DESTDIR='$(DESTDIR)' FILL='$(FILL)' install/put.sh install $(words)
	@DESTDIR='$(DESTDIR)' install/loader.sh '$(LIBDIR)'
	@DESTDIR='$(DESTDIR)' captures/install.sh '$(PLUGINS)' $(unless_unknown)

uninstall: allowed
	@DESTDIR='$(DESTDIR)' install/put.sh uninstall $(words)
	@DESTDIR='$(DESTDIR)' install/loader.sh '$(LIBDIR)'
	@DESTDIR='$(DESTDIR)' captures/install.sh --remove '$(PLUGINS)' $(unless_unknown)

installcheck:
	@DESTDIR='$(DESTDIR)' BINDIR='$(BINDIR)' SBINDIR='$(SBINDIR)' LIBDIR='$(LIBDIR)' CC='$(CC)' install/check.sh $(VERSION)

dist:
	@mkdir -p $(BUILD)
	@BUILD='$(BUILD)' install/dist.sh $(VERSION) $(BUILD)/calc6-$(VERSION).tar.gz
