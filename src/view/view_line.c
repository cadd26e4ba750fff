/* Light on a line of GNPy's files: read, designed, sent through, and told. */
#include "view/view_line.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_optics_pass.h"
#include "view/view_corridor_parts.h"

static const char usage[] =
	"usage: corridor line NETWORK.json [--equipment FILE] [--from UID] [--to UID] [--spectrum "
	"FILE] [--power DBM] [--mode TRANSCEIVER:MODE] [--model gn|ggn|raman] [--channels]";

static int
take_model(struct view_line_question *q, const char *value, struct corridor_complaint *complaint)
{
	static const char *const words[] = {"gn", "ggn", "raman"};
	for (int i = 0; i < 3; i++)
		if (strcmp(words[i], value) == 0) {
			q->model = (enum corridor_model)i;
			return 0;
		}
	corridor_complain(complaint, 400, "--model: found \"%.40s\", expected gn, ggn or raman",
			  value);
	return -1;
}

static int
take_power(struct view_line_question *q, const char *value, struct corridor_complaint *complaint)
{
	char *end;
	q->power_dbm = strtod(value, &end);
	if (end != value && *end == '\0' && q->power_dbm >= -40 && q->power_dbm <= 30)
		return 0;
	corridor_complain(complaint, 400, "--power: found \"%.40s\", expected -40 to 30 dBm",
			  value);
	return -1;
}

/* One option and its value. */
static int
take_option(struct view_line_question *q, const char *option, const char *value,
	    struct corridor_complaint *complaint)
{
	const struct {
		const char *name, **at;
	} texts[] = {{"--equipment", &q->equipment},
		     {"--spectrum", &q->spectrum},
		     {"--from", &q->from},
		     {"--to", &q->to},
		     {"--mode", &q->mode}};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(texts[i].name, option) == 0) {
			*texts[i].at = value;
			return 0;
		}
	if (strcmp(option, "--power") == 0)
		return take_power(q, value, complaint);
	if (strcmp(option, "--model") == 0)
		return take_model(q, value, complaint);
	corridor_complain(complaint, 400, "found \"%.40s\"; %s", option, usage);
	return -1;
}

int
view_line_parse(struct view_line_question *out, const char *const *words, size_t count,
		struct corridor_complaint *complaint)
{
	struct view_line_question q = {.power_dbm = NAN};
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i], "--channels") == 0) {
			q.channels = true;
		} else if (strncmp(words[i], "--", 2) == 0) {
			if (i + 1 == count) {
				corridor_complain(complaint, 400, "%.40s: its value is missing",
						  words[i]);
				return -1;
			}
			if (take_option(&q, words[i], words[i + 1], complaint) < 0)
				return -1;
			i++;
		} else if (q.network) {
			corridor_complain(complaint, 400, "found \"%.40s\"; %s", words[i], usage);
			return -1;
		} else {
			q.network = words[i];
		}
	}
	if (!q.network) {
		corridor_complain(complaint, 400, "%s", usage);
		return -1;
	}
	*out = q;
	return 0;
}

/* All that an answer is made of. */
struct line {
	const struct view_line_question *question;
	struct corridor_complaint *complaint;
	struct arena *arena;
	struct buf notes;
	struct corridor_equipment equipment;
	struct corridor_network network;
	struct corridor_reference reference;
	const struct corridor_mode *mode;
	struct corridor_light *light;
	struct corridor_passage *passages;
	uint32_t *way;
	size_t count;
};

static int
read_files(struct line *l, const struct view_line_files *files)
{
	struct corridor_gnpy gnpy = {.arena = l->arena,
				     .file = files->file,
				     .context = files->context,
				     .notes = &l->notes};
	if (corridor_gnpy_equipment(&l->equipment, &gnpy, files->equipment.text,
				    files->equipment.length, l->complaint) < 0)
		return -1;
	return corridor_gnpy_network(&l->network, &gnpy, &l->equipment, files->network.text,
				     files->network.length, l->complaint);
}

