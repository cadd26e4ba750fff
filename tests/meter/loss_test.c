/* The loss ledger against a reference that knows what was sent: four protocols; datagrams that are
 * lost, overtake each other, come twice, wrap their numbers and begin anew, from seeds. What was
 * received and what was lost must add up to what was sent, to the record. */
#include <stdlib.h>

#include "exchange.h"
#include "meter/exporter.h"
#include "tap.h"

enum { MESSAGES = 400, WINDOW = 48, START = 1700000000, PER_MESSAGE = 6, SOURCES = 5 };

enum { LOSS = 1, REORDER = 2, TWICE = 4, WRAP = 8, RESTART = 16, REPLAY = 32, LATER = 64 };

struct message {
	struct buf bytes;
	uint32_t records;
	unsigned place; /* in the order of arrival */
	bool lost;
	bool anchor; /* always comes, and in its place: the ends of a stretch of numbers */
};

struct world {
	enum exporter_protocol protocol;
	unsigned faults;
	uint64_t seed;
	struct message messages[MESSAGES];
	struct message *order[2 * MESSAGES];
	size_t arrivals;
	uint32_t number, uptime_ms, wall_s;
	uint32_t source_number[SOURCES];
	uint64_t sent, twice;
};

static uint64_t
chance(struct world *w, uint64_t below)
{
	uint64_t z = (w->seed += 0x9e3779b97f4a7c15u);
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (z ^ z >> 31) % below;
}

/* --- what an exporter sends --- */

static void
make_sflow(struct world *w, struct message *m)
{
	struct frame f = {.to = 1, .vlan = 100, .rate = 1000, .length = 500};
	sflow_header(&m->bytes, (struct sflow_numbers){3, w->number++, w->uptime_ms}, m->records);
	for (uint32_t i = 0; i < m->records; i++) {
		uint32_t source = m->anchor ? i % SOURCES : (uint32_t)chance(w, SOURCES);
		f.source = 1000 + source;
		sflow_flow_sample(&m->bytes, w->source_number[source]++, &f);
	}
}

static void
flow_set(struct buf *b, uint32_t records)
{
	buf_u16(b, 256);
	buf_u16(b, (uint16_t)(4 + 8 * records));
	for (uint32_t i = 0; i < records; i++) {
		buf_u32(b, 1000 + i);
		buf_u32(b, 1);
	}
}

/* Templates: 256 for flows, 512 for options, another that nobody uses. */
static void
template_sets(struct buf *b, bool ipfix, uint16_t other)
{
	buf_u16(b, ipfix ? 2 : 0);
	buf_u16(b, 24);
	buf_u32(b, (uint32_t)other << 16 | 1); /* so that no two messages are the same */
	buf_u32(b, 1 << 16 | 4);
	buf_u32(b, 256 << 16 | 2);
	buf_u32(b, 1 << 16 | 4);
	buf_u32(b, 2 << 16 | 4);
	if (!ipfix)
		return;
	buf_u16(b, 3);
	buf_u16(b, 18);
	buf_u32(b, 512 << 16 | 2);
	buf_u16(b, 1);
	buf_u32(b, 302 << 16 | 4);
	buf_u32(b, 34 << 16 | 4);
}

static void
make_ipfix(struct world *w, struct message *m)
{
	struct buf *b = &m->bytes;
	bool option = m->records && chance(w, 4) == 0;
	buf_u16(b, 10);
	buf_u16(b, 0);
	buf_u32(b, w->wall_s);
	buf_u32(b, w->number);
	buf_u32(b, 7);
	/* Where templates come later, the 30th message has the first. */
	bool early = w->faults & LATER && m->place < 30;
	if ((m->anchor || !m->records || m->place == 30) && !early)
		template_sets(b, true, (uint16_t)(1000 + m->place));
	if (option) {
		buf_u16(b, 512);
		buf_u16(b, 12);
		buf_u32(b, 1);
		buf_u32(b, 1000);
	}
	if (m->records > option)
		flow_set(b, m->records - option);
	buf_set_u16(b, 2, (uint16_t)b->length);
	w->number += m->records;
}

static void
make_v9(struct world *w, struct message *m)
{
	struct buf *b = &m->bytes;
	buf_u16(b, 9);
	buf_u16(b, (uint16_t)m->records);
	buf_u32(b, w->uptime_ms);
	buf_u32(b, w->wall_s);
	buf_u32(b, w->number++);
	buf_u32(b, 7);
	if (m->anchor)
		template_sets(b, false, 1000);
	flow_set(b, m->records);
}

