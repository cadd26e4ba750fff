/* NetFlow and IPFIX datagrams. Sets are gone through one by one; templates and options change the
 * state, data sets are given record by record. */
#include "meter/netflow.h"

#include "meter/netflow_state.h"

static enum flow_refusal
open_v9(struct netflow_reader *r, struct cursor c)
{
	struct netflow_order order = {.message = r->rest, .has_uptime = true};
	cursor_skip(&c, 2); /* records in all; too often wrong to be believed */
	order.uptime_ms = cursor_u32(&c);
	order.wall_s = cursor_u32(&c);
	r->sequence = cursor_u32(&c);
	uint32_t domain = cursor_u32(&c);
	if (c.failed)
		return FLOW_TOO_SHORT;
	r->domain = netflow_domain_of(r->state, 9, domain, r->now_s);
	if (!r->domain)
		return FLOW_DOMAIN_LIMIT;
	r->rest = (struct cursor){.at = c.end, .end = c.end};
	r->message = c;
	return netflow_order_take(r, order) ? FLOW_ACCEPTED : FLOW_REPEATED;
}

/* The message at the start of `rest`; what follows it in the datagram is left there. */
static enum flow_refusal
open_ipfix(struct netflow_reader *r)
{
	struct cursor all = r->rest;
	(void)cursor_u16(&all);
	uint16_t length = cursor_u16(&all);
	struct cursor c = cursor_sub(&r->rest, length);
	struct netflow_order order = {.message = c};
	if (all.failed)
		return FLOW_TOO_SHORT;
	if (c.failed)
		return FLOW_LENGTHS;
	cursor_skip(&c, 4); /* version, length */
	order.wall_s = cursor_u32(&c);
	r->sequence = cursor_u32(&c);
	uint32_t domain = cursor_u32(&c);
	if (c.failed)
		return FLOW_LENGTHS;
	struct netflow_domain *d = netflow_domain_of(r->state, 10, domain, r->now_s);
	if (!d)
		return FLOW_DOMAIN_LIMIT;
	r->domain = d;
	r->message = c;
	return netflow_order_take(r, order) ? FLOW_ACCEPTED : FLOW_REPEATED;
}

enum flow_refusal
netflow_open(struct netflow_reader *out, struct netflow_state *state, struct cursor datagram,
	     struct utc_s now)
{
	*out = (struct netflow_reader){.state = state, .now_s = now.s};
	struct cursor c = datagram;
	out->version = cursor_u16(&c);
	if (c.failed)
		return FLOW_TOO_SHORT;
	out->rest = datagram;
	switch (out->version) {
	case 5:
		return netflow5_open(out);
	case 9:
		return open_v9(out, c);
	case 10:
		return open_ipfix(out);
	default:
		return FLOW_UNKNOWN_VERSION;
	}
}

static void
open_data_set(struct netflow_reader *r, uint16_t id, struct cursor set)
{
	uint64_t key = template_key(r->version, r->domain->id, id);
	struct template *t = templates_find(r->state->templates, key);
	if (!t) {
		r->uncounted = true;
		netflow_hold(r, key, set);
		return;
	}
	t->used_s = r->now_s;
	if (!t->options && netflow_defer(r, key, set))
		return;
	r->template = t;
	r->set_records = 0;
	r->set = set;
}

/* Takes the next set of the message. False at the message's end. */
static bool
next_set(struct netflow_reader *r)
{
	if (cursor_left(&r->message) < 4) {
		/* Up to three octets of padding are none of our business. */
		r->message = (struct cursor){.at = r->message.end, .end = r->message.end};
		return false;
	}
	uint16_t id = cursor_u16(&r->message);
	uint16_t length = cursor_u16(&r->message);
	struct cursor set = cursor_sub(&r->message, length < 4 ? SIZE_MAX / 2 : length - 4u);
	if (set.failed) {
		/* What follows cannot be found any more. */
		r->refused[FLOW_LENGTHS]++;
		r->uncounted = true;
		return false;
	}
	bool v9 = r->version == 9;
	if (id == (v9 ? V9_TEMPLATES : IPFIX_TEMPLATES))
		netflow_templates_take(r, set);
	else if (id == (v9 ? V9_OPTIONS : IPFIX_OPTIONS))
		netflow_options_templates_take(r, set);
	else if (id < FIRST_DATA_SET)
		r->refused[FLOW_RESERVED_SET]++;
	else
		open_data_set(r, id, set);
	return true;
}

