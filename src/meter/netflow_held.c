/* Data that came before its template or its rate, and waits for it. */
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

/* False: there is no room. */
static bool
put_held(struct netflow_reader *r, uint64_t key, struct cursor set)
{
	struct netflow_state *state = r->state;
	size_t length = cursor_left(&set);
	if (!state->held_octets)
		state->held_octets = malloc(NETFLOW_HELD_OCTETS);
	if (!state->held_octets || state->held_count == NETFLOW_HELD_SETS ||
	    state->held_length + length > NETFLOW_HELD_OCTETS)
		return false;
	cursor_copy(&set, state->held_octets + state->held_length, length);
	state->held_length += length;
	state->held[state->held_count++] = (struct held){.key = key,
							 .since_s = r->now_s,
							 .message = r->domain->messages,
							 .length = (uint32_t)length};
	return true;
}

/* Those that have waited too long: what they say was of another time. */
static void
drop_old(struct netflow_reader *r)
{
	struct netflow_state *state = r->state;
	while (state->held_count && (state->held[0].since_s + NETFLOW_HELD_S < r->now_s ||
				     state->held[0].since_s > r->now_s)) {
		drop_held(state, 0);
		state->dropped_sets++;
		r->refused[FLOW_NO_TEMPLATE]++;
	}
}

void
netflow_hold(struct netflow_reader *r, uint64_t key, struct cursor set)
{
	struct netflow_state *state = r->state;
	drop_old(r);
	if (put_held(r, key, set))
		return;
	state->dropped_sets++;
	r->refused[FLOW_NO_TEMPLATE]++;
}

/* Finds the last options and the last templates of data among the sets that are left: once a message,
 * since one may have thousands. */
static void
look_ahead(struct netflow_reader *r)
{
	struct cursor c = r->message;
	bool v9 = r->version == 9, defined = false;
	r->seen = c.end;
	r->last_options = r->last_templates = NULL;
	while (cursor_left(&c) >= 4) {
		const uint8_t *at = c.at;
		uint16_t id = cursor_u16(&c);
		uint16_t length = cursor_u16(&c);
		cursor_skip(&c, length < 4 ? SIZE_MAX / 2 : length - 4u);
		if (id == (v9 ? V9_TEMPLATES : IPFIX_TEMPLATES))
			r->last_templates = at;
		bool options = id == (v9 ? V9_OPTIONS : IPFIX_OPTIONS);
		defined |= options;
		if (id >= FIRST_DATA_SET) {
			const struct template *t = templates_find(
				r->state->templates, template_key(r->version, r->domain->id, id));
			options = t ? t->options : defined;
		}
		if (options)
			r->last_options = at;
	}
	if (c.failed)
		r->last_options = NULL;
}

bool
netflow_defer(struct netflow_reader *r, uint64_t key, struct cursor set)
{
	if (r->domain->sampler_count || cursor_left(&r->message) < 4)
		return false;
	if (r->seen != r->message.end)
		look_ahead(r);
	/* Templates behind it may define its number anew. */
	bool ahead = r->last_options && r->last_options >= r->message.at;
	bool anew = r->last_templates && r->last_templates >= r->message.at;
	if (!ahead || anew || !put_held(r, key, set))
		return false;
	r->state->release = true;
	return true;
}

bool
netflow_held_open(struct netflow_reader *r)
{
	struct netflow_state *state = r->state;
	size_t offset = 0;
	drop_old(r);
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
	if (r->late)
		netflow_sequence_fill(r, r->set_records, r->template->options);
	drop_held(r->state, r->released);
	r->releasing = r->late = false;
}
