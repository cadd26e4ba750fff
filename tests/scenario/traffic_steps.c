/* Lines about traffic: switches of the hub file that send sFlow, the meter that adds it up, the ledger that bills it.
 * Ports have the ids of the hub file.
 *
 *	meter starts | meter stops    stops: what it has is handed on
 *	meter dies [and its state is lost]    of what it has there is what it wrote down before a bin was handed on, and
 *	                              after each datagram; the next one takes that over
 *	A sends B 80M [ipv6]          so many bit/s from now on; the rates of the scenario are exact
 *	switch S samples 1 in N [on the way out|both ways] [without counters]     as sFlow agents do: frames of 1000 octets, and octet counters
 *	switch S falls silent | switch S loses N datagrams
 *	the batches come again        every batch so far is put into the store a second time
 *
 *	meter shows "WORDS" says "TEXT" | lacks "TEXT"     what it answers to a shell, as text
 *	N batches                     so many are in the store
 *	bin 00:05 of A: IN in OUT out STATE       octets, and counter, estimated or missing; or a full date
 *	from A to B: N octets ipv4    in all
 *	bill C 2026-11 p95 IN in OUT out, rank R of N
 *	bill C 2026-11 bins E: C counter, S estimated, M missing
 *	bill C 2026-11 line 1: TEXT: QUANTITY UNIT at PRICE = AMOUNT CURRENCY
 *	bill C 2026-11 total AMOUNT CURRENCY | is final | is not final
 *	the store is sound
 *
 * Every 30 s a switch sends what it sampled, in the last second, and its counters as the interval ends. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger/ledger_desk.h"
#include "ledger/ledger_sqlite.h"
#include "meter/meter.h"
#include "meter/meter_checkpoint.h"
#include "scenario/scenario.h"
#include "scenario/sflow_build.h"
#include "view/view_meter.h"

enum {
	INTERVAL_S = 30,
	FRAMES_A_DATAGRAM = 10,
	COUNTERS_A_DATAGRAM = 8,
	PENDING_MAX = 288, /* batches put in one transaction */
	UPLINK = 99,       /* the interface of a switch to the others */
};

/* From one port to another. */
struct stream {
	struct stream *next;
	char *from, *to; /* ids */
	bool v6;
	uint64_t rate_bps;
	uint64_t octets;      /* so far, when the rate was set */
	struct mono_us since; /* the rate holds from here */
	uint64_t sampled[2];  /* frames told so far, on the way in and out */
};

struct vswitch {
	struct vswitch *next;
	char *id;
	uint32_t rate; /* one frame in so many is told */
	bool counts, silent;
	bool way[2]; /* which it samples: in, out */
	uint32_t sequence, frame_sequence, counter_sequence;
};

struct traffic {
	struct stream *streams;
	struct vswitch *switches;
	struct meter *meter;
	struct buf state;    /* what the meter wrote down */
	struct mono_us next; /* the next send or look */
	char folder[64];
	struct ledger_store *store;
	struct ledger_desk *desk;
	struct buf *batches; /* encoded, in order */
	size_t count, capacity, put;
	size_t fresh; /* batches that the store did not have */
};

/* --- made and freed --- */

static struct traffic *
traffic_of(struct scenario *s)
{
	if (s->traffic)
		return s->traffic;
	struct traffic *t = calloc(1, sizeof(*t));
	char reason[LEDGER_SQLITE_REASON] = "";
	char path[128];
	if (!t)
		abort();
	s->traffic = t;
	(void)snprintf(t->folder, sizeof(t->folder), "/tmp/sarai-scenario-XXXXXX");
	if (mkdtemp(t->folder)) {
		(void)snprintf(path, sizeof(path), "%s/ledger.sqlite", t->folder);
		t->store = ledger_sqlite_open(path, reason);
	}
	t->desk = t->store ? ledger_desk_new(t->store, s->hub) : NULL;
	if (!t->desk)
		scenario_broken(s, "no store in %s: %s", t->folder, reason);
	return t;
}

