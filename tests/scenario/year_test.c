/* A year of an exchange in the deterministic simulator: datagrams with all that befalls them, through the meter, the
 * store and the desk; every bin of every port must be what the plain reckoning says, and every invoice what a slow and
 * obvious computation in another language makes of that reckoning.
 *
 *	year_test [--seed N] [--months M]
 *
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
#include "scenario/year.h"
#include "tap.h"

#if defined(__SANITIZE_ADDRESS__)
enum { MONTHS = 2 };
#else
enum { MONTHS = 12 };
#endif

enum { TOGETHER = 288 /* batches in one transaction */ };

struct player {
	struct hub *hub;
	struct meter *meter;
	uint64_t run;
	struct ledger_store *store;
	struct buf waiting[TOGETHER];
	size_t count;
	uint64_t puts, known;
	bool failed;
};

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
			p->failed |= results[i] != (round ? LEDGER_PUT_KNOWN : LEDGER_PUT_NEW);
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
keep(struct player *p, const struct traffic_batch *batch)
{
	p->waiting[p->count] = (struct buf){0};
	traffic_encode(batch, &p->waiting[p->count++]);
	if (p->count == TOGETHER)
		put_waiting(p);
}

static void
hand_on(struct player *p, int64_t at_s)
{
	const struct traffic_batch *batch;
	while ((batch = meter_tick(p->meter, (struct utc_s){at_s})))
		keep(p, batch);
}

static void
arrive(void *context, unsigned host, const struct buf *datagram, int64_t at_s)
{
	struct player *p = context;
	hand_on(p, at_s);
	meter_datagram(p->meter, METER_SFLOW, year_switch_address(host),
		       cursor_of(datagram->data, datagram->length), (struct utc_s){at_s});
}

static void
flush(struct player *p, int64_t at_s)
{
	const struct traffic_batch *batch;
	while ((batch = meter_flush(p->meter, (struct utc_s){at_s})))
		keep(p, batch);
	meter_free(p->meter);
	p->meter = NULL;
}

static struct year_world world;

static void
restart(void *context, int64_t at_s)
{
	struct player *p = context;
	hand_on(p, at_s);
	flush(p, at_s);
	p->run += 1000;
	p->meter = meter_new(p->hub, p->run, (struct utc_s){at_s});
	year_reference_forget(world.reference);
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
	ok(wrong == 0 && at == facts.count && seen[YEAR_COUNTER] > bins / 2,
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
check_invoices(struct player *p, const json_t *tree, int months, const char *folder)
{
	char path[80], command[200];
	unsigned made = 0, failed = 0;
	struct ledger_desk *desk = ledger_desk_new(p->store, p->hub);
	(void)snprintf(path, sizeof(path), "%s/cases", folder);
	FILE *to = fopen(path, "w");
	for (unsigned member = 0; member < YEAR_MEMBERS && desk && to; member++) {
		for (int month = 1; month <= months; month++) {
			struct utc_s now = {world.to_s + 86400};
			struct utc_s start = utc_month_start(2026, month);
			struct ledger_invoice invoice;
			enum ledger_desk_answer got =
				ledger_desk_invoice(desk, &invoice, NULL, member, start, now);
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
	ledger_desk_free(desk);
}

static void
tell_world(const struct player *p)
{
	printf("# %llu datagrams; %llu lost, %llu late, %llu twice; %llu restarts and %llu "
	       "silences of switches, %llu of "
	       "the collector; %llu batches put a second time\n",
	       (unsigned long long)world.count.datagrams, (unsigned long long)world.count.lost,
	       (unsigned long long)world.count.late, (unsigned long long)world.count.twice,
	       (unsigned long long)world.count.restarts, (unsigned long long)world.count.silences,
	       (unsigned long long)world.count.collector_restarts, (unsigned long long)p->known);
}

int
main(int argc, char **argv)
{
	uint64_t seed = 1;
	int months = MONTHS;
	log_set_level(LOG_LEVEL_ERROR);
	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--seed") == 0)
			seed = strtoull(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--months") == 0)
			months = atoi(argv[i + 1]);
	}
	char folder[] = "/tmp/sarai-year-XXXXXX", path[64], reason[LEDGER_SQLITE_REASON];
	if (!mkdtemp(folder))
		return 1;
	(void)snprintf(path, sizeof(path), "%s/ledger.sqlite", folder);
	year_world_init(&world, seed, utc_month_start(2026, 1).s,
			utc_month_start(2026 + months / 12, months % 12 + 1).s);
	json_t *tree;
	struct player p = {.hub = make_hub(&tree), .run = 1000};
	p.store = ledger_sqlite_open(path, reason);
	p.meter = meter_new(p.hub, p.run, (struct utc_s){world.from_s});
	world.reference = year_reference_new(world.from_s, world.to_s);
	world.arrive = arrive;
	world.restart = restart;
	world.context = &p;
	if (!p.store || !p.meter) {
		printf("Bail out! %s\n", reason);
		return 1;
	}
	year_play(&world);
	hand_on(&p, world.to_s);
	flush(&p, world.to_s);
	put_waiting(&p);
	tell_world(&p);
	ok(!p.failed && p.known > 0, "all batches were kept, and those that came again known");
	for (unsigned i = 0; i < YEAR_PORTS; i++)
		check_port(&p, i);
	check_invoices(&p, tree, months, folder);
	json_decref(tree);
	year_reference_free(world.reference);
	ledger_store_close(p.store);
	hub_free(p.hub);
	char command[128];
	(void)snprintf(command, sizeof(command), "rm -rf %s", folder);
	ok(system(command) == 0, "the folder is gone");
	return done_testing();
}
