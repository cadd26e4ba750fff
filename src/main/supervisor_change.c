/* Changing the picture of a running hub, whole or not at all.
 *
 *   apply FILE, SIGHUP --> read and check --> run/hub-<n>.yaml --> every room: PREPARE n
 *   all say PREPARED --> APPLY n to all; it is in force
 *   one says REFUSED, or does not answer in time --> DROP n to all; the old one stays
 *
 * A room that is not up when the change begins is not asked: when it comes up with the older
 * picture it is told to go over to the newer one, or to begin anew with it. The picture before
 * is kept for `undo`; with --confirm it becomes a new generation when nobody confirms in time. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "hub/hub_file.h"
#include "main/supervisor.h"

enum {
	PREPARE_S = 10, /* the rooms have so long to answer */
	CONFIRM_MAX_S = 86400,
};

/* The client that waits for the end of a change. */
struct change_waiter {
	struct supervisor *supervisor; /* NULL once the result is known */
	int status;
	char text[sizeof(((struct change *)0)->reason) + 128];
};

static void finish(struct supervisor *s, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Ends the change that is going on, in whatever state, and tells who asked. */
static void
finish(struct supervisor *s, int status, const char *format, ...)
{
	char text[sizeof(((struct change_waiter *)0)->text)];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (status)
		log_error("%s", text);
	else
		log_info("%s", text);
	struct change *change = &s->change;
	if (change->waiter) {
		change->waiter->status = status;
		memcpy(change->waiter->text, text, sizeof(text));
		change->waiter->supervisor = NULL;
		change->waiter = NULL;
	}
	hub_free(change->next);
	change->next = NULL;
	free(change->file);
	change->file = NULL;
	change->running = false;
	loop_timer_stop(s->loop, &change->deadline);
	if (s->reload_wanted && !s->ending) {
		s->reload_wanted = false;
		supervisor_reload(s);
	}
}

static void
remove_picture(struct supervisor *s, unsigned generation)
{
	if (generation == 0 || generation == s->generation || generation == s->undo_generation)
		return;
	char *path = folders_picture(&s->folders, generation);
	(void)unlink(path);
	free(path);
}

static void
forget_undo(struct supervisor *s)
{
	unsigned generation = s->undo_generation;
	s->undo_generation = 0;
	remove_picture(s, generation);
	free(s->undo_file);
	s->undo_file = NULL;
}

static void
refuse(struct supervisor *s)
{
	struct change *change = &s->change;
	for (int i = 0; i < ROLE_COUNT; i++)
		if (change->asked[i])
			supervisor_order(&s->rooms[i], ORDER_DROP, change->generation);
	remove_picture(s, change->generation);
	finish(s, 409, "%s: refused, nothing was changed: %s", change->file, change->reason);
}

static void
stop_waiting(struct supervisor *s)
{
	s->confirm_wanted = false;
	loop_timer_stop(s->loop, &s->unconfirmed);
}

/* Keeps the way back, one step of it. A second change before the first is confirmed keeps the first
 * way back: only what was confirmed is worth going back to. */
static void
keep_way_back(struct supervisor *s)
{
	const struct change *change = &s->change;
	bool unconfirmed = s->confirm_wanted;
	stop_waiting(s);
	if (change->is_undo || !unconfirmed)
		forget_undo(s);
	if (change->is_undo)
		return;
	if (s->undo_generation == 0) {
		s->undo_generation = s->generation;
		s->undo_file = strdup(s->file);
		if (!s->undo_file)
			fatal("no memory");
	}
	if (change->confirm_s == 0)
		return;
	s->confirm_wanted = true;
	loop_timer_set(s->loop, &s->unconfirmed,
		       mono_add_ms(clock_mono(), (int64_t)change->confirm_s * 1000));
}

static void
commit(struct supervisor *s)
{
	struct change *change = &s->change;
	unsigned before = s->generation;
	keep_way_back(s);
	hub_free(s->hub);
	s->hub = change->next;
	change->next = NULL;
	free(s->file);
	s->file = change->file;
	change->file = NULL;
	s->generation = change->generation;
	for (int i = 0; i < ROLE_COUNT; i++) {
		if (!change->asked[i])
			continue;
		supervisor_order(&s->rooms[i], ORDER_APPLY, s->generation);
		s->rooms[i].generation = s->generation;
	}
	remove_picture(s, before);
	if (change->is_undo)
		finish(s, 0, "%s: back in force, as generation %u", s->file, s->generation);
	else if (change->confirm_s)
		finish(s, 0, "%s: in force as generation %u; undone in %u s unless confirmed",
		       s->file, s->generation, change->confirm_s);
	else
		finish(s, 0, "%s: in force as generation %u", s->file, s->generation);
}

static void
go_on_if_all_answered(struct supervisor *s)
{
	if (!s->change.running)
		return;
	for (int i = 0; i < ROLE_COUNT; i++)
		if (s->change.waiting[i])
			return;
	if (*s->change.reason)
		refuse(s);
	else
		commit(s);
}

void
supervisor_room_prepared(struct room_process *room, const struct order *order)
{
	struct supervisor *s = room->parent;
	size_t index = (size_t)(room - s->rooms);
	struct change *change = &s->change;
	if (!change->running || order->generation != change->generation || !change->waiting[index])
		return;
	change->waiting[index] = false;
	if (order->kind == ORDER_REFUSED && !*change->reason)
		(void)snprintf(change->reason, sizeof(change->reason), "%s: %s", room->role->name,
			       order->text);
	go_on_if_all_answered(s);
}

void
supervisor_room_lost(struct room_process *room)
{
	struct supervisor *s = room->parent;
	size_t index = (size_t)(room - s->rooms);
	s->change.waiting[index] = s->change.asked[index] = false;
	go_on_if_all_answered(s);
}

void
supervisor_room_came(struct room_process *room)
{
	struct supervisor *s = room->parent;
	if (room->generation == s->generation)
		return;
	supervisor_order(room, ORDER_PREPARE, s->generation);
	supervisor_order(room, ORDER_APPLY, s->generation);
	room->generation = s->generation;
}

static void
too_late(struct loop_timer *timer, struct mono_us now)
{
	struct supervisor *s =
		(struct supervisor *)((char *)timer - offsetof(struct supervisor, change.deadline));
	(void)now;
	for (int i = 0; i < ROLE_COUNT; i++) {
		if (s->change.waiting[i] && !*s->change.reason)
			(void)snprintf(s->change.reason, sizeof(s->change.reason),
				       "%s: did not answer within %d s", roles[i]->name, PREPARE_S);
		s->change.waiting[i] = false;
	}
	go_on_if_all_answered(s);
}

/* What a running hub cannot change. NULL, or the reason. */
static const char *
immovable(const struct hub *old, const struct hub *next)
{
	if (strcmp(old->data_directory, next->data_directory) != 0)
		return "data_directory cannot change while the hub runs";
	if (strcmp(old->control_socket, next->control_socket) != 0)
		return "control_socket cannot change while the hub runs";
	const char *a = old->run_as_user ? old->run_as_user : "";
	const char *b = next->run_as_user ? next->run_as_user : "";
	if (strcmp(a, b) != 0)
		return "run_as_user cannot change while the hub runs";
	return NULL;
}

static bool
same_picture(const struct hub *a, const struct hub *b)
{
	struct buf texts[2] = {{0}, {0}};
	hub_file_write(a, &texts[0]);
	hub_file_write(b, &texts[1]);
	bool same = !texts[0].failed && !texts[1].failed && texts[0].length == texts[1].length &&
		    memcmp(texts[0].data, texts[1].data, texts[0].length) == 0;
	buf_fini(&texts[0]);
	buf_fini(&texts[1]);
	return same;
}

/* Begins the change to `next` (taken over). The end comes later, or has come when this returns. */
static void
begin(struct supervisor *s, struct hub *next, const char *file, unsigned confirm_s)
{
	struct change *change = &s->change;
	change->running = true;
	change->generation = ++s->last_generation;
	change->next = next;
	change->file = strdup(file);
	change->confirm_s = confirm_s;
	change->reason[0] = '\0';
	memset(change->waiting, 0, sizeof(change->waiting));
	memset(change->asked, 0, sizeof(change->asked));
	if (!change->file)
		fatal("no memory");
	const char *reason = immovable(s->hub, next);
	if (reason || supervisor_write_picture(s, next, change->generation) < 0) {
		(void)snprintf(change->reason, sizeof(change->reason), "%s",
			       reason ? reason : "the picture could not be written");
		refuse(s);
		return;
	}
	for (int i = 0; i < ROLE_COUNT; i++) {
		if (s->rooms[i].state != ROOM_UP)
			continue;
		change->waiting[i] = change->asked[i] = true;
		supervisor_order(&s->rooms[i], ORDER_PREPARE, change->generation);
	}
	loop_timer_set(s->loop, &change->deadline, mono_add_ms(clock_mono(), PREPARE_S * 1000));
	go_on_if_all_answered(s);
}

/* Each complaint is a line of its own in the log. */
static void
log_complaints(const struct buf *complaints)
{
	if (complaints->length == 0)
		return;
	const char *at = (const char *)complaints->data;
	const char *end = at + complaints->length;
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;
		log_error("%.*s", (int)(stop - at), at);
		at = stop + 1;
	}
}

