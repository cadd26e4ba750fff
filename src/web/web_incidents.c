/* What somebody should look at now, from all rooms: worst first, what an operator knows of already last;
 * then in the order rooms, members, what the exchange rests on, cables, meter, ledger. */
#include "web/web_incidents.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "web/web_value.h"

enum {
	REMARK = 1,
	WORTH_A_LOOK = 2,
	BROKEN = 3,
	TEXT = 400,
	NAMED = 4,
	RATE = 24,
	GROUPS_MAX = 64
};

struct incident {
	struct incident *next;
	double severity;
	size_t place;
	const char *text, *detail, *link; /* empty: none */
	const char *state;                /* "acknowledged", "proposed"; empty: none */
	const struct json_value *given;   /* as a room gave it; then the texts are not set */
};

struct joiner {
	const struct web_parts *parts;
	struct arena *arena;
	struct incident *list;
	size_t count;
	bool failed;
};

static struct incident *
add(struct joiner *j, double severity)
{
	struct incident *one = arena_take(j->arena, sizeof(*one));
	if (!one) {
		j->failed = true;
		return NULL;
	}
	*one = (struct incident){.next = j->list, .severity = severity, .place = j->count++};
	j->list = one;
	return one;
}

/* `state` is static. */
static void
incident_in(struct joiner *j, int severity, const char *state, const char *const texts[3])
{
	struct incident *one = add(j, severity);
	if (!one)
		return;
	one->state = state;
	one->text = arena_str(j->arena, texts[0]);
	one->detail = arena_str(j->arena, texts[1]);
	one->link = arena_str(j->arena, texts[2]);
	j->failed |= !one->text || !one->detail || !one->link;
}

static void
incident(struct joiner *j, int severity, const char *text, const char *detail, const char *link)
{
	incident_in(j, severity, "", (const char *const[]){text, detail, link});
}

/* "9.3 Gbit/s"; returns `out`. */
static const char *
rate_text(char out[RATE], double bps)
{
	static const char *const units[] = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"};
	size_t unit = 0;
	for (; bps >= 999.95 && unit < 4; unit++)
		bps /= 1000;
	snprintf(out, RATE, "%.*f %s", unit ? 1 : 0, bps, units[unit]);
	return out;
}

static void
rooms_down(struct joiner *j)
{
	char text[TEXT];
	if (!j->parts->of[WEB_STATUS]) {
		incident(j, BROKEN, "The hub does not answer",
			 "The page runs, but the process that starts the rooms cannot be reached.",
			 "");
		return;
	}
	for (const struct json_value *room = web_items(j->parts->of[WEB_STATUS], "rooms"); room;
	     room = room->next) {
		if (strcmp(web_text(room, "state"), "down") != 0)
			continue;
		snprintf(text, sizeof(text), "The %.40s is not running", web_text(room, "room"));
		incident(j, BROKEN, text,
			 "It is started again by itself; what only it knows is unknown until then.",
			 "");
	}
}

/* ", since 21 Nov 03:09 UTC"; nothing when it is not known. */
static void
put_since(char out[64], const char *text)
{
	static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct utc_s when;
	out[0] = '\0';
	if (utc_parse(&when, text) < 0)
		return;
	struct utc_date d = utc_to_date(when);
	snprintf(out, 64, ", since %d %s %02d:%02d UTC", d.day, months[d.month - 1], d.hour,
		 d.minute);
}

/* What the sessions that are down say for themselves, and since when. */
static void
session_detail(char out[TEXT], const struct json_value *member)
{
	size_t length = 0;
	out[0] = '\0';
	for (const struct json_value *s = web_items(member, "sessions"); s; s = s->next) {
		const char *state = web_text(s, "state");
		char since[64];
		if (strcmp(state, "established") == 0 || strcmp(state, "disabled") == 0)
			continue;
		const char *why = web_text(s, "last_error");
		put_since(since, web_text(s, "since"));
		int n = snprintf(out + length, TEXT - length, "%s%.46s: %.120s%s",
				 length ? "; " : "", web_text(s, "address"), *why ? why : state,
				 since);
		if (n < 0 || (length += (size_t)n) > TEXT - 250)
			return;
	}
}

