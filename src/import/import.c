/* Moving in: read the source, tidy up, find LANs, write, and read what was written. */
#include "import/import.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "import/import_state.h"
#include "import/import_yaml.h"

bool
import_fetch(struct import *im, const char *path, struct buf *out)
{
	struct hub_mark at = {path, 0, 0};
	errno = 0;
	if (im->source.read(im->source.context, path, out) == 0 && !out->failed)
		return true;
	const char *why = errno ? strerrordesc_np(errno) : NULL;
	hub_complain(im->report, at, "cannot be read: %s", why ? why : "unknown error");
	return false;
}

static void
put_head(const struct import *im, struct buf *out)
{
	static const char *const kinds[] = {
		[IMPORT_AROUTESERVER] = "arouteserver",
		[IMPORT_IXF] = "ixf",
		[IMPORT_PEERINGDB] = "peeringdb",
	};
	struct buf line = {0};
	buf_printf(&line, "Made by `sarai import %s` from %s", kinds[im->request->from],
		   im->request->paths[0]);
	if (im->request->paths[1])
		buf_printf(&line, " and %s", im->request->paths[1]);
	buf_printf(&line, ". What could not be taken over as it was, and what a human must decide, "
			  "stands at the end. Then: sarai check FILE");
	buf_u8(&line, 0);
	if (line.failed)
		out->failed = true;
	else
		import_yaml_write_comment(out, "# ", (const char *)line.data);
	buf_str(out, "\n");
	buf_fini(&line);
}

/* Gives our own text to the reader of hub files. */
static int
read_own(void *context, const char *path, struct buf *out)
{
	const struct buf *text = context;
	(void)path;
	buf_put(out, text->data, text->length);
	return 0;
}

/* The reader of hub files has the last word, so that what is handed over always passes `check`. */
static bool
passes(struct import *im, struct buf *text)
{
	struct hub_report report;
	struct hub_source own = {.read = read_own, .context = text};
	struct hub *hub = hub_file_read("the hub file made of it", own, &report);
	for (size_t i = 0; i < report.count; i++) {
		const struct hub_error *e = &report.errors[i];
		hub_complain(im->report,
			     (struct hub_mark){import_copy(im, e->file), e->line, e->column}, "%s",
			     e->text);
	}
	hub_report_fini(&report);
	bool good = hub != NULL;
	hub_free(hub);
	return good;
}

static bool
run(struct import *im, struct import_result *out)
{
	static bool (*const sources[])(struct import *) = {
		[IMPORT_AROUTESERVER] = import_from_arouteserver,
		[IMPORT_IXF] = import_from_ixf,
		[IMPORT_PEERINGDB] = import_from_peeringdb,
	};
	struct import_place place;
	if (!sources[im->request->from](im) || !import_tidy(im))
		return false;
	import_lans(im, &place);
	import_tidy_sessions(im);
	const struct import_yaml *root = import_write(im, &place);
	put_head(im, &out->text);
	import_yaml_write(root, &out->text);
	import_notes_comment(im, &out->text);
	import_notes_print(im, &out->notes);
	out->note_count = im->note_count;
	if (out->text.failed || out->notes.failed)
		fatal("import: no memory");
	return passes(im, &out->text);
}

bool
import_run(const struct import_request *request, struct hub_source source,
	   struct import_result *out)
{
	*out = (struct import_result){0};
	hub_report_init(&out->report);
	struct import im = {
		.request = request, .source = source, .report = &out->report, .arena = arena_new()};
	if (!im.arena || !out->report.arena)
		fatal("import: no memory");
	bool good = run(&im, out);
	for (const struct import_member *m = im.hub.members; m; m = m->next)
		for (const struct import_session *s = m->sessions; s; s = s->next)
			out->secret |= s->md5 != NULL;
	arena_free(im.arena);
	return good;
}

void
import_result_fini(struct import_result *out)
{
	buf_fini(&out->text);
	buf_fini(&out->notes);
	hub_report_fini(&out->report);
}
