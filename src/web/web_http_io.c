/* The HTTP server. libmicrohttpd keeps its connections in an epoll set of its own; that set's
 * descriptor is one watch of our loop. Everything runs in the loop's thread. */
#include "web/web_http_io.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/web_http.h"
#include "web/web_metrics.h"

enum {
	HEADERS_MAX = 32 * 1024, /* all that libmicrohttpd keeps of a connection */
	IDLE_S = 30,
	BACKLOG = 128,
	/* An answer that is complete by then goes out with its length. */
	STREAM_FROM = 64 * 1024,
};

static const char *const rooms[WEB_ROOMS] = {"exchange", "meter",    "poller",
					     "ledger",   "corridor", "registry"};

/* --- the daemon in the loop --- */

static void
run(struct web *web)
{
	MHD_UNSIGNED_LONG_LONG ms;
	MHD_run(web->daemon);
	if (MHD_get_timeout(web->daemon, &ms) == MHD_YES)
		loop_timer_set(web->loop, &web->timer,
			       mono_add_ms(loop_now(web->loop), ms < 60000 ? (int64_t)ms : 60000));
	else
		loop_timer_stop(web->loop, &web->timer);
}

static void
readable(struct loop_watch *watch, uint32_t events)
{
	(void)events;
	run((struct web *)((char *)watch - offsetof(struct web, watch)));
}

static void
due(struct loop_timer *timer, struct mono_us now)
{
	(void)now;
	run((struct web *)((char *)timer - offsetof(struct web, timer)));
}

/* --- clients that do not wait any more --- */

static void
stop_looking(struct exchange *exchange)
{
	if (exchange->close.fd < 0)
		return;
	loop_forget(exchange->web->loop, &exchange->close);
	exchange->close.fd = -1;
}

/* Whoever has closed its side gets no answer, and what works at it is let go: its place is others'. */
static void
closed(struct loop_watch *watch, uint32_t events)
{
	struct exchange *exchange =
		(struct exchange *)((char *)watch - offsetof(struct exchange, close));
	(void)events;
	for (size_t i = 0; i < exchange->ask_count; i++)
		web_ask_close(&exchange->asks[i]);
	exchange->ask_count = 0;
	exchange->gone = true;
	exchange_wake(exchange);
}

/* The library does not look at connections that are suspended. */
static void
look_for_close(struct exchange *exchange)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	if (!info)
		return;
	exchange->close = (struct loop_watch){.fd = info->connect_fd, .ready = closed};
	if (loop_watch(exchange->web->loop, &exchange->close, EPOLLRDHUP) < 0)
		exchange->close.fd = -1;
}

void
exchange_sleep(struct exchange *exchange)
{
	MHD_suspend_connection(exchange->connection);
	exchange->suspended = true;
}

void
exchange_wake(struct exchange *exchange)
{
	if (!exchange->suspended)
		return;
	exchange->suspended = false;
	stop_looking(exchange);
	MHD_resume_connection(exchange->connection);
	loop_timer_set(exchange->web->loop, &exchange->web->timer, loop_now(exchange->web->loop));
}

/* --- an exchange's life --- */

static void *
begin(void *context, const char *target, struct MHD_Connection *connection)
{
	struct web *web = context;
	struct exchange *exchange = calloc(1, sizeof(*exchange));
	if (!exchange)
		return NULL;
	exchange->web = web;
	exchange->connection = connection;
	exchange->close.fd = -1;
	exchange->bad_url = web_url_parse(&exchange->url, target);
	exchange->next = web->exchanges;
	if (web->exchanges)
		web->exchanges->before = exchange;
	web->exchanges = exchange;
	web->counters.requests++;
	web->counters.exchanges++;
	return exchange;
}

static void
stop_listening(struct exchange *exchange)
{
	if (!exchange->listener)
		return;
	web_feed_leave(exchange->listener);
	exchange->listener = NULL;
	exchange->web->counters.listeners--;
	web_round_listen(exchange->web->round, exchange->web->counters.listeners > 0);
}

