/* What the RPKI says here: where its data comes from, how much of it there is, and what routes got of it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "exchange/rpki/rpki_table.h"
#include "exchange/rpki_io.h"
#include "view/view_exchange_parts.h"
#include "view/view_text.h"

void
view_states_add(struct view_states *states, const struct rib_path_view *path)
{
	enum rpki_state state = policy_state_rpki(path->rpki);
	states->stale += path->stale;
	if (state <= RPKI_INVALID_LENGTH)
		(path->refused ? states->refused : states->accepted)[state]++;
}

/* --- JSON --- */

static void
sources_json(struct json *j, const struct rpki_table *table)
{
	json_array(j, "sources");
	for (unsigned i = 0; table && i < RPKI_SOURCES_MAX; i++) {
		const char *name = rpki_source_name(table, i);
		if (!name)
			continue;
		struct rpki_source_state state = rpki_source_state(table, i);
		json_object(j, NULL);
		json_str(j, "name", name);
		json_bool(j, "complete", state.complete);
		json_bool(j, "alive", state.alive);
		json_bool(j, "in_use", state.in_use);
		json_u64(j, "vrps_ipv4", state.vrps_ipv4);
		json_u64(j, "vrps_ipv6", state.vrps_ipv6);
		json_u64(j, "aspas", state.aspas);
		json_object_end(j);
	}
	json_array_end(j);
}

enum { REPORTS_MAX = 3 * 64 };

static void
utc_json(struct json *j, const char *key, const struct exchange *x, struct mono_us at)
{
	char text[CLOCK_TEXT];
	if (at.us)
		json_str(j, key, utc_format(text, exchange_utc(x, at)));
	else
		json_null(j, key);
}

static void
cache_json(struct json *j, const struct exchange *x, const struct rpki_report *report)
{
	const struct rtr_status *rtr = &report->rtr;
	json_object(j, NULL);
	json_str(j, "name", report->name);
	json_str(j, "host", report->host);
	json_u64(j, "port", report->port);
	json_u64(j, "preference", report->preference);
	json_str(j, "state", rtr_state_name(rtr->state));
	json_bool(j, "in_use", report->data.in_use);
	json_u64(j, "version", rtr->version);
	if (rtr->has_session) {
		json_u64(j, "session_id", rtr->session_id);
		json_u64(j, "serial", rtr->serial);
	}
	utc_json(j, "updated", x, rtr->updated);
	utc_json(j, "next_try", x, rtr->next_try);
	utc_json(j, "expires", x, rtr->expires);
	json_u64(j, "errors_sent", rtr->errors_sent);
	json_u64(j, "errors_received", rtr->errors_received);
	json_str(j, "last_error", *report->error ? report->error : NULL);
	json_object_end(j);
}

static void
file_json(struct json *j, const struct rpki_report *report)
{
	char text[CLOCK_TEXT];
	json_object(j, NULL);
	json_str(j, "path", report->name);
	json_str(j, "kind", report->kind == RPKI_REPORT_SLURM ? "slurm" : "vrps");
	json_str(j, "modified", report->modified.s ? utc_format(text, report->modified) : NULL);
	json_str(j, "last_error", *report->error ? report->error : NULL);
	json_object_end(j);
}

static void
reports_json(struct json *j, const struct exchange *x)
{
	struct rpki_report reports[REPORTS_MAX];
	size_t count = exchange_rpki_reports(x, reports, REPORTS_MAX);
	json_array(j, "caches");
	for (size_t i = 0; i < count; i++)
		if (reports[i].kind == RPKI_REPORT_CACHE)
			cache_json(j, x, &reports[i]);
	json_array_end(j);
	json_array(j, "files");
	for (size_t i = 0; i < count; i++)
		if (reports[i].kind != RPKI_REPORT_CACHE)
			file_json(j, &reports[i]);
	json_array_end(j);
}

static void
states_json(struct json *j, const char *key, const uint32_t *states)
{
	json_object(j, key);
	json_u64(j, "valid", states[RPKI_VALID]);
	json_u64(j, "unknown", states[RPKI_UNKNOWN]);
	json_u64(j, "invalid_origin", states[RPKI_INVALID_AS]);
	json_u64(j, "invalid_length", states[RPKI_INVALID_LENGTH]);
	json_u64(j, "not_checked", states[RPKI_NOT_CHECKED]);
	json_object_end(j);
}

static void
rpki_json(struct buf *out, const struct exchange *x, const struct rpki_table *table,
	  const struct view_states *states)
{
	struct rpki_counts counts = table ? rpki_counts(table) : (struct rpki_counts){0};
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_bool(&j, "ready", table && rpki_ready(table));
	json_u64(&j, "vrps_ipv4", counts.vrps_ipv4);
	json_u64(&j, "vrps_ipv6", counts.vrps_ipv6);
	json_u64(&j, "aspas", counts.aspas);
	json_u64(&j, "filtered", counts.filtered);
	json_u64(&j, "asserted", counts.asserted);
	json_u64(&j, "memory", table ? rpki_memory(table) : 0);
	sources_json(&j, table);
	reports_json(&j, x);
	states_json(&j, "accepted", states->accepted);
	states_json(&j, "refused", states->refused);
	json_object_end(&j);
	buf_str(out, "\n");
}

