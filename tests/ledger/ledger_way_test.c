/* The proof of the way: by hand, bin by bin; and of made-up months beside a slow and obvious reckoning. */
#include "ledger/ledger_way.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "ledger/ledger_clickhouse_io.h"
#include "stored.h"
#include "tap.h"

enum { T0 = 1767225600, BIN = 300, DAY = 86400 }; /* 2026-01-01 */

static char *folder;

/* The engine that is asked for in the environment (tests/live/clickhouse.sh does), or SQLite. */
static struct ledger_store *
open_store(const char *name)
{
	const char *url = getenv("SARAI_TEST_CLICKHOUSE"), *cluster = getenv("SARAI_TEST_CLUSTER");
	char database[64], reason[LEDGER_STORE_REASON];
	if (!url || !*url)
		return stored_open(stored_path(folder, name));
	(void)snprintf(database, sizeof(database), "sarai_way_%d_%.20s", (int)getpid(), name);
	struct ledger_store *store = ledger_clickhouse_open(
		&(struct ledger_clickhouse_settings){.urls = &url,
						     .url_count = 1,
						     .cluster =
							     cluster && *cluster ? cluster : NULL,
						     .database = database,
						     .timeout_s = 60},
		reason);
	if (!store) {
		printf("Bail out! %s\n", reason);
		exit(1);
	}
	return store;
}

/* --- what was said --- */

/* Karachi (a, c, f), Frankfurt (b) with the exit "up", `site` (d) with a contract, and e that is nowhere. Through
 * lies in RU; the sea way is an estimate. `karachi` and `own` are the ways to "up" of all there and of 64501. */
static struct ways
said_with(struct arena *arena, const char *site, const char *karachi, const char *own)
{
	static const char *const text =
		"{\"ways_version\":1,\"from\":\"2026-01-01\",\"until\":\"2027-01-01\",\"why\":\"\","
		"\"segments\":["
		"{\"id\":\"THROUGH\",\"length_m\":5000,\"latency_us\":25,\"estimated\":false,"
		"\"countries\":[\"PK\",\"RU\",\"DE\"],\"cables\":[\"TIC\"],\"risks\":[\"R1\"]},"
		"{\"id\":\"AROUND\",\"length_m\":9000,\"latency_us\":45,\"estimated\":false,"
		"\"countries\":[\"PK\",\"CN\",\"DE\"],\"cables\":[\"TIC\"],\"risks\":[]},"
		"{\"id\":\"SEA\",\"length_m\":12000,\"latency_us\":60,\"estimated\":true,"
		"\"countries\":[\"PK\",\"EG\"],\"cables\":[\"SMW\"],\"risks\":[\"RED\"]}],"
		"\"ports\":["
		"{\"id\":\"a\",\"asn\":64501,\"site\":\"KHI\",\"country\":\"PK\"},"
		"{\"id\":\"b\",\"asn\":64502,\"site\":\"FRA\",\"country\":\"DE\"},"
		"{\"id\":\"c\",\"asn\":64503,\"site\":\"KHI\",\"country\":\"PK\"},"
		"{\"id\":\"d\",\"asn\":64504,\"site\":\"%s\",\"country\":\"SG\",\"bought\":"
		"[\"SEA\"]},"
		"{\"id\":\"e\",\"asn\":64505,\"site\":\"\",\"country\":\"\"},"
		"{\"id\":\"f\",\"asn\":64506,\"site\":\"KHI\",\"country\":\"PK\"}],"
		"\"exits\":[{\"session\":\"up\",\"port\":\"b\",\"ipv4\":true,\"ipv6\":false}],"
		"\"ways\":[{\"site\":\"KHI\",\"asn\":0,\"to\":\"up\",\"segments\":%s},"
		"{\"site\":\"KHI\",\"asn\":64501,\"to\":\"up\",\"segments\":%s}],"
		"\"promises\":[{\"asn\":64501,\"avoid\":[\"RU\",\"IR\"]}]}";
	struct ways ways;
	const char *error;
	char *json = arena_printf(arena, text, site, karachi, own);
	if (ways_read(&ways, arena, json, strlen(json), &error) < 0) {
		printf("Bail out! %s\n", error);
		exit(1);
	}
	return ways;
}

