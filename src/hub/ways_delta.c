/* What has changed since something that was said whole.
 *
 *	base ──┬── differences, by id ──► {"since": 17, "ways": [...], "gone": {...}}
 *	next ──┘                                        │
 *	base + that, merged table by table ◄────────────┘      (rows that did not change are the base's own)
 *
 * Always against a whole, never against another difference: so each can be read alone, and one that is damaged
 * harms no other. */
#include <stdlib.h>
#include <string.h>

#include "hub/ways_parts.h"

enum { TABLES = 5 };
static const char *const tables[TABLES] = {"segments", "ports", "exits", "ways", "promises"};

/* --- rows of two tables side by side --- */

static int
compare_numbers(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

/* The order of row `i` of one and row `k` of the other. */
typedef int compare_keys(const struct ways *a, uint32_t i, const struct ways *b, uint32_t k);

static int
segment_keys(const struct ways *a, uint32_t i, const struct ways *b, uint32_t k)
{
	return strcmp(a->segments[i].id, b->segments[k].id);
}

static int
port_keys(const struct ways *a, uint32_t i, const struct ways *b, uint32_t k)
{
	return strcmp(a->ports[i].id, b->ports[k].id);
}

static int
exit_keys(const struct ways *a, uint32_t i, const struct ways *b, uint32_t k)
{
	return strcmp(a->exits[i].session, b->exits[k].session);
}

static int
way_keys(const struct ways *a, uint32_t i, const struct ways *b, uint32_t k)
{
	const struct ways_way *x = &a->ways[i], *y = &b->ways[k];
	int sign = strcmp(x->site, y->site);
	sign = sign ? sign : compare_numbers(x->asn.number, y->asn.number);
	return sign ? sign : strcmp(a->exits[x->exit].session, b->exits[y->exit].session);
}

static int
promise_keys(const struct ways *a, uint32_t i, const struct ways *b, uint32_t k)
{
	return compare_numbers(a->promises[i].asn.number, b->promises[k].asn.number);
}

/* Do both rows say the same? */
typedef bool same_rows(const struct ways *a, uint32_t i, const struct ways *b, uint32_t k);

static bool
same_names(const struct ways_names *a, const struct ways_names *b)
{
	bool same = a->count == b->count;
	for (size_t i = 0; same && i < a->count; i++)
		same = strcmp(a->items[i], b->items[i]) == 0;
	return same;
}

static bool
same_steps(const struct ways *a, const struct ways_steps *x, const struct ways *b,
	   const struct ways_steps *y)
{
	bool same = x->count == y->count;
	for (size_t i = 0; same && i < x->count; i++)
		same = strcmp(a->segments[x->items[i]].id, b->segments[y->items[i]].id) == 0;
	return same;
}

static bool
same_segments(const struct ways *a, uint32_t i, const struct ways *b, uint32_t k)
{
	const struct ways_segment *x = &a->segments[i], *y = &b->segments[k];
	bool same = x->length_m == y->length_m && x->latency_us == y->latency_us &&
		    x->estimated == y->estimated;
	for (int class = 0; class < WAYS_CLASSES; class ++)
		same = same && same_names(&x->crosses[class], &y->crosses[class]);
	return same;
}

static bool
same_ports(const struct ways *a, uint32_t i, const struct ways *b, uint32_t k)
{
	const struct ways_port *x = &a->ports[i], *y = &b->ports[k];
	return x->asn.number == y->asn.number && strcmp(x->site, y->site) == 0 &&
	       strcmp(x->country, y->country) == 0 && x->has_contract == y->has_contract &&
	       same_steps(a, &x->bought, b, &y->bought);
}

static bool
same_exits(const struct ways *a, uint32_t i, const struct ways *b, uint32_t k)
{
	const struct ways_exit *x = &a->exits[i], *y = &b->exits[k];
	return x->ipv4 == y->ipv4 && x->ipv6 == y->ipv6 &&
	       strcmp(a->ports[x->port].id, b->ports[y->port].id) == 0;
}

static bool
same_ways(const struct ways *a, uint32_t i, const struct ways *b, uint32_t k)
{
	const struct ways_way *x = &a->ways[i], *y = &b->ways[k];
	return x->closed == y->closed && same_steps(a, &x->steps, b, &y->steps);
}

static bool
same_promises(const struct ways *a, uint32_t i, const struct ways *b, uint32_t k)
{
	return same_names(&a->promises[i].countries, &b->promises[k].countries);
}

static const struct {
	compare_keys *compare;
	same_rows *same;
} rows[TABLES] = {{segment_keys, same_segments},
		  {port_keys, same_ports},
		  {exit_keys, same_exits},
		  {way_keys, same_ways},
		  {promise_keys, same_promises}};

static size_t
count_of(const struct ways *ways, int table)
{
	const size_t counts[TABLES] = {ways->segment_count, ways->port_count, ways->exit_count,
				       ways->way_count, ways->promise_count};
	return counts[table];
}

/* --- writing --- */

static void
write_row(struct json *j, const struct ways *ways, int table, uint32_t i)
{
	if (table == 0)
		ways_segment_write(j, &ways->segments[i]);
	else if (table == 1)
		ways_port_write(j, ways, &ways->ports[i]);
	else if (table == 2)
		ways_exit_write(j, ways, &ways->exits[i]);
	else if (table == 3)
		ways_way_write(j, ways, &ways->ways[i]);
	else
		ways_promise_write(j, &ways->promises[i]);
}

static void
write_key(struct json *j, const struct ways *ways, int table, uint32_t i)
{
	if (table == 0) {
		json_str(j, NULL, ways->segments[i].id);
	} else if (table == 1) {
		json_str(j, NULL, ways->ports[i].id);
	} else if (table == 2) {
		json_str(j, NULL, ways->exits[i].session);
	} else if (table == 3) {
		const struct ways_way *w = &ways->ways[i];
		json_object(j, NULL);
		json_str(j, "site", w->site);
		json_u64(j, "asn", w->asn.number);
		json_str(j, "to", ways->exits[w->exit].session);
		json_object_end(j);
	} else {
		json_u64(j, NULL, ways->promises[i].asn.number);
	}
}

/* Rows that are new or others; or, `gone`, keys of those that are not there any more. */
static void
write_table(struct json *j, const struct ways *base, const struct ways *next, int table, bool gone)
{
	size_t count = count_of(base, table), others = count_of(next, table);
	json_array(j, tables[table]);
	for (uint32_t i = 0, k = 0; i < count || k < others;) {
		int sign = i == count    ? 1
			   : k == others ? -1
					 : rows[table].compare(base, i, next, k);
		if (gone && sign < 0)
			write_key(j, base, table, i);
		if (!gone && (sign > 0 || (sign == 0 && !rows[table].same(base, i, next, k))))
			write_row(j, next, table, k);
		i += sign <= 0;
		k += sign >= 0;
	}
	json_array_end(j);
}

void
ways_delta_write(const struct ways *base, const struct ways *next, uint64_t since, struct buf *out)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_u64(&j, "ways_version", 1);
	json_u64(&j, "since", since);
	json_utc(&j, "from", next->from);
	json_utc(&j, "until", next->until);
	json_str(&j, "why", next->why);
	for (int table = 0; table < TABLES; table++)
		write_table(&j, base, next, table, false);
	json_object(&j, "gone");
	for (int table = 0; table < TABLES; table++)
		write_table(&j, base, next, table, true);
	json_object_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

/* --- reading --- */

/* Two tables of one kind becoming one: rows of the base, and those that were said. */
struct merging {
	struct ways_reader *r;
	const struct ways *base;
	const struct ways *said; /* its tables are what was said so far */
	const struct json_value *gone;
	uint32_t *place[TABLES]; /* of rows of the base in what comes of it; UINT32_MAX: gone */
	bool moved[TABLES];      /* rows have other numbers than in the base */
};

/* Where a row of what comes of it is from. */
struct pick {
	bool said;
	uint32_t at;
};

static uint32_t
find_way(const struct merging *m, const struct json_value *key)
{
	const char *site = json_read_text(json_read_get(key, "site"));
	const char *to = json_read_text(json_read_get(key, "to"));
	uint32_t asn = ways_number(m->r, json_read_get(key, "asn"));
	uint32_t exit =
		to ? ways_find(m->base, NULL, m->base->exit_count, ways_exit_id, to) : UINT32_MAX;
	size_t low = 0, high = m->base->way_count;
	if (!site || exit == UINT32_MAX)
		return UINT32_MAX;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int sign = ways_compare(&m->base->ways[middle], site, (struct asn){asn}, exit);
		if (sign == 0)
			return (uint32_t)middle;
		if (sign < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return UINT32_MAX;
}

/* The row of the base that is called so; UINT32_MAX: there is none. */
static uint32_t
find_key(const struct merging *m, int table, const struct json_value *key)
{
	static ways_id_at *const ids[] = {ways_segment_id, ways_port_id, ways_exit_id};
	const char *id = json_read_text(key);
	if (table < 3)
		return id ? ways_find(m->base, NULL, count_of(m->base, table), ids[table], id)
			  : UINT32_MAX;
	if (table == 3)
		return find_way(m, key);
	uint32_t asn = ways_number(m->r, key);
	for (uint32_t i = 0; i < m->base->promise_count; i++)
		if (m->base->promises[i].asn.number == asn)
			return i;
	return UINT32_MAX;
}

/* Which rows of the base are gone, as m->place[table] is filled: UINT32_MAX there. */
static void
take_gone(struct merging *m, int table)
{
	const struct json_value *array = json_read_get(m->gone, tables[table]);
	if (!array || array->type != JSON_ARRAY)
		ways_wrong(m->r, "what is gone is missing");
	for (const struct json_value *v = json_read_first(array); v && !m->r->error; v = v->next) {
		uint32_t at = find_key(m, table, v);
		if (at == UINT32_MAX || m->place[table][at] == UINT32_MAX)
			ways_wrong(m->r, "something is gone that was not there");
		else
			m->place[table][at] = UINT32_MAX;
	}
}

/* Fills m->place[table]; the rows in their order. NULL when something is wrong. */
static struct pick *
merge(struct merging *m, int table, size_t *count)
{
	size_t old = count_of(m->base, table), said = count_of(m->said, table), n = 0;
	struct pick *picks = ways_take(m->r, old + said, sizeof(*picks));
	m->place[table] = ways_take(m->r, old, sizeof(*m->place[table]));
	if (m->r->error)
		return NULL;
	take_gone(m, table);
	for (uint32_t k = 1; k < said; k++)
		if (rows[table].compare(m->said, k - 1, m->said, k) >= 0)
			ways_wrong(m->r, "rows are not in order");
	for (uint32_t i = 0, k = 0; !m->r->error && (i < old || k < said);) {
		int sign = i == old    ? 1
			   : k == said ? -1
				       : rows[table].compare(m->base, i, m->said, k);
		bool gone = sign <= 0 && m->place[table][i] == UINT32_MAX;
		if (gone && sign == 0)
			ways_wrong(m->r, "something is gone, and there");
		if (sign <= 0 && !gone)
			m->place[table][i] = (uint32_t)n;
		if (sign <= 0)
			m->moved[table] |= gone || i != n;
		if (!gone || sign > 0)
			picks[n++] = sign >= 0 ? (struct pick){true, k} : (struct pick){false, i};
		i += sign <= 0;
		k += sign >= 0;
	}
	m->moved[table] |= n != old;
	*count = n;
	return m->r->error ? NULL : picks;
}

/* Steps of the base in the new numbers. */
static struct ways_steps
steps_now(struct merging *m, const struct ways_steps *steps)
{
	if (!m->moved[0] || !steps->count)
		return *steps;
	uint32_t *items = ways_take(m->r, steps->count, sizeof(*items));
	for (size_t i = 0; items && i < steps->count; i++) {
		items[i] = m->place[0][steps->items[i]];
		if (items[i] == UINT32_MAX)
			ways_wrong(m->r, "a way names a segment that is not there");
	}
	return (struct ways_steps){items, items ? steps->count : 0};
}

static void
take_segments(struct merging *m, const struct json_value *root, struct ways *said)
{
	struct ways *out = m->r->out;
	said->segments = ways_read_segments(m->r, root, &said->segment_count);
	struct pick *picks = merge(m, 0, &out->segment_count);
	struct ways_segment *all = picks ? ways_take(m->r, out->segment_count, sizeof(*all)) : NULL;
	for (size_t i = 0; all && i < out->segment_count; i++)
		all[i] = picks[i].said ? said->segments[picks[i].at]
				       : m->base->segments[picks[i].at];
	out->segments = all;
}

static void
take_ports(struct merging *m, const struct json_value *root, struct ways *said)
{
	struct ways *out = m->r->out;
	said->ports = ways_read_ports(m->r, root, &said->port_count);
	struct pick *picks = merge(m, 1, &out->port_count);
	bool as_it_was = picks && !said->port_count && !m->moved[0] && !m->moved[1];
	struct ways_port *all =
		picks && !as_it_was ? ways_take(m->r, out->port_count, sizeof(*all)) : NULL;
	for (size_t i = 0; all && i < out->port_count; i++) {
		all[i] = picks[i].said ? said->ports[picks[i].at] : m->base->ports[picks[i].at];
		if (!picks[i].said)
			all[i].bought = steps_now(m, &all[i].bought);
	}
	out->ports = as_it_was ? m->base->ports : all;
}

static void
take_exits(struct merging *m, const struct json_value *root, struct ways *said)
{
	struct ways *out = m->r->out;
	said->exits = ways_read_exits(m->r, root, &said->exit_count);
	struct pick *picks = merge(m, 2, &out->exit_count);
	struct ways_exit *all = picks ? ways_take(m->r, out->exit_count, sizeof(*all)) : NULL;
	for (size_t i = 0; all && i < out->exit_count; i++) {
		all[i] = picks[i].said ? said->exits[picks[i].at] : m->base->exits[picks[i].at];
		if (!picks[i].said)
			all[i].port = m->place[1][all[i].port];
		if (all[i].port == UINT32_MAX)
			ways_wrong(m->r, "an exit names a port that is not there");
	}
	out->exits = all;
}

static void
take_ways(struct merging *m, const struct json_value *root, struct ways *said)
{
	struct ways *out = m->r->out;
	said->ways = ways_read_ways(m->r, root, &said->way_count);
	said->exits = out->exits; /* which their numbers are of */
	struct pick *picks = m->r->error ? NULL : merge(m, 3, &out->way_count);
	bool as_it_was = picks && !said->way_count && !m->moved[0] && !m->moved[2] && !m->moved[3];
	struct ways_way *all =
		picks && !as_it_was ? ways_take(m->r, out->way_count, sizeof(*all)) : NULL;
	for (size_t i = 0; all && i < out->way_count; i++) {
		all[i] = picks[i].said ? said->ways[picks[i].at] : m->base->ways[picks[i].at];
		if (picks[i].said)
			continue;
		all[i].exit = m->place[2][all[i].exit];
		all[i].steps = steps_now(m, &all[i].steps);
		if (all[i].exit == UINT32_MAX)
			ways_wrong(m->r, "a way names an exit that is not there");
	}
	out->ways = as_it_was ? m->base->ways : all;
}

static void
take_promises(struct merging *m, const struct json_value *root, struct ways *said)
{
	struct ways *out = m->r->out;
	said->promises = ways_read_promises(m->r, root, &said->promise_count);
	struct pick *picks = merge(m, 4, &out->promise_count);
	struct ways_promise *all = picks ? ways_take(m->r, out->promise_count, sizeof(*all)) : NULL;
	for (size_t i = 0; all && i < out->promise_count; i++)
		all[i] = picks[i].said ? said->promises[picks[i].at]
				       : m->base->promises[picks[i].at];
	out->promises = all;
}

static void
read_all(struct ways_reader *r, const struct ways *base, const struct json_value *root)
{
	static void (*const take[TABLES])(struct merging * m, const struct json_value *root,
					  struct ways *said) = {
		take_segments, take_ports, take_exits, take_ways, take_promises};
	struct ways said = {0};
	struct merging m = {
		.r = r, .base = base, .said = &said, .gone = json_read_get(root, "gone")};
	ways_read_head(r, root);
	if (!json_read_get(root, "since"))
		ways_wrong(r, "it does not say since when it is otherwise");
	else
		r->out->since = ways_number(r, json_read_get(root, "since"));
	for (int table = 0; table < TABLES && !r->error; table++)
		take[table](&m, root, &said);
}

int
ways_delta_read(struct ways *out, struct arena *arena, const struct ways *base, struct cursor json,
		const char **error)
{
	struct ways ways = {0};
	struct ways_reader r = {.arena = arena, .out = &ways};
	struct arena *tree = arena_new();
	size_t length = cursor_left(&json);
	if (tree)
		read_all(&r, base,
			 length <= WAYS_LENGTH_MAX ? json_read(tree, (const char *)json.at, length)
						   : NULL);
	else
		ways_wrong(&r, "no memory");
	arena_free(tree);
	*error = r.error;
	if (r.error)
		return -1;
	*out = ways;
	return 0;
}
