/* A storm: lines made up from a seed, the same every time, each played as if it stood in the file.
 *
 *	storm of N lines from seed S [between FILE and FILE ...]
 *	storm of N lines from seed S among M members
 *
 * Members come and go, announce, withdraw, ask again, stop reading and read on; time passes; the hub goes from one of
 * the files to the next. Every 50 lines all that read must hold exactly what the table says, and what the reference
 * says. Among M members the hub files are made up as well, and so are registries, ROAs and ASPAs, and the members can do
 * all that there is. Then, after every line, all that read must hold what the reference says, and table, sessions and
 * counters must be as it says; and when everybody has left nothing must be left. When something does not hold, the lines
 * up to there are printed. */
#include "scenario/storm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exchange/rib/rib.h"

enum {
	PREFIXES = 24,
	CHECK_EVERY = 50, /* with time for routes above limits to be let in */
	LOOK_MAX = 24,    /* up to so many members all is looked at after every line, else ... */
	LOOK_EVERY = 5,
	PRINTED = 60,
	VARIANTS = 4,
	MEMBERS_MAX = 400,
	LEFT_MAX =
		512 * 1024, /* octets that an empty table keeps, of two to three hundred thousand */
};

unsigned
storm_below(struct storm *storm, unsigned limit)
{
	storm->state += 0x9e3779b97f4a7c15u;
	return limit ? (unsigned)(hash_u64(storm->state) % limit) : 0;
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

/* --- among the members of hub files --- */

static const char *
plain_route(struct storm *storm, const struct member *m)
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
		arena_printf(arena, " path %u", storm_below(storm, 12) ? m->asn.number : 64777);
	for (unsigned i = storm_below(storm, 4); i > 0; i--)
		path = arena_printf(arena, "%s %u", path, 64700 + storm_below(storm, 3));
	const char *med =
		storm_below(storm, 2) ? "" : arena_printf(arena, " med %u", storm_below(storm, 3));
	return arena_printf(arena, "%s%s%s", path, med, communities[storm_below(storm, 8)]);
}

static const char *
plain_speech(struct storm *storm, const struct member *m)
{
	struct arena *arena = storm->s->arena;
	unsigned what = storm_below(storm, 20);
	const char *a = storm_prefix_at(storm, storm_below(storm, PREFIXES));
	const char *b = storm_prefix_at(storm, storm_below(storm, PREFIXES));
	if (what < 10)
		return arena_printf(arena, "%s announces %s %s%s", m->id, a, b,
				    plain_route(storm, m));
	if (what < 16)
		return arena_printf(arena, "%s withdraws %s %s", m->id, a, b);
	if (what < 17)
		return arena_printf(arena, "%s sends refresh ipv%u", m->id,
				    storm_below(storm, 2) ? 4 : 6);
	if (what < 18)
		return arena_printf(arena, "%s sends notification 6.%u", m->id,
				    1 + storm_below(storm, 9));
	return arena_printf(arena, "%s closes", m->id);
}

static const char *
plain_connection(struct storm *storm, const struct member *m)
{
	return arena_printf(storm->s->arena, "%s connects%s", m->id,
			    storm_below(storm, 6) ? "" : " without as4");
}

/* --- any line --- */

/* What happens around the members of a hub that is made up; NULL: nothing. */
static const char *
event(struct storm *storm, const struct member *m)
{
	static const unsigned round_trips[] = {2, 10, 30, 90, 250};
	struct arena *arena = storm->s->arena;
	int slot = reference_slot(storm->s, m);
	switch (storm_below(storm, 200)) {
	case 0:
	case 1:
	case 2:
		return "apply";
	case 3:
		return "registry";
	case 4:
		return storm_below(storm, 4) ? "registry" : "registry goes";
	case 5:
	case 6:
		return "rpki";
	case 7:
		return storm_below(storm, 2) ? "rpki is lost" : "rpki expires";
	case 8:
	case 9:
	case 10:
	case 11:
		return arena_printf(arena, "%s has a round trip of %u ms", m->id,
				    round_trips[storm_below(storm, 5)]);
	case 12:
		return slot < 0 ? NULL : arena_printf(arena, "operator takes %s down", m->id);
	case 13:
		return storm_below(storm, 3) ? NULL : "after 20s";
	case 16:
	case 17:
	case 18:
	case 19:
	case 20:
	case 21:
		return "in one turn";
	case 14:
		return storm_below(storm, 12) ? NULL : "after 400s";
	case 15:
		return storm_below(storm, 10) ? NULL : "the hub leaves and returns";
	default:
		break;
	}
	bool held = slot >= 0 && exchange_peer_is_held(storm->s->exchange, (unsigned)slot);
	return held && !storm_below(storm, 3) ? arena_printf(arena, "operator brings %s up", m->id)
					      : NULL;
}