static void
end(void *context, struct MHD_Connection *connection, void **place,
    enum MHD_RequestTerminationCode why)
{
	(void)connection;
	(void)why;
	struct web *web = context;
	struct exchange *exchange = *place;
	if (!exchange)
		return;
	*place = NULL;
	stop_looking(exchange);
	for (size_t i = 0; i < exchange->ask_count; i++)
		web_ask_close(&exchange->asks[i]);
	stop_listening(exchange);
	push_end(exchange);
	buf_fini(&exchange->text);
	if (exchange->before)
		exchange->before->next = exchange->next;
	else
		web->exchanges = exchange->next;
	if (exchange->next)
		exchange->next->before = exchange->before;
	web->counters.exchanges--;
	free(exchange);
}

/* --- asking --- */

static void
one_changed(struct web_ask *ask)
{
	struct exchange *exchange = ask->context;
	bool enough = ask->ended || ask->status > 0 || ask->body.length >= STREAM_FROM;
	if (exchange->state == EXCHANGE_WAITING && !enough)
		return;
	if (exchange->state == EXCHANGE_WAITING)
		exchange->state = EXCHANGE_READY;
	exchange_wake(exchange);
}

/* For metrics: ready when the last room has answered, or failed to. */
static void
all_changed(struct web_ask *ask)
{
	struct exchange *exchange = ask->context;
	/* A metrics page beyond what an ask holds is no metrics page. */
	if (!ask->ended && ask->paused) {
		web_ask_close(ask);
		ask->ended = ask->failed = true;
	}
	for (size_t i = 0; i < exchange->ask_count; i++)
		if (!exchange->asks[i].ended)
			return;
	exchange->state = EXCHANGE_READY;
	exchange_wake(exchange);
}

static enum MHD_Result
wait_for_room(struct exchange *exchange)
{
	struct web *web = exchange->web;
	const struct web_request *r = &exchange->request;
	struct web_ask *ask = &exchange->asks[0];
	*ask = (struct web_ask){.changed = one_changed,
				.context = exchange,
				.patience_ms = (int64_t)r->patience_s * 1000};
	web->counters.asks++;
	if (web_ask_open(ask, web->loop, web->control_socket, r->form, r->words, r->word_count) <
	    0) {
		web->counters.asks_refused++;
		return answer_error(exchange, MHD_HTTP_SERVICE_UNAVAILABLE,
				    "the hub does not take questions now");
	}
	exchange->ask_count = 1;
	exchange->state = EXCHANGE_WAITING;
	exchange_sleep(exchange);
	/* An order is given, whoever waits for the word that it is. */
	if (r->kind != WEB_ORDER)
		look_for_close(exchange);
	return MHD_YES;
}

static enum MHD_Result
answer_metrics(struct exchange *exchange)
{
	struct buf texts[WEB_ROOMS + 1] = {0}, out = {0}, *own = &texts[WEB_ROOMS];
	web_metrics(exchange->web, own);
	buf_str(own, "# HELP sarai_room_answers Whether the room gave its metrics.\n"
		     "# TYPE sarai_room_answers gauge\n");
	for (size_t i = 0; i < WEB_ROOMS; i++) {
		struct web_ask *ask = &exchange->asks[i];
		bool good = i < exchange->ask_count && ask->status == 0 && !ask->failed;
		if (good)
			texts[i] = ask->body;
		buf_printf(own, "sarai_room_answers{room=\"%s\"} %d\n", rooms[i], good);
	}
	enum MHD_Result result = MHD_NO;
	if (web_metrics_join(&out, texts, WEB_ROOMS + 1) == 0)
		result = answer_text(exchange, "text/plain; version=0.0.4; charset=utf-8", &out);
	buf_fini(own);
	buf_fini(&out);
	return result;
}

static enum MHD_Result
wait_for_all(struct exchange *exchange)
{
	struct web *web = exchange->web;
	for (size_t i = 0; i < WEB_ROOMS; i++) {
		struct web_ask *ask = &exchange->asks[i];
		const char *const words[] = {"metrics", rooms[i]};
		*ask = (struct web_ask){.changed = all_changed, .context = exchange};
		web->counters.asks++;
		if (web_ask_open(ask, web->loop, web->control_socket, CONTROL_TEXT, words, 2) < 0) {
			web->counters.asks_refused++;
			ask->ended = ask->failed = true;
		}
	}
	exchange->ask_count = WEB_ROOMS;
	for (size_t i = 0; i < WEB_ROOMS; i++)
		if (!exchange->asks[i].ended) {
			exchange->state = EXCHANGE_WAITING;
			exchange_sleep(exchange);
			return MHD_YES;
		}
	return answer_metrics(exchange);
}

