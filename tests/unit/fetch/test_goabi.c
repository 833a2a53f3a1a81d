/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The assignment of tests/unit/image/shapes, worked out by hand from abi-internal.md, and then the
 * places that compilers give for every parameter of a program as a second witness.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fetch/goabi.h"
#include "image/gotype.h"
#include "shapes.h"

static const struct arch_abi_register *register_of(const struct goabi_piece *piece)
{
	const struct arch_abi *abi = arch_native()->abi;

	assert_in_range(piece->index, 0,
			(piece->file == GOABI_INT ? abi->nints : abi->nfloats) - 1);
	return piece->file == GOABI_INT ? &abi->ints[piece->index] : &abi->floats[piece->index];
}

/* "a=AX BX@8" for a string in AX and BX, "b=8" for 8 bytes above the stack pointer. */
static void add_value(const char *name, const struct goabi_value *value)
{
	buf_addf(&text, "%s%s=", text.len ? " " : "", name);
	if (!value->known)
		buf_adds(&text, "?");
	else if (value->in_stack)
		buf_addu(&text, value->stack_offset);
	for (uint32_t i = 0; i < value->npieces; i++) {
		const struct goabi_piece *piece = &value->pieces[i];

		buf_addf(&text, "%s%s", i ? "," : "", register_of(piece)->name);
		if (piece->offset)
			buf_addf(&text, "@%u", piece->offset);
		if (piece->size != 8)
			buf_addf(&text, "/%u", piece->size);
	}
}

static const char *describe(const struct dwarf_signature *sig, bool abi0)
{
	struct goabi abi;

	buf_reset(&text);
	assert_int_equal(goabi_assign(arch_native(), sig, abi0, &abi), 0);
	for (size_t i = 0; i < sig->nparams; i++)
		if (!sig->params[i].dictionary || !sig->gaps)
			add_value(sig->params[i].name, &abi.params[i]);
	buf_adds(&text, text.len ? " ->" : "->");
	for (size_t i = 0; i < sig->nresults; i++)
		add_value(sig->results[i].name, &abi.results[i]);
	goabi_release(&abi);
	return buf_str(&text);
}

struct expected {
	const char *name;
	int from, to; /* Go minor releases, both included */
	const char *text;
};