static const char *
any_line(struct storm *storm)
{
	struct arena *arena = storm->s->arena;
	struct member *m = any_member(storm);
	const char *rich = storm->members ? event(storm, m) : NULL;
	unsigned what = storm_below(storm, 60);
	if (rich)
		return rich;
	if (what == 0 && storm->file_count)
		return arena_printf(arena, "apply %s",
				    storm->files[storm_below(storm, (unsigned)storm->file_count)]);
	if (what == 2 || what == 3)
		return arena_printf(arena, "after %ums", storm_below(storm, 4000));
	if (what == 4 || what == 5)
		return arena_printf(arena, "%s has a window of %u", m->id,
				    50 + storm_below(storm, 3000));
	if (what == 6 || what == 7)
		return arena_printf(arena, "%s stops reading", m->id);
	if (what >= 8 && what < 12 && !m->reads)
		return arena_printf(arena, "%s takes %u octets", m->id, storm_below(storm, 900));
	if (what >= 12 && what < 20 && !m->reads)
		return arena_printf(arena, "%s reads on", m->id);
	if (storm->members)
		return member_up(m) ? storm_speech(storm, m) : storm_connection(storm, m);
	return member_up(m) ? plain_speech(storm, m) : plain_connection(storm, m);
}

/* --- played --- */

static void
line(struct storm *storm, const char *text)
{
	scenario_line(storm->s, text, NULL);
}

static void
everybody_connects(struct storm *storm)
{
	for (struct member *m = storm->s->members; m; m = m->next)
		line(storm, storm_connection(storm, m));
}

/* Nothing but routes, and who reads them, changes by such a line. */
static bool
is_about_routes(const char *text)
{
	return strcmp(text, "in one turn") == 0 || strstr(text, " announces ") ||
	       strstr(text, " withdraws ") || strstr(text, " sends ") || strstr(text, "read") ||
	       strncmp(text, "after", 5) == 0;
}

/* What several members say before the hub tells anybody anything. Returns their lines. */
static const char *
play_turn(struct storm *storm)
{
	struct arena *arena = storm->s->arena;
	const char *all = "in one turn";
	line(storm, "in one turn");
	for (unsigned i = 2 + storm_below(storm, 6); i > 0; i--) {
		struct member *m = any_member(storm);
		const char *text = member_up(m) ? storm_speech(storm, m) : "";
		bool plain = strstr(text, " announces ") || strstr(text, " withdraws ");
		if (!plain)
			continue;
		line(storm, text);
		all = arena_printf(arena, "%s\n#   %s", all, text);
	}
	line(storm, "end of turn");
	return arena_printf(arena, "%s\n#   end of turn", all);
}

/* Returns what was played, for the report. */
static const char *
play_line(struct storm *storm, const char *text)
{
	struct scenario *s = storm->s;
	const char *played = text;
	if (storm->members && strcmp(text, "apply") == 0) {
		storm->variant = storm_below(storm, VARIANTS);
		scenario_line(s, text, storm_hub(storm));
	} else if (strcmp(text, "registry") == 0) {
		scenario_line(s, text, storm_registry(storm));
	} else if (strcmp(text, "rpki") == 0) {
		scenario_line(s, text, storm_roas(storm));
	} else if (strcmp(text, "in one turn") == 0) {
		played = play_turn(storm);
	} else if (strcmp(text, "the hub leaves and returns") == 0) {
		line(storm, "the hub leaves");
		line(storm, "the hub returns");
		everybody_connects(storm);
		line(storm, "after 130s"); /* longer than it waits for those that were there */
	} else {
		line(storm, text);
	}
	if (!storm->members)
		return played;
	if (!is_about_routes(text))
		s->world->round++;
	if (strcmp(text, "registry goes") == 0)
		s->world->registry = false;
	if (strcmp(text, "rpki expires") == 0)
		s->world->rpki = false;
	line(storm, "after 0ms"); /* what is due now */
	return played;
}

static void
print_lines(const char *const *lines, size_t count)
{
	printf("# the last %d of %zu lines:\n", PRINTED, count);
	for (size_t i = count > PRINTED ? count - PRINTED : 0; i < count; i++)
		printf("#   %s\n", lines[i]);
}

/* --- what must hold --- */

static void
expect(struct scenario *s, bool good, const char *wrong)
{
	if (!good)
		scenario_expect(s, false, "%s", wrong);
}

