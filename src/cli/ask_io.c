/* Asking the running hub. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf_io.h"
#include "cli/cli_parts.h"
#include "view/view_text.h"

/* An answer as it comes in: the first line, then text to be copied line by line. */
struct copy {
	const struct cli *cli;
	FILE *to;
	struct buf line; /* what is not a whole line yet */
	struct buf painted;
	bool headed; /* the first line has been seen */
	bool none;   /* there is none of what was asked for */
	int status;  /* -1: it was no answer */
	char text[256];
};

/* "sarai: ...", within 80 columns. */
static void
put_complaint(const char *text)
{
	static const char head[] = "sarai: ";
	struct buf out = {0};
	buf_str(&out, head);
	view_wrapped(&out, text, sizeof(head) - 1, sizeof(head) - 1);
	buf_write(&out, stderr);
	buf_fini(&out);
}

static void
put_line(struct copy *copy, const char *line, size_t length)
{
	if (!copy->headed) {
		char first[512];
		(void)snprintf(first, sizeof(first), "%.*s", (int)length, line);
		copy->headed = true;
		copy->status = control_status(first, copy->text);
		copy->none = control_says_none(first);
		copy->to = copy->status == 0 ? stdout : stderr;
		if (copy->status > 0 && !copy->cli->quiet)
			put_complaint(copy->text);
		return;
	}
	if (copy->cli->quiet || copy->status < 0)
		return;
	buf_clear(&copy->painted);
	if (copy->cli->colour && copy->cli->form == CONTROL_TEXT)
		paint_line(&copy->painted, line, length);
	else
		buf_put(&copy->painted, line, length);
	buf_u8(&copy->painted, '\n');
	buf_write(&copy->painted, copy->to);
}

/* Puts out the whole lines of what came. */
static void
put_piece(struct copy *copy, const char *piece, size_t length)
{
	while (length > 0) {
		const char *newline = memchr(piece, '\n', length);
		if (!newline) {
			buf_put(&copy->line, piece, length);
			return;
		}
		size_t used = (size_t)(newline - piece);
		if (copy->line.length > 0) {
			buf_put(&copy->line, piece, used);
			put_line(copy, (const char *)copy->line.data, copy->line.length);
			buf_clear(&copy->line);
		} else {
			put_line(copy, piece, used);
		}
		piece = newline + 1;
		length -= used + 1;
	}
}

static int
exit_status(const struct copy *copy)
{
	if (copy->status == 0)
		return copy->none ? CLI_REFUSED : CLI_OK;
	return copy->status == 400 ? CLI_USAGE : CLI_REFUSED;
}

static int
copy_answer(struct copy *copy, int fd)
{
	char piece[65536];
	ssize_t got;
	while ((got = read(fd, piece, sizeof(piece))) > 0 || (got < 0 && errno == EINTR)) {
		if (got > 0)
			put_piece(copy, piece, (size_t)got);
	}
	if (copy->line.length > 0)
		put_line(copy, (const char *)copy->line.data, copy->line.length);
	if (!copy->headed || copy->status < 0) {
		fprintf(stderr, "sarai: the hub broke off: %s\n",
			got < 0 ? strerror(errno) : "no answer");
		return CLI_NO_HUB;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "sarai: standard output: %s\n", strerror(errno));
		return CLI_REFUSED;
	}
	return exit_status(copy);
}

int
no_hub(const struct cli *cli)
{
	bool none = errno == ENOENT || errno == ECONNREFUSED;
	if (!cli->quiet)
		fprintf(stderr, "sarai: %s%s: %s\n", none ? "no hub runs at " : "", cli->socket,
			strerror(errno));
	return CLI_NO_HUB;
}

int
read_file(struct buf *out, const char *path, size_t most)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	char piece[65536];
	size_t got;
	if (!f)
		return -1;
	errno = 0;
	while ((got = fread(piece, 1, sizeof(piece), f)) > 0 && out->length <= most)
		buf_put(out, piece, got);
	int reason = ferror(f)            ? (errno ? errno : EIO)
		     : out->failed        ? ENOMEM
		     : out->length > most ? EFBIG
					  : 0;
	if (f != stdin)
		(void)fclose(f);
	if (reason)
		buf_fini(out);
	errno = reason;
	return reason ? -1 : 0;
}

int
ask_hub(const struct cli *cli, const char *const *words, size_t count)
{
	return ask_hub_with(cli, words, count, NULL);
}

int
ask_hub_with(const struct cli *cli, const char *const *words, size_t count, const struct buf *file)
{
	int fd = control_ask(cli->socket, cli->form, words, count, file);
	if (fd < 0 && errno == EINVAL) {
		fprintf(stderr, "sarai: these words cannot be sent\n");
		return CLI_USAGE;
	}
	if (fd < 0)
		return no_hub(cli);
	struct copy copy = {.cli = cli, .to = stdout, .status = -1};
	int status = copy_answer(&copy, fd);
	buf_fini(&copy.line);
	buf_fini(&copy.painted);
	close(fd);
	return status;
}

int
ask_text(const struct cli *cli, enum control_form form, struct buf *out, char kind[256],
	 const char *const *words, size_t count)
{
	struct control_question question = {cli->socket, form, words, count, 0, 0};
	int status = control_ask_whole(out, &question, kind);
	if (status < 0 && errno != EPROTO)
		return no_hub(cli);
	if (status < 0)
		fprintf(stderr, "sarai: the hub broke off\n");
	else if (status && !cli->quiet)
		fprintf(stderr, "sarai: %s\n", kind);
	return status == 0     ? CLI_OK
	       : status < 0    ? CLI_NO_HUB
	       : status == 400 ? CLI_USAGE
			       : CLI_REFUSED;
}
