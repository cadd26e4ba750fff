/* A document fetched by HTTP beside the loop, with libcurl: bounded in size, time and redirections.
 * One at a time. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "net/loop.h"

struct registry_fetcher;

/* NULL without memory. */
struct registry_fetcher *registry_fetcher_new(struct loop *loop);
/* Gives up what is going on. */
void registry_fetcher_free(struct registry_fetcher *fetcher);

struct registry_fetch_order {
	const char *url; /* http or https */
	const char *key; /* of the API, or NULL; goes to that host only */
	uint32_t timeout_s;
	size_t body_max;
	/* Called once from the loop. `error` is NULL with a body, whose octets are valid during the
	 * call back; else it says why there is none. May start the next one. */
	void (*done)(void *context, const char *error, const char *body, size_t length);
	void *context;
};

/* 0, or -1 when it cannot be started; not while another is going on. */
int registry_fetch(struct registry_fetcher *fetcher, const struct registry_fetch_order *order);
/* Gives up what is going on; `done` is not called. */
void registry_fetch_stop(struct registry_fetcher *fetcher);
