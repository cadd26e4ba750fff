/* A storm: lines made up from a seed, the same every time, each played as if it stood in the file.
 *
 *	storm of N lines from seed S [between FILE and FILE ...]
 *	storm of N lines from seed S among M members
 *
 * Members come and go, announce, withdraw, ask again, stop reading and read on; time passes; the hub goes from one of
 * the files to the next. Among M members the hub files are made up as well, and so are registries and ROAs, and the
 * members can do all that there is. Every 50 lines all that read must hold exactly what the table says, and what the
 * reference says. When that fails, the lines up to there are printed. */
#include "scenario/storm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "scenario/exchange_steps.h"

enum { PREFIXES = 24, CHECK_EVERY = 50, PRINTED = 60, VARIANTS = 4, MEMBERS_MAX = 400 };

unsigned
storm_below(struct storm *storm, unsigned limit)
{
	storm->state += 0x9e3779b97f4a7c15u;
	return (unsigned)(hash_u64(storm->state) % limit);
}

static struct member *
any_member(struct storm *storm)
{
	unsigned count = 0;
	for (const struct member *m = storm->s->members; m; m = m->next)
		count++;
	unsigned number = storm_below(storm, count);
	struct member *m = storm->s->members;
	while (number--)
		m = m->next;
	return m;
}

/* A third of the first are IPv6; the last are hosts and others too long for a hub file made up. */
const char *
storm_prefix_at(struct storm *storm, unsigned number)
{
	struct arena *arena = storm->s->arena;
	if (number >= PREFIXES + 5)
		return arena_printf(arena, "198.18.%u.0/25", number - PREFIXES);
	if (number >= PREFIXES)
		return arena_printf(arena, "198.18.%u.7/32", number - PREFIXES);
	return arena_printf(arena, number % 3 ? "198.18.%u.0/24" : "2001:db8:a%03u::/48", number);
}

const char *
storm_prefix(struct storm *storm)
{
	return storm_prefix_at(storm,
			       storm_below(storm, storm->members ? STORM_PREFIXES : PREFIXES));
}

static const char *
any_path(struct storm *storm, const struct member *m)
{
	struct arena *arena = storm->s->arena;
	const char *path =
		arena_printf(arena, " path %u", storm_below(storm, 12) ? m->asn.number : 64777);
	for (unsigned i = storm_below(storm, 4); i > 0; i--)
		path = arena_printf(arena, "%s %u", path,
				    64700 + storm_below(storm, storm->members ? 4 : 3));
	if (storm_below(storm, 2))
		return path;
	return arena_printf(arena, "%s med %u", path, storm_below(storm, 3));
}

/* Of the hubs that have files. */
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
	return arena_printf(storm->s->arena, "%s%s", any_path(storm, m),
			    communities[storm_below(storm, 8)]);
}

/* One word to the route server, or about the route. */
static const char *
any_word(struct storm *storm)
{
	struct arena *arena = storm->s->arena;
	uint32_t peer = storm_asn(storm_below(storm, storm->members));
	unsigned times = 1 + storm_below(storm, 3);
	bool fits = peer <= UINT16_MAX;
	switch (storm_below(storm, 16)) {
	case 0:
		return fits ? arena_printf(arena, " community 0:%u", peer) : "";
	case 1:
		return arena_printf(arena, " large 64500:0:%u", peer);
	case 2:
		return fits ? arena_printf(arena, " community 0:64500 64500:%u", peer)
			    : " community 0:64500";
	case 3:
		return arena_printf(arena, " large 64500:0:0 64500:1:%u", peer);
	case 4:
		return arena_printf(arena, " community %u:64500", 65500 + times);
	case 5:
		return fits ? arena_printf(arena, " community %u:%u", 65510 + times, peer) : "";
	case 6:
		return arena_printf(arena, " large 64500:%u:%u", 100 + times, peer);
	case 7:
		return arena_printf(arena, " large 64500:100:%u", peer);
	case 8:
		return " large 64500:65281:0";
	case 9:
		return arena_printf(arena, " large 64500:65282:%u 64801:4:5", peer);
	case 10:
	case 11:
		return " community 65535:666";
	case 12:
		return " community 65535:0";
	case 13:
		return storm_below(storm, 2) ? " community 65535:7" : " community 65535:65281";
	case 14:
		return " large 64500:1101:5 64500:666:0";
	default:
		return " community 64801:9 65282:64801";
	}
}

static const char *
rich_route(struct storm *storm, const struct member *m)
{
	const char *words = any_path(storm, m);
	for (unsigned i = storm_below(storm, 4); i > 0; i--)
		words = arena_printf(storm->s->arena, "%s%s", words, any_word(storm));
	if (!storm_below(storm, 16))
		words = arena_printf(storm->s->arena, "%s attribute 35 c0 0000fd%02x", words,
				     storm_below(storm, 250));
	return words;
}

static const char *
speech(struct storm *storm, struct member *m)
{
	struct arena *arena = storm->s->arena;
	unsigned what = storm_below(storm, 20);
	bool rich = storm->members != 0;
	const char *a = storm_prefix(storm), *b = storm_prefix(storm), *id = "";
	if (rich && member_sends_ids(m, member_up(m), IP_V4))
		id = arena_printf(arena, " id %u", 1 + storm_below(storm, 3));
	if (what < 10)
		return arena_printf(arena, "%s announces %s %s%s%s", m->id, a, b, id,
				    rich ? rich_route(storm, m) : any_route(storm, m));
	if (what < 16)
		return arena_printf(arena, "%s withdraws %s %s%s", m->id, a, b, id);
	if (rich && what == 16)
		return arena_printf(arena, "%s sends end-of-rib ipv%u", m->id,
				    storm_below(storm, 2) ? 4 : 6);
	if (what < 17)
		return arena_printf(arena, "%s sends refresh ipv%u", m->id,
				    storm_below(storm, 2) ? 4 : 6);
	if (what < 18)
		return arena_printf(arena, "%s sends notification 6.%u", m->id,
				    1 + storm_below(storm, 9));
	return arena_printf(arena, "%s closes", m->id);
}

