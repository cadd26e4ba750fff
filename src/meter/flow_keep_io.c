/* Files of flow records. */
#include "meter/flow_keep_io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor_io.h"

enum { PATH_MAX_OCTETS = 4096, NAME = 10 };
static const char suffix[] = ".flows";

static void
folder_of(char out[PATH_MAX_OCTETS], const char *folder, struct asn member)
{
	(void)snprintf(out, PATH_MAX_OCTETS, "%s/%u", folder, member.number);
}

static int
path_of(char out[PATH_MAX_OCTETS], const char *folder, struct asn member, struct utc_s hour)
{
	struct utc_date d = utc_to_date(hour);
	int length = snprintf(out, PATH_MAX_OCTETS, "%s/%u/%04d%02d%02d%02d%s", folder,
			      member.number, d.year, d.month, d.day, d.hour, suffix);
	if (length > 0 && length < PATH_MAX_OCTETS)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

/* The hour that a name stands for; false if it is none of ours. */
static bool
hour_of(struct utc_s *out, const char *name)
{
	struct utc_date d = {0};
	int used = 0;
	if (strlen(name) != NAME + sizeof(suffix) - 1 || strcmp(name + NAME, suffix) != 0 ||
	    strspn(name, "0123456789") != NAME ||
	    sscanf(name, "%4d%2d%2d%2d%n", &d.year, &d.month, &d.day, &d.hour, &used) != 4 ||
	    used != NAME)
		return false;
	*out = utc_from_date(d);
	return true;
}

/* --- writing --- */

/* Up to where the file holds whole blocks. */
static off_t
sound_length(int fd)
{
	uint8_t header[FLOW_KEEP_HEADER];
	struct stat st;
	off_t at = 0;
	if (fstat(fd, &st) < 0)
		return -1;
	while (pread(fd, header, sizeof(header), at) == (ssize_t)sizeof(header)) {
		size_t length = flow_block_length(cursor_of(header, sizeof(header)));
		if (!length || at + (off_t)length > st.st_size)
			break;
		at += (off_t)length;
	}
	return at;
}

static int
make_folders(const char *folder, struct asn member)
{
	char path[PATH_MAX_OCTETS];
	folder_of(path, folder, member);
	return mkdir(path, 0750) < 0 && errno != EEXIST ? -1 : 0;
}

int
flow_keep_append(const char *folder, const struct flow_keep_block *block)
{
	char path[PATH_MAX_OCTETS];
	if (path_of(path, folder, block->member, block->hour) < 0 ||
	    make_folders(folder, block->member) < 0)
		return -1;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd < 0)
		return -1;
	off_t end = sound_length(fd);
	bool good = end >= 0 && ftruncate(fd, end) == 0 && lseek(fd, end, SEEK_SET) == end &&
		    descriptor_write(fd, block->octets.at, cursor_left(&block->octets)) == 0;
	int why = errno;
	if (!good && end >= 0 && ftruncate(fd, end) < 0)
		why = errno;
	close(fd);
	errno = why;
	return good ? 0 : -1;
}

/* --- looking --- */

static int
compare_kept(const void *a, const void *b)
{
	const struct flow_keep_hour *x = a, *y = b;
	return x->hour.s < y->hour.s ? -1 : x->hour.s > y->hour.s;
}

/* All files of a member, from the oldest; to be freed. */
static size_t
list(struct flow_keep_hour **out, const char *folder, struct asn member)
{
	char path[PATH_MAX_OCTETS];
	size_t count = 0, room = 0;
	*out = NULL;
	folder_of(path, folder, member);
	DIR *dir = opendir(path);
	const struct dirent *entry;
	while (dir && (entry = readdir(dir)) != NULL) {
		struct utc_s hour;
		struct stat st;
		if (!hour_of(&hour, entry->d_name) ||
		    fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (count == room) {
			room = room ? 2 * room : 64;
			struct flow_keep_hour *grown = realloc(*out, room * sizeof(*grown));
			if (!grown)
				break;
			*out = grown;
		}
		(*out)[count++] = (struct flow_keep_hour){hour, (uint64_t)st.st_size};
	}
	if (dir)
		closedir(dir);
	if (count)
		qsort(*out, count, sizeof(**out), compare_kept);
	return count;
}

size_t
flow_keep_hours(const char *folder, struct asn member, struct utc_s **out)
{
	struct flow_keep_hour *kept;
	size_t count = list(&kept, folder, member);
	*out = count ? malloc(count * sizeof(**out)) : NULL;
	for (size_t i = 0; *out && i < count; i++)
		(*out)[i] = kept[i].hour;
	free(kept);
	return *out ? count : 0;
}

/* --- the end of their time --- */

static size_t
expire_member(const char *folder, struct asn member, const struct hub_flow_records *wish,
	      struct utc_s now)
{
	struct flow_keep_hour *kept;
	size_t count = list(&kept, folder, member), removed = 0;
	size_t due = flow_keep_due(kept, count, wish, now);
	for (size_t i = 0; i < due; i++) {
		char path[PATH_MAX_OCTETS];
		if (path_of(path, folder, member, kept[i].hour) == 0 && unlink(path) == 0)
			removed++;
	}
	free(kept);
	if (removed == count) {
		char path[PATH_MAX_OCTETS];
		folder_of(path, folder, member);
		(void)rmdir(path);
	}
	return removed;
}

size_t
flow_keep_expire(const char *folder, const struct hub *hub, struct utc_s now)
{
	DIR *dir = opendir(folder);
	size_t removed = 0;
	const struct dirent *entry;
	while (dir && (entry = readdir(dir)) != NULL) {
		struct asn member;
		if (entry->d_name[0] < '0' || entry->d_name[0] > '9' ||
		    asn_parse(&member, entry->d_name) < 0)
			continue;
		uint32_t index = hub_member_by_asn(hub, member);
		struct hub_flow_records none = {0};
		removed += expire_member(
			folder, member,
			index == HUB_NONE ? &none : &hub->members[index].flow_records, now);
	}
	if (dir)
		closedir(dir);
	return removed;
}

/* --- reading --- */

int
flow_keep_open(struct flow_keep_file *out, const char *folder, struct asn member, struct utc_s hour)
{
	char path[PATH_MAX_OCTETS];
	*out = (struct flow_keep_file){.fd = -1};
	if (path_of(path, folder, member, hour) < 0)
		return -1;
	out->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	return out->fd < 0 ? -1 : 0;
}

int
flow_keep_read(struct flow_keep_file *file, struct buf *bytes)
{
	uint8_t header[FLOW_KEEP_HEADER];
	buf_clear(bytes);
	if (pread(file->fd, header, sizeof(header), (off_t)file->at) != (ssize_t)sizeof(header))
		return 0;
	size_t length = flow_block_length(cursor_of(header, sizeof(header)));
	if (!length || !buf_reserve(bytes, length) ||
	    pread(file->fd, bytes->data, length, (off_t)file->at) != (ssize_t)length)
		return 0;
	bytes->length = length;
	file->at += length;
	return 1;
}

void
flow_keep_close(struct flow_keep_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}
