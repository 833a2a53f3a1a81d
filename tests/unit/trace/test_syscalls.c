/* SPDX-License-Identifier: GPL-2.0-only */
/* System calls from what the kernel side keeps of them, also where that is not so. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cmocka.h>

#include "base/escape.h"
#include "trace/syscalls.h"

#define BYTES_MAX 16384

/* One call on its way. */
struct made {
	struct syscall_kept kept;
	unsigned char items[BYTES_MAX];
	size_t len;
	char text[4096];
};

static struct made *make(long number, int64_t result)
{
	struct made *made = calloc(1, sizeof(*made));

	assert_non_null(made);
	made->kept.number = (uint32_t)number;
	made->kept.result = result;
	return made;
}

static void item(struct made *made, struct ft_item head, const void *bytes, size_t len)
{
	head.len = (uint16_t)len;
	memcpy(made->items + made->len, &head, sizeof(head));
	memcpy(made->items + made->len + sizeof(head), bytes, len);
	made->len += sizeof(head) + ((len + 7) & ~(size_t)7);
}

static void entry(struct made *made, uint8_t what, uint8_t arg, const void *bytes, size_t len)
{
	item(made, (struct ft_item){.what = what, .arg = arg, .when = FT_AT_ENTRY}, bytes, len);
}

static void add_arg(struct buf *buf, const struct mark_arg *arg)
{
	switch ((enum mark_value)arg->kind) {
	case MARK_VALUE_NUMBER:
		buf_addi(buf, arg->number);
		break;
	case MARK_VALUE_UNSIGNED:
		buf_addu(buf, arg->u);
		break;
	case MARK_VALUE_HEX:
		buf_addf(buf, "%#llx", (unsigned long long)arg->u);
		break;
	case MARK_VALUE_WORD:
		buf_add(buf, arg->text, arg->len);
		break;
	case MARK_VALUE_TEXT:
		escape_quoted(buf, arg->text, arg->len);
		break;
	case MARK_VALUE_LIST:
		buf_addf(buf, "list of %u", arg->nvalues);
		break;
	case MARK_VALUE_NONE:
		buf_adds(buf, "NULL");
	}
	if (arg->truncated)
		buf_adds(buf, "...");
	if (arg->file)
		buf_addf(buf, "<%s>", arg->file);
	if (arg->aside)
		buf_adds(buf, " aside");
}

/* All that a sink is told. */
static const char *told(struct made *made)
{
	static const struct plan plan;
	struct mark_source source = {.plan = &plan};
	struct buf values = {0}, buf = {0};
	struct mark mark = {.kind = &mark_syscall};
	struct tree tree = {0};
	const struct mark_detail *detail;
	uint32_t len = (uint32_t)(sizeof(made->kept) + made->len);

	buf_add(&values, &len, sizeof(len));
	buf_add(&values, &made->kept, sizeof(made->kept));
	buf_add(&values, made->items, made->len);
	tree.values = (unsigned char *)values.data;
	tree.nvalues = (uint32_t)values.len;
	detail = mark_source_tell(&source, &tree, &mark);
	assert_non_null(detail);
	buf_addf(&buf, "%s(", detail->name);
	for (size_t i = 0; i < detail->nargs; i++) {
		if (i)
			buf_adds(&buf, ", ");
		add_arg(&buf, &detail->args[i]);
	}
	buf_addc(&buf, ')');
	if (detail->has_result && detail->result_text)
		buf_addf(&buf, " = %s", detail->result_text);
	else if (detail->has_result)
		buf_addf(&buf, " = %lld", (long long)detail->result);
	if (detail->error)
		buf_addf(&buf, " %s (%s)", detail->error,
			 detail->error_text ? detail->error_text : "");
	snprintf(made->text, sizeof(made->text), "%s", buf_str(&buf));
	buf_release(&buf);
	buf_release(&values);
	mark_source_release(&source);
	return made->text;
}

static void assert_told(struct made *made, const char *expected)
{
	assert_string_equal(told(made), expected);
	free(made);
}

