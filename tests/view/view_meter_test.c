/* The meter's answers: numbers as counted, null where not known, 80 columns, and what is refused. */
#include "view/view_meter.h"
#include "view/view_meter_parts.h"

#include "../meter/exchange.h"
#include "meter/meter_counters.h"
#include "meter_asked.h"
#include "tap.h"

enum { START = 1700000100 };

static struct hub *
make_hub(void)
{
	struct hub *hub = exchange_new(3);
	/* Member 0 has two ports; member 2 none. */
	hub->ports[2].member = 0;
	hub->members[0].name = "Red \"Poplar\" Carrier of the Very Long Name and More";
	return hub;
}

static void
send_frame(struct meter *m, uint32_t from, uint32_t to, uint16_t length)
{
	struct buf b = {0};
	struct frame f = {.from = from, .to = to, .vlan = 100, .length = length, .rate = 100};
	sflow_header(&b, (struct sflow_numbers){0, 1, 1}, 1);
	sflow_flow_sample(&b, 1, &f);
	meter_datagram(m, METER_SFLOW, ip_v4(0xc0000201), cursor_of(b.data, b.length),
		       (struct utc_s){START + 1});
	buf_fini(&b);
}

static const char *
ask(struct buf *out, const struct meter *m, enum view_meter_form form, const char *line)
{
	return ask_meter(out, m, (struct utc_s){START + 100}, form, line);
}

/* Narrow counters of a fast port, a minute apart: a reading that is a gap. */
static void
push_narrow(struct meter *m)
{
	for (int i = 0; i < 2; i++) {
		struct counter_report r;
		enum counter_result result;
		counter_report_init(&r, TRAFFIC_BY_PUSH);
		(void)snprintf(r.port, sizeof(r.port), "p0");
		r.has_time = true;
		r.time = (struct utc_s){START + 1 + i * 60};
		r.reading.width = 32;
		r.reading.value[COUNTER_OCTETS_IN] = r.reading.value[COUNTER_OCTETS_OUT] = 7;
		(void)meter_counters(m, &r, r.time, &result);
	}
}

static void
rates(void)
{
	struct traffic_batch batch = {.length_s = 300, .covered_s = 100};
	struct traffic_port port = {.state = TRAFFIC_ESTIMATED,
				    .source = TRAFFIC_BY_SNMP,
				    .counter_covered_s = 30,
				    .counter_in = 3000};
	ok(view_meter_port_rate(&batch, &port).in_bps == 800,
	   "where there are no samples counters of any part of the time say the rate");
	port.samples_out = 1;
	port.flow_in = 500;
	ok(view_meter_port_rate(&batch, &port).in_bps == 40,
	   "where there are, those of half of it");
	port.counter_covered_s = 50;
	ok(view_meter_port_rate(&batch, &port).in_bps == 480, "or more");
}

/* One frame, sampled on the way in and on the way out: all of it stays here. */
static void
twice(void)
{
	struct hub *hub = make_hub();
	struct meter *m = meter_new(hub, 1, (struct utc_s){START});
	struct frame f = {.from = 0,
			  .to = 1,
			  .vlan = 100,
			  .length = 1000,
			  .rate = 100,
			  .source = 1000,
			  .input = 1000,
			  .output = 1001};
	for (uint32_t i = 1; i <= 2; i++) {
		struct buf b = {0};
		sflow_header(&b, (struct sflow_numbers){0, i, i}, 1);
		sflow_flow_sample(&b, i, &f);
		meter_datagram(m, METER_SFLOW, ip_v4(0xc0000201), cursor_of(b.data, b.length),
			       (struct utc_s){START + 1});
		buf_fini(&b);
		f.source = 1001;
	}
	struct buf out = {0};
	ok(says(ask(&out, m, VIEW_METER_JSON, "show traffic"), "\"kept_local_share\":1.0000"),
	   "a frame that is sampled again on its way out is not one that went elsewhere");
	ok(says(ask(&out, m, VIEW_METER_TEXT, "show traffic"),
		"not counted again: sampled a second time on the way out\n"),
	   "and is told as such");
	buf_fini(&out);
	meter_free(m);
	hub_free(hub);
}

