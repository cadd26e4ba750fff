/* The ClickHouse engine: opening and putting.
 *
 * There are no transactions over several tables. A put writes the rows of bins and sums first and
 * the rows of the batches last; what is asked for reads only rows whose batch is there. So a put
 * that fails at any point left nothing that is seen, and the next try writes the same rows again:
 * the servers drop a block that they have, and a row that is there twice is read once. */
#include "ledger/ledger_clickhouse_io.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_clickhouse.h"
#include "ledger/ledger_judge.h"

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

/* --- bins that are new --- */

struct taking {
	struct ledger_wholes *bins;
	const enum ledger_put *results;
};

/* The batch that the rows of a bin without one (folded sums alone) are filed under: the next that
 * there is, or the last. NULL: there is none. */
static const struct ledger_whole_batch *
batch_near(const struct taking *take, size_t i)
{
	const struct ledger_whole_batch *last = NULL;
	for (size_t k = 0; k < take->bins->items.count; k++) {
		const struct ledger_whole *bin = ledger_wholes_item(take->bins, k);
		if (take->results[k] != LEDGER_PUT_NEW || !bin->batches.count)
			continue;
		last = ledger_whole_batch(bin, 0);
		if (k >= i)
			return last;
	}
	return last;
}

static struct ledger_clickhouse_key
key_near(const struct taking *take, size_t i)
{
	const struct ledger_whole_batch *batch = batch_near(take, i);
	assert(batch);
	return (struct ledger_clickhouse_key){batch->told.start, batch->told.run};
}

/* What all runs saw of a port is one row: that of the first. */
static enum ledger_store_error
insert_bins(struct ledger_clickhouse *s, const struct taking *take)
{
	struct inserter in = {.s = s, .table = LEDGER_CH_BIN};
	for (size_t i = 0; i < take->bins->items.count; i++) {
		const struct ledger_whole *bin = ledger_wholes_item(take->bins, i);
		if (take->results[i] != LEDGER_PUT_NEW || !bin->ports.count)
			continue;
		const struct ledger_clickhouse_key key = key_near(take, i);
		for (size_t port = 0; port < bin->ports.count; port++) {
			ledger_clickhouse_put_bin(&in.rows, &key, ledger_whole_port(bin, port));
			row_done(&in);
		}
	}
	return finish(&in);
}

/* All sums of one kind that are filed under one batch, so that a key is there once. */
static void
add_sums(struct inserter *in, const struct taking *take, const struct ledger_clickhouse_key *key,
	 enum ledger_sum_kind kind, struct ledger_sums *sums)
{
	ledger_sums_sort(sums);
	for (size_t i = 0; i < sums->count; i++) {
		ledger_clickhouse_put_sum(&in->rows, key, kind, &sums->items[i], take->bins->names);
		row_done(in);
	}
	if (sums->failed)
		in->error = LEDGER_STORE_MEMORY;
	ledger_sums_fini(sums);
}

static void
join(struct ledger_sums *sums, const struct ledger_sums *more)
{
	for (size_t i = 0; i < more->count; i++)
		ledger_sums_add(sums, &more->items[i]);
}

static enum ledger_store_error
insert_sums(struct ledger_clickhouse *s, const struct taking *take, enum ledger_sum_kind kind)
{
	struct inserter in = {.s = s, .table = ledger_clickhouse_table_of(kind)};
	struct ledger_clickhouse_key under = {0};
	struct ledger_sums waiting = {0};
	for (size_t i = 0; i < take->bins->items.count && !in.error; i++) {
		const struct ledger_whole *bin = ledger_wholes_item(take->bins, i);
		for (size_t k = 0; k < bin->sums.count && take->results[i] == LEDGER_PUT_NEW; k++) {
			const struct ledger_whole_sums *sums = ledger_whole_sums(bin, k);
			struct ledger_clickhouse_key key = {bin->start, sums->run};
			if (sums->kind != kind)
				continue;
			if (sums->folded)
				key = key_near(take, i);
			if (waiting.count && (under.start.s != key.start.s || under.run != key.run))
				add_sums(&in, take, &under, kind, &waiting);
			under = key;
			join(&waiting, &sums->sums);
		}
	}
	add_sums(&in, take, &under, kind, &waiting);
	return finish(&in);
}