/* How bad it stands with a member: 0 when it is no incident. */
static int
severity_of(const struct json_value *member)
{
	double trouble = web_number(member, "trouble");
	return trouble >= BROKEN ? BROKEN : trouble >= WORTH_A_LOOK ? WORTH_A_LOOK : 0;
}

static void
one_member(struct joiner *j, const struct json_value *m, int severity)
{
	char text[TEXT], detail[TEXT], link[64];
	const char *words = web_text(m, "trouble_text");
	if (severity == BROKEN)
		snprintf(text, sizeof(text), "%.100s is down", web_text(m, "name"));
	else
		snprintf(text, sizeof(text), "%.100s: %.200s", web_text(m, "name"),
			 *words ? words : "a session is down");
	snprintf(link, sizeof(link), "#/members/%.0f", web_number(m, "asn"));
	session_detail(detail, m);
	incident(j, severity, text, detail, link);
}

/* Many at once are one incident: it is more likely the hub's than theirs. */
static void
many_members(struct joiner *j, int severity, size_t count, size_t all)
{
	char text[TEXT], detail[TEXT] = "";
	size_t length = 0, named = 0;
	for (const struct json_value *m = web_items(j->parts->of[WEB_MEMBERS], "members");
	     m && named < NAMED; m = m->next)
		if (severity_of(m) == severity)
			length += (size_t)snprintf(detail + length, sizeof(detail) - length,
						   "%s%.60s", named++ ? ", " : "",
						   web_text(m, "name"));
	snprintf(detail + length, sizeof(detail) - length, " and %zu more", count - named);
	snprintf(text, sizeof(text), "%zu of %zu members are %s", count, all,
		 severity == BROKEN ? "down" : "partly down");
	incident(j, severity, text, detail, "#/members?show=trouble");
}

static void
members_down(struct joiner *j)
{
	const struct json_value *first = web_items(j->parts->of[WEB_MEMBERS], "members");
	for (int severity = BROKEN; severity >= WORTH_A_LOOK; severity--) {
		size_t count = 0, all = 0;
		for (const struct json_value *m = first; m; m = m->next, all++)
			count += severity_of(m) == severity;
		if (count > NAMED)
			many_members(j, severity, count, all);
		for (const struct json_value *m = first; m && count <= NAMED; m = m->next)
			if (severity_of(m) == severity)
				one_member(j, m, severity);
	}
}

/* What a room has found by itself. */
static void
found_by(struct joiner *j, const struct json_value *room)
{
	for (const struct json_value *given = web_items(room, "incidents"); given;
	     given = given->next) {
		struct incident *one = add(j, web_number(given, "severity"));
		if (one)
			one->given = given;
	}
}

/* What the meter did not hear is not in the bill: that has to be seen. */
static void
losses(struct joiner *j)
{
	double drops = web_number(j->parts->of[WEB_TRAFFIC], "kernel_drops");
	char text[TEXT];
	if (drops > 0) {
		snprintf(text, sizeof(text), "%.0f flow datagrams were dropped", drops);
		incident(j, WORTH_A_LOOK, text, "They came faster than the meter reads.",
			 "#/exporters");
	}
	for (const struct json_value *e = web_items(j->parts->of[WEB_TRAFFIC], "exporters"); e;
	     e = e->next) {
		if (!json_read_is_true(json_read_get(e, "known")) ||
		    !json_read_is_null(json_read_get(e, "last_heard")))
			continue;
		snprintf(text, sizeof(text), "Nothing was heard from exporter %.80s",
			 web_text(e, "exporter"));
		incident(j, WORTH_A_LOOK, text, "Traffic at its ports is not counted.",
			 "#/exporters");
	}
}

/* --- what the meter warns of --- */

static bool
waits(const struct json_value *proposal)
{
	const char *state = web_text(proposal, "state");
	return strcmp(state, "proposed") == 0 || strcmp(state, "refused") == 0;
}

