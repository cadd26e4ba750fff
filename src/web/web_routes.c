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
#include "web/web_query.h"

enum { WORDS_MAX = 5, PARAMETERS_MAX = 12, PART_MAX = 64 };

static_assert(CONTROL_WORDS_MAX * PART_MAX <= WEB_URL_MAX, "all parts of a question fit");

/* Who may ask. What is said of no row is for the operator alone. */
enum audience {
	FOR_OPERATOR,
	FOR_MEMBER, /* about itself: in place of "*" or "+" has to stand its own number, and `narrow` is added */
	FOR_ALL, /* with `narrow` added for whoever is not the operator */
};

/* `path` is what follows /api/v1/; a "*" in it is an AS number, a "+" that or the id of a party that is
 * no member, "@" its place among the words. */
static const struct route {
	const char *path;
	enum web_kind kind;
	const char *words[WORDS_MAX];
	struct web_query_value parameters[PARAMETERS_MAX];
	enum audience audience;
	const char *narrow; /* words that keep an answer to what may be seen; "@": who asks */
} routes[] = {
	{"me", WEB_ME, {0}, {{0}}, FOR_ALL, NULL},
	{"status", WEB_ASK, {"show", "status"}, {{0}}, FOR_OPERATOR, NULL},
	{"overview", WEB_OVERVIEW, {0}, {{0}}, FOR_ALL, NULL},
	{"events", WEB_EVENTS, {0}, {{0}}, FOR_ALL, NULL},
	{"members", WEB_ASK, {"show", "members"}, {{0}}, FOR_ALL, "public"},
	{"members/*", WEB_ASK, {"show", "member", "@"}, {{0}}, FOR_MEMBER, NULL},
	{"members/*/exports", WEB_ASK, {"show", "member", "@", "exports"}, {{0}}, FOR_ALL, NULL},
	{"members/*/peering", WEB_ASK, {"show", "peering", "@"}, {{0}}, FOR_ALL, NULL},
	{"members/*/policy", WEB_ASK, {"show", "policy", "@"}, {{0}}, FOR_MEMBER, NULL},
	{"policy", WEB_ASK, {"show", "policy"}, {{0}}, FOR_ALL, NULL},
	{"communities", WEB_ASK, {"show", "communities"}, {{0}}, FOR_ALL, NULL},
	{"rpki", WEB_ASK, {"show", "rpki"}, {{0}}, FOR_OPERATOR, NULL},
	{"sessions", WEB_ASK, {"show", "sessions"}, {{0}}, FOR_OPERATOR, NULL},
	{"bfd", WEB_ASK, {"show", "bfd"}, {{0}}, FOR_OPERATOR, NULL},
	{"bmp", WEB_ASK, {"show", "bmp"}, {{0}}, FOR_OPERATOR, NULL},
	{"mrt", WEB_ASK, {"show", "mrt"}, {{0}}, FOR_OPERATOR, NULL},
	{"flowspec",
	 WEB_ASK,
	 {"show", "flowspec"},
	 {{"member", WEB_IS_ASN, "from", 0}},
	 FOR_OPERATOR,
	 NULL},
	{"members/*/curve",
	 WEB_ASK,
	 {"show", "curve", "@"},
	 {{"month", WEB_IS_MONTH, "month", 0}, {"hours", WEB_IS_NUMBER, "hours", 744}},
	 FOR_MEMBER,
	 NULL},
	{"routes",
	 WEB_ASK,
	 {"show", "routes"},
	 {{"member", WEB_IS_ASN, "member", 0},
	  {"to", WEB_IS_ASN, "to", 0},
	  {"not_to", WEB_IS_ASN, "not-to", 0},
	  {"as", WEB_IS_ASN, "as", 0},
	  {"within", WEB_IS_PREFIX, "within", 0},
	  {"reason", WEB_IS_WORD, "reason", 0},
	  {"rpki", WEB_IS_WORD, "rpki", 0},
	  {"community", WEB_IS_WORD, "community", 0},
	  {"tagged", WEB_IS_FLAG, "tagged", 0},
	  {"stale", WEB_IS_FLAG, "stale", 0},
	  {"limit", WEB_IS_NUMBER, "limit", 10000},
	  {"after", WEB_IS_PREFIX, "after", 0}},
	 FOR_ALL,
	 NULL},
	{"filtered",
	 WEB_ASK,
	 {"show", "filtered"},
	 {{"member", WEB_IS_ASN, "member", 0},
	  {"as", WEB_IS_ASN, "as", 0},
	  {"within", WEB_IS_PREFIX, "within", 0},
	  {"reason", WEB_IS_WORD, "reason", 0},
	  {"rpki", WEB_IS_WORD, "rpki", 0},
	  {"community", WEB_IS_WORD, "community", 0},
	  {"tagged", WEB_IS_FLAG, "tagged", 0},
	  {"stale", WEB_IS_FLAG, "stale", 0},
	  {"limit", WEB_IS_NUMBER, "limit", 10000},
	  {"after", WEB_IS_PREFIX, "after", 0}},
	 FOR_ALL,
	 NULL},
	{"route",
	 WEB_ASK,
	 {"show", "route", "?q"},
	 {{"q", WEB_IS_PREFIX_OR_ADDRESS, NULL, 0}},
	 FOR_ALL,
	 NULL},
	{"explain",
	 WEB_ASK,
	 {"explain", "?q"},
	 {{"q", WEB_IS_PREFIX_OR_ADDRESS, NULL, 0},
	  {"from", WEB_IS_ASN, "from", 0},
	  {"to", WEB_IS_ASN, "to", 0},
	  {"path", WEB_IS_PATH, "path", 0},
	  {"community", WEB_IS_CLAUSES, "community", 1},
	  {"without", WEB_IS_CLAUSES, "if without", 1},
	  {"roa", WEB_IS_CLAUSES, "if roa", 2},
	  {"route", WEB_IS_CLAUSES, "if route", 1},
	  {"withdrawn", WEB_IS_FLAG, "if withdrawn", 0}},
	 FOR_ALL,
	 NULL},
	{"traffic", WEB_ASK, {"show", "traffic"}, {{0}}, FOR_OPERATOR, NULL},
	{"traffic/by",
	 WEB_ASK,
	 {"show", "traffic", "by", "?what"},
	 {{"what", WEB_IS_WORD, NULL, 0},
	  {"now", WEB_IS_FLAG, "now", 0},
	  {"limit", WEB_IS_NUMBER, "limit", 10000},
	  {"format", WEB_IS_FORMAT, "", 0}},
	 FOR_OPERATOR,
	 NULL},
	{"history/by",
	 WEB_ASK,
	 {"show", "history", "by", "?what"},
	 {{"what", WEB_IS_WORD, NULL, 0},
	  {"month", WEB_IS_MONTH, "month", 0},
	  {"year", WEB_IS_NUMBER, "year", 9999},
	  {"hours", WEB_IS_NUMBER, "hours", 744},
	  {"each", WEB_IS_WORD, "each", 0},
	  {"member", WEB_IS_ASN, "member", 0},
	  {"limit", WEB_IS_NUMBER, "limit", 10000},
	  {"format", WEB_IS_FORMAT, "", 0}},
	 FOR_MEMBER,
	 "member @"},
	{"ports",
	 WEB_ASK,
	 {"show", "ports"},
	 {{"format", WEB_IS_FORMAT, "", 0}},
	 FOR_OPERATOR,
	 NULL},
	{"matrix",
	 WEB_ASK,
	 {"show", "matrix"},
	 {{"limit", WEB_IS_NUMBER, "limit", 100000}},
	 FOR_OPERATOR,
	 NULL},
	{"exporters", WEB_ASK, {"show", "exporters"}, {{0}}, FOR_OPERATOR, NULL},
	{"memory", WEB_ASK, {"show", "memory"}, {{0}}, FOR_OPERATOR, NULL},
	{"alarms", WEB_ASK, {"show", "alarms", "without-addresses"}, {{0}}, FOR_OPERATOR, NULL},
	{"proposals",
	 WEB_ASK,
	 {"show", "proposals", "without-addresses"},
	 {{0}},
	 FOR_OPERATOR,
	 NULL},
	{"blackholes", WEB_ASK, {"show", "blackholes"}, {{0}}, FOR_OPERATOR, NULL},
	{"polls", WEB_ASK, {"show", "polls"}, {{0}}, FOR_OPERATOR, NULL},
	{"registry", WEB_ASK, {"show", "registry"}, {{0}}, FOR_OPERATOR, NULL},
	{"forecast",
	 WEB_ASK,
	 {"show", "forecast"},
	 {{"member", WEB_IS_ASN, "", 0}, {"month", WEB_IS_MONTH, "month", 0}},
	 FOR_MEMBER,
	 "@"},
	{"revenue",
	 WEB_ASK,
	 {"show", "revenue"},
	 {{"by", WEB_IS_WORD, "by", 0},
	  {"month", WEB_IS_MONTH, "month", 0},
	  {"year", WEB_IS_NUMBER, "year", 9999},
	  {"format", WEB_IS_FORMAT, "", 0}},
	 FOR_OPERATOR,
	 NULL},
	{"invoices",
	 WEB_ASK,
	 {"show", "invoices"},
	 {{"month", WEB_IS_MONTH, "month", 0}, {"format", WEB_IS_FORMAT, "", 0}},
	 FOR_OPERATOR,
	 NULL},
	{"blends",
	 WEB_ASK,
	 {"show", "blends"},
	 {{"month", WEB_IS_MONTH, "month", 0}, {"format", WEB_IS_FORMAT, "", 0}},
	 FOR_OPERATOR,
	 NULL},
	{"bill/+",
	 WEB_ASK,
	 {"bill", "--month", "?month", "@"},
	 {{"month", WEB_IS_MONTH, NULL, 0},
	  {"contract", WEB_IS_NAME, "--contract", 0},
	  {"format", WEB_IS_FORMAT, "", 0}},
	 FOR_MEMBER,
	 NULL},
	{"ledger/invoices",
	 WEB_ASK,
	 {"ledger", "invoices"},
	 {{"member", WEB_IS_ASN, "member", 0},
	  {"month", WEB_IS_MONTH, "month", 0},
	  {"format", WEB_IS_FORMAT, "", 0}},
	 FOR_MEMBER,
	 "member @"},
	{"ledger/payables",
	 WEB_ASK,
	 {"ledger", "payables"},
	 {{"member", WEB_IS_NAME, "member", 0},
	  {"month", WEB_IS_MONTH, "month", 0},
	  {"format", WEB_IS_FORMAT, "", 0}},
	 FOR_OPERATOR,
	 NULL},
	{"ledger/adjustments",
	 WEB_ASK,
	 {"ledger", "adjustments"},
	 {{"format", WEB_IS_FORMAT, "", 0}},
	 FOR_OPERATOR,
	 NULL},
	{"ledger/statement/+",
	 WEB_ASK,
	 {"ledger", "statement", "@"},
	 {{"format", WEB_IS_FORMAT, "", 0}},
	 FOR_MEMBER,
	 NULL},
	{"ledger/aged",
	 WEB_ASK,
	 {"ledger", "aged"},
	 {{"format", WEB_IS_FORMAT, "", 0}},
	 FOR_OPERATOR,
	 NULL},
	{"ledger/balance",
	 WEB_ASK,
	 {"ledger", "balance"},
	 {{"format", WEB_IS_FORMAT, "", 0}},
	 FOR_OPERATOR,
	 NULL},
	{"ledger/disputes",
	 WEB_ASK,
	 {"ledger", "disputes"},
	 {{"member", WEB_IS_ASN, "member", 0}, {"format", WEB_IS_FORMAT, "", 0}},
	 FOR_MEMBER,
	 "member @"},
	{"ledger/entries",
	 WEB_ASK,
	 {"ledger", "entries"},
	 {{"from", WEB_IS_NUMBER, "from", 999999999},
	  {"to", WEB_IS_NUMBER, "to", 999999999},
	  {"account", WEB_IS_NAME, "account", 0},
	  {"format", WEB_IS_FORMAT, "", 0}},
	 FOR_OPERATOR,
	 NULL},
	{"ledger/document",
	 WEB_ASK,
	 {"ledger", "document", "?id"},
	 {{"id", WEB_IS_NAME, NULL, 0},
	  {"party", WEB_IS_NAME, "party", 0},
	  {"format", WEB_IS_FORMAT, "", 0}},
	 FOR_MEMBER,
	 "for @"},
	{"ledger/verify",
	 WEB_ASK,
	 {"ledger", "verify"},
	 {{"head", WEB_IS_NAME, "--head", 0}},
	 FOR_OPERATOR,
	 NULL},
	{"ledger", WEB_ASK, {"show", "ledger"}, {{0}}, FOR_OPERATOR, NULL},
	{"ledger/head", WEB_ASK, {"ledger", "head"}, {{0}}, FOR_OPERATOR, NULL},
	{"ledger/settlement",
	 WEB_ASK,
	 {"ledger", "settlement"},
	 {{"month", WEB_IS_MONTH, "month", 0},
	  {"party", WEB_IS_NAME, "party", 0},
	  {"format", WEB_IS_FORMAT, "", 0}},
	 FOR_OPERATOR,
	 NULL},
	{"corridor", WEB_ASK, {"corridor", "show"}, {{0}}, FOR_ALL, NULL},
	{"corridor/segment",
	 WEB_ASK,
	 {"corridor", "segment", "?id"},
	 {{"id", WEB_IS_NAME, NULL, 0}},
	 FOR_OPERATOR,
	 NULL},
	{"corridor/site",
	 WEB_ASK,
	 {"corridor", "site", "?id"},
	 {{"id", WEB_IS_NAME, NULL, 0}},
	 FOR_OPERATOR,
	 NULL},
	{"corridor/path",
	 WEB_ASK,
	 {"corridor", "path", "?from", "?to"},
	 {{"from", WEB_IS_NAME, NULL, 0},
	  {"to", WEB_IS_NAME, NULL, 0},
	  {"avoid", WEB_IS_COUNTRIES, "--avoid", 0},
	  {"without", WEB_IS_NAME, "--without", 0},
	  {"with", WEB_IS_NAME, "--with", 0},
	  {"k", WEB_IS_NUMBER, "--k", 32}},
	 FOR_ALL,
	 NULL},
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

static const struct web_query_value *
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
		const struct web_query_value *p = parameter_by_name(route, name);
		if (!p)
			return refuse(refusal, 400, "%.40s: there is no such parameter here", name);
		const char *expected = *value ? web_query_misfit(p, value) : NULL;
		if (!expected)
			continue;
		if (p->type == WEB_IS_NUMBER)
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
add_clauses(struct web_request *out, const struct web_query_value *p, const char *value,
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
					      web_query_misfit(parameter_by_name(route, name), ""));
		}
		add_word(out, word);
	}
	return 0;
}

