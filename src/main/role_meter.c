/* The meter's process: datagrams from the sockets into the meter, closed bins from the meter into the
 * spool. A bin that cannot be written (a full disk) waits, and is tried again every second. What a
 * death would cost is in run/meter.state, for the run that comes after it. Files are written by a thread
 * of their own (meter/inlet_writer_io.h).
 *
 *	sockets --64 at a time--> meter --batch--> spool/<start>-<run>.traffic, run/traffic.latest
 *	run/routes.snapshot --mapped again when it changes-->    run/traffic.now every 5 s, run/meter.state */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "main/role.h"
#include "main/role_meter_state.h"
#include "main/role_meter_watch.h"
#include "meter/counter_push.h"
#include "meter/inlet_workers_io.h"
#include "meter/inlet_writer_io.h"
#include "meter/meter.h"
#include "meter/meter_io.h"
#include "view/view_meter.h"

enum {
	SOCKETS = 3,
	BATCHES_A_TURN = 32, /* then others have their turn */
	TICK_MS = 1000,
	TICKS_A_REPORT = 5, /* seconds between looks at the routes and run/traffic.now */
	/* What was counted is kept every second, or as seldom as makes it a fiftieth of the time to put
	 * together and a tenth to write. */
	STATE_SHARE = 50,
	STATE_DISK_SHARE = 10,
	PATH_LENGTH = 4096,
};

struct meter_room;

struct inlet {
	struct loop_watch watch;
	struct meter_socket socket;
	struct hub_endpoint endpoint;
	enum meter_kind kind;
	struct meter_room *room;
};

struct meter_room {
	struct role_context *context;
	struct meter *meter;
	struct meter_watching *watching;
	struct inlet_workers *workers; /* NULL: this thread takes samples in itself */
	struct meter_inbox *inbox;
	struct inlet inlets[SOCKETS];
	struct loop_timer tick;
	unsigned ticks;
	struct meter_routes routes;
	struct inlet_writer *writer;
	struct loop_watch written;
	struct buf state, now; /* kept for their memory */
	struct mono_us state_due;
	struct mono_us state_begun; /* the one that is being written; 0: none is */
};

/* --- batches and the state --- */

/* What would be lost, to be written. Before a bin is handed on this has to say that it is given: else the
 * run after this one would hand on what was open of it. */
static void
keep_state(struct meter_room *room, struct utc_s now)
{
	struct mono_us begun = clock_mono();
	meter_state_write(&room->state, room->meter, room->workers, now);
	inlet_writer_keep(room->writer, &room->state);
	struct mono_us done = clock_mono();
	room->state_due = mono_add_ms(done, (done.us - begun.us) * STATE_SHARE / 1000);
	room->state_begun = begun;
}

/* The writer has done what it was told. */
static void
written(struct loop_watch *watch, uint32_t events)
{
	struct meter_room *room =
		(struct meter_room *)((char *)watch - offsetof(struct meter_room, written));
	(void)events;
	inlet_writer_go_on(room->writer);
	if (!room->state_begun.us || inlet_writer_busy(room->writer))
		return;
	struct mono_us now = clock_mono();
	struct mono_us due =
		mono_add_ms(now, (now.us - room->state_begun.us) * STATE_DISK_SHARE / 1000);
	if (due.us > room->state_due.us)
		room->state_due = due;
	room->state_begun.us = 0;
}

static void
hand_on(struct meter_room *room, const struct traffic_batch *batch, struct utc_s now)
{
	const struct traffic_batch *last = meter_last(room->meter);
	keep_state(room, now);
	inlet_writer_hand_on(room->writer, batch,
			     last && last->start.s == batch->start.s && last->run == batch->run);
}

static void
hand_on_due(struct meter_room *room, struct utc_s now)
{
	const struct traffic_batch *batch;
	while ((batch = meter_tick(room->meter, now)))
		hand_on(room, batch, now);
}

