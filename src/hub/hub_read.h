/* What goes on while a hub file is read: the reader's state, shared by the generic part (hub_file),
 * the types (hub_value) and the rules between items (hub_check). */
#pragma once

#include "hub/hub.h"
#include "hub/hub_file.h"
#include "hub/hub_node.h"
#include "hub/hub_report.h"
#include "hub/hub_schema.h"

/* A peer that was named, to be found when all members have been read. */
struct hub_pending_peer {
	const struct hub_node *node;
	struct asn *out;
	const struct hub_pending_peer *next;
};

struct hub_reader {
	struct hub *hub; /* being built; arrays have their final place before they are filled */
	struct hub_report *report;
	struct arena *scratch; /* ends with the reading */
	const struct hub_source *source;
	/* Where each element came from, by what it is found by: to say where the first one is. */
	const struct hub_node **origins[HUB_INDEX_COUNT];
	uint32_t member;          /* whose ports and sessions are being read */
	const char *exposed_file; /* the last file that was asked about; NULL: none yet */
	const struct hub_pending_peer *peers; /* the last one first */
};

/* A key that an element wants for itself. */
struct hub_claim {
	enum hub_index by;
	const void *key; /* lives as long as the picture */
	size_t length;
	uint32_t value;
	struct hub_mark at;
	const char *item; /* the key in the file: "asn" */
	const char *text; /* the value as text */
	bool made;        /* of the AS number: nobody wrote it */
};

/* Files the claim; complains, naming the place of the first, if the key is taken. */
void hub_reader_claim(struct hub_reader *r, const struct hub_claim *claim);
/* Where an item of the mapping is written, or the mapping itself if it is not. */
struct hub_mark hub_reader_mark(const struct hub_node *map, const char *key);
/* Zeroed memory that lives as long as the picture; NULL, and complained, if there is none. */
void *hub_reader_take(struct hub_reader *r, size_t size);
/* The same for memory of the reading. */
void *hub_reader_scratch(struct hub_reader *r, size_t size);
/* Fills in the AS numbers of the peers that were named; complains about those that are no members.
 */
void hub_reader_find_peers(struct hub_reader *r);
