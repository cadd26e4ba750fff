/* The BFD state machine and its timers.
 *
 *	          Down              Init, Up
 *	Down ------------> Init ------------> Up
 *	  \ Init                              /
 *	   --------------> Up ---------------
 *	AdminDown, or silence: Down; from Up, Down said by the other: Down
 *
 * Longer intervals stand on a grid, so that one waking of the process serves many sessions: what is to
 * be sent goes a little earlier, which the jitter of section 6.8.7 allows, and silence is noticed a
 * little later. */
#include "exchange/bfd/bfd.h"

#include <assert.h>

#include "base/hash.h"

enum {
	SLOW_US = 1000000, /* at least, while not up: section 6.8.3 */
	GRID_US = 5000,
	GRID_FROM_US = 100000,
};

#define NEVER ((struct mono_us){INT64_MAX})

static uint32_t
larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

uint64_t
bfd_detection_us(const struct bfd *b)
{
	return (uint64_t)b->remote_multiplier * larger(b->receive_used_us, b->remote_transmit_us);
}

uint64_t
bfd_interval_us(const struct bfd *b)
{
	return larger(b->transmit_used_us, b->remote_receive_us);
}

/* Do packets go out by themselves? Section 6.8.7. */
static bool
is_periodic(const struct bfd *b)
{
	bool unwanted = b->remote_demand && b->state == BFD_UP && b->remote_state == BFD_UP;
	return b->remote_receive_us && (!unwanted || b->polling);
}

static bool
on_grid(uint64_t interval_us)
{
	return interval_us >= GRID_FROM_US;
}

/* The interval less 0 to 25 per cent, of which the grid has its part; at least 10 where a single lost
 * packet counts. */
static int64_t
jittered_us(struct bfd *b)
{
	uint64_t interval = bfd_interval_us(b);
	uint64_t least = b->config.multiplier == 1 ? interval / 10 : 0;
	uint64_t most = interval / 4 - (on_grid(interval) ? GRID_US : 0);
	b->random += 0x9e3779b97f4a7c15u;
	return (int64_t)(interval - least - hash_u64(b->random) % (most - least + 1));
}

static void
send_at(struct bfd *b, struct mono_us at)
{
	if (on_grid(bfd_interval_us(b)))
		at.us -= at.us % GRID_US;
	b->transmit_at = at;
}

/* After anything that the periodic packets depend on has changed. */
static void
reschedule(struct bfd *b, struct mono_us now)
{
	if (!is_periodic(b)) {
		b->transmit_at = NEVER;
		return;
	}
	struct mono_us latest = {now.us + (int64_t)bfd_interval_us(b)};
	if (b->transmit_at.us > latest.us)
		send_at(b, (struct mono_us){now.us + jittered_us(b)});
}

static void
expect(struct bfd *b, struct mono_us now)
{
	int64_t at = now.us + (int64_t)bfd_detection_us(b);
	if (on_grid(bfd_detection_us(b)))
		at += GRID_US - at % GRID_US;
	b->detect_at.us = at;
}

/* Section 6.8.3: what may be in force at once, is; what the other must know of first, when it has
 * answered a poll. */
static void
set_intervals(struct bfd *b, uint32_t transmit_us, uint32_t receive_us)
{
	bool changed = transmit_us != b->transmit_us || receive_us != b->receive_us;
	bool up = b->state == BFD_UP;
	b->transmit_us = transmit_us;
	b->receive_us = receive_us;
	if (!up || transmit_us < b->transmit_used_us)
		b->transmit_used_us = transmit_us;
	if (!up || receive_us > b->receive_used_us)
		b->receive_used_us = receive_us;
	b->polling = up && (b->polling || changed);
}

static void
enter(struct bfd *b, enum bfd_state state, enum bfd_diagnostic diagnostic, struct mono_us now)
{
	const struct bfd_config *config = &b->config;
	if (state != b->state || !b->since.us)
		b->since = now;
	b->state = state;
	b->diagnostic = diagnostic;
	uint32_t slowest = state == BFD_UP ? 0 : SLOW_US;
	set_intervals(b, larger(config->transmit_us, slowest), config->receive_us);
	/* The other is told at once. */
	b->transmit_at = is_periodic(b) ? now : NEVER;
}

void
bfd_init(struct bfd *b, const struct bfd_config *config, uint32_t discriminator, uint64_t seed,
	 struct mono_us now)
{
	assert(discriminator && config->multiplier);
	assert(config->transmit_us && config->receive_us);
	*b = (struct bfd){
		.config = *config,
		.state = BFD_DOWN,
		.remote_state = BFD_DOWN,
		.discriminator = discriminator,
		.remote_receive_us = 1,
		.random = hash_u64(seed ^ discriminator),
		.detect_at = NEVER,
	};
	enter(b, BFD_DOWN, BFD_DIAGNOSTIC_NONE, now);
}

