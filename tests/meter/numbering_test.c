/* What is told of loss while it is learnt what an exporter's numbers count: softflowd's, as captured. */
#include <stdlib.h>

#include "base/buf.h"
#include "meter/netflow.h"
#include "tap.h"

/* A message: its number, and the flows in it. softflowd numbers flows, those of the message included; the
 * first one and each 16th after it has a record of options, too. */
struct sent {
	uint32_t number, flows;
};

/* softflowd 1.1.0, IPFIX, one flow at first, then up to four. */
static const struct sent captured[] = {
	{1, 1},  {2, 1},  {3, 1},  {4, 1},  {5, 1},  {7, 2},  {11, 4}, {12, 1}, {13, 1},
	{15, 2}, {19, 4}, {21, 2}, {22, 1}, {25, 3}, {29, 4}, {31, 2}, {32, 1}, {35, 3},
};
/* A quiet switch, and a burst when rules that do not differ until then have been learnt. */
static const struct sent burst[] = {
	{49, 1}, {57, 8}, {58, 1}, {60, 2}, {67, 7}, {68, 1}, {69, 1}, {74, 5}, {76, 2}, {77, 1},
};
/* Little after much: by records the second number would be one from before. */
static const struct sent falling[] = {
	{19, 19}, {20, 1}, {39, 19}, {41, 2},  {42, 1},
	{61, 19}, {62, 1}, {64, 2},  {83, 19}, {84, 1},
};

static void
put_message(struct buf *b, struct sent m, uint32_t wall_s, bool templates)
{
	buf_u16(b, 10);
	buf_u16(b, 0);
	buf_u32(b, wall_s);
	buf_u32(b, m.number);
	buf_u32(b, 0);
	if (templates) {
		buf_u16(b, 2);
		buf_u16(b, 16);
		buf_u32(b, 1024 << 16 | 2);
		buf_u32(b, 1 << 16 | 4);
		buf_u32(b, 2 << 16 | 4);
		buf_u16(b, 3);
		buf_u16(b, 18);
		buf_u32(b, 256 << 16 | 2);
		buf_u16(b, 1);
		buf_u32(b, 143 << 16 | 4);
		buf_u32(b, 160 << 16 | 8);
		buf_u16(b, 256);
		buf_u16(b, 16);
		buf_u32(b, 1);
		buf_u64(b, 1700000000000);
	}
	buf_u16(b, 1024);
	buf_u16(b, (uint16_t)(4 + 8 * m.flows));
	for (uint32_t i = 0; i < m.flows; i++) {
		buf_u32(b, 76000 + m.number + i);
		buf_u32(b, 1);
	}
	buf_set_u16(b, 2, (uint16_t)b->length);
}

struct heard {
	struct netflow_state *state;
	unsigned messages;
	uint64_t most;     /* records that were ever said to be lost */
	uint32_t restarts; /* the most, too */
	uint64_t octets;
};

static void
hear(struct heard *h, struct sent m)
{
	struct buf b = {0};
	struct netflow_reader reader;
	struct flow flow;
	uint32_t now_s = 1700000000 + h->messages;
	put_message(&b, m, now_s, h->messages % 16 == 0);
	h->messages++;
	if (netflow_open(&reader, h->state, cursor_of(b.data, b.length), (struct utc_s){now_s}) ==
	    FLOW_ACCEPTED) {
		while (netflow_next(&reader, &flow))
			h->octets += flow.octets;
		netflow_done(&reader);
	}
	buf_fini(&b);
	struct netflow_totals t = netflow_totals(h->state);
	h->most = t.lost_records > h->most ? t.lost_records : h->most;
	h->restarts = t.restarts > h->restarts ? t.restarts : h->restarts;
}

/* All but the message of place `lost`; none is when that is below 0. */
static struct heard
listen(const struct sent *sent, size_t count, int lost)
{
	struct heard h = {.state = netflow_state_new(NULL)};
	for (size_t i = 0; i < count; i++) {
		if ((int)i == lost)
			h.messages++;
		else
			hear(&h, sent[i]);
	}
	return h;
}

static void
nothing_lost(const char *text, const struct sent *sent, size_t count)
{
	struct heard h = listen(sent, count, -1);
	ok(h.most == 0, "softflowd, %s: no loss is ever told", text);
	is_int(h.restarts, 0, "nor that it began anew");
	uint64_t octets = 0;
	for (size_t i = 0; i < count; i++)
		for (uint32_t k = 0; k < sent[i].flows; k++)
			octets += 76000 + sent[i].number + k;
	is_int((long long)h.octets, (long long)octets, "and each octet counts once");
	netflow_state_free(h.state);
}

static void
quiet_then_burst(void)
{
	struct sent all[48 + sizeof(burst) / sizeof(burst[0])];
	for (uint32_t i = 0; i < 48; i++)
		all[i] = (struct sent){i + 1, 1};
	memcpy(all + 48, burst, sizeof(burst));
	nothing_lost("one flow at a time, then a burst", all, sizeof(all) / sizeof(all[0]));
}

/* A message that did not come: its flows are lost, whenever that is found. */
static void
one_lost(void)
{
	size_t count = sizeof(captured) / sizeof(captured[0]);
	for (int lost = 10; lost < (int)count - 1; lost++) {
		struct heard h = listen(captured, count, lost);
		ok(netflow_totals(h.state).lost_records == captured[lost].flows,
		   "softflowd, message %d is lost: so many flows are", lost + 1);
		netflow_state_free(h.state);
	}
	struct heard h = listen(captured, count, 7);
	is_int((long long)netflow_totals(h.state).lost_records, captured[7].flows,
	       "also while its numbers are not understood yet");
	netflow_state_free(h.state);
}

int
main(void)
{
	nothing_lost("as captured", captured, sizeof(captured) / sizeof(captured[0]));
	nothing_lost("few after many", falling, sizeof(falling) / sizeof(falling[0]));
	quiet_then_burst();
	one_lost();
	return done_testing();
}
