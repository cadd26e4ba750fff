/* The statements of the ClickHouse engine. */
#include "ledger/ledger_clickhouse_sql.h"

#include <inttypes.h>
#include <string.h>

#include "ledger/ledger_store_row.h"

struct column {
	const char *name, *type;
};

#define START_RUN                                                                                  \
	{"start", "DateTime('UTC')"},                                                              \
	{                                                                                          \
		"run", "UInt64"                                                                    \
	}

static const struct column batch_columns[] = {
	START_RUN,
	{"length", "UInt32"},
	{"covered", "UInt32"},
	{"simulated", "UInt8"},
	{"kernel_drops", "UInt64"},
	{"counter_octets", "UInt64"},
	{"flow_octets", "UInt64"},
	{"octets_in", "UInt64"},
	{"octets_out", "UInt64"},
	{"state", "UInt8"},
	{"provenance", "String"},
	{NULL, NULL},
};
static const struct column port_columns[] = {{"name", "String"}, {NULL, NULL}};
/* And those of ledger_row_columns, Int64. */
static const struct column bin_columns[] = {START_RUN, {"port", "String"}, {NULL, NULL}};
static const struct column pair_columns[] = {
	START_RUN,
	{"from_port", "String"},
	{"to_port", "String"},
	{"family", "UInt8"},
	{"octets", "UInt64"},
	{"packets", "UInt64"},
	{"samples", "UInt64"},
	{NULL, NULL},
};
static const struct column origin_columns[] = {
	START_RUN,
	{"port", "String"},
	{"outgoing", "UInt8"},
	{"asn", "UInt32"},
	{"country", "String"},
	{"next", "UInt32"},
	{"octets", "UInt64"},
	{"samples", "UInt64"},
	{NULL, NULL},
};
static const struct column country_columns[] = {
	START_RUN,
	{"from_country", "String"},
	{"to_country", "String"},
	{"octets", "UInt64"},
	{"samples", "UInt64"},
	{NULL, NULL},
};

/* `shard` keeps what is read together on one shard, and a row's repetition beside it. */
static const struct table {
	const char *name;
	const struct column *columns;
	const char *key, *shard;
	bool by_month;
} tables[LEDGER_CH_TABLES] = {
	[LEDGER_CH_BATCH] = {"batch", batch_columns, "start, run", "cityHash64(start, run)", true},
	[LEDGER_CH_PORT] = {"port", port_columns, "name", "cityHash64(name)", false},
	[LEDGER_CH_BIN] = {"bin", bin_columns, "port, start, run", "cityHash64(port)", true},
	[LEDGER_CH_PAIR] = {"pair", pair_columns, "start, run, from_port, to_port, family",
			    "cityHash64(from_port)", true},
	[LEDGER_CH_ORIGIN] = {"origin", origin_columns,
			      "start, run, port, outgoing, asn, country, next", "cityHash64(port)",
			      true},
	[LEDGER_CH_COUNTRY] = {"country", country_columns, "start, run, from_country, to_country",
			       "cityHash64(start, run)", true},
};

enum ledger_clickhouse_table
ledger_clickhouse_table_of(enum ledger_sum_kind kind)
{
	return kind == LEDGER_PAIRS     ? LEDGER_CH_PAIR
	       : kind == LEDGER_ORIGINS ? LEDGER_CH_ORIGIN
					: LEDGER_CH_COUNTRY;
}

/* --- pieces --- */

/* A text between quotes. Everything but letters, digits and a few signs is written as hexadecimal,
 * so that nothing in it can end the text. */
static void
quoted(struct buf *out, char quote, const char *text)
{
	buf_u8(out, (uint8_t)quote);
	for (const char *c = text; *c; c++) {
		bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
			     (*c >= '0' && *c <= '9') || strchr("-_.:/{} ", *c);
		if (plain)
			buf_u8(out, (uint8_t)*c);
		else
			buf_printf(out, "\\x%02X", (unsigned)(uint8_t)*c);
	}
	buf_u8(out, (uint8_t)quote);
}

static void
table_name(struct buf *out, const struct ledger_clickhouse_place *place, const char *name,
	   const char *suffix)
{
	quoted(out, '`', place->database);
	buf_printf(out, ".%s%s", name, suffix);
}

static void
on_cluster(struct buf *out, const struct ledger_clickhouse_place *place)
{
	if (!place->cluster)
		return;
	buf_str(out, " ON CLUSTER ");
	quoted(out, '`', place->cluster);
}

