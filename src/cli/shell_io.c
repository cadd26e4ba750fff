/* The shell: commands line by line, with editing, Tab and `?` on a terminal (libedit). */
#include <ctype.h>
#include <histedit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf_io.h"
#include "cli/cli_parts.h"
#include "cli/complete.h"

enum { LINE_MAX_OCTETS = 4096, HISTORY = 500 };

/* libedit's callbacks find us through EL_CLIENTDATA. */
struct shell {
	struct cli *cli;
	EditLine *edit;
	History *history;
	char prompt[64];
};

int
shell_split(char *line, const char **words, size_t size)
{
	size_t count = 0;
	char *to = line;
	for (const char *at = line; *at;) {
		while (isspace((unsigned char)*at))
			at++;
		if (!*at)
			break;
		if (count == size)
			return -1;
		words[count++] = to;
		bool quoted = false;
		for (; *at && (quoted || !isspace((unsigned char)*at)); at++) {
			if (*at == '"')
				quoted = !quoted;
			else
				*to++ = *at;
		}
		if (quoted)
			return -1;
		/* The zero may fall on the blank that is looked at next. */
		bool more = *at != '\0';
		*to++ = '\0';
		if (!more)
			break;
		at++;
	}
	return (int)count;
}

static char *
prompt(EditLine *edit)
{
	struct shell *shell;
	el_get(edit, EL_CLIENTDATA, &shell);
	return shell->prompt;
}

/* The words before the one the cursor stands in, and the beginning of that one. */
static int
words_before_cursor(EditLine *edit, char *copy, const char **words, const char **start)
{
	const LineInfo *info = el_line(edit);
	size_t length = (size_t)(info->cursor - info->buffer);
	if (length >= LINE_MAX_OCTETS)
		return -1;
	memcpy(copy, info->buffer, length);
	copy[length] = '\0';
	bool fresh = length == 0 || isspace((unsigned char)copy[length - 1]);
	int count = shell_split(copy, words, GRAMMAR_WORDS_MAX);
	if (count < 0)
		return -1;
	*start = fresh ? "" : words[--count];
	return count;
}

/* How many octets all choices have in common. */
static size_t
common_length(const struct grammar_answer *next)
{
	size_t length = strlen(next->choices[0]);
	for (size_t i = 1; i < next->choice_count; i++) {
		size_t same = 0;
		while (same < length && next->choices[i][same] == next->choices[0][same])
			same++;
		length = same;
	}
	return length;
}

/* What stands before the cursor, and what may stand there. */
struct asked_at {
	char copy[LINE_MAX_OCTETS];
	const char *words[GRAMMAR_WORDS_MAX];
	size_t count;
	const char *file;  /* behind --hub, which is none of the words then; NULL: not said */
	const char *start; /* of the word that the cursor is in */
	struct grammar_answer next;
	struct complete_names names;
	size_t typed; /* octets of `start` that are of the name: what is behind the last comma */
	bool list;
};

/* Names of the corridor and of the calculator, where the grammar has a place for them. */
static void
find_names(struct asked_at *at, const struct cli *cli, struct arena *arena)
{
	struct grammar_answer places;
	unsigned kinds = 0;
	grammar_places(&places, at->words, at->count);
	for (size_t i = 0; i < places.choice_count; i++) {
		unsigned more = complete_kinds(places.choices[i]);
		if (!more)
			return; /* it may be something else, of which nothing is known */
		kinds |= more;
	}
	if (!kinds || !arena)
		return;
	const char *comma = kinds & COMPLETE_LIST ? strrchr(at->start, ',') : NULL;
	const char *start = comma ? comma + 1 : at->start;
	at->typed = strlen(start);
	at->list = (kinds & (COMPLETE_LIST | COMPLETE_INPUTS)) != 0;
	if (complete_names_at(&at->names, arena, cli, kinds,
			      (struct complete_from){at->file, at->count > 2 ? at->words[2] : NULL},
			      start) < 0)
		at->names = (struct complete_names){0};
}

/* Takes "--hub FILE" out of the words: it may stand before the name that is looked for in it, where the grammar
 * has a place for that name. */
static void
take_file(struct asked_at *at)
{
	size_t kept = 0;
	for (size_t i = 0; i < at->count; i++) {
		if (i + 1 < at->count && strcmp(at->words[i], "--hub") == 0)
			at->file = at->words[++i];
		else
			at->words[kept++] = at->words[i];
	}
	at->count = kept;
}

/* 0; or -1 when the line cannot be understood. The names live as long as the arena. */
static int
look_at(struct asked_at *at, EditLine *edit, struct arena *arena)
{
	struct shell *shell;
	el_get(edit, EL_CLIENTDATA, &shell);
	int count = words_before_cursor(edit, at->copy, at->words, &at->start);
	if (count < 0)
		return -1;
	at->count = (size_t)count;
	at->file = NULL;
	take_file(at);
	at->names = (struct complete_names){0};
	grammar_next(&at->next, at->words, at->count, at->start);
	find_names(at, shell->cli, arena);
	return 0;
}

/* Shows what may follow, under the line. */
static unsigned char
show_choices(const struct asked_at *at)
{
	struct buf out = {0};
	buf_u8(&out, '\n');
	if (at->next.choice_count || !at->names.count)
		help_choices(&out, &at->next);
	complete_show(&out, &at->names);
	buf_write(&out, stdout);
	(void)fflush(stdout);
	buf_fini(&out);
	return CC_REDISPLAY;
}

