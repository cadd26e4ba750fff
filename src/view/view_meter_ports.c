/* Ports: what counters say beside what samples say. */
#include <stdio.h>

#include "hub/traffic_normal.h"
#include "meter/meter_learn.h"
#include "view/view_meter_parts.h"
#include "view/view_text.h"

static const char *const state_names[] = {
	[TRAFFIC_MISSING] = "missing",
	[TRAFFIC_COUNTER] = "counter",
	[TRAFFIC_ESTIMATED] = "estimated",
};
static const char *const source_names[] = {
	[TRAFFIC_BY_NONE] = NULL,
	[TRAFFIC_BY_SFLOW] = "sflow",
	[TRAFFIC_BY_SNMP] = "snmp",
	[TRAFFIC_BY_PUSH] = "push",
};

const char *
view_meter_source_name(enum traffic_source source)
{
	return source_names[source];
}

static const struct hub_port *
port_of(const struct hub *hub, const struct traffic_port *p)
{
	uint32_t port = hub_port_by_id(hub, p->port);
	return port == HUB_NONE ? NULL : &hub->ports[port];
}

static double
use_of(const struct hub_port *port, struct view_port_rate rate)
{
	uint64_t larger = rate.in_bps > rate.out_bps ? rate.in_bps : rate.out_bps;
	return (double)larger / (double)port->speed_bps;
}

static struct meter_index
index_of(const struct meter *m, const struct traffic_port *p)
{
	uint32_t port = hub_port_by_id(meter_hub(m), p->port);
	return port == HUB_NONE ? (struct meter_index){0} : meter_port_index(m, port);
}

/* --- JSON --- */

static void
way_json(struct json *j, const struct traffic_batch *batch, const struct traffic_port *p,
	 bool outgoing)
{
	struct traffic_ratio ratio;
	bool known = traffic_ratio(&ratio, batch, p, outgoing);
	json_object(j, outgoing ? "out" : "in");
	if (p->source == TRAFFIC_BY_NONE) {
		json_null(j, "counter_octets");
	} else {
		json_u64(j, "counter_octets", outgoing ? p->counter_out : p->counter_in);
		json_u64(j, "packets", outgoing ? p->packets_out : p->packets_in);
		json_u64(j, "errors", outgoing ? p->errors_out : p->errors_in);
		json_u64(j, "discards", outgoing ? p->discards_out : p->discards_in);
	}
	json_u64(j, "flow_octets", outgoing ? p->flow_out : p->flow_in);
	json_u64(j, "flow_ipv6_octets", outgoing ? p->flow_v6_out : p->flow_v6_in);
	uint64_t samples = outgoing ? p->samples_out : p->samples_in;
	json_u64(j, "samples", samples);
	if (known)
		json_fixed(j, "ratio", ratio.per_10000 / 10000.0, 4);
	else
		json_null(j, "ratio");
	if (samples)
		json_fixed(j, "error_percent", traffic_error(samples) / 100.0, 2);
	else
		json_null(j, "error_percent");
	json_object_end(j);
}

static void
index_json(struct json *j, struct meter_index index)
{
	static const char *const by[] = {
		[METER_INDEX_UNKNOWN] = NULL,
		[METER_INDEX_GIVEN] = "hub file",
		[METER_INDEX_LEARNED] = "learned",
		[METER_INDEX_CLASH] = "clash",
	};
	if (index.if_index)
		json_u64(j, "if_index", index.if_index);
	else
		json_null(j, "if_index");
	json_str(j, "if_index_by", by[index.by]);
}

/* The other source that is furthest from the one that is counted. */
static void
difference_json(struct json *j, const struct meter *m, const struct traffic_port *p)
{
	uint32_t port = hub_port_by_id(meter_hub(m), p->port);
	struct counter_difference d;
	if (port == HUB_NONE || !meter_port_difference(m, port, &d)) {
		json_null(j, "counters_compared");
		return;
	}
	json_object(j, "counters_compared");
	json_str(j, "by", source_names[d.other]);
	json_str(j, "direction", d.outgoing ? "out" : "in");
	json_u64(j, "counted_bps", d.own_bps);
	json_u64(j, "bps", d.other_bps);
	json_fixed(j, "differ_percent", d.ppm / 1e4, 2);
	json_object_end(j);
}

