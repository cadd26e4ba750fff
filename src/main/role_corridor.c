/* The corridor's process: the plans of the picture in force, and the traffic that the meter last
 * wrote down, laid on it. Reads run/traffic.latest and run/traffic.now every five seconds; both are
 * replaced whole by rename, so a file that is the same file as before is not read again. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "corridor/corridor_load.h"
#include "corridor/corridor_plans.h"
#include "hub/traffic.h"
#include "main/answer_child_io.h"
#include "main/corridor_colors.h"
#include "main/corridor_ledger_io.h"
#include "main/corridor_measuring.h"
#include "main/corridor_recorder.h"
#include "main/corridor_steering.h"
#include "main/role.h"
#include "main/role_corridor_pcep.h"
#include "main/role_corridor_steer.h"
#include "pcep/pcep_color.h"
#include "view/view_color.h"
#include "view/view_corridor.h"

enum {
	LOOK_AGAIN_MS = 5000,
	STEER_MS = 1000,
	BATCH_MAX = 256 << 20, /* octets; a bin of a thousand members has a tenth of it */
};

/* One file of the meter's, as last read. */
struct batch_file {
	const char *name;
	struct stat seen; /* which file it was; st_size 0: none */
	struct arena *arena;
	struct traffic_batch batch;
	bool there;  /* `batch` is sound */
	bool harmed; /* the file was there and was not a batch: said once */
	/* The last of an earlier interval, of the open one only; NULL: none. */
	bool keeps_before;
	struct arena *before_arena;
	struct traffic_batch before;
};

struct corridor_room {
	struct role_context *context;
	struct loop_timer timer;
	struct batch_file closed, open;
	struct corridor_plans *plans; /* of the picture in force */
	struct corridor_load *load;
	bool measured;
	const struct traffic_batch *batch; /* that it is of; NULL: none, or it is gone */
	struct pcep_service *pcep;
	struct corridor_colors *colors;
	struct loop_timer steer_timer;
	struct corridor_steering *steering;
	struct corridor_recorder *recorder; /* of the ways, for the ledger */
	uint64_t told_changes;              /* of what is cut: what routers' paths go by */
	struct answer_children children;
};

static void
batch_file_clear(struct batch_file *file)
{
	arena_free(file->arena);
	file->arena = NULL;
	file->there = false;
	file->seen = (struct stat){0};
}

/* Makes room for the next, and keeps what there is beside it. */
static void
batch_file_set_aside(struct batch_file *file)
{
	if (!file->there || !file->keeps_before)
		return;
	arena_free(file->before_arena);
	file->before_arena = file->arena;
	file->before = file->batch;
	file->arena = NULL;
}

static void
batch_file_forget_before(struct batch_file *file)
{
	arena_free(file->before_arena);
	file->before_arena = NULL;
}

static void
batch_file_fini(struct batch_file *file)
{
	batch_file_clear(file);
	batch_file_forget_before(file);
}

