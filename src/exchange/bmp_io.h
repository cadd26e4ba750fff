/* The connections to BMP stations: made again with growing pauses when they fail, written as the sockets take
 * it. Decides nothing about what is told (exchange/monitor/bmp_feed.h). */
#pragma once

#include <stdint.h>

#include "base/cursor.h"
#include "exchange/exchange.h"
#include "exchange/exchange_sights.h"
#include "net/loop.h"

struct bmp_service;

/* The ends of the TCP connection that carries a session: ports may be 0 when they are not known. */
struct bmp_ends {
	struct ip local;
	uint16_t local_port, remote_port;
};

/* The engine and the loop outlive the service, the picture in force does until bmp_service_apply. `ends` asks for a
 * session's connection. NULL if there is no memory. */
struct bmp_service *
bmp_service_new(struct loop *loop, struct exchange *engine,
		void (*ends)(void *context, unsigned slot, struct bmp_ends *out), void *context);
/* Ends the connections with a Termination. */
void bmp_service_free(struct bmp_service *service);
/* Goes over to the stations of the engine's picture; those that are the same keep their connection. */
void bmp_service_apply(struct bmp_service *service);
/* Does anybody want to hear? */
bool bmp_service_wanted(const struct bmp_service *service);

/* What the engine's taps tell. */
void bmp_service_up(struct bmp_service *service, unsigned slot);
void bmp_service_down(struct bmp_service *service, unsigned slot);
void bmp_service_decided(struct bmp_service *service);
/* A turn ends: what changed may be written. */
void bmp_service_turn_end(struct bmp_service *service);

/* The stations as they are, at most `max`, in the order of the picture; returns how many. Texts are valid until the loop
 * goes on. */
size_t bmp_service_stations(const struct bmp_service *service, struct exchange_station *out,
			    size_t max);
