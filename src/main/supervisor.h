/* The parent of a running hub: holds the picture and the control socket, starts the rooms, restarts
 * one that died alone, and changes the picture in all of them or in none. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/clock.h"
#include "hub/hub.h"
#include "main/folders.h"
#include "main/order.h"
#include "net/control.h"
#include "net/loop.h"

struct supervisor;

enum room_state { ROOM_DOWN, ROOM_STARTING, ROOM_UP, ROOM_STOPPING };

/* One room as the parent sees it. */
struct room_process {
	struct loop_watch orders; /* first: the loop gives it back; fd -1 when not running */
	struct loop_timer restart;
	struct supervisor *parent;
	const struct role *role;
	enum room_state state;
	pid_t pid;           /* 0: none */
	int requests;        /* our end; -1 when not running */
	unsigned generation; /* of the picture it has */
	struct utc_s since;  /* in this state */
	struct mono_us began;
	unsigned restarts;        /* since the hub was started */
	unsigned deaths;          /* in a row, without living for BACKOFF_FORGET_S in between */
	char reason[ROLE_REASON]; /* why it could not start, or how it ended */
};

/* A change of the picture that is going on (supervisor_change.c). One at a time. */
struct change {
	bool running;
	unsigned generation;
	struct hub *next;
	char *file;
	bool waiting[ROLE_COUNT]; /* for the room's PREPARED or REFUSED */
	bool asked[ROLE_COUNT];   /* it was told to prepare */
	unsigned confirm_s;       /* 0: for good */
	bool is_undo;
	char reason[ROLE_REASON + 64]; /* of the first refusal */
	struct loop_timer deadline;
	struct change_waiter *waiter; /* the client that asked for it, or NULL */
};

/* A new binary that is to take over (supervisor_upgrade_io.c). */
struct upgrade {
	char *own, *binary;   /* where this one was started from; the new one */
	pid_t checker;        /* 0: none */
	int output;           /* of the checker; -1 */
	struct mono_us until; /* the checker has so long */
	struct loop_timer timer;
	bool agreed; /* the new one takes over in a moment */
	bool goes;   /* the hub ends for it */
};

struct supervisor {
	struct loop *loop;
	struct control_door *door;
	struct loop_watch signals;
	struct room_process rooms[ROLE_COUNT];
	struct folders folders;
	struct hub *hub; /* in force */
	char *file;      /* where it was read from */
	unsigned generation, last_generation;
	struct utc_s started;
	bool simulated, keep_going, was_ready, ending;
	bool returns; /* another process was here a moment ago */
	int exit_status;
	struct loop_timer end_limit;
	sigset_t inherited_mask;
	struct upgrade upgrade;
	/* changes */
	struct change change;
	bool reload_wanted; /* SIGHUP came while a change was going on */
	/* the picture before, which `undo` and a change that nobody confirms go back to */
	struct loop_timer unconfirmed;
	bool confirm_wanted;
	unsigned undo_generation; /* 0: there is none */
	char *undo_file;
};

/* What `sarai run` was told. */
struct run_options {
	const char *file;
	bool simulated;  /* members are played by the lab */
	bool keep_going; /* a room that cannot start does not end the start of the others */
};

/* Runs the hub until it is told to end; the exit status. */
int supervisor_run(const struct run_options *options);

/* --- between the files of the supervisor --- */

/* supervisor_process_io.c */
void supervisor_room_start(struct room_process *room);
void supervisor_room_closed(struct room_process *room); /* forgets its sockets */
/* Takes notice of children that ended. */
void supervisor_reap(struct supervisor *s);
void supervisor_order(struct room_process *room, enum order_kind kind, unsigned generation);
void supervisor_notify(const char *state); /* sd_notify(3) */

/* supervisor_change.c */
void supervisor_change_init(struct supervisor *s);
void supervisor_change_fini(struct supervisor *s);
/* Reads the file in force again. */
void supervisor_reload(struct supervisor *s);
void supervisor_room_prepared(struct room_process *room, const struct order *order);
/* A room went away, or came up with an older picture. */
void supervisor_room_lost(struct room_process *room);
void supervisor_room_came(struct room_process *room);
/* Answers apply, confirm, undo. */
void supervisor_change_answer(struct supervisor *s, const struct control_request *request,
			      struct control_answer *answer);
/* Reads and checks a hub file; errors and warnings are appended to *out. NULL if there is an error.
 */
struct hub *supervisor_read(const char *file, struct buf *out);
/* Writes the picture where the rooms read it. 0, or -1 with a line in the log. */
int supervisor_write_picture(struct supervisor *s, const struct hub *hub, unsigned generation);

/* supervisor_upgrade_io.c */
void supervisor_upgrade_init(struct supervisor *s);
void supervisor_upgrade_fini(struct supervisor *s);
/* From the check of the new binary on: nothing is to change meanwhile, for what it takes over is what it checked. */
bool supervisor_upgrade_is_on(const struct supervisor *s);
/* Answers `upgrade`. */
void supervisor_upgrade_answer(struct supervisor *s, const struct control_request *request,
			       struct control_answer *answer);
/* The rooms have ended: becomes the new binary. Returns only if that is impossible. */
void supervisor_upgrade_exec(const struct supervisor *s);

/* status.c: the answer to `show status`. `now` is the time. */
void status_answer(const struct supervisor *s, struct utc_s now, enum control_form form,
		   struct buf *out);
