# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel side: one object a bpf/NAME.bpf.c, its DWARF stripped (the BTF stays), and the skeleton that
# src/probe/ embeds. This compile sees include/, vmlinux/ and bpf/, never src/.

BPF_NAMES := $(patsubst bpf/%.bpf.c,%,$(wildcard bpf/*.bpf.c))
BPF_SKELS := $(BPF_NAMES:%=$(B)/%.skel.h)

$(call stamp,$(B)/bpf.flags,$(CLANG) $(BPF_CFLAGS))

.PHONY: bpf
bpf: $(BPF_SKELS) ## build the BPF objects and their skeletons

# BTF names the sources: not by the directory that they are built in, so that what is built twice is the same.
$(B)/%.bpf.o: bpf/%.bpf.c $(B)/bpf.flags | $(B)/checked
	$(CLANG) $(BPF_CFLAGS) -fdebug-prefix-map='$(CURDIR)'=. -MMD -MP -MF $(B)/$*.bpf.d -MT $@ -c -o $@ $<
	$(LLVM_STRIP) -g $@

# What is needed before all else is loaded without a look through the kernel's whole BTF, which takes
# libbpf ten times as long as all the rest: the kernel does it (a light skeleton).
$(B)/inode.skel.h: SKEL_FLAGS := -L

# Named aside first: a half-written header must never look made.
$(B)/%.skel.h: $(B)/%.bpf.o
	$(BPFTOOL) gen skeleton $(SKEL_FLAGS) $< name $*_bpf >$@.new
	mv -f $@.new $@

$(call objects,probe,$(B)) $(call objects,probe,$(B)/asan): | $(BPF_SKELS)

-include $(BPF_NAMES:%=$(B)/%.bpf.d)
