/* Numbers for Prometheus of what goes on beside routes: what waits to be sent, what is stale, who is held down; BFD,
 * stations, MRT files and caches. Names and units by the conventions of Prometheus: seconds, bytes, `_total` for counters.
 */
#include <inttypes.h>

#include "exchange/exchange_sights.h"
#include "exchange/rpki_io.h"
#include "view/view_exchange_parts.h"

enum { REPORTS_MAX = 3 * 64 };

void
view_metric_head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void
view_metric_label(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, "%s=\"", name);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			buf_u8(out, '\\');
		if (*value == '\n')
			buf_str(out, "\\n");
		else
			buf_u8(out, (uint8_t)*value);
	}
	buf_u8(out, '"');
}

void
view_metric_peer(struct buf *out, const struct exchange *x, const char *name, uint32_t session)
{
	const struct hub *hub = exchange_hub(x);
	const struct hub_member *member = &hub->members[hub->sessions[session].member];
	buf_printf(out, "%s{asn=\"%" PRIu32 "\",", name, member->asn.number);
	view_metric_label(out, "member", member->name);
	buf_str(out, ",");
	view_metric_label(out, "session", hub->sessions[session].id);
}

/* --- sessions --- */

static uint64_t
is_held(const struct exchange *x, unsigned slot)
{
	return exchange_peer_is_held(x, slot);
}

static uint64_t
stale(const struct exchange *x, unsigned slot)
{
	return exchange_kept_of(x, slot).routes;
}

static uint64_t
unsent_octets(const struct exchange *x, unsigned slot)
{
	return exchange_unsent_of(x, slot).octets;
}

static uint64_t
unsent_prefixes(const struct exchange *x, unsigned slot)
{
	return exchange_unsent_of(x, slot).prefixes;
}

static uint64_t
stuck_s(const struct exchange *x, unsigned slot)
{
	struct mono_us since = exchange_unsent_of(x, slot).stuck_at;
	int64_t s = since.us ? exchange_now(x).s - exchange_utc(x, since).s : 0;
	return s > 0 ? (uint64_t)s : 0;
}

static const struct {
	const char *name, *help;
	uint64_t (*value)(const struct exchange *x, unsigned slot);
} of_sessions[] = {
	{"sarai_bgp_peer_held_down", "1 when the operator has taken the session down.", is_held},
	{"sarai_bgp_peer_stale_routes", "Routes kept though the session was lost.", stale},
	{"sarai_bgp_peer_unsent_bytes", "Octets of UPDATEs that wait to be sent, at most.",
	 unsent_octets},
	{"sarai_bgp_peer_unsent_prefixes",
	 "Prefixes that the session has still to catch up with, at most.", unsent_prefixes},
	{"sarai_bgp_peer_stuck_seconds", "How long its socket has taken nothing; 0: it takes.",
	 stuck_s},
};

static void
session_metrics(struct buf *out, const struct exchange *x)
{
	const struct hub *hub = exchange_hub(x);
	for (size_t m = 0; m < sizeof(of_sessions) / sizeof(of_sessions[0]); m++) {
		view_metric_head(out, of_sessions[m].name, "gauge", of_sessions[m].help);
		for (uint32_t i = 0; i < hub->session_count; i++) {
			int slot = exchange_slot_of(x, i);
			if (slot < 0)
				continue;
			view_metric_peer(out, x, of_sessions[m].name, i);
			buf_printf(out, "} %" PRIu64 "\n", of_sessions[m].value(x, (unsigned)slot));
		}
	}
}

/* --- BFD --- */

static uint64_t
bfd_is_up(const struct bfd *b)
{
	return b->state == BFD_UP;
}

static uint64_t
bfd_downs(const struct bfd *b)
{
	return b->downs;
}

static const struct {
	const char *name, *type, *help;
	uint64_t (*value)(const struct bfd *b);
} of_bfd[] = {
	{"sarai_bfd_session_up", "gauge", "1 when BFD sees the member.", bfd_is_up},
	{"sarai_bfd_session_downs_total", "counter", "How often BFD lost sight of the member.",
	 bfd_downs},
};