/* The comb that the mode asks for, on the grid of the equipment. */
static int
take_mode(struct line *l)
{
	const char *colon = l->question->mode ? strchr(l->question->mode, ':') : NULL;
	if (!l->question->mode)
		return 0;
	char *transceiver =
		colon ? arena_copy(l->arena, l->question->mode, (size_t)(colon - l->question->mode))
		      : NULL;
	if (transceiver)
		l->mode = corridor_mode_find(&l->equipment, transceiver, colon + 1);
	if (!l->mode) {
		corridor_complain(l->complaint, 404,
				  "--mode: found \"%.60s\", which is no TRANSCEIVER:MODE of the "
				  "equipment",
				  l->question->mode);
		return -1;
	}
	struct corridor_comb *comb = &l->equipment.combs[0];
	comb->baud_hz = l->mode->baud_hz;
	comb->roll_off = l->mode->roll_off;
	comb->tx_osnr_db = l->mode->tx_osnr_db;
	comb->spacing_hz = fmax(comb->spacing_hz, l->mode->spacing_hz);
	return 0;
}

static int
launch(struct line *l, const struct view_line_files *files)
{
	struct corridor_gnpy gnpy = {.arena = l->arena, .notes = &l->notes};
	if (!files->spectrum.text) {
		l->light = corridor_launch_comb(&l->equipment.combs[0], l->question->power_dbm,
						l->complaint);
		for (size_t i = 0; l->light && l->mode && i < l->light->count; i++)
			l->light->offset_db[i] = l->mode->offset_db;
		return l->light ? 0 : -1;
	}
	struct corridor_stretch *stretches;
	size_t count;
	if (corridor_gnpy_spectrum(&stretches, &count, &gnpy, files->spectrum.text,
				   files->spectrum.length, l->complaint) < 0)
		return -1;
	l->light = corridor_launch_spectrum(stretches, count, l->reference.transmitter_dbm,
					    l->complaint);
	return l->light ? 0 : -1;
}

/* The transceiver that is meant: by its name, else the first or the second there is. */
static uint32_t
end_of(struct line *l, const char *uid, bool second)
{
	uint32_t found = CORRIDOR_NONE;
	if (uid) {
		found = corridor_network_find(&l->network, uid);
		if (found == CORRIDOR_NONE ||
		    l->network.elements[found].kind != CORRIDOR_TRANSCEIVER) {
			corridor_complain(l->complaint, 404, "no transceiver is called \"%.60s\"",
					  uid);
			return CORRIDOR_NONE;
		}
		return found;
	}
	for (uint32_t i = 0; i < l->network.count; i++) {
		if (l->network.elements[i].kind != CORRIDOR_TRANSCEIVER)
			continue;
		if (!second || found != CORRIDOR_NONE)
			return i;
		found = i;
	}
	corridor_complain(l->complaint, 404, "the network has fewer than two transceivers");
	return CORRIDOR_NONE;
}

static int
run(struct line *l, const struct view_line_files *files)
{
	const struct view_line_question *q = l->question;
	if (read_files(l, files) < 0 || take_mode(l) < 0)
		return -1;
	l->reference = corridor_reference_of(&l->equipment, q->power_dbm);
	uint32_t from = end_of(l, q->from, false), to = end_of(l, q->to, true);
	if (from == CORRIDOR_NONE || to == CORRIDOR_NONE)
		return -1;
	if (corridor_network_complete(&l->network, &l->equipment, &l->notes, l->complaint) < 0 ||
	    corridor_network_design(&l->network, &l->equipment, &l->reference, &l->notes,
				    l->complaint) < 0 ||
	    corridor_network_way(&l->network, from, to, &l->way, &l->count, l->complaint) < 0 ||
	    launch(l, files) < 0)
		return -1;
	l->passages = arena_take(l->arena, l->count * sizeof(*l->passages));
	if (!l->passages) {
		corridor_complain(l->complaint, 500, "out of memory");
		return -1;
	}
	return corridor_network_pass(&l->network, l->way, l->count, &l->light, q->model,
				     l->passages, &l->notes, l->complaint);
}

