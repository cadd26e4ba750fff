/* The exchange's numbers for Prometheus (text format 0.0.4). Labels are what stays the same over a restart:
 * session id and AS number. */
#include <stdio.h>

#include "view/view_exchange_parts.h"

struct row {
	const struct hub_session *config;
	const struct session *session;
	uint32_t asn, exported;
	unsigned slot;
};

/* One metric of a session. */
struct metric {
	const char *name, *type, *help;
	uint64_t (*value)(struct exchange *x, const struct row *row);
};

static uint64_t
is_up(struct exchange *x, const struct row *row)
{
	(void)x;
	return session_state(row->session) == SESSION_ESTABLISHED;
}

static uint64_t
count_routes(struct exchange *x, const struct row *row, bool refused)
{
	uint64_t sum = 0;
	static const enum ip_family families[] = {IP_V4, IP_V6};
	for (size_t i = 0; i < 2; i++) {
		uint32_t good, bad;
		rib_session_count(exchange_rib(x, families[i]), row->slot, &good, &bad);
		sum += refused ? bad : good;
	}
	return sum;
}

static uint64_t
accepted(struct exchange *x, const struct row *row)
{
	return count_routes(x, row, false);
}

static uint64_t
refused(struct exchange *x, const struct row *row)
{
	return count_routes(x, row, true);
}

static uint64_t
exported(struct exchange *x, const struct row *row)
{
	(void)x;
	return row->exported;
}

static uint64_t
updates_in(struct exchange *x, const struct row *row)
{
	(void)x;
	return session_counters(row->session)->updates_in;
}

static uint64_t
updates_out(struct exchange *x, const struct row *row)
{
	(void)x;
	return session_counters(row->session)->updates_out;
}

static uint64_t
treated_as_withdraw(struct exchange *x, const struct row *row)
{
	(void)x;
	return session_counters(row->session)->treated_as_withdraw;
}

static uint64_t
flaps(struct exchange *x, const struct row *row)
{
	(void)x;
	return session_counters(row->session)->flaps;
}

static uint64_t
catching_up(struct exchange *x, const struct row *row)
{
	static const enum ip_family families[] = {IP_V4, IP_V6};
	uint64_t behind = 0;
	for (size_t i = 0; i < 2; i++) {
		const struct rib *rib = exchange_rib(x, families[i]);
		behind += rib_session_is_open(rib, row->slot) && !rib_out_in_front(rib, row->slot);
	}
	return behind != 0;
}

static const struct metric metrics[] = {
	{"sarai_bgp_session_up", "gauge", "1 when the session is established", is_up},
	{"sarai_bgp_routes_accepted", "gauge", "Routes accepted from the session", accepted},
	{"sarai_bgp_routes_refused", "gauge", "Routes refused by policy, and kept", refused},
	{"sarai_bgp_routes_exported", "gauge", "Routes that the session is sent", exported},
	{"sarai_bgp_updates_received_total", "counter", "UPDATE messages received", updates_in},
	{"sarai_bgp_updates_sent_total", "counter", "UPDATE messages sent", updates_out},
	{"sarai_bgp_updates_treated_as_withdraw_total", "counter",
	 "Malformed UPDATEs treated as withdrawals (RFC 7606)", treated_as_withdraw},
	{"sarai_bgp_session_flaps_total", "counter", "Established sessions that were lost", flaps},
	{"sarai_bgp_session_catching_up", "gauge",
	 "1 while the session is too slow for the log, or new", catching_up},
};

static void
head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Backslash, quote and newline are escaped in label values. */
static void
label(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			buf_u8(out, '\\');
		if (*text == '\n')
			buf_str(out, "\\n");
		else
			buf_u8(out, (uint8_t)*text);
	}
}

static void
session_metric(struct buf *out, struct exchange *x, const struct metric *metric)
{
	const struct hub *hub = exchange_hub(x);
	const uint32_t *counts = exchange_exported(x);
	head(out, metric->name, metric->type, metric->help);
	for (uint32_t i = 0; i < hub->session_count; i++) {
		int slot = exchange_slot_of(x, i);
		if (slot < 0)
			continue;
		struct row row = {
			.config = &hub->sessions[i],
			.session = exchange_session(x, (unsigned)slot),
			.asn = hub->members[hub->sessions[i].member].asn.number,
			.exported = counts[slot],
			.slot = (unsigned)slot,
		};
		buf_printf(out, "%s{session=\"", metric->name);
		label(out, row.config->id);
		buf_printf(out, "\",asn=\"%u\"} %llu\n", row.asn,
			   (unsigned long long)metric->value(x, &row));
	}
}

static void
table_metrics(struct buf *out, struct exchange *x)
{
	struct rib_totals v4, v6;
	rib_total(exchange_rib(x, IP_V4), &v4);
	rib_total(exchange_rib(x, IP_V6), &v6);
	const struct {
		const char *name, *type, *help;
		uint64_t v4, v6;
	} rows[] = {
		{"sarai_rib_prefixes", "gauge", "Prefixes in the table", v4.prefixes, v6.prefixes},
		{"sarai_rib_paths", "gauge", "Paths in the table, refused ones too", v4.paths,
		 v6.paths},
		{"sarai_rib_attribute_sets", "gauge", "Different sets of path attributes",
		 v4.attribute_sets, v6.attribute_sets},
		{"sarai_rib_receiver_sets", "gauge", "Different sets of receivers",
		 v4.receiver_sets, v6.receiver_sets},
		{"sarai_rib_sessions_in_front", "gauge", "Sessions that read the shared log",
		 v4.in_front, v6.in_front},
		{"sarai_rib_log_octets", "gauge", "Octets of the log not read by all",
		 v4.log_octets, v6.log_octets},
		{"sarai_rib_log_messages_total", "counter", "UPDATEs encoded into the log",
		 v4.messages_ever, v6.messages_ever},
		{"sarai_rib_memory_octets", "gauge", "Memory of the table, about", v4.memory,
		 v6.memory},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		head(out, rows[i].name, rows[i].type, rows[i].help);
		buf_printf(out, "%s{family=\"ipv4\"} %llu\n", rows[i].name,
			   (unsigned long long)rows[i].v4);
		buf_printf(out, "%s{family=\"ipv6\"} %llu\n", rows[i].name,
			   (unsigned long long)rows[i].v6);
	}
}

void
view_exchange_metrics(struct buf *out, struct exchange *x)
{
	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++)
		session_metric(out, x, &metrics[i]);
	table_metrics(out, x);
}
