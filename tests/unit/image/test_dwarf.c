/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Types and signatures of tests/unit/image/shapes, built by several compilers, against what its
 * source says.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "image/gotype.h"
#include "shapes.h"

static void add_list(struct buf *buf, const struct dwarf_param *params, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buf_adds(buf, i ? ", " : "");
		/* How a dictionary is typed differs, and nothing depends on it. */
		if (params[i].dictionary)
			buf_adds(buf, "DICT");
		else
			buf_addf(buf, "%s %s", params[i].name, params[i].type->name);
	}
}

static const char *describe(const struct dwarf_signature *sig)
{
	struct buf *buf = &text;

	buf_reset(buf);
	buf_adds(buf, "(");
	add_list(buf, sig->params, sig->nparams);
	buf_adds(buf, ") (");
	add_list(buf, sig->results, sig->nresults);
	buf_adds(buf, ")");
	for (size_t i = 0; i < sig->ncaptures; i++)
		buf_addf(buf, " [%s%s %s +%llu]", sig->captures[i].by_ref ? "&" : "",
			 sig->captures[i].name, sig->captures[i].type->name,
			 (unsigned long long)sig->captures[i].offset);
	return buf_str(buf);
}

struct expected {
	const char *name;
	int from, to; /* Go minor releases, both included */
	const char *text;
};

static const struct expected signatures[] = {
	{"main.(*student).String", 19, 99, "(s *main.student) (~r0 string)"},
	{"main.student.val", 19, 99, "(s main.student, x int, y float64) (~r0 string, ~r1 error)"},
	{"main.ints", 19, 99,
	 "(a int8, b uint16, c int32, d int64, e uint, f uintptr, g bool, h int32, i uint8, j int)"
	 " (~r0 int)"},
	{"main.nums", 19, 99,
	 "(a int16, b uint32, c uint64, d float32, e float64, f complex64, g complex128, h int)"
	 " (~r0 float32, ~r1 complex64)"},
	{"main.mixed", 19, 99,
	 "(a float32, b int, c complex128, d string, e []int, f map[string]int, g chan int,"
	 " h func(int) string, i error, j interface {}) (x float64, y string, z error)"},
	{"main.blanks", 22, 99,
	 "(~p0 int, a string, ~p2 float64, ~p3 struct {}, b [2]int, c main.one, d [0]int,"
	 " e main.empty) (~r0 int, s string, ~r2 error)"},
	{"main.blanks", 19, 21,
	 "(a string, b [2]int, c main.one, d [0]int, e main.empty) (~r0 int, s string, ~r2 error)"},
	{"main.unnamed", 22, 99, "(~p0 int, ~p1 string) (~r0 int, ~r1 error)"},
	{"main.unused", 19, 99, "(a int, b string, c main.celsius, d time.Duration) ()"},
	{"main.variadic", 19, 99, "(f string, args []interface {}) (~r0 int)"},
	{"main.ptrs", 19, 99,
	 "(a unsafe.Pointer, b **int, c main.fn, d main.stringer, e *[4]int, f <-chan string) ()"},
	{"main.inlined", 22, 99, "(~p0 int, a string, ~p2 float64, b int) (~r0 int)"},
	{"main.closures", 19, 99, "(n int, s string) (~r0 func(int) int)"},
	{"main.closures.func1", 23, 99,
	 "(k int) (~r0 int) [&cnt int +8] [&e error +16] [n int +40] [s string +24]"},
	{"main.results", 19, 99,
	 "(a [3]int, b int) (~r0 int, ~r1 [2]string, ~r2 float64, ~r3 string, ~r4 string,"
	 " ~r5 string, ~r6 string, ~r7 int, ~r8 main.inner)"},
	{"main.anonymous", 19, 99, "(x struct { main.a int; main.b string }) (~r0 int)"},
	{"main.generic[go.shape.string]", 20, 99,
	 "(DICT, x go.shape.string, n int) (~r0 go.shape.string)"},
	{"main.generic[go.shape.string_0]", 19, 19,
	 "(DICT, x go.shape.string_0, n int) (~r0 go.shape.string_0)"},
	{"main.(*pair[go.shape.string,go.shape.int]).get", 20, 99,
	 "(p *main.pair[go.shape.string,go.shape.int], DICT, k go.shape.string)"
	 " (~r0 go.shape.int, ~r1 bool)"},
	{"main.(*pair[go.shape.string_0,go.shape.int_1]).get", 19, 19,
	 "(DICT, p *main.pair[go.shape.string_0,go.shape.int_1], k go.shape.string_0)"
	 " (~r0 go.shape.int_1, ~r1 bool)"},
	{"main.inlinedGeneric[string]", 20, 99, "(x string, n int) (~r0 string)"},
	/* The body of a loop over a function; results of the function around it are not recorded. */
	{"main.ranged-range1", 25, 99, "(~p0 string, v int) () [n int +16]"},
	{"main.nodes", 19, 99, "(n main.node, m *main.node) (~r0 main.node)"},
	{"main.main", 19, 99, "() ()"},
};

