/* A neighbour for tests: one session of ours, and the octets that the other side would send it.
 * What the session asks of its shell is written down here. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/bgp/bgp_msg.h"
#include "exchange/bgp/bgp_open.h"
#include "exchange/bgp/bgp_writer.h"
#include "exchange/session/session.h"

enum { OUR_AS = 65000, THEIR_AS = 65001, ROUTES = 64 };

struct known_route {
	struct prefix prefix;
	uint32_t path_id; /* of the one heard last */
	struct buf attrs; /* as sent on */
};

struct neighbour {
	struct session *session;
	struct mono_us now;
	bool connecting, up;
	unsigned ups, downs, connects, refreshes, updates, withdraws;
	unsigned refresh_begins, refresh_ends;
	struct session_graceful graceful; /* of the last time it went down */
	bool closed[SESSION_CONNS];
	struct buf said[SESSION_CONNS]; /* all that our session wrote, last words too */
	struct known_route routes[ROUTES];
	unsigned route_count;
	enum ip_family end_of_rib;
	struct bgp_remark last_remark;
};

static struct bgp_scratch test_scratch;

__attribute__((unused)) static struct session_config
neighbour_config(void)
{
	return (struct session_config){
		.local_asn = {OUR_AS},
		.remote_asn = {THEIR_AS},
		.router_id = 0xc6336401, /* 198.51.100.1 */
		.own_ipv4 = ip_v4(0xc0000201),
		.hold_time_s = 90,
		.connect_retry_s = 120,
		.ipv4 = true,
		.ipv6 = true,
		.extended_messages = true,
		.role = BGP_ROLE_NONE,
		.seed = 1,
	};
}

static struct known_route *
neighbour_find(struct neighbour *n, struct prefix prefix)
{
	for (unsigned i = 0; i < n->route_count; i++)
		if (prefix_equal(n->routes[i].prefix, prefix))
			return &n->routes[i];
	return NULL;
}

static void
neighbour_forget(struct neighbour *n, struct known_route *route)
{
	buf_fini(&route->attrs);
	*route = n->routes[--n->route_count];
}

static void
neighbour_take(struct neighbour *n, struct bgp_update *update)
{
	struct prefix prefix;
	uint32_t path_id;
	n->updates++;
	n->withdraws += update->verdict == BGP_VERDICT_WITHDRAW;
	if (update->remark_count)
		n->last_remark = update->remarks[0];
	for (unsigned i = 0; i < update->withdrawn_count; i++) {
		while (bgp_nlri_next(&update->withdrawn[i], &prefix, &path_id)) {
			struct known_route *route = neighbour_find(n, prefix);
			if (route && route->path_id == path_id)
				neighbour_forget(n, route);
		}
	}
	for (unsigned i = 0; i < update->announced_count; i++) {
		struct bgp_attrs attrs = update->attrs;
		struct bgp_communities all = {attrs.communities, attrs.ext_communities,
					      attrs.large_communities};
		attrs.next_hop = update->announced[i].next_hop;
		while (bgp_nlri_next(&update->announced[i], &prefix, &path_id)) {
			struct known_route *route = neighbour_find(n, prefix);
			/* The policy refuses paths that do not begin with the neighbour, and sets. */
			bool refused = attrs.first_as.number != THEIR_AS || attrs.has_as_set;
			if (refused && route)
				neighbour_forget(n, route);
			if (refused)
				continue;
			if (!route && n->route_count < ROUTES)
				route = &n->routes[n->route_count++];
			if (!route)
				continue;
			route->prefix = prefix;
			route->path_id = path_id;
			buf_clear(&route->attrs);
			bgp_attrs_encode(&route->attrs, &attrs, all);
		}
	}
}

/* Acts on all that the session wants, as a shell would. */
static void
neighbour_pump(struct neighbour *n)
{
	struct session_event event;
	while (session_next(n->session, &event, &test_scratch) != SESSION_NOTHING) {
		switch (event.kind) {
		case SESSION_WANT_CONNECT:
			n->connecting = true;
			n->connects++;
			break;
		case SESSION_WANT_CLOSE:
			n->closed[event.conn] = true;
			buf_put(&n->said[event.conn], event.octets.at, cursor_left(&event.octets));
			break;
		case SESSION_UP:
			n->up = true;
			n->ups++;
			break;
		case SESSION_DOWN:
			n->up = false;
			n->downs++;
			n->graceful = event.graceful;
			while (n->route_count)
				neighbour_forget(n, &n->routes[0]);
			break;
		case SESSION_UPDATE:
			neighbour_take(n, &event.update);
			break;
		case SESSION_END_OF_RIB:
			n->end_of_rib = event.family;
			break;
		case SESSION_REFRESH:
			n->refreshes++;
			break;
		case SESSION_REFRESH_BEGIN:
			n->refresh_begins++;
			break;
		case SESSION_REFRESH_END:
			n->refresh_ends++;
			break;
		default:
			break;
		}
	}
	for (enum session_conn c = SESSION_OUT; c < SESSION_CONNS; c++) {
		struct cursor out = session_output(n->session, c);
		size_t length = cursor_left(&out);
		buf_put(&n->said[c], out.at, length);
		session_output_done(n->session, c, length);
	}
}

