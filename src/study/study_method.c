/* The chapters that are the same in every study: how it is reckoned, after whom, and what the words mean. */
#include "study/study_parts.h"
#include "view/view_country.h"

static const struct {
	enum study_kind kind;
	const char *text;
} method[] = {
	{STUDY_POINT,
	 "Latency. Light takes n/c a metre; n = 1.468 (ITU-T G.652 fibre at 1550 nm) gives "
	 "4.897 microseconds a kilometre. There and back is twice that. Equipment and detours "
	 "add 15 to 20 % to what is measured on long ways."},
	{STUDY_FORMULA, "t = 2 L n / c"},
	{STUDY_POINT,
	 "Lengths. As told; where not, the great circle times a factor by medium, from lengths "
	 "that were seen."},
	{STUDY_POINT,
	 "Shortest and cheapest ways: Dijkstra, Numerische Mathematik 1 (1959); several in "
	 "order: Yen, Management Science 17 (1971). Ways that share nothing: Suurballe, "
	 "Networks 4 (1974), and Bhandari, Survivable Networks (1999). Ways that share no "
	 "risk are NP-hard to find; those found are proven best, or said not to be."},
	{STUDY_POINT,
	 "Availability. A segment is down for x / (1 + x) of the time; causes that take several "
	 "at once (a sea area, a duct, a country) are counted once."},
	{STUDY_FORMULA, "x = faults a km and year \u00d7 L \u00d7 hours of repair / 8760"},
	{STUDY_FORMULA,
	 "in a row: A = \u03a0 A_i        side by side: A = 1 \u2212 \u03a0 (1 \u2212 A_i)"},
	{STUDY_POINT,
	 "Optics. The Gaussian noise model in closed form: Poggiolini, Journal of Lightwave "
	 "Technology 30 (2012) and 32 (2014); amplifier noise after Desurvire; the "
	 "bookkeeping of GNPy (Journal of Optical Communications and Networking 12, C31, "
	 "2020). Fibres: ITU-T G.652, G.654, G.655. Modes: OIF 400ZR and OpenROADM."},
	{STUDY_FORMULA, "GSNR = P_signal / (P_ASE + P_NLI)"},
	{STUDY_POINT,
	 "Flow. Demands are laid on the segments fairly by progressive filling (Bertsekas and "
	 "Gallager, Data Networks, 6.5), or by linear programs over ways, which are added "
	 "as they are needed (column generation)."},
	{STUDY_POINT, "What is lost by a cut: the same filling on what is left."},
	{STUDY_POINT,
	 "Money. Present worth at the discount of the hub file; prices fall and traffic grows as "
	 "it assumes. The return is the rate at which the present worth is nought."},
	{STUDY_FORMULA, "NPV = \u2212 cost + \u03a3 (income_t \u2212 running_t) / (1 + d)^t"},
	{STUDY_POINT,
	 "Toll ceiling. What the cheapest way that avoids somebody costs more than the "
	 "cheapest way: nobody pays more for passing."},
	{STUDY_FORMULA,
	 "revenue a year = Gbit/s billed \u00d7 1000 \u00d7 $ a Mbit/s and month \u00d7 12"},
	{STUDY_POINT,
	 "Reach. Which towers to connect is a prize-collecting network design problem: chosen by "
	 "worth for their cost and mended by local search; the bound beside it is found by dual "
	 "ascent (Wong, Mathematical Programming 28, 1984)."},
	{STUDY_POINT,
	 "Steering by these answers: routes with next hops by place, RFC 9107; several ways, RFC "
	 "7911; SR policies by BGP, RFC 9830, and PCEP, RFC 5440, 8231, 8281, 8664."},
	{STUDY_POINT,
	 "Ranges. Bounds as told; where a value has none, by its confidence. An answer's range is "
	 "that with all its values at their bounds at once: wider than what chance would "
	 "give."},
};

static const struct {
	const char *word, *meaning;
} words[] = {
	{"Availability", "Share of the time in which there is a way."},
	{"Candidate", "What could be built: one or more segments, with their cost."},
	{"Demand", "Traffic asked for between two sites."},
	{"GSNR", "Signal against all noise, of amplifiers and of the fibre's nonlinearity, in dB."},
	{"IRR", "Internal rate of return: the discount at which an investment is worth nothing."},
	{"Latency", "Time that light needs; here there and back unless it is said otherwise."},
	{"Margin", "dB that are left above what a mode needs, when everything has aged."},
	{"Mode", "A way to send on a wavelength: rate and symbols a second, as 400G/60."},
	{"NPV",
	 "Net present worth: what it brings over its years less what it costs, discounted to "
	 "today."},
	{"Principal pair", "Two sites that this study looks at: those named, or those with the "
			   "largest demands."},
	{"Regeneration", "Light made anew by a receiver and a sender, where it would not reach the "
			 "end."},
	{"Risk", "What several segments share and lose together (SRLG): duct, sea area, landing "
		 "station, country."},
	{"Segment", "Fibre between two sites with nothing of ours in between."},
	{"Toll ceiling", "The most that passing can be worth to who passes."},
	{"Transit", "Traffic that starts and ends elsewhere."},
};

void
study_chapter_method(struct study_maker *m)
{
	struct study_section *section = study_section_add(m->document, "method", "Method");
	for (size_t i = 0; i < sizeof(method) / sizeof(method[0]); i++)
		study_say(section, method[i].kind, "%s", method[i].text);
}

/* Tables of ways and cables have codes; here is what they stand for. */
static void
countries(struct study_maker *m, struct study_section *section)
{
	enum { LETTERS = 26 };
	bool crossed[LETTERS * LETTERS] = {false};
	const char *text = "";
	const struct json_value *segments = json_read_get(m->show, "segments");
	for (const struct json_value *s = json_read_first(segments); s; s = s->next)
		for (const struct json_value *c = json_read_first(json_read_get(s, "countries")); c;
		     c = c->next) {
			const char *code = json_read_text(c);
			if (code && code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' &&
			    code[1] <= 'Z')
				crossed[(code[0] - 'A') * LETTERS + code[1] - 'A'] = true;
		}
	for (int i = 0; i < LETTERS * LETTERS; i++) {
		const char code[3] = {(char)('A' + i / LETTERS), (char)('A' + i % LETTERS), '\0'};
		if (crossed[i])
			text = study_text(m->document, "%s%s%s %s", text, *text ? ", " : "", code,
					  view_country_name(code));
	}
	if (*text)
		study_term(section, "Countries", study_text(m->document, "%s.", text));
}

void
study_chapter_glossary(struct study_maker *m)
{
	struct study_section *section = study_section_add(m->document, "glossary", "Words");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		study_term(section, words[i].word, words[i].meaning);
	countries(m, section);
}
