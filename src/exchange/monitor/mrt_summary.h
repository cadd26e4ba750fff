/* What is in MRT files, in numbers. */
#pragma once

#include "exchange/monitor/mrt.h"

enum { MRT_SUMMARY_KINDS = 64, MRT_SUMMARY_FAULTS = 10, MRT_FAMILIES = 2 };

/* Numbers seen, by their hash (64 bits: among a million, one in thirty million files is off by one). */
struct mrt_seen {
	uint64_t *slots;
	size_t capacity, count;
	bool failed; /* no memory: the count is too low */
};

struct mrt_summary {
	uint64_t records, octets;
	/* By type and subtype; what finds no place here is in `records` only. */
	struct {
		uint16_t type, subtype;
		uint64_t count;
	} kinds[MRT_SUMMARY_KINDS];
	size_t kind_count;
	uint64_t verdicts[MRT_VERDICTS];
	/* The first records that were malformed. */
	struct {
		enum mrt_verdict verdict;
		uint64_t offset;
		uint16_t type, subtype;
	} faults[MRT_SUMMARY_FAULTS];
	size_t fault_count;
	/* Of IPv4 and IPv6. */
	uint64_t routes[MRT_FAMILIES], announced[MRT_FAMILIES], withdrawn[MRT_FAMILIES];
	uint64_t multicast;                        /* of these */
	uint64_t ends_of_rib, states, messages[6]; /* by BGP type; UPDATEs are not among them */
	struct mrt_seen prefixes[MRT_FAMILIES];    /* announced, or in a table */
	struct mrt_seen attributes, peers;
	uint64_t group; /* seen last */
	bool any_time;
	uint32_t first_s, last_s; /* times of records */
};

/* A zeroed struct is an empty summary. */
void mrt_summary_fini(struct mrt_summary *summary);
/* Counts a record, and what became of it. */
void mrt_summary_record(struct mrt_summary *summary, const struct mrt_record *record,
			enum mrt_verdict verdict);
/* Counts an entry. */
void mrt_summary_entry(struct mrt_summary *summary, const struct mrt_entry *entry);
/* Records that are malformed. */
uint64_t mrt_summary_malformed(const struct mrt_summary *summary);