/* In the compiler's own lists the captures have no fixed order. */
static void sort_captures(struct dwarf_signature *sig)
{
	for (size_t i = 1; i < sig->ncaptures; i++)
		for (size_t j = i;
		     j && strcmp(sig->captures[j].name, sig->captures[j - 1].name) < 0; j--) {
			struct dwarf_capture swap = sig->captures[j];

			sig->captures[j] = sig->captures[j - 1];
			sig->captures[j - 1] = swap;
		}
}

static void check_signatures(void)
{
	for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
		const struct expected *expected = &signatures[i];
		struct dwarf_signature sig;
		uint64_t entry;

		if (built_minor < expected->from || built_minor > expected->to)
			continue;
		entry = gotarget_address(&target, expected->name);
		if (!entry)
			fail_msg("%s is not in the program", expected->name);
		assert_int_equal(dwarf_function(dw, entry, true, &sig), 0);
		assert_string_equal(sig.name, expected->name);
		assert_int_equal(sig.entry, entry);
		sort_captures(&sig);
		assert_string_equal(describe(&sig), expected->text);
	}
}

static const struct {
	const char *name;
	enum gotype_kind kind;
	uint64_t size;
	uint32_t align;
	const char *elem, *key; /* NULL: none */
} types[] = {
	{"bool", GOTYPE_BOOL, 1, 1, NULL, NULL},
	{"int", GOTYPE_INT, 8, 8, NULL, NULL},
	{"int8", GOTYPE_INT8, 1, 1, NULL, NULL},
	{"int16", GOTYPE_INT16, 2, 2, NULL, NULL},
	{"int32", GOTYPE_INT32, 4, 4, NULL, NULL},
	{"int64", GOTYPE_INT64, 8, 8, NULL, NULL},
	{"uint", GOTYPE_UINT, 8, 8, NULL, NULL},
	{"uint8", GOTYPE_UINT8, 1, 1, NULL, NULL},
	{"uint16", GOTYPE_UINT16, 2, 2, NULL, NULL},
	{"uint32", GOTYPE_UINT32, 4, 4, NULL, NULL},
	{"uint64", GOTYPE_UINT64, 8, 8, NULL, NULL},
	{"uintptr", GOTYPE_UINTPTR, 8, 8, NULL, NULL},
	{"float32", GOTYPE_FLOAT32, 4, 4, NULL, NULL},
	{"float64", GOTYPE_FLOAT64, 8, 8, NULL, NULL},
	{"complex64", GOTYPE_COMPLEX64, 8, 4, NULL, NULL},
	{"complex128", GOTYPE_COMPLEX128, 16, 8, NULL, NULL},
	{"string", GOTYPE_STRING, 16, 8, NULL, NULL},
	{"error", GOTYPE_INTERFACE, 16, 8, NULL, NULL},
	{"interface {}", GOTYPE_INTERFACE, 16, 8, NULL, NULL},
	{"unsafe.Pointer", GOTYPE_UNSAFE_POINTER, 8, 8, NULL, NULL},
	{"[]int", GOTYPE_SLICE, 24, 8, "int", NULL},
	{"[2]int", GOTYPE_ARRAY, 16, 8, "int", NULL},
	{"[0]int", GOTYPE_ARRAY, 0, 8, "int", NULL},
	{"[3]int8", GOTYPE_ARRAY, 3, 1, "int8", NULL},
	{"map[string]int", GOTYPE_MAP, 8, 8, "int", "string"},
	{"chan int", GOTYPE_CHAN, 8, 8, "int", NULL},
	{"func(int) string", GOTYPE_FUNC, 8, 8, NULL, NULL},
	{"*main.student", GOTYPE_POINTER, 8, 8, "main.student", NULL},
	{"main.celsius", GOTYPE_FLOAT64, 8, 8, NULL, NULL},
	{"time.Duration", GOTYPE_INT64, 8, 8, NULL, NULL},
	{"main.fn", GOTYPE_FUNC, 8, 8, NULL, NULL},
	{"main.stringer", GOTYPE_INTERFACE, 16, 8, NULL, NULL},
	{"main.one", GOTYPE_ARRAY, 16, 8, "string", NULL},
	{"main.empty", GOTYPE_STRUCT, 0, 1, NULL, NULL},
	{"main.inner", GOTYPE_STRUCT, 8, 4, NULL, NULL},
	{"main.student", GOTYPE_STRUCT, 48, 8, NULL, NULL},
	{"main.node", GOTYPE_STRUCT, 48, 8, NULL, NULL},
	{"main.hole", GOTYPE_STRUCT, 16, 8, NULL, NULL},
};

