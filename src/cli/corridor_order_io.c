/* `sarai corridor cut|drain|work|restore ...`: on a terminal what it would do is told first, and asked about. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli_parts.h"

bool
corridor_is_order(const char *word)
{
	static const char *const orders[] = {"cut", "drain", "work", "restore"};
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		if (strcmp(orders[i], word) == 0)
			return true;
	return false;
}

static bool
is_agreed(void)
{
	char line[16];
	printf("do it? [y/N] ");
	(void)fflush(stdout);
	return fgets(line, sizeof(line), stdin) && (line[0] == 'y' || line[0] == 'Y');
}

int
corridor_order_command(const struct cli *cli, const char *const *words, size_t count)
{
	const char *kept[CONTROL_WORDS_MAX];
	size_t n = 0;
	bool asks = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && cli->form == CONTROL_TEXT &&
		    !cli->quiet;
	for (size_t i = 0; i < count; i++) {
		asks &= strcmp(words[i], "--yes") != 0 && strcmp(words[i], "--preview") != 0;
		if (strcmp(words[i], "--yes") != 0 && n + 1 < CONTROL_WORDS_MAX)
			kept[n++] = words[i];
	}
	if (asks) {
		kept[n] = "--preview";
		int status = ask_hub(cli, kept, n + 1);
		if (status != CLI_OK)
			return status;
		if (!is_agreed())
			return CLI_REFUSED;
	}
	return ask_hub(cli, kept, n);
}
