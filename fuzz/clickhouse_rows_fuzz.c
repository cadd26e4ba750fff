/* Any octets as a ClickHouse server's answer: rows are read to their end or not at all, and what is read of
 * sums names kinds and families that there are. The first octet says what was asked. */
#include <stdlib.h>

#include "ledger/ledger_clickhouse_sql.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ports get numbers by the length of their names; long ones are none of ours. */
static uint32_t
number_of(void *context, struct cursor name)
{
	(void)context;
	size_t length = cursor_left(&name);
	return length > 64 ? 0 : (uint32_t)length + 1;
}

static void
read_row(struct cursor *c, unsigned what)
{
	struct cursor provenance;
	switch (what) {
	case 0:
		(void)ledger_clickhouse_read_bin(c);
		return;
	case 1:
		(void)ledger_clickhouse_read_worth(c, 3600);
		return;
	case 2:
		(void)ledger_clickhouse_read_batch(c, &provenance);
		if (!c->failed && (provenance.at > provenance.end || provenance.end > c->at))
			abort();
		return;
	default: {
		enum ledger_sum_kind kind = (enum ledger_sum_kind)(1 + what % LEDGER_SUM_KINDS);
		(void)ledger_clickhouse_read_sum(c, kind, number_of, NULL);
	}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	struct cursor c = cursor_of(data + 1, size - 1);
	size_t before = cursor_left(&c) + 1;
	while (!c.failed && cursor_left(&c)) {
		if (cursor_left(&c) >= before)
			abort(); /* a row of nothing, for ever */
		before = cursor_left(&c);
		read_row(&c, data[0] % (3 + LEDGER_SUM_KINDS));
	}
	return 0;
}
