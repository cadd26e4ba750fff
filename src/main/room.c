/* The process of one room: makes the loop, reads the picture, closes the sandbox, runs the role,
 * and follows the parent's orders. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/log.h"
#include "hub/hub_file_io.h"
#include "ledger/ledger_store_io.h"
#include "main/folders.h"
#include "main/order.h"
#include "main/sandbox.h"
#include "net/control_channel.h"

struct room {
	struct role_context context; /* the role's answers get this */
	const struct role *role;
	struct hub *hub, *next; /* in force; prepared and not yet in force, or NULL */
	unsigned next_generation;
	struct loop_watch orders, signals;
	struct folders folders;
	char *control_socket; /* a copy: it outlives the picture that it was read from */
	int exit_status;
};

static void
tell(const struct room *room, enum order_kind kind, unsigned generation, const char *text)
{
	struct order order = {.kind = kind, .generation = generation};
	(void)snprintf(order.text, sizeof(order.text), "%s", text);
	if (control_channel_send(room->orders.fd, &order, sizeof(order), -1) < 0)
		log_warn("parent: %s", strerror(errno));
}

/* The picture of a generation, as the parent wrote it. NULL after the reason was written. */
static struct hub *
read_picture(const struct room *room, unsigned generation, char reason[ROLE_REASON])
{
	char *path = folders_picture(&room->folders, generation);
	struct hub_report report;
	struct hub *hub = hub_file_read(path, hub_file_disk(), &report);
	if (!hub)
		(void)snprintf(reason, ROLE_REASON, "%s: %.200s", path,
			       report.count ? report.errors[0].text : "cannot be read");
	hub_report_fini(&report);
	free(path);
	return hub;
}

static void
drop_next(struct room *room)
{
	hub_free(room->next);
	room->next = NULL;
}

static void
prepare(struct room *room, unsigned generation)
{
	char reason[ROLE_REASON] = "";
	drop_next(room);
	room->next = read_picture(room, generation, reason);
	room->next_generation = generation;
	bool good = room->next && (!room->role->prepare ||
				   room->role->prepare(&room->context, room->next, reason) == 0);
	if (!good)
		drop_next(room);
	tell(room, good ? ORDER_PREPARED : ORDER_REFUSED, generation, reason);
}

/* A room that cannot go over to a picture it was asked about ends, and begins anew with it. */
static void
end_badly(struct room *room, unsigned generation)
{
	log_error("picture %u: cannot go over to it, starting anew", generation);
	room->exit_status = 1;
	loop_stop(room->context.loop);
}

static void
apply(struct room *room, unsigned generation)
{
	if (!room->next || room->next_generation != generation) {
		end_badly(room, generation);
		return;
	}
	struct hub *old = room->hub;
	room->hub = room->next;
	room->next = NULL;
	room->context.hub = room->hub;
	room->context.generation = generation;
	if (room->role->apply && room->role->apply(&room->context, old) < 0)
		end_badly(room, generation);
	else
		log_debug("picture %u is in force", generation);
	hub_free(old);
}

static void
orders_ready(struct loop_watch *watch, uint32_t events)
{
	struct room *room = (struct room *)((char *)watch - offsetof(struct room, orders));
	struct order order;
	int fd;
	(void)events;
	ssize_t length = control_channel_receive(watch->fd, &order, sizeof(order), &fd);
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length != sizeof(order)) {
		/* The parent is gone: nobody would start us again, or pass on a question. */
		loop_stop(room->context.loop);
		return;
	}
	switch (order.kind) {
	case ORDER_PREPARE:
		prepare(room, order.generation);
		break;
	case ORDER_APPLY:
		apply(room, order.generation);
		break;
	case ORDER_DROP:
		drop_next(room);
		break;
	case ORDER_LEAVE:
		room->context.leaves = true;
		loop_stop(room->context.loop);
		break;
	case ORDER_STOP:
		loop_stop(room->context.loop);
		break;
	default:
		log_warn("parent: an order that is none: %u", (unsigned)order.kind);
	}
}

