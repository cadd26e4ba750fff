/* A network of optical elements, one direction at a time: transceivers, ROADMs, fibres, amplifiers,
 * in the form that GNPy has them.
 *
 *   transceiver ─► ROADM ─► amplifier ─► fibre ─► amplifier ─► fibre ─► ... ─► ROADM ─► transceiver
 *
 * Elements are numbers. Each has elements before and after it; fibres and amplifiers one of each.
 */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "corridor/corridor_names.h"
#include "corridor/corridor_optics_equipment.h"

enum corridor_element_kind {
	CORRIDOR_TRANSCEIVER,
	CORRIDOR_ROADM,
	CORRIDOR_FUSED, /* a joint that loses a little */
	CORRIDOR_FIBRE,
	CORRIDOR_AMPLIFIER, /* of one band, or of several side by side */
};

enum {
	CORRIDOR_ELEMENTS_MAX = 1 << 17,
	CORRIDOR_NONE = UINT32_MAX,
};

/* A loss at a point of a fibre. */
struct corridor_lump {
	double at_km, loss_db;
};

/* How an amplifier is set. NAN: the design decides. */
struct corridor_setting {
	const struct corridor_amplifier *kind; /* NULL: the design decides */
	double gain_db;                        /* as the file has it */
	double power_db; /* above the reference, into the span behind it, as the file has it */
	double out_voa_db, in_voa_db, tilt_db;
	/* As designed: */
	double designed_gain_db, designed_power_db;
};

/* What a ROADM lets out toward one neighbour. */
struct corridor_degree {
	const char *to;
	enum corridor_target target;
	double value;
};

struct corridor_through {
	const char *from, *to;
	double impairment; /* an id of the kind's */
};

struct corridor_roadm {
	struct corridor_roadm_kind kind; /* with what this one has of its own */
	struct corridor_degree *degrees;
	size_t degree_count;
	struct corridor_through *through;
	size_t through_count;
};

struct corridor_glass_fibre {
	struct corridor_fibre fibre;
	double length_km;
	double connector_in_db, connector_out_db; /* NAN: the design decides */
	double padding_db;
	struct corridor_lump *lumps;
	size_t lump_count;
};

struct corridor_tie {
	uint32_t element;
	struct corridor_tie *next;
};

struct corridor_element {
	const char *uid;
	enum corridor_element_kind kind;
	const char *variety; /* NULL: none */
	bool gone;           /* taken out by the design */
	bool added;          /* by the design */
	const char *city, *region;
	double latitude, longitude; /* NAN: not known */
	struct corridor_glass_fibre fibre;
	double loss_db; /* of a joint */
	struct corridor_roadm roadm;
	bool bands; /* the file has it as an amplifier of several bands */
	struct corridor_setting settings[CORRIDOR_BANDS_MAX];
	size_t setting_count;
	const char **varieties; /* amplifiers that may stand here; none: any */
	size_t variety_count;
	struct corridor_tie *after, *before;
	const struct json_value *source; /* as read; NULL if added */
};

struct corridor_network {
	struct arena *arena; /* not owned: all of it lives there */
	const char *name;
	struct corridor_element *elements;
	size_t count, room;
	const struct json_value *source;
};

/* All -1 are for want of memory. */
int corridor_network_tie(struct corridor_network *network, uint32_t from, uint32_t to);
void corridor_network_untie(struct corridor_network *network, uint32_t from, uint32_t to);
/* A further element, all unknown, tied to nothing: its number in *out; the elements may move. `uid`
 * stays the caller's. */
int corridor_network_add(struct corridor_network *network, uint32_t *out, const char *uid,
			 enum corridor_element_kind kind);
/* CORRIDOR_NONE when there is none of that name. */
uint32_t corridor_network_find(const struct corridor_network *network, const char *uid);
/* The first after and before; CORRIDOR_NONE at the end of a line. */
uint32_t corridor_network_after(const struct corridor_network *network, uint32_t element);
uint32_t corridor_network_before(const struct corridor_network *network, uint32_t element);

/* Loss of an element that does not amplify, dB, at the fibre's reference; 0 of others. */
double corridor_element_loss_db(const struct corridor_element *element);

/* The shortest way by length of fibre, both ends in it: *way from the network's arena. 0, or -1 and
 * the complaint: there is none, or no memory. */
int corridor_network_way(const struct corridor_network *network, uint32_t from, uint32_t to,
			 uint32_t **way, size_t *count, struct corridor_complaint *complaint);
