/* Traffic of ports, and which words ask for what. */
#include "view/view_meter.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_meter_parts.h"
#include "view/view_text.h"
#include "view/view_watch.h"

enum { MATRIX_TEXT_LIMIT = 40, UNKNOWN_MACS_SHOWN = 20 };

/* Who told a port's counters; NULL: nobody. */
static const char *const state_names[] = {
	[TRAFFIC_MISSING] = "missing",
	[TRAFFIC_COUNTER] = "counter",
	[TRAFFIC_ESTIMATED] = "estimated",
};

/* --- rates --- */

uint64_t
view_meter_bps(uint64_t octets, uint32_t seconds)
{
	return seconds ? (uint64_t)((double)octets * 8 / seconds + 0.5) : 0;
}

/* The bin that says what is going on now: the open one once it has lasted a fifth of its length,
 * the last one before that. Memory from `arena`. 0, or -1 without memory. */
static int
current_bin(struct traffic_batch *out, const struct view_meter *view, struct arena *arena)
{
	if (meter_now(view->meter, view->now, arena, out) < 0)
		return -1;
	const struct traffic_batch *last = meter_last(view->meter);
	if (last && out->covered_s < out->length_s / 5)
		*out = *last;
	return 0;
}

struct view_port_rate
view_meter_port_rate(const struct traffic_batch *batch, const struct traffic_port *port)
{
	struct view_port_rate rate = {.known = port->state != TRAFFIC_MISSING};
	/* Readings that cover half of the time say more than samples, and any say more than none. */
	bool sampled = port->samples_in || port->samples_out;
	if (port->counter_covered_s &&
	    (!sampled || port->counter_covered_s * 2 >= batch->covered_s)) {
		rate.in_bps = view_meter_bps(port->counter_in, port->counter_covered_s);
		rate.out_bps = view_meter_bps(port->counter_out, port->counter_covered_s);
	} else {
		rate.in_bps = view_meter_bps(port->flow_in, batch->covered_s);
		rate.out_bps = view_meter_bps(port->flow_out, batch->covered_s);
	}
	return rate;
}

/* The member that has a port, or NULL when it is not in the picture. */
static const struct hub_member *
member_of(const struct hub *hub, const char *port_id)
{
	uint32_t port = hub_port_by_id(hub, port_id);
	return port == HUB_NONE ? NULL : &hub->members[hub->ports[port].member];
}

static uint64_t
port_speed(const struct hub *hub, const char *port_id)
{
	uint32_t port = hub_port_by_id(hub, port_id);
	return port == HUB_NONE ? 0 : hub->ports[port].speed_bps;
}

static struct view_port_rate
total_rate(const struct traffic_batch *batch)
{
	struct view_port_rate total = {0};
	for (size_t i = 0; i < batch->port_count; i++) {
		struct view_port_rate rate = view_meter_port_rate(batch, &batch->ports[i]);
		total.in_bps += rate.in_bps;
		total.out_bps += rate.out_bps;
		total.known |= rate.known;
	}
	return total;
}

/* Octets between two ports, and all that were counted with a rate. */
static void
local_share(const struct traffic_batch *batch, uint64_t *local, uint64_t *all)
{
	*local = 0;
	for (size_t i = 0; i < batch->pair_count; i++)
		*local += batch->pairs[i].octets;
	*all = *local;
	for (size_t i = 0; i < batch->unattributed_count; i++)
		if (strcmp(batch->unattributed[i].cause, bin_cause_text(BIN_NO_RATE)) != 0 &&
		    !traffic_is_seen_twice(&batch->unattributed[i]))
			*all += batch->unattributed[i].octets;
}

/* --- JSON --- */

static void
rates_json(struct json *j, struct view_port_rate rate)
{
	if (rate.known) {
		json_u64(j, "in_bps", rate.in_bps);
		json_u64(j, "out_bps", rate.out_bps);
	} else {
		json_null(j, "in_bps");
		json_null(j, "out_bps");
	}
}

static void
utilisation_json(struct json *j, struct view_port_rate rate, uint64_t speed_bps)
{
	uint64_t larger = rate.in_bps > rate.out_bps ? rate.in_bps : rate.out_bps;
	if (rate.known && speed_bps)
		json_fixed(j, "utilisation", (double)larger / (double)speed_bps, 4);
	else
		json_null(j, "utilisation");
}

