/* What the registry shows: numbers, ages, what is held and why, in 80 columns and as JSON. */
#include "view/view_registry.h"

#include <jansson.h>
#include <stdlib.h>

#include "tap.h"

static struct hub_session sessions[] = {{.ipv4 = true}, {.ipv4 = true}, {.ipv4 = true}};
static struct hub_member members[] = {
	{.asn = {64501}, .name = "One", .as_set = "AS-FRESH", .session_count = 1},
	{.asn = {64502},
	 .name = "Two",
	 .as_set = "AS-HELD",
	 .first_session = 1,
	 .session_count = 1},
	{.asn = {64503},
	 .name = "Three",
	 .as_set = "RIPE::AS64503:AS-A-NAME-THAT-IS-LONGER-THAN-ITS-COLUMN",
	 .first_session = 2,
	 .session_count = 1},
};
static struct hub hub = {
	.members = members,
	.member_count = 3,
	.sessions = sessions,
	.session_count = 3,
	.irr = {.enabled = true,
		.host = "rr.example",
		.refresh_s = 21600,
		.shrink_percent = 50,
		.at_once = 4,
		.prefixes_max = 10000},
	.peeringdb = {.source = "https://pdb.example/api"},
};
static struct registry_plan plan;
static struct registry_peeringdb peeringdb;
static struct registry_moment now = {{5000000}, {1700000000}};

static struct buf
show(enum view_form form, const char *set, int *status)
{
	const char *words[] = {"show", "registry", set};
	struct view_registry view = {&hub, &plan, &peeringdb, now, {NULL}};
	struct view_complaint complaint = {0};
	struct buf out = {0};
	int result = view_registry_answer(&out, &view, form, words, set ? 3 : 2, &complaint);
	*status = result < 0 ? complaint.status : 0;
	buf_u8(&out, '\0');
	return out;
}

static void
answer(const char *name, uint32_t prefixes, uint32_t origins, uint64_t hash)
{
	struct registry_item *item = registry_plan_find(&plan, name, IP_V4);
	struct buf none = {0};
	registry_plan_refresh(item, (struct mono_us){1});
	while (!item->asking)
		if (!registry_plan_next(&plan, now.mono))
			abort();
	(void)registry_plan_answered(&plan, item, (struct registry_size){prefixes, origins, hash},
				     &none, now);
}

static void
make_up(void)
{
	registry_plan_init(&plan, 1);
	if (registry_plan_use(&plan, &hub, now) < 0)
		abort();
	answer("AS-FRESH", 1234, 56, 1);
	answer("AS-HELD", 100, 10, 2);
	now.utc.s += 90061;
	answer("AS-HELD", 0, 0, 3);
	while (registry_plan_next(&plan, now.mono))
		;
	for (size_t i = 0; i < plan.count; i++)
		if (!plan.items[i]->asking)
			plan.items[i]->due = mono_add_ms(now.mono, 3600000);
	for (size_t i = 0; i < plan.count; i++)
		if (plan.items[i]->asking)
			registry_plan_failed(
				&plan, plan.items[i],
				"All attempts to connect rr.example failed, last error: "
				"Connection refused",
				now);
	registry_peeringdb_failed(&peeringdb, "HTTP status 503", 86400, now);
}

static const json_t *
set_of(const json_t *answer, const char *name)
{
	size_t i;
	json_t *set;
	json_array_foreach(json_object_get(answer, "sets"), i,
			   set) if (strcmp(json_string_value(json_object_get(set, "set")), name) ==
				    0) return set;
	return NULL;
}

static long long
number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	return json_is_integer(value) ? json_integer_value(value) : -1;
}

