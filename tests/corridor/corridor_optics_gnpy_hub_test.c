/* There and back: a hub as GNPy's files and these as a hub file again; files read and written
 * again. / */
#include "corridor/corridor_optics_gnpy_hub.h"

#include <math.h>
#include <stdlib.h>

#include "hub_text.h"
#include "tap.h"

static const char text[] =
	"hub: {name: T, asn: 64500, router_id: 192.0.2.1}\n"
	"sites:\n"
	"  - {id: A, name: Aktau, country: KZ, lat: 43.65, lon: 51.2}\n"
	"  - {id: B, name: Sumgait, country: AZ, lat: 40.6, lon: 49.6}\n"
	"  - {id: C, name: Tbilisi, country: GE, lat: 41.7, lon: 44.8}\n"
	"  - {id: D, name: Alone, country: GE}\n"
	"segments:\n"
	"  - {id: SEA, a: A, b: B, length_km: 380.5, medium: submarine, status: in service}\n"
	"  - {id: L1, a: C, b: B, length_km: 600, medium: terrestrial, status: in service}\n"
	"  - {id: L2, a: B, b: C, length_km: 600, medium: terrestrial, status: in service}\n"
	"  - {id: K, a: A, b: C, length_km: 170, medium: terrestrial, status: in service}\n"
	"optics:\n"
	"  amplifiers: [{id: quiet, model: fixed, gain_min_db: 5, gain_max_db: 30, power_max_dbm: "
	"20, noise_db: 4}]\n"
	"  modes: [{id: fast, rate_gbps: 800, osnr_db: 26, baud_gbd: 130, spacing_ghz: 150}]\n"
	"  lines: [{segment: K, spans: [{km: 90, amplifier: quiet, gain_db: 19}, {km: 80, "
	"amplifier: "
	"quiet, loss_db_km: 0.21}]}]\n";

/* A hub as the two files. */
struct files {
	struct buf network, equipment;
};

static struct files
files_of(const struct hub *hub)
{
	struct files f = {0};
	struct corridor_network network;
	struct corridor_equipment equipment;
	struct arena *arena = arena_new();
	struct corridor_kit *kit = corridor_kit_new(hub);
	if (corridor_gnpy_of_hub(&network, &equipment, arena, kit, hub) < 0)
		abort();
	corridor_gnpy_write_network(&f.network, &network);
	corridor_gnpy_write_equipment(&f.equipment, &equipment);
	corridor_kit_free(kit);
	arena_free(arena);
	return f;
}

static void
files_fini(struct files *f)
{
	buf_fini(&f->network);
	buf_fini(&f->equipment);
}

/* The files as a hub file; *notes what it cannot say. */
static struct hub *
hub_of(const struct files *f, struct buf *notes)
{
	struct corridor_network network;
	struct corridor_equipment equipment;
	struct corridor_complaint complaint = {0};
	struct buf part = {0};
	struct corridor_gnpy gnpy = {.arena = arena_new(), .notes = notes};
	if (corridor_gnpy_equipment(&equipment, &gnpy, (const char *)f->equipment.data,
				    f->equipment.length, &complaint) < 0 ||
	    corridor_gnpy_network(&network, &gnpy, &equipment, (const char *)f->network.data,
				  f->network.length, &complaint) < 0)
		printf("# %s\n", complaint.text);
	/* A hub's own lines go before, in the same mapping. */
	buf_str(&part, "{\"hub\":{\"name\":\"T\",\"asn\":64500,\"router_id\":\"192.0.2.1\"},");
	struct buf rest = {0};
	corridor_gnpy_to_hub(&rest, &network, &equipment, notes, &complaint);
	buf_put(&part, rest.data + 1, rest.length - 1);
	buf_u8(&part, 0);
	struct hub *hub = hub_of_text((const char *)part.data);
	buf_fini(&rest);
	buf_fini(&part);
	arena_free(gnpy.arena);
	return hub;
}

static bool
same(const struct buf *a, const struct buf *b)
{
	if (a->length == b->length && memcmp(a->data, b->data, a->length) == 0)
		return true;
	printf("# %.*s# %.*s", (int)a->length, (const char *)a->data, (int)b->length,
	       (const char *)b->data);
	return false;
}

