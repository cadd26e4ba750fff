/* `sarai corridor line`, `corridor optics export` and `import`: reads and writes the files that
 * they name. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf_io.h"
#include "cli/cli_parts.h"
#include "hub/hub_file_io.h"
#include "view/view_gnpy.h"

enum { FILE_MAX = 256 << 20, PATH_MAX_HERE = 4096 };

/* Files as they are read: all of them live until the answer is made. */
struct folder {
	struct arena *arena;
	const char *beside; /* a path; others are looked for in its folder */
	bool failed;
};

static struct view_line_text
take_file(struct folder *folder, const char *path)
{
	struct buf text = {0};
	struct view_line_text out = {0};
	if (read_file(&text, path, FILE_MAX) < 0) {
		fprintf(stderr, "sarai: %s: cannot be read: %s\n", path,
			errno == EFBIG ? "it is too large" : strerror(errno));
		folder->failed = true;
	} else {
		out.text = arena_copy(folder->arena, text.data, text.length);
		out.length = text.length;
	}
	buf_fini(&text);
	return out;
}

/* The path of a file beside another. */
static bool
beside(char out[PATH_MAX_HERE], const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');
	int folder = slash ? (int)(slash - path) + 1 : 0;
	return snprintf(out, PATH_MAX_HERE, "%.*s%s", folder, path, name) < PATH_MAX_HERE;
}

static const char *
named(void *context, const char *name, size_t *length)
{
	struct folder *folder = context;
	struct buf text = {0};
	char path[PATH_MAX_HERE];
	const char *out = NULL;
	/* A name, not a path: the equipment does not say what else to read. */
	if (strchr(name, '/') || !beside(path, folder->beside, name))
		return NULL;
	if (read_file(&text, path, FILE_MAX) == 0) {
		out = arena_copy(folder->arena, text.data, text.length);
		*length = text.length;
	}
	buf_fini(&text);
	return out;
}

static int
answer(const struct cli *cli, const struct view_line_question *question, struct folder *folder)
{
	struct buf out = {0};
	struct corridor_complaint complaint = {0};
	char path[PATH_MAX_HERE];
	const char *equipment = question->equipment;
	int status = CLI_REFUSED;
	if (!equipment && beside(path, question->network, "eqpt_config.json"))
		equipment = path;
	folder->beside = equipment;
	struct view_line_files files = {.network = take_file(folder, question->network),
					.equipment = take_file(folder, equipment),
					.file = named,
					.context = folder};
	if (question->spectrum)
		files.spectrum = take_file(folder, question->spectrum);
	if (folder->failed)
		return CLI_REFUSED;
	enum view_corridor_form form = cli->form == CONTROL_JSON  ? VIEW_CORRIDOR_JSON
				       : cli->form == CONTROL_CSV ? VIEW_CORRIDOR_CSV
								  : VIEW_CORRIDOR_TEXT;
	if (view_line(&out, form, question, &files, &complaint) < 0) {
		fprintf(stderr, "sarai: %s\n", complaint.text);
	} else {
		if (!cli->quiet)
			buf_write(&out, stdout);
		status = CLI_OK;
	}
	buf_fini(&out);
	return status;
}

int
line_command(const struct cli *cli, const char *const *words, size_t count)
{
	struct view_line_question question;
	struct corridor_complaint complaint = {0};
	struct folder folder = {.arena = arena_new()};
	int status = CLI_USAGE;
	if (!folder.arena) {
		fprintf(stderr, "sarai: no memory\n");
		return CLI_REFUSED;
	}
	if (view_line_parse(&question, words, count, &complaint) < 0)
		fprintf(stderr, "sarai: %s\n", complaint.text);
	else
		status = answer(cli, &question, &folder);
	arena_free(folder.arena);
	return status;
}

/* A file in a folder, whole or not at all. The exit status. */
static int
write_in(const char *folder, const char *name, const struct buf *text)
{
	char path[PATH_MAX_HERE];
	if (snprintf(path, sizeof(path), "%s/%s", folder, name) < (int)sizeof(path))
		return write_file(path, text);
	fprintf(stderr, "sarai: %s: %s\n", folder, strerror(ENAMETOOLONG));
	return CLI_REFUSED;
}

static int
make_files(const char *hub_path, const char *folder)
{
	struct hub_report report;
	struct corridor_complaint complaint = {0};
	struct buf network = {0}, equipment = {0}, said = {0};
	struct hub *hub = hub_file_read(hub_path, hub_file_disk(), &report);
	int status = CLI_REFUSED;
	if (!hub) {
		hub_report_print(&report, &said);
		buf_write(&said, stderr);
	} else if (view_gnpy_export(&network, &equipment, hub, &complaint) < 0) {
		fprintf(stderr, "sarai: %s\n", complaint.text);
	} else {
		status = make_folder(folder);
		if (status == CLI_OK)
			status = write_in(folder, "network.json", &network);
		if (status == CLI_OK)
			status = write_in(folder, "eqpt_config.json", &equipment);
	}
	buf_fini(&said);
	buf_fini(&network);
	buf_fini(&equipment);
	hub_report_fini(&report);
	hub_free(hub);
	return status;
}

static int
make_part(const struct cli *cli, const char *network, const char *equipment)
{
	struct folder folder = {.arena = arena_new()};
	struct buf out = {0}, notes = {0};
	struct corridor_complaint complaint = {0};
	char path[PATH_MAX_HERE];
	int status = CLI_REFUSED;
	if (!folder.arena)
		return CLI_REFUSED;
	if (!equipment && beside(path, network, "eqpt_config.json") && access(path, F_OK) == 0)
		equipment = path;
	folder.beside = equipment;
	struct view_line_files files = {
		.network = take_file(&folder, network), .file = named, .context = &folder};
	if (equipment)
		files.equipment = take_file(&folder, equipment);
	if (!folder.failed && view_gnpy_import(&out, &notes, &files, &complaint) < 0) {
		fprintf(stderr, "sarai: %s\n", complaint.text);
	} else if (!folder.failed) {
		buf_write(&notes, stderr);
		if (!cli->quiet)
			buf_write(&out, stdout);
		status = CLI_OK;
	}
	buf_fini(&out);
	buf_fini(&notes);
	arena_free(folder.arena);
	return status;
}

int
optics_command(const struct cli *cli, const char *const *words, size_t count)
{
	const char *hub = NULL, *folder = NULL, *equipment = NULL, *network = NULL;
	bool exports = strcmp(words[0], "export") == 0;
	for (size_t i = 1; i < count; i++) {
		const char **at = strcmp(words[i], "--hub") == 0         ? &hub
				  : strcmp(words[i], "--gnpy") == 0      ? &folder
				  : strcmp(words[i], "--equipment") == 0 ? &equipment
									 : NULL;
		if (at && i + 1 < count)
			*at = words[++i];
		else if (!at && !network && words[i][0] != '-')
			network = words[i];
		else
			return CLI_USAGE;
	}
	if (exports ? !hub || !folder || network : !network || hub || folder)
		return CLI_USAGE;
	return exports ? make_files(hub, folder) : make_part(cli, network, equipment);
}
