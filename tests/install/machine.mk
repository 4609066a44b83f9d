# What the tests of a whole machine begin with: a Debian 12 from its archive, made as root and where there is a network, once for
# each choice of packages. Included by the Makefile.

.PHONY: machine

machine:
	@tests/install/machine_image.sh $(BUILD)/install

installs: machine
