/* Names into addresses. The thread owns its question and one end of a pair of sockets, into which it writes the
 * answer in one piece; the loop has the other end. So nothing is shared, and a question that nobody wants an
 * answer to any more is one whose end is closed. */
#include "net/resolve_io.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { STACK = 512 * 1024, ERROR = 128 };

struct answer {
	size_t count;
	struct ip ips[NET_RESOLVE_MAX];
	char error[ERROR];
};

struct question {
	int fd;
	char host[];
};

struct net_resolve {
	struct loop_watch watch;
	struct loop *loop;
	void (*done)(void *context, const struct ip *ips, size_t count, const char *error);
	void *context;
};

static bool
take_address(struct ip *out, const struct addrinfo *from)
{
	if (from->ai_family == AF_INET) {
		const struct sockaddr_in *v4 = (const struct sockaddr_in *)from->ai_addr;
		*out = ip_v4(ntohl(v4->sin_addr.s_addr));
		return true;
	}
	if (from->ai_family != AF_INET6)
		return false;
	*out = ip_v6(((const struct sockaddr_in6 *)from->ai_addr)->sin6_addr.s6_addr);
	return true;
}

static void
look_up(struct answer *answer, const char *host)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *found = NULL;
	int failed = getaddrinfo(host, NULL, &hints, &found);
	for (struct addrinfo *a = failed ? NULL : found; a && answer->count < NET_RESOLVE_MAX;
	     a = a->ai_next)
		answer->count += take_address(&answer->ips[answer->count], a);
	if (!failed)
		freeaddrinfo(found);
	if (answer->count == 0)
		snprintf(answer->error, sizeof(answer->error), "%s: %s", host,
			 failed ? gai_strerror(failed) : "no address");
}

static void *
thread(void *argument)
{
	struct question *question = argument;
	struct answer answer = {0};
	look_up(&answer, question->host);
	(void)send(question->fd, &answer, sizeof(answer), MSG_NOSIGNAL);
	close(question->fd);
	free(question);
	return NULL;
}

/* Signals are for the loop's thread. */
static int
start_thread(struct question *question)
{
	pthread_attr_t attributes;
	pthread_t id;
	sigset_t all, before;
	sigfillset(&all);
	if ((errno = pthread_attr_init(&attributes)) != 0)
		return -1;
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, STACK);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int failed = pthread_create(&id, &attributes, thread, question);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	errno = failed;
	return failed ? -1 : 0;
}

void
net_resolve_cancel(struct net_resolve *question)
{
	if (!question)
		return;
	loop_forget(question->loop, &question->watch);
	close(question->watch.fd);
	free(question);
}

static void
ready(struct loop_watch *watch, uint32_t events)
{
	(void)events;
	struct net_resolve *question =
		(struct net_resolve *)((char *)watch - offsetof(struct net_resolve, watch));
	struct answer answer;
	ssize_t length = recv(watch->fd, &answer, sizeof(answer), MSG_DONTWAIT);
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	void (*done)(void *, const struct ip *, size_t, const char *) = question->done;
	void *context = question->context;
	net_resolve_cancel(question);
	if (length == (ssize_t)sizeof(answer))
		done(context, answer.ips, answer.count, answer.error);
	else
		done(context, NULL, 0, "no answer");
}

/* Gives the thread its end, or puts the answer there if it needs no asking. */
static int
ask(int fd, const char *host)
{
	struct answer answer = {.count = 1};
	if (ip_parse(&answer.ips[0], host) == 0) {
		ssize_t sent = send(fd, &answer, sizeof(answer), MSG_NOSIGNAL);
		close(fd);
		return sent == (ssize_t)sizeof(answer) ? 0 : -1;
	}
	struct question *question = malloc(sizeof(*question) + strlen(host) + 1);
	if (question) {
		question->fd = fd;
		strcpy(question->host, host);
		if (start_thread(question) == 0)
			return 0;
	}
	int error = errno;
	free(question);
	close(fd);
	errno = error;
	return -1;
}

struct net_resolve *
net_resolve_start(struct loop *loop, const char *host,
		  void (*done)(void *context, const struct ip *ips, size_t count,
			       const char *error),
		  void *context)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return NULL;
	struct net_resolve *question = calloc(1, sizeof(*question));
	if (!question) {
		close(ends[0]);
		close(ends[1]);
		return NULL;
	}
	*question = (struct net_resolve){.watch = {.fd = ends[0], .ready = ready},
					 .loop = loop,
					 .done = done,
					 .context = context};
	int failed = loop_watch(loop, &question->watch, EPOLLIN);
	if (failed) {
		close(ends[1]);
		close(ends[0]);
		free(question);
		return NULL;
	}
	if (ask(ends[1], host) < 0) {
		int error = errno;
		net_resolve_cancel(question);
		errno = error;
		return NULL;
	}
	return question;
}