static void
neighbour_send(struct neighbour *n, enum session_conn conn, const void *octets, size_t length)
{
	/* A copy of just that size, so that a read beyond it is seen by the sanitizer. */
	uint8_t *copy = malloc(length ? length : 1);
	if (!copy)
		abort();
	if (length)
		memcpy(copy, octets, length);
	session_input(n->session, conn, copy, length, n->now);
	neighbour_pump(n);
	free(copy);
}

__attribute__((unused)) static void
neighbour_wait_s(struct neighbour *n, double seconds)
{
	n->now.us += (int64_t)(seconds * 1e6);
	session_tick(n->session, n->now);
	neighbour_pump(n);
}

__attribute__((unused)) static void
neighbour_disconnect(struct neighbour *n, enum session_conn conn)
{
	session_disconnected(n->session, conn, n->now);
	neighbour_pump(n);
}

/* Their OPEN, as a modern router sends it. */
__attribute__((unused)) static struct bgp_open
neighbour_open(void)
{
	return (struct bgp_open){
		.asn = {THEIR_AS},
		.hold_time_s = 90,
		.router_id = 0xc6336402,
		.capabilities = {.ipv4 = true,
				 .ipv6 = true,
				 .as4 = true,
				 .refresh = true,
				 .role = BGP_ROLE_NONE},
	};
}

__attribute__((unused)) static void
neighbour_send_open(struct neighbour *n, enum session_conn conn, const struct bgp_open *open)
{
	struct buf octets = {0};
	bgp_open_write(&octets, open);
	neighbour_send(n, conn, octets.data, octets.length);
	buf_fini(&octets);
}

__attribute__((unused)) static void
neighbour_send_keepalive(struct neighbour *n, enum session_conn conn)
{
	struct buf octets = {0};
	bgp_keepalive_write(&octets);
	neighbour_send(n, conn, octets.data, octets.length);
	buf_fini(&octets);
}

static void
neighbour_init(struct neighbour *n, const struct session_config *config)
{
	*n = (struct neighbour){.now = {1000000}};
	n->session = session_new(config);
	if (!n->session)
		abort();
}

static void
neighbour_fini(struct neighbour *n)
{
	while (n->route_count)
		neighbour_forget(n, &n->routes[0]);
	for (unsigned i = 0; i < SESSION_CONNS; i++)
		buf_fini(&n->said[i]);
	session_free(n->session);
}

/* They connect; false if they were refused. */
__attribute__((unused)) static bool
neighbour_connect_in(struct neighbour *n)
{
	struct buf refusal = {0};
	bool accepted = session_accept(n->session, &refusal, n->now);
	neighbour_pump(n);
	if (accepted) {
		n->closed[SESSION_IN] = false;
		session_connected(n->session, SESSION_IN, ip_v4(0xc0000201), n->now);
		neighbour_pump(n);
	} else {
		buf_put(&n->said[SESSION_IN], refusal.data, refusal.length);
	}
	buf_fini(&refusal);
	return accepted;
}

/* The way to Established over a connection that they made. */
__attribute__((unused)) static bool
neighbour_establish(struct neighbour *n, const struct bgp_open *open)
{
	session_start(n->session, n->now);
	if (!neighbour_connect_in(n))
		return false;
	neighbour_send_open(n, SESSION_IN, open);
	neighbour_send_keepalive(n, SESSION_IN);
	return n->up;
}

/* "notify:3.1" for the last NOTIFICATION that was said on `conn`, "close" if it was closed without
 * one, else NULL. */
__attribute__((unused)) static const char *
neighbour_end(struct neighbour *n, enum session_conn conn, char text[32])
{
	struct cursor said = cursor_of(n->said[conn].data, n->said[conn].length);
	const char *result = n->closed[conn] ? "close" : NULL;
	while (cursor_left(&said) >= BGP_HEADER) {
		struct cursor head = said;
		cursor_skip(&head, 16);
		uint16_t length = cursor_u16(&head);
		uint8_t type = cursor_u8(&head);
		if (type == BGP_NOTIFICATION) {
			uint8_t code = cursor_u8(&head);
			snprintf(text, 32, "notify:%u.%u", code, cursor_u8(&head));
			result = text;
		}
		cursor_skip(&said, length);
	}
	return result;
}

/* How many messages of a type were said on `conn`. */
__attribute__((unused)) static unsigned
neighbour_said(struct neighbour *n, enum session_conn conn, uint8_t type)
{
	struct cursor said = cursor_of(n->said[conn].data, n->said[conn].length);
	unsigned count = 0;
	while (cursor_left(&said) >= BGP_HEADER) {
		struct cursor head = said;
		cursor_skip(&head, 16);
		uint16_t length = cursor_u16(&head);
		count += cursor_u8(&head) == type;
		cursor_skip(&said, length);
	}
	return count;
}