static void
signal_ready(struct loop_watch *watch, uint32_t events)
{
	struct room *room = (struct room *)((char *)watch - offsetof(struct room, signals));
	struct signalfd_siginfo info;
	(void)events;
	if (read(watch->fd, &info, sizeof(info)) == sizeof(info))
		loop_stop(room->context.loop);
}

/* Dies with the parent. A change of user takes the wish back (prctl(2)), so it is said before and
 * after the sandbox; a parent that died in between is noticed by the end of its orders. */
static void
die_with_parent(void)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* What `ps` and `top` show, where it would be "exe": the program was started by /proc/self/exe. */
static void
name_process(const char *room)
{
	char name[16];
	(void)snprintf(name, sizeof(name), "sarai:%s", room);
	(void)prctl(PR_SET_NAME, name);
}

/* Many members are many descriptors: as many as we may have. */
static void
raise_descriptor_limit(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int
watch_parent_and_signals(struct room *room)
{
	sigset_t end;
	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGINT, SIG_IGN);
	(void)sigprocmask(SIG_BLOCK, &end, NULL);
	room->orders = (struct loop_watch){.fd = ROOM_ORDERS_FD, .ready = orders_ready};
	room->signals = (struct loop_watch){.fd = signalfd(-1, &end, SFD_CLOEXEC | SFD_NONBLOCK),
					    .ready = signal_ready};
	if (room->signals.fd < 0 || loop_watch(room->context.loop, &room->orders, EPOLLIN) < 0 ||
	    loop_watch(room->context.loop, &room->signals, EPOLLIN) < 0)
		return -1;
	return 0;
}

/* True if what this room listens on has a port below 1024: only then does it need the right to. */
static bool
needs_privileged_port(const struct role *role, const struct hub *hub)
{
	if (role == &role_web)
		return hub->http.port < 1024;
	if (role != &role_exchange)
		return false;
	for (size_t i = 0; i < hub->bgp_listen_count; i++)
		if (hub->bgp_listen[i].port < 1024)
			return true;
	return false;
}

static int
enter_sandbox(const struct room *room)
{
	const struct role *role = room->role;
	struct sandbox sandbox = {
		.room = role->name,
		.user = room->hub->run_as_user,
		.privileged_ports = needs_privileged_port(role, room->hub),
		.internet = role->listens ||
			    (role == &role_ledger && ledger_store_is_far(&room->hub->store)) ||
			    (role == &role_corridor && room->hub->pcep.listen.family != IP_NONE),
		.programs = role->runs_programs,
		.readable = {room->folders.run},
	};
	size_t count = 0;
	if (role == &role_registry) {
		sandbox.writable[count++] = room->folders.registry;
		role_registry_readable(room->hub, &sandbox.readable[1]);
	}
	if (role == &role_paper) {
		sandbox.readable[1] = "/var/cache/fontconfig"; /* else fonts are read one by one */
		(void)role_paper_readable(room->hub, &sandbox.readable[2], ROLE_PAPER_READABLE);
	}
	if (role == &role_poller &&
	    role_poller_readable(room->hub, &sandbox.readable[1], ROLE_POLLER_READABLE) < 0)
		log_warn("sandbox: the files of secrets lie in too many folders");
	if (role == &role_web)
		sandbox.readable[1] = role_web_readable(room->hub);
	if (role == &role_exchange) {
		sandbox.readable[1] = room->folders.registry;
		if (role_exchange_readable(room->hub, &sandbox.readable[2], SANDBOX_READABLE - 2) <
		    0)
			log_warn("sandbox: files of the RPKI lie in too many folders");
	}
	if (role == &role_exchange && room->hub->dumps.directory)
		sandbox.writable[count++] = room->hub->dumps.directory;
	if (role == &role_exchange || role == &role_meter || role == &role_corridor)
		sandbox.writable[count++] = room->folders.run;
	if (role == &role_corridor)
		sandbox.writable[count++] = room->folders.corridor;
	if (role == &role_meter || role == &role_ledger)
		sandbox.writable[count++] = room->folders.spool;
	if (role == &role_meter)
		sandbox.writable[count++] = room->folders.flows;
	if (role == &role_ledger)
		sandbox.readable[1] = room->hub->store.password_file;
	if (role == &role_ledger)
		sandbox.writable[count++] = room->folders.data;
	return sandbox_close(&sandbox);
}

