/* Files of bins and of the state. */
#include "meter/inlet_spool_io.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "meter/meter_io.h"

enum { PATH_LENGTH = 4096, STATE_MAX = 1 << 30 };
static const char state_name[] = "meter.state";

void
inlet_spool_init(struct inlet_spool *s, const char *run_directory, const char *spool_directory)
{
	s->run_directory = run_directory;
	s->spool_directory = spool_directory;
	s->waiting_count = 0;
	s->forgotten = 0;
	s->trouble[0] = '\0';
	s->state_octets = 0;
}

void
inlet_spool_fini(struct inlet_spool *s)
{
	for (size_t i = 0; i < s->waiting_count; i++)
		buf_fini(&s->waiting[i].bytes);
	s->waiting_count = 0;
}

/* --- bins --- */

static void
keep_waiting(struct inlet_spool *s, const char *name, struct buf *bytes)
{
	if (s->waiting_count == INLET_WAITING_MAX) {
		s->forgotten++;
		log_error("bin %s: lost, the spool has taken none for %d bins", s->waiting[0].name,
			  INLET_WAITING_MAX);
		buf_fini(&s->waiting[0].bytes);
		memmove(&s->waiting[0], &s->waiting[1],
			(INLET_WAITING_MAX - 1) * sizeof(s->waiting[0]));
		s->waiting_count--;
	}
	struct inlet_waiting *w = &s->waiting[s->waiting_count++];
	(void)snprintf(w->name, sizeof(w->name), "%s", name);
	w->bytes = *bytes;
	*bytes = (struct buf){0};
}

static bool
is_there(const char *folder, const char *name)
{
	char path[PATH_LENGTH];
	struct stat found;
	int length = snprintf(path, sizeof(path), "%s/%s", folder, name);
	return length > 0 && (size_t)length < sizeof(path) && stat(path, &found) == 0;
}

static int
write_bin(const struct inlet_spool *s, const char *name, const struct buf *bytes)
{
	if (is_there(s->spool_directory, name))
		return 0;
	return meter_file_replace(s->spool_directory, name, bytes, true);
}

void
inlet_spool_retry(struct inlet_spool *s)
{
	size_t done = 0;
	while (done < s->waiting_count) {
		struct inlet_waiting *w = &s->waiting[done];
		if (write_bin(s, w->name, &w->bytes) < 0)
			break;
		buf_fini(&w->bytes);
		done++;
	}
	if (done && done == s->waiting_count)
		log_info("spool: takes bins again");
	s->waiting_count -= done;
	memmove(&s->waiting[0], &s->waiting[done], s->waiting_count * sizeof(s->waiting[0]));
}

void
inlet_spool_hand_on(struct inlet_spool *s, const struct traffic_batch *batch, bool newest)
{
	char name[INLET_NAME];
	struct buf bytes = {0};
	traffic_encode(batch, &bytes);
	if (bytes.failed) {
		log_error("bin %" PRId64 ": no memory to write it", batch->start.s);
		buf_fini(&bytes);
		return;
	}
	(void)snprintf(name, sizeof(name), "%" PRId64 "-%" PRIu64 ".traffic", batch->start.s,
		       batch->run);
	if (newest && meter_file_replace(s->run_directory, "traffic.latest", &bytes, false) < 0)
		log_warn("traffic.latest: %s", strerror(errno));
	if (s->waiting_count || write_bin(s, name, &bytes) < 0) {
		log_warn("bin %s: %s, it waits", name,
			 s->waiting_count ? "others wait before it" : strerror(errno));
		keep_waiting(s, name, &bytes);
	}
	buf_fini(&bytes);
}

void
inlet_spool_now(struct inlet_spool *s, const struct traffic_batch *batch)
{
	struct buf bytes = {0};
	traffic_encode(batch, &bytes);
	if (!bytes.failed && meter_file_replace(s->run_directory, "traffic.now", &bytes, false) < 0)
		log_warn("traffic.now: %s", strerror(errno));
	buf_fini(&bytes);
}

/* --- the state --- */

int
inlet_spool_keep(struct inlet_spool *s, const struct buf *state)
{
	errno = ENOMEM;
	if (!state->failed && meter_file_replace(s->run_directory, state_name, state, true) == 0) {
		if (s->trouble[0])
			log_info("%s: written again", state_name);
		s->trouble[0] = '\0';
		s->state_octets = state->length;
		return 0;
	}
	if (!s->trouble[0])
		log_error("%s: %s: who kills the meter now loses what it has counted", state_name,
			  strerror(errno));
	(void)snprintf(s->trouble, sizeof(s->trouble), "%s", strerror(errno));
	return -1;
}

static int
read_file(struct buf *out, int fd)
{
	struct stat found;
	if (fstat(fd, &found) < 0)
		return -1;
	if (!S_ISREG(found.st_mode) || found.st_size > STATE_MAX) {
		errno = EFBIG;
		return -1;
	}
	size_t size = (size_t)found.st_size;
	if (!buf_reserve(out, size + 1))
		return -1;
	while (out->length < size) {
		ssize_t got = read(fd, out->data + out->length, size - out->length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -1;
		out->length += (size_t)got;
	}
	return 0;
}

int
inlet_spool_recover(struct inlet_spool *s, struct buf *out)
{
	char path[PATH_LENGTH];
	int length = snprintf(path, sizeof(path), "%s/%s", s->run_directory, state_name);
	if (length < 0 || (size_t)length >= sizeof(path))
		return -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		if (errno != ENOENT)
			log_error("%s: %s", state_name, strerror(errno));
		return -1;
	}
	int result = read_file(out, fd);
	if (result < 0)
		log_error("%s: %s", state_name, strerror(errno));
	close(fd);
	return result;
}
