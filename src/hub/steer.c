/* The corridor's plan as bytes, and back.
 *
 * Sealed (base/sealed.h) as "SRSP". A table is a count (u32) and its rows; text is a length (u16) and octets.
 * Where the choices of an ingress begin is not written: they follow each other. In version 1, which an earlier process may
 * have left, ways did so too.
 * A sound seal only says that the bytes are those that were written, so what is read is held against all
 * that the header promises before anybody sees it. */
#include "hub/steer.h"

#include <assert.h>
#include <string.h>

#include "base/sealed.h"

static const struct sealed_kind kind = {0x53525350, 1, 2, 0}; /* "SRSP" */

/* Octets of a row, at least: they bound a count before memory is asked for it. */
enum {
	TEXT_ROW = 2,
	EXIT_ROW = 2 + 4,
	INGRESS_ROW = 3 * 4,
	CHOICE_ROW = 4 * 4 + 8 + 1,
	STEP_ROW = 4
};

/* --- what is sound --- */

static bool
is_text(const char *text)
{
	return text && strlen(text) <= STEER_TEXT_MAX;
}

static bool
are_texts(const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!is_text(texts[i]) || !*texts[i])
			return false;
	return true;
}

static const char *
check_sizes(const struct steer_plan *plan)
{
	if (plan->site_count > STEER_SITES_MAX)
		return "too many sites";
	if (plan->segment_count > STEER_SEGMENTS_MAX)
		return "too many segments";
	if (plan->exit_count > STEER_EXITS_MAX)
		return "too many exits";
	if (plan->ingress_count > STEER_INGRESSES_MAX)
		return "too many ingresses";
	if (plan->choice_count > STEER_CHOICES_MAX)
		return "too many choices";
	if (plan->step_count > STEER_STEPS_MAX)
		return "ways too long";
	return NULL;
}

static const char *
check_names(const struct steer_plan *plan)
{
	if (!is_text(plan->why) || !are_texts(plan->sites, plan->site_count) ||
	    !are_texts(plan->segments, plan->segment_count))
		return "a name is missing or too long";
	for (size_t i = 0; i < plan->exit_count; i++) {
		if (!is_text(plan->exits[i].session) || !*plan->exits[i].session)
			return "a name is missing or too long";
		if (plan->exits[i].site >= plan->site_count)
			return "an exit at no site";
	}
	for (size_t i = 0; i < plan->step_count; i++)
		if (plan->steps[i] >= plan->segment_count)
			return "a way over no segment";
	return NULL;
}

/* Do the two stand in that order: open before closed, then by metric? */
static bool
is_in_order(const struct steer_choice *a, const struct steer_choice *b)
{
	unsigned closed = a->flags & STEER_CLOSED, next = b->flags & STEER_CLOSED;
	return closed != next ? closed < next : closed || a->metric <= b->metric;
}

/* The ways of its choices that are not among those before begin at *step, which moves behind them. */
static const char *
check_choices(const struct steer_plan *plan, const struct steer_ingress *ingress, size_t *step)
{
	uint64_t seen[STEER_EXITS_MAX / 64] = {0};
	const struct steer_choice *choices = plan->choices + ingress->first_choice;
	for (size_t i = 0; i < ingress->choice_count; i++) {
		const struct steer_choice *choice = &choices[i];
		if (choice->exit >= plan->exit_count)
			return "a choice of no exit";
		uint64_t bit = (uint64_t)1 << choice->exit % 64;
		if (seen[choice->exit / 64] & bit)
			return "an exit twice";
		seen[choice->exit / 64] |= bit;
		if (i && !is_in_order(&choices[i - 1], choice))
			return "choices out of order";
		if (choice->flags &
		    ~(unsigned)(STEER_CLOSED | STEER_BACKUP | STEER_FULL | STEER_ESTIMATED))
			return "an unknown flag";
		size_t left = plan->step_count - *step;
		bool new = choice->first_step == *step && choice->step_count <= left;
		bool known = choice->first_step <= *step &&
			     choice->step_count <= *step - choice->first_step;
		if (!new && !known)
			return "ways out of order";
		*step += known ? 0 : choice->step_count;
	}
	return NULL;
}

static bool
stands_before(const struct steer_ingress *a, const struct steer_ingress *b)
{
	return a->site != b->site ? a->site < b->site : a->member.number < b->member.number;
}

static const char *
check_ingresses(const struct steer_plan *plan)
{
	size_t choice = 0, step = 0;
	for (size_t i = 0; i < plan->ingress_count; i++) {
		const struct steer_ingress *ingress = &plan->ingresses[i];
		if (ingress->site >= plan->site_count)
			return "an ingress at no site";
		if (i && !stands_before(&plan->ingresses[i - 1], ingress))
			return "ingresses out of order";
		if (ingress->first_choice != choice ||
		    ingress->choice_count > plan->choice_count - choice)
			return "choices out of order";
		const char *wrong = check_choices(plan, ingress, &step);
		if (wrong)
			return wrong;
		choice += ingress->choice_count;
	}
	return choice == plan->choice_count && step == plan->step_count
		       ? NULL
		       : "something that belongs to no ingress";
}

