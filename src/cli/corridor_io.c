/* `sarai corridor ... --hub FILE`: the same answers as a running hub gives, from a file. */
#include <stdio.h>
#include <string.h>

#include "base/buf_io.h"
#include "base/clock_io.h"
#include "cli/cli_parts.h"
#include "hub/hub_file_io.h"
#include "view/view_corridor.h"
#include "view/view_reckon.h"

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

/* The exit status; what is to be shown, if anything, is in the body: that there is no such way is an answer, too. */
static int
answer(const struct hub *hub, enum control_form form, const char *const *words, size_t count,
       struct buf *body)
{
	int status = CLI_REFUSED, result = -1;
	struct corridor_complaint complaint = {0};
	struct view_corridor view = {0};
	if (view_corridor_of_file(&view, hub, clock_utc(), &complaint) == 0)
		result = view_corridor_answer(body, &view, view_form(form), words, count,
					      &complaint);
	if (result < 0) {
		buf_fini(body);
		fprintf(stderr, "sarai: %s\n", complaint.text);
		status = complaint.status == 400 ? CLI_USAGE : CLI_REFUSED;
	} else if (result == 0) {
		status = CLI_OK;
	}
	view_corridor_fini(&view);
	return status;
}

int
corridor_answer_of_file(const char *file, enum control_form form, const char *const *words,
			size_t count, struct buf *body)
{
	struct hub_report report;
	struct hub *hub = hub_file_read(file, hub_file_disk(), &report);
	int status = CLI_REFUSED;
	if (hub) {
		status = answer(hub, form, words, count, body);
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

int
corridor_command(const struct cli *cli, const char *file, const char *const *words, size_t count)
{
	struct buf body = {0};
	int status = corridor_answer_of_file(file, cli->form, words, count, &body);
	if (!cli->quiet)
		buf_write(&body, stdout);
	buf_fini(&body);
	return status;
}

int
reckon_command(const struct cli *cli, const char *const *words, size_t count)
{
	struct buf body = {0};
	struct corridor_complaint complaint = {0};
	int status = CLI_OK;
	if (view_reckon(&body, view_form(cli->form), words, count, &complaint) < 0) {
		fprintf(stderr, "sarai: %s\n", complaint.text);
		status = complaint.status == 400 ? CLI_USAGE : CLI_REFUSED;
	} else if (!cli->quiet) {
		buf_write(&body, stdout);
	}
	buf_fini(&body);
	return status;
}
