/* What is to be seen of the sockets and files around the engine: asked through the engine, so that who looks needs
 * to know nothing else. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/ip.h"
#include "exchange/bfd/bfd.h"

struct exchange;

/* A BMP station. Texts are valid until the loop goes on. */
struct exchange_station {
	const char *name, *host;
	uint16_t port;
	enum {
		STATION_WAITS, /* for the next try */
		STATION_RESOLVES,
		STATION_CONNECTS,
		STATION_IS_UP,
	} state;
	bool caught_up;             /* it was told all there is to tell */
	struct ip address;          /* of the last try; IP_NONE: none yet */
	struct mono_us since;       /* of the state */
	struct mono_us next_try;    /* of STATION_WAITS */
	uint64_t octets;            /* that sockets took, ever */
	uint32_t connections;       /* that came up, ever */
	uint32_t failures;          /* tries that failed and connections that were lost */
	uint32_t overruns;          /* of these: it was too slow, and is told everything again */
	const char *error;          /* the last; "" if there was none */
	struct mono_us error_since; /* when that was */
};

/* MRT files of one kind. */
struct exchange_dump {
	uint32_t every_s;      /* 0: not on a schedule */
	const char *last;      /* the newest that is whole; "": none since the start */
	struct utc_s last_at;  /* when it was whole */
	uint64_t last_octets;  /* as it lies on the disk */
	const char *writing;   /* the one being written, or "" */
	struct utc_s next;     /* when the next one begins; 0: not on a schedule */
	uint64_t files;        /* whole, since the start */
	uint64_t failures;     /* that could not be written */
	uint64_t lost;         /* records, the disk being too slow */
	const char *error;     /* of the last failure; "" if there was none */
	struct utc_s error_at; /* when that was */
};

struct exchange_dumps {
	const char *directory; /* NULL: no files are written */
	uint32_t keep_days;    /* 0: for ever */
	struct exchange_dump table, updates;
};

/* Each may be NULL: there is nothing of the kind. */
struct exchange_sights {
	const struct bfd *(*bfd)(void *context, unsigned slot); /* NULL: not watched */
	/* Packets dropped so far, by enum bfd_fault. */
	const uint64_t *(*bfd_faults)(void *context);
	/* At most `max`, in the order of the picture; returns how many. */
	size_t (*stations)(void *context, struct exchange_station *out, size_t max);
	void (*dumps)(void *context, struct exchange_dumps *out);
	/* Since when the neighbour's socket takes nothing; 0: it does. */
	struct mono_us (*full_since)(void *context, unsigned slot);
};

/* The same, asked of the engine's shell. */
const struct bfd *exchange_bfd(const struct exchange *x, unsigned slot);
const uint64_t *exchange_bfd_faults(const struct exchange *x); /* NULL: none */
size_t exchange_stations(const struct exchange *x, struct exchange_station *out, size_t max);
void exchange_dumps(const struct exchange *x, struct exchange_dumps *out);

/* What a neighbour has still to be sent. */
struct exchange_unsent {
	uint64_t octets;   /* of UPDATEs that are written */
	uint64_t prefixes; /* it catches up from the table: at most so many are to be looked at */
	struct mono_us stuck_at; /* its socket takes nothing since then; 0: it does */
};
struct exchange_unsent exchange_unsent_of(const struct exchange *x, unsigned slot);

/* What is kept of a neighbour that is away, or tells everything again. */
struct exchange_kept {
	uint32_t routes;
	struct mono_us until; /* the earlier of both families; 0: nothing is kept */
	bool long_lived;      /* RFC 9494 */
};
struct exchange_kept exchange_kept_of(const struct exchange *x, unsigned slot);
