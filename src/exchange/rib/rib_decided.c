/* What is decided about attribute sets and paths: verdicts, marks and their variants, interned; and
 * what follows from them together: who may have a path, and in which form. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/policy/policy.h"
#include "exchange/rib/rib_internal.h"

int
rib_decided_init(struct rib *rib)
{
	bool failed = false;
	failed |= rib_interned_init(&rib->verdicts, sizeof(struct rib_kept_verdict),
				    RIB_INTERN_NONE) < 0;
	failed |=
		rib_interned_init(&rib->marks, sizeof(struct rib_kept_mark), RIB_MARK_BITS + 1) < 0;
	failed |= rib_interned_init(&rib->cells, sizeof(struct rib_cell), RIB_INTERN_NONE) < 0;
	if (failed)
		return -1;
	const struct rib_kept_mark no_room = {.reasons = (uint64_t)1 << POLICY_NO_ROOM,
					      .refused = true};
	uint32_t number = rib_intern(&rib->marks, &no_room);
	assert(number == RIB_MARK_NO_ROOM);
	rib_interned_use(&rib->marks, number); /* it stays */
	return 0;
}

void
rib_decided_fini(struct rib *rib)
{
	rib_interned_fini(&rib->verdicts);
	rib_interned_fini(&rib->marks);
	rib_interned_fini(&rib->cells);
	free(rib->splits.shares);
}

static const struct rib_cell *
cell_at(const struct rib *rib, uint32_t number)
{
	return rib_interned_at(&rib->cells, number);
}

/* The list of variants, in order of edit, so that the same variants are the same list. */
static uint32_t
list_of(struct rib *rib, const struct rib_variant *variants, size_t count)
{
	uint32_t list = 0;
	uint64_t below = UINT64_MAX;
	while (count) {
		const struct rib_variant *next = NULL; /* the highest edit not taken yet */
		for (size_t i = 0; i < count; i++)
			if (variants[i].edit < below && (!next || variants[i].edit > next->edit))
				next = &variants[i];
		if (!next)
			return list;
		below = next->edit;
		uint32_t set = RIB_SET_EMPTY;
		for (size_t i = 0; i < count; i++)
			if (variants[i].edit == next->edit)
				set = rib_set_or(rib->sets, set, variants[i].set);
		if (!set || !next->edit)
			continue;
		struct rib_cell cell = {next->edit, set, list, 0};
		list = rib_intern(&rib->cells, &cell);
	}
	return 0;
}

uint32_t
rib_verdict_of(struct rib *rib, uint32_t attrs, const struct rib_verdict *verdict)
{
	struct rib_kept_verdict kept = {
		.reasons = verdict->reasons,
		.receivers = verdict->receivers,
		.variants = list_of(rib, verdict->variants, verdict->variant_count),
		.refused = verdict->refused,
		.plain = verdict->plain,
		.adds_otc = verdict->adds_otc,
		.preference = verdict->preference,
		.facts = verdict->facts,
		.local_pref = verdict->local_pref,
		.form = verdict->form,
		.telling = verdict->telling,
	};
	if (verdict->crossed)
		kept.needs |= 1u << RIB_ABLE_NEXT_HOP;
	rib_size_judge(rib, attrs, &kept);
	return rib_intern(&rib->verdicts, &kept);
}

uint32_t
rib_mark_of(struct rib *rib, const struct rib_mark *mark)
{
	if (!mark->reasons && !mark->refused && !mark->told && !mark->rpki && !mark->except &&
	    !mark->variant_count)
		return 0;
	struct rib_kept_mark kept = {
		.reasons = mark->reasons,
		.except = mark->except,
		.variants = list_of(rib, mark->variants, mark->variant_count),
		.refused = mark->refused,
		.rpki = mark->rpki,
		.told = mark->told,
	};
	/* Edit 0 for all of them is not the same as what the attributes say. */
	if (mark->variant_count && !kept.variants && mark->variants[0].set) {
		struct rib_cell cell = {.edit = 0, .set = mark->variants[0].set};
		kept.variants = rib_intern(&rib->cells, &cell);
	}
	uint32_t number = rib_intern(&rib->marks, &kept);
	if (number != RIB_INTERN_NONE)
		return number;
	rib->marks_missed++;
	return RIB_MARK_NO_ROOM;
}

