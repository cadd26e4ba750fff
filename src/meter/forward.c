/* Members that have their own samples sent to them: who gets which, and the queue of datagrams. The queue
 * is one for all and bounded; what does not fit is counted, and the member sees the gap in its sequence. */
#include "meter/forward.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "meter/forward_parts.h"

struct queued {
	struct hub_endpoint to;
	uint32_t sink;
	uint16_t length;
	uint8_t octets[FORWARD_DATAGRAM_MAX];
};

struct forward {
	struct utc_s started;
	struct forward_sink *sinks; /* those that left the picture stay, for their numbers */
	size_t count;
	uint32_t *sink_of; /* by the roster's port: index + 1; 0: none */
	size_t port_count;
	struct queued *queue; /* FORWARD_QUEUE, a ring */
	size_t first, waiting;
};

struct forward *
forward_new(struct utc_s now)
{
	struct forward *f = calloc(1, sizeof(*f));
	if (f)
		f->started = now;
	return f;
}

void
forward_free(struct forward *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->count; i++) {
		buf_fini(&f->sinks[i].open);
		free(f->sinks[i].sources);
	}
	free(f->sinks);
	free(f->sink_of);
	free(f->queue);
	free(f);
}

/* --- the picture --- */

static bool
is_wanted(const struct hub_member *member)
{
	return member->samples.to.ip.family != IP_NONE;
}

static struct forward_sink *
sink_of_member(struct forward *f, struct asn member)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->sinks[i].member.number == member.number)
			return &f->sinks[i];
	return NULL;
}

