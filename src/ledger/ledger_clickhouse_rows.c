/* Rows of the ClickHouse engine in RowBinary: numbers with the lowest octet first, strings behind
 * their length. */
#include <assert.h>
#include <string.h>

#include "ledger/ledger_clickhouse_sql.h"
#include "ledger/ledger_store_row.h"

enum { VARINT_MAX = 10 };

static void
put_number(struct buf *out, uint64_t value, size_t octets)
{
	for (size_t i = 0; i < octets; i++)
		buf_u8(out, (uint8_t)(value >> (8 * i)));
}

static void
put_bytes(struct buf *out, const void *bytes, size_t length)
{
	size_t left = length;
	for (; left >= 0x80; left >>= 7)
		buf_u8(out, (uint8_t)(left | 0x80));
	buf_u8(out, (uint8_t)left);
	buf_put(out, bytes, length);
}

static void
put_text(struct buf *out, const char *text)
{
	put_bytes(out, text, strlen(text));
}

static void
put_key(struct buf *out, const struct ledger_clickhouse_key *key)
{
	put_number(out, (uint64_t)key->start.s, 4);
	put_number(out, key->run, 8);
}

void
ledger_clickhouse_put_batch(struct buf *out, const struct ledger_whole_batch *batch)
{
	const struct traffic_batch *told = &batch->told;
	struct buf provenance = {0};
	ledger_batch_provenance(&provenance, told);
	put_key(out, &(struct ledger_clickhouse_key){told->start, told->run});
	put_number(out, told->length_s, 4);
	put_number(out, told->covered_s, 4);
	put_number(out, told->simulated, 1);
	put_number(out, told->kernel_drops, 8);
	put_number(out, batch->check.counter, 8);
	put_number(out, batch->check.flow, 8);
	put_number(out, batch->in, 8);
	put_number(out, batch->out, 8);
	put_number(out, batch->state, 1);
	put_bytes(out, provenance.data, provenance.length);
	out->failed |= provenance.failed;
	buf_fini(&provenance);
}

void
ledger_clickhouse_put_port(struct buf *out, const char *name)
{
	put_text(out, name);
}

void
ledger_clickhouse_put_bin(struct buf *out, const struct ledger_clickhouse_key *key,
			  const struct ledger_whole_port *port)
{
	int64_t numbers[LEDGER_ROW_NUMBERS];
	ledger_row_of(numbers, &port->fact);
	put_key(out, key);
	put_text(out, port->port);
	for (int i = 0; i < LEDGER_ROW_NUMBERS; i++)
		put_number(out, (uint64_t)numbers[i], 8);
}

static void
put_name(struct buf *out, const struct ledger_port_names *names, uint32_t number)
{
	assert(number >= 1 && number <= names->count);
	put_text(out, names->names[number - 1]);
}

static void
put_sum_key(struct buf *out, enum ledger_sum_kind kind, const struct ledger_sum *sum,
	    const struct ledger_port_names *names)
{
	if (kind == LEDGER_PAIRS) {
		struct ledger_pair_key key = ledger_pair_key(sum);
		put_name(out, names, key.from);
		put_name(out, names, key.to);
		put_number(out, key.family, 1);
	} else if (kind == LEDGER_ORIGINS) {
		struct ledger_origin_key key = ledger_origin_key(sum);
		put_name(out, names, key.port);
		put_number(out, key.outgoing, 1);
		put_number(out, key.asn.number, 4);
		put_bytes(out, key.country, 2);
		put_number(out, key.next.number, 4);
	} else {
		struct ledger_country_key key = ledger_country_key(sum);
		put_bytes(out, key.from, 2);
		put_bytes(out, key.to, 2);
	}
}

void
ledger_clickhouse_put_sum(struct buf *out, const struct ledger_clickhouse_key *key,
			  enum ledger_sum_kind kind, const struct ledger_sum *sum,
			  const struct ledger_port_names *names)
{
	put_key(out, key);
	put_sum_key(out, kind, sum, names);
	put_number(out, sum->octets, 8);
	if (kind == LEDGER_PAIRS)
		put_number(out, sum->packets, 8);
	put_number(out, sum->samples, 8);
}

/* --- answers --- */

static uint64_t
read_number(struct cursor *c, size_t octets)
{
	const uint8_t *bytes = cursor_take(c, octets);
	uint64_t value = 0;
	for (size_t i = 0; bytes && i < octets; i++)
		value |= (uint64_t)bytes[i] << (8 * i);
	return value;
}

uint64_t
ledger_clickhouse_read_u64(struct cursor *c)
{
	return read_number(c, 8);
}

