/* Pairs of ports laid on ways, span by span. */
#include "ledger/ledger_way.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_way_parts.h"

__extension__ typedef unsigned __int128 wide;

enum { DAY_S = 86400 };

/* --- time --- */

static int
by_beginning(const void *a, const void *b)
{
	const struct ledger_way_state *x = a, *y = b;
	if (x->from.s != y->from.s)
		return x->from.s < y->from.s ? -1 : 1;
	return x->entry < y->entry ? -1 : x->entry > y->entry;
}

size_t
ledger_way_states(struct ledger_way_state *states, size_t count)
{
	size_t kept = 0;
	if (count)
		qsort(states, count, sizeof(*states), by_beginning);
	for (size_t i = 0; i < count; i++) {
		struct ledger_way_state s = states[i];
		if (i + 1 < count && states[i + 1].from.s < s.to.s)
			s.to = states[i + 1].from;
		if (s.from.s < s.to.s)
			states[kept++] = s;
	}
	return kept;
}

static int
by_time(const void *a, const void *b)
{
	int64_t x = ((const struct utc_s *)a)->s, y = ((const struct utc_s *)b)->s;
	return x < y ? -1 : x > y;
}

/* Adds the bin around a change: both its ends, as far as they are inside. */
static void
add_change(struct ledger_way_month *m, struct utc_s at)
{
	const struct ledger_way_setting *s = &m->setting;
	int64_t begin = at.s - at.s % s->bin_s, end = begin == at.s ? begin : begin + s->bin_s;
	if (begin > s->from.s && begin < s->to.s)
		m->bounds[m->bound_count++].s = begin;
	if (end > s->from.s && end < s->to.s && end != begin)
		m->bounds[m->bound_count++].s = end;
}

/* Where spans end. */
static int
take_bounds(struct ledger_way_month *m)
{
	const struct ledger_way_setting *s = &m->setting;
	size_t days = (size_t)((s->to.s - s->from.s) / DAY_S) + 2;
	m->bounds = arena_take(m->arena, (days + 4 * s->state_count + 2) * sizeof(*m->bounds));
	if (!m->bounds)
		return -1;
	m->bounds[m->bound_count++] = s->from;
	for (int64_t day = s->from.s - s->from.s % DAY_S + DAY_S; day < s->to.s; day += DAY_S)
		m->bounds[m->bound_count++].s = day;
	for (size_t i = 0; i < s->state_count; i++) {
		add_change(m, s->states[i].from);
		add_change(m, s->states[i].to);
	}
	m->bounds[m->bound_count++] = s->to;
	qsort(m->bounds, m->bound_count, sizeof(*m->bounds), by_time);
	size_t kept = 1;
	for (size_t i = 1; i < m->bound_count; i++)
		if (m->bounds[i].s != m->bounds[kept - 1].s)
			m->bounds[kept++] = m->bounds[i];
	m->bound_count = kept;
	return 0;
}

/* --- life --- */

/* All ports that the store knows now. */
static int
list_ports(struct ledger_way_month *m)
{
	while (ledger_store_port_name(m->store, m->port_count + 1))
		m->port_count++;
	m->ports = arena_take(m->arena, (m->port_count + 1) * sizeof(*m->ports));
	m->numbers = arena_take(m->arena, (m->port_count + 1) * sizeof(*m->numbers));
	m->worths = arena_take(m->arena, (m->port_count + 1) * sizeof(*m->worths));
	if (!m->ports || !m->numbers || !m->worths)
		return -1;
	for (uint32_t i = 0; i < m->port_count; i++) {
		m->numbers[i] = i + 1;
		m->ports[i] = arena_str(m->arena, ledger_store_port_name(m->store, i + 1));
		if (!m->ports[i])
			return -1;
	}
	return 0;
}

/* What was said, with the store's numbers of ports. */
static int
take_views(struct ledger_way_month *m)
{
	size_t count = m->setting.state_count;
	m->views = arena_take(m->arena, (count + 1) * sizeof(*m->views));
	for (size_t i = 0; i < count && m->views; i++) {
		const struct ways *ways = m->setting.states[i].ways;
		struct way_view *v = &m->views[i];
		v->view = ledger_way_view_new(m->arena, ways);
		v->port = arena_take(m->arena, (m->port_count + 1) * sizeof(*v->port));
		if (!v->view || !v->port)
			return -1;
		for (uint32_t p = 0; p < m->port_count; p++)
			v->port[p] = ways_port_of(ways, m->ports[p]);
	}
	return m->views ? 0 : -1;
}

