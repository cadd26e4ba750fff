/* Finding sites, segments and risk groups by what somebody typed. Case does not matter; an id goes
 * before a name, a whole name before the beginning of one, and a beginning must be the only one. */
#pragma once

#include <stdint.h>

#include "hub/hub.h"

/* Why a question could not be understood. */
struct corridor_complaint {
	int status;     /* as in net/control.h: 400 not understood, 404 no such thing */
	char text[240]; /* one line, with what would do */
};

void corridor_complain(struct corridor_complaint *out, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* 0 and the index in *out; or -1 and the complaint, which names the nearest known or, when the text
 * fits several, some of these. */
int corridor_site_find(uint32_t *out, const struct hub *hub, const char *text,
		       struct corridor_complaint *complaint);
int corridor_segment_find(uint32_t *out, const struct hub *hub, const char *text,
			  struct corridor_complaint *complaint);
/* The name of the shared risk link group as the hub file writes it, or NULL. */
const char *corridor_group_find(const struct hub *hub, const char *text);
