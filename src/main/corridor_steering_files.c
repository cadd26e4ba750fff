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

static const char STATE_FILE[] = "state";

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

struct corridor_state *
corridor_state_load(const char *folder)
{
	struct corridor_state *state = NULL;
	struct buf bytes = read_file(folder, STATE_FILE);
	if (bytes.length) {
		state = corridor_state_decode(cursor_of(bytes.data, bytes.length));
		if (!state)
			log_warn("corridor/%s: not a sound state, left aside", STATE_FILE);
	}
	buf_fini(&bytes);
	if (state)
		return state;
	state = corridor_state_new();
	if (!state)
		return NULL;
	corridor_state_begin(state, clock_utc());
	(void)corridor_state_save(folder, state);
	return state;
}

int
corridor_state_save(const char *folder, const struct corridor_state *state)
{
	struct buf bytes = {0};
	corridor_state_encode(state, &bytes);
	int result = bytes.failed ? -1 : meter_file_replace(folder, STATE_FILE, &bytes, true);
	buf_fini(&bytes);
	if (result < 0)
		log_warn("corridor/%s: %s", STATE_FILE, strerror(errno));
	return result;
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
