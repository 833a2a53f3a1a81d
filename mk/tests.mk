# SPDX-License-Identifier: GPL-2.0-only
#
# tests/unit/LAYER/test_MODULE.c is one program each; other .c files beside it are linked to
# every program of that layer. They link the sanitizer archives of their layer and of those
# below, and nothing else.

# $(call unit_support,LAYER), $(call unit_programs,LAYER)
unit_support  = $(patsubst tests/%.c,$(B)/asan/obj/%.o,$(filter-out tests/unit/$1/test_%,$(wildcard tests/unit/$1/*.c)))
unit_programs = $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/$1/test_*.c))

UNIT_PROGRAMS := $(foreach l,$(LAYERS) cli,$(call unit_programs,$l))

$(B)/asan/obj/unit/%.o: tests/unit/%.c $(B)/flags | $(B)/checked
	$(call compile,$(SANITIZE) -Itests/unit)

# $(call unit_rule,LAYER,MORE)
define unit_rule
$(call unit_programs,$1): $(B)/unit/%: $(B)/asan/obj/unit/%.o $(call unit_support,$1) $2 \
		$(call archives,$1,$(B)/asan)
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS_) $$(SANITIZE) $$(LDFLAGS) -o $$@ $$^ -lcmocka $$(LIBS)

.PHONY: unit-$1
unit-$1: $(call unit_programs,$1) $3
	tests/run unit $(call unit_programs,$1)
endef

# All of a layer, with those that it may call and nothing else: what calls upward or sideways does not link.
# $(call whole_rule,LAYER)
define whole_rule
$(B)/unit/$1/whole: $(call archives,$1,$(B)/asan)
	@mkdir -p $$(@D)
	echo 'int main(void) { return 0; }' | $$(CC) $$(CFLAGS_) $$(SANITIZE) $$(LDFLAGS) -o $$@ -x c - -x none \
		-Wl,--whole-archive $$^ -Wl,--no-whole-archive $$(LIBS)
endef

UNIT_WHOLE := $(LAYERS:%=$(B)/unit/%/whole)

$(foreach l,$(LAYERS),$(eval $(call whole_rule,$l)))
# What stands beside the code in a layer's tests is asked for by those of another one.
UNIT_MORE_probe := $(B)/asan/obj/unit/fetch/fetch_vm.o

$(foreach l,$(LAYERS),$(eval $(call unit_rule,$l,$(UNIT_MORE_$l),$(B)/unit/$l/whole)))
# An archive only for them: of what a test has in the place of its own nothing is taken from there, main() too.
$(eval $(call archive,cli,$(B)/asan))
$(eval $(call unit_rule,cli,$(B)/asan/libcli.a,))

-include $(wildcard $(B)/asan/obj/unit/*/*.d $(B)/asan/obj/unit/*.d)

# Programs that the recorded cases run: everything right of the kernel, under sanitizers.
CASE_PROGRAMS := $(patsubst tests/cases/%.c,$(B)/cases/%,$(wildcard tests/cases/*.c))

$(B)/cases/%: tests/cases/%.c $(call archives,replay,$(B)/asan) $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_) $(CFLAGS_) $(SANITIZE) -MMD -MP $(LDFLAGS) -o $@ $< \
		$(call archives,replay,$(B)/asan) $(LIBS)

-include $(CASE_PROGRAMS:%=%.d)

.PHONY: completions
completions: $(B)/unit/cli/test_completions ## write anew what the tables say in completions/
	$< --write

# What the tests need is looked at each time: it takes a moment and names the package.
.PHONY: check-unit check-live
check-unit:
	@scripts/check-build unit go

check-live:
	@scripts/check-build live go

# What is run beside the code in an emulated processor; it needs the layers up to plan.
EMULATED := $(B)/emulate/late

$(B)/emulate/%: tests/emulate/%.c $(call archives,plan,$(B)) $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_) $(CFLAGS_) -MMD -MP -o $@ $< $(call archives,plan,$(B)) $(LIBS) -lunicorn

-include $(EMULATED:%=%.d)

# What the kernel side records of states, counted.
CHANGES := $(B)/changes/changes

$(CHANGES): tests/changes/changes.c $(call archives,probe,$(B)) $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_) $(CFLAGS_) -MMD -MP -o $@ $< $(call archives,probe,$(B)) $(LIBS)

-include $(CHANGES:%=%.d)

.PHONY: tests
tests: check-unit check-live all $(CHANGES) $(B)/bench/recorded $(EMULATED) $(UNIT_PROGRAMS) $(UNIT_WHOLE) $(CASE_PROGRAMS) ## build all that the tests run, without running it

# .ci/run runs fuzz and kernels besides, in their short forms.
TESTS ?= house unit cases live

# The tools are looked for when this file is read, and may be missing then: a make of its own builds.
.PHONY: test
test: ## install what is missing, and run all tests; the live ones need root
	@scripts/test $(TESTS)

.PHONY: unit
unit: check-unit $(UNIT_PROGRAMS) $(UNIT_WHOLE) ## run the unit tests under sanitizers; unit-LAYER runs one layer's
	tests/run unit $(UNIT_PROGRAMS)

.PHONY: cases
cases: check-unit $(CASE_PROGRAMS) ## run the recorded cases: events in, picture out
	tests/run cases

.PHONY: live
live: check-live all $(CHANGES) $(B)/cases/replay $(B)/bench/recorded ## run the tests on real processes (needs root)
	tests/run live

.PHONY: test-firefox
test-firefox: check-live all $(CASE_PROGRAMS) ## open pages of --format html in firefox-esr or firefox, which has to be there
	BROWSER=firefox bats --tap tests/live/82-html.bats

CYCLES ?= 2000

.PHONY: test-harm
test-harm: check-live all ## attach to a busy program and leave it, CYCLES (2000) times for each build
	HARM_CYCLES=$(CYCLES) PATIENCE=5 BATS_TEST_TIMEOUT=1000000 bats --tap tests/live/30-harm.bats

KILLS ?= 200

.PHONY: test-recording
test-recording: check-live all ## kill and interrupt the recorder KILLS (200) times, cut a recording everywhere (a quarter of an hour)
	RECORDING_KILLS=$(KILLS) RECORDING_SIGNALS=$(KILLS) RECORDING_STEP=64 RECORDING_PATIENCE=1000 PATIENCE=5 BATS_TEST_TIMEOUT=1000000 \
		bats --tap tests/live/93-survives.bats

# Executables to look at; gofmt is one that is there.
LATE ?= $(shell scripts/find-go >/dev/null && "$$(scripts/find-go)" env GOROOT)/bin/gofmt

.PHONY: test-late
test-late: check-live $(EMULATED) ## hold what is said of code in front of late sites against an emulator (LATE=EXECUTABLE...)
	$(EMULATED) $(LATE)

# MATRIX='-g go1.27.0 -b pie' chooses; tests/matrix/run says how.
.PHONY: test-matrix
test-matrix: check-live all $(CHANGES) ## hold every case with every Go release and build against its own log (half an hour)
	tests/matrix/run $(MATRIX)