/* All that has come so far is in the meter when this returns. */
static void
collect(struct meter_room *room, bool drain)
{
	hand_on_due(room, clock_utc());
	if (!room->workers)
		return;
	int result = inlet_workers_collect(room->workers, drain);
	hand_on_due(room, clock_utc());
	if (inlet_workers_merge(room->workers, room->meter) < 0 || result < 0 ||
	    inlet_workers_learn(room->workers, room->meter) < 0)
		log_warn("workers: no memory for what they have counted or are to learn, it waits");
}

static void
write_now(struct meter_room *room, struct utc_s now)
{
	struct traffic_batch batch;
	struct arena *arena = arena_new();
	buf_clear(&room->now);
	room->now.failed = false;
	if (arena && meter_now(room->meter, now, arena, &batch) == 0) {
		traffic_encode(&batch, &room->now);
		inlet_writer_now(room->writer, &room->now);
	}
	arena_free(arena);
}

/* --- routes --- */

static void
look_at_routes(struct meter_room *room)
{
	char path[PATH_LENGTH];
	struct meter_routes new;
	int length =
		snprintf(path, sizeof(path), "%s/routes.snapshot", room->context->run_directory);
	if (length < 0 || (size_t)length >= sizeof(path))
		return;
	int found = meter_routes_open(&new, &room->routes, path);
	if (found < 0)
		log_warn("routes.snapshot: not a whole snapshot, keeping the one before");
	if (found <= 0)
		return;
	meter_set_routes(room->meter, new.snapshot);
	if (room->workers)
		inlet_workers_set_routes(room->workers, new.snapshot);
	meter_routes_close(&room->routes);
	room->routes = new;
	log_debug("routes: %zu ranges", rib_snapshot_ranges(new.snapshot));
}

/* --- datagrams --- */

static void
inlet_ready(struct loop_watch *watch, uint32_t events)
{
	struct inlet *inlet = (struct inlet *)((char *)watch - offsetof(struct inlet, watch));
	struct meter_room *room = inlet->room;
	struct utc_s now = clock_utc();
	(void)events;
	hand_on_due(room, now);
	for (int turn = 0; turn < BATCHES_A_TURN; turn++) {
		uint64_t drops;
		unsigned count = meter_inbox_fill(room->inbox, &inlet->socket, &drops);
		if (drops)
			meter_kernel_drops(room->meter, drops);
		for (unsigned i = 0; i < count; i++) {
			struct ip source;
			struct cursor datagram = meter_inbox_datagram(room->inbox, i, &source);
			meter_datagram(room->meter, inlet->kind, source, datagram, now);
		}
		meter_watching_take(room->watching);
		if (count < METER_BATCH)
			return;
	}
}

static bool
same_endpoint(struct hub_endpoint a, struct hub_endpoint b)
{
	return ip_equal(a.ip, b.ip) && a.port == b.port;
}

static void
inlet_close(struct inlet *inlet)
{
	if (inlet->socket.fd < 0)
		return;
	loop_forget(inlet->room->context->loop, &inlet->watch);
	meter_socket_close(&inlet->socket);
}

static int
inlet_open(struct inlet *inlet, struct hub_endpoint endpoint, char reason[ROLE_REASON])
{
	char address[IP_TEXT];
	inlet->endpoint = endpoint;
	if (endpoint.ip.family == IP_NONE)
		return 0;
	if (meter_socket_open(&inlet->socket, endpoint) < 0) {
		(void)snprintf(reason, ROLE_REASON, "cannot listen on %s port %u: %s",
			       ip_format(address, endpoint.ip), endpoint.port, strerror(errno));
		return -1;
	}
	inlet->watch = (struct loop_watch){.fd = inlet->socket.fd, .ready = inlet_ready};
	if (loop_watch(inlet->room->context->loop, &inlet->watch, EPOLLIN) < 0) {
		(void)snprintf(reason, ROLE_REASON, "epoll: %s", strerror(errno));
		meter_socket_close(&inlet->socket);
		return -1;
	}
	log_info("%s: listening on %s port %u, buffer of %d KiB",
		 inlet->kind == METER_SFLOW ? "sFlow" : "NetFlow and IPFIX",
		 ip_format(address, endpoint.ip), endpoint.port, inlet->socket.buffer / 1024);
	return 0;
}

