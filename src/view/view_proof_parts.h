/* The parts of view_proof; used by its files only. */
#pragma once

#include "view/view_proof.h"

enum { VIEW_PROOF_PERCENT = 16, VIEW_PROOF_LINES = 6 };

/* "12.34"; returns `out`. */
char *view_proof_percent(char out[VIEW_PROOF_PERCENT], uint32_t hundredths);

/* What is printed of a proof, in hundredths of a percent; each three add up to 100. */
struct view_proof_parts {
	uint64_t octets;
	uint32_t grounds[3]; /* measured, by estimate, unknown */
	uint32_t promise[3]; /* kept, broken, unknown */
	uint32_t kept_estimated;
};
struct view_proof_parts view_proof_parts_of(const struct ledger_way *way);