static void test_open(void **state)
{
	struct made *made = make(SYS_openat, 7);

	(void)state;
	made->kept.args[0] = (uint64_t)-100;
	made->kept.args[1] = 0x1000;
	made->kept.args[2] = 02000000;
	entry(made, FT_READ_PATH, 1, "/etc/hosts", 10);
	assert_told(made, "openat(AT_FDCWD, \"/etc/hosts\", O_RDONLY|O_CLOEXEC, 0 aside) = 7");

	made = make(SYS_openat, -ENOENT);
	made->kept.args[0] = 5;
	made->kept.args[1] = 0x1000;
	made->kept.args[2] = 0101 | 1u << 30;
	made->kept.args[3] = 0644;
	item(made, (struct ft_item){.what = FT_READ_PATH, .arg = 1, .flags = FT_ITEM_FAULT}, "", 0);
	assert_told(
		made,
		"openat(5, 0x1000, O_WRONLY|O_CREAT|0x40000000, 0644) = -1 ENOENT (No such file or directory)");
}

static void test_buffers(void **state)
{
	struct made *made = make(SYS_write, 40);

	(void)state;
	made->kept.args[0] = 1;
	made->kept.args[1] = 0x1000;
	made->kept.args[2] = 40;
	item(made, (struct ft_item){.what = FT_READ_BYTES, .arg = 1, .flags = FT_ITEM_MORE},
	     "a\n\xff", 3);
	assert_told(made, "write(1, \"a\\n\\xff\"..., 40) = 40");

	made = make(SYS_read, 0);
	made->kept.args[1] = 0x1000;
	made->kept.args[2] = 9;
	assert_told(made, "read(0, \"\", 9) = 0");

	/* Nothing was read: an address, not an empty text. */
	made = make(SYS_read, 3);
	made->kept.args[1] = 0x1000;
	made->kept.args[2] = UINT64_MAX;
	assert_told(made, "read(0, 0x1000, 18446744073709551615) = 3");
}

