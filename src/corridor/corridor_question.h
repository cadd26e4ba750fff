/* A question to the corridor: from where, to where, under which conditions. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "corridor/corridor_graph.h"
#include "corridor/corridor_names.h"
#include "hub/hub.h"

enum { CORRIDOR_LIST_MAX = 256 };

struct corridor_question {
	uint32_t from, to; /* sites */
	unsigned k;        /* ways wanted */
	size_t avoid_count, cut_count, group_count, build_count;
	struct country avoid[CORRIDOR_LIST_MAX];
	uint32_t cut[CORRIDOR_LIST_MAX];       /* segments to do without */
	const char *groups[CORRIDOR_LIST_MAX]; /* shared risk link groups to do without; the hub's
						* strings */
	uint32_t build[CORRIDOR_LIST_MAX]; /* segments that are not in use, taken as if they were */
};

/* Reads "A B [--avoid RU,IR] [--without SEGMENT|GROUP,...] [--with SEGMENT,...] [--k N]". Options
 * may stand anywhere, be repeated, and be written --option=value. 0, or -1 and the complaint. */
int corridor_question_parse(struct corridor_question *out, const struct hub *hub,
			    const char *const *words, size_t count,
			    struct corridor_complaint *complaint);

/* A site at which no segment ends, whatever its status, is no place to start from or to reach (an
 * exchange, say, that stands in a city of its own). 0, or -1 and a complaint that names the nearest
 * site that has one. */
int corridor_question_check(const struct corridor_question *question, const struct hub *hub,
			    const struct corridor_graph *graph,
			    struct corridor_complaint *complaint);

/* What each segment costs under the question's conditions: its length when it is in use (or to be
 * taken as if it were), crosses no country to avoid and is neither cut nor in a group that is;
 * otherwise CORRIDOR_CLOSED. `cost` has room for hub->segment_count. */
void corridor_question_costs(const struct corridor_question *question, const struct hub *hub,
			     uint64_t *cost);
