/* A year of an exchange in the deterministic simulator: datagrams with all that befalls them, through the meter, the
 * store, the desk and the journal, while the meter is stopped and killed; every bin of every port must be what the
 * plain reckoning says, every invoice what a slow and obvious computation in another language makes of that
 * reckoning, and the journal what plain sums say.
 *
 *	year_test [--seed N] [--months M] [--first MONTH]
 *
 * Without arguments: a whole year from seed YEAR_SEED (of the environment; 1), then two months each from others.
 * Under sanitizers two months are played. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "hub_text.h"
#include "ledger/invoice_json.h"
#include "ledger/ledger_desk.h"
#include "ledger/ledger_sqlite_io.h"
#include "ledger/ledger_store.h"
#include "meter/meter.h"
#include "meter/meter_checkpoint.h"
#include "meter/meter_counters.h"
#include "scenario/year.h"
#include "scenario/year_books.h"
#include "tap.h"

#if defined(__SANITIZE_ADDRESS__)
enum { MONTHS = 2, SHORT_YEARS = 0 };
#else
enum { MONTHS = 12, SHORT_YEARS = 3 };
#endif

enum { TOGETHER = 288 /* batches in one transaction */, SHORT_MONTHS = 2, OF_FATE = 200 };

/* Of 2026. */
struct months {
	int first, count;
};

struct player {
	struct hub *hub;
	struct meter *meter;
	uint64_t run;
	bool watching;
	struct ledger_store *store;
	struct ledger_desk *desk;
	struct year_books *books;
	struct buf waiting[TOGETHER];
	bool again[TOGETHER]; /* the store has it, or will have it by then */
	size_t count;
	uint64_t puts, known, repeated;
	uint64_t records[YEAR_SWITCHES]; /* that batches say they have counted */
	bool failed;

	/* How it will die. */
	enum fate {
		ALIVE,
		DOOMED,    /* what it takes from now on dies with it */
		NEXT_BIN,  /* the next batch is written down, and not handed on */
		NEXT_TWICE /* and handed on, just before */
	} fate;
	int64_t dies_s;
	struct buf saved, decoders; /* what it has written down */
	struct utc_s handed_start;  /* the batch that will come a second time; 0: none */
	uint64_t handed_run;
};

static struct year_world world;

/* Keeps what waits; every third time once more, as a spool that was not emptied would. */
static void
put_waiting(struct player *p)
{
	struct traffic_batch batches[TOGETHER];
	const struct traffic_batch *list[TOGETHER];
	enum ledger_put results[TOGETHER];
	struct arena *arena = arena_new();
	for (size_t i = 0; i < p->count; i++) {
		struct cursor bytes = cursor_of(p->waiting[i].data, p->waiting[i].length);
		p->failed |= traffic_decode(&batches[i], arena, bytes) < 0;
		list[i] = &batches[i];
	}
	for (int round = 0; round < (p->puts % 3 ? 1 : 2) && !p->failed; round++) {
		p->failed |= ledger_store_put(p->store, list, p->count, results) != LEDGER_STORE_OK;
		for (size_t i = 0; i < p->count && !p->failed; i++) {
			bool known = round || p->again[i];
			p->failed |= results[i] != (known ? LEDGER_PUT_KNOWN : LEDGER_PUT_NEW);
			p->known += results[i] == LEDGER_PUT_KNOWN;
		}
	}
	p->puts++;
	for (size_t i = 0; i < p->count; i++)
		buf_fini(&p->waiting[i]);
	p->count = 0;
	arena_free(arena);
}

static void
count_records(struct player *p, const struct traffic_batch *batch)
{
	for (size_t i = 0; i < batch->domain_count; i++)
		for (unsigned s = YEAR_IPFIX; s < YEAR_SWITCHES; s++)
			if (strcmp(batch->exporters[batch->domains[i].exporter].exporter,
				   s == YEAR_IPFIX ? "sw2" : "sw3") == 0)
				p->records[s] += batch->domains[i].received;
}

