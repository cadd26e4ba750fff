/* Which bins of a put are new, known or refused, whatever the engine. */
#include "ledger/ledger_judge.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

enum {
	T0 = 1767225600, /* 2026-01-01 */
	HOUR_S = 3600,
	DAY_S = 86400,
	MANY = 8,
};

/* A bin of up to two batches; folded_s: it has folded sums for so long. */
struct made {
	int64_t start;
	uint32_t length_s;
	uint64_t runs[2];
	uint32_t folded_s;
};

struct there {
	int64_t start;
	uint64_t run;
	uint32_t length_s;
};

static const struct ledger_judge_rules apart = {INT64_MAX - DAY_S, true},
				       beside = {UINT32_MAX - DAY_S, false};

static void
add(struct ledger_wholes *bins, const struct made *made)
{
	struct ledger_whole *bin = ledger_wholes_add(bins, (struct utc_s){made->start});
	for (int i = 0; i < 2 && made->runs[i]; i++) {
		struct ledger_whole_batch *batch = ledger_rows_next(&bin->batches);
		memset(batch, 0, sizeof(*batch));
		batch->told.start = bin->start;
		batch->told.run = made->runs[i];
		batch->told.length_s = made->length_s;
	}
	if (made->folded_s)
		(void)ledger_whole_sums_of(bin, &(struct ledger_whole_sums){
							.kind = LEDGER_PAIRS,
							.folded = true,
							.length_s = made->folded_s,
						});
}

static char
letter(enum ledger_put put)
{
	return put == LEDGER_PUT_NEW ? 'n' : put == LEDGER_PUT_KNOWN ? 'k' : 'r';
}

/* One letter a bin. */
static const char *
judged(const struct ledger_judge_rules *rules, const struct there *there, const int64_t *folded,
       const struct made *made)
{
	static char text[MANY + 1];
	enum ledger_put results[MANY];
	struct ledger_port_names names = {0};
	struct ledger_wholes bins;
	struct ledger_judge judge;
	(void)ledger_wholes_init(&bins, &names);
	for (; made->start; made++)
		add(&bins, made);
	ledger_judge_init(&judge, &bins, rules);
	for (; there->start; there++)
		ledger_judge_note_batch(
			&judge,
			&(struct ledger_judge_batch){{there->start}, there->run, there->length_s});
	for (; *folded; folded++)
		ledger_judge_note_folded(&judge, LEDGER_PAIRS, (struct utc_s){*folded});
	bool good = ledger_judge_bins(&judge, results);
	for (size_t i = 0; i < bins.items.count; i++)
		text[i] = letter(results[i]);
	text[good ? bins.items.count : 0] = 0;
	ledger_wholes_fini(&bins);
	return text;
}

