/* The ClickHouse engine's tables, statements and rows: pure. The SQL is what version 18.16 and
 * later ones have in common.
 *
 *   batch     (start, run)                          written last: a batch is there when its row is
 *   port      (name)
 *   bin       (start, run, port)                    what bills rest on
 *   pair, origin, country   (start, run, key)       a row a sum
 *
 * The key of every row says all that the row says: writing it again adds nothing, and reading takes
 * one row a key, so that a block that was written twice, or by an attempt that failed half way,
 * counts once or not at all: bins and what is exported by GROUP BY, wherever the rows are; sums,
 * which are many, by FINAL, shard by shard, which costs nothing. With a cluster each table is <name>_shard on every shard,
 * replicated by ZooKeeper, and <name> spreads over them (Distributed). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cursor.h"
#include "hub/traffic.h"
#include "ledger/ledger_pack.h"
#include "ledger/ledger_store.h"

enum ledger_clickhouse_table {
	LEDGER_CH_BATCH,
	LEDGER_CH_PORT,
	LEDGER_CH_BIN,
	LEDGER_CH_PAIR,
	LEDGER_CH_ORIGIN,
	LEDGER_CH_COUNTRY,
	LEDGER_CH_TABLES,
};

/* Where the tables are. */
struct ledger_clickhouse_place {
	const char *database;
	const char *cluster; /* NULL: one server, no ZooKeeper */
};

/* The table that has the sums of a kind. */
enum ledger_clickhouse_table ledger_clickhouse_table_of(enum ledger_sum_kind kind);

/* --- statements; each appends text --- */
/* Statement `step` of those that make what is missing; false when there are no more. */
bool ledger_clickhouse_ddl(struct buf *out, const struct ledger_clickhouse_place *place,
			   unsigned step);
/* How many of the tables are there: one UInt64. */
void ledger_clickhouse_ask_tables(struct buf *out, const struct ledger_clickhouse_place *place);
enum { LEDGER_CH_WANTED = LEDGER_CH_TABLES };
/* The statement before rows of a table, which follow as RowBinary. */
void ledger_clickhouse_insert(struct buf *out, const struct ledger_clickhouse_place *place,
			      enum ledger_clickhouse_table table);
/* (start, run, length) of the batches that begin in [from, to). */
void ledger_clickhouse_ask_keys(struct buf *out, const struct ledger_clickhouse_place *place,
				struct utc_s from, struct utc_s to);
/* Rows for ledger_clickhouse_read_bin. */
void ledger_clickhouse_ask_bins(struct buf *out, const struct ledger_clickhouse_place *place,
				const char *port, struct utc_s from, struct utc_s to);
/* Rows for ledger_clickhouse_read_batch. */
void ledger_clickhouse_ask_batches(struct buf *out, const struct ledger_clickhouse_place *place,
				   struct utc_s from, struct utc_s to);
/* Rows for ledger_clickhouse_read_worth, each behind its port's name, of these ports; none: of
 * all. */
struct ledger_clickhouse_ports {
	const char *const *names;
	size_t count;
};
void ledger_clickhouse_ask_worths(struct buf *out, const struct ledger_clickhouse_place *place,
				  const struct ledger_clickhouse_ports *ports,
				  const struct ledger_steps *steps);
/* Rows for ledger_clickhouse_read_sum. */
void ledger_clickhouse_ask_sums(struct buf *out, const struct ledger_clickhouse_place *place,
				enum ledger_sum_kind kind, struct utc_s from, struct utc_s to);
/* How many batches begin in [from, to): one UInt64. */
void ledger_clickhouse_ask_count(struct buf *out, const struct ledger_clickhouse_place *place,
				 struct utc_s from, struct utc_s to);
/* Names of all ports. */
void ledger_clickhouse_ask_ports(struct buf *out, const struct ledger_clickhouse_place *place);
/* Batches, first start, last start + length, ports, as four UInt64. */
void ledger_clickhouse_ask_totals(struct buf *out, const struct ledger_clickhouse_place *place);
/* Octets on all disks: one UInt64. */
void ledger_clickhouse_ask_size(struct buf *out, const struct ledger_clickhouse_place *place);
/* (start, octets by counters, octets by samples) of what batches say (`table` BATCH) or of what
 * their ports have (BIN). */
void ledger_clickhouse_ask_checks(struct buf *out, const struct ledger_clickhouse_place *place,
				  enum ledger_clickhouse_table table, struct utc_s from,
				  struct utc_s to);

/* (port, and rows for ledger_clickhouse_read_bin) of whole batches; several runs of a port follow each other. */
void ledger_clickhouse_ask_ports_of(struct buf *out, const struct ledger_clickhouse_place *place,
				    struct utc_s from, struct utc_s to);
/* (start, run) and rows for ledger_clickhouse_read_sum, of whole batches. */
void ledger_clickhouse_ask_sums_of(struct buf *out, const struct ledger_clickhouse_place *place,
				   enum ledger_sum_kind kind, struct utc_s from, struct utc_s to);

/* --- rows to be inserted --- */
struct ledger_clickhouse_key {
	struct utc_s start;
	uint64_t run;
};
/* A row each, of the tables of batches, ports and bins. */
void ledger_clickhouse_put_batch(struct buf *out, const struct ledger_whole_batch *batch);
void ledger_clickhouse_put_port(struct buf *out, const char *name);
void ledger_clickhouse_put_bin(struct buf *out, const struct ledger_clickhouse_key *key,
			       const struct ledger_whole_port *port);
/* Ports are numbers of `names`. */
void ledger_clickhouse_put_sum(struct buf *out, const struct ledger_clickhouse_key *key,
			       enum ledger_sum_kind kind, const struct ledger_sum *sum,
			       const struct ledger_port_names *names);

/* --- rows of answers: read with a cursor, which fails at the end of the bytes --- */
uint64_t ledger_clickhouse_read_u64(struct cursor *c);
uint32_t ledger_clickhouse_read_u32(struct cursor *c);
/* The bytes of a string. */
struct cursor ledger_clickhouse_read_string(struct cursor *c);
/* A row each; *c fails when it is none. `provenance` is a view of what stands behind *c. */
struct ledger_fact ledger_clickhouse_read_bin(struct cursor *c);
/* Bins of one port and step, added up, that are alike as ledger_worth_add wants it; its start is the
 * step's. */
struct ledger_fact ledger_clickhouse_read_worth(struct cursor *c, uint32_t step_s);
struct ledger_batch_row ledger_clickhouse_read_batch(struct cursor *c, struct cursor *provenance);
/* Its ports get numbers from `number_of`, which gives 0 when it cannot (then *c fails). */
struct ledger_sum
ledger_clickhouse_read_sum(struct cursor *c, enum ledger_sum_kind kind,
			   uint32_t (*number_of)(void *context, struct cursor name), void *context);
