/* NetFlow and IPFIX datagrams. Sets are gone through one by one; templates and options change the
 * state, data sets are given record by record. */
#include "meter/netflow.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "meter/frame.h"
#include "meter/numbering.h"

enum {
	V5_HEADER = 24,
	V5_RECORD = 48,
	V9_TEMPLATES = 0, /* set numbers */
	V9_OPTIONS = 1,
	IPFIX_TEMPLATES = 2,
	IPFIX_OPTIONS = 3,
	FIRST_DATA_SET = 256,
};

/* For whom an announced sampling rate holds. */
enum sampler_kind { SAMPLER_ALL, SAMPLER_NUMBER, SAMPLER_INTERFACE };

struct sampler {
	enum sampler_kind kind;
	uint64_t id;
	struct sampling sampling;
};

struct netflow_domain {
	uint16_t version;
	uint32_t id;
	int64_t used_s;
	uint32_t uptime_ms;
	struct numbering numbering;
	struct sequence sequence; /* of what the numbering says */
	uint64_t records;
	uint64_t flows, flow_datagrams; /* for the mean, where messages are numbered */
	size_t sampler_count;
	struct sampler samplers[NETFLOW_SAMPLERS_MAX];
};

/* A data set that waits for its template; its octets stand in state->held_octets, one after the
 * other in the order of `held`. */
struct held {
	uint64_t key;
	int64_t since_s;
	uint32_t length;
};

struct netflow_state {
	struct templates *templates;
	struct netflow_domain *domains[NETFLOW_DOMAINS_MAX];
	size_t domain_count;
	struct netflow_totals past; /* of domains that made room for others */
	struct held held[NETFLOW_HELD_SETS];
	size_t held_count, held_length;
	uint64_t dropped_sets;
	bool release;         /* a template came that something waits for */
	uint8_t *held_octets; /* NETFLOW_HELD_OCTETS, asked for when first needed */
};

struct netflow_state *
netflow_state_new(void)
{
	struct netflow_state *state = calloc(1, sizeof(*state));
	if (!state)
		return NULL;
	state->templates = templates_new();
	if (state->templates)
		return state;
	free(state);
	return NULL;
}

void
netflow_state_free(struct netflow_state *state)
{
	if (!state)
		return;
	for (size_t i = 0; i < state->domain_count; i++)
		free(state->domains[i]);
	templates_free(state->templates);
	free(state->held_octets);
	free(state);
}

/* --- totals --- */

static void
add_domain(struct netflow_totals *t, const struct netflow_domain *d)
{
	t->records += d->records;
	t->restarts += d->sequence.restarts;
	t->repeated += d->sequence.repeated;
	if (d->numbering.rule != NUMBERING_MESSAGES) {
		t->lost_records += d->sequence.lost;
		return;
	}
	t->lost_datagrams += d->sequence.lost;
	if (d->flow_datagrams)
		t->lost_records +=
			(d->sequence.lost * d->flows + d->flow_datagrams / 2) / d->flow_datagrams;
}

struct netflow_totals
netflow_totals(const struct netflow_state *state)
{
	struct netflow_totals t = state->past;
	for (size_t i = 0; i < state->domain_count; i++)
		add_domain(&t, state->domains[i]);
	t.dropped_sets = state->dropped_sets;
	t.domains = state->domain_count;
	t.templates = templates_count(state->templates);
	t.held_sets = state->held_count;
	return t;
}

/* --- domains --- */

/* The domain of a message, made when it is new; NULL when there are too many. The one in use moves
 * towards the front, so that the search is short. */