/* --- the overview and the events --- */

/* The round has ended: who waited for the overview gets it, who listens may have something new. */
static void
round_ended(void *context)
{
	struct web *web = context;
	for (struct exchange *e = web->exchanges; e; e = e->next) {
		if (e->state == EXCHANGE_WAITING && e->request.kind == WEB_OVERVIEW) {
			const struct buf *overview =
				web_round_overview(web->round, e->who.role == WEB_OPERATOR);
			buf_put(&e->text, overview->data, overview->length);
			e->state = EXCHANGE_READY;
			exchange_wake(e);
		} else if (e->listener) {
			exchange_wake(e);
		}
	}
}

/* Who listens may have something new. */
static void
wake_listeners(void *context)
{
	struct web *web = context;
	for (struct exchange *e = web->exchanges; e; e = e->next)
		if (e->listener)
			exchange_wake(e);
}

static enum MHD_Result
wait_for_overview(struct exchange *exchange)
{
	exchange->state = EXCHANGE_WAITING;
	exchange_sleep(exchange);
	web_round_want(exchange->web->round);
	return MHD_YES;
}

static enum MHD_Result
listen_to_events(struct exchange *exchange)
{
	struct web *web = exchange->web;
	if (exchange->head)
		return answer_events(exchange);
	if (web->counters.listeners >= WEB_LISTENERS_MAX)
		return answer_error(exchange, MHD_HTTP_SERVICE_UNAVAILABLE,
				    "too many listen already");
	exchange->listener =
		web_feed_join(web->feed, exchange->who.role == WEB_OPERATOR ? WEB_FEED_FOR_OPERATOR
									    : WEB_FEED_FOR_ALL);
	if (!exchange->listener)
		return MHD_NO;
	web->counters.listeners++;
	web_round_listen(web->round, true);
	return answer_events(exchange);
}

/* --- dispatch --- */

static enum MHD_Result
serve_file(struct exchange *exchange)
{
	const struct web_url *url = &exchange->url;
	const struct web_file *file = NULL;
	char path[128] = "";
	size_t length = 0;
	for (size_t i = 0; i < url->step_count && length < sizeof(path); i++)
		length += (size_t)snprintf(path + length, sizeof(path) - length, "%s%s",
					   i ? "/" : "", url->steps[i]);
	if (length < sizeof(path))
		file = web_page_file(path);
	return file ? answer_file(exchange, file)
		    : answer_error(exchange, MHD_HTTP_NOT_FOUND, "there is no such page");
}

/* By name and password, if they came with it. 0, or -1 when they are wrong. */
static int
recognise(struct exchange *exchange)
{
	char *password = NULL;
	char *name = MHD_basic_auth_get_username_password(exchange->connection, &password);
	bool named = MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND,
						 MHD_HTTP_HEADER_AUTHORIZATION) != NULL;
	/* What came in a form that is not read here is a name that nobody has. */
	int result = web_gate_who(&exchange->who, exchange->web->gate,
				  name    ? name
				  : named ? ""
					  : NULL,
				  password);
	MHD_free(name);
	MHD_free(password);
	return result;
}

static enum MHD_Result
dispatch(struct exchange *exchange)
{
	struct web_refusal refusal;
	if (exchange->bad_url) {
		exchange->request.kind = WEB_ASK; /* nothing to be kept by a cache */
		char text[64] = "the address is malformed";
		if (exchange->bad_url == MHD_HTTP_URI_TOO_LONG)
			(void)snprintf(text, sizeof(text),
				       "the address is too long: at most %d octets",
				       WEB_URL_MAX - 1);
		return answer_error(exchange, exchange->bad_url, text);
	}
	if (recognise(exchange) < 0) {
		exchange->request.kind = WEB_ASK;
		return answer_error(exchange, MHD_HTTP_UNAUTHORIZED, "name or password are wrong");
	}
	if (web_route_find(&exchange->request, &exchange->url, &exchange->who, &refusal) < 0) {
		exchange->request.kind = WEB_ASK;
		return answer_error(exchange, refusal.status, refusal.text);
	}
	switch (exchange->request.kind) {
	case WEB_FILE:
		return serve_file(exchange);
	case WEB_ASK:
	case WEB_WORK:
		return wait_for_room(exchange);
	case WEB_OVERVIEW:
		return wait_for_overview(exchange);
	case WEB_EVENTS:
		return listen_to_events(exchange);
	case WEB_METRICS:
		return wait_for_all(exchange);
	case WEB_ME:
		return answer_me(exchange);
	case WEB_LOGIN:
		return answer_login(exchange);
	case WEB_PUSH:
	case WEB_ORDER:
		break; /* not by a route */
	}
	return MHD_NO;
}