/* Appends all of `fd` to *out. 0, or -1 and errno. */
static int
read_all(int fd, size_t size, struct buf *out)
{
	if (!buf_reserve(out, size))
		return -1;
	while (out->length < size) {
		ssize_t got = read(fd, out->data + out->length, size - out->length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -1;
		out->length += (size_t)got;
	}
	return 0;
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && a->st_ino == b->st_ino && a->st_dev == b->st_dev &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Reads the file open at `fd` unless it is the one already read. */
static void
batch_file_take(struct batch_file *file, int fd)
{
	struct stat now;
	struct buf bytes = {0};
	if (fstat(fd, &now) < 0 || !S_ISREG(now.st_mode) || now.st_size > BATCH_MAX) {
		batch_file_clear(file);
		return;
	}
	if (file->seen.st_size && same_file(&now, &file->seen))
		return;
	struct arena *arena = arena_new();
	struct traffic_batch batch;
	bool sound = arena && read_all(fd, (size_t)now.st_size, &bytes) == 0 &&
		     traffic_decode(&batch, arena, cursor_of(bytes.data, bytes.length)) == 0;
	buf_fini(&bytes);
	if (sound && batch.start.s > file->batch.start.s)
		batch_file_set_aside(file);
	batch_file_clear(file);
	file->seen = now;
	file->arena = arena;
	file->there = sound;
	if (sound)
		file->batch = batch;
	if (!file->there && !file->harmed)
		log_warn("%s: not a sound batch of traffic, left aside", file->name);
	file->harmed = !file->there;
}

static void
batch_file_refresh(struct batch_file *file, const char *folder)
{
	char path[4096];
	int length = snprintf(path, sizeof(path), "%s/%s", folder, file->name);
	int fd =
		length > 0 && (size_t)length < sizeof(path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0) {
		batch_file_set_aside(file);
		batch_file_clear(file);
		return;
	}
	batch_file_take(file, fd);
	close(fd);
}

/* Lays what was last read on the segments of the picture in force. Without memory the old load
 * stays, unless the picture has changed under it. */
static int
lay_traffic(struct corridor_room *room)
{
	struct utc_s now = clock_utc();
	/* Closed at last. */
	if (room->closed.there && room->closed.batch.start.s >= room->open.before.start.s)
		batch_file_forget_before(&room->open);
	const struct traffic_batch *batch =
		corridor_load_choose(room->closed.there ? &room->closed.batch : NULL,
				     room->open.before_arena ? &room->open.before : NULL,
				     room->open.there ? &room->open.batch : NULL, now);
	struct corridor_load *load = corridor_load_new(room->context->hub, batch, now);
	if (!load)
		return -1;
	if (room->pcep)
		pcep_pce_load(pcep_service_engine(room->pcep), load);
	corridor_load_free(room->load);
	room->load = load;
	room->measured = batch != NULL;
	room->batch = batch;
	if (room->steering)
		corridor_steering_measure(room->steering, load, batch);
	return 0;
}

static struct pcep_plan
plan_of(struct corridor_room *room)
{
	return (struct pcep_plan){room->context->hub,
				  corridor_steering_plan(room->steering, &room->told_changes),
				  room->load};
}

static void
find_colors(struct corridor_room *room)
{
	struct pcep_plan plan = plan_of(room);
	corridor_colors_find(room->colors, &plan, corridor_steering_live(room->steering));
}

/* Something may have been cut or restored: paths of routers that follow the plan, and ways of colors, are worked
 * out again. */
static void
lead_routers(struct corridor_room *room, struct mono_us now)
{
	uint64_t changes;
	(void)corridor_steering_plan(room->steering, &changes);
	bool changed = changes != room->told_changes;
	if (changed || corridor_colors_due(room->colors))
		find_colors(room);
	if (changed)
		pcep_pce_replan(pcep_service_engine(room->pcep), now);
	corridor_colors_turn(room->colors, pcep_service_engine(room->pcep),
			     corridor_steering_sees(room->steering), now);
	pcep_service_flush(room->pcep);
}

/* Has paths of routers worked out on the plan in force. */
static int
tell_routers(struct corridor_room *room)
{
	char why[ROLE_REASON];
	if (!room->pcep)
		return 0;
	struct pcep_plan plan = plan_of(room);
	find_colors(room);
	if (pcep_service_use(room->pcep, &plan, why, sizeof(why)) == 0)
		return 0;
	log_warn("pcep: %s", why);
	return -1;
}

/* The steering goes by the plan in force. */
static int
steer_by_plan(struct corridor_room *room)
{
	if (corridor_steering_use(room->steering, corridor_plans_today(room->plans)) < 0)
		return -1;
	corridor_steering_measure(room->steering, room->load, room->batch);
	return 0;
}

static void
steer_on(struct loop_timer *timer, struct mono_us now)
{
	struct corridor_room *room =
		(struct corridor_room *)((char *)timer -
					 offsetof(struct corridor_room, steer_timer));
	corridor_steering_tick(room->steering);
	corridor_recorder_turn(room->recorder, room->steering);
	lead_routers(room, now);
	loop_timer_set(room->context->loop, timer, mono_add_ms(now, STEER_MS));
}

static void
look_again(struct loop_timer *timer, struct mono_us now)
{
	struct corridor_room *room =
		(struct corridor_room *)((char *)timer - offsetof(struct corridor_room, timer));
	room->batch = NULL;
	batch_file_refresh(&room->closed, room->context->run_directory);
	batch_file_refresh(&room->open, room->context->run_directory);
	if (lay_traffic(room) < 0)
		log_warn("traffic: no memory to lay it on the segments");
	const struct corridor_plan *today = corridor_plans_today(room->plans);
	if (corridor_plans_turn(room->plans, clock_utc()) < 0)
		log_warn("plan: no memory for that of today");
	if (corridor_plans_today(room->plans) != today) {
		if (steer_by_plan(room) < 0)
			log_warn("steer: no memory for the plan of today");
		(void)tell_routers(room);
	}
	loop_timer_set(room->context->loop, timer, mono_add_ms(now, LOOK_AGAIN_MS));
}

static void
room_free(struct corridor_room *room)
{
	if (!room)
		return;
	pcep_service_free(room->pcep);
	corridor_colors_free(room->colors);
	corridor_recorder_free(room->recorder);
	corridor_steering_free(room->steering);
	batch_file_fini(&room->closed);
	batch_file_fini(&room->open);
	corridor_load_free(room->load);
	corridor_plans_free(room->plans);
	free(room);
}

/* Makes plan and load anew from the picture in force; the old ones stay if that fails. */
static int
take_picture(struct corridor_room *room)
{
	struct corridor_plans *plans = corridor_plans_new(room->context->hub, clock_utc());
	if (!plans)
		return -1;
	if (lay_traffic(room) < 0) {
		corridor_plans_free(plans);
		return -1;
	}
	struct corridor_plans *old = room->plans;
	room->plans = plans;
	int result = room->steering ? steer_by_plan(room) : 0;
	/* Where it may not listen now, a process that begins anew may. */
	if (tell_routers(room) < 0)
		result = -1;
	corridor_plans_free(old);
	return result;
}

static int
start(struct role_context *context, char reason[ROLE_REASON])
{
	struct corridor_room *room = calloc(1, sizeof(*room));
	if (!room) {
		snprintf(reason, ROLE_REASON, "out of memory");
		return -1;
	}
	/* Children leave nothing behind; their end is noticed by that of their pipe. */
	(void)signal(SIGCHLD, SIG_IGN);
	room->context = context;
	room->closed.name = "traffic.latest";
	room->open.name = "traffic.now";
	room->open.keeps_before = true;
	room->timer.fire = look_again;
	if (take_picture(room) < 0) {
		snprintf(reason, ROLE_REASON, "the graph of sites and segments: %s",
			 strerror(errno));
		room_free(room);
		return -1;
	}
	/* Before the steering writes a plan of its own. */
	room->recorder = corridor_recorder_new(context);
	room->steering = corridor_steering_new(context, corridor_plans_today(room->plans));
	room->colors = corridor_colors_new(context);
	if (!room->steering || !room->recorder || !room->colors) {
		snprintf(reason, ROLE_REASON, "out of memory");
		room_free(room);
		return -1;
	}
	struct pcep_plan plan = plan_of(room);
	room->pcep = pcep_service_new(context->loop, &plan, reason, ROLE_REASON);
	if (!room->pcep) {
		room_free(room);
		return -1;
	}
	struct corridor_complaint complaint;
	if (pcep_colors_check(corridor_plans_today(room->plans), &complaint) < 0)
		log_warn("sr_colors: %s: it leads nowhere", complaint.text);
	find_colors(room);
	room->steer_timer.fire = steer_on;
	context->state = room;
	loop_timer_set(context->loop, &room->timer, loop_now(context->loop));
	loop_timer_set(context->loop, &room->steer_timer, loop_now(context->loop));
	return 0;
}

static int
prepare(struct role_context *context, const struct hub *next, char reason[ROLE_REASON])
{
	(void)context;
	struct corridor_plans *plans = corridor_plans_new(next, clock_utc());
	if (!plans)
		snprintf(reason, ROLE_REASON, "the graph of sites and segments: %s",
			 strerror(errno));
	struct corridor_complaint complaint;
	int result = plans ? pcep_colors_check(corridor_plans_today(plans), &complaint) : -1;
	if (plans && result < 0)
		snprintf(reason, ROLE_REASON, "sr_colors: %s", complaint.text);
	corridor_plans_free(plans);
	return result;
}

static int
apply(struct role_context *context, const struct hub *old)
{
	(void)old;
	return take_picture(context->state);
}

/* Is it one of these about the corridor? */
static bool
is_one_of(const struct control_request *request, const char *const *words, size_t count)
{
	if (request->count < 2 || strcmp(request->words[0], "corridor") != 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], request->words[1]) == 0)
			return true;
	return false;
}

