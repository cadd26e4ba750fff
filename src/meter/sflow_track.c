/* Loss and rates of sFlow. */
#include "meter/sflow_track.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"
#include "meter/sequence.h"
#include "meter/sequence_codec.h"
#include "meter/sequence_guard.h"
#include "meter/sflow_source.h"
#include "meter/uptime.h"

struct sub_agent {
	uint32_t id;
	struct ip agent;
	uint32_t uptime_ms;
	uint32_t epoch;   /* grows with each restart: numbers of samples begin anew */
	uint32_t largest; /* samples in one datagram, the most seen */
	uint64_t samples;
	uint64_t missing;         /* samples by their numbers, since the last restart */
	uint64_t here;            /* datagrams that our socket dropped, since then */
	uint64_t lost, lost_here; /* samples, before it */
	uint64_t lost_before;     /* datagrams, before it */
	struct domain_sums reported;
	struct sequence datagrams;
	struct sequence_guard guard;
};

struct sflow_track {
	struct sequence_drops *drops; /* not owned; NULL: nobody counts them */
	size_t sub_agent_count, source_count, source_mask;
	struct sub_agent *sub_agents[SFLOW_SUB_AGENTS_MAX];
	struct sflow_source *sources;
	struct sub_agent *now; /* whose datagram is in hand; NULL: one too many */
	size_t now_at;         /* its place */
	bool now_late;         /* others that were sent later came before it */
	uint64_t samples, skipped;
};

struct sflow_track *
sflow_track_new(struct sequence_drops *drops)
{
	struct sflow_track *t = calloc(1, sizeof(*t));
	if (t)
		t->drops = drops;
	return t;
}

void
sflow_track_free(struct sflow_track *t)
{
	for (size_t i = 0; t && i < t->sub_agent_count; i++)
		free(t->sub_agents[i]);
	if (t)
		free(t->sources);
	free(t);
}

/* --- datagrams --- */

/* NULL when there is one too many, or no memory. */
static struct sub_agent *
sub_agent_of(struct sflow_track *t, const struct sflow_reader *reader)
{
	for (size_t i = 0; i < t->sub_agent_count; i++) {
		struct sub_agent *a = t->sub_agents[i];
		t->now_at = i;
		if (a->id == reader->sub_agent && ip_equal(a->agent, reader->agent))
			return a;
	}
	if (t->sub_agent_count == SFLOW_SUB_AGENTS_MAX)
		return NULL;
	struct sub_agent *a = calloc(1, sizeof(*a));
	if (!a)
		return NULL;
	a->id = reader->sub_agent;
	a->agent = reader->agent;
	a->uptime_ms = reader->uptime_ms;
	t->now_at = t->sub_agent_count;
	t->sub_agents[t->sub_agent_count++] = a;
	return a;
}

static uint64_t
lost_datagrams(const struct sub_agent *a)
{
	return sequence_lost(&a->datagrams) - a->lost_before;
}

/* Samples lost since the last restart: no more than the datagrams can have held that are missing. */
static uint64_t
lost_samples(const struct sub_agent *a)
{
	uint64_t most = lost_datagrams(a) * a->largest;
	return a->missing < most ? a->missing : most;
}

static uint64_t
lost_here(const struct sub_agent *a)
{
	uint64_t datagrams = lost_datagrams(a), lost = lost_samples(a);
	uint64_t here = a->here < datagrams ? a->here : datagrams;
	return datagrams ? (lost * here + datagrams / 2) / datagrams : 0;
}

/* Numbers of samples begin anew with those of datagrams. */
static void
new_epoch(struct sub_agent *a)
{
	a->lost += lost_samples(a);
	a->lost_here += lost_here(a);
	a->lost_before = sequence_lost(&a->datagrams);
	a->missing = a->here = 0;
	a->epoch++;
	sequence_guard_restart(&a->guard);
}

/* An agent has one clock, its uptime. Who began anew cannot have been up for longer than since we
 * last heard of it; anything else that is older has come late, or again. */
