/* `show flows` and `show samples`: what members asked to have kept, and sent to them. */
#pragma once

#include "base/buf.h"
#include "meter/flow_keep.h"
#include "meter/forward.h"
#include "view/view_form.h"

/* What is asked of the records. */
struct view_flows_wish {
	struct utc_s from, to; /* [from, to) */
	struct asn other;      /* 0: any */
	uint64_t limit;        /* records at most */
};

/* A list in pieces: its beginning, a record (true if it was one of those that are asked for), its end. */
void view_flows_begin(struct buf *out, enum view_form form);
bool view_flows_record(struct buf *out, enum view_form form, const struct view_flows_wish *wish,
		       const struct flow_record *record, bool first);
void view_flows_end(struct buf *out, enum view_form form);

/* The members whose samples are sent to them, as text or JSON. */
void view_samples(struct buf *out, enum view_form form, const struct forward *forward);
/* For Prometheus, and what of the records to be kept was lost. */
void view_samples_metrics(struct buf *out, const struct forward *forward,
			  const struct flow_keep *keep);
