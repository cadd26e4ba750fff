/* Sessions one by one, as a night shift reads them: what is down, held, stuck or stale stands first, each with what is to
 * be done or waited for. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/exchange_sights.h"
#include "view/view_exchange_members.h"
#include "view/view_exchange_parts.h"
#include "view/view_text.h"

enum { STUCK_S = 2 }; /* so long a socket may be full without anybody being told */

struct view_matter
view_matter_of(const struct exchange *x, const struct view_standing *s)
{
	struct view_matter m = {0};
	if (s->slot < 0)
		return m;
	unsigned slot = (unsigned)s->slot;
	int64_t now = exchange_now(x).s;
	struct exchange_unsent unsent = exchange_unsent_of(x, slot);
	struct exchange_kept kept = exchange_kept_of(x, slot);
	m.held = exchange_peer_is_held(x, slot);
	m.unsent_octets = unsent.octets;
	m.unsent_prefixes = unsent.prefixes;
	if (unsent.stuck_at.us && now - exchange_utc(x, unsent.stuck_at).s >= STUCK_S)
		m.stuck_since = exchange_utc(x, unsent.stuck_at);
	m.stale = kept.routes;
	m.stale_for_long = kept.long_lived;
	if (kept.until.us)
		m.stale_until = exchange_utc(x, kept.until);
	m.bfd = exchange_bfd(x, slot);
	return m;
}

bool
view_matter_is_bfd_down(const struct view_matter *m, const struct view_standing *s)
{
	return m->bfd && m->bfd->state != BFD_UP && s->state == SESSION_ESTABLISHED;
}

void
view_matter_fields(struct json *j, const struct view_matter *m)
{
	json_bool(j, "held", m->held);
	json_str(j, "bfd", m->bfd ? bfd_state_name(m->bfd->state) : NULL);
	json_u64(j, "stale", m->stale);
	json_utc(j, "stale_until", m->stale_until);
	json_u64(j, "unsent_octets", m->unsent_octets);
	json_u64(j, "unsent_prefixes", m->unsent_prefixes);
	json_utc(j, "stuck_since", m->stuck_since);
}

/* --- the list --- */

struct row {
	uint32_t session; /* index */
	struct view_standing standing;
	struct view_matter matter;
	enum {
		ROW_DOWN,
		ROW_STUCK,
		ROW_REMARK,
		ROW_HELD,
		ROW_WELL
	} urgency; /* first things first */
};

static struct row
row_of(struct exchange *x, uint32_t session)
{
	struct row r = {.session = session, .standing = view_standing_of(x, session)};
	r.matter = view_matter_of(x, &r.standing);
	const struct view_matter *m = &r.matter;
	bool up = r.standing.state == SESSION_ESTABLISHED;
	if (r.standing.state == SESSION_DISABLED)
		r.urgency = ROW_HELD;
	else if (!up)
		r.urgency = ROW_DOWN;
	else if (m->stuck_since.s)
		r.urgency = ROW_STUCK;
	else if (m->stale || view_matter_is_bfd_down(m, &r.standing))
		r.urgency = ROW_REMARK;
	else
		r.urgency = ROW_WELL;
	return r;
}

static int
by_urgency(const void *a, const void *b)
{
	const struct row *one = a, *other = b;
	if (one->urgency != other->urgency)
		return one->urgency < other->urgency ? -1 : 1;
	return one->session < other->session ? -1 : one->session > other->session;
}