static void
proposed(struct joiner *j)
{
	for (const struct json_value *p = web_items(j->parts->of[WEB_PROPOSALS], "proposals"); p;
	     p = p->next) {
		char text[TEXT], detail[TEXT], now[RATE], usual[RATE];
		double number = web_number(p, "number");
		bool refused = strcmp(web_text(p, "state"), "refused") == 0;
		if (!waits(p))
			continue;
		snprintf(text, sizeof(text), "A blackhole for %.100s %s", web_text(p, "member"),
			 refused ? "was refused by the exchange" : "waits for a decision");
		snprintf(detail, sizeof(detail),
			 "%s, usually %s. sarai propose confirm %.0f, or sarai propose dismiss "
			 "%.0f.%s%.100s",
			 rate_text(now, web_number(p, "bps")),
			 rate_text(usual, web_number(p, "usual_bps")), number, number,
			 *web_text(p, "text") ? " " : "", web_text(p, "text"));
		incident_in(j, BROKEN, "proposed",
			    (const char *const[]){text, detail, "#/exporters"});
	}
}

/* What a proposal that waits is about is not said twice. */
static bool
is_told(const struct joiner *j, const struct json_value *alarm)
{
	const struct json_value *p = web_items(j->parts->of[WEB_PROPOSALS], "proposals");
	for (; p; p = p->next)
		if (waits(p) && web_number(p, "number") == web_number(alarm, "proposal"))
			return true;
	return false;
}

/* How an alarm stands in the list: its severity, and whether somebody sees to it. */
struct standing {
	int severity;
	bool known;
};

static struct standing
standing_of(const struct json_value *alarm)
{
	bool worse = strcmp(web_text(alarm, "severity"), "alarm") == 0;
	return (struct standing){worse ? BROKEN : WORTH_A_LOOK,
				 *web_text(alarm, "acknowledged") != '\0'};
}

static bool
is_like(const struct joiner *j, const struct json_value *alarm, const char *kind,
	struct standing standing)
{
	struct standing own = standing_of(alarm);
	return strcmp(web_text(alarm, "kind"), kind) == 0 && own.severity == standing.severity &&
	       own.known == standing.known && !is_told(j, alarm);
}

static const char *
alarm_words(const char *kind)
{
	static const char *const words[][2] = {
		{"port-full", "Port is full"},
		{"member-silent", "No traffic though the session is up"},
		{"exporter-silent", "Exporter is silent"},
		{"loss", "Flow records are lost"},
		{"unknown-mac", "Traffic of a stranger"},
		{"flow-counter-ratio", "Samples and counters do not fit"},
		{"interface-clash", "Two ports claim one interface"},
		{"counters-differ", "Two sources count a port differently"},
		{"sudden-rise", "Sudden rise of traffic"},
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i][0], kind) == 0)
			return words[i][1];
	return kind;
}

static void
one_alarm(struct joiner *j, const struct json_value *alarm, struct standing standing)
{
	char text[TEXT], detail[TEXT], since[64], link[64] = "#/exporters";
	const char *member = web_text(alarm, "member"), *kind = web_text(alarm, "kind");
	bool of_port = strcmp(kind, "port-full") == 0 || strcmp(kind, "member-silent") == 0;
	put_since(since, web_text(alarm, "since"));
	snprintf(text, sizeof(text), "%.60s: %.96s%s%.100s", alarm_words(kind),
		 web_text(alarm, "subject"), *member ? ", " : "", member);
	snprintf(detail, sizeof(detail), "%.300s%s", web_text(alarm, "text"), since);
	if (of_port && web_number(alarm, "asn") > 0)
		snprintf(link, sizeof(link), "#/members/%.0f", web_number(alarm, "asn"));
	incident_in(j, standing.severity, standing.known ? "acknowledged" : "",
		    (const char *const[]){text, detail, link});
}

