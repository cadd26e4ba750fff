/* GNPy's files: what they say is understood, designed and propagated as GNPy does, and what is not
 * understood is said. The expected numbers are those of GNPy's own runs of these networks. */
#include "corridor/corridor_optics_gnpy.h"

#include <math.h>
#include <stdlib.h>

#include "corridor/corridor_optics_pass.h"
#include "tap.h"

static const char folder[] = "tests/corridor/data/optics/";

/* What is read in one case. */
struct world {
	struct arena *arena;
	struct buf notes;
	struct corridor_gnpy gnpy;
	struct corridor_equipment equipment;
	struct corridor_network network;
	struct corridor_complaint complaint;
};

static char *
read_file(const char *name, size_t *length)
{
	char path[256];
	snprintf(path, sizeof(path), "%s%s", folder, name);
	FILE *file = fopen(path, "r");
	char *text = malloc(1 << 20);
	if (!file || !text)
		abort();
	*length = fread(text, 1, 1 << 20, file);
	fclose(file);
	return text;
}

static void
begin(struct world *w)
{
	*w = (struct world){.arena = arena_new()};
	w->gnpy = (struct corridor_gnpy){.arena = w->arena, .notes = &w->notes};
}

static void
end(struct world *w)
{
	arena_free(w->arena);
	buf_fini(&w->notes);
}

static int
take_equipment(struct world *w, const char *text)
{
	char *kept = arena_str(w->arena, text);
	return corridor_gnpy_equipment(&w->equipment, &w->gnpy, kept, strlen(kept), &w->complaint);
}

static int
take_network(struct world *w, const char *text)
{
	char *kept = arena_str(w->arena, text);
	return corridor_gnpy_network(&w->network, &w->gnpy, &w->equipment, kept, strlen(kept),
				     &w->complaint);
}

static void
load(struct world *w, const char *equipment, const char *network)
{
	size_t length;
	char *text = read_file(equipment, &length);
	text[length] = '\0';
	if (take_equipment(w, text) < 0)
		printf("# %s\n", w->complaint.text);
	free(text);
	text = read_file(network, &length);
	text[length] = '\0';
	if (take_network(w, text) < 0)
		printf("# %s\n", w->complaint.text);
	free(text);
}

/* Means over the channels, as reports give them. */
struct result {
	double gsnr, gsnr_tenth, osnr, osnr_tenth, dispersion, pmd, pdl, latency;
};

static struct result
run(struct world *w, const char *from, const char *to, struct corridor_passage **passages,
    uint32_t **way, size_t *count)
{
	struct result r = {.gsnr = NAN};
	struct corridor_reference reference = corridor_reference_of(&w->equipment, NAN);
	struct corridor_light *light =
		corridor_launch_comb(&w->equipment.combs[0], NAN, &w->complaint);
	if (corridor_network_complete(&w->network, &w->equipment, &w->notes, &w->complaint) < 0 ||
	    corridor_network_design(&w->network, &w->equipment, &reference, &w->notes,
				    &w->complaint) < 0 ||
	    corridor_network_way(&w->network, corridor_network_find(&w->network, from),
				 corridor_network_find(&w->network, to), way, count,
				 &w->complaint) < 0)
		goto done;
	*passages = arena_take(w->arena, *count * sizeof(**passages));
	if (corridor_network_pass(&w->network, *way, *count, &light, CORRIDOR_GN, *passages,
				  &w->notes, &w->complaint) < 0)
		goto done;
	r = (struct result){.latency = light->latency_ms};
	for (size_t i = 0; i < light->count; i++) {
		double n = 1.0 / (double)light->count, baud = light->baud_hz[i];
		double gsnr = corridor_received_gsnr_db(light, i);
		double osnr = corridor_received_osnr_db(light, i);
		r.gsnr += n * gsnr;
		r.osnr += n * osnr;
		r.gsnr_tenth += n * corridor_in_tenth_nm_db(gsnr, baud);
		r.osnr_tenth += n * corridor_in_tenth_nm_db(osnr, baud);
		r.dispersion += n * light->dispersion_ps_nm[i];
		r.pmd += n * sqrt(light->pmd_ps2[i]);
		r.pdl += n * sqrt(light->pdl_db2[i]);
	}
done:
	if (isnan(r.gsnr))
		printf("# %s\n", w->complaint.text);
	corridor_light_free(light);
	return r;
}

