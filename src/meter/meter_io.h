/* The meter's sockets and files. Decides nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/ip.h"
#include "exchange/rib/rib_snapshot.h"
#include "hub/hub.h"

enum { METER_BATCH = 64 }; /* datagrams that are received with one call */

/* A socket that datagrams come to. */
struct meter_socket {
	int fd;         /* -1: none */
	int buffer;     /* octets that the kernel holds for us */
	uint32_t drops; /* the kernel's count, as last told */
};

/* Binds a socket, with as large a buffer as we may have, at most 32 MiB. An IPv6 socket takes IPv4
 * too. 0, or -1 and errno; then socket->fd is -1. */
int meter_socket_open(struct meter_socket *socket, struct hub_endpoint endpoint);
/* The same for one of several sockets at one endpoint, of this process. */
int meter_socket_open_shared(struct meter_socket *socket, struct hub_endpoint endpoint);
/* Has the kernel choose among `count` sockets of an endpoint, by the source address alone; to be asked of
 * one of them when all are open. 0, or -1 and errno. */
int meter_socket_steer(const struct meter_socket *socket, size_t count);
/* Which of them it chooses, by their order of opening. */
size_t meter_socket_steered(struct ip source, size_t count);
void meter_socket_close(struct meter_socket *socket);
/* What the kernel dropped since it was asked or told last: also when nothing came after it. 0 for a
 * socket that is not open. */
uint64_t meter_socket_drops(struct meter_socket *socket);

/* Room for METER_BATCH datagrams of any size. */
struct meter_inbox;
/* NULL if there is no memory. */
struct meter_inbox *meter_inbox_new(void);
void meter_inbox_free(struct meter_inbox *inbox);
/* Octets of memory that one takes. */
size_t meter_inbox_size(void);
/* Receives what is there, without waiting: up to METER_BATCH datagrams. Returns how many, 0 for
 * none. *drops is what the kernel dropped since the last time. */
unsigned meter_inbox_fill(struct meter_inbox *inbox, struct meter_socket *socket, uint64_t *drops);
/* One of them; valid until the next fill. IPv4 addresses inside IPv6 ones are IPv4. */
struct cursor meter_inbox_datagram(const struct meter_inbox *inbox, unsigned index,
				   struct ip *source);

/* Writes a file whole: aside first, then renamed over `path`. `lasting`: it and its name are on the
 * disk when this returns. 0, or -1 and errno; then nothing of it is left. */
int meter_file_replace(const char *folder, const char *name, const struct buf *bytes, bool lasting);

/* The routes that the exchange wrote, mapped. */
struct meter_routes {
	void *mapping;
	size_t length;
	struct rib_snapshot *snapshot;
	int64_t device, inode, changed_s, changed_ns;
};
/* Looks whether the file at `path` is another one than `old` has mapped, and maps it. 1 and *out if
 * so; 0 if it is the same or there is none; -1 if it cannot be used (its time is then remembered in
 * *old, so that it is not tried again). */
int meter_routes_open(struct meter_routes *out, struct meter_routes *old, const char *path);
void meter_routes_close(struct meter_routes *routes);