static struct ways
said(struct arena *arena, const char *karachi, const char *own)
{
	return said_with(arena, "SIN", karachi, own);
}

/* --- what was measured --- */

static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
enum { A, B, C, D, E, F, PORTS };

/* A bin with these pairs; samples are half of what was counted, and of each port so much more is in no pair. */
static void
measure(struct ledger_store *store, int64_t start, const struct traffic_pair *pairs, size_t count,
	uint64_t unexplained)
{
	struct traffic_port ports[PORTS] = {0};
	for (size_t i = 0; i < PORTS; i++)
		ports[i] = (struct traffic_port){
			.port = names[i], .state = TRAFFIC_COUNTER, .counter_covered_s = BIN};
	for (size_t i = 0; i < count; i++) {
		ports[pairs[i].from].flow_in += pairs[i].octets;
		ports[pairs[i].from].samples_in += pairs[i].samples;
		ports[pairs[i].to].flow_out += pairs[i].octets;
		ports[pairs[i].to].samples_out += pairs[i].samples;
	}
	for (size_t i = 0; i < PORTS; i++) {
		ports[i].flow_in += ports[i].flow_in ? unexplained : 0;
		ports[i].counter_in = 2 * ports[i].flow_in;
		ports[i].counter_out = 2 * ports[i].flow_out;
	}
	const struct traffic_batch batch = {.start = {start},
					    .length_s = BIN,
					    .covered_s = BIN,
					    .run = 1,
					    .ports = ports,
					    .port_count = PORTS,
					    .pairs = (struct traffic_pair *)(uintptr_t)pairs,
					    .pair_count = count};
	if (put(store, &batch) != LEDGER_PUT_NEW)
		abort();
}

static struct ledger_way_month *
read_month(struct ledger_store *store, const struct ledger_way_setting *setting)
{
	struct ledger_way_month *month = ledger_way_month_new(store, setting);
	enum ledger_way_turn turn = LEDGER_WAY_MORE;
	while (month && turn == LEDGER_WAY_MORE)
		turn = ledger_way_month_next(month);
	if (turn == LEDGER_WAY_END)
		return month;
	printf("Bail out! turn %d\n", turn);
	exit(1);
}

static struct ledger_way
proof_of(struct ledger_way_month *month, struct arena *arena, int port)
{
	struct ledger_way way = {0};
	struct ledger_way_of of = {&names[port], 1, {64501 + (uint32_t)port}};
	if (ledger_way_of(&way, month, arena, &of) < 0)
		printf("# no proof\n");
	return way;
}

static struct ledger_way_amount
amount(const struct ledger_way *way, int list, const char *name)
{
	for (size_t i = 0; i < way->list_counts[list]; i++)
		if (strcmp(way->lists[list][i].name, name) == 0)
			return way->lists[list][i].amount;
	return (struct ledger_way_amount){0};
}

static bool
is_amount(struct ledger_way_amount got, uint64_t octets, uint64_t estimated)
{
	if (got.octets != octets || got.estimated != estimated)
		printf("#      got: %llu, %llu\n", (unsigned long long)got.octets,
		       (unsigned long long)got.estimated);
	return got.octets == octets && got.estimated == estimated;
}

/* --- by hand --- */

/* Eight bins: in the first four all goes through RU but for 64501, who goes around; in the middle of the fifth
 * AROUND is cut and 64501 goes by sea; in the seventh it may not go at all. */
