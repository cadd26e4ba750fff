/* From a path and its parameters to the words of a question. */
#include "web/web_routes.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip.h"
#include "web/web_routes_table.h"

enum {
	PART_MAX = 64,
	WEB_WORK_S = 600, /* two are at work at once, two minutes of processor each; others wait */
};

static_assert(CONTROL_WORDS_MAX * PART_MAX <= WEB_URL_MAX, "all parts of a question fit");

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
parameter_by_name(const struct web_route *route, const char *name)
{
	for (size_t i = 0; i < WEB_ROUTE_PARAMETERS && route->parameters[i].name; i++)
		if (strcmp(route->parameters[i].name, name) == 0)
			return &route->parameters[i];
	return NULL;
}

static int
check_parameters(const struct web_route *route, const struct web_url *url,
		 struct web_refusal *refusal)
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
add_words(struct web_request *out, const struct web_route *route, const struct web_url *url,
	  const char *asn, struct web_refusal *refusal)
{
	for (size_t i = 0; i < WEB_ROUTE_WORDS && route->words[i]; i++) {
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

/* The form, or an option for what is no form of the control protocol. */
static void
add_format(struct web_request *out, const char *format)
{
	static const struct {
		const char *format, *word;
		enum control_form form;
	} forms[] = {
		{"csv", NULL, CONTROL_CSV},
		{"html", "--html", CONTROL_JSON},
		{"pdf", "--pdf", CONTROL_JSON},
		{"svg", "--svg", CONTROL_TEXT},
		{"map", "--map", CONTROL_TEXT},
		{"curve", "--curve", CONTROL_TEXT},
		{"geojson", "--geojson", CONTROL_JSON},
	};
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (strcmp(forms[i].format, format) != 0)
			continue;
		out->form = forms[i].form;
		if (forms[i].word)
			add_word(out, forms[i].word);
	}
}

static int
add_parameter(struct web_request *out, const struct web_query_value *p, const char *value,
	      struct web_refusal *refusal)
{
	switch (p->type) {
	case WEB_IS_FORMAT:
		add_format(out, value);
		return 0;
	case WEB_IS_FLAG:
		add_fixed(out, p->word);
		return 0;
	case WEB_IS_PATH:
		add_word(out, p->word);
		(void)add_parts(out, value, value + strlen(value));
		return 0;
	case WEB_IS_INPUTS:
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
add_narrow(struct web_request *out, const struct web_route *route, const struct web_who *who)
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
is_narrowed(const struct web_route *route, const struct web_query_value *p,
	    const struct web_who *who)
{
	return who->role != WEB_OPERATOR && route->audience == WEB_FOR_MEMBER && route->narrow &&
	       (strcmp(p->name, "member") == 0 || strcmp(p->name, "party") == 0);
}

/* May `who` ask it, of the member `asn` (NULL: of none)? */
static int
check_audience(const struct web_route *route, const struct web_url *url, const char *asn,
	       const struct web_who *who, struct web_refusal *refusal)
{
	char own[16];
	if (who->role == WEB_OPERATOR || route->audience == WEB_FOR_ALL)
		return 0;
	(void)snprintf(own, sizeof(own), "%u", (unsigned)who->asn);
	if (who->role != WEB_MEMBER)
		return refuse(refusal, 403, "this is not for everybody: /login asks for your name");
	if (route->audience != WEB_FOR_MEMBER)
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
add_parameters(struct web_request *out, const struct web_route *route, const struct web_url *url,
	       const struct web_who *who, struct web_refusal *refusal)
{
	add_narrow(out, route, who);
	for (size_t i = 0; i < WEB_ROUTE_PARAMETERS && route->parameters[i].name; i++) {
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

static const struct web_route *
route_of(const struct web_url *url, const char **star)
{
	static const struct web_route_table *const tables[] = {&web_route_table_hub,
							       &web_route_table_corridor};
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (size_t i = 0; i < tables[t]->count; i++) {
			*star = NULL;
			if (path_fits(tables[t]->rows[i].path, url, 2, star))
				return &tables[t]->rows[i];
		}
	return NULL;
}

static int
api(struct web_request *out, const struct web_url *url, const struct web_who *who,
    struct web_refusal *refusal)
{
	const char *star;
	const struct web_route *route = route_of(url, &star);
	if (!route)
		return refuse(refusal, 404, "there is no such question; see docs/api.md");
	bool party = strchr(route->path, '+') && star && web_query_is_word(star) && *star != '-';
	if (star && !party && !web_query_is_asn(star))
		return refuse(refusal, 400, "found \"%.60s\", expected an AS number%s", star,
			      strchr(route->path, '+') ? " or the id of a party" : "");
	if (check_parameters(route, url, refusal) < 0 ||
	    check_audience(route, url, star, who, refusal) < 0)
		return -1;
	bool works = route->kind == WEB_WORK;
	*out = (struct web_request){.kind = works ? WEB_ASK : route->kind,
				    .form = CONTROL_JSON,
				    .patience_s = works ? WEB_WORK_S : 0,
				    .parameters = route->parameters};
	if (add_words(out, route, url, star, refusal) < 0)
		return -1;
	return add_parameters(out, route, url, who, refusal);
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

/* The parameter that an option stands for; NULL: the question has none like that. */
static const struct web_query_value *
parameter_of_option(const struct web_request *request, const char *option, size_t length)
{
	const struct web_query_value *p = request->parameters;
	for (size_t i = 0; p && i < WEB_ROUTE_PARAMETERS && p[i].name; i++)
		if (p[i].word && strlen(p[i].word) == length &&
		    memcmp(p[i].word, option, length) == 0)
			return &p[i];
	return NULL;
}

void
web_route_retell(char *out, size_t size, const struct web_request *request, const char *text)
{
	assert(out && size && request && text);
	size_t length = 0;
	while (*text && length + 1 < size) {
		size_t option = 0;
		if (strncmp(text, "--", 2) == 0)
			option = 2 + strspn(text + 2, "abcdefghijklmnopqrstuvwxyz-");
		const struct web_query_value *p =
			option ? parameter_of_option(request, text, option) : NULL;
		if (!p) {
			out[length++] = *text++;
			continue;
		}
		length += (size_t)snprintf(out + length, size - length, "%s", p->name);
		if (length >= size)
			length = size - 1;
		text += option;
	}
	out[length] = '\0';
}
