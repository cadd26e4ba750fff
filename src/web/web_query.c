/* Values of a query string. */
#include "web/web_query.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip.h"

enum { PART_MAX = 64 };

static const char *const format_words[] = {
	[WEB_TABLE] = "json or csv",       [WEB_DOCUMENT] = "json, csv, html or pdf",
	[WEB_CHART] = "json, csv or svg",  [WEB_MAP] = "json, csv, geojson, map or curve",
	[WEB_STUDY] = "json, html or pdf",
};

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

bool
web_query_is_asn(const char *text)
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

/* The longest is what a question to a room holds. */
static bool
is_names(const char *text)
{
	return *text && *text != '-';
}

/* Is it one of the words? They stand in `expected`, the way that it is told. */
static bool
is_format(enum web_formats formats, const char *text)
{
	size_t length = strlen(text);
	for (const char *at = format_words[formats]; *at;) {
		size_t word = strcspn(at, ", ");
		if (word == length && strncmp(at, text, length) == 0)
			return strcmp(text, "or") != 0;
		at += word;
		at += strspn(at, ", ");
	}
	return false;
}

bool
web_query_is_word(const char *text)
{
	return *text &&
	       strspn(text,
		      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:./_-") ==
		       strlen(text);
}

/* A word that does no harm. */
static bool
is_harmless(const char *word)
{
	return web_query_is_word(word) && *word != '-';
}

static bool
is_asn(const char *word)
{
	struct asn asn;
	return asn_parse(&asn, word) == 0;
}

/* AS numbers or clauses: such words, with blanks and, in clauses, commas between. What is no AS number would be a word of
 * another meaning behind a path. */
static bool
is_words(const char *text, const char *between, bool (*fits)(const char *word))
{
	size_t words = 0;
	for (text += strspn(text, between); *text; text += strspn(text, between)) {
		char word[PART_MAX];
		size_t length = strcspn(text, between);
		if (length >= sizeof(word))
			return false;
		memcpy(word, text, length);
		word[length] = '\0';
		if (!fits(word))
			return false;
		words++;
		text += length;
	}
	return words > 0;
}

/* Numbers with their units, lists of them, edges of a graph: each behind a name and "=". */
static bool
is_inputs(const char *text)
{
	static const char value[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ:./_-+,%()";
	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		size_t name = strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz-");
		if (name == 0 || *text == '-' || text[name] != '=')
			return false;
		text += name + 1;
		text += strspn(text, value);
		if (*text && *text != ' ')
			return false;
	}
	return true;
}

const char *
web_query_misfit(const struct web_query_value *p, const char *value)
{
	struct ip ip;
	switch (p->type) {
	case WEB_IS_ASN:
		return web_query_is_asn(value) ? NULL : "an AS number such as 64501";
	case WEB_IS_MONTH:
		return is_month(value) ? NULL : "a month such as 2026-11";
	case WEB_IS_NUMBER:
		return is_number(value, p->most) ? NULL : "a number";
	case WEB_IS_PREFIX:
		return is_prefix(value) ? NULL : "a prefix such as 192.0.2.0/24";
	case WEB_IS_PREFIX_OR_ADDRESS:
		return is_prefix(value) || ip_parse(&ip, value) == 0
			       ? NULL
			       : "a prefix such as 192.0.2.0/24 or an address such as 192.0.2.1";
	case WEB_IS_NAME:
		return is_name(value) ? NULL : "a name";
	case WEB_IS_FORMAT:
		return is_format((enum web_formats)p->most, value) ? NULL : format_words[p->most];
	case WEB_IS_NAMES:
		return is_names(value) ? NULL : "names with commas between";
	case WEB_IS_WORD:
		return web_query_is_word(value) ? NULL : "a word or a community";
	case WEB_IS_PATH:
		return is_words(value, " ", is_asn) ? NULL : "AS numbers with blanks between";
	case WEB_IS_INPUTS:
		return is_inputs(value) ? NULL : "NAME=VALUE with blanks between";
	case WEB_IS_CLAUSES:
		return is_words(value, " ,", is_harmless) ? NULL : "values with commas between";
	case WEB_IS_FLAG:
		return strcmp(value, "yes") == 0 ? NULL : "yes";
	case WEB_IS_DEPTH:
		return strcmp(value, "single") == 0 || strcmp(value, "double") == 0
			       ? NULL
			       : "single or double";
	}
	return "something else";
}
