# SPDX-License-Identifier: GPL-2.0-only
#
# What a developer runs now and then: checking, formatting.

CLANG_FORMAT ?= clang-format
CLANG_TIDY   ?= clang-tidy
SHELLCHECK   ?= shellcheck

# Everything that people wrote in C.
C_FILES = $(wildcard src/*/*.[ch] src/*/*/*.[ch] include/ftrace/*.h bpf/*.[ch] bpf/*/*.h tests/unit/*/*.[ch] \
	  tests/unit/*.h tests/cases/*.[ch] tests/fuzz/*.[ch] tests/bench/*.[ch])

TIDY_STAMPS := $(patsubst %.c,$(B)/tidy/%.ok,$(SOURCES))

$(B)/tidy/src/%.ok: src/%.c .clang-tidy $(B)/flags $(wildcard src/*/*.h src/*/*/*.h include/ftrace/*.h)
	@mkdir -p $(@D)
	$(CLANG_TIDY) --quiet $(TIDY_FLAGS) $< -- -std=gnu11 -Wall -Wextra $(subst -I$(B),-isystem $(B),$(CPPFLAGS_))
	@touch $@

# The skeleton is bpftool's: what the analyzer holds against it is not ours to mend.
$(B)/tidy/src/probe/%.ok: TIDY_FLAGS := --checks=-clang-analyzer-unix.Malloc
$(B)/tidy/src/probe/%.ok: | $(BPF_SKELS)

# What a .bash file sets and reads is read and set by the test file that loads it: SC2034, SC2153.
SCRIPTS = $(shell grep -rlE '^\#!/.*sh$$' scripts .ci tests/run tests/house tests/toolchains tests/cases/run tests/fuzz/run tests/bench/run tests/kernels 2>/dev/null)

.PHONY: tidy
tidy: $(TIDY_STAMPS) ## run clang-tidy over src/ and shellcheck over the scripts
	$(SHELLCHECK) $(SCRIPTS)
	$(SHELLCHECK) -s bash -e SC2034,SC2153 $(wildcard tests/live/*.bash tests/bench/*.bash tests/bench/parts/*.bash)
	$(SHELLCHECK) -s bash completions/ftrace.bash

.PHONY: format
format: ## format all C files in place
	$(CLANG_FORMAT) -i $(C_FILES)