static bool
near(const char *what, double got, double expected, double within)
{
	bool same = fabs(got - expected) <= within;
	if (!same)
		printf("# %s: got %.4f, expected %.4f\n", what, got, expected);
	return same;
}

static void
one_span(void)
{
	struct world w;
	struct corridor_passage *p = NULL;
	uint32_t *way = NULL;
	size_t count = 0;
	begin(&w);
	load(&w, "equipment.json", "one_span.json");
	struct result r = run(&w, "A", "B", &p, &way, &count);
	ok(near("GSNR", r.gsnr, 27.09, 0.005) && near("GSNR, 0.1 nm", r.gsnr_tenth, 31.17, 0.005) &&
		   near("OSNR", r.osnr, 29.21, 0.005) &&
		   near("OSNR, 0.1 nm", r.osnr_tenth, 33.29, 0.005),
	   "one span with a two-stage amplifier: ratios as GNPy has them");
	ok(near("dispersion", r.dispersion, 1336, 0.005) && near("PMD", r.pmd, 0.36, 0.005) &&
		   near("latency", r.latency, 0.39, 0.005),
	   "and what adds up on the way");
	ok(count == 4 && near("gain", p[2].bands[0].gain_db, 15, 1e-9) &&
		   near("noise", p[2].bands[0].noise_db, 6.62, 0.005) &&
		   near("in", p[2].bands[0].in_dbm, 1.81, 0.005),
	   "the amplifier is set for power, not left at the gain of the file");
	ok(w.notes.length == 0, "and nothing is noted");
	end(&w);
}

static void
openroadm(void)
{
	struct world w;
	struct corridor_passage *p = NULL;
	uint32_t *way = NULL;
	size_t count = 0, fibres = 0;
	begin(&w);
	load(&w, "equipment_openroadm.json", "sweden.json");
	struct result r = run(&w, "trx Stockholm", "trx Gothenburg", &p, &way, &count);
	for (size_t i = 0; i < count; i++)
		fibres += w.network.elements[way[i]].kind == CORRIDOR_FIBRE;
	ok(count == 25 && fibres == 6,
	   "a fibre of 163 km becomes two, amplifiers are put in: %zu "
	   "elements",
	   count);
	ok(near("OSNR", r.osnr, 17.82, 0.015) && near("OSNR, 0.1 nm", r.osnr_tenth, 21.84, 0.015),
	   "OpenROADM's amplifiers, adding and dropping: the OSNR is GNPy's");
	/* These results are of a version that let NLI add power. */
	ok(near("GSNR, 0.1 nm", r.gsnr_tenth, 19.27, 0.1), "and so is the GSNR");
	ok(near("dispersion", r.dispersion, 8350.42, 0.2) && near("PMD", r.pmd, 7.99, 0.005) &&
		   near("PDL", r.pdl, 3.74, 0.005) && near("latency", r.latency, 2.45, 0.005),
	   "PMD and PDL of ROADMs and amplifiers count");
	ok(near("padding", w.network.elements[way[9]].fibre.padding_db, 1.80, 0.005) &&
		   near("noise", p[4].bands[0].noise_db, 8.01, 0.02) &&
		   near("noise", p[10].bands[0].noise_db, 16.0, 0.01) &&
		   near("noise", p[6].bands[0].noise_db, 11.44, 0.03),
	   "a span that loses too little is padded; noise follows the input power");
	ok(isinf(p[2].bands[0].noise_db) && near("out", p[2].out_dbm, 2, 1e-6),
	   "a booster adds no noise of its own");
	end(&w);
}