static void
port_json(struct json *j, const struct meter *m, const struct traffic_batch *batch,
	  const struct traffic_port *p)
{
	const struct hub *hub = meter_hub(m);
	const struct hub_port *port = port_of(hub, p);
	const struct hub_member *member = port ? &hub->members[port->member] : NULL;
	struct view_port_rate rate = view_meter_port_rate(batch, p);
	json_object(j, NULL);
	json_str(j, "port", p->port);
	if (member)
		json_u64(j, "asn", member->asn.number);
	else
		json_null(j, "asn");
	json_str(j, "member", member ? member->name : NULL);
	json_str(j, "service", port ? hub_service_name(port->service) : NULL);
	index_json(j, index_of(m, p));
	if (port && port->speed_bps)
		json_u64(j, "speed_bps", port->speed_bps);
	else
		json_null(j, "speed_bps");
	if (rate.known && port && port->speed_bps)
		json_fixed(j, "utilisation", use_of(port, rate), 4);
	else
		json_null(j, "utilisation");
	json_str(j, "state", state_names[p->state]);
	json_str(j, "counters_by", source_names[p->source]);
	json_u64(j, "counters_covered_s", p->counter_covered_s);
	difference_json(j, m, p);
	json_u64(j, "lost_ppm", p->lost_ppm);
	way_json(j, batch, p, false);
	way_json(j, batch, p, true);
	json_object_end(j);
}

static void
ports_json(struct buf *out, const struct meter *m, const struct traffic_batch *batch)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_utc(&j, "start", batch->start);
	json_u64(&j, "length_s", batch->length_s);
	json_u64(&j, "covered_s", batch->covered_s);
	json_bool(&j, "simulated", batch->simulated);
	json_array(&j, "ports");
	for (size_t i = 0; i < batch->port_count; i++)
		port_json(&j, m, batch, &batch->ports[i]);
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

/* --- CSV --- */

static void
way_csv(struct buf *out, const struct traffic_batch *batch, const struct traffic_port *p,
	bool outgoing)
{
	struct traffic_ratio ratio;
	buf_printf(out, ",%llu,%llu,%llu,",
		   (unsigned long long)(outgoing ? p->counter_out : p->counter_in),
		   (unsigned long long)(outgoing ? p->flow_out : p->flow_in),
		   (unsigned long long)(outgoing ? p->samples_out : p->samples_in));
	if (traffic_ratio(&ratio, batch, p, outgoing))
		buf_printf(out, "%u.%04u", ratio.per_10000 / 10000, ratio.per_10000 % 10000);
}

static void
ports_csv(struct buf *out, const struct hub *hub, const struct traffic_batch *batch)
{
	buf_str(out,
		"port,asn,member,service,speed_bps,state,counters_by,counters_covered_s,lost_ppm,"
		"in_counter_octets,in_flow_octets,in_samples,in_ratio,"
		"out_counter_octets,out_flow_octets,out_samples,out_ratio\r\n");
	for (size_t i = 0; i < batch->port_count; i++) {
		const struct traffic_port *p = &batch->ports[i];
		const struct hub_port *port = port_of(hub, p);
		const struct hub_member *member = port ? &hub->members[port->member] : NULL;
		view_csv_field(out, p->port);
		buf_printf(out, ",%u,", member ? member->asn.number : 0);
		view_csv_field(out, member ? member->name : "");
		buf_printf(out, ",%s,%llu,%s,%s,%u,%u", port ? hub_service_name(port->service) : "",
			   (unsigned long long)(port ? port->speed_bps : 0), state_names[p->state],
			   source_names[p->source] ? source_names[p->source] : "",
			   p->counter_covered_s, p->lost_ppm);
		way_csv(out, batch, p, false);
		way_csv(out, batch, p, true);
		buf_str(out, "\r\n");
	}
}