static void
sessions_json(struct buf *out, const struct exchange *x, const struct row *rows, size_t count)
{
	const struct hub *hub = exchange_hub(x);
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_array(&j, "sessions");
	for (size_t i = 0; i < count; i++) {
		const struct hub_member *member = &hub->members[rows[i].standing.hub->member];
		json_object(&j, NULL);
		json_u64(&j, "asn", member->asn.number);
		json_str(&j, "name", member->name);
		view_session_fields(&j, x, &rows[i].standing);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
sessions_csv(struct buf *out, const struct exchange *x, const struct row *rows, size_t count)
{
	const struct hub *hub = exchange_hub(x);
	buf_str(out, "asn,name,session,address,state,since,held,bfd,stale,unsent_octets,"
		     "unsent_prefixes,stuck_since\r\n");
	for (size_t i = 0; i < count; i++) {
		const struct view_standing *s = &rows[i].standing;
		const struct view_matter *m = &rows[i].matter;
		const struct hub_member *member = &hub->members[s->hub->member];
		char address[IP_TEXT], since[CLOCK_TEXT], stuck[CLOCK_TEXT];
		buf_printf(out, "%" PRIu32 ",", member->asn.number);
		view_csv_field(out, member->name);
		buf_printf(out, ",%s,%s,%s,%s,%s,%s,%" PRIu32 ",%" PRIu64 ",%" PRIu64 ",%s\r\n",
			   s->hub->id, ip_format(address, s->hub->address),
			   session_state_name(s->state),
			   s->since ? utc_format(since, (struct utc_s){s->since}) : "",
			   m->held ? "yes" : "no", m->bfd ? bfd_state_name(m->bfd->state) : "",
			   m->stale, m->unsent_octets, m->unsent_prefixes,
			   m->stuck_since.s ? utc_format(stuck, m->stuck_since) : "");
	}
}

/* --- in words --- */

static void
say(struct buf *out, struct buf *words)
{
	buf_u8(words, 0);
	buf_str(out, "    ");
	view_wrapped(out, words->failed ? "" : (const char *)words->data, 4, 6);
	buf_clear(words);
}

static void
say_down(struct buf *out, const struct exchange *x, const struct row *r, struct buf *words)
{
	const struct hub *hub = exchange_hub(x);
	const struct hub_member *member = &hub->members[r->standing.hub->member];
	if (r->matter.held) {
		buf_printf(words,
			   "taken down by the operator; `member %" PRIu32 " up` lets it come up",
			   member->asn.number);
		say(out, words);
	} else if (r->standing.state == SESSION_DISABLED) {
		buf_str(words, "disabled in the hub file");
		say(out, words);
	} else if (r->standing.slot >= 0) {
		session_error_text(
			words, session_last_error(exchange_session(x, (unsigned)r->standing.slot)));
		if (words->length)
			say(out, words);
	}
}

void
view_matter_text(struct buf *out, const struct exchange *x, const struct view_standing *s,
		 const struct view_matter *m)
{
	char age[VIEW_AGE_TEXT], octets[VIEW_RATE_TEXT];
	int64_t now = exchange_now(x).s;
	struct buf words = {0};
	if (m->stuck_since.s) {
		buf_printf(&words, "takes nothing for %s; %s wait for it",
			   view_age(age, now - m->stuck_since.s),
			   view_octets(octets, m->unsent_octets));
		if (m->unsent_prefixes)
			buf_printf(&words, ", and up to %" PRIu64 " prefixes", m->unsent_prefixes);
		buf_str(&words, ". It is closed when its send hold timer expires (RFC 9687); "
				"others are not delayed");
		say(out, &words);
	} else if (m->unsent_prefixes) {
		buf_printf(&words, "catches up: up to %" PRIu64 " prefixes are left to be told",
			   m->unsent_prefixes);
		say(out, &words);
	}
	if (m->stale) {
		buf_printf(&words, "%" PRIu32 " stale route%s kept%s", m->stale,
			   m->stale == 1 ? "" : "s", m->stale_for_long ? " for long" : "");
		if (m->stale_until.s > now)
			buf_printf(&words, ", for %s more at most",
				   view_age(age, m->stale_until.s - now));
		say(out, &words);
	}
	if (view_matter_is_bfd_down(m, s)) {
		buf_printf(&words, "BGP is up, BFD is %s: %s", bfd_state_name(m->bfd->state),
			   m->bfd->packets_in ? bfd_diagnostic_text(m->bfd->diagnostic)
					      : "nothing was heard of it, see whether the member "
						"has BFD for our address");
		say(out, &words);
	}
	buf_fini(&words);
}

static void
row_text(struct buf *out, const struct exchange *x, const struct row *r)
{
	static const char marks[] = {[ROW_DOWN] = '#',
				     [ROW_STUCK] = '!',
				     [ROW_REMARK] = '.',
				     [ROW_HELD] = '-',
				     [ROW_WELL] = ' '};
	const struct hub *hub = exchange_hub(x);
	const struct view_standing *s = &r->standing;
	char address[IP_TEXT], age[VIEW_AGE_TEXT], unsent[VIEW_RATE_TEXT], stale[16];
	struct buf words = {0};
	(void)snprintf(stale, sizeof(stale), "%" PRIu32, r->matter.stale);
	buf_printf(out, "%c ", marks[r->urgency]);
	view_cell(out, s->hub->id, 13);
	buf_str(out, " ");
	ip_format(address, s->hub->address);
	/* A long address takes the place of the name. */
	if (view_width(address) <= 15) {
		view_cell(out, address, 15);
		buf_str(out, " ");
		view_cell(out, hub->members[s->hub->member].name, 13);
	} else {
		view_cell(out, address, 29);
	}
	buf_str(out, " ");
	view_cell(out, session_state_name(s->state), 11);
	view_cell(out, s->since ? view_age(age, exchange_now(x).s - s->since) : "-", -9);
	view_cell(out, r->matter.stale ? stale : "", -6);
	view_cell(out, r->matter.unsent_octets ? view_octets(unsent, r->matter.unsent_octets) : "",
		  -8);
	view_end_line(out);
	if (s->state != SESSION_ESTABLISHED)
		say_down(out, x, r, &words);
	view_matter_text(out, x, s, &r->matter);
	buf_fini(&words);
}

static void
sessions_text(struct buf *out, const struct exchange *x, const struct row *rows, size_t count)
{
	size_t counts[ROW_WELL + 1] = {0};
	for (size_t i = 0; i < count; i++)
		counts[rows[i].urgency]++;
	buf_printf(out, "%zu session%s: %zu well, %zu down, %zu stuck, %zu held or disabled\n",
		   count, count == 1 ? "" : "s", counts[ROW_WELL] + counts[ROW_REMARK],
		   counts[ROW_DOWN], counts[ROW_STUCK], counts[ROW_HELD]);
	if (!count)
		return;
	buf_str(out, "\n  SESSION       ADDRESS         MEMBER        STATE          SINCE STALE  "
		     "UNSENT\n");
	for (size_t i = 0; i < count; i++)
		row_text(out, x, &rows[i]);
	buf_str(out, "\n# down   ! takes nothing   . see below it   - held or disabled\n");
}

int
view_sessions(struct buf *out, struct exchange *x, enum view_form form)
{
	size_t count = exchange_hub(x)->session_count;
	struct row *rows = calloc(count + 1, sizeof(*rows));
	if (!rows)
		return -1;
	for (size_t i = 0; i < count; i++)
		rows[i] = row_of(x, (uint32_t)i);
	qsort(rows, count, sizeof(*rows), by_urgency);
	if (form == VIEW_JSON)
		sessions_json(out, x, rows, count);
	else if (form == VIEW_CSV)
		sessions_csv(out, x, rows, count);
	else
		sessions_text(out, x, rows, count);
	free(rows);
	return 0;
}
