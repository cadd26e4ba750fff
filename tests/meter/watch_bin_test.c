/* What bins say: full ports, silent members and exporters, loss, strangers; and what they do not. */
#include "tap.h"
#include "watching.h"

enum { BIN = 300, PORTS = 3 };
static const struct utc_s start = {1700000100};

/* The bin that is being made. */
struct made {
	struct watching *g;
	struct traffic_port ports[PORTS];
	struct traffic_exporter exporter;
	struct traffic_batch batch;
};

static void
begin(struct made *m, struct watching *g)
{
	static const char *const ids[PORTS] = {"p0", "p1", "p2"};
	*m = (struct made){.g = g};
	for (int i = 0; i < PORTS; i++)
		m->ports[i] = (struct traffic_port){.port = ids[i], .state = TRAFFIC_COUNTER};
	m->exporter =
		(struct traffic_exporter){.exporter = "sw1", .datagrams = 1000, .records = 10000};
	m->batch = (struct traffic_batch){
		.start = g->now,
		.length_s = BIN,
		.covered_s = BIN,
		.ports = m->ports,
		.port_count = PORTS,
		.exporters = &m->exporter,
		.exporter_count = 1,
	};
}

/* Octets of a bin at this rate. */
static uint64_t
octets(double bps)
{
	return (uint64_t)(bps * BIN / 8);
}

static void
count(struct made *m, int port, double in, double out)
{
	m->ports[port].counter_in = octets(in);
	m->ports[port].counter_out = octets(out);
	m->ports[port].counter_covered_s = BIN;
}

static void
give(struct made *m)
{
	struct watching *g = m->g;
	g->now.s += BIN;
	watch_bin(g->watch, &m->batch);
}

/* `bins` bins with port 0 at `in` and `out`, by counters. */
static void
bins(struct watching *g, int number, double in, double out)
{
	struct made m;
	for (int i = 0; i < number; i++) {
		begin(&m, g);
		count(&m, 0, in, out);
		give(&m);
	}
}

static enum watch_severity
severity(const struct watching *g)
{
	const struct watch_alarm *alarm = watching_alarm(g, WATCH_PORT_FULL);
	return alarm ? alarm->severity : WATCH_WARNING;
}

static void
full_ports(void)
{
	struct watching *g = watching_new(PORTS, start); /* of 400 Gbit/s */
	bins(g, 5, 239e9, 1e9);
	is_int(watching_count(g, WATCH_PORT_FULL), 0, "a port at 59.9 % is not full");
	bins(g, 1, 241e9, 1e9);
	is_int(watching_count(g, WATCH_PORT_FULL), 0, "nor one that was above 60 % in one bin");
	bins(g, 1, 1e9, 241e9);
	is_int(watching_count(g, WATCH_PORT_FULL), 1,
	       "two bins in a row, either way, are a warning");
	is_int(severity(g), WATCH_WARNING, "and no more");
	const struct watch_alarm *alarm = watching_alarm(g, WATCH_PORT_FULL);
	is_str(alarm->subject, "p0", "of that port");
	is_int((long long)alarm->value, 6025, "with what is in use");
	ok(strstr(alarm->text, "by counters"), "and it is said that counters tell");
	bins(g, 4, 230e9, 1e9);
	is_int(watching_count(g, WATCH_PORT_FULL), 1, "it stays between the beginning and the end");
	bins(g, 2, 330e9, 1e9);
	is_int(severity(g), WATCH_ALARM, "above 80 % it is an alarm");
	bins(g, 3, 305e9, 1e9);
	is_int(severity(g), WATCH_ALARM, "which stays a little below");
	bins(g, 2, 260e9, 1e9);
	is_int(watching_count(g, WATCH_PORT_FULL), 1, "then it is a warning again");
	is_int(severity(g), WATCH_WARNING, "no alarm");
	bins(g, 2, 10e9, 1e9);
	is_int(watching_count(g, WATCH_PORT_FULL), 0, "and then nothing");
	is_int(watch_alarms_of(g->watch)->last_id, 1, "all of it was one");
	struct made m;
	for (int i = 0; i < 2; i++) {
		begin(&m, g);
		m.ports[1].state = TRAFFIC_ESTIMATED;
		m.ports[1].flow_in = octets(390e9);
		give(&m);
	}
	alarm = watching_alarm(g, WATCH_PORT_FULL);
	ok(alarm && !alarm->by_counters && strstr(alarm->text, "by flows"),
	   "where there are no counters flows tell, and it is said");
	for (int i = 0; i < 4; i++) {
		begin(&m, g);
		m.ports[1].state = TRAFFIC_MISSING;
		give(&m);
	}
	is_int(watching_count(g, WATCH_PORT_FULL), 1, "a bin that is missing changes nothing");
	g->hub->port_count = 1;
	watch_apply(g->watch, g->hub, &g->roster, g->now);
	is_int(watching_count(g, WATCH_PORT_FULL), 0,
	       "a port that leaves the hub file has no alarm");
	g->hub->port_count = PORTS;
	watching_free(g);
}