/* The interface is the scope, or a field like others. */
static void
tell_names(struct netflow_reader *r, const struct record *options)
{
	enum field by =
		record_has(options, FIELD_SCOPE_INTERFACE) ? FIELD_SCOPE_INTERFACE : FIELD_INPUT;
	if (!r->named || !record_has(options, by) || options->number[by] > UINT32_MAX)
		return;
	uint32_t if_index = (uint32_t)options->number[by];
	if (record_has(options, FIELD_INTERFACE_NAME))
		r->named(r->named_context, if_index, options->name);
	if (record_has(options, FIELD_INTERFACE_TEXT))
		r->named(r->named_context, if_index, options->text);
}

/* The next record of the set in hand. False at its end. */
static bool
next_record(struct netflow_reader *r, struct flow *out)
{
	static const uint64_t reverse =
		1ull << FIELD_OCTETS_REVERSE | 1ull << FIELD_OCTETS_TOTAL_REVERSE;
	const struct template *t = r->template;
	while (cursor_left(&r->set) >= t->min_length) {
		struct record record;
		*out = (struct flow){0};
		netflow_record_take(&record, out, t, &r->set);
		if (r->set.failed) {
			r->refused[FLOW_BAD_RECORD]++;
			r->uncounted = true;
			return false;
		}
		r->set_records++;
		r->domain->records++;
		r->records += !r->late;
		if (t->options) {
			netflow_sampler_learn(r, &record);
			tell_names(r, &record);
			continue;
		}
		r->flows += !r->late;
		if (!netflow_record_settle(out, &record, r->domain)) {
			r->refused[FLOW_TOTALS]++;
			continue;
		}
		if (record.has & reverse)
			r->has_reverse = netflow_record_reverse(&r->reverse, out, &record);
		return true;
	}
	/* What is left is padding, unless it is all there was (RFC 7011 section 3.3.1). */
	if (!r->set_records && cursor_left(&r->set)) {
		r->refused[FLOW_BAD_RECORD]++;
		r->uncounted = true;
	}
	return false;
}

static bool
is_padding(struct cursor c)
{
	while (cursor_left(&c))
		if (cursor_u8(&c))
			return false;
	return true;
}

/* Another message in the same datagram, of version 5 or IPFIX: no standard forbids it. */
static bool
next_message(struct netflow_reader *r)
{
	struct cursor version = r->rest;
	if (is_padding(r->rest))
		return false;
	netflow_sequence_take(r);
	r->records = r->flows = 0;
	r->uncounted = false;
	enum flow_refusal why = FLOW_LENGTHS;
	if (cursor_u16(&version) == r->version)
		why = r->version == 5 ? netflow5_open(r) : open_ipfix(r);
	if (why == FLOW_ACCEPTED)
		return true;
	r->refused[why]++;
	r->rest = (struct cursor){.at = r->rest.end, .end = r->rest.end};
	r->sequence_taken = true;
	return false;
}

bool
netflow_next(struct netflow_reader *r, struct flow *out)
{
	while (r->version == 5) {
		if (netflow5_next(r, out))
			return true;
		if (!next_message(r))
			return false;
	}
	if (r->has_reverse) {
		r->has_reverse = false;
		*out = r->reverse;
		return true;
	}
	for (;;) {
		if (r->template) {
			if (next_record(r, out))
				return true;
			if (r->releasing)
				netflow_held_close(r);
			r->template = NULL;
		}
		if (!next_set(r) && (!r->state->release || !netflow_held_open(r)) &&
		    !next_message(r))
			return false;
	}
}

void
netflow_done(struct netflow_reader *r)
{
	if (!r->sequence_taken)
		netflow_sequence_take(r);
}
