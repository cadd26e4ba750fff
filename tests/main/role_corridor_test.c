/* The corridor's process takes up what the meter writes, and goes over to a new picture. The role
 * is no part of the archive that tests link, so it is compiled in here. */
#include "main/role_corridor.c"

#include <math.h>

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
	write_batch("traffic.now", start - 300, 250, 50ull * GIGABIT);
	ok(strstr(look(context), "\"load_bps\":50000000000,") != NULL,
	   "a bin that is open speaks for now");
	write_batch("traffic.now", start, 5, 90ull * GIGABIT);
	ok(strstr(look(context), "\"load_bps\":50000000000,") != NULL,
	   "and goes on to when the next has begun, for it is closed only a while later");
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

/* The exchange's view of what was written; texts are of `arena`. False: there is no sound plan. */
static bool
read_plan(struct steer_plan *plan, struct arena *arena)
{
	char path[128];
	static uint8_t octets[1 << 20];
	const char *error;
	snprintf(path, sizeof(path), "%s/" STEER_FILE, folder);
	FILE *f = fopen(path, "rb");
	size_t length = f ? fread(octets, 1, sizeof(octets), f) : 0;
	if (f)
		fclose(f);
	return steer_decode(plan, arena, cursor_of(octets, length), &error) == 0;
}

/* The first exit of Baku's members, and its way, in words; "none" when none is open. */
static const char *
first_of_baku(uint64_t *number)
{
	static char words[512];
	struct arena *arena = arena_new();
	struct steer_plan plan;
	snprintf(words, sizeof(words), "no plan");
	if (read_plan(&plan, arena)) {
		const struct steer_ingress *in =
			steer_ingress_of(&plan, steer_site(&plan, "BAK"), (struct asn){0});
		const struct steer_choice *c = in ? &plan.choices[in->first_choice + 1] : NULL;
		*number = plan.number;
		snprintf(words, sizeof(words), "%s",
			 !c || c->flags & STEER_CLOSED ? "none" : plan.exits[c->exit].session);
		for (uint32_t i = 0; c && i < c->step_count; i++)
			snprintf(words + strlen(words), sizeof(words) - strlen(words), " %s",
				 plan.segments[plan.steps[c->first_step + i]]);
	}
	arena_free(arena);
	return words;
}

/* One order about several things: all of them, or none. */
static void
several(struct role_context *context)
{
	is_str(ask(context, "text\tcorridor\tcut\tB01,Nowhere"),
	       ask(context, "text\tcorridor\tcut\tNowhere"),
	       "where one of several names is wrong, that is what is said");
	is_str(ask(context, "text\tcorridor\tcut\tB01,,B02"),
	       "found \"B01,,B02\", expected a name before and after each comma",
	       "no name is left empty");
	is_str(ask(context, "text\tcorridor\tcut\tB01,B02,B01"), "segment B01 is named twice",
	       "nor said twice");
	ok(strstr(ask(context, "json\tcorridor\tsteer"), "\"orders\":[]") != NULL,
	   "and nothing is done");
	const char *told = ask(context, "json\tcorridor\tcut\tB01,B02\t--preview");
	ok(strstr(told, "\"B01\"") && strstr(told, "\"B02\""), "a preview is of all of them");
	is_str(ask(context, "text\tcorridor\tcut\tB01,cable:TW1\t--reason\tquake"),
	       "segment B01: cut\ncable TW1: cut\n", "several are cut");
	ok(strstr(ask(context, "text\tcorridor\tsteer"), "cable TW1") != NULL,
	   "and both orders stand");
	is_str(ask(context, "text\tcorridor\trestore\tB01,B02"),
	       "nothing is ordered of segment B02 itself; what is: corridor steer",
	       "of one that was not ordered none is restored");
	told = ask(context, "json\tcorridor\trestore\tcable:TW1,B01");
	ok(strstr(told, "{\"kind\":\"cable\",\"id\":\"TW1\",\"things\":[{\"kind\":\"cable\",\"id\":"
			"\"TW1\"},"
			"{\"kind\":\"segment\",\"id\":\"B01\"}],\"state\":\"restored\"") != NULL,
	   "else all are");
	ok(strstr(ask(context, "json\tcorridor\tsteer"), "\"orders\":[]") != NULL,
	   "and nothing is ordered any more");
}

