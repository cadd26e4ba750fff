/* A document fetched by HTTP beside the loop: libcurl's multi interface says which sockets it waits
 * for, the loop waits. */
#include "registry/registry_fetch_io.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum {
	REDIRECTS_MAX = 3,
	KEY_MAX = 256,    /* octets of a key */
	SOCKETS_MAX = 16, /* of one transfer: its own, and those of the resolver */
	STILL_BPS = 100,  /* slower than this for STILL_S is standing still */
	STILL_S = 30,
};

struct fetch_socket {
	struct loop_watch watch; /* first: the loop gives it back; fd -1: free */
	struct registry_fetcher *fetcher;
};

struct registry_fetcher {
	struct loop *loop;
	CURLM *multi;
	CURL *easy; /* of the transfer that is going on, or NULL */
	struct curl_slist *headers;
	struct registry_fetch_order order;
	struct buf body;
	struct fetch_socket sockets[SOCKETS_MAX];
	struct loop_timer timer;
	char error[CURL_ERROR_SIZE];
};

static void
forget(struct registry_fetcher *f)
{
	if (!f->easy)
		return;
	curl_multi_remove_handle(f->multi, f->easy);
	curl_easy_cleanup(f->easy);
	curl_slist_free_all(f->headers);
	f->easy = NULL;
	f->headers = NULL;
	buf_fini(&f->body);
}

/* Tells the end of the transfer, if it has come. */
static void
look_for_end(struct registry_fetcher *f)
{
	int left;
	const CURLMsg *message = curl_multi_info_read(f->multi, &left);
	if (!message || message->msg != CURLMSG_DONE || message->easy_handle != f->easy)
		return;
	CURLcode code = message->data.result;
	long status = 0;
	(void)curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
	char error[CURL_ERROR_SIZE + 32] = "";
	if (f->body.failed)
		(void)snprintf(error, sizeof(error), "no memory for the answer");
	else if (code == CURLE_WRITE_ERROR || code == CURLE_FILESIZE_EXCEEDED)
		(void)snprintf(error, sizeof(error), "the answer is longer than %zu octets",
			       f->order.body_max);
	else if (code != CURLE_OK)
		(void)snprintf(error, sizeof(error), "%s",
			       *f->error ? f->error : curl_easy_strerror(code));
	else if (status != 200)
		(void)snprintf(error, sizeof(error), "HTTP status %ld", status);
	/* The call back may begin the next transfer. */
	struct buf body = f->body;
	struct registry_fetch_order order = f->order;
	f->body = (struct buf){0};
	forget(f);
	order.done(order.context, *error ? error : NULL, (const char *)body.data, body.length);
	buf_fini(&body);
}

static void
drive(struct registry_fetcher *f, curl_socket_t fd, int events)
{
	int running;
	(void)curl_multi_socket_action(f->multi, fd, events, &running);
	look_for_end(f);
}