static void
as_json(void)
{
	int status;
	struct buf out = show(VIEW_JSON, NULL, &status);
	json_t *answer = json_loads((char *)out.data, JSON_REJECT_DUPLICATES, NULL);
	ok(status == 0 && answer, "the answer is JSON");
	const json_t *irr = json_object_get(answer, "irr");
	ok(number(irr, "fresh") == 1 && number(irr, "held") == 1 && number(irr, "none") == 1 &&
		   number(irr, "stale") == 0,
	   "sets are counted by state");
	const json_t *fresh = set_of(answer, "AS-FRESH");
	ok(number(fresh, "prefixes") == 1234 && number(fresh, "age_s") == 90061 &&
		   json_is_null(json_object_get(fresh, "held")) &&
		   json_is_null(json_object_get(fresh, "last_error")),
	   "a set is shown with its age");
	is_str(json_string_value(json_object_get(fresh, "fetched")), "2023-11-14T22:13:20Z",
	       "and when that was");
	const json_t *held = json_object_get(set_of(answer, "AS-HELD"), "held");
	ok(number(held, "prefixes") == 0 && number(held, "answers") == 1 &&
		   number(set_of(answer, "AS-HELD"), "prefixes") == 100,
	   "a held answer is shown beside what is in force");
	is_str(json_string_value(json_object_get(held, "why")), "no prefixes, where there were 100",
	       "and why it is held");
	is_str(json_string_value(json_object_get(held, "taken_at")), "2023-11-18T23:14:21Z",
	       "and until when");
	const json_t *none =
		set_of(answer, "RIPE::AS64503:AS-A-NAME-THAT-IS-LONGER-THAN-ITS-COLUMN");
	ok(json_is_null(json_object_get(none, "prefixes")) && number(none, "failures") >= 1,
	   "what is not known is null, not 0");
	const json_t *pdb = json_object_get(answer, "peeringdb");
	ok(json_is_null(json_object_get(pdb, "networks")) && number(pdb, "failures") == 1,
	   "so are PeeringDB's networks");
	json_decref(answer);
	buf_fini(&out);

	out = show(VIEW_JSON, "as-held", &status);
	answer = json_loads((char *)out.data, 0, NULL);
	ok(json_array_size(json_object_get(answer, "sets")) == 1, "one set can be asked for");
	json_decref(answer);
	buf_fini(&out);
	out = show(VIEW_JSON, "AS-NOBODY", &status);
	is_int(status, 404, "but not one that is not there");
	buf_fini(&out);
}

static void
as_text(void)
{
	int status;
	struct buf out = show(VIEW_TEXT, NULL, &status);
	bool fits = true;
	for (char *line = (char *)out.data; *line;) {
		size_t length = strcspn(line, "\n");
		fits = fits && length <= 82; /* an ellipsis is three octets in one column */
		line += length + (line[length] == '\n');
	}
	ok(status == 0 && fits, "the text fits into 80 columns");
	const char *text = (const char *)out.data;
	ok(strstr(text, "1 fresh, 0 stale, 1 held, 1 unknown") != NULL, "it begins with a summary");
	ok(strstr(text, "AS-FRESH                         ipv4     1234      56 fresh    1d 01h") !=
		   NULL,
	   "a line a set");
	ok(strstr(text, "held since 2023-11-15T23:14:21Z: no prefixes, where there were 100;") &&
		   strstr(text, "`registry accept AS-HELD`"),
	   "what is held, why, and what the operator can do");
	ok(strstr(text, "nothing yet; failed 1 time: HTTP") != NULL,
	   "and what is wrong with PeeringDB");
	buf_fini(&out);
	out = show(VIEW_TEXT, "AS-HELD", &status);
	ok(strstr((char *)out.data, "Two, AS64502") && !strstr((char *)out.data, "AS-FRESH"),
	   "one set with its members");
	buf_fini(&out);
	out = show(VIEW_CSV, NULL, &status);
	ok(strstr((char *)out.data,
		  "AS-HELD,ipv4,held,100,10,90061,0,,\"no prefixes, where there were 100\"\n"),
	   "CSV is quoted");
	buf_fini(&out);
}

int
main(void)
{
	for (size_t i = 0; i < 3; i++)
		members[i].policy.irr.prefix = HUB_CHECK_REFUSE;
	make_up();
	as_json();
	as_text();
	registry_plan_fini(&plan);
	return done_testing();
}
