/* The table of paths: docs/api.md as a table. */
#include "web/web_routes.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip.h"

enum { WORDS_MAX = 5, PARAMETERS_MAX = 12, PART_MAX = 64 };

static_assert(CONTROL_WORDS_MAX * PART_MAX <= WEB_URL_MAX, "all parts of a question fit");

/* What a value has to be. */
enum type {
	ASN,
	MONTH,
	NUMBER, /* from 1 to `most` */
	PREFIX,
	PREFIX_OR_ADDRESS,
	COUNTRIES, /* "RU,IR" */
	NAME,      /* of a site or segment, or several with commas */
	FORMAT,    /* json, csv, html or pdf: not a word, but the form of the answer */
	WORD,      /* letters, digits and what stands in communities and reasons */
	PATH,      /* AS numbers, a blank between */
	CLAUSES,   /* several with commas between, each of `most` words after `word` */
	FLAG,      /* "yes": only the word itself */
};

struct parameter {
	const char *name;
	enum type type;
	/* The word or two before the value; NULL: the value stands in the row's words, as "?name",
	 * and must be given. */
	const char *word;
	long most;
};

/* `path` is what follows /api/v1/; a "*" in it is an AS number, "@" its place among the words. */
static const struct route {
	const char *path;
	enum web_kind kind;
	const char *words[WORDS_MAX];
	struct parameter parameters[PARAMETERS_MAX];
} routes[] = {
	{"status", WEB_ASK, {"show", "status"}, {{0}}},
	{"overview", WEB_OVERVIEW, {0}, {{0}}},
	{"events", WEB_EVENTS, {0}, {{0}}},
	{"members", WEB_ASK, {"show", "members"}, {{0}}},
	{"members/*", WEB_ASK, {"show", "member", "@"}, {{0}}},
	{"members/*/exports", WEB_ASK, {"show", "member", "@", "exports"}, {{0}}},
	{"members/*/peering", WEB_ASK, {"show", "peering", "@"}, {{0}}},
	{"members/*/policy", WEB_ASK, {"show", "policy", "@"}, {{0}}},
	{"policy", WEB_ASK, {"show", "policy"}, {{0}}},
	{"communities", WEB_ASK, {"show", "communities"}, {{0}}},
	{"rpki", WEB_ASK, {"show", "rpki"}, {{0}}},
	{"sessions", WEB_ASK, {"show", "sessions"}, {{0}}},
	{"bfd", WEB_ASK, {"show", "bfd"}, {{0}}},
	{"bmp", WEB_ASK, {"show", "bmp"}, {{0}}},
	{"mrt", WEB_ASK, {"show", "mrt"}, {{0}}},
	{"flowspec", WEB_ASK, {"show", "flowspec"}, {{"member", ASN, "from", 0}}},
	{"members/*/curve",
	 WEB_ASK,
	 {"show", "curve", "@"},
	 {{"month", MONTH, "month", 0}, {"hours", NUMBER, "hours", 744}}},
	{"routes",
	 WEB_ASK,
	 {"show", "routes"},
	 {{"member", ASN, "member", 0},
	  {"to", ASN, "to", 0},
	  {"not_to", ASN, "not-to", 0},
	  {"as", ASN, "as", 0},
	  {"within", PREFIX, "within", 0},
	  {"reason", WORD, "reason", 0},
	  {"rpki", WORD, "rpki", 0},
	  {"community", WORD, "community", 0},
	  {"tagged", FLAG, "tagged", 0},
	  {"stale", FLAG, "stale", 0},
	  {"limit", NUMBER, "limit", 10000},
	  {"after", PREFIX, "after", 0}}},
	{"filtered",
	 WEB_ASK,
	 {"show", "filtered"},
	 {{"member", ASN, "member", 0},
	  {"as", ASN, "as", 0},
	  {"within", PREFIX, "within", 0},
	  {"reason", WORD, "reason", 0},
	  {"rpki", WORD, "rpki", 0},
	  {"community", WORD, "community", 0},
	  {"tagged", FLAG, "tagged", 0},
	  {"stale", FLAG, "stale", 0},
	  {"limit", NUMBER, "limit", 10000},
	  {"after", PREFIX, "after", 0}}},
	{"route", WEB_ASK, {"show", "route", "?q"}, {{"q", PREFIX_OR_ADDRESS, NULL, 0}}},
	{"explain",
	 WEB_ASK,
	 {"explain", "?q"},
	 {{"q", PREFIX_OR_ADDRESS, NULL, 0},
	  {"from", ASN, "from", 0},
	  {"to", ASN, "to", 0},
	  {"path", PATH, "path", 0},
	  {"community", CLAUSES, "community", 1},
	  {"without", CLAUSES, "if without", 1},
	  {"roa", CLAUSES, "if roa", 2},
	  {"route", CLAUSES, "if route", 1},
	  {"withdrawn", FLAG, "if withdrawn", 0}}},
	{"traffic", WEB_ASK, {"show", "traffic"}, {{0}}},
	{"traffic/by",
	 WEB_ASK,
	 {"show", "traffic", "by", "?what"},
	 {{"what", WORD, NULL, 0},
	  {"now", FLAG, "now", 0},
	  {"limit", NUMBER, "limit", 10000},
	  {"format", FORMAT, "", 0}}},
	{"history/by",
	 WEB_ASK,
	 {"show", "history", "by", "?what"},
	 {{"what", WORD, NULL, 0},
	  {"month", MONTH, "month", 0},
	  {"year", NUMBER, "year", 9999},
	  {"hours", NUMBER, "hours", 744},
	  {"each", WORD, "each", 0},
	  {"member", ASN, "member", 0},
	  {"limit", NUMBER, "limit", 10000},
	  {"format", FORMAT, "", 0}}},
	{"ports", WEB_ASK, {"show", "ports"}, {{"format", FORMAT, "", 0}}},
	{"matrix", WEB_ASK, {"show", "matrix"}, {{0}}},
	{"exporters", WEB_ASK, {"show", "exporters"}, {{0}}},
	{"memory", WEB_ASK, {"show", "memory"}, {{0}}},
	{"alarms", WEB_ASK, {"show", "alarms", "without-addresses"}, {{0}}},
	{"proposals", WEB_ASK, {"show", "proposals", "without-addresses"}, {{0}}},
	{"blackholes", WEB_ASK, {"show", "blackholes"}, {{0}}},
	{"polls", WEB_ASK, {"show", "polls"}, {{0}}},
	{"registry", WEB_ASK, {"show", "registry"}, {{0}}},
	{"forecast",
	 WEB_ASK,
	 {"show", "forecast"},
	 {{"member", ASN, "", 0}, {"month", MONTH, "month", 0}}},
	{"revenue",
	 WEB_ASK,
	 {"show", "revenue"},
	 {{"by", WORD, "by", 0},
	  {"month", MONTH, "month", 0},
	  {"year", NUMBER, "year", 9999},
	  {"format", FORMAT, "", 0}}},
	{"invoices",
	 WEB_ASK,
	 {"show", "invoices"},
	 {{"month", MONTH, "month", 0}, {"format", FORMAT, "", 0}}},
	{"blends",
	 WEB_ASK,
	 {"show", "blends"},
	 {{"month", MONTH, "month", 0}, {"format", FORMAT, "", 0}}},
	{"bill/*",
	 WEB_ASK,
	 {"bill", "--month", "?month", "@"},
	 {{"month", MONTH, NULL, 0},
	  {"contract", NAME, "--contract", 0},
	  {"format", FORMAT, "", 0}}},
	{"ledger/invoices",
	 WEB_ASK,
	 {"ledger", "invoices"},
	 {{"member", NAME, "member", 0}, {"month", MONTH, "month", 0}, {"format", FORMAT, "", 0}}},
	{"ledger/payables",
	 WEB_ASK,
	 {"ledger", "payables"},
	 {{"member", NAME, "member", 0}, {"month", MONTH, "month", 0}, {"format", FORMAT, "", 0}}},
	{"ledger/adjustments", WEB_ASK, {"ledger", "adjustments"}, {{"format", FORMAT, "", 0}}},
	{"ledger/statement/*", WEB_ASK, {"ledger", "statement", "@"}, {{"format", FORMAT, "", 0}}},
	{"ledger/aged", WEB_ASK, {"ledger", "aged"}, {{"format", FORMAT, "", 0}}},
	{"ledger/balance", WEB_ASK, {"ledger", "balance"}, {{"format", FORMAT, "", 0}}},
	{"ledger/disputes", WEB_ASK, {"ledger", "disputes"}, {{"format", FORMAT, "", 0}}},
	{"ledger/entries",
	 WEB_ASK,
	 {"ledger", "entries"},
	 {{"from", NUMBER, "from", 999999999},
	  {"to", NUMBER, "to", 999999999},
	  {"account", NAME, "account", 0},
	  {"format", FORMAT, "", 0}}},
	{"ledger/document",
	 WEB_ASK,
	 {"ledger", "document", "?id"},
	 {{"id", NAME, NULL, 0}, {"party", NAME, "party", 0}, {"format", FORMAT, "", 0}}},
	{"ledger/head", WEB_ASK, {"ledger", "head"}, {{0}}},
	{"ledger/settlement",
	 WEB_ASK,
	 {"ledger", "settlement"},
	 {{"month", MONTH, "month", 0}, {"party", NAME, "party", 0}, {"format", FORMAT, "", 0}}},
	{"corridor", WEB_ASK, {"corridor", "show"}, {{0}}},
	{"corridor/segment", WEB_ASK, {"corridor", "segment", "?id"}, {{"id", NAME, NULL, 0}}},
	{"corridor/site", WEB_ASK, {"corridor", "site", "?id"}, {{"id", NAME, NULL, 0}}},
	{"corridor/path",
	 WEB_ASK,
	 {"corridor", "path", "?from", "?to"},
	 {{"from", NAME, NULL, 0},
	  {"to", NAME, NULL, 0},
	  {"avoid", COUNTRIES, "--avoid", 0},
	  {"without", NAME, "--without", 0},
	  {"with", NAME, "--with", 0},
	  {"k", NUMBER, "--k", 32}}},
};