/* Everything up to the first turn of the loop. 0, or -1 with the reason. */
static int
start(struct room *room, unsigned generation, char reason[ROLE_REASON])
{
	(void)snprintf(reason, ROLE_REASON, "%s", "no memory");
	struct role_context *context = &room->context;
	context->loop = loop_new();
	if (!context->loop || watch_parent_and_signals(room) < 0)
		return -1;
	room->hub = read_picture(room, generation, reason);
	if (!room->hub)
		return -1;
	context->hub = room->hub;
	context->generation = generation;
	context->channel = ROOM_REQUESTS_FD;
	context->data_directory = room->folders.data;
	context->run_directory = room->folders.run;
	context->spool_directory = room->folders.spool;
	context->registry_directory = room->folders.registry;
	context->flows_directory = room->folders.flows;
	context->corridor_directory = room->folders.corridor;
	room->control_socket = strdup(room->hub->control_socket);
	if (!room->control_socket)
		return -1;
	context->control_socket = room->control_socket;
	raise_descriptor_limit();
	name_process(roles[context->index]->name);
	if (enter_sandbox(room) < 0) {
		(void)snprintf(reason, ROLE_REASON, "the sandbox could not be closed");
		return -1;
	}
	die_with_parent();
	(void)snprintf(reason, ROLE_REASON, "%s", "could not start");
	return room->role->start(context, reason);
}

static void
no_answer(void *context, const struct control_request *request, struct control_answer *answer)
{
	(void)request;
	const struct role_context *role = context;
	control_error(answer, 404, "%s has no answer to this", roles[role->index]->name);
}

int
room_main(int argc, char **argv)
{
	die_with_parent();
	int index = argc == 7 ? role_by_name(argv[2]) : -1;
	if (index < 0 || fcntl(ROOM_ORDERS_FD, F_GETFD) < 0)
		return 2;
	(void)fcntl(ROOM_REQUESTS_FD, F_SETFD, FD_CLOEXEC);
	(void)fcntl(ROOM_ORDERS_FD, F_SETFD, FD_CLOEXEC);
	static struct room room; /* lives as long as the process */
	room.role = roles[index];
	room.context.index = index;
	room.context.simulated = strcmp(argv[5], "simulated") == 0;
	room.context.returns = strcmp(argv[6], "returns") == 0;
	log_set_room(room.role->name);
	if (folders_init(&room.folders, argv[4]) < 0)
		fatal("no memory");
	char reason[ROLE_REASON];
	unsigned generation = (unsigned)strtoul(argv[3], NULL, 10);
	room.orders.fd = ROOM_ORDERS_FD;
	if (start(&room, generation, reason) < 0) {
		tell(&room, ORDER_FAILED, generation, reason);
		return 1;
	}
	struct control_room *door =
		control_room_open(room.context.loop, ROOM_REQUESTS_FD,
				  room.role->answer ? room.role->answer : no_answer, &room.context);
	if (!door)
		fatal("channel: %s", strerror(errno));
	tell(&room, ORDER_STARTED, generation, "");
	if (loop_run(room.context.loop) < 0)
		fatal("loop: %s", strerror(errno));
	control_room_close(door);
	if (room.role->stop)
		room.role->stop(&room.context);
	drop_next(&room);
	hub_free(room.hub);
	loop_free(room.context.loop);
	folders_fini(&room.folders);
	free(room.control_socket);
	return room.exit_status;
}