static void
column_list(struct buf *out, const struct table *table, bool types)
{
	const char *comma = "";
	for (const struct column *column = table->columns; column->name; column++) {
		buf_printf(out, "%s%s%s%s", comma, column->name, types ? " " : "",
			   types ? column->type : "");
		comma = ", ";
	}
	if (table->columns != bin_columns)
		return;
	for (int i = 0; i < LEDGER_ROW_NUMBERS; i++)
		buf_printf(out, ", %s%s", ledger_row_columns[i].name, types ? " Int64" : "");
}

/* DateTime is 32 bits: what lies outside is put to the ends. */
static uint32_t
second(struct utc_s time)
{
	return time.s < 0 ? 0 : time.s > UINT32_MAX ? UINT32_MAX : (uint32_t)time.s;
}

static void
between(struct buf *out, struct utc_s from, struct utc_s to)
{
	buf_printf(out, "start >= toDateTime(%" PRIu32 ") AND start < toDateTime(%" PRIu32 ")",
		   second(from), second(to));
}

/* Rows of batches that are there whole. */
static void
of_whole_batches(struct buf *out, const struct ledger_clickhouse_place *place, struct utc_s from,
		 struct utc_s to)
{
	buf_str(out, " WHERE ");
	between(out, from, to);
	buf_str(out, " AND (start, run) GLOBAL IN (SELECT start, run FROM ");
	table_name(out, place, "batch", "");
	buf_str(out, " WHERE ");
	between(out, from, to);
	buf_str(out, ")");
}

/* --- making --- */

static void
make_table(struct buf *out, const struct ledger_clickhouse_place *place, const struct table *table)
{
	buf_str(out, "CREATE TABLE IF NOT EXISTS ");
	table_name(out, place, table->name, place->cluster ? "_shard" : "");
	on_cluster(out, place);
	buf_str(out, " (");
	column_list(out, table, true);
	buf_str(out, ") ENGINE = ");
	if (place->cluster) {
		struct buf path = {0};
		buf_printf(&path, "/clickhouse/tables/{shard}/%s/%s", place->database, table->name);
		buf_u8(&path, 0);
		buf_str(out, "ReplicatedReplacingMergeTree(");
		quoted(out, '\'', path.failed ? "" : (const char *)path.data);
		buf_str(out, ", '{replica}')");
		buf_fini(&path);
	} else {
		buf_str(out, "ReplacingMergeTree()");
	}
	if (table->by_month)
		buf_str(out, " PARTITION BY toYYYYMM(start)");
	buf_printf(out, " ORDER BY (%s)", table->key);
}

static void
make_spread(struct buf *out, const struct ledger_clickhouse_place *place, const struct table *table)
{
	buf_str(out, "CREATE TABLE IF NOT EXISTS ");
	table_name(out, place, table->name, "");
	on_cluster(out, place);
	buf_str(out, " (");
	column_list(out, table, true);
	buf_str(out, ") ENGINE = Distributed(");
	quoted(out, '\'', place->cluster);
	buf_str(out, ", ");
	quoted(out, '\'', place->database);
	buf_printf(out, ", '%s_shard', %s)", table->name, table->shard);
}

bool
ledger_clickhouse_ddl(struct buf *out, const struct ledger_clickhouse_place *place, unsigned step)
{
	if (step == 0) {
		buf_str(out, "CREATE DATABASE IF NOT EXISTS ");
		quoted(out, '`', place->database);
		on_cluster(out, place);
		return true;
	}
	step--;
	/* The spreading ones last: when they are there, all is. */
	if (step < LEDGER_CH_TABLES)
		make_table(out, place, &tables[step]);
	else if (place->cluster && step < 2 * LEDGER_CH_TABLES)
		make_spread(out, place, &tables[step - LEDGER_CH_TABLES]);
	else
		return false;
	return true;
}

void
ledger_clickhouse_ask_tables(struct buf *out, const struct ledger_clickhouse_place *place)
{
	buf_str(out, "SELECT count() FROM system.tables WHERE database = ");
	quoted(out, '\'', place->database);
	buf_str(out, " AND name IN (");
	for (int i = 0; i < LEDGER_CH_TABLES; i++)
		buf_printf(out, "%s'%s'", i ? ", " : "", tables[i].name);
	buf_str(out, ")");
}

void
ledger_clickhouse_insert(struct buf *out, const struct ledger_clickhouse_place *place,
			 enum ledger_clickhouse_table table)
{
	buf_str(out, "INSERT INTO ");
	table_name(out, place, tables[table].name, "");
	buf_str(out, " (");
	column_list(out, &tables[table], false);
	buf_str(out, ") FORMAT RowBinary");
}

/* --- asking --- */

void
ledger_clickhouse_ask_keys(struct buf *out, const struct ledger_clickhouse_place *place,
			   struct utc_s from, struct utc_s to)
{
	buf_str(out, "SELECT start, run, any(length) FROM ");
	table_name(out, place, "batch", "");
	buf_str(out, " WHERE ");
	between(out, from, to);
	buf_str(out, " GROUP BY start, run");
}

