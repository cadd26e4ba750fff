/* What becomes of light on a line that GNPy's files describe. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "corridor/corridor_optics_kerr.h"
#include "view/view_corridor.h"

/* A file's text; NULL: none. It lives as long as the answer is made. */
struct view_line_text {
	const char *text;
	size_t length;
};

/* The words after "corridor line", understood. They stay the caller's. */
struct view_line_question {
	const char *network; /* a path */
	const char *equipment,
		*spectrum;     /* paths; NULL: eqpt_config.json beside it; the equipment's */
	const char *from, *to; /* transceivers; NULL: the first and the last */
	const char *mode;      /* "TRANSCEIVER:MODE" of the equipment; NULL: as it says */
	double power_dbm;      /* NAN: as the equipment says */
	enum corridor_model model;
	bool channels; /* each by itself */
};

int view_line_parse(struct view_line_question *out, const char *const *words, size_t count,
		    struct corridor_complaint *complaint);

/* The files, and how others are had that the equipment names. */
struct view_line_files {
	struct view_line_text network, equipment, spectrum;
	const char *(*file)(void *context, const char *name, size_t *length);
	void *context;
};

/* Appends the answer to *out: text, JSON, or as CSV a row for each channel. 0, or -1 and the
 * complaint. */
int view_line(struct buf *out, enum view_corridor_form form,
	      const struct view_line_question *question, const struct view_line_files *files,
	      struct corridor_complaint *complaint);