static void
remove_folder(const char *folder)
{
	static const char *const files[] = {"ledger.sqlite", "ledger.sqlite-wal",
					    "ledger.sqlite-shm"};
	char path[128];
	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
		(void)unlink(path);
	}
	if (rmdir(folder) < 0)
		printf("# %s is left behind\n", folder);
}

void
traffic_finish(struct scenario *s)
{
	struct traffic *t = s->traffic;
	if (!t)
		return;
	meter_free(t->meter);
	buf_fini(&t->state);
	ledger_desk_free(t->desk);
	ledger_store_close(t->store);
	remove_folder(t->folder);
	while (t->streams) {
		struct stream *gone = t->streams;
		t->streams = gone->next;
		free(gone->from);
		free(gone->to);
		free(gone);
	}
	while (t->switches) {
		struct vswitch *gone = t->switches;
		t->switches = gone->next;
		free(gone->id);
		free(gone);
	}
	for (size_t i = 0; i < t->count; i++)
		buf_fini(&t->batches[i]);
	free(t->batches);
	free(t);
}

void
traffic_take_hub(struct scenario *s, const struct hub *hub)
{
	struct traffic *t = s->traffic;
	if (!t)
		return;
	if ((t->meter && meter_apply(t->meter, hub) < 0) || !ledger_desk_apply(t->desk, hub))
		scenario_broken(s, "meter or ledger do not take that hub file");
}

/* --- what switches see --- */

static uint64_t
octets_at(const struct stream *stream, struct mono_us now)
{
	uint64_t seconds = (uint64_t)(now.us - stream->since.us) / 1000000;
	return stream->octets + seconds * stream->rate_bps / 8;
}

static const struct hub_port *
port_of(const struct scenario *s, const char *id)
{
	uint32_t index = hub_port_by_id(s->hub, id);
	return index == HUB_NONE ? NULL : &s->hub->ports[index];
}

static const struct hub_exporter *
exporter_of(const struct scenario *s, const char *id)
{
	for (size_t i = 0; i < s->hub->exporter_count; i++)
		if (strcmp(s->hub->exporters[i].id, id) == 0)
			return &s->hub->exporters[i];
	return NULL;
}

/* Ends a datagram and gives it to the meter. */
static void
send_datagram(struct scenario *s, const struct vswitch *from, struct sflow_datagram *d)
{
	struct traffic *t = s->traffic;
	sflow_end(d);
	if (t->meter && !from->silent && d->count)
		meter_datagram(t->meter, METER_SFLOW, exporter_of(s, from->id)->address,
			       cursor_of(d->octets.data, d->octets.length), scenario_utc(s));
	buf_fini(&d->octets);
}

static void
begin_datagram(struct scenario *s, struct vswitch *from, struct sflow_datagram *d)
{
	const struct hub_exporter *exporter = exporter_of(s, from->id);
	struct ip agent = exporter->agent.family != IP_NONE ? exporter->agent : exporter->address;
	sflow_begin(d, agent, ++from->sequence, (uint32_t)(s->now.us / 1000));
}

static void
add_frames(struct scenario *s, struct vswitch *from, struct stream *stream, bool out,
	   struct sflow_datagram *d)
{
	const struct hub_port *port[2] = {port_of(s, stream->from), port_of(s, stream->to)};
	struct mono_us end = {(s->now.us / 1000000 + 1) * 1000000};
	uint64_t due = octets_at(stream, end) / ((uint64_t)from->rate * SFLOW_FRAME);
	if (!port[0] || !port[1] || port[out]->exporter == HUB_NONE ||
	    strcmp(s->hub->exporters[port[out]->exporter].id, from->id) != 0)
		return;
	bool across = port[0]->exporter != port[1]->exporter;
	for (; stream->sampled[out] < due; stream->sampled[out]++) {
		struct sflow_sight seen = {
			.sequence = ++from->frame_sequence,
			.input = across && out ? UPLINK : port[0]->if_index,
			.output = across && !out ? UPLINK : port[1]->if_index,
			.at = port[out]->if_index,
			.rate = from->rate,
			.pool = from->frame_sequence * from->rate,
			.source = port[0]->macs[0],
			.destination = port[1]->macs[0],
			.from = stream->v6 ? port[0]->ipv6 : port[0]->ipv4,
			.to = stream->v6 ? port[1]->ipv6 : port[1]->ipv4,
		};
		if (d->count == FRAMES_A_DATAGRAM) {
			send_datagram(s, from, d);
			begin_datagram(s, from, d);
		}
		sflow_add_frame(d, &seen);
	}
}

