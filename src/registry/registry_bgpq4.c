/* Asking an IRRd-protocol host through bgpq4. */
#include "registry/registry_bgpq4.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"

static bool
all_of(const char *text, const char *others)
{
	for (; *text; text++) {
		char c = *text;
		bool plain =
			(c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!plain && !strchr(others, c))
			return false;
	}
	return true;
}

bool
bgpq4_possible(const struct hub_irr *irr, const char **why)
{
	*why = NULL;
	if (!irr->bgpq4 || !*irr->bgpq4)
		*why = "irr.bgpq4: no program";
	else if (!irr->host || !*irr->host || *irr->host == '-' || !all_of(irr->host, ".-_") ||
		 strlen(irr->host) > 255)
		*why = "irr.host: bgpq4 takes names and IPv4 addresses";
	else if (irr->sources && *irr->sources &&
		 (*irr->sources == '-' || !all_of(irr->sources, "-_,")))
		*why = "irr.sources: names with commas between them are wanted";
	return !*why;
}

/* bgpq4 1.9 understands "RIPE::AS-X", but takes "RIPE::AS64500" for an AS number with a strange
 * symbol in it, and has no prefixes for that. */
static bool
is_set_of_a_source(const char *name)
{
	return strchr(name, '-') != NULL;
}

void
bgpq4_command(struct bgpq4_command *out, const struct hub_irr *irr, const char *set,
	      enum ip_family family, enum bgpq4_question question)
{
	size_t n = 0;
	assert(set[0] != '-');
	(void)snprintf(out->host, sizeof(out->host), "%s:%u", irr->host,
		       irr->port ? irr->port : 43u);
	out->arguments[n++] = irr->bgpq4;
	out->arguments[n++] = "-h";
	out->arguments[n++] = out->host;
	const char *sources = irr->sources;
	const char *colons = strstr(set, "::");
	if (colons && !is_set_of_a_source(colons + 2)) {
		(void)snprintf(out->source, sizeof(out->source), "%.*s", (int)(colons - set), set);
		sources = out->source;
		set = colons + 2;
	}
	if (sources && *sources) {
		out->arguments[n++] = "-S";
		out->arguments[n++] = sources;
	}
	/* Private AS numbers too: whether they may be announced is a check of its own. */
	out->arguments[n++] = "-p";
	if (question == BGPQ4_PREFIXES) {
		out->arguments[n++] = family == IP_V4 ? "-4" : "-6";
		out->arguments[n++] = "-F";
		out->arguments[n++] = "%n/%l\\n";
	} else {
		out->arguments[n++] = "-t";
		out->arguments[n++] = "-j";
		out->arguments[n++] = "-l";
		out->arguments[n++] = "o";
	}
	out->arguments[n++] = set;
	out->arguments[n] = NULL;
	assert(n < BGPQ4_ARGUMENTS);
}

static size_t
count_lines(const char *text, size_t length)
{
	size_t count = 0;
	const char *end = text + length;
	for (const char *at = text; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
		count++;
	return count;
}

static int
read_line(struct prefix *out, enum ip_family family, const char *line, size_t length)
{
	char text[PREFIX_TEXT];
	if (length >= sizeof(text) || memchr(line, '\0', length))
		return -1;
	memcpy(text, line, length);
	text[length] = '\0';
	return prefix_parse(out, text) < 0 || out->ip.family != family ? -1 : 0;
}

int
bgpq4_read_prefixes(struct prefix **out, size_t *count, enum ip_family family, const char *text,
		    size_t length)
{
	if (length && text[length - 1] != '\n')
		return -1;
	size_t lines = count_lines(text, length);
	struct prefix *list = malloc((lines + 1) * sizeof(*list));
	if (!list)
		return -2;
	const char *at = text;
	for (size_t i = 0; i < lines; i++) {
		const char *end = memchr(at, '\n', (size_t)(text + length - at));
		if (!end || read_line(&list[i], family, at, (size_t)(end - at)) < 0) {
			free(list);
			return -1;
		}
		at = end + 1;
	}
	*out = list;
	*count = lines;
	return 0;
}

/* An AS number as JSON has it. */
static int
read_asn(struct asn *out, const struct json_value *value)
{
	double number;
	if (!json_read_number(&number, value) || number < 1 || number > UINT32_MAX ||
	    number != (double)(uint32_t)number)
		return -1;
	out->number = (uint32_t)number;
	return 0;
}

int
bgpq4_read_origins(struct asn **out, size_t *count, const char *text, size_t length)
{
	struct arena *arena = arena_new();
	if (!arena)
		return -2;
	int result = -1;
	struct asn *list = NULL;
	const struct json_value *found = json_read_get(json_read(arena, text, length), "o");
	if (!found || found->type != JSON_ARRAY)
		goto out;
	size_t n = 0;
	for (const struct json_value *v = json_read_first(found); v; v = v->next)
		n++;
	list = malloc((n + 1) * sizeof(*list));
	result = list ? 0 : -2;
	n = 0;
	for (const struct json_value *v = json_read_first(found); v && result == 0; v = v->next)
		result = read_asn(&list[n++], v);
	if (result == 0) {
		*out = list;
		*count = n;
		list = NULL;
	}
out:
	free(list);
	arena_free(arena);
	return result;
}

/* Whether a line begins with one of these. */
static bool
begins(const char *line, size_t length, const char *const *beginnings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t want = strlen(beginnings[i]);
		if (length >= want && memcmp(line, beginnings[i], want) == 0)
			return true;
	}
	return false;
}

bool
bgpq4_complaint(char *out, size_t size, const char *text, size_t length)
{
	static const char *const grave[] = {"ERROR:Error expanding", "ERROR:Wrong reply",
					    "ERROR:Invalid source", "FATAL ERROR:"};
	const char *end = text + length;
	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *next = newline ? newline + 1 : end;
		if (begins(text, (size_t)(next - text), grave, sizeof(grave) / sizeof(grave[0]))) {
			/* What the host said stands in the line after it. */
			bgpq4_remark(out, size, text, (size_t)(end - text));
			return true;
		}
		text = next;
	}
	return false;
}

void
bgpq4_remark(char *out, size_t size, const char *text, size_t length)
{
	enum { MOST = 100 };
	static const char *const marks[] = {"ERROR:", "FATAL ERROR:"};
	assert(size > 0);
	size_t n = 0;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (!begins(text, length, &marks[i], 1))
			continue;
		text += strlen(marks[i]);
		length -= strlen(marks[i]);
	}
	for (size_t i = 0; i < length && n + 1 < size && n < MOST; i++) {
		char c = text[i];
		if (c > ' ' && c < 127)
			out[n++] = c;
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
}
