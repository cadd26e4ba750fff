/* Where the names come from that a word may be: the hub file that is named, the running hub, the calculator. What is
 * wrong there is told by the command itself; here there are no names then. */
#include <string.h>

#include "base/clock_io.h"
#include "cli/cli_parts.h"
#include "cli/complete.h"
#include "hub/hub_file_io.h"
#include "hub/hub_report.h"
#include "view/view_corridor.h"
#include "view/view_reckon.h"

enum { PATIENCE_S = 2 };

static const char *const export[] = {"corridor", "export"};

static void
export_of_file(struct buf *out, const char *file)
{
	struct hub_report report;
	struct corridor_complaint complaint = {0};
	struct view_corridor view = {0};
	struct hub *hub = hub_file_read(file, hub_file_disk(), &report);
	if (hub && view_corridor_of_file(&view, hub, clock_utc(), &complaint) == 0)
		(void)view_corridor_answer(out, &view, VIEW_CORRIDOR_JSON, export, 2, &complaint);
	view_corridor_fini(&view);
	hub_report_fini(&report);
	hub_free(hub);
}

static void
export_of_hub(struct buf *out, const struct cli *cli)
{
	char kind[256];
	struct control_question question = {.path = cli->socket,
					    .form = CONTROL_JSON,
					    .words = export,
					    .count = 2,
					    .patience_s = PATIENCE_S};
	if (control_ask_whole(out, &question, kind) != 0)
		buf_clear(out);
}

int
complete_names_at(struct complete_names *out, struct arena *arena, const struct cli *cli,
		  unsigned kinds, struct complete_from from, const char *start)
{
	struct corridor_complaint complaint = {0};
	struct buf json = {0};
	if (kinds & (COMPLETE_TOPICS | COMPLETE_INPUTS))
		(void)view_reckon(&json, VIEW_CORRIDOR_JSON, NULL, 0, &complaint);
	else if (from.file)
		export_of_file(&json, from.file);
	else
		export_of_hub(&json, cli);
	/* The names are in the arena: the text must be, too. */
	const char *text = json.failed ? NULL : arena_copy(arena, json.data, json.length);
	int result =
		text ? complete_names_of(out, arena, kinds, text, json.length, from.topic, start)
		     : -1;
	buf_fini(&json);
	return result;
}
