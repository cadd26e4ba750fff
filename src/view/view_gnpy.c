/* The corridor of a hub as GNPy's files, and these as a part of a hub file. */
#include "view/view_gnpy.h"

#include "corridor/corridor_optics_gnpy_hub.h"

int
view_gnpy_export(struct buf *network, struct buf *equipment, const struct hub *hub,
		 struct corridor_complaint *complaint)
{
	struct corridor_network n;
	struct corridor_equipment e;
	struct arena *arena = arena_new();
	struct corridor_kit *kit = corridor_kit_new(hub);
	int result = -1;
	if (arena && kit && corridor_gnpy_of_hub(&n, &e, arena, kit, hub) == 0) {
		corridor_gnpy_write_network(network, &n);
		corridor_gnpy_write_equipment(equipment, &e);
		result = network->failed || equipment->failed ? -1 : 0;
	}
	if (result < 0)
		corridor_complain(complaint, 500, "out of memory");
	corridor_kit_free(kit);
	arena_free(arena);
	return result;
}

int
view_gnpy_import(struct buf *out, struct buf *notes, const struct view_line_files *files,
		 struct corridor_complaint *complaint)
{
	struct corridor_network n;
	struct corridor_equipment e;
	struct corridor_gnpy gnpy = {.arena = arena_new(),
				     .file = files->file,
				     .context = files->context,
				     .notes = notes,
				     .for_hub = true};
	const struct corridor_equipment *equipment = files->equipment.text ? &e : NULL;
	int result = -1;
	if (!equipment && notes)
		buf_str(notes, "no equipment: sites and segments alone, without optics\n");
	if (!gnpy.arena)
		corridor_complain(complaint, 500, "out of memory");
	else if ((!equipment || corridor_gnpy_equipment(&e, &gnpy, files->equipment.text,
							files->equipment.length, complaint) == 0) &&
		 corridor_gnpy_network(&n, &gnpy, equipment, files->network.text,
				       files->network.length, complaint) == 0)
		result = corridor_gnpy_to_hub(out, &n, equipment, notes, complaint);
	arena_free(gnpy.arena);
	return result;
}
