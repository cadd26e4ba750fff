/* A question to the ledger. */
#include "main/corridor_ledger_io.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "net/control.h"

enum { PATIENCE_S = 60, ANSWER_MAX = 16 << 20 };

/* All of the answer: 0, or -1 and errno. */
static int
read_all(struct buf *out, int fd)
{
	uint8_t piece[16384];
	ssize_t got;
	while ((got = read(fd, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		buf_put(out, piece, (size_t)got);
		if (out->failed || out->length > ANSWER_MAX) {
			errno = out->failed ? ENOMEM : EMSGSIZE;
			return -1;
		}
	}
	return 0;
}

/* Appends what is behind the answer's first line. 0, or -1 and the complaint. */
static int
take(struct buf *json, const struct buf *answer, struct corridor_complaint *complaint)
{
	char line[512], text[256];
	const char *bytes = (const char *)answer->data;
	const char *end = answer->length ? memchr(bytes, '\n', answer->length) : NULL;
	int status = -1;
	if (end) {
		(void)snprintf(line, sizeof(line), "%.*s", (int)(end - bytes), bytes);
		status = control_status(line, text);
	}
	if (status == 0) {
		buf_put(json, end + 1, answer->length - (size_t)(end + 1 - bytes));
		return 0;
	}
	corridor_complain(complaint, status > 0 ? status : 500, "%.200s",
			  status > 0 ? text : "the ledger gave no answer");
	return -1;
}

int
corridor_ledger_ask(struct buf *json, const char *socket, const char *const *words, size_t count,
		    struct corridor_complaint *complaint)
{
	const struct timeval patience = {.tv_sec = PATIENCE_S};
	struct buf answer = {0};
	int fd = socket ? control_ask(socket, CONTROL_JSON, words, count, NULL) : -1;
	if (fd < 0) {
		corridor_complain(complaint, 500, "the ledger cannot be asked: %s",
				  strerror(errno));
		return -1;
	}
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	int result = read_all(&answer, fd);
	if (result < 0)
		corridor_complain(complaint, 500, "the ledger's answer: %s",
				  errno == EAGAIN ? "none within a minute" : strerror(errno));
	else
		result = take(json, &answer, complaint);
	close(fd);
	buf_fini(&answer);
	return result;
}

int
corridor_ledger_revenue(struct buf *json, const void *socket, const char *month,
			struct corridor_complaint *complaint)
{
	const char *const words[] = {"show", "revenue", "by", "segment", "month", month};
	return corridor_ledger_ask(json, socket, words, 6, complaint);
}
