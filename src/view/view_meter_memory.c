/* What the meter holds in memory, part by part. */
#include <string.h>

#include "view/view_meter_parts.h"
#include "view/view_text.h"

/* The meter's and what is beside it; the sum last. */
static void
add_up(struct meter_memory out[METER_PARTS + 1], const struct view_meter *view)
{
	memcpy(out, view->beside, sizeof(view->beside));
	meter_memory(view->meter, out);
	out[METER_PARTS] = (struct meter_memory){0};
	for (int i = 0; i < METER_PARTS; i++) {
		out[METER_PARTS].octets += out[i].octets;
		out[METER_PARTS].bound += out[i].bound;
		out[METER_PARTS].refused += out[i].refused;
	}
}

void
view_meter_memory_json(struct buf *out, const struct view_meter *view)
{
	struct meter_memory parts[METER_PARTS + 1];
	struct json j = json_to(out);
	add_up(parts, view);
	json_object(&j, NULL);
	json_u64(&j, "workers", view->workers);
	json_u64(&j, "octets", parts[METER_PARTS].octets);
	json_u64(&j, "socket_octets", view->buffer > 0 ? (uint64_t)view->buffer : 0);
	json_array(&j, "parts");
	for (int i = 0; i < METER_PARTS; i++) {
		json_object(&j, NULL);
		json_str(&j, "part", meter_part_text((enum meter_part)i));
		json_u64(&j, "octets", parts[i].octets);
		if (parts[i].bound)
			json_u64(&j, "bound_octets", parts[i].bound);
		else
			json_null(&j, "bound_octets");
		json_u64(&j, "refused", parts[i].refused);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
line(struct buf *out, const char *part, const struct meter_memory *m, bool bounded)
{
	view_cell(out, part, 22);
	buf_printf(out, "%10zu KiB", (m->octets + 1023) / 1024);
	if (bounded && m->bound)
		buf_printf(out, "%12zu KiB", m->bound / 1024);
	else
		view_cell(out, bounded ? "as the hub file" : "", -16);
	buf_printf(out, "%12llu\n", (unsigned long long)m->refused);
}

void
view_meter_memory_text(struct buf *out, const struct view_meter *view)
{
	struct meter_memory parts[METER_PARTS + 1];
	add_up(parts, view);
	buf_str(out, "part                            held         at most     refused\n");
	for (int i = 0; i < METER_PARTS; i++)
		line(out, meter_part_text((enum meter_part)i), &parts[i], true);
	line(out, "all", &parts[METER_PARTS], false);
	if (view->workers)
		buf_printf(out, "that of %zu workers is in it\n", view->workers);
	buf_printf(out, "the kernel holds %d KiB for the sockets besides\n", view->buffer / 1024);
}

void
view_meter_memory_metrics(struct buf *out, const struct view_meter *view)
{
	struct meter_memory parts[METER_PARTS + 1];
	add_up(parts, view);
	buf_str(out,
		"# HELP sarai_meter_part_octets Memory of the meter and its workers, by part.\n"
		"# TYPE sarai_meter_part_octets gauge\n");
	for (int i = 0; i < METER_PARTS; i++)
		buf_printf(out, "sarai_meter_part_octets{part=\"%s\"} %zu\n",
			   meter_part_text((enum meter_part)i), parts[i].octets);
	buf_str(out, "# HELP sarai_meter_part_refused_total What a part had no room for.\n"
		     "# TYPE sarai_meter_part_refused_total counter\n");
	for (int i = 0; i < METER_PARTS; i++)
		buf_printf(out, "sarai_meter_part_refused_total{part=\"%s\"} %llu\n",
			   meter_part_text((enum meter_part)i),
			   (unsigned long long)parts[i].refused);
}
