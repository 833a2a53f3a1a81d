/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * moduledata and tls on a program put together by hand: one page of code, one of data, and dynamic
 * relocations, as an external linker leaves them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "image/moduledata.h"
#include "image/tls.h"

enum {
	CODE = 0x1000,
	DATA = 0x2000,
	RELA = 0x3000,
	PAGE = 0x1000,
	SIZE = 0x4000,
	TAB = 0x2000, /* the pclntab, at the start of the data */
	MD = 0x2800,
	GOT = 0x2f00,
};

enum { NAMES = 80, CUS = 128, FILES = 136, PCS = 144, FUNCS = 160, TAB_SIZE = 256 };

struct program {
	uint8_t bytes[SIZE]; /* addresses are file offsets */
	struct elf_segment segments[3];
	struct elf_file elf;
	struct pclntab tab;
};

static void put64(uint8_t *at, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		at[i] = (uint8_t)(v >> (8 * i));
}

static void put32(uint8_t *at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(v >> (8 * i));
}

/* One assembly function, runtime.gogo, 64 bytes at the start of the text. */
static void make_pclntab(uint8_t *t)
{
	static const uint32_t offsets[] = {NAMES, CUS, FILES, PCS, FUNCS};
	uint8_t *f = t + FUNCS + 16;

	put32(t, PCLNTAB_GO120);
	t[6] = 1;
	t[7] = 8;
	put64(t + 8, 1);
	for (int i = 0; i < 5; i++)
		put64(t + 32 + 8 * i, offsets[i]);
	memcpy(t + NAMES + 1, "runtime.gogo", 13);
	memcpy(t + PCS, "\0\x02\x40\0", 4);
	put32(t + FUNCS + 4, 16);
	put32(t + FUNCS + 8, 64);
	put32(f + 4, 1);
	put32(f + 16, 1);
	f[41] = FUNC_FLAG_ASM;
}

static void add_rela(struct program *p, uint64_t offset, uint32_t type, uint64_t addend)
{
	uint8_t *r = p->bytes + RELA + p->elf.nrela++ * 24;

	put64(r, offset);
	put64(r + 8, type);
	put64(r + 16, addend);
}

/* Words of moduledata that have a value, with `gofunc` the index of that word. */
static void make_moduledata(struct program *p, int gofunc, bool relocated)
{
	const struct {
		int word;
		uint64_t value;
		bool pointer;
	} words[] = {
		{0, TAB, true},        {16, TAB + FUNCS, true}, {17, 2, false},
		{20, CODE, true},      {21, CODE + 64, true},   {22, CODE, true},
		{23, CODE + 64, true}, {gofunc, 0x1234, true},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		uint64_t at = MD + (uint64_t)words[i].word * 8;

		if (relocated && words[i].pointer)
			add_rela(p, at, R_X86_64_RELATIVE, words[i].value);
		else
			put64(p->bytes + at, words[i].value);
	}
}

static struct program *make_program(uint64_t tls_size)
{
	struct program *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	p->segments[0] = (struct elf_segment){.vaddr = CODE,
					      .memsz = PAGE,
					      .offset = CODE,
					      .filesz = PAGE,
					      .type = PT_LOAD,
					      .flags = PF_R | PF_X};
	p->segments[1] = (struct elf_segment){.vaddr = DATA,
					      .memsz = PAGE,
					      .offset = DATA,
					      .filesz = PAGE,
					      .type = PT_LOAD,
					      .flags = PF_R | PF_W};
	p->segments[2] = (struct elf_segment){.memsz = tls_size, .align = 16, .type = PT_TLS};
	p->elf = (struct elf_file){.content = {.data = p->bytes, .size = SIZE, .fd = -1},
				   .arch = arch_of(EM_X86_64),
				   .pie = true,
				   .segments = p->segments,
				   .nsegments = tls_size ? 3 : 2,
				   .rela = p->bytes + RELA};
	make_pclntab(p->bytes + TAB);
	assert_int_equal(pclntab_init(&p->tab, p->bytes + TAB, TAB_SIZE, TAB, 1), 0);
	return p;
}

