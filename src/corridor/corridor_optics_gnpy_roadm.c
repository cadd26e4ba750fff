/* ROADMs as GNPy's files describe them: what they let out, and what the ways through them do. */
#include <math.h>
#include <string.h>

#include "corridor/corridor_optics_gnpy_parts.h"

const char *const corridor_gnpy_roadm_keys[] = {"type_variety",
						"target_pch_out_db",
						"target_psd_out_mWperGHz",
						"target_out_mWperSlotWidth",
						"add_drop_osnr",
						"pmd",
						"pdl",
						"restrictions",
						"roadm-path-impairments",
						"roadm_path_impairments",
						"per_degree_pch_out_db",
						"per_degree_psd_out_mWperGHz",
						"per_degree_psd_out_mWperSlotWidth",
						"per_degree_impairments",
						NULL};

static const struct {
	const char *key, *degree_key;
	enum corridor_target target;
	struct corridor_gnpy_range range;
} targets[] = {
	{"target_pch_out_db", "per_degree_pch_out_db", CORRIDOR_TARGET_CHANNEL_DBM, {-60, 30}},
	{"target_psd_out_mWperGHz",
	 "per_degree_psd_out_mWperGHz",
	 CORRIDOR_TARGET_MW_PER_GHZ,
	 {1e-9, 10}},
	{"target_out_mWperSlotWidth",
	 "per_degree_psd_out_mWperSlotWidth",
	 CORRIDOR_TARGET_MW_PER_SLOT_GHZ,
	 {1e-9, 10}},
};

enum { TARGETS = sizeof(targets) / sizeof(targets[0]) };

static void
take_target(struct corridor_gnpy_reader *r, struct corridor_roadm_kind *kind,
	    const struct json_value *object)
{
	size_t given = 0;
	for (size_t i = 0; i < TARGETS; i++) {
		if (!corridor_gnpy_has(object, targets[i].key))
			continue;
		kind->target = targets[i].target;
		kind->value = corridor_gnpy_need(r, object, targets[i].key, targets[i].range);
		given++;
	}
	if (given > 1)
		corridor_gnpy_fail(r, "more than one way of saying the power that it lets out");
}

/* One band of a way through. */
static void
take_band(struct corridor_gnpy_reader *r, struct corridor_impairment *out,
	  const struct json_value *band)
{
	static const char *const known[] = {"frequency-range",
					    "roadm-pmd",
					    "roadm-cd",
					    "roadm-pdl",
					    "roadm-osnr",
					    "roadm-maxloss",
					    "minloss",
					    "typloss",
					    "pmin",
					    "ptyp",
					    "roadm-pmax",
					    "roadm-noise-figure",
					    "roadm-inband-crosstalk",
					    NULL};
	const struct json_value *range = json_read_get(band, "frequency-range");
	const struct corridor_gnpy_range hertz = {100e12, 300e12}, db = {0, 200};
	corridor_gnpy_unknown(r, band, known);
	out->low_hz = corridor_gnpy_number(r, range, "lower-frequency", NAN, hertz);
	out->high_hz = corridor_gnpy_number(r, range, "upper-frequency", NAN, hertz);
	out->pmd_ps = 1e12 * corridor_gnpy_number(r, band, "roadm-pmd", 0,
						  (struct corridor_gnpy_range){0, 1e-9});
	out->pdl_db = corridor_gnpy_number(r, band, "roadm-pdl", 0, db);
	out->loss_max_db = corridor_gnpy_number(r, band, "roadm-maxloss", 0, db);
	out->osnr_db = corridor_gnpy_number(r, band, "roadm-osnr", NAN, db);
}

static void
take_way(struct corridor_gnpy_reader *r, struct corridor_impairments *out,
	 const struct json_value *entry)
{
	static const char *const ways[] = {"roadm-express-path", "roadm-add-path",
					   "roadm-drop-path"};
	static const enum corridor_way_through kinds[] = {CORRIDOR_EXPRESS, CORRIDOR_ADD,
							  CORRIDOR_DROP};
	out->id = corridor_gnpy_need(r, entry, "roadm-path-impairments-id",
				     (struct corridor_gnpy_range){-1e9, 1e9});
	for (size_t w = 0; w < 3; w++) {
		const struct json_value *bands = json_read_get(entry, ways[w]);
		if (json_read_is_null(bands))
			continue;
		out->way = kinds[w];
		out->bands =
			corridor_gnpy_take(r, corridor_gnpy_length(bands) * sizeof(*out->bands));
		for (const struct json_value *b = json_read_first(bands); b && !r->failed;
		     b = b->next)
			take_band(r, &out->bands[out->count++], b);
		return;
	}
	corridor_gnpy_fail(r, "roadm-path-impairments: expected an express, add or drop path");
}

