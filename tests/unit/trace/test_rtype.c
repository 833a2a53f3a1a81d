/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "go_program.h"
#include "image/dwarf.h"
#include "trace/rtype.h"

static const char main_go[] =
	"package main\n"
	"import (\n"
	"	\"errors\"\n"
	"	\"fmt\"\n"
	"	\"os\"\n"
	"	\"time\"\n"
	"	\"unsafe\"\n"
	"	\"example.com/target/store\"\n"
	")\n"
	"type inner struct { A int8; B []int; _ int32; C *inner }\n"
	"type Outer struct {\n"
	"	inner\n"
	"	Name string\n"
	"	Err error\n"
	"	Any any\n"
	"	List [100]int16\n"
	"	Last int\n"
	"}\n"
	"type Pair[K, V any] struct { Key K; Val V }\n"
	"type Names map[string]store.Item\n"
	"type Handler func(int) error\n"
	/* Go 1.24 describes no type that is only a value of an interface. */
	"//go:noinline\n"
	"func named(inner, Outer, Pair[store.Item, *int], Names, Handler, []*store.Item,\n"
	"	[2]map[string]store.Item, chan<- store.Item, chan (<-chan int), <-chan func(),\n"
	"	time.Duration, unsafe.Pointer, map[string]struct{}, *error, time.Time,\n"
	"	func(store.Item, ...*store.Item) (int, error), func(any) store.Item) {}\n"
	"func main() {\n"
	"	named(inner{}, Outer{}, Pair[store.Item, *int]{}, nil, nil, nil,\n"
	"		[2]map[string]store.Item{}, nil, nil, nil, 0, nil, nil, nil, time.Time{}, nil, nil)\n"
	"	for _, x := range []any{\n"
	"		inner{}, &Outer{}, Pair[store.Item, *int]{}, Names{}, Handler(nil),\n"
	"		[]*store.Item{}, [2]map[string]store.Item{}, make(chan<- store.Item),\n"
	"		make(chan (<-chan int)), make(<-chan func()), time.Duration(1), 'x', 1.5, \"\",\n"
	"		complex64(1), []byte{}, unsafe.Pointer(nil), errors.New(\"\"), struct{ P *int }{},\n"
	"		fmt.Errorf(\"%w\", os.ErrExist), map[string]struct{}{}, (*error)(nil), struct{}{},\n"
	"		time.Time{}, (func(store.Item, ...*store.Item) (int, error))(nil), (func(any) store.Item)(nil),\n"
	"	} {\n"
	"		fmt.Println(x)\n"
	"	}\n"
	"}\n";

static struct go_program program;
static struct image *img;
static struct dwarf *dw;
static struct rtypes *types;
static uint64_t base, end;

static int build(void **state)
{
	char command[128];

	(void)state;
	if (!go_program_init(&program, main_go))
		return -1;
	snprintf(command, sizeof(command), "mkdir %s/store", program.dir);
	return system(command) ||
			       !go_program_write(&program, "store/store.go",
						 "package store\n"
						 "type Item struct { Name string; N int }\n") ||
			       !go_program_build(&program, "plain", "") ||
			       !go_program_build(&program, "pie", "-buildmode=pie")
		       ? -1
		       : 0;
}

static int clean(void **state)
{
	(void)state;
	go_program_remove(&program);
	return 0;
}

static void open_types(const char *name)
{
	img = go_program_image(&program, name);
	types = rtypes_new(img);
	assert_non_null(types);
	assert_int_equal(image_types(img, &base, &end), 0);
	dw = dwarf_open_fd(image_fd(img), name, true, NULL);
	assert_non_null(dw);
}

static int open_plain(void **state)
{
	(void)state;
	open_types("plain");
	return 0;
}

static int open_pie(void **state)
{
	(void)state;
	open_types("pie");
	return 0;
}

static int close_types(void **state)
{
	(void)state;
	rtypes_free(types);
	dwarf_close(dw);
	image_free(img);
	return 0;
}