static void
acknowledged(void)
{
	struct watching *g = watching_new(PORTS, start);
	bins(g, 2, 260e9, 1e9);
	const struct watch_alarm *alarm = watching_alarm(g, WATCH_PORT_FULL);
	is_int(watch_acknowledge(g->watch, alarm->id + 1, g->now), -1,
	       "an alarm that is not on cannot be acknowledged");
	is_int(watch_acknowledge(g->watch, alarm->id, g->now), 0, "one that is on can");
	struct utc_s when = g->now;
	bins(g, 3, 262e9, 1e9);
	is_int(watching_alarm(g, WATCH_PORT_FULL)->acknowledged.s, when.s,
	       "and stays so while it is as it was");
	bins(g, 2, 390e9, 1e9);
	is_int(watching_alarm(g, WATCH_PORT_FULL)->acknowledged.s, 0,
	       "when it gets worse nobody has seen that yet");
	is_int(watch_acknowledge(g->watch, 1, g->now), 0, "it is acknowledged again");
	bins(g, 3, 260e9, 1e9);
	ok(watching_alarm(g, WATCH_PORT_FULL)->acknowledged.s, "and stays so when it gets better");
	watching_free(g);
}

static void
up(struct watching *g, const char *port, int64_t since)
{
	struct watch_session session = {.since = {since}};
	(void)snprintf(session.port, sizeof(session.port), "%s", port);
	watch_sessions(g->watch, &session, 1, (struct utc_s){g->now.s + BIN});
}

static void
days(struct watching *g, int number, double in, double out)
{
	for (int i = 0; i < number; i++) {
		up(g, "p0", start.s - 1000);
		bins(g, 1, in, out);
	}
}

