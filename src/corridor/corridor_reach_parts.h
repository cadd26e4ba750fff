/* The parts of reading the files of a reach plan; used by its files only. */
#pragma once

#include "corridor/corridor_reach_read.h"
#include "hub/hub_node.h"
#include "hub/hub_report.h"

/* What a record may say, in either format. */
enum corridor_reach_item {
	REACH_ID,
	REACH_NAME,
	REACH_KIND,
	REACH_TRAFFIC,
	REACH_ON_FIBRE,
	REACH_OPERATOR,
	REACH_WEIGHT,
	REACH_TERRAIN,
	REACH_CONFIDENCE,
	REACH_LINE,
	REACH_TEXTS,
	/* Columns of CSV only, with their other names behind them. */
	REACH_LATITUDE = REACH_TEXTS,
	REACH_LONGITUDE = REACH_LATITUDE + 2,
};

struct corridor_reach_record {
	const char *text[REACH_TEXTS]; /* NULL: not said */
	double latitude, longitude;    /* NAN: not said */
};

struct corridor_reach_reader {
	struct corridor_reach_input *input;
	struct hub_report *report;
	struct hub_mark mark; /* of the record */
	struct arena *scratch;
	bool geojson;
	size_t feature;                 /* of GeoJSON, from 1 */
	size_t room;                    /* records that there is room for */
	double *latitudes, *longitudes; /* where the next points of lines go */
	const char *line;               /* the name of the line that is being read */
	size_t lines;                   /* of GeoJSON, so far: they have numbers for names */
};

typedef void corridor_reach_take(struct corridor_reach_reader *r,
				 const struct corridor_reach_record *record);

/* --- corridor_reach_read.c --- */
bool corridor_reach_number(double *out, const char *text);
/* Whether it is on the globe; complains if not. */
bool corridor_reach_position(struct corridor_reach_reader *r, double latitude, double longitude);
bool corridor_reach_room(struct corridor_reach_reader *r, size_t count, bool towers);
corridor_reach_take corridor_reach_take_tower, corridor_reach_take_point;
/* "traffic_mbps". */
const char *corridor_reach_key(enum corridor_reach_item item);

/* --- corridor_reach_geojson.c --- */
void corridor_reach_read_geojson(struct corridor_reach_reader *r, const struct buf *bytes,
				 bool towers);

/* --- corridor_reach_look.c --- */
/* A complaint about the record that is being read. */
void corridor_reach_say(struct corridor_reach_reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* What only shows when all towers are known: ids that stand twice (a complaint), coordinates that
 * must be exchanged (a note; the tower is then taken as without). */
int corridor_reach_look(struct corridor_reach_input *input, struct hub_report *report,
			const char *file);