/* Numbers for the ports that this process has not seen, and their names into the table. */
static enum ledger_store_error
insert_ports(struct ledger_clickhouse *s, const struct taking *take)
{
	struct inserter in = {.s = s, .table = LEDGER_CH_PORT};
	const struct ledger_port_names *names = take->bins->names;
	for (uint32_t i = 0; i < names->count && !in.error; i++) {
		const char *name = names->names[i];
		if (ledger_port_names_find(&s->ports, name))
			continue;
		if (!ledger_port_names_add(&s->ports, name))
			in.error = LEDGER_STORE_MEMORY;
		ledger_clickhouse_put_port(&in.rows, name);
		row_done(&in);
	}
	return finish(&in);
}

static enum ledger_store_error
insert_batches(struct ledger_clickhouse *s, const struct taking *take)
{
	struct inserter in = {.s = s, .table = LEDGER_CH_BATCH};
	for (size_t i = 0; i < take->bins->items.count; i++) {
		const struct ledger_whole *bin = ledger_wholes_item(take->bins, i);
		for (size_t k = 0; k < bin->batches.count && take->results[i] == LEDGER_PUT_NEW;
		     k++) {
			ledger_clickhouse_put_batch(&in.rows, ledger_whole_batch(bin, k));
			row_done(&in);
		}
	}
	return finish(&in);
}

static enum ledger_store_error
insert_all(struct ledger_clickhouse *s, const struct taking *take)
{
	enum ledger_store_error error = insert_ports(s, take);
	if (!error)
		error = insert_bins(s, take);
	for (int kind = 1; kind <= LEDGER_SUM_KINDS && !error; kind++)
		error = insert_sums(s, take, (enum ledger_sum_kind)kind);
	return error ? error : insert_batches(s, take);
}

/* --- which bins are new --- */

static enum ledger_store_error
note_batches(struct ledger_clickhouse *s, struct utc_s from, struct utc_s to,
	     struct ledger_judge *judge)
{
	struct buf sql = {0};
	struct cursor rows;
	ledger_clickhouse_ask_keys(&sql, &s->place, from, to);
	enum ledger_store_error error = ledger_clickhouse_ask(s, &sql, &rows);
	while (!error && cursor_left(&rows)) {
		struct ledger_judge_batch there = {0};
		there.start.s = ledger_clickhouse_read_u32(&rows);
		there.run = ledger_clickhouse_read_u64(&rows);
		there.length_s = ledger_clickhouse_read_u32(&rows);
		ledger_judge_note_batch(judge, &there);
	}
	return error ? error : ledger_clickhouse_read_whole(s, &rows);
}

static enum ledger_store_error
judge_all(struct ledger_clickhouse *s, const struct ledger_wholes *bins, enum ledger_put *results)
{
	struct ledger_judge judge;
	struct utc_s from, to;
	enum ledger_store_error error = LEDGER_STORE_OK;
	/* A start is 32 bits in the tables. */
	ledger_judge_init(&judge, bins,
			  &(struct ledger_judge_rules){.start_max = UINT32_MAX - DAY_S});
	while (!error && ledger_judge_span(&judge, &from, &to))
		error = note_batches(s, from, to, &judge);
	if (!error && !ledger_judge_bins(&judge, results))
		error = LEDGER_STORE_MEMORY;
	return error;
}

static enum ledger_store_error
take(struct ledger_store *store, struct ledger_wholes *bins, bool dry, enum ledger_put *results)
{
	struct ledger_clickhouse *s = ledger_clickhouse_of(store);
	const struct taking taking = {bins, results};
	uint32_t ports_before = s->ports.count;
	if (!bins->items.count)
		return LEDGER_STORE_OK;
	enum ledger_store_error error = judge_all(s, bins, results);
	if (dry || error)
		return error;
	if (!batch_near(&taking, 0))
		return LEDGER_STORE_OK; /* nothing new */
	error = insert_all(s, &taking);
	/* Whether an attempt that failed wrote the names is not known. */
	if (error)
		ledger_port_names_cut(&s->ports, ports_before);
	s->changes += !error;
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
	.stride = {.ports = UINT32_MAX, .days = 8, .pairs_s = 21600, .origins_s = 3600},
	.take = take,
	.read = ledger_clickhouse_read,
	.bins = ledger_clickhouse_bins,
	.worths = ledger_clickhouse_worths,
	.batches = ledger_clickhouse_batches,
	.sums = ledger_clickhouse_sums,
	.port_name = port_name,
	.count = ledger_clickhouse_count,
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
