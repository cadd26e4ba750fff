/* A storm: lines made up from a seed, the same every time, each played as if it stood in the file.
 *
 *	storm of N lines from seed S [between FILE and FILE ...]
 *
 * Members come and go, announce, withdraw, ask again, stop reading and read on; time passes; the hub goes from one of
 * the files to the next. Every 50 lines all that read must hold exactly what the table says, and what the reference says. When that fails, the
 * lines up to there are printed: they are a scenario. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "scenario/exchange_steps.h"
#include "scenario/storm.h"

enum { PREFIXES = 24, FILES_MAX = 8, CHECK_EVERY = 50, PRINTED = 60 };

struct storm {
	struct scenario *s;
	uint64_t state;
	const char *files[FILES_MAX];
	size_t file_count;
};

static unsigned
below(struct storm *storm, unsigned limit)
{
	storm->state += 0x9e3779b97f4a7c15u;
	return (unsigned)(hash_u64(storm->state) % limit);
}

static const struct member *
any_member(struct storm *storm)
{
	unsigned count = 0;
	for (const struct member *m = storm->s->members; m; m = m->next)
		count++;
	unsigned number = below(storm, count);
	const struct member *m = storm->s->members;
	while (number--)
		m = m->next;
	return m;
}

/* Prefixes of the first half are IPv4. */
static const char *
any_prefix(struct storm *storm)
{
	unsigned number = below(storm, PREFIXES);
	return arena_printf(storm->s->arena, number % 3 ? "198.18.%u.0/24" : "2001:db8:a%03u::/48",
			    number);
}

static const char *
any_route(struct storm *storm, const struct member *m)
{
	static const char *const communities[] = {
		"",
		"",
		"",
		" community 0:64601",
		" community 0:64602 64601:9",
		" community 0:64500 64500:64603",
		" large 64500:0:64603",
		" large 64500:0:0 64500:1:64602 64500:1:64601",
	};
	struct arena *arena = storm->s->arena;
	const char *path =
		arena_printf(arena, " path %u", below(storm, 12) ? m->asn.number : 64777);
	for (unsigned i = below(storm, 4); i > 0; i--)
		path = arena_printf(arena, "%s %u", path, 64700 + below(storm, 3));
	const char *med = below(storm, 2) ? "" : arena_printf(arena, " med %u", below(storm, 3));
	return arena_printf(arena, "%s%s%s", path, med, communities[below(storm, 8)]);
}

static const char *
speech(struct storm *storm, const struct member *m)
{
	struct arena *arena = storm->s->arena;
	unsigned what = below(storm, 20);
	if (what < 10)
		return arena_printf(arena, "%s announces %s %s %s", m->id, any_prefix(storm),
				    any_prefix(storm), any_route(storm, m));
	if (what < 16)
		return arena_printf(arena, "%s withdraws %s %s", m->id, any_prefix(storm),
				    any_prefix(storm));
	if (what < 17)
		return arena_printf(arena, "%s sends refresh ipv%u", m->id,
				    below(storm, 2) ? 4 : 6);
	if (what < 18)
		return arena_printf(arena, "%s sends notification 6.%u", m->id,
				    1 + below(storm, 9));
	return arena_printf(arena, "%s closes", m->id);
}

static const char *
any_line(struct storm *storm)
{
	struct arena *arena = storm->s->arena;
	struct member *m = (struct member *)any_member(storm);
	unsigned what = below(storm, 60);
	if (what == 0 && storm->file_count)
		return arena_printf(arena, "apply %s",
				    storm->files[below(storm, (unsigned)storm->file_count)]);
	if (what < 4)
		return arena_printf(arena, "after %ums", below(storm, 4000));
	if (what < 6)
		return arena_printf(arena, "%s has a window of %u", m->id, 50 + below(storm, 3000));
	if (what < 8)
		return arena_printf(arena, "%s stops reading", m->id);
	if (what < 12 && !m->reads)
		return arena_printf(arena, "%s takes %u octets", m->id, below(storm, 900));
	if (what < 20 && !m->reads)
		return arena_printf(arena, "%s reads on", m->id);
	if (member_up(m))
		return speech(storm, m);
	return arena_printf(arena, "%s connects%s", m->id, below(storm, 6) ? "" : " without as4");
}

static void
print_lines(const char *const *lines, size_t count)
{
	printf("# the last %d of %zu lines:\n", PRINTED, count);
	for (size_t i = count > PRINTED ? count - PRINTED : 0; i < count; i++)
		printf("#   %s\n", lines[i]);
}

static void
blow(struct storm *storm, size_t number)
{
	struct scenario *s = storm->s;
	const char **lines = arena_take(s->arena, number * sizeof(*lines));
	bool quiet = s->quiet;
	unsigned failed = s->failed;
	s->quiet = true;
	for (size_t i = 0; lines && i < number && s->failed == failed; i++) {
		lines[i] = any_line(storm);
		scenario_line(s, lines[i]);
		if (i % CHECK_EVERY == CHECK_EVERY - 1) {
			scenario_line(s, "all hold what the hub says");
			scenario_line(s, "all hold what they should");
		}
		if (s->failed != failed)
			print_lines(lines, i + 1);
	}
	for (struct member *m = s->members; m && s->failed == failed; m = m->next)
		scenario_line(s, arena_printf(s->arena, "%s reads on", m->id));
	s->quiet = quiet;
	scenario_line(s, "all hold what the hub says");
	scenario_line(s, "all hold what they should");
}

bool
storm_step(struct scenario *s)
{
	struct line *line = &s->line, own;
	struct storm storm = {.s = s};
	uint64_t number, seed;
	if (!line_is(line, "storm of"))
		return false;
	if (!script_number(&number, line_take(line)) || !line_is(line, "lines from seed") ||
	    !script_number(&seed, line_take(line)))
		return scenario_broken(s,
				       "storm of N lines from seed S [between FILE and FILE ...]");
	storm.state = seed;
	while ((line_is(line, "between") || line_is(line, "and")) && storm.file_count < FILES_MAX)
		storm.files[storm.file_count++] = line_take(line);
	own = *line;
	blow(&storm, number);
	*line = own;
	return true;
}