/* A new one for the member. NULL without memory. */
static struct forward_sink *
add_sink(struct forward *f, struct asn member)
{
	struct forward_sink *grown = realloc(f->sinks, (f->count + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	f->sinks = grown;
	struct forward_source *sources = calloc(FORWARD_SOURCES_MAX, sizeof(*sources));
	if (!sources)
		return NULL;
	f->sinks[f->count] = (struct forward_sink){.member = member, .sources = sources};
	return &f->sinks[f->count++];
}

static bool
same(const struct hub_samples *a, const struct hub_samples *b)
{
	return a->format == b->format && a->addresses == b->addresses && a->to.port == b->to.port &&
	       ip_equal(a->to.ip, b->to.ip);
}

static void end_datagram(struct forward *f, struct forward_sink *sink);

static void
configure(struct forward *f, struct forward_sink *sink, const struct hub *hub,
	  const struct hub_samples *what)
{
	if (!same(&sink->what, what)) {
		end_datagram(f, sink);
		for (uint32_t i = 0; i < sink->source_count; i++)
			sink->sources[i].told = (struct utc_s){0}; /* somebody else, maybe */
	}
	sink->what = *what;
	sink->agent = hub->router_id;
	sink->wanted = true;
}

int
forward_apply(struct forward *f, const struct hub *hub, const struct roster *roster)
{
	uint32_t *sink_of = calloc(roster->port_count + 1, sizeof(*sink_of));
	bool any = false;
	for (size_t i = 0; sink_of && i < hub->member_count; i++) {
		if (!is_wanted(&hub->members[i]))
			continue;
		any = true;
		if (!sink_of_member(f, hub->members[i].asn) && !add_sink(f, hub->members[i].asn))
			goto failed;
	}
	if (any && !f->queue)
		f->queue = malloc(FORWARD_QUEUE * sizeof(*f->queue));
	if (!sink_of || (any && !f->queue))
		goto failed;
	for (size_t i = 0; i < f->count; i++)
		f->sinks[i].wanted = false;
	for (size_t i = 0; i < hub->member_count; i++)
		if (is_wanted(&hub->members[i]))
			configure(f, sink_of_member(f, hub->members[i].asn), hub,
				  &hub->members[i].samples);
	for (size_t i = 0; i < roster->port_count; i++) {
		uint32_t port = roster->ports[i].hub_port;
		const struct hub_member *member =
			port == HUB_NONE ? NULL : &hub->members[hub->ports[port].member];
		if (member && is_wanted(member))
			sink_of[i] = (uint32_t)(sink_of_member(f, member->asn) - f->sinks) + 1;
	}
	free(f->sink_of);
	f->sink_of = sink_of;
	f->port_count = roster->port_count;
	return 0;
failed:
	free(sink_of);
	return -1;
}

/* --- datagrams --- */

static void
end_datagram(struct forward *f, struct forward_sink *sink)
{
	if (!sink->open.length)
		return;
	if (sink->what.format == HUB_SAMPLES_SFLOW)
		forward_sflow_end(sink);
	else
		forward_ipfix_end(sink);
	bool room = f->waiting < FORWARD_QUEUE && !sink->open.failed &&
		    sink->open.length <= FORWARD_DATAGRAM_MAX;
	if (room) {
		struct queued *q = &f->queue[(f->first + f->waiting++) % FORWARD_QUEUE];
		q->to = sink->what.to;
		q->sink = (uint32_t)(sink - f->sinks);
		q->length = (uint16_t)sink->open.length;
		memcpy(q->octets, sink->open.data, sink->open.length);
	} else {
		sink->report.lost++;
	}
	if (sink->open.failed)
		buf_fini(&sink->open);
	buf_clear(&sink->open);
	sink->open_count = 0;
	sink->set_at = 0;
}

bool
forward_next(struct forward *f, struct forward_datagram *out)
{
	if (!f->waiting)
		return false;
	const struct queued *q = &f->queue[f->first];
	*out = (struct forward_datagram){q->to, cursor_of(q->octets, q->length), q->sink};
	f->sinks[q->sink].report.octets += q->length;
	f->first = (f->first + 1) % FORWARD_QUEUE;
	f->waiting--;
	return true;
}

void
forward_sent(struct forward *f, uint32_t sink, bool sent)
{
	assert(sink < f->count);
	if (sent)
		f->sinks[sink].report.datagrams++;
	else
		f->sinks[sink].report.lost++;
}

void
forward_flush(struct forward *f)
{
	for (size_t i = 0; i < f->count; i++)
		end_datagram(f, &f->sinks[i]);
}

/* --- samples --- */

/* The source of this number, or NULL when there are too many. */
static struct forward_source *
source_of(struct forward_sink *sink, uint32_t exporter, uint32_t rate)
{
	for (uint32_t i = 0; i < sink->source_count; i++)
		if (sink->sources[i].exporter == exporter && sink->sources[i].rate == rate)
			return &sink->sources[i];
	if (sink->source_count == FORWARD_SOURCES_MAX)
		return NULL;
	struct forward_source *s = &sink->sources[sink->source_count++];
	*s = (struct forward_source){.exporter = exporter, .rate = rate};
	return s;
}

static bool
is_over_rate(struct forward_sink *sink, struct utc_s at)
{
	if (sink->second.s != at.s) {
		sink->second = at;
		sink->taken = 0;
	}
	return sink->what.rate_max && sink->taken++ >= sink->what.rate_max;
}

/* Whether a port is the sink's own. */
static bool
is_own(const struct forward *f, const struct forward_sink *sink, uint32_t port)
{
	return port < f->port_count && f->sink_of[port] == (uint32_t)(sink - f->sinks) + 1;
}

static void
give(struct forward *f, struct forward_sink *sink, const struct watch_copy *copy)
{
	struct forward_source *source = source_of(sink, copy->exporter, copy->rate);
	if (!source) {
		sink->report.inexpressible++;
		return;
	}
	source->pool += copy->rate;
	if (is_over_rate(sink, copy->at)) {
		source->drops++;
		sink->report.limited++;
		return;
	}
	struct forward_sample sample = {
		.copy = copy,
		.source = source,
		.source_index = (uint32_t)(source - sink->sources),
		.input = is_own(f, sink, copy->from) ? copy->flow.input : 0,
		.output = is_own(f, sink, copy->to) ? copy->flow.output : 0,
		.started = f->started,
	};
	bool sflow = sink->what.format == HUB_SAMPLES_SFLOW;
	if (sink->open.length &&
	    !(sflow ? forward_sflow_fits(sink, &sample) : forward_ipfix_fits(sink, &sample)))
		end_datagram(f, sink);
	if (sflow ? forward_sflow_add(sink, &sample) : forward_ipfix_add(sink, &sample))
		sink->report.samples++;
	else
		sink->report.inexpressible++;
}

static uint32_t
sink_at(const struct forward *f, uint32_t port)
{
	return port < f->port_count ? f->sink_of[port] : 0;
}

void
forward_take(struct forward *f, const struct watch_copy *copies, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t from = sink_at(f, copies[i].from), to = sink_at(f, copies[i].to);
		if (from)
			give(f, &f->sinks[from - 1], &copies[i]);
		if (to && to != from)
			give(f, &f->sinks[to - 1], &copies[i]);
	}
}

/* --- to look at --- */

size_t
forward_count(const struct forward *f)
{
	size_t count = 0;
	for (size_t i = 0; i < f->count; i++)
		count += f->sinks[i].wanted;
	return count;
}

struct forward_report
forward_report(const struct forward *f, size_t index)
{
	size_t at = 0;
	while (!f->sinks[at].wanted || index)
		index -= f->sinks[at++].wanted;
	struct forward_report report = f->sinks[at].report;
	report.member = f->sinks[at].member;
	report.what = f->sinks[at].what;
	return report;
}

size_t
forward_memory(const struct forward *f)
{
	return sizeof(*f) + (f->queue ? FORWARD_QUEUE * sizeof(*f->queue) : 0) +
	       f->count *
		       (sizeof(*f->sinks) + FORWARD_SOURCES_MAX * sizeof(struct forward_source)) +
	       f->port_count * sizeof(*f->sink_of);
}
