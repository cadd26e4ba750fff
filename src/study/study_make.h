/* Making the study of a corridor out of the answers of its commands. */
#pragma once

#include "study/study_document.h"
#include "study/study_facts.h"

enum { STUDY_PAIRS_MAX = 12 };

/* What is wanted. Texts belong to the caller; NULL and 0 mean what stands in brackets. */
struct study_wish {
	const char *title;                     /* ("Study of the corridor") */
	const char *hub;                       /* whose it is: its name */
	const char *origin;                    /* "hub file examples/silkroad.yaml" */
	const char *version;                   /* of the program */
	struct utc_s today;                    /* on the title page */
	const char *date;                      /* of the corridor, "2030" (today) */
	const char *pairs[STUDY_PAIRS_MAX][2]; /* of sites (those with the largest demands) */
	size_t pair_count;
	const char *avoid;  /* countries (those that demands avoid; else RU,IR) */
	const char *target; /* revenue a year, "200-400" MUSD */
	unsigned years;     /* that are looked ahead (10) */
	/* Land for maps: a TopoJSON; may be NULL. */
	const char *land;
	size_t land_length;
	/* The plan of `corridor reach` as JSON; NULL: there is none, for the reason below. */
	const struct json_value *reach;
	const char *no_reach;
	const struct json_value *reach_plan;     /* the same as GeoJSON, for its map; may be NULL */
	const struct json_value *reach_existing; /* what it starts from, likewise */
	bool running; /* the hub runs: its other rooms can be asked, too */
};

/* The study lives in `facts->arena`, as the answers do. NULL and the complaint: a pair names no
 * sites, no corridor at all, no memory. */
struct study_document *study_make(struct study_facts *facts, const struct study_wish *wish,
				  char complaint[STUDY_COMPLAINT]);
