/* What a segment carries: how it is built, with how much light, by which mode. */
#include "view/view_corridor_optics.h"
#include "view/view_corridor_parts.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char usage[] = "corridor optics SEGMENT|A B [--mode ID] [--model gn|ggn|raman] "
			    "[--channels]; between sites "
			    "also " CORRIDOR_TERMS_USAGE;

static const char *const model_words[] = {"gn", "ggn", "raman"};

static int
take_model(struct view_optics *o, const char *value)
{
	for (int i = 0; i < 3; i++)
		if (strcmp(model_words[i], value) == 0) {
			o->model = (enum corridor_model)i;
			return 0;
		}
	corridor_complain(o->complaint, 400, "--model: found \"%.40s\", expected gn, ggn or raman",
			  value);
	return -1;
}

/* One word, with its value if it has one. */
static int
take_word(struct view_optics *o, const char *const *words, size_t count, size_t *at)
{
	const char *value = view_option_value("--model", words, count, at);
	if (value)
		return take_model(o, value);
	if ((value = view_option_value("--mode", words, count, at))) {
		o->mode = value;
		return 0;
	}
	const char *word = words[(*at)++];
	if (strcmp(word, "--channels") == 0) {
		o->channels = true;
	} else if (strncmp(word, "--", 2) == 0 || o->place_count == 2) {
		corridor_complain(o->complaint, 400, "found \"%.40s\"; usage: %s", word, usage);
		return -1;
	} else {
		o->places[o->place_count++] = word;
	}
	return 0;
}

static int
parse(struct view_optics *o, const char *const *words, size_t count)
{
	size_t at = 0;
	o->terms = corridor_terms_of(o->view->plan, o->arena);
	while (at < count) {
		int taken = corridor_terms_take(&o->terms, words, count, &at, o->complaint);
		if (taken < 0 || (taken == 0 && take_word(o, words, count, &at) < 0))
			return -1;
	}
	if (o->place_count)
		return 0;
	corridor_complain(o->complaint, 400, "usage: %s", usage);
	return -1;
}

/* All modes, or the one that is asked for. */
static int
choose_modes(struct view_optics *o)
{
	o->mode_count = corridor_kit_modes(o->kit, &o->modes);
	for (size_t i = 0; o->mode && i < o->mode_count; i++) {
		if (strcmp(o->modes[i].id, o->mode) != 0)
			continue;
		o->mode_first = i;
		o->modes += i;
		o->mode_count = 1;
		return 0;
	}
	if (!o->mode)
		return 0;
	corridor_complain(o->complaint, 404, "--mode: found \"%.40s\", expected one as %s ...",
			  o->mode, o->modes[0].id);
	return -1;
}

double
view_told_tbps(const struct hub_segment *segment)
{
	return !isnan(segment->design_tbps) ? segment->design_tbps : segment->lit_tbps;
}

int
view_lit_of(struct view_lit *out, const struct view_optics *o, uint32_t segment)
{
	const struct hub_optics_mode *all;
	const struct hub_segment *s = &o->view->hub->segments[segment];
	size_t count = corridor_kit_modes(o->kit, &all);
	struct view_lit l = {.segment = segment};
	double told = view_told_tbps(s);
	l.lit = arena_take(o->arena, count * sizeof(*l.lit));
	if (!l.lit || corridor_built_of(&l.built, o->kit, segment, false) < 0) {
		if (l.lit && errno == EINVAL)
			corridor_complain(o->complaint, 404, "%s has no length", s->id);
		else
			corridor_complain(o->complaint, 500, "out of memory");
		return -1;
	}
	if (corridor_light_all(l.lit, o->kit, &l.built, o->model) < 0 ||
	    corridor_claim_of(&l.claim, o->kit, segment, isnan(told) ? 0 : told) < 0) {
		corridor_built_fini(&l.built);
		corridor_complain(o->complaint, 500, "out of memory");
		return -1;
	}
	l.lit += o->mode_first;
	l.best = corridor_lit_best(l.lit, o->mode_count);
	*out = l;
	return 0;
}

void
view_optics_field(struct buf *out, const char *label, const char *format, ...)
{
	char text[500];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	view_field(out, label, text);
}