static void
by_hand(void)
{
	struct ledger_store *store = open_store("hand");
	struct arena *arena = arena_new();
	struct ways before = said(arena, "[\"THROUGH\"]", "[\"AROUND\"]"),
		    cut = said(arena, "[\"THROUGH\"]", "[\"SEA\"]"),
		    closed = said(arena, "[\"THROUGH\"]", "null");
	struct ledger_way_state states[] = {
		{.from = {T0 + 6 * BIN}, .to = {T0 + DAY}, .ways = &closed, .entry = 4},
		{.from = {T0 - 99}, .to = {T0 + DAY}, .ways = &before, .entry = 1},
		{.from = {T0 + 4 * BIN + 100}, .to = {T0 + DAY}, .ways = &cut, .entry = 3},
		{.from = {T0 + 4 * BIN + 100}, .to = {T0 + DAY}, .ways = &closed, .entry = 2},
	};
	struct ledger_way_setting setting = {
		{T0}, {T0 + 8 * BIN}, states, ledger_way_states(states, 4), BIN};
	is_int(setting.state_count, 3, "of two of one second the later one holds");
	for (int i = 0; i < 8; i++) {
		const struct traffic_pair pairs[] = {
			{A, B, IP_V4, 900, 9, 9}, {C, B, IP_V4, 300, 3, 3}, {C, B, IP_V6, 60, 1, 1},
			{C, F, IP_V6, 40, 1, 1},  {D, C, IP_V4, 50, 1, 1},  {E, C, IP_V4, 70, 1, 1},
		};
		measure(store, T0 + i * BIN, pairs, 6, 100);
	}
	struct ledger_way_month *month = read_month(store, &setting);
	struct ledger_way a = proof_of(month, arena, A);
	/* In each bin 2000 were counted, of which 1800 went to b. */
	is_int(a.in, 16000, "the whole is what was counted");
	is_int(a.out, 0, "in each direction");
	ok(is_amount(amount(&a, LEDGER_WAY_SEGMENTS, "AROUND"), 4 * 1800 + 600, 600),
	   "a way that ends within a bin has its time of it, by estimate");
	ok(is_amount(amount(&a, LEDGER_WAY_SEGMENTS, "SEA"), 1200 + 1800, 3000),
	   "what is estimated of a segment is an estimate");
	is_int(a.unknown, 8 * 200 + 2 * 1800,
	       "what no pair explains is not known, nor over what an exit was reached that was "
	       "closed");
	is_int(a.split, 1800, "one bin was shared out");
	ok(is_amount(a.kept, 4 * 1800 + 1800 + 1800, 3600), "all that is known kept the promise");
	ok(is_amount(a.broken, 0, 0), "nothing broke it");
	is_int(a.promised.count, 2, "which was of two countries");
	is_str(a.promised.items[0], "IR", "in the order of names");
	ok(is_amount(amount(&a, WAYS_COUNTRIES, "PK"), 10800, 3600), "all of that crossed PK");
	ok(is_amount(amount(&a, WAYS_COUNTRIES, "CN"), 7800, 600), "some of it CN");
	ok(is_amount(amount(&a, WAYS_COUNTRIES, "DE"), 10800, 3600),
	   "and DE, where the exit is, whatever segment leads there");
	ok(is_amount(amount(&a, WAYS_CABLES, "TIC"), 7800, 600), "cables likewise");
	ok(is_amount(amount(&a, WAYS_RISKS, "RED"), 3000, 3000), "and groups of shared risk");
	is_int(a.length_m, (7800 * 9000 + 3000 * 12000 + 5400) / 10800,
	       "the mean length, in metres");
	is_int(a.latency_us, (7800 * 45 + 3000 * 60 + 5400) / 10800, "and latency");
	is_int(a.first_entry * 10 + a.last_entry, 14, "three entries bear on it");

	struct ledger_way c = proof_of(month, arena, C);
	/* In: 400 by samples and 100 more, 1000 counted: 600 by IPv4 to b, 120 by IPv6, 80 to f. Out: 240. */
	is_int(c.in + c.out, 8 * (1000 + 240), "both directions count");
	ok(is_amount(amount(&c, LEDGER_WAY_SEGMENTS, "THROUGH"), 8 * 600, 0),
	   "a way that nothing changed is measured through all changes");
	ok(is_amount(amount(&c, LEDGER_WAY_SEGMENTS, "SEA"), 8 * 100, 8 * 100),
	   "what a contract says is an estimate");
	is_int(c.unknown, 8 * (200 + 120 + 140),
	       "a session without that family is no exit, and a port without a site is nowhere");
	ok(is_amount(amount(&c, WAYS_COUNTRIES, "PK"), 8 * (600 + 80 + 100), 800),
	   "what stays at the site crosses its country");
	ok(!c.promised.count && is_amount(c.kept, 0, 0), "nothing was promised");
	uint64_t rows = 0;
	for (size_t i = 0; i < c.row_count; i++)
		rows += c.rows[i].amount.octets;
	is_int(rows, c.in + c.out, "ways add up to the whole");
	is_int(c.rows[c.row_count - 1].path.basis, LEDGER_WAY_UNKNOWN, "what is unknown is last");

	struct ledger_way b = proof_of(month, arena, B);
	ok(is_amount(amount(&b, LEDGER_WAY_SEGMENTS, "AROUND"), 7800, 600),
	   "the other end sees the same octets cross it");
	ledger_way_month_free(month);
	ledger_store_close(store);
	arena_free(arena);
}

