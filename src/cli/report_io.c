/* `corridor report`: a study of the corridor into files. The answers are the hub's, or those of a hub file; the
 * study is made and drawn here, so that no room waits for it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf_io.h"
#include "base/clock_io.h"
#include "cli/cli_parts.h"
#include "cli/report.h"
#include "hub/hub_file_io.h"
#include "hub/hub_report.h"
#include "paper/paper_study.h"
#include "study/study_forms.h"
#include "study/study_html.h"
#include "study/study_make.h"
#include "study/study_svg.h"
#include "view/view_corridor.h"
#include "web/web_page.h"

enum { PATH_SIZE = 4300 };

/* Who is asked. */
struct asked {
	const struct cli *cli;
	struct hub *hub; /* of --hub; NULL: the running one */
	struct view_corridor view;
};

/* --- answers --- */

static int
answer_of_file(void *context, struct buf *out, const char *const *words, size_t count,
	       char text[STUDY_COMPLAINT])
{
	struct asked *asked = context;
	struct corridor_complaint complaint = {0};
	int result = view_corridor_answer(out, &asked->view, VIEW_CORRIDOR_JSON, words, count,
					  &complaint);
	if (result < 0)
		(void)snprintf(text, STUDY_COMPLAINT, "%.290s", complaint.text);
	return result < 0 ? -1 : 0;
}

static int
answer_of_hub(void *context, struct buf *out, const char *const *words, size_t count,
	      char text[STUDY_COMPLAINT])
{
	struct asked *asked = context;
	struct cli quiet = *asked->cli;
	char kind[256] = "";
	quiet.quiet = true;
	int status = ask_text(&quiet, CONTROL_JSON, out, kind, words, count);
	if (status == CLI_OK)
		return 0;
	(void)snprintf(text, STUDY_COMPLAINT, "%s",
		       status == CLI_NO_HUB || !*kind ? "the hub does not answer" : kind);
	return -1;
}

static int
open_file(struct asked *asked, struct report_request *r, struct arena *arena)
{
	struct hub_report report;
	struct corridor_complaint complaint = {0};
	asked->hub = hub_file_read(r->hub, hub_file_disk(), &report);
	if (!asked->hub) {
		struct buf out = {0};
		hub_report_print(&report, &out);
		buf_write(&out, stderr);
		buf_fini(&out);
	}
	hub_report_fini(&report);
	if (!asked->hub)
		return CLI_REFUSED;
	if (view_corridor_of_file(&asked->view, asked->hub, r->wish.today, &complaint) < 0) {
		fprintf(stderr, "sarai: %s\n", complaint.text);
		return CLI_REFUSED;
	}
	const char *slash = strrchr(r->hub, '/');
	r->wish.hub = asked->hub->name;
	r->wish.origin = arena_printf(arena, "hub file %s", slash ? slash + 1 : r->hub);
	return CLI_OK;
}

/* A running hub says who it is. */
static int
open_hub(struct asked *asked, struct report_request *r, struct arena *arena)
{
	const char *const words[] = {"show", "status"};
	struct buf out = {0};
	char kind[256];
	int status = ask_text(asked->cli, CONTROL_JSON, &out, kind, words, 2);
	if (status == CLI_OK) {
		const char *kept = arena_copy(arena, out.data, out.length);
		const struct json_value *said = kept ? json_read(arena, kept, out.length) : NULL;
		r->wish.hub = json_read_text(json_read_get(json_read_get(said, "hub"), "name"));
		const char *version = json_read_text(json_read_get(said, "version"));
		r->wish.version = version ? version : r->wish.version;
		r->wish.origin = "the running hub";
		r->wish.running = true;
	}
	buf_fini(&out);
	return status;
}

static const struct json_value *
keep(struct arena *arena, const struct buf *json)
{
	const char *kept =
		json->failed ? NULL : arena_copy(arena, (const char *)json->data, json->length);
	return kept ? json_read(arena, kept, json->length) : NULL;
}

/* What the hub's own plan of reach comes to, if it has one. */
static void
add_reach(struct asked *asked, struct report_request *r, struct arena *arena)
{
	struct reach_forms forms = {0};
	if (reach_plan_forms(asked->cli, asked->hub, &forms, &r->wish.no_reach) == CLI_OK) {
		r->wish.reach = keep(arena, &forms.json);
		r->wish.reach_plan = keep(arena, &forms.geojson);
		r->wish.reach_existing = keep(arena, &forms.existing);
	}
	reach_forms_fini(&forms);
}

/* --- files --- */

static int
write_named(const struct cli *cli, const char *path, const struct buf *octets)
{
	if (octets->failed) {
		fprintf(stderr, "sarai: %s: out of memory\n", path);
		return CLI_REFUSED;
	}
	int status = write_file(path, octets);
	if (status == CLI_OK && !cli->quiet)
		printf("%s\n", path);
	return status;
}

typedef void draw_study(struct buf *out, const struct study_document *study);

static int
write_drawn(const struct cli *cli, const char *path, const struct study_document *study,
	    draw_study *draw)
{
	struct buf out = {0};
	draw(&out, study);
	int status = write_named(cli, path, &out);
	buf_fini(&out);
	return status;
}

