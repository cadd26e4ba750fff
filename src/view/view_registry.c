/* What the registry shows. */
#include "view/view_registry.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "view/view_exchange_parts.h"
#include "view/view_text.h"

static const char *
state_name(const struct registry_item *item)
{
	enum registry_state state = registry_item_state(item);
	if (state == REGISTRY_HELD) /* there may be nothing in force yet */
		return "held";
	if (!item->good.there)
		return "none";
	return state == REGISTRY_STALE ? "stale" : "fresh";
}

static const char *
family_name(const struct registry_item *item)
{
	return item->family == IP_V4 ? "ipv4" : "ipv6";
}

/* When something is due, by the calendar; 0 while it is being done. */
static struct utc_s
due_at(const struct view_registry *view, struct mono_us due, bool asking)
{
	if (asking)
		return (struct utc_s){0};
	int64_t wait_us = due.us - view->now.mono.us;
	return (struct utc_s){view->now.utc.s + (wait_us > 0 ? wait_us / 1000000 : 0)};
}

static int64_t
age_s(const struct view_registry *view, struct utc_s t)
{
	return view->now.utc.s > t.s ? view->now.utc.s - t.s : 0;
}

struct tally {
	size_t fresh, stale, held, none;
	uint64_t prefixes, origins;
};

static struct tally
count_states(const struct registry_plan *plan)
{
	struct tally tally = {0};
	for (size_t i = 0; i < plan->count; i++) {
		const struct registry_item *item = plan->items[i];
		tally.prefixes += item->good.size.prefixes;
		tally.origins += item->good.size.origins;
		if (item->held.there)
			tally.held++;
		else if (!item->good.there)
			tally.none++;
		else if (item->failures)
			tally.stale++;
		else
			tally.fresh++;
	}
	return tally;
}

/* --- JSON --- */

static void
json_held(struct json *j, const struct view_registry *view, const struct registry_item *item)
{
	if (!item->held.there) {
		json_null(j, "held");
		return;
	}
	json_object(j, "held");
	json_u64(j, "prefixes", item->held.size.prefixes);
	json_u64(j, "origins", item->held.size.origins);
	json_str(j, "why", item->held_why);
	json_utc(j, "since", item->held.since);
	json_i64(j, "age_s", age_s(view, item->held.since));
	json_u64(j, "answers", item->held_answers);
	json_utc(j, "taken_at", registry_item_taken_at(item));
	json_object_end(j);
}