static bool
began_anew(const struct sub_agent *a, uint32_t uptime_ms, int64_t now_s)
{
	enum { CLOCKS_MS = 5000, LATE_MS = 1000 };
	int64_t elapsed_s = now_s - a->datagrams.last_s;
	return uptime_step(a->uptime_ms, uptime_ms, elapsed_s) == UPTIME_RESTARTED &&
	       a->uptime_ms - uptime_ms > LATE_MS &&
	       uptime_ms <= (elapsed_s > 0 ? elapsed_s * 1000 : 0) + CLOCKS_MS;
}

static void
take_number(struct sflow_track *t, struct sub_agent *a, struct sequence_step step, struct utc_s now)
{
	uint32_t restarts = a->datagrams.restarts;
	int64_t change = sequence_take(&a->datagrams, step, now);
	if (a->datagrams.restarts != restarts)
		new_epoch(a);
	if (change > 0 && t->drops)
		a->here += sequence_drops_use(t->drops, (uint64_t)change);
	t->now_late = a->datagrams.next != step.first + 1;
}

bool
sflow_track_datagram(struct sflow_track *t, const struct sflow_reader *reader,
		     struct cursor datagram, struct utc_s now)
{
	struct sub_agent *a = sub_agent_of(t, reader);
	t->now = a;
	if (t->drops)
		sequence_drops_age(t->drops, now.s);
	if (!a)
		return true;
	int64_t newer_ms = (int32_t)(reader->uptime_ms - a->uptime_ms);
	bool anew = began_anew(a, reader->uptime_ms, now.s);
	struct guarded message = {
		.identity = sequence_identity(datagram),
		.newer_ms = anew ? 0 : newer_ms,
		.in_order = reader->sequence == a->datagrams.next,
		.behind = a->datagrams.known && (int32_t)(reader->sequence - a->datagrams.next) < 0,
	};
	if (!sequence_guard_take(&a->guard, message))
		return false;
	if (anew) {
		new_epoch(a);
		sequence_restart(&a->datagrams);
	}
	/* Where the number goes on so does the clock, whatever was done to it. */
	if (anew || newer_ms > 0 || message.in_order || a->guard.mixed)
		a->uptime_ms = reader->uptime_ms;
	if (reader->left > a->largest)
		a->largest = reader->left;
	take_number(t, a, (struct sequence_step){reader->sequence, 1, anew ? 0 : newer_ms}, now);
	return true;
}

/* --- samples --- */

static struct sflow_source *
find(struct sflow_source *sources, size_t mask, uint64_t key)
{
	size_t at = hash_u64(key) & mask;
	while (sources[at].key && sources[at].key != key)
		at = (at + 1) & mask;
	return &sources[at];
}

static int
grow(struct sflow_track *t)
{
	size_t size = t->sources ? (t->source_mask + 1) * 2 : 64;
	struct sflow_source *larger = calloc(size, sizeof(*larger));
	if (!larger)
		return -1;
	for (size_t i = 0; t->sources && i <= t->source_mask; i++)
		if (t->sources[i].key)
			*find(larger, size - 1, t->sources[i].key) = t->sources[i];
	free(t->sources);
	t->sources = larger;
	t->source_mask = size - 1;
	return 0;
}

/* The place of a data source and kind of sample, made when it is new; NULL when there are too many. */
static struct sflow_source *
source_by_key(struct sflow_track *t, uint64_t key)
{
	if (!t->sources && grow(t) < 0)
		return NULL;
	struct sflow_source *s = find(t->sources, t->source_mask, key);
	if (s->key)
		return s;
	if (t->source_count == SFLOW_SOURCES_MAX)
		return NULL;
	if ((t->source_count + 1) * 2 > t->source_mask + 1) {
		if (grow(t) < 0)
			return NULL;
		s = find(t->sources, t->source_mask, key);
	}
	/* Of an epoch that is over: it begins with its first sample. */
	uint32_t epoch = t->sub_agents[key >> 48 & 0x7fff]->epoch;
	*s = (struct sflow_source){.key = key, .epoch = epoch - 1};
	t->source_count++;
	return s;
}

