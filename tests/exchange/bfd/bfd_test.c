/* Two BFD sessions that talk to each other on a clock of the test, and one that is talked to. */
#include "exchange/bfd/bfd.h"

#include "tap.h"

enum { MS = 1000 };

/* A and B, with a wire between them that can be cut each way. */
struct link {
	struct bfd ends[2];
	bool cut[2]; /* what this end says is lost */
	struct mono_us now;
	unsigned ups[2], downs[2], admins[2], sent[2];
	int64_t last_sent[2], shortest[2], longest[2]; /* between packets, while both are up */
};

static void
note(struct link *l, unsigned end, enum bfd_event event)
{
	l->ups[end] += event == BFD_EVENT_UP;
	l->downs[end] += event == BFD_EVENT_DOWN;
	l->admins[end] += event == BFD_EVENT_ADMIN;
}

static void
measure(struct link *l, unsigned end)
{
	int64_t gap = l->now.us - l->last_sent[end];
	if (l->last_sent[end] && (!l->shortest[end] || gap < l->shortest[end]))
		l->shortest[end] = gap;
	if (l->last_sent[end] && gap > l->longest[end])
		l->longest[end] = gap;
	l->last_sent[end] = l->now.us;
	l->sent[end]++;
}

static void
turn(struct link *l, unsigned end)
{
	struct bfd_packet packet, heard;
	uint8_t octets[BFD_PACKET];
	note(l, end, bfd_tick(&l->ends[end], l->now));
	while (bfd_output(&l->ends[end], &packet, l->now)) {
		bfd_packet_write(octets, &packet);
		measure(l, end);
		if (l->cut[end])
			continue;
		if (bfd_packet_read(&heard, cursor_of(octets, sizeof(octets))) == BFD_FAULT_NONE)
			note(l, !end, bfd_input(&l->ends[!end], &heard, l->now));
	}
}

static void
run_ms(struct link *l, int64_t ms)
{
	struct mono_us end = mono_add_ms(l->now, ms);
	while (l->now.us <= end.us) {
		turn(l, 0);
		turn(l, 1);
		turn(l, 0);
		int64_t a = bfd_deadline(&l->ends[0]).us, b = bfd_deadline(&l->ends[1]).us;
		int64_t next = a < b ? a : b;
		l->now.us = next > l->now.us ? next : l->now.us + 1;
	}
	l->now = end;
}

static void
init(struct link *l, const struct bfd_config *a, const struct bfd_config *b)
{
	*l = (struct link){.now = {1000000}};
	bfd_init(&l->ends[0], a, 1, 11, l->now);
	bfd_init(&l->ends[1], b, 2, 22, l->now);
}

static void
measure_anew(struct link *l)
{
	for (unsigned i = 0; i < 2; i++)
		l->last_sent[i] = l->shortest[i] = l->longest[i] = l->sent[i] = 0;
}

static void
coming_up(void)
{
	const struct bfd_config a = {300 * MS, 300 * MS, 3}, b = {100 * MS, 500 * MS, 5};
	struct link l;
	init(&l, &a, &b);
	ok(l.ends[0].state == BFD_DOWN && l.ends[0].transmit_us == 1000000,
	   "6.8.3: down, it speaks once a second");
	run_ms(&l, 3000);
	ok(l.ends[0].state == BFD_UP && l.ends[1].state == BFD_UP && l.ups[0] == 1 && l.ups[1] == 1,
	   "6.2: both come up, and say so once");
	ok(!l.ends[0].polling && !l.ends[1].polling, "6.5: a poll tells of the faster intervals");
	is_int((long long)bfd_interval_us(&l.ends[0]), 500 * MS,
	       "6.8.7: A sends no faster than B wants it");
	is_int((long long)bfd_interval_us(&l.ends[1]), 300 * MS, "and B no faster than A does");
	is_int((long long)bfd_detection_us(&l.ends[0]), 5 * 300 * MS,
	       "6.8.4: A waits for B's multiplier times the slower of the two");
	is_int((long long)bfd_detection_us(&l.ends[1]), 3 * 500 * MS, "and B for A's");
	measure_anew(&l);
	run_ms(&l, 300000);
	ok(l.shortest[0] >= 375 * MS && l.longest[0] <= 500 * MS,
	   "6.8.7: intervals are up to a quarter shorter (%lld to %lld us)",
	   (long long)l.shortest[0], (long long)l.longest[0]);
	ok(l.shortest[0] < 400 * MS && l.longest[0] > 480 * MS, "and spread over all of it");
	ok(!l.downs[0] && !l.downs[1], "and for five minutes nobody goes down");
	ok(l.sent[0] > 600 && l.sent[0] < 800, "with %u packets", l.sent[0]);
}

