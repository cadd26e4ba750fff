/* The command line: options, then words that name a command (cli/grammar.h). */
#include "cli/cli.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf_io.h"
#include "cli/cli_parts.h"

#define SOCKET_HERE   "var/sarai.sock"
#define SOCKET_SYSTEM "/run/sarai/sarai.sock"

static void
put(FILE *to, struct buf *text)
{
	buf_write(text, to);
	buf_fini(text);
}

static int
complain(enum grammar_result result, const struct grammar_answer *answer, const char *const *words)
{
	struct buf out = {0};
	buf_str(&out, "sarai: ");
	help_complaint(&out, result, answer, words);
	put(stderr, &out);
	return CLI_USAGE;
}

static int
show_usage(const struct command *command)
{
	struct buf out = {0};
	help_command(&out, command);
	put(stderr, &out);
	return CLI_USAGE;
}

/* help [COMMAND] */
static int
help(const char *const *words, size_t count)
{
	struct buf out = {0};
	if (count == 0) {
		help_list(&out);
		put(stdout, &out);
		return CLI_OK;
	}
	struct grammar_answer answer;
	enum grammar_result result = grammar_resolve(&answer, words, count);
	if (result == GRAMMAR_OK)
		help_command(&out, answer.command);
	else if (result == GRAMMAR_SHORT)
		help_rows(&out, words, count);
	else
		return complain(result, &answer, words);
	put(stdout, &out);
	return CLI_OK;
}

/* A command of this process. */
static int
run_local(const struct cli *cli, const struct grammar_answer *answer)
{
	char *argv[GRAMMAR_WORDS_MAX + 1] = {NULL};
	const char *name = answer->words[0];
	for (size_t i = 0; i < answer->count; i++)
		argv[i] = (char *)answer->words[i];
	int argc = (int)answer->count, status = CLI_USAGE;
	if (strcmp(name, "help") == 0)
		return help(answer->words + 1, answer->count - 1);
	if (strcmp(name, "version") == 0) {
		printf("sarai %s\n", cli->local->version);
		return CLI_OK;
	}
	if (strcmp(name, "counters") == 0)
		return counters_command(cli, answer->words[2]);
	if (strcmp(name, "corridor") == 0 && strcmp(answer->words[1], "line") == 0)
		return line_command(cli, answer->words + 2, answer->count - 2);
	if (strcmp(name, "corridor") == 0 && strcmp(answer->words[1], "reckon") == 0)
		return reckon_command(cli, answer->words + 2, answer->count - 2);
	if (strcmp(name, "corridor") == 0 && strcmp(answer->words[1], "optics") == 0)
		status = optics_command(cli, answer->words + 2, answer->count - 2);
	else if (strcmp(name, "check") == 0)
		status = check_command(argc, argv);
	else if (strcmp(name, "import") == 0)
		status = import_command(argc, argv);
	else if (strcmp(name, "run") == 0)
		status = cli->local->run(argc, argv);
	else if (strcmp(name, "lab") == 0 && cli->local->lab)
		status = cli->local->lab(argc, argv);
	else if (strcmp(name, "mrt") == 0 && cli->local->mrt)
		status = cli->local->mrt(argc, argv, cli->form == CONTROL_JSON);
	else if (strcmp(name, "store") == 0 && cli->local->store)
		status = cli->local->store(argc, argv);
	else if (strcmp(name, "corridor") == 0 && cli->local->corridor_import)
		status = cli->local->corridor_import(argc, argv);
	else if (strcmp(name, "ledger") == 0 && cli->local->journal_verify)
		status = cli->local->journal_verify(argc, argv, cli->form == CONTROL_JSON);
	return status == CLI_USAGE ? show_usage(answer->command) : status;
}

/* Takes an option and its value, "--hub FILE", out of the words. The value, or NULL; *bad when it is
 * missing. */
static const char *
take_value(struct grammar_answer *answer, const char *option, bool *bad)
{
	*bad = false;
	for (size_t i = 1; i < answer->count; i++) {
		if (strcmp(answer->words[i], option) != 0)
			continue;
		if (i + 1 == answer->count) {
			*bad = true;
			return NULL;
		}
		const char *file = answer->words[i + 1];
		for (size_t j = i; j + 2 < answer->count; j++)
			answer->words[j] = answer->words[j + 2];
		answer->count -= 2;
		return file;
	}
	return NULL;
}

