/* counters push FILE|-: rows of counters from a file to the meter. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf_io.h"
#include "base/json_read.h"
#include "cli/cli_parts.h"
#include "net/push.h"

enum { ANSWER_MAX = 1 << 20, TEXT_MAX = 1 << 30, PIECE = 65536 };

/* One piece. 0, or -1: no hub answers. */
static int
ask(const struct cli *cli, struct push *p, const struct buf *rows)
{
	struct buf answer = {0};
	char reason[256];
	int fd = control_ask(cli->socket, CONTROL_JSON, p->words, PUSH_WORDS, rows);
	if (fd < 0)
		return -1;
	ssize_t got = 1;
	while (got != 0 && answer.length < ANSWER_MAX && buf_reserve(&answer, PIECE)) {
		got = read(fd, answer.data + answer.length, PIECE);
		if (got < 0 && errno != EINTR)
			break;
		answer.length += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	char *end = answer.length ? memchr(answer.data, '\n', answer.length) : NULL;
	int status = -1;
	if (end) {
		*end = '\0';
		status = control_status((const char *)answer.data, reason);
	}
	if (status < 0 || status == 503) {
		buf_fini(&answer);
		errno = EAGAIN;
		return -1;
	}
	if (status)
		push_refused(p, reason);
	else
		push_answered(p, end + 1, answer.length - (size_t)(end + 1 - (char *)answer.data));
	buf_fini(&answer);
	return 0;
}

/* "12 rows: 11 counted, 1 refused", and why. */
static void
show(const struct cli *cli, const struct push *p)
{
	struct buf out = {0};
	push_result(p, &out);
	if (cli->form == CONTROL_JSON) {
		buf_write(&out, stdout);
		buf_fini(&out);
		return;
	}
	struct arena *arena = arena_new();
	const struct json_value *answer =
		arena ? json_read(arena, (const char *)out.data, out.length) : NULL;
	printf("%llu row%s:", (unsigned long long)p->rows, p->rows == 1 ? "" : "s");
	for (size_t i = 0; i < p->result_count; i++)
		if (p->results[i].count)
			printf(" %llu %s,", (unsigned long long)p->results[i].count,
			       p->results[i].name);
	printf(" %llu refused\n", (unsigned long long)p->refused);
	fflush(stdout);
	for (const struct json_value *v = json_read_first(json_read_get(answer, "refusals")); v;
	     v = v->next) {
		const char *reason = json_read_text(json_read_get(v, "reason"));
		double line = 0;
		(void)json_read_number(&line, json_read_get(v, "line"));
		fprintf(stderr, "line %.0f: %s\n", line, reason ? reason : "");
	}
	arena_free(arena);
	buf_fini(&out);
}

int
counters_command(const struct cli *cli, const char *path)
{
	struct buf text = {0};
	const struct buf *rows;
	struct push *p = malloc(sizeof(*p));
	int status = CLI_REFUSED;
	if (!p)
		goto out;
	if (read_file(&text, path, TEXT_MAX) < 0) {
		fprintf(stderr, "sarai: %s: %s\n", path, strerror(errno));
		goto out;
	}
	const char *from = (const char *)text.data;
	push_init(p, !push_is_json(from, text.length), from, text.length);
	status = CLI_OK;
	while (status == CLI_OK && (rows = push_next(p)))
		if (ask(cli, p, rows) < 0)
			status = no_hub(cli);
	if (status == CLI_OK && !cli->quiet)
		show(cli, p);
	if (status == CLI_OK && p->refused)
		status = CLI_REFUSED;
	push_fini(p);
out:
	free(p);
	buf_fini(&text);
	return status;
}