/* What Alice-LG and other readers of birdwatcher's API ask, under /birdwatcher/; "*" is a word, kept as it is. Parameters
 * are not looked at, but for those that a row names. */
static const struct {
	const char *path, *words; /* after "birdwatcher" */
	const char *parameter;    /* its value is the last word */
} birdwatcher[] = {
	{"status", "status", NULL},
	{"symbols", "symbols", NULL},
	{"protocols", "protocols", NULL},
	{"protocols/bgp", "protocols", NULL},
	{"protocols/short", "protocols short", NULL},
	{"routes/protocol/*", "routes protocol *", NULL},
	{"routes/filtered/*", "routes filtered *", NULL},
	{"routes/noexport/*", "routes noexport *", NULL},
	{"routes/export/*", "routes export *", NULL},
	{"routes/table/*", "routes table *", NULL},
	{"routes/table/*/filtered", "routes table * filtered", NULL},
	{"routes/prefix", "routes prefix", "prefix"},
};

__attribute__((format(printf, 3, 4))) static int
refuse(struct web_refusal *refusal, int status, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	refusal->status = status;
	vsnprintf(refusal->text, sizeof(refusal->text), format, args);
	va_end(args);
	return -1;
}

/* --- values --- */

static bool
is_number(const char *text, long most)
{
	size_t digits = strspn(text, "0123456789");
	return digits > 0 && digits <= 9 && !text[digits] && atol(text) >= 1 && atol(text) <= most;
}

