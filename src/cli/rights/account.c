/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* setresuid */
#include "cli/rights/account.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/units.h"

/* (uid_t)-1 means "leave it" to the kernel's calls. */
#define ID_MAX 0xfffffffeull

static int fill(struct account *account, const struct passwd *entry)
{
	*account = (struct account){
		.uid = entry->pw_uid,
		.gid = entry->pw_gid,
		.name = strdup(entry->pw_name),
		.home = strdup(entry->pw_dir),
	};
	if (account->name && account->home)
		return 0;
	account_release(account);
	return -ENOMEM;
}

int account_find(struct account *account, const char *name, struct error *err)
{
	struct passwd *entry = getpwnam(name);
	uint64_t id;

	/* A name may be all digits, and comes first then. */
	if (!entry && !units_number(name, strlen(name), 10, &id) && id <= ID_MAX)
		entry = getpwuid((uid_t)id);
	if (!entry)
		return error_set(err, -ENOENT, "'%.60s': no such user; see 'getent passwd'", name);
	return fill(account, entry);
}

static int read_id(const char *name, const char *value, uint64_t *id, struct error *err)
{
	if (value && !units_number(value, strlen(value), 10, id) && *id <= ID_MAX)
		return 0;
	return error_set(err, -EINVAL, "%s: '%.60s': not a user's or group's number; unset it",
			 name, value ? value : "");
}

/* As sudo tells it, with the group; a user without an entry is one all the same. */
static int from_sudo(struct account *account, const char *value, struct error *err)
{
	struct passwd *entry;
	uint64_t uid, gid;
	int ret = read_id("SUDO_UID", value, &uid, err);

	if (ret || !uid)
		return ret;
	ret = read_id("SUDO_GID", getenv("SUDO_GID"), &gid, err);
	if (ret)
		return ret;
	entry = getpwuid((uid_t)uid);
	*account = (struct account){.uid = (uid_t)uid};
	if (entry)
		ret = fill(account, entry);
	account->gid = (gid_t)gid;
	return ret;
}

static int from_doas(struct account *account, const char *value, struct error *err)
{
	struct passwd *entry = getpwnam(value);

	if (entry)
		return fill(account, entry);
	return error_set(err, -EINVAL, "DOAS_USER: '%.60s': no such user; unset it", value);
}

static int from_pkexec(struct account *account, const char *value, struct error *err)
{
	struct passwd *entry;
	uint64_t uid;
	int ret = read_id("PKEXEC_UID", value, &uid, err);

	if (ret)
		return ret;
	entry = getpwuid((uid_t)uid);
	if (entry)
		return fill(account, entry);
	return error_set(err, -EINVAL, "PKEXEC_UID: '%.60s': no such user; unset it", value);
}

static const struct {
	const char *name;
	int (*read)(struct account *account, const char *value, struct error *err);
} callers[] = {
	{"SUDO_UID", from_sudo},
	{"DOAS_USER", from_doas},
	{"PKEXEC_UID", from_pkexec},
};

int account_caller(struct account *account, struct error *err)
{
	const char *first = NULL;

	for (size_t i = 0; i < sizeof(callers) / sizeof(callers[0]) && !geteuid(); i++) {
		const char *value = getenv(callers[i].name);
		struct account one = {0};
		int ret = value ? callers[i].read(&one, value, err) : 0;

		if (!ret && first && one.uid && one.uid != account->uid)
			ret = error_set(
				err, -EINVAL,
				"%s and %s: two users; unset the one that did not call ftrace",
				first, callers[i].name);
		if (ret) {
			account_release(account);
			account_release(&one);
			return ret;
		}
		if (!one.uid || first) {
			account_release(&one);
			continue;
		}
		first = callers[i].name;
		*account = one;
	}
	return first ? 1 : 0;
}

static int become(const struct account *account)
{
	gid_t gid = account->gid;
	int ret;

	if (geteuid() == account->uid && getuid() == account->uid && account->uid)
		return 0;
	ret = account->name ? initgroups(account->name, gid) : setgroups(1, &gid);
	if (ret || setresgid(gid, gid, gid) || setresuid(account->uid, account->uid, account->uid))
		return -errno;
	/* Of a kernel that lets a process take root back nothing good can come. */
	return account->uid && !setuid(0) ? -EPERM : 0;
}

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

int account_become(const struct account *account)
{
	int ret = become(account);

	if (ret)
		return ret;
	set("HOME", account->home);
	set("USER", account->name);
	set("LOGNAME", account->name);
	unsetenv("XDG_RUNTIME_DIR");
	return 0;
}

void account_release(struct account *account)
{
	free(account->name);
	free(account->home);
	*account = (struct account){0};
}