static void
bfd_metrics(struct buf *out, const struct exchange *x)
{
	const struct hub *hub = exchange_hub(x);
	const uint64_t *faults = exchange_bfd_faults(x);
	for (size_t m = 0; m < sizeof(of_bfd) / sizeof(of_bfd[0]); m++) {
		view_metric_head(out, of_bfd[m].name, of_bfd[m].type, of_bfd[m].help);
		for (uint32_t i = 0; i < hub->session_count; i++) {
			int slot = exchange_slot_of(x, i);
			const struct bfd *b = slot < 0 ? NULL : exchange_bfd(x, (unsigned)slot);
			if (!b)
				continue;
			view_metric_peer(out, x, of_bfd[m].name, i);
			buf_printf(out, "} %" PRIu64 "\n", of_bfd[m].value(b));
		}
	}
	view_metric_head(out, "sarai_bfd_dropped_packets_total", "counter",
			 "BFD packets dropped, by why.");
	for (unsigned fault = 0; fault < BFD_FAULTS; fault++)
		if (view_bfd_fault(fault))
			buf_printf(out,
				   "sarai_bfd_dropped_packets_total{cause=\"%s\"} %" PRIu64 "\n",
				   view_bfd_fault(fault), faults ? faults[fault] : 0);
}

/* --- stations --- */

static uint64_t
station_up(const struct exchange_station *s)
{
	return s->state == STATION_IS_UP;
}

static uint64_t
station_octets(const struct exchange_station *s)
{
	return s->octets;
}

static uint64_t
station_failures(const struct exchange_station *s)
{
	return s->failures;
}

static uint64_t
station_overruns(const struct exchange_station *s)
{
	return s->overruns;
}

static const struct {
	const char *name, *type, *help;
	uint64_t (*value)(const struct exchange_station *s);
} of_stations[] = {
	{"sarai_bmp_station_up", "gauge", "1 when the BMP station is connected.", station_up},
	{"sarai_bmp_station_sent_bytes_total", "counter", "Octets that the station took.",
	 station_octets},
	{"sarai_bmp_station_failures_total", "counter",
	 "Connections to the station that failed or were lost.", station_failures},
	{"sarai_bmp_station_overruns_total", "counter",
	 "Connections ended because the station was too slow.", station_overruns},
};

static void
station_metrics(struct buf *out, const struct exchange *x)
{
	struct exchange_station all[VIEW_STATIONS_MAX];
	size_t count = exchange_stations(x, all, VIEW_STATIONS_MAX);
	for (size_t m = 0; count && m < sizeof(of_stations) / sizeof(of_stations[0]); m++) {
		view_metric_head(out, of_stations[m].name, of_stations[m].type,
				 of_stations[m].help);
		for (size_t i = 0; i < count; i++) {
			buf_printf(out, "%s{", of_stations[m].name);
			view_metric_label(out, "station", all[i].name);
			buf_printf(out, "} %" PRIu64 "\n", of_stations[m].value(&all[i]));
		}
	}
}

/* --- MRT files --- */

static uint64_t
dump_at(const struct exchange_dump *d)
{
	return (uint64_t)d->last_at.s;
}

static uint64_t
dump_octets(const struct exchange_dump *d)
{
	return d->last_octets;
}

static uint64_t
dump_files(const struct exchange_dump *d)
{
	return d->files;
}

static uint64_t
dump_failures(const struct exchange_dump *d)
{
	return d->failures;
}

static uint64_t
dump_lost(const struct exchange_dump *d)
{
	return d->lost;
}

static const struct {
	const char *name, *type, *help;
	uint64_t (*value)(const struct exchange_dump *d);
} of_dumps[] = {
	{"sarai_mrt_last_file_timestamp_seconds", "gauge",
	 "When the newest MRT file was whole; 0: none since the start.", dump_at},
	{"sarai_mrt_last_file_bytes", "gauge", "Size of the newest MRT file.", dump_octets},
	{"sarai_mrt_files_total", "counter", "MRT files written.", dump_files},
	{"sarai_mrt_failures_total", "counter", "MRT files that could not be written.",
	 dump_failures},
	{"sarai_mrt_lost_records_total", "counter", "Records lost because the disk was too slow.",
	 dump_lost},
};

static void
dump_metrics(struct buf *out, const struct exchange *x)
{
	struct exchange_dumps d;
	exchange_dumps(x, &d);
	for (size_t m = 0; d.directory && m < sizeof(of_dumps) / sizeof(of_dumps[0]); m++) {
		view_metric_head(out, of_dumps[m].name, of_dumps[m].type, of_dumps[m].help);
		buf_printf(out,
			   "%s{kind=\"table\"} %" PRIu64 "\n%s{kind=\"updates\"} %" PRIu64 "\n",
			   of_dumps[m].name, of_dumps[m].value(&d.table), of_dumps[m].name,
			   of_dumps[m].value(&d.updates));
	}
}

/* --- caches of the RPKI --- */

static uint64_t
cache_up(const struct exchange *x, const struct rpki_report *report)
{
	(void)x;
	return report->data.alive;
}

