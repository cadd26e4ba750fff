/* Traffic of a month by one thing, against a slow and obvious sum of the same batches. */
#include "view/view_ledger_traffic.h"

#include <math.h>

#include "../ledger/made_up.h"
#include "../ledger/two_members.h"
#include "hub_text.h"
#include "ledger/ledger_sqlite_io.h"
#include "tap.h"
#include "view/view_text.h"

enum { T0 = 1767225600 /* 2026-01-01 */, DAY = 86400, DAYS = 3, A_DAY = 20, PORTS = 5, ASNS = 600 };

/* p3 runs on a segment by a contract that starts on the second day. Port p4 is in no hub file any more. */
static struct hub *
the_hub(void)
{
	struct hub *hub = hub_of_text(TWO_MEMBERS);
	static struct hub_site sites[2] = {{.id = "AKT", .latitude = NAN, .longitude = NAN},
					   {.id = "SUM", .latitude = NAN, .longitude = NAN}};
	static struct hub_segment segment = {
		.id = "C01", .a = 0, .b = 1, .design_tbps = 1, .lit_tbps = NAN, .usable = true};
	static uint32_t on[1] = {0}, port[1] = {3};
	static struct hub_contract contract = {.id = "t",
					       .member = 1,
					       .starts = {T0 + DAY},
					       .ports = port,
					       .port_count = 1,
					       .segments = on,
					       .segment_count = 1};
	hub->sites = sites;
	hub->site_count = 2;
	hub->segments = &segment;
	hub->segment_count = 1;
	hub->contracts = &contract;
	hub->contract_count = 1;
	return hub;
}

/* --- what was measured --- */

static struct traffic_batch *batches[DAYS * A_DAY + 1];
static size_t batch_count;

/* Bins all over three days; in one of them two runs listened. */
static void
make_batches(struct arena *arena)
{
	struct made_up m = {42};
	for (int64_t i = 0; i < DAYS * A_DAY; i++)
		batches[batch_count++] =
			made_up_batch(&m, arena, T0 + i / A_DAY * DAY + i % A_DAY * 4200, 1, PORTS);
	batches[batch_count++] = made_up_batch(&m, arena, T0 + 4200, 2, PORTS);
	for (size_t i = 0; i < batch_count; i++)
		batches[i]->simulated = true;
}

/* Flow and counters of a port in the day of a batch, as the store adds them up. */
static double
ratio(int64_t at, uint32_t port, bool out)
{
	double flow = 0, counter = 0;
	for (size_t i = 0; i < batch_count; i++) {
		const struct traffic_port *p = &batches[i]->ports[port];
		if ((batches[i]->start.s - T0) / DAY != (at - T0) / DAY)
			continue;
		flow += (double)(out ? p->flow_out : p->flow_in);
		counter += (double)(out ? p->counter_out : p->counter_in);
	}
	return counter / flow;
}

/* --- what is said --- */

static size_t room = VIEW_HISTORY_SUMS;

static struct view_history
history(struct ledger_store *store, const struct hub *hub, struct ledger_traffic_span span,
	struct buf *out, enum view_ledger_form form)
{
	struct view_history view = {.hub = hub, .span = span, .room = room};
	struct ledger_traffic *t = ledger_traffic_new(store, hub, &span);
	enum ledger_traffic_turn turn;
	while ((turn = ledger_traffic_next(t)) != LEDGER_TRAFFIC_END) {
		if (turn > LEDGER_TRAFFIC_END) {
			printf("Bail out! turn %d\n", turn);
			exit(1);
		}
		if (turn == LEDGER_TRAFFIC_PART)
			(void)view_history_add(&view, ledger_traffic_part(t),
					       ledger_traffic_told(t));
	}
	if (out) {
		buf_clear(out);
		(void)view_history_show(out, &view, form, ledger_traffic_part(t),
					(struct utc_s){T0 + DAYS * DAY});
		buf_u8(out, 0);
	}
	ledger_traffic_free(t);
	return view;
}