static const struct expected places[] = {
	{"main.(*student).String", 19, 99, "s=AX -> ~r0=AX,BX@8"},
	/* The blank int16 takes a register as any field does; x gets the ninth. */
	{"main.student.val", 19, 99,
	 "s=AX/4,BX@4/4,CX@8,DI@16,SI@24,R8@32/2,R9@40 x=R10 y=X0 -> ~r0=AX,BX@8 ~r1=CX,DI@8"},
	{"main.ints", 19, 99,
	 "a=AX/1 b=BX/2 c=CX/4 d=DI e=SI f=R8 g=R9/1 h=R10/4 i=R11/1 j=8 -> ~r0=AX"},
	{"main.nums", 19, 99,
	 "a=AX/2 b=BX/4 c=CX d=X0/4 e=X1 f=X2/4,X3@4/4 g=X4,X5@8 h=DI"
	 " -> ~r0=X0/4 ~r1=X1/4,X2@4/4"},
	/* i needs two and none is left; j lies behind it. */
	{"main.mixed", 19, 99,
	 "a=X0/4 b=AX c=X1,X2@8 d=BX,CX@8 e=DI,SI@8,R8@16 f=R9 g=R10 h=R11 i=8 j=24"
	 " -> x=X0 y=AX,BX@8 z=CX,DI@8"},
	{"main.blanks", 22, 99,
	 "~p0=AX a=BX,CX@8 ~p2=X0 ~p3=8 b=8 c=DI,SI@8 d=24 e=24"
	 " -> ~r0=AX s=BX,CX@8 ~r2=DI,SI@8"},
	/* Unnamed ones are not listed; the others keep their places. */
	{"main.blanks", 19, 21,
	 "a=BX,CX@8 b=8 c=DI,SI@8 d=24 e=24 -> ~r0=AX s=BX,CX@8 ~r2=DI,SI@8"},
	{"main.unnamed", 22, 99, "~p0=AX ~p1=BX,CX@8 -> ~r0=AX ~r1=BX,CX@8"},
	{"main.unused", 19, 99, "a=AX b=BX,CX@8 c=X0 d=DI ->"},
	{"main.variadic", 19, 99, "f=AX,BX@8 args=CX,DI@8,SI@16 -> ~r0=AX"},
	{"main.inlined", 22, 99, "~p0=AX a=BX,CX@8 ~p2=X0 b=DI -> ~r0=AX"},
	{"main.inlined", 19, 21, "a=BX,CX@8 b=DI -> ~r0=AX"},
	{"main.ptrs", 19, 99, "a=AX b=BX c=CX d=DI,SI@8 e=R8 f=R9 ->"},
	{"main.closures.func1", 19, 99, "k=AX -> ~r0=AX"},
	/* The ninth word goes to ~r6; results on the stack lie behind the parameter's 24 bytes. */
	{"main.results", 19, 99,
	 "a=8 b=AX -> ~r0=AX ~r1=32 ~r2=X0 ~r3=BX,CX@8 ~r4=DI,SI@8 ~r5=R8,R9@8 ~r6=R10,R11@8"
	 " ~r7=64 ~r8=72"},
	{"main.whole", 19, 99,
	 "a=AX/1,BX@1/1,CX@2/1,DI@3/1,SI@4/1,R8@5/1,R9@6/1,R10@7/1,R11@8/1 b=8 -> ~r0=AX"},
	/* What does not fit leaves the registers to those behind it. */
	{"main.spilled", 19, 99, "a=8 b=AX/1 c=BX -> ~r0=AX"},
	/* Each at its own alignment, also one without size; results at the next word. */
	{"main.late", 19, 99, "a=8 b=AX c=15 d=24 e=24 -> ~r0=AX/1 ~r1=32 ~r2=BX/1"},
	/* Two elements without size send the structure around them to the stack. */
	{"main.parts", 19, 99,
	 "a=X0/4,AX@4/1,X1@8/4,X2@12/4,BX@16,CX@24 b=8 c=DI/4,SI@4/4,X3@16"
	 " d=X4/4,R8@4/1,X5@8/4,X6@12/4,R9@16,R10@24"
	 " -> ~r0=X0/4,AX@4/1,X1@8/4,X2@12/4,BX@16,CX@24"},
	/* One register is left: too few for o, enough for p. */
	{"main.floats", 19, 99,
	 "a=X0 b=X1 c=X2 d=X3 e=X4 f=X5 g=X6 h=X7 i=X8 j=X9 k=X10 l=X11 m=X12 n=X13 o=8 p=X14/4"
	 " q=24 -> ~r0=X0"},
	{"main.nodes", 19, 99,
	 "n=AX,BX@8,CX@16,DI@24,SI@32,R8@40 m=R9 -> ~r0=AX,BX@8,CX@16,DI@24,SI@32,R8@40"},
	{"main.anonymous", 19, 99, "x=AX,BX@8,CX@16 -> ~r0=AX"},
	{"main.generic[go.shape.string]", 22, 99, ".dict=AX x=BX,CX@8 n=DI -> ~r0=AX,BX@8"},
	{"main.generic[go.shape.string_0]", 19, 19, "x=BX,CX@8 n=DI -> ~r0=AX,BX@8"},
	{"main.(*pair[go.shape.string,go.shape.int]).get", 22, 99,
	 "p=AX .dict=BX k=CX,DI@8 -> ~r0=AX ~r1=BX/1"},
	{"main.(*pair[go.shape.string_0,go.shape.int_1]).get", 19, 19,
	 "p=BX k=CX,DI@8 -> ~r0=AX ~r1=BX/1"},
	{"main.pair[go.shape.string,go.shape.int].has", 22, 99,
	 "p=AX,BX@8,CX@16 .dict=DI k=SI,R8@8 v=R9 -> ~r0=AX/1"},
	{"main.pair[go.shape.string_0,go.shape.int_1].has", 19, 19,
	 "p=BX,CX@8,DI@16 k=SI,R8@8 v=R9 -> ~r0=AX/1"},
};

static void check_places(int minor)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const struct expected *expected = &places[i];
		struct dwarf_signature sig;

		if (minor < expected->from || minor > expected->to)
			continue;
		if (dwarf_function(dw, gotarget_address(&target, expected->name), true, &sig))
			fail_msg("%s is not in the program", expected->name);
		assert_string_equal(describe(&sig, false), expected->text);
	}
}

struct witness {
	unsigned int agree, disagree;
	char last[256];
};

static int first_of(const struct goabi_value *value, enum goabi_file file)
{
	for (uint32_t i = 0; i < value->npieces; i++)
		if (value->pieces[i].file == file)
			return value->pieces[i].index;
	return -1;
}

static bool same_place(const struct dwarf_place *place, const struct goabi_value *value)
{
	if (place->on_stack)
		return value->in_stack && (int64_t)value->stack_offset == place->stack_offset;
	return (place->first_int < 0 || place->first_int == first_of(value, GOABI_INT)) &&
	       (place->first_float < 0 || place->first_float == first_of(value, GOABI_FLOAT));
}