/* Words that take --pdf PATH. */
static bool
is_printed(const struct grammar_answer *answer)
{
	return strcmp(answer->words[0], "bill") == 0 ||
	       (answer->count > 1 && strcmp(answer->words[0], "ledger") == 0 &&
		strcmp(answer->words[1], "document") == 0);
}

/* `ledger verify FILE`: a journal in a file needs no hub. */
static bool
names_journal(const struct grammar_answer *answer)
{
	return answer->count > 2 && strcmp(answer->words[0], "ledger") == 0 &&
	       strcmp(answer->words[1], "verify") == 0 && answer->words[2][0] != '-';
}

/* The hub reads the file itself, from where it stands; so it is told the whole path. */
static int
apply(const struct cli *cli, struct grammar_answer *answer)
{
	char path[PATH_MAX];
	if (!realpath(answer->words[1], path)) {
		fprintf(stderr, "sarai: %s: cannot be read: %s\n", answer->words[1],
			strerror(errno));
		return CLI_REFUSED;
	}
	answer->words[1] = path;
	return ask_hub(cli, answer->words, answer->count);
}

/* The hub may not read files of ours: we send it. `at` is the word that names it. */
static int
ask_with_file(const struct cli *cli, struct grammar_answer *answer, size_t at)
{
	struct buf file = {0};
	if (read_file(&file, answer->words[at], CONTROL_BODY_MAX) < 0) {
		fprintf(stderr, "sarai: %s: cannot be read: %s\n", answer->words[at],
			errno == EFBIG ? "it is too large" : strerror(errno));
		return CLI_REFUSED;
	}
	for (size_t i = at; i + 1 < answer->count; i++)
		answer->words[i] = answer->words[i + 1];
	int status = ask_hub_with(cli, answer->words, answer->count - 1, &file);
	buf_fini(&file);
	return status;
}

/* The option that a word of a question about the corridor is; *length is that of its name, "--date=2030" has a value. */
static enum grammar_option
option_of(const struct command *command, const char *word, size_t *length)
{
	*length = strcspn(word, "=");
	if (word[0] != '-' || *length < 2)
		return GRAMMAR_NO_OPTION;
	enum grammar_option option = grammar_option_of(command->usage, word, *length);
	/* Terms of ways that other rows do not list one by one. */
	if (option == GRAMMAR_NO_OPTION)
		option = grammar_option_of(grammar_command("corridor path * *")->usage, word,
					   *length);
	return option;
}

/* Of two values nobody knows which was meant. Lists are put together. */
static bool
is_said_once(const struct grammar_answer *answer)
{
	for (size_t i = 2; i < answer->count; i++) {
		size_t length, other;
		const char *word = answer->words[i];
		enum grammar_option option = option_of(answer->command, word, &length);
		for (size_t k = 2; k < i && option == GRAMMAR_ONCE; k++) {
			enum grammar_option before =
				option_of(answer->command, answer->words[k], &other);
			if (before == option && other == length &&
			    strncmp(answer->words[k], word, length) == 0) {
				fprintf(stderr, "sarai: %.*s: given twice, expected once\n",
					(int)length, word);
				return false;
			}
			k += before >= GRAMMAR_ONCE && !answer->words[k][other];
		}
		i += option >= GRAMMAR_ONCE && !word[length];
	}
	return true;
}

int
cli_command(const struct cli *cli, const char *const *words, size_t count)
{
	struct grammar_answer answer;
	enum grammar_result result = grammar_resolve(&answer, words, count);
	if (result != GRAMMAR_OK)
		return complain(result, &answer, words);
	bool corridor = strcmp(answer.words[0], "corridor") == 0;
	if (corridor && !is_said_once(&answer))
		return CLI_USAGE;
	if (answer.command->place == COMMAND_LOCAL || names_journal(&answer))
		return run_local(cli, &answer);
	if (corridor && strcmp(answer.words[1], "reach") == 0)
		return reach_command(cli, answer.words + 2, answer.count - 2);
	if (corridor && strcmp(answer.words[1], "report") == 0)
		return report_command(cli, answer.words + 2, answer.count - 2);
	if (corridor && corridor_is_order(answer.words[1]))
		return corridor_order_command(cli, answer.words, answer.count);
	if (corridor || is_printed(&answer)) {
		bool bad;
		const char *path = take_value(&answer, corridor ? "--hub" : "--pdf", &bad);
		if (bad)
			return show_usage(answer.command);
		bool export =
			corridor && answer.count > 1 && strcmp(answer.words[1], "export") == 0;
		const char *folder = export ? take_value(&answer, "-o", &bad) : NULL;
		if (bad)
			return show_usage(answer.command);
		if (folder)
			return corridor_export_command(cli, path, folder, answer.words,
						       answer.count);
		if (path && corridor)
			return corridor_command(cli, path, answer.words, answer.count);
		if (path)
			return bill_pdf_command(cli, path, answer.words, answer.count);
	}
	if (strcmp(answer.words[0], "apply") == 0)
		return apply(cli, &answer);
	if (strcmp(answer.words[0], "ledger") == 0 && strcmp(answer.words[1], "reconcile") == 0)
		return ask_with_file(cli, &answer, 3);
	if (strcmp(answer.words[0], "show") == 0 && strcmp(answer.words[1], "overview") == 0)
		return overview_command(cli);
	return ask_hub(cli, answer.words, answer.count);
}