/* Takes a sample's number, against those of the datagrams. Returns by how much it went on: 0 when
 * the source begins anew, -1 when the sample came late. */
static int64_t
take_sample_number(struct sflow_track *t, struct sflow_source *s, uint32_t number)
{
	struct sub_agent *a = t->now;
	uint32_t ahead = number - s->next;
	if (s->epoch == a->epoch && (int32_t)ahead < 0 && t->now_late) {
		a->missing -= s->missing > 0;
		s->missing -= s->missing > 0;
		return -1;
	}
	s->next = number + 1;
	if (s->epoch != a->epoch) {
		s->epoch = a->epoch;
		s->missing = 0;
		return 0;
	}
	if ((int32_t)ahead < 0)
		return 0; /* the source alone began anew */
	if (ahead <= lost_datagrams(a) * a->largest) {
		s->missing += ahead;
		a->missing += ahead;
	} else {
		t->skipped += ahead;
	}
	return (int64_t)ahead + 1;
}

void
sflow_track_sample(struct sflow_track *t, struct sflow_sample *sample)
{
	t->samples++;
	struct sflow_source *s =
		t->now ? source_by_key(t, sflow_source_key(t->now_at, sample)) : NULL;
	if (t->now)
		t->now->samples++;
	if (!s)
		return;
	int64_t advance = take_sample_number(t, s, sample->sequence);
	if (sample->kind == SFLOW_FLOW)
		sflow_source_rate(s, sample, advance);
}

/* --- reports --- */

static struct domain_sums
sums_of(const struct sub_agent *a)
{
	return (struct domain_sums){
		.received = a->samples,
		.lost = a->lost + lost_samples(a),
		.lost_here = a->lost_here + lost_here(a),
		.restarts = a->datagrams.restarts,
		.repeated = a->guard.refused,
	};
}

struct sflow_totals
sflow_track_totals(const struct sflow_track *t)
{
	struct sflow_totals totals = {
		.samples = t->samples,
		.skipped = t->skipped,
		.sources = t->source_count,
	};
	for (size_t i = 0; i < t->sub_agent_count; i++) {
		struct domain_sums sums = sums_of(t->sub_agents[i]);
		totals.lost_samples += sums.lost;
		totals.lost_datagrams += sequence_lost(&t->sub_agents[i]->datagrams);
		totals.restarts += sums.restarts;
		totals.repeated += sums.repeated;
	}
	return totals;
}

static void
add_sums(struct domain_sums *to, struct domain_sums from)
{
	to->received += from.received;
	to->lost += from.lost;
	to->lost_here += from.lost_here;
	to->restarts += from.restarts;
	to->repeated += from.repeated;
}

size_t
sflow_track_domains(const struct sflow_track *t, struct exporter_domain *out, size_t max)
{
	size_t count = 0;
	for (size_t i = 0; i < t->sub_agent_count && count <= max; i++) {
		const struct sub_agent *a = t->sub_agents[i];
		struct domain_sums total = sums_of(a);
		size_t at = 0;
		/* Two agents behind one exporter may use the same number. */
		while (at < count && out[at].number != a->id)
			at++;
		if (at == max)
			return t->sub_agent_count;
		if (at == count)
			out[count++] = (struct exporter_domain){.protocol = EXPORTER_SFLOW,
								.number = a->id};
		add_sums(&out[at].total, total);
		add_sums(&out[at].since, domain_sums_since(total, a->reported));
	}
	return count;
}

void
sflow_track_domains_taken(struct sflow_track *t)
{
	for (size_t i = 0; i < t->sub_agent_count; i++) {
		struct sub_agent *a = t->sub_agents[i];
		a->reported = domain_sums_taken(sums_of(a), a->reported);
	}
}

