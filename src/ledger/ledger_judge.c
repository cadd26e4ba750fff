/* New, known or refused (ledger_store_take). */
#include "ledger/ledger_judge.h"

#include <assert.h>

enum { DAY_S = 86400 };

struct folded {
	enum ledger_sum_kind kind;
	struct utc_s start;
};

void
ledger_judge_init(struct ledger_judge *judge, const struct ledger_wholes *bins,
		  const struct ledger_judge_rules *rules)
{
	assert(rules->start_max <= INT64_MAX - DAY_S);
	*judge = (struct ledger_judge){
		.bins = bins,
		.rules = *rules,
		.batches = {.arena = bins->arena, .size = sizeof(struct ledger_judge_batch)},
		.folded = {.arena = bins->arena, .size = sizeof(struct folded)},
	};
}

/* --- what is there --- */

static bool
fits(const struct ledger_judge *judge, const struct ledger_whole *bin)
{
	return bin->start.s >= 0 && bin->start.s <= judge->rules.start_max;
}

/* No bin is longer than a day, nor are the sums of one. */
bool
ledger_judge_span(struct ledger_judge *judge, struct utc_s *from, struct utc_s *to)
{
	bool any = false;
	for (; judge->looked < judge->bins->items.count; judge->looked++) {
		const struct ledger_whole *bin = ledger_wholes_item(judge->bins, judge->looked);
		if (!fits(judge, bin))
			continue;
		const int64_t first = bin->start.s - DAY_S, end = bin->start.s + DAY_S;
		if (any && (first > to->s || end < from->s))
			break;
		from->s = any && from->s < first ? from->s : first;
		to->s = any && to->s > end ? to->s : end;
		any = true;
	}
	return any;
}

void
ledger_judge_note_batch(struct ledger_judge *judge, const struct ledger_judge_batch *there)
{
	struct ledger_judge_batch *place = ledger_rows_next(&judge->batches);
	if (place)
		*place = *there;
	else
		judge->failed = true;
}

void
ledger_judge_note_folded(struct ledger_judge *judge, enum ledger_sum_kind kind, struct utc_s start)
{
	struct folded *place = ledger_rows_next(&judge->folded);
	if (place)
		*place = (struct folded){kind, start};
	else
		judge->failed = true;
}

static const struct ledger_judge_batch *
batch_there(const struct ledger_judge *judge, size_t i)
{
	return (const struct ledger_judge_batch *)judge->batches.items + i;
}

static bool
any_begins(const struct ledger_judge *judge, int64_t from, int64_t end)
{
	for (size_t i = 0; i < judge->batches.count; i++) {
		const int64_t start = batch_there(judge, i)->start.s;
		if (start >= from && start < end)
			return true;
	}
	return false;
}

static bool
folded_there(const struct ledger_judge *judge, enum ledger_sum_kind kind, struct utc_s start)
{
	for (size_t i = 0; i < judge->folded.count; i++) {
		const struct folded *row = (const struct folded *)judge->folded.items + i;
		if (row->kind == kind && row->start.s == start.s)
			return true;
	}
	return false;
}

/* --- what becomes of a bin --- */

static enum ledger_put
of_batch(const struct ledger_judge *judge, const struct traffic_batch *told)
{
	const int64_t start = told->start.s, end = start + told->length_s;
	enum ledger_put result = LEDGER_PUT_NEW;
	for (size_t i = 0; i < judge->batches.count; i++) {
		const struct ledger_judge_batch *there = batch_there(judge, i);
		if (there->start.s == start && there->length_s == told->length_s) {
			if (there->run == told->run)
				result = LEDGER_PUT_KNOWN;
		} else if (there->start.s < end && there->start.s + there->length_s > start) {
			return LEDGER_PUT_REFUSED;
		}
	}
	return result;
}

/* A part of a bin is neither new nor known. */
static enum ledger_put
of_batches(const struct ledger_judge *judge, const struct ledger_whole *bin)
{
	size_t known = 0;
	for (size_t i = 0; i < bin->batches.count; i++) {
		enum ledger_put one = of_batch(judge, &ledger_whole_batch(bin, i)->told);
		if (one == LEDGER_PUT_REFUSED)
			return one;
		known += one == LEDGER_PUT_KNOWN;
	}
	if (!known)
		return LEDGER_PUT_NEW;
	return known == bin->batches.count ? LEDGER_PUT_KNOWN : LEDGER_PUT_REFUSED;
}

/* Folded sums stand for all bins of their hour or day: only where there is none they can be taken in. Those
 * without a batch of their own came with the bins that follow. */
static enum ledger_put
of_folded(const struct ledger_judge *judge, const struct ledger_whole *bin)
{
	for (size_t i = 0; i < bin->sums.count; i++) {
		const struct ledger_whole_sums *sums = ledger_whole_sums(bin, i);
		if (!sums->folded)
			continue;
		const bool bins = any_begins(judge, bin->start.s, bin->start.s + sums->length_s);
		const bool there = judge->rules.folded_apart
					   ? folded_there(judge, sums->kind, bin->start)
					   : bins;
		if (there && !bin->batches.count)
			return LEDGER_PUT_KNOWN;
		if (there || bins)
			return LEDGER_PUT_REFUSED;
	}
	return LEDGER_PUT_NEW;
}

static enum ledger_put
of_bin(struct ledger_judge *judge, const struct ledger_whole *bin)
{
	if (!fits(judge, bin))
		return LEDGER_PUT_REFUSED;
	enum ledger_put result = of_batches(judge, bin);
	if (result == LEDGER_PUT_NEW)
		result = of_folded(judge, bin);
	for (size_t i = 0; i < bin->batches.count && result == LEDGER_PUT_NEW; i++) {
		const struct traffic_batch *told = &ledger_whole_batch(bin, i)->told;
		ledger_judge_note_batch(judge, &(struct ledger_judge_batch){told->start, told->run,
									    told->length_s});
	}
	return result;
}

bool
ledger_judge_bins(struct ledger_judge *judge, enum ledger_put *results)
{
	const size_t count = judge->bins->items.count;
	bool place = judge->rules.folded_apart;
	for (size_t i = 0; i < count; i++) {
		const struct ledger_whole *bin = ledger_wholes_item(judge->bins, i);
		results[i] = of_bin(judge, bin);
		place |= results[i] == LEDGER_PUT_NEW && bin->batches.count;
	}
	/* Folded sums with no batch to lie beside. */
	for (size_t i = 0; i < count && !place; i++)
		if (results[i] == LEDGER_PUT_NEW)
			results[i] = LEDGER_PUT_REFUSED;
	return !judge->failed;
}