bool
rib_marks_have_room(struct rib *rib)
{
	bool missed = rib_interned_head_at(&rib->marks, RIB_MARK_NO_ROOM)->uses > 1;
	if (missed)
		rib_interned_sweep(&rib->marks);
	return missed && rib->marks.live < RIB_MARK_BITS / 16 * 15;
}

uint32_t
rib_mark_for(struct rib *rib, uint32_t mark, uint32_t attrs, const struct prefix *prefix)
{
	uint32_t verdict = rib_attrs_at(&rib->attrs, attrs)->verdict;
	if (!(rib_verdict_at(rib, verdict)->tight & RIB_TIGHT_LONGER) || !rib_size_is_long(prefix))
		return mark;
	struct rib_kept_mark kept = *rib_mark_at(rib, mark);
	kept.long_prefix = true;
	uint32_t number = rib_intern(&rib->marks, &kept);
	return number != RIB_INTERN_NONE ? number : RIB_MARK_NO_ROOM;
}

uint32_t
rib_mark_late(struct rib *rib, uint32_t mark)
{
	struct rib_kept_mark kept = *rib_mark_at(rib, mark);
	kept.late = true;
	return rib_intern(&rib->marks, &kept);
}

/* --- sweeping --- */

bool
rib_decided_crowded(const struct rib *rib)
{
	return rib_sets_crowded(rib->sets) || rib_interned_crowded(&rib->verdicts) ||
	       rib_interned_crowded(&rib->marks) || rib_interned_crowded(&rib->cells);
}

static void
mark_list(struct rib *rib, uint32_t list)
{
	for (; list; list = cell_at(rib, list)->next) {
		rib_interned_head_at(&rib->cells, list)->uses = 1;
		rib_sets_mark(rib->sets, cell_at(rib, list)->set);
	}
}

/* Lists are not counted: they are found from the verdicts and marks that are left. */
static void
mark_decided(struct rib *rib)
{
	for (uint32_t i = 1; i < rib->cells.used; i++)
		rib_interned_head_at(&rib->cells, i)->uses = 0;
	for (uint32_t i = 0; i < rib->verdicts.used; i++) {
		if (!rib_interned_head_at(&rib->verdicts, i)->turn)
			continue;
		rib_sets_mark(rib->sets, rib_verdict_at(rib, i)->receivers);
		rib_sets_mark(rib->sets, rib_verdict_at(rib, i)->large);
		mark_list(rib, rib_verdict_at(rib, i)->variants);
	}
	for (uint32_t i = 0; i < rib->marks.used; i++) {
		if (!rib_interned_head_at(&rib->marks, i)->turn)
			continue;
		rib_sets_mark(rib->sets, rib_mark_at(rib, i)->except);
		mark_list(rib, rib_mark_at(rib, i)->variants);
	}
}

/* Sets and lists that it names are no more, or there are too many of them. */
static void
forget_splits(struct rib_splits *splits)
{
	memset(splits->table, 0, sizeof(splits->table));
	splits->count = 0;
}

void
rib_decided_sweep(struct rib *rib)
{
	rib_interned_sweep(&rib->verdicts);
	rib_interned_sweep(&rib->marks);
	mark_decided(rib);
	rib_interned_sweep(&rib->cells);
	uint64_t end = rib_log_run_end(&rib->log);
	for (uint64_t run = rib->log.batches[0].first_run; run < end; run++)
		rib_sets_mark(rib->sets, rib_log_run_at(&rib->log, run)->receivers);
	rib_sets_mark(rib->sets, rib->front);
	rib_sets_mark(rib->sets, rib->collectors);
	for (unsigned i = 0; i < RIB_ABILITIES; i++)
		rib_sets_mark(rib->sets, rib->able[i]);
	rib_steer_forget(rib);
	forget_splits(&rib->splits);
	rib_sets_sweep(rib->sets);
}

/* --- who, and how --- */

/* What every session must be able to that has such a path, bits by enum rib_ability. `told`: in any
 * case, as a collector is. */
static uint32_t
needs_of(const struct rib *rib, const struct rib_kept_verdict *verdict, uint32_t mark, bool told)
{
	const struct rib_kept_mark *kept = rib_mark_at(rib, mark);
	uint32_t needs = verdict->needs | (uint32_t)kept->late << RIB_ABLE_LATE;
	if (!verdict->tight)
		return needs;
	/* Nearly all are far from that, so what exactly a mark adds is not looked at. */
	bool more = told || kept->told || kept->late || kept->variants;
	if ((more && verdict->tight & RIB_TIGHT_MARKED) || kept->long_prefix)
		needs |= 1u << RIB_ABLE_LONG;
	if (more && verdict->tight & RIB_TIGHT_EXTENDED)
		needs |= 1u << RIB_ABLE_NEVER;
	return needs;
}

