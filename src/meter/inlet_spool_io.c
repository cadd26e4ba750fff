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
	s->waiting.count = 0;
	s->forgotten = 0;
	s->trouble[0] = '\0';
}

void
inlet_spool_fini(struct inlet_spool *s)
{
	inlet_waiting_fini(&s->waiting);
}

/* --- bins --- */

void
inlet_waiting_fini(struct inlet_waiting *w)
{
	for (size_t i = 0; i < w->count; i++)
		buf_fini(&w->bins[i].bytes);
	w->count = 0;
}

size_t
inlet_waiting_size(const struct inlet_waiting *w)
{
	size_t octets = 0;
	for (size_t i = 0; i < w->count; i++)
		octets += w->bins[i].bytes.length;
	return octets;
}

/* The first ones are done with. */
static void
leave(struct inlet_waiting *w, size_t count)
{
	w->count -= count;
	memmove(&w->bins[0], &w->bins[count], w->count * sizeof(w->bins[0]));
}

void
inlet_waiting_add(struct inlet_waiting *w, struct inlet_bin *bin, uint64_t *forgotten)
{
	if (w->count == INLET_WAITING_MAX) {
		(*forgotten)++;
		log_error("bin %s: lost, the spool has taken none for %d bins", w->bins[0].name,
			  INLET_WAITING_MAX);
		buf_fini(&w->bins[0].bytes);
		leave(w, 1);
	}
	w->bins[w->count++] = *bin;
	bin->bytes = (struct buf){0};
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
	struct inlet_waiting *w = &s->waiting;
	size_t done = 0;
	while (done < w->count && write_bin(s, w->bins[done].name, &w->bins[done].bytes) == 0)
		buf_fini(&w->bins[done++].bytes);
	if (done && done == w->count)
		log_info("spool: takes bins again");
	leave(w, done);
}

int
inlet_spool_encode(struct inlet_bin *out, const struct traffic_batch *batch, bool newest)
{
	*out = (struct inlet_bin){.newest = newest};
	traffic_encode(batch, &out->bytes);
	if (out->bytes.failed) {
		log_error("bin %" PRId64 ": no memory to write it", batch->start.s);
		buf_fini(&out->bytes);
		return -1;
	}
	(void)snprintf(out->name, sizeof(out->name), "%" PRId64 "-%" PRIu64 ".traffic",
		       batch->start.s, batch->run);
	return 0;
}

void
inlet_spool_hand_on(struct inlet_spool *s, struct inlet_bin *bin)
{
	if (bin->newest &&
	    meter_file_replace(s->run_directory, "traffic.latest", &bin->bytes, false) < 0)
		log_warn("traffic.latest: %s", strerror(errno));
	if (s->waiting.count || write_bin(s, bin->name, &bin->bytes) < 0) {
		log_warn("bin %s: %s, it waits", bin->name,
			 s->waiting.count ? "others wait before it" : strerror(errno));
		inlet_waiting_add(&s->waiting, bin, &s->forgotten);
	}
	buf_fini(&bin->bytes);
}

void
inlet_spool_now(struct inlet_spool *s, const struct buf *bytes)
{
	if (!bytes->failed && meter_file_replace(s->run_directory, "traffic.now", bytes, false) < 0)
		log_warn("traffic.now: %s", strerror(errno));
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
inlet_spool_recover(const char *run_directory, struct buf *out)
{
	char path[PATH_LENGTH];
	int length = snprintf(path, sizeof(path), "%s/%s", run_directory, state_name);
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