static void
silent_members(void)
{
	struct watching *g = watching_new(PORTS, start);
	days(g, 24, 5e9, 2e9);
	days(g, 2, 800, 900); /* BGP is some */
	is_int(watching_count(g, WATCH_MEMBER_SILENT), 0,
	       "two bins without traffic are no silence");
	days(g, 1, 800, 900);
	const struct watch_alarm *alarm = watching_alarm(g, WATCH_MEMBER_SILENT);
	ok(alarm && alarm->severity == WATCH_ALARM, "three are, while the session is up");
	ok(alarm && strstr(alarm->text, "comes from it or goes to it"), "both ways");
	is_int(alarm ? alarm->since.s : 0, g->now.s - 3 * BIN, "since the first of them");
	days(g, 40, 800, 900);
	is_int(watching_count(g, WATCH_MEMBER_SILENT), 1, "it lasts as long as that");
	days(g, 1, 1e8, 1e8);
	is_int(watching_count(g, WATCH_MEMBER_SILENT), 0, "and ends with traffic");
	days(g, 24, 5e9, 2e9);
	days(g, 3, 800, 2e9);
	alarm = watching_alarm(g, WATCH_MEMBER_SILENT);
	ok(alarm && alarm->severity == WATCH_WARNING &&
		   strstr(alarm->text, "nothing comes from it"),
	   "one way alone is a warning");
	watching_free(g);

	g = watching_new(PORTS, start);
	days(g, 24, 5e9, 2e9);
	for (int i = 0; i < 6; i++) {
		watch_sessions(g->watch, NULL, 0, (struct utc_s){g->now.s + BIN});
		bins(g, 1, 0, 0);
	}
	is_int(watching_count(g, WATCH_MEMBER_SILENT), 0,
	       "a member whose session is down is no riddle");
	days(g, 1, 5e9, 2e9);
	g->now.s += 0;
	for (int i = 0; i < 6; i++)
		bins(g, 1, 0, 0);
	is_int(watching_count(g, WATCH_MEMBER_SILENT), 0,
	       "nor is anything said while nobody knows how sessions are");
	watching_free(g);

	g = watching_new(PORTS, start);
	days(g, 24, 5e5, 5e5);
	days(g, 6, 0, 0);
	is_int(watching_count(g, WATCH_MEMBER_SILENT), 0, "who had little is not missed");
	watching_free(g);

	g = watching_new(PORTS, start);
	days(g, 4, 5e9, 2e9);
	days(g, 6, 0, 0);
	is_int(watching_count(g, WATCH_MEMBER_SILENT), 0, "nor who had it for a few bins only");
	watching_free(g);

	g = watching_new(PORTS, start);
	struct made m;
	for (int i = 0; i < 40; i++) { /* by flows: ten samples a bin, or none by chance */
		up(g, "p0", start.s - 1000);
		begin(&m, g);
		bool some = i < 24 || i % 4 == 0;
		m.ports[0].state = TRAFFIC_ESTIMATED;
		m.ports[0].flow_in = some ? octets(5e7) : 0;
		m.ports[0].samples_in = some ? 10 : 0;
		give(&m);
	}
	is_int(watching_count(g, WATCH_MEMBER_SILENT), 0,
	       "by flows, few samples that happen to be none are no silence");
	watching_free(g);
}

static void
silent_exporters(void)
{
	struct watching *g = watching_new(PORTS, start);
	watch_exporter(g->watch, "sw1", (struct utc_s){0}, (struct utc_s){start.s + 10000});
	is_int(watching_count(g, WATCH_EXPORTER_SILENT), 0,
	       "an exporter that never sent is not missed");
	watch_exporter(g->watch, "sw1", start, (struct utc_s){start.s + 179});
	is_int(watching_count(g, WATCH_EXPORTER_SILENT), 0, "nor one that was heard lately");
	watch_exporter(g->watch, "sw1", start, (struct utc_s){start.s + 180});
	const struct watch_alarm *alarm = watching_alarm(g, WATCH_EXPORTER_SILENT);
	ok(alarm && alarm->since.s == start.s, "else it is silent, since it was heard last");
	watch_exporter(g->watch, "sw1", (struct utc_s){start.s + 181},
		       (struct utc_s){start.s + 181});
	is_int(watching_count(g, WATCH_EXPORTER_SILENT), 0, "until it is heard");
	watching_free(g);
}

static void
lose(struct watching *g, uint64_t lost, uint64_t dropped)
{
	struct made m;
	begin(&m, g);
	m.exporter.lost_records = lost;
	m.batch.kernel_drops = dropped;
	give(&m);
}

static void
loss(void)
{
	struct watching *g = watching_new(PORTS, start);
	lose(g, 90, 0);
	is_int(watching_count(g, WATCH_LOSS), 0, "0.9 % lost is below the threshold");
	lose(g, 200, 0);
	const struct watch_alarm *alarm = watching_alarm(g, WATCH_LOSS);
	ok(alarm && alarm->value == 196 && strcmp(alarm->subject, "sw1") == 0, "2 %% is above");
	lose(g, 70, 0);
	lose(g, 70, 0);
	is_int(watching_count(g, WATCH_LOSS), 1, "0.7 % is not the end of it");
	lose(g, 0, 0);
	is_int(watching_count(g, WATCH_LOSS), 1, "nor one bin without");
	lose(g, 0, 0);
	is_int(watching_count(g, WATCH_LOSS), 0, "two are");
	lose(g, 0, 50);
	alarm = watching_alarm(g, WATCH_LOSS);
	ok(alarm && strcmp(alarm->subject, "meter") == 0 &&
		   strstr(alarm->text, "the meter is too slow"),
	   "what our own sockets dropped is told apart");
	watching_free(g);
}

