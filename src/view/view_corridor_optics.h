/* The parts of what is said of optics; used by view_corridor_optics*.c only. */
#pragma once

#include "corridor/corridor_optics_section.h"
#include "view/view_corridor_parts.h"

/* A question about optics, and what it is answered with. */
struct view_optics {
	const struct view_corridor *view;
	struct corridor_complaint *complaint;
	struct arena *arena;
	struct corridor_kit *kit;
	const struct hub_optics_mode *modes; /* all, or the one that was asked for */
	size_t mode_count, mode_first;       /* its place among the kit's */
	const char *mode;
	enum corridor_model model;
	bool channels;
	size_t place_count;
	const char *places[2]; /* a segment, or two sites */
	struct corridor_terms terms;
};

/* One segment, lit with all modes. */
struct view_lit {
	uint32_t segment;
	struct corridor_built built; /* to be ended */
	struct corridor_lit *lit;    /* of the modes asked for */
	size_t best;                 /* mode_count: none works */
	struct corridor_claim claim;
};

int view_lit_of(struct view_lit *out, const struct view_optics *o, uint32_t segment);

/* What is told of the segment's capacity; NAN: nothing. */
double view_told_tbps(const struct hub_segment *segment);

/* "label       text", wrapped. */
void view_optics_field(struct buf *out, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* --- view_corridor_optics_path.c --- */
int view_optics_path(struct buf *out, const struct view_optics *o, enum view_corridor_form form);