/* What is received: means, and the bounds of the GSNR. */
struct received {
	double gsnr, gsnr_tenth, osnr, osnr_tenth, nli, low, high;
	double dispersion, pmd, pdl, km, penalty, margin;
};

static double
penalty_db(const struct line *l, size_t i)
{
	const struct corridor_light *light = l->light;
	return corridor_penalty_db(&l->mode->dispersion_ps_nm, light->dispersion_ps_nm[i]) +
	       corridor_penalty_db(&l->mode->pmd_ps, sqrt(light->pmd_ps2[i])) +
	       corridor_penalty_db(&l->mode->pdl_db, sqrt(light->pdl_db2[i]));
}

static struct received
receive(const struct line *l)
{
	const struct corridor_light *light = l->light;
	struct received r = {.low = INFINITY, .high = -INFINITY, .margin = INFINITY};
	for (size_t i = 0; i < light->count; i++) {
		double n = 1.0 / (double)light->count, baud = light->baud_hz[i];
		double gsnr = corridor_received_gsnr_db(light, i);
		double osnr = corridor_received_osnr_db(light, i);
		r.gsnr += n * gsnr;
		r.gsnr_tenth += n * corridor_in_tenth_nm_db(gsnr, baud);
		r.osnr += n * osnr;
		r.osnr_tenth += n * corridor_in_tenth_nm_db(osnr, baud);
		r.nli += n * corridor_light_nli_db(light, i);
		r.low = fmin(r.low, gsnr);
		r.high = fmax(r.high, gsnr);
		r.dispersion += n * light->dispersion_ps_nm[i];
		r.pmd += n * sqrt(light->pmd_ps2[i]);
		r.pdl += n * sqrt(light->pdl_db2[i]);
		if (!l->mode)
			continue;
		double penalty = penalty_db(l, i);
		r.penalty = fmax(r.penalty, penalty);
		r.margin =
			fmin(r.margin, corridor_in_tenth_nm_db(gsnr, baud) - penalty -
					       l->mode->osnr_db - l->equipment.combs[0].margin_db);
	}
	for (size_t i = 0; i < l->count; i++)
		r.km += l->network.elements[l->way[i]].fibre.length_km;
	return r;
}

static const char *const kinds[] = {"transceiver", "roadm", "joint", "fibre", "amplifier"};
static const char *const models[] = {"GN, closed form", "GGN, the integral",
				     "GGN with Raman scattering"};
static const char *const model_words[] = {"gn", "ggn", "raman"};

static void
element_text(struct buf *out, const struct line *l, const struct corridor_passage *p)
{
	const struct corridor_element *e = &l->network.elements[p->element];
	char cell[32];
	const char *what = kinds[e->kind];
	if (e->kind == CORRIDOR_FIBRE)
		what = e->variety;
	else if (e->kind == CORRIDOR_AMPLIFIER)
		what = e->settings[0].kind->id;
	view_cell(out, e->uid, 27);
	buf_str(out, " ");
	view_cell(out, what ? what : "", 14);
	snprintf(cell, sizeof(cell), "%.2f", e->fibre.length_km);
	view_cell(out, e->kind == CORRIDOR_FIBRE ? cell : "", -7);
	bool amplifies = e->kind == CORRIDOR_AMPLIFIER, ends = e->kind == CORRIDOR_TRANSCEIVER;
	snprintf(cell, sizeof(cell), "%.2f", amplifies ? p->bands[0].gain_db : -p->loss_db);
	view_cell(out, ends ? "" : cell, -8);
	snprintf(cell, sizeof(cell), "%.2f", p->bands[0].noise_db);
	view_cell(out, amplifies ? cell : "", -7);
	snprintf(cell, sizeof(cell), "%.2f", p->bands[0].out_dbm);
	view_cell(out, amplifies ? cell : "", -7);
	snprintf(cell, sizeof(cell), "%.2f", p->out_dbm);
	view_cell(out, cell, -8);
	view_end_line(out);
}