static void check_types(void)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		const struct gotype *type = dwarf_type(dw, types[i].name);

		if (!type)
			fail_msg("no type %s", types[i].name);
		assert_string_equal(type->name, types[i].name);
		assert_string_equal(gotype_kind_name(type->kind), gotype_kind_name(types[i].kind));
		assert_int_equal(type->size, types[i].size);
		assert_int_equal(type->align, types[i].align);
		if (types[i].elem)
			assert_string_equal(gotype_elem(type)->name, types[i].elem);
		else
			assert_null(gotype_elem(type));
		if (types[i].key)
			assert_string_equal(gotype_key(type)->name, types[i].key);
		else
			assert_null(gotype_key(type));
	}
	assert_null(dwarf_type(dw, "main.nothing"));
	assert_null(dwarf_type(dw, ""));
	assert_true(dwarf_type(dw, "interface {}")->empty_interface);
	assert_false(dwarf_type(dw, "error")->empty_interface);
	assert_false(dwarf_type(dw, "main.stringer")->empty_interface);
	assert_int_equal(dwarf_type(dw, "[2]int")->count, 2);
}

static void check_fields(void)
{
	static const struct {
		const char *name, *type;
		uint64_t offset;
		bool embedded;
	} fields[] = {
		{"inner", "main.inner", 0, true},
		{"name", "string", 8, false},
		{"age", "int", 24, false},
		{"_", "int16", 32, false},
		{"next", "*main.student", 40, false},
	};
	const struct gotype *student = dwarf_type(dw, "main.student");
	const struct gotype *node = dwarf_type(dw, "main.node");

	assert_int_equal(student->nfields, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_string_equal(student->fields[i].name, fields[i].name);
		assert_string_equal(student->fields[i].type->name, fields[i].type);
		assert_int_equal(student->fields[i].offset, fields[i].offset);
		assert_int_equal(student->fields[i].embedded, fields[i].embedded);
	}
	assert_ptr_equal(gotype_elem(gotype_field(student, "next")->type), student);
	assert_null(gotype_field(student, "a"));
	assert_ptr_equal(gotype_elem(gotype_field(node, "kids")->type), node);
	assert_ptr_equal(gotype_elem(gotype_field(node, "up")->type), node);
	assert_ptr_equal(gotype_elem(gotype_field(node, "by")->type), node);
	assert_ptr_equal(gotype_elem(gotype_field(node, "ch")->type), node);
}

/* As compilers lay out runtime.g: stack first; goid and m behind the guards. */
static void check_members(int minor)
{
	bool shifted = minor == 23 || minor == 24;
	uint64_t offset;

	assert_int_equal(dwarf_member(dw, "runtime.g", "goid", &offset), 0);
	assert_int_equal(offset, shifted ? 160 : 152);
	assert_int_equal(dwarf_member(dw, "runtime.g", "m", &offset), 0);
	assert_int_equal(offset, 48);
	assert_int_equal(dwarf_member(dw, "runtime.stack", "hi", &offset), 0);
	assert_int_equal(offset, 8);
	assert_int_equal(dwarf_member(dw, "runtime.g", "no such", &offset), -ENOENT);
	assert_int_equal(dwarf_member(dw, "no such", "goid", &offset), -ENOENT);
	assert_int_equal(dwarf_member(dw, "int", "goid", &offset), -ENOENT);
}

static void test_build(void **state)
{
	const struct build *build = *state;
	struct dwarf_signature sig;

	open_build(build);
	check_types();
	check_fields();
	check_members(built_minor);
	check_signatures();
	assert_int_equal(dwarf_function(dw, 0, true, &sig), -ENOENT);
	assert_int_equal(dwarf_function(dw, gotarget_address(&target, "main.ints") + 1, true, &sig),
			 -ENOENT);
	assert_int_equal(dwarf_function(dw, UINT64_MAX, true, &sig), -ENOENT);
}

/* What the abstract function of an inlinable one lists comes in order, and its places are read
 * from the body. */
static void test_places(void **state)
{
	static const struct build build = {"", "", 99};
	struct dwarf_signature sig;

	(void)state;
	open_build(&build);
	assert_int_equal(dwarf_function(dw, gotarget_address(&target, "main.inlined"), true, &sig),
			 0);
	assert_int_equal(sig.params[1].place.first_int, 1);
	assert_int_equal(sig.params[3].place.first_int, 3);
	assert_false(sig.gaps);
	assert_int_equal(dwarf_function(dw, gotarget_address(&target, "main.mixed"), true, &sig),
			 0);
	assert_int_equal(sig.params[0].place.first_float, 0);
	assert_int_equal(sig.params[0].place.first_int, -1);
	assert_int_equal(sig.params[2].place.first_float, 1);
	assert_int_equal(sig.params[4].place.first_int, 3);
	assert_true(sig.params[8].place.on_stack);
	assert_int_equal(sig.params[8].place.stack_offset, 8);
	assert_int_equal(sig.params[9].place.stack_offset, 24);
}

