/* The client's end of the control protocol. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "net/control_address.h"
#include "net/control_line.h"

static int
connect_to(const char *path, int flags)
{
	struct sockaddr_un address;
	int folder;
	if (control_address(&address, path, &folder) < 0)
		return -1;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		int reason = errno;
		close(fd);
		fd = -1;
		errno = reason;
	}
	int reason = errno;
	if (folder >= 0)
		close(folder);
	errno = reason;
	return fd;
}

static int
send_all(int fd, const struct buf *line)
{
	for (size_t sent = 0; sent < line->length;) {
		ssize_t n = send(fd, line->data + sent, line->length - sent, MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			sent += (size_t)n;
	}
	return 0;
}

/* A hub that refuses the question closes before it has read the file: its answer is there all the same. */
static int
send_body(int fd, const struct buf *body)
{
	int result = send_all(fd, body);
	return result < 0 && (errno == EPIPE || errno == ECONNRESET) ? 0 : result;
}

static int
ask(const char *path, enum control_form form, const char *const *words, size_t count,
    const struct buf *body, int flags)
{
	struct buf line = {0};
	int fd = -1;
	if (control_line_write(&line, form, body ? body->length : 0, words, count) < 0) {
		errno = EINVAL;
		goto out;
	}
	fd = connect_to(path, flags);
	if (fd >= 0 && (send_all(fd, &line) < 0 || (body && send_body(fd, body) < 0))) {
		int reason = errno;
		close(fd);
		fd = -1;
		errno = reason;
	}
out:;
	int reason = errno;
	buf_fini(&line);
	errno = reason;
	return fd;
}

int
control_ask(const char *path, enum control_form form, const char *const *words, size_t count,
	    const struct buf *file)
{
	return ask(path, form, words, count, file, 0);
}

/* A fresh socket's buffer takes a whole line and CONTROL_NOW_MAX, so that sending never waits. */
int
control_ask_now(const char *path, enum control_form form, const char *const *words, size_t count,
		const struct buf *file)
{
	assert(!file || file->length <= CONTROL_NOW_MAX);
	return ask(path, form, words, count, file, SOCK_NONBLOCK);
}

/* To the end of the answer. 0, or -1 and errno. */
static int
read_all(struct buf *out, int fd, size_t most)
{
	const size_t start = out->length;
	char piece[65536];
	ssize_t got;
	while ((got = read(fd, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		buf_put(out, piece, (size_t)got);
		if (out->failed || (most && out->length - start > most)) {
			errno = out->failed ? ENOMEM : EMSGSIZE;
			return -1;
		}
	}
	return 0;
}

/* Takes the first line out of what was read from `start` on. As control_ask_whole. */
static int
take_head(struct buf *out, size_t start, char text[256])
{
	char line[512];
	const char *begin = (const char *)out->data + start;
	const char *end = out->length > start ? memchr(begin, '\n', out->length - start) : NULL;
	int status = -1;
	if (end) {
		(void)snprintf(line, sizeof(line), "%.*s", (int)(end - begin), begin);
		status = control_status(line, text);
	}
	errno = EPROTO;
	if (status)
		return status;
	memmove(out->data + start, end + 1, out->length - start - (size_t)(end + 1 - begin));
	out->length -= (size_t)(end + 1 - begin);
	return 0;
}

int
control_ask_whole(struct buf *out, const struct control_question *q, char text[256])
{
	const struct timeval patience = {.tv_sec = q->patience_s};
	const size_t start = out->length;
	text[0] = '\0';
	int fd = control_ask(q->path, q->form, q->words, q->count, NULL);
	if (fd < 0)
		return -1;
	if (q->patience_s)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	int result = read_all(out, fd, q->most);
	if (result == 0)
		result = take_head(out, start, text);
	if (result)
		out->length = start;
	int reason = errno;
	close(fd);
	errno = reason;
	return result;
}
