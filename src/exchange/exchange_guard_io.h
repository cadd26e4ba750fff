/* What protects BGP's TCP connections: passwords (TCP MD5, RFC 2385), keys (TCP-AO, RFC 5925) and the
 * distance of the other end (GTSM, RFC 5082). A connection that was to be protected and is not, is
 * refused. */
#pragma once

#include <stddef.h>

#include "exchange/exchange.h"

struct exchange_guard;

/* Asks the kernel what it can do. NULL if there is no memory. */
struct exchange_guard *exchange_guard_open(void);
void exchange_guard_close(struct exchange_guard *guard);

/* Prepares a socket that is to listen; it shows how far away those are who connect. */
void exchange_guard_listener(int fd, enum ip_family family);

/* A listening socket. */
struct exchange_listening {
	int fd;
	enum ip_family family;
};

/* Gives the listening sockets the passwords and keys of all neighbours and takes away those that
 * nobody has any more; warns of what the kernel cannot do. 0, or -1 if there is no memory. */
int exchange_guard_keys(struct exchange_guard *guard, const struct exchange_listening *listening,
			size_t count, const struct exchange *engine);

/* Protects a socket that is about to connect. NULL, or why it cannot be: static text. */
const char *exchange_guard_connecting(const struct exchange_guard *guard, int fd,
				      const struct exchange_target *target);
/* Protects a connection that was accepted, and sees whether it has been so from its first packet.
 * NULL, or why not: static text. */
const char *exchange_guard_accepted(const struct exchange_guard *guard, int fd,
				    const struct exchange_target *target);
