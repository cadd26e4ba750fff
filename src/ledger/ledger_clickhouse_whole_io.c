/* The ClickHouse engine: reading bins whole. */
#include "ledger/ledger_clickhouse.h"
#include "ledger/ledger_store_row.h"

static enum ledger_store_error
read_batches(struct ledger_clickhouse *s, struct ledger_wholes *out, struct utc_s from,
	     struct utc_s to)
{
	struct buf sql = {0};
	struct cursor in, provenance;
	ledger_clickhouse_ask_batches(&sql, &s->place, from, to);
	enum ledger_store_error error = ledger_clickhouse_ask(s, &sql, &in);
	while (!error && cursor_left(&in)) {
		struct ledger_batch_row row = ledger_clickhouse_read_batch(&in, &provenance);
		struct ledger_whole *bin = ledger_wholes_at(out, row.start);
		if (!bin || !ledger_whole_add_row(bin, &row, provenance))
			return LEDGER_STORE_MEMORY;
	}
	return error ? error : ledger_clickhouse_read_whole(s, &in);
}

/* The runs of a port in a bin follow each other. */
static bool
add_port(struct ledger_whole *bin, const char *name, const struct ledger_fact *fact)
{
	size_t count = bin->ports.count;
	struct ledger_whole_port *last = count ? ledger_whole_port(bin, count - 1) : NULL;
	if (last && last->port == name) {
		ledger_fact_add(&last->fact, fact);
		return true;
	}
	struct ledger_whole_port *port = ledger_rows_next(&bin->ports);
	if (port)
		*port = (struct ledger_whole_port){name, *fact};
	return port != NULL;
}

static enum ledger_store_error
read_ports(struct ledger_clickhouse *s, struct ledger_wholes *out, struct utc_s from,
	   struct utc_s to)
{
	struct buf sql = {0};
	struct cursor in;
	ledger_clickhouse_ask_ports_of(&sql, &s->place, from, to);
	enum ledger_store_error error = ledger_clickhouse_ask(s, &sql, &in);
	while (!error && cursor_left(&in)) {
		uint32_t number = ledger_clickhouse_number(s, ledger_clickhouse_read_string(&in));
		struct ledger_fact fact = ledger_clickhouse_read_bin(&in);
		struct ledger_whole *bin = ledger_wholes_at(out, fact.start);
		if (!bin || !number || !add_port(bin, s->ports.names[number - 1], &fact))
			return LEDGER_STORE_MEMORY;
	}
	return error ? error : ledger_clickhouse_read_whole(s, &in);
}

/* The sums are filed under their batches, whose length they have. */
static struct ledger_sums *
sums_of(struct ledger_wholes *out, enum ledger_sum_kind kind, struct utc_s start, uint64_t run)
{
	struct ledger_whole *bin = ledger_wholes_at(out, start);
	struct ledger_whole_sums key = {.kind = kind, .run = run};
	if (!bin)
		return NULL;
	if (bin->batches.count)
		key.length_s = ledger_whole_batch(bin, 0)->told.length_s;
	return ledger_whole_sums_of(bin, &key);
}

static enum ledger_store_error
read_sums(struct ledger_clickhouse *s, struct ledger_wholes *out, enum ledger_sum_kind kind,
	  struct utc_s from, struct utc_s to)
{
	struct buf sql = {0};
	struct cursor in;
	ledger_clickhouse_ask_sums_of(&sql, &s->place, kind, from, to);
	enum ledger_store_error error = ledger_clickhouse_ask(s, &sql, &in);
	while (!error && cursor_left(&in)) {
		struct utc_s start = {ledger_clickhouse_read_u32(&in)};
		uint64_t run = ledger_clickhouse_read_u64(&in);
		struct ledger_sum sum =
			ledger_clickhouse_read_sum(&in, kind, ledger_clickhouse_number, s);
		struct ledger_sums *sums = in.failed ? NULL : sums_of(out, kind, start, run);
		if (!in.failed && !sums)
			return LEDGER_STORE_MEMORY;
		if (sums)
			ledger_sums_add(sums, &sum);
		if (sums && sums->failed)
			return LEDGER_STORE_MEMORY;
	}
	return error ? error : ledger_clickhouse_read_whole(s, &in);
}

enum ledger_store_error
ledger_clickhouse_read(struct ledger_store *store, struct ledger_wholes *out, struct utc_s from,
		       struct utc_s to)
{
	struct ledger_clickhouse *s = ledger_clickhouse_of(store);
	out->names = &s->ports;
	enum ledger_store_error error = read_batches(s, out, from, to);
	if (!error)
		error = read_ports(s, out, from, to);
	for (int kind = 1; kind <= LEDGER_SUM_KINDS && !error; kind++)
		error = read_sums(s, out, (enum ledger_sum_kind)kind, from, to);
	ledger_wholes_sort(out);
	return error;
}