static void test_moduledata(void **state)
{
	static const struct {
		int minor, gofunc;
		uint64_t want;
	} rows[] = {{19, 38, 0x1234}, {20, 40, 0x1234}, {26, 40, 0x1234},
		    {27, 43, 0x1234}, {28, 43, 0},      {0, 40, 0}};
	static const struct symtab none;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) * 2; i++) {
		struct program *p = make_program(0);
		struct moduledata md;

		make_moduledata(p, rows[i / 2].gofunc, i % 2);
		assert_int_equal(moduledata_find(&md, &p->elf, &p->tab, &none, rows[i / 2].minor),
				 0);
		assert_int_equal(md.vaddr, MD);
		assert_int_equal(md.text, CODE);
		assert_int_equal(md.etext, CODE + 64);
		assert_int_equal(md.gofunc, rows[i / 2].want);
		free(p);
	}
}

static void test_moduledata_must_fit(void **state)
{
	static const struct {
		int word;
		uint64_t value;
	} damage[] = {
		{0, TAB + 8}, {16, TAB},      {17, 1},         {20, CODE + 1},
		{21, CODE},   {22, CODE + 8}, {23, CODE + 32}, {23, CODE + 2 * PAGE},
	};
	static const struct symtab none;
	struct moduledata md;

	(void)state;
	for (size_t i = 0; i < sizeof(damage) / sizeof(damage[0]); i++) {
		struct program *p = make_program(0);

		make_moduledata(p, 40, false);
		put64(p->bytes + MD + damage[i].word * 8, damage[i].value);
		assert_int_equal(moduledata_find(&md, &p->elf, &p->tab, &none, 26), -ENOENT);
		free(p);
	}
}

struct tls_case {
	uint8_t code[40];
	uint64_t tls_size;
	int ret;
	int64_t offset;
};

static const struct tls_case tls_cases[] = {
	/* mov %rdx,%fs:-8; in a program of Go alone, without PT_TLS */
	{{0x64, 0x48, 0x89, 0x14, 0x25, 0xf8, 0xff, 0xff, 0xff}, 0, 0, -8},
	/* the same with C's variables: 56 bytes rounded up to 64 */
	{{0x64, 0x48, 0x89, 0x14, 0x25, 0xc0, 0xff, 0xff, 0xff}, 56, 0, -64},
	/* beyond the block */
	{{0x64, 0x48, 0x89, 0x14, 0x25, 0xb8, 0xff, 0xff, 0xff}, 56, -ENOENT, 0},
	/* mov $-24,%rcx; mov %rdx,%fs:(%rcx) */
	{{0x48, 0xc7, 0xc1, 0xe8, 0xff, 0xff, 0xff, 0x64, 0x48, 0x89, 0x11}, 56, 0, -24},
	/* mov $-24,%rcx; mov %rdx,%fs:(%rax): another register */
	{{0x48, 0xc7, 0xc1, 0xe8, 0xff, 0xff, 0xff, 0x64, 0x48, 0x89, 0x10}, 56, -ENOENT, 0},
	/* mov GOT(%rip),%rcx; mov %fs:(%rcx),%rax; R_X86_64_TPOFF64 fills the slot */
	{{0x48, 0x8b, 0x0d, 0xf9, 0x1e, 0, 0, 0x64, 0x48, 0x8b, 0x01}, 56, 0, 16 - 64},
	/* two accesses that disagree */
	{{0x64, 0x48, 0x89, 0x14, 0x25, 0xf8, 0xff, 0xff, 0xff, 0x64, 0x48, 0x89, 0x14, 0x25, 0xf0,
	  0xff, 0xff, 0xff},
	 56,
	 -ENOENT,
	 0},
	/* none */
	{{0x90}, 56, -ENOENT, 0},
};

static void test_tls(void **state)
{
	static const struct symtab none;

	(void)state;
	for (size_t i = 0; i < sizeof(tls_cases) / sizeof(tls_cases[0]); i++) {
		const struct tls_case *c = &tls_cases[i];
		struct program *p = make_program(c->tls_size);
		int64_t offset = 0;
		int ret;

		memset(p->bytes + CODE, 0x90, 64);
		memcpy(p->bytes + CODE, c->code, sizeof(c->code));
		add_rela(p, GOT, R_X86_64_TPOFF64, 16);
		ret = tls_g_offset(&p->elf, &none, &p->tab, CODE, &offset);
		if (ret != c->ret || (ret == 0 && offset != c->offset))
			fail_msg("case %zu: %d, %lld", i, ret, (long long)offset);
		p->elf.shared = true;
		assert_int_equal(tls_g_offset(&p->elf, &none, &p->tab, CODE, &offset), -ENOENT);
		free(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moduledata),
		cmocka_unit_test(test_moduledata_must_fit),
		cmocka_unit_test(test_tls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
