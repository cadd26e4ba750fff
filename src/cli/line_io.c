/* `sarai corridor line`: reads the files that it names. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf_io.h"
#include "cli/cli_parts.h"
#include "view/view_line.h"

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