static void
silence(void)
{
	struct ledger_store *store = open_store("silence");
	struct arena *arena = arena_new();
	struct ways ways = said(arena, "[\"THROUGH\"]", "[\"AROUND\"]");
	struct ledger_way_state states[] = {
		{.from = {T0}, .to = {T0 + BIN + 30}, .ways = &ways, .entry = 1},
		{.from = {T0 + BIN + 30}, .to = {T0 + 2 * BIN}, .ways = &ways, .entry = 2},
		{.from = {T0 + 3 * BIN + 60}, .to = {T0 + 4 * BIN}, .ways = &ways, .entry = 3},
	};
	const struct traffic_pair pair = {A, B, IP_V4, 900, 9, 9};
	for (int i = 0; i < 4; i++)
		measure(store, T0 + i * BIN, &pair, 1, 0);
	struct ledger_way_setting setting = {{T0}, {T0 + 4 * BIN}, states, 3, BIN};
	struct ledger_way_month *month = read_month(store, &setting);
	struct ledger_way a = proof_of(month, arena, A);
	ok(is_amount(amount(&a, LEDGER_WAY_SEGMENTS, "AROUND"), 2 * 1800 + 1440, 1440),
	   "what is said again changes nothing; after a silence it is an estimate");
	is_int(a.unknown, 1800 + 360, "while nothing was said nothing is known");
	ok(is_amount(a.kept, 5040, 1440), "and nothing of that counts as avoided");
	ledger_way_month_free(month);
	setting.state_count = 0;
	month = read_month(store, &setting);
	a = proof_of(month, arena, A);
	ok(a.unknown == 7200 && !a.split && !a.entries,
	   "where nothing was ever said all is unknown");
	ledger_way_month_free(month);
	ledger_store_close(store);
	arena_free(arena);
}

static void
broken(void)
{
	struct ledger_store *store = open_store("broken");
	struct arena *arena = arena_new();
	struct ways kept = said(arena, "null", "[\"AROUND\"]"),
		    through = said(arena, "null", "[\"SEA\", \"THROUGH\"]");
	struct ledger_way_state states[] = {
		{.from = {T0}, .to = {T0 + BIN}, .ways = &kept, .entry = 1},
		{.from = {T0 + BIN}, .to = {T0 + 3 * BIN}, .ways = &through, .entry = 2},
	};
	const struct traffic_pair pair = {A, B, IP_V4, 900, 9, 9};
	for (int i = 0; i < 3; i++)
		measure(store, T0 + i * BIN, &pair, 1, 0);
	struct ledger_way_setting setting = {{T0}, {T0 + 3 * BIN}, states, 2, BIN};
	struct ledger_way_month *month = read_month(store, &setting);
	struct ledger_way a = proof_of(month, arena, A);
	ok(is_amount(a.broken, 3600, 3600), "what crossed a country in spite of a promise is told");
	ok(is_amount(a.kept, 1800, 0), "apart from what did not");
	ledger_way_month_free(month);
	ledger_store_close(store);
	arena_free(arena);
}

/* The plan may say that an exit is reached over no segment at all: that is known, and by the plan. Where it lets nobody
 * go, nobody knows how it went, contract or not. */
