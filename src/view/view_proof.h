/* The proof of the way: over what a member's traffic went. Pure. Integers are printed to the octet; percents
 * are hundredths, and parts of a whole add up to 100. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/json_read.h"
#include "ledger/ledger_way.h"
#include "view/view_form.h"

/* A few sentences without a full stop, for a bill: into *out, from `arena`. Their number; 0 without memory. */
size_t view_proof_lines(const char *const **out, struct arena *arena, const struct ledger_way *way);

/* The proof as a member "way" of a document, with the sentences. */
void view_proof_json(struct json *j, const struct ledger_way *way);
/* Reads that back: all but the sentences and percents, which follow from it. 0, or -1 and errno EBADMSG,
 * ENOMEM. All of it is in `arena`. */
int view_proof_read(struct ledger_way *out, struct arena *arena, const struct json_value *way);

/* One proof among others of an answer. */
struct view_proof {
	uint32_t asn;
	const char *member;
	const char *contract; /* id; NULL: all ports of the member */
	const char *document; /* the invoice that bears it, as issued; NULL: it was computed now */
	const char *fault;    /* an issued one that does not follow from journal and bins; NULL */
	const struct ledger_way *way;
};
/* Answers of several: begin, each, end. `month` 0: it is another time, which each tells. */
struct view_proofs {
	enum view_form form;
	struct json j;
	struct buf *out;
	size_t count;
};
void view_proofs_begin(struct view_proofs *ways, struct buf *out, enum view_form form,
		       struct utc_s month);
void view_proofs_add(struct view_proofs *ways, const struct view_proof *way);
void view_proofs_end(struct view_proofs *ways);