/* The range of gain and two noise figures make two coils. */
static void
two_stages(void)
{
	struct corridor_amplifier a = {.id = "a",
				       .noise = CORRIDOR_NOISE_TWO_STAGES,
				       .gain_min_db = 15,
				       .gain_max_db = 26,
				       .power_max_dbm = 23,
				       .nf_min_db = 6,
				       .nf_max_db = 10};
	struct corridor_input input = {0, 88, 50e9};
	double padding, last = INFINITY;
	bool falls = true;
	ok(corridor_amplifier_two_stages(&a), "two coils explain 6 dB at 26 and 10 dB at 15");
	ok(near("at the highest", corridor_amplifier_noise_db(&a, 26, &input, &padding), 6, 0.01) &&
		   near("at the lowest", corridor_amplifier_noise_db(&a, 15, &input, &padding), 10,
			0.01) &&
		   near("between", corridor_amplifier_noise_db(&a, 20, &input, &padding), 6.58,
			0.005) &&
		   near("between", corridor_amplifier_noise_db(&a, 21, &input, &padding), 6.36,
			0.005),
	   "the noise figure is as given at both ends, and as GNPy has it between");
	for (double gain = 8; gain < 27; gain += 0.25) {
		double noise = corridor_amplifier_noise_db(&a, gain, &input, &padding);
		falls &= noise <= last;
		last = noise;
	}
	ok(falls, "more gain never means more noise");
	(void)corridor_amplifier_noise_db(&a, 12, &input, &padding);
	ok(near("padding", padding, 3, 1e-12), "below the lowest gain light is attenuated first");
	a.nf_max_db = 6.1;
	ok(!corridor_amplifier_two_stages(&a), "no two coils are nearly as good at any gain");
}

/* What no amplifier has cannot come out of one. */
static void
full_power(void)
{
	struct corridor_light *light = corridor_light_new(96);
	struct corridor_amplifier a = {
		.id = "a", .gain_min_db = 10, .gain_max_db = 30, .power_max_dbm = 20, .nf_db = 5};
	struct corridor_amplified set = {.gain_db = 25};
	corridor_light_comb(light, 191.35e12, 50e9, 32e9, -18);
	corridor_amplify(light, 0, 96, &a, &set);
	ok(near("out", set.out_dbm, 20, 0.01) && set.gain_db < 20,
	   "an amplifier gives no more than its highest power: %.2f dBm, gain %.2f dB", set.out_dbm,
	   set.gain_db);
	corridor_light_free(light);
}

/* Ripple and tilt: the mean is the gain that was set, the shape that of the curves. */
static void
shapes(void)
{
	const double at[] = {191.3e12, 193.7e12, 196.1e12}, ripple[] = {0.4, -0.6, 0.2},
		     tilt[] = {1, 1.5, 2.5};
	struct corridor_light *light = corridor_light_new(95);
	struct corridor_amplifier a = {.id = "a",
				       .gain_max_db = 25,
				       .power_max_dbm = 30,
				       .nf_db = 5,
				       .low_hz = 191.3e12,
				       .high_hz = 196.1e12,
				       .gain_ripple_db = {3, at, ripple},
				       .tilt = {3, at, tilt}};
	struct corridor_amplified set = {.gain_db = 20};
	corridor_light_comb(light, 191.35e12, 50e9, 32e9, -20);
	double before = 0, signal = 0;
	for (size_t i = 0; i < 95; i++)
		before += light->signal_w[i];
	corridor_amplify(light, 0, 95, &a, &set);
	for (size_t i = 0; i < 95; i++)
		signal += light->signal_w[i];
	ok(near("mean", corridor_to_db(signal / before), 20, 0.001),
	   "ripple moves no gain in the mean");
	ok(light->signal_w[0] > light->signal_w[47] && light->signal_w[94] > light->signal_w[47],
	   "channels get what the ripple gives them");
	corridor_light_comb(light, 191.35e12, 50e9, 32e9, -20);
	a.gain_ripple_db = (struct corridor_curve){0};
	set = (struct corridor_amplified){.gain_db = 20, .tilt_db = 2};
	corridor_amplify(light, 0, 95, &a, &set);
	double low = corridor_to_db(light->signal_w[0] / 1e-5);
	double high = corridor_to_db(light->signal_w[94] / 1e-5);
	ok(near("tilt", low - high, 2, 0.3) && low > 20 && high < 20,
	   "a tilt of 2 dB gives the red end more: %.2f dB and %.2f dB", low, high);
	corridor_light_free(light);
}

