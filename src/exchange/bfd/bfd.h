/* One BFD session: single hop, asynchronous mode (RFC 5880 section 6, RFC 5881). Pure: it is told what
 * came and what time it is, and says what is to be sent.
 *
 *	a packet came       bfd_input(b, &packet, now)
 *	time passed         bfd_tick(b, now), at or after bfd_deadline(b)
 *	after each of them  while (bfd_output(b, &packet, now)) send it
 *
 * Before bfd_tick the shell takes what has already come, so that a late turn of the loop is not taken
 * for a neighbour that is silent. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "exchange/bfd/bfd_packet.h"

struct bfd_config {
	uint32_t transmit_us, receive_us; /* intervals: wanted, and asked of the other */
	uint8_t multiplier;               /* packets that may be lost, at least 1 */
};

/* What happened to the session, for those who follow it (RFC 5882 section 3.2). */
enum bfd_event {
	BFD_EVENT_NONE,
	BFD_EVENT_UP,
	BFD_EVENT_DOWN,  /* the way there is broken */
	BFD_EVENT_ADMIN, /* the other's operator took BFD away: that says nothing of the way */
};

/* Fields are to be read only. Variables of RFC 5880 section 6.8.1 where it names one. */
struct bfd {
	struct bfd_config config;
	uint8_t state, diagnostic;               /* enum bfd_state, enum bfd_diagnostic */
	struct mono_us since;                    /* of the state */
	uint8_t remote_state, remote_diagnostic; /* as last heard */
	uint8_t remote_multiplier;
	bool remote_demand; /* they want no packets while up (section 6.6) */
	bool polling;       /* P until F comes (section 6.5) */
	bool answer_due;    /* F */
	uint32_t discriminator, remote_discriminator;
	uint32_t transmit_us, receive_us; /* DesiredMinTxInterval, RequiredMinRxInterval */
	/* What we go by until the other knows better (section 6.8.3). */
	uint32_t transmit_used_us, receive_used_us;
	uint32_t remote_transmit_us, remote_receive_us;
	struct mono_us transmit_at, detect_at; /* INT64_MAX: not running */
	uint64_t random;
	uint64_t packets_in, packets_out;
	uint32_t downs;
};

/* `discriminator` is not 0 and no other session's; `seed` any number. */
void bfd_init(struct bfd *b, const struct bfd_config *config, uint32_t discriminator, uint64_t seed,
	      struct mono_us now);
/* Other intervals: agreed on anew with the other side, without an interruption. */
void bfd_configure(struct bfd *b, const struct bfd_config *config, struct mono_us now);
/* Tells the other that we give it up on purpose; it says nothing else from then on. */
void bfd_shut(struct bfd *b, struct mono_us now);

enum bfd_event bfd_input(struct bfd *b, const struct bfd_packet *packet, struct mono_us now);
enum bfd_event bfd_tick(struct bfd *b, struct mono_us now);
/* What is to be sent now; false: nothing. */
bool bfd_output(struct bfd *b, struct bfd_packet *out, struct mono_us now);
struct mono_us bfd_deadline(const struct bfd *b);

/* Microseconds of silence that end it; 0 while nothing was heard. */
uint64_t bfd_detection_us(const struct bfd *b);
/* Microseconds between our packets, at most. */
uint64_t bfd_interval_us(const struct bfd *b);