static void
keep(struct player *p, const struct traffic_batch *batch)
{
	bool again = p->handed_start.s && batch->start.s == p->handed_start.s &&
		     batch->run == p->handed_run;
	p->handed_start.s = again ? 0 : p->handed_start.s;
	p->repeated += again;
	if (!again)
		count_records(p, batch);
	p->again[p->count] = again;
	p->waiting[p->count] = (struct buf){0};
	traffic_encode(batch, &p->waiting[p->count++]);
	if (p->count == TOGETHER)
		put_waiting(p);
}

static void
begin_meter(struct player *p, int64_t at_s)
{
	p->meter = meter_new(p->hub, p->run, (struct utc_s){at_s});
	if (!p->meter)
		abort();
	meter_set_watching(p->meter, p->watching);
}

/* --- deaths --- */

static void
write_down(struct player *p, int64_t at_s)
{
	buf_clear(&p->saved);
	buf_clear(&p->decoders);
	p->failed |= meter_checkpoint(p->meter, (struct utc_s){at_s}, &p->saved) < 0 ||
		     meter_checkpoint_decoders(p->meter, &p->decoders) < 0;
}

/* It is gone, and the next one takes over what was written down. */
static void
die(struct player *p, int64_t at_s)
{
	struct utc_s now = {at_s};
	meter_free(p->meter);
	p->run += 1000;
	begin_meter(p, at_s);
	p->failed |=
		meter_resume(p->meter, cursor_of(p->saved.data, p->saved.length), now) < 0 ||
		meter_resume_decoders(p->meter, cursor_of(p->decoders.data, p->decoders.length),
				      NULL, now) < 0;
	p->fate = ALIVE;
	year_reference_die(world.reference);
}

/* A batch is due in one that is to die. */
static void
die_with(struct player *p, const struct traffic_batch *batch, int64_t at_s)
{
	if (p->fate != DOOMED)
		write_down(p, at_s);
	if (p->fate == NEXT_TWICE) {
		keep(p, batch);
		p->handed_start = batch->start;
		p->handed_run = batch->run;
	}
	die(p, at_s);
}

static void
hand_on(struct player *p, int64_t at_s)
{
	const struct traffic_batch *batch;
	if (p->fate == DOOMED && at_s >= p->dies_s)
		die(p, at_s);
	while ((batch = meter_tick(p->meter, (struct utc_s){at_s}))) {
		if (p->fate != ALIVE)
			die_with(p, batch, at_s);
		else
			keep(p, batch);
	}
}

static void
collector_kill(void *context, int64_t at_s)
{
	struct player *p = context;
	hand_on(p, at_s);
	if (p->fate != ALIVE)
		return;
	uint64_t drawn = year_chance(world.seed, OF_FATE, (uint64_t)at_s, 0, 0);
	write_down(p, at_s);
	p->fate = DOOMED + (enum fate)(drawn % 3);
	p->dies_s = at_s + (int64_t)(drawn / 3 % 300);
}

static bool
collector_arrive(void *context, unsigned host, const struct buf *datagram, int64_t at_s)
{
	struct player *p = context;
	hand_on(p, at_s);
	meter_datagram(p->meter, host < YEAR_IPFIX ? METER_SFLOW : METER_NETFLOW,
		       year_switch_address(host), cursor_of(datagram->data, datagram->length),
		       (struct utc_s){at_s});
	return p->fate != DOOMED;
}

static bool
collector_poll(void *context, unsigned port, const struct year_reading *reading)
{
	struct player *p = context;
	struct counter_report report;
	enum counter_result result;
	struct utc_s now = {reading->at_s};
	hand_on(p, reading->at_s);
	counter_report_init(&report, TRAFFIC_BY_SNMP);
	(void)snprintf(report.port, sizeof(report.port), "%s", world.ports[port].id);
	report.has_time = true;
	report.time = now;
	report.reading.value[COUNTER_OCTETS_IN] = reading->in;
	report.reading.value[COUNTER_OCTETS_OUT] = reading->out;
	report.reading.width = 64;
	report.reading.has_uptime = true;
	report.reading.uptime_ms = (uint32_t)(reading->uptime_s * 1000);
	report.reading.speed_bps = reading->speed_bps;
	p->failed |= meter_counters(p->meter, &report, now, &result) != NULL;
	return p->fate != DOOMED;
}

