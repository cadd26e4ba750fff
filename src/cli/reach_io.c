/* `corridor reach`: files in, plan, files out. The plan takes seconds and is made here: a running hub
 * only says what is wanted. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buf_io.h"
#include "cli/cli_parts.h"
#include "cli/reach.h"
#include "cli/reach_plan_io.h"
#include "hub/hub_file_io.h"
#include "hub/hub_report.h"
#include "view/view_corridor_reach.h"
#include "view/view_corridor_reach_settings.h"

static bool
ends_with(const char *path, const char *end)
{
	size_t length = strlen(path), wanted = strlen(end);
	return length >= wanted && strcmp(path + length - wanted, end) == 0;
}

static void
print_report(const struct hub_report *report)
{
	struct buf out = {0};
	hub_report_print(report, &out);
	buf_write(&out, stderr);
	buf_fini(&out);
}

/* --- what is wanted --- */

/* The hub of --hub FILE, or of the running one. NULL, and said why; then *status is to be returned. */
static struct hub *
find_hub(const struct cli *cli, const char *file, int *status)
{
	struct hub *hub = NULL;
	if (file) {
		struct hub_report report;
		hub = hub_file_read(file, hub_file_disk(), &report);
		if (!hub)
			print_report(&report);
		hub_report_fini(&report);
		*status = CLI_REFUSED;
		return hub;
	}
	const char *words[] = {"corridor", "reach"};
	struct buf text = {0};
	char kind[256];
	*status = ask_text(cli, CONTROL_JSON, &text, kind, words, 2);
	if (*status == CLI_OK) {
		hub = view_reach_settings_read((const char *)text.data, text.length);
		*status = CLI_REFUSED;
		if (!hub)
			fprintf(stderr, "sarai: the hub's answer was not understood\n");
	}
	buf_fini(&text);
	return hub;
}

static int
make(struct view_reach *view, const struct hub *hub, const struct hub_reach *wanted)
{
	struct corridor_complaint complaint;
	struct buf said = {0};
	int result = reach_plan_make(view, hub, wanted, &said, &complaint);
	buf_write(&said, stderr);
	buf_fini(&said);
	if (result == 0)
		return CLI_OK;
	if (*complaint.text)
		fprintf(stderr, "sarai: %s\n", complaint.text);
	return complaint.status == 400 ? CLI_USAGE : CLI_REFUSED;
}

/* --- answers --- */

static int
write_answers(const struct view_reach *view, const struct reach_request *r)
{
	const char *plan = r->paths[REACH_PLAN], *curve = r->paths[REACH_CURVE];
	int status = CLI_OK;
	struct buf out = {0};
	if (plan) {
		if (ends_with(plan, ".csv"))
			view_reach_csv(&out, view);
		else
			view_reach_geojson(&out, view);
		status = write_file(plan, &out);
	}
	if (curve && status == CLI_OK) {
		buf_clear(&out);
		if (ends_with(curve, ".csv"))
			view_reach_curve_csv(&out, view);
		else
			view_reach_curve_svg(&out, view);
		status = write_file(curve, &out);
	}
	if (r->paths[REACH_MAP] && status == CLI_OK) {
		buf_clear(&out);
		reach_plan_map(&out, view);
		status = write_file(r->paths[REACH_MAP], &out);
	}
	buf_fini(&out);
	return status;
}

static void
print(const struct cli *cli, const struct view_reach *view)
{
	struct buf out = {0};
	switch (cli->form) {
	case CONTROL_JSON:
		view_reach_json(&out, view);
		break;
	case CONTROL_CSV:
		view_reach_csv(&out, view);
		break;
	case CONTROL_TEXT:
		view_reach_text(&out, view);
		break;
	}
	buf_write(&out, stdout);
	buf_fini(&out);
}

static int
plan(const struct cli *cli, struct reach_request *r, const struct hub *hub)
{
	/* Without a hub: what its file would have without a word about reach. */
	const struct hub_reach none = {.currency = {"USD"}, .sites = true, .stretch_max_km = NAN};
	struct hub_reach wanted;
	struct view_reach view = {0};
	if (reach_request_apply(r, hub ? &hub->reach : &none, &wanted) < 0) {
		fprintf(stderr, "sarai: %s\n", r->complaint);
		return CLI_REFUSED;
	}
	int status = make(&view, hub, &wanted);
	if (status == CLI_OK) {
		status = write_answers(&view, r);
		if (status == CLI_OK && !cli->quiet)
			print(cli, &view);
		view_reach_fini(&view);
	}
	return status;
}

int
reach_command(const struct cli *cli, const char *const *words, size_t count)
{
	struct reach_request r;
	struct hub *hub = NULL;
	int status = CLI_OK;
	if (reach_request_parse(&r, words, count) < 0) {
		fprintf(stderr, "sarai: %s\n", r.complaint);
		return CLI_USAGE;
	}
	if (r.paths[REACH_HUB] || !r.paths[REACH_TOWERS]) {
		hub = find_hub(cli, r.paths[REACH_HUB], &status);
		if (!hub)
			return status;
	}
	status = plan(cli, &r, hub);
	reach_request_fini(&r);
	hub_free(hub);
	return status;
}

int
reach_plan_forms(const struct cli *cli, const struct hub *hub, struct reach_forms *out,
		 const char **why)
{
	struct cli quiet = *cli;
	struct hub *running = NULL;
	struct view_reach view = {0};
	int status = CLI_OK;
	quiet.quiet = true;
	*why = NULL; /* the usual reason: it has no plan */
	if (!hub) {
		running = find_hub(&quiet, NULL, &status);
		hub = running;
	}
	if (!hub || !hub->reach.towers) {
		hub_free(running);
		return CLI_REFUSED;
	}
	status = make(&view, hub, &hub->reach);
	if (status == CLI_OK) {
		view_reach_json(&out->json, &view);
		view_reach_geojson(&out->geojson, &view);
		view_reach_existing(&out->existing, &view);
		view_reach_fini(&view);
	} else {
		*why = "The files that it names cannot be planned with.";
	}
	hub_free(running);
	return status;
}

void
reach_forms_fini(struct reach_forms *forms)
{
	buf_fini(&forms->json);
	buf_fini(&forms->geojson);
	buf_fini(&forms->existing);
}
