/* Plays a scenario: takes line after line, moves the clock, says what was as expected.
 *
 *	scenario TITLE              what the file shows
 *	epoch 2026-11-01T00:00:00Z  UTC of the time 0 (this one when not said)
 *	hub FILE | hub <<END        the hub file the scenario begins with, beside the scenario or in it
 *	apply FILE | apply <<END    another one, while it runs
 *	at 90s | after 5s           the clock goes on to then; all that falls due before happens in its order
 *	repeat N ... end of repeat  so many times; $i is 1, 2 ...
 *	note TEXT                   what the next lines are about, for the report */
#include "scenario/scenario.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/hub_file.h"
#include "scenario/play.h"
#include "scenario/storm.h"
#include "tap.h"

/* --- what is expected --- */

void
scenario_expect(struct scenario *s, bool held, const char *got, ...)
{
	s->expected++;
	s->failed += !held;
	if (held && s->quiet)
		return;
	printf("%sok %d - %s: %s\n", held ? "" : "not ", ++tap_count, s->title, s->line.text);
	if (held)
		return;
	tap_failed++;
	va_list args;
	va_start(args, got);
	printf("# %s:%u: expected: %s\n#   got: ", s->script.path, s->line.number, s->line.text);
	vprintf(got, args);
	printf("\n#   at %.6f s%s\n", (double)s->now.us / 1e6,
	       s->random ? ", with octets in pieces" : "");
	va_end(args);
}

bool
scenario_broken(struct scenario *s, const char *why, ...)
{
	char text[1024];
	va_list args;
	va_start(args, why);
	(void)vsnprintf(text, sizeof(text), why, args);
	va_end(args);
	scenario_expect(s, false, "the scenario cannot go on: %s", text);
	s->broken = true;
	return true;
}

uint64_t
scenario_random(struct scenario *s)
{
	s->random = s->random * 6364136223846793005u + 1442695040888963407u;
	return s->random >> 33;
}

struct utc_s
scenario_utc(const struct scenario *s)
{
	return (struct utc_s){s->epoch.s + s->now.us / 1000000};
}

bool
scenario_take_time(struct scenario *s, struct mono_us *out)
{
	const char *word = line_take(&s->line);
	out->us = script_time(word);
	if (out->us < 0)
		scenario_broken(s, "\"%s\" is no time such as 10s or 1m30s", word ? word : "");
	return out->us >= 0;
}

/* --- hub files --- */

struct hub_text {
	const char *folder, *here;
};

static int
read_hub_text(void *context, const char *path, struct buf *out)
{
	const struct hub_text *text = context;
	if (text->here) {
		buf_str(out, text->here);
		((struct hub_text *)context)->here = NULL;
		return 0;
	}
	char full[1024];
	(void)snprintf(full, sizeof(full), "%s%s", *path == '/' ? "" : text->folder, path);
	FILE *f = fopen(full, "rb");
	if (!f)
		return -1;
	char piece[4096];
	for (size_t got; (got = fread(piece, 1, sizeof(piece), f)) > 0;)
		buf_put(out, piece, got);
	fclose(f);
	return 0;
}

static struct hub *
read_hub(struct scenario *s)
{
	const char *slash = strrchr(s->script.path, '/');
	const char *path = s->line.here ? "inline.yaml" : line_take(&s->line);
	struct hub_text text = {
		.folder =
			arena_printf(s->arena, "%.*s",
				     slash ? (int)(slash - s->script.path + 1) : 0, s->script.path),
		.here = s->line.here,
	};
	struct hub_report report;
	struct hub *hub = hub_file_read(path ? path : "",
					(struct hub_source){read_hub_text, NULL, &text}, &report);
	if (!hub) {
		struct buf said = {0};
		hub_report_print(&report, &said);
		scenario_broken(s, "the hub file: %.*s", (int)said.length, (const char *)said.data);
		buf_fini(&said);
	}
	hub_report_fini(&report);
	return hub;
}

static bool
take_hub(struct scenario *s, bool first)
{
	if (first == (s->hub != NULL))
		return scenario_broken(s, first ? "there is a hub already" : "there is no hub yet");
	struct hub *hub = read_hub(s);
	if (!hub)
		return true;
	exchange_take_hub(s, hub);
	traffic_take_hub(s, hub);
	hub_free(s->hub);
	s->hub = hub;
	return true;
}

/* --- time --- */

static struct mono_us
earlier(struct mono_us a, struct mono_us b)
{
	return a.us < b.us ? a : b;
}