/* Where debug information says that the descriptor is. */
static const struct rtype *find(const char *name)
{
	const struct gotype *type = dwarf_type(dw, name);

	if (!type || !type->runtime_type)
		fail_msg("%s: not in the debug information", name);
	return rtypes_find(types, type->runtime_type < base ? base + type->runtime_type
							    : type->runtime_type);
}

static void names_are_those_of_debug_information(void **state)
{
	static const char *const names[][2] = {
		{"main.inner", "main.inner"},
		{"*main.Outer", "*main.Outer"},
		{"main.Pair[example.com/target/store.Item,*int]",
		 "main.Pair[example.com/target/store.Item,*int]"},
		{"main.Names", "main.Names"},
		{"main.Handler", "main.Handler"},
		{"[]*example.com/target/store.Item", "[]*store.Item"},
		{"[2]map[string]example.com/target/store.Item", "[2]map[string]store.Item"},
		{"chan<- example.com/target/store.Item", "chan<- store.Item"},
		{"chan (<-chan int)", "chan (<-chan int)"},
		{"<-chan func()", "<-chan func()"},
		{"time.Duration", "time.Duration"},
		{"int32", "int32"},
		{"float64", "float64"},
		{"string", "string"},
		{"*errors.errorString", "*errors.errorString"},
		{"*fmt.wrapError", "*fmt.wrapError"},
		{"map[string]struct {}", "map[string]struct {}"},
		{"*error", "*error"},
		{"func(example.com/target/store.Item, ...*example.com/target/store.Item) (int, error)",
		 "func(store.Item, ...*store.Item) (int, error)"},
		{"func(interface {}) example.com/target/store.Item",
		 "func(interface {}) store.Item"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct rtype *type = find(names[i][0]);

		if (!type)
			fail_msg("%s: not found", names[i][0]);
		assert_string_equal(type->name, names[i][0]);
		assert_string_equal(type->text, names[i][1]);
		assert_int_equal(type->kind, dwarf_type(dw, names[i][0])->kind);
	}
}

static void assert_same_layout(const struct shape *shape, const struct gotype *type)
{
	size_t kept = 0;

	for (size_t i = 0; i < type->nfields; i++) {
		if (!strcmp(type->fields[i].name, "_"))
			continue;
		assert_true(kept < shape->nchildren);
		assert_string_equal(shape->children[kept].name, type->fields[i].name);
		assert_int_equal(shape->children[kept].at, type->fields[i].offset);
		kept++;
	}
	assert_int_equal(kept, shape->nchildren);
}

static void structs_lie_as_debug_information_says(void **state)
{
	const struct rtype *outer = find("*main.Outer"), *inner = find("main.inner");
	const struct shape *shape;

	(void)state;
	assert_int_equal(outer->shape.kind, SHAPE_POINTER);
	shape = &outer->shape.children[0];
	assert_same_layout(shape, dwarf_type(dw, "main.Outer"));
	assert_same_layout(&shape->children[0], dwarf_type(dw, "main.inner"));
	assert_int_equal(shape->children[1].kind, SHAPE_STRING);
	assert_int_equal(shape->children[2].kind, SHAPE_INTERFACE);
	assert_false(shape->children[2].iface.empty);
	assert_true(shape->children[3].iface.empty);
	assert_int_equal(shape->children[4].count, 100);
	assert_int_equal(shape->children[4].shown, 8);
	/* Behind the bytes that a record can bring. */
	assert_int_equal(shape->children[5].kind, SHAPE_DEEPER);
	assert_same_layout(&inner->shape, dwarf_type(dw, "main.inner"));
	assert_int_equal(inner->shape.children[0].kind, SHAPE_SIGNED);
	assert_int_equal(inner->shape.children[0].size, 1);
	assert_int_equal(inner->shape.children[1].kind, SHAPE_SLICE);
	assert_int_equal(inner->shape.children[2].kind, SHAPE_POINTER);
}

static void pointers_maps_and_funcs_are_direct(void **state)
{
	static const char *const direct[] = {"*main.Outer", "main.Names", "main.Handler",
					     "unsafe.Pointer", "<-chan func()"};
	static const char *const indirect[] = {"main.inner", "string", "int32", "time.Duration",
					       "[]uint8"};

	(void)state;
	for (size_t i = 0; i < sizeof(direct) / sizeof(direct[0]); i++)
		assert_true(find(direct[i])->direct);
	for (size_t i = 0; i < sizeof(indirect) / sizeof(indirect[0]); i++)
		assert_false(find(indirect[i])->direct);
}

static void durations_and_instants_are_marked(void **state)
{
	(void)state;
	assert_ptr_equal(find("time.Duration")->shape.row, known_named("time.Duration"));
	assert_ptr_equal(find("time.Time")->shape.row, known_named("time.Time"));
	assert_null(find("main.inner")->shape.row);
	assert_null(find("float64")->shape.row);
}

static void only_known_errors_say_their_text(void **state)
{
	(void)state;
	assert_true(find("*errors.errorString")->says);
	assert_true(find("*fmt.wrapError")->says);
	assert_false(find("*main.Outer")->says);
	assert_false(find("string")->says);
}

static void what_is_no_descriptor_is_not_known(void **state)
{
	(void)state;
	assert_null(rtypes_find(types, 0));
	assert_null(rtypes_find(types, base - 8));
	assert_null(rtypes_find(types, end));
	assert_null(rtypes_find(types, UINT64_MAX));
	assert_null(rtypes_of_itab(types, 0));
	assert_null(rtypes_of_itab(types, UINT64_MAX - 7));
}

static void every_address_is_survived(void **state)
{
	size_t found = 0;

	(void)state;
	for (uint64_t at = base; at < end; at++) {
		found += !!rtypes_find(types, at);
		rtypes_trim(types);
	}
	assert_true(found > 100);
}

/* Overwrites what the descriptors and names hold, and looks at all of them again. */
static void damaged_descriptors_are_survived(void **state)
{
	struct image *whole = go_program_image(&program, "plain");
	uint64_t random = 88172645463325252u;
	const uint8_t *mark;
	static char file[8 << 20];
	char path[128];
	size_t size, at = 0;
	FILE *f;

	(void)state;
	assert_int_equal(image_types(whole, &base, &end), 0);
	mark = image_bytes(whole, base, 64);
	assert_non_null(mark);
	snprintf(path, sizeof(path), "%s/plain", program.dir);
	f = fopen(path, "r");
	assert_non_null(f);
	size = fread(file, 1, sizeof(file), f);
	fclose(f);
	while (at + 64 < size && memcmp(file + at, mark, 64))
		at++;
	image_free(whole);
	assert_true(at + (end - base) < size);
	for (uint64_t i = 0; i < (end - base) / 16; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		file[at + random % (end - base)] = (char)(random >> 40);
	}
	assert_true(go_program_write(&program, "damaged", ""));
	snprintf(path, sizeof(path), "%s/damaged", program.dir);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(file, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
	img = go_program_image(&program, "damaged");
	types = rtypes_new(img);
	assert_non_null(types);
	for (uint64_t vaddr = base; vaddr < end; vaddr += 8) {
		rtypes_find(types, vaddr);
		rtypes_of_itab(types, vaddr);
		rtypes_trim(types);
	}
	rtypes_free(types);
	image_free(img);
}

int main(void)
{
#define BOTH(name)                                                \
	{#name, name, open_plain, close_types, NULL},             \
	{                                                         \
#name " (PIE)", name, open_pie, close_types, NULL \
	}
	const struct CMUnitTest tests[] = {
		BOTH(names_are_those_of_debug_information),
		BOTH(structs_lie_as_debug_information_says),
		BOTH(pointers_maps_and_funcs_are_direct),
		BOTH(durations_and_instants_are_marked),
		BOTH(only_known_errors_say_their_text),
		BOTH(what_is_no_descriptor_is_not_known),
		BOTH(every_address_is_survived),
		cmocka_unit_test(damaged_descriptors_are_survived),
	};

	return cmocka_run_group_tests(tests, build, clean);
}
