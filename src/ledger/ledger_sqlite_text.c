/* The statements of the embedded engine. Those that name every column of a port's bin are made from
 * the table of columns (ledger_store_row.h). */
#include "ledger/ledger_sqlite.h"
#include "ledger/ledger_store_row.h"

static const char *const texts[LEDGER_Q_COUNT_OF_QUERIES] = {
	[LEDGER_Q_BEGIN] = "BEGIN IMMEDIATE",
	[LEDGER_Q_BEGIN_READING] = "BEGIN",
	[LEDGER_Q_COMMIT] = "COMMIT",
	[LEDGER_Q_ROLLBACK] = "ROLLBACK",
	[LEDGER_Q_BATCH_KEYS] = "SELECT start, run, length FROM batch"
				" WHERE start >= ?1 AND start < ?2",
	[LEDGER_Q_FOLDED_KEYS] = "SELECT start FROM sums WHERE kind = ?1 AND folded = 1"
				 " AND start >= ?2 AND start < ?3",
	[LEDGER_Q_PUT_BATCH] = "INSERT INTO batch VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,"
			       " ?10,?11,?12)",
	[LEDGER_Q_PUT_PORT] = "INSERT INTO port VALUES(?1, ?2)",
	[LEDGER_Q_PUT_SUMS] = "INSERT INTO sums(kind, folded, start, run, length, body)"
			      " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
	[LEDGER_Q_BATCHES] =
		"SELECT start, run, length, covered, simulated, kernel_drops,"
		" octets_in, octets_out, state, counter_octets, flow_octets, provenance"
		" FROM batch"
		" WHERE start >= ?1 AND start < ?2 ORDER BY start, run",
	[LEDGER_Q_SUMS] = "SELECT body FROM sums WHERE kind = ?1 AND folded IN (0, 1)"
			  " AND start >= ?2 AND start < ?3",
	[LEDGER_Q_WHOLE_SUMS] = "SELECT folded, start, run, length, body FROM sums"
				" WHERE kind = ?1 AND folded IN (0, 1) AND start >= ?2"
				" AND start < ?3",
	[LEDGER_Q_COUNT] = "SELECT count(*) FROM batch",
	[LEDGER_Q_COUNT_BETWEEN] = "SELECT count(*) FROM batch WHERE start >= ?1 AND start < ?2",
	[LEDGER_Q_ENDS] = "SELECT (SELECT start FROM batch ORDER BY start LIMIT 1),"
			  " (SELECT start + length FROM batch ORDER BY start DESC LIMIT 1)",
	[LEDGER_Q_PORTS] = "SELECT id, name FROM port WHERE id > ?1 ORDER BY id",
	[LEDGER_Q_DATA_VERSION] = "PRAGMA data_version",
	[LEDGER_Q_SIZE] = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
	[LEDGER_Q_NEWEST] = "SELECT DISTINCT start FROM batch ORDER BY start DESC LIMIT ?1",
	[LEDGER_Q_BATCH_CHECK] = "SELECT counter_octets, flow_octets FROM batch WHERE start = ?1",
	[LEDGER_Q_BIN_CHECK] = "SELECT counter_in, counter_out, flow_in, flow_out FROM port"
			       " CROSS JOIN port_bin ON port_bin.port = port.id"
			       " AND port_bin.start = ?1",
	[LEDGER_Q_FOLD_OLDEST] = "SELECT min(start) FROM sums WHERE kind = ?1 AND folded = 0",
	[LEDGER_Q_FOLD_READ] = "SELECT id, body FROM sums WHERE kind = ?1 AND folded IN (0, 1)"
			       " AND start >= ?2 AND start < ?3",
	[LEDGER_Q_FOLD_DROP] = "DELETE FROM sums WHERE kind = ?1 AND folded IN (0, 1)"
			       " AND start >= ?2 AND start < ?3",
	[LEDGER_Q_FOLD_SPOILT] = "UPDATE OR REPLACE sums SET folded = 2 WHERE id = ?1",
};

/* How a row that is there takes in one more. Beyond 63 bits SQLite would go on in floating
 * point. */
static void
put_joined(struct buf *out, const char *name, enum ledger_row_joins joins)
{
	switch (joins) {
	case LEDGER_ROW_SAME:
		buf_printf(out, "%s = %s", name, name);
		return;
	case LEDGER_ROW_SUM:
		buf_printf(out, "%s = min(9223372036854775807, %s + excluded.%s)", name, name,
			   name);
		return;
	case LEDGER_ROW_WORST:
		buf_printf(out, "%s = max(%s, excluded.%s)", name, name, name);
		return;
	case LEDGER_ROW_COVER:
		buf_printf(out, "%s = min(length, %s + excluded.%s)", name, name, name);
		return;
	}
}

static void
put_names(struct buf *out)
{
	for (int i = 0; i < LEDGER_ROW_NUMBERS; i++)
		buf_printf(out, "%s%s", i ? ", " : "", ledger_row_columns[i].name);
}

static void
put_bin_text(struct buf *out)
{
	buf_str(out, "INSERT INTO port_bin(port, start, ");
	put_names(out);
	buf_str(out, ") VALUES(?1, ?2");
	for (int i = 0; i < LEDGER_ROW_NUMBERS; i++)
		buf_printf(out, ", ?%d", i + 3);
	buf_str(out, ") ON CONFLICT(port, start) DO UPDATE SET ");
	for (int i = 0; i < LEDGER_ROW_NUMBERS; i++) {
		buf_str(out, i ? ", " : "");
		put_joined(out, ledger_row_columns[i].name, ledger_row_columns[i].joins);
	}
}

bool
ledger_sqlite_text(struct buf *out, enum ledger_sqlite_query query)
{
	if (query == LEDGER_Q_PUT_BIN) {
		put_bin_text(out);
	} else if (query == LEDGER_Q_BINS) {
		buf_str(out, "SELECT start, ");
		put_names(out);
		buf_str(out, " FROM port_bin WHERE port = ?1 AND start >= ?2 AND start < ?3"
			     " ORDER BY start");
	} else if (query == LEDGER_Q_WHOLE_PORTS) {
		buf_str(out, "SELECT name, start, ");
		put_names(out);
		buf_str(out, " FROM port CROSS JOIN port_bin ON port_bin.port = port.id"
			     " AND start >= ?1 AND start < ?2");
	} else {
		buf_str(out, texts[query]);
	}
	buf_u8(out, 0);
	return !out->failed;
}
