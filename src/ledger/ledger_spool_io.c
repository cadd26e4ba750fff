/* The spool's folder. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "ledger/ledger_spool.h"

enum {
	LISTED_MAX = 1024,             /* names kept from one look at the folder: the oldest */
	FILE_MAX = 256 * 1024 * 1024,  /* octets; a larger file is no batch */
	PASSED_OVER_MAX = 256,         /* files that are in the way and cannot be moved */
	PASSED_OVER_US = 60 * 1000000, /* then they are looked at again */
	MOVE_TRIES = 100,
	TOGETHER_MAX = 64,      /* files in one transaction of the store */
	ROWS_TOGETHER = 100000, /* and no further one when they have so many ports, pairs and
				   networks */
};

struct listed {
	int64_t start;
	char *name; /* owned */
};

struct ledger_spool {
	int directory, refused; /* descriptors of the folders */
	struct listed listed[2 * LISTED_MAX];
	size_t count, next; /* listed[next] is the next to take */
	char *passed_over[PASSED_OVER_MAX];
	size_t passed_over_count;
	struct mono_us passed_over_since;
	struct ledger_spool_status status;
};

static int
open_folder(int at, const char *path)
{
	if (mkdirat(at, path, 0750) < 0 && errno != EEXIST)
		return -1;
	return openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

struct ledger_spool *
ledger_spool_open(const char *directory)
{
	struct ledger_spool *spool = calloc(1, sizeof(*spool));
	if (!spool)
		return NULL;
	spool->refused = -1;
	spool->directory = open_folder(AT_FDCWD, directory);
	if (spool->directory >= 0)
		spool->refused = open_folder(spool->directory, "refused");
	if (spool->refused < 0) {
		int error = errno;
		ledger_spool_close(spool);
		errno = error;
		return NULL;
	}
	return spool;
}

static void
forget_list(struct ledger_spool *spool)
{
	for (size_t i = spool->next; i < spool->count; i++)
		free(spool->listed[i].name);
	spool->count = spool->next = 0;
}

static void
forget_passed_over(struct ledger_spool *spool)
{
	for (size_t i = 0; i < spool->passed_over_count; i++)
		free(spool->passed_over[i]);
	spool->passed_over_count = 0;
}

void
ledger_spool_close(struct ledger_spool *spool)
{
	if (!spool)
		return;
	forget_list(spool);
	forget_passed_over(spool);
	if (spool->directory >= 0)
		(void)close(spool->directory);
	if (spool->refused >= 0)
		(void)close(spool->refused);
	free(spool);
}

const struct ledger_spool_status *
ledger_spool_status(const struct ledger_spool *spool)
{
	return &spool->status;
}

static void
trouble(struct ledger_spool *spool, const char *what, const char *name, const char *why)
{
	char text[sizeof(spool->status.trouble)];
	(void)snprintf(text, sizeof(text), "%s %s: %s", what, name, why);
	if (strcmp(text, spool->status.trouble) != 0)
		log_error("spool: %s", text);
	memcpy(spool->status.trouble, text, sizeof(text));
}

/* --- the list --- */

static bool
is_passed_over(const struct ledger_spool *spool, const char *name)
{
	for (size_t i = 0; i < spool->passed_over_count; i++)
		if (strcmp(spool->passed_over[i], name) == 0)
			return true;
	return false;
}

static int
older(const void *a, const void *b)
{
	const struct listed *x = a, *y = b;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Sorts, and keeps only the oldest. */
static void
keep_oldest(struct ledger_spool *spool)
{
	qsort(spool->listed, spool->count, sizeof(spool->listed[0]), older);
	while (spool->count > LISTED_MAX)
		free(spool->listed[--spool->count].name);
}

/* Looks at the folder anew. 0, or -1 and errno. */
static int
look(struct ledger_spool *spool)
{
	forget_list(spool);
	spool->status.waiting = 0;
	int copy = openat(spool->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = copy < 0 ? NULL : fdopendir(copy);
	if (!folder) {
		if (copy >= 0)
			(void)close(copy);
		return -1;
	}
	struct dirent *entry;
	int64_t start;
	while ((entry = readdir(folder))) {
		if (!ledger_spool_name(entry->d_name, &start) ||
		    is_passed_over(spool, entry->d_name))
			continue;
		char *name = strdup(entry->d_name);
		if (!name)
			break;
		spool->status.waiting++;
		spool->listed[spool->count++] = (struct listed){start, name};
		if (spool->count == 2 * LISTED_MAX)
			keep_oldest(spool);
	}
	(void)closedir(folder);
	keep_oldest(spool);
	return 0;
}

/* --- one file --- */

static void
pass_over(struct ledger_spool *spool, const char *name, struct mono_us now)
{
	if (!spool->passed_over_count)
		spool->passed_over_since = now;
	char *copy = spool->passed_over_count < PASSED_OVER_MAX ? strdup(name) : NULL;
	if (copy)
		spool->passed_over[spool->passed_over_count++] = copy;
}

static int
move_aside(struct ledger_spool *spool, const char *name)
{
	char to[NAME_MAX + 16];
	(void)snprintf(to, sizeof(to), "%s", name);
	for (int i = 1; i < MOVE_TRIES; i++) {
		if (renameat2(spool->directory, name, spool->refused, to, RENAME_NOREPLACE) == 0)
			return 0;
		if (errno != EEXIST)
			return -1;
		(void)snprintf(to, sizeof(to), "%.240s.%d", name, i);
	}
	return -1;
}

static void
refuse(struct ledger_spool *spool, const char *name, const char *why, struct mono_us now)
{
	log_warn("spool %s: refused: %s", name, why);
	if (move_aside(spool, name) == 0) {
		spool->status.refused++;
		return;
	}
	trouble(spool, "cannot move aside", name, strerror(errno));
	pass_over(spool, name, now);
}

/* Reads the whole file. NULL, or why it cannot be a batch; *error is set instead when it may be
 * read later. */
static const char *
read_whole(const struct ledger_spool *spool, const char *name, struct buf *out, int *error)
{
	const char *fault = NULL;
	*error = 0;
	int fd = openat(spool->directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		if (errno == ELOOP)
			return "it is a symbolic link";
		*error = errno;
		return NULL;
	}
	struct stat st;
	if (fstat(fd, &st) < 0) {
		*error = errno;
		goto out;
	}
	if (!S_ISREG(st.st_mode)) {
		fault = "it is not a file";
		goto out;
	}
	if (st.st_size > FILE_MAX) {
		fault = "it is larger than 256 MiB";
		goto out;
	}
	size_t size = (size_t)st.st_size;
	if (!buf_reserve(out, size + 1)) {
		*error = ENOMEM;
		goto out;
	}
	while (out->length < size) {
		ssize_t got = read(fd, out->data + out->length, size - out->length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			*error = errno;
		if (got <= 0)
			break;
		out->length += (size_t)got;
	}
out:
	(void)close(fd);
	return fault;
}

/* What becomes of a file whose batch the store has, or does not want. */
static void
settle(struct ledger_spool *spool, const char *name, const struct traffic_batch *batch,
       enum ledger_put result, struct mono_us now)
{
	if (result == LEDGER_PUT_REFUSED) {
		const char *why = ledger_batch_fault(batch);
		refuse(spool, name, why ? why : "it overlaps bins of another length", now);
		return;
	}
	spool->status.taken += result == LEDGER_PUT_NEW;
	spool->status.known += result == LEDGER_PUT_KNOWN;
	if (unlinkat(spool->directory, name, 0) < 0 && errno != ENOENT) {
		trouble(spool, "cannot remove", name, strerror(errno));
		pass_over(spool, name, now);
	}
}

static const char *
store_trouble(enum ledger_store_error error, const struct ledger_store *store)
{
	if (error == LEDGER_STORE_FULL)
		return "no room on the disk";
	if (error == LEDGER_STORE_MEMORY)
		return "no memory";
	return ledger_store_error_text(store);
}

/* --- files that are put together --- */

struct group {
	struct traffic_batch batches[TOGETHER_MAX];
	const struct traffic_batch *pointers[TOGETHER_MAX];
	const char *names[TOGETHER_MAX]; /* of the spool's list */
	size_t count, rows;
	struct arena *arena; /* bytes and batches */
};

/* Reads one file into the group; one that can never be read is moved aside, one that cannot be read
 * now is passed over. */
static void
read_into(struct ledger_spool *spool, struct group *group, const char *name, struct mono_us now)
{
	struct buf bytes = {0};
	struct traffic_batch *batch = &group->batches[group->count];
	int error;
	const char *fault = read_whole(spool, name, &bytes, &error);
	/* Strings of a decoded batch may lie in the bytes. */
	const void *kept = NULL;
	if (!fault && !error) {
		kept = arena_copy(group->arena, bytes.data, bytes.length);
		error = kept || !bytes.length ? 0 : ENOMEM;
	}
	if (error == ENOENT)
		goto out;
	if (error) {
		trouble(spool, "cannot read", name, strerror(error));
		pass_over(spool, name, now);
		goto out;
	}
	if (!fault && traffic_decode(batch, group->arena, cursor_of(kept, bytes.length)) < 0)
		fault = "it is damaged";
	if (fault) {
		refuse(spool, name, fault, now);
		goto out;
	}
	group->pointers[group->count] = batch;
	group->names[group->count++] = name;
	group->rows += batch->port_count + batch->pair_count + batch->origin_count;
out:
	buf_fini(&bytes);
}

/* Puts batches from..to of the group in one transaction. False when the store takes nothing at
 * present: the files stay. */
static bool
put_part(struct ledger_spool *spool, struct ledger_store *store, const struct group *group,
	 size_t from, size_t to, struct mono_us now)
{
	enum ledger_put results[TOGETHER_MAX];
	enum ledger_store_error error =
		ledger_store_put(store, group->pointers + from, to - from, results);
	/* One of them is unfit, and the others do well without it; or there is room for some. */
	size_t half = from + (to - from) / 2;
	if ((error == LEDGER_STORE_UNFIT || error == LEDGER_STORE_FULL) && to - from > 1)
		return put_part(spool, store, group, from, half, now) &&
		       put_part(spool, store, group, half, to, now);
	if (error == LEDGER_STORE_UNFIT) {
		refuse(spool, group->names[from], ledger_store_error_text(store), now);
		return true;
	}
	if (error) {
		trouble(spool, "cannot store", group->names[from], store_trouble(error, store));
		return false;
	}
	for (size_t i = from; i < to; i++)
		settle(spool, group->names[i], group->pointers[i], results[i - from], now);
	return true;
}

/* Takes in as many of the next files as are put together. False when the store takes nothing at
 * present. */
static bool
take(struct ledger_spool *spool, struct ledger_store *store, unsigned *limit, struct mono_us now)
{
	struct group *group = calloc(1, sizeof(*group));
	size_t first = spool->next, end = first;
	bool good = false;
	if (group)
		group->arena = arena_new();
	if (!group || !group->arena) {
		trouble(spool, "cannot read", spool->listed[first].name, strerror(ENOMEM));
		goto out;
	}
	for (; *limit && end < spool->count && group->count < TOGETHER_MAX &&
	       group->rows < ROWS_TOGETHER;
	     --*limit)
		read_into(spool, group, spool->listed[end++].name, now);
	good = !group->count || put_part(spool, store, group, 0, group->count, now);
	for (; good && spool->next < end; spool->next++) {
		free(spool->listed[spool->next].name);
		spool->listed[spool->next].name = NULL;
		if (spool->status.waiting)
			spool->status.waiting--;
	}
out:
	if (group)
		arena_free(group->arena);
	free(group);
	return good;
}

enum ledger_spool_turn
ledger_spool_turn(struct ledger_spool *spool, struct ledger_store *store, unsigned limit,
		  struct mono_us now)
{
	if (spool->passed_over_count && now.us - spool->passed_over_since.us > PASSED_OVER_US)
		forget_passed_over(spool);
	if (!spool->passed_over_count && !spool->status.blocked)
		spool->status.trouble[0] = 0;
	if ((!limit || spool->next == spool->count) && look(spool) < 0) {
		trouble(spool, "cannot look at", "the spool", strerror(errno));
		spool->status.blocked = true;
		return LEDGER_SPOOL_BLOCKED;
	}
	while (limit && spool->next < spool->count) {
		spool->status.blocked = !take(spool, store, &limit, now);
		if (spool->status.blocked)
			return LEDGER_SPOOL_BLOCKED;
	}
	if (spool->next < spool->count || spool->status.waiting)
		return LEDGER_SPOOL_MORE;
	spool->status.blocked = false;
	return LEDGER_SPOOL_EMPTY;
}