static void
json_members(struct json *j, const struct view_registry *view, const struct registry_item *item)
{
	json_array(j, "members");
	for (size_t i = 0; i < item->member_count; i++) {
		const struct hub_member *member = &view->hub->members[item->members[i]];
		json_object(j, NULL);
		json_u64(j, "asn", member->asn.number);
		json_str(j, "name", member->name);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
failed_json(struct json *j, uint64_t failures, const char *error)
{
	json_u64(j, "failures", failures);
	json_str(j, "last_error", failures ? error : NULL);
}

/* How many are kept, and since when; `count` NULL: nothing is. */
static void
kept_json(struct json *j, const struct view_registry *view, const char *key, const size_t *count,
	  struct utc_s fetched)
{
	if (!count) {
		json_null(j, key);
		json_null(j, "fetched");
		json_null(j, "age_s");
		return;
	}
	json_u64(j, key, *count);
	json_utc(j, "fetched", fetched);
	json_i64(j, "age_s", age_s(view, fetched));
}

static void
json_set(struct json *j, const struct view_registry *view, const struct registry_item *item)
{
	json_object(j, NULL);
	json_str(j, "set", item->name);
	json_str(j, "family", family_name(item));
	json_str(j, "state", state_name(item));
	if (item->good.there) {
		json_u64(j, "prefixes", item->good.size.prefixes);
		json_u64(j, "origins", item->good.size.origins);
		json_utc(j, "fetched", item->good.fetched);
		json_i64(j, "age_s", age_s(view, item->good.fetched));
		json_utc(j, "since", item->good.since);
	} else {
		json_null(j, "prefixes");
		json_null(j, "origins");
		json_null(j, "fetched");
		json_null(j, "age_s");
		json_null(j, "since");
	}
	json_bool(j, "asking", item->asking);
	json_utc(j, "next", due_at(view, item->due, item->asking));
	failed_json(j, item->failures, item->error);
	json_utc(j, "failed", item->failures ? item->failed : (struct utc_s){0});
	json_held(j, view, item);
	json_members(j, view, item);
	json_object_end(j);
}

static void
json_peeringdb(struct json *j, const struct view_registry *view)
{
	const struct registry_peeringdb *p = view->peeringdb;
	if (!view->hub->peeringdb.source) {
		json_null(j, "peeringdb");
		return;
	}
	json_object(j, "peeringdb");
	json_str(j, "source", view->hub->peeringdb.source);
	kept_json(j, view, "networks", p->there ? &p->known.count : NULL, p->fetched);
	json_bool(j, "asking", p->asking);
	json_utc(j, "next", due_at(view, p->due, p->asking));
	failed_json(j, p->failures, p->error);
	json_object_end(j);
}

static void
json_dump(struct json *j, const struct view_registry *view, enum registry_dump_kind kind)
{
	const struct registry_dump *dump = view->dumps[kind];
	const char *source = registry_dump_source(view->hub, kind);
	if (!source || !dump)
		return;
	json_object(j, NULL);
	json_str(j, "name", registry_dump_name(kind));
	json_str(j, "source", source);
	kept_json(j, view, "records", dump->there ? &dump->known.count : NULL, dump->fetched);
	json_bool(j, "asking", dump->asking);
	json_utc(j, "next", due_at(view, dump->due, dump->asking));
	failed_json(j, dump->failures, dump->error);
	json_object_end(j);
}

static void
show_json(struct buf *out, const struct view_registry *view, const char *only)
{
	const struct hub_irr *irr = &view->hub->irr;
	struct tally tally = count_states(view->plan);
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_object(&j, "irr");
	json_bool(&j, "enabled", irr->enabled);
	json_str(&j, "host", irr->enabled ? irr->host : NULL);
	json_str(&j, "sources", irr->enabled ? irr->sources : NULL);
	json_u64(&j, "refresh_s", irr->refresh_s);
	json_u64(&j, "asking", view->plan->asking);
	json_u64(&j, "fresh", tally.fresh);
	json_u64(&j, "stale", tally.stale);
	json_u64(&j, "held", tally.held);
	json_u64(&j, "none", tally.none);
	json_object_end(&j);
	json_peeringdb(&j, view);
	json_array(&j, "whois");
	for (unsigned kind = 0; kind < REGISTRY_DUMPS; kind++)
		json_dump(&j, view, (enum registry_dump_kind)kind);
	json_array_end(&j);
	json_array(&j, "sets");
	for (size_t i = 0; i < view->plan->count; i++)
		if (!only || strcmp(only, view->plan->items[i]->name) == 0)
			json_set(&j, view, view->plan->items[i]);
	json_array_end(&j);
	json_object_end(&j);
	buf_u8(out, '\n');
}

/* --- text --- */

static void
text_count(struct buf *out, bool there, uint32_t count, int width)
{
	char text[16] = "-";
	if (there)
		(void)snprintf(text, sizeof(text), "%" PRIu32, count);
	view_cell(out, text, width);
}

static void
text_remarks(struct buf *out, const struct view_registry *view, const struct registry_item *item)
{
	char text[3 * REGISTRY_WHY], since[CLOCK_TEXT], until[CLOCK_TEXT];
	enum { INDENT = 4 };
	if (item->held.there) {
		struct utc_s taken = registry_item_taken_at(item);
		(void)snprintf(text, sizeof(text),
			       "held since %s: %s; taken %s%s`registry accept %s`",
			       utc_format(since, item->held.since), item->held_why,
			       taken.s ? utc_format(until, taken) : "",
			       taken.s ? ", or by " : "by ", item->name);
		buf_printf(out, "%*s", INDENT, "");
		view_wrapped(out, text, INDENT, INDENT);
	}
	if (item->failures) {
		char age[VIEW_AGE_TEXT];
		(void)snprintf(text, sizeof(text), "failed %u time%s, the last %s ago: %s",
			       item->failures, item->failures == 1 ? "" : "s",
			       view_age(age, age_s(view, item->failed)), item->error);
		buf_printf(out, "%*s", INDENT, "");
		view_wrapped(out, text, INDENT, INDENT);
	}
}

static void
text_set(struct buf *out, const struct view_registry *view, const struct registry_item *item)
{
	char age[VIEW_AGE_TEXT] = "-", next[VIEW_AGE_TEXT] = "now";
	if (item->good.there)
		(void)view_age(age, age_s(view, item->good.fetched));
	if (!item->asking)
		(void)view_age(next, due_at(view, item->due, false).s - view->now.utc.s);
	view_cell(out, item->name, 32);
	buf_u8(out, ' ');
	view_cell(out, family_name(item), 4);
	text_count(out, item->good.there, item->good.size.prefixes, -9);
	text_count(out, item->good.there, item->good.size.origins, -8);
	buf_u8(out, ' ');
	view_cell(out, state_name(item), 5);
	view_cell(out, age, -10);
	view_cell(out, next, -10);
	view_end_line(out);
	text_remarks(out, view, item);
}

static void
text_members(struct buf *out, const struct view_registry *view, const struct registry_item *item)
{
	for (size_t i = 0; i < item->member_count; i++) {
		const struct hub_member *member = &view->hub->members[item->members[i]];
		char line[VIEW_COMPLAINT_TEXT];
		(void)snprintf(line, sizeof(line), "%s, AS%" PRIu32, member->name,
			       member->asn.number);
		view_field(out, i ? "" : "members", line);
	}
}

static void
text_peeringdb(struct buf *out, const struct view_registry *view)
{
	const struct registry_peeringdb *p = view->peeringdb;
	char age[VIEW_AGE_TEXT], line[512];
	if (!view->hub->peeringdb.source) {
		view_field(out, "PeeringDB", "not used: the hub file has no `peeringdb:`");
		return;
	}
	int length = snprintf(line, sizeof(line), "%.100s: ", view->hub->peeringdb.source);
	size_t used = length > 0 ? (size_t)length : 0;
	if (p->there)
		length = snprintf(line + used, sizeof(line) - used, "%zu networks, %s ago",
				  p->known.count, view_age(age, age_s(view, p->fetched)));
	else
		length = snprintf(line + used, sizeof(line) - used, "nothing yet");
	used += length > 0 ? (size_t)length : 0;
	if (p->failures)
		(void)snprintf(line + used, sizeof(line) - used, "; failed %u time%s: %s",
			       p->failures, p->failures == 1 ? "" : "s", p->error);
	view_field(out, "PeeringDB", line);
}

static void
text_dump(struct buf *out, const struct view_registry *view, enum registry_dump_kind kind)
{
	const struct registry_dump *dump = view->dumps[kind];
	const char *source = registry_dump_source(view->hub, kind);
	char age[VIEW_AGE_TEXT];
	struct buf line = {0};
	if (!source || !dump)
		return;
	buf_printf(&line, "%.100s: ", source);
	if (dump->there)
		buf_printf(&line, "%zu prefixes with their origins, %s ago", dump->known.count,
			   view_age(age, age_s(view, dump->fetched)));
	else
		buf_str(&line, "nothing yet");
	if (dump->failures)
		buf_printf(&line, "; failed %u time%s: %s", dump->failures,
			   dump->failures == 1 ? "" : "s", dump->error);
	buf_u8(&line, '\0');
	if (!line.failed)
		view_field(out, registry_dump_name(kind), (const char *)line.data);
	buf_fini(&line);
}

static void
text_head(struct buf *out, const struct view_registry *view)
{
	const struct hub_irr *irr = &view->hub->irr;
	char line[512];
	if (!irr->enabled) {
		view_field(out, "registries", "not asked: the hub file has no `irr:`");
		return;
	}
	struct tally tally = count_states(view->plan);
	(void)snprintf(line, sizeof(line), "%.200s, %s%.100s, every %" PRIu32 " s", irr->host,
		       irr->sources ? "sources " : "all its sources",
		       irr->sources ? irr->sources : "", irr->refresh_s);
	view_field(out, "registries", line);
	(void)snprintf(line, sizeof(line),
		       "%zu fresh, %zu stale, %zu held, %zu unknown; %" PRIu64
		       " prefixes, %zu asked about now",
		       tally.fresh, tally.stale, tally.held, tally.none, tally.prefixes,
		       view->plan->asking);
	view_field(out, "sets", line);
}

static void
show_text(struct buf *out, const struct view_registry *view, const char *only)
{
	if (!only) {
		text_head(out, view);
		text_peeringdb(out, view);
		for (unsigned kind = 0; kind < REGISTRY_DUMPS; kind++)
			text_dump(out, view, (enum registry_dump_kind)kind);
	}
	if (view->plan->count && !only)
		buf_str(out, "\n");
	if (view->plan->count)
		buf_printf(out, "%-32s %-4s%9s%8s %-5s%10s%10s\n", "set", "", "prefixes", "origins",
			   "state", "age", "next");
	for (size_t i = 0; i < view->plan->count; i++) {
		const struct registry_item *item = view->plan->items[i];
		if (only && strcmp(only, item->name) != 0)
			continue;
		text_set(out, view, item);
		if (only)
			text_members(out, view, item);
	}
}

/* --- CSV and metrics --- */

static void
show_csv(struct buf *out, const struct view_registry *view, const char *only)
{
	buf_str(out, "set,family,state,prefixes,origins,age_s,failures,last_error,held\n");
	for (size_t i = 0; i < view->plan->count; i++) {
		const struct registry_item *item = view->plan->items[i];
		if (only && strcmp(only, item->name) != 0)
			continue;
		buf_printf(out, "%s,%s,%s,", item->name, family_name(item), state_name(item));
		if (item->good.there)
			buf_printf(out, "%" PRIu32 ",%" PRIu32 ",%" PRId64,
				   item->good.size.prefixes, item->good.size.origins,
				   age_s(view, item->good.fetched));
		else
			buf_str(out, ",,");
		buf_printf(out, ",%u,", item->failures);
		view_csv_field(out, item->failures ? item->error : "");
		buf_u8(out, ',');
		view_csv_field(out, item->held_why);
		buf_u8(out, '\n');
	}
}

static void
metric(struct buf *out, const char *name, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void
show_metrics(struct buf *out, const struct view_registry *view)
{
	struct tally tally = count_states(view->plan);
	int64_t oldest = 0;
	for (size_t i = 0; i < view->plan->count; i++) {
		const struct registry_known *good = &view->plan->items[i]->good;
		if (good->there && age_s(view, good->fetched) > oldest)
			oldest = age_s(view, good->fetched);
	}
	metric(out, "sarai_registry_sets", "AS-SETs by what their last answer is worth.");
	buf_printf(out,
		   "sarai_registry_sets{state=\"fresh\"} %zu\n"
		   "sarai_registry_sets{state=\"stale\"} %zu\n"
		   "sarai_registry_sets{state=\"held\"} %zu\n"
		   "sarai_registry_sets{state=\"none\"} %zu\n",
		   tally.fresh, tally.stale, tally.held, tally.none);
	metric(out, "sarai_registry_prefixes", "Prefixes of all sets in force.");
	buf_printf(out, "sarai_registry_prefixes %" PRIu64 "\n", tally.prefixes);
	metric(out, "sarai_registry_oldest_seconds", "Age of the oldest answer in force.");
	buf_printf(out, "sarai_registry_oldest_seconds %" PRId64 "\n", oldest);
	if (!view->peeringdb->there)
		return;
	metric(out, "sarai_peeringdb_networks", "Networks known from PeeringDB.");
	buf_printf(out, "sarai_peeringdb_networks %zu\n", view->peeringdb->known.count);
	metric(out, "sarai_peeringdb_age_seconds", "Age of what PeeringDB said.");
	buf_printf(out, "sarai_peeringdb_age_seconds %" PRId64 "\n",
		   age_s(view, view->peeringdb->fetched));
}

int
view_registry_answer(struct buf *out, const struct view_registry *view, enum view_form form,
		     const char *const *words, size_t count, struct view_complaint *complaint)
{
	char name[REGISTRY_NAME];
	if (count > 0 && strcmp(words[0], "metrics") == 0) {
		show_metrics(out, view);
		return 0;
	}
	if (count > 3)
		return view_complain(complaint, 400, "expected: show registry [SET]");
	if (count == 3 &&
	    (!registry_name(name, words[2]) || (!registry_plan_find(view->plan, name, IP_V4) &&
						!registry_plan_find(view->plan, name, IP_V6))))
		return view_complain(complaint, 404, "no such set is asked about: %.100s",
				     words[2]);
	const char *only = count == 3 ? name : NULL;
	if (form == VIEW_JSON)
		show_json(out, view, only);
	else if (form == VIEW_CSV)
		show_csv(out, view, only);
	else
		show_text(out, view, only);
	return out->failed ? view_complain(complaint, 500, "out of memory") : 0;
}
