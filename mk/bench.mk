# SPDX-License-Identifier: GPL-2.0-only
#
# What tracing costs. The programs of tests/bench/ are plain builds: measuring under sanitizers says
# nothing.

BENCH_PROGRAMS := $(patsubst tests/bench/%.c,$(B)/bench/%,$(filter-out %.bpf.c %/replay.c,$(wildcard tests/bench/*.c)))
BENCH_REPLAY   := $(B)/bench/replay.o

$(B)/bench/reference.bpf.o: tests/bench/reference.bpf.c $(B)/bpf.flags | $(B)/checked
	@mkdir -p $(@D)
	$(CLANG) $(BPF_CFLAGS) -c -o $@ $<
	$(LLVM_STRIP) -g $@

$(B)/bench/reference.skel.h: $(B)/bench/reference.bpf.o
	$(BPFTOOL) gen skeleton $< name reference_bpf >$@.new
	mv -f $@.new $@

$(B)/bench/reference: | $(B)/bench/reference.skel.h

$(BENCH_REPLAY): tests/bench/replay.c $(B)/flags | $(B)/checked
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_) $(CFLAGS_) -MMD -MP -c -o $@ $<

$(B)/bench/records $(B)/bench/memory: $(BENCH_REPLAY)

$(B)/bench/%: tests/bench/%.c $(call archives,replay,$(B)) $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_) -I$(B)/bench $(CFLAGS_) -MMD -MP $(LDFLAGS) -o $@ $< \
		$(filter %.o,$^) $(call archives,replay,$(B)) $(LIBS)

-include $(BENCH_PROGRAMS:%=%.d) $(BENCH_REPLAY:.o=.d)

.PHONY: bench
bench: all $(BENCH_PROGRAMS) ## measure what tracing costs (needs root; some minutes)
	tests/bench/run