/* Is the question about the corridor as it is at present, with what is cut left out? Others are about what is to
 * be built, or what it is worth: a cut passes. */
static bool
is_of_now(const struct control_request *request)
{
	static const char *const words[] = {"path",   "pair",         "cutset", "flow",
					    "whatif", "availability", "optics"};
	for (size_t i = 2; i < request->count; i++)
		if (strcmp(request->words[i], "--as-planned") == 0)
			return false;
	return is_one_of(request, words, sizeof(words) / sizeof(words[0]));
}

/* Questions that may take longer than routes can wait. */
static bool
is_long(const struct control_request *request)
{
	static const char *const words[] = {"availability", "change", "flow",    "next",
					    "optics",       "replay", "revenue", "sensitivity",
					    "simulate",     "target", "whatif",  "worth"};
	return is_one_of(request, words, sizeof(words) / sizeof(words[0]));
}

/* NULL: the usual one of the form. */
static const char *
content_type_of(const struct control_request *request)
{
	static const char *const export_word[] = {"export"}, *const tornado[] = {"sensitivity"};
	if (is_one_of(request, export_word, 1) && request->form != CONTROL_CSV)
		return "application/geo+json";
	if (!is_one_of(request, tornado, 1) || request->form != CONTROL_TEXT)
		return NULL;
	for (size_t i = 2; i < request->count; i++)
		if (strcmp(request->words[i], "--svg") == 0)
			return "image/svg+xml";
	return NULL;
}

