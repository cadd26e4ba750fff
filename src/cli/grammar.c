/* Finding the command that was meant.
 *
 * All rows begin as candidates. Word by word those fall out whose word at this place is another: a
 * word typed in full beats one that it is the beginning of, a command of ours beats an alias, a
 * literal word beats a place for the user's own ("*"). What is left when the literals end is the
 * command, and what the user typed beyond is handed on as it is. */
#include "cli/grammar.h"

#include <assert.h>
#include <string.h>

enum { ROWS_MAX = 256 };

/* The word at place `at` of a row; its length is 0 when the row is shorter. */
struct slice {
	const char *text;
	size_t length;
};

static struct slice
word_at(const char *row, size_t at)
{
	for (;; at--) {
		size_t length = strcspn(row, " ");
		if (at == 0)
			return (struct slice){row, length};
		if (!row[length])
			return (struct slice){row + length, 0};
		row += length + 1;
	}
}

static size_t
word_count(const char *row)
{
	size_t count = 1;
	for (; *row; row++)
		count += *row == ' ';
	return count;
}

static bool
is_star(struct slice word)
{
	return word.length == 1 && word.text[0] == '*';
}

static bool
same(struct slice a, struct slice b)
{
	return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

static bool
begins(struct slice word, const char *typed)
{
	size_t length = strlen(typed);
	return !is_star(word) && length <= word.length && memcmp(word.text, typed, length) == 0;
}

struct candidates {
	bool in[ROWS_MAX];
};

/* How well a row's word fits what was typed: the lowest wins, and all rows of that level with the
 * same word stay. 0: does not fit. */
enum fit { FIT_NOT, FIT_EXACT, FIT_BEGINS, FIT_ALIAS_BEGINS, FIT_STAR };

static enum fit
fit_of(const struct command *row, size_t at, const char *typed)
{
	struct slice word = word_at(row->words, at);
	if (word.length == 0)
		return FIT_NOT;
	if (is_star(word))
		return FIT_STAR;
	if (!begins(word, typed) || !*typed)
		return FIT_NOT;
	if (strlen(typed) == word.length)
		return FIT_EXACT;
	return row->as ? FIT_ALIAS_BEGINS : FIT_BEGINS;
}

static enum fit
best_fit(const struct candidates *c, size_t at, const char *typed)
{
	enum fit best = FIT_NOT;
	for (size_t i = 0; i < command_count; i++) {
		enum fit fit = c->in[i] ? fit_of(&commands[i], at, typed) : FIT_NOT;
		if (fit != FIT_NOT && (best == FIT_NOT || fit < best))
			best = fit;
	}
	return best;
}

static bool
is_choice(const struct grammar_answer *out, struct slice word)
{
	for (size_t i = 0; i < out->choice_count; i++)
		if (same((struct slice){out->choices[i], strlen(out->choices[i])}, word))
			return true;
	return false;
}

/* Appends a copy of the word, unless it is among the choices already. */
static void
add_choice(struct grammar_answer *out, size_t *used, struct slice word)
{
	if (is_choice(out, word) || out->choice_count == GRAMMAR_CHOICES_MAX ||
	    *used + word.length + 1 > sizeof(out->scratch))
		return;
	char *copy = out->scratch + *used;
	memcpy(copy, word.text, word.length);
	copy[word.length] = '\0';
	*used += word.length + 1;
	out->choices[out->choice_count++] = copy;
}

/* The name of the user's word at place `at`: the usage names the stars in order. */
static struct slice
star_name(const struct command *row, size_t at)
{
	size_t star = 0;
	for (size_t i = 0; i < at; i++)
		star += is_star(word_at(row->words, i));
	struct slice name = word_at(row->usage, star);
	return name.length ? name : (struct slice){"WORD", 4};
}

/* The words that may be meant: of rows that can have so many words, where there are any, so that "sh mem 64512" is
 * "show member". */
static void
find_meant(struct grammar_answer *out, const struct candidates *c, size_t at, const char *typed,
	   size_t count)
{
	enum fit best = best_fit(c, at, typed);
	for (int any = 0; any < 2 && !out->choice_count; any++) {
		size_t used = 0;
		for (size_t i = 0; i < command_count; i++) {
			const struct command *row = &commands[i];
			if (!any && count > word_count(row->words) + row->more)
				continue;
			if (c->in[i] && fit_of(row, at, typed) == best)
				add_choice(out, &used, word_at(row->words, at));
		}
	}
}

/* Narrows the candidates by one typed word, of `count` in all. What counts is which word was meant, not which row: a
 * word chosen among our own commands keeps the aliases that have it too ("sh bgp"). */
static enum grammar_result
narrow(struct grammar_answer *out, struct candidates *c, size_t at, const char *typed, size_t count)
{
	enum fit best = best_fit(c, at, typed);
	out->choice_count = 0;
	if (best != FIT_STAR)
		find_meant(out, c, at, typed, count);
	for (size_t i = 0; i < command_count; i++) {
		struct slice word = word_at(commands[i].words, at);
		c->in[i] = c->in[i] && (best == FIT_STAR ? is_star(word) : is_choice(out, word));
	}
	return out->choice_count > 1 ? GRAMMAR_AMBIGUOUS : GRAMMAR_OK;
}

/* The candidate whose words end here, if any; ours before an alias. */
static const struct command *
ends_here(const struct candidates *c, size_t at)
{
	const struct command *found = NULL;
	for (size_t i = 0; i < command_count; i++)
		if (c->in[i] && word_count(commands[i].words) == at && (!found || !commands[i].as))
			found = &commands[i];
	return found;
}

/* The next word of a usage text; false at its end. */
static bool
usage_next(const char **at, struct slice *word)
{
	*at += strspn(*at, " []|\"");
	*word = (struct slice){*at, strcspn(*at, " []|\"")};
	*at += word->length;
	return word->length > 0;
}

static bool
is_keyword(struct slice word)
{
	return word.length > 1 && word.text[0] >= 'a' && word.text[0] <= 'z';
}

/* The word of the usage that a word of the user's is the beginning of, when it can only be one:
 * "lim" is "limit", "--av" is "--avoid". Length 0: none. */
static struct slice
keyword(const char *usage, const char *typed)
{
	struct slice found = {typed, 0}, word;
	bool option = strncmp(typed, "--", 2) == 0 && typed[2];
	bool letter = typed[0] >= 'a' && typed[0] <= 'z';
	while ((option || letter) && usage_next(&usage, &word)) {
		if (!begins(word, typed) || (found.length && same(found, word)))
			continue;
		if (found.length || strlen(typed) == word.length)
			return (struct slice){typed, 0}; /* several, or in full already */
		found = word;
	}
	return found;
}

/* Does the usage name a value, in capitals, behind this keyword? Then what is typed there is never taken
 * for a keyword ("member lim"). */
static bool
takes_value(const char *usage, const char *typed)
{
	struct slice full = {typed, strlen(typed)}, word;
	bool behind = false;
	while (usage_next(&usage, &word)) {
		if (behind && !is_keyword(word) && word.text[0] != '-')
			return true;
		behind = is_keyword(word) && same(word, full);
	}
	return false;
}

/* Appends the user's words that follow the command, keywords in full. */
static enum grammar_result
write_rest(struct grammar_answer *out, const char *usage, size_t used, const char *const *rest,
	   size_t count)
{
	bool value = false; /* the word is a value */
	for (size_t i = 0; i < count; i++) {
		struct slice full = {rest[i], 0};
		if (!value)
			full = keyword(usage, rest[i]);
		if (out->count == GRAMMAR_WORDS_MAX)
			return GRAMMAR_LONG;
		if (full.length && used + full.length + 1 <= sizeof(out->scratch)) {
			char *copy = out->scratch + used;
			memcpy(copy, full.text, full.length);
			copy[full.length] = '\0';
			used += full.length + 1;
			out->words[out->count++] = copy;
		} else {
			out->words[out->count++] = rest[i];
		}
		value = !value && takes_value(usage, out->words[out->count - 1]);
	}
	return GRAMMAR_OK;
}

/* Writes the command in full: the words of the row (or of what it stands for), with the user's
 * words in place of the stars, and those that follow. */
static enum grammar_result
write_out(struct grammar_answer *out, const struct command *row, const char *const *words,
	  size_t consumed, size_t count)
{
	const char *stars[GRAMMAR_WORDS_MAX];
	size_t star_count = 0, used = 0, next_star = 0;
	out->choice_count = 0;
	for (size_t i = 0; i < consumed; i++)
		if (is_star(word_at(row->words, i)))
			stars[star_count++] = words[i];
	if (count - consumed > row->more) {
		out->wrong = consumed + row->more;
		return GRAMMAR_LONG;
	}
	out->command = row;
	out->count = 0;
	const char *full = row->as ? row->as : row->words;
	for (size_t i = 0, n = word_count(full); i < n; i++) {
		struct slice word = word_at(full, i);
		if (is_star(word)) {
			assert(next_star < star_count);
			out->words[out->count++] = stars[next_star++];
			continue;
		}
		char *copy = out->scratch + used;
		assert(used + word.length + 1 <= sizeof(out->scratch));
		memcpy(copy, word.text, word.length);
		copy[word.length] = '\0';
		used += word.length + 1;
		out->words[out->count++] = copy;
	}
	const struct command *meant = row->as ? grammar_command(row->as) : row;
	enum grammar_result result = write_rest(out, meant ? meant->usage : "", used,
						words + consumed, count - consumed);
	out->wrong = consumed + GRAMMAR_WORDS_MAX;
	return result;
}

static void
all_rows(struct candidates *c)
{
	assert(command_count <= ROWS_MAX);
	for (size_t i = 0; i < command_count; i++)
		c->in[i] = true;
}

/* What may stand for a star: "worth|npv" is these words, "ASN|NAME" a word of the user's. */
static void
star_choices(struct grammar_answer *out, size_t *used, struct slice name, const char *start)
{
	if (!is_keyword(name)) {
		if (!*start)
			add_choice(out, used, name);
		return;
	}
	for (const char *end = name.text + name.length; name.text < end;) {
		struct slice word = {name.text, strcspn(name.text, "| ")};
		if (begins(word, start))
			add_choice(out, used, word);
		name.text += word.length + 1;
	}
}

/* What may follow place `at`. Aliases come last, so that they are seen only when nothing else is.
 */
static void
list_choices(struct grammar_answer *out, const struct candidates *c, size_t at, const char *start)
{
	size_t used = 0;
	out->choice_count = 0;
	for (int aliases = 0; aliases < 2 && out->choice_count == 0; aliases++) {
		for (size_t i = 0; i < command_count; i++) {
			const struct command *row = &commands[i];
			struct slice word = word_at(row->words, at);
			if (!c->in[i] || word.length == 0 || (row->as != NULL) != (aliases == 1))
				continue;
			if (is_star(word))
				star_choices(out, &used, star_name(row, at), start);
			else if (begins(word, start))
				add_choice(out, &used, word);
		}
	}
}

/* Consumes words as long as rows have literals or stars for them; how many were consumed. */
static enum grammar_result
consume(struct grammar_answer *out, struct candidates *c, const char *const *words, size_t count,
	size_t *consumed)
{
	all_rows(c);
	for (*consumed = 0; *consumed < count; (*consumed)++) {
		const char *typed = words[*consumed];
		if (best_fit(c, *consumed, typed) == FIT_NOT)
			return GRAMMAR_OK; /* it is the user's, if a row ends here */
		/* "show bgp neighbors" is a row, and "show bgp *" another: a shortened literal goes
		 * before the star, so only what is no beginning of a word is taken as an address.
		 */
		enum grammar_result result = narrow(out, c, *consumed, typed, count);
		if (result != GRAMMAR_OK) {
			out->wrong = *consumed;
			return result;
		}
	}
	return GRAMMAR_OK;
}

enum grammar_result
grammar_resolve(struct grammar_answer *out, const char *const *words, size_t count)
{
	assert(count <= GRAMMAR_WORDS_MAX);
	struct candidates c;
	size_t consumed;
	*out = (struct grammar_answer){0};
	enum grammar_result result = consume(out, &c, words, count, &consumed);
	if (result != GRAMMAR_OK)
		return result;
	const struct command *row = ends_here(&c, consumed);
	if (row)
		return write_out(out, row, words, consumed, count);
	list_choices(out, &c, consumed, "");
	out->wrong = consumed;
	return consumed < count ? GRAMMAR_UNKNOWN : GRAMMAR_SHORT;
}

static size_t
star_count(const struct command *row)
{
	size_t stars = 0;
	for (size_t i = 0, n = word_count(row->words); i < n; i++)
		stars += is_star(word_at(row->words, i));
	return stars;
}

/* What may stand behind an option: the words of "[--by length|price]", or the name in capitals of
 * "[--date YYYY]". Nothing where none is wanted. */
static void
value_choices(struct grammar_answer *out, const struct command *row, const char *option,
	      const char *start)
{
	const char *at = row->usage;
	struct slice wanted = {option, strlen(option)}, word = {0};
	size_t used = 0;
	while (usage_next(&at, &word) && !same(word, wanted))
		;
	if (!word.length || *at != ' ')
		return;
	do {
		if (!usage_next(&at, &word) || word.text[0] == '-')
			return;
		if (begins(word, start) && (is_keyword(word) || !*start))
			add_choice(out, &used, word);
	} while (*at == '|');
}

/* Keywords and options of a usage text that begin with `start`: "member", "limit", "--avoid"; not
 * the names of the stars, which stand before them. */
static void
usage_choices(struct grammar_answer *out, const struct command *row, const char *start)
{
	size_t used = 0;
	out->choice_count = 0;
	const char *at = row->usage;
	for (size_t stars = star_count(row); stars > 0; stars--) {
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	for (struct slice word; usage_next(&at, &word);)
		if (begins(word, start) && (is_keyword(word) || word.text[0] == '-' || !*start))
			add_choice(out, &used, word);
}

void
grammar_next(struct grammar_answer *out, const char *const *words, size_t count, const char *start)
{
	struct candidates c;
	size_t consumed;
	*out = (struct grammar_answer){0};
	if (count >= GRAMMAR_WORDS_MAX || consume(out, &c, words, count, &consumed) != GRAMMAR_OK) {
		out->choice_count = 0;
		return;
	}
	const struct command *row = ends_here(&c, consumed);
	out->choice_count = 0;
	if (consumed == count)
		list_choices(out, &c, consumed, start);
	if (out->choice_count == 0 && row && row->more > 0 && consumed < count &&
	    strncmp(words[count - 1], "--", 2) == 0)
		value_choices(out, row, words[count - 1], start);
	if (out->choice_count == 0 && row && row->more > 0)
		usage_choices(out, row, start);
}

/* "SEGMENT|A" are two places. */
static void
add_places(struct grammar_answer *out, size_t *used, struct slice name)
{
	for (const char *end = name.text + name.length; name.text < end;) {
		struct slice word = {name.text, strcspn(name.text, "| ]")};
		if (word.text[0] >= 'A' && word.text[0] <= 'Z')
			add_choice(out, used, word);
		name.text += word.length + 1;
	}
}

/* The place of the word after `position` others in "[SEGMENT | A B [TERM ...]] [--hub FILE]", behind the stars. */
static void
usage_places(struct grammar_answer *out, size_t *used, const struct command *row, size_t position)
{
	const char *at = row->usage;
	for (size_t stars = star_count(row); stars > 0; stars--) {
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	struct slice before = {0};
	at += *at == '[';
	for (size_t nth = 0; *at && *at != ']' && *at != '-';) {
		struct slice word = {at, strcspn(at, " []")};
		if (word.length == 1 && *at == '|') {
			nth = 0;
		} else if (word.length) {
			/* "[NAME=VALUE ...]": as many as wanted. */
			bool more = strncmp(at, "...", 3) == 0 && position >= nth;
			if (more || nth == position)
				add_places(out, used, more ? before : word);
			before = word;
			nth++;
		}
		at += word.length;
		at += strspn(at, " [");
	}
}

void
grammar_places(struct grammar_answer *out, const char *const *words, size_t count)
{
	struct candidates c;
	size_t consumed, used = 0, position = 0;
	*out = (struct grammar_answer){0};
	bool known = count < GRAMMAR_WORDS_MAX &&
		     consume(out, &c, words, count, &consumed) == GRAMMAR_OK;
	out->choice_count = 0;
	if (!known)
		return;
	for (size_t i = 0; i < command_count && consumed == count; i++)
		if (c.in[i] && !commands[i].as && is_star(word_at(commands[i].words, count)))
			add_places(out, &used, star_name(&commands[i], count));
	const struct command *row = ends_here(&c, consumed);
	if (!row || row->more == 0)
		return;
	for (size_t i = consumed; i < count; i++) {
		size_t length = strcspn(words[i], "=");
		enum grammar_option option =
			words[i][0] == '-' ? grammar_option_of(row->usage, words[i], length)
					   : GRAMMAR_NO_OPTION;
		bool value = option >= GRAMMAR_ONCE && !words[i][length];
		if (value && i + 1 == count) {
			struct grammar_answer values = {0};
			value_choices(&values, row, words[i], "");
			for (size_t k = 0; k < values.choice_count; k++)
				add_places(out, &used,
					   (struct slice){values.choices[k],
							  strlen(values.choices[k])});
			return;
		}
		position += words[i][0] != '-';
		i += value;
	}
	usage_places(out, &used, row, position);
}

enum grammar_option
grammar_option_of(const char *usage, const char *word, size_t length)
{
	for (const char *at = usage + strspn(usage, "["); *at; at += strspn(at, " [|")) {
		size_t end = strcspn(at, " ]");
		if (end != length || strncmp(at, word, length) != 0) {
			at += end + (at[end] == ']');
			continue;
		}
		const char *value = at + end + strspn(at + end, " ");
		size_t value_length = strcspn(value, " ]");
		if (at[end] != ' ' || strchr("[|-", *value))
			return GRAMMAR_FLAG;
		/* The dots stand at the end of the list, or before the bracket. */
		const char *close = value + strcspn(value, "]");
		bool list = value_length > 3 && strncmp(value + value_length - 3, ",..", 3) == 0;
		bool more = close - value > 3 && strncmp(close - 3, "...", 3) == 0;
		return list || more ? GRAMMAR_OFTEN : GRAMMAR_ONCE;
	}
	return GRAMMAR_NO_OPTION;
}

const struct command *
grammar_command(const char *words)
{
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(commands[i].words, words) == 0)
			return &commands[i];
	return NULL;
}