static void
ports_json(struct json *j, const struct hub *hub, const struct traffic_batch *batch)
{
	json_array(j, "ports");
	for (size_t i = 0; i < batch->port_count; i++) {
		const struct traffic_port *p = &batch->ports[i];
		const struct hub_member *member = member_of(hub, p->port);
		struct view_port_rate rate = view_meter_port_rate(batch, p);
		uint64_t speed = port_speed(hub, p->port);
		json_object(j, NULL);
		json_str(j, "port", p->port);
		if (member)
			json_u64(j, "asn", member->asn.number);
		else
			json_null(j, "asn");
		json_str(j, "member", member ? member->name : NULL);
		if (speed)
			json_u64(j, "speed_bps", speed);
		else
			json_null(j, "speed_bps");
		rates_json(j, rate);
		utilisation_json(j, rate, speed);
		json_str(j, "source", state_names[p->state]);
		json_str(j, "counters_by", view_meter_source_name(p->source));
		json_object_end(j);
	}
	json_array_end(j);
}

static void
unattributed_json(struct json *j, const struct view_meter *view, const struct traffic_batch *batch)
{
	json_array(j, "unattributed");
	for (size_t i = 0; i < batch->unattributed_count; i++) {
		json_object(j, NULL);
		json_str(j, "cause", batch->unattributed[i].cause);
		json_u64(j, "octets", batch->unattributed[i].octets);
		json_u64(j, "samples", batch->unattributed[i].samples);
		json_object_end(j);
	}
	json_array_end(j);
	struct meter_unknown_mac macs[UNKNOWN_MACS_SHOWN];
	size_t count = meter_unknown_macs(view->meter, macs, UNKNOWN_MACS_SHOWN);
	json_array(j, "unknown_macs");
	for (size_t i = 0; i < count; i++) {
		char text[MAC_TEXT];
		json_object(j, NULL);
		json_str(j, "mac", mac_format(text, macs[i].mac));
		json_str(j, "exporter", macs[i].exporter);
		if (macs[i].vlan)
			json_u64(j, "vlan", macs[i].vlan);
		else
			json_null(j, "vlan");
		if (macs[i].if_index)
			json_u64(j, "if_index", macs[i].if_index);
		else
			json_null(j, "if_index");
		json_u64(j, "octets_sent", macs[i].octets_sent);
		json_u64(j, "samples_sent", macs[i].samples_sent);
		json_u64(j, "octets_received", macs[i].octets_received);
		json_u64(j, "samples_received", macs[i].samples_received);
		json_utc(j, "first_seen", macs[i].first_seen);
		json_utc(j, "last_seen", macs[i].last_seen);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
bin_json(struct json *j, const char *key, const struct traffic_batch *batch)
{
	if (!batch) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	json_utc(j, "start", batch->start);
	json_u64(j, "covered_s", batch->covered_s);
	rates_json(j, total_rate(batch));
	json_object_end(j);
}

/* `open` is the open bin, `shown` the one whose ports are told. */
static void
traffic_json(struct buf *out, const struct view_meter *view, const struct traffic_batch *open,
	     const struct traffic_batch *shown)
{
	struct json j = json_to(out);
	uint64_t local, all;
	local_share(shown, &local, &all);
	json_object(&j, NULL);
	bin_json(&j, "now", open);
	bin_json(&j, "last", meter_last(view->meter));
	json_utc(&j, "ports_start", shown->start);
	ports_json(&j, meter_hub(view->meter), shown);
	unattributed_json(&j, view, shown);
	view_meter_exporters_json(&j, view);
	json_u64(&j, "kernel_drops", meter_totals(view->meter).kernel_drops);
	if (all)
		json_fixed(&j, "kept_local_share", (double)local / (double)all, 4);
	else
		json_null(&j, "kept_local_share");
	json_bool(&j, "simulated", meter_simulated(view->meter));
	json_object_end(&j);
	buf_str(out, "\n");
}

/* --- text and CSV --- */

static void
rate_cell(struct buf *out, uint64_t bps, bool known)
{
	char text[VIEW_RATE_TEXT];
	view_cell(out, known ? view_rate(text, bps) : "-", -13);
}

static void
traffic_text(struct buf *out, const struct view_meter *view, const struct traffic_batch *batch)
{
	const struct hub *hub = meter_hub(view->meter);
	char when[CLOCK_TEXT];
	struct view_port_rate total = total_rate(batch);
	buf_printf(out, "bin %s, %u of %u s%s\n", utc_format(when, batch->start), batch->covered_s,
		   batch->length_s, batch->simulated ? " (simulated)" : "");
	buf_str(out, "port          member                              in          out   use "
		     "source\n");
	for (size_t i = 0; i < batch->port_count; i++) {
		const struct traffic_port *p = &batch->ports[i];
		const struct hub_member *member = member_of(hub, p->port);
		struct view_port_rate rate = view_meter_port_rate(batch, p);
		uint64_t speed = port_speed(hub, p->port);
		uint64_t larger = rate.in_bps > rate.out_bps ? rate.in_bps : rate.out_bps;
		char use[16] = "-";
		if (rate.known && speed)
			(void)snprintf(use, sizeof(use), "%.0f%%",
				       100.0 * (double)larger / (double)speed);
		view_cell(out, p->port, 13);
		buf_str(out, " ");
		view_cell(out, member ? member->name : "(not in the hub file)", 22);
		rate_cell(out, rate.in_bps, rate.known);
		rate_cell(out, rate.out_bps, rate.known);
		view_cell(out, use, -6);
		buf_str(out, " ");
		view_cell(out, state_names[p->state], 9);
		view_end_line(out);
	}
	view_cell(out, "", 13);
	view_cell(out, " all ports", 23);
	rate_cell(out, total.in_bps, true);
	rate_cell(out, total.out_bps, true);
	view_end_line(out);
	for (size_t i = 0; i < batch->unattributed_count; i++)
		buf_printf(out, "not %s: %s\n    %llu octets, %llu samples\n",
			   traffic_is_seen_twice(&batch->unattributed[i]) ? "counted again"
									  : "attributed",
			   batch->unattributed[i].cause,
			   (unsigned long long)batch->unattributed[i].octets,
			   (unsigned long long)batch->unattributed[i].samples);
	struct meter_unknown_mac macs[UNKNOWN_MACS_SHOWN];
	size_t count = meter_unknown_macs(view->meter, macs, UNKNOWN_MACS_SHOWN);
	for (size_t i = 0; i < count; i++) {
		char text[MAC_TEXT];
		buf_printf(out, "unknown MAC %s at %s", mac_format(text, macs[i].mac),
			   macs[i].exporter);
		if (macs[i].vlan)
			buf_printf(out, " VLAN %u", macs[i].vlan);
		if (macs[i].if_index)
			buf_printf(out, " interface %u", macs[i].if_index);
		buf_printf(out, "\n    sent %llu octets, was sent %llu; last seen %s\n",
			   (unsigned long long)macs[i].octets_sent,
			   (unsigned long long)macs[i].octets_received,
			   utc_format(when, macs[i].last_seen));
	}
}

static void
traffic_csv(struct buf *out, const struct view_meter *view, const struct traffic_batch *batch)
{
	const struct hub *hub = meter_hub(view->meter);
	buf_str(out, "port,asn,member,speed_bps,in_bps,out_bps,source\r\n");
	for (size_t i = 0; i < batch->port_count; i++) {
		const struct traffic_port *p = &batch->ports[i];
		const struct hub_member *member = member_of(hub, p->port);
		struct view_port_rate rate = view_meter_port_rate(batch, p);
		view_csv_field(out, p->port);
		buf_printf(out, ",%u,", member ? member->asn.number : 0);
		view_csv_field(out, member ? member->name : "");
		buf_printf(out, ",%llu,", (unsigned long long)port_speed(hub, p->port));
		if (rate.known)
			buf_printf(out, "%llu,%llu", (unsigned long long)rate.in_bps,
				   (unsigned long long)rate.out_bps);
		else
			buf_str(out, ",");
		buf_printf(out, ",%s\r\n", state_names[p->state]);
	}
}

static int
show_traffic(struct buf *out, const struct view_meter *view, enum view_meter_form form)
{
	struct traffic_batch open, shown;
	struct arena *arena = arena_new();
	if (!arena || meter_now(view->meter, view->now, arena, &open) < 0 ||
	    current_bin(&shown, view, arena) < 0) {
		arena_free(arena);
		return -1;
	}
	if (form == VIEW_METER_JSON)
		traffic_json(out, view, &open, &shown);
	else if (form == VIEW_METER_CSV)
		traffic_csv(out, view, &shown);
	else
		traffic_text(out, view, &shown);
	arena_free(arena);
	return 0;
}

static int
show_exporters(struct buf *out, const struct view_meter *view, enum view_meter_form form)
{
	if (form == VIEW_METER_TEXT) {
		view_meter_exporters_text(out, view);
		return 0;
	}
	struct json j = json_to(out);
	json_object(&j, NULL);
	view_meter_exporters_json(&j, view);
	json_u64(&j, "kernel_drops", meter_totals(view->meter).kernel_drops);
	json_object_end(&j);
	buf_str(out, "\n");
	return 0;
}

static int
show_memory(struct buf *out, const struct view_meter *view, enum view_meter_form form)
{
	if (form == VIEW_METER_TEXT)
		view_meter_memory_text(out, view);
	else
		view_meter_memory_json(out, view);
	return 0;
}

static int
show_metrics(struct buf *out, const struct view_meter *view)
{
	struct traffic_batch current;
	struct arena *arena = arena_new();
	int result = arena ? current_bin(&current, view, arena) : -1;
	if (result == 0)
		view_meter_metrics(out, view, &current);
	if (result == 0)
		view_watch_metrics(out, meter_watch(view->meter));
	arena_free(arena);
	return result;
}

/* --- words --- */

static int
refuse(struct view_meter_refusal *refusal, int status, const char *text)
{
	refusal->status = status;
	(void)snprintf(refusal->text, sizeof(refusal->text), "%s", text);
	return -1;
}

/* "limit N" behind "show matrix". */
static bool
read_limit(size_t *out, const char *const *words, size_t count)
{
	if (count == 0)
		return true;
	if (count != 2 || strcmp(words[0], "limit") != 0)
		return false;
	char *end;
	unsigned long long limit = strtoull(words[1], &end, 10);
	if (*end || words[1][0] < '0' || words[1][0] > '9')
		return false;
	*out = (size_t)limit;
	return true;
}

int
view_meter_answer(struct buf *out, const struct view_meter *view, enum view_meter_form form,
		  const char *const *words, size_t count, struct view_meter_refusal *refusal)
{
	static const char usage[] =
		"expected one of: show traffic [by WHAT], show ports, show matrix [limit N], "
		"show exporters, show memory";
	static const char by_usage[] = "expected: show traffic by pair, as, next-as, member-as, "
				       "country, segment, service, local, "
				       "member, port, family or path [now] [limit N]";
	assert(view->meter);
	int result = 0;
	size_t limit = form == VIEW_METER_TEXT ? MATRIX_TEXT_LIMIT : SIZE_MAX;
	if (count < 2)
		return refuse(refusal, 400, usage);
	bool show = strcmp(words[0], "show") == 0;
	if (show && strcmp(words[1], "matrix") == 0) {
		if (!read_limit(&limit, words + 2, count - 2))
			return refuse(refusal, 400, "expected: show matrix [limit N]");
		result = view_meter_matrix(out, view, form, limit);
	} else if (show && count > 2 && strcmp(words[1], "traffic") == 0 &&
		   strcmp(words[2], "by") == 0) {
		result = view_meter_show_by(out, view, form, words + 3, count - 3);
		if (result == VIEW_METER_WORDS)
			return refuse(refusal, 400, by_usage);
	} else if (count > 2) {
		return refuse(refusal, 400, usage);
	} else if (strcmp(words[0], "metrics") == 0) {
		result = show_metrics(out, view);
	} else if (show && strcmp(words[1], "traffic") == 0) {
		result = show_traffic(out, view, form);
	} else if (show && strcmp(words[1], "ports") == 0) {
		result = view_meter_ports(out, view, form);
	} else if (show &&
		   (strcmp(words[1], "exporters") == 0 || strcmp(words[1], "memory") == 0)) {
		if (form == VIEW_METER_CSV)
			return refuse(refusal, 400,
				      "this has no CSV; it has text, and JSON with -j");
		result = words[1][0] == 'm' ? show_memory(out, view, form)
					    : show_exporters(out, view, form);
	} else {
		return refuse(refusal, 400, usage);
	}
	return result < 0 || out->failed ? refuse(refusal, 500, "out of memory") : 0;
}