static struct netflow_domain *
domain_of(struct netflow_state *state, uint16_t version, uint32_t id, int64_t now_s)
{
	size_t oldest = 0;
	for (size_t i = 0; i < state->domain_count; i++) {
		struct netflow_domain *d = state->domains[i];
		if (d->id == id && d->version == version) {
			if (i) {
				state->domains[i] = state->domains[i - 1];
				state->domains[i - 1] = d;
			}
			d->used_s = now_s;
			return d;
		}
		if (d->used_s < state->domains[oldest]->used_s)
			oldest = i;
	}
	bool full = state->domain_count == NETFLOW_DOMAINS_MAX;
	if (full && state->domains[oldest]->used_s + NETFLOW_DOMAIN_IDLE_S > now_s)
		return NULL;
	struct netflow_domain *made = full ? state->domains[oldest] : malloc(sizeof(*made));
	if (!made)
		return NULL;
	if (full)
		add_domain(&state->past, made);
	else
		state->domains[state->domain_count++] = made;
	*made = (struct netflow_domain){
		.version = version,
		.id = id,
		.used_s = now_s,
		.numbering.rule = version == 9 ? NUMBERING_MESSAGES : NUMBERING_RECORDS,
	};
	return made;
}

/* --- sampling --- */

/* What a record says: numbers by what they mean, and which of them it has. The others are not set. */
struct record {
	uint64_t has; /* set of 1 << enum field */
	uint64_t number[FIELD_COUNT];
	struct mac source_out, destination_out;
};
static_assert(FIELD_COUNT <= 64, "a bit each");

static bool
has(const struct record *r, enum field field)
{
	return r->has >> field & 1;
}

static double
probability(const struct record *r)
{
	double value;
	memcpy(&value, &r->number[FIELD_SAMPLING_PROBABILITY], sizeof(value)); /* IEEE 754 */
	return value;
}

/* The rate that a record's words on sampling come to: false if it has none; population 0 if what
 * they say makes no sense. */
static bool
rate_of(struct sampling *out, const struct record *r)
{
	uint64_t population = 0, size = 1;
	if (has(r, FIELD_PACKET_INTERVAL) && has(r, FIELD_PACKET_SPACE)) {
		size = r->number[FIELD_PACKET_INTERVAL];
		population = size + r->number[FIELD_PACKET_SPACE];
	} else if (has(r, FIELD_SAMPLING_SIZE) && has(r, FIELD_SAMPLING_POPULATION)) {
		size = r->number[FIELD_SAMPLING_SIZE];
		population = r->number[FIELD_SAMPLING_POPULATION];
	} else if (has(r, FIELD_SAMPLING_PROBABILITY)) {
		double p = probability(r), one_in = p > 0 && p <= 1 ? 1 / p : 0;
		population = one_in < UINT32_MAX ? (uint64_t)llround(one_in) : 0;
	} else if (has(r, FIELD_SAMPLING_INTERVAL)) {
		population = r->number[FIELD_SAMPLING_INTERVAL];
	} else {
		/* A packet interval (305) without its space says how many packets are taken in a
		 * row, not out of how many: no rate follows from it (RFC 5477 section 8.2). But 0
		 * is senseless anyhow. */
		*out = (struct sampling){0};
		return has(r, FIELD_PACKET_INTERVAL) && !r->number[FIELD_PACKET_INTERVAL];
	}
	bool sound = size && population >= size && population <= UINT32_MAX;
	*out = sound ? (struct sampling){(uint32_t)population, (uint32_t)size}
		     : (struct sampling){0};
	return true;
}

static void
learn_sampler(struct netflow_reader *r, const struct record *w)
{
	struct sampling sampling;
	if (!rate_of(&sampling, w))
		return;
	if (!sampling.population) {
		r->refused[FLOW_BAD_SAMPLING]++; /* the last good one stays */
		return;
	}
	struct sampler s = {.kind = SAMPLER_ALL, .sampling = sampling};
	if (has(w, FIELD_SAMPLER)) {
		s.kind = SAMPLER_NUMBER;
		s.id = w->number[FIELD_SAMPLER];
	} else if (has(w, FIELD_SCOPE_INTERFACE)) {
		s.kind = SAMPLER_INTERFACE;
		s.id = w->number[FIELD_SCOPE_INTERFACE];
	}
	struct netflow_domain *d = r->domain;
	size_t at = 0;
	while (at < d->sampler_count &&
	       (d->samplers[at].kind != s.kind || d->samplers[at].id != s.id))
		at++;
	if (at == NETFLOW_SAMPLERS_MAX) {
		r->refused[FLOW_BAD_SAMPLING]++;
		return;
	}
	d->samplers[at] = s;
	if (at == d->sampler_count)
		d->sampler_count++;
}

