/* Flow records as CSV, JSON and text; how sending samples on goes. */
#include "view/view_watch_flows.h"

#include "base/json.h"
#include "view/view_text.h"

void
view_flows_begin(struct buf *out, enum view_form form)
{
	if (form == VIEW_JSON)
		buf_str(out, "{\"flows\":[");
	else if (form == VIEW_CSV)
		buf_str(out, "time,direction,port,other_asn,vlan,family,source,destination,"
			     "protocol,source_port,destination_port,tcp_flags,tos,sampling,octets,"
			     "packets\r\n");
	else
		buf_str(out, "time                 way  other      sampled       octets  from and "
			     "to, protocol and ports\n");
}

void
view_flows_end(struct buf *out, enum view_form form)
{
	if (form == VIEW_JSON)
		buf_str(out, "]}\n");
}

static void
as_json(struct buf *out, const struct flow_record *r, bool first)
{
	if (!first)
		buf_str(out, ",");
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_utc(&j, "time", r->at);
	json_str(&j, "direction", r->in ? "in" : "out");
	json_str(&j, "port", r->port);
	if (r->other.number)
		json_u64(&j, "other_asn", r->other.number);
	else
		json_null(&j, "other_asn");
	json_u64(&j, "vlan", r->vlan);
	json_u64(&j, "family", r->family);
	if (r->source.family != IP_NONE) {
		json_ip(&j, "source", r->source);
		json_ip(&j, "destination", r->destination);
	} else {
		json_null(&j, "source");
		json_null(&j, "destination");
	}
	json_u64(&j, "protocol", r->protocol);
	json_u64(&j, "source_port", r->source_port);
	json_u64(&j, "destination_port", r->destination_port);
	json_u64(&j, "tcp_flags", r->tcp_flags);
	json_u64(&j, "tos", r->tos);
	json_u64(&j, "sampling", r->rate);
	json_u64(&j, "octets", r->octets);
	json_u64(&j, "packets", r->packets);
	json_object_end(&j);
}

static void
as_csv(struct buf *out, const struct flow_record *r)
{
	char when[CLOCK_TEXT], source[IP_TEXT] = "", destination[IP_TEXT] = "";
	if (r->source.family != IP_NONE) {
		(void)ip_format(source, r->source);
		(void)ip_format(destination, r->destination);
	}
	buf_printf(out, "%s,%s,", utc_format(when, r->at), r->in ? "in" : "out");
	view_csv_field(out, r->port);
	buf_printf(out, ",%u,%u,%u,%s,%s,%u,%u,%u,%u,%u,%u,%llu,%llu\r\n", r->other.number, r->vlan,
		   r->family, source, destination, r->protocol, r->source_port, r->destination_port,
		   r->tcp_flags, r->tos, r->rate, (unsigned long long)r->octets,
		   (unsigned long long)r->packets);
}

/* "  UDP 53 > 40000", "  ICMP 3/1"; nothing of a protocol that is not known. */
static void
put_transport(struct buf *out, const struct flow_record *r)
{
	enum { ICMP = 1, TCP = 6, UDP = 17, ICMP6 = 58, SCTP = 132 };
	const char *name = r->protocol == TCP     ? "TCP"
			   : r->protocol == UDP   ? "UDP"
			   : r->protocol == SCTP  ? "SCTP"
			   : r->protocol == ICMP  ? "ICMP"
			   : r->protocol == ICMP6 ? "ICMPv6"
						  : NULL;
	bool icmp = r->protocol == ICMP || r->protocol == ICMP6;
	if (!r->protocol)
		return;
	if (name)
		buf_printf(out, "  %s", name);
	else
		buf_printf(out, "  protocol %u", r->protocol);
	if (icmp && r->source.family != IP_NONE)
		buf_printf(out, " %u/%u", r->destination_port >> 8, r->destination_port & 0xff);
	else if (r->source_port || r->destination_port)
		buf_printf(out, " %u > %u", r->source_port, r->destination_port);
}

static void
as_text(struct buf *out, const struct flow_record *r)
{
	char when[CLOCK_TEXT], source[IP_TEXT] = "-", destination[IP_TEXT] = "-";
	if (r->source.family != IP_NONE) {
		(void)ip_format(source, r->source);
		(void)ip_format(destination, r->destination);
	}
	buf_printf(out, "%s %-4s AS%-8u 1:%-8u %10llu  %s > %s", utc_format(when, r->at),
		   r->in ? "in" : "out", r->other.number, r->rate, (unsigned long long)r->octets,
		   source, destination);
	put_transport(out, r);
	buf_str(out, "\n");
}

