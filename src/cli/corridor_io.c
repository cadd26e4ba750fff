/* `sarai corridor ... --hub FILE`: the same answers as a running hub gives, from a file. */
#include <stdio.h>
#include <string.h>

#include "base/buf_io.h"
#include "base/clock_io.h"
#include "cli/cli_parts.h"
#include "hub/hub_file_io.h"
#include "view/view_corridor.h"

static enum view_corridor_form
view_form(enum control_form form)
{
	switch (form) {
	case CONTROL_JSON:
		return VIEW_CORRIDOR_JSON;
	case CONTROL_CSV:
		return VIEW_CORRIDOR_CSV;
	case CONTROL_TEXT:
		break;
	}
	return VIEW_CORRIDOR_TEXT;
}

static int
answer(const struct cli *cli, const struct hub *hub, const char *const *words, size_t count)
{
	int status = CLI_REFUSED;
	struct buf out = {0};
	struct corridor_complaint complaint = {0};
	struct view_corridor view = {0};
	if (view_corridor_of_file(&view, hub, clock_utc(), &complaint) < 0) {
		fprintf(stderr, "sarai: %s\n", complaint.text);
	} else if (view_corridor_answer(&out, &view, view_form(cli->form), words, count,
					&complaint) < 0) {
		fprintf(stderr, "sarai: %s\n", complaint.text);
		status = complaint.status == 400 ? CLI_USAGE : CLI_REFUSED;
	} else {
		if (!cli->quiet)
			buf_write(&out, stdout);
		status = CLI_OK;
	}
	buf_fini(&out);
	view_corridor_fini(&view);
	return status;
}

int
corridor_command(const struct cli *cli, const char *file, const char *const *words, size_t count)
{
	struct hub_report report;
	struct hub *hub = hub_file_read(file, hub_file_disk(), &report);
	int status = CLI_REFUSED;
	if (hub) {
		status = answer(cli, hub, words, count);
	} else {
		struct buf out = {0};
		hub_report_print(&report, &out);
		buf_write(&out, stderr);
		buf_fini(&out);
	}
	hub_report_fini(&report);
	hub_free(hub);
	return status;
}
