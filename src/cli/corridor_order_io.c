/* `sarai corridor cut|drain|work|restore ...`: on a terminal what it would do is told first, and asked about. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
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

/* Only y and yes are; the whole line is taken, so that nothing of it answers the next question. */
static bool
is_agreed(void)
{
	char *line = NULL;
	size_t room = 0;
	printf("do it? [y/N] ");
	(void)fflush(stdout);
	ssize_t length = getline(&line, &room, stdin);
	while (length > 0 && strchr(" \t\r\n", line[length - 1]))
		line[--length] = 0;
	bool agreed = length > 0 && (strcasecmp(line, "y") == 0 || strcasecmp(line, "yes") == 0);
	free(line);
	clearerr(stdin); /* an end of input ends this question, not those after it */
	return agreed;
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
