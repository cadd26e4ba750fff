/* The rate at which a data source samples. A sample carries the pool (frames that could have been
 * sampled), its number and the drops (frames that were to be sampled and were not), all of them since
 * the agent started and in 32 bits. */
#include "meter/sflow_source.h"

#include "meter/exporter_domain.h"

enum {
	HALF = 0x7fffffff, /* a step of more than that is a step back */
	BAND = 10, /* one in so many is within measuring: three deviations of 1024 samples */
};

static void
begin_window(struct sflow_source *s)
{
	s->pool = 0;
	s->taken = s->dropped = 0;
}

/* Whether a / b is within a tenth of c / d. */
static bool
near(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	__extension__ typedef unsigned __int128 wide;
	wide left = (wide)a * d, right = (wide)c * b;
	wide apart = left > right ? left - right : right - left;
	return apart * BAND <= right;
}

/* A window is full: what it says, and which rate is to be used. */
static void
close_window(struct sflow_source *s)
{
	uint64_t pool = s->pool, taken = s->taken, announced = s->announced;
	bool says = pool >= taken; /* else it is not kept */
	bool larger =
		says && announced && pool / announced > taken && !near(pool, taken, announced, 1);
	/* Had the dropped ones been taken, the announced rate would be right. */
	bool dropped = s->dropped && near(pool, taken + (uint64_t)s->dropped, announced, 1);
	if (says && (!announced || (larger && dropped)))
		s->used = RATE_EFFECTIVE;
	else
		s->used = announced ? RATE_ANNOUNCED : RATE_UNKNOWN;
	for (; pool > UINT32_MAX; pool /= 2)
		taken /= 2;
	s->effective =
		says ? (struct sampling){(uint32_t)pool, (uint32_t)taken} : (struct sampling){0};
	begin_window(s);
}

/* One step from sample to sample. */
static void
measure(struct sflow_source *s, const struct sflow_sample *sample, uint64_t advance)
{
	uint32_t pool = sample->pool - s->last_pool, drops = sample->drops - s->last_drops;
	if (drops > HALF)
		drops = 0; /* begun anew */
	s->drops += drops;
	/* The pool began anew, or may have gone round more than once. */
	if (pool > HALF || advance * s->announced > HALF)
		return;
	s->pool += pool;
	s->taken += (uint32_t)advance;
	s->dropped += drops;
	if (s->taken >= SFLOW_EFFECTIVE_OVER)
		close_window(s);
}

void
sflow_source_rate(struct sflow_source *s, struct sflow_sample *sample, int64_t advance)
{
	uint32_t announced = sample->flow.sampling.population;
	if (advance >= 0 && announced != s->announced) {
		s->announced = announced;
		s->effective = (struct sampling){0};
		s->used = announced ? RATE_ANNOUNCED : RATE_UNKNOWN;
		s->anchored = false;
	}
	if (advance == 0 || !s->anchored)
		begin_window(s);
	else if (advance > 0)
		measure(s, sample, (uint64_t)advance);
	if (advance >= 0) {
		s->anchored = true;
		s->last_pool = sample->pool;
		s->last_drops = sample->drops;
	}
	if (s->used == RATE_EFFECTIVE && announced == s->announced)
		sample->flow.sampling = s->effective;
}

struct exporter_rate
sflow_source_report(const struct sflow_source *s)
{
	return (struct exporter_rate){
		.protocol = EXPORTER_SFLOW,
		.scope = RATE_SOURCE,
		.used = s->used,
		.id = (s->key >> 32 & 0x3fff) << 32 | (uint32_t)s->key,
		.announced = {s->announced, s->announced ? 1 : 0},
		.effective = s->effective,
		.drops = s->drops,
	};
}

void
sflow_source_encode(const struct sflow_source *s, struct buf *out)
{
	buf_u32(out, s->next);
	buf_u32(out, s->announced);
	buf_u32(out, s->effective.population);
	buf_u32(out, s->effective.size);
	buf_u8(out, s->used);
}

void
sflow_source_decode(struct sflow_source *s, struct cursor *in)
{
	s->next = cursor_u32(in);
	s->announced = cursor_u32(in);
	s->effective.population = cursor_u32(in);
	s->effective.size = cursor_u32(in);
	s->used = cursor_u8(in);
	bool effective = s->effective.size && s->effective.population >= s->effective.size;
	if (s->used > RATE_EFFECTIVE || (s->used == RATE_ANNOUNCED && !s->announced) ||
	    (s->used == RATE_EFFECTIVE && !effective) ||
	    (!effective && (s->effective.size || s->effective.population)))
		cursor_fail(in);
}