/* The further bands of an amplifier. */
static void
bands_text(struct buf *out, const struct line *l, const struct corridor_passage *p)
{
	const struct corridor_element *e = &l->network.elements[p->element];
	for (size_t b = 1; b < p->band_count; b++) {
		const struct corridor_amplified *a = &p->bands[b];
		view_cell(out, "", 28);
		view_cell(out, e->settings[b].kind->id, 14);
		buf_printf(out, "%7s%8.2f%7.2f%7.2f\n", "", a->gain_db, a->noise_db, a->out_dbm);
	}
}

static void
channels_text(struct buf *out, const struct line *l)
{
	const struct corridor_light *light = l->light;
	buf_str(out, "\n        THz     GBd      dBm     OSNR      NLI     GSNR  0.1 nm: OSNR     "
		     "GSNR\n");
	for (size_t i = 0; i < light->count; i++) {
		double osnr = corridor_received_osnr_db(light, i);
		double gsnr = corridor_received_gsnr_db(light, i), baud = light->baud_hz[i];
		buf_printf(out, "%11.5f %7.2f %8.2f %8.2f %8.2f %8.2f %13.2f %8.2f\n",
			   light->frequency_hz[i] / 1e12, baud / 1e9,
			   corridor_to_dbm(corridor_light_channel_w(light, i)), osnr,
			   corridor_light_nli_db(light, i), gsnr,
			   corridor_in_tenth_nm_db(osnr, baud),
			   corridor_in_tenth_nm_db(gsnr, baud));
	}
}

__attribute__((format(printf, 3, 4))) static void
told(struct buf *out, const char *label, const char *format, ...)
{
	char text[400];
	__builtin_va_list args;
	__builtin_va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	__builtin_va_end(args);
	view_field(out, label, text);
}

static void
notes_text(struct buf *out, const struct line *l)
{
	const char *at = (const char *)l->notes.data, *end = at + l->notes.length;
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		told(out, at == (const char *)l->notes.data ? "notes" : "", "%.*s",
		     (int)(stop - at), at);
		at = stop + 1;
	}
}

static void
line_text(struct buf *out, const struct line *l)
{
	struct received r = receive(l);
	const struct corridor_light *light = l->light;
	told(out, "line", "%s to %s: %zu elements, %.2f km", l->network.elements[l->way[0]].uid,
	     l->network.elements[l->way[l->count - 1]].uid, l->count, r.km);
	told(out, "model", "%s", models[l->question->model]);
	told(out, "light", "%zu channels, %.3f to %.3f THz, %.2f dBm into each span", light->count,
	     light->frequency_hz[0] / 1e12, light->frequency_hz[light->count - 1] / 1e12,
	     l->reference.channel_dbm);
	buf_str(out, "\nelement                     what               km      dB     NF    out  "
		     "channel\n");
	for (size_t i = 0; i < l->count; i++) {
		element_text(out, l, &l->passages[i]);
		bands_text(out, l, &l->passages[i]);
	}
	buf_str(out, "\n");
	told(out, "GSNR", "%.2f dB in the signal's width (%.2f to %.2f), %.2f in 0.1 nm", r.gsnr,
	     r.low, r.high, r.gsnr_tenth);
	told(out, "OSNR", "%.2f dB in the signal's width, %.2f in 0.1 nm", r.osnr, r.osnr_tenth);
	told(out, "NLI", "%.2f dB below the signal", r.nli);
	told(out, "adds up", "%.2f ps/nm, PMD %.2f ps, PDL %.2f dB, %.2f ms one way", r.dispersion,
	     r.pmd, r.pdl, light->latency_ms);
	if (l->mode)
		told(out, "mode",
		     "%s, %.0f Gbit/s: needs %.2f dB in 0.1 nm and a margin of %.2f, penalties "
		     "%.2f dB; the worst channel has %.2f dB %s",
		     l->mode->id, l->mode->rate_bps / 1e9, l->mode->osnr_db,
		     l->equipment.combs[0].margin_db, r.penalty, fabs(r.margin),
		     r.margin >= 0 ? "to spare" : "too little");
	notes_text(out, l);
	if (l->question->channels)
		channels_text(out, l);
}