static void compare_function(const char *name, uint64_t address, void *arg)
{
	const char *suffix = strstr(name, ".abi0");
	struct witness *witness = arg;
	struct dwarf_signature sig;
	struct goabi abi;

	if (dwarf_function(dw, address, true, &sig))
		return;
	assert_int_equal(goabi_assign(arch_native(), &sig, suffix && !suffix[5], &abi), 0);
	for (size_t i = 0; i < sig.nparams; i++) {
		const struct dwarf_place *place = &sig.params[i].place;

		if (!place->on_stack && place->first_int < 0 && place->first_float < 0)
			continue;
		if (same_place(place, &abi.params[i])) {
			witness->agree++;
			continue;
		}
		witness->disagree++;
		snprintf(witness->last, sizeof(witness->last), "%s: %s", name, sig.params[i].name);
	}
	goabi_release(&abi);
}

/* The compiler tells the place of the new value for a parameter that is overwritten at once: such
 * is max of findScavengeCandidate. All others must agree, some 1600 of them. */
static void check_witness(void)
{
	struct witness witness = {0};

	gotarget_each(&target, compare_function, &witness);
	if (witness.disagree > 1 ||
	    (witness.disagree &&
	     strcmp(witness.last, "runtime.(*pallocData).findScavengeCandidate: max")))
		fail_msg("%u disagree, the last is %s", witness.disagree, witness.last);
	assert_true(witness.agree > 1000);
}

static void test_build(void **state)
{
	const struct build *build = *state;

	open_build(build);
	check_places(built_minor);
	if (!strstr(build->flags, "-N"))
		check_witness();
}

static const struct gotype type_int = {.name = "int", .kind = GOTYPE_INT, .size = 8, .align = 8};
static const struct gotype type_byte = {
	.name = "uint8", .kind = GOTYPE_UINT8, .size = 1, .align = 1};
static const struct gotype type_string = {
	.name = "string", .kind = GOTYPE_STRING, .size = 16, .align = 8};
static const struct gotype type_double = {
	.name = "float64", .kind = GOTYPE_FLOAT64, .size = 8, .align = 8};
static const struct gotype type_unknown = {.name = "?", .align = 1};
static const struct gotype type_ints = {.name = "[3]int",
					.kind = GOTYPE_ARRAY,
					.size = 24,
					.align = 8,
					.count = 3,
					.elem = &type_int};

#define NOWHERE                                    \
	{                                          \
		.first_int = -1, .first_float = -1 \
	}
#define PARAM(n, t)                                            \
	{                                                      \
		.name = n, .type = &type_##t, .place = NOWHERE \
	}

/* Assembly: everything lies on the stack, results behind the parameters at a word. */
static void test_abi0(void **state)
{
	struct dwarf_param params[] = {PARAM("a", byte), PARAM("b", string), PARAM("c", byte)};
	struct dwarf_param results[] = {PARAM("r", byte), PARAM("s", double)};
	struct dwarf_signature sig = {
		.params = params, .nparams = 3, .results = results, .nresults = 2};
	struct goabi abi;

	(void)state;
	assert_string_equal(describe(&sig, true), "a=8 b=16 c=32 -> r=40 s=48");
	assert_string_equal(describe(&sig, false), "a=AX/1 b=BX,CX@8 c=DI/1 -> r=AX/1 s=X0");
	assert_int_equal(goabi_assign(arch_native(), &sig, true, &abi), 0);
	assert_int_equal(abi.stack_size, 48);
	goabi_release(&abi);
}

/* Behind an unknown type nothing is certain, but results in registers are. */
static void test_unknown(void **state)
{
	struct dwarf_param params[] = {PARAM("a", int), PARAM("b", unknown), PARAM("c", int)};
	struct dwarf_param results[] = {PARAM("r", int), PARAM("s", ints)};
	struct dwarf_param bad[] = {PARAM("r", int), PARAM("s", unknown), PARAM("t", int)};
	struct dwarf_signature sig = {
		.params = params, .nparams = 3, .results = results, .nresults = 2};

	(void)state;
	assert_string_equal(describe(&sig, false), "a=AX b=? c=? -> r=AX s=?");
	sig.results = bad;
	sig.nresults = 3;
	assert_string_equal(describe(&sig, false), "a=AX b=? c=? -> r=AX s=? t=?");
	assert_string_equal(describe(&sig, true), "a=8 b=? c=? -> r=? s=? t=?");
}

