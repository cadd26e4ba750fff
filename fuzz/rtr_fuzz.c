/* What a cache may say: the first octet is the highest version asked for and how the rest is cut; 0xfe in the rest
 * lets time pass, 0xff closes the connection, 0xfd says that the next octet is meant as it stands. */
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "exchange/rpki/rtr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct mono_us now;
static bool open;

/* Everything that a router says is a whole PDU of the kinds that a router says. */
static void
check_output(struct rtr *r)
{
	struct cursor out = rtr_output(r);
	size_t length = cursor_left(&out);
	while (cursor_left(&out)) {
		if (cursor_u8(&out) > RTR_VERSION_MAX)
			abort();
		uint8_t type = cursor_u8(&out);
		cursor_skip(&out, 2);
		uint32_t octets = cursor_u32(&out);
		if ((type != 1 && type != 2 && type != 10) || octets < 8 || octets > RTR_PDU_MAX)
			abort();
		cursor_skip(&out, octets - 8);
	}
	if (out.failed)
		abort();
	rtr_output_done(r, length);
}

static void
pump(struct rtr *r)
{
	bool wanted = false;
	check_output(r);
	for (enum rtr_event event; (event = rtr_next(r)) != RTR_NOTHING;) {
		wanted = event == RTR_WANT_CONNECT;
		open = false;
	}
	if (!wanted)
		return;
	open = true;
	rtr_connected(r, now);
	check_output(r);
}

static void
input(struct rtr *r, const struct buf *b, size_t piece)
{
	for (size_t at = 0; at < b->length; at += piece) {
		rtr_input(r, b->data + at, piece < b->length - at ? piece : b->length - at, now);
		pump(r);
	}
}

static void
pass_time(struct rtr *r)
{
	if (rtr_deadline(r).us > now.us)
		now = rtr_deadline(r);
	rtr_tick(r, now);
	pump(r);
}

static void
play(struct rtr *r, const uint8_t *data, size_t size, size_t piece)
{
	struct buf b = {0};
	for (size_t i = 0; i < size; i++) {
		if (data[i] < 0xfd || (data[i] == 0xfd && i + 1 == size)) {
			buf_u8(&b, data[i]);
			continue;
		}
		if (data[i] == 0xfd) {
			buf_u8(&b, data[++i]);
			continue;
		}
		input(r, &b, piece);
		buf_clear(&b);
		if (data[i] == 0xfe) {
			pass_time(r);
		} else if (open) {
			open = false;
			rtr_disconnected(r, "gone", now);
			pump(r);
		}
	}
	input(r, &b, piece);
	buf_fini(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	struct rpki_table *table = rpki_table_new();
	int source = rpki_source_add(table, RPKI_CACHE, "cache", 1);
	struct rtr_config config = {.version_max = data[0] % 3};
	now.us = 1000000000;
	open = false;
	struct rtr *r = rtr_new(&config, table, (unsigned)source, now);
	pump(r);
	play(r, data + 1, size - 1, data[0] & 0x80 ? 1 : 1 + data[0] / 3);
	struct rpki_changes changes;
	(void)rpki_take_changes(table, &changes);
	rtr_free(r);
	rpki_source_remove(table, (unsigned)source);
	struct rpki_counts counts = rpki_counts(table);
	if (counts.vrps_ipv4 || counts.vrps_ipv6 || counts.aspas)
		abort();
	rpki_table_free(table);
	return 0;
}