static const struct sampler *
sampler_by(const struct netflow_domain *d, enum sampler_kind kind, uint64_t id)
{
	for (size_t i = 0; i < d->sampler_count; i++)
		if (d->samplers[i].kind == kind && d->samplers[i].id == id)
			return &d->samplers[i];
	return NULL;
}

static bool
same_rate(struct sampling a, struct sampling b)
{
	return a.population == b.population && a.size == b.size;
}

/* The rate announced for a flow: by its sampler's number, its interface, or for all; else, if all
 * samplers of the domain say the same, that. Two that differ: not known. */
static struct sampling
announced(const struct netflow_domain *d, const struct record *r, uint32_t input)
{
	const struct sampler *s = NULL;
	bool numbered = has(r, FIELD_SAMPLER);
	if (numbered)
		s = sampler_by(d, SAMPLER_NUMBER, r->number[FIELD_SAMPLER]);
	if (!s && input)
		s = sampler_by(d, SAMPLER_INTERFACE, input);
	if (!s)
		s = sampler_by(d, SAMPLER_ALL, 0);
	if (s)
		return s->sampling;
	/* A number that was not announced yet; some exporters send 0 and mean the only one. */
	if (numbered && r->number[FIELD_SAMPLER])
		return (struct sampling){0};
	for (size_t i = 1; i < d->sampler_count; i++)
		if (!same_rate(d->samplers[i].sampling, d->samplers[0].sampling))
			return (struct sampling){0};
	return d->sampler_count ? d->samplers[0].sampling : (struct sampling){0};
}

/* --- records --- */

static uint64_t
take_number(struct cursor *c, size_t length)
{
	switch (length) {
	case 1:
		return cursor_u8(c);
	case 2:
		return cursor_u16(c);
	case 4:
		return cursor_u32(c);
	case 8:
		return cursor_u64(c);
	default:
		return cursor_uint(c, length);
	}
}

/* False when it is all zero: the exporter does not know it. */
static bool
take_mac(struct mac *out, struct cursor *c)
{
	static const struct mac unknown;
	cursor_copy(c, out->octets, 6);
	return memcmp(out, &unknown, sizeof(unknown)) != 0;
}

static void
take_ip(struct ip *out, enum ip_family family, struct cursor *c)
{
	const uint8_t *octets = cursor_take(c, family == IP_V4 ? 4 : 16);
	if (octets)
		flow_set_ip(out, family, octets);
}

/* One field of `length` octets. What is not a number goes where it belongs at once. */
static void
take_field(struct record *r, struct flow *flow, enum field meaning, struct cursor *c, size_t length)
{
	bool there = true;
	switch (meaning) {
	case FIELD_NONE:
		cursor_skip(c, length);
		return;
	case FIELD_SOURCE_IPV4:
		take_ip(&flow->source, IP_V4, c);
		return;
	case FIELD_DESTINATION_IPV4:
		take_ip(&flow->destination, IP_V4, c);
		return;
	case FIELD_SOURCE_IPV6:
		take_ip(&flow->source, IP_V6, c);
		return;
	case FIELD_DESTINATION_IPV6:
		take_ip(&flow->destination, IP_V6, c);
		return;
	case FIELD_FRAME:
		(void)frame_read_ethernet(flow, cursor_sub(c, length));
		return;
	case FIELD_SOURCE_MAC:
		there = take_mac(&flow->source_mac, c);
		break;
	case FIELD_DESTINATION_MAC:
		there = take_mac(&flow->destination_mac, c);
		break;
	case FIELD_SOURCE_MAC_OUT:
		there = take_mac(&r->source_out, c);
		break;
	case FIELD_DESTINATION_MAC_OUT:
		there = take_mac(&r->destination_out, c);
		break;
	default:
		r->number[meaning] = take_number(c, length);
		break;
	}
	r->has |= (uint64_t)there << meaning;
}

