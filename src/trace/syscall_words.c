/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* sigabbrev_np */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "base/escape.h"
#include "plan/syscall_words.h"
#include "trace/syscalls.h"

#define ALL (~0ull)

const char *syscall_constant(const struct syscall_word *words, uint64_t value)
{
	for (; words->name; words++)
		if (words->mask == ALL ? words->value == value : false)
			return words->name;
	return NULL;
}

/* Whether it is said by the word; which bits it is then. */
static bool is_set(const struct syscall_word *word, uint64_t all, uint64_t rest, uint64_t *bits)
{
	*bits = word->mask ? word->mask : word->value;
	if (word->mask == ALL)
		return all == word->value;
	if (word->mask)
		return (rest & word->mask) == word->value && (all & word->mask) == word->value;
	return word->value && (rest & word->value) == word->value;
}

void syscall_flags(struct buf *buf, const struct syscall_word *words, uint64_t value)
{
	uint64_t rest = value, bits;
	bool some = false;

	for (; words->name; words++) {
		if (!is_set(words, value, rest, &bits))
			continue;
		if (some)
			buf_addc(buf, '|');
		buf_adds(buf, words->name);
		some = true;
		rest &= ~bits;
	}
	if (!rest && some)
		return;
	if (some)
		buf_addc(buf, '|');
	buf_addf(buf, rest ? "%#llx" : "0", (unsigned long long)rest);
}

void syscall_mode(struct buf *buf, uint64_t mode)
{
	buf_addf(buf, "%#03llo", (unsigned long long)mode);
}

void syscall_signal(struct buf *buf, uint64_t number)
{
	const char *name = number < 64 ? sigabbrev_np((int)number) : NULL;

	if (name)
		buf_addf(buf, "SIG%s", name);
	else if (number == 32)
		buf_adds(buf, "SIGRTMIN");
	else if (number > 32 && number <= 64)
		buf_addf(buf, "SIGRT_%u", (unsigned int)number - 32);
	else
		buf_addi(buf, (int32_t)number);
}

/* `[INT TERM]`; of nearly full ones what is not in: `~[KILL STOP]`. */
void syscall_sigset(struct buf *buf, uint64_t set)
{
	bool but = __builtin_popcountll(set) > 32, first = true;

	if (but) {
		set = ~set;
		buf_addc(buf, '~');
	}
	buf_addc(buf, '[');
	for (unsigned int i = 0; i < 64; i++) {
		const char *name = sigabbrev_np((int)i + 1);

		if (!(set >> i & 1))
			continue;
		if (!first)
			buf_addc(buf, ' ');
		first = false;
		if (name)
			buf_adds(buf, name);
		else if (i + 1 == 32)
			buf_adds(buf, "RTMIN");
		else
			buf_addf(buf, "RT_%u", i + 1 - 32);
	}
	buf_addc(buf, ']');
}

void syscall_wait_status(struct buf *buf, uint32_t value)
{
	int status = (int)value;

	if (WIFEXITED(status)) {
		buf_addf(buf, "[{WIFEXITED(s) && WEXITSTATUS(s) == %d}]", WEXITSTATUS(status));
	} else if (WIFSTOPPED(status)) {
		buf_adds(buf, "[{WIFSTOPPED(s) && WSTOPSIG(s) == ");
		syscall_signal(buf, (uint64_t)WSTOPSIG(status));
		buf_adds(buf, "}]");
	} else if (WIFSIGNALED(status)) {
		buf_adds(buf, "[{WIFSIGNALED(s) && WTERMSIG(s) == ");
		syscall_signal(buf, (uint64_t)WTERMSIG(status));
		buf_adds(buf, WCOREDUMP(status) ? " && WCOREDUMP(s)}]" : "}]");
	} else if (WIFCONTINUED(status)) {
		buf_adds(buf, "[{WIFCONTINUED(s)}]");
	} else {
		buf_addf(buf, "[%#x]", value);
	}
}

void syscall_inet(struct buf *buf, bool six, const unsigned char *addr, unsigned int port)
{
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(six ? AF_INET6 : AF_INET, addr, text, sizeof(text));
	buf_addf(buf, six ? "[%s]:%u" : "%s:%u", text, port);
}

static unsigned int big16(const unsigned char *bytes)
{
	return (unsigned int)bytes[0] << 8 | bytes[1];
}

/* The name of an AF_UNIX socket: abstract ones begin with NUL, and have an @ instead; paths end at one. */
static void unix_name(struct buf *buf, const unsigned char *bytes, size_t len,
		      struct syscall_text *path)
{
	if (!len) {
		buf_adds(buf, "{sa_family=AF_UNIX}");
		return;
	}
	if (*bytes) {
		path->bytes = bytes;
		path->len = strnlen((const char *)bytes, len);
		return;
	}
	buf_addc(buf, '@');
	escape_text(buf, (const char *)bytes + 1, len - 1);
}

void syscall_address(struct buf *buf, const unsigned char *bytes, size_t len,
		     struct syscall_text *path)
{
	uint16_t family = 0;
	const char *name;
	uint32_t words[2];

	*path = (struct syscall_text){0};
	if (len >= sizeof(family))
		memcpy(&family, bytes, sizeof(family));
	if (family == AF_INET && len >= 8) {
		syscall_inet(buf, false, bytes + 4, big16(bytes + 2));
	} else if (family == AF_INET6 && len >= 24) {
		syscall_inet(buf, true, bytes + 8, big16(bytes + 2));
	} else if (family == AF_UNIX && len >= 2) {
		unix_name(buf, bytes + 2, len - 2, path);
	} else if (family == AF_NETLINK && len >= 12) {
		memcpy(words, bytes + 4, sizeof(words));
		buf_addf(buf, "{sa_family=AF_NETLINK, nl_pid=%u, nl_groups=%08x}", words[0],
			 words[1]);
	} else {
		name = syscall_constant(syscall_words_family, family);
		if (name)
			buf_addf(buf, "{sa_family=%s}", name);
		else
			buf_addf(buf, "{sa_family=%u}", family);
	}
}
