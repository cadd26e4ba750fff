/* Paths between ports. What was steered comes first; where that crosses nothing, or nothing is steered, what a
 * contract says; then that both ports are at one site. All else is unknown. */
#include "ledger/ledger_way_path.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "ledger/ledger_way_parts.h"

static const char *const basis_names[LEDGER_WAY_BASES] = {"unknown", "site", "steered", "contract"};

const char *
ledger_way_basis_name(enum ledger_way_basis basis)
{
	return basis_names[basis];
}

struct slot {
	struct ledger_way_path path;
	uint64_t hash;
	const uint8_t *key;
	size_t key_length;
};

struct ledger_way_paths {
	struct arena *arena;
	struct slot *slots; /* in the order in which they were met */
	uint32_t count, capacity;
};

struct ledger_way_view {
	const struct ways *ways;
	uint32_t *of_way;     /* path of each way, plus 1 */
	uint32_t *first_exit; /* of each port, plus 1 */
	uint32_t *next_exit;  /* of each exit, plus 1 */
};

const struct ledger_way_path *
ledger_way_paths_at(const struct ledger_way_paths *paths, uint32_t n)
{
	assert(n < paths->count);
	return &paths->slots[n].path;
}

uint32_t
ledger_way_paths_count(const struct ledger_way_paths *paths)
{
	return paths->count;
}

void
ledger_way_paths_free(struct ledger_way_paths *paths)
{
	if (!paths)
		return;
	arena_free(paths->arena);
	free(paths->slots);
	free(paths);
}

/* --- each path once --- */

static void
add_key(struct buf *key, const struct ways_names *names)
{
	buf_u32(key, (uint32_t)names->count);
	for (size_t i = 0; i < names->count; i++) {
		buf_str(key, names->items[i]);
		buf_u8(key, 0);
	}
}

bool
ledger_way_copy_names(struct ways_names *names, struct arena *arena)
{
	const char **items = arena_take(arena, (names->count + 1) * sizeof(*items));
	for (size_t i = 0; items && i < names->count; i++) {
		items[i] = arena_str(arena, names->items[i]);
		if (!items[i])
			return false;
	}
	names->items = items;
	return items != NULL;
}

static uint32_t
append(struct ledger_way_paths *paths, const struct ledger_way_path *path, const struct buf *key)
{
	if (paths->count == paths->capacity) {
		uint32_t capacity = paths->capacity ? 2 * paths->capacity : 64;
		struct slot *slots = realloc(paths->slots, capacity * sizeof(*slots));
		if (!slots)
			return UINT32_MAX;
		paths->slots = slots;
		paths->capacity = capacity;
	}
	struct slot slot = {.path = *path,
			    .hash = hash_bytes(key->data, key->length),
			    .key = (uint8_t *)arena_copy(paths->arena, key->data, key->length),
			    .key_length = key->length};
	bool good = slot.key && ledger_way_copy_names(&slot.path.segments, paths->arena);
	for (int class = 0; class < WAYS_CLASSES; class ++)
		good = good && ledger_way_copy_names(&slot.path.crosses[class], paths->arena);
	if (!good)
		return UINT32_MAX;
	paths->slots[paths->count] = slot;
	return paths->count++;
}

/* Its number; it is put there when it is first met. There are few of them, so they are compared one by one. */
static uint32_t
intern(struct ledger_way_paths *paths, const struct ledger_way_path *path)
{
	struct buf key = {0};
	buf_u8(&key, (uint8_t)path->basis);
	buf_u8(&key, path->estimated);
	buf_u64(&key, path->length_m);
	buf_u64(&key, path->latency_us);
	add_key(&key, &path->segments);
	for (int class = 0; class < WAYS_CLASSES; class ++)
		add_key(&key, &path->crosses[class]);
	uint64_t hash = key.failed ? 0 : hash_bytes(key.data, key.length);
	uint32_t found = 0;
	while (!key.failed && found < paths->count &&
	       (paths->slots[found].hash != hash || paths->slots[found].key_length != key.length ||
		memcmp(paths->slots[found].key, key.data, key.length) != 0))
		found++;
	if (key.failed)
		found = UINT32_MAX;
	else if (found == paths->count)
		found = append(paths, path, &key);
	buf_fini(&key);
	return found;
}