static void
over_nothing(void)
{
	struct ledger_store *store = open_store("nothing");
	struct arena *arena = arena_new();
	struct ways ways[2] = {said(arena, "[]", "[]"), said_with(arena, "KHI", "null", "null")};
	struct ledger_way_state states[] = {
		{.from = {T0}, .to = {T0 + BIN}, .ways = &ways[0], .entry = 1},
		{.from = {T0 + BIN}, .to = {T0 + 2 * BIN}, .ways = &ways[1], .entry = 2},
	};
	const struct traffic_pair pairs[] = {{A, B, IP_V4, 900, 9, 9}, {D, B, IP_V4, 700, 7, 7}};
	measure(store, T0, pairs, 1, 0);
	measure(store, T0 + BIN, pairs, 2, 0);
	struct ledger_way_setting setting = {{T0}, {T0 + 2 * BIN}, states, 2, BIN};
	struct ledger_way_month *month = read_month(store, &setting);
	struct ledger_way a = proof_of(month, arena, A), d = proof_of(month, arena, D);
	is_int(a.row_count ? a.rows[0].path.basis : LEDGER_WAY_UNKNOWN, LEDGER_WAY_STEERED,
	       "a way over no segment is one by the plan");
	ok(is_amount(amount(&a, WAYS_COUNTRIES, "PK"), 1800, 0) &&
		   is_amount(amount(&a, WAYS_COUNTRIES, "DE"), 1800, 0),
	   "and crosses the countries of its ends");
	is_int(d.unknown, 1400, "what was not to go there is unknown, also of who has a contract");
	ledger_way_month_free(month);
	ledger_store_close(store);
	arena_free(arena);
}

/* --- made up --- */

enum { STATES = 7, DAYS = 2, CASES = 12 };

/* What the slow reckoning has of one port and direction in one span: octets by the words of a path. */
struct slow_cell {
	char path[40];
	long double octets;
};
struct slow_span {
	long key; /* of bins that are taken together: a day and a state, or a bin of its own */
	long double raw[2 * PORTS][8], flow[2 * PORTS], counted[2 * PORTS];
};
static const char *const slow_paths[8] = {"?", "THROUGH", "AROUND", "SEA", "here", "0", "1", "2"};

struct case_of {
	struct made_up m;
	struct ledger_way_state states[STATES];
	int karachi[STATES], own[STATES]; /* index of slow_paths; 0: closed */
	struct slow_span *spans;
	size_t span_count;
};

/* The state that holds in a second; -1: none. */
static int
slow_state(const struct case_of *c, int64_t at)
{
	for (int i = 0; i < STATES; i++)
		if (c->states[i].from.s <= at && at < c->states[i].to.s)
			return i;
	return -1;
}

/* The path of a pair, as one would say it. */
static int
slow_path(const struct case_of *c, int state, const struct traffic_pair *p)
{
	if (state < 0)
		return 0;
	if (p->to == B && p->family == IP_V4 && (p->from == A || p->from == C || p->from == F))
		return p->from == A ? c->own[state] : c->karachi[state];
	/* All traffic of that port runs where its contract says. */
	if (p->from == D || p->to == D)
		return 3;
	if (p->from == E || p->to == E)
		return 0;
	bool here = p->from != B && p->to != B;
	return here || p->from == p->to ? 4 : 0;
}

static struct slow_span *
slow_span(struct case_of *c, long key)
{
	size_t i = 0;
	while (i < c->span_count && c->spans[i].key != key)
		i++;
	if (i == c->span_count) {
		c->span_count++;
		c->spans[i] = (struct slow_span){.key = key};
	}
	return &c->spans[i];
}

/* Second by second. */
static void
slow_bin(struct case_of *c, int64_t start, const struct traffic_pair *pairs, size_t count,
	 uint64_t unexplained)
{
	int first = slow_state(c, start);
	bool changes = false;
	for (int64_t s = start; s < start + BIN; s++)
		changes |= slow_state(c, s) != first;
	struct slow_span *span = slow_span(c, changes ? 1000000 + (long)(start - T0)
						      : (long)(start - T0) / DAY * 100 + first);
	bool any[PORTS] = {false};
	for (size_t i = 0; i < count; i++) {
		any[pairs[i].from] = true;
		for (int64_t s = start; s < start + BIN; s++) {
			int path = slow_path(c, slow_state(c, s), &pairs[i]);
			span->raw[2 * pairs[i].from][path] += (long double)pairs[i].octets / BIN;
			span->raw[2 * pairs[i].to + 1][path] += (long double)pairs[i].octets / BIN;
		}
		span->flow[2 * pairs[i].from] += pairs[i].octets;
		span->flow[2 * pairs[i].to + 1] += pairs[i].octets;
	}
	for (int p = 0; p < PORTS; p++)
		span->flow[2 * p] += any[p] ? unexplained : 0;
}