static int
workers_listen(struct meter_room *room, const struct hub_endpoint wanted[SOCKETS],
	       char reason[ROLE_REASON])
{
	struct inlet_endpoints at = {0};
	char text[INLET_REASON] = "no memory";
	for (int i = 0; i < SOCKETS; i++)
		at.at[i] = wanted[i];
	if (inlet_workers_listen(room->workers, &at, text) < 0) {
		(void)snprintf(reason, ROLE_REASON, "%s", text);
		return -1;
	}
	log_info("%zu workers listen, buffers of %d KiB", inlet_workers_count(room->workers),
		 inlet_workers_buffer(room->workers) / 1024);
	return 0;
}

/* Opens what the picture names and is not open yet; closes what it does not name any more. NetFlow
 * and IPFIX are told apart by their version, so one socket may serve both. */
static int
follow_endpoints(struct meter_room *room, char reason[ROLE_REASON])
{
	const struct hub *hub = room->context->hub;
	struct hub_endpoint wanted[SOCKETS] = {hub->sflow, hub->netflow, hub->ipfix};
	if (same_endpoint(hub->netflow, hub->ipfix))
		wanted[2] = (struct hub_endpoint){0};
	if (room->workers)
		return workers_listen(room, wanted, reason);
	for (int i = 0; i < SOCKETS; i++)
		if (!same_endpoint(room->inlets[i].endpoint, wanted[i]))
			inlet_close(&room->inlets[i]);
	for (int i = 0; i < SOCKETS; i++)
		if (room->inlets[i].socket.fd < 0 &&
		    inlet_open(&room->inlets[i], wanted[i], reason) < 0)
			return -1;
	return 0;
}

/* Drops after which nothing came: no datagram has told of them. */
static void
count_drops(struct meter_room *room)
{
	for (int i = 0; i < SOCKETS; i++) {
		uint64_t drops = meter_socket_drops(&room->inlets[i].socket);
		if (drops)
			meter_kernel_drops(room->meter, drops);
	}
}

/* --- the role --- */

static void
every_second(struct loop_timer *timer, struct mono_us now)
{
	struct meter_room *room =
		(struct meter_room *)((char *)timer - offsetof(struct meter_room, tick));
	count_drops(room);
	collect(room, false);
	struct utc_s utc = clock_utc();
	if (inlet_writer_status(room->writer)->waiting)
		inlet_writer_retry(room->writer);
	meter_watching_tick(room->watching);
	/* One that would only wait for the disk is made later. */
	if (clock_mono().us >= room->state_due.us && !inlet_writer_busy(room->writer))
		keep_state(room, utc);
	if (room->ticks++ % TICKS_A_REPORT == 0) {
		look_at_routes(room);
		write_now(room, utc);
	}
	loop_timer_set(room->context->loop, timer, mono_add_ms(now, TICK_MS));
}

/* Names this run: the second it began in, and something of the finer clock. */
static uint64_t
run_number(struct utc_s now)
{
	return (uint64_t)now.s * 1000000 + (uint64_t)clock_mono().us % 1000000;
}

static struct meter *
make_meter(const struct role_context *context)
{
	struct utc_s now = clock_utc();
	struct meter *meter = meter_new(context->hub, run_number(now), now);
	if (meter)
		meter_set_simulated(meter, context->simulated);
	return meter;
}

/* The meter, and the workers if there are to be any, of the picture in force. Replaces what there was.
 * 0, or -1: then it is as it was. */
