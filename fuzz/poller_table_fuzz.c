/* Variables of an agent's answers, in any order and of any kind: the walk comes to an end, and rows stay
 * sorted. An octet says which column, the next ones which row and value. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "poller/poller_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
take_one(struct poller_table *t, struct cursor *in)
{
	uint8_t kind = cursor_u8(in);
	const struct poller_oid *column = &poller_columns[(kind & 0x3f) % POLLER_COLUMNS];
	uint32_t oid[POLLER_OID_MAX + 1];
	char text[2] = {'e', 0};
	memcpy(oid, column->number, column->length * sizeof(*oid));
	oid[column->length] = cursor_u16(in);
	struct poller_variable v = {
		.oid = oid,
		.oid_length = column->length + (kind & 0x80 ? 0u : 1u),
		.is_number = kind & 0x40,
		.number = cursor_u16(in),
		.text = text,
		.length = 1,
	};
	poller_table_take(t, &v, (struct utc_s){1700000000});
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct poller_table t = {0};
	struct poller_target targets[2] = {{.interface = "e"}, {.if_index = 7}};
	struct cursor in = cursor_of(data, size);
	bool named = cursor_u8(&in) & 1;
	int64_t from, before = -1;
	poller_table_begin(&t, named ? targets : &targets[1], named ? 2 : 1);
	while (cursor_left(&in) && (from = poller_table_next(&t)) >= 0) {
		if (from <= before)
			abort(); /* it would never end */
		before = from;
		for (unsigned n = cursor_u8(&in) % 64; n && cursor_left(&in); n--)
			take_one(&t, &in);
		poller_table_answered(&t);
	}
	for (int i = 0; i < 2; i++) {
		struct poller_reading r;
		if (poller_table_reading(&t, &targets[i], &r) && r.if_index != targets[i].found)
			abort();
	}
	poller_table_fini(&t);
	return 0;
}