static void
strangers(void)
{
	struct watching *g = watching_new(PORTS, start);
	static const struct mac mac = {{2, 9, 9, 9, 9, 9}};
	struct made m;
	begin(&m, g);
	watch_unknown_mac(g->watch, mac, "sw1", octets(9e6), &m.batch);
	give(&m);
	is_int(watching_count(g, WATCH_UNKNOWN_MAC), 0,
	       "a stranger with 9 Mbit/s is listed, no more");
	begin(&m, g);
	watch_unknown_mac(g->watch, mac, "sw1", octets(11e6), &m.batch);
	give(&m);
	const struct watch_alarm *alarm = watching_alarm(g, WATCH_UNKNOWN_MAC);
	is_str(alarm ? alarm->subject : NULL, "02:09:09:09:09:09 at sw1",
	       "with 11 it is a warning");
	begin(&m, g);
	give(&m);
	is_int(watching_count(g, WATCH_UNKNOWN_MAC), 1, "which stays for a while");
	begin(&m, g);
	give(&m);
	is_int(watching_count(g, WATCH_UNKNOWN_MAC), 0, "and ends when it is gone");
	watching_free(g);
}

static void
short_bins(void)
{
	struct watching *g = watching_new(PORTS, start);
	struct made m;
	days(g, 24, 5e9, 2e9);
	for (int i = 0; i < 6; i++) { /* a meter that is started again and again */
		up(g, "p0", start.s - 1000);
		begin(&m, g);
		m.batch.covered_s = 100;
		m.ports[0].state = m.ports[1].state = TRAFFIC_ESTIMATED;
		m.ports[1].flow_in = octets(399e9) / 3;
		m.exporter.lost_records = 5000;
		m.batch.kernel_drops = 5000;
		watch_unknown_mac(g->watch, (struct mac){{2}}, "sw1", octets(1e9), &m.batch);
		give(&m);
	}
	is_int((long long)watch_alarms_of(g->watch)->on_count, 0,
	       "a bin that was listened to for a third of its time says nothing");
	watching_free(g);
}

static void
ratios(void)
{
	struct watching *g = watching_new(PORTS, start);
	struct watch_ratio ratio = {700000, 900000, 1100000, true};
	watch_ratio(g->watch, "p1", &ratio, start);
	const struct watch_alarm *alarm = watching_alarm(g, WATCH_RATIO);
	ok(alarm && alarm->value == 700000 && alarm->threshold == 900000,
	   "a ratio out of its band is a warning");
	ratio.out = false;
	watch_ratio(g->watch, "p1", &ratio, start);
	is_int(watching_count(g, WATCH_RATIO), 0, "until it is back");
	watching_free(g);
}

static void
many(void)
{
	struct watching *g = watching_new(PORTS, start);
	struct watch_ratio ratio = {700000, 900000, 1100000, true};
	char id[16];
	for (int i = 0; i < WATCH_ALARMS_MAX + 100; i++) {
		(void)snprintf(id, sizeof(id), "x%d", i);
		watch_ratio(g->watch, id, &ratio, start);
	}
	is_int((long long)watch_alarms_of(g->watch)->on_count, WATCH_ALARMS_MAX,
	       "alarms are bounded");
	is_int((long long)watch_alarms_of(g->watch)->unlisted, 100,
	       "and what is beyond is counted");
	watch_apply(g->watch, g->hub, &g->roster, start);
	is_int((long long)watch_alarms_of(g->watch)->on_count, 0,
	       "those about no port of ours end");
	is_int((long long)watch_alarms_of(g->watch)->over_count, WATCH_ALARMS_MAX, "all of them");
	ok(watch_alarms_over(watch_alarms_of(g->watch), WATCH_OVER_MAX - 1) &&
		   !watch_alarms_over(watch_alarms_of(g->watch), WATCH_OVER_MAX),
	   "of which the last ones are remembered");
	watching_free(g);
}

int
main(void)
{
	full_ports();
	acknowledged();
	silent_members();
	silent_exporters();
	loss();
	strangers();
	short_bins();
	ratios();
	many();
	return done_testing();
}