/* What the exchange waited for is there. */
static enum MHD_Result
answer(struct exchange *exchange)
{
	switch (exchange->request.kind) {
	case WEB_METRICS:
		return answer_metrics(exchange);
	case WEB_OVERVIEW:
		if (exchange->text.length == 0)
			return answer_error(exchange, MHD_HTTP_SERVICE_UNAVAILABLE,
					    "out of memory");
		return answer_text(exchange, "application/json", &exchange->text);
	case WEB_PUSH:
		return push_answer(exchange);
	default:
		return answer_ask(exchange);
	}
}

/* Header lines that say how long the request is. */
struct lengths {
	unsigned length, encoding;
};

static enum MHD_Result
count_length(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct lengths *lengths = context;
	(void)kind;
	(void)value;
	lengths->length += strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0;
	lengths->encoding += strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0;
	return MHD_YES;
}

/* RFC 9112 section 6.3: where the length is told more than once somebody before us may have read another
 * request than we do. */
static bool
has_one_length(const struct exchange *exchange)
{
	struct lengths lengths = {0};
	(void)MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, count_length,
					&lengths);
	return lengths.length + lengths.encoding <= 1;
}

/* Called by libmicrohttpd when the headers are there, when the request is complete, and whenever a
 * connection without a response is resumed. MHD_NO closes the connection. */
static enum MHD_Result
handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
       const char *version, const char *upload, size_t *upload_length, void **place)
{
	(void)connection;
	(void)url;
	(void)version;
	struct web *web = context;
	struct exchange *exchange = *place;
	if (!exchange || web->closing || exchange->gone)
		return MHD_NO;
	if (*upload_length > 0)
		return push_take(exchange, upload, upload_length);
	switch (exchange->state) {
	case EXCHANGE_BEGUN:
		exchange->head = strcmp(method, "HEAD") == 0;
		if (!has_one_length(exchange)) {
			exchange->request.kind = WEB_ASK;
			return answer_error(exchange, MHD_HTTP_BAD_REQUEST,
					    "the length of the request is told more than once");
		}
		if (strcmp(method, "POST") == 0)
			return !exchange->bad_url && web_order_is(&exchange->url)
				       ? order_begin(exchange)
				       : push_begin(exchange);
		if (!exchange->head && strcmp(method, "GET") != 0) {
			exchange->request.kind = WEB_ASK;
			return answer_error(exchange, MHD_HTTP_METHOD_NOT_ALLOWED,
					    "only GET and HEAD: nothing can be changed from here");
		}
		exchange->state = EXCHANGE_HEADED;
		return MHD_YES;
	case EXCHANGE_HEADED:
		return exchange->request.kind == WEB_ORDER ? wait_for_room(exchange)
							   : dispatch(exchange);
	case EXCHANGE_TAKING:
		return push_go(exchange);
	case EXCHANGE_READY:
		return answer(exchange);
	default:
		return MHD_YES;
	}
}

/* Steps and parameters are decoded by web_url.c; the library is to leave its copy alone. */
static size_t
leave_escaped(void *context, struct MHD_Connection *connection, char *text)
{
	(void)context;
	(void)connection;
	return strlen(text);
}

/* --- opening and closing --- */

static int
bind_to(int fd, struct ip ip, uint16_t port)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	int on = 1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (ip.family == IP_V4) {
		memcpy(&v4.sin_addr, ip.octets, 4);
		return bind(fd, (struct sockaddr *)&v4, sizeof(v4));
	}
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	memcpy(&v6.sin6_addr, ip.octets, 16);
	return bind(fd, (struct sockaddr *)&v6, sizeof(v6));
}

