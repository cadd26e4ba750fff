/* The rules between items of optics. */
#include <math.h>
#include <string.h>

#include "hub/hub_check.h"
#include "hub/hub_read.h"

void
hub_fill_optics_fibre(struct hub_reader *r, void *element, const struct hub_node *map)
{
	(void)r;
	(void)map;
	hub_fill_basis(&((struct hub_optics_fibre *)element)->basis, NULL, NULL);
}

void
hub_fill_optics_amplifier(struct hub_reader *r, void *element, const struct hub_node *map)
{
	(void)r;
	(void)map;
	hub_fill_basis(&((struct hub_optics_amplifier *)element)->basis, NULL, NULL);
}

void
hub_fill_optics_mode(struct hub_reader *r, void *element, const struct hub_node *map)
{
	(void)r;
	(void)map;
	hub_fill_basis(&((struct hub_optics_mode *)element)->basis, NULL, NULL);
}

void
hub_fill_optics_medium(struct hub_reader *r, void *element, const struct hub_node *map)
{
	(void)r;
	(void)map;
	hub_fill_basis(&((struct hub_optics_medium *)element)->basis, NULL, NULL);
}

void
hub_fill_optics_line(struct hub_reader *r, void *element, const struct hub_node *map)
{
	(void)r;
	(void)map;
	hub_fill_basis(&((struct hub_optics_line *)element)->basis, NULL, NULL);
}

static void
want(struct hub_reader *r, const struct hub_node *map, const char *key, bool there, const char *why)
{
	if (!there)
		hub_complain(r->report, hub_reader_mark(map, key), "%s: expected %s", key, why);
}

void
hub_check_optics_fibre(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_optics_fibre *f = element;
	want(r, map, "loss_db_km", f->loss_db_km >= 0.01, "0.01 or more");
	want(r, map, "dispersion_ps_nm_km", fabs(f->dispersion_ps_nm_km) >= 0.1,
	     "0.1 or more, or -0.1 or less: without dispersion channels mix otherwise");
}

void
hub_check_optics_amplifier(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_optics_amplifier *a = element;
	want(r, map, "gain_max_db", a->gain_max_db > a->gain_min_db, "more than gain_min_db");
	if (a->model == HUB_AMPLIFIER_FIXED)
		want(r, map, "noise_db", !isnan(a->noise_db), "a noise figure, as model is fixed");
	if (a->model == HUB_AMPLIFIER_OPENROADM)
		want(r, map, "coefficients", a->coefficient_count > 0,
		     "a polynomial, as model is openroadm");
	if (a->model != HUB_AMPLIFIER_TWO_STAGE)
		return;
	want(r, map, "noise_min_db", !isnan(a->noise_min_db), "a noise figure at the highest gain");
	want(r, map, "noise_max_db", a->noise_max_db > a->noise_min_db,
	     "a noise figure at the lowest gain, more than noise_min_db");
}

void
hub_check_optics_mode(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_optics_mode *m = element;
	want(r, map, "rate_gbps", m->rate_gbps > 0, "more than 0");
	want(r, map, "spacing_ghz", m->spacing_ghz >= m->baud_gbd, "at least baud_gbd");
}

/* What is named has to be there: in this file, or among what is usual. */
static void
check_names(struct hub_reader *r, const struct hub_node *map, const char *fibre,
	    const char *amplifier)
{
	const struct hub_optics *optics = &r->hub->optics;
	if (fibre && !hub_optics_fibre_find(optics, fibre))
		hub_complain(r->report, hub_reader_mark(map, "fibre"),
			     "fibre: found \"%s\", which is no fibre of optics",
			     hub_show(fibre).text);
	if (amplifier && !hub_optics_amplifier_find(optics, amplifier))
		hub_complain(r->report, hub_reader_mark(map, "amplifier"),
			     "amplifier: found \"%s\", which is no amplifier of optics",
			     hub_show(amplifier).text);
}

void
hub_check_optics_medium(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_optics_medium *m = element;
	check_names(r, map, m->fibre, m->amplifier);
}

void
hub_check_optics_span(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_optics_span *s = element;
	want(r, map, "km", s->km > 0, "more than 0");
	want(r, map, "loss_db_km", isnan(s->loss_db_km) || s->loss_db_km >= 0.01, "0.01 or more");
	check_names(r, map, s->fibre, s->amplifier);
}

void
hub_check_optics_line(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_optics_line *l = element;
	const struct hub_segment *s = &r->hub->segments[l->segment];
	double km = 0;
	for (size_t i = 0; i < l->span_count; i++)
		km += l->spans[i].km;
	want(r, map, "spans", l->span_count > 0, "at least one");
	if (l->span_count && fabs(km - s->length_km) > 0.02 * s->length_km)
		hub_warn(r->report, hub_reader_mark(map, "spans"),
			 "spans: they are %.1f km long together, the segment %s is %.1f", km, s->id,
			 s->length_km);
	for (const struct hub_optics_line *o = r->hub->optics.lines; o && o < l; o++)
		if (o->segment == l->segment)
			hub_complain(r->report, hub_reader_mark(map, "segment"),
				     "segment: %s has a line already", s->id);
}

void
hub_check_optics(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_optics *o = element;
	want(r, map, "band_high_thz", o->high_thz > o->low_thz + 0.1,
	     "at least 0.1 more than band_low_thz");
}
