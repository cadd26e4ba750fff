/* What goes on beside BGP: BFD, the stations that hear BMP, the MRT files. */
#include "exchange/exchange_sights.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "exchange/rpki_io.h"
#include "view/view_exchange_parts.h"
#include "view/view_text.h"

/* --- BFD --- */

/* By enum bfd_fault: in words, and what is to be looked at. */
static const struct {
	const char *name, *text;
} faults[BFD_FAULTS] = {
	[BFD_FAULT_VERSION] = {"version", "of another version of BFD"},
	[BFD_FAULT_LENGTH] = {"length", "with a wrong length"},
	[BFD_FAULT_MULTIPLIER] = {"multiplier", "with a detection multiplier of 0"},
	[BFD_FAULT_MULTIPOINT] = {"multipoint", "for several receivers"},
	[BFD_FAULT_DISCRIMINATOR] = {"discriminator", "without a discriminator of the sender's"},
	[BFD_FAULT_STATE] = {"state", "said to be up without knowing us"},
	[BFD_FAULT_AUTHENTICATED] = {"authenticated", "with authentication, which we do not use"},
	[BFD_FAULT_DISTANCE] = {"distance", "from more than one hop away (TTL below 255)"},
	[BFD_FAULT_UNKNOWN] = {"unknown", "from nobody who is expected"},
};

const char *
view_bfd_fault(unsigned fault)
{
	return fault < BFD_FAULTS ? faults[fault].name : NULL;
}

/* Milliseconds, exact to a tenth where that matters. */
static void
interval_json(struct json *j, const char *key, uint64_t us)
{
	if (us)
		json_fixed(j, key, (double)us / 1000, 1);
	else
		json_null(j, key);
}

static void
bfd_session_json(struct json *j, const struct exchange *x, uint32_t index, const struct bfd *b)
{
	const struct hub *hub = exchange_hub(x);
	const struct hub_session *session = &hub->sessions[index];
	const struct hub_member *member = &hub->members[session->member];
	json_object(j, NULL);
	json_u64(j, "asn", member->asn.number);
	json_str(j, "name", member->name);
	json_str(j, "session", session->id);
	json_ip(j, "address", session->address);
	json_str(j, "state", b ? bfd_state_name(b->state) : NULL);
	if (b) {
		json_utc(j, "since", exchange_utc(x, b->since));
		json_str(j, "diagnostic",
			 b->diagnostic ? bfd_diagnostic_text(b->diagnostic) : NULL);
		json_str(j, "remote_state", b->packets_in ? bfd_state_name(b->remote_state) : NULL);
		interval_json(j, "detection_ms", bfd_detection_us(b));
		interval_json(j, "interval_ms", bfd_interval_us(b));
		json_u64(j, "packets_in", b->packets_in);
		json_u64(j, "packets_out", b->packets_out);
		json_u64(j, "downs", b->downs);
	}
	json_object_end(j);
}

