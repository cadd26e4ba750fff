/* Which entries of MRT files somebody wants to see. */
#pragma once

#include "exchange/monitor/mrt.h"

/* A community, standard or large; a field may be "*". */
struct mrt_community {
	uint8_t fields; /* 2 or 3; 0: not asked for */
	bool any[3];
	uint32_t values[3];
};

/* All that is set must hold; a zeroed filter likes everything. */
struct mrt_filter {
	struct prefix exactly;  /* family IP_NONE: not asked for, and so on */
	struct prefix within;   /* this one or a longer one */
	struct prefix covering; /* this one or a shorter one */
	struct asn origin, in_path;
	struct ip peer;
	struct asn peer_as;
	bool has_from, has_until;
	int64_t from_s, until_s; /* of the record; until: first second that is no longer wanted */
	struct mrt_community community;
};

/* Reads "64500:1", "64500:*", "64500:1:2". 0 or -1. */
int mrt_community_parse(struct mrt_community *out, const char *text);
bool mrt_filter_likes(const struct mrt_filter *filter, const struct mrt_entry *entry);