struct ledger_way_month *
ledger_way_month_new(struct ledger_store *store, const struct ledger_way_setting *setting)
{
	assert(store && setting && setting->from.s < setting->to.s && setting->bin_s &&
	       DAY_S % setting->bin_s == 0);
	struct ledger_way_month *m = calloc(1, sizeof(*m));
	if (!m)
		return NULL;
	m->store = store;
	m->setting = *setting;
	m->arena = arena_new();
	m->paths = ledger_way_paths_new();
	if (m->arena && m->paths && take_bounds(m) == 0 && list_ports(m) == 0 && take_views(m) == 0)
		return m;
	ledger_way_month_free(m);
	return NULL;
}

void
ledger_way_month_free(struct ledger_way_month *m)
{
	if (!m)
		return;
	ledger_sums_fini(&m->total);
	ledger_way_paths_free(m->paths);
	arena_free(m->arena);
	free(m);
}

/* --- a span --- */

struct span {
	struct utc_s from, to;
	size_t first, end; /* states that hold in it, in part at least */
};

static struct span
span_of(const struct ledger_way_month *m, size_t at)
{
	struct span span = {m->bounds[at], m->bounds[at + 1], 0, 0};
	const struct ledger_way_setting *s = &m->setting;
	while (span.first < s->state_count && s->states[span.first].to.s <= span.from.s)
		span.first++;
	span.end = span.first;
	while (span.end < s->state_count && s->states[span.end].from.s < span.to.s)
		span.end++;
	return span;
}

/* Seconds of the span from its begin to a moment. */
static uint64_t
until(const struct span *span, struct utc_s at)
{
	int64_t s = at.s < span->from.s ? span->from.s : at.s > span->to.s ? span->to.s : at.s;
	return (uint64_t)(s - span->from.s);
}

static uint64_t
part_of(uint64_t whole, uint64_t of, uint64_t all)
{
	return (uint64_t)((wide)whole * of / all);
}

struct pair {
	struct ledger_pair_key key;
	const struct ledger_sum *sum;
};

/* Adds a part of a pair to both of its ports: that from time[0] to time[1] of time[2] seconds. */
static void
add_part(struct ledger_sums *out, const struct pair *pair, uint32_t path, bool split,
	 const uint64_t time[3])
{
	const struct ledger_sum *sum = pair->sum;
	struct ledger_sum part = {
		.lower = (uint64_t)path << 1 | split,
		.octets = part_of(sum->octets, time[1], time[2]) -
			  part_of(sum->octets, time[0], time[2]),
		.samples = part_of(sum->samples, time[1], time[2]) -
			   part_of(sum->samples, time[0], time[2]),
	};
	part.upper = (uint64_t)pair->key.from << 1;
	ledger_sums_add(out, &part);
	part.upper = (uint64_t)pair->key.to << 1 | 1;
	ledger_sums_add(out, &part);
}

/* The path of a pair by a state; UINT32_MAX without memory. */
static uint32_t
path_by(struct ledger_way_month *m, size_t state, const struct pair *pair)
{
	const struct way_view *v = &m->views[state];
	return ledger_way_path_of(m->paths, v->view, v->port[pair->key.from - 1],
				  v->port[pair->key.to - 1], pair->key.family);
}

/* Lays a pair on the ways of the span: on one, where all that was said is the same; else on each for its time.
 * False without memory. */
static bool
lay(struct ledger_way_month *m, struct ledger_sums *out, const struct span *span,
    const struct pair *pair)
{
	uint64_t length = (uint64_t)(span->to.s - span->from.s), covered = 0;
	uint32_t one = 0;
	bool same = true;
	for (size_t i = span->first; i < span->end; i++) {
		const struct ledger_way_state *s = &m->setting.states[i];
		uint32_t path = path_by(m, i, pair);
		if (path == UINT32_MAX)
			return false;
		same &= until(span, s->from) == covered && (i == span->first || path == one);
		covered = until(span, s->to);
		one = path;
	}
	/* Of a span of which nothing at all was said nothing is shared out either. */
	if ((same && covered == length) || span->first == span->end) {
		add_part(out, pair, one, false, (const uint64_t[]){0, length, length});
		return true;
	}
	uint64_t at = 0;
	for (size_t i = span->first; i < span->end; i++) {
		const struct ledger_way_state *s = &m->setting.states[i];
		uint64_t from = until(span, s->from), to = until(span, s->to);
		if (from > at)
			add_part(out, pair, 0, true, (const uint64_t[]){at, from, length});
		add_part(out, pair, path_by(m, i, pair), true,
			 (const uint64_t[]){from, to, length});
		at = to;
	}
	if (at < length)
		add_part(out, pair, 0, true, (const uint64_t[]){at, length, length});
	return true;
}