void
ledger_clickhouse_ask_bins(struct buf *out, const struct ledger_clickhouse_place *place,
			   const char *port, struct utc_s from, struct utc_s to)
{
	buf_str(out, "SELECT start");
	for (int i = 0; i < LEDGER_ROW_NUMBERS; i++)
		buf_printf(out, ", any(%s)", ledger_row_columns[i].name);
	buf_str(out, " FROM ");
	table_name(out, place, "bin", "");
	of_whole_batches(out, place, from, to);
	buf_str(out, " AND port = ");
	quoted(out, '\'', port);
	buf_str(out, " GROUP BY start, run ORDER BY start, run");
}

void
ledger_clickhouse_ask_batches(struct buf *out, const struct ledger_clickhouse_place *place,
			      struct utc_s from, struct utc_s to)
{
	buf_str(out, "SELECT start, run, any(length), any(covered), any(simulated),"
		     " any(kernel_drops), any(octets_in), any(octets_out), any(state),"
		     " any(counter_octets), any(flow_octets), any(provenance) FROM ");
	table_name(out, place, "batch", "");
	buf_str(out, " WHERE ");
	between(out, from, to);
	buf_str(out, " GROUP BY start, run ORDER BY start, run");
}

/* What ledger_fact_add does with a column when several runs saw a bin, and its name in a question. */
static const struct {
	const char *column, *add, *name;
} worth_columns[] = {{"claim", "max", "k"},       {"runs", "sum", "n"},
		     {"covered", "sum", "v"},     {"length", "any", "l"},
		     {"counter_in", "sum", "s0"}, {"counter_out", "sum", "s1"},
		     {"flow_in", "sum", "s2"},    {"flow_out", "sum", "s3"},
		     {"samples_in", "sum", "s4"}, {"samples_out", "sum", "s5"}};

/* Bins of starts that one run saw, as they are; or those of several, put together, which takes many
 * times as long. */
static void
put_worths(struct buf *out, const struct ledger_clickhouse_place *place,
	   const struct ledger_clickhouse_ports *ports, bool several,
	   const struct ledger_steps *steps)
{
	buf_printf(out, "SELECT port, toUInt32(intDiv(toUInt32(start), %" PRIu32 ")) AS step,",
		   steps->step_s);
	buf_str(out, " toUInt8(k) AS claimed, toUInt8(n > 1) AS several,"
		     " toUInt8(v >= l) AS covered_all, toUInt8(s2 > s0) AS more_in,"
		     " toUInt8(s3 > s1) AS more_out");
	for (int i = 0; i < 6; i++)
		buf_printf(out, ", toUInt64(sum(s%d))", i);
	buf_str(out, " FROM (SELECT port, start");
	for (size_t i = 0; i < sizeof(worth_columns) / sizeof(worth_columns[0]); i++)
		buf_printf(out, ", %s(%s) AS %s", several ? worth_columns[i].add : "",
			   worth_columns[i].column, worth_columns[i].name);
	buf_str(out, " FROM ");
	table_name(out, place, "bin", "");
	buf_str(out, " FINAL");
	of_whole_batches(out, place, steps->from, steps->to);
	for (size_t i = 0; i < ports->count; i++) {
		buf_str(out, i ? ", " : " AND port IN (");
		quoted(out, '\'', ports->names[i]);
	}
	buf_printf(out, "%s AND start GLOBAL %s (SELECT start FROM ", ports->count ? ")" : "",
		   several ? "IN" : "NOT IN");
	table_name(out, place, "batch", "");
	buf_str(out, " WHERE ");
	between(out, steps->from, steps->to);
	buf_printf(out,
		   " GROUP BY start HAVING uniqExact(run) > 1)%s) GROUP BY port, step, claimed,"
		   " several, covered_all, more_in, more_out",
		   several ? " GROUP BY port, start" : "");
}

void
ledger_clickhouse_ask_worths(struct buf *out, const struct ledger_clickhouse_place *place,
			     const struct ledger_clickhouse_ports *ports,
			     const struct ledger_steps *steps)
{
	put_worths(out, place, ports, false, steps);
	buf_str(out, " UNION ALL ");
	put_worths(out, place, ports, true, steps);
}

/* A sum that stops at the end of 64 bits, as everywhere in the ledger, instead of beginning
 * again. */
#define SUM(name, end) "if(sum(toFloat64(" name ")) > " end "e0, toUInt64(" end "), sum(" name "))"
#define LARGEST        "18446744073709551615"

