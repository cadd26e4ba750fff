/* The files of what is ordered of the corridor: whatever happens to one, nothing that stands is lost in silence. */
#include "main/corridor_steering_files.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/made_up.h"
#include "tap.h"

static char *folder;

static const char *
path_of(const char *name)
{
	static char path[300];
	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static bool
there(const char *name)
{
	return access(path_of(name), F_OK) == 0;
}

enum harm { GONE, EMPTY, SHORT, TURNED, HARMS };
static const char *const harms[HARMS] = {"gone", "empty", "cut short", "with a bit turned"};

static void
harm(const char *name, enum harm how)
{
	struct stat st;
	const char *path = path_of(name);
	int fd = open(path, O_RDWR);
	if (fd < 0 || fstat(fd, &st) < 0)
		abort();
	unsigned char octet;
	if (how == TURNED && (pread(fd, &octet, 1, st.st_size / 2) != 1 ||
			      pwrite(fd, &(unsigned char){octet ^ 4}, 1, st.st_size / 2) != 1))
		abort();
	if ((how == EMPTY && ftruncate(fd, 0) < 0) ||
	    (how == SHORT && ftruncate(fd, st.st_size / 2) < 0) ||
	    (how == GONE && unlink(path) < 0))
		abort();
	(void)close(fd);
}

/* A folder in which two segments are cut, and both files say so. */
static void
begin(void)
{
	folder = made_up_folder();
	struct corridor_state *state = corridor_state_load(folder);
	if (!state)
		abort();
	static const char *const cut[] = {"M14", "L25"};
	for (size_t i = 0; i < 2; i++) {
		struct corridor_order order = {.live = CORRIDOR_CUT,
					       .kind = CORRIDOR_A_SEGMENT,
					       .id = cut[i],
					       .given = {1000},
					       .who = "noc",
					       .why = ""};
		if (corridor_state_order(state, &order) != CORRIDOR_STATE_DONE)
			abort();
	}
	if (corridor_state_save(folder, state) < 0 || corridor_state_save_copy(folder, state) < 0)
		abort();
	corridor_state_free(state);
}

/* How many orders another process finds, and whether it says that some are lost. */
static size_t
found(bool *lost)
{
	size_t count;
	struct corridor_state *state = corridor_state_load(folder);
	if (!state)
		abort();
	(void)corridor_state_orders(state, &count);
	*lost = corridor_state_lost(state).s != 0;
	corridor_state_free(state);
	return count;
}

int
main(void)
{
	bool lost;
	begin();
	ok(found(&lost) == 2 && !lost, "orders outlive the process");
	made_up_remove(folder);
	for (enum harm first = 0; first < HARMS; first++) {
		begin();
		harm("state", first);
		ok(found(&lost) == 2 && !lost,
		   "with a file that is %s they are taken from its copy", harms[first]);
		ok(there("state.damaged") == (first != GONE), "what was harmed is kept");
		ok(found(&lost) == 2 && !there("state.copy.damaged"), "and both are whole again");
		made_up_remove(folder);
		for (enum harm second = 0; second < HARMS; second++) {
			begin();
			harm("state", first);
			harm("state.copy", second);
			bool any = first != GONE || second != GONE;
			ok(found(&lost) == 0 && lost == any, "%s and the copy %s: %s", harms[first],
			   harms[second], any ? "it is told that orders are lost" : "a new hub");
			ok(found(&lost) == 0 && lost == any, "also to the next process");
			ok(there("state.damaged") == (first != GONE) &&
				   there("state.copy.damaged") == (second != GONE),
			   "and nothing is written over");
			made_up_remove(folder);
		}
	}
	folder = made_up_folder();
	ok(found(&lost) == 0 && !lost && there("state"), "a new hub has lost nothing");
	made_up_remove(folder);
	return done_testing();
}