static void
put_at(struct hub *hub, uint32_t session, const char *site, enum hub_transit_kind kind)
{
	for (uint32_t i = 0; i < hub->site_count; i++)
		if (strcmp(hub->sites[i].id, site) == 0)
			hub->ports[hub->sessions[session].port].site = i;
	hub->sessions[session].transit = kind;
}

static uint32_t
site_of(const struct hub *hub, const char *site)
{
	for (uint32_t i = 0; i < hub->site_count; i++)
		if (strcmp(hub->sites[i].id, site) == 0)
			return i;
	abort();
}

/* A customer in Baku, an upstream in Frankfurt, and what goes between. */
static struct hub *
transit_picture(void)
{
	static struct hub_demand demand = {
		.split = true, .id = "BAK-FRA", .gbps = 20, .basis = {.low = NAN, .high = NAN}};
	struct hub *hub = picture();
	demand.member = hub->ports[hub->sessions[0].port].member;
	demand.from = site_of(hub, "BAK");
	demand.to = site_of(hub, "FRA");
	hub->demands = &demand;
	hub->demand_count = 1;
	put_at(hub, 0, "BAK", HUB_AS_CUSTOMER);
	put_at(hub, 2, "FRA", HUB_AS_UPSTREAM);
	return hub;
}

/* Is a segment there for paths of routers? */
static bool
is_left(const struct role_context *context, const char *segment)
{
	uint64_t changes;
	const struct corridor_room *room = context->state;
	return corridor_steering_plan(room->steering, &changes)
		->segments[hub_segment_by_id(context->hub, segment)]
		.there;
}

static void
steering(void)
{
	char reason[ROLE_REASON] = "", before[512];
	uint64_t number = 0, first = 0;
	struct role_context context = {.loop = loop_new(),
				       .hub = transit_picture(),
				       .generation = 1,
				       .run_directory = folder,
				       .corridor_directory = folder};
	if (!ok(role_corridor.start(&context, reason) == 0, "with sessions of the hub's own AS"))
		return;
	snprintf(before, sizeof(before), "%s", first_of_baku(&first));
	ok(first > 0 && strncmp(before, "64603-1 ", 8) == 0,
	   "a plan is written: from Baku to the upstream in Frankfurt");
	ok(strstr(before, "B01") != NULL, "under the Black Sea");
	const char *told = ask(&context, "json\tcorridor\tcut\tB01\t--preview");
	ok(strstr(told, "\"after\":\"cut\"") && strstr(told, "\"site\":\"BAK\""),
	   "what a cut would do is told before");
	ok(strstr(told, "\"cable_name\":\"Caucasus Cable System\"") &&
		   strstr(told, "\"id\":\"BAK-FRA\",\"name\":null,\"member_asn\":64601") &&
		   strstr(told, "\"faster\":0") && strstr(told, "\"lost_gbps_high\":0") &&
		   strstr(told, "\"slower\":1") && strstr(told, "\"colors\":[]"),
	   "with the cable, the demand and the member that it concerns");
	ok(strstr(told, "\"before_way\":[\"") && strstr(told, "\"after_km\":") &&
		   strstr(told, "\"length_km\":"),
	   "and with the ways before and after, and their lengths");
	ok(strstr(ask(&context, "csv\tcorridor\tcut\tB01\t--preview"),
		  "faster_why,before_km,after_km,before_way,after_way\r\n"),
	   "as CSV too");
	told = ask(&context, "text\tcorridor\tcut\tB01\t--preview");
	ok(strstr(told, "B01 Caucasus Cable System: cut, now up\n") &&
		   strstr(told, "moved         1 demand; slower: 1\n") &&
		   strstr(told, "BAK-FRA  ") && strstr(told, "  of AS64601 ") &&
		   strstr(told, "\n  over ") && strstr(told, "\n        over ") &&
		   strstr(told, " instead of ") && strstr(told, " km, was "),
	   "and so as text");
	ok(strcmp(first_of_baku(&number), before) == 0 && number == first, "and not done");
	is_str(ask(&context, "text\tcorridor\tcut\tB01\t--reason\tan anchor"), "segment B01: cut\n",
	       "it is cut");
	ok(strstr(first_of_baku(&number), "B01") == NULL && number > first,
	   "the plan goes around it at once");
	ok(!is_left(&context, "B01") && is_left(&context, "L04"),
	   "and paths of routers do not go over it");
	is_str(ask(&context, "text\tcorridor\tcut\tB01"), "segment B01: that is ordered already",
	       "a second cut of it is none");
	is_str(ask(&context, "text\tcorridor\trestore\tcountry:TR"),
	       "nothing is ordered of country TR itself; what is: corridor steer",
	       "what was not ordered cannot be restored");
	ok(strstr(ask(&context, "text\tshow\tcorridor\tevents"), "an anchor") != NULL,
	   "the journal has the reason");
	ok(strncmp(ask(&context, "text\tcorridor\twork\tL04\t--until\t2030-01-01"), "expected",
		   8) == 0,
	   "work needs its times");
	role_corridor.stop(&context);
	first = number;
	if (!ok(role_corridor.start(&context, reason) == 0, "the room begins anew"))
		return;
	ok(strstr(first_of_baku(&number), "B01") == NULL && number > first,
	   "what was cut is cut still, and numbers rise");
	ok(strstr(ask(&context, "text\tcorridor\tsteer"), "cut      segment B01") != NULL,
	   "the order is shown");
	is_str(ask(&context, "text\tcorridor\trestore\tB01"), "segment B01: restored\n",
	       "it is restored");
	several(&context);
	ok(is_left(&context, "B01"), "paths of routers may go over it again");
	corridor_steering_tick(((struct corridor_room *)context.state)->steering);
	ok(strstr(first_of_baku(&number), "B01") == NULL, "what is better waits for a while");
	role_corridor.stop(&context);
	hub_free((struct hub *)context.hub);
	loop_free(context.loop);
}

