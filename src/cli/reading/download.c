/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* close_range */
#include "cli/reading/download.h"

#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/capabilities.h"
#include "cli/rights/account.h"

/* Bytes that are written to the cache; what is larger is not used (image/debug_link.c). */
#define FILE_MAX (1ull << 30)

/* Seconds that the library has to tidy its cache up once it is told to end. */
#define GRACE 1

/* What the process tells, with the file's descriptor where it found one. */
struct answer {
	int ret;        /* 0, or a negative errno */
	char text[512]; /* the file's path, or what is wrong; "" where `ret` says all */
};

/* What is used of debuginfod.h. */
typedef struct debuginfod_client debuginfod_client;
struct library {
	debuginfod_client *(*begin)(void);
	int (*find)(debuginfod_client *client, const unsigned char *build_id, int len, char **path);
	void (*set_progress)(debuginfod_client *client,
			     int (*progress)(debuginfod_client *client, long done, long all));
	void (*end)(debuginfod_client *client);
};

/* In the process that downloads. */
static volatile sig_atomic_t ended;
static struct error shown; /* the file that progress is shown of, as one line has it; "": of none */

static void on_signal(int sig)
{
	(void)sig;
	ended = 1;
	alarm(GRACE);
}

static int progress(debuginfod_client *client, long done, long all)
{
	(void)client;
	if (*shown.text && all > 0)
		fprintf(stderr, "\r\033[Kftrace: %s: debug information: %.1f of %.1f MB",
			shown.text, (double)done / 1e6, (double)all / 1e6);
	else if (*shown.text)
		fprintf(stderr, "\r\033[Kftrace: %s: debug information is asked for", shown.text);
	return ended;
}

static bool load(struct library *library)
{
	void *handle = dlopen("libdebuginfod.so.1", RTLD_NOW);

	if (!handle)
		return false;
	library->begin = (debuginfod_client * (*)(void)) dlsym(handle, "debuginfod_begin");
	library->find = (int (*)(debuginfod_client *, const unsigned char *, int,
				 char **))dlsym(handle, "debuginfod_find_debuginfo");
	library->set_progress =
		(void (*)(debuginfod_client *, int (*)(debuginfod_client *, long, long)))dlsym(
			handle, "debuginfod_set_progressfn");
	library->end = (void (*)(debuginfod_client *))dlsym(handle, "debuginfod_end");
	return library->begin && library->find && library->set_progress && library->end;
}

static int fail(struct answer *answer, int ret, const char *text)
{
	snprintf(answer->text, sizeof(answer->text), "%.400s", text);
	answer->ret = ret;
	return ret;
}

/* The descriptor of the file, or a negative errno. */
static int find(const char *build_id, struct answer *answer)
{
	debuginfod_client *client;
	struct library library;
	char *path = NULL;
	int fd;

	if (!load(&library))
		return fail(
			answer, -ENOPKG,
			"its library is not there; install libdebuginfod, or unset DEBUGINFOD_URLS");
	client = library.begin();
	if (!client)
		return fail(answer, -ENOMEM, "it cannot begin; unset DEBUGINFOD_URLS");
	library.set_progress(client, progress);
	/* Length 0: the id is hexadecimal text. */
	fd = library.find(client, (const unsigned char *)build_id, 0, &path);
	answer->ret = fd < 0 ? fd : 0;
	snprintf(answer->text, sizeof(answer->text), "%s", path ? path : "");
	library.end(client);
	if (*shown.text)
		fprintf(stderr, "\r\033[K");
	return fd;
}

/* Of what the tracer has, and may, nothing is left. */
static int leave_rights(struct answer *answer, pid_t parent)
{
	struct rlimit most = {.rlim_cur = FILE_MAX, .rlim_max = FILE_MAX};
	struct sigaction action = {.sa_handler = on_signal};
	struct account account = {0};
	struct error err = {0};
	sigset_t none;
	int ret = account_caller(&account, &err);

	if (ret < 0)
		return fail(answer, ret, err.text);
	if (ret)
		ret = account_become(&account);
	if (!ret)
		ret = capabilities_keep(0);
	if (ret < 0)
		return fail(answer, ret, "rights cannot be given up; unset DEBUGINFOD_URLS");
	setrlimit(RLIMIT_FSIZE, &most);
	signal(SIGXFSZ, SIG_IGN);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* A change of the user has taken it back, if it came before. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	prctl(PR_SET_DUMPABLE, 0);
	return getppid() == parent ? 0 : fail(answer, -EINTR, "");
}

