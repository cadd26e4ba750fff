/* What is in messages: opens, requests and reports item by item, errors, notifications; and those
 * that a PCE sends (RFC 5440 section 6, RFC 8231 section 6, RFC 8281 section 5). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "pcep/pcep_object.h"
#include "pcep/pcep_route.h"
#include "pcep/pcep_wire.h"

/* What a PCErr is to say; type 0: nothing. */
struct pcep_fault {
	uint8_t type, value;
};

/* What a speaker says of itself (RFC 5440 section 7.3). */
struct pcep_open {
	uint8_t keepalive_s, dead_s; /* 0: none is sent; for ever */
	uint8_t session_id;
	bool stateful;     /* STATEFUL-PCE-CAPABILITY is there */
	bool update;       /* U: LSPs may be updated */
	bool initiate;     /* I: and made (RFC 8281) */
	bool sr, srv6;     /* these path setup types */
	uint8_t sid_depth; /* MSD of SR; 0: no limit */
	bool policies,
		policies_draft; /* associations of SR policies, RFC 9862, or as FRR has them */
};

/* 0, or -1 if it is malformed. `body` is behind the message's header. */
int pcep_open_read(struct pcep_open *out, struct cursor body);
void pcep_open_write(struct buf *to, const struct pcep_open *open);

enum { PCEP_NAME_MAX = 255, PCEP_METRICS_MAX = 8 };

struct pcep_metric {
	uint8_t type; /* enum pcep_metric_type */
	bool bound;   /* B: at most `value`; else it is to be the least */
	bool wanted;  /* C: it is to be told */
	float value;
};

/* Which SR policy a path is of (RFC 9862, and FRR's draft). */
struct pcep_policy {
	bool there;
	bool draft; /* read: as FRR has it; to be written: for routers from before RFC 9862 */
	uint32_t color, preference;
	struct ip endpoint;
	char name[PCEP_NAME_MAX + 1]; /* of the candidate path */
};

/* States of the O field (RFC 8231 section 7.3). */
enum pcep_oper { PCEP_DOWN, PCEP_UP, PCEP_ACTIVE, PCEP_GOING_DOWN, PCEP_GOING_UP };

/* One request, or the report of one path. Large: one for all. */
struct pcep_item {
	bool has_srp, has_lsp, has_rp, has_ends, has_ero, has_rro;
	uint32_t srp_id;
	bool srp_remove;
	uint8_t setup_type; /* enum pcep_setup_type */
	/* LSP */
	uint32_t plsp_id;
	bool delegate, sync, remove, admin, created;
	uint8_t oper; /* enum pcep_oper */
	uint32_t lsp_error;
	char name[PCEP_NAME_MAX + 1];
	struct ip from, to; /* of END-POINTS, or else of the LSP's identifiers */
	bool has_identifiers;
	uint16_t lsp_id, tunnel_id;
	/* RP */
	uint32_t request_id;
	bool reoptimise, loose;
	struct pcep_route ero, rro;
	bool has_bandwidth;
	uint64_t bandwidth_bps;
	uint8_t metric_count;
	struct pcep_metric metrics[PCEP_METRICS_MAX];
	struct pcep_stops include, exclude;
	struct pcep_policy policy;
	struct pcep_fault fault; /* what is wrong with it, though its end is known */
};

/* Takes the next item of a PCReq or PCRpt (`type`). False at the end, and where an object does not
 * end within the message: then list->failed. */
bool pcep_item_next(struct pcep_item *out, struct cursor *list, uint8_t type);

/* PCErr: the first error in it. -1 if there is none. An Open that it carries is in *open, if
 * has_open. */
struct pcep_error_read {
	struct pcep_fault fault;
	bool has_open;
	struct pcep_open open;
	bool has_request, has_srp;
	uint32_t request_id, srp_id;
};
int pcep_error_read(struct pcep_error_read *out, struct cursor body);
/* PCNtf: type and value of its notification. -1 if there is none. */
int pcep_notification_read(struct pcep_fault *out, struct cursor body);
/* The reason of a Close; PCEP_CLOSE_NO_REASON if it cannot be read. */
uint8_t pcep_close_read(struct cursor body);

/* --- what a PCE sends --- */

void pcep_keepalive_write(struct buf *to);
void pcep_close_write(struct buf *to, uint8_t reason);
/* `open`: what would be accepted, or NULL. `request_id`, `srp_id`: what it is about; 0: neither. */
void pcep_error_write(struct buf *to, struct pcep_fault fault, uint32_t request_id, uint32_t srp_id,
		      const struct pcep_open *open);
/* `duration_s`: of an overload that begins; 0: not said. */
void pcep_notification_write(struct buf *to, struct pcep_fault what, uint32_t duration_s);

struct pcep_reply {
	uint32_t request_id;
	uint8_t setup_type;
	const struct pcep_route *route; /* NULL: there is no path */
	uint32_t no_path;               /* a set of enum pcep_no_path */
	bool constrained;               /* no path under these conditions: C flag */
	uint8_t metric_count;
	struct pcep_metric metrics[PCEP_METRICS_MAX];
	bool has_bandwidth;
	uint64_t bandwidth_bps;
};
void pcep_reply_write(struct buf *to, const struct pcep_reply *reply);

struct pcep_order {
	uint32_t srp_id, plsp_id;
	uint8_t setup_type;
	bool remove;      /* of an initiate */
	bool delegate;    /* false in an update: the delegation is handed back */
	const char *name; /* of an initiate */
	struct ip from, to;
	const struct pcep_route *route;
	struct pcep_policy policy;
};
void pcep_update_write(struct buf *to, const struct pcep_order *order);
void pcep_initiate_write(struct buf *to, const struct pcep_order *order);