/* Texts that are wrong, and the word that the complaint has to have. */
static void
complaints(void)
{
	static const struct {
		const char *equipment, *word, *what;
	} cases[] = {
		{"{", "line 1, column 2: not JSON: it ends too early", "half a file"},
		{"{\"SI\":[{\n\"a\":NaN}]}", "line 2, column 5: not JSON", "what is no number"},
		{"", "line 1, column 1: not JSON: it ends too early", "an empty file"},
		{"[]", "expected an object", "a list"},
		{"{\"SI\":{}}", "equipment: SI: expected a list", "an object in place of a list"},
		{"{\"SI\":[]}", "no channels", "no spectrum"},
		{"{\"SI\":[{\"f_min\":\"x\"}]}", "expected a number", "text for a number"},
		{"{\"SI\":[{\"spacing\":1}]}", "found 1, expected", "a spacing of one hertz"},
		{"{\"SI\":[{}],\"Edfa\":[{\"type_variety\":\"a\",\"type_def\":\"magic\"}]}",
		 "found \"magic\"", "an amplifier of no model"},
		{"{\"SI\":[{}],\"Edfa\":[{\"type_variety\":\"a\",\"type_def\":\"fixed_gain\","
		 "\"gain_min\":1,\"gain_flatmax\":2,\"p_max\":20}]}",
		 "nf0 is missing", "an amplifier without noise"},
		{"{\"SI\":[{}],\"Edfa\":[{\"type_variety\":\"a\",\"gain_min\":10,"
		 "\"gain_flatmax\":11,\"p_max\":20,\"nf_min\":3,\"nf_max\":30}]}",
		 "no two coils", "noise figures that no coils have"},
		{"{\"SI\":[{}],\"Roadm\":[{}]}", "no target power", "a ROADM without a target"},
		{"{\"SI\":[{}],\"Roadm\":[{\"target_pch_out_db\":-20,"
		 "\"target_psd_out_mWperGHz\":1e-3}]}",
		 "more than one way", "a ROADM with two"},
		{"{\"SI\":[{}],\"Fiber\":[{\"type_variety\":\"a\",\"dispersion\":0}]}",
		 "too little", "a fibre without dispersion"},
		{"{\"SI\":[{}],\"Roadm\":[{\"target_pch_out_db\":-20,\"restrictions\":"
		 "{\"preamp_variety_list\":[\"x\"]}}]}",
		 "is no Edfa", "a ROADM that wants an amplifier that is not there"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w;
		begin(&w);
		int result = take_equipment(&w, cases[i].equipment);
		ok(result < 0 && strstr(w.complaint.text, cases[i].word), "%s is refused: %s",
		   cases[i].what, w.complaint.text);
		end(&w);
	}
}

static void
network_complaints(void)
{
	static const struct {
		const char *network, *word, *what;
	} cases[] = {
		{"{\"elements\":[]}", "no elements", "an empty network"},
		{"{\"elements\":{}}", "elements: expected a list", "elements that are no list"},
		{"{\"elements\":[{\"uid\":\"a\",\"type\":\"Transceiver\"},7]}",
		 "elements[1]: expected an object", "an element that is a number"},
		{"{\"elements\":[{\"uid\":\"a\",\"type\":\"Transceiver\"}],\"connections\":"
		 "[{\"from_node\":\"a\"}]}",
		 "connections[0]: expected an object with from_node and to_node",
		 "half a connection"},
		{"{\"elements\":[{\"uid\":\"f\",\"type\":\"Fiber\",\"type_variety\":\"SSMF\","
		 "\"params\":[1]}]}",
		 "params: expected an object", "a list in place of parameters"},
		{"{\"elements\":[{\"uid\":\"e\",\"type\":\"Edfa\",\"operational\":\"x\"}]}",
		 "operational: expected an object", "a word in place of settings"},
		{"{\"elements\":[{\"uid\":\"a\",\"type\":\"Laser\"}]}", "found \"Laser\"",
		 "an unknown element"},
		{"{\"elements\":[{\"uid\":\"a\",\"type\":\"Transceiver\"},"
		 "{\"uid\":\"a\",\"type\":\"Transceiver\"}]}",
		 "two elements", "one name for two"},
		{"{\"elements\":[{\"uid\":\"a\",\"type\":\"Transceiver\"}],\"connections\":"
		 "[{\"from_node\":\"a\",\"to_node\":\"b\"}]}",
		 "no element is called \"b\"", "a connection to nowhere"},
		{"{\"elements\":[{\"uid\":\"f\",\"type\":\"Fiber\",\"type_variety\":\"SSMF\","
		 "\"params\":{\"length\":80,\"loss_coef\":0.2}}]}",
		 "needs one element before", "a fibre that hangs loose"},
		{"{\"elements\":[{\"uid\":\"f\",\"type\":\"Fiber\",\"type_variety\":\"glass\","
		 "\"params\":{\"length\":80,\"loss_coef\":0.2}}]}",
		 "is no Fiber", "an unknown fibre"},
		{"{\"elements\":[{\"uid\":\"f\",\"type\":\"Fiber\",\"type_variety\":\"SSMF\","
		 "\"params\":{\"length\":-80,\"loss_coef\":0.2}}]}",
		 "length: found -80", "a negative length"},
		{"{\"elements\":[{\"uid\":\"f\",\"type\":\"Fiber\",\"type_variety\":\"SSMF\","
		 "\"params\":{\"length\":80}}]}",
		 "loss_coef is missing", "a fibre without loss"},
		{"{\"elements\":[{\"uid\":\"f\",\"type\":\"RamanFiber\",\"type_variety\":\"SSMF\"}]"
		 "}",
		 "Raman pumps", "Raman pumps, which are not worked out"},
		{"{\"elements\":[{\"uid\":\"e\",\"type\":\"Edfa\",\"type_variety\":\"x\"}]}",
		 "is no usable Edfa", "an unknown amplifier"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w;
		size_t length;
		begin(&w);
		char *text = read_file("equipment.json", &length);
		text[length] = '\0';
		if (take_equipment(&w, text) < 0)
			abort();
		free(text);
		int result = take_network(&w, cases[i].network);
		ok(result < 0 && strstr(w.complaint.text, cases[i].word), "%s: %s", cases[i].what,
		   w.complaint.text);
		end(&w);
	}
}

static void
unknown_words(void)
{
	struct world w;
	begin(&w);
	int result = take_equipment(&w, "{\"SI\":[{\"colour\":\"red\"}],\"Lasers\":[]}");
	buf_u8(&w.notes, 0);
	ok(result == 0 && strstr((char *)w.notes.data, "\"colour\" is not known here") &&
		   strstr((char *)w.notes.data, "\"Lasers\" is not known here"),
	   "what is not known is noted, and the rest is read");
	end(&w);
}

/* A network of all that is odd, written and read again. */
static void
odd_is_kept(void)
{
	struct world w;
	struct buf once = {0}, twice = {0};
	begin(&w);
	load(&w, "equipment.json", "odd.json");
	buf_u8(&w.notes, 0);
	const char *notes = (const char *)w.notes.data;
	ok(strstr(notes, "\"shelf\" is not known here") &&
		   strstr(notes, "\"roadm A\": \"glass 5\" has a power of its own, and is no") &&
		   !strstr(notes, "glass 1\" has"),
	   "what is odd and legal is read, with notes of what is not known or is nowhere");
	ok(near("length", w.network.elements[4].fibre.length_km, 61, 1e-9) &&
		   w.network.elements[4].fibre.lump_count == 2 &&
		   w.network.elements[6].fibre.fibre.loss.count == 3 &&
		   w.network.elements[8].fibre.fibre.loss.count == 2 &&
		   near("joint", w.network.elements[5].loss_db, 0.75, 0),
	   "in metres, with joints, and with losses by frequency in both ways of saying it");
	corridor_gnpy_write_network(&once, &w.network);
	buf_u8(&once, 0);
	const char *text = (const char *)once.data;
	ok(strstr(text, "\"what no reader knows\"") && strstr(text, "\"shelf\"") &&
		   strstr(text, "\"serial\"") && strstr(text, "\"per_degree_pch_out_db\"") &&
		   strstr(text, "\"per_degree_psd_out_mWperGHz\"") &&
		   strstr(text, "\"lumped_losses\"") && strstr(text, "\"Multiband_amplifier\""),
	   "all of it is written again, also what is not known here");
	ok(take_network(&w, text) == 0, "that can be read: %s", w.complaint.text);
	corridor_gnpy_write_network(&twice, &w.network);
	buf_u8(&twice, 0);
	is_str((const char *)twice.data, text, "and is written the same");
	buf_fini(&once);
	buf_fini(&twice);
	end(&w);
}

int
main(void)
{
	odd_is_kept();
	one_span();
	openroadm();
	two_stages();
	full_power();
	shapes();
	complaints();
	network_complaints();
	unknown_words();
	return done_testing();
}