/* The mode to speak of: the best, else the one that lacks least. */
static const struct corridor_lit *
told_of(const struct view_optics *o, const struct view_lit *l)
{
	size_t at = 0;
	if (l->best < o->mode_count)
		return &l->lit[l->best];
	for (size_t i = 1; i < o->mode_count; i++)
		if (l->lit[i].margin_db > l->lit[at].margin_db)
			at = i;
	return &l->lit[at];
}

static void
modes_text(struct buf *out, const struct view_optics *o, const struct view_lit *l)
{
	buf_str(out, "\nmode         Gbit/s   ch  launch    new   aged  received  needs  spare  "
		     "Tbit/s\n");
	for (size_t i = 0; i < o->mode_count; i++) {
		const struct corridor_lit *m = &l->lit[i];
		view_cell(out, m->mode->id, 12);
		buf_printf(out, "%7.0f%5zu%8.2f%7.2f%7.2f%10.2f%7.1f%7.2f%8.2f\n",
			   m->mode->rate_gbps, m->channels, m->channel_dbm, m->new_db, m->aged_db,
			   m->received_db, m->mode->osnr_db, m->margin_db,
			   m->margin_db >= 0 ? m->tbps : 0);
	}
	buf_str(out, "(dBm a channel; GSNR of the worst channel in dB in 0.1 nm: the line new, at "
		     "the\nend of its life, and received; what is needed, and what is to spare)\n");
}

static void
claim_text(struct buf *out, const struct view_lit *l)
{
	const struct corridor_claim *c = &l->claim;
	if (!(c->told_tbps > 0))
		return;
	view_optics_field(out, "told",
			  "%g Tbit/s: %u pairs with that mode, by physics at least %u%s",
			  c->told_tbps, c->pairs_needed, c->pairs_at_least,
			  c->impossible ? "; more than its pairs can ever carry" : "");
}

static void
reach_text(struct buf *out, const struct view_optics *o, const struct view_lit *l,
	   const struct corridor_lit *mode)
{
	struct corridor_unrepeatered u;
	const struct hub_segment *s = &o->view->hub->segments[l->segment];
	if (corridor_unrepeatered_of(&u, o->kit, l->built.medium, mode->mode) < 0)
		return;
	view_optics_field(out, "at a stretch",
			  "%s gets %.0f km without a repeater, %.0f with an amplifier in the cable "
			  "%.0f km from the end that pumps it (estimates)%s",
			  mode->mode->id, u.km, u.ropa_km, u.ropa_at_km,
			  s->length_km <= u.km        ? ": this segment needs none"
			  : s->length_km <= u.ropa_km ? ": that would do here"
						      : "");
}

static void
channels_text(struct buf *out, const struct corridor_light *light)
{
	buf_str(out, "\n        THz     OSNR      NLI     GSNR  in 0.1 nm\n");
	for (size_t i = 0; i < light->count; i++) {
		double gsnr = corridor_light_gsnr_db(light, i);
		buf_printf(out, "%11.5f %8.2f %8.2f %8.2f %10.2f\n", light->frequency_hz[i] / 1e12,
			   corridor_light_osnr_db(light, i), corridor_light_nli_db(light, i), gsnr,
			   corridor_in_tenth_nm_db(gsnr, light->baud_hz[i]));
	}
}

