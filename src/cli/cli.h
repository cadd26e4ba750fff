/* The command line of the program, and its shell. */
#pragma once

#include <stdbool.h>

/* Exit statuses. */
enum {
	CLI_OK = 0,
	CLI_REFUSED = 1, /* the hub said no, or there is no such thing */
	CLI_USAGE = 2,   /* the command makes no sense */
	CLI_NO_HUB = 3,  /* no hub is running at the socket */
};

/* Commands whose work lies outside this room. They get what stands after the options as argv, with
 * argv[0] the command's name; CLI_USAGE makes the command's usage be shown. */
struct cli_local {
	int (*run)(int argc, char **argv);
	int (*lab)(int argc, char **argv);
	int (*mrt)(int argc, char **argv, bool json);
	int (*store)(int argc, char **argv);
	int (*corridor_import)(int argc, char **argv);
	int (*journal_verify)(int argc, char **argv, bool json);
	const char *version;
};

/* Runs the command that argv names, or the shell when it names none. Returns the exit status. */
int cli_main(int argc, char **argv, const struct cli_local *local);