static void
tell_frames(struct scenario *s, struct vswitch *from)
{
	struct sflow_datagram d;
	bool any = false;
	begin_datagram(s, from, &d);
	for (struct stream *stream = s->traffic->streams; stream; stream = stream->next)
		for (int out = 0; out < 2; out++)
			if (from->way[out])
				add_frames(s, from, stream, out, &d);
	any = d.count > 0;
	from->sequence -= !any;
	send_datagram(s, from, &d);
}

static void
tell_counters(struct scenario *s, struct vswitch *from)
{
	struct sflow_datagram d;
	begin_datagram(s, from, &d);
	for (size_t i = 0; i < s->hub->port_count; i++) {
		const struct hub_port *port = &s->hub->ports[i];
		if (port->exporter == HUB_NONE ||
		    strcmp(s->hub->exporters[port->exporter].id, from->id) != 0)
			continue;
		struct sflow_counted counted = {++from->counter_sequence, port->if_index,
						port->speed_bps, 0, 0};
		for (const struct stream *stream = s->traffic->streams; stream;
		     stream = stream->next) {
			if (strcmp(stream->from, port->id) == 0)
				counted.in_octets += octets_at(stream, s->now);
			if (strcmp(stream->to, port->id) == 0)
				counted.out_octets += octets_at(stream, s->now);
		}
		if (d.count == COUNTERS_A_DATAGRAM) {
			send_datagram(s, from, &d);
			begin_datagram(s, from, &d);
		}
		sflow_add_counters(&d, &counted);
	}
	send_datagram(s, from, &d);
}

/* --- from the meter to the store --- */

static void
put_pending(struct scenario *s)
{
	struct traffic *t = s->traffic;
	struct arena *arena = arena_new();
	const struct traffic_batch *list[PENDING_MAX];
	enum ledger_put results[PENDING_MAX];
	size_t count = t->count - t->put;
	for (size_t i = 0; i < count; i++) {
		struct traffic_batch *batch = arena_take(arena, sizeof(*batch));
		const struct buf *bytes = &t->batches[t->put + i];
		if (traffic_decode(batch, arena, cursor_of(bytes->data, bytes->length)) < 0)
			scenario_broken(s, "a batch that the meter encoded cannot be read");
		list[i] = batch;
	}
	enum ledger_store_error error = s->broken || !count
						? LEDGER_STORE_OK
						: ledger_store_put(t->store, list, count, results);
	if (error)
		scenario_broken(s, "the store: %s", ledger_store_error_text(t->store));
	for (size_t i = 0; i < count && !s->broken; i++) {
		t->fresh += results[i] == LEDGER_PUT_NEW;
		if (results[i] == LEDGER_PUT_REFUSED)
			scenario_broken(s, "the store refuses a batch: %s",
					ledger_batch_fault(list[i]));
	}
	arena_free(arena);
	t->put = t->count;
}

static void
keep_batch(struct scenario *s, const struct traffic_batch *batch)
{
	struct traffic *t = s->traffic;
	if (t->count == t->capacity) {
		t->capacity = t->capacity ? t->capacity * 2 : 64;
		t->batches = realloc(t->batches, t->capacity * sizeof(*t->batches));
		if (!t->batches)
			abort();
	}
	t->batches[t->count] = (struct buf){0};
	traffic_encode(batch, &t->batches[t->count++]);
	if (t->count - t->put == PENDING_MAX)
		put_pending(s);
}