static void
check_invariants(struct storm *storm, bool settled)
{
	struct scenario *s = storm->s;
	char wrong[8192] = "";
	if (s->broken)
		return;
	for (struct member *m = s->members; m; m = m->next) {
		for (size_t i = 0; i < m->note_count; i++)
			if (strncmp(m->notes[i].text, "nonsense", 8) == 0)
				(void)snprintf(wrong, sizeof(wrong), "%s heard %s", m->id,
					       m->notes[i].text);
		m->note_count = 0;
	}
	expect(s, !*wrong, wrong);
	bool good = reference_check_table(s, settled, wrong, sizeof(wrong)) &&
		    reference_check(s, wrong, sizeof(wrong));
	expect(s, good, wrong);
}

/* Who was above its limit is let in again within two seconds of there being room. */
static void
check_settled(struct storm *storm)
{
	line(storm, "after 2s");
	line(storm, "all hold what the hub says");
	if (storm->members)
		check_invariants(storm, true);
	else
		line(storm, "all hold what they should");
}

static void
check(struct storm *storm, size_t number)
{
	unsigned every = storm->members <= LOOK_MAX ? 1 : LOOK_EVERY;
	if (number % CHECK_EVERY == CHECK_EVERY - 1)
		check_settled(storm);
	else if (storm->members && number % every == 0)
		check_invariants(storm, false);
}

/* Everybody has left: nothing is left in the tables. */
static void
check_empty(struct storm *storm)
{
	struct scenario *s = storm->s;
	for (struct member *m = s->members; m && !s->broken; m = m->next)
		if (reference_slot(s, m) >= 0)
			line(storm, arena_printf(s->arena, "operator takes %s down", m->id));
	line(storm, "after 2s");
	for (unsigned i = 0; i < 2 && !s->broken; i++) {
		struct rib_totals left;
		char wrong[256];
		rib_total(exchange_rib(s->exchange, i ? IP_V6 : IP_V4), &left);
		(void)snprintf(wrong, sizeof(wrong),
			       "everybody left, and IPv%d has %u prefixes, %u paths, %u attribute "
			       "sets, %u octets of log, %zu octets",
			       i ? 6 : 4, left.prefixes, left.paths, left.attribute_sets,
			       (unsigned)left.log_octets, left.memory);
		bool good = !left.prefixes && !left.paths && !left.attribute_sets &&
			    left.memory <= LEFT_MAX;
		expect(s, good, wrong);
	}
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
		lines[i] = play_line(storm, lines[i]);
		check(storm, i);
		if (s->failed != failed)
			print_lines(lines, i + 1);
	}
	for (struct member *m = s->members; m && s->failed == failed; m = m->next)
		line(storm, arena_printf(s->arena, "%s reads on", m->id));
	s->quiet = quiet;
	check_settled(storm);
	if (storm->members && s->failed == failed)
		check_empty(storm);
}

/* The hub, and everybody there. */
static void
begin(struct storm *storm)
{
	struct scenario *s = storm->s;
	s->world = arena_take(s->arena, sizeof(*s->world));
	if (!s->world)
		abort();
	*s->world = (struct reference_world){.round = 1};
	scenario_line(s, "hub", storm_hub(storm));
	scenario_line(s, "registry", storm_registry(storm));
	everybody_connects(storm);
}

bool
storm_step(struct scenario *s)
{
	struct line *words = &s->line, own;
	struct storm storm = {.s = s};
	uint64_t number, seed, members = 0;
	if (!line_is(words, "storm of"))
		return false;
	if (!script_number(&number, line_take(words)) || !line_is(words, "lines from seed") ||
	    !script_number(&seed, line_take(words)))
		return scenario_broken(s,
				       "storm of N lines from seed S [between FILE and FILE ...]");
	storm.state = storm.seed = seed;
	if (line_is(words, "among") && (!script_number(&members, line_take(words)) ||
					!line_is(words, "members") || members > MEMBERS_MAX))
		return scenario_broken(s, "among M members, at most %d", MEMBERS_MAX);
	while ((line_is(words, "between") || line_is(words, "and")) &&
	       storm.file_count < STORM_FILES)
		storm.files[storm.file_count++] = line_take(words);
	if (!members == !s->hub)
		return scenario_broken(s, members ? "that storm brings its own hub"
						  : "the first thing is a hub");
	own = *words;
	storm.members = (unsigned)members;
	if (members)
		begin(&storm);
	if (!s->broken)
		blow(&storm, number);
	*words = own;
	return true;
}