const char *
steer_check(const struct steer_plan *plan)
{
	if (!plan->number)
		return "no number";
	const char *wrong = check_sizes(plan);
	wrong = wrong ? wrong : check_names(plan);
	return wrong ? wrong : check_ingresses(plan);
}

/* --- out --- */

static void
put_texts(struct buf *out, const char *const *texts, size_t count)
{
	buf_u32(out, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		buf_text(out, texts[i]);
}

void
steer_encode(const struct steer_plan *plan, struct buf *out)
{
	assert(!steer_check(plan));
	size_t start = sealed_begin(out, &kind, 0);
	buf_u64(out, plan->number);
	buf_u64(out, plan->event_us);
	buf_u64(out, plan->made_us);
	buf_u64(out, (uint64_t)plan->good_until.s);
	buf_text(out, plan->why);
	put_texts(out, plan->sites, plan->site_count);
	put_texts(out, plan->segments, plan->segment_count);
	buf_u32(out, (uint32_t)plan->exit_count);
	for (size_t i = 0; i < plan->exit_count; i++) {
		buf_text(out, plan->exits[i].session);
		buf_u32(out, plan->exits[i].site);
	}
	buf_u32(out, (uint32_t)plan->ingress_count);
	for (size_t i = 0; i < plan->ingress_count; i++) {
		buf_u32(out, plan->ingresses[i].site);
		buf_u32(out, plan->ingresses[i].member.number);
		buf_u32(out, plan->ingresses[i].choice_count);
	}
	buf_u32(out, (uint32_t)plan->choice_count);
	for (size_t i = 0; i < plan->choice_count; i++) {
		const struct steer_choice *choice = &plan->choices[i];
		buf_u32(out, choice->exit);
		buf_u32(out, choice->metric);
		buf_u32(out, choice->latency_us);
		buf_u64(out, choice->price);
		buf_u8(out, choice->flags);
		buf_u32(out, choice->first_step);
		buf_u32(out, choice->step_count);
	}
	buf_u32(out, (uint32_t)plan->step_count);
	for (size_t i = 0; i < plan->step_count; i++)
		buf_u32(out, plan->steps[i]);
	sealed_end(out, start);
}

/* --- in --- */

struct reader {
	struct cursor in;
	struct arena *arena;
};

/* Memory for a table's rows, and how many there are. Nothing when they cannot all be there. */
static void *
take_table(struct reader *r, size_t *count, size_t row, size_t size)
{
	size_t rows = cursor_u32(&r->in);
	if (rows > cursor_left(&r->in) / row)
		cursor_fail(&r->in);
	void *table = r->in.failed ? NULL : arena_take(r->arena, rows * size + 1);
	if (!table)
		cursor_fail(&r->in);
	*count = table ? rows : 0;
	return table;
}

static const char *
take_text(struct reader *r)
{
	size_t length = cursor_u16(&r->in);
	const uint8_t *octets = cursor_take(&r->in, length);
	bool sound = octets && !(length && memchr(octets, 0, length));
	const char *text = sound ? arena_copy(r->arena, octets, length) : NULL;
	if (!text)
		cursor_fail(&r->in);
	return text;
}

static const char **
take_texts(struct reader *r, size_t *count)
{
	const char **texts = take_table(r, count, TEXT_ROW, sizeof(*texts));
	for (size_t i = 0; i < *count; i++)
		texts[i] = take_text(r);
	return texts;
}

static void
take_exits(struct reader *r, struct steer_plan *plan)
{
	plan->exits = take_table(r, &plan->exit_count, EXIT_ROW, sizeof(*plan->exits));
	for (size_t i = 0; i < plan->exit_count; i++) {
		plan->exits[i].session = take_text(r);
		plan->exits[i].site = cursor_u32(&r->in);
	}
}

static void
take_ingresses(struct reader *r, struct steer_plan *plan)
{
	plan->ingresses =
		take_table(r, &plan->ingress_count, INGRESS_ROW, sizeof(*plan->ingresses));
	uint64_t first = 0;
	for (size_t i = 0; i < plan->ingress_count; i++) {
		struct steer_ingress *ingress = &plan->ingresses[i];
		ingress->site = cursor_u32(&r->in);
		ingress->member.number = cursor_u32(&r->in);
		ingress->first_choice = (uint32_t)first;
		ingress->choice_count = cursor_u32(&r->in);
		first += ingress->choice_count;
		if (first > STEER_CHOICES_MAX)
			cursor_fail(&r->in);
	}
}

static void
take_choices(struct reader *r, struct steer_plan *plan, unsigned version)
{
	uint32_t next = 0;
	plan->choices = take_table(r, &plan->choice_count, CHOICE_ROW, sizeof(*plan->choices));
	for (size_t i = 0; i < plan->choice_count; i++) {
		struct steer_choice *choice = &plan->choices[i];
		choice->exit = cursor_u32(&r->in);
		choice->metric = cursor_u32(&r->in);
		choice->latency_us = cursor_u32(&r->in);
		choice->price = cursor_u64(&r->in);
		choice->flags = cursor_u8(&r->in);
		choice->first_step = version == 1 ? next : cursor_u32(&r->in);
		choice->step_count = cursor_u32(&r->in);
		next += choice->step_count;
	}
	plan->steps = take_table(r, &plan->step_count, STEP_ROW, sizeof(*plan->steps));
	for (size_t i = 0; i < plan->step_count; i++)
		plan->steps[i] = cursor_u32(&r->in);
}

int
steer_decode(struct steer_plan *out, struct arena *arena, struct cursor bytes, const char **error)
{
	struct sealed sealed = sealed_open(&kind, bytes);
	if (sealed.body.failed) {
		*error = "no plan, or not whole";
		return -1;
	}
	struct reader r = {sealed.body, arena};
	struct steer_plan plan = {
		.number = cursor_u64(&r.in),
		.event_us = cursor_u64(&r.in),
		.made_us = cursor_u64(&r.in),
		.good_until = {(int64_t)cursor_u64(&r.in)},
	};
	plan.why = take_text(&r);
	plan.sites = take_texts(&r, &plan.site_count);
	plan.segments = take_texts(&r, &plan.segment_count);
	take_exits(&r, &plan);
	take_ingresses(&r, &plan);
	take_choices(&r, &plan, sealed.version);
	*error = r.in.failed || cursor_left(&r.in) ? "cut off, or more than a plan"
						   : steer_check(&plan);
	if (*error)
		return -1;
	*out = plan;
	return 0;
}

/* --- comparing, looking up --- */

static bool
same_way(const struct steer_plan *a, const struct steer_choice *x, const struct steer_plan *b,
	 const struct steer_choice *y)
{
	if (x->step_count != y->step_count)
		return false;
	for (uint32_t i = 0; i < x->step_count; i++)
		if (strcmp(a->segments[a->steps[x->first_step + i]],
			   b->segments[b->steps[y->first_step + i]]) != 0)
			return false;
	return true;
}

static bool
same_choice(const struct steer_plan *a, const struct steer_choice *x, const struct steer_plan *b,
	    const struct steer_choice *y)
{
	return x->exit == y->exit && x->metric == y->metric && x->flags == y->flags &&
	       x->latency_us == y->latency_us && x->price == y->price && same_way(a, x, b, y);
}

static bool
same_choices(const struct steer_plan *a, const struct steer_plan *b)
{
	for (size_t i = 0; i < a->choice_count; i++)
		if (!same_choice(a, &a->choices[i], b, &b->choices[i]))
			return false;
	return true;
}

bool
steer_ingress_same(const struct steer_plan *plan, const struct steer_ingress *a,
		   const struct steer_ingress *b)
{
	if (a->choice_count != b->choice_count)
		return false;
	for (uint32_t i = 0; i < a->choice_count; i++)
		if (!same_choice(plan, &plan->choices[a->first_choice + i], plan,
				 &plan->choices[b->first_choice + i]))
			return false;
	return true;
}

bool
steer_same(const struct steer_plan *a, const struct steer_plan *b)
{
	if (a->site_count != b->site_count || a->exit_count != b->exit_count ||
	    a->ingress_count != b->ingress_count || a->choice_count != b->choice_count)
		return false;
	for (size_t i = 0; i < a->site_count; i++)
		if (strcmp(a->sites[i], b->sites[i]) != 0)
			return false;
	for (size_t i = 0; i < a->exit_count; i++)
		if (strcmp(a->exits[i].session, b->exits[i].session) != 0 ||
		    a->exits[i].site != b->exits[i].site)
			return false;
	for (size_t i = 0; i < a->ingress_count; i++)
		if (a->ingresses[i].site != b->ingresses[i].site ||
		    a->ingresses[i].member.number != b->ingresses[i].member.number ||
		    a->ingresses[i].choice_count != b->ingresses[i].choice_count)
			return false;
	return same_choices(a, b);
}

uint32_t
steer_site(const struct steer_plan *plan, const char *id)
{
	for (size_t i = 0; i < plan->site_count; i++)
		if (strcmp(plan->sites[i], id) == 0)
			return (uint32_t)i;
	return UINT32_MAX;
}

static const struct steer_ingress *
find_ingress(const struct steer_plan *plan, uint32_t site, uint32_t member)
{
	size_t low = 0, high = plan->ingress_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct steer_ingress *at = &plan->ingresses[middle];
		if (at->site == site && at->member.number == member)
			return at;
		if (at->site < site || (at->site == site && at->member.number < member))
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct steer_ingress *
steer_ingress_of(const struct steer_plan *plan, uint32_t site, struct asn member)
{
	const struct steer_ingress *own = find_ingress(plan, site, member.number);
	return own || !member.number ? own : find_ingress(plan, site, 0);
}

const struct steer_choice *
steer_choice_of(const struct steer_plan *plan, const struct steer_ingress *ingress, uint32_t exit)
{
	for (uint32_t i = 0; i < ingress->choice_count; i++)
		if (plan->choices[ingress->first_choice + i].exit == exit)
			return &plan->choices[ingress->first_choice + i];
	return NULL;
}