static void
element_json(struct json *j, const struct line *l, const struct corridor_passage *p)
{
	const struct corridor_element *e = &l->network.elements[p->element];
	json_object(j, NULL);
	json_str(j, "uid", e->uid);
	json_str(j, "kind", kinds[e->kind]);
	if (e->variety)
		json_str(j, "variety", e->variety);
	if (e->kind == CORRIDOR_FIBRE) {
		json_fixed(j, "length_km", e->fibre.length_km, 6);
		json_fixed(j, "loss_db", corridor_element_loss_db(e), 4);
		json_fixed(j, "padding_db", e->fibre.padding_db, 4);
	}
	if (e->kind == CORRIDOR_AMPLIFIER) {
		json_array(j, "bands");
		for (size_t b = 0; b < p->band_count; b++) {
			const struct corridor_amplified *a = &p->bands[b];
			json_object(j, NULL);
			json_str(j, "variety", e->settings[b].kind->id);
			json_double(j, "gain_db", a->gain_db);
			json_double(j, "noise_figure_db", a->noise_db);
			json_double(j, "padding_db", a->padding_db);
			json_double(j, "power_in_dbm", a->in_dbm);
			json_double(j, "power_out_dbm", a->out_dbm);
			json_double(j, "delta_p_db", p->designed_power_db[b]);
			json_double(j, "out_voa_db", a->out_voa_db);
			json_object_end(j);
		}
		json_array_end(j);
	}
	json_fixed(j, "channel_in_dbm", p->in_dbm, 4);
	json_fixed(j, "channel_out_dbm", p->out_dbm, 4);
	json_object_end(j);
}

static void
channel_json(struct json *j, const struct corridor_light *light, size_t i)
{
	double osnr = corridor_received_osnr_db(light, i);
	double gsnr = corridor_received_gsnr_db(light, i), baud = light->baud_hz[i];
	json_object(j, NULL);
	json_double(j, "frequency_hz", light->frequency_hz[i]);
	json_double(j, "baud_hz", baud);
	json_double(j, "slot_hz", light->slot_hz[i]);
	json_double(j, "power_dbm", corridor_to_dbm(corridor_light_channel_w(light, i)));
	json_double(j, "osnr_db", osnr);
	json_double(j, "nli_db", corridor_light_nli_db(light, i));
	json_double(j, "gsnr_db", gsnr);
	json_double(j, "osnr_01nm_db", corridor_in_tenth_nm_db(osnr, baud));
	json_double(j, "gsnr_01nm_db", corridor_in_tenth_nm_db(gsnr, baud));
	json_double(j, "dispersion_ps_nm", light->dispersion_ps_nm[i]);
	json_double(j, "pmd_ps", sqrt(light->pmd_ps2[i]));
	json_double(j, "pdl_db", sqrt(light->pdl_db2[i]));
	json_object_end(j);
}

static void
notes_json(struct json *j, const struct line *l)
{
	const char *at = (const char *)l->notes.data, *end = at + l->notes.length;
	json_array(j, "notes");
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const char *text = arena_copy(l->arena, at, (size_t)(stop - at));
		json_str(j, NULL, text);
		at = stop + 1;
	}
	json_array_end(j);
}