/* --- text --- */

static void
sources_text(struct buf *out, const struct rpki_table *table)
{
	buf_str(out,
		"\n  SOURCE                      STATE           IPV4 VRPS  IPV6 VRPS   ASPAS\n");
	for (unsigned i = 0; i < RPKI_SOURCES_MAX; i++) {
		const char *name = rpki_source_name(table, i);
		if (!name)
			continue;
		struct rpki_source_state state = rpki_source_state(table, i);
		const char *words = !state.alive      ? "lost"
				    : !state.complete ? "incomplete"
				    : state.in_use    ? "in use"
						      : "in reserve";
		buf_str(out, state.in_use ? "* " : "  ");
		view_cell(out, name, 28);
		view_cell(out, words, 14);
		buf_printf(out, "%11" PRIu32 "%11" PRIu32 "%8" PRIu32 "\n", state.vrps_ipv4,
			   state.vrps_ipv6, state.aspas);
	}
}

static void
states_text(struct buf *out, const char *label, const uint32_t *states)
{
	struct buf words = {0};
	buf_printf(&words,
		   "%" PRIu32 " valid, %" PRIu32 " unknown, %" PRIu32 " invalid by origin, %" PRIu32
		   " invalid by length, %" PRIu32 " not checked",
		   states[RPKI_VALID], states[RPKI_UNKNOWN], states[RPKI_INVALID_AS],
		   states[RPKI_INVALID_LENGTH], states[RPKI_NOT_CHECKED]);
	view_label(out, label, &words);
	buf_fini(&words);
}

/* How each cache is reached, and what is wrong with it or a file. */
static void
reports_text(struct buf *out, const struct exchange *x)
{
	struct rpki_report reports[REPORTS_MAX];
	char age[VIEW_AGE_TEXT];
	size_t count = exchange_rpki_reports(x, reports, REPORTS_MAX);
	for (size_t i = 0; i < count; i++) {
		const struct rpki_report *report = &reports[i];
		const struct rtr_status *rtr = &report->rtr;
		struct buf words = {0};
		if (report->kind == RPKI_REPORT_CACHE) {
			buf_printf(&words, "%s port %u, %s, version %u", report->host, report->port,
				   rtr_state_name(rtr->state), rtr->version);
			if (rtr->has_session)
				buf_printf(&words, ", serial %" PRIu32, rtr->serial);
			if (rtr->updated.us)
				buf_printf(&words, ", updated %s ago",
					   view_age(age, exchange_now(x).s -
								 exchange_utc(x, rtr->updated).s));
		} else if (*report->error) {
			buf_str(&words, "a file");
		}
		if (*report->error)
			buf_printf(&words, "; last error: %s", report->error);
		if (words.length)
			view_label(out, report->name, &words);
		buf_fini(&words);
	}
}

static bool
has_sources(const struct rpki_table *table)
{
	for (unsigned i = 0; i < RPKI_SOURCES_MAX; i++)
		if (rpki_source_name(table, i))
			return true;
	return false;
}

static void
rpki_text(struct buf *out, const struct exchange *x, const struct rpki_table *table,
	  const struct view_states *states)
{
	if (!table || !has_sources(table)) {
		buf_str(out, "No RPKI data: the hub file names neither a cache (`rpki:`) nor a "
			     "file\n(`validation:`). Nothing is checked, and so nothing is "
			     "invalid.\n");
	} else {
		struct rpki_counts counts = rpki_counts(table);
		buf_printf(out,
			   "RPKI data is %s: %" PRIu32 " IPv4 VRPs, %" PRIu32 " IPv6 VRPs, %" PRIu32
			   " ASPAs in effect\n",
			   rpki_ready(table) ? "complete" : "not complete yet", counts.vrps_ipv4,
			   counts.vrps_ipv6, counts.aspas);
		if (counts.filtered || counts.asserted)
			buf_printf(out,
				   "%" PRIu32 " taken out and %" PRIu32
				   " put in by SLURM files (RFC 8416)\n",
				   counts.filtered, counts.asserted);
		sources_text(out, table);
		reports_text(out, x);
	}
	buf_str(out, "\nRoutes by what it says of them\n");
	states_text(out, "accepted", states->accepted);
	states_text(out, "refused", states->refused);
}

struct counted {
	struct view_count count; /* first */
	struct view_states states;
};

static void
add(void *count, const struct rib_path_view *path)
{
	view_states_add(&((struct counted *)count)->states, path);
}

static void
write_answer(struct view_count *count, struct exchange *x, struct buf *out)
{
	const struct rpki_table *table = exchange_sources(x)->rpki;
	const struct counted *counted = (const struct counted *)count;
	if (count->form == VIEW_JSON)
		rpki_json(out, x, table, &counted->states);
	else
		rpki_text(out, x, table, &counted->states);
}

int
view_rpki(struct view_exchange_rest **rest, enum view_form form)
{
	struct view_count kind = {.form = form, .add = add, .write = write_answer};
	return view_count_new(sizeof(struct counted), &kind, rest) ? 0 : -1;
}
