/* `show overview`: asks the rooms what the page asks, and joins it as the page does. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf_io.h"
#include "cli/cli_parts.h"
#include "view/view_overview.h"
#include "web/web_overview.h"

/* Reads to the end. -1 if the answer broke off. */
static int
read_all(struct buf *to, int fd)
{
	char piece[65536];
	ssize_t got;
	while ((got = read(fd, piece, sizeof(piece))) > 0 || (got < 0 && errno == EINTR))
		if (got > 0)
			buf_put(to, piece, (size_t)got);
	return got < 0 || to->failed ? -1 : 0;
}

/* The answer to one question, below its first line; NULL when the room gives none, which is one
 * number less and no failure. */
static const struct json_value *
read_part(struct arena *arena, struct buf *text, int fd)
{
	char first[512], reason[256];
	if (read_all(text, fd) < 0 || !text->length)
		return NULL;
	const char *begin = (const char *)text->data, *body = memchr(begin, '\n', text->length);
	if (!body)
		return NULL;
	(void)snprintf(first, sizeof(first), "%.*s", (int)(body - begin), begin);
	if (control_status(first, reason) != 0)
		return NULL;
	body++;
	return json_read(arena, body, text->length - (size_t)(body - begin));
}

static int
put_overview(const struct cli *cli, struct arena *arena, const struct web_parts *parts)
{
	struct buf joined = {0}, text = {0};
	int status = CLI_REFUSED;
	if (web_overview_join(&joined, parts) == 0) {
		const struct json_value *overview =
			json_read(arena, (const char *)joined.data, joined.length);
		view_overview_text(&text, overview);
		buf_u8(&joined, '\n');
		if (!cli->quiet)
			buf_write(cli->form == CONTROL_JSON ? &joined : &text, stdout);
		status = CLI_OK;
	} else {
		fprintf(stderr, "sarai: no memory\n");
	}
	buf_fini(&joined);
	buf_fini(&text);
	return status;
}

int
overview_command(const struct cli *cli)
{
	struct buf text[WEB_PARTS] = {0};
	struct web_parts parts = {0};
	int fds[WEB_PARTS], status = CLI_OK;
	if (cli->form == CONTROL_CSV) {
		fprintf(stderr, "sarai: this has no CSV; it has text, and JSON with -j\n");
		return CLI_USAGE;
	}
	struct arena *arena = arena_new();
	for (size_t i = 0; i < WEB_PARTS; i++)
		fds[i] = -1;
	/* All are asked before the first is read, so that the numbers are of one moment. */
	for (size_t i = 0; i < WEB_PARTS; i++) {
		fds[i] = control_ask(cli->socket, CONTROL_JSON, web_overview_questions[i].words,
				     web_overview_questions[i].count, NULL);
		if (fds[i] < 0 && i == WEB_STATUS) {
			status = no_hub(cli);
			break;
		}
	}
	for (size_t i = 0; i < WEB_PARTS; i++) {
		if (fds[i] >= 0 && arena)
			parts.of[i] = read_part(arena, &text[i], fds[i]);
		if (fds[i] >= 0)
			close(fds[i]);
	}
	if (status == CLI_OK)
		status = arena ? put_overview(cli, arena, &parts) : CLI_REFUSED;
	for (size_t i = 0; i < WEB_PARTS; i++)
		buf_fini(&text[i]);
	arena_free(arena);
	return status;
}
