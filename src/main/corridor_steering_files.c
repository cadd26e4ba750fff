/* The files of steering. */
#include "main/corridor_steering_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock_io.h"
#include "base/log.h"
#include "hub/steer.h"
#include "hub/steer_sr.h"
#include "meter/meter_io.h"

static const char STATE_FILE[] = "state", STATE_COPY[] = "state.copy";

/* All of a file; empty when it is not there, or cannot be read. */
static struct buf
read_file(const char *folder, const char *name)
{
	char path[4096];
	struct buf bytes = {0};
	struct stat st;
	int length = snprintf(path, sizeof(path), "%s/%s", folder, name);
	int fd = length > 0 && (size_t)length < sizeof(path)
			 ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
			 : -1;
	if (fd < 0)
		return bytes;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= STEER_OCTETS_MAX &&
	    buf_reserve(&bytes, (size_t)st.st_size + 1)) {
		ssize_t got = read(fd, bytes.data, (size_t)st.st_size);
		bytes.length = got > 0 ? (size_t)got : 0;
	}
	close(fd);
	return bytes;
}

/* Puts a file that cannot be read out of the way of the next one, for who wants to look at it. */
static void
put_aside(const char *folder, const char *name)
{
	char path[4096], aside[4096];
	int a = snprintf(path, sizeof(path), "%s/%s", folder, name);
	int b = snprintf(aside, sizeof(aside), "%s/%s.damaged", folder, name);
	if (a < 0 || b < 0 || (size_t)a >= sizeof(path) || (size_t)b >= sizeof(aside))
		return;
	if (rename(path, aside) == 0)
		log_warn("corridor/%s: not a sound state, put aside as %s.damaged", name, name);
	else
		log_warn("corridor/%s: not a sound state; it cannot be put aside: %s", name,
			 strerror(errno));
}

/* Reads one of both files. NULL: there is none, or it is not sound; then *damaged. */
static struct corridor_state *
read_state(const char *folder, const char *name, bool *damaged)
{
	char path[4096];
	int length = snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (length < 0 || (size_t)length >= sizeof(path) || access(path, F_OK) != 0)
		return NULL;
	struct buf bytes = read_file(folder, name);
	struct corridor_state *state = corridor_state_decode(cursor_of(bytes.data, bytes.length));
	buf_fini(&bytes);
	if (!state) {
		put_aside(folder, name);
		*damaged = true;
	}
	return state;
}

struct corridor_state *
corridor_state_load(const char *folder)
{
	bool damaged = false, of_copy = false;
	struct corridor_state *state = read_state(folder, STATE_FILE, &damaged);
	if (state)
		return state;
	state = read_state(folder, STATE_COPY, &of_copy);
	if (state) {
		log_warn("corridor/%s: what is cut, drained and worked on is taken from %s",
			 STATE_FILE, STATE_COPY);
		(void)corridor_state_save(folder, state);
		return state;
	}
	state = corridor_state_new();
	if (!state)
		return NULL;
	corridor_state_begin(state, clock_utc());
	if (damaged || of_copy) {
		corridor_state_lose(state, clock_utc());
		log_warn("corridor: what was cut, drained and worked on is lost; give again what "
			 "stands");
	}
	(void)corridor_state_save(folder, state);
	return state;
}

static int
save(const char *folder, const char *name, const struct corridor_state *state)
{
	struct buf bytes = {0};
	corridor_state_encode(state, &bytes);
	int result = bytes.failed ? -1 : meter_file_replace(folder, name, &bytes, true);
	int error = bytes.failed ? ENOMEM : errno;
	buf_fini(&bytes);
	errno = error;
	return result;
}

int
corridor_state_save(const char *folder, const struct corridor_state *state)
{
	int result = save(folder, STATE_FILE, state);
	if (result < 0)
		log_warn("corridor/%s: %s", STATE_FILE, strerror(errno));
	return result;
}

int
corridor_state_save_copy(const char *folder, const struct corridor_state *state)
{
	return save(folder, STATE_COPY, state);
}

bool
corridor_plan_earlier(struct steer_plan *out, struct arena *arena, const char *folder)
{
	const char *error;
	struct buf bytes = read_file(folder, STEER_FILE);
	bool good = steer_decode(out, arena, cursor_of(bytes.data, bytes.length), &error) == 0;
	buf_fini(&bytes);
	return good;
}

bool
corridor_sr_earlier(const char *folder, uint64_t *number)
{
	const char *error;
	struct steer_sr_plan plan;
	struct arena *arena = arena_new();
	struct buf bytes = read_file(folder, STEER_SR_FILE);
	bool good = arena &&
		    steer_sr_decode(&plan, arena, cursor_of(bytes.data, bytes.length), &error) == 0;
	if (good)
		*number = plan.number;
	buf_fini(&bytes);
	arena_free(arena);
	return good;
}

bool
corridor_steer_state(struct steer_state *out, const char *folder)
{
	struct buf bytes = read_file(folder, STEER_STATE_FILE);
	bool good = steer_state_read(out, cursor_of(bytes.data, bytes.length)) == 0;
	buf_fini(&bytes);
	return good;
}
