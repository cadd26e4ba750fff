/* What of the month's ways is of some ports, and by what it is told. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_way_parts.h"

__extension__ typedef unsigned __int128 wide;

enum { WHOLE = 10000 };

const char *
ledger_way_list_name(int list)
{
	return list == LEDGER_WAY_SEGMENTS ? "segments" : ways_class_name((enum ways_class)list);
}

/* --- percent --- */

uint32_t
ledger_way_percent(uint64_t part, uint64_t whole)
{
	if (!part || !whole)
		return 0;
	if (part >= whole)
		return WHOLE;
	uint32_t percent = (uint32_t)(((wide)part * WHOLE + whole / 2) / whole);
	return percent == 0 ? 1 : percent == WHOLE ? WHOLE - 1 : percent;
}

/* The part that loses least by one more being taken from it, or gains most by one more; of equal ones the last, which
 * is what is unknown. */
static size_t
next_of(const uint32_t *out, const uint64_t *parts, size_t count, wide sum, bool up)
{
	size_t best = SIZE_MAX;
	__int128 best_gap = 0;
	for (size_t i = 0; i < count; i++) {
		__int128 gap = (__int128)((wide)parts[i] * WHOLE) - (__int128)(sum * out[i]);
		if (!parts[i] || (!up && out[i] <= 1))
			continue;
		if (best == SIZE_MAX || (up ? gap >= best_gap : gap < best_gap)) {
			best = i;
			best_gap = gap;
		}
	}
	return best;
}

void
ledger_way_percents(uint32_t *out, const uint64_t *parts, size_t count)
{
	wide sum = 0;
	int64_t left = WHOLE;
	for (size_t i = 0; i < count; i++)
		sum += parts[i];
	for (size_t i = 0; i < count; i++) {
		out[i] = sum ? (uint32_t)((wide)parts[i] * WHOLE / sum) : 0;
		if (parts[i] && !out[i])
			out[i] = 1;
		left -= out[i];
	}
	while (sum && left) {
		size_t i = next_of(out, parts, count, sum, left > 0);
		/* More parts than hundredths: they cannot be told one by one. */
		if (i == SIZE_MAX)
			return;
		out[i] += left > 0 ? 1 : -1;
		left += left > 0 ? -1 : 1;
	}
}

/* --- sums --- */

struct sums {
	struct ledger_way *out;
	struct ledger_way_month *month;
	struct arena *arena;
	bool *is_of; /* by number of port */
	struct ledger_way_row *by_path;
	uint32_t path_count;
	size_t capacities[LEDGER_WAY_LISTS];
	bool no_memory, overflow;
};

static void
add(struct sums *s, uint64_t *sum, uint64_t more)
{
	s->overflow |= __builtin_add_overflow(*sum, more, sum);
}

static void
add_amount(struct sums *s, struct ledger_way_amount *amount, const struct ledger_way_amount *more)
{
	add(s, &amount->octets, more->octets);
	add(s, &amount->estimated, more->estimated);
}

static void
take_total(struct sums *s)
{
	const struct ledger_sums *total = &s->month->total;
	for (size_t i = 0; i < total->count; i++) {
		const struct ledger_sum *sum = &total->items[i];
		if (!s->is_of[sum->upper >> 1])
			continue;
		struct ledger_way_row *row = &s->by_path[sum->lower];
		add(s, sum->upper & 1 ? &s->out->out : &s->out->in, sum->octets);
		add(s, &row->amount.octets, sum->octets);
		add(s, &row->amount.estimated, sum->packets);
		add(s, &row->samples, sum->samples);
		if (sum->next)
			add(s, &s->out->split, sum->octets);
	}
}