struct ledger_way_paths *
ledger_way_paths_new(void)
{
	struct ledger_way_paths *paths = calloc(1, sizeof(*paths));
	const struct ledger_way_path unknown = {.basis = LEDGER_WAY_UNKNOWN};
	if (paths && (paths->arena = arena_new()) && intern(paths, &unknown) == 0)
		return paths;
	ledger_way_paths_free(paths);
	return NULL;
}

/* --- one path --- */

struct drawing {
	struct arena *arena; /* gone when it is done */
	const struct ways *ways;
	struct ledger_way_path path;
	const char **names[1 + WAYS_CLASSES]; /* segments, then what they cross */
	size_t count[1 + WAYS_CLASSES];
	bool no_memory;
};

/* Adds a name; `once`: unless it is there. False when it was. */
static bool
add(struct drawing *d, int list, const char *name, bool once)
{
	for (size_t i = 0; once && i < d->count[list]; i++)
		if (strcmp(d->names[list][i], name) == 0)
			return false;
	if (d->count[list] % 16 == 0) {
		const char **more =
			arena_take(d->arena, (d->count[list] + 16) * sizeof(*d->names[list]));
		if (!more) {
			d->no_memory = true;
			return false;
		}
		if (d->count[list])
			memcpy(more, d->names[list], d->count[list] * sizeof(*more));
		d->names[list] = more;
	}
	d->names[list][d->count[list]++] = name;
	return true;
}