static void
socket_ready(struct loop_watch *watch, uint32_t events)
{
	struct registry_fetcher *f = ((struct fetch_socket *)watch)->fetcher;
	drive(f, watch->fd,
	      (events & (EPOLLIN | EPOLLHUP) ? CURL_CSELECT_IN : 0) |
		      (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
		      (events & EPOLLERR ? CURL_CSELECT_ERR : 0));
}

static void
timer_fired(struct loop_timer *timer, struct mono_us now)
{
	(void)now;
	drive((struct registry_fetcher *)((char *)timer - offsetof(struct registry_fetcher, timer)),
	      CURL_SOCKET_TIMEOUT, 0);
}

/* The socket's slot, or a free one for it; NULL when all are taken. */
static struct fetch_socket *
slot_of(struct registry_fetcher *f, curl_socket_t fd)
{
	struct fetch_socket *free_slot = NULL;
	for (int i = 0; i < SOCKETS_MAX; i++) {
		if (f->sockets[i].watch.fd == fd)
			return &f->sockets[i];
		if (f->sockets[i].watch.fd < 0)
			free_slot = &f->sockets[i];
	}
	return free_slot;
}

/* libcurl wants a socket watched otherwise. */
static int
want_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *unused)
{
	struct registry_fetcher *f = context;
	struct fetch_socket *slot = slot_of(f, fd);
	uint32_t events =
		(what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
	(void)easy;
	(void)unused;
	if (!slot)
		return -1;
	if (what == CURL_POLL_REMOVE) {
		if (slot->watch.fd == fd)
			loop_forget(f->loop, &slot->watch);
		slot->watch.fd = -1;
		return 0;
	}
	if (slot->watch.fd == fd)
		return loop_change(f->loop, &slot->watch, events);
	slot->watch = (struct loop_watch){.fd = fd, .ready = socket_ready};
	slot->fetcher = f;
	if (loop_watch(f->loop, &slot->watch, events) == 0)
		return 0;
	slot->watch.fd = -1;
	return -1;
}

static int
want_timer(CURLM *multi, long delay_ms, void *context)
{
	struct registry_fetcher *f = context;
	(void)multi;
	if (delay_ms < 0)
		loop_timer_stop(f->loop, &f->timer);
	else
		loop_timer_set(f->loop, &f->timer, mono_add_ms(loop_now(f->loop), delay_ms));
	return 0;
}

static size_t
take_body(char *octets, size_t size, size_t count, void *context)
{
	struct registry_fetcher *f = context;
	size_t length = size * count;
	if (length > f->order.body_max - f->body.length)
		return 0; /* ends the transfer with CURLE_WRITE_ERROR */
	buf_put(&f->body, octets, length);
	return f->body.failed ? 0 : length;
}

struct registry_fetcher *
registry_fetcher_new(struct loop *loop)
{
	struct registry_fetcher *f = calloc(1, sizeof(*f));
	if (!f)
		return NULL;
	f->loop = loop;
	f->timer.fire = timer_fired;
	for (int i = 0; i < SOCKETS_MAX; i++)
		f->sockets[i].watch.fd = -1;
	f->multi = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_multi_init() : NULL;
	if (!f->multi) {
		free(f);
		return NULL;
	}
	curl_multi_setopt(f->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(f->multi, CURLMOPT_SOCKETDATA, f);
	curl_multi_setopt(f->multi, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(f->multi, CURLMOPT_TIMERDATA, f);
	return f;
}

void
registry_fetch_stop(struct registry_fetcher *f)
{
	forget(f);
}

void
registry_fetcher_free(struct registry_fetcher *f)
{
	if (!f)
		return;
	forget(f);
	curl_multi_cleanup(f->multi);
	for (int i = 0; i < SOCKETS_MAX; i++)
		assert(f->sockets[i].watch.fd < 0);
	loop_timer_stop(f->loop, &f->timer);
	curl_global_cleanup();
	free(f);
}

/* False when there is no memory for it. A header "Authorization" is not sent on to another host
 * after a redirection (CURLOPT_HTTPHEADER). */
static bool
set_headers(struct registry_fetcher *f)
{
	f->headers = curl_slist_append(NULL, "Accept: application/json");
	if (!f->headers || !f->order.key)
		return f->headers != NULL;
	char line[KEY_MAX + 32];
	(void)snprintf(line, sizeof(line), "Authorization: Api-Key %.*s", KEY_MAX, f->order.key);
	return curl_slist_append(f->headers, line) != NULL;
}

int
registry_fetch(struct registry_fetcher *f, const struct registry_fetch_order *order)
{
	assert(!f->easy);
	f->easy = curl_easy_init();
	f->order = *order;
	f->error[0] = '\0';
	if (!f->easy || !set_headers(f))
		goto failed;
	curl_easy_setopt(f->easy, CURLOPT_URL, order->url);
	curl_easy_setopt(f->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(f->easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(f->easy, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(f->easy, CURLOPT_MAXREDIRS, (long)REDIRECTS_MAX);
	curl_easy_setopt(f->easy, CURLOPT_TIMEOUT, (long)order->timeout_s);
	curl_easy_setopt(f->easy, CURLOPT_LOW_SPEED_LIMIT, (long)STILL_BPS);
	curl_easy_setopt(f->easy, CURLOPT_LOW_SPEED_TIME, (long)STILL_S);
	curl_easy_setopt(f->easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)order->body_max);
	curl_easy_setopt(f->easy, CURLOPT_HTTPHEADER, f->headers);
	curl_easy_setopt(f->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(f->easy, CURLOPT_USERAGENT, "sarai");
	curl_easy_setopt(f->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(f->easy, CURLOPT_ERRORBUFFER, f->error);
	curl_easy_setopt(f->easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(f->easy, CURLOPT_WRITEDATA, f);
	if (curl_multi_add_handle(f->multi, f->easy) == CURLM_OK)
		return 0;
failed:
	if (f->easy)
		curl_easy_cleanup(f->easy);
	curl_slist_free_all(f->headers);
	f->easy = NULL;
	f->headers = NULL;
	return -1;
}