static void
keep_state(struct scenario *s)
{
	struct traffic *t = s->traffic;
	buf_clear(&t->state);
	if (t->meter && meter_checkpoint(t->meter, scenario_utc(s), &t->state) < 0)
		scenario_broken(s, "no memory");
}

static void
look(struct scenario *s)
{
	struct traffic *t = s->traffic;
	const struct traffic_batch *batch;
	while (t->meter && !s->broken && (batch = meter_tick(t->meter, scenario_utc(s)))) {
		keep_state(s);
		keep_batch(s, batch);
	}
}

static void
end_meter(struct scenario *s, bool in_order)
{
	struct traffic *t = s->traffic;
	const struct traffic_batch *batch;
	while (in_order && (batch = meter_flush(t->meter, scenario_utc(s))))
		keep_batch(s, batch);
	if (in_order)
		buf_clear(&t->state);
	meter_free(t->meter);
	t->meter = NULL;
}

/* --- time --- */

struct mono_us
traffic_next(const struct scenario *s)
{
	return s->traffic ? s->traffic->next : (struct mono_us){INT64_MAX};
}

void
traffic_pass(struct scenario *s)
{
	struct traffic *t = s->traffic;
	if (!t)
		return;
	look(s);
	if (s->now.us < t->next.us)
		return;
	int64_t second = t->next.us / 1000000 % INTERVAL_S;
	for (struct vswitch *from = t->switches; from; from = from->next) {
		if (second == INTERVAL_S - 1)
			tell_frames(s, from);
		else if (from->counts)
			tell_counters(s, from);
	}
	t->next.us += second == INTERVAL_S - 1 ? 1000000 : (INTERVAL_S - 1) * 1000000;
	if (t->meter)
		keep_state(s);
}

/* --- what happens --- */

static bool
stream_step(struct scenario *s, const char *from)
{
	struct line *line = &s->line;
	struct traffic *t = traffic_of(s);
	const char *to = line_take(line);
	uint64_t rate;
	if (!to || !port_of(s, from) || !port_of(s, to) || !script_number(&rate, line_take(line)))
		return scenario_broken(s, "A sends B RATE [ipv6]");
	bool v6 = line_is(line, "ipv6");
	struct stream *stream = t->streams;
	while (stream &&
	       (strcmp(stream->from, from) != 0 || strcmp(stream->to, to) != 0 || stream->v6 != v6))
		stream = stream->next;
	if (!stream) {
		stream = calloc(1, sizeof(*stream));
		if (!stream)
			abort();
		*stream = (struct stream){
			.next = t->streams, .from = strdup(from), .to = strdup(to), .v6 = v6};
		t->streams = stream;
	}
	stream->octets = octets_at(stream, s->now);
	stream->since = s->now;
	stream->rate_bps = rate;
	return true;
}

static struct vswitch *
switch_of(struct scenario *s, const char *id)
{
	struct traffic *t = traffic_of(s);
	if (!id || !exporter_of(s, id))
		return NULL;
	for (struct vswitch *known = t->switches; known; known = known->next)
		if (strcmp(known->id, id) == 0)
			return known;
	struct vswitch *made = calloc(1, sizeof(*made));
	if (!made)
		abort();
	*made = (struct vswitch){.next = t->switches, .id = strdup(id), .silent = true};
	t->switches = made;
	return made;
}

/* It samples from now on; what passed before it does not tell. */
static void
begin_sampling(struct scenario *s, const struct vswitch *which)
{
	for (struct stream *stream = s->traffic->streams; stream; stream = stream->next) {
		const struct hub_port *port[2] = {port_of(s, stream->from), port_of(s, stream->to)};
		uint64_t passed = octets_at(stream, s->now) / ((uint64_t)which->rate * SFLOW_FRAME);
		for (int out = 0; out < 2; out++)
			if (port[out] && port[out]->exporter != HUB_NONE &&
			    exporter_of(s, which->id) == &s->hub->exporters[port[out]->exporter])
				stream->sampled[out] = passed;
	}
}

