/* What the files of the table share. */
#pragma once

#include <assert.h>

#include "exchange/rpki/rpki_table.h"
#include "exchange/rpki/rpki_tree.h"

enum {
	SLURM_SOURCE = RPKI_SOURCES_MAX, /* its assertions are a source that is always in use */
	SOURCES = RPKI_SOURCES_MAX + 1,
	VRP_CHUNK = 4096,
};

enum {
	IN_EFFECT = 1,
	IN_EFFECT_NEXT = 2, /* while a prefix is settled */
	FILTERED = 4,       /* a SLURM filter matches */
	HIDDEN = 8,         /* it would be in effect but for the filter */
};

/* A VRP without its prefix. Those of a prefix are a chain: the first stands in the tree, so that a look-up finds it
 * beside its prefix, and the others, which are few, in chunks. */
struct vrp {
	uint32_t asn;
	uint32_t next;    /* number of the next one; 0 at the end */
	uint16_t sources; /* who has it */
	/* Of a source in a transaction: whole, it will have it; by changes, it will have it if it has not. */
	uint16_t staged;
	uint8_t max_length;
	uint8_t flags;
};
static_assert(sizeof(struct vrp) <= 16, "four to a cache line");

/* The providers that one or more sources name for a customer. */
struct aspa {
	struct aspa *next;
	uint16_t sources, staged;
	uint8_t flags;
	uint32_t count;
	uint32_t providers[];
};

struct customer {
	uint32_t asn;
	bool filtered;
	struct aspa *first; /* NULL: the place in the table is free */
};

struct source {
	char *name; /* NULL: the number is free */
	enum rpki_kind kind;
	uint32_t preference;
	bool alive, complete, with_aspas;
	bool loading; /* in a transaction */
	enum rpki_load load;
	uint32_t vrps[2], aspas;               /* IPv4, IPv6; as committed */
	uint32_t staged_vrps[2], staged_aspas; /* as they will be */
	/* Of a delta: what it touches, so that a commit looks at nothing else. */
	struct prefix *prefix_log;
	size_t prefix_logged, prefix_room;
	uint32_t *aspa_log;
	size_t aspa_logged, aspa_room;
};

/* SLURM's filters, made to be asked for a VRP. */
struct filters {
	struct rpki_tree trees[2]; /* prefix -> number of the first of a chain in `rules` */
	struct filter_rule {
		bool has_asn;
		uint32_t asn, next;
	} * rules;      /* number 0 is none */
	uint32_t *asns; /* of filters without a prefix, ascending */
	size_t asn_count;
	uint32_t *customers; /* ascending */
	size_t customer_count;
};

struct rpki_table {
	struct rpki_tree trees[2]; /* IPv4, IPv6: prefix -> its first VRP */
	struct vrp **chunks;       /* those that are not the first of their prefix */
	uint32_t chunk_count, chunk_room;
	uint32_t free_vrps; /* chain of unused ones; 0: none */

	struct customer *customers; /* a hash table, open, linear */
	size_t customer_count, customer_room;
	size_t aspa_memory;

	struct source sources[SOURCES];
	uint16_t active; /* bits of those in use */
	int cache;       /* the cache in use, or -1 */
	bool ready, aspa_ready;
	struct filters filters;
	struct rpki_counts counts;

	bool all_prefixes, all_paths;
	struct rpki_touched *touched;
	size_t touched_count, touched_room;
	struct asn *touched_customers;
	size_t touched_customer_count, touched_customer_room;
};

static inline struct vrp *
vrp_at(const struct rpki_table *t, uint32_t index)
{
	return &t->chunks[index / VRP_CHUNK][index % VRP_CHUNK];
}

/* The VRP after this one, or NULL. */
static inline struct vrp *
vrp_next(const struct rpki_table *t, const struct vrp *v)
{
	return v->next ? vrp_at(t, v->next) : NULL;
}

static inline const struct rpki_tree *
tree_of(const struct rpki_table *t, const struct prefix *p)
{
	return &t->trees[p->ip.family == IP_V6];
}

/* How a source's staged bits become real ones. */
enum settle {
	SETTLE_NOTHING,
	SETTLE_WHOLE,
	SETTLE_DELTA,
	SETTLE_ABORT, /* they are forgotten */
	SETTLE_DROP,  /* they stay, and what the source had goes */
};

/* Makes room for one more item. False: no memory. */
bool rpki_room(void **array, size_t *room, size_t count, size_t size);

/* --- rpki_aspa.c --- */
/* Settles one customer, or all, after the sources in use or the staged bits changed. */
void aspa_settle(struct rpki_table *t, uint32_t asn, enum settle how, uint16_t bit);
void aspa_settle_all(struct rpki_table *t, enum settle how, uint16_t bit);
void aspa_fini(struct rpki_table *t);

/* --- rpki_filter.c --- */
/* Builds from SLURM files. False: no memory; *out is empty then. */
bool filters_init(struct filters *out, const struct slurm *const *files, size_t count);
void filters_fini(struct filters *f);
bool filters_match(const struct filters *f, const struct prefix *prefix, uint32_t asn);
bool filters_match_customer(const struct filters *f, uint32_t asn);
size_t filters_memory(const struct filters *f);