/* A hub file whose color names what nothing has is refused before it is applied. */
/* More sessions than a plan has room for: nothing is steered, and who looks is told why. */
static void
too_many(void)
{
	static struct hub_session many[STEER_EXITS_MAX + 1];
	static char ids[STEER_EXITS_MAX + 1][12];
	char reason[ROLE_REASON] = "";
	struct hub *hub = transit_picture();
	for (size_t i = 0; i < STEER_EXITS_MAX + 1; i++) {
		snprintf(ids[i], sizeof(ids[i]), "many-%zu", i);
		many[i] = hub->sessions[0];
		many[i].id = ids[i];
	}
	hub->sessions = many;
	hub->session_count = STEER_EXITS_MAX + 1;
	struct role_context context = {.loop = loop_new(),
				       .hub = hub,
				       .generation = 1,
				       .run_directory = folder,
				       .corridor_directory = folder};
	if (!ok(role_corridor.start(&context, reason) == 0, "with sessions past counting"))
		return;
	const char *why = "2 places and 4097 sessions are more than a plan can hold";
	ok(strstr(ask(&context, "text\tcorridor\tsteer"), why) != NULL,
	   "it is said why there is no plan");
	ok(strstr(ask(&context, "json\tcorridor\tsteer"), why) != NULL, "in JSON too");
	ok(strstr(ask(&context, "json\tshow\toverview"), why) != NULL,
	   "and it is an incident of the overview");
	ok(strstr(ask(&context, "json\tcorridor\tpath\tTBS\tVAR"), "\"B01\"") != NULL,
	   "all else is answered");
	role_corridor.stop(&context);
	hub_free(hub);
	loop_free(context.loop);
}

static void
wrong_color(struct role_context *context)
{
	char reason[ROLE_REASON] = "";
	const char *names[] = {"RU", "cable:nothing such"};
	struct hub_sr_color color = {.color = 1, .avoid = names, .avoid_count = 1};
	struct hub next = *context->hub;
	next.sr_colors = &color;
	next.sr_color_count = 1;
	ok(role_corridor.prepare(context, &next, reason) == 0, "a color may avoid a country");
	color.avoid_count = 2;
	ok(role_corridor.prepare(context, &next, reason) < 0 &&
		   strstr(reason, "sr_colors: color 1: nothing is called \"nothing such\"") ==
			   reason,
	   "and not what there is not");
}