static void test_none(void **state)
{
	struct error err = {0};

	(void)state;
	gotarget_build(&target, SHAPES, "", "-ldflags=-w");
	dw = dwarf_open_fd(target.fd, target.path, true, &err);
	assert_null(dw);
	assert_int_equal(err.code, -ENODATA);
	assert_non_null(strstr(err.text, target.path));
}

static void test_not_elf(void **state)
{
	struct error err = {0};
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	assert_null(dwarf_open_fd(fd, "/dev/null", true, &err));
	assert_int_equal(err.code, -ENOEXEC);
	close(fd);
	assert_null(dwarf_open_fd(-1, "nothing", true, &err));
	dwarf_close(NULL);
}

/* made.s: debug information that no compiler writes. */
static void open_made(void)
{
	char command[160];

	strcpy(target.dir, "/tmp/ftrace-unit.XXXXXX");
	assert_non_null(mkdtemp(target.dir));
	snprintf(target.path, sizeof(target.path), "%s/made.o", target.dir);
	snprintf(command, sizeof(command), "cc -c -o %s tests/unit/image/made.s", target.path);
	assert_int_equal(system(command), 0);
	assert_true(gotarget_read(&target));
	open_target();
}

/* Parameters that the body does not list come where the abstract function has them. */
static void test_merged(void **state)
{
	struct dwarf_signature sig;

	(void)state;
	open_made();
	assert_int_equal(dwarf_function(dw, 0x1000, true, &sig), 0);
	assert_string_equal(describe(&sig), "(a int, ~p1 int, b good, c int, d int) ()");
	assert_string_equal(sig.name, "main.f");
	assert_int_equal(dwarf_function(dw, 0x2000, true, &sig), 0);
	assert_string_equal(describe(&sig), "(~p0 int, a int, b good, c int, d int) ()");
	assert_int_equal(dwarf_function(dw, 0x1800, true, &sig), -ENOENT);
}

static void test_unsound_types(void **state)
{
	static const char *const unsound[] = {"narrow", "nokind", "over", "out",
					      "loop",   "wrap",   "short"};
	static const char *const cyclic[] = {"self", "ping", "pong"};
	uint64_t offset;

	(void)state;
	open_made();
	for (size_t i = 0; i < sizeof(unsound) / sizeof(unsound[0]); i++)
		assert_null(dwarf_type(dw, unsound[i]));
	for (size_t i = 0; i < sizeof(cyclic) / sizeof(cyclic[0]); i++) {
		const struct gotype *type = dwarf_type(dw, cyclic[i]);
		int depth = 0;

		for (; type->nfields && depth < 10; depth++)
			type = type->fields[0].type;
		assert_int_equal(type->kind, GOTYPE_INVALID);
		assert_true(depth <= 2);
	}
	assert_int_equal(dwarf_type(dw, "array")->count, 2);
	assert_int_equal(dwarf_member(dw, "good", "b", &offset), 0);
	assert_int_equal(offset, 8);
}

#define PLAIN "-ldflags=-compressdwarf=false"

static struct build builds[] = {
	{"", "", 99},      {"", "-gcflags='-N -l'", 99}, {"", PLAIN, 99},
	{"19.13", "", 19}, {"22.12", PLAIN, 22},         {"25.0", "", 25},
	{"27.0", "", 27},
};

int main(void)
{
	const struct CMUnitTest tests[] = {
		{"the compiler in PATH", test_build, NULL, teardown, &builds[0]},
		{"not optimised", test_build, NULL, teardown, &builds[1]},
		{"not compressed", test_build, NULL, teardown, &builds[2]},
		{"Go 1.19", test_build, NULL, teardown, &builds[3]},
		{"Go 1.22, DWARF 4", test_build, NULL, teardown, &builds[4]},
		{"Go 1.25", test_build, NULL, teardown, &builds[5]},
		{"Go 1.27", test_build, NULL, teardown, &builds[6]},
		cmocka_unit_test_teardown(test_places, teardown),
		cmocka_unit_test_teardown(test_merged, teardown),
		cmocka_unit_test_teardown(test_unsound_types, teardown),
		cmocka_unit_test_teardown(test_none, teardown),
		cmocka_unit_test(test_not_elf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
