/* Joining the overview. An incident is something that somebody should look at now: worst first,
 * then in the order rooms, members, what the exchange rests on, cables, meter. */
#include "web/web_overview.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"

enum { WORTH_A_LOOK = 2, BROKEN = 3, TEXT = 400 };

struct incident {
	struct incident *next;
	double severity;
	size_t place;
	const char *text, *detail, *link; /* empty: none */
	const struct json_value *given;   /* as a room gave it; then the texts are not set */
};

struct joiner {
	const struct web_parts *parts;
	struct arena *arena;
	struct incident *list;
	size_t count;
	bool failed;
};

static const char *
text_of(const struct json_value *object, const char *key)
{
	const char *text = json_read_text(json_read_get(object, key));
	return text ? text : "";
}

/* 0 when there is no such number. */
static double
number_of(const struct json_value *object, const char *key)
{
	double number = 0;
	(void)json_read_number(&number, json_read_get(object, key));
	return number;
}

/* The items of the array `key`, to be walked by ->next. */
static const struct json_value *
items(const struct json_value *object, const char *key)
{
	const struct json_value *array = json_read_get(object, key);
	return array && array->type == JSON_ARRAY ? array->first : NULL;
}

/* Writes the value as it stands, or null. */
static void
pass_on(struct json *j, const char *key, const struct json_value *value)
{
	if (value)
		json_raw(j, key, value->raw, value->raw_length);
	else
		json_null(j, key);
}

/* --- what is wrong --- */

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

static void
incident(struct joiner *j, int severity, const char *text, const char *detail, const char *link)
{
	struct incident *one = add(j, severity);
	if (!one)
		return;
	one->text = arena_str(j->arena, text);
	one->detail = arena_str(j->arena, detail);
	one->link = arena_str(j->arena, link);
	j->failed |= !one->text || !one->detail || !one->link;
}