/* What compilers up to 1.21 say of the listed parameters shows those that are not. */
static void test_gaps(void **state)
{
	struct dwarf_param params[] = {PARAM("a", string), PARAM("b", double), PARAM("c", ints),
				       PARAM("d", int)};
	struct dwarf_signature sig = {.params = params, .nparams = 4, .gaps = true};

	(void)state;
	assert_string_equal(describe(&sig, false), "a=AX,BX@8 b=X0 c=8 d=CX ->");
	params[0].place.first_int = 2;
	params[1].place.first_float = 1;
	assert_string_equal(describe(&sig, false), "a=CX,DI@8 b=X1 c=8 d=SI ->");
	params[2].place = (struct dwarf_place){.on_stack = true, .stack_offset = 24};
	assert_string_equal(describe(&sig, false), "a=CX,DI@8 b=X1 c=24 d=SI ->");
	/* One that is overwritten at once must not push the others away. */
	params[0].place.first_int = 8;
	params[1].place.first_float = 0;
	params[2].place = (struct dwarf_place){.on_stack = true, .stack_offset = 8};
	params[3].place.first_int = 2;
	assert_string_equal(describe(&sig, false), "a=AX,BX@8 b=X0 c=8 d=CX ->");
	/* Places that no register and no offset has are passed over. */
	params[0].place.first_int = 100;
	params[1].place.first_float = 100;
	params[2].place.stack_offset = INT64_MIN;
	assert_string_equal(describe(&sig, false), "a=AX,BX@8 b=X0 c=8 d=CX ->");
	sig.gaps = false;
	params[3].place.first_int = 7;
	assert_string_equal(describe(&sig, false), "a=AX,BX@8 b=X0 c=8 d=CX ->");
}

/* The rank of a dictionary is wrong where the receiver before it is not listed: a takes DI, the
 * unnamed receiver, the dictionary and an unnamed parameter what is before it, and b comes next. */
static void test_gap_at_dictionary(void **state)
{
	struct dwarf_param params[] = {PARAM("a", int), PARAM(".dict", int), PARAM("b", int)};
	struct dwarf_signature sig = {.params = params, .nparams = 3, .gaps = true};

	(void)state;
	params[1].dictionary = true;
	params[0].place.first_int = 3;
	params[2].place.first_int = 4;
	assert_string_equal(describe(&sig, false), "a=DI b=SI ->");
}

/* 2^60 parts without size, and sizes beyond all memory. */
static void test_hostile(void **state)
{
	static struct gotype nested[60];
	static struct gotype_field fields[60][2];
	struct gotype huge = {.name = "huge",
			      .kind = GOTYPE_ARRAY,
			      .size = UINT64_MAX,
			      .align = 8,
			      .count = UINT64_MAX / 8,
			      .elem = &type_int};
	struct gotype outer = {.name = "outer", .kind = GOTYPE_STRUCT, .size = 8, .align = 8};
	struct gotype_field parts[2] = {{.name = "z", .type = &nested[59]},
					{.name = "i", .type = &type_int}};
	struct dwarf_param params[2] = {PARAM("a", int), PARAM("b", int)};
	struct dwarf_signature sig = {.params = params, .nparams = 2};

	(void)state;
	for (int i = 0; i < 60; i++) {
		nested[i] = (struct gotype){.name = "z", .kind = GOTYPE_STRUCT, .align = 1};
		if (!i)
			continue;
		fields[i][0].type = fields[i][1].type = &nested[i - 1];
		fields[i][0].name = fields[i][1].name = "z";
		nested[i].fields = fields[i];
		nested[i].nfields = 2;
	}
	outer.fields = parts;
	outer.nfields = 2;
	params[0].type = &outer;
	assert_string_equal(describe(&sig, false), "a=? b=? ->");
	params[0].type = &nested[59];
	assert_string_equal(describe(&sig, false), "a=8 b=AX ->");
	params[0].type = params[1].type = &huge;
	assert_string_equal(describe(&sig, false), "a=? b=? ->");
}

static struct build builds[] = {
	{"", "", 99},      {"", "-gcflags='-N -l'", 99},
	{"19.13", "", 19}, {"22.12", "-ldflags=-compressdwarf=false", 22},
	{"25.0", "", 25},  {"27.0", "", 27},
};

int main(void)
{
	const struct CMUnitTest tests[] = {
		{"the compiler in PATH", test_build, NULL, teardown, &builds[0]},
		{"not optimised", test_build, NULL, teardown, &builds[1]},
		{"Go 1.19", test_build, NULL, teardown, &builds[2]},
		{"Go 1.22, DWARF 4", test_build, NULL, teardown, &builds[3]},
		{"Go 1.25", test_build, NULL, teardown, &builds[4]},
		{"Go 1.27", test_build, NULL, teardown, &builds[5]},
		cmocka_unit_test_teardown(test_abi0, teardown),
		cmocka_unit_test_teardown(test_unknown, teardown),
		cmocka_unit_test_teardown(test_gaps, teardown),
		cmocka_unit_test_teardown(test_gap_at_dictionary, teardown),
		cmocka_unit_test_teardown(test_hostile, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
