/* The parent of a running hub. */
#include "main/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/buf_io.h"
#include "base/clock_io.h"
#include "base/log.h"
#include "hub/hub_file_io.h"

enum { END_S = 8 }; /* the rooms have so long to write what must last */

struct hub *
supervisor_read(const char *file, struct buf *out)
{
	struct hub_report report;
	struct hub *hub = hub_file_read(file, hub_file_disk(), &report);
	hub_report_print(&report, out);
	hub_report_fini(&report);
	return hub;
}

int
supervisor_write_picture(struct supervisor *s, const struct hub *hub, unsigned generation)
{
	struct buf text = {0};
	char *path = folders_picture(&s->folders, generation);
	hub_file_write(hub, &text);
	int result =
		text.failed ? -1 : folders_write(path, hub->run_as_user, text.data, text.length);
	if (result < 0)
		log_error("%s: %s", path, text.failed ? "no memory" : strerror(errno));
	buf_fini(&text);
	free(path);
	return result;
}

/* --- questions --- */

/* Whoever comes by HTTP may look and nothing more, also when the page's process does what it was not written to do;
 * but for orders about segments, with the token of somebody who may give them. */
static bool
is_page_that_writes(const struct supervisor *s, const struct control_request *request)
{
	const char *token = role_request_token(request);
	if (token && hub_steering_whose(s->hub, token))
		return false;
	int web = role_by_name("web");
	return request->peer.known && s->rooms[web].pid > 0 &&
	       request->peer.pid == s->rooms[web].pid && role_request_changes(request);
}

static int
route(void *context, const struct control_request *request)
{
	struct supervisor *s = context;
	int role = role_for_request(request);
	if (is_page_that_writes(s, request))
		return -1;
	if (role < 0 || s->rooms[role].state != ROOM_UP)
		return -1;
	return s->rooms[role].requests;
}

/* Questions for the parent, and those whose room is not there. */
static void
own_answer(void *context, const struct control_request *request, struct control_answer *answer)
{
	struct supervisor *s = context;
	int role = role_for_request(request);
	if (is_page_that_writes(s, request) && role_request_token(request))
		control_error(answer, 401, "the token is missing or wrong");
	else if (is_page_that_writes(s, request))
		control_error(answer, 403, "the page may look, and change nothing");
	else if (role == ROLE_NOBODY && strcmp(request->words[0], "metrics") == 0)
		control_error(answer, 404,
			      "expected a room: exchange, meter, ledger, corridor, registry or "
			      "web");
	else if (role == ROLE_NOBODY)
		control_error(answer, 404, "there is no command \"%.100s%s%.100s\"",
			      request->words[0], request->count > 1 ? " " : "",
			      request->count > 1 ? request->words[1] : "");
	else if (role >= 0)
		control_error(answer, 503, "%s is not running%s%s", roles[role]->name,
			      *s->rooms[role].reason ? ": " : "", s->rooms[role].reason);
	else if (strcmp(request->words[0], "show") == 0)
		status_answer(s, clock_utc(), request->form, &answer->body);
	else if (strcmp(request->words[0], "upgrade") == 0)
		supervisor_upgrade_answer(s, request, answer);
	else
		supervisor_change_answer(s, request, answer);
}

/* --- signals --- */

static void
signal_ready(struct loop_watch *watch, uint32_t events)
{
	struct supervisor *s =
		(struct supervisor *)((char *)watch - offsetof(struct supervisor, signals));
	struct signalfd_siginfo info;
	(void)events;
	while (read(watch->fd, &info, sizeof(info)) == sizeof(info)) {
		switch (info.ssi_signo) {
		case SIGCHLD:
			supervisor_reap(s);
			break;
		case SIGHUP:
			supervisor_reload(s);
			break;
		default:
			log_info("ends, by signal %d", (int)info.ssi_signo);
			loop_stop(s->loop);
		}
	}
}

static int
watch_signals(struct supervisor *s)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	(void)signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, &s->inherited_mask) < 0)
		return -1;
	s->signals = (struct loop_watch){.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK),
					 .ready = signal_ready};
	return s->signals.fd < 0 ? -1 : loop_watch(s->loop, &s->signals, EPOLLIN);
}

/* --- the rooms --- */

static void
restart_due(struct loop_timer *timer, struct mono_us now)
{
	struct room_process *room =
		(struct room_process *)((char *)timer - offsetof(struct room_process, restart));
	(void)now;
	supervisor_room_start(room);
}

static void
start_rooms(struct supervisor *s)
{
	for (int i = 0; i < ROLE_COUNT; i++) {
		s->rooms[i] = (struct room_process){.orders.fd = -1,
						    .requests = -1,
						    .restart.fire = restart_due,
						    .parent = s,
						    .role = roles[i]};
		supervisor_room_start(&s->rooms[i]);
	}
}

static bool
any_process(const struct supervisor *s)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		if (s->rooms[i].pid > 0)
			return true;
	return false;
}

