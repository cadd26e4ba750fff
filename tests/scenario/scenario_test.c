/* Plays every tests/scenario/NAME.scenario: whole-program behaviour as text (docs/testing.md), with a clock of its own
 * and without sockets. Arguments are files to be played instead. */
#include <glob.h>
#include <stdio.h>

#include "base/log.h"
#include "scenario/play.h"

enum { TIMES = 3 };

static void
play(const char *path)
{
	/* A fault that shows with whole octets need not be shown again. */
	for (uint64_t seed = 0; seed < TIMES; seed++)
		if (!scenario_play(path, seed))
			return;
}

int
main(int argc, char **argv)
{
	log_set_level(LOG_LEVEL_ERROR);
	for (int i = 1; i < argc; i++)
		play(argv[i]);
	if (argc > 1)
		return scenario_done();
	glob_t found = {0};
	int status = glob("tests/scenario/*.scenario", 0, NULL, &found);
	if (status != 0) {
		printf("not ok 1 - there are scenarios (run from the top of the project)\n1..1\n");
		return 1;
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		play(found.gl_pathv[i]);
	globfree(&found);
	return scenario_done();
}
