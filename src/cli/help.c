/* Help, in 80 columns. */
#include <stdio.h>
#include <string.h>

#include "cli/cli_parts.h"
#include "view/view_text.h"

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

/* Begins a row with what is typed; what is too long for its column gets the help on a line of its
 * own. */
static void
end_column(struct buf *out, size_t start)
{
	size_t used = out->length - start;
	if (used + 2 > HELP_COLUMN) {
		buf_u8(out, '\n');
		used = 0;
	}
	buf_printf(out, "%*s", (int)(HELP_COLUMN - used), "");
}

/* What is typed, wrapped where it is longer than a line. */
static void
write_wrapped_usage(struct buf *out, const struct command *command, size_t column)
{
	struct buf usage = {0};
	write_usage(&usage, command);
	buf_u8(&usage, 0);
	view_wrapped(out, usage.failed ? "" : (const char *)usage.data, column, 6);
	buf_fini(&usage);
	if (out->length)
		out->length--; /* the newline: what follows may stand in the same line */
}

static void
write_row(struct buf *out, const struct command *command)
{
	size_t start = out->length;
	buf_str(out, "  ");
	write_wrapped_usage(out, command, 2);
	end_column(out, start);
	buf_printf(out, "%s\n", command->help);
}

static bool
same_first_word(const struct command *a, const struct command *b)
{
	size_t length = strcspn(a->words, " ");
	return strncmp(a->words, b->words, length) == 0 &&
	       (b->words[length] == ' ' || b->words[length] == '\0');
}

/* Is the word that `next` begins with the row's second one, too? */
static bool
same_second_word(const struct command *row, const char *next, size_t length)
{
	const char *word = strchr(row->words, ' ') + 1;
	word += strspn(word, "* ");
	return strcspn(word, " ") == length && strncmp(word, next, length) == 0;
}

/* "show ...    status, overview, members ...": commands with the same first word in one row. The
 * number of them. */
static size_t
write_group(struct buf *out, size_t first)
{
	size_t count = 0, start = out->length, column = HELP_COLUMN;
	const char *words = commands[first].words;
	buf_printf(out, "  %.*s ...", (int)strcspn(words, " "), words);
	end_column(out, start);
	for (; first + count < command_count && !commands[first + count].as &&
	       same_first_word(&commands[first], &commands[first + count]);
	     count++) {
		const char *next = strchr(commands[first + count].words, ' ') + 1;
		next += strspn(next, "* ");
		size_t length = strcspn(next, " ");
		if (count > 0 && same_second_word(&commands[first + count - 1], next, length))
			continue;
		if (count > 0)
			column += 2;
		if (column + length + 1 > WIDTH) {
			buf_printf(out, ",\n%*s", HELP_COLUMN, "");
			column = HELP_COLUMN;
		} else if (count > 0) {
			buf_str(out, ", ");
		}
		buf_put(out, next, length);
		column += length;
	}
	buf_u8(out, '\n');
	return count;
}

/* One row, its options left out where they do not fit. */
static void
write_short_row(struct buf *out, const struct command *command)
{
	struct command cut = *command;
	char usage[HELP_COLUMN];
	const char *option = strstr(command->usage, " [");
	if (option && strlen(command->words) + strlen(command->usage) + 4 > HELP_COLUMN) {
		(void)snprintf(usage, sizeof(usage), "%.*s ...", (int)(option - command->usage),
			       command->usage);
		cut.usage = usage;
	}
	write_row(out, &cut);
}

void
help_list(struct buf *out)
{
	buf_str(out, "sarai [-j] [-q] [-s SOCKET] COMMAND; without a command, a shell.\n"
		     "Words may be shortened where that is clear: `sh stat` is `show status`.\n\n");
	for (size_t i = 0; i < command_count && !commands[i].as;) {
		bool group = i + 1 < command_count && !commands[i + 1].as &&
			     same_first_word(&commands[i], &commands[i + 1]);
		if (group) {
			i += write_group(out, i);
			continue;
		}
		write_short_row(out, &commands[i]);
		i++;
	}
	buf_str(out,
		"\n  -j, --json   JSON instead of text      -s SOCKET  the hub's control socket\n"
		"  --csv        CSV where there is one    -q         only the exit status\n"
		"Exit status: 0 done, 1 refused or not there, 2 not understood, 3 no hub runs.\n"
		"What birdc, bgpctl, vtysh and gobgp call the same things works too.\n");
}

/* True if each word begins the row's word at its place, or stands where the user's own does. */
static bool
row_begins(const struct command *row, const char *const *words, size_t count)
{
	const char *at = row->words;
	for (size_t i = 0; i < count; i++) {
		size_t length = strcspn(at, " ");
		bool star = length == 1 && *at == '*';
		if (length == 0 || (!star && strncmp(at, words[i], strlen(words[i])) != 0))
			return false;
		at += length + (at[length] == ' ');
	}
	return true;
}

void
help_rows(struct buf *out, const char *const *words, size_t count)
{
	for (size_t i = 0; i < command_count; i++)
		if (!commands[i].as && row_begins(&commands[i], words, count))
			write_row(out, &commands[i]);
}

void
help_command(struct buf *out, const struct command *command)
{
	buf_str(out, "usage: sarai ");
	write_wrapped_usage(out, command, 13);
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