/* RFC 7011 section 7: a length octet, or 255 and two more. */
static size_t
take_variable_length(struct cursor *c)
{
	uint8_t length = cursor_u8(c);
	return length == 255 ? cursor_u16(c) : length;
}

/* Reads one record; the cursor fails if it is cut off. */
static void
take_record(struct record *r, struct flow *flow, const struct template *t, struct cursor *c)
{
	for (unsigned i = 0; i < t->field_count; i++) {
		const struct template_field *f = &t->fields[i];
		cursor_skip(c, f->skip);
		size_t length = f->length;
		enum field meaning = (enum field)f->meaning;
		if (length == TEMPLATE_VARIABLE) {
			length = take_variable_length(c);
			/* A number of more than 8 octets is not one. */
			if (meaning != FIELD_FRAME && (length > 8 || !length))
				meaning = FIELD_NONE;
		}
		take_field(r, flow, meaning, c, length);
	}
	cursor_skip(c, t->tail);
}

/* The first of these fields that the record has, or 0. */
static uint64_t
first_of(const struct record *r, const uint8_t *choice, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (has(r, (enum field)choice[i]))
			return r->number[choice[i]];
	return 0;
}

#define FIRST_OF(r, ...)                                                                           \
	first_of(r, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static uint32_t
to_u32(uint64_t value)
{
	return value > UINT32_MAX ? 0 : (uint32_t)value;
}

static void
settle_macs(struct flow *f, const struct record *r)
{
	bool source = has(r, FIELD_SOURCE_MAC), destination = has(r, FIELD_DESTINATION_MAC);
	if (!source && has(r, FIELD_SOURCE_MAC_OUT)) {
		f->source_mac = r->source_out;
		source = true;
	}
	if (!destination && has(r, FIELD_DESTINATION_MAC_OUT)) {
		f->destination_mac = r->destination_out;
		destination = true;
	}
	f->has_macs |= source && destination;
}

static void
settle_family(struct flow *f, const struct record *r)
{
	uint64_t version = FIRST_OF(r, FIELD_IP_VERSION), type = FIRST_OF(r, FIELD_ETHERNET_TYPE);
	if (f->source.family)
		f->family = f->source.family;
	else if (version == IP_V4 || type == 0x0800)
		f->family = IP_V4;
	else if (version == IP_V6 || type == 0x86dd)
		f->family = IP_V6;
}

/* Of what a record says twice the better: octets of the frame before those of the packet, sums of
 * this record before sums since the flow began, what came in before what went out. */
static void
settle(struct flow *f, const struct record *r, const struct netflow_domain *d)
{
	static const uint64_t octets = 1ull << FIELD_OCTETS_LAYER2 | 1ull << FIELD_OCTETS |
				       1ull << FIELD_OCTETS_TOTAL | 1ull << FIELD_OCTETS_OUT |
				       1ull << FIELD_FRAME_SIZE;
	f->measured = r->has & octets;
	f->octets = FIRST_OF(r, FIELD_OCTETS_LAYER2, FIELD_OCTETS, FIELD_OCTETS_TOTAL,
			     FIELD_OCTETS_OUT, FIELD_FRAME_SIZE);
	f->packets = FIRST_OF(r, FIELD_PACKETS, FIELD_PACKETS_TOTAL, FIELD_PACKETS_OUT);
	if (!f->packets && has(r, FIELD_FRAME_SIZE))
		f->packets = 1; /* a record of one frame */
	if (!f->vlan)
		f->vlan = FIRST_OF(r, FIELD_VLAN, FIELD_DOT1Q_VLAN) & 0x0fff;
	if (!f->vlan)
		f->vlan = FIRST_OF(r, FIELD_DOT1Q_VLAN) & 0x0fff;
	f->vlan_out = FIRST_OF(r, FIELD_VLAN_OUT, FIELD_DOT1Q_VLAN_OUT) & 0x0fff;
	f->input = to_u32(FIRST_OF(r, FIELD_INPUT, FIELD_INPUT_PHYSICAL));
	f->output = to_u32(FIRST_OF(r, FIELD_OUTPUT, FIELD_OUTPUT_PHYSICAL));
	f->egress = FIRST_OF(r, FIELD_DIRECTION) == 1;
	f->source_as = to_u32(FIRST_OF(r, FIELD_SOURCE_AS));
	f->destination_as = to_u32(FIRST_OF(r, FIELD_DESTINATION_AS));
	settle_macs(f, r);
	settle_family(f, r);
	struct sampling own;
	if (rate_of(&own, r) && own.population)
		f->sampling = own;
	else
		f->sampling = announced(d, r, f->input);
}

/* --- templates --- */

static void
count_refusal(struct netflow_reader *r, enum flow_refusal why)
{
	if (why != FLOW_ACCEPTED)
		r->refused[why]++;
}

static bool
is_held(const struct netflow_state *state, uint64_t key)
{
	for (size_t i = 0; i < state->held_count; i++)
		if (state->held[i].key == key)
			return true;
	return false;
}

static void
keep_template(struct netflow_reader *r, struct template_header h, struct cursor *set)
{
	enum flow_refusal why = templates_take(r->state->templates, h, set, r->now_s);
	count_refusal(r, why);
	if (why == FLOW_ACCEPTED && r->state->held_count && is_held(r->state, h.key))
		r->state->release = true;
}

static void
withdraw(struct netflow_reader *r, uint16_t id, bool options)
{
	if (id == (options ? IPFIX_OPTIONS : IPFIX_TEMPLATES))
		templates_withdraw_all(r->state->templates, r->version, r->domain->id, options);
	else
		templates_withdraw(r->state->templates,
				   template_key(r->version, r->domain->id, id));
}

static void
take_templates(struct netflow_reader *r, struct cursor set)
{
	while (cursor_left(&set) >= 4) { /* less is padding */
		uint16_t id = cursor_u16(&set);
		struct template_header h = {
			.key = template_key(r->version, r->domain->id, id),
			.fields = cursor_u16(&set),
			.enterprise = r->version == 10,
		};
		if (r->version == 10 && !h.fields && id) {
			withdraw(r, id, false);
		} else if (id < FIRST_DATA_SET) {
			if (id || h.fields) /* zeros are padding */
				r->refused[FLOW_BAD_TEMPLATE]++;
			return;
		} else {
			keep_template(r, h, &set);
		}
	}
}

static void
take_options_templates(struct netflow_reader *r, struct cursor set)
{
	size_t header = 6;
	while (cursor_left(&set) >= header || (r->version == 10 && cursor_left(&set) >= 4)) {
		uint16_t id = cursor_u16(&set);
		uint16_t first = cursor_u16(&set); /* v9: octets of scopes; IPFIX: all fields */
		struct template_header h = {
			.key = template_key(r->version, r->domain->id, id),
			.options = true,
			.enterprise = r->version == 10,
			.scope_types = r->version == 9,
		};
		if (r->version == 10 && !first && id) {
			withdraw(r, id, true);
			continue;
		}
		uint16_t second = cursor_u16(&set); /* v9: octets of options; IPFIX: scopes */
		if (id < FIRST_DATA_SET) {
			if (id || first || second)
				r->refused[FLOW_BAD_TEMPLATE]++;
			return;
		}
		bool sound = r->version == 9 ? first % 4 == 0 && second % 4 == 0 : second > 0;
		if (!sound) {
			r->refused[FLOW_BAD_TEMPLATE]++;
			return;
		}
		h.scopes = r->version == 9 ? first / 4u : second;
		h.fields = r->version == 9 ? h.scopes + second / 4u : first;
		keep_template(r, h, &set);
	}
}

/* --- data that waits --- */

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

static void
hold(struct netflow_reader *r, uint64_t key, struct cursor set)
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
	state->held[state->held_count++] = (struct held){key, r->now_s, (uint32_t)length};
}