static bool
is_month(const char *text)
{
	static const char form[] = "dddd-dd";
	for (size_t i = 0; i < sizeof(form); i++)
		if (form[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != form[i])
			return false;
	int month = atoi(text + 5);
	return month >= 1 && month <= 12;
}

static bool
is_countries(const char *text)
{
	size_t length = strlen(text);
	for (size_t i = 0; i < length; i++)
		if (i % 3 == 2 ? text[i] != ',' : !isalpha((unsigned char)text[i]))
			return false;
	return length % 3 == 2 && length < 100;
}

static bool
is_asn(const char *text)
{
	struct asn asn;
	return strspn(text, "0123456789") == strlen(text) && asn_parse(&asn, text) == 0;
}

static bool
is_prefix(const char *text)
{
	struct prefix prefix;
	return prefix_parse(&prefix, text) == 0;
}

/* A name goes to the room as it is; only what would be taken for an option is kept out. */
static bool
is_name(const char *text)
{
	return *text && *text != '-' && strlen(text) <= 100;
}

static bool
is_word(const char *text)
{
	return *text &&
	       strspn(text,
		      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:./_-") ==
		       strlen(text);
}

/* AS numbers or clauses: words that do no harm, with blanks and, in clauses, commas between. */
static bool
is_words(const char *text, const char *between)
{
	size_t words = 0;
	for (text += strspn(text, between); *text; text += strspn(text, between)) {
		char word[PART_MAX];
		size_t length = strcspn(text, between);
		if (length >= sizeof(word))
			return false;
		memcpy(word, text, length);
		word[length] = '\0';
		if (!is_word(word) || *word == '-')
			return false;
		words++;
		text += length;
	}
	return words > 0;
}

/* NULL when `value` is what the parameter has to be; else what was expected. */
static const char *
misfit(const struct parameter *p, const char *value)
{
	struct ip ip;
	switch (p->type) {
	case ASN:
		return is_asn(value) ? NULL : "an AS number such as 64501";
	case MONTH:
		return is_month(value) ? NULL : "a month such as 2026-11";
	case NUMBER:
		return is_number(value, p->most) ? NULL : "a number";
	case PREFIX:
		return is_prefix(value) ? NULL : "a prefix such as 192.0.2.0/24";
	case PREFIX_OR_ADDRESS:
		return is_prefix(value) || ip_parse(&ip, value) == 0
			       ? NULL
			       : "a prefix such as 192.0.2.0/24 or an address such as 192.0.2.1";
	case COUNTRIES:
		return is_countries(value) ? NULL : "countries such as RU,IR";
	case NAME:
		return is_name(value) ? NULL : "a name";
	case FORMAT:
		return strcmp(value, "json") == 0 || strcmp(value, "csv") == 0 ||
				       strcmp(value, "html") == 0 || strcmp(value, "pdf") == 0
			       ? NULL
			       : "json, csv, html or pdf";
	case WORD:
		return is_word(value) ? NULL : "a word or a community";
	case PATH:
		return is_words(value, " ") ? NULL : "AS numbers with blanks between";
	case CLAUSES:
		return is_words(value, " ,") ? NULL : "values with commas between";
	case FLAG:
		return strcmp(value, "yes") == 0 ? NULL : "yes";
	}
	return "something else";
}

static const struct parameter *
parameter_by_name(const struct route *route, const char *name)
{
	for (size_t i = 0; i < PARAMETERS_MAX && route->parameters[i].name; i++)
		if (strcmp(route->parameters[i].name, name) == 0)
			return &route->parameters[i];
	return NULL;
}

static int
check_parameters(const struct route *route, const struct web_url *url, struct web_refusal *refusal)
{
	for (size_t i = 0; i < url->parameter_count; i++) {
		const char *name = url->parameters[i].name, *value = url->parameters[i].value;
		const struct parameter *p = parameter_by_name(route, name);
		if (!p)
			return refuse(refusal, 400, "%.40s: there is no such parameter here", name);
		const char *expected = *value ? misfit(p, value) : NULL;
		if (!expected)
			continue;
		if (p->type == NUMBER)
			return refuse(refusal, 400,
				      "%s: found \"%.60s\", expected a number from 1 to %ld", name,
				      value, p->most);
		return refuse(refusal, 400, "%s: found \"%.60s\", expected %s", name, value,
			      expected);
	}
	return 0;
}

/* --- from a row to words --- */

static void
add_word(struct web_request *out, const char *word)
{
	/* Counted beyond the end, so that too many are noticed. */
	if (out->word_count < CONTROL_WORDS_MAX)
		out->words[out->word_count] = word;
	out->word_count++;
}

/* Adds the words of a text, up to `end`; returns how many. */
static long
add_parts(struct web_request *out, const char *text, const char *end)
{
	long count = 0;
	while (text < end) {
		text += strspn(text, " ");
		size_t length = strcspn(text, " ");
		if (text + length > end)
			length = text < end ? (size_t)(end - text) : 0;
		if (!length)
			break;
		text += length;
		count++;
		if (out->word_count >= CONTROL_WORDS_MAX) { /* too many: refused at the end */
			out->word_count++;
			continue;
		}
		assert(out->parts_length + length < sizeof(out->parts));
		char *part = out->parts + out->parts_length;
		memcpy(part, text - length, length);
		part[length] = '\0';
		out->parts_length += length + 1;
		add_word(out, part);
	}
	return count;
}

static void
add_fixed(struct web_request *out, const char *words)
{
	(void)add_parts(out, words, words + strlen(words));
}

/* Each clause behind the parameter's own words. */
static int
add_clauses(struct web_request *out, const struct parameter *p, const char *value,
	    struct web_refusal *refusal)
{
	for (const char *at = value; *at;) {
		const char *end = at + strcspn(at, ",");
		add_fixed(out, p->word);
		if (add_parts(out, at, end) != p->most)
			return refuse(refusal, 400, "%s: found \"%.60s\", expected %ld word%s each",
				      p->name, value, p->most, p->most == 1 ? "" : "s");
		at = end + (*end == ',');
	}
	return 0;
}

/* The words of the row, with "@" and "?name" filled in. */
static int
add_words(struct web_request *out, const struct route *route, const struct web_url *url,
	  const char *asn, struct web_refusal *refusal)
{
	for (size_t i = 0; i < WORDS_MAX && route->words[i]; i++) {
		const char *word = route->words[i];
		if (*word == '@')
			word = asn;
		else if (*word == '?') {
			const char *name = word + 1;
			word = web_url_parameter(url, name);
			if (!word || !*word)
				return refuse(refusal, 400, "%s: expected %s", name,
					      misfit(parameter_by_name(route, name), ""));
		}
		add_word(out, word);
	}
	return 0;
}

static int
add_parameter(struct web_request *out, const struct parameter *p, const char *value,
	      struct web_refusal *refusal)
{
	switch (p->type) {
	case FORMAT:
		if (strcmp(value, "csv") == 0)
			out->form = CONTROL_CSV;
		else if (strcmp(value, "html") == 0)
			add_word(out, "--html");
		else if (strcmp(value, "pdf") == 0)
			add_word(out, "--pdf");
		return 0;
	case FLAG:
		add_fixed(out, p->word);
		return 0;
	case PATH:
		add_word(out, p->word);
		(void)add_parts(out, value, value + strlen(value));
		return 0;
	case CLAUSES:
		return add_clauses(out, p, value, refusal);
	default:
		if (*p->word)
			add_word(out, p->word);
		add_word(out, value);
		return 0;
	}
}

/* The rest of the parameters, those that are given: an empty one is as good as none. */
static int
add_parameters(struct web_request *out, const struct route *route, const struct web_url *url,
	       struct web_refusal *refusal)
{
	for (size_t i = 0; i < PARAMETERS_MAX && route->parameters[i].name; i++) {
		const struct parameter *p = &route->parameters[i];
		const char *value = web_url_parameter(url, p->name);
		if (p->word && value && *value && add_parameter(out, p, value, refusal) < 0)
			return -1;
	}
	if (out->word_count > CONTROL_WORDS_MAX)
		return refuse(refusal, 400, "too many words in one question");
	return 0;
}

/* Does a row's path fit the steps from `first` on? *star is the one in place of its "*", if it has one. */
static bool
path_fits(const char *path, const struct web_url *url, size_t first, const char **star)
{
	const char *at = path;
	for (size_t i = first; i < url->step_count; i++) {
		size_t length = strcspn(at, "/");
		const char *step = url->steps[i];
		if (length == 1 && *at == '*')
			*star = step;
		else if (strlen(step) != length || strncmp(step, at, length) != 0)
			return false;
		at += length;
		if (*at == '/')
			at++;
		else if (i + 1 < url->step_count)
			return false;
	}
	return !*at && url->step_count > first;
}

static int
api(struct web_request *out, const struct web_url *url, struct web_refusal *refusal)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		const struct route *route = &routes[i];
		const char *asn = NULL;
		if (!path_fits(route->path, url, 2, &asn))
			continue;
		if (asn && !is_asn(asn))
			return refuse(refusal, 400, "found \"%.60s\", expected an AS number", asn);
		if (check_parameters(route, url, refusal) < 0)
			return -1;
		*out = (struct web_request){.kind = route->kind, .form = CONTROL_JSON};
		if (add_words(out, route, url, asn, refusal) < 0)
			return -1;
		return add_parameters(out, route, url, refusal);
	}
	return refuse(refusal, 404, "there is no such question; see docs/api.md");
}

