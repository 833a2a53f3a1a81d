# SPDX-License-Identifier: GPL-2.0-only
#
# Objects and archives, twice: plain in build/, under sanitizers in build/asan/.

# A stamp changes when its text does: whatever depends on it is made again then.
# $(call stamp,FILE,TEXT)
stamp = $(shell mkdir -p $(dir $1) && printf '%s\n' '$(subst ','\'',$2)' >$1.new && \
	if cmp -s $1.new $1; then rm -f $1.new; else mv -f $1.new $1; fi)

# $(call sources,LAYER): a layer may have folders of its own.
sources = $(wildcard src/$1/*.c src/$1/*/*.c)

SOURCES := $(sort $(foreach l,$(LAYERS) cli,$(call sources,$l)))

ifeq ($(filter clean help uninstall deps demo test format,$(MAKECMDGOALS)),)
$(call stamp,$(B)/flags,$(CC) $(CPPFLAGS_) $(CFLAGS_) $(SANITIZE) $(LDFLAGS) $(LIBS))
$(call stamp,$(B)/sources,$(SOURCES))
endif

# Tools and libraries are looked at once, and again when the check itself changes.
$(B)/checked: scripts/check-build $(B)/flags
	@CC='$(CC)' CLANG='$(CLANG)' BPFTOOL='$(BPFTOOL)' LLVM_STRIP='$(LLVM_STRIP)' scripts/check-build
	@touch $@

# $(call objects,LAYER,DIRECTORY)
objects = $(patsubst src/%.c,$2/obj/%.o,$(call sources,$1))

define compile
@mkdir -p $(@D)
$(CC) $(CPPFLAGS_) $(CFLAGS_) $1 -MMD -MP -c -o $@ $<
endef

$(B)/obj/%.o: src/%.c $(B)/flags | $(B)/checked
	$(call compile,)

$(B)/asan/obj/%.o: src/%.c $(B)/flags | $(B)/checked
	$(call compile,$(SANITIZE))

# The page of --format html is a header that src/sink/html.c embeds.
$(B)/html_page.h: scripts/html-page $(wildcard src/sink/html/*)
	@mkdir -p $(@D)
	scripts/html-page src/sink/html >$@.new
	mv -f $@.new $@

$(B)/obj/sink/html.o $(B)/asan/obj/sink/html.o $(B)/fuzz/obj/sink/html.o: | $(B)/html_page.h

# An archive is made anew, so that a source that has gone takes its object along.
# $(call archive,LAYER,DIRECTORY)
define archive
$2/lib$1.a: $(call objects,$1,$2) $(B)/sources
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(AR) rcs $$@ $$(filter %.o,$$^)
endef

$(foreach l,$(LAYERS),$(eval $(call archive,$l,$(B))))
$(foreach l,$(LAYERS),$(eval $(call archive,$l,$(B)/asan)))

# $(call archives,LAYER,DIRECTORY): what a program on top of LAYER links.
archives = $(patsubst %,$2/lib%.a,$(STACK_$1))

$(B)/ftrace: $(call objects,cli,$(B)) $(call archives,cli,$(B))
	$(CC) $(CFLAGS_) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/asan/ftrace: $(call objects,cli,$(B)/asan) $(call archives,cli,$(B)/asan)
	$(CC) $(CFLAGS_) $(SANITIZE) $(LDFLAGS) -o $@ $^ $(LIBS)

-include $(patsubst src/%.c,$(B)/obj/%.d,$(SOURCES)) $(patsubst src/%.c,$(B)/asan/obj/%.d,$(SOURCES))