static void
add_steps(struct drawing *d, const struct ways_steps *steps)
{
	for (size_t i = 0; i < steps->count; i++) {
		const struct ways_segment *s = &d->ways->segments[steps->items[i]];
		/* Of what contracts name nobody knows the order: each counts once. */
		if (!add(d, 0, s->id, d->path.basis == LEDGER_WAY_CONTRACT))
			continue;
		d->path.length_m += s->length_m;
		d->path.latency_us += s->latency_us;
		d->path.estimated |= s->estimated;
		for (int class = 0; class < WAYS_CLASSES; class ++)
			for (size_t n = 0; n < s->crosses[class].count; n++)
				(void)add(d, 1 + class, s->crosses[class].items[n], true);
	}
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static uint32_t
finish(struct drawing *d, struct ledger_way_paths *paths)
{
	d->path.segments = (struct ways_names){d->names[0], d->count[0]};
	for (int class = 0; class < WAYS_CLASSES; class ++) {
		if (d->count[1 + class])
			qsort(d->names[1 + class], d->count[1 + class], sizeof(*d->names[0]),
			      by_name);
		d->path.crosses[class] =
			(struct ways_names){d->names[1 + class], d->count[1 + class]};
	}
	return d->no_memory ? UINT32_MAX : intern(paths, &d->path);
}

/* Draws a path over the steps of one list, then of the other, between two ports. */
static uint32_t
draw(struct ledger_way_paths *paths, const struct ways *ways, enum ledger_way_basis basis,
     const struct ways_port *const ports[2], const struct ways_steps *const steps[2])
{
	struct drawing d = {.arena = arena_new(), .ways = ways, .path.basis = basis};
	if (!d.arena)
		return UINT32_MAX;
	d.path.estimated = basis == LEDGER_WAY_CONTRACT;
	for (int i = 0; i < 2; i++) {
		if (*ports[i]->country)
			(void)add(&d, 1 + WAYS_COUNTRIES, ports[i]->country, true);
		if (steps[i])
			add_steps(&d, steps[i]);
	}
	uint32_t number = finish(&d, paths);
	arena_free(d.arena);
	return number;
}

/* --- from port to port --- */

struct ledger_way_view *
ledger_way_view_new(struct arena *arena, const struct ways *ways)
{
	struct ledger_way_view *view = arena_take(arena, sizeof(*view));
	if (!view)
		return NULL;
	view->ways = ways;
	view->of_way = arena_take(arena, (ways->way_count + 1) * sizeof(*view->of_way));
	view->first_exit = arena_take(arena, (ways->port_count + 1) * sizeof(*view->first_exit));
	view->next_exit = arena_take(arena, (ways->exit_count + 1) * sizeof(*view->next_exit));
	if (!view->of_way || !view->first_exit || !view->next_exit)
		return NULL;
	for (uint32_t e = 0; e < ways->exit_count; e++) {
		view->next_exit[e] = view->first_exit[ways->exits[e].port];
		view->first_exit[ways->exits[e].port] = e + 1;
	}
	return view;
}

static bool
carries(const struct ways_exit *exit, uint8_t family)
{
	return family == IP_V4 ? exit->ipv4 : family == IP_V6 ? exit->ipv6 : true;
}

static uint32_t
path_of_way(struct ledger_way_paths *paths, struct ledger_way_view *view,
	    const struct ways_way *way, const struct ways_port *const ports[2])
{
	size_t at = (size_t)(way - view->ways->ways);
	const struct ways_steps *const steps[2] = {&way->steps, NULL};
	/* The place is that of the way, and its exit has one port: so all who go it have one path. */
	if (!view->of_way[at])
		view->of_way[at] = draw(paths, view->ways, LEDGER_WAY_STEERED, ports, steps) + 1;
	return view->of_way[at] - 1;
}

/* What the plan of exits says. */
struct steered {
	uint32_t path; /* 0: none; UINT32_MAX: no memory */
	bool refused; /* the plan does not let it go there, or not in one way: so it went by no plan */
};

static struct steered
steered(struct ledger_way_paths *paths, struct ledger_way_view *view,
	const struct ways_port *const ports[2], uint32_t to, uint8_t family)
{
	struct steered found = {0};
	for (uint32_t e = view->first_exit[to]; e; e = view->next_exit[e - 1]) {
		if (!carries(&view->ways->exits[e - 1], family))
			continue;
		const struct ways_way *way =
			ways_way_of(view->ways, ports[0]->site, ports[0]->asn, e - 1);
		if (!way)
			continue;
		uint32_t path = way->closed ? 0 : path_of_way(paths, view, way, ports);
		if (path == UINT32_MAX)
			return (struct steered){.path = UINT32_MAX};
		if (!path || (found.path && found.path != path))
			return (struct steered){.refused = true};
		found.path = path;
	}
	return found;
}

uint32_t
ledger_way_path_of(struct ledger_way_paths *paths, struct ledger_way_view *view, uint32_t from,
		   uint32_t to, uint8_t family)
{
	if (from == UINT32_MAX || to == UINT32_MAX)
		return 0;
	const struct ways_port *const ports[2] = {&view->ways->ports[from], &view->ways->ports[to]};
	struct steered plan = steered(paths, view, ports, to, family);
	if (plan.refused || plan.path == UINT32_MAX)
		return plan.path;
	if (plan.path && ledger_way_paths_at(paths, plan.path)->segments.count)
		return plan.path;
	const struct ways_steps *const bought[2] = {
		ports[0]->has_contract ? &ports[0]->bought : NULL,
		ports[1]->has_contract ? &ports[1]->bought : NULL};
	if (bought[0] || bought[1])
		return draw(paths, view->ways, LEDGER_WAY_CONTRACT, ports, bought);
	if (plan.path)
		return plan.path;
	const struct ways_steps *const none[2] = {NULL, NULL};
	bool here = *ports[0]->site && strcmp(ports[0]->site, ports[1]->site) == 0;
	return here ? draw(paths, view->ways, LEDGER_WAY_SITE, ports, none) : 0;
}
