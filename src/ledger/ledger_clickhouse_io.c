/* The ClickHouse engine: opening and putting.
 *
 * There are no transactions over several tables. A put writes the rows of bins and sums first and
 * the rows of the batches last; what is asked for reads only rows whose batch is there. So a put
 * that fails at any point left nothing that is seen, and the next try writes the same rows again:
 * the servers drop a block that they have, and a row that is there twice is read once. */
#include "ledger/ledger_clickhouse_io.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_clickhouse.h"

enum {
	ROWS_AT_ONCE = 100000,
	DAY_S = 86400,
};

uint32_t
ledger_clickhouse_number(void *context, struct cursor name)
{
	struct ledger_clickhouse *s = context;
	struct buf text = {0};
	buf_put(&text, name.at, cursor_left(&name));
	buf_u8(&text, 0);
	uint32_t number = 0;
	if (!text.failed && !name.failed) {
		const char *port = (const char *)text.data;
		number = ledger_port_names_find(&s->ports, port);
		if (!number && ledger_port_names_add(&s->ports, port))
			number = s->ports.count;
	}
	buf_fini(&text);
	return number;
}

enum ledger_store_error
ledger_clickhouse_ask(struct ledger_clickhouse *s, struct buf *sql, struct cursor *rows)
{
	enum ledger_store_error error = LEDGER_STORE_MEMORY;
	buf_u8(sql, 0);
	if (!sql->failed)
		error = ledger_clickhouse_http_ask(s->http, (const char *)sql->data, NULL,
						   &s->answer, s->error);
	buf_fini(sql);
	*rows = cursor_of(s->answer.data, error ? 0 : s->answer.length);
	return error;
}

enum ledger_store_error
ledger_clickhouse_read_whole(struct ledger_clickhouse *s, const struct cursor *rows)
{
	if (!rows->failed && !cursor_left(rows))
		return LEDGER_STORE_OK;
	(void)snprintf(s->error, sizeof(s->error), "a server's answer cannot be read");
	return LEDGER_STORE_BROKEN;
}

/* --- inserting --- */

struct inserter {
	struct ledger_clickhouse *s;
	enum ledger_clickhouse_table table;
	struct buf rows;
	size_t count;
	enum ledger_store_error error;
};

static void
flush(struct inserter *in)
{
	struct buf sql = {0};
	if (!in->count || in->error)
		return;
	ledger_clickhouse_insert(&sql, &in->s->place, in->table);
	buf_u8(&sql, 0);
	in->error = in->rows.failed || sql.failed
			    ? LEDGER_STORE_MEMORY
			    : ledger_clickhouse_http_ask(in->s->http, (const char *)sql.data,
							 &in->rows, &in->s->answer, in->s->error);
	buf_fini(&sql);
	buf_clear(&in->rows);
	in->count = 0;
}

/* A row has been added to in->rows. */
static void
row_done(struct inserter *in)
{
	if (++in->count == ROWS_AT_ONCE)
		flush(in);
}

static enum ledger_store_error
finish(struct inserter *in)
{
	flush(in);
	buf_fini(&in->rows);
	return in->error;
}

/* What a put has to do, and what became of it. */
struct putting {
	const struct traffic_batch *const *batches;
	size_t count;
	enum ledger_put *results;
};

static enum ledger_store_error
insert_bins(struct ledger_clickhouse *s, const struct putting *put)
{
	struct inserter in = {.s = s, .table = LEDGER_CH_BIN};
	for (size_t i = 0; i < put->count; i++) {
		if (put->results[i] != LEDGER_PUT_NEW)
			continue;
		for (size_t port = 0; port < put->batches[i]->port_count; port++) {
			ledger_clickhouse_put_bin(&in.rows, put->batches[i], port);
			row_done(&in);
		}
	}
	return finish(&in);
}

static bool
add_sums(struct inserter *in, const struct traffic_batch *batch, enum ledger_sum_kind kind)
{
	uint32_t *numbers = calloc(batch->port_count + 1, sizeof(*numbers));
	struct ledger_sums sums = {0};
	for (size_t i = 0; numbers && i < batch->port_count; i++)
		numbers[i] = (uint32_t)i + 1;
	if (numbers)
		ledger_batch_sums(&sums, batch, kind, numbers);
	ledger_sums_sort(&sums);
	bool good = numbers && !sums.failed;
	for (size_t i = 0; good && i < sums.count; i++) {
		ledger_clickhouse_put_sum(&in->rows, batch, kind, &sums.items[i]);
		row_done(in);
	}
	ledger_sums_fini(&sums);
	free(numbers);
	return good;
}

static enum ledger_store_error
insert_sums(struct ledger_clickhouse *s, const struct putting *put, enum ledger_sum_kind kind)
{
	struct inserter in = {.s = s, .table = ledger_clickhouse_table_of(kind)};
	for (size_t i = 0; i < put->count && !in.error; i++)
		if (put->results[i] == LEDGER_PUT_NEW && !add_sums(&in, put->batches[i], kind))
			in.error = LEDGER_STORE_MEMORY;
	return finish(&in);
}