void
supervisor_reload(struct supervisor *s)
{
	if (s->change.running) {
		s->reload_wanted = true;
		return;
	}
	struct buf complaints = {0};
	struct hub *next = supervisor_read(s->file, &complaints);
	log_complaints(&complaints);
	if (!next) {
		log_error("%s: refused, nothing was changed", s->file);
	} else if (same_picture(s->hub, next)) {
		log_info("%s: says what it said, nothing to change", s->file);
		hub_free(next);
	} else {
		s->change.is_undo = false;
		begin(s, next, s->file, 0);
	}
	buf_fini(&complaints);
}

/* Back to the picture before. */
static void
undo(struct supervisor *s)
{
	char *path = folders_picture(&s->folders, s->undo_generation);
	struct buf complaints = {0};
	struct hub *next = supervisor_read(path, &complaints);
	s->change.is_undo = true;
	if (next)
		begin(s, next, s->undo_file, 0);
	else
		finish(s, 500, "%s: the picture before cannot be read, nothing was undone", path);
	buf_fini(&complaints);
	free(path);
}

static void
not_confirmed(struct loop_timer *timer, struct mono_us now)
{
	struct supervisor *s =
		(struct supervisor *)((char *)timer - offsetof(struct supervisor, unconfirmed));
	if (s->change.running) {
		loop_timer_set(s->loop, timer, mono_add_ms(now, 100));
		return;
	}
	log_warn("generation %u: not confirmed in time, undone", s->generation);
	undo(s);
}

