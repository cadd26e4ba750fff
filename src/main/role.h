/* A role: what one process of the hub does. The parent starts each role of the table in its own
 * process; there the host (room.c) makes the loop, reads the picture, closes the sandbox and calls
 * the functions below. Each room writes src/main/role_<name>.c with its `const struct role`. */
#pragma once

#include <stdbool.h>

#include "hub/hub.h"
#include "net/control.h"
#include "net/loop.h"

enum { ROLE_REASON = 256 };

/* What a role is given. Belongs to the host and lives as long as the process. */
struct role_context {
	struct loop *loop;
	int index; /* of the role in roles[] */
	/* The picture in force. The host sets it to the new one before it calls `apply`, and frees
	 * the old one when `apply` has returned: nothing may point into the old one after that. */
	const struct hub *hub;
	unsigned generation; /* of that picture; the first is 1 */
	bool simulated;      /* the members are the lab's; to be shown wherever numbers are shown */
	bool returns;        /* a process of this role was here a moment ago */
	bool leaves;         /* in `stop`: another one will be here in a moment */
	int channel;         /* requests from the parent; the host serves it with `answer` */
	/* Folders, without slash at the end; they exist, belong to the process, and are all of the
	 * file system that the sandbox lets it write. */
	const char *data_directory;     /* what must last: the ledger's store */
	const char *run_directory;      /* snapshots and pictures; lost without harm */
	const char *spool_directory;    /* closed bins on their way from meter to ledger */
	const char *registry_directory; /* what the registries answered, for the exchange */
	const char *flows_directory;    /* flow records of members that asked for it */
	const char *corridor_directory; /* what is cut, drained and worked on */
	const char *control_socket;     /* where the page asks the rooms */
	void *state;                    /* the role's own; the host never touches it */
};

/* All functions run in the loop's thread, and none may wait. */
struct role {
	const char *name; /* as in `show status` and the log */
	/* Opens sockets and files, and sets watches and timers; the sandbox is closed already. 0,
	 * or -1 with the reason in words:
	 * "cannot listen on 127.0.0.1:8080: Address already in use". */
	int (*start)(struct role_context *context, char reason[ROLE_REASON]);
	/* Would `next` do? Changes nothing. 0, or -1 with the reason: then no room takes it. NULL:
	 * every sound picture will do. */
	int (*prepare)(struct role_context *context, const struct hub *next,
		       char reason[ROLE_REASON]);
	/* context->hub is new, `old` is what it was: go over to it. 0; or -1: the host ends the
	 * process, and the parent starts it anew with the new picture. */
	int (*apply)(struct role_context *context, const struct hub *old);
	/* Answers a request; its context is the struct role_context. NULL: has no answers. */
	control_handler *answer;
	/* The hub ends: write what must last, close. Has a few seconds before it is killed. */
	void (*stop)(struct role_context *context);
	/* Has sockets of the Internet families: the sandbox leaves them open. */
	bool listens;
	/* Runs other programs, within its own sandbox. */
	bool runs_programs;
};

extern const struct role role_exchange, role_meter, role_poller, role_ledger, role_corridor,
	role_registry, role_paper, role_web;

/* Folders of the files that validate origins, into at most `max` places; their texts live until the next call. The
 * number, or -1 when they are more. */
int role_exchange_readable(const struct hub *hub, const char **folders, int max);
enum { ROLE_REGISTRY_READABLE = 4 };
/* What the registry reads besides its folder: a file or folder of PeeringDB's, a bgpq4 that is not the
 * system's, dumps of whois data. Unused places are left. */
void role_registry_readable(const struct hub *hub, const char *paths[ROLE_REGISTRY_READABLE]);

enum { ROLE_POLLER_READABLE = 12, ROLE_SECRET_PATH = 1024 };
/* Folders of the files with the poller's secrets, as above. */
int role_poller_readable(const struct hub *hub, const char **folders, int max);

/* The folder of the file with the token of pushes; NULL: none. Its text lives until the next call. */
const char *role_web_readable(const struct hub *hub);

enum { ROLE_PAPER_READABLE = 2, ROLE_PAPER_PATH = 4096 };
/* Folders of the files of towers and fibre that reach is planned of, as above. */
int role_paper_readable(const struct hub *hub, const char **folders, int max);

enum { ROLE_COUNT = 8 };
/* All of them, in the order in which they are shown. */
extern const struct role *const roles[ROLE_COUNT];

/* The index in roles[], or -1. */
int role_by_name(const char *name);

/* Does the request change something: the hub, its routes, the journal? */
bool role_request_changes(const struct control_request *request);

/* The token that goes along with an order about segments; NULL: it is none, or has none. */
const char *role_request_token(const struct control_request *request);

/* Who answers these words: index in roles[]; -1: the parent; -2: nobody. */
int role_for_request(const struct control_request *request);
enum { ROLE_PARENT = -1, ROLE_NOBODY = -2 };
