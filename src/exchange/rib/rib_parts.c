/* Who is told what of a prefix: parts, each a form and those who hold it, as they were and as they are.
 *
 * With a view for each of hundreds of sessions there are as many parts, so those that are the same are not looked for
 * one after the other: an index of rib->before by what tells parts apart first, the attributes and the edit.
 *
 *   by_form: [ 0 | 2 | 0 | 1 | 4 | 3 | 0 | 0 ]    of parts, from 1; the next place where one is taken */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/rib/rib_internal.h"

void
rib_parts_append(struct rib_parts *parts, struct rib_form form, uint32_t verdict, uint32_t holders)
{
	parts->items =
		rib_grow(parts->items, &parts->capacity, parts->count + 1, sizeof(*parts->items));
	parts->items[parts->count++] = (struct rib_part){form, verdict, holders};
}

static bool
same_told(const struct rib *rib, uint32_t a, uint32_t b)
{
	if (a == b || !a || !b)
		return a == b;
	const struct rib_kept_mark *x = rib_mark_at(rib, a), *y = rib_mark_at(rib, b);
	if (x->late != y->late || x->told != y->told)
		return false;
	return !x->told ||
	       (x->reasons == y->reasons && x->refused == y->refused && x->rpki == y->rpki);
}

/* The verdict is part of what an edit sees. */
static bool
same_verdict(const struct rib *rib, const struct rib_form *form, uint32_t a, uint32_t b)
{
	if (a == b)
		return true;
	const struct rib_kept_verdict *x = rib_verdict_at(rib, a), *y = rib_verdict_at(rib, b);
	if (!form->edit && !form->told && x->plain && y->plain)
		return x->adds_otc == y->adds_otc;
	return x->reasons == y->reasons && x->refused == y->refused && x->facts == y->facts &&
	       x->plain == y->plain && x->form == y->form &&
	       (!form->told || x->telling == y->telling);
}

bool
rib_parts_same(const struct rib *rib, const struct rib_part *a, const struct rib_part *b)
{
	return rib_attrs_equal(&rib->attrs, a->form.attrs, b->form.attrs) &&
	       a->form.edit == b->form.edit && same_told(rib, a->form.told, b->form.told) &&
	       same_verdict(rib, &a->form, a->verdict, b->verdict);
}

static uint64_t
form_hash(const struct rib *rib, const struct rib_part *part)
{
	/* Two sets of attributes are the same where one stands in for the other (rib_attrs_equal). */
	uint32_t attrs = rib->attrs.unlisted ? rib_attrs_at(&rib->attrs, part->form.attrs)->hash
					     : part->form.attrs;
	return hash_u64((uint64_t)part->form.edit << 32 | attrs);
}

/* Puts rib->before into the index; returns the mask of its places. */
static size_t
index_before(struct rib *rib)
{
	const struct rib_parts *before = &rib->before;
	size_t size = 4;
	while (size < before->count * 2)
		size *= 2;
	rib->by_form = rib_grow(rib->by_form, &rib->by_form_capacity, size, sizeof(*rib->by_form));
	memset(rib->by_form, 0, size * sizeof(*rib->by_form));
	for (size_t i = 0; i < before->count; i++) {
		size_t at = form_hash(rib, &before->items[i]) & (size - 1);
		while (rib->by_form[at])
			at = (at + 1) & (size - 1);
		rib->by_form[at] = (uint32_t)i + 1;
	}
	return size - 1;
}

void
rib_parts_differ(struct rib *rib)
{
	size_t mask = rib->before.count && rib->after.count ? index_before(rib) : 0;
	rib->told.count = 0;
	for (size_t i = 0; i < rib->after.count; i++) {
		const struct rib_part *part = &rib->after.items[i];
		uint32_t who = part->holders;
		size_t at = mask ? form_hash(rib, part) & mask : 0;
		for (uint32_t n; mask && who && (n = rib->by_form[at]) != 0; at = (at + 1) & mask)
			if (rib_parts_same(rib, &rib->before.items[n - 1], part))
				who = rib_set_andnot(rib->sets, who,
						     rib->before.items[n - 1].holders);
		if (who)
			rib_parts_append(&rib->told, part->form, part->verdict, who);
	}
}

void
rib_parts_fini(struct rib *rib)
{
	free(rib->before.items);
	free(rib->after.items);
	free(rib->told.items);
	free(rib->alike);
	free(rib->by_form);
}
