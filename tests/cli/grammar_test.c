/* The command line's words: shortened, in other tools' dialects, wrong. */
#include "cli/grammar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli_parts.h"
#include "tap.h"

static const char *const result_names[] = {"ok", "unknown", "ambiguous", "short", "long"};

/* The answer as text: "show member Poplar", or "ambiguous at 1: members member". */
static void
resolve(char out[512], const char *typed)
{
	char line[512];
	const char *words[GRAMMAR_WORDS_MAX];
	snprintf(line, sizeof(line), "%s", typed);
	int count = shell_split(line, words, GRAMMAR_WORDS_MAX);
	struct grammar_answer answer;
	enum grammar_result result = grammar_resolve(&answer, words, (size_t)count);
	out[0] = '\0';
	if (result == GRAMMAR_OK) {
		for (size_t i = 0; i < answer.count; i++)
			snprintf(out + strlen(out), 512 - strlen(out), "%s%s", i ? " " : "",
				 answer.words[i]);
		return;
	}
	snprintf(out, 512, "%s at %zu:", result_names[result], answer.wrong);
	for (size_t i = 0; i < answer.choice_count; i++)
		snprintf(out + strlen(out), 512 - strlen(out), " %s", answer.choices[i]);
}

static void
commands_as_typed(void)
{
	static const struct {
		const char *name, *typed, *expected;
	} cases[] = {
		{"a command in full", "show members", "show members"},
		{"a command with an argument", "show member 64512", "show member 64512"},
		{"what follows is handed on as it is", "show routes member X limit 5",
		 "show routes member X limit 5"},
		{"the words that follow may be shortened too", "sh fil mem X lim 5 wi 10.0.0.0/8",
		 "show filtered member X limit 5 within 10.0.0.0/8"},
		{"also after another tool's words", "show route filtered lim 5",
		 "show filtered limit 5"},
		{"their values are as typed", "show routes member lim", "show routes member lim"},
		{"and so is what may be two of them", "show routes xy 5", "show routes xy 5"},
		{"keywords without a value do not put others out of step",
		 "sh routes tag lim 5 stal mem tagged",
		 "show routes tagged limit 5 stale member tagged"},
		{"the words of a question what if too",
		 "exp 192.0.2.0/24 fr a t b pa 1 2 if com 1:2 if withd",
		 "explain 192.0.2.0/24 from a to b path 1 2 if community 1:2 if withdrawn"},
		{"options may be shortened", "corridor path A B --av RU --k 2",
		 "corridor path A B --avoid RU --k 2"},
		{"an option that may be two is as typed", "corridor path A B --wit X",
		 "corridor path A B --wit X"},
		{"a word in full is not taken for the beginning of another", "show member X",
		 "show member X"},
		{"words may be shortened", "sh stat", "show status"},
		{"of two that a word may begin, the one that takes so many words", "sh mem 64512",
		 "show member 64512"},
		{"each of them", "cor pat HKG FRA --avoid RU", "corridor path HKG FRA --avoid RU"},
		{"an argument is never completed", "sh member sh", "show member sh"},
		{"a word after an argument may be shortened", "mem X do maintenance",
		 "member X down maintenance"},
		{"a beginning of several words is told", "show m",
		 "ambiguous at 1: members member mrt matrix memory"},
		{"a first word that is the beginning of several too", "c",
		 "ambiguous at 0: check confirm counters corridor"},
		{"an unknown word is told with what would do", "member X sideways",
		 "unknown at 2: down up refresh"},
		{"a word that is missing is told by its name", "show route",
		 "short at 2: PREFIX|ADDRESS"},
		{"a command that goes on is told how", "member X", "short at 2: down up refresh"},
		{"too much is told", "show status now", "long at 2:"},
		{"an empty word is no command", "\"\"",
		 "unknown at 0: run check lab store mrt apply confirm undo upgrade show explain "
		 "dump "
		 "member "
		 "counters alarm propose blackhole steer pcep sr rpki registry bill ledger "
		 "corridor "
		 "metrics "
		 "import help version"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char got[512];
		resolve(got, cases[i].typed);
		is_str(got, cases[i].expected, cases[i].name);
	}
}

static void
dialects(void)
{
	static const struct {
		const char *name, *typed, *expected;
	} cases[] = {
		{"birdc: show protocols", "show protocols", "show members"},
		{"birdc: show protocols all X", "show protocols all p1", "show member p1"},
		{"birdc: show route for A", "show route for 192.0.2.1", "show route 192.0.2.1"},
		{"birdc: show route protocol X", "show route protocol p1", "show routes member p1"},
		{"a shortened word is rather one of ours", "conf", "confirm"},
		{"birdc: configure undo", "configure undo", "undo"},
		{"birdc: configure confirm", "configure confirm", "confirm"},
		{"birdc: show route P all", "show route 192.0.2.0/24 all",
		 "show route 192.0.2.0/24"},
		{"birdc: show route for A all", "show route for 192.0.2.1 all",
		 "show route 192.0.2.1"},
		{"birdc: show route all", "show route all", "show routes"},
		{"birdc: show protocols X", "show protocols p1", "show member p1"},
		{"bgpctl: show rib community C", "show rib community 1:2",
		 "show routes community 1:2"},
		{"vtysh: show bgp ipv4 unicast P", "show bgp ipv4 unicast 192.0.2.0/24",
		 "show route 192.0.2.0/24"},
		{"gobgp: rpki table", "rpki table", "show rpki"},
		{"bgpctl: show summary", "show summary", "show members"},
		{"bgpctl: show neighbor X", "show nei 64512", "show member 64512"},
		{"bgpctl: show rib", "show rib", "show routes"},
		{"bgpctl: show rib P", "show rib 192.0.2.0/24", "show route 192.0.2.0/24"},
		{"bgpctl: neighbor X down", "neighbor X down \"power work\"",
		 "member X down power work"},
		{"vtysh: show bgp summary", "sh bgp sum", "show members"},
		{"vtysh: show ip bgp P", "sh ip bgp 192.0.2.0/24", "show route 192.0.2.0/24"},
		{"vtysh: show bgp neighbors X", "show bgp neighbors 192.0.2.1",
		 "show member 192.0.2.1"},
		{"gobgp: neighbor", "neighbor", "show members"},
		{"gobgp: neighbor X adj-in", "neighbor X adj-in", "show routes member X"},
		{"gobgp: global rib", "global rib", "show routes"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char got[512];
		resolve(got, cases[i].typed);
		is_str(got, cases[i].expected, cases[i].name);
	}
}

/* What Tab and `?` offer. */
static void
next_words(void)
{
	static const struct {
		const char *name, *typed, *start, *expected;
	} cases[] = {
		{"nothing typed: the commands, without dialects", "", "",
		 "run check lab store mrt apply confirm undo upgrade show explain dump member "
		 "counters alarm propose blackhole steer pcep sr "
		 "rpki "
		 "registry "
		 "bill ledger "
		 "corridor "
		 "metrics "
		 "import help version "},
		{"the beginning of a word", "show", "me", "members member memory "},
		{"a word of the user's by its name", "show member", "", "ASN|NAME "},
		{"after it, what goes on", "member X", "", "down up refresh "},
		{"conditions of a question what if", "explain 192.0.2.0/24", "w",
		 "without withdrawn "},
		{"and those of the corridor", "explain 192.0.2.0/24 if", "cu", "cut "},
		{"keywords of the usage", "show routes", "",
		 "member M to not-to as ASN within PREFIX reason WORD rpki STATE community C "
		 "tagged stale "
		 "limit N "
		 "after "},
		{"options of the usage", "corridor path A B", "--w", "--without --with "},
		{"behind an option the words that it takes", "corridor path A B --by", "",
		 "length price availability hops "},
		{"those that begin so", "corridor path A B --by", "a", "availability "},
		{"or the name of what it takes", "corridor path A B --k 2 --date", "", "YYYY "},
		{"behind one that takes nothing, what goes on", "corridor flow --segments", "--un",
		 "--unsplit "},
		{"what stood for the user's words is not offered again", "corridor check", "",
		 "--all --hub FILE "},
		{"nor that of a command with two", "corridor hear X up", "", ""},
		{"words for a star", "corridor sensitivity", "", "worth target revenue npv "},
		{"the beginning of one", "corridor sensitivity", "t", "target "},
		{"a dialect when nothing else fits", "show", "prot", "protocols "},
		{"nothing where nothing fits", "show", "zz", ""},
		{"nothing after a word that is wrong", "shew", "", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char line[512], got[512] = "";
		const char *words[GRAMMAR_WORDS_MAX];
		snprintf(line, sizeof(line), "%s", cases[i].typed);
		int count = shell_split(line, words, GRAMMAR_WORDS_MAX);
		struct grammar_answer next;
		grammar_next(&next, words, (size_t)count, cases[i].start);
		for (size_t k = 0; k < next.choice_count; k++)
			snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s ",
				 next.choices[k]);
		is_str(got, cases[i].expected, cases[i].name);
	}
}

/* The table itself: what it says must be true. */
static void
table(void)
{
	bool found = true, narrow = true, reached = true;
	for (size_t i = 0; i < command_count; i++) {
		const struct command *row = &commands[i];
		/* "show member *" with its star replaced resolves to itself, or to what it stands for.
		 */
		char typed[256] = "", expected[256] = "", got[512];
		const char *full = row->as ? row->as : row->words;
		for (const char *c = row->words; *c; c++)
			snprintf(typed + strlen(typed), 4, "%c", *c == '*' ? '9' : *c);
		for (const char *c = full; *c; c++)
			snprintf(expected + strlen(expected), 4, "%c", *c == '*' ? '9' : *c);
		resolve(got, typed);
		if (strcmp(got, expected) != 0) {
			printf("# %s: %s, not %s\n", typed, got, expected);
			reached = false;
		}
		/* These take options behind them. */
		if (row->as && !grammar_command(row->as) &&
		    strncmp(row->as, "show routes", 11) != 0 &&
		    strncmp(row->as, "show filtered", 13) != 0 &&
		    strcmp(row->as, "apply * --confirm *") != 0)
			found = false;
		struct buf help = {0};
		help_command(&help, row);
		narrow = narrow && strlen(row->help) <= 50;
		buf_fini(&help);
	}
	ok(reached, "every row is reached by its own words");
	ok(found, "every alias stands for a row");
	ok(narrow, "every help fits beside its command");
}

static void
help_is_narrow(void)
{
	struct buf out = {0};
	help_list(&out);
	size_t longest = 0, length = 0;
	for (size_t i = 0; i < out.length; i++) {
		length = out.data[i] == '\n' ? 0 : length + 1;
		longest = length > longest ? length : longest;
	}
	ok(longest <= 80, "help is at most 80 columns wide (%zu)", longest);
	buf_fini(&out);
}

static void
splitting(void)
{
	static const struct {
		const char *name, *line;
		int count;
		const char *words; /* each followed by "|" */
	} cases[] = {
		{"blanks separate", "  show \t status ", 2, "show|status|"},
		{"quotes join", "member X down \"cable cut\"", 4, "member|X|down|cable cut|"},
		{"quotes may stand inside a word", "a\"b c\"d", 1, "ab cd|"},
		{"empty quotes are an empty word", "a \"\" b", 3, "a||b|"},
		{"nothing is no word", "   ", 0, ""},
		{"an open quote is refused", "a \"b", -1, ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char line[128], got[128] = "";
		const char *words[4];
		snprintf(line, sizeof(line), "%s", cases[i].line);
		int count = shell_split(line, words, 4);
		is_int(count, cases[i].count, cases[i].name);
		for (int k = 0; k < count; k++)
			snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s|", words[k]);
		is_str(got, cases[i].words, "with these words");
	}
	char line[] = "1 2 3 4 5";
	const char *words[4];
	is_int(shell_split(line, words, 4), -1, "more words than there is room for are refused");
}

static void
painting(void)
{
	struct buf out = {0};
	const char *line = "exchange   up  supper down.";
	paint_line(&out, line, strlen(line));
	buf_u8(&out, 0);
	is_str((char *)out.data, "exchange   \033[32mup\033[0m  supper down.",
	       "a word of state is coloured, one that only holds it is not");
	buf_fini(&out);
}

/* How the usage calls what comes next; "" where no word of one's own may stand. */
static void
places(void)
{
	static const struct {
		const char *line, *expected;
	} rows[] = {
		{"corridor path", "A "},
		{"cor pat ALA", "B "},
		{"corridor path ALA FRA", ""},
		{"corridor path ALA FRA --via", "SITE,.. "},
		{"corridor path ALA FRA --by", ""},
		{"corridor path ALA FRA --k 3 --avoid", "X,.. "},
		{"corridor cutset", "A "},
		{"corridor cutset --date 2030 ALA", "B "},
		{"corridor cutset ALA FRA", ""},
		{"corridor whatif", "X,.. "},
		{"corridor optics", "SEGMENT A "},
		{"corridor optics ALA", "B "},
		{"corridor sources", "SEGMENT A "},
		{"corridor segment", "SEGMENT "},
		{"corridor segment B01", ""},
		{"corridor cut", "NAMES "},
		{"corridor reckon", "TOPIC "},
		{"corridor reckon irr", "NAME=VALUE "},
		{"corridor reckon npv flow=1 rate=2", "NAME=VALUE "},
		{"corridor worth --of", "NAME "},
		{"show member", "ASN NAME "},
		{"nonsense", ""},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char line[128], got[128] = "";
		const char *words[16];
		struct grammar_answer out;
		(void)snprintf(line, sizeof(line), "%s", rows[i].line);
		grammar_places(&out, words, (size_t)shell_split(line, words, 16));
		for (size_t k = 0; k < out.choice_count; k++)
			(void)snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s ",
				       out.choices[k]);
		is_str(got, rows[i].expected, rows[i].line);
	}
}

static void
options(void)
{
	static const char usage[] =
		"A B [--avoid X,..] [--k N] [--by length|price] [--sources] "
		"[--from A --to B ...] [--month M | --hours N] [--each P,P..] --last T";
	static const struct {
		const char *option;
		enum grammar_option expected;
	} rows[] = {
		{"--avoid", GRAMMAR_OFTEN},  {"--k", GRAMMAR_ONCE},
		{"--by", GRAMMAR_ONCE},      {"--from", GRAMMAR_OFTEN},
		{"--to", GRAMMAR_OFTEN},     {"--sources", GRAMMAR_FLAG},
		{"--month", GRAMMAR_ONCE},   {"--hours", GRAMMAR_ONCE},
		{"--last", GRAMMAR_ONCE},    {"--each", GRAMMAR_ONCE},
		{"--la", GRAMMAR_NO_OPTION}, {"--hub", GRAMMAR_NO_OPTION},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		is_int(grammar_option_of(usage, rows[i].option, strlen(rows[i].option)),
		       rows[i].expected, rows[i].option);
	is_int(grammar_option_of(usage, "--k=3", 3), GRAMMAR_ONCE,
	       "a value behind = is none of it");
}

int
main(void)
{
	places();
	options();
	commands_as_typed();
	dialects();
	next_words();
	table();
	help_is_narrow();
	splitting();
	painting();
	return done_testing();
}