static int
add_parameter(struct web_request *out, const struct web_query_value *p, const char *value,
	      struct web_refusal *refusal)
{
	switch (p->type) {
	case WEB_IS_FORMAT:
		if (strcmp(value, "csv") == 0)
			out->form = CONTROL_CSV;
		else if (strcmp(value, "html") == 0)
			add_word(out, "--html");
		else if (strcmp(value, "pdf") == 0)
			add_word(out, "--pdf");
		return 0;
	case WEB_IS_FLAG:
		add_fixed(out, p->word);
		return 0;
	case WEB_IS_PATH:
		add_word(out, p->word);
		(void)add_parts(out, value, value + strlen(value));
		return 0;
	case WEB_IS_CLAUSES:
		return add_clauses(out, p, value, refusal);
	default:
		if (*p->word)
			add_word(out, p->word);
		add_word(out, value);
		return 0;
	}
}

/* The words that keep the answer to what `who` may see. */
static void
add_narrow(struct web_request *out, const struct route *route, const struct web_who *who)
{
	if (who->role == WEB_OPERATOR || !route->narrow)
		return;
	(void)snprintf(out->own, sizeof(out->own), "%u", (unsigned)who->asn);
	for (const char *at = route->narrow; *at; at += strspn(at, " ")) {
		size_t length = strcspn(at, " ");
		if (*at == '@')
			add_word(out, out->own);
		else
			(void)add_parts(out, at, at + length);
		at += length;
	}
}

