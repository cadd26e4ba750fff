/* `sarai check`: is this hub file good? */
#include <stdio.h>
#include <string.h>

#include "base/buf_io.h"
#include "cli/cli_parts.h"
#include "hub/hub_file_io.h"
#include "view/view_color.h"

static int
put_schema(void)
{
	struct buf out = {0};
	hub_file_schema(&out);
	buf_write(&out, stdout);
	buf_fini(&out);
	return CLI_OK;
}

static void
put_verdict(const char *file, const struct hub *hub)
{
	printf("%s: good: %s, AS%u, %zu members, %zu sessions, %zu ports,\n"
	       "  %zu contracts, %zu sites, %zu segments\n",
	       file, hub_called(hub), hub->asn.number, hub->member_count, hub->session_count,
	       hub->port_count, hub->contract_count, hub->site_count, hub->segment_count);
}

/* What goes by the names of the corridor: the file's own rules know nothing of these. */
static bool
names_are_sound(const char *file, const struct hub *hub)
{
	struct corridor_complaint complaint;
	if (!hub->sr_color_count || view_colors_sound(hub, &complaint))
		return true;
	fprintf(stderr, "%s: error: sr_colors: %s\n", file, complaint.text);
	return false;
}

int
check_command(int argc, char **argv)
{
	const char *file = NULL;
	bool print = false;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-p") == 0)
			print = true;
		else if (strcmp(argv[i], "--schema") == 0)
			return put_schema();
		else if (argv[i][0] != '-' && !file)
			file = argv[i];
		else
			return CLI_USAGE;
	}
	if (!file)
		return CLI_USAGE;
	struct hub_report report;
	struct hub *hub = hub_file_read(file, hub_file_disk(), &report);
	struct buf out = {0};
	hub_report_print(&report, &out);
	buf_write(&out, stderr);
	buf_clear(&out);
	bool sound = hub && names_are_sound(file, hub);
	if (sound && print) {
		hub_file_write(hub, &out);
		buf_write(&out, stdout);
	} else if (sound) {
		put_verdict(file, hub);
	}
	buf_fini(&out);
	hub_report_fini(&report);
	int status = sound ? CLI_OK : CLI_REFUSED;
	hub_free(hub);
	return status;
}
