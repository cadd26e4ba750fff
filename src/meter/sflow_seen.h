/* What stands in sFlow samples and is not read: skipped by its length, and counted by its form, so that nothing
 * that a switch sends is passed over without a word. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum sflow_seen_kind { SFLOW_SEEN_FLOW, SFLOW_SEEN_COUNTERS, SFLOW_SEEN_SAMPLE };

/* A form: the enterprise in the upper 20 bits, its number in the lower 12. */
struct sflow_seen {
	uint32_t format;
	uint8_t kind; /* enum sflow_seen_kind: a record of flow samples, of counter samples, a sample */
	uint64_t count;
};

enum { SFLOW_SEEN_MAX = 24 };

/* A zeroed one is valid and empty. */
struct sflow_seen_list {
	struct sflow_seen forms[SFLOW_SEEN_MAX]; /* in the order of their first coming */
	uint32_t count;
	uint64_t others; /* of forms beyond them */
};

void sflow_seen_note(struct sflow_seen_list *list, enum sflow_seen_kind kind, uint32_t format);
/* In words, "MPLS label stack"; NULL for one that is not of the standard. Static text. */
const char *sflow_seen_text(const struct sflow_seen *form);