static void
rooms_down(struct joiner *j)
{
	char text[TEXT];
	if (!j->parts->status) {
		incident(j, BROKEN, "The hub does not answer",
			 "The page runs, but the process that starts the rooms cannot be reached.",
			 "");
		return;
	}
	for (const struct json_value *room = items(j->parts->status, "rooms"); room;
	     room = room->next) {
		if (strcmp(text_of(room, "state"), "down") != 0)
			continue;
		snprintf(text, sizeof(text), "The %.40s is not running", text_of(room, "room"));
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
	for (const struct json_value *s = items(member, "sessions"); s; s = s->next) {
		const char *state = text_of(s, "state");
		char since[64];
		if (strcmp(state, "established") == 0 || strcmp(state, "disabled") == 0)
			continue;
		const char *why = text_of(s, "last_error");
		put_since(since, text_of(s, "since"));
		int n = snprintf(out + length, TEXT - length, "%s%.46s: %.120s%s",
				 length ? "; " : "", text_of(s, "address"), *why ? why : state,
				 since);
		if (n < 0 || (length += (size_t)n) > TEXT - 250)
			return;
	}
}

/* How bad it stands with a member: 0 when it is no incident. */
static int
severity_of(const struct json_value *member)
{
	double trouble = number_of(member, "trouble");
	return trouble >= BROKEN ? BROKEN : trouble >= WORTH_A_LOOK ? WORTH_A_LOOK : 0;
}

static void
one_member(struct joiner *j, const struct json_value *m, int severity)
{
	char text[TEXT], detail[TEXT], link[64];
	const char *words = text_of(m, "trouble_text");
	if (severity == BROKEN)
		snprintf(text, sizeof(text), "%.100s is down", text_of(m, "name"));
	else
		snprintf(text, sizeof(text), "%.100s: %.200s", text_of(m, "name"),
			 *words ? words : "a session is down");
	snprintf(link, sizeof(link), "#/members/%.0f", number_of(m, "asn"));
	session_detail(detail, m);
	incident(j, severity, text, detail, link);
}

/* Many at once are one incident: it is more likely the hub's than theirs. */
static void
many_members(struct joiner *j, int severity, size_t count, size_t all)
{
	char text[TEXT], detail[TEXT] = "";
	size_t length = 0, named = 0;
	for (const struct json_value *m = items(j->parts->members, "members"); m && named < 4;
	     m = m->next)
		if (severity_of(m) == severity)
			length += (size_t)snprintf(detail + length, sizeof(detail) - length,
						   "%s%.60s", named++ ? ", " : "",
						   text_of(m, "name"));
	snprintf(detail + length, sizeof(detail) - length, " and %zu more", count - named);
	snprintf(text, sizeof(text), "%zu of %zu members are %s", count, all,
		 severity == BROKEN ? "down" : "partly down");
	incident(j, severity, text, detail, "#/members?show=trouble");
}

static void
members_down(struct joiner *j)
{
	enum { EACH = 4 };
	const struct json_value *first = items(j->parts->members, "members");
	for (int severity = BROKEN; severity >= WORTH_A_LOOK; severity--) {
		size_t count = 0, all = 0;
		for (const struct json_value *m = first; m; m = m->next, all++)
			count += severity_of(m) == severity;
		if (count > EACH)
			many_members(j, severity, count, all);
		for (const struct json_value *m = first; m && count <= EACH; m = m->next)
			if (severity_of(m) == severity)
				one_member(j, m, severity);
	}
}

/* What a room has found by itself. */
static void
found_by(struct joiner *j, const struct json_value *room)
{
	for (const struct json_value *given = items(room, "incidents"); given;
	     given = given->next) {
		struct incident *one = add(j, number_of(given, "severity"));
		if (one)
			one->given = given;
	}
}

/* What the meter did not hear is not in the bill: that has to be seen. */
static void
losses(struct joiner *j)
{
	double drops = number_of(j->parts->traffic, "kernel_drops");
	char text[TEXT];
	if (drops > 0) {
		snprintf(text, sizeof(text), "%.0f flow datagrams were dropped", drops);
		incident(j, WORTH_A_LOOK, text, "They came faster than the meter reads.",
			 "#/exporters");
	}
	for (const struct json_value *e = items(j->parts->traffic, "exporters"); e; e = e->next) {
		if (!json_read_is_true(json_read_get(e, "known")) ||
		    !json_read_is_null(json_read_get(e, "last_heard")))
			continue;
		snprintf(text, sizeof(text), "Nothing was heard from exporter %.80s",
			 text_of(e, "exporter"));
		incident(j, WORTH_A_LOOK, text, "Traffic at its ports is not counted.",
			 "#/exporters");
	}
}

static int
worse_first(const void *a, const void *b)
{
	const struct incident *x = *(const struct incident *const *)a;
	const struct incident *y = *(const struct incident *const *)b;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

static void
put_incident(struct json *out, const struct incident *one)
{
	if (one->given) {
		pass_on(out, NULL, one->given);
		return;
	}
	json_object(out, NULL);
	json_i64(out, "severity", (int64_t)one->severity);
	json_str(out, "text", one->text);
	json_str(out, "detail", *one->detail ? one->detail : NULL);
	json_str(out, "link", *one->link ? one->link : NULL);
	json_object_end(out);
}

/* The incidents, sorted and cut to what can be read. */
static void
put_incidents(struct json *out, struct joiner *j)
{
	rooms_down(j);
	members_down(j);
	found_by(j, j->parts->members);
	found_by(j, j->parts->corridor);
	losses(j);
	struct incident **order = arena_take(j->arena, (j->count + 1) * sizeof(struct incident *));
	size_t n = 0;
	j->failed |= !order;
	for (struct incident *one = j->list; one && order; one = one->next)
		order[n++] = one;
	if (n > 0)
		qsort(order, n, sizeof(struct incident *), worse_first);
	json_array(out, "incidents");
	for (size_t i = 0; i < n && i < WEB_INCIDENTS_MAX && !j->failed; i++)
		put_incident(out, order[i]);
	json_array_end(out);
}

/* --- the numbers --- */

struct tally {
	uint64_t members, members_up, sessions, sessions_up;
};

static struct tally
count_members(const struct json_value *members)
{
	struct tally t = {0};
	for (const struct json_value *m = items(members, "members"); m; m = m->next) {
		bool up = false;
		for (const struct json_value *s = items(m, "sessions"); s; s = s->next) {
			bool established = strcmp(text_of(s, "state"), "established") == 0;
			t.sessions++;
			t.sessions_up += established;
			up |= established;
		}
		t.members++;
		t.members_up += up;
	}
	return t;
}

static void
put_number(struct json *j, const char *key, const struct json_value *value)
{
	pass_on(j, key, value && value->type == JSON_NUMBER ? value : NULL);
}

/* The larger of the two directions, as the ledger bills it. */
static const struct json_value *
p95(const struct json_value *total)
{
	const struct json_value *in = json_read_get(total, "p95_in_bps");
	const struct json_value *out = json_read_get(total, "p95_out_bps");
	double in_bps, out_bps;
	if (!json_read_number(&in_bps, in) || !json_read_number(&out_bps, out))
		return NULL;
	return in_bps >= out_bps ? in : out;
}

static void
put_count(struct json *j, const char *key, bool known, uint64_t value)
{
	if (known)
		json_u64(j, key, value);
	else
		json_null(j, key);
}

static void
put_numbers(struct json *j, const struct web_parts *parts)
{
	struct tally t = count_members(parts->members);
	bool known = parts->members != NULL;
	json_object(j, "numbers");
	put_number(j, "now_bps", json_read_get(json_read_get(parts->traffic, "now"), "in_bps"));
	put_number(j, "p95_month_bps", p95(parts->total));
	put_count(j, "members_up", known, t.members_up);
	put_count(j, "members", known, t.members);
	put_count(j, "sessions_up", known, t.sessions_up);
	put_count(j, "sessions", known, t.sessions);
	put_number(j, "segments_over_85",
		   json_read_get(json_read_get(parts->corridor, "numbers"), "segments_over_85"));
	json_object_end(j);
}

int
web_overview_join(struct buf *out, const struct web_parts *parts)
{
	assert(out && parts);
	struct joiner joiner = {.parts = parts, .arena = arena_new()};
	struct json j = json_to(out);
	const struct json_value *hub = json_read_get(parts->status, "hub");
	if (!joiner.arena)
		return -1;
	json_object(&j, NULL);
	pass_on(&j, "hub", hub ? hub : json_read_get(parts->members, "hub"));
	pass_on(&j, "rooms", json_read_get(parts->status, "rooms"));
	pass_on(&j, "simulated", json_read_get(parts->status, "simulated"));
	put_incidents(&j, &joiner);
	put_numbers(&j, parts);
	pass_on(&j, "busiest", json_read_get(parts->corridor, "busiest"));
	json_object_end(&j);
	arena_free(joiner.arena);
	return joiner.failed || out->failed ? -1 : 0;
}
