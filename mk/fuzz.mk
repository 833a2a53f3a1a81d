# SPDX-License-Identifier: GPL-2.0-only
#
# tests/fuzz/LAYER_NAME.c is one libFuzzer program each. They link archives of their own, since what is
# under test has to be compiled for it. The executables whose bytes some of them change are built
# from tests/fuzz/target.

FUZZ_SECONDS ?= 60

FUZZ_PROGRAMS := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/*.c))
FUZZ_FLAGS    := -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FUZZ_TARGETS  := $(patsubst %,$(B)/fuzz/target/%,plain packed stripped-pie)

$(B)/fuzz/obj/%.o: src/%.c $(B)/flags | $(B)/checked
	@mkdir -p $(@D)
	$(CLANG) $(CPPFLAGS_) $(CFLAGS_) $(subst fuzzer,fuzzer-no-link,$(FUZZ_FLAGS)) -MMD -MP -c -o $@ $<

$(foreach l,$(STACK_replay),$(eval $(call archive,$l,$(B)/fuzz)))

# What is under test: the layer in a program's name (replay: all from records to output), and those below.
# $(call fuzz_rule,LAYER)
define fuzz_rule
$(B)/fuzz/$1_%: tests/fuzz/$1_%.c $(call archives,$1,$(B)/fuzz) $(B)/flags
	@mkdir -p $$(@D)
	$(CLANG) $$(CPPFLAGS_) $$(CFLAGS_) $(FUZZ_FLAGS) -MMD -MP -o $$@ $$< $(call archives,$1,$(B)/fuzz) $$(LIBS)
endef
$(foreach l,$(STACK_replay) replay,$(eval $(call fuzz_rule,$l)))

$(B)/fuzz/target/plain: FUZZ_BUILD := -ldflags=-compressdwarf=false
$(B)/fuzz/target/stripped-pie: FUZZ_BUILD := -buildmode=pie '-ldflags=-s -w'

$(FUZZ_TARGETS): tests/fuzz/target/main.go tests/fuzz/target/go.mod
	@mkdir -p $(@D)
	cd tests/fuzz/target && CGO_ENABLED=0 GOOS=linux GOARCH=amd64 GOFLAGS=-buildvcs=false \
		GOCACHE='$(abspath $(B)/gocache)' GOTOOLCHAIN=local \
		"$$('$(CURDIR)/scripts/find-go')" build $(FUZZ_BUILD) -o '$(abspath $@)' .

-include $(foreach l,$(STACK_replay),$(patsubst src/%.c,$(B)/fuzz/obj/%.d,$(call sources,$l)))
-include $(FUZZ_PROGRAMS:%=%.d)

.PHONY: check-fuzz
check-fuzz:
	@scripts/check-build fuzz go

export FUZZ_SECONDS

.PHONY: fuzz-programs
fuzz-programs: check-fuzz $(FUZZ_PROGRAMS) $(FUZZ_TARGETS)

.PHONY: fuzz
fuzz: fuzz-programs ## run each fuzz program for FUZZ_SECONDS (60)
	tests/fuzz/run
