/* Loss of sFlow. */
#include "meter/sflow_track.h"

#include <stdlib.h>

#include "base/hash.h"
#include "meter/sequence.h"
#include "meter/uptime.h"

struct sub_agent {
	uint32_t id;
	struct ip agent;
	uint32_t uptime_ms;
	uint32_t epoch;       /* grows with each restart: numbers of samples begin anew */
	uint32_t largest;     /* samples in one datagram, the most seen */
	uint64_t unexplained; /* samples that lost datagrams may have held, not yet missed */
	struct sequence datagrams;
};

struct source {
	uint64_t key; /* 0: free */
	uint32_t epoch;
	struct sequence samples;
};

struct sflow_track {
	size_t sub_agent_count, source_count, source_mask;
	struct sub_agent sub_agents[SFLOW_SUB_AGENTS_MAX];
	struct source *sources;
	struct sub_agent *now; /* whose datagram is in hand; NULL: one too many */
	struct utc_s now_s;
	uint64_t samples, lost_samples;
};

struct sflow_track *
sflow_track_new(void)
{
	return calloc(1, sizeof(struct sflow_track));
}

void
sflow_track_free(struct sflow_track *t)
{
	if (t)
		free(t->sources);
	free(t);
}

static struct sub_agent *
sub_agent_of(struct sflow_track *t, const struct sflow_reader *reader)
{
	for (size_t i = 0; i < t->sub_agent_count; i++) {
		struct sub_agent *a = &t->sub_agents[i];
		if (a->id == reader->sub_agent && ip_equal(a->agent, reader->agent))
			return a;
	}
	if (t->sub_agent_count == SFLOW_SUB_AGENTS_MAX)
		return NULL;
	struct sub_agent *a = &t->sub_agents[t->sub_agent_count++];
	*a = (struct sub_agent){.id = reader->sub_agent, .agent = reader->agent};
	return a;
}

void
sflow_track_datagram(struct sflow_track *t, const struct sflow_reader *reader, struct utc_s now)
{
	struct sub_agent *a = sub_agent_of(t, reader);
	t->now = a;
	t->now_s = now;
	if (!a)
		return;
	enum uptime_step step =
		uptime_step(a->uptime_ms, reader->uptime_ms, now.s - a->datagrams.last_s);
	if (step == UPTIME_RESTARTED) {
		sequence_restart(&a->datagrams);
		a->epoch++;
		a->unexplained = 0;
	}
	if (step != UPTIME_OVERTAKEN)
		a->uptime_ms = reader->uptime_ms;
	if (reader->left > a->largest)
		a->largest = reader->left;
	uint32_t restarts = a->datagrams.restarts;
	int64_t change = sequence_take(&a->datagrams, reader->sequence, 1, now);
	if (a->datagrams.restarts != restarts) {
		a->epoch++;
		a->unexplained = 0;
	}
	uint64_t samples = (uint64_t)(change < 0 ? -change : change) * a->largest;
	if (change >= 0)
		a->unexplained += samples;
	else
		a->unexplained -= samples < a->unexplained ? samples : a->unexplained;
}

static struct source *
find(struct source *sources, size_t mask, uint64_t key)
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
	struct source *larger = calloc(size, sizeof(*larger));
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

/* The numbers of one data source and kind of sample, or NULL when there are too many. */
static struct source *
source_of(struct sflow_track *t, const struct sflow_sample *sample)
{
	uint64_t sub_agent = (uint64_t)(t->now - t->sub_agents);
	uint64_t key = 1ull << 63 | sub_agent << 48 |
		       (uint64_t)(sample->kind == SFLOW_COUNTERS) << 47 |
		       (uint64_t)(sample->source_class & 0x7fff) << 32 | sample->source_index;
	if (!t->sources && grow(t) < 0)
		return NULL;
	struct source *s = find(t->sources, t->source_mask, key);
	if (s->key)
		return s;
	if (t->source_count == SFLOW_SOURCES_MAX)
		return NULL;
	if ((t->source_count + 1) * 2 > t->source_mask + 1) {
		if (grow(t) < 0)
			return NULL;
		s = find(t->sources, t->source_mask, key);
	}
	*s = (struct source){.key = key, .epoch = t->now->epoch};
	t->source_count++;
	return s;
}

void
sflow_track_sample(struct sflow_track *t, const struct sflow_sample *sample)
{
	t->samples++;
	struct source *s = t->now ? source_of(t, sample) : NULL;
	if (!s)
		return;
	if (s->epoch != t->now->epoch) {
		s->epoch = t->now->epoch;
		sequence_restart(&s->samples);
	}
	int64_t change = sequence_take(&s->samples, sample->sequence, 1, t->now_s);
	uint64_t *unexplained = &t->now->unexplained;
	if (change > 0) {
		uint64_t lost = (uint64_t)change < *unexplained ? (uint64_t)change : *unexplained;
		*unexplained -= lost;
		t->lost_samples += lost;
	} else if (change < 0) {
		uint64_t back = (uint64_t)-change;
		t->lost_samples -= back < t->lost_samples ? back : t->lost_samples;
	}
}

struct sflow_totals
sflow_track_totals(const struct sflow_track *t)
{
	struct sflow_totals totals = {
		.samples = t->samples,
		.lost_samples = t->lost_samples,
		.sources = t->source_count,
	};
	for (size_t i = 0; i < t->sub_agent_count; i++) {
		totals.lost_datagrams += t->sub_agents[i].datagrams.lost;
		totals.restarts += t->sub_agents[i].datagrams.restarts;
		totals.repeated += t->sub_agents[i].datagrams.repeated;
	}
	return totals;
}