static struct ledger_traffic_span
all(enum traffic_what what)
{
	return (struct ledger_traffic_span){{T0}, {T0 + 31 * DAY}, what, HUB_NONE, 0};
}

static const struct ledger_sum *
found(const struct view_history *view, uint64_t key, bool out)
{
	static const struct ledger_sum none;
	for (size_t i = 0; i < view->sums.count; i++)
		if (view->sums.items[i].upper == key && view->sums.items[i].lower == out)
			return &view->sums.items[i];
	return &none;
}

/* --- cases --- */

static void
networks(struct ledger_store *store, const struct hub *hub, uint32_t member, const char *says)
{
	static uint64_t flow[2][ASNS];
	static double octets[2][ASNS];
	struct ledger_traffic_span span = all(TRAFFIC_WHAT_AS);
	span.member = member;
	struct view_history view = history(store, hub, span, NULL, VIEW_LEDGER_TEXT);
	bool same = true, close = true;
	memset(flow, 0, sizeof(flow));
	memset(octets, 0, sizeof(octets));
	for (size_t i = 0; i < batch_count; i++)
		for (size_t j = 0; j < batches[i]->origin_count; j++) {
			const struct traffic_origin *o = &batches[i]->origins[j];
			if (member != HUB_NONE && o->port / 2 != member)
				continue;
			uint32_t asn = o->asn.number - 64500;
			flow[o->outgoing][asn] += o->octets;
			octets[o->outgoing][asn] += (double)o->octets * ratio(batches[i]->start.s,
									      o->port, o->outgoing);
		}
	for (uint32_t asn = 0; asn < ASNS; asn++)
		for (int out = 0; out < 2; out++) {
			const struct ledger_sum *sum = found(&view, 64500 + asn, out);
			same &= sum->packets == flow[out][asn];
			close &= fabs((double)sum->octets - octets[out][asn]) < 100;
		}
	ok(same && view.sums.count > 100, "networks %s: octets by samples are their plain sum",
	   says);
	ok(close, "and normalised as the port was counted that day");
	view_history_fini(&view);
}

/* Octets by samples of a member and network, both ways; of all networks for -1. */
static uint64_t
plain(uint32_t member, int64_t asn)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < batch_count; i++)
		for (size_t j = 0; j < batches[i]->origin_count; j++) {
			const struct traffic_origin *o = &batches[i]->origins[j];
			if (o->port / 2 == member && (asn < 0 || o->asn.number == asn))
				sum += o->octets;
		}
	return sum;
}

static uint64_t
both_ways(const struct view_history *view, uint64_t key)
{
	return found(view, key, false)->packets + found(view, key, true)->packets;
}

/* Ports p0 and p1 are of the first member, p2 and p3 of the second. */
static void
members_networks(struct ledger_store *store, const struct hub *hub)
{
	static const uint64_t rest = 1ull << 32;
	struct buf out = {0};
	struct view_history view =
		history(store, hub, all(TRAFFIC_WHAT_MEMBER_AS), &out, VIEW_LEDGER_CSV);
	bool same = true;
	for (uint64_t member = 0; member < 2; member++)
		for (uint32_t asn = 64500; asn < 64500 + ASNS; asn++)
			same &= both_ways(&view, member << 33 | asn) ==
				plain((uint32_t)member, asn);
	size_t whole = view.sums.count;
	ok(same && whole > 1000, "each member by each network: their plain sums");
	ok(strncmp((const char *)out.data, "member,name,flow_in_octets,in_octets,", 37) == 0 &&
		   !strstr((const char *)out.data, "smaller networks"),
	   "with both names, and none left out");
	view_history_fini(&view);
	room = 300;
	view = history(store, hub, all(TRAFFIC_WHAT_MEMBER_AS), &out, VIEW_LEDGER_JSON);
	ok(view.sums.count <= room, "no more are held than there is room for: %zu of %zu",
	   view.sums.count, whole);
	for (uint64_t member = 0; member < 2; member++) {
		uint64_t sum = 0;
		bool most = true;
		for (uint32_t asn = 64500; asn < 64500 + ASNS; asn++) {
			uint64_t told = both_ways(&view, member << 33 | asn);
			most &= told <= plain((uint32_t)member, asn);
			sum += told;
		}
		ok(most && sum &&
			   sum + both_ways(&view, member << 33 | rest) ==
				   plain((uint32_t)member, -1),
		   "and what is joined and what is told come to all of a member");
	}
	const char *first = strstr((const char *)out.data, "\"rest\":true");
	ok(first && !strstr(first, "\"rest\":false") &&
		   strstr((const char *)out.data, "\"name\":\"(smaller networks)\"") &&
		   strstr((const char *)out.data, "\"member_asn\":64501,\"asn\":6"),
	   "what is joined comes last");
	view_history_fini(&view);
	room = VIEW_HISTORY_SUMS;
	buf_fini(&out);
}

