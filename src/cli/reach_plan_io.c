/* A plan of reach out of the files that it is wanted of. */
#include "cli/reach_plan_io.h"

#include <errno.h>
#include <string.h>

#include "cli/cli_parts.h"
#include "hub/hub_report.h"
#include "web/web_page.h"

enum { FILE_MOST = 256 << 20 };

typedef int take_file(struct corridor_reach_input *input, struct hub_report *report,
		      const char *file, struct buf *bytes);

static int
read_one(struct corridor_reach_input *input, const char *path, take_file *take, struct buf *said,
	 struct corridor_complaint *complaint)
{
	struct buf bytes = {0};
	struct hub_report report;
	hub_report_init(&report);
	int result = read_file(&bytes, path, FILE_MOST);
	if (result < 0) {
		corridor_complain(complaint, 409, "%.150s: cannot be read: %s", path,
				  errno == EFBIG ? "it is too large" : strerror(errno));
	} else {
		result = take(input, &report, path, &bytes);
		hub_report_print(&report, said);
	}
	hub_report_fini(&report);
	buf_fini(&bytes);
	return result;
}

int
reach_plan_make(struct view_reach *view, const struct hub *hub, const struct hub_reach *wanted,
		struct buf *said, struct corridor_complaint *complaint)
{
	if (!wanted->towers) {
		corridor_complain(complaint, 400,
				  "no file of towers: --towers FILE, or reach: {towers: FILE} in "
				  "the hub file");
		return -1;
	}
	*complaint = (struct corridor_complaint){.status = 409};
	struct corridor_reach_input input = corridor_reach_input_new();
	int result = -1;
	if (!input.arena)
		corridor_complain(complaint, 500, "out of memory");
	else
		result = read_one(&input, wanted->towers, corridor_reach_read_towers, said,
				  complaint);
	if (result == 0 && wanted->fibre)
		result =
			read_one(&input, wanted->fibre, corridor_reach_read_fibre, said, complaint);
	if (result < 0) {
		corridor_reach_input_fini(&input);
		return -1;
	}
	return view_reach_make(view, &input, hub, wanted, complaint);
}

void
reach_plan_map(struct buf *out, const struct view_reach *view)
{
	const struct web_file *land = web_page_init() ? web_page_file("assets/land.json") : NULL;
	view_reach_map(out, view, land ? (const char *)land->octets : NULL,
		       land ? land->length : 0);
	web_page_fini();
}
