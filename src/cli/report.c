/* The words of `corridor report`. */
#include "cli/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "view/view_corridor.h"

static int complain(struct report_request *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int
complain(struct report_request *r, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	(void)vsnprintf(r->complaint, sizeof(r->complaint), format, args);
	va_end(args);
	return -1;
}

/* Where the value of an option goes; NULL: there is no such option. */
static const char **
place_of(struct report_request *r, const char *option)
{
	struct study_wish *w = &r->wish;
	struct {
		const char *name, **place;
	} options[] = {{"--out", &r->out},       {"-o", &r->out},        {"--hub", &r->hub},
		       {"--avoid", &w->avoid},   {"--date", &w->date},   {"--title", &w->title},
		       {"--target", &w->target}, {"--years", &r->years}, {"--on", &r->on}};
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (strcmp(options[i].name, option) == 0)
			return options[i].place;
	return NULL;
}

/* One name of a list. */
static int
take_end(struct report_request *r, const char **place, const char *option, const char *name,
	 size_t length)
{
	if (length == 0)
		return complain(r, "%s: a name is empty", option);
	if (r->ends_length + length + 1 > sizeof(r->ends))
		return complain(r, "%s: the names are too long", option);
	char *end = r->ends + r->ends_length;
	memcpy(end, name, length);
	end[length] = '\0';
	r->ends_length += length + 1;
	*place = end;
	return 0;
}

/* --from A --to B, as often as there are pairs; or several at once, --from A,B --to C,D. */
static int
take_ends(struct report_request *r, const char *option, const char *list)
{
	struct study_wish *w = &r->wish;
	bool from = strcmp(option, "--from") == 0;
	size_t at = 0; /* the first pair that has no such end */
	while (at < w->pair_count && w->pairs[at][!from])
		at++;
	if (from && w->pair_count && !w->pairs[w->pair_count - 1][1])
		return complain(r, "--from: --to is missing behind the --from before");
	for (const char *name = list;; name++) {
		size_t length = strcspn(name, ",");
		if (from && at == STUDY_PAIRS_MAX)
			return complain(r, "--from: there may be %d pairs", STUDY_PAIRS_MAX);
		if (!from && at == w->pair_count)
			return complain(r, "--to: it stands behind its --from, with as many names");
		if (take_end(r, &w->pairs[at][!from], option, name, length) < 0)
			return -1;
		at++;
		if (from)
			w->pair_count = at;
		name += length;
		if (!*name)
			break;
	}
	return from || at == w->pair_count
		       ? 0
		       : complain(r, "--to: it stands behind its --from, with as many names");
}

/* The day of the study: what is asked of a hub file is asked as on it. */
static int
take_day(struct report_request *r, struct utc_s now)
{
	const char *date = r->wish.date;
	struct utc_s day;
	char text[16];
	r->wish.today = now;
	if (r->on && (strlen(r->on) != 10 || utc_parse(&r->wish.today, r->on) < 0))
		return complain(r, "--on: expected a day, YYYY-MM-DD");
	/* A year alone is a date of the corridor, too. */
	if (date)
		(void)snprintf(text, sizeof(text), "%.10s%s", date, strlen(date) == 4 ? "-01" : "");
	if (date && (strlen(date) > 10 || utc_parse(&day, text) < 0))
		return complain(r, "--date: expected YYYY, YYYY-MM or YYYY-MM-DD");
	return 0;
}

static int
take_years(struct report_request *r)
{
	char *rest;
	if (!r->years)
		return 0;
	unsigned long years = strtoul(r->years, &rest, 10);
	if (*rest || *r->years < '0' || *r->years > '9' || years < 1 || years > 29)
		return complain(r, "--years: expected 1 to 29");
	r->wish.years = (unsigned)years;
	return 0;
}

int
report_request_parse(struct report_request *r, const char *const *words, size_t count,
		     struct utc_s now)
{
	for (size_t i = 0; i < count; i += 2) {
		bool end = strcmp(words[i], "--from") == 0 || strcmp(words[i], "--to") == 0;
		const char **place = end ? NULL : place_of(r, words[i]);
		if (!place && !end)
			return complain(r,
					"%.60s: expected --from A --to B, --avoid, --date, "
					"--on, --target, --years, --title, --out or --hub",
					words[i]);
		if (i + 1 == count)
			return complain(r, "%s: its value is missing", words[i]);
		if (place)
			*place = words[i + 1];
		else if (take_ends(r, words[i], words[i + 1]) < 0)
			return -1;
	}
	if (r->wish.pair_count && !r->wish.pairs[r->wish.pair_count - 1][1])
		return complain(r, "--from: --to is missing");
	for (size_t i = 0; i < r->wish.pair_count; i++)
		if (strcasecmp(r->wish.pairs[i][0], r->wish.pairs[i][1]) == 0)
			return complain(r, "--from %.40s --to %.40s: both ends are the same site",
					r->wish.pairs[i][0], r->wish.pairs[i][1]);
	double least, most;
	if (r->wish.target && !view_target_amount(&least, &most, r->wish.target))
		return complain(
			r,
			"--target: found \"%.40s\", expected millions of dollars a year: 200, "
			"or 200-400",
			r->wish.target);
	return take_years(r) < 0 ? -1 : take_day(r, now);
}
