/* BFD over UDP (RFC 5881): the sockets and timers of all sessions. Bidirectional Forwarding Detection
 * itself is in bfd/. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "exchange/bfd/bfd.h"
#include "net/loop.h"

struct bfd_service;

enum { BFD_SESSIONS_MAX = 65535 };

/* Somebody to watch. */
struct bfd_neighbour {
	struct ip address, local; /* of one family */
	struct bfd_config config;
};

/* Called from the loop's events, never from the functions below; it may call them. */
typedef void bfd_changed(void *context, unsigned number, enum bfd_event event, const struct bfd *b);

/* Nothing is bound before the first neighbour. NULL if there is no memory. */
struct bfd_service *bfd_service_open(struct loop *loop, uint64_t seed, bfd_changed *changed,
				     void *context);
/* Tells all neighbours that we give it up. */
void bfd_service_close(struct bfd_service *service);

/* Watches neighbour `number`, below BFD_SESSIONS_MAX; one that is watched already goes over to other
 * intervals. 0, or -1 and errno. */
int bfd_service_watch(struct bfd_service *service, unsigned number,
		      const struct bfd_neighbour *neighbour);
/* No longer; it is told so for a while. */
void bfd_service_forget(struct bfd_service *service, unsigned number);

/* NULL if it is not watched. */
const struct bfd *bfd_service_session(const struct bfd_service *service, unsigned number);
/* Descriptors in use. */
size_t bfd_service_descriptors(const struct bfd_service *service);
/* Packets dropped so far, by enum bfd_fault. */
const uint64_t *bfd_service_faults(const struct bfd_service *service);