/* What a member can do in a hub that was made up goes by its address. */
static const char *
connection(struct storm *storm, const struct member *m)
{
	struct arena *arena = storm->s->arena;
	unsigned number = m->address.octets[3];
	if (!storm->members)
		return arena_printf(arena, "%s connects%s", m->id,
				    storm_below(storm, 6) ? "" : " without as4");
	return arena_printf(arena, "%s connects%s%s%s%s", m->id, number % 3 ? " add-path both" : "",
			    number % 4 ? " restart-time 3" : "",
			    number % 8 > 4 ? " long-lived 5" : "",
			    number % 4 && storm_below(storm, 3) ? " returning" : "");
}

static const char *
any_line(struct storm *storm)
{
	struct arena *arena = storm->s->arena;
	struct member *m = any_member(storm);
	unsigned what = storm_below(storm, 60);
	if (what == 0 && storm->file_count)
		return arena_printf(arena, "apply %s",
				    storm->files[storm_below(storm, (unsigned)storm->file_count)]);
	if (what == 0 && storm->members)
		return "apply";
	if (what == 1 && storm->members)
		return storm_below(storm, 2) ? "registry" : "rpki";
	if (what < 4)
		return arena_printf(arena, "after %ums", storm_below(storm, 4000));
	if (what < 6)
		return arena_printf(arena, "%s has a window of %u", m->id,
				    50 + storm_below(storm, 3000));
	if (what < 8)
		return arena_printf(arena, "%s stops reading", m->id);
	if (what < 12 && !m->reads)
		return arena_printf(arena, "%s takes %u octets", m->id, storm_below(storm, 900));
	if (what < 20 && !m->reads)
		return arena_printf(arena, "%s reads on", m->id);
	return member_up(m) ? speech(storm, m) : connection(storm, m);
}

static void
play_line(struct storm *storm, const char *line)
{
	const char *here = NULL;
	if (strcmp(line, "apply") == 0) {
		storm->variant = storm_below(storm, VARIANTS);
		here = storm_hub(storm);
	} else if (strcmp(line, "registry") == 0) {
		here = storm_registry(storm);
	} else if (strcmp(line, "rpki") == 0) {
		here = storm_roas(storm);
	}
	scenario_line(storm->s, line, here);
}

static void
print_lines(const char *const *lines, size_t count)
{
	printf("# the last %d of %zu lines:\n", PRINTED, count);
	for (size_t i = count > PRINTED ? count - PRINTED : 0; i < count; i++)
		printf("#   %s\n", lines[i]);
}

/* Who was above its limit is let in again within two seconds of there being room. */
static void
check(struct scenario *s)
{
	scenario_line(s, "after 2s", NULL);
	scenario_line(s, "all hold what the hub says", NULL);
	scenario_line(s, "all hold what they should", NULL);
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
		play_line(storm, lines[i]);
		if (i % CHECK_EVERY == CHECK_EVERY - 1)
			check(s);
		if (s->failed != failed)
			print_lines(lines, i + 1);
	}
	for (struct member *m = s->members; m && s->failed == failed; m = m->next)
		scenario_line(s, arena_printf(s->arena, "%s reads on", m->id), NULL);
	s->quiet = quiet;
	check(s);
}

/* The hub, and everybody there. */
static void
begin(struct storm *storm)
{
	struct scenario *s = storm->s;
	s->world = arena_take(s->arena, sizeof(*s->world));
	if (!s->world)
		abort();
	*s->world = (struct reference_world){0};
	scenario_line(s, s->hub ? "apply" : "hub", storm_hub(storm));
	scenario_line(s, "registry", storm_registry(storm));
	for (struct member *m = s->members; m; m = m->next)
		scenario_line(s, connection(storm, m), NULL);
}

bool
storm_step(struct scenario *s)
{
	struct line *line = &s->line, own;
	struct storm storm = {.s = s};
	uint64_t number, seed, members = 0;
	if (!line_is(line, "storm of"))
		return false;
	if (!script_number(&number, line_take(line)) || !line_is(line, "lines from seed") ||
	    !script_number(&seed, line_take(line)))
		return scenario_broken(s,
				       "storm of N lines from seed S [between FILE and FILE ...]");
	storm.state = storm.seed = seed;
	if (line_is(line, "among") && (!script_number(&members, line_take(line)) ||
				       !line_is(line, "members") || members > MEMBERS_MAX))
		return scenario_broken(s, "among M members, at most %d", MEMBERS_MAX);
	while ((line_is(line, "between") || line_is(line, "and")) && storm.file_count < STORM_FILES)
		storm.files[storm.file_count++] = line_take(line);
	if (!members && !s->hub)
		return scenario_broken(s, "the first thing is a hub");
	own = *line;
	storm.members = (unsigned)members;
	if (members)
		begin(&storm);
	if (!s->broken)
		blow(&storm, number);
	*line = own;
	return true;
}