static void
single_packets(void)
{
	const struct bfd_config config = {1000 * MS, 1000 * MS, 1};
	struct link l;
	init(&l, &config, &config);
	run_ms(&l, 5000);
	measure_anew(&l);
	run_ms(&l, 600000);
	ok(l.longest[0] <= 900 * MS && l.shortest[0] >= 750 * MS && !l.downs[0],
	   "6.8.7: where one packet counts, it is at least a tenth early (%lld to %lld us)",
	   (long long)l.shortest[0], (long long)l.longest[0]);
}

static void
silence(void)
{
	const struct bfd_config config = {300 * MS, 300 * MS, 3};
	struct link l;
	init(&l, &config, &config);
	run_ms(&l, 5000);
	l.cut[1] = true;
	run_ms(&l, 670);
	is_int(l.downs[0], 0, "6.8.4: two packets may be lost");
	run_ms(&l, 300);
	ok(l.downs[0] == 1 && l.ends[0].diagnostic == BFD_DIAGNOSTIC_EXPIRED &&
		   !l.ends[0].remote_discriminator,
	   "three may not: it goes down, and forgets whom it knew");
	ok(l.downs[1] == 1 && l.ends[1].diagnostic == BFD_DIAGNOSTIC_NEIGHBOUR,
	   "6.8.6: the other is told, and goes down with it");
	run_ms(&l, 60000);
	ok(l.downs[0] == 1 && l.ends[0].state == BFD_DOWN && l.ends[1].state == BFD_INIT,
	   "heard one way only, neither comes up");
	l.cut[1] = false;
	run_ms(&l, 3000);
	ok(l.ups[0] == 2 && l.ups[1] == 2, "when the way is whole they do");
	l.cut[0] = l.cut[1] = true;
	run_ms(&l, 2000);
	ok(l.downs[0] == 2 && l.downs[1] == 2, "cut both ways, both notice by themselves");
	is_int(l.ends[0].downs, 2, "and count it");
}

static void
on_purpose(void)
{
	const struct bfd_config config = {300 * MS, 300 * MS, 3};
	struct link l;
	init(&l, &config, &config);
	run_ms(&l, 5000);
	bfd_shut(&l.ends[1], l.now);
	run_ms(&l, 10000);
	ok(l.admins[0] == 1 && !l.downs[0] && l.ends[0].state == BFD_DOWN,
	   "5882 3.2: an operator's end is no failure");
	ok(l.ends[1].state == BFD_ADMIN_DOWN && l.ends[0].remote_state == BFD_ADMIN_DOWN,
	   "6.8.16: and it is told as what it is");
	bfd_init(&l.ends[1], &config, 3, 33, l.now);
	run_ms(&l, 3000);
	ok(l.ups[0] == 2 && l.ends[1].state == BFD_UP, "begun again, they come up again");
}

static void
other_intervals(void)
{
	const struct bfd_config config = {300 * MS, 300 * MS, 3}, slow = {2000 * MS, 300 * MS, 3};
	const struct bfd_config keen = {300 * MS, 100 * MS, 3};
	struct link l;
	init(&l, &config, &config);
	run_ms(&l, 5000);
	l.cut[0] = true;
	bfd_configure(&l.ends[0], &slow, l.now);
	ok(l.ends[0].polling && bfd_interval_us(&l.ends[0]) == 300 * MS,
	   "6.8.3: it slows down only when the other knows");
	l.cut[0] = false;
	run_ms(&l, 10000);
	ok(!l.ends[0].polling && bfd_interval_us(&l.ends[0]) == 2000 * MS &&
		   bfd_detection_us(&l.ends[1]) == 6000 * MS,
	   "then it does");
	bfd_configure(&l.ends[0], &keen, l.now);
	is_int((long long)bfd_interval_us(&l.ends[0]), 300 * MS, "faster it is at once");
	is_int((long long)bfd_detection_us(&l.ends[0]), 900 * MS,
	       "but it waits as before until the other knows");
	run_ms(&l, 10000);
	ok(!l.downs[0] && !l.downs[1], "and nobody goes down over it");
}

static struct bfd_packet
said(enum bfd_state state, uint32_t your)
{
	return (struct bfd_packet){.state = state,
				   .multiplier = 3,
				   .discriminator = 9,
				   .your_discriminator = your,
				   .transmit_us = 300 * MS,
				   .receive_us = 300 * MS};
}