static bool
switch_step(struct scenario *s)
{
	struct line *line = &s->line;
	struct vswitch *which = switch_of(s, line_take(line));
	uint64_t number;
	if (!which)
		return scenario_broken(s, "there is no such exporter");
	if (line_is(line, "samples 1 in") && script_number(&number, line_take(line))) {
		which->rate = (uint32_t)number;
		which->silent = false;
		which->way[1] = line_is(line, "on the way out");
		which->way[0] = !which->way[1];
		if (line_is(line, "both ways"))
			which->way[0] = which->way[1] = true;
		which->counts = !line_is(line, "without counters");
		begin_sampling(s, which);
	} else if (line_is(line, "falls silent")) {
		which->silent = true;
	} else if (line_is(line, "loses") && script_number(&number, line_take(line)) &&
		   line_is(line, "datagrams")) {
		which->sequence += (uint32_t)number;
	} else {
		return scenario_broken(s, "what does the switch do?");
	}
	return true;
}

static bool
start_meter(struct scenario *s)
{
	struct traffic *t = s->traffic;
	struct utc_s now = scenario_utc(s);
	t->meter = meter_new(s->hub, (uint64_t)now.s * 1000000, now);
	if (!t->meter)
		return scenario_broken(s, "no memory");
	meter_set_watching(t->meter, false);
	if (t->state.length &&
	    meter_resume(t->meter, cursor_of(t->state.data, t->state.length), now) < 0)
		return scenario_broken(s, "what the meter wrote down is not taken over");
	if (s->now.us % (INTERVAL_S * 1000000) != 0)
		return scenario_broken(s, "a meter starts at a whole half minute");
	if (t->next.us <= s->now.us)
		t->next.us = s->now.us + (s->now.us ? (INTERVAL_S - 1) * 1000000 : 0);
	return true;
}

static bool
expect_shown(struct scenario *s)
{
	struct line *line = &s->line;
	const char *words = line_take(line);
	bool says = line_is(line, "says"), lacks = !says && line_is(line, "lacks");
	const char *text = line_take(line), *list[8] = {"show"};
	size_t count = 1;
	if (!words || !text || (!says && !lacks) || !s->traffic->meter)
		return scenario_broken(s, "meter shows \"WORDS\" says \"TEXT\"");
	char copy[128], *rest = copy, *word;
	(void)snprintf(copy, sizeof(copy), "%s", words);
	while (count < 8 && (word = strsep(&rest, " ")))
		list[count++] = word;
	struct buf out = {0};
	struct view_meter view = {.meter = s->traffic->meter, .now = scenario_utc(s)};
	struct view_meter_refusal refusal = {0};
	if (view_meter_answer(&out, &view, VIEW_METER_TEXT, list, count, &refusal) < 0)
		buf_str(&out, refusal.text);
	buf_u8(&out, 0);
	const char *got = (const char *)out.data;
	scenario_expect(s, (strstr(got, text) != NULL) == says, "%.4000s", got);
	buf_fini(&out);
	return true;
}

static bool
meter_step(struct scenario *s)
{
	struct line *line = &s->line;
	struct traffic *t = traffic_of(s);
	if (line_is(line, "starts") && !t->meter)
		return start_meter(s);
	if (line_is(line, "shows"))
		return expect_shown(s);
	if (t->meter && line_is(line, "stops")) {
		end_meter(s, true);
	} else if (t->meter && line_is(line, "dies")) {
		end_meter(s, false);
		if (line_is(line, "and its state is lost"))
			buf_clear(&t->state);
	} else {
		return scenario_broken(s, "meter starts, stops or dies");
	}
	return true;
}

/* --- what is expected --- */