/* Is it what `narrow` says anyway: another member's would be, too? */
static bool
is_narrowed(const struct route *route, const struct web_query_value *p, const struct web_who *who)
{
	return who->role != WEB_OPERATOR && route->audience == FOR_MEMBER && route->narrow &&
	       (strcmp(p->name, "member") == 0 || strcmp(p->name, "party") == 0);
}

/* May `who` ask it, of the member `asn` (NULL: of none)? */
static int
check_audience(const struct route *route, const struct web_url *url, const char *asn,
	       const struct web_who *who, struct web_refusal *refusal)
{
	char own[16];
	if (who->role == WEB_OPERATOR || route->audience == FOR_ALL)
		return 0;
	(void)snprintf(own, sizeof(own), "%u", (unsigned)who->asn);
	if (who->role != WEB_MEMBER)
		return refuse(refusal, 403, "this is not for everybody: /login asks for your name");
	if (route->audience != FOR_MEMBER)
		return refuse(refusal, 403, "this is for the operator");
	const char *member = web_url_parameter(url, "member");
	struct asn asked = {who->asn}, named = {who->asn};
	if ((asn && asn_parse(&asked, asn) < 0) ||
	    (member && *member && asn_parse(&named, member) < 0) || asked.number != who->asn ||
	    named.number != who->asn)
		return refuse(refusal, 403,
			      "you are AS%s: of others there is nothing to be seen here", own);
	return 0;
}

