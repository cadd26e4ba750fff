/* A SLURM file: what an operator takes out of the RPKI's data and puts into it, for his own network. RFC 8416
 * (slurmVersion 1), and draft-ietf-sidrops-aspa-slurm, which adds ASPAs (slurmVersion 2). What concerns
 * BGPsec is checked no further than that it is JSON. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ip.h"
#include "exchange/rpki/rpki.h"

/* Takes out VRPs: those inside `prefix` (family IP_NONE: anywhere) of `asn` (where has_asn). */
struct slurm_prefix_filter {
	struct prefix prefix;
	bool has_asn;
	struct asn asn;
};

struct slurm_aspa {
	struct asn customer;
	uint32_t *providers; /* ascending, each once, at least one */
	size_t count;
};

struct slurm {
	struct slurm_prefix_filter *prefix_filters;
	size_t prefix_filter_count;
	struct asn *aspa_filters; /* customers whose ASPAs are taken out */
	size_t aspa_filter_count;
	struct rpki_vrp *prefix_assertions;
	size_t prefix_assertion_count;
	struct slurm_aspa *aspa_assertions;
	size_t aspa_assertion_count;
};

enum {
	SLURM_FILE_MAX = 32 << 20, /* octets; larger files are refused */
	SLURM_ERROR = 160,
};

/* Two files of a set that speak of the same addresses, or of ASPAs of the same customer. */
struct slurm_overlap {
	size_t first, second; /* indices; they differ */
	char what[SLURM_ERROR / 2];
};
/* 1 and the first overlap found; 0: their scopes are distinct; -1: no memory. Where there is one, the whole set
 * must not be used: RFC 8416 section 4.2. */
int slurm_overlaps(struct slurm_overlap *out, const struct slurm *const *files, size_t count);
/* Reads a file's text into memory of the arena. 0; or -1 with what is wrong and where ("line 4, column 7: ..."):
 * a file with any fault is refused whole, as RFC 8416 section 3.1 wants. */
int slurm_read(struct slurm *out, struct arena *arena, const char *text, size_t length,
	       char error[SLURM_ERROR]);