static void
ports(struct ledger_store *store, const struct hub *hub)
{
	struct view_history view =
		history(store, hub, all(TRAFFIC_WHAT_PORT), NULL, VIEW_LEDGER_TEXT);
	bool same = true;
	uint64_t entered = 0;
	for (uint32_t p = 0; p < PORTS; p++) {
		uint64_t in = 0, out = 0;
		for (size_t i = 0; i < batch_count; i++) {
			in += batches[i]->ports[p].counter_in;
			out += batches[i]->ports[p].counter_out;
		}
		entered += in;
		same &= found(&view, p, false)->octets == in &&
			found(&view, p, true)->octets == out;
	}
	ok(same, "ports are what was counted, to the octet");
	ok(view.entered == entered, "and so is what entered the hub");
	ok(view.not_attributed == 12000 * batch_count, "what was not attributed is told");
	ok(view.covered_s == DAYS * A_DAY * 300, "two runs in one bin do not make it longer");
	view_history_fini(&view);
}

static void
pairs(struct ledger_store *store, const struct hub *hub)
{
	uint64_t sums[3][3] = {{0}}, family[7] = {0};
	bool same = true;
	for (size_t i = 0; i < batch_count; i++)
		for (size_t j = 0; j < batches[i]->pair_count; j++) {
			const struct traffic_pair *p = &batches[i]->pairs[j];
			sums[p->from / 2][p->to / 2] += p->octets;
			if (p->from / 2 == 0 || p->to / 2 == 0)
				family[p->family] += p->octets;
		}
	struct view_history view =
		history(store, hub, all(TRAFFIC_WHAT_PAIR), NULL, VIEW_LEDGER_TEXT);
	for (uint64_t from = 0; from < 3; from++)
		for (uint64_t to = 0; to < 3; to++) {
			uint64_t a = from == 2 ? 0xfffff : from, b = to == 2 ? 0xfffff : to;
			same &= found(&view, a << 20 | b, false)->packets == sums[from][to];
		}
	ok(same, "pairs of members, and of who is no member any more, are their plain sum");
	view_history_fini(&view);
	struct ledger_traffic_span span = all(TRAFFIC_WHAT_FAMILY);
	span.member = 0;
	view = history(store, hub, span, NULL, VIEW_LEDGER_TEXT);
	ok(found(&view, IP_V4, false)->packets == family[IP_V4] &&
		   found(&view, IP_V6, false)->packets == family[IP_V6] && family[IP_V6],
	   "families of a member: of the pairs that it is an end of");
	view_history_fini(&view);
}

