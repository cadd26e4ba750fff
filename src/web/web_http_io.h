/* HTTP: the page, the API and the events, by libmicrohttpd inside our own loop. One thread, no
 * locks: while a room thinks, its connection is suspended. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/ip.h"
#include "net/loop.h"
#include "web/web_gate.h"

enum {
	WEB_CONNECTIONS_MAX = 512,
	WEB_CONNECTIONS_PER_ADDRESS_MAX = 128,
	WEB_LISTENERS_MAX = 128, /* of events */
};

struct web;

/* Listens at `ip`:`port` and serves until closed; asks the rooms at `control_socket` (kept, not
 * copied). NULL and errno. */
struct web *web_open(struct loop *loop, struct ip ip, uint16_t port, const char *control_socket);
void web_close(struct web *web);
/* What who pushes counters has to show; NULL: nobody may. Copied. 0, or -1 without memory. */
int web_set_push_token(struct web *web, const char *token);
/* Who may see what from now on; taken over, and never NULL. Until then everybody is a visitor. Who listens to
 * events already goes on to. */
void web_set_gate(struct web *web, struct web_gate *gate);
/* Appends the page's own metrics (Prometheus text). */
void web_metrics(const struct web *web, struct buf *out);