static void
flush(struct player *p, int64_t at_s)
{
	const struct traffic_batch *batch;
	if (p->fate != ALIVE)
		die(p, at_s);
	hand_on(p, at_s);
	while ((batch = meter_flush(p->meter, (struct utc_s){at_s})))
		keep(p, batch);
	meter_free(p->meter);
	p->meter = NULL;
}

static void
collector_restart(void *context, int64_t at_s)
{
	struct player *p = context;
	hand_on(p, at_s);
	flush(p, at_s);
	p->run += 1000;
	begin_meter(p, at_s);
	year_reference_forget(world.reference);
}

static void
collector_month(void *context, int year, int month, int64_t at_s)
{
	struct player *p = context;
	if (p->meter)
		hand_on(p, at_s);
	put_waiting(p);
	year_books_month(p->books, year, month, (struct utc_s){at_s});
}

static struct hub *
make_hub(json_t **tree)
{
	struct buf text = {0};
	json_error_t error;
	year_hub_text(&world, &text);
	*tree = json_loadb((const char *)text.data, text.length, 0, &error);
	buf_u8(&text, 0);
	struct hub *hub = hub_of_text((const char *)text.data);
	buf_fini(&text);
	return hub;
}

/* --- what the store holds beside what it must hold --- */

static struct year_bin
kept_bin(const struct ledger_fact *fact)
{
	static const enum year_state states[] = {
		[TRAFFIC_MISSING] = YEAR_MISSING,
		[TRAFFIC_COUNTER] = YEAR_COUNTER,
		[TRAFFIC_ESTIMATED] = YEAR_ESTIMATED,
	};
	struct ledger_octets octets = ledger_fact_octets(fact);
	return (struct year_bin){octets.in, octets.out, states[ledger_fact_state(fact)]};
}

static const char *
in_words(char out[80], struct year_bin bin)
{
	static const char *const states[] = {"missing", "counter", "estimated"};
	(void)snprintf(out, 80, "%llu in, %llu out, %s", (unsigned long long)bin.in,
		       (unsigned long long)bin.out, states[bin.state]);
	return out;
}

static void
check_port(struct player *p, unsigned number)
{
	const struct year_port *port = &world.ports[number];
	struct arena *arena = arena_new();
	struct ledger_facts facts = {0};
	size_t bins = (size_t)((world.to_s - world.from_s) / YEAR_BIN_S), wrong = 0, at = 0;
	size_t seen[3] = {0};
	/* One of the switches is never asked for counters. */
	enum year_state usual = port->host == YEAR_NETFLOW ? YEAR_ESTIMATED : YEAR_COUNTER;
	if (ledger_store_bins(&facts, p->store, arena, port->id, (struct utc_s){world.from_s},
			      (struct utc_s){world.to_s}) != LEDGER_STORE_OK)
		printf("# %s\n", ledger_store_error_text(p->store));
	for (size_t i = 0; i < bins; i++) {
		struct year_bin must = year_reference_bin(world.reference, port, number, i);
		struct year_bin is = {0};
		int64_t start = world.from_s + (int64_t)i * YEAR_BIN_S;
		if (at < facts.count && facts.items[at].start.s == start)
			is = kept_bin(&facts.items[at++]);
		seen[must.state]++;
		if (is.in == must.in && is.out == must.out && is.state == must.state)
			continue;
		char a[80], b[80];
		if (wrong++ < 3)
			printf("# bin %zu at %lld: %s; must be %s\n", i, (long long)start,
			       in_words(a, is), in_words(b, must));
	}
	ok(wrong == 0 && at == facts.count && seen[usual] > bins / 2,
	   "port %s: all %zu bins are what was counted (%zu counter, %zu estimated, %zu missing)",
	   port->id, bins, seen[YEAR_COUNTER], seen[YEAR_ESTIMATED], seen[YEAR_MISSING]);
	arena_free(arena);
}

/* --- the invoices --- */