static void
segments(struct ledger_store *store, const struct hub *hub)
{
	uint64_t in = 0;
	for (size_t i = 0; i < batch_count; i++)
		if (batches[i]->start.s >= T0 + DAY)
			in += batches[i]->ports[3].counter_in;
	struct view_history view =
		history(store, hub, all(TRAFFIC_WHAT_SEGMENT), NULL, VIEW_LEDGER_TEXT);
	double off = (double)found(&view, 0, false)->octets + (double)found(&view, 0, true)->octets;
	for (size_t i = 0; i < batch_count; i++)
		if (batches[i]->start.s >= T0 + DAY)
			off -= (double)batches[i]->ports[3].counter_in +
			       (double)batches[i]->ports[3].counter_out;
	ok(in > 0 && fabs(off) < 4 * A_DAY * 300 / 8.0,
	   "a segment carries its ports from the day on that the contract begins, in whole bit/s");
	view_history_fini(&view);
}

static void
spans(struct ledger_store *store, const struct hub *hub)
{
	struct ledger_traffic_span span = all(TRAFFIC_WHAT_PORT);
	uint64_t in = 0;
	span.from.s = T0 + DAY / 2;
	span.to.s = T0 + DAY + DAY / 2;
	for (size_t i = 0; i < batch_count; i++)
		if (batches[i]->start.s >= span.from.s && batches[i]->start.s < span.to.s)
			in += batches[i]->ports[1].counter_in;
	struct view_history view = history(store, hub, span, NULL, VIEW_LEDGER_TEXT);
	ok(in && found(&view, 1, false)->octets == in, "a span may begin and end inside a day");
	view_history_fini(&view);
	span.from.s = T0 - 10 * DAY;
	span.to.s = T0;
	view = history(store, hub, span, NULL, VIEW_LEDGER_TEXT);
	ok(view.sums.count == 0 && view.entered == 0, "a time of which there is nothing is empty");
	view_history_fini(&view);
}

/* In steps: what is told of the largest and of the rest adds up to what is told of all, and each step is the
 * plain sum of its bins. */
static void
steps(struct ledger_store *store, const struct hub *hub)
{
	struct ledger_traffic_span span = all(TRAFFIC_WHAT_PORT);
	uint64_t in = 0, lost = 0, sum = 0, all_rest = 0;
	span.to.s = T0 + 2 * DAY;
	span.step_s = 3600;
	for (size_t i = 0; i < batch_count; i++) {
		if (batches[i]->start.s < T0 + DAY + 7200 ||
		    batches[i]->start.s >= T0 + DAY + 10800)
			continue;
		in += batches[i]->ports[1].counter_in + batches[i]->ports[1].counter_out;
		for (size_t e = 0; e < batches[i]->exporter_count; e++)
			lost += batches[i]->exporters[e].lost_records;
	}
	struct view_history view = history(store, hub, span, NULL, VIEW_LEDGER_TEXT);
	view.limit = 2;
	struct ledger_traffic *t = ledger_traffic_new(store, hub, &span);
	while (ledger_traffic_next(t) != LEDGER_TRAFFIC_END)
		continue;
	ok(view_history_series(&view, ledger_traffic_part(t)) == 0, "steps are begun");
	ledger_traffic_free(t);
	t = ledger_traffic_new(store, hub, &span);
	for (enum ledger_traffic_turn turn; (turn = ledger_traffic_next(t)) != LEDGER_TRAFFIC_END;)
		if (turn == LEDGER_TRAFFIC_PART)
			(void)view_history_add(&view, ledger_traffic_part(t),
					       ledger_traffic_told(t));
	const struct view_steps *s = &view.series;
	is_int((long long)s->step_count, 48, "two days have 48 hours");
	is_int((long long)s->key_count, 2, "as many are told apart as were asked for");
	const struct view_step *at = &s->steps[26];
	uint64_t here = s->keys[0] == 1 ? at->octets[0] : s->keys[1] == 1 ? at->octets[1] : 0;
	ok(s->keys[0] == 1 || s->keys[1] == 1 ? here == in : at->rest >= in,
	   "an hour is the sum of its bins");
	is_int((long long)at->lost, (long long)lost, "with what was lost in it");
	is_int(at->covered_s, 300, "and for how long it was listened");
	is_int(s->steps[1].covered_s + s->steps[1].covered_s, 600, "in each of them");
	is_int(s->steps[24 * 2 - 1].covered_s, 0, "in an hour without bins not at all");
	for (size_t i = 0; i < view.sums.count; i++)
		sum += view.sums.items[i].octets;
	for (size_t i = 0; i < s->step_count; i++) {
		all_rest += s->steps[i].rest;
		sum -= s->steps[i].octets[0] + s->steps[i].octets[1] + s->steps[i].rest;
	}
	ok(sum == 0 && all_rest > 0, "the largest and the rest of all steps are all that there is");
	struct buf out = {0};
	(void)view_history_show(&out, &view, VIEW_LEDGER_JSON, ledger_traffic_part(t),
				(struct utc_s){T0 + DAY});
	buf_u8(&out, 0);
	ok(strstr((const char *)out.data,
		  "\"each_s\":3600,\"series\":2,\"steps\":[[1767225600,300,"),
	   "JSON has them");
	ok(!strstr((const char *)out.data, "[1767312000,"), "but for those that are to come");
	buf_clear(&out);
	(void)view_history_show(&out, &view, VIEW_LEDGER_CSV, ledger_traffic_part(t),
				(struct utc_s){T0 + DAYS * DAY});
	buf_u8(&out, 0);
	ok(strncmp((const char *)out.data, "start,covered_s,lost_records,", 29) == 0 &&
		   strstr((const char *)out.data, ",rest\r\n2026-01-01T00:00:00Z,300,"),
	   "and CSV");
	buf_fini(&out);
	view_history_fini(&view);
	ledger_traffic_free(t);
}