/* Adds to a row of a list; there are as many as names, so they are looked through. */
static void
share(struct sums *s, int list, const char *name, const struct ledger_way_amount *amount)
{
	struct ledger_way *out = s->out;
	size_t count = out->list_counts[list], i = 0;
	while (i < count && strcmp(out->lists[list][i].name, name) != 0)
		i++;
	if (i == count && count == s->capacities[list]) {
		size_t capacity = count ? 2 * count : 16;
		struct ledger_way_share *more = arena_take(s->arena, capacity * sizeof(*more));
		if (!more) {
			s->no_memory = true;
			return;
		}
		if (count)
			memcpy(more, out->lists[list], count * sizeof(*more));
		out->lists[list] = more;
		s->capacities[list] = capacity;
	}
	if (i == count) {
		out->lists[list][i] = (struct ledger_way_share){.name = arena_str(s->arena, name)};
		s->no_memory |= !out->lists[list][i].name;
		out->list_counts[list]++;
		if (s->no_memory)
			return;
	}
	add_amount(s, &out->lists[list][i].amount, amount);
}

/* A segment that is crossed twice is one that is crossed. */
static bool
before(const struct ways_names *names, size_t end)
{
	for (size_t i = 0; i < end; i++)
		if (strcmp(names->items[i], names->items[end]) == 0)
			return true;
	return false;
}

static bool
crosses_one(const struct ways_names *crossed, const struct ways_names *names)
{
	for (size_t i = 0; i < crossed->count; i++)
		for (size_t k = 0; k < names->count; k++)
			if (strcmp(crossed->items[i], names->items[k]) == 0)
				return true;
	return false;
}

static void
take_path(struct sums *s, const struct ledger_way_row *row)
{
	const struct ledger_way_path *path = &row->path;
	struct ledger_way *out = s->out;
	if (path->basis == LEDGER_WAY_UNKNOWN) {
		out->unknown = row->amount.octets;
		return;
	}
	add(s, &out->estimated, row->amount.estimated);
	for (int class = 0; class < WAYS_CLASSES; class ++)
		for (size_t i = 0; i < path->crosses[class].count && !s->no_memory; i++)
			share(s, class, path->crosses[class].items[i], &row->amount);
	for (size_t i = 0; i < path->segments.count && !s->no_memory; i++)
		if (!before(&path->segments, i))
			share(s, LEDGER_WAY_SEGMENTS, path->segments.items[i], &row->amount);
	if (out->promised.count)
		add_amount(s,
			   crosses_one(&path->crosses[WAYS_COUNTRIES], &out->promised)
				   ? &out->broken
				   : &out->kept,
			   &row->amount);
}

static uint64_t
mean(wide sum, uint64_t octets)
{
	return octets ? (uint64_t)((sum + octets / 2) / octets) : 0;
}

static void
take_means(struct sums *s)
{
	wide length = 0, latency = 0;
	uint64_t known = 0;
	for (uint32_t i = 1; i < s->path_count; i++) {
		const struct ledger_way_row *row = &s->by_path[i];
		length += (wide)row->amount.octets * row->path.length_m;
		latency += (wide)row->amount.octets * row->path.latency_us;
		known += row->amount.octets;
	}
	s->out->length_m = mean(length, known);
	s->out->latency_us = mean(latency, known);
}

/* --- order --- */

static int
larger(const void *a, const void *b)
{
	const struct ledger_way_share *x = a, *y = b;
	if (x->amount.octets != y->amount.octets)
		return x->amount.octets > y->amount.octets ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int
compare_names(const struct ways_names *a, const struct ways_names *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		int sign = strcmp(a->items[i], b->items[i]);
		if (sign)
			return sign;
	}
	return a->count < b->count ? -1 : a->count > b->count;
}

/* Those that are known first, the largest of them at the top; of equal ones the order does not depend on when
 * they were met. */
static int
larger_row(const void *a, const void *b)
{
	const struct ledger_way_row *x = a, *y = b;
	bool x_known = x->path.basis != LEDGER_WAY_UNKNOWN,
	     y_known = y->path.basis != LEDGER_WAY_UNKNOWN;
	if (x_known != y_known)
		return x_known ? -1 : 1;
	if (x->amount.octets != y->amount.octets)
		return x->amount.octets > y->amount.octets ? -1 : 1;
	int sign = compare_names(&x->path.segments, &y->path.segments);
	if (!sign)
		sign = compare_names(&x->path.crosses[WAYS_COUNTRIES],
				     &y->path.crosses[WAYS_COUNTRIES]);
	if (!sign && x->path.basis != y->path.basis)
		sign = x->path.basis < y->path.basis ? -1 : 1;
	if (!sign && x->path.length_m != y->path.length_m)
		sign = x->path.length_m < y->path.length_m ? -1 : 1;
	return sign ? sign : (int)x->path.estimated - (int)y->path.estimated;
}

