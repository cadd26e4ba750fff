/* Words of sources, and what is believed of them. */
#include "corridor/corridor_sense.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct corridor_sense {
	const struct hub *hub;
	struct corridor_source_state *sources;
	/* Sources of segment s are of[first[s]] up to of[first[s + 1]]. */
	uint32_t *first, *of;
};

static const char *const words[] = {"nothing", "up", "down"};

const char *
corridor_word_text(enum corridor_word word)
{
	return words[word];
}

int
corridor_word_parse(const char *text)
{
	for (int i = 0; i < (int)(sizeof(words) / sizeof(words[0])); i++)
		if (strcmp(words[i], text) == 0)
			return i;
	return -1;
}

const char *
corridor_source_kind(const struct hub_segment_source *source)
{
	return source->session != HUB_NONE ? "bfd" : source->exporter != HUB_NONE ? "snmp" : "told";
}

static void
sort_by_segment(struct corridor_sense *sense)
{
	const struct hub *hub = sense->hub;
	for (size_t i = 0; i < hub->segment_source_count; i++)
		sense->first[hub->segment_sources[i].segment + 1]++;
	for (size_t s = 0; s < hub->segment_count; s++)
		sense->first[s + 1] += sense->first[s];
	for (size_t i = hub->segment_source_count; i-- > 0;)
		sense->of[--sense->first[hub->segment_sources[i].segment + 1]] = (uint32_t)i;
	/* Each has been counted down to its start. */
	for (size_t s = 0; s < hub->segment_count; s++)
		sense->first[s] = sense->first[s + 1];
	sense->first[hub->segment_count] = (uint32_t)hub->segment_source_count;
}

struct corridor_sense *
corridor_sense_new(const struct hub *hub)
{
	assert(hub);
	struct corridor_sense *sense = calloc(1, sizeof(*sense));
	if (!sense)
		return NULL;
	sense->hub = hub;
	sense->sources = calloc(hub->segment_source_count + 1, sizeof(*sense->sources));
	sense->first = calloc(hub->segment_count + 2, sizeof(*sense->first));
	sense->of = calloc(hub->segment_source_count + 1, sizeof(*sense->of));
	if (!sense->sources || !sense->first || !sense->of) {
		corridor_sense_free(sense);
		return NULL;
	}
	sort_by_segment(sense);
	return sense;
}

void
corridor_sense_free(struct corridor_sense *sense)
{
	if (!sense)
		return;
	free(sense->sources);
	free(sense->first);
	free(sense->of);
	free(sense);
}

static bool
same_source(const struct hub *a, const struct hub_segment_source *x, const struct hub *b,
	    const struct hub_segment_source *y)
{
	return strcmp(x->id, y->id) == 0 &&
	       strcmp(a->segments[x->segment].id, b->segments[y->segment].id) == 0 &&
	       strcmp(corridor_source_kind(x), corridor_source_kind(y)) == 0;
}

void
corridor_sense_adopt(struct corridor_sense *sense, const struct corridor_sense *from)
{
	for (size_t i = 0; i < sense->hub->segment_source_count; i++) {
		const struct hub_segment_source *source = &sense->hub->segment_sources[i];
		uint32_t old = corridor_sense_find(from, source->id);
		if (old != HUB_NONE &&
		    same_source(sense->hub, source, from->hub, &from->hub->segment_sources[old]))
			sense->sources[i] = from->sources[old];
	}
}

uint32_t
corridor_sense_find(const struct corridor_sense *sense, const char *id)
{
	for (uint32_t i = 0; i < sense->hub->segment_source_count; i++)
		if (strcmp(sense->hub->segment_sources[i].id, id) == 0)
			return i;
	return HUB_NONE;
}

void
corridor_sense_hear(struct corridor_sense *sense, uint32_t source, enum corridor_word word,
		    int64_t now_ms)
{
	assert(source < sense->hub->segment_source_count);
	struct corridor_source_state *state = &sense->sources[source];
	if (word == CORRIDOR_SAYS_NOTHING)
		return;
	if (state->said != word)
		state->since_ms = now_ms;
	state->said = word;
	state->heard_ms = now_ms;
}

/* A word counts from when it was first said up to when it was last heard: one that is not said again does not
 * grow older by itself. What is told by events is told again every few seconds. */
bool
corridor_sense_turn(struct corridor_sense *sense, int64_t now_ms)
{
	const struct hub_steering *s = &sense->hub->steering;
	bool changed = false;
	for (size_t i = 0; i < sense->hub->segment_source_count; i++) {
		struct corridor_source_state *state = &sense->sources[i];
		uint32_t wait_s = state->said == CORRIDOR_SAYS_DOWN ? s->down_s : s->up_s;
		if (state->said == state->believed ||
		    corridor_sense_is_silent(sense, (uint32_t)i, now_ms) ||
		    now_ms - state->since_ms < (int64_t)wait_s * 1000)
			continue;
		state->believed = state->said;
		changed = true;
	}
	return changed;
}

const struct corridor_source_state *
corridor_sense_source(const struct corridor_sense *sense, uint32_t source)
{
	return &sense->sources[source];
}

bool
corridor_sense_is_silent(const struct corridor_sense *sense, uint32_t source, int64_t now_ms)
{
	const struct corridor_source_state *state = &sense->sources[source];
	return state->said == CORRIDOR_SAYS_NOTHING ||
	       now_ms - state->heard_ms >= (int64_t)sense->hub->steering.silent_s * 1000;
}

/* Of the interfaces of a segment, or of the sessions across it. */
struct group {
	uint64_t weight, down_weight;
	uint32_t count, down, up;
};

static void
count_source(struct group *group, const struct corridor_source_state *state, uint32_t weight)
{
	group->count++;
	group->weight += weight;
	group->up += state->believed == CORRIDOR_SAYS_UP;
	if (state->believed != CORRIDOR_SAYS_DOWN)
		return;
	group->down++;
	group->down_weight += weight;
}

static bool
all_down(const struct group *group)
{
	return group->count && group->down == group->count;
}

struct corridor_verdict
corridor_sense_verdict(const struct corridor_sense *sense, uint32_t segment)
{
	struct group parts = {0}, across = {0};
	struct corridor_verdict verdict = {.share_percent = 100, .first_down = HUB_NONE};
	for (uint32_t k = sense->first[segment]; k < sense->first[segment + 1]; k++) {
		uint32_t i = sense->of[k];
		const struct hub_segment_source *source = &sense->hub->segment_sources[i];
		bool whole = source->session != HUB_NONE;
		count_source(whole ? &across : &parts, &sense->sources[i], source->weight);
		if (verdict.first_down == HUB_NONE &&
		    sense->sources[i].believed == CORRIDOR_SAYS_DOWN)
			verdict.first_down = i;
	}
	verdict.sources = parts.count + across.count;
	verdict.down = parts.down + across.down;
	bool down = all_down(&parts) || all_down(&across);
	bool up = (!parts.count || parts.up) && (!across.count || across.up);
	verdict.word = down                    ? CORRIDOR_SAYS_DOWN
		       : up && verdict.sources ? CORRIDOR_SAYS_UP
					       : CORRIDOR_SAYS_NOTHING;
	if (down)
		verdict.share_percent = 0;
	else if (parts.count)
		verdict.share_percent = (uint32_t)(100 - 100 * parts.down_weight / parts.weight);
	return verdict;
}