static void
expect_replay(struct scenario *s)
{
	struct traffic *t = s->traffic;
	put_pending(s);
	size_t before = t->fresh;
	for (t->put = 0; t->put < t->count && !s->broken;) {
		size_t count = t->count;
		t->count = t->put + PENDING_MAX < count ? t->put + PENDING_MAX : count;
		put_pending(s);
		t->count = count;
	}
	scenario_expect(s, t->fresh == before, "%zu were new to the store", t->fresh - before);
}

static void
expect_batches(struct scenario *s, uint64_t number)
{
	struct ledger_store_totals totals = {0};
	put_pending(s);
	(void)ledger_store_totals(s->traffic->store, &totals);
	scenario_expect(s, totals.batches == number, "%" PRIu64, totals.batches);
}

/* "00:05" of the scenario's first day, or a full date. */
static bool
take_start(struct scenario *s, struct utc_s *out)
{
	const char *word = line_take(&s->line);
	unsigned hour, minute;
	if (word && strlen(word) == 5 && sscanf(word, "%2u:%2u", &hour, &minute) == 2) {
		out->s = s->epoch.s + (int64_t)hour * 3600 + (int64_t)minute * 60;
		return true;
	}
	return word && utc_parse(out, word) == 0;
}

static const char *
state_name(enum traffic_state state)
{
	return state == TRAFFIC_COUNTER     ? "counter"
	       : state == TRAFFIC_ESTIMATED ? "estimated"
					    : "missing";
}

static bool
expect_bin(struct scenario *s)
{
	struct line *line = &s->line;
	struct utc_s start;
	const char *port = NULL;
	if (take_start(s, &start) && line_is(line, "of"))
		port = line_take(line);
	if (!port || !strchr(port, ':'))
		return scenario_broken(s, "bin START of PORT: IN in OUT out STATE");
	port = arena_printf(s->arena, "%.*s", (int)(strchr(port, ':') - port), port);
	const char *wanted = line_rest(line, s->arena);
	struct ledger_facts facts = {0};
	put_pending(s);
	struct utc_s end = {start.s + 1};
	(void)ledger_store_bins(&facts, s->traffic->store, s->arena, port, start, end);
	const char *got = "missing";
	if (facts.count) {
		struct ledger_octets octets = ledger_fact_octets(&facts.items[0]);
		got = arena_printf(s->arena, "%" PRIu64 " in %" PRIu64 " out %s", octets.in,
				   octets.out, state_name(ledger_fact_state(&facts.items[0])));
	}
	scenario_expect(s, strcmp(wanted, got) == 0, "%s", got);
	return true;
}

static bool
expect_pair(struct scenario *s)
{
	struct line *line = &s->line;
	struct traffic *t = s->traffic;
	const char *from = line_take(line), *to = line_is(line, "to") ? line_take(line) : NULL;
	uint64_t wanted, got = 0;
	if (!to || !script_number(&wanted, line_take(line)) || !line_is(line, "octets"))
		return scenario_broken(s, "from A to B: N octets ipv4");
	uint8_t family = line_is(line, "ipv6") ? IP_V6 : IP_V4;
	(void)line_is(line, "ipv4");
	struct ledger_sums sums = {0};
	put_pending(s);
	(void)ledger_store_sums(t->store, LEDGER_PAIRS, (struct utc_s){0},
				(struct utc_s){INT64_MAX / 2}, &sums);
	for (size_t i = 0; i < sums.count; i++) {
		struct ledger_pair_key key = ledger_pair_key(&sums.items[i]);
		const char *a = ledger_store_port_name(t->store, key.from);
		const char *b = ledger_store_port_name(t->store, key.to);
		size_t length = b ? strlen(b) : 0;
		if (a && b && strcmp(a, from) == 0 && strncmp(b, to, length) == 0 &&
		    to[length] == ':' && key.family == family)
			got += sums.items[i].octets;
	}
	ledger_sums_fini(&sums);
	scenario_expect(s, got == wanted, "%" PRIu64, got);
	return true;
}