static void
bfd_json(struct buf *out, const struct exchange *x)
{
	const struct hub *hub = exchange_hub(x);
	const uint64_t *counts = exchange_bfd_faults(x);
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_array(&j, "sessions");
	for (uint32_t i = 0; i < hub->session_count; i++) {
		int slot = exchange_slot_of(x, i);
		if (hub->sessions[i].bfd)
			bfd_session_json(&j, x, i,
					 slot < 0 ? NULL : exchange_bfd(x, (unsigned)slot));
	}
	json_array_end(&j);
	json_object(&j, "dropped");
	for (unsigned fault = 0; fault < BFD_FAULTS; fault++)
		if (faults[fault].name)
			json_u64(&j, faults[fault].name, counts ? counts[fault] : 0);
	json_object_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
bfd_session_text(struct buf *out, const struct exchange *x, uint32_t index, const struct bfd *b)
{
	const struct hub *hub = exchange_hub(x);
	const struct hub_session *session = &hub->sessions[index];
	char age[VIEW_AGE_TEXT], detect[32] = "", downs[16] = "";
	if (b && bfd_detection_us(b))
		(void)snprintf(detect, sizeof(detect), "%" PRIu64 " ms",
			       bfd_detection_us(b) / 1000);
	if (b)
		(void)snprintf(downs, sizeof(downs), "%" PRIu32, b->downs);
	buf_str(out, b && b->state != BFD_UP ? "! " : "  ");
	view_cell(out, session->id, 14);
	view_cell(out, hub->members[session->member].name, 24);
	buf_str(out, " ");
	view_cell(out, b ? bfd_state_name(b->state) : "not watched", 12);
	view_cell(out, b ? view_age(age, exchange_now(x).s - exchange_utc(x, b->since).s) : "", -9);
	view_cell(out, detect, -10);
	view_cell(out, downs, -7);
	view_end_line(out);
	struct buf words = {0};
	if (!b)
		buf_str(&words, "begins when the BGP session has come up");
	else if (b->state != BFD_UP && !b->packets_in)
		buf_str(&words, "nothing was heard: see whether the member has BFD for our "
				"address, and whether UDP port 3784 passes");
	else if (b->state != BFD_UP && b->diagnostic)
		buf_str(&words, bfd_diagnostic_text(b->diagnostic));
	if (words.length) {
		buf_u8(&words, 0);
		buf_str(out, "    ");
		view_wrapped(out, words.failed ? "" : (const char *)words.data, 4, 6);
	}
	buf_fini(&words);
}

static void
bfd_text(struct buf *out, const struct exchange *x)
{
	const struct hub *hub = exchange_hub(x);
	const uint64_t *counts = exchange_bfd_faults(x);
	unsigned wanted = 0, up = 0;
	for (uint32_t i = 0; i < hub->session_count; i++) {
		int slot = exchange_slot_of(x, i);
		const struct bfd *b = slot < 0 ? NULL : exchange_bfd(x, (unsigned)slot);
		wanted += hub->sessions[i].bfd;
		up += hub->sessions[i].bfd && b && b->state == BFD_UP;
	}
	if (!wanted) {
		buf_str(out, "No session is watched by BFD. `bfd: yes` at a session of the hub "
			     "file has\nit watched.\n");
	} else {
		buf_printf(out, "BFD watches %u session%s, %u up\n\n", wanted,
			   wanted == 1 ? "" : "s", up);
		buf_str(out, "  SESSION       MEMBER                   STATE           SINCE   "
			     "DETECTS  DOWNS\n");
	}
	for (uint32_t i = 0; i < hub->session_count; i++) {
		int slot = exchange_slot_of(x, i);
		if (hub->sessions[i].bfd)
			bfd_session_text(out, x, i,
					 slot < 0 ? NULL : exchange_bfd(x, (unsigned)slot));
	}
	bool any = false;
	for (unsigned fault = 0; counts && fault < BFD_FAULTS; fault++) {
		if (!counts[fault] || !faults[fault].text)
			continue;
		buf_str(out, any ? "" : "\nPackets dropped\n");
		buf_printf(out, "  %10" PRIu64 "  %s\n", counts[fault], faults[fault].text);
		any = true;
	}
}

void
view_bfd(struct buf *out, const struct exchange *x, enum view_form form)
{
	if (form == VIEW_JSON)
		bfd_json(out, x);
	else
		bfd_text(out, x);
}

/* --- stations --- */

static const char *
station_state(const struct exchange_station *s)
{
	static const char *const names[] = {"waits", "resolving", "connecting", "up"};
	return names[s->state];
}

static void
station_json(struct json *j, const struct exchange *x, const struct hub_station *hub,
	     const struct exchange_station *s)
{
	json_object(j, NULL);
	json_str(j, "name", s->name);
	json_str(j, "host", s->host);
	json_u64(j, "port", s->port);
	json_ip(j, "address", s->address);
	json_str(j, "state", station_state(s));
	json_utc(j, "since", exchange_utc(x, s->since));
	json_bool(j, "caught_up", s->caught_up);
	json_array(j, "hears");
	if (hub->pre_policy)
		json_str(j, NULL, "pre_policy");
	if (hub->post_policy)
		json_str(j, NULL, "post_policy");
	if (hub->loc_rib)
		json_str(j, NULL, "loc_rib");
	if (hub->out_pre_policy)
		json_str(j, NULL, "out_pre_policy");
	if (hub->out_post_policy)
		json_str(j, NULL, "out_post_policy");
	json_array_end(j);
	json_u64(j, "sent_octets", s->octets);
	json_u64(j, "connections", s->connections);
	json_u64(j, "failures", s->failures);
	json_u64(j, "overruns", s->overruns);
	if (s->state == STATION_WAITS && s->next_try.us)
		json_utc(j, "next_try", exchange_utc(x, s->next_try));
	else
		json_null(j, "next_try");
	json_str(j, "last_error", *s->error ? s->error : NULL);
	if (*s->error)
		json_utc(j, "last_error_at", exchange_utc(x, s->error_since));
	else
		json_null(j, "last_error_at");
	json_object_end(j);
}

static void
station_text(struct buf *out, const struct exchange *x, const struct exchange_station *s)
{
	char where[320], age[VIEW_AGE_TEXT], octets[VIEW_RATE_TEXT], failures[16];
	int64_t now = exchange_now(x).s;
	(void)snprintf(where, sizeof(where), "%s port %u", s->host, s->port);
	(void)snprintf(failures, sizeof(failures), "%" PRIu32, s->failures);
	buf_str(out, s->state == STATION_IS_UP ? "  " : "# ");
	view_cell(out, s->name, 16);
	buf_str(out, " ");
	view_cell(out, where, 26);
	buf_str(out, " ");
	view_cell(out, station_state(s), 10);
	view_cell(out, view_age(age, now - exchange_utc(x, s->since).s), -9);
	view_cell(out, view_octets(octets, s->octets), -8);
	view_cell(out, failures, -6);
	view_end_line(out);
	struct buf words = {0};
	if (*s->error)
		buf_printf(&words, "%s, %s ago", s->error,
			   view_age(age, now - exchange_utc(x, s->error_since).s));
	if (s->state == STATION_WAITS && s->next_try.us) {
		int64_t left = exchange_utc(x, s->next_try).s - now;
		buf_printf(&words, "%snext try in %" PRId64 " s", words.length ? "; " : "",
			   left > 0 ? left : 0);
	}
	if (s->state == STATION_IS_UP && !s->caught_up)
		buf_printf(&words, "%sis being told what there is", words.length ? "; " : "");
	if (s->overruns)
		buf_printf(&words, "%sfell behind %" PRIu32 " time%s and was told everything again",
			   words.length ? "; " : "", s->overruns, s->overruns == 1 ? "" : "s");
	if (words.length) {
		buf_u8(&words, 0);
		buf_str(out, "    ");
		view_wrapped(out, words.failed ? "" : (const char *)words.data, 4, 6);
	}
	buf_fini(&words);
}

void
view_stations(struct buf *out, const struct exchange *x, enum view_form form)
{
	const struct hub *hub = exchange_hub(x);
	struct exchange_station all[VIEW_STATIONS_MAX];
	size_t count = exchange_stations(x, all, VIEW_STATIONS_MAX);
	if (form == VIEW_JSON) {
		struct json j = json_to(out);
		json_object(&j, NULL);
		json_array(&j, "stations");
		for (size_t i = 0; i < count && i < hub->station_count; i++)
			station_json(&j, x, &hub->stations[i], &all[i]);
		json_array_end(&j);
		json_object_end(&j);
		buf_str(out, "\n");
		return;
	}
	if (!count) {
		buf_str(out, "No station hears what the exchange knows: the hub file names none "
			     "(`stations:`).\n");
		return;
	}
	buf_str(out, "  STATION          WHERE                      STATE         SINCE    SENT "
		     " LOST\n");
	for (size_t i = 0; i < count; i++)
		station_text(out, x, &all[i]);
	buf_str(out, "\nSENT: octets since the start.  LOST: tries that failed and connections "
		     "lost.\n");
}

/* --- MRT files --- */

static void
dump_json(struct json *j, const char *key, const struct exchange_dump *d)
{
	json_object(j, key);
	if (d->every_s)
		json_u64(j, "every_s", d->every_s);
	else
		json_null(j, "every_s");
	json_str(j, "last", *d->last ? d->last : NULL);
	json_utc(j, "last_at", d->last_at);
	if (*d->last)
		json_u64(j, "last_octets", d->last_octets);
	else
		json_null(j, "last_octets");
	json_str(j, "writing", *d->writing ? d->writing : NULL);
	json_utc(j, "next", d->next);
	json_u64(j, "files", d->files);
	json_u64(j, "failures", d->failures);
	json_u64(j, "lost_records", d->lost);
	json_str(j, "last_error", *d->error ? d->error : NULL);
	json_utc(j, "last_error_at", d->error_at);
	json_object_end(j);
}

static void
dumps_json(struct buf *out, const struct exchange_dumps *d)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "directory", d->directory);
	if (d->keep_days)
		json_u64(&j, "keep_days", d->keep_days);
	else
		json_null(&j, "keep_days");
	dump_json(&j, "table", &d->table);
	dump_json(&j, "updates", &d->updates);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