/* The next held set whose template has come, as the set in hand. Its octets are read where they
 * stand, so it leaves the list only when it is done (close_held). */
static bool
open_held(struct netflow_reader *r)
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
			r->released = i;
			return true;
		}
		offset += h->length;
	}
	state->release = false;
	return false;
}

static void
close_held(struct netflow_reader *r)
{
	drop_held(r->state, r->released);
	r->releasing = false;
}

/* --- a datagram --- */

static enum flow_refusal
open_v5(struct netflow_reader *r)
{
	struct cursor c = r->rest;
	cursor_skip(&c, 2);
	uint16_t count = cursor_u16(&c);
	uint32_t uptime = cursor_u32(&c);
	cursor_skip(&c, 8); /* the exporter's time of day */
	r->sequence = cursor_u32(&c);
	uint16_t engine = cursor_u16(&c);
	uint16_t sampling = cursor_u16(&c);
	if (c.failed)
		return FLOW_TOO_SHORT;
	/* Two bits of mode, 14 of interval; 0 says nothing, 1 in 1 must be said. */
	r->v5_sampling = (struct sampling){sampling & 0x3fff, 1};
	if (!count || cursor_left(&c) < count * (size_t)V5_RECORD)
		return FLOW_LENGTHS;
	struct netflow_domain *d = domain_of(r->state, 5, engine, r->now_s);
	if (!d)
		return FLOW_DOMAIN_LIMIT;
	r->domain = d;
	if (r->domain->uptime_ms > uptime && r->domain->uptime_ms - uptime > 60000)
		sequence_restart(&r->domain->sequence);
	r->domain->uptime_ms = uptime;
	r->v5_left = count;
	r->message = cursor_sub(&c, count * (size_t)V5_RECORD);
	r->rest = c;
	return FLOW_ACCEPTED;
}