static void
make_v5(struct world *w, struct message *m)
{
	struct buf *b = &m->bytes;
	buf_u16(b, 5);
	buf_u16(b, (uint16_t)m->records);
	buf_u32(b, w->uptime_ms);
	buf_u32(b, w->wall_s);
	buf_u32(b, 0);
	buf_u32(b, w->number);
	buf_u32(b, 0);
	for (uint32_t i = 0; i < m->records * 12; i++)
		buf_u32(b, i + (uint32_t)chance(w, 9));
	w->number += m->records;
}

static uint32_t
records_of(struct world *w, const struct message *m)
{
	switch (w->protocol) {
	case EXPORTER_SFLOW:
		/* Anchors end a stretch: each source has its last number in them. */
		return m->anchor ? SOURCES : 1 + (uint32_t)chance(w, PER_MESSAGE);
	case EXPORTER_IPFIX:
		if (w->faults & LATER && m->place < 30)
			return 1 + (uint32_t)chance(w, PER_MESSAGE);
		return (uint32_t)chance(w, PER_MESSAGE + 1); /* 0: templates alone */
	case EXPORTER_NETFLOW9:
		return PER_MESSAGE; /* their loss is by the mean */
	default:
		return 1 + (uint32_t)chance(w, 30);
	}
}

static void
begin_anew(struct world *w)
{
	w->number = 0;
	w->uptime_ms = 100;
	w->wall_s += 4;
	memset(w->source_number, 0, sizeof(w->source_number));
}

static void
make_messages(struct world *w)
{
	unsigned anew = w->faults & RESTART ? 100 + (unsigned)chance(w, 200) : 0;
	w->number = w->faults & WRAP ? UINT32_MAX - 90 : (uint32_t)chance(w, 100000);
	w->uptime_ms = 5000000;
	w->wall_s = START;
	for (unsigned i = 0; i < SOURCES; i++)
		w->source_number[i] = w->faults & WRAP ? UINT32_MAX - 50 * i : 0;
	for (unsigned i = 0; i < MESSAGES; i++) {
		struct message *m = &w->messages[i];
		/* The first ones teach an exporter's rate and size, the ends cannot be known
		 * otherwise. */
		m->anchor = i < 4 || i == MESSAGES - 1 || (w->faults & LATER && i == 30) ||
			    (anew && (i == anew - 1 || i == anew));
		m->place = i;
		if (anew && i == anew)
			begin_anew(w);
		m->records = records_of(w, m);
		if (w->protocol == EXPORTER_SFLOW)
			make_sflow(w, m);
		else if (w->protocol == EXPORTER_IPFIX)
			make_ipfix(w, m);
		else if (w->protocol == EXPORTER_NETFLOW9)
			make_v9(w, m);
		else
			make_v5(w, m);
		w->sent += m->records;
		w->uptime_ms += 7;
		w->wall_s += i % 128 == 0;
		m->lost = w->faults & LOSS && !m->anchor && chance(w, 5) == 0;
	}
}

/* --- what arrives --- */