static void
many_alarms(struct joiner *j, const char *kind, struct standing standing, size_t count)
{
	char text[TEXT], detail[TEXT] = "";
	size_t length = 0, named = 0;
	const struct json_value *a = web_items(j->parts->of[WEB_ALARMS], "alarms");
	for (; a && named < NAMED; a = a->next)
		if (is_like(j, a, kind, standing))
			length += (size_t)snprintf(detail + length, sizeof(detail) - length,
						   "%s%.80s", named++ ? ", " : "",
						   web_text(a, "subject"));
	snprintf(detail + length, sizeof(detail) - length, " and %zu more", count - named);
	snprintf(text, sizeof(text), "%.60s: %zu times", alarm_words(kind), count);
	incident_in(j, standing.severity, standing.known ? "acknowledged" : "",
		    (const char *const[]){text, detail, "#/exporters"});
}

/* Alarms of one kind that stand alike. */
struct group {
	const char *kind;
	struct standing standing;
	size_t count;
};

static struct group *
group_of(struct group *groups, size_t *count, const struct json_value *alarm)
{
	struct group own = {web_text(alarm, "kind"), standing_of(alarm), 0};
	for (size_t i = 0; i < *count; i++)
		if (groups[i].standing.severity == own.standing.severity &&
		    groups[i].standing.known == own.standing.known &&
		    strcmp(groups[i].kind, own.kind) == 0)
			return &groups[i];
	if (*count == GROUPS_MAX)
		return NULL;
	groups[*count] = own;
	return &groups[(*count)++];
}

/* Where there are many of a kind they are told once. */
static void
alarms(struct joiner *j)
{
	struct group groups[GROUPS_MAX];
	size_t count = 0;
	const struct json_value *first = web_items(j->parts->of[WEB_ALARMS], "alarms");
	for (const struct json_value *a = first; a; a = a->next) {
		struct group *group = is_told(j, a) ? NULL : group_of(groups, &count, a);
		if (group)
			group->count++;
	}
	for (size_t i = 0; i < count; i++)
		if (groups[i].count > NAMED)
			many_alarms(j, groups[i].kind, groups[i].standing, groups[i].count);
	for (const struct json_value *a = first; a; a = a->next) {
		struct group *group = is_told(j, a) ? NULL : group_of(groups, &count, a);
		if (group && group->count && group->count <= NAMED)
			one_alarm(j, a, group->standing);
	}
}

static void
polls(struct joiner *j)
{
	char text[TEXT];
	for (const struct json_value *p = web_items(j->parts->of[WEB_POLLS], "polls"); p;
	     p = p->next) {
		if (!*web_text(p, "trouble"))
			continue;
		snprintf(text, sizeof(text), "Switch %.80s does not tell its counters",
			 web_text(p, "exporter"));
		incident(j, WORTH_A_LOOK, text, web_text(p, "trouble"), "#/exporters");
	}
}

/* --- what the ledger is in trouble with --- */

static void
books(struct joiner *j)
{
	const struct json_value *ledger = j->parts->of[WEB_LEDGER];
	const char *journal = web_text(json_read_get(ledger, "journal"), "trouble");
	if (*web_text(ledger, "trouble"))
		incident(j, BROKEN, "The ledger does not store bins as they come",
			 web_text(ledger, "trouble"), "#/books");
	if (*journal)
		incident(j, BROKEN, "The journal cannot be written to", journal, "#/books");
}

static void
late_disputes(struct joiner *j)
{
	size_t late = 0;
	char text[TEXT], detail[TEXT] = "";
	const struct json_value *d = web_items(j->parts->of[WEB_DISPUTES], "disputes");
	for (; d; d = d->next) {
		if (!json_read_is_true(json_read_get(d, "late")))
			continue;
		if (!late++)
			snprintf(detail, sizeof(detail), "%.60s of %.100s, about %.60s",
				 web_text(d, "id"), web_text(d, "name"), web_text(d, "invoice"));
	}
	if (!late)
		return;
	snprintf(text, sizeof(text), "%zu dispute%s should have been answered", late,
		 late == 1 ? "" : "s");
	incident(j, WORTH_A_LOOK, text, detail, "#/books?show=disputes");
}

