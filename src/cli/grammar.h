/* The command line's grammar: one row a command, words that may be shortened to any unique prefix,
 * and rows that turn what hands trained on other tools type into a command of ours. Touches nothing
 * outside. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { GRAMMAR_WORDS_MAX = 256, GRAMMAR_CHOICES_MAX = 64 };

enum command_place {
	COMMAND_LOCAL, /* done by this process; main or cli has the function */
	COMMAND_HUB,   /* asked of the running hub */
};

/* In `words`, "*" stands for one word of the user's, which is kept as it is. */
struct command {
	const char *words; /* "show member *" */
	const char *usage; /* what follows, or how the stars are called: "ASN|NAME" */
	const char *help;  /* one line */
	enum command_place place;
	unsigned more;  /* how many words may follow */
	const char *as; /* an alias: the words it stands for, stars in order; else NULL */
};

extern const struct command commands[];
extern const size_t command_count;

enum grammar_result {
	GRAMMAR_OK,
	GRAMMAR_UNKNOWN,   /* words[wrong] is no word of any command */
	GRAMMAR_AMBIGUOUS, /* words[wrong] is the beginning of several, in choices */
	GRAMMAR_SHORT,     /* more words are needed, choices says which ("*" shown by its name) */
	GRAMMAR_LONG,      /* words[wrong] is one too many */
};

struct grammar_answer {
	const struct command
		*command; /* GRAMMAR_OK: the row that was typed, which may be an alias */
	const char *words[GRAMMAR_WORDS_MAX]; /* the command in full, the user's words after it */
	size_t count;
	size_t wrong;
	const char *choices[GRAMMAR_CHOICES_MAX];
	size_t choice_count;
	char scratch[512]; /* what words and choices point into, besides commands[] and the input */
};

/* Finds the command. The words given must live as long as the answer. */
enum grammar_result grammar_resolve(struct grammar_answer *out, const char *const *words,
				    size_t count);

/* What may stand as the next word after `words` (all whole), for `?` and Tab: fills choices with
 * words that begin with `start`, in the order of the table. A place for a word of the user's is
 * given by its name in capitals, as in the usage. Aliases only when nothing else fits. */
void grammar_next(struct grammar_answer *out, const char *const *words, size_t count,
		  const char *start);

/* How the usage calls a word of the user's own that may stand after `words`, into choices: "SITE,..", "A". */
void grammar_places(struct grammar_answer *out, const char *const *words, size_t count);

/* How often an option may be said to a command, by its usage: "[--date YYYY]" once, "[--avoid X,..]" and
 * "[--from A --to B ...]" as often as wanted. What is one after the other, "[--target PERCENT,PERCENT..]", is one. */
enum grammar_option {
	GRAMMAR_NO_OPTION, /* the usage does not name it */
	GRAMMAR_FLAG,      /* without a value; once is as good as twice */
	GRAMMAR_ONCE,
	GRAMMAR_OFTEN,
};
/* `word` up to `length` is the option. */
enum grammar_option grammar_option_of(const char *usage, const char *word, size_t length);

/* The row of a command by its words as in the table. NULL if there is none. */
const struct command *grammar_command(const char *words);