static int
compare_places(const void *a, const void *b)
{
	const struct message *x = *(struct message *const *)a, *y = *(struct message *const *)b;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* Anchors stay where they are; what is between two of them may overtake within a window. */
static void
make_arrivals(struct world *w)
{
	unsigned from = 0;
	for (unsigned i = 0; i < MESSAGES; i++) {
		struct message *m = &w->messages[i];
		unsigned room = i > from ? i - from : 0;
		if (m->anchor)
			from = i + 1;
		else if (w->faults & REORDER && room)
			m->place = i - (unsigned)chance(w, room < WINDOW ? room : WINDOW);
		if (!m->lost)
			w->order[w->arrivals++] = m;
	}
	qsort(w->order, w->arrivals, sizeof(w->order[0]), compare_places);
	if (!(w->faults & TWICE))
		return;
	struct message *all[2 * MESSAGES];
	size_t count = 0;
	for (size_t i = 0; i < w->arrivals; i++) {
		all[count++] = w->order[i];
		size_t back = chance(w, WINDOW);
		if (chance(w, 4) == 0 && back <= i) {
			all[count++] = w->order[i - back];
			w->twice++;
		}
	}
	memcpy(w->order, all, count * sizeof(all[0]));
	w->arrivals = count;
}

struct receiver {
	struct exporter exporter;
	struct sequence_drops drops;
	uint64_t flows;
};

static void
receive(struct receiver *r, const struct world *w, const struct message *m, struct utc_s now)
{
	struct cursor datagram = cursor_of(m->bytes.data, m->bytes.length);
	struct exporter *e = &r->exporter;
	if (w->protocol == EXPORTER_SFLOW) {
		struct sflow_reader reader;
		struct sflow_sample sample;
		if (sflow_open(&reader, datagram) != FLOW_ACCEPTED ||
		    !sflow_track_datagram(e->sflow, &reader, datagram, now))
			return;
		while (sflow_next(&reader, &sample)) {
			sflow_track_sample(e->sflow, &sample);
			r->flows++;
		}
		return;
	}
	struct netflow_reader reader;
	struct flow flow;
	if (netflow_open(&reader, e->netflow, datagram, now) != FLOW_ACCEPTED)
		return;
	while (netflow_next(&reader, &flow))
		r->flows++;
	netflow_done(&reader);
}

static struct domain_sums
play(struct world *w, struct receiver *r)
{
	r->exporter.sflow = sflow_track_new(&r->drops);
	r->exporter.netflow = netflow_state_new(&r->drops);
	for (int round = 0; round < (w->faults & REPLAY ? 2 : 1); round++)
		for (size_t i = 0; i < w->arrivals; i++)
			receive(r, w, w->order[i], (struct utc_s){START + (int64_t)i / 128});
	struct exporter_domain d = {0};
	if (exporter_domains(&r->exporter, &d, 1) != 1)
		printf("# not one domain\n");
	return d.total;
}

static uint64_t
arrived(const struct world *w)
{
	uint64_t records = 0;
	for (unsigned i = 0; i < MESSAGES; i++)
		records += w->messages[i].lost ? 0 : w->messages[i].records;
	return records;
}

/* One world. Prints what is wrong with it. */
static bool
holds(enum exporter_protocol protocol, unsigned faults, uint64_t seed)
{
	struct world *w = calloc(1, sizeof(*w));
	struct receiver r = {0};
	w->protocol = protocol;
	w->faults = faults;
	w->seed = seed;
	make_messages(w);
	make_arrivals(w);
	struct domain_sums got = play(w, &r);
	uint64_t received = arrived(w), again = w->twice;
	if (faults & REPLAY)
		again += w->arrivals;
	bool good = got.received == received && got.received + got.lost == w->sent &&
		    got.restarts == !!(faults & RESTART) && got.repeated == again;
	if (!good)
		printf("# seed %llu: received %llu of %llu, lost %llu of %llu, restarts %u, "
		       "repeated "
		       "%u of %llu\n",
		       (unsigned long long)seed, (unsigned long long)got.received,
		       (unsigned long long)received, (unsigned long long)got.lost,
		       (unsigned long long)(w->sent - received), got.restarts, got.repeated,
		       (unsigned long long)again);
	exporter_fini(&r.exporter);
	for (unsigned i = 0; i < MESSAGES; i++)
		buf_fini(&w->messages[i].bytes);
	free(w);
	return good;
}

static const struct {
	enum exporter_protocol protocol;
	const char *name;
} protocols[] = {
	{EXPORTER_SFLOW, "sFlow"},
	{EXPORTER_IPFIX, "IPFIX"},
	{EXPORTER_NETFLOW9, "NetFlow 9"},
	{EXPORTER_NETFLOW5, "NetFlow 5"},
};

static void
adds_up(void)
{
	static const struct {
		unsigned faults;
		const char *text;
	} kinds[] = {
		{0, "nothing is lost"},
		{LOSS, "one in five is lost"},
		{REORDER, "datagrams overtake each other"},
		{TWICE, "one in four comes twice"},
		{REPLAY, "all of it is replayed"},
		{LOSS | REORDER, "lost and overtaking"},
		{LOSS | TWICE | WRAP, "lost and twice, and numbers wrap"},
		{LOSS | REORDER | TWICE, "lost, overtaking and twice"},
		{LOSS | RESTART, "lost, and the exporter begins anew"},
		{LOSS | REORDER | TWICE | WRAP | RESTART, "all of it at once"},
	};
	for (size_t p = 0; p < sizeof(protocols) / sizeof(protocols[0]); p++)
		for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
			unsigned good = 0, seeds = 40;
			for (uint64_t seed = 1; seed <= seeds; seed++)
				good += holds(protocols[p].protocol, kinds[k].faults, seed);
			ok(good == seeds, "%s, %s: received and lost are what was sent",
			   protocols[p].name, kinds[k].text);
		}
}