dump_text(struct buf *out, const struct exchange *x, const char *name,
	  const struct exchange_dump *d)
{
	char age[VIEW_AGE_TEXT], octets[VIEW_RATE_TEXT];
	int64_t now = exchange_now(x).s;
	struct buf words = {0};
	buf_printf(out, "\n%s\n", name);
	if (*d->last)
		buf_printf(&words, "%s, %s, written %s ago", d->last,
			   view_octets(octets, d->last_octets), view_age(age, now - d->last_at.s));
	else
		buf_str(&words, "none since the exchange was started");
	view_label(out, "last", &words);
	if (*d->writing) {
		buf_str(&words, d->writing);
		view_label(out, "writing", &words);
	}
	if (d->every_s)
		buf_printf(&words, "in %s, every %s",
			   view_age(age, d->next.s > now ? d->next.s - now : 0),
			   view_age((char[VIEW_AGE_TEXT]){0}, d->every_s));
	else
		buf_str(&words, "not on a schedule");
	view_label(out, "next", &words);
	buf_printf(&words, "%" PRIu64 " written, %" PRIu64 " failed", d->files, d->failures);
	if (d->lost)
		buf_printf(&words, ", %" PRIu64 " records lost: the disk is too slow", d->lost);
	view_label(out, "files", &words);
	if (*d->error) {
		buf_printf(&words, "%s, %s ago", d->error, view_age(age, now - d->error_at.s));
		view_label(out, "last error", &words);
	}
	buf_fini(&words);
}

