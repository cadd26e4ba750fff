/* Exporters: what they sent, what was lost, what was refused and why; and numbers for Prometheus. */
#include <stdio.h>
#include <string.h>

#include "meter/counter_push.h"
#include "view/view_meter_parts.h"
#include "view/view_text.h"

static const struct {
	unsigned bit;
	const char *name;
} protocols[] = {
	{EXPORTER_SFLOW, "sflow"},
	{EXPORTER_NETFLOW5, "netflow5"},
	{EXPORTER_NETFLOW9, "netflow9"},
	{EXPORTER_IPFIX, "ipfix"},
};
enum { PROTOCOLS = sizeof(protocols) / sizeof(protocols[0]) };

static void
exporter_json(struct json *j, const struct meter *m, size_t index)
{
	struct meter_exporter one = meter_exporter(m, index), *e = &one;
	char address[IP_TEXT];
	json_object(j, NULL);
	json_str(j, "exporter", e->id ? e->id : ip_format(address, e->address));
	json_ip(j, "address", e->address);
	json_bool(j, "known", e->id != NULL);
	json_array(j, "protocols");
	for (int i = 0; i < PROTOCOLS; i++)
		if (e->protocols & protocols[i].bit)
			json_str(j, NULL, protocols[i].name);
	json_array_end(j);
	json_u64(j, "datagrams", e->datagrams);
	json_u64(j, "records", e->records);
	json_u64(j, "samples", e->samples);
	json_u64(j, "lost_records", e->lost_records);
	json_u64(j, "lost_datagrams", e->lost_datagrams);
	json_u64(j, "restarts", e->restarts);
	json_u64(j, "repeated_datagrams", e->repeated);
	json_u64(j, "skipped_samples", e->skipped);
	json_u64(j, "refused_datagrams", e->refused_datagrams);
	json_array(j, "refused");
	for (int i = 0; i < FLOW_REFUSALS; i++) {
		if (!e->refused[i])
			continue;
		json_object(j, NULL);
		json_str(j, "cause", flow_refusal_text((enum flow_refusal)i));
		json_u64(j, "count", e->refused[i]);
		json_object_end(j);
	}
	json_array_end(j);
	json_object(j, "counters");
	for (int i = 0; i < COUNTER_RESULTS; i++)
		json_u64(j, counter_result_word((enum counter_result)i), e->counters[i]);
	json_object_end(j);
	json_u64(j, "templates", e->templates);
	json_u64(j, "domain_count", e->domains);
	json_u64(j, "held_sets", e->held_sets);
	json_u64(j, "dropped_sets", e->dropped_sets);
	view_meter_sources_json(j, m, index);
	json_utc(j, "last_heard", e->last_heard);
	json_object_end(j);
}

void
view_meter_exporters_json(struct json *j, const struct view_meter *view)
{
	json_array(j, "exporters");
	for (size_t i = 0; i < meter_exporter_count(view->meter); i++)
		exporter_json(j, view->meter, i);
	json_array_end(j);
}

static void
number_cell(struct buf *out, uint64_t number, int width)
{
	char text[24];
	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	view_cell(out, text, width);
}

/* Readings of counters whose difference tells nothing. */
static void
gaps_text(struct buf *out, const struct meter_exporter *e)
{
	static const char *const gaps[COUNTER_RESULTS] = {
		[COUNTER_RESET] = "began anew or went back",
		[COUNTER_JUMP] = "more than the line carries",
		[COUNTER_TOO_LATE] = "the reading before is too long ago",
		[COUNTER_TOO_NARROW] = "32 bits that may have wrapped more than once",
	};
	for (int i = 0; i < COUNTER_RESULTS; i++)
		if (gaps[i] && e->counters[i])
			buf_printf(out, "    gap in counters: %s: %llu\n", gaps[i],
				   (unsigned long long)e->counters[i]);
}

void
view_meter_exporters_text(struct buf *out, const struct view_meter *view)
{
	view_cell(out, "exporter", 18);
	view_cell(out, "last heard", 20);
	view_cell(out, "datagrams", -11);
	view_cell(out, "records", -12);
	view_cell(out, "lost", -11);
	view_cell(out, "refused", -8);
	view_end_line(out);
	for (size_t i = 0; i < meter_exporter_count(view->meter); i++) {
		struct meter_exporter e = meter_exporter(view->meter, i);
		char address[IP_TEXT], when[CLOCK_TEXT];
		view_cell(out, e.id ? e.id : ip_format(address, e.address), 17);
		buf_str(out, " ");
		view_cell(out, e.last_heard.s ? utc_format(when, e.last_heard) : "never", 20);
		number_cell(out, e.datagrams, -11);
		number_cell(out, e.records, -12);
		number_cell(out, e.lost_records, -11);
		number_cell(out, e.refused_datagrams, -8);
		view_end_line(out);
		for (int cause = 0; cause < FLOW_REFUSALS; cause++)
			if (e.refused[cause])
				buf_printf(out, "    %s: %llu\n",
					   flow_refusal_text((enum flow_refusal)cause),
					   (unsigned long long)e.refused[cause]);
		gaps_text(out, &e);
		view_meter_sources_text(out, view->meter, i);
	}
	buf_printf(out, "sums take %zu KiB\n", meter_totals(view->meter).memory / 1024);
	buf_printf(out, "dropped by the kernel: %llu datagrams; its buffers hold %d KiB\n",
		   (unsigned long long)meter_totals(view->meter).kernel_drops, view->buffer / 1024);
	if (view->waiting)
		buf_printf(out, "%zu closed bins wait for the disk\n", view->waiting);
	if (view->forgotten)
		buf_printf(out, "%llu closed bins are lost: the disk was full for too long\n",
			   (unsigned long long)view->forgotten);
	if (view->trouble)
		buf_printf(out, "what is counted cannot be kept on the disk: %s\n", view->trouble);
}

