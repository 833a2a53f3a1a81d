/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a descriptor stands for, as the kernel side found it in the task's file table.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "trace/syscalls.h"

/* The parts come innermost first, each with a NUL. */
static void add_path(struct buf *buf, const unsigned char *parts, size_t len)
{
	if (!len || parts[len - 1])
		return;
	while (len) {
		size_t from = len - 1;

		while (from && parts[from - 1])
			from--;
		buf_addc(buf, '/');
		buf_add(buf, parts + from, len - 1 - from);
		len = from;
	}
}

static void add_unix_name(struct buf *buf, const uint8_t *name, size_t len, uint64_t inode)
{
	if (len > FT_UNIX_NAME)
		len = 0;
	if (len <= 2) {
		buf_addu(buf, inode);
	} else if (name[2]) {
		buf_add(buf, name + 2, strnlen((const char *)name + 2, len - 2));
	} else {
		buf_addc(buf, '@');
		buf_add(buf, name + 3, len - 3);
	}
}

static void add_unix(struct buf *buf, const struct ft_socket *socket, uint64_t inode)
{
	buf_adds(buf, "UNIX:[");
	add_unix_name(buf, socket->local, socket->local_len, inode);
	if (socket->remote_inode || socket->remote_len > 2) {
		buf_adds(buf, "->");
		add_unix_name(buf, socket->remote, socket->remote_len, socket->remote_inode);
	}
	buf_addc(buf, ']');
}

static const char *protocol_name(const struct ft_socket *socket)
{
	switch (socket->protocol) {
	case IPPROTO_TCP:
		return "TCP";
	case IPPROTO_UDP:
		return "UDP";
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return "ICMP";
	default:
		return "IP";
	}
}

static void add_inet(struct buf *buf, const struct ft_socket *socket, uint64_t inode)
{
	bool six = socket->family == AF_INET6;

	buf_addf(buf, "%s:[", protocol_name(socket));
	if (!socket->local_port && !socket->remote_port)
		buf_addu(buf, inode);
	else
		syscall_inet(buf, six, socket->local, socket->local_port);
	if (socket->remote_port) {
		buf_adds(buf, "->");
		syscall_inet(buf, six, socket->remote, socket->remote_port);
	}
	buf_addc(buf, ']');
}

static void add_socket(struct buf *buf, const unsigned char *bytes, size_t len, uint64_t inode)
{
	struct ft_socket socket;

	if (len < sizeof(socket)) {
		buf_addf(buf, "socket:[%llu]", (unsigned long long)inode);
		return;
	}
	memcpy(&socket, bytes, sizeof(socket));
	if (socket.family == AF_UNIX)
		add_unix(buf, &socket, inode);
	else if (socket.family == AF_INET || socket.family == AF_INET6)
		add_inet(buf, &socket, inode);
	else
		buf_addf(buf, "socket:[%llu]", (unsigned long long)inode);
}

static void add_file(struct buf *buf, const struct ft_file *file, const unsigned char *bytes,
		     size_t len)
{
	unsigned long long inode = file->inode;

	if (file->flags & FT_FILE_SOCKET) {
		add_socket(buf, bytes, len, inode);
	} else if (file->flags & FT_FILE_PIPE) {
		buf_addf(buf, "pipe:[%llu]", inode);
	} else if (file->flags & FT_FILE_PIDFD) {
		buf_adds(buf, "anon_inode:[pidfd]");
	} else if (file->flags & FT_FILE_ANON && len > 1) {
		buf_adds(buf, "anon_inode:");
		buf_add(buf, bytes, len - 1);
	} else if (file->flags & FT_FILE_MEMORY && len > 1) {
		buf_addc(buf, '/');
		buf_add(buf, bytes, len - 1);
		buf_adds(buf, " (deleted)");
	} else if (file->flags & FT_FILE_PATH) {
		/* No part at all: the root itself. */
		if (!len)
			buf_addc(buf, '/');
		add_path(buf, bytes, len);
		if (file->flags & FT_FILE_DELETED)
			buf_adds(buf, " (deleted)");
	}
}

const char *syscall_file(const struct syscall_view *view, uint8_t arg, uint8_t when)
{
	static struct buf files[FT_ARG_RESULT + 1];
	struct syscall_item item;
	struct ft_file file;

	if (arg > FT_ARG_RESULT || !syscall_item(view, arg, when, 0, &item) ||
	    item.head.what != FT_READ_FILE || item.head.len < sizeof(file))
		return NULL;
	memcpy(&file, item.bytes, sizeof(file));
	buf_reset(&files[arg]);
	add_file(&files[arg], &file, item.bytes + sizeof(file), item.head.len - sizeof(file));
	return files[arg].len && !files[arg].failed ? buf_str(&files[arg]) : NULL;
}
