# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel side: one object, its DWARF stripped (the BTF stays), and the skeleton that
# src/probe/ embeds. This compile sees include/, vmlinux/ and bpf/, never src/.

$(call stamp,$(B)/bpf.flags,$(CLANG) $(BPF_CFLAGS))

.PHONY: bpf
bpf: $(B)/ftrace.skel.h ## build the BPF object and its skeleton

$(B)/ftrace.bpf.o: bpf/ftrace.bpf.c $(B)/bpf.flags | $(B)/checked
	$(CLANG) $(BPF_CFLAGS) -MMD -MP -MF $(B)/ftrace.bpf.d -MT $@ -c -o $@ $<
	$(LLVM_STRIP) -g $@

# Named aside first: a half-written header must never look made.
$(B)/ftrace.skel.h: $(B)/ftrace.bpf.o
	$(BPFTOOL) gen skeleton $< name ftrace_bpf >$@.new
	mv -f $@.new $@

$(call objects,probe,$(B)) $(call objects,probe,$(B)/asan): | $(B)/ftrace.skel.h

-include $(B)/ftrace.bpf.d
