/* The ClickHouse engine: its answers. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock_io.h"
#include "ledger/ledger_clickhouse.h"
#include "ledger/ledger_store_row.h"

enum {
	TOTALS_US = 1000000,
	NAMES_MAX = 64, /* ports that a question names; of more it asks for all */
	MONTH_S = 31 * 86400,
};

enum ledger_store_error
ledger_clickhouse_bins(struct ledger_facts *out, struct ledger_store *store, struct arena *arena,
		       const char *port, struct utc_s from, struct utc_s to)
{
	struct ledger_clickhouse *s = ledger_clickhouse_of(store);
	struct buf sql = {0};
	struct cursor in;
	*out = (struct ledger_facts){0};
	ledger_clickhouse_ask_bins(&sql, &s->place, port, from, to);
	enum ledger_store_error error = ledger_clickhouse_ask(s, &sql, &in);
	struct ledger_rows rows = {.arena = arena, .size = sizeof(struct ledger_fact)};
	struct ledger_fact *last = NULL;
	while (!error && cursor_left(&in)) {
		struct ledger_fact fact = ledger_clickhouse_read_bin(&in);
		/* Runs of one bin follow each other. */
		if (last && last->start.s == fact.start.s) {
			ledger_fact_add(last, &fact);
			continue;
		}
		last = ledger_rows_next(&rows);
		if (!last)
			return LEDGER_STORE_MEMORY;
		*last = fact;
	}
	if (!error)
		error = ledger_clickhouse_read_whole(s, &in);
	if (!error)
		*out = (struct ledger_facts){(struct ledger_fact *)rows.items, rows.count};
	return error;
}

static int
compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* The servers add up the bins that ledger_worth_add takes several of at once: what a bin is worth is
 * judged here alone. */
enum ledger_store_error
ledger_clickhouse_worths(struct ledger_worth *worths, struct ledger_store *store,
			 const uint32_t *ports, size_t count, const struct ledger_steps *steps)
{
	struct ledger_clickhouse *s = ledger_clickhouse_of(store);
	const char *names[NAMES_MAX];
	bool named = count <= NAMES_MAX;
	for (size_t i = 0; i < count && named; i++) {
		assert(ports[i] >= 1 && ports[i] <= s->ports.count);
		names[i] = s->ports.names[ports[i] - 1];
	}
	struct buf sql = {0};
	struct cursor in;
	size_t each = ledger_steps_count(steps);
	if (!count || !each)
		return LEDGER_STORE_OK;
	const struct ledger_clickhouse_ports asked = {names, named ? count : 0};
	ledger_clickhouse_ask_worths(&sql, &s->place, &asked, steps);
	enum ledger_store_error error = ledger_clickhouse_ask(s, &sql, &in);
	while (!error && cursor_left(&in)) {
		struct cursor name = ledger_clickhouse_read_string(&in);
		struct ledger_fact fact = ledger_clickhouse_read_worth(&in, steps->step_s);
		size_t step = ledger_steps_at(steps, fact.start);
		if (in.failed || step >= each) {
			cursor_fail(&in);
			break;
		}
		uint32_t number = ledger_clickhouse_number(s, name);
		const uint32_t *port =
			bsearch(&number, ports, count, sizeof(*ports), compare_numbers);
		if (!number)
			return LEDGER_STORE_MEMORY;
		if (port)
			ledger_worth_add(&worths[(size_t)(port - ports) * each + step], &fact);
	}
	return error ? error : ledger_clickhouse_read_whole(s, &in);
}

enum ledger_store_error
ledger_clickhouse_batches(struct ledger_store *store, struct arena *arena, struct utc_s from,
			  struct utc_s to, struct ledger_batch_row **out, size_t *count)
{
	struct ledger_clickhouse *s = ledger_clickhouse_of(store);
	struct buf sql = {0};
	struct cursor in;
	*out = NULL;
	*count = 0;
	ledger_clickhouse_ask_batches(&sql, &s->place, from, to);
	enum ledger_store_error error = ledger_clickhouse_ask(s, &sql, &in);
	struct ledger_rows rows = {.arena = arena, .size = sizeof(struct ledger_batch_row)};
	while (!error && cursor_left(&in)) {
		struct ledger_batch_row *row = ledger_rows_next(&rows);
		if (!row)
			return LEDGER_STORE_MEMORY;
		struct cursor provenance;
		*row = ledger_clickhouse_read_batch(&in, &provenance);
		ledger_batch_row_told(row, provenance);
	}
	if (!error)
		error = ledger_clickhouse_read_whole(s, &in);
	*out = (struct ledger_batch_row *)rows.items;
	*count = error ? 0 : rows.count;
	return error;
}