static const char *const sum_keys[] = {
	[LEDGER_PAIRS] = "from_port, to_port, family",
	[LEDGER_ORIGINS] = "port, outgoing, asn, country, next",
	[LEDGER_COUNTRIES] = "from_country, to_country",
};

void
ledger_clickhouse_ask_sums(struct buf *out, const struct ledger_clickhouse_place *place,
			   enum ledger_sum_kind kind, struct utc_s from, struct utc_s to)
{
	buf_printf(out, "SELECT %s, %s, %s, %s FROM ", sum_keys[kind], SUM("octets", LARGEST),
		   kind == LEDGER_PAIRS ? SUM("packets", LARGEST) : "toUInt64(0)",
		   SUM("samples", LARGEST));
	table_name(out, place, tables[ledger_clickhouse_table_of(kind)].name, "");
	buf_str(out, " FINAL");
	of_whole_batches(out, place, from, to);
	buf_printf(out, " GROUP BY %s", sum_keys[kind]);
}

void
ledger_clickhouse_ask_sums_of(struct buf *out, const struct ledger_clickhouse_place *place,
			      enum ledger_sum_kind kind, struct utc_s from, struct utc_s to)
{
	buf_printf(out, "SELECT start, run, %s, any(octets), %s, any(samples) FROM ",
		   sum_keys[kind], kind == LEDGER_PAIRS ? "any(packets)" : "toUInt64(0)");
	table_name(out, place, tables[ledger_clickhouse_table_of(kind)].name, "");
	of_whole_batches(out, place, from, to);
	buf_printf(out, " GROUP BY start, run, %s", sum_keys[kind]);
}

void
ledger_clickhouse_ask_ports_of(struct buf *out, const struct ledger_clickhouse_place *place,
			       struct utc_s from, struct utc_s to)
{
	buf_str(out, "SELECT port, start");
	for (int i = 0; i < LEDGER_ROW_NUMBERS; i++)
		buf_printf(out, ", any(%s)", ledger_row_columns[i].name);
	buf_str(out, " FROM ");
	table_name(out, place, "bin", "");
	of_whole_batches(out, place, from, to);
	buf_str(out, " GROUP BY start, run, port ORDER BY start, port, run");
}

void
ledger_clickhouse_ask_ports(struct buf *out, const struct ledger_clickhouse_place *place)
{
	buf_str(out, "SELECT DISTINCT name FROM ");
	table_name(out, place, "port", "");
	buf_str(out, " ORDER BY name");
}

void
ledger_clickhouse_ask_count(struct buf *out, const struct ledger_clickhouse_place *place,
			    struct utc_s from, struct utc_s to)
{
	buf_str(out, "SELECT toUInt64(uniqExact(start, run)) FROM ");
	table_name(out, place, "batch", "");
	buf_str(out, " WHERE ");
	between(out, from, to);
}

void
ledger_clickhouse_ask_totals(struct buf *out, const struct ledger_clickhouse_place *place)
{
	buf_str(out, "SELECT toUInt64(uniqExact(start, run)), toUInt64(min(toUInt32(start))),"
		     " toUInt64(max(toUInt32(start) + length)),"
		     " (SELECT toUInt64(uniqExact(name)) FROM ");
	table_name(out, place, "port", "");
	buf_str(out, ") FROM ");
	table_name(out, place, "batch", "");
}

void
ledger_clickhouse_ask_size(struct buf *out, const struct ledger_clickhouse_place *place)
{
	buf_str(out, "SELECT toUInt64(sum(bytes_on_disk)) FROM ");
	if (place->cluster) {
		buf_str(out, "cluster(");
		quoted(out, '\'', place->cluster);
		buf_str(out, ", system, parts)");
	} else {
		buf_str(out, "system.parts");
	}
	buf_str(out, " WHERE active AND database = ");
	quoted(out, '\'', place->database);
}

void
ledger_clickhouse_ask_checks(struct buf *out, const struct ledger_clickhouse_place *place,
			     enum ledger_clickhouse_table table, struct utc_s from, struct utc_s to)
{
	bool bin = table == LEDGER_CH_BIN;
	buf_printf(out,
		   "SELECT start, toUInt64(sum(c)), toUInt64(sum(f)) FROM (SELECT start, run,%s",
		   bin ? " port, any(counter_in + counter_out) AS c, any(flow_in + flow_out) AS f"
		       : " any(counter_octets) AS c, any(flow_octets) AS f");
	buf_str(out, " FROM ");
	table_name(out, place, tables[table].name, "");
	of_whole_batches(out, place, from, to);
	buf_printf(out, " GROUP BY start, run%s) GROUP BY start ORDER BY start",
		   bin ? ", port" : "");
}