/* Adds one direction of a port to the total: samples as what was counted has them, and what of it no pair
 * explains as unknown. The sums are those of that port and direction, in order. */
static void
settle(struct ledger_way_month *m, uint64_t upper, const struct ledger_sum *sums, size_t count)
{
	const struct ledger_worth *w = &m->worths[(upper >> 1) - 1];
	uint64_t counted = upper & 1 ? w->out : w->in;
	wide all = 0, so_far = 0, flow = upper & 1 ? w->flow_out : w->flow_in;
	uint64_t told = 0;
	for (size_t i = 0; i < count; i++)
		all += sums[i].octets;
	if (flow > all)
		all = flow;
	for (size_t i = 0; i < count; i++) {
		uint32_t path = (uint32_t)(sums[i].lower >> 1);
		bool estimated = path && ((sums[i].lower & 1) ||
					  ledger_way_paths_at(m->paths, path)->estimated);
		so_far += sums[i].octets;
		uint64_t end = all ? (uint64_t)(counted * so_far / all) : 0;
		struct ledger_sum part = {.upper = upper,
					  .lower = path,
					  .octets = end - told,
					  .next = sums[i].lower & 1,
					  .packets = estimated ? end - told : 0,
					  .samples = sums[i].samples};
		ledger_sums_add(&m->total, &part);
		told = end;
	}
	if (told < counted)
		ledger_sums_add(&m->total,
				&(struct ledger_sum){.upper = upper, .octets = counted - told});
}

static void
settle_all(struct ledger_way_month *m, struct ledger_sums *laid)
{
	size_t at = 0;
	ledger_sums_sort(laid);
	for (uint64_t upper = 2; upper < ((uint64_t)m->port_count + 1) << 1; upper++) {
		size_t first = at;
		while (at < laid->count && laid->items[at].upper == upper)
			at++;
		settle(m, upper, laid->items + first, at - first);
	}
}

static bool
ports_moved(const struct ledger_way_month *m)
{
	for (uint32_t i = 0; i < m->port_count; i++) {
		const char *name = ledger_store_port_name(m->store, i + 1);
		if (!name || strcmp(name, m->ports[i]) != 0)
			return true;
	}
	return false;
}

/* Ports of the span, some at a time. */
static enum ledger_store_error
read_ports(struct ledger_way_month *m, const struct span *span)
{
	const struct ledger_steps steps = {span->from, span->to, DAY_S};
	uint32_t left = m->port_count - m->port, stride = m->store->engine->stride.ports;
	uint32_t count = left < stride ? left : stride;
	enum ledger_store_error error = ledger_store_worths(m->worths + m->port, m->store,
							    m->numbers + m->port, count, &steps);
	m->port += count;
	return error;
}

static enum ledger_store_error
read_pairs(struct ledger_way_month *m, const struct span *span)
{
	struct ledger_sums pairs = {0}, laid = {0};
	bool good = true;
	enum ledger_store_error error =
		ledger_store_sums(m->store, LEDGER_PAIRS, span->from, span->to, &pairs);
	if (!error) {
		/* In one order, however they are kept. */
		ledger_sums_sort(&pairs);
		for (size_t i = 0; i < pairs.count && good; i++) {
			struct pair pair = {ledger_pair_key(&pairs.items[i]), &pairs.items[i]};
			bool known = pair.key.from && pair.key.from <= m->port_count &&
				     pair.key.to && pair.key.to <= m->port_count;
			good = !known || lay(m, &laid, span, &pair);
		}
		settle_all(m, &laid);
	}
	if (!error && (!good || pairs.failed || laid.failed || m->total.failed))
		error = LEDGER_STORE_MEMORY;
	ledger_sums_fini(&pairs);
	ledger_sums_fini(&laid);
	return error;
}

enum ledger_way_turn
ledger_way_month_next(struct ledger_way_month *m)
{
	if (m->at + 1 >= m->bound_count)
		return LEDGER_WAY_END;
	struct span span = span_of(m, m->at);
	if (!m->port)
		memset(m->worths, 0, m->port_count * sizeof(*m->worths));
	if (ports_moved(m))
		return LEDGER_WAY_MOVED;
	enum ledger_store_error error;
	if (m->port < m->port_count) {
		error = read_ports(m, &span);
	} else {
		error = read_pairs(m, &span);
		m->port = 0;
		m->at++;
	}
	return error == LEDGER_STORE_OK       ? LEDGER_WAY_MORE
	       : error == LEDGER_STORE_MEMORY ? LEDGER_WAY_MEMORY
					      : LEDGER_WAY_STORE;
}