/* Fills in the words of a row; each is static, the url's, or the star. */
static int
birdwatcher_row(struct web_request *out, size_t row, const struct web_url *url, const char *star,
		struct web_refusal *refusal)
{
	const char *name = birdwatcher[row].parameter;
	const char *last = name ? web_url_parameter(url, name) : NULL;
	if ((star && (!is_word(star) || *star == '-')) || (name && (!last || !is_word(last))))
		return refuse(refusal, 400, "that is no name, prefix or address");
	*out = (struct web_request){.kind = WEB_ASK, .form = CONTROL_JSON};
	add_word(out, "birdwatcher");
	const char *at = birdwatcher[row].words;
	while (*at) {
		size_t length = strcspn(at, " ");
		if (*at == '*')
			add_word(out, star);
		else
			(void)add_parts(out, at, at + length);
		at += length;
		at += *at == ' ';
	}
	if (last)
		add_word(out, last);
	return 0;
}

static int
ask_birdwatcher(struct web_request *out, const struct web_url *url, struct web_refusal *refusal)
{
	for (size_t i = 0; i < sizeof(birdwatcher) / sizeof(birdwatcher[0]); i++) {
		const char *star = NULL;
		if (path_fits(birdwatcher[i].path, url, 1, &star))
			return birdwatcher_row(out, i, url, star, refusal);
	}
	return refuse(refusal, 404, "there is no such question; see docs/api.md");
}

int
web_route_find(struct web_request *out, const struct web_url *url, struct web_refusal *refusal)
{
	assert(out && url && refusal);
	const char *first = url->step_count > 0 ? url->steps[0] : "";
	if (strcmp(first, "api") == 0) {
		if (url->step_count > 1 && strcmp(url->steps[1], "v1") == 0)
			return api(out, url, refusal);
		return refuse(refusal, 404, "the API is under /api/v1/");
	}
	if (strcmp(first, "birdwatcher") == 0)
		return ask_birdwatcher(out, url, refusal);
	*out = (struct web_request){.kind = WEB_FILE, .form = CONTROL_JSON};
	if (url->step_count != 1)
		return 0;
	if (strcmp(first, "metrics") == 0) {
		out->kind = WEB_METRICS;
	} else if (strcmp(first, "participants.json") == 0) {
		out->kind = WEB_ASK;
		add_word(out, "show");
		add_word(out, "participants");
	}
	return 0;
}