void
supervisor_change_init(struct supervisor *s)
{
	s->change.deadline.fire = too_late;
	s->unconfirmed.fire = not_confirmed;
}

void
supervisor_change_fini(struct supervisor *s)
{
	s->reload_wanted = false;
	if (s->change.running)
		finish(s, 503, "%s: the hub ends, nothing was changed", s->change.file);
	stop_waiting(s);
	forget_undo(s);
}

/* --- answers --- */

static bool
waiter_ready(void *state, struct control_answer *answer)
{
	struct change_waiter *waiter = state;
	if (waiter->supervisor)
		return false;
	if (waiter->status)
		control_error(answer, waiter->status, "%s", waiter->text);
	else
		buf_printf(&answer->body, "%s\n", waiter->text);
	return true;
}

static void
waiter_done(void *state)
{
	struct change_waiter *waiter = state;
	if (waiter->supervisor)
		waiter->supervisor->change.waiter = NULL;
	free(waiter);
}

/* Makes the client wait for the change that begins next. */
static bool
wait_for_change(struct supervisor *s, struct control_answer *answer)
{
	struct change_waiter *waiter = calloc(1, sizeof(*waiter));
	if (!waiter) {
		control_error(answer, 503, "no memory");
		return false;
	}
	waiter->supervisor = s;
	s->change.waiter = waiter;
	answer->state = waiter;
	answer->ready = waiter_ready;
	answer->done = waiter_done;
	answer->content_type = "text/plain";
	return true;
}

/* "apply FILE [--confirm SECONDS]": 0 and the seconds (0: for good), or -1 and an error. */
static int
apply_words(unsigned *confirm_s, const struct control_request *request,
	    struct control_answer *answer)
{
	*confirm_s = 0;
	if (request->count == 2)
		return 0;
	if (request->count != 4 || strcmp(request->words[2], "--confirm") != 0) {
		control_error(answer, 400, "expected: apply FILE [--confirm SECONDS]");
		return -1;
	}
	char *end;
	unsigned long seconds = strtoul(request->words[3], &end, 10);
	if (*end || !isdigit((unsigned char)request->words[3][0]) || seconds < 1 ||
	    seconds > CONFIRM_MAX_S) {
		control_error(answer, 400, "found \"%.40s\", expected seconds from 1 to %d",
			      request->words[3], CONFIRM_MAX_S);
		return -1;
	}
	*confirm_s = (unsigned)seconds;
	return 0;
}

static void
answer_apply(struct supervisor *s, const struct control_request *request,
	     struct control_answer *answer)
{
	unsigned confirm_s;
	if (apply_words(&confirm_s, request, answer) < 0)
		return;
	const char *file = request->words[1];
	struct hub *next = supervisor_read(file, &answer->body);
	if (!next) {
		control_error(answer, 422, "%.150s: refused, nothing was changed", file);
		return;
	}
	if (!confirm_s && !s->confirm_wanted && same_picture(s->hub, next)) {
		hub_free(next);
		buf_printf(&answer->body, "%s: says what is in force, nothing to change\n", file);
		return;
	}
	if (!wait_for_change(s, answer)) {
		hub_free(next);
		return;
	}
	s->change.is_undo = false;
	begin(s, next, file, confirm_s);
}

void
supervisor_change_answer(struct supervisor *s, const struct control_request *request,
			 struct control_answer *answer)
{
	const char *word = request->words[0];
	bool is_apply = strcmp(word, "apply") == 0;
	if (s->change.running || supervisor_upgrade_is_on(s))
		control_error(answer, 409, "another change is going on");
	else if (is_apply && request->count > 1)
		answer_apply(s, request, answer);
	else if (is_apply)
		control_error(answer, 400, "expected: apply FILE [--confirm SECONDS]");
	else if (strcmp(word, "confirm") == 0 ? !s->confirm_wanted : !s->undo_generation)
		control_error(answer, 404, "there is nothing to %s", word);
	else if (strcmp(word, "confirm") == 0) {
		stop_waiting(s);
		log_info("generation %u: confirmed", s->generation);
		buf_printf(&answer->body, "generation %u is confirmed\n", s->generation);
	} else if (wait_for_change(s, answer))
		undo(s);
}
