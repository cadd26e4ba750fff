/* What machines tell of segments: interfaces asked by SNMP, BFD, or a program of the operator's. Each source says up
 * or down, again and again; a word that has held for a while is believed, and what is believed of all sources
 * of a segment is a verdict.
 *
 *   words ──► corridor_sense_hear ──► corridor_sense_turn ──► verdict and share of each segment
 *
 * Interfaces are parts of a segment: it is down when all are, and has less room when some are. A BFD session crosses it
 * whole: it is down when all of them are. Silence says nothing: it cuts nothing, and ends no cut. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/hub.h"

enum corridor_word { CORRIDOR_SAYS_NOTHING, CORRIDOR_SAYS_UP, CORRIDOR_SAYS_DOWN };

struct corridor_source_state {
	enum corridor_word said;     /* the last word */
	enum corridor_word believed; /* the last that held for long enough */
	int64_t since_ms;            /* it says so without a break */
	int64_t heard_ms;            /* the last time, if it ever said anything */
};

struct corridor_sense;

/* Sources are those of the hub, which outlives it; nothing has been heard. NULL without memory. */
struct corridor_sense *corridor_sense_new(const struct hub *hub);
void corridor_sense_free(struct corridor_sense *sense);
/* What `from`, of an earlier picture whose hub is still there, has heard of sources that are the same. */
void corridor_sense_adopt(struct corridor_sense *sense, const struct corridor_sense *from);

/* The index of a source, HUB_NONE. */
uint32_t corridor_sense_find(const struct corridor_sense *sense, const char *id);
/* Times are milliseconds of any clock that does not go back. */
void corridor_sense_hear(struct corridor_sense *sense, uint32_t source, enum corridor_word word,
			 int64_t now_ms);
/* Believes what has held for long enough. True if something is believed that was not. */
bool corridor_sense_turn(struct corridor_sense *sense, int64_t now_ms);

const struct corridor_source_state *corridor_sense_source(const struct corridor_sense *sense,
							  uint32_t source);
bool corridor_sense_is_silent(const struct corridor_sense *sense, uint32_t source, int64_t now_ms);

struct corridor_verdict {
	/* SAYS_DOWN: it is cut; SAYS_UP: it is not; SAYS_NOTHING: nobody knows, or not all of it. */
	enum corridor_word word;
	uint32_t share_percent; /* of its capacity, that is not known to be down: 0 to 100 */
	uint32_t sources, down; /* believed to be */
	uint32_t first_down;    /* the first of these; HUB_NONE */
};
struct corridor_verdict corridor_sense_verdict(const struct corridor_sense *sense,
					       uint32_t segment);

/* "snmp", "bfd", "told": how a source knows. */
const char *corridor_source_kind(const struct hub_segment_source *source);
/* "up", "down", "nothing" */
const char *corridor_word_text(enum corridor_word word);
/* -1: it is none of these. */
int corridor_word_parse(const char *text);
