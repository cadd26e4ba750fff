/* What a switch says by sFlow besides flows and counters of ports: how busy it is, and what is not read. */
#include "view/view_meter_parts.h"

enum { LINES_MAX = 4 };

static const char *const kinds[] = {
	[SFLOW_SEEN_FLOW] = "record of flow samples",
	[SFLOW_SEEN_COUNTERS] = "record of counter samples",
	[SFLOW_SEEN_SAMPLE] = "sample",
};

static void
load_json(struct json *j, const char *key, uint32_t load)
{
	if (load == UINT32_MAX)
		json_null(j, key);
	else
		json_fixed(j, key, load / 100.0, 2);
}

void
view_meter_switch_json(struct json *j, const struct meter *m, size_t index)
{
	const struct sflow_seen_list *seen = meter_exporter_seen(m, index);
	const struct sflow_processor *p = meter_exporter_processor(m, index);
	if (p) {
		json_object(j, "processor");
		load_json(j, "load_5s_percent", p->load[0]);
		load_json(j, "load_1m_percent", p->load[1]);
		load_json(j, "load_5m_percent", p->load[2]);
		json_u64(j, "memory_octets", p->memory);
		json_u64(j, "free_octets", p->free);
		json_object_end(j);
	}
	json_array(j, "not_read");
	for (uint32_t i = 0; seen && i < seen->count; i++) {
		const struct sflow_seen *form = &seen->forms[i];
		json_object(j, NULL);
		json_str(j, "kind", kinds[form->kind]);
		json_u64(j, "enterprise", form->format >> 12);
		json_u64(j, "format", form->format & 0xfff);
		json_str(j, "what", sflow_seen_text(form));
		json_u64(j, "count", form->count);
		json_object_end(j);
	}
	json_array_end(j);
}

void
view_meter_switch_text(struct buf *out, const struct meter *m, size_t index)
{
	const struct sflow_seen_list *seen = meter_exporter_seen(m, index);
	const struct sflow_processor *p = meter_exporter_processor(m, index);
	if (p && p->load[1] != UINT32_MAX)
		buf_printf(out, "    processor %.1f %% busy over a minute, %llu of %llu MiB free\n",
			   p->load[1] / 100.0, (unsigned long long)(p->free >> 20),
			   (unsigned long long)(p->memory >> 20));
	for (uint32_t i = 0; seen && i < seen->count && i < LINES_MAX; i++) {
		const struct sflow_seen *form = &seen->forms[i];
		const char *what = sflow_seen_text(form);
		buf_printf(out, "    not read, %s %u:%u", kinds[form->kind], form->format >> 12,
			   form->format & 0xfff);
		if (what)
			buf_printf(out, " (%s)", what);
		buf_printf(out, ": %llu\n", (unsigned long long)form->count);
	}
}