static void
end_limit(struct loop_timer *timer, struct mono_us now)
{
	struct supervisor *s =
		(struct supervisor *)((char *)timer - offsetof(struct supervisor, end_limit));
	(void)now;
	for (int i = 0; i < ROLE_COUNT; i++) {
		if (s->rooms[i].pid <= 0)
			continue;
		log_warn("%s: did not end within %d s, killed", roles[i]->name, END_S);
		(void)kill(s->rooms[i].pid, SIGKILL);
	}
}

/* Orders all rooms to end and waits until they have. */
static void
stop_rooms(struct supervisor *s)
{
	s->ending = true;
	for (int i = 0; i < ROLE_COUNT; i++) {
		loop_timer_stop(s->loop, &s->rooms[i].restart);
		supervisor_order(&s->rooms[i], s->upgrade.goes ? ORDER_LEAVE : ORDER_STOP, 0);
		if (s->rooms[i].pid > 0)
			s->rooms[i].state = ROOM_STOPPING;
	}
	s->end_limit.fire = end_limit;
	loop_timer_set(s->loop, &s->end_limit, mono_add_ms(clock_mono(), END_S * 1000));
	while (any_process(s)) {
		if (loop_turn(s->loop, 1000) < 0)
			break;
		supervisor_reap(s);
	}
	loop_timer_stop(s->loop, &s->end_limit);
	for (int i = 0; i < ROLE_COUNT; i++)
		supervisor_room_closed(&s->rooms[i]);
}

/* At the end of each turn: has the last room come up? */
static void
look_whether_ready(void *context)
{
	struct supervisor *s = context;
	if (s->was_ready || s->ending)
		return;
	for (int i = 0; i < ROLE_COUNT; i++)
		if (s->rooms[i].state != ROOM_UP)
			return;
	s->was_ready = true;
	log_info("hub %s is up: %zu members, generation %u", hub_called(s->hub),
		 s->hub->member_count, s->generation);
	supervisor_notify("READY=1\n");
}

/* --- beginning and end --- */

static int
open_door(struct supervisor *s)
{
	struct control_routes routes = {.route = route, .own = own_answer, .context = s};
	s->door = control_door_open(s->loop, s->hub->control_socket, routes);
	if (s->door)
		return 0;
	if (errno == EADDRINUSE)
		log_error("a hub is already running at %s", s->hub->control_socket);
	else
		log_error("control socket %s: %s", s->hub->control_socket, strerror(errno));
	return -1;
}

static int
make_folders(struct supervisor *s)
{
	char reason[512];
	if (folders_init(&s->folders, s->hub->data_directory) < 0)
		return -1;
	const char *user = s->hub->run_as_user;
	if (folders_make(&s->folders, user, reason, sizeof(reason)) == 0 &&
	    folders_make_dumps(s->hub->dumps.directory, user, reason, sizeof(reason)) == 0)
		return 0;
	log_error("%s", reason);
	return -1;
}

static int
make_socket_folder(const struct supervisor *s)
{
	if (folders_make_parent(s->hub->control_socket) == 0)
		return 0;
	log_error("folder of the control socket %s: %s", s->hub->control_socket, strerror(errno));
	return -1;
}

/* The door comes before the pictures of an earlier run are taken away: while another hub runs,
 * nothing of its may be touched. */
static int
begin(struct supervisor *s, const struct run_options *options)
{
	struct buf complaints = {0};
	s->hub = supervisor_read(options->file, &complaints);
	buf_write(&complaints, stderr);
	if (!s->hub)
		log_error("%s: refused", options->file);
	buf_fini(&complaints);
	if (!s->hub)
		return -1;
	s->file = strdup(options->file);
	s->started = clock_utc();
	s->loop = loop_new();
	if (!s->file || !s->loop || watch_signals(s) < 0)
		fatal("cannot start: %s", strerror(errno));
	if (make_socket_folder(s) < 0 || open_door(s) < 0 || make_folders(s) < 0)
		return -1;
	s->generation = s->last_generation = 1;
	supervisor_change_init(s);
	loop_on_turn_end(s->loop, look_whether_ready, s);
	return supervisor_write_picture(s, s->hub, s->generation);
}

int
supervisor_run(const struct run_options *options)
{
	static struct supervisor s; /* lives as long as the process */
	s.simulated = options->simulated;
	s.keep_going = options->keep_going;
	s.exit_status = 1;
	s.upgrade.output = -1;
	supervisor_upgrade_init(&s);
	if (begin(&s, options) == 0) {
		s.exit_status = 0;
		start_rooms(&s);
		if (loop_run(s.loop) < 0)
			fatal("loop: %s", strerror(errno));
		supervisor_notify(s.upgrade.goes ? "RELOADING=1\n" : "STOPPING=1\n");
		stop_rooms(&s);
		supervisor_change_fini(&s);
		log_info("hub %s has ended", hub_called(s.hub));
	}
	control_door_close(s.door);
	if (s.upgrade.goes)
		supervisor_upgrade_exec(&s);
	supervisor_upgrade_fini(&s);
	folders_fini(&s.folders);
	hub_free(s.hub);
	free(s.file);
	loop_free(s.loop);
	return s.exit_status;
}