/* Each state and what is heard in it: section 6.8.6. */
static void
states(void)
{
	static const struct {
		const char *name;
		enum bfd_state from, heard, to;
		enum bfd_event event;
	} cases[] = {
		{"down, hears down", BFD_DOWN, BFD_DOWN, BFD_INIT, BFD_EVENT_NONE},
		{"down, hears init", BFD_DOWN, BFD_INIT, BFD_UP, BFD_EVENT_UP},
		{"down, hears up", BFD_DOWN, BFD_UP, BFD_DOWN, BFD_EVENT_NONE},
		{"down, hears admin down", BFD_DOWN, BFD_ADMIN_DOWN, BFD_DOWN, BFD_EVENT_NONE},
		{"init, hears down", BFD_INIT, BFD_DOWN, BFD_INIT, BFD_EVENT_NONE},
		{"init, hears init", BFD_INIT, BFD_INIT, BFD_UP, BFD_EVENT_UP},
		{"init, hears up", BFD_INIT, BFD_UP, BFD_UP, BFD_EVENT_UP},
		{"init, hears admin down", BFD_INIT, BFD_ADMIN_DOWN, BFD_DOWN, BFD_EVENT_NONE},
		{"up, hears down", BFD_UP, BFD_DOWN, BFD_DOWN, BFD_EVENT_DOWN},
		{"up, hears init", BFD_UP, BFD_INIT, BFD_UP, BFD_EVENT_NONE},
		{"up, hears up", BFD_UP, BFD_UP, BFD_UP, BFD_EVENT_NONE},
		{"up, hears admin down", BFD_UP, BFD_ADMIN_DOWN, BFD_DOWN, BFD_EVENT_ADMIN},
		{"admin down hears nothing", BFD_ADMIN_DOWN, BFD_INIT, BFD_ADMIN_DOWN,
		 BFD_EVENT_NONE},
	};
	const struct bfd_config config = {300 * MS, 300 * MS, 3};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mono_us now = {1000000};
		struct bfd b;
		bfd_init(&b, &config, 1, 1, now);
		struct bfd_packet packet = said(BFD_DOWN, 1);
		if (cases[i].from == BFD_INIT || cases[i].from == BFD_UP)
			(void)bfd_input(&b, &packet, now);
		packet.state = BFD_UP;
		if (cases[i].from == BFD_UP)
			(void)bfd_input(&b, &packet, now);
		if (cases[i].from == BFD_ADMIN_DOWN)
			bfd_shut(&b, now);
		packet.state = cases[i].heard;
		enum bfd_event event = bfd_input(&b, &packet, now);
		ok(b.state == cases[i].to && event == cases[i].event, "6.8.6: %s", cases[i].name);
	}
}

static unsigned
count_for_ms(struct bfd *b, struct mono_us *now, int64_t ms, struct bfd_packet *last)
{
	struct mono_us end = mono_add_ms(*now, ms);
	unsigned count = 0;
	for (; now->us < end.us; now->us += MS)
		while (bfd_output(b, last, *now))
			count++;
	return count;
}

static void
demand_and_polls(void)
{
	const struct bfd_config config = {300 * MS, 300 * MS, 3};
	struct mono_us now = {1000000};
	struct bfd_packet packet = said(BFD_INIT, 1), out = {0};
	struct bfd b;
	bfd_init(&b, &config, 1, 1, now);
	(void)bfd_input(&b, &packet, now);
	(void)bfd_output(&b, &out, now);
	ok(out.state == BFD_UP && out.poll && !out.final, "6.5: up, it polls for its faster pace");
	packet.state = BFD_UP;
	packet.poll = true;
	(void)bfd_input(&b, &packet, now);
	ok(bfd_output(&b, &out, now) && out.final && !out.poll && b.polling,
	   "6.8.6: a poll is answered at once, with F and without P");
	ok(!bfd_output(&b, &out, now), "once");
	packet.poll = false;
	packet.demand = true;
	packet.final = true;
	(void)bfd_input(&b, &packet, now);
	is_int(count_for_ms(&b, &now, 800, &out), 0,
	       "6.6: who is in demand mode gets no packets while both are up");
	packet.final = false;
	(void)bfd_input(&b, &packet, now);
	packet.poll = true;
	(void)bfd_input(&b, &packet, now);
	is_int(count_for_ms(&b, &now, 500, &out), 1, "6.6: but answers");
	ok(b.state == BFD_UP, "and the session stays up while they speak");
	packet.poll = packet.demand = false;
	(void)bfd_input(&b, &packet, now);
	ok(count_for_ms(&b, &now, 800, &out) >= 2, "without it they come again");
	packet.receive_us = 0;
	(void)bfd_input(&b, &packet, now);
	is_int(count_for_ms(&b, &now, 800, &out), 0, "6.8.7: nor does who wants to hear nothing");
	is_int(bfd_tick(&b, now), BFD_EVENT_NONE, "it is up until the detection time");
	now = mono_add_ms(now, 200);
	is_int(bfd_tick(&b, now), BFD_EVENT_DOWN, "and then down");
	ok(bfd_output(&b, &out, now) && out.state == BFD_DOWN && !out.your_discriminator,
	   "which it says, whatever was wanted before");
}

int
main(void)
{
	coming_up();
	single_packets();
	silence();
	on_purpose();
	other_intervals();
	states();
	demand_and_polls();
	return done_testing();
}