static int
make_meters(struct meter_room *room)
{
	const struct hub *hub = room->context->hub;
	size_t count = hub->metering.workers;
	struct inlet_workers *workers = NULL;
	struct meter *meter = make_meter(room->context);
	if (meter && count > 1)
		workers = inlet_workers_new(hub, count, run_number(clock_utc()), clock_utc);
	if (!meter || (count > 1 && !workers)) {
		meter_free(meter);
		return -1;
	}
	inlet_workers_free(room->workers);
	meter_free(room->meter);
	room->workers = workers;
	room->meter = meter;
	meter_set_routes(meter, room->routes.snapshot);
	if (workers)
		inlet_workers_set_routes(workers, room->routes.snapshot);
	return 0;
}

static void
room_free(struct meter_room *room)
{
	inlet_workers_free(room->workers);
	for (int i = 0; i < SOCKETS; i++)
		inlet_close(&room->inlets[i]);
	loop_timer_stop(room->context->loop, &room->tick);
	meter_watching_close(room->watching);
	if (room->writer)
		loop_forget(room->context->loop, &room->written);
	inlet_writer_free(room->writer);
	buf_fini(&room->state);
	buf_fini(&room->now);
	meter_free(room->meter);
	meter_inbox_free(room->inbox);
	meter_routes_close(&room->routes);
	free(room);
}

static int
open_writer(struct meter_room *room, char reason[ROLE_REASON])
{
	const struct role_context *context = room->context;
	room->writer = inlet_writer_new(context->run_directory, context->spool_directory);
	if (!room->writer) {
		(void)snprintf(reason, ROLE_REASON, "no thread to write files");
		return -1;
	}
	room->written = (struct loop_watch){.fd = inlet_writer_fd(room->writer), .ready = written};
	if (loop_watch(context->loop, &room->written, EPOLLIN) < 0) {
		(void)snprintf(reason, ROLE_REASON, "epoll: %s", strerror(errno));
		inlet_writer_free(room->writer);
		room->writer = NULL;
		return -1;
	}
	return 0;
}

static int
start(struct role_context *context, char reason[ROLE_REASON])
{
	struct meter_room *room = calloc(1, sizeof(*room));
	if (!room) {
		(void)snprintf(reason, ROLE_REASON, "no memory");
		return -1;
	}
	room->context = context;
	room->tick.fire = every_second;
	for (int i = 0; i < SOCKETS; i++) {
		room->inlets[i].room = room;
		room->inlets[i].socket.fd = -1;
		room->inlets[i].kind = i == 0 ? METER_SFLOW : METER_NETFLOW;
	}
	room->inbox = meter_inbox_new();
	if (room->inbox && make_meters(room) == 0)
		room->watching = meter_watching_open(context, room->meter);
	if (!room->watching) {
		(void)snprintf(reason, ROLE_REASON, "no memory");
		room_free(room);
		return -1;
	}
	meter_state_recover(room->meter, room->workers, room->context->run_directory);
	if (open_writer(room, reason) < 0 || follow_endpoints(room, reason) < 0) {
		room_free(room);
		return -1;
	}
	context->state = room;
	look_at_routes(room);
	loop_timer_set(context->loop, &room->tick, mono_add_ms(loop_now(context->loop), TICK_MS));
	return 0;
}

static void
flush(struct meter_room *room)
{
	const struct traffic_batch *batch;
	count_drops(room);
	collect(room, true);
	struct utc_s now = clock_utc();
	while ((batch = meter_flush(room->meter, now)))
		hand_on(room, batch, now);
	inlet_writer_retry(room->writer);
	keep_state(room, now); /* counters and templates go on */
	inlet_writer_finish(room->writer);
}

/* Another length of the bins is another meter: what there is is handed on first. */
static int
change_length(struct meter_room *room)
{
	flush(room);
	return make_meters(room);
}

/* This process cannot go on: what it has counted is handed on while the old picture is still there. */
static int
give_up(struct role_context *context)
{
	struct meter_room *room = context->state;
	flush(room);
	room_free(room);
	context->state = NULL;
	return -1;
}