/* Rows and lists in their order, with texts that last as long as the arena. */
static void
put_rows(struct sums *s)
{
	struct ledger_way *out = s->out;
	out->rows = arena_take(s->arena, (s->path_count + 1) * sizeof(*out->rows));
	if (!out->rows) {
		s->no_memory = true;
		return;
	}
	for (uint32_t i = 0; i < s->path_count; i++) {
		struct ledger_way_row *row = &out->rows[out->row_count];
		if (!s->by_path[i].amount.octets)
			continue;
		*row = s->by_path[i];
		s->no_memory |= !ledger_way_copy_names(&row->path.segments, s->arena);
		for (int class = 0; class < WAYS_CLASSES; class ++)
			s->no_memory |= !ledger_way_copy_names(&row->path.crosses[class], s->arena);
		out->row_count++;
	}
	if (s->no_memory)
		return;
	qsort(out->rows, out->row_count, sizeof(*out->rows), larger_row);
	for (int list = 0; list < LEDGER_WAY_LISTS; list++)
		if (out->list_counts[list])
			qsort(out->lists[list], out->list_counts[list], sizeof(*out->lists[list]),
			      larger);
}

/* --- what was said, and promised --- */

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
add_promise(struct sums *s, const struct ways_promise *promise, size_t room)
{
	const char **items = (const char **)(uintptr_t)s->out->promised.items;
	if (!items)
		items = arena_take(s->arena, (room + 1) * sizeof(*items));
	s->out->promised.items = items;
	for (size_t i = 0; items && i < promise->countries.count; i++) {
		size_t k = 0, count = s->out->promised.count;
		while (k < count && strcmp(items[k], promise->countries.items[i]) != 0)
			k++;
		if (k < count)
			continue;
		items[count] = arena_str(s->arena, promise->countries.items[i]);
		s->no_memory |= !items[count];
		s->out->promised.count += items[count] != NULL;
	}
	s->no_memory |= !items;
}

/* States that hold in the time asked for. */
static void
take_states(struct sums *s, struct asn asn)
{
	const struct ledger_way_setting *set = &s->month->setting;
	struct ledger_way *out = s->out;
	size_t room = 0;
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < set->state_count; i++) {
			const struct ledger_way_state *state = &set->states[i];
			if (state->to.s <= set->from.s || state->from.s >= set->to.s)
				continue;
			const struct ways_promise *promise = ways_promise_of(state->ways, asn);
			if (promise && pass)
				add_promise(s, promise, room);
			if (pass)
				continue;
			room += promise ? promise->countries.count : 0;
			out->entries++;
			if (!out->first_entry || state->entry < out->first_entry)
				out->first_entry = state->entry;
			if (state->entry > out->last_entry) {
				out->last_entry = state->entry;
				out->last_hash = state->hash;
			}
		}
	}
	if (out->promised.count)
		qsort((void *)(uintptr_t)out->promised.items, out->promised.count,
		      sizeof(*out->promised.items), by_name);
}

