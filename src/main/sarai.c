/* The program: which of its parts is meant. Everything else is done by them. */
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "main/corridor_import.h"
#include "main/journal_verify.h"
#include "main/lab.h"
#include "main/mrt.h"
#include "main/order.h"
#include "main/store.h"
#include "main/supervisor.h"
#include "main/version.h"

/* sarai run FILE [--simulated] [--keep-going] */
static int
run(int argc, char **argv)
{
	struct run_options options = {0};
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--simulated") == 0)
			options.simulated = true;
		else if (strcmp(argv[i], "--keep-going") == 0)
			options.keep_going = true;
		else if (argv[i][0] != '-' && !options.file)
			options.file = argv[i];
		else
			return CLI_USAGE;
	}
	return options.file ? supervisor_run(&options) : CLI_USAGE;
}

int
main(int argc, char **argv)
{
	/* The internal role of a room's process; no command begins with a dot. */
	if (argc > 1 && strcmp(argv[1], ".room") == 0)
		return room_main(argc, argv);
	static const struct cli_local local = {.run = run,
					       .lab = lab_main,
					       .mrt = mrt_main,
					       .store = store_main,
					       .corridor_import = corridor_import_main,
					       .journal_verify = journal_verify_main,
					       .version = SARAI_VERSION};
	return cli_main(argc, argv, &local);
}