/* Numbers for the ports that this process has not seen, and their names into the table. */
static enum ledger_store_error
insert_ports(struct ledger_clickhouse *s, const struct putting *put)
{
	struct inserter in = {.s = s, .table = LEDGER_CH_PORT};
	for (size_t i = 0; i < put->count; i++) {
		const struct traffic_batch *batch = put->batches[i];
		if (put->results[i] != LEDGER_PUT_NEW)
			continue;
		for (size_t port = 0; port < batch->port_count && !in.error; port++) {
			const char *name = batch->ports[port].port;
			if (ledger_port_names_find(&s->ports, name))
				continue;
			if (!ledger_port_names_add(&s->ports, name))
				in.error = LEDGER_STORE_MEMORY;
			ledger_clickhouse_put_port(&in.rows, name);
			row_done(&in);
		}
	}
	return finish(&in);
}

static enum ledger_store_error
insert_batches(struct ledger_clickhouse *s, const struct putting *put)
{
	struct inserter in = {.s = s, .table = LEDGER_CH_BATCH};
	for (size_t i = 0; i < put->count; i++) {
		if (put->results[i] != LEDGER_PUT_NEW)
			continue;
		ledger_clickhouse_put_batch(&in.rows, put->batches[i]);
		row_done(&in);
	}
	return finish(&in);
}

static enum ledger_store_error
insert_all(struct ledger_clickhouse *s, const struct putting *put)
{
	enum ledger_store_error error = insert_ports(s, put);
	if (!error)
		error = insert_bins(s, put);
	for (int kind = 1; kind <= LEDGER_SUM_KINDS && !error; kind++)
		error = insert_sums(s, put, (enum ledger_sum_kind)kind);
	return error ? error : insert_batches(s, put);
}

/* --- which batches are new --- */

struct key {
	int64_t start;
	uint64_t run;
	uint32_t length_s;
};

struct keys {
	struct key *items; /* those that are there, and those of this put so far */
	size_t count;
};

/* The batches that are there around those of a put, with room for `more`. */
static enum ledger_store_error
read_keys(struct ledger_clickhouse *s, struct utc_s from, struct utc_s to, size_t more,
	  struct keys *keys)
{
	enum { OCTETS = 16 };
	struct buf sql = {0};
	struct cursor rows;
	ledger_clickhouse_ask_keys(&sql, &s->place, from, to);
	enum ledger_store_error error = ledger_clickhouse_ask(s, &sql, &rows);
	if (error)
		return error;
	size_t count = cursor_left(&rows) / OCTETS;
	keys->items = calloc(count + more + 1, sizeof(*keys->items));
	if (!keys->items)
		return LEDGER_STORE_MEMORY;
	for (; keys->count < count; keys->count++) {
		struct key *key = &keys->items[keys->count];
		key->start = ledger_clickhouse_read_u32(&rows);
		key->run = ledger_clickhouse_read_u64(&rows);
		key->length_s = ledger_clickhouse_read_u32(&rows);
	}
	return ledger_clickhouse_read_whole(s, &rows);
}

static enum ledger_put
judge(const struct keys *keys, const struct traffic_batch *batch)
{
	enum ledger_put result = LEDGER_PUT_NEW;
	for (size_t i = 0; i < keys->count; i++) {
		const struct key *key = &keys->items[i];
		bool same_bin = key->start == batch->start.s && key->length_s == batch->length_s;
		if (!same_bin && key->start < batch->start.s + batch->length_s &&
		    key->start + key->length_s > batch->start.s)
			return LEDGER_PUT_REFUSED;
		if (same_bin && key->run == batch->run)
			result = LEDGER_PUT_KNOWN;
	}
	return result;
}

/* Refused, known or new, in the order in which they were given. */
static enum ledger_store_error
judge_all(struct ledger_clickhouse *s, const struct putting *put)
{
	struct utc_s from = {INT64_MAX}, to = {0};
	for (size_t i = 0; i < put->count; i++) {
		const struct traffic_batch *batch = put->batches[i];
		/* A start is 32 bits here. */
		bool good = !ledger_batch_fault(batch) && batch->start.s <= UINT32_MAX - DAY_S;
		put->results[i] = good ? LEDGER_PUT_NEW : LEDGER_PUT_REFUSED;
		if (good && batch->start.s < from.s)
			from = batch->start;
		if (good && batch->start.s + batch->length_s > to.s)
			to.s = batch->start.s + batch->length_s;
	}
	if (!to.s)
		return LEDGER_STORE_OK;
	from.s -= DAY_S;
	struct keys keys = {0};
	enum ledger_store_error error = read_keys(s, from, to, put->count, &keys);
	for (size_t i = 0; i < put->count && !error; i++) {
		const struct traffic_batch *batch = put->batches[i];
		if (put->results[i] != LEDGER_PUT_REFUSED)
			put->results[i] = judge(&keys, batch);
		if (put->results[i] == LEDGER_PUT_NEW)
			keys.items[keys.count++] =
				(struct key){batch->start.s, batch->run, batch->length_s};
	}
	free(keys.items);
	return error;
}