/* One option of the program's own. How many arguments it takes up: 0 if it is none, -1 if it makes
 * no sense. */
static int
take_option(struct cli *cli, const char *option, const char *value)
{
	if (strcmp(option, "-j") == 0 || strcmp(option, "--json") == 0) {
		cli->form = CONTROL_JSON;
		return 1;
	}
	if (strcmp(option, "--csv") == 0) {
		cli->form = CONTROL_CSV;
		return 1;
	}
	if (strcmp(option, "-q") == 0 || strcmp(option, "--quiet") == 0) {
		cli->quiet = true;
		return 1;
	}
	if (strcmp(option, "-s") == 0 || strcmp(option, "--socket") == 0) {
		if (!value)
			return -1;
		cli->socket = value;
		return 2;
	}
	return 0;
}

static const char *
default_socket(void)
{
	const char *socket = getenv("SARAI_SOCKET");
	if (socket && *socket)
		return socket;
	return access(SOCKET_HERE, F_OK) == 0 ? SOCKET_HERE : SOCKET_SYSTEM;
}

static bool
wants_colour(void)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
	return isatty(STDOUT_FILENO) && !(no_colour && *no_colour) && term &&
	       strcmp(term, "dumb") != 0;
}

static int
bad_option(const char *option)
{
	fprintf(stderr, "sarai: found \"%s\", expected -j, --csv, -q, -s SOCKET or a command\n",
		option);
	return CLI_USAGE;
}

static bool
is_help(const char *word)
{
	return strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0;
}

/* Half an answer in a file must not look like all of it. */
static int
written(int status)
{
	if ((fflush(stdout) == 0 && !ferror(stdout)) || status != CLI_OK)
		return status;
	fprintf(stderr, "sarai: standard output: %s\n", strerror(errno));
	return CLI_REFUSED;
}

int
cli_main(int argc, char **argv, const struct cli_local *local)
{
	struct cli cli = {.local = local, .socket = default_socket(), .colour = wants_colour()};
	const char *words[GRAMMAR_WORDS_MAX];
	size_t count = 0;
	bool literal = false; /* after "--" */
	for (int i = 1; i < argc; i++) {
		int taken = literal ? 0 : take_option(&cli, argv[i], argv[i + 1]);
		if (taken < 0)
			return bad_option(argv[i]);
		if (taken > 0) {
			i += taken - 1;
		} else if (!literal && strcmp(argv[i], "--") == 0) {
			literal = true;
		} else if (count == 0 && !literal && is_help(argv[i])) {
			words[count++] = "help";
		} else if (count == 0 && !literal &&
			   (strcmp(argv[i], "-V") == 0 || strcmp(argv[i], "--version") == 0)) {
			words[count++] = "version";
		} else if (count == 0 && argv[i][0] == '-') {
			return bad_option(argv[i]);
		} else if (count == GRAMMAR_WORDS_MAX) {
			fprintf(stderr, "sarai: too many words\n");
			return CLI_USAGE;
		} else {
			words[count++] = argv[i];
		}
	}
	/* "corridor path --help": behind a command, as hands do it everywhere. */
	if (count > 1 && !literal && is_help(words[count - 1])) {
		memmove(words + 1, words, (count - 1) * sizeof(words[0]));
		words[0] = "help";
	}
	return written(count == 0 ? shell_run(&cli) : cli_command(&cli, words, count));
}