static int
apply(struct role_context *context, const struct hub *old)
{
	struct meter_room *room = context->state;
	const struct hub *hub = context->hub;
	char reason[ROLE_REASON] = "";
	int result = 0;
	if (hub->metering.workers != old->metering.workers)
		return give_up(context); /* threads are made at the start */
	if (hub->bin_length_s != old->bin_length_s)
		result = change_length(room);
	else if (meter_apply(room->meter, hub) < 0 ||
		 (room->workers && inlet_workers_apply(room->workers, hub) < 0))
		result = -1;
	if (result == 0)
		result = meter_watching_apply(room->watching, room->meter);
	if (result < 0 || follow_endpoints(room, reason) < 0) {
		log_error("%s", reason[0] ? reason : "no memory for the new picture");
		return give_up(context);
	}
	return 0;
}

static void
take_counters(const struct meter_room *room, const struct control_request *request,
	      struct control_answer *answer)
{
	char why[COUNTER_REASON];
	const struct counter_push push = {
		.words = request->words,
		.count = request->count,
		.rows = cursor_of(request->body, request->body_length),
	};
	if (counter_push(&answer->body, room->meter, &push, clock_utc(), why) == 0)
		return;
	buf_clear(&answer->body);
	control_error(answer, 400, "%s", why);
}

/* What is held besides the meter itself. */
static void
look_at_memory(const struct meter_room *room, struct view_meter *view)
{
	struct meter_memory *bins = &view->beside[METER_BATCHES];
	view->beside[METER_INBOXES].octets = view->beside[METER_INBOXES].bound = meter_inbox_size();
	const struct inlet_status *files = inlet_writer_status(room->writer);
	bins->octets += files->octets + room->state.capacity + room->now.capacity;
	bins->refused = files->forgotten;
	if (!room->workers)
		return;
	view->workers = inlet_workers_count(room->workers);
	inlet_workers_memory(room->workers, view->beside);
}

static void
answer(void *context, const struct control_request *request, struct control_answer *answer)
{
	const struct role_context *role = context;
	struct meter_room *room = role->state;
	if (!room) {
		control_error(answer, 503, "the meter begins anew");
		return;
	}
	if (strcmp(request->words[0], "counters") == 0) {
		take_counters(room, request, answer);
		return;
	}
	collect(room, false);
	struct view_meter view = {.meter = room->meter, .now = clock_utc()};
	struct view_meter_refusal refusal = {0};
	if (meter_watching_answer(room->watching, request, answer))
		return;
	view.buffer = room->workers ? inlet_workers_buffer(room->workers) : 0;
	for (int i = 0; i < SOCKETS; i++)
		view.buffer += room->inlets[i].socket.fd >= 0 ? room->inlets[i].socket.buffer : 0;
	const struct inlet_status *files = inlet_writer_status(room->writer);
	view.waiting = files->waiting;
	view.forgotten = files->forgotten;
	look_at_memory(room, &view);
	view.trouble = files->trouble[0] ? files->trouble : NULL;
	if (view_meter_answer(&answer->body, &view, (enum view_meter_form)request->form,
			      request->words, request->count, &refusal) < 0) {
		buf_clear(&answer->body);
		control_error(answer, refusal.status, "%s", refusal.text);
	} else if (strcmp(request->words[0], "metrics") == 0) {
		meter_watching_metrics(room->watching, &answer->body);
	}
}

static void
stop(struct role_context *context)
{
	struct meter_room *room = context->state;
	if (!room)
		return;
	/* What the kernel still holds for us belongs to the bin, too. */
	for (int i = 0; i < SOCKETS; i++)
		if (room->inlets[i].socket.fd >= 0)
			inlet_ready(&room->inlets[i].watch, EPOLLIN);
	flush(room);
	size_t waiting = inlet_writer_status(room->writer)->waiting;
	if (waiting)
		log_error("%zu bins could not be written", waiting);
	room_free(room);
	context->state = NULL;
}

const struct role role_meter = {
	.name = "meter",
	.start = start,
	.apply = apply,
	.answer = answer,
	.stop = stop,
	.listens = true,
};