static int
write_pdf(const struct cli *cli, const char *path, const struct study_document *study)
{
	struct buf out = {0};
	struct paper_result result;
	int status = CLI_REFUSED;
	if (paper_study(&out, study, &result) < 0)
		fprintf(stderr, "sarai: %s: %s\n", path, result.trouble);
	else
		status = write_named(cli, path, &out);
	if (status == CLI_OK && result.missing)
		fprintf(stderr,
			"sarai: %s: some characters have no font on this machine (fonts-noto-core, "
			"fonts-noto-cjk)\n",
			path);
	buf_fini(&out);
	return status;
}

/* One table or figure: "table-03-ways.csv". */
static int
write_part(const struct cli *cli, const char *folder, const struct study_block *block)
{
	char path[PATH_SIZE];
	struct buf out = {0};
	if (block->table) {
		(void)snprintf(path, sizeof(path), "%.4000s%stable-%02u-%.80s.csv", folder,
			       slash_after(folder), block->table->number, block->table->id);
		study_csv(&out, block->table);
	} else {
		(void)snprintf(path, sizeof(path), "%.4000s%sfigure-%02u-%.80s.svg", folder,
			       slash_after(folder), block->figure->number, block->figure->id);
		study_svg(&out, block->figure->scene, block->figure->id, block->figure->alt);
	}
	int status = write_named(cli, path, &out);
	buf_fini(&out);
	return status;
}

/* All forms; one that cannot be written does not keep the others away. */
static int
write_folder(const struct cli *cli, const char *folder, const struct study_document *study)
{
	char path[PATH_SIZE];
	if (make_folder(folder) != CLI_OK)
		return CLI_REFUSED;
	(void)snprintf(path, sizeof(path), "%.4000s%sreport.html", folder, slash_after(folder));
	int worst = write_drawn(cli, path, study, study_html);
	for (const struct study_section *s = study->sections; s && worst == CLI_OK; s = s->next)
		for (const struct study_block *b = s->blocks; b && worst == CLI_OK; b = b->next)
			if (b->table || b->figure)
				worst = write_part(cli, folder, b);
	(void)snprintf(path, sizeof(path), "%.4000s%sreport.json", folder, slash_after(folder));
	if (worst == CLI_OK)
		worst = write_drawn(cli, path, study, study_json);
	(void)snprintf(path, sizeof(path), "%.4000s%sreport.pdf", folder, slash_after(folder));
	return worst == CLI_OK ? write_pdf(cli, path, study) : worst;
}

static bool
ends_with(const char *path, const char *end)
{
	size_t length = strlen(path), wanted = strlen(end);
	return length > wanted && strcmp(path + length - wanted, end) == 0;
}

static int
print(const struct cli *cli, const struct study_document *study)
{
	struct buf out = {0};
	if (cli->form == CONTROL_CSV) {
		fprintf(stderr,
			"sarai: --csv: a study has many tables: --out FOLDER writes each\n");
		return CLI_USAGE;
	}
	if (cli->form == CONTROL_JSON)
		study_json(&out, study);
	else
		study_summary(&out, study);
	if (!cli->quiet)
		buf_write(&out, stdout);
	buf_fini(&out);
	return CLI_OK;
}

static int
deliver(const struct cli *cli, const char *path, const struct study_document *study)
{
	if (!path)
		return print(cli, study);
	if (ends_with(path, ".html"))
		return write_drawn(cli, path, study, study_html);
	if (ends_with(path, ".json"))
		return write_drawn(cli, path, study, study_json);
	if (ends_with(path, ".pdf"))
		return write_pdf(cli, path, study);
	return write_folder(cli, path, study);
}

/* --- the command --- */

static int
make(struct asked *asked, struct report_request *r, struct arena *arena)
{
	char complaint[STUDY_COMPLAINT];
	int status = r->hub ? open_file(asked, r, arena) : open_hub(asked, r, arena);
	if (status != CLI_OK)
		return status;
	const struct web_file *land = web_page_init() ? web_page_file("assets/land.json") : NULL;
	const struct study_source source = {r->hub ? answer_of_file : answer_of_hub, asked};
	struct study_facts facts = {.arena = arena, .source = &source};
	r->wish.land = land ? (const char *)land->octets : NULL;
	r->wish.land_length = land ? land->length : 0;
	add_reach(asked, r, arena);
	const struct study_document *study = study_make(&facts, &r->wish, complaint);
	if (study) {
		status = deliver(asked->cli, r->out, study);
	} else {
		fprintf(stderr, "sarai: %s\n", complaint);
		status = CLI_REFUSED;
	}
	web_page_fini();
	return status;
}

int
report_command(const struct cli *cli, const char *const *words, size_t count)
{
	struct report_request r = {.wish.version = cli->local->version};
	struct asked asked = {.cli = cli};
	if (report_request_parse(&r, words, count, clock_utc()) < 0) {
		fprintf(stderr, "sarai: %s\n", r.complaint);
		return CLI_USAGE;
	}
	struct arena *arena = arena_new();
	int status = CLI_REFUSED;
	if (arena)
		status = make(&asked, &r, arena);
	else
		fprintf(stderr, "sarai: out of memory\n");
	if (asked.view.plans)
		view_corridor_fini(&asked.view);
	hub_free(asked.hub);
	arena_free(arena);
	return status;
}