static void
line_json(struct buf *out, const struct line *l)
{
	struct received r = receive(l);
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "from", l->network.elements[l->way[0]].uid);
	json_str(&j, "to", l->network.elements[l->way[l->count - 1]].uid);
	json_str(&j, "model", model_words[l->question->model]);
	json_double(&j, "length_km", r.km);
	json_u64(&j, "channels", l->light->count);
	json_double(&j, "reference_dbm", l->reference.channel_dbm);
	json_double(&j, "gsnr_db", r.gsnr);
	json_double(&j, "gsnr_lowest_db", r.low);
	json_double(&j, "gsnr_highest_db", r.high);
	json_double(&j, "gsnr_01nm_db", r.gsnr_tenth);
	json_double(&j, "osnr_db", r.osnr);
	json_double(&j, "osnr_01nm_db", r.osnr_tenth);
	json_double(&j, "nli_db", r.nli);
	json_double(&j, "dispersion_ps_nm", r.dispersion);
	json_double(&j, "pmd_ps", r.pmd);
	json_double(&j, "pdl_db", r.pdl);
	json_double(&j, "latency_ms", l->light->latency_ms);
	if (l->mode) {
		json_object(&j, "mode");
		json_str(&j, "format", l->mode->id);
		json_double(&j, "rate_bps", l->mode->rate_bps);
		json_double(&j, "osnr_needed_01nm_db", l->mode->osnr_db);
		json_double(&j, "penalty_db", r.penalty);
		json_double(&j, "margin_db", r.margin);
		json_bool(&j, "works", r.margin >= 0);
		json_object_end(&j);
	}
	json_array(&j, "elements");
	for (size_t i = 0; i < l->count; i++)
		element_json(&j, l, &l->passages[i]);
	json_array_end(&j);
	if (l->question->channels) {
		json_array(&j, "spectrum");
		for (size_t i = 0; i < l->light->count; i++)
			channel_json(&j, l->light, i);
		json_array_end(&j);
	}
	notes_json(&j, l);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
line_csv(struct buf *out, const struct line *l)
{
	const struct corridor_light *light = l->light;
	buf_str(out,
		"frequency_thz,baud_gbd,slot_ghz,power_dbm,osnr_db,nli_db,gsnr_db,osnr_01nm_db,"
		"gsnr_01nm_db,dispersion_ps_nm,pmd_ps,pdl_db\r\n");
	for (size_t i = 0; i < light->count; i++) {
		double osnr = corridor_received_osnr_db(light, i);
		double gsnr = corridor_received_gsnr_db(light, i), baud = light->baud_hz[i];
		buf_printf(out, "%.6f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f\r\n",
			   light->frequency_hz[i] / 1e12, baud / 1e9, light->slot_hz[i] / 1e9,
			   corridor_to_dbm(corridor_light_channel_w(light, i)), osnr,
			   corridor_light_nli_db(light, i), gsnr,
			   corridor_in_tenth_nm_db(osnr, baud), corridor_in_tenth_nm_db(gsnr, baud),
			   light->dispersion_ps_nm[i], sqrt(light->pmd_ps2[i]),
			   sqrt(light->pdl_db2[i]));
	}
}

int
view_line(struct buf *out, enum view_corridor_form form, const struct view_line_question *question,
	  const struct view_line_files *files, struct corridor_complaint *complaint)
{
	struct line l = {.question = question, .complaint = complaint, .arena = arena_new()};
	int result = -1;
	if (!l.arena)
		corridor_complain(complaint, 500, "out of memory");
	else
		result = run(&l, files);
	if (result == 0 && form == VIEW_CORRIDOR_JSON)
		line_json(out, &l);
	else if (result == 0 && form == VIEW_CORRIDOR_CSV)
		line_csv(out, &l);
	else if (result == 0)
		line_text(out, &l);
	corridor_light_free(l.light);
	buf_fini(&l.notes);
	arena_free(l.arena);
	return result;
}