static void
segment_text(struct buf *out, const struct view_optics *o, const struct view_lit *l,
	     const struct corridor_light *light)
{
	const struct hub_segment *s = &o->view->hub->segments[l->segment];
	const struct corridor_built *b = &l->built;
	const struct corridor_lit *m = told_of(o, l);
	const struct corridor_amplifier *a = b->spans[0].amplifier;
	char km[VIEW_RATE_TEXT];
	view_optics_field(out, "segment", "%s %s, %s km", s->id, s->name ? s->name : "",
			  view_km(km, s->length_km));
	view_optics_field(out, "built",
			  "%zu %s of %.1f km (%s): up to %.2f dB, and %.2f at the end "
			  "of its life",
			  b->count,
			  b->count == 1 ? "span"
			  : b->known    ? "spans, the first"
					: "spans",
			  b->spans[0].span.length_km, b->medium->medium, b->loss_db,
			  b->loss_db + b->ageing_db);
	view_optics_field(out, "amplifiers", "%s: up to %.1f dB and %.1f dBm", a->id,
			  a->gain_max_db, a->power_max_dbm);
	view_optics_field(out, "launch", "%.2f dBm a channel%s; the closed form's best is %.2f dBm",
			  m->channel_dbm, m->limited ? ", all that the amplifiers have" : "",
			  m->closed_dbm);
	if (l->best < o->mode_count)
		view_optics_field(out, "carries",
				  "%.2f Tbit/s a pair each way: %zu channels of %.0f Gbit/s (%s), "
				  "%.2f dB to spare beyond a margin of %.1f",
				  m->tbps, m->channels, m->mode->rate_gbps, m->mode->id,
				  m->margin_db, b->medium->margin_db);
	else
		view_optics_field(out, "carries",
				  "nothing without regeneration: %s lacks %.2f dB, a margin of "
				  "%.1f counted in",
				  m->mode->id, -m->margin_db, b->medium->margin_db);
	if (s->fibre_pairs && l->best < o->mode_count)
		view_optics_field(out, "cable", "%.1f Tbit/s each way over %u pairs",
				  m->tbps * s->fibre_pairs, s->fibre_pairs);
	view_optics_field(out, "physics", "%.1f Tbit/s a pair at most (Shannon, no margin)",
			  l->claim.bound_tbps);
	claim_text(out, l);
	reach_text(out, o, l, m);
	view_optics_field(out, "rests on", "%u facts, %u of them estimates; mode: %s", b->facts,
			  b->estimates,
			  m->mode->basis.source ? m->mode->basis.source : "the hub file");
	modes_text(out, o, l);
	if (light)
		channels_text(out, light);
}

static void
mode_json(struct json *j, const struct corridor_lit *m)
{
	json_object(j, NULL);
	json_str(j, "mode", m->mode->id);
	json_double(j, "rate_gbps", m->mode->rate_gbps);
	json_u64(j, "channels", m->channels);
	json_double(j, "spacing_ghz", m->mode->spacing_ghz);
	json_double(j, "baud_gbd", m->mode->baud_gbd);
	json_double(j, "launch_dbm", m->channel_dbm);
	json_double(j, "closed_form_dbm", m->closed_dbm);
	json_bool(j, "power_limited", m->limited);
	json_double(j, "gsnr_new_db", m->new_db);
	json_double(j, "gsnr_aged_db", m->aged_db);
	json_double(j, "received_db", m->received_db);
	json_double(j, "needs_db", m->mode->osnr_db);
	json_double(j, "margin_db", m->margin_db);
	json_bool(j, "works", m->margin_db >= 0);
	json_double(j, "tbps", m->tbps);
	json_str(j, "source", m->mode->basis.source);
	json_bool(j, "estimated", m->mode->basis.confidence == HUB_ESTIMATED);
	json_object_end(j);
}

static void
built_json(struct json *j, const struct corridor_built *b)
{
	json_object(j, "built");
	json_str(j, "medium", b->medium->medium);
	json_u64(j, "spans", b->count);
	json_bool(j, "known", b->known);
	json_double(j, "span_km", b->spans[0].span.length_km);
	json_double(j, "loss_db", b->loss_db);
	json_double(j, "ageing_db", b->ageing_db);
	json_str(j, "fibre", b->medium->fibre);
	json_str(j, "amplifier", b->spans[0].amplifier->id);
	json_double(j, "margin_db", b->medium->margin_db);
	json_u64(j, "facts", b->facts);
	json_u64(j, "estimates", b->estimates);
	json_object_end(j);
}

static void
channels_json(struct json *j, const struct corridor_light *light)
{
	json_array(j, "spectrum");
	for (size_t i = 0; light && i < light->count; i++) {
		double gsnr = corridor_light_gsnr_db(light, i);
		json_object(j, NULL);
		json_double(j, "frequency_hz", light->frequency_hz[i]);
		json_double(j, "osnr_db", corridor_light_osnr_db(light, i));
		json_double(j, "nli_db", corridor_light_nli_db(light, i));
		json_double(j, "gsnr_db", gsnr);
		json_double(j, "gsnr_01nm_db", corridor_in_tenth_nm_db(gsnr, light->baud_hz[i]));
		json_object_end(j);
	}
	json_array_end(j);
}

