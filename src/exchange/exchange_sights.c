/* What is to be seen around the engine, and of what waits in it. */
#include "exchange/exchange_sights.h"

#include "exchange/exchange_private.h"

const struct bfd *
exchange_bfd(const struct exchange *x, unsigned slot)
{
	const struct exchange_sights *sights = x->shell.sights;
	return sights && sights->bfd ? sights->bfd(x->shell.context, slot) : NULL;
}

const uint64_t *
exchange_bfd_faults(const struct exchange *x)
{
	const struct exchange_sights *sights = x->shell.sights;
	return sights && sights->bfd_faults ? sights->bfd_faults(x->shell.context) : NULL;
}

size_t
exchange_stations(const struct exchange *x, struct exchange_station *out, size_t max)
{
	const struct exchange_sights *sights = x->shell.sights;
	return sights && sights->stations ? sights->stations(x->shell.context, out, max) : 0;
}

void
exchange_dumps(const struct exchange *x, struct exchange_dumps *out)
{
	const struct exchange_sights *sights = x->shell.sights;
	const struct exchange_dump none = {.last = "", .writing = "", .error = ""};
	*out = (struct exchange_dumps){.table = none, .updates = none};
	if (sights && sights->dumps)
		sights->dumps(x->shell.context, out);
}

struct exchange_unsent
exchange_unsent_of(const struct exchange *x, unsigned slot)
{
	const struct exchange_sights *sights = x->shell.sights;
	struct exchange_unsent out = {0};
	if (slot >= x->slots || !x->peers[slot].id)
		return out;
	for (unsigned f = 0; f < EXCHANGE_FAMILIES; f++) {
		struct rib_lag lag = rib_out_lag(x->ribs[f], slot);
		out.octets += lag.octets;
		out.prefixes += lag.prefixes;
	}
	if (sights && sights->full_since)
		out.stuck_at = sights->full_since(x->shell.context, slot);
	return out;
}

struct exchange_kept
exchange_kept_of(const struct exchange *x, unsigned slot)
{
	struct exchange_kept out = {0};
	if (slot >= x->slots || !x->peers[slot].id)
		return out;
	for (unsigned f = 0; f < EXCHANGE_FAMILIES; f++) {
		const struct exchange_stale *stale = &x->peers[slot].stale[f];
		uint32_t routes = rib_session_stale_count(x->ribs[f], slot);
		if (!routes)
			continue;
		out.routes += routes;
		out.long_lived |= stale->stage == EXCHANGE_STAGE_LONG;
		if (stale->stage != EXCHANGE_STAGE_NONE &&
		    (!out.until.us || stale->until.us < out.until.us))
			out.until = stale->until;
	}
	return out;
}

struct mono_us
exchange_started(const struct exchange *x)
{
	return x->started;
}

struct mono_us
exchange_applied(const struct exchange *x)
{
	return x->applied;
}