static void test_errors(void **state)
{
	static const struct {
		int number;
		const char *expected;
	} errors[] = {
		{512, "close(3) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)"},
		{516, "close(3) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)"},
		{EBADF, "close(3) = -1 EBADF (Bad file descriptor)"},
		{4000, "close(3) = -1 4000 ()"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct made *made = make(SYS_close, -errors[i].number);

		made->kept.args[0] = 3;
		assert_told(made, errors[i].expected);
	}
	/* An address may look negative. */
	assert_told(make(SYS_mmap, -5000),
		    "mmap(NULL, 0, PROT_NONE, 0, 0, 0) = 0xffffffffffffec78");
}

static void test_open_call(void **state)
{
	struct made *made = make(SYS_exit_group, 0);

	(void)state;
	made->kept.flags = FT_SYSCALL_OPEN;
	made->kept.args[0] = 3;
	assert_told(made, "exit_group(3)");
}

static void test_unknown(void **state)
{
	struct made *made = make(500, 0);

	(void)state;
	made->kept.args[5] = 0xab;
	assert_told(made, "syscall_500(0, 0, 0, 0, 0, 0xab) = 0");
	made = make(0xffffffff, 0);
	assert_told(made, "syscall_4294967295(0, 0, 0, 0, 0, 0) = 0");
}

static void address(const void *bytes, size_t len, const char *expected)
{
	struct made *made = make(SYS_bind, 0);
	char text[256];

	made->kept.args[1] = 0x1000;
	made->kept.args[2] = len;
	entry(made, FT_READ_BYTES, 1, bytes, len);
	snprintf(text, sizeof(text), "bind(0, %s, %zu) = 0", expected, len);
	assert_told(made, text);
}

static void test_addresses(void **state)
{
	(void)state;
	address("\2\0\0\x50\x7f\0\0\1\0\0\0\0\0\0\0\0", 16, "127.0.0.1:80");
	address("\xa\0\x1f\x90\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0", 28, "[::1]:8080");
	address("\1\0/run/x", 8, "\"/run/x\"");
	address("\1\0/run/x\0junk", 13, "\"/run/x\"");
	address("\1\0\0abc", 6, "@abc");
	address("\1\0", 2, "{sa_family=AF_UNIX}");
	/* Too short for what they say. */
	address("\2\0\0\x50", 4, "{sa_family=AF_INET}");
	address("\x10\0", 2, "{sa_family=AF_NETLINK}");
	address("\1", 1, "{sa_family=AF_UNSPEC}");
}

/* A descriptor of a file with these bytes behind the head. */
static void file(uint16_t flags, const void *bytes, size_t len, const char *expected)
{
	struct made *made = make(SYS_close, 0);
	struct ft_file head = {.inode = 77, .flags = flags};
	unsigned char all[512];
	char text[256];

	memcpy(all, &head, sizeof(head));
	memcpy(all + sizeof(head), bytes, len);
	entry(made, FT_READ_FILE, 0, all, sizeof(head) + len);
	snprintf(text, sizeof(text), "close(0%s) = 0", expected);
	assert_told(made, text);
}

static void test_files(void **state)
{
	struct ft_socket socket = {.family = AF_INET, .protocol = 6, .local_port = 80};

	(void)state;
	file(FT_FILE_PATH, "hosts\0etc", 10, "</etc/hosts>");
	file(FT_FILE_PATH, "", 0, "</>");
	file(FT_FILE_PATH | FT_FILE_DELETED, "x", 2, "</x (deleted)>");
	/* Cut off in the middle of a name. */
	file(FT_FILE_PATH, "hosts\0et", 8, "");
	file(FT_FILE_PIPE, "", 0, "<pipe:[77]>");
	file(FT_FILE_ANON, "[eventfd]", 10, "<anon_inode:[eventfd]>");
	file(FT_FILE_SOCKET, "", 0, "<socket:[77]>");
	file(FT_FILE_SOCKET, &socket, sizeof(socket), "<TCP:[0.0.0.0:80]>");
	socket.remote_port = 9;
	file(FT_FILE_SOCKET, &socket, sizeof(socket), "<TCP:[0.0.0.0:80->0.0.0.0:9]>");
	socket = (struct ft_socket){.family = AF_UNIX, .local_len = 60000, .remote_inode = 78};
	file(FT_FILE_SOCKET, &socket, sizeof(socket), "<UNIX:[77->78]>");
	file(0, "", 0, "");
}

static void test_items(void **state)
{
	struct ft_item head = {.what = FT_READ_PATH, .arg = 1, .len = 8};
	unsigned char bytes[16] = {0};

	(void)state;
	memcpy(bytes, &head, sizeof(head));
	assert_true(syscall_items_hold(bytes, 16));
	assert_true(syscall_items_hold(bytes, 0));
	/* One byte too few, too many; a length beyond the end; what does not exist. */
	assert_false(syscall_items_hold(bytes, 15));
	assert_false(syscall_items_hold(bytes, 7));
	bytes[offsetof(struct ft_item, len)] = 9;
	assert_false(syscall_items_hold(bytes, 16));
	bytes[offsetof(struct ft_item, len)] = 8;
	bytes[offsetof(struct ft_item, arg)] = FT_ARG_RESULT + 1;
	assert_false(syscall_items_hold(bytes, 16));
	bytes[offsetof(struct ft_item, arg)] = 1;
	bytes[0] = FT_READ_FILE + 1;
	assert_false(syscall_items_hold(bytes, 16));
}

static uint32_t random_next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Whatever the bytes are, for every call and every item: the sanitizers say whether it is well. */
static void test_any_bytes(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct made *made =
			make(random_next(&seed) % 470, (int32_t)(random_next(&seed) % 64) - 32);
		unsigned int count = random_next(&seed) % 6;

		for (size_t i = 0; i < FT_SYSCALL_ARGS; i++)
			made->kept.args[i] = random_next(&seed) % 3
						     ? random_next(&seed) % 40
						     : (uint64_t)random_next(&seed) << 40;
		for (unsigned int i = 0; i < count; i++) {
			unsigned char bytes[300];
			size_t len = random_next(&seed) % sizeof(bytes);
			struct ft_item head = {
				.what = (uint8_t)(random_next(&seed) % (FT_READ_FILE + 1)),
				.arg = (uint8_t)(random_next(&seed) % (FT_ARG_RESULT + 1)),
				.when = (uint8_t)(random_next(&seed) % 3),
				.flags = (uint8_t)(random_next(&seed) % 16),
			};

			for (size_t at = 0; at < len; at++)
				bytes[at] =
					(uint8_t)(random_next(&seed) % 4 ? 0 : random_next(&seed));
			item(made, head, bytes, len);
		}
		assert_true(syscall_items_hold(made->items, made->len));
		assert_non_null(told(made));
		free(made);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open),      cmocka_unit_test(test_buffers),
		cmocka_unit_test(test_errors),    cmocka_unit_test(test_open_call),
		cmocka_unit_test(test_unknown),   cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_files),     cmocka_unit_test(test_items),
		cmocka_unit_test(test_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