int
ledger_way_of(struct ledger_way *out, struct ledger_way_month *m, struct arena *arena,
	      const struct ledger_way_of *of)
{
	struct ledger_way way = {
		.from = m->setting.from, .to = m->setting.to, .bin_s = m->setting.bin_s};
	struct sums s = {.out = &way,
			 .month = m,
			 .arena = arena,
			 .path_count = ledger_way_paths_count(m->paths)};
	s.is_of = arena_take(arena, m->port_count + 1);
	s.by_path = arena_take(arena, (s.path_count + 1) * sizeof(*s.by_path));
	if (!s.is_of || !s.by_path) {
		errno = ENOMEM;
		return -1;
	}
	for (uint32_t n = 0; n < m->port_count; n++)
		for (size_t i = 0; i < of->port_count; i++)
			s.is_of[n + 1] |= strcmp(m->ports[n], of->ports[i]) == 0;
	for (uint32_t i = 0; i < s.path_count; i++)
		s.by_path[i].path = *ledger_way_paths_at(m->paths, i);
	take_states(&s, of->asn);
	take_total(&s);
	for (uint32_t i = 0; i < s.path_count && !s.no_memory; i++)
		if (s.by_path[i].amount.octets)
			take_path(&s, &s.by_path[i]);
	take_means(&s);
	put_rows(&s);
	s.overflow |= way.in + way.out < way.in;
	if (s.no_memory || s.overflow) {
		errno = s.no_memory ? ENOMEM : EOVERFLOW;
		return -1;
	}
	*out = way;
	return 0;
}

/* --- held against what is there now --- */

static bool
near(uint64_t a, uint64_t b, uint64_t off)
{
	return (a > b ? a - b : b - a) <= off;
}

static bool
amounts_near(const struct ledger_way_amount *a, const struct ledger_way_amount *b, uint64_t off)
{
	return near(a->octets, b->octets, off) && near(a->estimated, b->estimated, off);
}

/* Each row of one list has its like in the other, or is small enough to be missing. */
static bool
lists_near(const struct ledger_way *a, const struct ledger_way *b, int list, uint64_t off)
{
	for (size_t i = 0; i < a->list_counts[list]; i++) {
		const struct ledger_way_share *x = &a->lists[list][i];
		struct ledger_way_amount other = {0};
		for (size_t k = 0; k < b->list_counts[list]; k++)
			if (strcmp(b->lists[list][k].name, x->name) == 0)
				other = b->lists[list][k].amount;
		if (!amounts_near(&x->amount, &other, off))
			return false;
	}
	return true;
}

static bool
same_names(const struct ways_names *a, const struct ways_names *b)
{
	return a->count == b->count && compare_names(a, b) == 0;
}

static bool
rows_same(const struct ledger_way *a, const struct ledger_way *b)
{
	if (a->row_count != b->row_count)
		return false;
	for (size_t i = 0; i < a->row_count; i++) {
		const struct ledger_way_row *x = &a->rows[i], *y = &b->rows[i];
		bool same = x->path.basis == y->path.basis &&
			    x->path.estimated == y->path.estimated &&
			    x->path.length_m == y->path.length_m &&
			    x->path.latency_us == y->path.latency_us &&
			    same_names(&x->path.segments, &y->path.segments) &&
			    amounts_near(&x->amount, &y->amount, 0) && x->samples == y->samples;
		for (int class = 0; class < WAYS_CLASSES; class ++)
			same = same && same_names(&x->path.crosses[class], &y->path.crosses[class]);
		if (!same)
			return false;
	}
	return true;
}

bool
ledger_way_follows(const struct ledger_way *proof, const struct ledger_way *now)
{
	bool coarse = proof->bin_s < now->bin_s;
	uint64_t off = coarse ? now->split : 0;
	if (proof->in != now->in || proof->out != now->out || proof->entries != now->entries ||
	    proof->first_entry != now->first_entry || proof->last_entry != now->last_entry ||
	    memcmp(&proof->last_hash, &now->last_hash, sizeof(now->last_hash)) != 0 ||
	    proof->bin_s > now->bin_s || !same_names(&proof->promised, &now->promised))
		return false;
	if (!near(proof->unknown, now->unknown, off) ||
	    !near(proof->estimated, now->estimated, off) ||
	    !amounts_near(&proof->kept, &now->kept, off) ||
	    !amounts_near(&proof->broken, &now->broken, off))
		return false;
	for (int list = 0; list < LEDGER_WAY_LISTS; list++)
		if (!lists_near(proof, now, list, off) || !lists_near(now, proof, list, off))
			return false;
	return coarse ||
	       (proof->length_m == now->length_m && proof->latency_us == now->latency_us &&
		proof->split == now->split && rows_same(proof, now));
}
