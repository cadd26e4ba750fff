/* Help, in 80 columns. */
#include <stdio.h>
#include <string.h>

#include "cli/cli_parts.h"

enum { HELP_COLUMN = 30, WIDTH = 80 };

/* "show member ASN|NAME": the words of a row with its stars named, and the rest of its usage. */
static void
write_usage(struct buf *out, const struct command *command)
{
	const char *usage = command->usage;
	for (const char *at = command->words; *at;) {
		size_t length = strcspn(at, " ");
		if (length == 1 && *at == '*') {
			size_t name = strcspn(usage, " ");
			buf_put(out, usage, name);
			usage += name + (usage[name] == ' ');
		} else {
			buf_put(out, at, length);
		}
		at += length;
		if (*at) {
			buf_u8(out, ' ');
			at++;
		}
	}
	if (*usage)
		buf_printf(out, " %s", usage);
}

static void
write_row(struct buf *out, const struct command *command)
{
	size_t start = out->length;
	buf_str(out, "  ");
	write_usage(out, command);
	size_t used = out->length - start;
	/* A usage too long for its column gets the help on a line of its own. */
	if (used + 2 > HELP_COLUMN) {
		buf_u8(out, '\n');
		used = 0;
	}
	buf_printf(out, "%*s%s\n", (int)(HELP_COLUMN - used), "", command->help);
}

void
help_list(struct buf *out)
{
	buf_str(out, "sarai [-j] [-q] [-s SOCKET] COMMAND; without a command, a shell.\n"
		     "Words may be shortened where that is clear: `sh stat` is `show status`.\n\n");
	for (size_t i = 0; i < command_count; i++)
		if (!commands[i].as)
			write_row(out, &commands[i]);
	buf_str(out,
		"\n  -j, --json   JSON instead of text      -s SOCKET  the hub's control socket\n"
		"  --csv        CSV where there is one    -q         only the exit status\n"
		"Exit status: 0 done, 1 refused or not there, 2 not understood, 3 no hub runs.\n"
		"The words of birdc, bgpctl, vtysh and gobgp for the same things work too.\n");
}

void
help_command(struct buf *out, const struct command *command)
{
	buf_str(out, "usage: sarai ");
	write_usage(out, command);
	buf_printf(out, "\n  %s\n", command->help);
}

static void
write_choices(struct buf *out, const struct grammar_answer *answer)
{
	size_t column = 2;
	buf_str(out, " ");
	for (size_t i = 0; i < answer->choice_count; i++) {
		size_t length = strlen(answer->choices[i]) + 1;
		if (column + length > WIDTH) {
			buf_str(out, "\n ");
			column = 2;
		}
		buf_printf(out, " %s", answer->choices[i]);
		column += length;
	}
	buf_u8(out, '\n');
}

void
help_complaint(struct buf *out, enum grammar_result result, const struct grammar_answer *answer,
	       const char *const *words)
{
	switch (result) {
	case GRAMMAR_OK:
		return;
	case GRAMMAR_UNKNOWN:
		buf_printf(out, "found \"%.60s\", expected one of:\n", words[answer->wrong]);
		break;
	case GRAMMAR_AMBIGUOUS:
		buf_printf(out, "\"%.60s\" may be any of:\n", words[answer->wrong]);
		break;
	case GRAMMAR_SHORT:
		buf_str(out, "the command goes on with one of:\n");
		break;
	case GRAMMAR_LONG:
		buf_printf(out, "found \"%.60s\", expected nothing more\n", words[answer->wrong]);
		return;
	}
	write_choices(out, answer);
}

void
help_choices(struct buf *out, const struct grammar_answer *next)
{
	if (next->choice_count)
		write_choices(out, next);
	else
		buf_str(out, "  nothing more is expected\n");
}
