/* Values of a query string: what each has to be. */
#pragma once

#include <stdbool.h>

/* What a value has to be. */
enum web_query_type {
	WEB_IS_ASN,
	WEB_IS_MONTH,
	WEB_IS_NUMBER, /* from 1 to `most` */
	WEB_IS_PREFIX,
	WEB_IS_PREFIX_OR_ADDRESS,
	WEB_IS_NAME,   /* of a site, segment or country */
	WEB_IS_NAMES,  /* of several, with commas: as many as the room will have */
	WEB_IS_FORMAT, /* not a word, but the form of the answer: one of `most`, enum web_formats */
	WEB_IS_WORD,   /* letters, digits and what stands in communities and reasons */
	WEB_IS_PATH,   /* AS numbers, a blank between */
	WEB_IS_INPUTS, /* of a formula: NAME=VALUE, a blank between */
	WEB_IS_CLAUSES, /* several with commas between, each of `most` words after `word` */
	WEB_IS_FLAG,    /* "yes": only the word itself */
	WEB_IS_DEPTH,   /* of cuts: one at a time, or two */
};

/* The forms that an answer has. */
enum web_formats {
	WEB_TABLE,    /* json or csv */
	WEB_DOCUMENT, /* json, csv, html or pdf */
	WEB_CHART,    /* json, csv or svg */
	WEB_MAP,      /* json, csv, geojson, or as SVG the map or the curve */
	WEB_STUDY,    /* json, html or pdf */
};

struct web_query_value {
	const char *name;
	enum web_query_type type;
	/* The word or two before the value; NULL: the value stands in the row's words, as "?name",
	 * and must be given. */
	const char *word;
	long most;
};

/* NULL when `value` is what it has to be; else what was expected. */
const char *web_query_misfit(const struct web_query_value *p, const char *value);
/* Letters, digits and what stands in communities, names of sessions and reasons. */
bool web_query_is_word(const char *text);
bool web_query_is_asn(const char *text);