/* --- text --- */

static void
ratio_cell(struct buf *out, const struct traffic_batch *batch, const struct traffic_port *p,
	   bool outgoing)
{
	struct traffic_ratio ratio;
	char text[16] = "-";
	if (traffic_ratio(&ratio, batch, p, outgoing) && ratio.per_10000 < 999500)
		(void)snprintf(text, sizeof(text), "%.2f", ratio.per_10000 / 10000.0);
	view_cell(out, text, -6);
}

static void
clash_lines(struct buf *out, const struct meter *m, const struct traffic_batch *batch)
{
	for (size_t i = 0; i < batch->port_count; i++) {
		struct meter_index index = index_of(m, &batch->ports[i]);
		if (index.by == METER_INDEX_CLASH)
			buf_printf(out,
				   "%s: ifIndex %u is told of another port as well, so nothing of "
				   "it is counted for this one\n",
				   batch->ports[i].port, index.if_index);
	}
}

static void
ports_text(struct buf *out, const struct meter *m, const struct traffic_batch *batch)
{
	const struct hub *hub = meter_hub(m);
	char when[CLOCK_TEXT], text[VIEW_RATE_TEXT];
	buf_printf(out, "bin %s, %u of %u s%s\n", utc_format(when, batch->start), batch->covered_s,
		   batch->length_s, batch->simulated ? " (simulated)" : "");
	view_cell(out, "port", 12);
	view_cell(out, "member", 12);
	view_cell(out, "in", -12);
	view_cell(out, "out", -12);
	view_cell(out, "use", -5);
	view_cell(out, "flow/count", -12); /* in and out */
	view_cell(out, "lost", -6);
	view_end_line(out);
	for (size_t i = 0; i < batch->port_count; i++) {
		const struct traffic_port *p = &batch->ports[i];
		const struct hub_port *port = port_of(hub, p);
		struct view_port_rate rate = view_meter_port_rate(batch, p);
		char use[16] = "-", lost[16] = "-";
		if (rate.known && port && port->speed_bps)
			(void)snprintf(use, sizeof(use), "%.0f%%", 100 * use_of(port, rate));
		if (p->lost_ppm)
			(void)snprintf(lost, sizeof(lost), "%.1f%%", p->lost_ppm / 10000.0);
		view_cell(out, p->port, 11);
		buf_str(out, " ");
		view_cell(out, port ? hub->members[port->member].name : "(gone)", 12);
		view_cell(out, rate.known ? view_rate(text, rate.in_bps) : "-", -12);
		view_cell(out, rate.known ? view_rate(text, rate.out_bps) : "-", -12);
		view_cell(out, use, -5);
		ratio_cell(out, batch, p, false);
		ratio_cell(out, batch, p, true);
		view_cell(out, lost, -6);
		buf_str(out, " ");
		view_cell(out, p->state == TRAFFIC_ESTIMATED ? "estimate" : state_names[p->state],
			  8);
		view_end_line(out);
	}
	clash_lines(out, m, batch);
}

int
view_meter_ports(struct buf *out, const struct view_meter *view, enum view_meter_form form)
{
	const struct hub *hub = meter_hub(view->meter);
	const struct traffic_batch *last = meter_last(view->meter);
	struct traffic_batch batch;
	struct arena *arena = arena_new();
	int result = arena ? 0 : -1;
	if (last)
		batch = *last;
	else if (result == 0)
		result = meter_now(view->meter, view->now, arena, &batch);
	if (result == 0) {
		if (form == VIEW_METER_JSON)
			ports_json(out, view->meter, &batch);
		else if (form == VIEW_METER_CSV)
			ports_csv(out, hub, &batch);
		else
			ports_text(out, view->meter, &batch);
	}
	arena_free(arena);
	return result;
}