/* The picture with so much of a port toward the upstream: 20 Gbit/s go there. */
static struct hub *
picture_of_port(uint64_t speed_bps)
{
	struct hub *hub = transit_picture();
	hub->ports[hub->sessions[2].port].speed_bps = speed_bps;
	hub->contract_count = 0; /* what a contract lays on segments is not steered */
	return hub;
}

static void
with_port(struct role_context *context, struct hub *next)
{
	char reason[ROLE_REASON] = "";
	const struct hub *old = context->hub;
	ok(role_corridor.prepare(context, next, reason) == 0, "a port of another speed");
	context->hub = next;
	(void)role_corridor.apply(context, old);
	hub_free((struct hub *)old);
	(void)look(context);
	corridor_steering_tick(((struct corridor_room *)context->state)->steering);
}

/* The deeds about ports, a letter each. */
static const char *
port_events(struct role_context *context)
{
	static char deeds[64];
	size_t count = 0;
	const char *told = ask(context, "csv\tshow\tcorridor\tevents");
	for (const char *at = told; (at = strstr(at, ",port,64603-1,")); at++) {
		const char *line = at;
		while (line > told && line[-1] != '\n')
			line--;
		deeds[count++] =
			strstr(line, ",filled,") && strstr(line, ",filled,") < at ? 'f' : 'e';
	}
	deeds[count] = '\0';
	return deeds;
}

/* A port that fills is one event, however load trembles and whatever begins anew, and so is that it eases. */
static void
ports_fill(void)
{
	char reason[ROLE_REASON] = "";
	struct role_context context = {.loop = loop_new(),
				       .hub = picture_of_port(100ull * GIGABIT),
				       .generation = 1,
				       .run_directory = folder,
				       .corridor_directory = folder};
	if (!ok(role_corridor.start(&context, reason) == 0, "with a port that has room"))
		return;
	(void)look(&context);
	corridor_steering_tick(((struct corridor_room *)context.state)->steering);
	is_str(port_events(&context), "", "there is nothing to tell");
	with_port(&context, picture_of_port(20ull * GIGABIT));
	is_str(port_events(&context), "f", "over nine tenths of its speed it is full");
	with_port(&context, picture_of_port(23ull * GIGABIT));
	is_str(port_events(&context), "f", "a little below it is still");
	with_port(&context, picture_of_port(21ull * GIGABIT));
	is_str(port_events(&context), "f", "and not once more when it is over it again");
	role_corridor.stop(&context);
	if (!ok(role_corridor.start(&context, reason) == 0, "a process that begins anew"))
		return;
	(void)look(&context);
	corridor_steering_tick(((struct corridor_room *)context.state)->steering);
	is_str(port_events(&context), "f", "knows of it");
	with_port(&context, picture_of_port(100ull * GIGABIT));
	is_str(port_events(&context), "fe", "and tells when it has room");
	role_corridor.stop(&context);
	hub_free((struct hub *)context.hub);
	loop_free(context.loop);
}

int
main(void)
{
	char reason[ROLE_REASON] = "";
	struct role_context context = {.loop = loop_new(), .hub = picture(), .generation = 1};
	if (!mkdtemp(folder))
		abort();
	context.run_directory = context.corridor_directory = folder;
	log_set_level(LOG_LEVEL_ERROR);
	if (!ok(role_corridor.start(&context, reason) == 0, "the room starts%s", reason))
		return done_testing();
	traffic(&context);
	is_str(ask(&context, "json\tcorridor\tpath\tALA\tNowhere"),
	       "there is no site \"Nowhere\", nor one called nearly so",
	       "a question that cannot be answered is refused with the reason");
	ok(strstr(ask(&context, "csv\tcorridor\treckon\tlatency\tlength=380km"),
		  "one way,1.860753949,ms") != NULL,
	   "the calculator answers here, too");
	new_picture(&context);
	wrong_color(&context);
	role_corridor.stop(&context);
	ok(context.state == NULL, "the room stops");
	hub_free((struct hub *)context.hub);
	loop_free(context.loop);
	steering();
	ports_fill();
	too_many();
	char command[64];
	snprintf(command, sizeof(command), "rm -r %s", folder);
	if (system(command) != 0)
		printf("# %s is left\n", folder);
	return done_testing();
}
