/* The files of the RPKI.
 *
 * One of VRPs is read in slices, one a turn, so that a hundred megabytes of JSON delay nobody; what it says
 * is seen when it is at its end and has not changed meanwhile. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "exchange/rpki_io_parts.h"

enum {
	SLICE = 256 * 1024, /* of a file, a turn */
	FILE_MAX = 1 << 29, /* octets; larger ones are refused */
};

__attribute__((format(printf, 2, 3))) static void
fault(struct rpki_file *file, const char *format, ...)
{
	char error[RPKI_FAULT];
	va_list args;
	va_start(args, format);
	vsnprintf(error, sizeof(error), format, args);
	va_end(args);
	if (strcmp(error, file->error) != 0)
		log_warn("%s: %s", file->path, error);
	memcpy(file->error, error, sizeof(error));
}

static bool
same_stamp(const struct stamp *a, const struct stamp *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       a->modified.tv_sec == b->modified.tv_sec &&
	       a->modified.tv_nsec == b->modified.tv_nsec;
}

static struct stamp
stamp_of(const struct stat *st)
{
	return (struct stamp){st->st_dev, st->st_ino, st->st_size, st->st_mtim};
}

/* Opens it for reading. -1: it is no file, or too large; the fault is told. */
static int
open_file(struct rpki_file *file, off_t most)
{
	struct stat st;
	int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) < 0) {
		fault(file, "%s", strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		fault(file, "not a file");
	} else if (st.st_size > most) {
		fault(file, "larger than %lld octets", (long long)most);
	} else {
		file->seen = stamp_of(&st);
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

static void
stop_reading(struct rpki_file *file)
{
	if (file->fd < 0)
		return;
	loop_timer_stop(file->service->loop, &file->slice);
	vrp_json_free(file->reader);
	file->reader = NULL;
	close(file->fd);
	file->fd = -1;
}

static void
taken(struct rpki_file *file)
{
	file->used = file->seen;
	file->read = clock_utc();
	file->error[0] = '\0';
	rpki_service_tell_soon(file->service);
}

static void
finish_reading(struct rpki_file *file)
{
	struct stat st;
	struct stamp now = {0};
	if (fstat(file->fd, &st) == 0)
		now = stamp_of(&st);
	if (!same_stamp(&now, &file->seen)) {
		/* Somebody writes it at this moment; the next look finds it changed. */
		file->seen = (struct stamp){0};
		return;
	}
	if (vrp_json_end(file->reader) != 0) {
		fault(file, "%s", vrp_json_error(file->reader));
		return;
	}
	file->counts = *vrp_json_counts(file->reader);
	taken(file);
	struct rpki_source_state data = rpki_source_state(file->service->table, file->source);
	log_info("%s: %u + %u VRPs, %u ASPAs", file->path, data.vrps_ipv4, data.vrps_ipv6,
		 data.aspas);
	if (file->counts.expired)
		log_warn("%s: %llu of %llu records have expired", file->path,
			 (unsigned long long)file->counts.expired,
			 (unsigned long long)file->counts.records);
}

static void
read_slice(struct loop_timer *timer, struct mono_us now)
{
	struct rpki_file *file = OWNER(timer, struct rpki_file, slice);
	struct rpki_service *service = file->service;
	for (size_t done = 0; done < SLICE;) {
		ssize_t n = read(file->fd, service->input, RPKI_READ_MAX);
		if (n > 0 && vrp_json_feed(file->reader, service->input, (size_t)n) == 0) {
			done += (size_t)n;
			continue;
		}
		if (n == 0)
			finish_reading(file);
		else if (n > 0)
			fault(file, "%s", vrp_json_error(file->reader));
		else
			fault(file, "%s", strerror(errno));
		stop_reading(file);
		return;
	}
	loop_timer_set(service->loop, timer, now);
}

static void
read_vrps(struct rpki_file *file)
{
	stop_reading(file);
	file->fd = open_file(file, FILE_MAX);
	if (file->fd < 0)
		return;
	file->reader = vrp_json_new(file->service->table, file->source, clock_utc());
	if (!file->reader) {
		fault(file, "no memory");
		close(file->fd);
		file->fd = -1;
		return;
	}
	loop_timer_set(file->service->loop, &file->slice, loop_now(file->service->loop));
}

/* All of a file into memory of the arena; NULL: the fault is told. */
static char *
read_text(struct rpki_file *file, struct arena *arena, size_t *length)
{
	int fd = open_file(file, SLURM_FILE_MAX);
	if (fd < 0)
		return NULL;
	size_t size = (size_t)file->seen.size;
	char *text = arena_take(arena, size + 1);
	*length = 0;
	for (ssize_t n = 1; text && n > 0 && *length<size; *length += n> 0 ? (size_t)n : 0)
		n = read(fd, text + *length, size - *length);
	close(fd);
	if (!text || *length < size) {
		fault(file, text ? "it became shorter while it was read" : "no memory");
		return NULL;
	}
	return text;
}

/* True: there is something new to be put in force. */
static bool
read_slurm(struct rpki_file *file)
{
	struct arena *arena = arena_new();
	size_t length = 0;
	char *text = arena ? read_text(file, arena, &length) : NULL;
	char error[SLURM_ERROR];
	struct slurm contents;
	if (!text || slurm_read(&contents, arena, text, length, error) != 0) {
		if (text)
			fault(file, "%s", error);
		arena_free(arena);
		return false;
	}
	arena_free(file->arena);
	file->arena = arena;
	file->contents = contents;
	taken(file);
	log_info("%s: %zu filters, %zu assertions", file->path,
		 contents.prefix_filter_count + contents.aspa_filter_count,
		 contents.prefix_assertion_count + contents.aspa_assertion_count);
	return true;
}

/* Tells of two files that they do not go together; of the others, that this is past. */
static void
tell_overlap(struct rpki_file *const *files, size_t count, const struct slurm_overlap *overlap)
{
	for (size_t i = 0; i < count; i++) {
		bool first = overlap && i == overlap->first,
		     second = overlap && i == overlap->second;
		if (first || second)
			fault(files[i],
			      "overlaps with %s: %s; what was in force before stays "
			      "(RFC 8416 section 4.2)",
			      files[first ? overlap->second : overlap->first]->path, overlap->what);
		else if (files[i]->overlaps)
			files[i]->error[0] = '\0';
		files[i]->overlaps = first || second;
	}
}

static void
enforce_slurm(struct rpki_service *service)
{
	const struct slurm **contents = calloc(service->file_count + 1, sizeof(*contents));
	struct rpki_file **files = calloc(service->file_count + 1, sizeof(*files));
	struct slurm_overlap overlap;
	size_t count = 0;
	for (size_t i = 0; contents && files && i < service->file_count; i++) {
		if (!service->files[i]->slurm || !service->files[i]->arena)
			continue;
		files[count] = service->files[i];
		contents[count++] = &service->files[i]->contents;
	}
	int overlaps = contents && files ? slurm_overlaps(&overlap, contents, count) : -1;
	if (overlaps >= 0)
		tell_overlap(files, count, overlaps ? &overlap : NULL);
	if (overlaps < 0 || (!overlaps && !rpki_table_slurm(service->table, contents, count)))
		log_error("rpki: SLURM files are not put in force: no memory, or too much in them");
	free(files);
	free(contents);
	rpki_service_tell_soon(service);
}

static bool
too_old(const struct rpki_service *service, const struct stamp *stamp)
{
	return service->expire_s &&
	       clock_utc().s - stamp->modified.tv_sec > (int64_t)service->expire_s;
}

/* A file that is not written any more is of no use from some age on. */
static void
check_age(struct rpki_file *file)
{
	struct rpki_service *service = file->service;
	if (!rpki_source_state(service->table, file->source).complete ||
	    !too_old(service, &file->used))
		return;
	rpki_source_drop(service->table, file->source);
	file->used = (struct stamp){0};
	file->read.s = 0;
	file->seen = (struct stamp){0};
	rpki_service_tell_soon(service);
}

/* Looks whether a file is another one than was read last. True: what is in force by SLURM changes. */
static bool
look_at(struct rpki_file *file)
{
	struct stat st;
	struct stamp now = {0};
	bool slurm = false;
	if (stat(file->path, &st) == 0) {
		now = stamp_of(&st);
		if (!file->slurm && too_old(file->service, &now)) {
			fault(file, "older than %u s, and not used", file->service->expire_s);
		} else if (!same_stamp(&now, &file->seen)) {
			file->seen = now;
			slurm = file->slurm && read_slurm(file);
			if (!file->slurm)
				read_vrps(file);
		}
	} else if (file->fd < 0) {
		fault(file, "%s", strerror(errno));
		file->seen = now;
	}
	if (!file->slurm)
		check_age(file);
	return slurm;
}

void
rpki_files_look(struct rpki_service *service)
{
	bool slurm = false;
	for (size_t i = 0; i < service->file_count; i++)
		slurm |= look_at(service->files[i]);
	if (slurm)
		enforce_slurm(service);
}

void
rpki_file_free(struct rpki_file *file)
{
	stop_reading(file);
	if (!file->slurm)
		rpki_source_remove(file->service->table, file->source);
	arena_free(file->arena);
	free(file->path);
	free(file);
}

static struct rpki_file *
file_new(struct rpki_service *service, const char *path, bool slurm)
{
	int source = slurm ? 0 : rpki_source_add(service->table, RPKI_FILE, path, 0);
	struct rpki_file *file = source < 0 ? NULL : calloc(1, sizeof(*file));
	char *copy = strdup(path);
	if (!file || !copy) {
		if (source >= 0 && !slurm)
			rpki_source_remove(service->table, (unsigned)source);
		free(copy);
		free(file);
		return NULL;
	}
	*file = (struct rpki_file){.service = service,
				   .path = copy,
				   .slurm = slurm,
				   .source = (unsigned)source,
				   .fd = -1,
				   .slice = {.fire = read_slice}};
	return file;
}

/* --- the picture --- */

static struct rpki_file *
pick_file(struct rpki_file **files, size_t count, const char *path, bool slurm)
{
	for (size_t i = 0; i < count; i++) {
		struct rpki_file *f = files[i];
		if (!f || f->slurm != slurm || strcmp(f->path, path) != 0)
			continue;
		files[i] = NULL;
		return f;
	}
	return NULL;
}

int
rpki_files_apply(struct rpki_service *service, const struct hub *hub)
{
	const struct hub_validation *v = &hub->validation;
	struct rpki_file **old = service->files;
	size_t old_count = service->file_count, count = v->vrp_file_count + v->slurm_file_count;
	struct rpki_file **files = calloc(count + 1, sizeof(struct rpki_file *));
	if (!files)
		return -1;
	for (size_t i = 0; i < count; i++) {
		bool slurm = i >= v->vrp_file_count;
		const char *path = slurm ? v->slurm_files[i - v->vrp_file_count] : v->vrp_files[i];
		files[i] = pick_file(old, old_count, path, slurm);
	}
	bool slurm_gone = false;
	for (size_t i = 0; i < old_count; i++) {
		if (!old[i])
			continue;
		slurm_gone |= old[i]->slurm;
		rpki_file_free(old[i]);
	}
	free(old);
	service->files = files;
	service->file_count = 0;
	int result = 0;
	for (size_t i = 0; i < count; i++) {
		bool slurm = i >= v->vrp_file_count;
		const char *path = slurm ? v->slurm_files[i - v->vrp_file_count] : v->vrp_files[i];
		struct rpki_file *file = files[i] ? files[i] : file_new(service, path, slurm);
		if (file) {
			files[service->file_count++] = file;
			continue;
		}
		log_error("%s: no memory, or more than %d sources", path, RPKI_SOURCES_MAX);
		result = -1;
	}
	if (slurm_gone)
		enforce_slurm(service);
	return result;
}