uint32_t
rib_receivers(struct rib *rib, uint32_t verdict, uint32_t mark)
{
	const struct rib_kept_verdict *kept = rib_verdict_at(rib, verdict);
	uint32_t receivers = kept->receivers;
	uint32_t needs = needs_of(rib, kept, mark, false);
	if (kept->large) {
		uint32_t unable = rib_set_andnot(rib->sets, kept->large, rib->able[RIB_ABLE_LONG]);
		receivers = rib_set_andnot(rib->sets, receivers, unable);
	}
	for (unsigned i = 0; needs >> i; i++)
		if (needs >> i & 1)
			receivers = rib_set_and(rib->sets, receivers, rib->able[i]);
	uint32_t except = mark ? rib_mark_at(rib, mark)->except : RIB_SET_EMPTY;
	return rib_set_andnot(rib->sets, receivers, except);
}

/* Who of 64 sessions can take a path, as far as these abilities go, whoever is meant to have it. */
static uint64_t
able_word(const struct rib *rib, const struct rib_path *path, bool told, uint32_t which,
	  size_t word)
{
	const struct rib_kept_verdict *verdict =
		rib_verdict_at(rib, rib_path_attrs(rib, path)->verdict);
	uint32_t needs = needs_of(rib, verdict, path->mark, told) & which;
	uint64_t able = ~(rib_set_word(rib->sets, verdict->large, word) &
			  ~rib_set_word(rib->sets, rib->able[RIB_ABLE_LONG], word));
	for (unsigned i = 0; needs >> i; i++)
		if (needs >> i & 1)
			able &= rib_set_word(rib->sets, rib->able[i], word);
	return able;
}

uint64_t
rib_receivers_word(const struct rib *rib, const struct rib_path *path, size_t word)
{
	uint32_t verdict = rib_path_attrs(rib, path)->verdict;
	return rib_set_word(rib->sets, rib_verdict_at(rib, verdict)->receivers, word) &
	       ~rib_set_word(rib->sets, rib_mark_at(rib, path->mark)->except, word) &
	       able_word(rib, path, false, UINT32_MAX, word);
}

/* True when the session can take it, whoever is meant to have it. */
static bool
is_able(const struct rib *rib, const struct rib_path *path, unsigned slot)
{
	bool told = rib_path_refused(path);
	return able_word(rib, path, told, UINT32_MAX, slot / 64) >> slot % 64 & 1;
}

bool
rib_is_fit(const struct rib *rib, const struct rib_path *path, unsigned slot)
{
	uint32_t sizes = 1u << RIB_ABLE_LONG | 1u << RIB_ABLE_IDS | 1u << RIB_ABLE_AS4 |
			 1u << RIB_ABLE_NEVER;
	bool told = rib_path_refused(path);
	return able_word(rib, path, told, sizes, slot / 64) >> slot % 64 & 1;
}

bool
rib_may_collect(const struct rib *rib, const struct rib_path *path, unsigned slot)
{
	const struct rib_kept_verdict *verdict =
		rib_verdict_at(rib, rib_path_attrs(rib, path)->verdict);
	/* A set that is not refused as a whole names ordinary receivers. */
	bool meant = !verdict->refused || rib_set_has(rib->sets, verdict->receivers, slot);
	/* And so does a mark that does not refuse. */
	const struct rib_kept_mark *mark = rib_mark_at(rib, path->mark);
	meant = meant && !(mark->refused && rib_set_has(rib->sets, mark->except, slot));
	/* Nor is it known who may hear of what there was no room for. */
	meant = meant && (path->mark & RIB_MARK_BITS) != RIB_MARK_NO_ROOM;
	return rib_path_refused(path) && meant && is_able(rib, path, slot);
}

bool
rib_may_receive(const struct rib *rib, const struct rib_path *path, unsigned slot)
{
	return rib_receivers_word(rib, path, slot / 64) >> slot % 64 & 1;
}

static uint32_t
told_of(const struct rib *rib, uint32_t mark)
{
	const struct rib_kept_mark *kept = rib_mark_at(rib, mark);
	return kept->told || kept->late ? (mark & RIB_MARK_BITS) | RIB_TOLD : 0;
}

