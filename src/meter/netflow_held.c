/* Data that came before its template, and waits for it. */
#include <stdlib.h>
#include <string.h>

#include "meter/netflow_state.h"

bool
netflow_is_held(const struct netflow_state *state, uint64_t key)
{
	for (size_t i = 0; i < state->held_count; i++)
		if (state->held[i].key == key)
			return true;
	return false;
}

static void
drop_held(struct netflow_state *state, size_t at)
{
	size_t offset = 0;
	for (size_t i = 0; i < at; i++)
		offset += state->held[i].length;
	size_t length = state->held[at].length;
	memmove(state->held_octets + offset, state->held_octets + offset + length,
		state->held_length - offset - length);
	state->held_length -= length;
	state->held_count--;
	memmove(&state->held[at], &state->held[at + 1],
		(state->held_count - at) * sizeof(state->held[0]));
}

void
netflow_hold(struct netflow_reader *r, uint64_t key, struct cursor set)
{
	struct netflow_state *state = r->state;
	size_t length = cursor_left(&set);
	while (state->held_count && (state->held[0].since_s + NETFLOW_HELD_S < r->now_s ||
				     state->held[0].since_s > r->now_s)) {
		drop_held(state, 0);
		state->dropped_sets++;
		r->refused[FLOW_NO_TEMPLATE]++;
	}
	if (!state->held_octets)
		state->held_octets = malloc(NETFLOW_HELD_OCTETS);
	if (!state->held_octets || state->held_count == NETFLOW_HELD_SETS ||
	    state->held_length + length > NETFLOW_HELD_OCTETS) {
		state->dropped_sets++;
		r->refused[FLOW_NO_TEMPLATE]++;
		return;
	}
	cursor_copy(&set, state->held_octets + state->held_length, length);
	state->held_length += length;
	state->held[state->held_count++] = (struct held){.key = key,
							 .since_s = r->now_s,
							 .message = r->domain->messages,
							 .length = (uint32_t)length};
}

bool
netflow_held_open(struct netflow_reader *r)
{
	struct netflow_state *state = r->state;
	size_t offset = 0;
	for (size_t i = 0; i < state->held_count; i++) {
		const struct held *h = &state->held[i];
		struct template *t = templates_find(state->templates, h->key);
		/* Only of this message's domain: its template came just now. */
		if (t && h->key >> 16 == template_key(r->version, r->domain->id, 0) >> 16) {
			r->template = t;
			r->set_records = 0;
			r->set = cursor_of(state->held_octets + offset, h->length);
			r->releasing = true;
			r->late = h->message != r->domain->messages;
			r->released = i;
			return true;
		}
		offset += h->length;
	}
	state->release = false;
	return false;
}

void
netflow_held_close(struct netflow_reader *r)
{
	enum numbering_rule rule = r->domain->numbering.rule;
	bool numbered =
		r->template->options ? rule == NUMBERING_RECORDS : rule != NUMBERING_MESSAGES;
	if (r->late && numbered)
		sequence_fill(&r->domain->sequence, r->set_records);
	drop_held(r->state, r->released);
	r->releasing = r->late = false;
}