static void
segment_json(struct buf *out, const struct view_optics *o, const struct view_lit *l,
	     const struct corridor_light *light)
{
	const struct hub_segment *s = &o->view->hub->segments[l->segment];
	const struct corridor_claim *c = &l->claim;
	bool works = l->best < o->mode_count;
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "segment", s->id);
	json_str(&j, "name", s->name);
	json_double(&j, "length_km", s->length_km);
	json_str(&j, "model", model_words[o->model]);
	built_json(&j, &l->built);
	json_str(&j, "mode", works ? l->lit[l->best].mode->id : NULL);
	json_double(&j, "pair_tbps", works ? l->lit[l->best].tbps : 0);
	json_double(&j, "cable_tbps",
		    works && s->fibre_pairs ? l->lit[l->best].tbps * s->fibre_pairs : NAN);
	json_double(&j, "margin_db", works ? l->lit[l->best].margin_db : NAN);
	json_double(&j, "bound_tbps", c->bound_tbps);
	json_double(&j, "told_tbps", c->told_tbps > 0 ? c->told_tbps : NAN);
	json_u64(&j, "pairs_needed", c->pairs_needed);
	json_u64(&j, "pairs_at_least", c->pairs_at_least);
	json_bool(&j, "impossible", c->impossible);
	json_array(&j, "modes");
	for (size_t i = 0; i < o->mode_count; i++)
		mode_json(&j, &l->lit[i]);
	json_array_end(&j);
	if (o->channels)
		channels_json(&j, light);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
segment_csv(struct buf *out, const struct view_optics *o, const struct view_lit *l)
{
	buf_str(out, "segment,mode,rate_gbps,channels,launch_dbm,gsnr_new_db,gsnr_aged_db,"
		     "received_db,needs_db,margin_db,works,tbps\r\n");
	for (size_t i = 0; i < o->mode_count; i++) {
		const struct corridor_lit *m = &l->lit[i];
		view_csv_field(out, o->view->hub->segments[l->segment].id);
		buf_str(out, ",");
		view_csv_field(out, m->mode->id);
		buf_printf(out, ",%g,%zu,%.4f,%.4f,%.4f,%.4f,%g,%.4f,%s,%.4f\r\n",
			   m->mode->rate_gbps, m->channels, m->channel_dbm, m->new_db, m->aged_db,
			   m->received_db, m->mode->osnr_db, m->margin_db,
			   m->margin_db >= 0 ? "yes" : "no", m->tbps);
	}
}

static int
answer_segment(struct buf *out, const struct view_optics *o, enum view_corridor_form form)
{
	struct view_lit l;
	struct corridor_light *light = NULL;
	uint32_t segment;
	if (corridor_segment_find(&segment, o->view->hub, o->places[0], o->complaint) < 0 ||
	    view_lit_of(&l, o, segment) < 0)
		return -1;
	struct corridor_lit again;
	int result = 0;
	if (o->channels)
		result = corridor_light_up(&again, o->kit, &l.built, told_of(o, &l)->mode, o->model,
					   &light);
	if (result < 0)
		corridor_complain(o->complaint, 500, "out of memory");
	else if (form == VIEW_CORRIDOR_JSON)
		segment_json(out, o, &l, light);
	else if (form == VIEW_CORRIDOR_CSV)
		segment_csv(out, o, &l);
	else
		segment_text(out, o, &l, light);
	corridor_light_free(light);
	corridor_built_fini(&l.built);
	return result;
}

int
view_corridor_optics(struct buf *out, const struct view_corridor *view,
		     enum view_corridor_form form, const char *const *words, size_t count,
		     struct corridor_complaint *complaint)
{
	struct view_optics o = {.view = view,
				.complaint = complaint,
				.arena = arena_new(),
				.kit = corridor_kit_new(view->hub)};
	int result = -1;
	if (!o.arena || !o.kit)
		corridor_complain(complaint, 500, "out of memory");
	else if (parse(&o, words, count) == 0 && choose_modes(&o) == 0)
		result = o.place_count == 1 ? answer_segment(out, &o, form)
					    : view_optics_path(out, &o, form);
	corridor_kit_free(o.kit);
	arena_free(o.arena);
	return result;
}