static enum flow_refusal
open_v9(struct netflow_reader *r, struct cursor c)
{
	cursor_skip(&c, 2); /* records in all; too often wrong to be believed */
	uint32_t uptime = cursor_u32(&c);
	cursor_skip(&c, 4);
	r->sequence = cursor_u32(&c);
	uint32_t domain = cursor_u32(&c);
	if (c.failed)
		return FLOW_TOO_SHORT;
	r->domain = domain_of(r->state, 9, domain, r->now_s);
	if (!r->domain)
		return FLOW_DOMAIN_LIMIT;
	if (r->domain->uptime_ms > uptime && r->domain->uptime_ms - uptime > 60000)
		sequence_restart(&r->domain->sequence);
	r->domain->uptime_ms = uptime;
	r->message = c;
	return FLOW_ACCEPTED;
}

/* The message at the start of `rest`; what follows it in the datagram is left there. */
static enum flow_refusal
open_ipfix(struct netflow_reader *r)
{
	struct cursor all = r->rest;
	(void)cursor_u16(&all);
	uint16_t length = cursor_u16(&all);
	struct cursor c = cursor_sub(&r->rest, length);
	if (all.failed)
		return FLOW_TOO_SHORT;
	if (c.failed)
		return FLOW_LENGTHS;
	cursor_skip(&c, 8); /* version, length, export time */
	r->sequence = cursor_u32(&c);
	uint32_t domain = cursor_u32(&c);
	if (c.failed)
		return FLOW_LENGTHS;
	struct netflow_domain *d = domain_of(r->state, 10, domain, r->now_s);
	if (!d)
		return FLOW_DOMAIN_LIMIT;
	r->domain = d;
	r->message = c;
	return FLOW_ACCEPTED;
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
	switch (out->version) {
	case 5:
		out->rest = datagram;
		return open_v5(out);
	case 9:
		return open_v9(out, c);
	case 10:
		out->rest = datagram;
		return open_ipfix(out);
	default:
		return FLOW_UNKNOWN_VERSION;
	}
}