static void
take_impairments(struct corridor_gnpy_reader *r, struct corridor_roadm_kind *kind,
		 const struct json_value *object)
{
	const struct json_value *list = json_read_get(object, "roadm-path-impairments");
	if (corridor_gnpy_length(list) == 0)
		return;
	kind->impairment_count = 0;
	kind->impairments =
		corridor_gnpy_take(r, corridor_gnpy_length(list) * sizeof(*kind->impairments));
	for (const struct json_value *v = list->first; v && !r->failed; v = v->next)
		take_way(r, &kind->impairments[kind->impairment_count++], v);
}

void
corridor_gnpy_roadm(struct corridor_gnpy_reader *r, struct corridor_roadm_kind *kind,
		    const struct json_value *object)
{
	const struct json_value *restrictions = json_read_get(object, "restrictions");
	const struct corridor_gnpy_range db = {0, 200};
	take_target(r, kind, object);
	kind->add_drop_osnr_db =
		corridor_gnpy_number(r, object, "add_drop_osnr", kind->add_drop_osnr_db, db);
	kind->pmd_ps = 1e12 * corridor_gnpy_number(r, object, "pmd", kind->pmd_ps * 1e-12,
						   (struct corridor_gnpy_range){0, 1e-9});
	kind->pdl_db = corridor_gnpy_number(r, object, "pdl", kind->pdl_db, db);
	if (!json_read_is_null(restrictions)) {
		kind->preamp_count =
			corridor_gnpy_words(r, restrictions, "preamp_variety_list", &kind->preamps);
		kind->booster_count = corridor_gnpy_words(r, restrictions, "booster_variety_list",
							  &kind->boosters);
	}
	take_impairments(r, kind, object);
}

static bool
has_impairment(const struct corridor_roadm_kind *kind, double id)
{
	for (size_t i = 0; i < kind->impairment_count; i++)
		if (kind->impairments[i].id == id)
			return true;
	return false;
}

void
corridor_gnpy_degrees(struct corridor_gnpy_reader *r, struct corridor_roadm *roadm,
		      const struct corridor_equipment *equipment, const struct json_value *params)
{
	size_t count = 0;
	for (size_t i = 0; i < TARGETS; i++)
		for (const struct json_value *v =
			     json_read_first(json_read_get(params, targets[i].degree_key));
		     v; v = v->next)
			count++;
	roadm->degrees = corridor_gnpy_take(r, count * sizeof(*roadm->degrees));
	for (size_t i = 0; i < TARGETS; i++) {
		const struct json_value *map = json_read_get(params, targets[i].degree_key);
		if (!json_read_is_null(map) && map->type != JSON_OBJECT)
			corridor_gnpy_fail(r, "%s: expected powers by neighbour",
					   targets[i].degree_key);
		for (const struct json_value *v = json_read_first(map); v && !r->failed;
		     v = v->next)
			roadm->degrees[roadm->degree_count++] = (struct corridor_degree){
				v->key, targets[i].target,
				corridor_gnpy_need(r, map, v->key, targets[i].range)};
	}
	const struct json_value *list = json_read_get(params, "per_degree_impairments");
	roadm->through =
		corridor_gnpy_take(r, corridor_gnpy_length(list) * sizeof(*roadm->through));
	for (const struct json_value *v = json_read_first(list); v && !r->failed; v = v->next) {
		struct corridor_through *t = &roadm->through[roadm->through_count++];
		t->from = corridor_gnpy_word(r, v, "from_degree");
		t->to = corridor_gnpy_word(r, v, "to_degree");
		t->impairment = corridor_gnpy_need(r, v, "impairment_id",
						   (struct corridor_gnpy_range){-1e9, 1e9});
		if (!t->from || !t->to)
			corridor_gnpy_fail(r, "per_degree_impairments: from_degree or to_degree is "
					      "missing");
		/* Without equipment nobody knows which there are. */
		else if (equipment && !has_impairment(&roadm->kind, t->impairment))
			corridor_gnpy_fail(r,
					   "per_degree_impairments: impairment_id: found %g, which "
					   "is none of its roadm-path-impairments",
					   t->impairment);
	}
}