static uint32_t
variants_of(const struct rib *rib, uint32_t verdict, uint32_t mark)
{
	uint32_t of_mark = rib_mark_at(rib, mark)->variants;
	return of_mark ? of_mark : rib_verdict_at(rib, verdict)->variants;
}

struct rib_form
rib_form_for(const struct rib *rib, const struct rib_path *path, unsigned slot)
{
	struct rib_form form = {.attrs = path->attrs, .told = told_of(rib, path->mark)};
	if (rib_path_refused(path)) {
		form.told = (path->mark & RIB_MARK_BITS) | RIB_TOLD;
		return form;
	}
	uint32_t list = variants_of(rib, rib_path_attrs(rib, path)->verdict, path->mark);
	for (; list; list = cell_at(rib, list)->next) {
		if (!rib_set_has(rib->sets, cell_at(rib, list)->set, slot))
			continue;
		form.edit = cell_at(rib, list)->edit;
		break;
	}
	return form;
}

uint64_t
rib_form_digest(const struct rib *rib, const struct rib_form *form)
{
	const struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, form->attrs);
	const struct rib_kept_verdict *verdict = rib_verdict_at(rib, attrs->verdict);
	const struct rib_kept_mark *mark = rib_mark_at(rib, form->told);
	unsigned hops = attrs->flags & (RIB_ATTRS_HOP_V6 | RIB_ATTRS_LINK_LOCAL);
	uint64_t digest = hash_bytes(attrs->bytes, attrs->length) ^
			  hash_u64((uint64_t)attrs->slot << 8 | hops);
	if (!form->edit && !form->told && verdict->plain)
		return hash_u64(digest ^ verdict->adds_otc);
	/* As rib_wire.c has it told. */
	bool refused = verdict->refused || mark->refused;
	bool told = form->told && (mark->told || refused);
	const uint64_t words[] = {
		form->edit,
		verdict->facts,
		verdict->reasons | (told ? mark->reasons : 0),
		verdict->refused || (told && mark->refused),
		form->told && mark->late,
		told ? mark->rpki : 0,
		verdict->form,
		told ? verdict->telling : 0,
	};
	return hash_bytes(words, sizeof(words)) ^ digest;
}

static void
add_share(struct rib_splits *splits, uint32_t edit, uint32_t set)
{
	splits->shares = rib_grow(splits->shares, &splits->capacity, splits->count + 1,
				  sizeof(*splits->shares));
	splits->shares[splits->count++] = (struct rib_split_part){edit, set};
}

/* Splits `holders` by the variants of the list. A list has as many as there are views, and the same holders come
 * again with prefix after prefix, so what came of it is remembered. */
static const struct rib_split *
split(struct rib *rib, uint32_t list, uint32_t holders)
{
	struct rib_splits *splits = &rib->splits;
	uint64_t key = hash_u64((uint64_t)list << 32 | holders);
	struct rib_split *found = &splits->table[key % RIB_SPLITS];
	if (found->list == list && found->holders == holders)
		return found;
	if (splits->count > RIB_SHARES_MAX)
		forget_splits(splits);
	*found = (struct rib_split){list, holders, splits->count, 0};
	for (; list && holders; list = cell_at(rib, list)->next) {
		if (!rib_sets_meet(rib->sets, holders, cell_at(rib, list)->set))
			continue;
		uint32_t share = rib_set_and(rib->sets, holders, cell_at(rib, list)->set);
		add_share(splits, cell_at(rib, list)->edit, share);
		holders = rib_set_andnot(rib->sets, holders, share);
	}
	if (holders)
		add_share(splits, 0, holders);
	found->count = splits->count - found->first;
	return found;
}

void
rib_parts_add(struct rib *rib, struct rib_parts *parts, const struct rib_offer *offer,
	      uint32_t holders)
{
	struct rib_form form = {.attrs = offer->attrs};
	uint32_t list = rib_verdict_at(rib, offer->verdict)->variants;
	if (!holders)
		return;
	if (offer->mark) {
		form.told = told_of(rib, offer->mark);
		list = variants_of(rib, offer->verdict, offer->mark);
	}
	if (!list) {
		rib_parts_append(parts, form, offer->verdict, holders);
		return;
	}
	const struct rib_split *shares = split(rib, list, holders);
	for (size_t i = 0; i < shares->count; i++) {
		const struct rib_split_part *share = &rib->splits.shares[shares->first + i];
		form.edit = share->edit;
		rib_parts_append(parts, form, offer->verdict, share->set);
	}
}