/* What of a port went a path, in all. */
static long double
slow_octets(const struct case_of *c, int port, int path)
{
	long double sum = 0;
	for (size_t i = 0; i < c->span_count; i++)
		for (int d = 2 * port; d < 2 * port + 2; d++) {
			const struct slow_span *s = &c->spans[i];
			if (s->flow[d] > 0)
				sum += 2 * s->raw[d][path];
		}
	return sum;
}

static void
make_states(struct case_of *c, struct arena *arena)
{
	static const char *const json[4] = {"null", "[\"THROUGH\"]", "[\"AROUND\"]", "[\"SEA\"]"};
	int64_t at = T0;
	for (int i = 0; i < STATES; i++) {
		struct ways *ways = arena_take(arena, sizeof(*ways));
		c->karachi[i] = (int)made_up_below(&c->m, 4);
		c->own[i] = (int)made_up_below(&c->m, 4);
		*ways = said(arena, json[c->karachi[i]], json[c->own[i]]);
		at += (int64_t)made_up_below(&c->m, DAYS * DAY / STATES);
		c->states[i] = (struct ledger_way_state){
			.from = {at},
			.to = {at + DAY / 4 + (int64_t)made_up_below(&c->m, DAY)},
			.ways = ways,
			.entry = (uint64_t)i + 1};
		if (i && c->states[i - 1].to.s > at)
			c->states[i - 1].to.s = at;
	}
}

static void
make_bins(struct case_of *c, struct ledger_store *store)
{
	for (int64_t at = T0; at < T0 + DAYS * DAY; at += 6 * BIN) {
		struct traffic_pair pairs[24];
		size_t count = 0;
		uint64_t unexplained = made_up_below(&c->m, 5000);
		for (uint32_t from = 0; from < PORTS; from++)
			for (uint32_t to = 0; to < PORTS && count < 24; to++)
				if (made_up_below(&c->m, 2))
					pairs[count++] = (struct traffic_pair){
						from,
						to,
						made_up_below(&c->m, 3) ? IP_V4 : IP_V6,
						made_up_below(&c->m, 1000000),
						1,
						1};
		measure(store, at, pairs, count, unexplained);
		slow_bin(c, at, pairs, count, unexplained);
	}
}

/* The octets of a port whose path is named so. */
static uint64_t
fast_octets(const struct ledger_way *way, int path)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < way->row_count; i++) {
		const struct ledger_way_path *p = &way->rows[i].path;
		bool same = path == 0   ? p->basis == LEDGER_WAY_UNKNOWN
			    : path == 4 ? p->basis == LEDGER_WAY_SITE
					: p->segments.count == 1 && strcmp(p->segments.items[0],
									   slow_paths[path]) == 0;
		sum += same ? way->rows[i].amount.octets : 0;
	}
	return sum;
}

static bool
holds_together(const struct ledger_way *way)
{
	uint64_t rows = 0;
	for (size_t i = 0; i < way->row_count; i++)
		rows += way->rows[i].amount.octets;
	uint64_t whole = way->in + way->out;
	bool good = rows == whole && way->estimated + way->unknown <= whole;
	if (way->promised.count)
		good &= way->kept.octets + way->broken.octets + way->unknown == whole;
	for (int list = 0; list < LEDGER_WAY_LISTS; list++)
		for (size_t i = 0; i < way->list_counts[list]; i++) {
			const struct ledger_way_amount *a = &way->lists[list][i].amount;
			good &= a->octets <= whole - way->unknown && a->estimated <= a->octets;
		}
	return good;
}

