/* For how long ports had no way, piece by piece of what was said. */
#include "ledger/ledger_lived.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum { WHOLE = 1000000 };

/* In the order in which one port's outweighs another's. */
enum condition { DOWN, NOT_KNOWN, UP };

static bool
is_own(const struct ledger_way_of *of, const char *port)
{
	for (size_t i = 0; i < of->port_count; i++)
		if (strcmp(of->ports[i], port) == 0)
			return true;
	return false;
}

/* Ways of a port to the exits that are not at the same member's own ports. */
static enum condition
condition_of(const struct ways *ways, const struct ledger_way_of *of, const char *id)
{
	uint32_t at = ways_port_of(ways, id);
	bool closed = false;
	/* Where a contract says how traffic runs nobody steers it, and its ways are not told. */
	if (at == UINT32_MAX || !ways->ports[at].site[0] || ways->ports[at].has_contract)
		return NOT_KNOWN;
	for (uint32_t e = 0; e < ways->exit_count; e++) {
		const struct ways_way *way;
		if (is_own(of, ways->ports[ways->exits[e].port].id))
			continue;
		way = ways_way_of(ways, ways->ports[at].site, of->asn, e);
		if (way && !way->closed)
			return UP;
		closed |= way != NULL;
	}
	return closed ? DOWN : NOT_KNOWN;
}

static enum condition
condition(const struct ways *ways, const struct ledger_way_of *of)
{
	enum condition best = of->port_count ? DOWN : NOT_KNOWN;
	for (size_t i = 0; i < of->port_count && best != UP; i++) {
		enum condition one = condition_of(ways, of, of->ports[i]);
		best = one > best ? one : best;
	}
	return best;
}

void
ledger_lived_of(struct ledger_lived *out, struct utc_s from, struct utc_s to,
		const struct ledger_way_state *states, size_t count, const struct ledger_way_of *of)
{
	assert(out && of && from.s < to.s && (states || !count));
	struct ledger_lived lived = {.from = from, .to = to};
	int64_t at = from.s;
	bool was_down = false;
	for (size_t i = 0; i < count; i++) {
		const struct ledger_way_state *s = &states[i];
		int64_t begin = s->from.s > from.s ? s->from.s : from.s;
		int64_t end = s->to.s < to.s ? s->to.s : to.s;
		if (begin >= end)
			continue;
		enum condition now = condition(s->ways, of);
		lived.unknown_s += begin - at + (now == NOT_KNOWN ? end - begin : 0);
		lived.down_s += now == DOWN ? end - begin : 0;
		lived.times += now == DOWN && !(was_down && begin == at);
		was_down = now == DOWN;
		at = end;
		if (!lived.first_entry || s->entry < lived.first_entry)
			lived.first_entry = s->entry;
		if (s->entry > lived.last_entry)
			lived.last_entry = s->entry;
	}
	lived.unknown_s += to.s - at;
	*out = lived;
}

bool
ledger_lived_breaks(const struct ledger_lived *lived, uint32_t promised)
{
	return lived->down_s * WHOLE > (lived->to.s - lived->from.s) * (WHOLE - (int64_t)promised);
}

const char *
ledger_lived_words(struct arena *arena, const struct ledger_lived *lived)
{
	char from[CLOCK_TEXT], to[CLOCK_TEXT];
	(void)utc_format(from, lived->from);
	(void)utc_format(to, lived->to);
	if (!lived->last_entry)
		return arena_printf(
			arena, LEDGER_LIVED_WORDS "the corridor said nothing of them from %s to %s",
			from, to);
	return arena_printf(arena,
			    LEDGER_LIVED_WORDS
			    "all closed for %" PRId64 " of %" PRId64
			    " seconds from %s to %s, %" PRIu32 " times, not known for %" PRId64
			    ", by entries %" PRIu64 " to %" PRIu64 " of the journal of ways",
			    lived->down_s, lived->to.s - lived->from.s, from, to, lived->times,
			    lived->unknown_s, lived->first_entry, lived->last_entry);
}