size_t
sflow_track_rates(const struct sflow_track *t, struct exporter_rate *out, size_t max)
{
	size_t count = 0;
	for (size_t i = 0; t->sources && i <= t->source_mask; i++) {
		const struct sflow_source *s = &t->sources[i];
		if (!s->key || !sflow_source_sends_flows(s))
			continue;
		if (count < max) {
			out[count] = sflow_source_report(s);
			out[count].domain = t->sub_agents[sflow_source_agent(s)]->id;
		}
		count++;
	}
	return count;
}

/* --- as bytes --- */

void
sflow_track_encode(const struct sflow_track *t, struct buf *out)
{
	buf_u16(out, (uint16_t)t->sub_agent_count);
	for (size_t i = 0; i < t->sub_agent_count; i++) {
		const struct sub_agent *a = t->sub_agents[i];
		buf_u32(out, a->id);
		buf_u8(out, a->agent.family);
		buf_put(out, a->agent.octets, sizeof(a->agent.octets));
		buf_u32(out, a->uptime_ms);
		buf_u32(out, a->largest);
		sequence_encode(&a->datagrams, out);
	}
	buf_u32(out, (uint32_t)t->source_count);
	for (size_t i = 0; t->sources && i <= t->source_mask; i++) {
		const struct sflow_source *s = &t->sources[i];
		if (!s->key)
			continue;
		const struct sub_agent *a = t->sub_agents[sflow_source_agent(s)];
		buf_u64(out, s->key);
		/* Whether its number goes on where it was. */
		buf_u8(out, s->epoch == a->epoch);
		sflow_source_encode(s, out);
	}
}

static void
decode_sub_agent(struct sflow_track *t, struct cursor *in)
{
	struct sub_agent *a = calloc(1, sizeof(*a));
	if (!a) {
		cursor_fail(in);
		return;
	}
	t->sub_agents[t->sub_agent_count++] = a;
	a->epoch = 1;
	a->id = cursor_u32(in);
	a->agent.family = cursor_u8(in);
	cursor_copy(in, a->agent.octets, sizeof(a->agent.octets));
	a->uptime_ms = cursor_u32(in);
	a->largest = cursor_u32(in);
	a->datagrams = sequence_decode(in);
	bool family = a->agent.family == IP_V4 || a->agent.family == IP_V6;
	if (!family || a->largest > UINT16_MAX)
		cursor_fail(in);
}

static void
decode_source(struct sflow_track *t, struct cursor *in)
{
	uint64_t key = cursor_u64(in);
	bool goes_on = cursor_u8(in) == 1;
	if (in->failed || !(key >> 63) || (key >> 48 & 0x7fff) >= t->sub_agent_count) {
		cursor_fail(in);
		return;
	}
	size_t before = t->source_count;
	struct sflow_source *s = source_by_key(t, key);
	if (!s || t->source_count == before) {
		cursor_fail(in);
		return;
	}
	s->epoch += goes_on;
	sflow_source_decode(s, in);
}

struct sflow_track *
sflow_track_decode(struct sequence_drops *drops, struct cursor *in)
{
	struct sflow_track *t = sflow_track_new(drops);
	if (!t)
		return NULL;
	uint16_t agents = cursor_u16(in);
	if (agents > SFLOW_SUB_AGENTS_MAX)
		cursor_fail(in);
	for (uint16_t i = 0; i < agents && !in->failed; i++)
		decode_sub_agent(t, in);
	uint32_t sources = cursor_u32(in);
	for (uint32_t i = 0; i < sources && !in->failed; i++)
		decode_source(t, in);
	if (!in->failed)
		return t;
	sflow_track_free(t);
	return NULL;
}

/* --- memory --- */

size_t
sflow_track_size(const struct sflow_track *t)
{
	return sizeof(*t) + t->sub_agent_count * sizeof(*t->sub_agents[0]) +
	       (t->sources ? (t->source_mask + 1) * sizeof(*t->sources) : 0);
}

size_t
sflow_track_bound(void)
{
	/* The table of sources is at most half full. */
	return sizeof(struct sflow_track) + SFLOW_SUB_AGENTS_MAX * sizeof(struct sub_agent) +
	       2ul * SFLOW_SOURCES_MAX * sizeof(struct sflow_source);
}