int
main(void)
{
	twice();
	rates();
	struct hub *hub = make_hub();
	struct meter *m = meter_new(hub, 1, (struct utc_s){START});
	struct buf b = {0};
	ok(says(ask(&b, m, VIEW_METER_JSON, "show traffic"), "\"in_bps\":null") &&
		   says((char *)b.data, "\"kept_local_share\":null") &&
		   says((char *)b.data, "\"last\":null"),
	   "before anything was heard rates are null, not 0");
	send_frame(m, 0, 1, 1000);
	send_frame(m, 2, 1, 500);
	send_frame(m, 1, 9, 500);
	send_frame(m, 1, 9, 500); /* the same again */
	ask(&b, m, VIEW_METER_JSON, "show traffic");
	ok(says((char *)b.data, "\"port\":\"p0\",\"asn\":64512") &&
		   says((char *)b.data, "\"in_bps\":8000,\"out_bps\":0"),
	   "100,000 octets in 100 s are 8,000 bit/s");
	ok(says((char *)b.data, "\"kept_local_share\":0.7500"),
	   "the share kept local is of all that was counted");
	ok(says((char *)b.data, "{\"cause\":\"unknown destination MAC\",\"octets\":50000") &&
		   says((char *)b.data, "\"mac\":\"02:00:00:00:00:09\""),
	   "what has no port is told with its cause, and the MAC");
	ok(says((char *)b.data, "\"exporter\":\"sw1\",\"address\":\"192.0.2.1\",\"known\":true,"
				"\"protocols\":[\"sflow\"],\"datagrams\":4,\"records\":3"),
	   "exporters are told with what they sent");
	ok(says(ask(&b, m, VIEW_METER_JSON, "show exporters"),
		"\"rates\":[{\"protocol\":\"sflow\",\"domain\":0,\"scope\":\"source\",\"id\":0,"
		"\"announced\":100,\"used\":\"announced\",\"drops\":0}]"),
	   "and the rate of each source");
	ok(says((char *)b.data, "\"domains\":[{\"protocol\":\"sflow\",\"number\":0,\"received\":3,"
				"\"lost\":0,\"lost_here\":0,\"estimated\":false,\"restarts\":2,"
				"\"repeated\":1}]"),
	   "and the loss ledger");
	ask(&b, m, VIEW_METER_TEXT, "show exporters");
	ok(says((char *)b.data, "    sflow 0: 0 of 3 lost, 2 restarts, 1 repeated\n") &&
		   says((char *)b.data, "    sampling 1 in 100: 1 source\n") &&
		   says((char *)b.data, "    came before: 1\n"),
	   "in words, too");
	push_narrow(m);
	ok(says(ask(&b, m, VIEW_METER_TEXT, "show exporters"),
		"    gap in counters: 32 bits that may have wrapped more than once: 1\n") &&
		   says(ask(&b, m, VIEW_METER_JSON, "show exporters"), "\"too_narrow\":1"),
	   "and readings of counters that are gaps, by cause");
	ask(&b, m, VIEW_METER_JSON, "show matrix");
	ok(says((char *)b.data, "\"from_asn\":64512,") &&
		   says((char *)b.data, "\"to_asn\":64513,\"to\":\"Member 1\",\"family\":\"other\","
					"\"octets\":150000,\"bps\":12000"),
	   "the matrix adds up the ports of a member");
	ok(says((char *)b.data, "Red \\\"Poplar\\\" Carrier"), "names are escaped");
	ok(says(ask(&b, m, VIEW_METER_JSON, "show matrix limit 0"), "\"pairs\":[]"),
	   "a limit limits");
	const char *const lines[] = {"show traffic", "show matrix", "show exporters"};
	for (int i = 0; i < 3; i++)
		ok(widest(ask(&b, m, VIEW_METER_TEXT, lines[i])) <= 80, "%s fits 80 columns",
		   lines[i]);
	ok(says(ask(&b, m, VIEW_METER_CSV, "show matrix"),
		"64512,\"Red \"\"Poplar\"\" Carrier of the Very Long Name and More\",64513,Member "
		"1,"
		"other,150000,200"),
	   "CSV quotes what has to be quoted");
	ask(&b, m, VIEW_METER_TEXT, "metrics meter");
	ok(says((char *)b.data, "sarai_meter_records_total{exporter=\"sw1\"} 3") &&
		   says((char *)b.data,
			"sarai_meter_port_bits_per_second{port=\"p1\",direction=\"out\"} 12000"),
	   "metrics are Prometheus text");
	static const char *const refused[] = {"show", "show nothing", "show matrix limit",
					      "show matrix limit x", "show traffic now"};
	unsigned wrong = 0;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		wrong += strcmp(ask(&b, m, VIEW_METER_JSON, refused[i]), "400") != 0;
	is_int(wrong, 0, "words that make no sense are refused");
	ok(strcmp(ask(&b, m, VIEW_METER_CSV, "show exporters"), "400") == 0,
	   "a form that there is not, too");
	while (meter_flush(m, (struct utc_s){START + 200}))
		;
	ok(says(ask(&b, m, VIEW_METER_JSON, "show traffic"),
		"\"last\":{\"start\":\"2023-11-14T22:15:00Z\","
		"\"covered_s\":200,"),
	   "a closed bin is the last");
	buf_fini(&b);
	meter_free(m);
	hub_free(hub);
	return done_testing();
}
