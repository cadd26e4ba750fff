/* `sarai corridor export -o FOLDER`: the corridor's data as files. */
#include <stdio.h>
#include <string.h>

#include "cli/cli_parts.h"
#include "hub/hub_csv.h"

struct export
{
	const struct cli *cli;
	const char *hub, *folder;
};

static int
get(const struct export *e, enum control_form form, const char *const *words, size_t count,
    struct buf *body)
{
	char kind[256];
	return e->hub ? corridor_answer_of_file(e->hub, form, words, count, body)
		      : ask_text(e->cli, form, body, kind, words, count);
}

static int
put(const struct export *e, const char *name, const char *ending, const struct buf *body)
{
	char path[4096];
	(void)snprintf(path, sizeof(path), "%s%s%s.%s", e->folder, slash_after(e->folder), name,
		       ending);
	int status = write_file(path, body);
	if (status == CLI_OK && !e->cli->quiet)
		printf("%s\n", path);
	return status;
}

/* Is there more than the names of columns? */
static bool
has_rows(const struct buf *csv)
{
	const uint8_t *end = csv->length ? memchr(csv->data, '\n', csv->length) : NULL;
	return end && (size_t)(end - csv->data) + 1 < csv->length;
}

static int
export_list(const struct export *e, const char *list, bool wanted)
{
	const char *const words[] = {"corridor", "export", list};
	struct buf body = {0};
	int status = get(e, CONTROL_CSV, words, 3, &body);
	if (status == CLI_OK && (wanted || has_rows(&body)))
		status = put(e, list, "csv", &body);
	buf_fini(&body);
	return status;
}

int
corridor_export_command(const struct cli *cli, const char *hub, const char *folder,
			const char *const *words, size_t count)
{
	struct export e = {cli, hub, folder};
	if (make_folder(folder) != CLI_OK)
		return CLI_REFUSED;
	if (cli->form == CONTROL_CSV) {
		int status = CLI_OK;
		if (count > 2)
			return export_list(&e, words[2], true);
		for (size_t i = 0; i < HUB_CSV_LISTS && status == CLI_OK; i++)
			status = export_list(&e, hub_csv_lists[i], false);
		return status;
	}
	struct buf body = {0};
	int status = get(&e, CONTROL_JSON, words, count, &body);
	if (status == CLI_OK)
		status = put(&e, "corridor", "geojson", &body);
	buf_fini(&body);
	return status;
}