/* The bins of a port in a month, as they must be, in the words of reference_invoice.py. */
static json_t *
bins_of(unsigned number, int64_t from_s, int64_t to_s)
{
	json_t *bins = json_pack("[]");
	for (int64_t at = from_s; at < to_s; at += YEAR_BIN_S) {
		int64_t bin = (at - world.from_s) / YEAR_BIN_S;
		struct year_bin must = {0};
		if (at >= world.from_s && at < world.to_s)
			must = year_reference_bin(world.reference, &world.ports[number], number,
						  (size_t)bin);
		json_array_append_new(bins, json_pack("[IIi]", (json_int_t)must.in,
						      (json_int_t)must.out, (int)must.state));
	}
	return bins;
}

/* One contract's month as a line of the reference's input. */
static bool
write_case(FILE *to, const json_t *tree, unsigned member, const struct ledger_invoice *invoice,
	   int month, struct utc_s now)
{
	json_t *hub = json_deep_copy(tree), *ports = json_pack("{}"), *names = json_pack("[]");
	json_t *members = json_object_get(hub, "members"),
	       *list = json_object_get(hub, "contracts");
	json_t *one = json_incref(json_array_get(members, member));
	json_t *contract = json_incref(json_array_get(list, member));
	int64_t from = invoice->period.from.s / YEAR_BIN_S * YEAR_BIN_S;
	for (unsigned i = member; i < YEAR_PORTS; i += YEAR_MEMBERS) {
		json_object_set_new(ports, world.ports[i].id,
				    bins_of(i, from, invoice->period.to.s));
		json_array_append_new(names, json_pack("s", world.ports[i].id));
	}
	json_object_set_new(contract, "ports", names);
	json_object_set_new(hub, "members", json_pack("[o]", one));
	json_object_set_new(hub, "contracts", json_pack("[o]", contract));
	json_t *test =
		json_pack("{so si si sI si sI so so}", "hub", hub, "year", 2026, "month", month,
			  "now", (json_int_t)now.s, "bin_s", YEAR_BIN_S, "from", (json_int_t)from,
			  "ports", ports, "invoice", invoice_json(invoice));
	bool good = test && json_dumpf(test, to, JSON_COMPACT) == 0 && fputc('\n', to) != EOF;
	json_decref(test);
	return good;
}

/* All invoices of the year, against the reference. */
static void
check_invoices(struct player *p, const json_t *tree, struct months months, const char *folder)
{
	char path[80], command[200];
	unsigned made = 0, failed = 0;
	(void)snprintf(path, sizeof(path), "%s/cases", folder);
	FILE *to = fopen(path, "w");
	for (unsigned member = 0; member < YEAR_MEMBERS && to; member++) {
		for (int month = months.first; month < months.first + months.count; month++) {
			struct utc_s now = {world.to_s + 86400};
			struct utc_s start = utc_month_start(2026, month);
			struct ledger_invoice invoice;
			enum ledger_desk_answer got =
				ledger_desk_invoice(p->desk, &invoice, NULL, member, start, now);
			if (got == LEDGER_DESK_NOT_IN_FORCE)
				continue;
			failed += got != LEDGER_DESK_OK ||
				  !write_case(to, tree, member, &invoice, month, now);
			made++;
		}
	}
	failed += !to || fclose(to) != 0;
	ok(made > (unsigned)YEAR_MEMBERS && !failed, "%u invoices are made of the store", made);
	(void)snprintf(command, sizeof(command), "python3 -B tests/ledger/reference_invoice.py %s",
		       path);
	ok(system(command) == 0, "every number on them is that of the reference");
}

static void
check_books(struct player *p)
{
	struct year_books_verdict v = year_books_end(p->books);
	ok(v.done,
	   "%zu invoices are issued, %u times one is paid, %u credited, %u disputed; %zu months "
	   "are settled to zero",
	   v.issued, v.paid, v.credited, v.disputed, v.settled);
	ok(v.accounts, "the accounts are the plain sums, and add up to zero");
	ok(v.same, "billed once more each invoice is what was issued, octet for octet");
	ok(v.sound, "the journal is sound: chain, balance and %llu entries",
	   (unsigned long long)v.entries);
}