static void
pass(struct scenario *s)
{
	exchange_pass(s);
	traffic_pass(s);
}

static bool
pass_until(struct scenario *s, struct mono_us until)
{
	if (until.us < s->now.us)
		return scenario_broken(s, "that time is over");
	for (unsigned still = 0;;) {
		struct mono_us next = earlier(exchange_next(s), traffic_next(s));
		if (next.us > until.us)
			break;
		still = next.us > s->now.us ? 0 : still + 1;
		if (still > 100)
			return scenario_broken(
				s, "something is due again and again, and time stands still");
		if (next.us > s->now.us)
			s->now = next;
		pass(s);
	}
	s->now = until;
	pass(s);
	return true;
}

/* --- lines --- */

static bool
own_step(struct scenario *s)
{
	struct line *line = &s->line;
	struct mono_us time;
	if (line_is(line, "scenario")) {
		s->title = line_rest(line, s->arena);
	} else if (line_is(line, "note")) {
		const char *text = line_rest(line, s->arena);
		if (!s->quiet)
			printf("# %s\n", text);
	} else if (line_is(line, "epoch")) {
		const char *word = line_take(line);
		if (!word || utc_parse(&s->epoch, word) < 0)
			scenario_broken(s, "that is no date");
	} else if (line_is(line, "hub")) {
		take_hub(s, true);
	} else if (line_is(line, "apply")) {
		take_hub(s, false);
	} else if (line_is(line, "at")) {
		if (scenario_take_time(s, &time))
			pass_until(s, time);
	} else if (line_is(line, "after")) {
		if (scenario_take_time(s, &time))
			pass_until(s, (struct mono_us){s->now.us + time.us});
	} else {
		return false;
	}
	return true;
}

static void
step(struct scenario *s)
{
	struct line *line = &s->line;
	if (own_step(s))
		return;
	if (storm_step(s))
		return;
	if (!s->hub) {
		scenario_broken(s, "the first thing is a hub");
		return;
	}
	if (exchange_step(s) || traffic_step(s))
		return;
	line->at = 0;
	scenario_broken(s, "a line like that means nothing");
}

static void
play_line(struct scenario *s)
{
	step(s);
	if (!s->broken && s->line.at < s->line.count)
		scenario_broken(s, "nothing is known of \"%s\" here", line_peek(&s->line));
}

void
scenario_line(struct scenario *s, const char *text, const char *here)
{
	unsigned number = s->line.number;
	script_line(&s->line, s->arena, text);
	s->line.number = number;
	s->line.here = here;
	if (!s->broken)
		play_line(s);
}

/* What must be so at the end, said or not; then all is freed, but for the script. */
static void
end(struct scenario *s)
{
	s->line = (struct line){.number = s->script.number,
				.text = "at the end, all members hold what they should"};
	if (s->hub && !s->broken)
		exchange_end(s);
	exchange_finish(s);
	traffic_finish(s);
	hub_free(s->hub);
}

bool
scenario_play_storm(uint64_t seed, unsigned members, unsigned lines, uint64_t pieces)
{
	struct scenario s = {.random = pieces, .quiet = true, .title = "storm"};
	utc_parse(&s.epoch, "2026-11-01");
	s.script = (struct script){.arena = arena_new(), .path = "storm"};
	s.arena = s.script.arena;
	if (!s.arena)
		return false;
	const char *line =
		arena_printf(s.arena, "storm of %u lines from seed %llu among %u members", lines,
			     (unsigned long long)seed, members);
	scenario_line(&s, line, NULL);
	end(&s);
	script_close(&s.script);
	return !s.failed && s.spoke;
}

bool
scenario_play(const char *path, uint64_t seed)
{
	struct scenario s = {.random = seed, .quiet = seed != 0, .title = path};
	utc_parse(&s.epoch, "2026-11-01");
	if (script_open(&s.script, path) < 0) {
		ok(false, "%s: %s", path, strerror(errno));
		return false;
	}
	s.arena = s.script.arena;
	while (!s.broken && script_next(&s.script, &s.line))
		play_line(&s);
	end(&s);
	if (seed)
		ok(!s.failed, "%s: the same when octets come in pieces (seed %u)", s.title,
		   (unsigned)seed);
	else if (!s.expected)
		ok(false, "%s: a scenario expects something", path);
	script_close(&s.script);
	return !s.failed && s.spoke;
}

int
scenario_done(void)
{
	return done_testing();
}