void
view_dumps(struct buf *out, const struct exchange *x, enum view_form form)
{
	struct exchange_dumps d;
	exchange_dumps(x, &d);
	if (form == VIEW_JSON) {
		dumps_json(out, &d);
		return;
	}
	if (!d.directory) {
		buf_str(out, "No MRT files are written: the hub file names no folder "
			     "(`dumps.directory`).\n");
		return;
	}
	struct buf words = {0};
	buf_printf(&words, "MRT files in %s", d.directory);
	if (d.keep_days)
		buf_printf(&words, ", kept for %" PRIu32 " days", d.keep_days);
	buf_u8(&words, 0);
	view_wrapped(out, words.failed ? "" : (const char *)words.data, 0, 2);
	buf_fini(&words);
	dump_text(out, x, "Table (rib.*)", &d.table);
	dump_text(out, x, "Updates (updates.*)", &d.updates);
	buf_str(out, "\n`dump table` writes the table now.\n");
}

/* --- what somebody should look at now --- */

enum { WORTH_A_LOOK = 2, STATION_LOST_S = 60, DUMP_FAILED_S = 86400, REPORTS_MAX = 3 * 64 };

static void
incident(struct json *j, const char *text, const char *detail)
{
	json_object(j, NULL);
	json_u64(j, "severity", WORTH_A_LOOK);
	json_str(j, "text", text);
	json_str(j, "detail", detail && *detail ? detail : NULL);
	json_str(j, "link", "#/exchange");
	json_object_end(j);
}

static void
station_incidents(struct json *j, const struct exchange *x)
{
	struct exchange_station all[VIEW_STATIONS_MAX];
	size_t count = exchange_stations(x, all, VIEW_STATIONS_MAX);
	for (size_t i = 0; i < count; i++) {
		char text[160];
		int64_t away = exchange_now(x).s - exchange_utc(x, all[i].error_since).s;
		/* Tries follow each other, so it is their number that tells how long it is away. */
		if (all[i].state == STATION_IS_UP || all[i].failures < 3 ||
		    away > STATION_LOST_S * 4)
			continue;
		(void)snprintf(text, sizeof(text), "BMP station %.80s is not reached", all[i].name);
		incident(j, text, all[i].error);
	}
}

static void
dump_incident(struct json *j, const struct exchange *x, const char *kind,
	      const struct exchange_dump *d)
{
	char text[160];
	if (!*d->error || d->last_at.s > d->error_at.s ||
	    exchange_now(x).s - d->error_at.s > DUMP_FAILED_S)
		return;
	(void)snprintf(text, sizeof(text), "An MRT file of %s could not be written", kind);
	incident(j, text, d->error);
}

static void
rpki_incidents(struct json *j, const struct exchange *x)
{
	struct rpki_report reports[REPORTS_MAX];
	size_t count = exchange_rpki_reports(x, reports, REPORTS_MAX);
	for (size_t i = 0; i < count; i++) {
		char text[160];
		if (reports[i].kind != RPKI_REPORT_CACHE || reports[i].data.alive ||
		    !*reports[i].error)
			continue;
		(void)snprintf(text, sizeof(text), "RPKI cache %.80s is lost", reports[i].name);
		incident(j, text, reports[i].error);
	}
}

/* The dead man's switch has fallen, or is about to. */
static void
steer_incident(struct json *j, const struct exchange *x)
{
	char detail[EXCHANGE_STEER_ALARM];
	if (!exchange_steer_alarm(x, detail))
		return;
	bool plain = exchange_steering_of(x).state != EXCHANGE_STEER_HELD;
	incident(j,
		 plain ? "Exits are not steered: plain BGP"
		       : "The corridor's plan of the exits is overdue",
		 detail);
}

void
view_sight_incidents(struct json *j, const struct exchange *x)
{
	struct exchange_dumps d;
	exchange_dumps(x, &d);
	json_array(j, "incidents");
	rpki_incidents(j, x);
	station_incidents(j, x);
	dump_incident(j, x, "the table", &d.table);
	dump_incident(j, x, "updates", &d.updates);
	steer_incident(j, x);
	json_array_end(j);
}
