/* Joining the overview. */
#include "web/web_overview.h"

#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "web/web_incidents.h"
#include "web/web_value.h"

enum { NOW_AND_THEN_MS = 10000, BOOKS_MS = 60000 };

/* A month's 95th does not run away, nor do debts. */
const struct web_question web_overview_questions[WEB_PARTS] = {
	[WEB_STATUS] = {{"show", "status"}, 2, 0},
	[WEB_MEMBERS] = {{"show", "members"}, 2, 0},
	[WEB_TRAFFIC] = {{"show", "traffic"}, 2, 0},
	[WEB_CORRIDOR] = {{"show", "overview"}, 2, 0},
	[WEB_TOTAL] = {{"show", "curve", "hub"}, 3, BOOKS_MS},
	[WEB_ALARMS] = {{"show", "alarms", "without-addresses"}, 3, 0},
	[WEB_PROPOSALS] = {{"show", "proposals", "without-addresses"}, 3, 0},
	[WEB_POLLS] = {{"show", "polls"}, 2, NOW_AND_THEN_MS},
	[WEB_LEDGER] = {{"show", "ledger"}, 2, NOW_AND_THEN_MS},
	[WEB_DISPUTES] = {{"ledger", "disputes"}, 2, BOOKS_MS},
	[WEB_AGED] = {{"ledger", "aged"}, 2, BOOKS_MS},
	[WEB_OWED] = {{"ledger", "aged", "payables"}, 3, BOOKS_MS},
};

/* --- the numbers --- */

struct tally {
	uint64_t members, members_up, sessions, sessions_up;
};

static struct tally
count_members(const struct json_value *members)
{
	struct tally t = {0};
	for (const struct json_value *m = web_items(members, "members"); m; m = m->next) {
		bool up = false;
		for (const struct json_value *s = web_items(m, "sessions"); s; s = s->next) {
			bool established = strcmp(web_text(s, "state"), "established") == 0;
			t.sessions++;
			t.sessions_up += established;
			up |= established;
		}
		t.members++;
		t.members_up += up;
	}
	return t;
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
	struct tally t = count_members(parts->of[WEB_MEMBERS]);
	bool known = parts->of[WEB_MEMBERS] != NULL;
	json_object(j, "numbers");
	web_pass_number(j, "now_bps",
			json_read_get(json_read_get(parts->of[WEB_TRAFFIC], "now"), "in_bps"));
	web_pass_number(j, "p95_month_bps", p95(parts->of[WEB_TOTAL]));
	put_count(j, "members_up", known, t.members_up);
	put_count(j, "members", known, t.members);
	put_count(j, "sessions_up", known, t.sessions_up);
	put_count(j, "sessions", known, t.sessions);
	web_pass_number(j, "segments_over_85",
			json_read_get(json_read_get(parts->of[WEB_CORRIDOR], "numbers"),
				      "segments_over_85"));
	json_object_end(j);
}

int
web_overview_join(struct buf *out, const struct web_parts *parts)
{
	assert(out && parts);
	struct json j = json_to(out);
	const struct json_value *hub = json_read_get(parts->of[WEB_STATUS], "hub");
	json_object(&j, NULL);
	web_pass_on(&j, "hub", hub ? hub : json_read_get(parts->of[WEB_MEMBERS], "hub"));
	web_pass_on(&j, "rooms", json_read_get(parts->of[WEB_STATUS], "rooms"));
	web_pass_on(&j, "simulated", json_read_get(parts->of[WEB_STATUS], "simulated"));
	int result = web_incidents_put(&j, parts);
	put_numbers(&j, parts);
	web_pass_on(&j, "busiest", json_read_get(parts->of[WEB_CORRIDOR], "busiest"));
	json_object_end(&j);
	return result < 0 || out->failed ? -1 : 0;
}

int
web_overview_public(struct buf *out, const struct web_parts *parts)
{
	assert(out && parts);
	struct json j = json_to(out);
	const struct json_value *hub = json_read_get(parts->of[WEB_STATUS], "hub");
	json_object(&j, NULL);
	web_pass_on(&j, "hub", hub ? hub : json_read_get(parts->of[WEB_MEMBERS], "hub"));
	web_pass_on(&j, "simulated", json_read_get(parts->of[WEB_STATUS], "simulated"));
	json_null(&j, "incidents");
	put_numbers(&j, parts);
	web_pass_on(&j, "busiest", json_read_get(parts->of[WEB_CORRIDOR], "busiest"));
	json_object_end(&j);
	return out->failed ? -1 : 0;
}
