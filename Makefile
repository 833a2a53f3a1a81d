# SPDX-License-Identifier: GPL-2.0-only
#
# ftrace: an eBPF function-graph tracer for Go programs. `make help` lists the targets.
#
# Everything that is made goes to build/. Each layer of src/ is an archive, so that a
# program which links an archive and those below it proves that nothing calls upward.

VERSION    := 0.1.0
PREFIX     ?= /usr/local
DESTDIR    ?=
CC         := $(if $(filter default,$(origin CC)),gcc,$(CC))
CLANG      ?= clang
LLVM_STRIP ?= llvm-strip
BPFTOOL    ?= $(shell scripts/find-bpftool)
CFLAGS     ?= -O2 -g
B          := build

export B

LAYERS     := base call recording sink send tui arch image rule fetch plan query probe host trace

# What a layer may call: itself and those to its left, in link order.
STACK_base   := base
STACK_call   := call base
STACK_arch   := arch base
STACK_image  := image $(STACK_arch)
STACK_rule   := rule $(STACK_arch)
STACK_fetch  := fetch rule $(STACK_image)
STACK_plan   := plan $(STACK_fetch)
STACK_query  := query recording call $(STACK_plan)
STACK_probe  := probe $(STACK_plan)
STACK_host   := host $(STACK_probe)
STACK_trace  := trace call $(STACK_plan)
STACK_recording := recording call base
STACK_sink   := sink recording call base
# What goes to a collector.
STACK_send   := send $(STACK_sink)
# What a terminal shows of a recording.
STACK_tui    := tui $(STACK_sink)
# From records to output, without the kernel.
STACK_replay := sink query recording $(STACK_trace)
STACK_cli    := send tui host probe $(STACK_replay)

WARNINGS   := -Wall -Wextra -Werror
CPPFLAGS_  := -DFTRACE_VERSION='"$(VERSION)"' -Isrc -Iinclude -I$(B) $(CPPFLAGS)
CFLAGS_    := -std=gnu11 $(WARNINGS) $(CFLAGS)
SANITIZE   := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LIBS       := -Wl,--as-needed -lbpf -ldw -lelf -lZydis -lpcre2-8 -lzstd -lz -lncursesw -ltinfo -lm -pthread
# BPF_PROG of libbpf gives every program a ctx that it need not use.
BPF_CFLAGS := -target bpf -O2 -g -mcpu=v3 -D__TARGET_ARCH_x86 -Wall -Wextra -Werror \
	      -Wno-unused-parameter \
	      -Iinclude -Ivmlinux -Ibpf

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all
all: $(B)/ftrace ## build the program, build/ftrace

include mk/objects.mk
include mk/bpf.mk
include mk/tests.mk
include mk/fuzz.mk
include mk/bench.mk
include mk/kernels.mk
include mk/tools.mk
include mk/packages.mk

.PHONY: libs
libs: $(LAYERS:%=$(B)/lib%.a) ## build the archive of every layer

.PHONY: install
install: all ## install under PREFIX (/usr/local), below DESTDIR
	install -d '$(DESTDIR)$(PREFIX)/bin'
	install -m 755 $(B)/ftrace '$(DESTDIR)$(PREFIX)/bin/ftrace'
	for page in $(wildcard docs/ftrace.1); do \
		install -d '$(DESTDIR)$(PREFIX)/share/man/man1' && \
		install -m 644 $$page '$(DESTDIR)$(PREFIX)/share/man/man1/ftrace.1' || exit 1; \
	done
	install -d '$(DESTDIR)$(PREFIX)/share/bash-completion/completions' \
		'$(DESTDIR)$(PREFIX)/share/zsh/site-functions'
	install -m 644 completions/ftrace.bash \
		'$(DESTDIR)$(PREFIX)/share/bash-completion/completions/ftrace'
	install -m 644 completions/_ftrace '$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_ftrace'

.PHONY: uninstall
uninstall: ## remove what install put there
	rm -f '$(DESTDIR)$(PREFIX)/bin/ftrace' '$(DESTDIR)$(PREFIX)/share/man/man1/ftrace.1' \
		'$(DESTDIR)$(PREFIX)/share/bash-completion/completions/ftrace' \
		'$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_ftrace'

.PHONY: demo
demo: ## trace an example for three seconds (needs root); installs what is missing
	scripts/demo

.PHONY: deps
deps: ## install what build and tests need, with the distribution's package manager
	scripts/deps build test

.PHONY: clean
clean: ## remove build/
	rm -rf $(B)

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | LC_ALL=C sort | \
		awk -F '\t' '{ printf "%-10s %s\n", $$1, $$2 }'