static bool send_answer(int socket, const struct answer *answer, int fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec iov = {.iov_base = (void *)answer, .iov_len = sizeof(*answer)};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};

	if (fd >= 0) {
		msg.msg_control = control.bytes;
		msg.msg_controllen = sizeof(control.bytes);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	return sendmsg(socket, &msg, MSG_NOSIGNAL) == (ssize_t)sizeof(*answer);
}

/* Never returns to what the tracer was about. */
static _Noreturn void run(const struct download *download, const char *build_id, int socket,
			  pid_t parent)
{
	const char *term = getenv("TERM");
	struct answer answer = {0};
	int fd = -1;

	if (socket > 3)
		close_range(3, (unsigned int)socket - 1, 0);
	close_range((unsigned int)socket + 1, ~0u, 0);
	prctl(PR_SET_NAME, "ftrace-download");
	if (!download->quiet && isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0)
		error_set(&shown, -EINVAL, "%.60s", download->file);
	if (!leave_rights(&answer, parent))
		fd = find(build_id, &answer);
	_exit(!send_answer(socket, &answer, fd));
}

/* False when it ended without a word. */
static bool receive(int socket, struct answer *answer, int *fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = {.iov_base = answer, .iov_len = sizeof(*answer)};
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	const struct cmsghdr *header;
	ssize_t n;

	*fd = -1;
	do
		n = recvmsg(socket, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	header = n > 0 ? CMSG_FIRSTHDR(&msg) : NULL;
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
	    header->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(fd, CMSG_DATA(header), sizeof(*fd));
	answer->text[sizeof(answer->text) - 1] = '\0';
	return n == (ssize_t)sizeof(*answer) && (*fd >= 0) == !answer->ret;
}

/* What came of it: as download_debug(). */
static int judge(const struct download *download, const struct answer *answer, int fd, char **name,
		 struct error *err)
{
	if (fd >= 0) {
		*name = strdup(answer->text);
		return fd;
	}
	if (answer->ret == -ENOENT)
		return -ENOENT;
	if (*answer->text)
		return error_set(err, answer->ret, "%s: debuginfod: %s", download->file,
				 answer->text);
	return error_set(err, answer->ret < 0 ? answer->ret : -EIO,
			 "%s: debuginfod: %s; check DEBUGINFOD_URLS, or unset it", download->file,
			 answer->ret < 0 ? strerror(-answer->ret) : "it ended unexpectedly");
}

static int ask(const struct download *download, const char *build_id, char **name,
	       struct error *err)
{
	struct answer answer = {0};
	pid_t parent = getpid(), pid;
	int sockets[2], fd = -1;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets))
		return error_set(err, -errno, "%s: debuginfod: %s; close something", download->file,
				 strerror(errno));
	pid = fork();
	if (!pid)
		run(download, build_id, sockets[1], parent);
	close(sockets[1]);
	if (pid < 0)
		answer.ret = -errno;
	else if (!receive(sockets[0], &answer, &fd))
		answer = (struct answer){0};
	if (fd >= 0 && (answer.ret || !*answer.text)) {
		close(fd);
		fd = -1;
	}
	close(sockets[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	return judge(download, &answer, fd, name, err);
}

static bool is_asked(void)
{
	const char *urls = getenv("DEBUGINFOD_URLS");

	return urls && *urls;
}

int download_debug(void *arg, const char *build_id, char **name, struct error *err)
{
	const struct download *download = arg;
	int fd;

	if (!is_asked())
		return -ENOENT;
	watched_pause(download->watched);
	fd = ask(download, build_id, name, err);
	watched_resume(download->watched);
	return fd;
}

int download_never(void *arg, const char *build_id, char **name, struct error *err)
{
	(void)build_id;
	(void)name;
	if (!is_asked())
		return -ENOENT;
	return error_set(err, -EBUSY,
			 "%s: no debug information on this machine, and nothing is downloaded "
			 "while it is traced; start ftrace again for that",
			 (const char *)arg);
}
