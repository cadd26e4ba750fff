/* From a path and its parameters to the words of an order. */
#include "web/web_order.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "web/web_query.h"

enum { REASON_MAX = 255 };

/* What is ordered, and whether times go with it. */
static const struct order {
	const char *word;
	bool from, until;
	bool hears; /* a source's word, not an order: its name and what it has seen */
} orders[] = {
	{"cut", false, true, false},  {"drain", false, true, false},
	{"work", true, true, false},  {"restore", false, false, false},
	{"hear", false, false, true},
};

static const struct order *
order_of(const struct web_url *url)
{
	static const char *const path[] = {"api", "v1", "corridor"};
	if (url->step_count != 4)
		return NULL;
	for (size_t i = 0; i < 3; i++)
		if (strcmp(url->steps[i], path[i]) != 0)
			return NULL;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		if (strcmp(orders[i].word, url->steps[3]) == 0)
			return &orders[i];
	return NULL;
}

bool
web_order_is(const struct web_url *url)
{
	return order_of(url) != NULL;
}

static int
refuse(struct web_refusal *refusal, const char *name, const char *found, const char *expected)
{
	refusal->status = 400;
	(void)snprintf(refusal->text, sizeof(refusal->text), "%s: found \"%.60s\", expected %s",
		       name, found, expected);
	return -1;
}

static bool
is_moment(const char *text)
{
	struct utc_s moment;
	return utc_parse(&moment, text) == 0;
}

static bool
is_flag(const char *text)
{
	return strcmp(text, "yes") == 0;
}

/* Control characters are not in a url at all (web_url_parse). */
static bool
is_reason(const char *text)
{
	return strlen(text) <= REASON_MAX && utf8_is_line(text);
}

static bool
is_name(const char *text)
{
	static const struct web_query_value name = {.type = WEB_IS_NAME};
	return !web_query_misfit(&name, text);
}

static bool
is_names(const char *text)
{
	static const struct web_query_value names = {.type = WEB_IS_NAMES};
	return !web_query_misfit(&names, text);
}

/* What may stand behind the path; `option` NULL: it is the third word. */
static const struct {
	const char *name, *option;
	bool (*fits)(const char *text);
	const char *expected;
} parameters[] = {
	{"name", NULL, is_names, "names with commas between"},
	{"from", "--from", is_moment, "a time: 2026-11-21T12:00:00Z"},
	{"until", "--until", is_moment, "a time: 2026-11-21T12:00:00Z"},
	{"reason", "--reason", is_reason, "a text of at most 255 octets"},
	{"preview", "--preview", is_flag, "yes"},
};

static int
find_parameter(const struct order *order, const char *name)
{
	for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++)
		if (strcmp(parameters[i].name, name) == 0 &&
		    (order->from || strcmp(name, "from") != 0) &&
		    (order->until || strcmp(name, "until") != 0))
			return (int)i;
	return -1;
}

/* What a source has seen: /corridor/hear?source=nms&state=down. */
static int
find_word(struct web_request *out, const struct web_url *url, const struct web_order_giver *giver,
	  struct web_refusal *refusal)
{
	const char *source = web_url_parameter(url, "source"),
		   *state = web_url_parameter(url, "state");
	for (size_t i = 0; i < url->parameter_count; i++)
		if (strcmp(url->parameters[i].name, "source") != 0 &&
		    strcmp(url->parameters[i].name, "state") != 0)
			return refuse(refusal, "parameter", url->parameters[i].name,
				      "source or state");
	if (!source || !is_name(source))
		return refuse(refusal, "source", source ? source : "",
			      "the id of one of segment_sources");
	if (!state || (strcmp(state, "up") != 0 && strcmp(state, "down") != 0))
		return refuse(refusal, "state", state ? state : "", "up or down");
	*out = (struct web_request){.kind = WEB_ORDER,
				    .form = CONTROL_JSON,
				    .words = {"corridor", "hear", source, "--token", giver->token,
					      "--by", giver->from, state},
				    .word_count = 8};
	return 0;
}

int
web_order_find(struct web_request *out, const struct web_url *url,
	       const struct web_order_giver *giver, struct web_refusal *refusal)
{
	const struct order *order = order_of(url);
	const char *name = web_url_parameter(url, "name");
	if (order && order->hears)
		return find_word(out, url, giver, refusal);
	if (!order || !name)
		return refuse(refusal, "name", "", "names with commas between");
	*out = (struct web_request){.kind = WEB_ORDER,
				    .form = CONTROL_JSON,
				    .words = {"corridor", order->word, name, "--token",
					      giver->token, "--by", giver->from},
				    .word_count = 7};
	for (size_t i = 0; i < url->parameter_count; i++) {
		const struct web_parameter *given = &url->parameters[i];
		int p = find_parameter(order, given->name);
		if (p < 0)
			return refuse(refusal, "parameter", given->name, "one of this order");
		if (!parameters[p].fits(given->value))
			return refuse(refusal, given->name, given->value, parameters[p].expected);
		if (!parameters[p].option)
			continue;
		out->words[out->word_count++] = parameters[p].option;
		if (parameters[p].fits != is_flag)
			out->words[out->word_count++] = given->value;
	}
	return 0;
}
