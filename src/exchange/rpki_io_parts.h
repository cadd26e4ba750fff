/* What the files of the RPKI's shell share: caches, files, and the service that has them. */
#pragma once

#include <sys/stat.h>
#include <time.h>

#include "base/arena.h"
#include "exchange/rpki/rtr.h"
#include "exchange/rpki/slurm.h"
#include "exchange/rpki/vrp_json.h"
#include "exchange/rpki_io.h"
#include "net/loop.h"
#include "net/resolve_io.h"

enum { RPKI_READ_MAX = 64 * 1024, RPKI_FAULT = 256 };

#define OWNER(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))

struct rpki_cache {
	struct rpki_service *service;
	char *name, *host;
	uint16_t port;
	uint32_t preference;
	unsigned source;
	struct rtr *rtr;
	struct loop_watch watch; /* fd -1: no socket */
	bool connecting;
	struct loop_timer timer;
	struct net_resolve *lookup;
	struct ip ips[NET_RESOLVE_MAX]; /* to be tried */
	size_t ip_count, ip_next;
	enum rtr_state told; /* in the log */
	struct mono_us error_told;
};

/* What tells one version of a file from another. */
struct stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified;
};

struct rpki_file {
	struct rpki_service *service;
	char *path;
	bool slurm;
	unsigned source; /* of VRPs */
	struct stamp seen, used;
	struct utc_s read;
	char error[RPKI_FAULT];
	/* VRPs: while they are read. */
	int fd; /* -1: nothing is read */
	struct vrp_json *reader;
	struct loop_timer slice;
	struct vrp_json_counts counts;
	/* SLURM: what is in force. */
	struct arena *arena;
	struct slurm contents;
	bool overlaps; /* with another one, so that none of them is put in force */
};

struct rpki_service {
	struct loop *loop;
	struct rpki_table *table;
	void (*changed)(void *context, const struct rpki_changes *c);
	void *context;
	uint32_t expire_s;
	struct rpki_cache **caches;
	size_t cache_count;
	struct rpki_file **files; /* of VRPs, then SLURM */
	size_t file_count;
	struct loop_timer poll, tell;
	uint8_t input[RPKI_READ_MAX];
};

/* Changes are told at the end of the turn, those of all sources together. */
void rpki_service_tell_soon(struct rpki_service *service);

/* --- rpki_cache_io.c --- */
/* Those of the picture; who stays goes on. 0, or -1 if there was no memory for all. */
int rpki_caches_apply(struct rpki_service *service, const struct hub *hub);
void rpki_cache_free(struct rpki_cache *cache);
/* Does what the machine of the cache wants, writes, and sets its timer. */
void rpki_cache_pump(struct rpki_cache *cache);

/* --- rpki_file_io.c --- */
/* The same for files. */
int rpki_files_apply(struct rpki_service *service, const struct hub *hub);
void rpki_file_free(struct rpki_file *file);
/* Looks which files are others than were read last, and begins to read those. */
void rpki_files_look(struct rpki_service *service);