static void
tell_world(const struct player *p)
{
	printf("# seed %llu: %llu datagrams; %llu lost, %llu late, %llu twice; %llu restarts and "
	       "%llu silences of switches; the collector was stopped %llu times and killed %llu "
	       "times, %llu batches came again after it, %llu were put a second time\n",
	       (unsigned long long)world.seed, (unsigned long long)world.count.datagrams,
	       (unsigned long long)world.count.lost, (unsigned long long)world.count.late,
	       (unsigned long long)world.count.twice, (unsigned long long)world.count.restarts,
	       (unsigned long long)world.count.silences, (unsigned long long)world.count.stops,
	       (unsigned long long)world.count.kills, (unsigned long long)p->repeated,
	       (unsigned long long)p->known);
}

static void
play(struct player *p)
{
	begin_meter(p, world.from_s);
	world.reference = year_reference_new(world.from_s, world.to_s);
	world.collector = (struct year_collector){
		.arrive = collector_arrive,
		.poll = collector_poll,
		.restart = collector_restart,
		.kill = collector_kill,
		.month = collector_month,
		.context = p,
	};
	year_play(&world);
	flush(p, world.to_s);
	struct utc_date last = utc_to_date((struct utc_s){world.to_s - 1});
	collector_month(p, last.year, last.month, world.to_s + 2 * 86400);
	tell_world(p);
	ok(!p->failed && p->known > 0, "all batches were kept, and those that came again known");
}

static void
play_from(uint64_t seed, struct months months)
{
	char folder[] = "/tmp/sarai-year-XXXXXX", path[64], journal[64], command[128];
	char reason[LEDGER_SQLITE_REASON];
	if (!mkdtemp(folder))
		exit(1);
	(void)snprintf(path, sizeof(path), "%s/ledger.sqlite", folder);
	(void)snprintf(journal, sizeof(journal), "%s/journal.sqlite", folder);
	year_world_init(&world, seed, utc_month_start(2026, months.first).s,
			utc_month_start(2026, months.first + months.count).s);
	json_t *tree;
	static struct player p;
	/* Looking for attacks takes half of the time: in one of three. */
	p = (struct player){.hub = make_hub(&tree),
			    .run = 1000,
			    .watching = months.count < 12 && seed % 3 == 0};
	p.store = ledger_sqlite_open(path, reason);
	p.desk = p.store ? ledger_desk_new(p.store, p.hub) : NULL;
	p.books = p.desk ? year_books_new(journal, p.hub, p.desk, seed) : NULL;
	if (!p.books) {
		printf("Bail out! %s\n", reason);
		exit(1);
	}
	play(&p);
	for (unsigned i = 0; i < YEAR_PORTS; i++)
		check_port(&p, i);
	for (unsigned i = YEAR_IPFIX; i < YEAR_SWITCHES; i++)
		ok(p.records[i] == year_reference_records(world.reference, i),
		   "of switch %u %llu records were counted; %llu must be", i,
		   (unsigned long long)p.records[i],
		   (unsigned long long)year_reference_records(world.reference, i));
	check_books(&p);
	check_invoices(&p, tree, months, folder);
	json_decref(tree);
	year_reference_free(world.reference);
	year_books_free(p.books);
	ledger_desk_free(p.desk);
	ledger_store_close(p.store);
	hub_free(p.hub);
	buf_fini(&p.saved);
	buf_fini(&p.decoders);
	(void)snprintf(command, sizeof(command), "rm -rf %s", folder);
	ok(system(command) == 0, "the folder is gone");
}

int
main(int argc, char **argv)
{
	const char *wish = getenv("YEAR_SEED");
	uint64_t seed = wish ? strtoull(wish, NULL, 10) : 1;
	struct months months = {1, MONTHS};
	log_set_level(LOG_LEVEL_ERROR);
	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--seed") == 0)
			seed = strtoull(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--months") == 0)
			months.count = atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--first") == 0)
			months.first = atoi(argv[i + 1]);
	}
	play_from(seed, months);
	for (uint64_t i = 1; argc == 1 && i <= SHORT_YEARS; i++)
		play_from(seed + i, (struct months){1 + (int)((seed + i) * 5 % 11), SHORT_MONTHS});
	return done_testing();
}