static int
listen_at(struct ip ip, uint16_t port)
{
	int fd = socket(ip.family == IP_V6 ? AF_INET6 : AF_INET,
			SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && bind_to(fd, ip, port) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	int reason = errno;
	if (fd >= 0)
		close(fd);
	errno = reason;
	return -1;
}

static struct MHD_Daemon *
start_daemon(struct web *web, int fd)
{
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle,
				web, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
				(unsigned)WEB_CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
				(unsigned)WEB_CONNECTIONS_PER_ADDRESS_MAX,
				MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
				MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADERS_MAX,
				MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, begin,
				web, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
				MHD_OPTION_NOTIFY_COMPLETED, end, web, MHD_OPTION_END);
}

/* The daemon takes `fd` over as soon as it runs. */
static int
start(struct web *web, int fd)
{
	web->feed = web_feed_new();
	web->gate = web_gate_new(false, NULL, 0);
	if (web->feed)
		web->round = web_round_new(web->loop, web->control_socket, web->feed, round_ended,
					   wake_listeners, web);
	if (!web->round || !web->gate || !web_page_init()) {
		errno = ENOMEM;
		return -1;
	}
	errno = 0;
	web->daemon = start_daemon(web, fd);
	if (!web->daemon) {
		errno = errno ? errno : ENOMEM;
		return -1;
	}
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(web->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	web->watch = (struct loop_watch){.fd = info->epoll_fd, .ready = readable};
	return loop_watch(web->loop, &web->watch, EPOLLIN);
}

struct web *
web_open(struct loop *loop, struct ip ip, uint16_t port, const char *control_socket)
{
	assert(loop && control_socket && ip.family != IP_NONE);
	int fd = listen_at(ip, port);
	if (fd < 0)
		return NULL;
	struct web *web = calloc(1, sizeof(*web));
	if (web) {
		web->loop = loop;
		web->control_socket = control_socket;
		web->timer.fire = due;
		if (start(web, fd) == 0)
			return web;
	}
	int reason = errno;
	if (!web || !web->daemon)
		close(fd);
	web_close(web);
	errno = reason;
	return NULL;
}

/* libmicrohttpd must not be stopped while a connection is suspended: all are woken first, find the
 * page closing, and end. */
void
web_close(struct web *web)
{
	if (!web)
		return;
	web->closing = true;
	for (struct exchange *e = web->exchanges; e; e = e->next)
		exchange_wake(e);
	if (web->daemon) {
		loop_forget(web->loop, &web->watch);
		MHD_run(web->daemon);
		MHD_stop_daemon(web->daemon);
	}
	loop_timer_stop(web->loop, &web->timer);
	web_round_free(web->round);
	web_feed_free(web->feed);
	web_page_fini();
	free(web->push_token);
	web_gate_free(web->gate);
	free(web);
}

void
web_set_gate(struct web *web, struct web_gate *gate)
{
	assert(web && gate);
	web_gate_free(web->gate);
	web->gate = gate;
}

int
web_set_push_token(struct web *web, const char *token)
{
	char *copy = token ? strdup(token) : NULL;
	if (token && !copy)
		return -1;
	free(web->push_token);
	web->push_token = copy;
	return 0;
}

void
web_metrics(const struct web *web, struct buf *out)
{
	const struct web_counters *c = &web->counters;
	buf_printf(out,
		   "# HELP sarai_web_requests_total HTTP requests that began.\n"
		   "# TYPE sarai_web_requests_total counter\n"
		   "sarai_web_requests_total %llu\n"
		   "# HELP sarai_web_answers_total HTTP answers by class of status.\n"
		   "# TYPE sarai_web_answers_total counter\n",
		   (unsigned long long)c->requests);
	for (int i = 2; i <= 5; i++)
		buf_printf(out, "sarai_web_answers_total{class=\"%dxx\"} %llu\n", i,
			   (unsigned long long)c->answers[i]);
	buf_printf(out,
		   "# HELP sarai_web_asks_total Questions to rooms.\n"
		   "# TYPE sarai_web_asks_total counter\n"
		   "sarai_web_asks_total %llu\n"
		   "# HELP sarai_web_asks_refused_total Questions that the hub did not take.\n"
		   "# TYPE sarai_web_asks_refused_total counter\n"
		   "sarai_web_asks_refused_total %llu\n"
		   "# HELP sarai_web_listeners Browsers that listen to events.\n"
		   "# TYPE sarai_web_listeners gauge\n"
		   "sarai_web_listeners %u\n",
		   (unsigned long long)c->asks, (unsigned long long)c->asks_refused, c->listeners);
}
