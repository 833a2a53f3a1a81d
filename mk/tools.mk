# SPDX-License-Identifier: GPL-2.0-only
#
# What a developer runs now and then: measuring, fuzzing, checking, formatting.

CLANG_FORMAT ?= clang-format
CLANG_TIDY   ?= clang-tidy
SHELLCHECK   ?= shellcheck
FUZZ_SECONDS ?= 60

# Everything that people wrote in C.
C_FILES = $(wildcard src/*/*.[ch] include/ftrace/*.h bpf/*.[ch] tests/unit/*/*.[ch] \
	  tests/unit/*.h tests/cases/*.[ch] tests/fuzz/*.[ch] tests/bench/*.[ch])

.PHONY: bench
bench: all ## measure what tracing costs (needs root)
	tests/bench/run

# tests/fuzz/LAYER_MODULE.c is a libFuzzer program on the sources of LAYER and those below.
FUZZ_PROGRAMS := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/*.c))
FUZZ_FLAGS    := -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all

$(B)/fuzz/obj/%.o: src/%.c $(B)/flags | $(B)/checked
	@mkdir -p $(@D)
	$(CLANG) $(CPPFLAGS_) $(CFLAGS_) $(subst fuzzer,fuzzer-no-link,$(FUZZ_FLAGS)) -MMD -MP -c -o $@ $<

FUZZ_OBJECTS := $(foreach l,$(STACK_out),$(patsubst src/%.c,$(B)/fuzz/obj/%.o,$(wildcard src/$l/*.c)))

$(B)/fuzz/%: tests/fuzz/%.c $(FUZZ_OBJECTS)
	@mkdir -p $(@D)
	$(CLANG) $(CPPFLAGS_) $(CFLAGS_) $(FUZZ_FLAGS) -o $@ $^ $(LIBS)

-include $(FUZZ_OBJECTS:.o=.d)

.PHONY: fuzz
fuzz: $(FUZZ_PROGRAMS) ## run each fuzz program for FUZZ_SECONDS (60)
	@for program in $(FUZZ_PROGRAMS); do \
		corpus=$(B)/fuzz/corpus/$${program##*/}; mkdir -p $$corpus; \
		echo "$$program"; \
		$$program -max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=2048 -verbosity=0 \
			-artifact_prefix=$(B)/fuzz/ $$corpus || exit 1; \
	done

TIDY_STAMPS := $(patsubst %.c,$(B)/tidy/%.ok,$(SOURCES))

$(B)/tidy/src/%.ok: src/%.c .clang-tidy $(B)/flags $(wildcard src/*/*.h include/ftrace/*.h)
	@mkdir -p $(@D)
	$(CLANG_TIDY) --quiet $(TIDY_FLAGS) $< -- -std=gnu11 -Wall -Wextra $(subst -I$(B),-isystem $(B),$(CPPFLAGS_))
	@touch $@

# The skeleton is bpftool's: what the analyzer holds against it is not ours to mend.
$(B)/tidy/src/probe/%.ok: TIDY_FLAGS := --checks=-clang-analyzer-unix.Malloc
$(B)/tidy/src/probe/%.ok: | $(B)/ftrace.skel.h

SCRIPTS = $(shell grep -rlE '^\#!/.*sh$$' scripts .ci tests/run tests/cases/run tests/bench/run 2>/dev/null)

.PHONY: tidy
tidy: $(TIDY_STAMPS) ## run clang-tidy over src/ and shellcheck over the scripts
	$(SHELLCHECK) $(SCRIPTS)
	$(SHELLCHECK) -s bash $(wildcard tests/live/*.bash)

.PHONY: format
format: ## format all C files in place
	$(CLANG_FORMAT) -i $(C_FILES)