/* Types in what all names have in common, in their own letters. */
static unsigned char
complete_name(EditLine *edit, const struct asked_at *at)
{
	const struct complete_names *n = &at->names;
	char text[LINE_MAX_OCTETS];
	bool one = n->count == 1;
	size_t common = one ? strlen(n->all[0].id) : n->by_name ? 0 : n->common;
	if (!one && common <= at->typed)
		return show_choices(at);
	(void)snprintf(text, sizeof(text), "%.*s%s", (int)common, n->all[0].id,
		       one && !at->list ? " " : "");
	if (at->typed)
		el_deletestr(edit, (int)at->typed);
	return el_insertstr(edit, text) < 0 ? CC_ERROR : CC_REFRESH;
}

/* A name in capitals stands for a word of the user's: it is shown, never typed in. */
static bool
is_place(const char *choice)
{
	return isupper((unsigned char)choice[0]) != 0;
}

static unsigned char
complete_at(EditLine *edit, const struct asked_at *at)
{
	const struct grammar_answer *next = &at->next;
	bool words = next->choice_count && !is_place(next->choices[0]);
	if (at->names.count)
		return words ? show_choices(at) : complete_name(edit, at);
	if (next->choice_count == 0)
		return CC_ERROR;
	const char *rest = next->choices[0] + strlen(at->start);
	size_t add = common_length(next) - strlen(at->start);
	if (!words || (next->choice_count > 1 && add == 0))
		return show_choices(at);
	char text[LINE_MAX_OCTETS];
	(void)snprintf(text, sizeof(text), "%.*s%s", (int)add, rest,
		       next->choice_count == 1 ? " " : "");
	return el_insertstr(edit, text) < 0 ? CC_ERROR : CC_REFRESH;
}

static unsigned char
answer_key(EditLine *edit, unsigned char (*answer)(EditLine *edit, const struct asked_at *at))
{
	struct asked_at at;
	struct arena *arena = arena_new();
	unsigned char result = look_at(&at, edit, arena) < 0 ? CC_ERROR : answer(edit, &at);
	arena_free(arena);
	return result;
}

static unsigned char
complete(EditLine *edit, int key)
{
	(void)key;
	return answer_key(edit, complete_at);
}

static unsigned char
show_at(EditLine *edit, const struct asked_at *at)
{
	(void)edit;
	return show_choices(at);
}

/* `?` shows what may follow at once. */
static unsigned char
question(EditLine *edit, int key)
{
	(void)key;
	return answer_key(edit, show_at);
}

/* One line. False when the shell is to end. */
static bool
run_line(struct shell *shell, const char *text, int *status)
{
	char line[LINE_MAX_OCTETS];
	const char *words[GRAMMAR_WORDS_MAX];
	if (strlen(text) >= sizeof(line)) {
		fprintf(stderr, "sarai: the line is too long\n");
		*status = CLI_USAGE;
		return true;
	}
	memcpy(line, text, strlen(text) + 1);
	int count = shell_split(line, words, GRAMMAR_WORDS_MAX);
	if (count == 0 || (count > 0 && words[0][0] == '#'))
		return true;
	if (count < 0) {
		fprintf(stderr, "sarai: a quote is open, or there are too many words\n");
		*status = CLI_USAGE;
		return true;
	}
	if (strcmp(words[0], "quit") == 0 || strcmp(words[0], "exit") == 0)
		return false;
	enum control_form form = shell->cli->form;
	if (count > 1 && strcmp(words[count - 1], "-j") == 0) {
		shell->cli->form = CONTROL_JSON;
		count--;
	}
	if (strcmp(words[0], "?") == 0)
		words[0] = "help";
	*status = cli_command(shell->cli, words, (size_t)count);
	shell->cli->form = form;
	return true;
}

static int
run_plain(struct shell *shell)
{
	char *line = NULL;
	size_t size = 0;
	int status = CLI_OK;
	while (getline(&line, &size, stdin) >= 0) {
		line[strcspn(line, "\r\n")] = '\0';
		if (!run_line(shell, line, &status))
			break;
		(void)fflush(stdout);
	}
	free(line);
	return status;
}

static int
run_edited(struct shell *shell)
{
	HistEvent event;
	int status = CLI_OK;
	shell->history = history_init();
	shell->edit = el_init("sarai", stdin, stdout, stderr);
	if (!shell->edit || !shell->history)
		return run_plain(shell);
	history(shell->history, &event, H_SETSIZE, HISTORY);
	el_set(shell->edit, EL_CLIENTDATA, shell);
	el_set(shell->edit, EL_PROMPT, prompt);
	el_set(shell->edit, EL_EDITOR, "emacs");
	el_set(shell->edit, EL_SIGNAL, 1);
	el_set(shell->edit, EL_HIST, history, shell->history);
	el_set(shell->edit, EL_ADDFN, "sarai-complete", "complete the word", complete);
	el_set(shell->edit, EL_ADDFN, "sarai-question", "show what may follow", question);
	el_set(shell->edit, EL_BIND, "^I", "sarai-complete", NULL);
	el_set(shell->edit, EL_BIND, "?", "sarai-question", NULL);
	printf("? shows what may follow, Tab completes, `quit` ends.\n");
	for (;;) {
		int length;
		const char *got = el_gets(shell->edit, &length);
		if (!got || length <= 0)
			break;
		char line[LINE_MAX_OCTETS];
		(void)snprintf(line, sizeof(line), "%.*s", (int)strcspn(got, "\r\n"), got);
		if (*line)
			history(shell->history, &event, H_ENTER, line);
		if (!run_line(shell, line, &status))
			break;
	}
	printf("\n");
	el_end(shell->edit);
	history_end(shell->history);
	return status;
}

int
shell_run(struct cli *cli)
{
	struct shell shell = {.cli = cli, .prompt = "sarai> "};
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) ? run_edited(&shell)
							     : run_plain(&shell);
}
