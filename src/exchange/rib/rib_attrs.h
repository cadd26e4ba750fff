/* Attribute sets, interned: what one session said about how to reach something, kept once however
 * many prefixes it said it about. Everything that follows from the attributes alone is decided when
 * a set is first seen, and the set names that verdict.
 *
 * The session is part of the key, so that "the next hop is the peer's own" is a fact about the set.
 *
 *   one entry, in units of 16 octets:   | struct rib_attrs, 41 octets | next hops (IPv6) |
 * attributes |
 *
 * The attributes are those of bgp_attrs_encode with the communities as they came. Entries of one
 * size share pages of 16 KiB, and larger ones have a page of their own; an entry's number is its place, so
 * there is no table of pointers. */
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "exchange/bgp/bgp_attrs.h"

enum {
	RIB_ATTRS_NONE = 0,
	RIB_ATTRS_UNIT = 16,
	RIB_ATTRS_PAGE = 1024,       /* units */
	RIB_ATTRS_BYTES_MAX = 65535, /* as in a message of RFC 8654, and the next hops */
	RIB_ATTRS_CLASSES = (41 + RIB_ATTRS_BYTES_MAX + RIB_ATTRS_UNIT - 1) / RIB_ATTRS_UNIT + 1,
};

/* Everything in a flag is fixed when the entry is made, except RIB_ATTRS_IDLE and _UNLISTED. */
enum {
	RIB_ATTRS_HAS_MED = 1,
	RIB_ATTRS_IDLE = 2,       /* waits on the list of those that may be unused */
	RIB_ATTRS_HOP_V6 = 4,     /* an IPv6 next hop precedes the attributes */
	RIB_ATTRS_LINK_LOCAL = 8, /* and its link-local address after it */
	RIB_ATTRS_UNLISTED = 16,  /* not found any more: another entry holds the same bytes */
};

struct rib_attrs {
	uint32_t hash_next;
	uint32_t hash;
	uint32_t paths;          /* first path that uses it */
	uint32_t next, previous; /* of the same session */
	uint32_t verdict;        /* what was decided about it; interned by the table */
	uint32_t med;            /* 0 when absent: RFC 4271 section 9.1.2.2 c */
	uint32_t first_as;       /* the neighbour that MED is compared within */
	uint16_t slot;           /* session */
	uint16_t length;         /* octets of `bytes` */
	uint16_t hops;
	uint8_t origin;
	uint8_t flags;
	uint8_t preference; /* of the verdict; lower is preferred */
	uint8_t bytes[];
};
static_assert(offsetof(struct rib_attrs, bytes) == 41, "41 + 55 octets fit six units");

/* A page holds entries of one size. Pages are named by their index plus 1. */
struct rib_attrs_page {
	uint32_t next, previous; /* pages of that size with room; or the next that is not in use */
	uint32_t free;           /* entry, head of a list; 0: none */
	uint16_t units;          /* of each entry */
	uint16_t live;           /* entries in use */
};

struct rib_attrs_pool {
	uint8_t **pages;               /* NULL: not in use */
	struct rib_attrs_page *states; /* of each page */
	size_t page_count, page_capacity, state_capacity;
	uint32_t open[RIB_ATTRS_CLASSES]; /* by size in units: first page with room */
	uint32_t unused;                  /* first page that is not in use */
	size_t pages_held;                /* in use */
	uint32_t *buckets;
	uint32_t mask;
	uint32_t live;
	uint32_t unlisted; /* of these, entries with that flag */
	size_t octets;     /* in use, rounded up to units */
};

/* 0, or -1 if there is no memory. */
int rib_attrs_pool_init(struct rib_attrs_pool *pool);
void rib_attrs_pool_fini(struct rib_attrs_pool *pool);

uint32_t rib_attrs_hash(unsigned slot, const uint8_t *bytes, size_t length);
/* The set of this session with these bytes, or RIB_ATTRS_NONE. */
uint32_t rib_attrs_find(const struct rib_attrs_pool *pool, unsigned slot, const uint8_t *bytes,
			size_t length, uint32_t hash);
/* A new entry that holds a copy of the bytes; the rest of it is zero and the caller's to fill.
 * RIB_ATTRS_NONE if there is no memory. */
uint32_t rib_attrs_add(struct rib_attrs_pool *pool, unsigned slot, const uint8_t *bytes,
		       size_t length, uint32_t hash);
void rib_attrs_remove(struct rib_attrs_pool *pool, uint32_t number);
/* Keeps the entry, but rib_attrs_find does not find it any more. */
void rib_attrs_unlist(struct rib_attrs_pool *pool, uint32_t number);
/* The same bytes of the same session; two entries have them only while one is unlisted. */
bool rib_attrs_equal(const struct rib_attrs_pool *pool, uint32_t a, uint32_t b);
/* Fewer buckets where most are not needed any more. */
void rib_attrs_shrink(struct rib_attrs_pool *pool);

static inline struct rib_attrs *
rib_attrs_at(const struct rib_attrs_pool *pool, uint32_t number)
{
	return (void *)(pool->pages[number / RIB_ATTRS_PAGE] +
			(size_t)(number % RIB_ATTRS_PAGE) * RIB_ATTRS_UNIT);
}

/* Reads an entry's own bytes back into the decoded form; its cursors point into the entry. */
void rib_attrs_view(struct bgp_attrs *out, const struct rib_attrs *attrs);
/* The same, with `others` complete: where they are not neighbours they are gathered in `gathered`. */
void rib_attrs_view_all(struct bgp_attrs *out, struct buf *gathered, const struct rib_attrs *attrs);