static enum ledger_store_error
put_batches(struct ledger_store *store, const struct traffic_batch *const *batches, size_t count,
	    enum ledger_put *results)
{
	struct ledger_clickhouse *s = ledger_clickhouse_of(store);
	const struct putting put = {batches, count, results};
	uint32_t ports_before = s->ports.count;
	enum ledger_store_error error = judge_all(s, &put);
	bool any = false;
	for (size_t i = 0; i < count && !error; i++)
		any |= results[i] == LEDGER_PUT_NEW;
	if (!error && any)
		error = insert_all(s, &put);
	/* Whether an attempt that failed wrote the names is not known. */
	if (error)
		ledger_port_names_cut(&s->ports, ports_before);
	s->changes += !error && any;
	s->totals_at.us = 0;
	return error;
}

/* Rows of sums stay as they came: a cluster has the room, and its owner drops the months that are
 * not wanted. */
static enum ledger_store_error
fold(struct ledger_store *store, struct utc_s now, bool *more)
{
	(void)store;
	(void)now;
	*more = false;
	return LEDGER_STORE_OK;
}

/* --- opening and closing --- */

static const char *
port_name(struct ledger_store *store, uint32_t number)
{
	const struct ledger_port_names *ports = &ledger_clickhouse_of(store)->ports;
	return number >= 1 && number <= ports->count ? ports->names[number - 1] : NULL;
}

static const char *
error_text(const struct ledger_store *store)
{
	return ((const struct ledger_clickhouse *)store)->error;
}

static void
close_store(struct ledger_store *store)
{
	struct ledger_clickhouse *s = ledger_clickhouse_of(store);
	ledger_clickhouse_http_free(s->http);
	ledger_port_names_fini(&s->ports);
	buf_fini(&s->answer);
	free((char *)(uintptr_t)s->place.database);
	free((char *)(uintptr_t)s->place.cluster);
	free(s);
}

static const struct ledger_store_engine engine = {
	.name = "clickhouse",
	.put = put_batches,
	.bins = ledger_clickhouse_bins,
	.batches = ledger_clickhouse_batches,
	.sums = ledger_clickhouse_sums,
	.port_name = port_name,
	.totals = ledger_clickhouse_totals,
	.fold = fold,
	.verify = ledger_clickhouse_verify,
	.error_text = error_text,
	.close = close_store,
};

/* Makes what is missing. With a cluster a statement waits for all servers: one that is down keeps
 * the store closed only until all tables have been made once. */
static enum ledger_store_error
make_tables(struct ledger_clickhouse *s)
{
	struct buf sql = {0};
	struct cursor rows;
	ledger_clickhouse_ask_tables(&sql, &s->place);
	enum ledger_store_error error = ledger_clickhouse_ask(s, &sql, &rows);
	uint64_t there = ledger_clickhouse_read_u64(&rows);
	if (!error)
		error = ledger_clickhouse_read_whole(s, &rows);
	if (error || there == LEDGER_CH_WANTED)
		return error;
	for (unsigned step = 0; !error; step++) {
		if (!ledger_clickhouse_ddl(&sql, &s->place, step))
			break;
		error = ledger_clickhouse_ask(s, &sql, &rows);
	}
	buf_fini(&sql);
	return error;
}

static enum ledger_store_error
load_ports(struct ledger_clickhouse *s)
{
	struct buf sql = {0};
	struct cursor rows;
	ledger_clickhouse_ask_ports(&sql, &s->place);
	enum ledger_store_error error = ledger_clickhouse_ask(s, &sql, &rows);
	while (!error && cursor_left(&rows))
		if (!ledger_clickhouse_number(s, ledger_clickhouse_read_string(&rows)))
			cursor_fail(&rows);
	return error ? error : ledger_clickhouse_read_whole(s, &rows);
}

struct ledger_store *
ledger_clickhouse_open(const struct ledger_clickhouse_settings *settings,
		       char reason[LEDGER_CLICKHOUSE_REASON])
{
	struct ledger_clickhouse *s = calloc(1, sizeof(*s));
	if (!s) {
		(void)snprintf(reason, LEDGER_CLICKHOUSE_REASON, "no memory");
		return NULL;
	}
	(void)snprintf(s->error, sizeof(s->error), "no memory");
	s->store.engine = &engine;
	s->place.database = strdup(settings->database);
	s->place.cluster = settings->cluster ? strdup(settings->cluster) : NULL;
	s->http = ledger_clickhouse_http_new(settings);
	bool good = s->http && s->place.database && (s->place.cluster || !settings->cluster);
	if (!good || (!settings->only_asks && (make_tables(s) || load_ports(s)))) {
		memcpy(reason, s->error, LEDGER_CLICKHOUSE_REASON);
		close_store(&s->store);
		return NULL;
	}
	reason[0] = 0;
	return &s->store;
}
