/* What is known of an exporter's NetFlow and IPFIX, as bytes: domains with their samplers, and
 * templates as they were defined. Reading is that of a datagram: everything is checked, templates
 * are compiled anew. Data that waits for a template is not kept. */

#include "meter/netflow_state.h"
#include "meter/sequence_codec.h"

/* --- writing --- */

static void
put_domain(const struct netflow_domain *d, struct buf *out)
{
	buf_u16(out, d->version);
	buf_u32(out, d->id);
	buf_u64(out, (uint64_t)d->used_s);
	buf_u8(out, d->clock_known);
	buf_u32(out, d->uptime_ms);
	buf_u32(out, d->wall_s);
	buf_u8(out, (uint8_t)d->numbering.rule);
	buf_u64(out, d->flows);
	buf_u64(out, d->flow_datagrams);
	sequence_encode(&d->sequence, out);
	buf_u16(out, (uint16_t)d->sampler_count);
	for (size_t i = 0; i < d->sampler_count; i++) {
		buf_u8(out, (uint8_t)d->samplers[i].kind);
		buf_u64(out, d->samplers[i].id);
		buf_u32(out, d->samplers[i].sampling.population);
		buf_u32(out, d->samplers[i].sampling.size);
	}
}

static void
put_template(const struct template *t, struct buf *out)
{
	buf_u64(out, t->key);
	buf_u64(out, (uint64_t)t->used_s);
	buf_u8(out, t->options);
	buf_u32(out, t->source.fields);
	buf_u32(out, t->source.scopes);
	buf_u32(out, t->source.length);
	buf_put(out, template_definition(t), t->source.length);
}

void
netflow_state_encode(const struct netflow_state *state, struct buf *out)
{
	buf_u16(out, (uint16_t)state->domain_count);
	for (size_t i = 0; i < state->domain_count; i++)
		put_domain(state->domains[i], out);
	buf_u32(out, (uint32_t)templates_count(state->templates));
	size_t at = 0;
	for (const struct template *t; (t = templates_next(state->templates, &at));)
		put_template(t, out);
}

/* --- reading --- */

static int64_t
take_time(struct cursor *in)
{
	uint64_t value = cursor_u64(in);
	if (value > INT64_MAX / 4)
		cursor_fail(in);
	return (int64_t)value;
}

static void
take_samplers(struct netflow_domain *d, struct cursor *in)
{
	uint16_t count = cursor_u16(in);
	if (count > NETFLOW_SAMPLERS_MAX)
		cursor_fail(in);
	for (uint16_t i = 0; i < count && !in->failed; i++) {
		struct sampler s = {.kind = (enum sampler_kind)cursor_u8(in)};
		s.id = cursor_u64(in);
		s.sampling.population = cursor_u32(in);
		s.sampling.size = cursor_u32(in);
		if (s.kind > SAMPLER_INTERFACE || !s.sampling.size ||
		    s.sampling.population < s.sampling.size) {
			cursor_fail(in);
			return;
		}
		d->samplers[d->sampler_count++] = s;
	}
	netflow_samplers_settle(d);
}

static void
take_domain(struct netflow_state *state, struct cursor *in)
{
	uint16_t version = cursor_u16(in);
	uint32_t id = cursor_u32(in);
	int64_t used_s = take_time(in);
	size_t before = state->domain_count;
	if (in->failed || (version != 5 && version != 9 && version != 10)) {
		cursor_fail(in);
		return;
	}
	struct netflow_domain *d = netflow_domain_of(state, version, id, used_s);
	if (!d || state->domain_count == before) { /* no memory, or twice */
		cursor_fail(in);
		return;
	}
	d->clock_known = cursor_u8(in) == 1;
	d->uptime_ms = cursor_u32(in);
	d->wall_s = cursor_u32(in);
	uint8_t rule = cursor_u8(in);
	if (rule >= NUMBERING_RULES || (rule == NUMBERING_TOGETHER && version != 10))
		cursor_fail(in);
	else
		d->numbering.rule = (enum numbering_rule)rule;
	d->flows = cursor_u64(in);
	d->flow_datagrams = cursor_u64(in);
	/* So small that no product overflows. */
	if (d->flows > UINT64_MAX >> 24 || d->flow_datagrams > d->flows)
		cursor_fail(in);
	d->sequence = sequence_decode(in);
	take_samplers(d, in);
}

static void
take_template(struct netflow_state *state, struct cursor *in)
{
	struct template_header h = {.key = cursor_u64(in)};
	int64_t used_s = take_time(in);
	uint16_t version = (uint16_t)(h.key >> 48), id = (uint16_t)h.key;
	h.options = cursor_u8(in) == 1;
	h.fields = cursor_u32(in);
	h.scopes = cursor_u32(in);
	h.enterprise = version == 10;
	h.scope_types = version == 9;
	struct cursor definition = cursor_sub(in, cursor_u32(in));
	size_t before = templates_count(state->templates);
	if (in->failed || (version != 9 && version != 10) || id < FIRST_DATA_SET ||
	    templates_take(state->templates, h, &definition, used_s) != FLOW_ACCEPTED ||
	    cursor_left(&definition) || templates_count(state->templates) == before)
		cursor_fail(in);
}

struct netflow_state *
netflow_state_decode(struct sequence_drops *drops, struct cursor *in, struct utc_s now)
{
	struct netflow_state *state = netflow_state_new(drops);
	if (!state)
		return NULL;
	uint16_t domains = cursor_u16(in);
	for (uint16_t i = 0; i < domains && !in->failed; i++)
		take_domain(state, in);
	uint32_t templates = cursor_u32(in);
	for (uint32_t i = 0; i < templates && !in->failed; i++)
		take_template(state, in);
	/* Of domains that are numbered together one has the numbers. */
	for (size_t i = 0; i < state->domain_count; i++) {
		struct netflow_domain *d = state->domains[i], *space = state->together.space;
		if (d->numbering.rule == NUMBERING_TOGETHER &&
		    (!space || (d->sequence.known && !space->sequence.known)))
			state->together.space = d;
	}
	if (!in->failed) {
		/* A clock that was set back since then must not keep old ones for ever. */
		for (size_t i = 0; i < state->domain_count; i++)
			if (state->domains[i]->used_s > now.s)
				state->domains[i]->used_s = now.s;
		return state;
	}
	netflow_state_free(state);
	return NULL;
}