static bool
next_v5(struct netflow_reader *r, struct flow *out)
{
	if (!r->v5_left)
		return false;
	r->v5_left--;
	struct cursor c = cursor_sub(&r->message, V5_RECORD);
	*out = (struct flow){.family = IP_V4, .measured = true, .sampling = r->v5_sampling};
	take_ip(&out->source, IP_V4, &c);
	take_ip(&out->destination, IP_V4, &c);
	cursor_skip(&c, 4); /* next hop */
	out->input = cursor_u16(&c);
	out->output = cursor_u16(&c);
	out->packets = cursor_u32(&c);
	out->octets = cursor_u32(&c);
	cursor_skip(&c, 16); /* times, ports, flags, protocol, type of service */
	out->source_as = cursor_u16(&c);
	out->destination_as = cursor_u16(&c);
	r->domain->records++;
	r->records++;
	r->flows++;
	return true;
}

static void
open_data_set(struct netflow_reader *r, uint16_t id, struct cursor set)
{
	uint64_t key = template_key(r->version, r->domain->id, id);
	struct template *t = templates_find(r->state->templates, key);
	if (!t) {
		r->uncounted = true;
		hold(r, key, set);
		return;
	}
	t->used_s = r->now_s;
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
		take_templates(r, set);
	else if (id == (v9 ? V9_OPTIONS : IPFIX_OPTIONS))
		take_options_templates(r, set);
	else if (id < FIRST_DATA_SET)
		r->refused[FLOW_RESERVED_SET]++;
	else
		open_data_set(r, id, set);
	return true;
}

/* The next record of the set in hand. False at its end. */
static bool
next_record(struct netflow_reader *r, struct flow *out)
{
	const struct template *t = r->template;
	while (cursor_left(&r->set) >= t->min_length) {
		struct record record;
		record.has = 0;
		*out = (struct flow){0};
		take_record(&record, out, t, &r->set);
		if (r->set.failed) {
			r->refused[FLOW_BAD_RECORD]++;
			r->uncounted = true;
			return false;
		}
		r->set_records++;
		r->domain->records++;
		r->records += !r->releasing;
		if (t->options) {
			learn_sampler(r, &record);
			continue;
		}
		r->flows += !r->releasing;
		settle(out, &record, r->domain);
		return true;
	}
	/* What is left is padding, unless it is all there was (RFC 7011 section 3.3.1). */
	if (!r->set_records && cursor_left(&r->set)) {
		r->refused[FLOW_BAD_RECORD]++;
		r->uncounted = true;
	}
	return false;
}

static void
take_sequence(struct netflow_reader *r)
{
	assert(r->domain);
	struct netflow_domain *d = r->domain;
	struct numbered message = {r->sequence, r->records, r->flows};
	uint32_t count;
	if (numbering_learn(&d->numbering, message))
		d->sequence = (struct sequence){.restarts = d->sequence.restarts};
	uint32_t first = numbering_units(&d->numbering, message, &count);
	(void)sequence_take(&d->sequence, first, count, (struct utc_s){r->now_s});
	if (r->flows) {
		d->flows += r->flows;
		d->flow_datagrams++;
	}
	if (!r->uncounted)
		return;
	numbering_forget(&d->numbering);
	if (d->numbering.rule != NUMBERING_MESSAGES)
		sequence_forget(&d->sequence);
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
	take_sequence(r);
	r->records = r->flows = 0;
	r->uncounted = false;
	enum flow_refusal why = FLOW_LENGTHS;
	if (cursor_u16(&version) == r->version)
		why = r->version == 5 ? open_v5(r) : open_ipfix(r);
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
		if (next_v5(r, out))
			return true;
		if (!next_message(r))
			return false;
	}
	for (;;) {
		if (r->template) {
			if (next_record(r, out))
				return true;
			r->template = NULL;
			if (r->releasing)
				close_held(r);
		}
		if (!next_set(r) && (!r->state->release || !open_held(r)) && !next_message(r))
			return false;
	}
}

void
netflow_done(struct netflow_reader *r)
{
	if (!r->sequence_taken)
		take_sequence(r);
}