/* Data that waits for its template is missing until it can be read. */
static void
waits(void)
{
	static const unsigned kinds[] = {LATER, LATER | LOSS,
					 LATER | LOSS | REORDER | TWICE | WRAP};
	unsigned good = 0, worlds = 0;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (uint64_t seed = 1; seed <= 40; seed++, worlds++)
			good += holds(EXPORTER_IPFIX, kinds[k], seed);
	ok(good == worlds, "IPFIX, templates come later than data: nothing of it is lost");
}

/* --- domains that are numbered together --- */

enum { DOMAINS = 3 };

struct together {
	struct netflow_state *state;
	struct world chances; /* for chance() alone */
	uint32_t number, own[DOMAINS], messages;
	uint64_t sent, received;
};

/* A message of a domain by chance, numbered with all others or by its domain; `arrives` or not. */
static void
together_message(struct together *t, bool own, bool arrives)
{
	uint32_t domain = (uint32_t)chance(&t->chances, DOMAINS);
	uint32_t records = domain ? 1 + (uint32_t)chance(&t->chances, PER_MESSAGE) : 1;
	uint32_t *number = own ? &t->own[domain] : &t->number;
	struct buf b = {0};
	buf_u16(&b, 10);
	buf_u16(&b, 0);
	buf_u32(&b, START + t->messages / 128);
	buf_u32(&b, *number);
	buf_u32(&b, domain);
	template_sets(&b, true, (uint16_t)(1000 + t->messages++));
	flow_set(&b, records);
	buf_set_u16(&b, 2, (uint16_t)b.length);
	*number += records;
	t->sent += records;
	t->received += arrives ? records : 0;
	struct netflow_reader reader;
	struct flow flow;
	struct utc_s now = {START + t->messages / 128};
	if (arrives &&
	    netflow_open(&reader, t->state, cursor_of(b.data, b.length), now) == FLOW_ACCEPTED) {
		while (netflow_next(&reader, &flow))
			;
		netflow_done(&reader);
	}
	buf_fini(&b);
}

/* The meter begins anew with what it kept. */
static void
together_again(struct together *t)
{
	struct buf kept = {0};
	netflow_state_encode(t->state, &kept);
	netflow_state_free(t->state);
	struct cursor c = cursor_of(kept.data, kept.length);
	t->state = netflow_state_decode(NULL, &c, (struct utc_s){START});
	buf_fini(&kept);
	t->sent = t->received = 0;
}

static uint64_t
together_lost(const struct together *t)
{
	struct netflow_totals totals = netflow_totals(t->state);
	return totals.lost_records;
}

static void
together(void)
{
	unsigned learnt = 0, exact = 0, kept = 0, back = 0, seeds = 40;
	for (uint64_t seed = 1; seed <= seeds; seed++) {
		struct together t = {.state = netflow_state_new(NULL), .chances.seed = seed};
		struct exporter_domain d = {0};
		t.number = 0xffffff00;
		for (int i = 0; i < 100; i++)
			together_message(&t, false, true);
		learnt += together_lost(&t) == 0 && netflow_domains(t.state, &d, 1) == DOMAINS &&
			  d.quirk;
		for (int i = 0; i < 300; i++)
			together_message(&t, false, chance(&t.chances, 5) > 0);
		together_message(&t, false, true);
		exact += t.received + together_lost(&t) == t.sent;
		together_again(&t);
		for (int i = 0; i < 50; i++)
			together_message(&t, false, chance(&t.chances, 5) > 0);
		together_message(&t, false, true);
		kept += t.received + together_lost(&t) == t.sent;
		for (int i = 0; i < 100; i++)
			together_message(&t, true, true);
		back += together_lost(&t) == 0 && netflow_domains(t.state, &d, 1) == DOMAINS &&
			!d.quirk;
		netflow_state_free(t.state);
	}
	ok(learnt == seeds, "IPFIX domains that are numbered together lose nothing: it is learnt");
	ok(exact == seeds, "from then on received and lost are what was sent: %u of %u", exact,
	   seeds);
	ok(kept == seeds, "also for the run after: %u of %u", kept, seeds);
	ok(back == seeds,
	   "and an exporter in its place that numbers each by itself is, too: %u of %u", back,
	   seeds);
}

int
main(void)
{
	adds_up();
	waits();
	together();
	return done_testing();
}
