/* The parts of making a study; used by its files only. Each chapter is written by one function, and adds
 * its sentence to the summary. */
#pragma once

#include "study/study_make.h"

struct study_pair {
	const char *from, *to;           /* ids */
	const char *from_name, *to_name; /* as they are shown */
	double gbps, low, high;          /* asked for between them; NAN: nobody asks */
};

struct study_maker {
	struct study_document *document;
	struct study_facts *facts;
	const struct study_wish *wish;
	struct study_section *summary;
	const struct json_value *show;     /* sites, segments, load */
	const struct json_value *lists;    /* of the export: cables, risks, demands ... */
	const struct json_value *features; /* of the export: where things lie */
	const struct json_value *flow;     /* NULL: there are no demands */
	struct study_pair pairs[STUDY_PAIRS_MAX];
	size_t pair_count;
	const char *avoid;       /* countries, with commas; NULL: none of them is crossed */
	const char *avoid_words; /* "Russia and Iran" */
	int year;                /* of the corridor that is looked at */
	/* How sure each answer is: rows of a table at the end. */
	struct study_trust {
		const char *what;
		double estimated;
		struct study_trust *next;
	} * trusts, *last_trust;
};

/* --- study_make.c --- */
/* "Almaty (ALA)" of a site, and its name alone; the id when it has none. */
const char *study_site_name(const struct study_maker *m, const char *id);
/* Codes of a list as names, with commas, at most `most` and then "..."; "" for none. */
const char *study_countries_of(struct study_maker *m, const struct json_value *list, size_t most);
/* "Trans-Caspian TCFO (C01)". */
const char *study_segment_name(const struct study_maker *m, const char *id);
/* "Almaty to Frankfurt". */
const char *study_pair_name(struct study_maker *m, const struct study_pair *pair);
/* A number in a sentence, as study_number; it lives as long as the study. */
const char *study_figure_text(struct study_maker *m, double value, int places);
/* "no segments", "1 segment", "12 segments". */
const char *study_count_text(struct study_maker *m, size_t count, const char *noun);
/* "none", or the number. */
const char *study_none_text(struct study_maker *m, double count);
/* What fails, as it is called: kind is "segment", "cable", "risk", "country", or "cause", which is a risk
 * or a country. */
const char *study_failing_name(struct study_maker *m, const char *kind, const char *id);
/* "122 (98 to 146)"; only the number when there is no range. */
const char *study_range_text(struct study_maker *m, struct study_bounds bounds, int places);
/* "13.6 Tbit/s". */
const char *study_rate_text(struct study_maker *m, double gbps);
/* "$50.8 million". */
const char *study_money_text(struct study_maker *m, double usd);
/* Says that there is no answer: as the corridor refused it, or else `otherwise`, a reason without its full stop. */
void study_missing(struct study_maker *m, struct study_section *section, const char *what,
		   const char *otherwise);
/* An answer rests on estimates by that share, 0 to 1; NAN: not known. */
void study_trust_add(struct study_maker *m, const char *what, double estimated);
void study_cell_bounds(struct study_table *table, struct study_bounds bounds, double scale);

/* How often years by chance are drawn for so many demands on so many segments: 10 to 100 times. */
unsigned study_chance_draws(size_t demands, size_t segments);

/* --- chapters --- */
void study_chapter_corridor(struct study_maker *m);    /* study_corridor.c */
void study_chapter_demand(struct study_maker *m);      /* study_demand.c */
void study_chapter_ways(struct study_maker *m);        /* study_ways.c */
void study_chapter_planned(struct study_maker *m);     /* study_planned.c */
void study_chapter_apart(struct study_maker *m);       /* study_apart.c */
void study_chapter_failures(struct study_maker *m);    /* study_failures.c */
void study_chapter_incidents(struct study_maker *m);   /* study_failures.c */
void study_chapter_chance(struct study_maker *m);      /* study_chance.c */
void study_chapter_proof(struct study_maker *m);       /* study_proof.c */
void study_chapter_optics(struct study_maker *m);      /* study_optics.c */
void study_chapter_capacity(struct study_maker *m);    /* study_capacity.c */
void study_chapter_money(struct study_maker *m);       /* study_money.c */
void study_chapter_target(struct study_maker *m);      /* study_money.c */
void study_chapter_content(struct study_maker *m);     /* study_content.c */
void study_chapter_next(struct study_maker *m);        /* study_next.c */
void study_chapter_sensitivity(struct study_maker *m); /* study_next.c */
void study_chapter_reach(struct study_maker *m);       /* study_reach.c */
void study_chapter_trust(struct study_maker *m);       /* study_assumptions.c */
void study_chapter_values(struct study_maker *m);      /* study_assumptions.c */
void study_chapter_method(struct study_maker *m);      /* study_method.c */
void study_chapter_glossary(struct study_maker *m);    /* study_method.c */
void study_chapter_commands(struct study_maker *m);    /* study_assumptions.c */

/* --- study_map.c --- */
/* Segments in use, those planned dashed, by load when it is known. NULL: no place of any site is known. */
struct study_scene *study_map(struct study_maker *m);
/* --- study_reach_map.c --- */
/* What `plan`, a GeoJSON, builds in each of `years`. NULL: nothing. */
struct study_scene *study_reach_map(struct study_maker *m, const struct json_value *plan,
				    const struct json_value *years);

/* --- study_chart.c --- */
struct study_bar {
	const char *label;
	struct study_bounds value;
	int32_t colour;
};
/* Bars from the left, with their ranges as whiskers. */
struct study_scene *study_bars(struct study_document *document, const struct study_bar *bars,
			       size_t count, const char *unit);
struct study_swing {
	const char *label;
	double told, at_low, at_high;
};
/* How far each assumption moves a number from what it is as told. */
struct study_scene *study_tornado(struct study_document *document, const struct study_swing *swings,
				  size_t count, const char *unit);
struct study_line {
	const char *label;
	const double *values; /* NAN: none */
	int32_t colour;
	double dash;
};
/* What curves stand over: a value for each of the line's, rising. */
struct study_span {
	const double *at;
	size_t count;
	bool years; /* each is written below; else there are steps, in percent */
};
/* Curves over it. */
struct study_scene *study_curves(struct study_document *document, const struct study_span *span,
				 const struct study_line *lines, size_t line_count,
				 const char *unit);