static bool
fits(const char *text)
{
	for (; *text; text += strcspn(text, "\n") + 1) {
		char line[400];
		(void)snprintf(line, sizeof(line), "%.*s", (int)strcspn(text, "\n"), text);
		if (view_width(line) > VIEW_COLUMNS)
			return false;
	}
	return true;
}

static void
forms(struct ledger_store *store, const struct hub *hub)
{
	struct buf out = {0};
	bool narrow = true, head = true;
	for (int what = 0; what < TRAFFIC_WHATS; what++) {
		if (what == TRAFFIC_WHAT_PATH)
			continue; /* the ledger keeps none, and is not asked */
		struct view_history view =
			history(store, hub, all((enum traffic_what)what), &out, VIEW_LEDGER_TEXT);
		narrow &= fits((const char *)out.data);
		head &= strstr((const char *)out.data, "5.0 hours measured (simulated)") &&
			strstr((const char *)out.data, "could not be attributed");
		view_history_fini(&view);
	}
	ok(narrow, "text is in 80 columns, whatever it is by");
	ok(head, "and says how much was measured, and what was not attributed");
	struct view_history view =
		history(store, hub, all(TRAFFIC_WHAT_MEMBER), &out, VIEW_LEDGER_JSON);
	ok(strstr((const char *)out.data, "\"by\":\"member\",\"from\":\"2026-01-01T00:00:00Z\"") &&
		   strstr((const char *)out.data, "\"not_attributed_octets\":732000") &&
		   strstr((const char *)out.data, "\"count\":3,\"rows\":[{\"name\":"),
	   "JSON");
	view_history_fini(&view);
	view = history(store, hub, all(TRAFFIC_WHAT_MEMBER), &out, VIEW_LEDGER_CSV);
	ok(strncmp((const char *)out.data, "name,flow_in_octets,in_octets", 29) == 0, "CSV");
	view_history_fini(&view);
	buf_fini(&out);
}

static struct ledger_traffic_span
fitted(enum traffic_what what, int64_t from_s, uint32_t step_s, int64_t now_s)
{
	struct ledger_traffic_span span = all(what);
	span.from.s = from_s;
	span.step_s = step_s;
	ledger_traffic_fit(&span, (struct utc_s){now_s});
	return span;
}