static const struct {
	const char *name;
	struct there there[4];
	int64_t folded[2];
	struct made bins[4];
	const char *apart, *beside; /* what becomes of the bins, by rules */
} cases[] = {
	{"a bin is new where there is none", {{0}}, {0}, {{T0, 300, {1}, 0}}, "n", "n"},
	{"a batch that is there is known", {{T0, 1, 300}}, {0}, {{T0, 300, {1}, 0}}, "k", "k"},
	{"another run of a bin that is there is new",
	 {{T0, 1, 300}},
	 {0},
	 {{T0, 300, {2}, 0}},
	 "n",
	 "n"},
	{"bins before and after touch, and do not overlap",
	 {{T0 - 300, 1, 300}, {T0 + 300, 1, 300}},
	 {0},
	 {{T0, 300, {1}, 0}},
	 "n",
	 "n"},
	{"a bin of another length at the same start is refused",
	 {{T0, 1, 60}},
	 {0},
	 {{T0, 300, {1}, 0}},
	 "r",
	 "r"},
	{"one that reaches into it is too",
	 {{T0 - 3300, 1, 3600}},
	 {0},
	 {{T0, 300, {1}, 0}},
	 "r",
	 "r"},
	{"and one that it covers", {{T0 + 240, 1, 60}}, {0}, {{T0, 300, {1}, 0}}, "r", "r"},
	{"the known batch beside one that overlaps does not help",
	 {{T0, 1, 300}, {T0 + 240, 2, 60}},
	 {0},
	 {{T0, 300, {1}, 0}},
	 "r",
	 "r"},
	{"both batches of a bin are there: known",
	 {{T0, 1, 300}, {T0, 2, 300}},
	 {0},
	 {{T0, 300, {1, 2}, 0}},
	 "k",
	 "k"},
	{"a bin of which a part is there is refused",
	 {{T0, 1, 300}},
	 {0},
	 {{T0, 300, {1, 2}, 0}},
	 "r",
	 "r"},
	{"of two that are the same in one put the second is known",
	 {{0}},
	 {0},
	 {{T0, 300, {1}, 0}, {T0, 300, {1}, 0}},
	 "nk",
	 "nk"},
	{"of two that overlap in one put the second is refused",
	 {{0}},
	 {0},
	 {{T0, 300, {1}, 0}, {T0 + 240, 60, {1}, 0}},
	 "nr",
	 "nr"},
	{"one that was refused stands in nobody's way",
	 {{T0, 1, 60}},
	 {0},
	 {{T0, 300, {1}, 0}, {T0 + 240, 60, {1}, 0}},
	 "rn",
	 "rn"},
	{"folded sums come in with the bins that follow",
	 {{0}},
	 {0},
	 {{T0, 0, {0}, HOUR_S}, {T0 + 300, 300, {1}, 0}},
	 "nn",
	 "nn"},
	{"folded sums alone need a batch where they lie beside one",
	 {{0}},
	 {0},
	 {{T0, 0, {0}, HOUR_S}},
	 "n",
	 "r"},
	{"and one that is known is none",
	 {{T0 + HOUR_S, 1, 300}},
	 {0},
	 {{T0, 0, {0}, HOUR_S}, {T0 + HOUR_S, 300, {1}, 0}},
	 "nk",
	 "rk"},
	{"folded sums that are there with their bins are known",
	 {{T0 + 300, 1, 300}},
	 {T0},
	 {{T0, 0, {0}, HOUR_S}, {T0 + 300, 300, {1}, 0}},
	 "kk",
	 "kk"},
	{"folded sums of bins that were not folded are refused where that is seen",
	 {{T0 + 300, 1, 300}},
	 {0},
	 {{T0, 0, {0}, HOUR_S}},
	 "r",
	 "k"},
	{"a new batch with folded sums over bins that are there is refused",
	 {{T0 + 3300, 1, 300}},
	 {0},
	 {{T0, 300, {1}, HOUR_S}},
	 "r",
	 "r"},
	{"the hour ends where the next begins",
	 {{T0 + HOUR_S, 1, 300}},
	 {0},
	 {{T0, 300, {1}, HOUR_S}},
	 "n",
	 "n"},
	{"a start that the tables cannot hold is refused",
	 {{0}},
	 {0},
	 {{UINT32_MAX, 300, {1}, 0}, {-300, 300, {1}, 0}, {T0, 300, {1}, 0}},
	 "nrn",
	 "rrn"},
};

static const struct {
	const char *name;
	struct made bins[5];
	struct {
		int64_t from, to;
	} spans[4];
} looks[] = {
	{"a day before and after a bin is looked at",
	 {{T0, 300, {1}, 0}},
	 {{T0 - DAY_S, T0 + DAY_S}}},
	{"bins near each other are looked at together, in whatever order they come",
	 {{T0, 300, {1}, 0}, {T0 - DAY_S, 300, {1}, 0}, {T0 + DAY_S, 300, {1}, 0}},
	 {{T0 - 2 * DAY_S, T0 + 2 * DAY_S}}},
	{"those far apart are not, so that no year is read for two bins",
	 {{T0, 300, {1}, 0}, {T0 + 300 * DAY_S, 300, {1}, 0}, {T0, 300, {2}, 0}},
	 {{T0 - DAY_S, T0 + DAY_S},
	  {T0 + 299 * DAY_S, T0 + 301 * DAY_S},
	  {T0 - DAY_S, T0 + DAY_S}}},
	{"what is refused for its start is not looked for",
	 {{-300, 300, {1}, 0}, {T0, 300, {1}, 0}, {INT64_MAX / 300 * 300, 300, {1}, 0}},
	 {{T0 - DAY_S, T0 + DAY_S}}},
};

static void
looking(void)
{
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		struct ledger_port_names names = {0};
		struct ledger_wholes bins;
		struct ledger_judge judge;
		struct utc_s from, to;
		(void)ledger_wholes_init(&bins, &names);
		for (const struct made *made = looks[i].bins; made->start; made++)
			add(&bins, made);
		ledger_judge_init(&judge, &bins, &apart);
		size_t n = 0;
		bool right = true;
		while (right && ledger_judge_span(&judge, &from, &to)) {
			right = from.s == looks[i].spans[n].from && to.s == looks[i].spans[n].to;
			n++;
		}
		ok(right && !looks[i].spans[n].from, "%s", looks[i].name);
		ledger_wholes_fini(&bins);
	}
}

static void
is_judged(const char *name, bool folded_apart, const char *got, const char *expected)
{
	char text[160];
	(void)snprintf(text, sizeof(text), "%s%s", name,
		       folded_apart ? "" : " (folded sums beside batches)");
	is_str(got, expected, text);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		is_judged(cases[i].name, true,
			  judged(&apart, cases[i].there, cases[i].folded, cases[i].bins),
			  cases[i].apart);
		is_judged(cases[i].name, false,
			  judged(&beside, cases[i].there, cases[i].folded, cases[i].bins),
			  cases[i].beside);
	}
	looking();
	return done_testing();
}