/* One question, whose answer has a row a key: the servers add up. */
enum ledger_store_error
ledger_clickhouse_sums(struct ledger_store *store, enum ledger_sum_kind kind, struct utc_s from,
		       struct utc_s to, struct ledger_sums *sums)
{
	struct ledger_clickhouse *s = ledger_clickhouse_of(store);
	struct buf sql = {0};
	struct cursor in;
	ledger_clickhouse_ask_sums(&sql, &s->place, kind, from, to);
	enum ledger_store_error error = ledger_clickhouse_ask(s, &sql, &in);
	while (!error && cursor_left(&in)) {
		struct ledger_sum sum =
			ledger_clickhouse_read_sum(&in, kind, ledger_clickhouse_number, s);
		if (!in.failed)
			ledger_sums_add(sums, &sum);
	}
	if (sums->failed)
		return LEDGER_STORE_MEMORY;
	return error ? error : ledger_clickhouse_read_whole(s, &in);
}

static enum ledger_store_error
read_totals(struct ledger_clickhouse *s, struct ledger_store_totals *totals)
{
	struct buf sql = {0};
	struct cursor in;
	ledger_clickhouse_ask_totals(&sql, &s->place);
	enum ledger_store_error error = ledger_clickhouse_ask(s, &sql, &in);
	if (error)
		return error;
	*totals = (struct ledger_store_totals){.batches = ledger_clickhouse_read_u64(&in)};
	totals->oldest.s = (int64_t)ledger_clickhouse_read_u64(&in);
	totals->newest_end.s = (int64_t)ledger_clickhouse_read_u64(&in);
	totals->ports = ledger_clickhouse_read_u64(&in);
	error = ledger_clickhouse_read_whole(s, &in);
	if (error)
		return error;
	ledger_clickhouse_ask_size(&sql, &s->place);
	/* Who may not read the system's tables is told no size. */
	if (ledger_clickhouse_ask(s, &sql, &in) == LEDGER_STORE_OK)
		totals->bytes = ledger_clickhouse_read_u64(&in);
	return LEDGER_STORE_OK;
}

enum ledger_store_error
ledger_clickhouse_count(struct ledger_store *store, struct utc_s from, struct utc_s to,
			uint64_t *batches)
{
	struct ledger_clickhouse *s = ledger_clickhouse_of(store);
	struct buf sql = {0};
	struct cursor in;
	ledger_clickhouse_ask_count(&sql, &s->place, from, to);
	enum ledger_store_error error = ledger_clickhouse_ask(s, &sql, &in);
	*batches = ledger_clickhouse_read_u64(&in);
	return error ? error : ledger_clickhouse_read_whole(s, &in);
}

enum ledger_store_error
ledger_clickhouse_totals(struct ledger_store *store, struct ledger_store_totals *totals)
{
	struct ledger_clickhouse *s = ledger_clickhouse_of(store);
	struct mono_us now = clock_mono();
	if (!s->totals_at.us || now.us - s->totals_at.us > TOTALS_US) {
		struct ledger_store_totals fresh;
		enum ledger_store_error error = read_totals(s, &fresh);
		if (error)
			return error;
		/* Another ledger of the cluster put something: batches are never taken away. */
		s->changes += fresh.batches != s->totals.batches;
		s->totals = fresh;
		s->totals_at = now;
	}
	*totals = s->totals;
	totals->changes = s->changes;
	return LEDGER_STORE_OK;
}

static enum ledger_store_error
read_checks(struct ledger_clickhouse *s, enum ledger_clickhouse_table table, struct utc_s from,
	    struct utc_s to, struct ledger_sums *checks)
{
	struct buf sql = {0};
	struct cursor in;
	ledger_clickhouse_ask_checks(&sql, &s->place, table, from, to);
	enum ledger_store_error error = ledger_clickhouse_ask(s, &sql, &in);
	while (!error && cursor_left(&in)) {
		struct ledger_sum check = {.lower = ledger_clickhouse_read_u32(&in)};
		check.octets = ledger_clickhouse_read_u64(&in);
		check.packets = ledger_clickhouse_read_u64(&in);
		ledger_sums_add(checks, &check);
	}
	if (checks->failed)
		return LEDGER_STORE_MEMORY;
	return error ? error : ledger_clickhouse_read_whole(s, &in);
}

/* The servers check their own parts; here: what the batches brought is what their ports have. */
enum ledger_store_error
ledger_clickhouse_verify(struct ledger_store *store, struct buf *faults)
{
	struct ledger_clickhouse *s = ledger_clickhouse_of(store);
	struct ledger_store_totals totals;
	s->totals_at.us = 0;
	enum ledger_store_error error = ledger_clickhouse_totals(store, &totals);
	if (error)
		return error;
	for (struct utc_s from = totals.oldest; !error && from.s < totals.newest_end.s;
	     from.s += MONTH_S) {
		struct ledger_sums batches = {0}, ports = {0};
		struct utc_s to = {from.s + MONTH_S};
		error = read_checks(s, LEDGER_CH_BATCH, from, to, &batches);
		if (!error)
			error = read_checks(s, LEDGER_CH_BIN, from, to, &ports);
		if (!error)
			ledger_check_compare(&batches, &ports, faults);
		ledger_sums_fini(&batches);
		ledger_sums_fini(&ports);
	}
	return error;
}
