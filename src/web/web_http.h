/* The parts of HTTP: used by web_*_io.c only.
 *
 *   browser ──► exchange ──┬─► file of the page                      (web_answer_io.c)
 *                          ├─► ask one room, stream its answer       (web_http_io.c)
 *                          ├─► ask all rooms for metrics, join
 *                          └─► overview, events ──► the round         (web_round_io.c)
 *
 * An exchange is one request until its answer is sent. While it waits its connection is suspended,
 * and whoever has something for it wakes it: exchange_wake. */
#pragma once

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "web/web_ask_io.h"
#include "web/web_feed.h"
#include "web/web_gate.h"
#include "web/web_http_io.h"
#include "web/web_order.h"
#include "web/web_page.h"
#include "web/web_round_io.h"
#include "web/web_routes.h"
#include "web/web_url.h"

enum { WEB_ROOMS = 6 };

struct web_counters {
	uint64_t requests, asks, asks_refused;
	uint64_t answers[6]; /* by the first digit of the status */
	unsigned exchanges, listeners;
};

struct exchange {
	struct web *web;
	struct exchange *next, *before; /* all that are under way */
	struct MHD_Connection *connection;
	enum {
		EXCHANGE_BEGUN,    /* the request line is there */
		EXCHANGE_HEADED,   /* the headers too */
		EXCHANGE_TAKING,   /* what is pushed comes in */
		EXCHANGE_WAITING,  /* for a room, or for the round */
		EXCHANGE_READY,    /* what it waited for is there */
		EXCHANGE_ANSWERED, /* the response is queued; its body may still grow */
	} state;
	bool suspended, head;
	bool gone;               /* the client closed while it waited for a room */
	struct loop_watch close; /* meanwhile; fd -1: not watched */
	int bad_url;             /* status that web_url_parse gave */
	struct web_url url;
	struct web_who who;
	struct web_request request;
	/* One question; or, for metrics, one a room. */
	struct web_ask asks[WEB_ROOMS];
	size_t ask_count;
	size_t taken;                  /* octets of asks[0].body that are sent */
	struct buf text;               /* the overview, when it waited for that; what is pushed */
	struct push *push;             /* what of it is on its way to the meter */
	struct web_listener *listener; /* for events */
	char from[64];                 /* where an order comes from */
};

struct web {
	struct loop *loop;
	const char *control_socket;
	struct MHD_Daemon *daemon;
	struct loop_watch watch; /* the daemon's epoll descriptor */
	struct loop_timer timer; /* when the daemon wants to run next */
	struct exchange *exchanges;
	struct web_feed *feed;
	struct web_round *round;
	struct web_counters counters;
	char *push_token; /* NULL: nobody may push */
	struct web_gate *gate;
	bool closing;
};

/* Lets a suspended connection go on; does nothing if it is not suspended. */
void exchange_wake(struct exchange *exchange);
/* Suspends the connection; only from inside a callback of libmicrohttpd. */
void exchange_sleep(struct exchange *exchange);

/* --- web_push_io.c: POST of counters --- */
/* A POST has begun: takes it, or answers why not. */
enum MHD_Result push_begin(struct exchange *exchange);
/* A piece of its body; *length of it is taken. */
enum MHD_Result push_take(struct exchange *exchange, const char *piece, size_t *length);
/* The body is whole: to the meter with it. */
enum MHD_Result push_go(struct exchange *exchange);
/* The meter has answered. */
enum MHD_Result push_answer(struct exchange *exchange);
void push_end(struct exchange *exchange);

/* --- web_order_io.c: POST of orders --- */
/* Takes an order, whose words are the request's then, or answers why not. */
enum MHD_Result order_begin(struct exchange *exchange);
/* What follows "Bearer" in the request; NULL. */
const char *bearer_of(const struct exchange *exchange);

/* --- web_answer_io.c: responses, each queued at the exchange's connection --- */
/* {"role":"member","asn":64501} */
enum MHD_Result answer_me(struct exchange *exchange);
/* Asks for a name, or leads on to the page. */
enum MHD_Result answer_login(struct exchange *exchange);
enum MHD_Result answer_file(struct exchange *exchange, const struct web_file *file);
/* {"status":404,"error":"..."} */
enum MHD_Result answer_error(struct exchange *exchange, int status, const char *text);
enum MHD_Result answer_text(struct exchange *exchange, const char *content_type,
			    const struct buf *text);
/* What asks[0] answers: as it is when it is complete, else streamed as it comes. */
enum MHD_Result answer_ask(struct exchange *exchange);
/* The answer to a push, {"rows",...}. */
enum MHD_Result answer_push(struct exchange *exchange, int status, const struct buf *text);
enum MHD_Result answer_events(struct exchange *exchange);