/* What an invoice says about what the line asks for; NULL: nothing like that. */
static const char *
invoice_text(struct scenario *s, const struct ledger_invoice *invoice)
{
	struct line *line = &s->line;
	char a[64], b[64];
	if (line_is(line, "p95"))
		return arena_printf(s->arena, "%" PRIu64 " in %" PRIu64 " out, rank %zu of %zu",
				    invoice->p95.in_bps, invoice->p95.out_bps, invoice->p95.rank,
				    invoice->p95.count);
	if (line_is(line, "bins"))
		return arena_printf(s->arena, "%zu: %zu counter, %zu estimated, %zu missing",
				    invoice->bins.expected, invoice->bins.counter,
				    invoice->bins.estimated, invoice->bins.missing);
	if (line_is(line, "total"))
		return arena_str(s->arena, money_format(a, invoice->charge.total));
	if (line_is(line, "is"))
		return invoice->final ? "final" : "not final";
	const char *number = line_is(line, "line") ? line_take(line) : NULL;
	size_t index = number ? strtoul(number, NULL, 10) : 0;
	if (!index)
		return NULL;
	if (index > invoice->charge.line_count)
		return "no such line";
	const struct ledger_line *l = &invoice->charge.lines[index - 1];
	char quantity[32], price[MONEY_TEXT];
	ledger_quantity_format(quantity, l->quantity, l->divisor);
	return arena_printf(s->arena, "%s: %s %s at %s = %s", l->text, quantity, l->unit,
			    ledger_price_format(price, l->price), money_format(b, l->amount));
}

static bool
expect_bill(struct scenario *s)
{
	struct line *line = &s->line;
	struct traffic *t = s->traffic;
	const char *id = line_take(line), *month = line_take(line);
	uint32_t contract = id ? hub_contract_by_id(s->hub, id) : HUB_NONE;
	struct utc_s start;
	if (contract == HUB_NONE || !month || utc_parse(&start, month) < 0)
		return scenario_broken(s, "bill CONTRACT YYYY-MM ...");
	struct ledger_invoice invoice;
	put_pending(s);
	enum ledger_desk_answer answer =
		ledger_desk_invoice(t->desk, &invoice, NULL, contract, start, scenario_utc(s));
	if (answer == LEDGER_DESK_NOT_IN_FORCE) {
		scenario_expect(s, line_is(line, "is not in force"), "not in force");
		return true;
	}
	if (answer != LEDGER_DESK_OK)
		return scenario_broken(s, "no invoice: answer %d", answer);
	const char *got = invoice_text(s, &invoice);
	if (!got)
		return scenario_broken(s, "what of the bill?");
	const char *wanted = line_rest(line, s->arena);
	scenario_expect(s, strcmp(wanted, got) == 0, "%s", got);
	return true;
}

static void
expect_sound(struct scenario *s)
{
	struct buf faults = {0};
	put_pending(s);
	enum ledger_store_error error = ledger_store_verify(s->traffic->store, &faults);
	scenario_expect(s, !error && !faults.length, "%.*s", (int)faults.length,
			(const char *)faults.data);
	buf_fini(&faults);
}

bool
traffic_step(struct scenario *s)
{
	struct line *line = &s->line;
	uint64_t number;
	if (line->count > 2 && strcmp(line->words[1], "sends") == 0) {
		line->at = 2;
		return stream_step(s, line->words[0]);
	}
	if (line_is(line, "switch"))
		return switch_step(s);
	if (line_is(line, "meter"))
		return meter_step(s);
	(void)traffic_of(s);
	if (line_is(line, "the batches come again")) {
		expect_replay(s);
	} else if (line_is(line, "the store is sound")) {
		expect_sound(s);
	} else if (line->count == 2 && script_number(&number, line_peek(line)) &&
		   strcmp(line->words[1], "batches") == 0) {
		line->at = 2;
		expect_batches(s, number);
	} else if (line_is(line, "bin")) {
		return expect_bin(s);
	} else if (line_is(line, "from")) {
		return expect_pair(s);
	} else if (line_is(line, "bill")) {
		return expect_bill(s);
	} else {
		return false;
	}
	return true;
}