bool
view_flows_record(struct buf *out, enum view_form form, const struct view_flows_wish *wish,
		  const struct flow_record *r, bool first)
{
	if (r->at.s < wish->from.s || r->at.s >= wish->to.s ||
	    (wish->other.number && wish->other.number != r->other.number))
		return false;
	if (form == VIEW_JSON)
		as_json(out, r, first);
	else if (form == VIEW_CSV)
		as_csv(out, r);
	else
		as_text(out, r);
	return true;
}

/* --- samples that are sent on --- */

static const char *
format_name(const struct forward_report *r)
{
	return r->what.format == HUB_SAMPLES_SFLOW ? "sflow" : "ipfix";
}

static void
samples_json(struct buf *out, const struct forward *forward)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_array(&j, "samples");
	for (size_t i = 0; i < forward_count(forward); i++) {
		struct forward_report r = forward_report(forward, i);
		json_object(&j, NULL);
		json_u64(&j, "asn", r.member.number);
		json_ip(&j, "to", r.what.to.ip);
		json_u64(&j, "port", r.what.to.port);
		json_str(&j, "format", format_name(&r));
		json_bool(&j, "addresses", r.what.addresses);
		json_u64(&j, "samples", r.samples);
		json_u64(&j, "limited", r.limited);
		json_u64(&j, "inexpressible", r.inexpressible);
		json_u64(&j, "datagrams", r.datagrams);
		json_u64(&j, "octets", r.octets);
		json_u64(&j, "lost", r.lost);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_u64(&j, "memory", forward_memory(forward));
	json_object_end(&j);
	buf_str(out, "\n");
}

void
view_samples(struct buf *out, enum view_form form, const struct forward *forward)
{
	char to[IP_TEXT];
	if (form == VIEW_JSON) {
		samples_json(out, forward);
		return;
	}
	if (!forward_count(forward))
		buf_str(out, "no member has its samples sent to it\n");
	for (size_t i = 0; i < forward_count(forward); i++) {
		struct forward_report r = forward_report(forward, i);
		buf_printf(out, "AS%u to %s port %u, %s, %s addresses\n", r.member.number,
			   ip_format(to, r.what.to.ip), r.what.to.port, format_name(&r),
			   r.what.addresses ? "with" : "without");
		buf_printf(out, "      %llu samples in %llu datagrams, %llu lost\n",
			   (unsigned long long)r.samples, (unsigned long long)r.datagrams,
			   (unsigned long long)r.lost);
		if (r.limited || r.inexpressible)
			buf_printf(out,
				   "      %llu kept back by rate_max, %llu that %s cannot say\n",
				   (unsigned long long)r.limited,
				   (unsigned long long)r.inexpressible, format_name(&r));
	}
}

void
view_samples_metrics(struct buf *out, const struct forward *forward, const struct flow_keep *keep)
{
	static const struct {
		const char *name, *text;
	} rows[] = {
		{"sarai_meter_sent_samples_total", "Samples sent on to the member."},
		{"sarai_meter_sent_lost_total", "Datagrams of them that could not be sent."},
		{"sarai_meter_sent_limited_total", "Samples kept back by rate_max."},
	};
	for (size_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		buf_printf(out, "# HELP %s %s\n# TYPE %s counter\n", rows[row].name, rows[row].text,
			   rows[row].name);
		for (size_t i = 0; i < forward_count(forward); i++) {
			struct forward_report r = forward_report(forward, i);
			const uint64_t values[] = {r.samples, r.lost, r.limited};
			buf_printf(out, "%s{asn=\"%u\"} %llu\n", rows[row].name, r.member.number,
				   (unsigned long long)values[row]);
		}
	}
	buf_printf(out,
		   "# HELP sarai_meter_kept_lost_total Flow records that could not be kept.\n"
		   "# TYPE sarai_meter_kept_lost_total counter\n"
		   "sarai_meter_kept_lost_total %llu\n",
		   (unsigned long long)flow_keep_lost(keep));
}
