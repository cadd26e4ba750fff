/* A picture as a list of shapes, so that a map or a chart is made once and drawn twice: as SVG
 * (study_svg.h) and on paper (paper/paper_scene.h). Lengths are pixels from the upper left corner;
 * the picture is scaled to where it stands. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct study_document;

enum study_shape_kind { STUDY_PATH, STUDY_CIRCLE, STUDY_BOX, STUDY_WORDS };
enum study_anchor { STUDY_START, STUDY_MIDDLE, STUDY_END };
enum { STUDY_NO_COLOUR = -1 };

/* Colours, as 0xrrggbb: apart for those who do not tell red from green, and in grey on paper. */
enum study_colour {
	STUDY_INK = 0x17212b,
	STUDY_SOFT = 0x5b6977,
	STUDY_HAIR = 0xdde3e9,
	STUDY_SEA = 0xf4f8fb,
	STUDY_LAND = 0xe3e1d8,
	STUDY_WHITE = 0xffffff,
	STUDY_BLUE = 0x1d5fa8,
	STUDY_TEAL = 0x0f766e,
	STUDY_AMBER = 0xd98a00,
	STUDY_RED = 0xb3261e,
	STUDY_GREY = 0x8a97a3,
	STUDY_PALE = 0xa9c4e2,
};

struct study_shape {
	enum study_shape_kind kind;
	const char *path; /* M, L and Z with absolute coordinates, as in SVG */
	const char *text;
	double x, y, width, height; /* a box; x, y: the middle of a circle, the foot of words */
	double radius, size;        /* of a circle; of the letters */
	int32_t fill, stroke;       /* colours, or STUDY_NO_COLOUR */
	double line, dash, opacity; /* opacity 0: 1 */
	enum study_anchor anchor;
	bool bold;
	const char *title; /* told when pointed at, or NULL */
	struct study_shape *next;
};

struct study_scene {
	double width, height;
	struct study_shape *shapes, *last;
	struct study_document *document;
};

/* NULL: no memory. Shapes added to NULL are left out. */
struct study_scene *study_scene_new(struct study_document *document, double width, double height);
/* Adds a copy, drawn above those before; NULL: no memory. */
struct study_shape *study_scene_add(struct study_scene *scene, const struct study_shape *shape);
void study_scene_line(struct study_scene *scene, const double ends[4], int32_t colour, double line);
void study_scene_words(struct study_scene *scene, const double at[2], double size,
		       enum study_anchor anchor, const char *text);
void study_scene_box(struct study_scene *scene, const double box[4], int32_t fill,
		     const char *title);
