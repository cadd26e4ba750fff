/* What the poller shows. */
#include "view/view_poller.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "view/view_text.h"

static void
device_json(struct json *j, const struct poller_device_report *d)
{
	json_object(j, NULL);
	json_str(j, "exporter", d->exporter);
	json_ip(j, "address", d->address);
	json_u64(j, "ports", d->ports);
	json_u64(j, "found", d->found);
	json_u64(j, "walks", d->walks);
	json_u64(j, "failures", d->failures);
	json_u64(j, "answers", d->answers);
	json_u64(j, "timeouts", d->timeouts);
	json_u64(j, "walk_ms", d->walk_ms);
	json_utc(j, "last_good", d->last_good);
	json_str(j, "trouble", d->trouble[0] ? d->trouble : NULL);
	json_object_end(j);
}

static void
show_json(struct buf *out, const struct view_poller *view)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_array(&j, "polls");
	for (size_t i = 0; i < view->count; i++)
		device_json(&j, &view->devices[i]);
	json_array_end(&j);
	json_object(&j, "readings");
	json_u64(&j, "waiting", view->outbox.waiting);
	json_u64(&j, "taken", view->outbox.taken);
	json_u64(&j, "refused", view->outbox.refused);
	json_u64(&j, "forgotten", view->outbox.forgotten);
	json_object_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
number_cell(struct buf *out, uint64_t number, int width)
{
	char text[24];
	(void)snprintf(text, sizeof(text), "%" PRIu64, number);
	view_cell(out, text, width);
}

static void
show_text(struct buf *out, const struct view_poller *view)
{
	if (!view->count) {
		buf_str(out, "no exporter of the hub file has an `snmp:`\n");
		return;
	}
	view_cell(out, "exporter", 20);
	view_cell(out, "last good", 21);
	view_cell(out, "ports", -6);
	view_cell(out, "found", -7);
	view_cell(out, "walks", -10);
	view_cell(out, "failed", -8);
	view_cell(out, "ms", -8);
	view_end_line(out);
	for (size_t i = 0; i < view->count; i++) {
		const struct poller_device_report *d = &view->devices[i];
		char when[CLOCK_TEXT];
		view_cell(out, d->exporter, 19);
		buf_str(out, " ");
		view_cell(out, d->last_good.s ? utc_format(when, d->last_good) : "never", 21);
		number_cell(out, d->ports, -6);
		number_cell(out, d->found, -7);
		number_cell(out, d->walks, -10);
		number_cell(out, d->failures, -8);
		number_cell(out, d->walk_ms, -8);
		view_end_line(out);
		if (d->trouble[0])
			buf_printf(out, "    %s\n", d->trouble);
	}
	if (view->outbox.waiting)
		buf_printf(out, "%zu readings wait for the meter\n", view->outbox.waiting);
}

/* --- Prometheus --- */

static void
head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
each(struct buf *out, const struct view_poller *view, const char *name, const char *type,
     const char *help, uint64_t (*value)(const struct poller_device_report *))
{
	head(out, name, type, help);
	for (size_t i = 0; i < view->count; i++)
		buf_printf(out, "%s{exporter=\"%s\"} %" PRIu64 "\n", name,
			   view->devices[i].exporter, value(&view->devices[i]));
}

static uint64_t
walks_of(const struct poller_device_report *d)
{
	return d->walks;
}

static uint64_t
failures_of(const struct poller_device_report *d)
{
	return d->failures;
}

static uint64_t
missing_of(const struct poller_device_report *d)
{
	return d->ports - d->found;
}

static uint64_t
up_of(const struct poller_device_report *d)
{
	return d->last_good.s && !d->trouble[0];
}

static void
show_metrics(struct buf *out, const struct view_poller *view)
{
	each(out, view, "sarai_snmp_walks_total", "counter", "Walks that were whole.", walks_of);
	each(out, view, "sarai_snmp_failures_total", "counter", "Walks that were given up.",
	     failures_of);
	each(out, view, "sarai_snmp_ports_missing", "gauge",
	     "Ports whose interface the last walk did not find.", missing_of);
	each(out, view, "sarai_snmp_up", "gauge", "Whether the last walk was whole.", up_of);
	head(out, "sarai_snmp_readings_waiting", "gauge", "Readings that wait for the meter.");
	buf_printf(out, "sarai_snmp_readings_waiting %zu\n", view->outbox.waiting);
	head(out, "sarai_snmp_readings_forgotten_total", "counter",
	     "Readings given up for newer ones while the meter was away.");
	buf_printf(out, "sarai_snmp_readings_forgotten_total %" PRIu64 "\n",
		   view->outbox.forgotten);
}

int
view_poller_answer(struct buf *out, const struct view_poller *view, enum view_form form,
		   const char *const *words, size_t count, struct view_complaint *complaint)
{
	if (count == 2 && strcmp(words[0], "metrics") == 0)
		show_metrics(out, view);
	else if (count != 2 || strcmp(words[0], "show") != 0 || strcmp(words[1], "polls") != 0)
		return view_complain(complaint, 400, "expected: show polls");
	else if (form == VIEW_JSON)
		show_json(out, view);
	else if (form == VIEW_TEXT)
		show_text(out, view);
	else
		return view_complain(complaint, 400, "show polls has no CSV");
	return 0;
}
