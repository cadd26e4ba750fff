/* Names of hosts into addresses without holding up the loop: numeric addresses at once, names by the C library in
 * a thread of its own, for it may wait for many seconds. */
#pragma once

#include <stddef.h>

#include "base/ip.h"
#include "net/loop.h"

enum { NET_RESOLVE_MAX = 8 }; /* addresses of a name that are told */

struct net_resolve;

/* Calls `done` once, from the loop, never from inside this call: with the addresses in the order in which they are to
 * be tried; or with none and what went wrong. The question is gone by then. NULL and errno: it could not be
 * asked. */
struct net_resolve *net_resolve_start(struct loop *loop, const char *host,
				      void (*done)(void *context, const struct ip *ips,
						   size_t count, const char *error),
				      void *context);
/* Nobody wants to know any more. */
void net_resolve_cancel(struct net_resolve *question);