/* From the plans and the traffic at hand. */
static void
answer_by_plan(void *context, const struct control_request *request, struct control_answer *answer)
{
	const struct role_context *role = context;
	struct corridor_room *room = role->state;
	uint64_t changes;
	const struct corridor_plan *left =
		is_of_now(request) ? corridor_steering_plan(room->steering, &changes) : NULL;
	corridor_plans_live(room->plans, left);
	struct view_corridor_steering steering = corridor_steering_view(room->steering);
	/* Asking waits for the answer: for questions only that have a process of their own. */
	struct view_corridor_ledger ledger = {corridor_ledger_revenue, role->control_socket};
	struct view_corridor view = {
		.hub = role->hub,
		.steering = &steering,
		.plans = room->plans,
		.plan = left ? left : corridor_plans_today(room->plans),
		.load = room->load,
		.measured = room->measured,
		.batch = room->batch,
		.live = corridor_steering_live(room->steering),
		.ledger = is_long(request) || corridor_measuring_asked(request) ? &ledger : NULL,
	};
	enum view_corridor_form form = request->form == CONTROL_JSON  ? VIEW_CORRIDOR_JSON
				       : request->form == CONTROL_CSV ? VIEW_CORRIDOR_CSV
								      : VIEW_CORRIDOR_TEXT;
	struct corridor_complaint complaint;
	const char *const *words = request->words;
	size_t count = request->count;
	struct corridor_measuring measuring;
	int failed = 0;
	if (corridor_measuring_asked(request)) {
		failed = corridor_measuring_turn(&measuring, &view, request, role->control_socket,
						 &complaint);
		words = measuring.words;
		count = measuring.count;
	}
	if (failed ||
	    view_corridor_answer(&answer->body, &view, form, words, count, &complaint) < 0) {
		buf_fini(&answer->body);
		control_error(answer, complaint.status, "%s", complaint.text);
	}
}

static void
answer_colors(const struct corridor_room *room, const struct control_request *request,
	      struct control_answer *answer)
{
	struct view_colors view = {.hub = room->context->hub};
	view.ways = corridor_colors_ways(room->colors, &view.over);
	if (request->count != 2)
		control_error(answer, 400, "expected: show colors");
	else
		view_colors(&answer->body, &view, (enum view_form)request->form);
}

static void
answer(void *context, const struct control_request *request, struct control_answer *answer)
{
	const struct role_context *role = context;
	struct corridor_room *room = role->state;
	if (request->count > 1 && strcmp(request->words[0], "show") == 0 &&
	    strcmp(request->words[1], "colors") == 0) {
		answer_colors(room, request, answer);
		return;
	}
	if (role_corridor_pcep(room->pcep, request, answer, loop_now(role->loop)))
		return;
	struct corridor_preview_load measured = {room->load, room->batch};
	if (role_corridor_steer(room->steering, corridor_plans_today(room->plans), &measured,
				request, answer)) {
		corridor_recorder_turn(room->recorder, room->steering);
		lead_routers(room, loop_now(role->loop));
		return;
	}
	answer->content_type = content_type_of(request);
	if (is_long(request) || corridor_measuring_asked(request))
		answer_child(&room->children, answer_by_plan, context, request, NULL, answer);
	else
		answer_by_plan(context, request, answer);
}

static void
stop(struct role_context *context)
{
	struct corridor_room *room = context->state;
	if (!room)
		return;
	loop_timer_stop(context->loop, &room->timer);
	loop_timer_stop(context->loop, &room->steer_timer);
	corridor_recorder_end(room->recorder);
	room_free(room);
	context->state = NULL;
}

const struct role role_corridor = {
	.name = "corridor",
	.start = start,
	.prepare = prepare,
	.apply = apply,
	.answer = answer,
	.stop = stop,
};
