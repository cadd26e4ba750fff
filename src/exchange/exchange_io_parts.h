/* What the files of the exchange's shell share: its connections, and the service that has them. */
#pragma once

#include "exchange/bfd_io.h"
#include "exchange/exchange_guard_io.h"
#include "exchange/exchange_heard_io.h"
#include "exchange/exchange_io.h"
#include "exchange/exchange_monitor_io.h"
#include "exchange/exchange_registry_io.h"
#include "exchange/exchange_snapshot_io.h"
#include "exchange/exchange_steer_io.h"
#include "exchange/rpki_io.h"
#include "net/loop.h"

enum { EXCHANGE_READ_MAX = 64 * 1024 };

struct connection {
	struct loop_watch watch;
	struct exchange_service *service;
	unsigned slot;
	enum session_conn kind;
	bool connecting;
	bool full; /* the socket takes nothing now */
	struct mono_us full_since;
	bool muted;         /* has something to read, which waits until the pause ends */
	const char *failed; /* why an attempt failed at once; told at the end of the turn */
};

struct listener {
	struct loop_watch watch;
	struct exchange_service *service;
};

struct exchange_service {
	struct loop *loop;
	struct exchange *engine;
	bool broken;                     /* the engine: it has no picture */
	struct connection **connections; /* by slot and kind */
	unsigned slots;
	struct listener *listeners;
	struct exchange_listening *listening; /* the same, for the guard */
	size_t listener_count;
	struct exchange_guard *guard;
	struct bfd_service *bfd;
	struct loop_timer timer, accept_timer, pause_timer, rtt_timer;
	bool paused;
	struct mono_us pause_again; /* not before */
	struct mono_us timer_due;
	size_t open;                          /* connections */
	size_t read_left;                     /* that may be read in this turn */
	bool failures;                        /* some connection has `failed` */
	struct exchange_snapshots *snapshots; /* NULL: not wanted */
	struct exchange_steer_file *steer;    /* likewise */
	struct exchange_states *states;       /* likewise */
	struct exchange_heard *heard;         /* likewise */
	struct exchange_monitors *monitors;
	char *dumps; /* the folder of MRT files that there was at the start, or NULL */
	struct exchange_registry *registry; /* NULL: not wanted */
	struct rpki_service *rpki;
	uint8_t input[EXCHANGE_READ_MAX];
};

#define OWNER(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))

/* --- exchange_connection_io.c --- */
/* Where the slot's connection of that kind stands, or would: NULL. */
struct connection **exchange_connection_place(struct exchange_service *service, unsigned slot,
					      enum session_conn kind);
/* Room for so many slots. */
void exchange_connections_widen(struct exchange_service *service, unsigned slots);
/* NULL if there is no memory. Without a socket yet. */
struct connection *exchange_connection_new(struct exchange_service *service, unsigned slot,
					   enum session_conn kind);
/* Closes it. The engine is not told. */
void exchange_connection_free(struct connection *connection);
/* What of it the loop is to tell: always what there is to read, unless it is muted; and when it takes octets again. */
void exchange_connection_wait(struct connection *connection, bool output);
/* Writes what the engine has for it, as far as the socket takes it. It may be gone after that. */
void exchange_connection_write(struct connection *connection);
/* Before a close. */
void exchange_connection_last_words(int fd, struct cursor words);
void exchange_connection_options(int fd, enum ip_family family);
struct ip exchange_connection_local(int fd);
/* As struct exchange_shell has them; the context is the service. */
void exchange_connection_want(void *context, unsigned slot, const struct exchange_target *target);
void exchange_connection_want_close(void *context, unsigned slot, enum session_conn kind,
				    struct cursor last_words);
/* Tells the engine of attempts that failed at once. */
void exchange_connections_tell_failures(struct exchange_service *service);

/* --- exchange_listen_io.c --- */
/* Listens where the picture says. 0, or -1 with the reason. */
int exchange_listen(struct exchange_service *service, const struct hub *hub,
		    char reason[EXCHANGE_REASON]);
/* The listening sockets learn the passwords and keys of the picture. 0, or -1. */
int exchange_listen_keys(struct exchange_service *service);
/* After a pause for want of descriptors: of accept_timer. */
void exchange_listen_again(struct loop_timer *timer, struct mono_us now);
