/* The folders of a running hub. */
#include "main/folders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor_io.h"
#include "base/log.h"

int
folders_init(struct folders *folders, const char *data_directory)
{
	size_t length = strlen(data_directory);
	while (length > 1 && data_directory[length - 1] == '/')
		length--;
	*folders = (struct folders){.data = strndup(data_directory, length)};
	if (!folders->data || asprintf(&folders->run, "%s/run", folders->data) < 0 ||
	    asprintf(&folders->spool, "%s/spool", folders->data) < 0 ||
	    asprintf(&folders->registry, "%s/registry", folders->data) < 0 ||
	    asprintf(&folders->flows, "%s/flows", folders->data) < 0 ||
	    asprintf(&folders->corridor, "%s/corridor", folders->data) < 0)
		return -1;
	return 0;
}

void
folders_fini(struct folders *folders)
{
	free(folders->data);
	free(folders->run);
	free(folders->spool);
	free(folders->registry);
	free(folders->flows);
	free(folders->corridor);
	*folders = (struct folders){0};
}

char *
folders_picture(const struct folders *folders, unsigned generation)
{
	char *path;
	if (asprintf(&path, "%s/hub-%u.yaml", folders->run, generation) < 0)
		fatal("no memory");
	return path;
}

int
folders_make_parent(const char *path)
{
	char *copy = strdup(path);
	if (!copy)
		return -1;
	int result = 0;
	for (char *slash = strchr(copy + 1, '/'); slash && result == 0;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0755) < 0 && errno != EEXIST)
			result = -1;
		*slash = '/';
	}
	int reason = errno;
	free(copy);
	errno = reason;
	return result;
}

static int
make_path(const char *path)
{
	if (folders_make_parent(path) < 0)
		return -1;
	return mkdir(path, 0750) < 0 && errno != EEXIST ? -1 : 0;
}

/* Gives a path to the user the rooms run as, so that they can write it. */
static int
give_to(const char *path, const char *user)
{
	if (!user || geteuid() != 0)
		return 0;
	const struct passwd *found = getpwnam(user);
	if (!found) {
		errno = ENOENT;
		return -1;
	}
	return lchown(path, found->pw_uid, found->pw_gid);
}

static void
remove_old_pictures(const char *run)
{
	DIR *dir = opendir(run);
	if (!dir)
		return;
	const struct dirent *entry;
	while ((entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, "hub-", 4) == 0)
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
}

static int
make_folder(const char *path, const char *user, char *reason, size_t size)
{
	if (make_path(path) == 0 && give_to(path, user) == 0 && access(path, W_OK | X_OK) == 0)
		return 0;
	(void)snprintf(reason, size, "folder %s: %s", path, strerror(errno));
	return -1;
}

int
folders_make_dumps(const char *directory, const char *user, char *reason, size_t size)
{
	return directory ? make_folder(directory, user, reason, size) : 0;
}

int
folders_make(const struct folders *folders, const char *user, char *reason, size_t size)
{
	const char *const all[] = {folders->data,     folders->run,   folders->spool,
				   folders->registry, folders->flows, folders->corridor};
	if (user && geteuid() == 0 && !getpwnam(user)) {
		(void)snprintf(reason, size, "run_as_user: there is no user \"%s\"", user);
		return -1;
	}
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (make_folder(all[i], user, reason, size) < 0)
			return -1;
	}
	remove_old_pictures(folders->run);
	return 0;
}

int
folders_write(const char *path, const char *user, const void *bytes, size_t length)
{
	char *aside = NULL;
	if (asprintf(&aside, "%s.new", path) < 0)
		return -1;
	(void)unlink(aside);
	int fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
	int result = fd < 0 ? -1 : descriptor_write(fd, bytes, length);
	if (result == 0)
		result = give_to(aside, user);
	if (result == 0)
		result = rename(aside, path);
	int reason = errno;
	if (fd >= 0) {
		close(fd);
		if (result < 0)
			(void)unlink(aside);
	}
	free(aside);
	errno = reason;
	return result;
}