static uint64_t
cache_in_use(const struct exchange *x, const struct rpki_report *report)
{
	(void)x;
	return report->data.in_use;
}

static uint64_t
cache_updated(const struct exchange *x, const struct rpki_report *report)
{
	struct mono_us at = report->rtr.updated;
	return at.us ? (uint64_t)exchange_utc(x, at).s : 0;
}

static const struct {
	const char *name, *help;
	uint64_t (*value)(const struct exchange *x, const struct rpki_report *report);
} of_caches[] = {
	{"sarai_rpki_cache_up", "1 when the cache is connected and its data is current.", cache_up},
	{"sarai_rpki_cache_in_use", "1 when routes are judged by what the cache says.",
	 cache_in_use},
	{"sarai_rpki_cache_updated_timestamp_seconds", "When the cache last said all; 0: never.",
	 cache_updated},
};

static void
cache_metrics(struct buf *out, const struct exchange *x)
{
	struct rpki_report reports[REPORTS_MAX];
	size_t count = exchange_rpki_reports(x, reports, REPORTS_MAX);
	bool any = false;
	for (size_t i = 0; i < count; i++)
		any |= reports[i].kind == RPKI_REPORT_CACHE;
	for (size_t m = 0; any && m < sizeof(of_caches) / sizeof(of_caches[0]); m++) {
		view_metric_head(out, of_caches[m].name, "gauge", of_caches[m].help);
		for (size_t i = 0; i < count; i++) {
			if (reports[i].kind != RPKI_REPORT_CACHE)
				continue;
			buf_printf(out, "%s{", of_caches[m].name);
			view_metric_label(out, "cache", reports[i].name);
			buf_printf(out, "} %" PRIu64 "\n", of_caches[m].value(x, &reports[i]));
		}
	}
}

/* --- steering --- */

static uint64_t
routes_moved_to(const struct exchange *x, unsigned slot)
{
	return exchange_steer_moves_of(x, slot).to;
}

static uint64_t
routes_moved_from(const struct exchange *x, unsigned slot)
{
	return exchange_steer_moves_of(x, slot).from;
}

static void
exit_metric(struct buf *out, const struct exchange *x, const char *name, const char *help,
	    uint64_t (*value)(const struct exchange *x, unsigned slot))
{
	const struct hub *hub = exchange_hub(x);
	view_metric_head(out, name, "counter", help);
	for (uint32_t i = 0; i < hub->session_count; i++) {
		int slot = exchange_slot_of(x, i);
		if (slot < 0 || hub->sessions[i].transit == HUB_AS_NONE)
			continue;
		view_metric_peer(out, x, name, i);
		buf_printf(out, "} %" PRIu64 "\n", value(x, (unsigned)slot));
	}
}

/* Only where there was a plan: who does not steer is not to be told that nothing steers. */
static void
steer_metrics(struct buf *out, const struct exchange *x)
{
	struct exchange_steering s = exchange_steering_of(x);
	const struct exchange_steer_change *c = exchange_steer_change_at(x, 0);
	if (!s.plan)
		return;
	view_metric_head(out, "sarai_steer_by_plan", "gauge",
			 "1 when routes go by the corridor's plan, 0 by plain BGP.");
	buf_printf(out, "sarai_steer_by_plan %d\n",
		   s.state == EXCHANGE_STEER_BY_PLAN || s.state == EXCHANGE_STEER_HELD);
	view_metric_head(out, "sarai_steer_good_until_seconds", "gauge",
			 "Until when the newest plan is good, in seconds of UTC.");
	buf_printf(out, "sarai_steer_good_until_seconds %" PRId64 "\n", s.plan->good_until.s);
	view_metric_head(out, "sarai_steer_changes_total", "counter",
			 "Changes of the order of exits.");
	buf_printf(out, "sarai_steer_changes_total %" PRIu64 "\n", s.changes);
	if (c && c->last_us >= 0) {
		view_metric_head(out, "sarai_steer_last_update_seconds", "gauge",
				 "From the newest change to its last UPDATE.");
		buf_printf(out, "sarai_steer_last_update_seconds %.6f\n", (double)c->last_us / 1e6);
	}
	exit_metric(out, x, "sarai_steer_routes_to_total", "Routes that plans moved to the exit.",
		    routes_moved_to);
	exit_metric(out, x, "sarai_steer_routes_from_total",
		    "Routes that plans moved from the exit.", routes_moved_from);
}

void
view_sight_metrics(struct buf *out, const struct exchange *x)
{
	session_metrics(out, x);
	bfd_metrics(out, x);
	station_metrics(out, x);
	dump_metrics(out, x);
	cache_metrics(out, x);
	steer_metrics(out, x);
}