/* Of the books by age anything but what is not due yet. */
static bool
is_late(const struct json_value *aged)
{
	static const char *const keys[] = {"days_30", "days_60", "days_90", "older"};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strpbrk(web_text(aged, keys[i]), "123456789"))
			return true;
	return false;
}

/* Who is late with how much, the first in words: how many are, 0 if nobody. */
static size_t
late_of(char detail[TEXT], const struct json_value *aged)
{
	size_t count = 0;
	detail[0] = '\0';
	for (const struct json_value *a = web_items(aged, "aged"); a; a = a->next) {
		const char *name = web_text(a, "name");
		if (is_late(a) && !count++)
			snprintf(detail, TEXT, "%.100s: %.30s %.5s open",
				 *name ? name : web_text(a, "holder"), web_text(a, "open"),
				 web_text(a, "currency"));
	}
	if (count > 1)
		snprintf(detail + strlen(detail), TEXT - strlen(detail), "; and %zu more",
			 count - 1);
	return count;
}

/* What others owe the hub; and what it owes suppliers and owners of cables, who may stop to serve it. */
static void
overdue(struct joiner *j)
{
	char text[TEXT], detail[TEXT];
	size_t count = late_of(detail, j->parts->of[WEB_AGED]);
	snprintf(text, sizeof(text), "Invoices of %zu member%s overdue", count,
		 count == 1 ? " are" : "s are");
	if (count)
		incident(j, REMARK, text, detail, "#/books");
	count = late_of(detail, j->parts->of[WEB_OWED]);
	snprintf(text, sizeof(text), "What the hub owes %zu other%s is overdue", count,
		 count == 1 ? "" : "s");
	if (count)
		incident(j, WORTH_A_LOOK, text, detail, "#/books");
}

/* --- the list --- */

static int
worse_first(const void *a, const void *b)
{
	const struct incident *x = *(const struct incident *const *)a;
	const struct incident *y = *(const struct incident *const *)b;
	bool x_known = x->state && strcmp(x->state, "acknowledged") == 0;
	bool y_known = y->state && strcmp(y->state, "acknowledged") == 0;
	if (x_known != y_known)
		return x_known ? 1 : -1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

static void
put_incident(struct json *out, const struct incident *one)
{
	if (one->given) {
		web_pass_on(out, NULL, one->given);
		return;
	}
	json_object(out, NULL);
	json_i64(out, "severity", (int64_t)one->severity);
	json_str(out, "text", one->text);
	json_str(out, "detail", *one->detail ? one->detail : NULL);
	json_str(out, "link", *one->link ? one->link : NULL);
	json_str(out, "state", *one->state ? one->state : NULL);
	json_object_end(out);
}

static void
find_all(struct joiner *j)
{
	rooms_down(j);
	proposed(j);
	members_down(j);
	found_by(j, j->parts->of[WEB_MEMBERS]);
	found_by(j, j->parts->of[WEB_CORRIDOR]);
	alarms(j);
	losses(j);
	polls(j);
	books(j);
	late_disputes(j);
	overdue(j);
}

/* Sorted, and cut to what can be read; how many there are stands beside them. */
int
web_incidents_put(struct json *out, const struct web_parts *parts)
{
	struct joiner j = {.parts = parts, .arena = arena_new()};
	if (!j.arena)
		return -1;
	find_all(&j);
	struct incident **order = arena_take(j.arena, (j.count + 1) * sizeof(struct incident *));
	size_t n = 0;
	j.failed |= !order;
	for (struct incident *one = j.list; one && order; one = one->next)
		order[n++] = one;
	if (n > 0)
		qsort(order, n, sizeof(struct incident *), worse_first);
	json_array(out, "incidents");
	for (size_t i = 0; i < n && i < WEB_INCIDENTS_MAX && !j.failed; i++)
		put_incident(out, order[i]);
	json_array_end(out);
	json_u64(out, "incident_count", n);
	arena_free(j.arena);
	return j.failed ? -1 : 0;
}