uint32_t
ledger_clickhouse_read_u32(struct cursor *c)
{
	return (uint32_t)read_number(c, 4);
}

struct cursor
ledger_clickhouse_read_string(struct cursor *c)
{
	uint64_t length = 0;
	for (int i = 0; i < VARINT_MAX; i++) {
		uint8_t octet = cursor_u8(c);
		length |= (uint64_t)(octet & 0x7f) << (7 * i);
		if (!(octet & 0x80))
			return cursor_sub(c, (size_t)length);
	}
	cursor_fail(c);
	return cursor_of("", 0);
}

struct ledger_fact
ledger_clickhouse_read_bin(struct cursor *c)
{
	struct utc_s start = {ledger_clickhouse_read_u32(c)};
	int64_t numbers[LEDGER_ROW_NUMBERS];
	for (int i = 0; i < LEDGER_ROW_NUMBERS; i++)
		numbers[i] = (int64_t)read_number(c, 8);
	return ledger_row_fact(start, numbers);
}

struct ledger_fact
ledger_clickhouse_read_worth(struct cursor *c, uint32_t step_s)
{
	struct ledger_fact fact = {.length_s = 1};
	fact.start.s = (int64_t)ledger_clickhouse_read_u32(c) * step_s;
	uint8_t claim = cursor_u8(c);
	if (claim == TRAFFIC_COUNTER || claim == TRAFFIC_ESTIMATED)
		fact.claim = (enum traffic_state)claim;
	fact.runs = cursor_u8(c) ? 2 : 1;
	fact.counter_covered_s = cursor_u8(c);
	cursor_skip(c, 2); /* which one is larger shows in the octets */
	fact.counter_in = ledger_clickhouse_read_u64(c);
	fact.counter_out = ledger_clickhouse_read_u64(c);
	fact.flow_in = ledger_clickhouse_read_u64(c);
	fact.flow_out = ledger_clickhouse_read_u64(c);
	fact.samples_in = ledger_clickhouse_read_u64(c);
	fact.samples_out = ledger_clickhouse_read_u64(c);
	return fact;
}

struct ledger_batch_row
ledger_clickhouse_read_batch(struct cursor *c, struct cursor *provenance)
{
	struct ledger_batch_row row = {.start.s = ledger_clickhouse_read_u32(c)};
	row.run = read_number(c, 8);
	row.length_s = ledger_clickhouse_read_u32(c);
	row.covered_s = ledger_clickhouse_read_u32(c);
	row.simulated = cursor_u8(c) != 0;
	row.kernel_drops = read_number(c, 8);
	row.in = read_number(c, 8);
	row.out = read_number(c, 8);
	uint8_t state = cursor_u8(c);
	row.state = state == TRAFFIC_COUNTER || state == TRAFFIC_ESTIMATED
			    ? (enum traffic_state)state
			    : TRAFFIC_MISSING;
	row.check.counter = read_number(c, 8);
	row.check.flow = read_number(c, 8);
	*provenance = ledger_clickhouse_read_string(c);
	return row;
}

static uint64_t
read_country(struct cursor *c)
{
	struct cursor text = ledger_clickhouse_read_string(c);
	uint64_t number = cursor_u16(&text);
	if (text.failed || cursor_left(&text))
		cursor_fail(c);
	return number;
}

struct ledger_sum
ledger_clickhouse_read_sum(struct cursor *c, enum ledger_sum_kind kind,
			   uint32_t (*number_of)(void *context, struct cursor name), void *context)
{
	struct ledger_sum sum = {0};
	if (kind != LEDGER_COUNTRIES) {
		sum.upper = number_of(context, ledger_clickhouse_read_string(c));
		if (!sum.upper)
			cursor_fail(c);
	}
	if (kind == LEDGER_PAIRS) {
		uint64_t to = number_of(context, ledger_clickhouse_read_string(c));
		uint8_t family = cursor_u8(c);
		sum.lower = to << 2 | (family == IP_V4 ? 1 : family == IP_V6 ? 2 : 0);
		if (!to)
			cursor_fail(c);
	} else if (kind == LEDGER_ORIGINS) {
		sum.upper = sum.upper << 1 | (cursor_u8(c) != 0);
		sum.lower = (uint64_t)ledger_clickhouse_read_u32(c) << 16;
		sum.lower |= read_country(c);
		sum.next = ledger_clickhouse_read_u32(c);
	} else {
		sum.lower = read_country(c) << 16;
		sum.lower |= read_country(c);
	}
	sum.octets = read_number(c, 8);
	sum.packets = read_number(c, 8);
	sum.samples = read_number(c, 8);
	return sum;
}