static void
one_case(uint64_t seed, long double *worst, bool *together, bool *past, bool *samples)
{
	struct case_of c = {.m = {seed}};
	char name[32];
	(void)snprintf(name, sizeof(name), "case%llu", (unsigned long long)seed);
	struct ledger_store *store = open_store(name);
	struct arena *arena = arena_new();
	c.spans = calloc(STATES * DAYS * 4 + 64, sizeof(*c.spans));
	make_states(&c, arena);
	make_bins(&c, store);
	struct ledger_way_setting setting = {{T0}, {T0 + DAYS * DAY}, c.states, STATES, BIN};
	struct ledger_way_month *month = read_month(store, &setting);
	/* Nothing that is said later changes what was before. */
	struct utc_s half = {T0 + DAY};
	struct ledger_way_setting early = {{T0}, half, c.states, STATES, BIN};
	struct ledger_way_setting blind = early;
	while (blind.state_count && c.states[blind.state_count - 1].from.s >= half.s)
		blind.state_count--;
	struct ledger_way_month *with = read_month(store, &early),
				*without = read_month(store, &blind);
	for (int p = 0; p < PORTS; p++) {
		struct ledger_way way = proof_of(month, arena, p);
		struct ledger_way x = proof_of(with, arena, p), y = proof_of(without, arena, p);
		*together &= holds_together(&way);
		*past &= ledger_way_follows(&x, &y);
		*samples &= ledger_way_follows(&way, &way) && !ledger_way_follows(&way, &x);
		for (int path = 1; path < 5; path++) {
			long double off = fabsl((long double)fast_octets(&way, path) -
						slow_octets(&c, p, path));
			*worst = off > *worst ? off : *worst;
		}
	}
	ledger_way_month_free(month);
	ledger_way_month_free(with);
	ledger_way_month_free(without);
	ledger_store_close(store);
	free(c.spans);
	arena_free(arena);
}

static void
made_up(void)
{
	long double worst = 0;
	bool together = true, past = true, samples = true;
	for (uint64_t seed = 1; seed <= CASES; seed++)
		one_case(seed, &worst, &together, &past, &samples);
	/* An octet for each rounding: of a sum over a span, its parts and their scale. */
	if (!ok(worst < 50, "it is what a reckoning second by second comes to"))
		printf("# off by %Lf octets\n", worst);
	ok(together, "ways, promises and what is unknown add up to what was counted");
	ok(past, "what is cut later never changes the past");
	ok(samples, "a proof follows from itself, and not from another time");
}

/* --- percent --- */

static void
percents(void)
{
	uint32_t out[5];
	ledger_way_percents(out, (const uint64_t[]){1, 1, 1}, 3);
	ok(out[0] + out[1] + out[2] == 10000 && out[0] <= 3334 && out[2] >= 3333,
	   "thirds add up to a whole");
	ledger_way_percents(out, (const uint64_t[]){999999999, 1, 0}, 3);
	ok(out[0] == 9999 && out[1] == 1 && out[2] == 0, "what is there is never nothing");
	ledger_way_percents(out, (const uint64_t[]){0, 0}, 2);
	ok(out[0] == 0 && out[1] == 0, "nothing is nothing");
	ledger_way_percents(out, (const uint64_t[]){UINT64_MAX, UINT64_MAX}, 2);
	ok(out[0] == 5000 && out[1] == 5000, "the largest numbers have halves too");
	is_int(ledger_way_percent(1, UINT64_MAX), 1, "a share that is there is never 0");
	is_int(ledger_way_percent(UINT64_MAX - 1, UINT64_MAX), 9999, "nor the whole unless it is");
	is_int(ledger_way_percent(7, 7), 10000, "the whole is the whole");
	struct made_up m = {5};
	bool good = true;
	for (int i = 0; i < 2000; i++) {
		uint64_t parts[5], sum = 0;
		uint32_t all = 0;
		for (int k = 0; k < 5; k++)
			sum += parts[k] = made_up_below(&m, 2) ? made_up_below(&m, 1u << 20) : 0;
		ledger_way_percents(out, parts, 5);
		for (int k = 0; k < 5; k++) {
			all += out[k];
			good &= (out[k] == 0) == (parts[k] == 0);
		}
		good &= all == (sum ? 10000 : 0);
	}
	ok(good, "whatever the parts, they add up");
}

int
main(void)
{
	char template[] = "/tmp/sarai-way-XXXXXX";
	folder = mkdtemp(template);
	if (!folder)
		return 1;
	by_hand();
	silence();
	broken();
	over_nothing();
	made_up();
	percents();
	char command[400];
	(void)snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command) | done_testing();
}
