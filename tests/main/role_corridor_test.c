/* The corridor's process takes up what the meter writes, and goes over to a new picture. The role
 * is no part of the archive that tests link, so it is compiled in here. */
#include "main/role_corridor.c"

#include "hub/hub_file_io.h"
#include "tap.h"

enum { GIGABIT = 1000000000 };

static char folder[] = "/tmp/sarai-corridor-XXXXXX";

static struct hub *
picture(void)
{
	struct hub_report report;
	struct hub *hub = hub_file_read("examples/silkroad.yaml", hub_file_disk(), &report);
	hub_report_fini(&report);
	if (!hub) {
		printf("Bail out! examples/silkroad.yaml cannot be read\n");
		exit(1);
	}
	return hub;
}

/* Writes `bytes` aside and renames, as the meter does. */
static void
write_file(const char *name, const struct buf *bytes)
{
	char aside[128], path[128];
	snprintf(aside, sizeof(aside), "%s/aside", folder);
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *f = fopen(aside, "wb");
	if (!f || fwrite(bytes->data, 1, bytes->length, f) != bytes->length || fclose(f) != 0 ||
	    rename(aside, path) != 0)
		abort();
}

/* A bin of the one port that oxus-2026 lays on B01. */
static void
write_batch(const char *name, int64_t start, uint32_t covered_s, uint64_t in_bps)
{
	struct traffic_port port = {.port = "64602-1",
				    .counter_in = in_bps / 8 * covered_s,
				    .counter_covered_s = covered_s,
				    .state = TRAFFIC_COUNTER};
	struct traffic_batch batch = {.start = {start},
				      .length_s = 300,
				      .covered_s = covered_s,
				      .ports = &port,
				      .port_count = 1};
	struct buf bytes = {0};
	traffic_encode(&batch, &bytes);
	write_file(name, &bytes);
	buf_fini(&bytes);
}

/* The answer to a line of words in JSON, or the reason of the refusal; valid until the next. */
static const char *
ask(struct role_context *context, const char *line)
{
	static struct control_answer given;
	struct control_request request;
	buf_fini(&given.body);
	given = (struct control_answer){0};
	if (control_parse(&request, line, strlen(line)) < 0)
		return "no request";
	role_corridor.answer(context, &request, &given);
	buf_u8(&given.body, '\0');
	return given.status ? given.text : (const char *)given.body.data;
}

static const char *
look(struct role_context *context)
{
	struct corridor_room *room = context->state;
	look_again(&room->timer, loop_now(context->loop));
	return ask(context, "json\tcorridor\tsegment\tB01");
}

static void
traffic(struct role_context *context)
{
	int64_t start = clock_utc().s / 300 * 300;
	struct buf junk = {0};
	ok(strstr(look(context), "\"load_bps\":null") != NULL,
	   "before anything was measured a load is not known");
	write_batch("traffic.latest", start - 300, 300, 20ull * GIGABIT);
	ok(strstr(look(context), "\"load_bps\":20000000000,") != NULL,
	   "a closed bin is laid on the segments");
	write_batch("traffic.now", start, 10, 90ull * GIGABIT);
	ok(strstr(look(context), "\"load_bps\":20000000000,") != NULL,
	   "ten seconds of the next do not change that");
	write_batch("traffic.now", start, 80, 40ull * GIGABIT);
	ok(strstr(look(context), "\"load_bps\":40000000000,") != NULL,
	   "more than a minute of it does");
	buf_str(&junk, "not a batch");
	write_file("traffic.now", &junk);
	ok(strstr(look(context), "\"load_bps\":20000000000,") != NULL,
	   "a file that makes no sense is left aside");
	buf_fini(&junk);
	write_batch("traffic.latest", start - 3600, 300, 20ull * GIGABIT);
	ok(strstr(look(context), "\"load_bps\":null") != NULL,
	   "what was measured an hour ago is not now");
	write_batch("traffic.latest", start - 300, 300, 20ull * GIGABIT);
	(void)look(context);
}

static void
new_picture(struct role_context *context)
{
	const struct hub *old = context->hub;
	struct hub *next = picture();
	char reason[ROLE_REASON] = "";
	next->segments[hub_segment_by_id(next, "B01")].usable = false;
	ok(role_corridor.prepare(context, next, reason) == 0, "a new picture will do");
	context->hub = next;
	ok(role_corridor.apply(context, old) == 0, "and is taken");
	hub_free((struct hub *)old);
	ok(strstr(ask(context, "json\tshow\toverview"), "Caucasus Cable System carries nothing") !=
		   NULL,
	   "what is out in it is an incident at once");
	ok(strstr(ask(context, "json\tcorridor\tpath\tTBS\tVAR"), "\"B01\"") == NULL,
	   "and no way goes over it");
}

int
main(void)
{
	char reason[ROLE_REASON] = "";
	struct role_context context = {.loop = loop_new(), .hub = picture(), .generation = 1};
	if (!mkdtemp(folder))
		abort();
	context.run_directory = folder;
	log_set_level(LOG_LEVEL_ERROR);
	if (!ok(role_corridor.start(&context, reason) == 0, "the room starts%s", reason))
		return done_testing();
	traffic(&context);
	is_str(ask(&context, "json\tcorridor\tpath\tALA\tNowhere"),
	       "there is no site \"Nowhere\"; the nearest known is LHE (Lahore)",
	       "a question that cannot be answered is refused with the reason");
	new_picture(&context);
	role_corridor.stop(&context);
	ok(context.state == NULL, "the room stops");
	hub_free((struct hub *)context.hub);
	loop_free(context.loop);
	char command[64];
	snprintf(command, sizeof(command), "rm -r %s", folder);
	if (system(command) != 0)
		printf("# %s is left\n", folder);
	return done_testing();
}
