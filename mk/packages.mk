# SPDX-License-Identifier: GPL-2.0-only
#
# What others install from: a tarball of the sources and a Debian package made from it. Both are the
# same, byte for byte, however often they are made: times are SOURCE_DATE_EPOCH or the last commit's.

DIST := $(B)/ftrace-$(VERSION).tar.gz

.PHONY: dist
dist: ## make the tarball of the sources, build/ftrace-VERSION.tar.gz; it builds without git
	@git rev-parse --git-dir >/dev/null || \
		{ echo 'dist: this is no git clone; make dist takes the files that git knows' >&2; exit 1; }
	@mkdir -p $(B)
	git ls-files -z | LC_ALL=C tar --create --format=gnu --no-recursion \
		--mtime="@$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct)}" --owner=0 --group=0 --numeric-owner \
		--mode=u+rw,go+r,go-w,a-s --transform='flags=rSH;s,^,ftrace-$(VERSION)/,' \
		--null --files-from=- >$(DIST:.gz=)
	gzip -9nf $(DIST:.gz=)

# DEB_OPTIONS: more for dpkg-buildpackage; -d where a library is there, but no package of it.
DEB_OPTIONS ?=

.PHONY: deb
deb: dist ## make the Debian package from the tarball, in build/deb
	rm -rf $(B)/deb
	mkdir -p $(B)/deb
	tar -xzf $(DIST) -C $(B)/deb
	cd $(B)/deb/ftrace-$(VERSION) && env -u MAKEFLAGS -u MAKELEVEL -u B \
		SOURCE_DATE_EPOCH="$${SOURCE_DATE_EPOCH:-$$(stat -c %Y Makefile)}" \
		dpkg-buildpackage -b -us -uc $(DEB_OPTIONS)
	if command -v lintian >/dev/null; then lintian --fail-on error,warning $(B)/deb/*.changes; fi

.PHONY: test-packages
test-packages: deb $(B)/examples/student ## install the package in a new root of its Debian release, run it there, remove it (needs root)
	tests/packages/run $(SUITES)

$(B)/examples/student: examples/student/main.go
	$(MAKE) -C examples B=$(B) build