/* The rest of the parameters, those that are given: an empty one is as good as none. */
static int
add_parameters(struct web_request *out, const struct route *route, const struct web_url *url,
	       const struct web_who *who, struct web_refusal *refusal)
{
	add_narrow(out, route, who);
	for (size_t i = 0; i < PARAMETERS_MAX && route->parameters[i].name; i++) {
		const struct web_query_value *p = &route->parameters[i];
		const char *value = web_url_parameter(url, p->name);
		if (is_narrowed(route, p, who))
			continue;
		if (p->word && value && *value && add_parameter(out, p, value, refusal) < 0)
			return -1;
	}
	if (out->word_count > CONTROL_WORDS_MAX)
		return refuse(refusal, 400, "too many words in one question");
	return 0;
}

/* Does a row's path fit the steps from `first` on? *star is the one in place of its "*" or "+", if it has one. */
static bool
path_fits(const char *path, const struct web_url *url, size_t first, const char **star)
{
	const char *at = path;
	for (size_t i = first; i < url->step_count; i++) {
		size_t length = strcspn(at, "/");
		const char *step = url->steps[i];
		if (length == 1 && (*at == '*' || *at == '+'))
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
api(struct web_request *out, const struct web_url *url, const struct web_who *who,
    struct web_refusal *refusal)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		const struct route *route = &routes[i];
		const char *star = NULL;
		if (!path_fits(route->path, url, 2, &star))
			continue;
		bool party =
			strchr(route->path, '+') && star && web_query_is_word(star) && *star != '-';
		if (star && !party && !web_query_is_asn(star))
			return refuse(refusal, 400, "found \"%.60s\", expected an AS number%s",
				      star,
				      strchr(route->path, '+') ? " or the id of a party" : "");
		if (check_parameters(route, url, refusal) < 0 ||
		    check_audience(route, url, star, who, refusal) < 0)
			return -1;
		*out = (struct web_request){.kind = route->kind, .form = CONTROL_JSON};
		if (add_words(out, route, url, star, refusal) < 0)
			return -1;
		return add_parameters(out, route, url, who, refusal);
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
	if ((star && (!web_query_is_word(star) || *star == '-')) ||
	    (name && (!last || !web_query_is_word(last))))
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
web_route_find(struct web_request *out, const struct web_url *url, const struct web_who *who,
	       struct web_refusal *refusal)
{
	assert(out && url && who && refusal);
	const char *first = url->step_count > 0 ? url->steps[0] : "";
	if (strcmp(first, "api") == 0) {
		if (url->step_count > 1 && strcmp(url->steps[1], "v1") == 0)
			return api(out, url, who, refusal);
		return refuse(refusal, 404, "the API is under /api/v1/");
	}
	if (strcmp(first, "birdwatcher") == 0)
		return ask_birdwatcher(out, url, refusal);
	*out = (struct web_request){.kind = WEB_FILE, .form = CONTROL_JSON};
	if (url->step_count != 1)
		return 0;
	if (strcmp(first, "metrics") == 0) {
		if (who->role != WEB_OPERATOR)
			return refuse(refusal, 403, "metrics are for the operator");
		out->kind = WEB_METRICS;
	} else if (strcmp(first, "login") == 0) {
		out->kind = WEB_LOGIN;
	} else if (strcmp(first, "participants.json") == 0) {
		out->kind = WEB_ASK;
		add_word(out, "show");
		add_word(out, "participants");
	}
	return 0;
}