static void
there_and_back(void)
{
	struct hub *first = hub_of_text(text);
	struct files one = files_of(first);
	struct buf notes = {0};
	struct hub *second = hub_of(&one, &notes);
	struct files two = files_of(second);
	size_t alike = 0;
	for (size_t i = 0; i < second->segment_count; i++) {
		const struct hub_segment *s = &second->segments[i];
		for (size_t k = 0; k < first->segment_count; k++) {
			const struct hub_segment *f = &first->segments[k];
			alike += strcmp(s->id, f->id) == 0 && s->length_km == f->length_km &&
				 strcmp(second->sites[s->a].id, first->sites[f->a].id) == 0 &&
				 strcmp(second->sites[s->b].id, first->sites[f->b].id) == 0;
		}
	}
	ok(alike == 4 && second->segment_count == 4,
	   "segments come back with their ids, ends and lengths");
	ok(second->site_count == 3, "a site at which nothing ends is not in a network");
	ok(second->optics.line_count == 1 && second->optics.lines[0].span_count == 2 &&
		   second->optics.lines[0].spans[0].gain_db == 19 &&
		   fabs(second->optics.lines[0].spans[1].loss_db_km - 0.21) < 1e-9,
	   "a line that is known comes back span by span");
	ok(notes.length == 0, "and nothing is noted");
	ok(same(&one.network, &two.network), "the network is the same in the end");
	struct hub *third = hub_of(&two, &notes);
	struct files three = files_of(third);
	ok(same(&two.equipment, &three.equipment), "and so is the equipment, from then on");
	files_fini(&one);
	files_fini(&two);
	files_fini(&three);
	buf_fini(&notes);
	hub_free(first);
	hub_free(second);
	hub_free(third);
}

static struct buf
written(const char *network_text, const char *equipment_text)
{
	struct corridor_network network;
	struct corridor_equipment equipment;
	struct corridor_complaint complaint = {0};
	struct buf out = {0};
	struct corridor_gnpy gnpy = {.arena = arena_new()};
	if (corridor_gnpy_equipment(&equipment, &gnpy, equipment_text, strlen(equipment_text),
				    &complaint) < 0 ||
	    corridor_gnpy_network(&network, &gnpy, &equipment, network_text, strlen(network_text),
				  &complaint) < 0)
		printf("# %s\n", complaint.text);
	else
		corridor_gnpy_write_network(&out, &network);
	buf_u8(&out, 0);
	arena_free(gnpy.arena);
	return out;
}

static void
kept(void)
{
	static const char equipment[] =
		"{\"SI\":[{}],\"Fiber\":[{\"type_variety\":\"F\",\"dispersion\":1.67e-5,"
		"\"effective_area\":83e-12,\"pmd_coef\":1e-15}],\"Roadm\":[{\"target_pch_out_db\":"
		"-20}]}";
	static const char network[] =
		"{\"network_name\":\"n\",\"elements\":[{\"uid\":\"a\",\"type\":\"Transceiver\","
		"\"colour\":\"red\"},{\"uid\":\"f\",\"type\":\"Fiber\",\"type_variety\":\"F\","
		"\"params\":{\"length\":80,\"length_units\":\"km\",\"loss_coef\":0.2,\"depth\":3,"
		"\"con_in\":0.5}},{\"uid\":\"e\",\"type\":\"Edfa\",\"operational\":{\"gain_target\""
		":17,\"mood\":1}},{\"uid\":\"r\",\"type\":\"Roadm\",\"params\":{"
		"\"target_pch_out_db\":-18}}],\"connections\":[{\"from_node\":\"a\",\"to_node\":"
		"\"f\""
		"},{\"from_node\":\"f\",\"to_node\":\"e\"},{\"from_node\":\"e\",\"to_node\":\"r\"}]"
		","
		"\"owner\":\"me\"}";
	struct buf once = written(network, equipment);
	struct buf twice = written((const char *)once.data, equipment);
	const char *said = (const char *)once.data;
	ok(strstr(said, "\"colour\":\"red\"") && strstr(said, "\"depth\":3") &&
		   strstr(said, "\"mood\":1") && strstr(said, "\"owner\":\"me\"") &&
		   strstr(said, "\"target_pch_out_db\":-18") && strstr(said, "\"con_in\":0.5"),
	   "what is not understood is written again as it was");
	ok(same(&once, &twice), "and what is written and read again is the same");
	buf_fini(&once);
	buf_fini(&twice);
}

int
main(void)
{
	there_and_back();
	kept();
	return done_testing();
}