/* --- Prometheus --- */

static void
help(struct buf *out, const char *name, const char *type, const char *text)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, text, name, type);
}

/* A label's value: backslash, quote and newline are escaped. */
static void
label(struct buf *out, const char *key, const char *value)
{
	buf_printf(out, "%s=\"", key);
	for (; *value; value++) {
		if (*value == '\n') {
			buf_str(out, "\\n");
			continue;
		}
		if (*value == '\\' || *value == '"')
			buf_str(out, "\\");
		buf_put(out, value, 1);
	}
	buf_str(out, "\"");
}

static void
exporter_sample(struct buf *out, const char *name, const struct meter_exporter *e, uint64_t value)
{
	char address[IP_TEXT];
	buf_printf(out, "%s{", name);
	label(out, "exporter", e->id ? e->id : ip_format(address, e->address));
	buf_printf(out, "} %llu\n", (unsigned long long)value);
}

static void
exporter_metrics(struct buf *out, const struct view_meter *view)
{
	static const struct {
		const char *name, *text;
		size_t at; /* of a uint64_t in struct meter_exporter */
	} rows[] = {
		{"sarai_meter_datagrams_total", "Datagrams received.",
		 offsetof(struct meter_exporter, datagrams)},
		{"sarai_meter_records_total", "Samples and data records received.",
		 offsetof(struct meter_exporter, records)},
		{"sarai_meter_flows_total", "Flow samples and flow records looked at.",
		 offsetof(struct meter_exporter, samples)},
		{"sarai_meter_lost_records_total", "Records lost on the way, by sequence numbers.",
		 offsetof(struct meter_exporter, lost_records)},
		{"sarai_meter_repeated_datagrams_total", "Datagrams that came again.",
		 offsetof(struct meter_exporter, repeated)},
		{"sarai_meter_refused_datagrams_total", "Datagrams that made no sense, in part.",
		 offsetof(struct meter_exporter, refused_datagrams)},
	};
	for (size_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		help(out, rows[row].name, "counter", rows[row].text);
		for (size_t i = 0; i < meter_exporter_count(view->meter); i++) {
			struct meter_exporter e = meter_exporter(view->meter, i);
			uint64_t value;
			memcpy(&value, (const char *)&e + rows[row].at, sizeof(value));
			exporter_sample(out, rows[row].name, &e, value);
		}
	}
}

static void
port_metrics(struct buf *out, const struct traffic_batch *batch)
{
	help(out, "sarai_meter_port_bits_per_second", "gauge",
	     "Rate of a port, as the hub sees it.");
	for (size_t i = 0; i < batch->port_count; i++) {
		const struct traffic_port *p = &batch->ports[i];
		struct view_port_rate rate = view_meter_port_rate(batch, p);
		for (int out_bound = 0; rate.known && out_bound < 2; out_bound++) {
			buf_str(out, "sarai_meter_port_bits_per_second{");
			label(out, "port", p->port);
			buf_printf(out, ",direction=\"%s\"} %llu\n", out_bound ? "out" : "in",
				   (unsigned long long)(out_bound ? rate.out_bps : rate.in_bps));
		}
	}
}

static void
single(struct buf *out, const char *name, const char *type, const char *text, uint64_t value)
{
	help(out, name, type, text);
	buf_printf(out, "%s %llu\n", name, (unsigned long long)value);
}

void
view_meter_metrics(struct buf *out, const struct view_meter *view,
		   const struct traffic_batch *current)
{
	struct meter_totals totals = meter_totals(view->meter);
	exporter_metrics(out, view);
	port_metrics(out, current);
	single(out, "sarai_meter_attributed_octets_total", "counter",
	       "Octets whose both ends are ports, scaled.", totals.octets);
	help(out, "sarai_meter_unattributed_samples_total", "counter",
	     "Samples that lack an end, a rate or sense.");
	for (int i = 0; i < BIN_CAUSES; i++) {
		buf_str(out, "sarai_meter_unattributed_samples_total{");
		label(out, "cause", bin_cause_text((enum bin_cause)i));
		buf_printf(out, "} %llu\n", (unsigned long long)totals.unattributed[i]);
	}
	single(out, "sarai_meter_kernel_drops_total", "counter",
	       "Datagrams that the kernel had no room for.", totals.kernel_drops);
	single(out, "sarai_meter_bins_total", "counter", "Batches handed on.", totals.batches);
	single(out, "sarai_meter_bins_waiting", "gauge", "Closed bins that wait for the disk.",
	       view->waiting);
	single(out, "sarai_meter_bins_forgotten_total", "counter",
	       "Closed bins that waited too long for the disk.", view->forgotten);
	single(out, "sarai_meter_state_kept", "gauge",
	       "Whether what is counted is kept on the disk for a meter that has to begin anew.",
	       view->trouble == NULL);
	single(out, "sarai_meter_memory_octets", "gauge", "Memory held by the sums.",
	       totals.memory);
	single(out, "sarai_meter_counters_memory_octets", "gauge",
	       "Memory held by counters of ports.", totals.counter_memory);
	single(out, "sarai_meter_attribution_memory_octets", "gauge",
	       "Memory held by MAC addresses, interfaces and numbers of networks.",
	       totals.attribution_memory);
	view_meter_memory_metrics(out, view);
	single(out, "sarai_meter_route_ranges", "gauge", "Ranges of the routes' snapshot.",
	       totals.route_ranges);
}
