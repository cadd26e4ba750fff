/* Findings, gathered and put in order. */
#include "corridor/corridor_check.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "corridor/corridor_check_parts.h"

struct corridor_finding *
corridor_find(struct corridor_checking *c, enum corridor_severity severity, const char *list,
	      const char *id, const char *what)
{
	static struct corridor_finding lost; /* written to without memory, never read */
	struct corridor_findings *f = c->findings;
	if (f->count == c->room && !c->failed) {
		size_t room = c->room ? 2 * c->room : 64;
		struct corridor_finding *more = realloc(f->all, room * sizeof(*more));
		if (more) {
			f->all = more;
			c->room = room;
		} else {
			c->failed = true;
		}
	}
	struct corridor_finding *found = c->failed ? &lost : &f->all[f->count++];
	*found = (struct corridor_finding){
		.severity = severity,
		.list = list,
		.id = id,
		.what = what,
		.value = (double)NAN,
		.bound = (double)NAN,
	};
	return found;
}

struct corridor_finding *
corridor_find_segment(struct corridor_checking *c, uint32_t segment,
		      enum corridor_severity severity, const char *what)
{
	const struct hub_segment *s = &c->hub->segments[segment];
	struct corridor_finding *found = corridor_find(c, severity, "segments", s->id, what);
	found->source = s->source;
	return found;
}

void
corridor_hint(struct corridor_checking *c, struct corridor_finding *finding, const char *format,
	      ...)
{
	va_list args;
	va_start(args, format);
	finding->hint = arena_vprintf(c->findings->arena, format, args);
	va_end(args);
	if (!finding->hint)
		c->failed = true;
}

/* Wrong ones first; the order in which they were found stays. */
static int
put_in_order(struct corridor_findings *f)
{
	struct corridor_finding *sorted = malloc((f->count + 1) * sizeof(*sorted));
	size_t used = 0;
	if (!sorted)
		return -1;
	for (int severity = 0; severity < CORRIDOR_SEVERITIES; severity++) {
		size_t before = used;
		for (size_t i = 0; i < f->count; i++)
			if (f->all[i].severity == (enum corridor_severity)severity)
				sorted[used++] = f->all[i];
		f->by_severity[severity] = used - before;
	}
	free(f->all);
	f->all = sorted;
	return 0;
}

struct corridor_findings *
corridor_check(const struct corridor_plan *plan)
{
	assert(plan);
	struct corridor_findings *findings = calloc(1, sizeof(*findings));
	if (!findings)
		return NULL;
	findings->arena = arena_new();
	struct corridor_checking c = {.plan = plan,
				      .hub = plan->hub,
				      .findings = findings,
				      .kit = corridor_kit_new(plan->hub)};
	c.failed = !findings->arena || !c.kit;
	for (uint32_t s = 0; s < c.hub->segment_count && !c.failed; s++) {
		corridor_check_length(&c, s);
		corridor_check_capacity(&c, s);
		corridor_check_countries(&c, s);
		corridor_check_status(&c, s);
		corridor_check_words(&c, s);
		corridor_check_twins(&c, s);
	}
	if (!c.failed) {
		corridor_check_sites(&c);
		corridor_check_cables(&c);
		corridor_check_reach(&c);
		corridor_check_facts(&c);
	}
	corridor_kit_free(c.kit);
	free(c.limits);
	if (c.failed || put_in_order(findings) < 0) {
		corridor_findings_free(findings);
		return NULL;
	}
	return findings;
}

void
corridor_findings_free(struct corridor_findings *findings)
{
	if (!findings)
		return;
	arena_free(findings->arena);
	free(findings->all);
	free(findings);
}

const char *
corridor_severity_name(enum corridor_severity severity)
{
	static const char *const names[CORRIDOR_SEVERITIES] = {"wrong", "odd", "note"};
	return names[severity];
}
