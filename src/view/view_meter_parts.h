/* The parts of view_meter; used by its files only. */
#pragma once

#include "base/json.h"
#include "view/view_meter.h"

/* --- view_meter.c --- */

/* A port's rates in a batch. */
struct view_port_rate {
	uint64_t in_bps, out_bps;
	bool known;
};
struct view_port_rate view_meter_port_rate(const struct traffic_batch *batch,
					   const struct traffic_port *port);
/* Octets in `seconds` as a rate; 0 for no time. */
uint64_t view_meter_bps(uint64_t octets, uint32_t seconds);

/* --- view_meter_matrix.c --- */
int view_meter_matrix(struct buf *out, const struct view_meter *view, enum view_meter_form form,
		      size_t limit);

/* --- view_meter_show_by.c --- */

enum { VIEW_METER_WORDS = -2 };
/* The words after "show traffic by". 0; VIEW_METER_WORDS when they make no sense; -1 without memory. */
int view_meter_show_by(struct buf *out, const struct view_meter *view, enum view_meter_form form,
		       const char *const *words, size_t count);

/* --- view_meter_ports.c --- */
int view_meter_ports(struct buf *out, const struct view_meter *view, enum view_meter_form form);
/* "snmp"; NULL for TRAFFIC_BY_NONE. Static text. */
const char *view_meter_source_name(enum traffic_source source);

/* --- view_meter_exporters.c --- */
void view_meter_exporters_json(struct json *j, const struct view_meter *view);
void view_meter_exporters_text(struct buf *out, const struct view_meter *view);
void view_meter_metrics(struct buf *out, const struct view_meter *view,
			const struct traffic_batch *current);

/* --- view_meter_switch.c --- */
void view_meter_switch_json(struct json *j, const struct meter *m, size_t index);
void view_meter_switch_text(struct buf *out, const struct meter *m, size_t index);

/* --- view_meter_memory.c --- */
void view_meter_memory_json(struct buf *out, const struct view_meter *view);
void view_meter_memory_text(struct buf *out, const struct view_meter *view);
void view_meter_memory_metrics(struct buf *out, const struct view_meter *view);

/* --- view_meter_sources.c --- */

/* The loss ledger, sampling rates and discarded packets of an exporter: as members of its JSON object,
 * and as lines below its own. */
void view_meter_sources_json(struct json *j, const struct meter *m, size_t index);
void view_meter_sources_text(struct buf *out, const struct meter *m, size_t index);
