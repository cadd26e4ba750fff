/* What the registry keeps in its folder. */
#include "registry/registry_keep_io.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "registry/registry_store_io.h"

enum {
	SET_FILE_MAX = 1 << 30, /* octets */
	NETWORKS_FILE_MAX = 1 << 26,
};

/* --- answers about sets --- */

static bool
path_of(char out[REGISTRY_PATH], const char *folder, const struct registry_item *item, bool held)
{
	char suffix[16];
	(void)snprintf(suffix, sizeof(suffix), ".v%d%s", (int)item->family, held ? ".held" : "");
	return registry_store_path(out, folder, item->name, suffix);
}

void
registry_keep_answer(const char *folder, const struct registry_item *item, bool held)
{
	char path[REGISTRY_PATH];
	const struct registry_known *known = held ? &item->held : &item->good;
	if (!path_of(path, folder, item, held))
		return;
	struct registry_store_piece piece = {known->octets.data, known->octets.length};
	if (!known->there)
		registry_store_remove(path);
	else if (registry_store_write(path, &piece, 1) < 0)
		log_warn("%s: cannot be kept: %s", path, strerror(errno));
}

static void
read_answer(const char *folder, struct registry_plan *plan, struct registry_item *item, bool held,
	    struct registry_moment now)
{
	char path[REGISTRY_PATH];
	struct buf octets = {0};
	if (!path_of(path, folder, item, held))
		return;
	if (registry_store_read(&octets, path, SET_FILE_MAX) < 0) {
		if (errno != ENOENT)
			log_warn("%s: cannot be read: %s", path, strerror(errno));
		buf_fini(&octets);
		return;
	}
	struct registry_set *set = registry_set_open(octets.data, octets.length);
	if (set && strcmp(registry_set_name(set), item->name) == 0 &&
	    registry_set_family(set) == item->family) {
		registry_store_touch(path);
		registry_plan_remember(plan, item, set, &octets, held, now);
	} else {
		log_warn("%s: is harmed, left aside", path);
	}
	registry_set_close(set);
	buf_fini(&octets);
}

void
registry_keep_read(const char *folder, struct registry_plan *plan, struct registry_item *item,
		   struct registry_moment now)
{
	if (item->looked_up)
		return;
	read_answer(folder, plan, item, false, now);
	read_answer(folder, plan, item, true, now);
	item->looked_up = true;
}

/* --- PeeringDB --- */

void
registry_keep_networks(const char *folder, const struct registry_peeringdb *peeringdb)
{
	char path[REGISTRY_PATH];
	struct buf octets = {0};
	struct registry_content content = {.written = peeringdb->fetched,
					   .networks = peeringdb->known.list,
					   .network_count = peeringdb->known.count};
	if (registry_write(&octets, &content) == 0 &&
	    registry_store_path(path, folder, "peeringdb", "")) {
		struct registry_store_piece piece = {octets.data, octets.length};
		if (registry_store_write(path, &piece, 1) < 0)
			log_warn("%s: cannot be kept: %s", path, strerror(errno));
	}
	buf_fini(&octets);
}

/* Takes over what a sound file says. */
static void
take_networks(struct registry_peeringdb *peeringdb, const struct registry *kept, uint32_t refresh_s,
	      struct mono_us now)
{
	struct registry_networks networks = {0};
	struct registry_moment fetched = {now, registry_written(kept)};
	if (registry_networks_copy(&networks, kept) == 0)
		(void)registry_peeringdb_answered(peeringdb, &networks, refresh_s, fetched);
	registry_networks_fini(&networks);
	peeringdb->due = now;
}

void
registry_keep_read_networks(const char *folder, struct registry_peeringdb *peeringdb,
			    uint32_t refresh_s, struct mono_us now)
{
	char path[REGISTRY_PATH];
	struct buf octets = {0};
	const char *error = NULL;
	if (registry_store_path(path, folder, "peeringdb", "") &&
	    registry_store_read(&octets, path, NETWORKS_FILE_MAX) == 0) {
		struct registry *kept = registry_open(octets.data, octets.length, &error);
		if (kept) {
			registry_store_touch(path);
			take_networks(peeringdb, kept, refresh_s, now);
		} else {
			log_warn("%s: %s, left aside", path, error);
		}
		registry_close(kept);
	}
	buf_fini(&octets);
}

/* --- the snapshot --- */

/* The sets' octets are written from where they are; `parts` and `pieces` have room for all, and for
 * the head. */
static int
write_all(const char *path, const struct registry_plan *plan, struct registry_content *content,
	  struct registry_part *parts, struct registry_store_piece *pieces)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct registry_item *item = plan->items[i];
		const struct buf *octets = &item->good.octets;
		if (!item->good.there)
			continue;
		parts[content->set_count++] = (struct registry_part){octets->data, octets->length,
								     registry_item_state(item)};
		pieces[content->set_count] =
			(struct registry_store_piece){octets->data, octets->length};
	}
	content->sets = parts;
	struct buf head = {0};
	int result = registry_head_write(&head, content);
	errno = ENOMEM;
	if (result == 0) {
		pieces[0] = (struct registry_store_piece){head.data, head.length};
		result = registry_store_write(path, pieces, content->set_count + 1);
	}
	int reason = errno;
	buf_fini(&head);
	errno = reason;
	return result;
}

int
registry_keep_snapshot(const char *folder, const struct registry_plan *plan,
		       const struct registry_peeringdb *peeringdb,
		       const struct registry_dumps *dumps, struct utc_s now)
{
	char path[REGISTRY_PATH];
	struct registry_record *records = NULL;
	if (!registry_store_path(path, folder, REGISTRY_SNAPSHOT, ""))
		return -1;
	struct registry_content content = {.written = now,
					   .networks = peeringdb->known.list,
					   .network_count = peeringdb->known.count,
					   .record_seed = registry_store_random()};
	struct registry_part *parts = calloc(plan->count + 1, sizeof(*parts));
	struct registry_store_piece *pieces = calloc(plan->count + 1, sizeof(*pieces));
	int result = -1;
	errno = ENOMEM;
	if (parts && pieces && registry_dumps_list(dumps, &records, &content.record_count) == 0) {
		content.records = records;
		result = write_all(path, plan, &content, parts, pieces);
	}
	int reason = errno;
	free(records);
	free(parts);
	free(pieces);
	errno = reason;
	return result;
}