/* Hours that begin inside a day of which there is one sum left begin with that day. */
static void
first_day(struct ledger_store *store, const struct hub *hub)
{
	enum { NOON = T0 + DAY / 2, OLD = T0 + 9 * DAY };
	struct ledger_traffic_span span = fitted(TRAFFIC_WHAT_AS, NOON, 3600, OLD);
	struct view_history view = history(store, hub, span, NULL, VIEW_LEDGER_TEXT);
	uint64_t told = 0, plain_sum = 0;
	for (size_t i = 0; i < view.sums.count; i++)
		told += view.sums.items[i].packets;
	for (uint32_t member = 0; member < 3; member++)
		plain_sum += plain(member, -1);
	ok(told == plain_sum && told, "a day that is folded is told whole from its middle on");
	view_history_fini(&view);
	ok(span.from.s == T0 && span.step_s == DAY, "from its beginning, in steps of days");
	span = fitted(TRAFFIC_WHAT_AS, NOON, 3600, OLD - 3601);
	ok(span.from.s == NOON && span.step_s == 3600, "one that is not stays as it was asked for");
	span = fitted(TRAFFIC_WHAT_AS, NOON, 0, OLD - 3600);
	ok(span.from.s == T0 && !span.step_s, "but for what is folded within the hour");
	span = fitted(TRAFFIC_WHAT_PAIR, NOON + 1800, 300, T0 + 50 * DAY);
	ok(span.from.s == NOON && span.step_s == 3600, "pairs are folded by the hour");
	span = fitted(TRAFFIC_WHAT_PORT, NOON + 1800, 300, T0 + 50 * DAY);
	ok(span.from.s == NOON + 1800 && span.step_s == 300, "ports are not at all");
}

/* What is said is the same after sums were folded: they are filed inside their day. */
static void
folded(struct ledger_store *store, const struct hub *hub)
{
	struct buf before = {0}, after = {0};
	bool more = true;
	int folds = 0;
	struct view_history view =
		history(store, hub, all(TRAFFIC_WHAT_LOCAL), &before, VIEW_LEDGER_JSON);
	view_history_fini(&view);
	for (; more; folds++)
		if (ledger_store_fold(store, (struct utc_s){T0 + 100 * DAY}, &more) !=
		    LEDGER_STORE_OK)
			break;
	view = history(store, hub, all(TRAFFIC_WHAT_LOCAL), &after, VIEW_LEDGER_JSON);
	ok(folds > DAYS && strcmp((const char *)before.data, (const char *)after.data) == 0,
	   "pairs say the same of whole days when they are folded");
	view_history_fini(&view);
	networks(store, hub, HUB_NONE, "that are folded");
	first_day(store, hub);
	buf_fini(&before);
	buf_fini(&after);
}

int
main(void)
{
	char reason[LEDGER_SQLITE_REASON], path[200], *folder = made_up_folder();
	struct arena *arena = arena_new();
	struct hub *hub = the_hub();
	make_batches(arena);
	(void)snprintf(path, sizeof(path), "%s/store", folder);
	struct ledger_store *store = ledger_sqlite_open(path, reason);
	enum ledger_put results[DAYS * A_DAY + 1];
	if (!store || ledger_store_put(store, (const struct traffic_batch *const *)batches,
				       batch_count, results) != LEDGER_STORE_OK) {
		printf("Bail out! no store\n");
		return 1;
	}
	networks(store, hub, HUB_NONE, "of all");
	networks(store, hub, 1, "of a member");
	members_networks(store, hub);
	ports(store, hub);
	pairs(store, hub);
	segments(store, hub);
	spans(store, hub);
	steps(store, hub);
	forms(store, hub);
	folded(store, hub);
	ledger_store_close(store);
	hub_free(hub);
	arena_free(arena);
	made_up_remove(folder);
	return done_testing();
}
