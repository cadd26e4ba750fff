/* Blackholes (RFC 7999) that the operator asks for in a member's stead: when an attack fills its port, so
 * that it cannot ask itself, or does not know how. Each is announced as if the member had announced it on
 * each of its sessions that is up, and judged as that: the same policy, the same registered address
 * space, the same members hear it, and the member itself does not. It has an end, and goes then by
 * itself. */
#pragma once

#include <stddef.h>

#include "base/clock.h"
#include "base/ip.h"
#include "exchange/exchange.h"

enum {
	EXCHANGE_BLACKHOLES_MAX = 256,
	EXCHANGE_BLACKHOLE_MAX_S = 604800,
	EXCHANGE_BLACKHOLE_WHY = 256,
};

struct exchange_blackhole {
	struct prefix prefix;
	struct asn member;
	struct utc_s since, ends;
	unsigned sessions; /* that it is on, accepted */
};

/* Installs one until `ends`; one that is there gets the new end. 0; or a status as of HTTP and the reason
 * in words: 404 no such member; 409 its policy allows none, none of its sessions is up, it announces
 * nothing that covers the prefix, or the checks refuse it; 503 too many. */
int exchange_blackhole_add(struct exchange *x, const struct exchange_blackhole *what,
			   char why[EXCHANGE_BLACKHOLE_WHY]);
/* Takes one away. 0, or -1 if there is none. */
int exchange_blackhole_remove(struct exchange *x, const struct prefix *prefix);
/* One that an exchange before this one had: installed when the member is back. */
void exchange_blackhole_restore(struct exchange *x, const struct exchange_blackhole *what);

size_t exchange_blackhole_count(const struct exchange *x);
struct exchange_blackhole exchange_blackhole_at(const struct exchange *x, size_t index);
/* Grows whenever the list changes. */
uint64_t exchange_blackhole_changes(const struct exchange *x);