void
bfd_configure(struct bfd *b, const struct bfd_config *config, struct mono_us now)
{
	assert(config->multiplier && config->transmit_us && config->receive_us);
	b->config = *config;
	uint32_t slowest = b->state == BFD_UP ? 0 : SLOW_US;
	set_intervals(b, larger(config->transmit_us, slowest), config->receive_us);
	reschedule(b, now);
}

void
bfd_shut(struct bfd *b, struct mono_us now)
{
	enter(b, BFD_ADMIN_DOWN, BFD_DIAGNOSTIC_ADMIN, now);
	b->answer_due = false;
	b->detect_at = NEVER;
}

static enum bfd_event
went_down(struct bfd *b, enum bfd_diagnostic diagnostic, enum bfd_event event, struct mono_us now)
{
	bool was_up = b->state == BFD_UP;
	b->downs += was_up;
	enter(b, BFD_DOWN, diagnostic, now);
	return was_up ? event : BFD_EVENT_NONE;
}

/* The last part of section 6.8.6. */
static enum bfd_event
follow(struct bfd *b, struct mono_us now)
{
	uint8_t theirs = b->remote_state;
	if (theirs == BFD_ADMIN_DOWN)
		return b->state == BFD_DOWN
			       ? BFD_EVENT_NONE
			       : went_down(b, BFD_DIAGNOSTIC_NEIGHBOUR, BFD_EVENT_ADMIN, now);
	if (b->state == BFD_UP)
		return theirs == BFD_DOWN
			       ? went_down(b, BFD_DIAGNOSTIC_NEIGHBOUR, BFD_EVENT_DOWN, now)
			       : BFD_EVENT_NONE;
	if (theirs == BFD_INIT || (theirs == BFD_UP && b->state == BFD_INIT)) {
		enter(b, BFD_UP, BFD_DIAGNOSTIC_NONE, now);
		return BFD_EVENT_UP;
	}
	if (theirs == BFD_DOWN && b->state == BFD_DOWN)
		enter(b, BFD_INIT, (enum bfd_diagnostic)b->diagnostic, now);
	return BFD_EVENT_NONE;
}

enum bfd_event
bfd_input(struct bfd *b, const struct bfd_packet *packet, struct mono_us now)
{
	if (b->state == BFD_ADMIN_DOWN)
		return BFD_EVENT_NONE;
	b->packets_in++;
	b->remote_discriminator = packet->discriminator;
	b->remote_state = packet->state;
	b->remote_diagnostic = packet->diagnostic;
	b->remote_demand = packet->demand;
	b->remote_receive_us = packet->receive_us;
	b->remote_transmit_us = packet->transmit_us;
	b->remote_multiplier = packet->multiplier;
	if (packet->final && b->polling) {
		b->polling = false;
		b->transmit_used_us = b->transmit_us;
		b->receive_used_us = b->receive_us;
	}
	b->answer_due |= packet->poll;
	enum bfd_event event = follow(b, now);
	reschedule(b, now);
	expect(b, now);
	return event;
}

enum bfd_event
bfd_tick(struct bfd *b, struct mono_us now)
{
	if (now.us < b->detect_at.us)
		return BFD_EVENT_NONE;
	/* Section 6.8.1: who was not heard for so long is nobody that we know. */
	b->detect_at = NEVER;
	b->remote_discriminator = 0;
	b->remote_state = BFD_DOWN;
	b->remote_demand = false;
	/* What it asked for counts no longer either: it may have been not to be spoken to. */
	b->remote_receive_us = 1;
	if (b->state == BFD_DOWN) {
		reschedule(b, now);
		return BFD_EVENT_NONE;
	}
	return went_down(b, BFD_DIAGNOSTIC_EXPIRED, BFD_EVENT_DOWN, now);
}

bool
bfd_output(struct bfd *b, struct bfd_packet *out, struct mono_us now)
{
	bool due = now.us >= b->transmit_at.us;
	if (!b->answer_due && !due)
		return false;
	*out = (struct bfd_packet){
		.diagnostic = b->diagnostic,
		.state = b->state,
		.final = b->answer_due,
		.poll = b->polling && !b->answer_due,
		.multiplier = b->config.multiplier,
		.discriminator = b->discriminator,
		.your_discriminator = b->remote_discriminator,
		.transmit_us = b->transmit_us,
		.receive_us = b->receive_us,
	};
	b->packets_out++;
	if (b->answer_due)
		b->answer_due = false; /* besides the periodic ones: section 6.8.7 */
	else
		send_at(b, (struct mono_us){now.us + jittered_us(b)});
	return true;
}

struct mono_us
bfd_deadline(const struct bfd *b)
{
	if (b->answer_due)
		return (struct mono_us){0};
	return b->transmit_at.us < b->detect_at.us ? b->transmit_at : b->detect_at;
}
