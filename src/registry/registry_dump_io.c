/* Dumps of whois data: fetched, read, kept. */
#include "registry/registry_dump_io.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "registry/registry_fetch_io.h"
#include "registry/registry_peeringdb.h"
#include "registry/registry_store_io.h"

enum {
	DUMP_MAX = 1 << 27, /* octets, as it comes */
	KEPT_MAX = 1 << 30,
	TIMEOUT_S = 600,
};

static const char *const kept_names[REGISTRY_DUMPS] = {
	[REGISTRY_DUMP_ARIN] = "arin",
	[REGISTRY_DUMP_REGISTRO_BR] = "registro-br",
};

struct registry_dumps {
	struct loop *loop;
	const char *folder;
	struct registry_dumps_owner owner;
	const struct hub *hub;
	struct registry_fetcher *fetcher; /* one at a time */
	struct loop_timer timer;
	struct registry_dump dumps[REGISTRY_DUMPS];
	char *sources[REGISTRY_DUMPS]; /* of the picture before; NULL: not used */
	enum registry_dump_kind asked; /* while one is asking */
};

static struct registry_moment
now_of(const struct registry_dumps *d)
{
	return (struct registry_moment){loop_now(d->loop), clock_utc()};
}

/* --- what is kept --- */

static void
keep(const struct registry_dumps *d, enum registry_dump_kind kind)
{
	const struct registry_dump *dump = &d->dumps[kind];
	struct registry_content content = {.written = dump->fetched,
					   .records = dump->known.list,
					   .record_count = dump->known.count,
					   .record_seed = registry_store_random()};
	char path[REGISTRY_PATH];
	struct buf octets = {0};
	if (registry_write(&octets, &content) == 0 &&
	    registry_store_path(path, d->folder, kept_names[kind], "")) {
		struct registry_store_piece piece = {octets.data, octets.length};
		if (registry_store_write(path, &piece, 1) < 0)
			log_warn("%s: cannot be kept: %s", path, strerror(errno));
	}
	buf_fini(&octets);
}

static void
take_kept(struct registry_dump *dump, const struct registry *kept, struct registry_moment now)
{
	struct registry_records records = {0};
	now.utc = registry_written(kept);
	if (registry_records_copy(&records, kept) == 0)
		(void)registry_dump_answered(dump, &records, 0, now);
	registry_records_fini(&records);
}

static void
read_kept(struct registry_dumps *d, enum registry_dump_kind kind)
{
	char path[REGISTRY_PATH];
	struct buf octets = {0};
	const char *error;
	if (registry_store_path(path, d->folder, kept_names[kind], "") &&
	    registry_store_read(&octets, path, KEPT_MAX) == 0) {
		struct registry *kept = registry_open(octets.data, octets.length, &error);
		if (kept) {
			registry_store_touch(path);
			take_kept(&d->dumps[kind], kept, now_of(d));
		} else {
			log_warn("%s: %s, left aside", path, error);
		}
		registry_close(kept);
	}
	buf_fini(&octets);
}

/* --- asking --- */

static void work(struct registry_dumps *d);

static void
failed(struct registry_dumps *d, enum registry_dump_kind kind, const char *why)
{
	registry_dump_failed(&d->dumps[kind], why, d->hub->irr.refresh_s, now_of(d));
	d->owner.failed(d->owner.context, registry_dump_name(kind), d->dumps[kind].error);
}

static void
answered(struct registry_dumps *d, enum registry_dump_kind kind, const void *octets, size_t length)
{
	struct registry_records records = {0};
	struct registry_dump *dump = &d->dumps[kind];
	int result = registry_records_read(&records, kind, octets, length);
	if (result < 0) {
		registry_records_fini(&records);
		failed(d, kind,
		       result == -2 ? "it is too large" : "it is no list of prefixes and origins");
		return;
	}
	if (!registry_dump_answered(dump, &records, d->hub->irr.refresh_s, now_of(d))) {
		d->owner.failed(d->owner.context, registry_dump_name(kind), dump->error);
		return;
	}
	log_info("%s: %zu prefixes with their origins", registry_dump_name(kind),
		 dump->known.count);
	keep(d, kind);
	d->owner.changed(d->owner.context);
}

static void
fetched(void *context, const char *error, const char *body, size_t length)
{
	struct registry_dumps *d = context;
	if (error)
		failed(d, d->asked, error);
	else
		answered(d, d->asked, body, length);
	work(d);
}

static void
read_file(struct registry_dumps *d, enum registry_dump_kind kind)
{
	struct buf octets = {0};
	char why[REGISTRY_WHY];
	const char *source = registry_dump_source(d->hub, kind);
	if (registry_store_read(&octets, source, DUMP_MAX) < 0) {
		(void)snprintf(why, sizeof(why), "%.100s: %s", source, strerror(errno));
		failed(d, kind, why);
	} else {
		answered(d, kind, octets.data, octets.length);
	}
	buf_fini(&octets);
}

/* True while it is going on. */
static bool
ask(struct registry_dumps *d, enum registry_dump_kind kind)
{
	const char *source = registry_dump_source(d->hub, kind);
	struct registry_fetch_order order = {
		.url = source,
		.timeout_s = TIMEOUT_S,
		.body_max = DUMP_MAX,
		.done = fetched,
		.context = d,
	};
	d->dumps[kind].asking = true;
	d->asked = kind;
	if (!registry_peeringdb_is_url(source))
		read_file(d, kind);
	else if (registry_fetch(d->fetcher, &order) < 0)
		failed(d, kind, "the question could not be asked");
	return d->dumps[kind].asking;
}

/* Begins what is due, and comes back when the next is. */
static void
work(struct registry_dumps *d)
{
	struct mono_us next = {INT64_MAX};
	for (unsigned kind = 0; kind < REGISTRY_DUMPS; kind++)
		if (d->dumps[kind].asking)
			return;
	for (unsigned kind = 0; kind < REGISTRY_DUMPS; kind++) {
		if (!registry_dump_source(d->hub, (enum registry_dump_kind)kind))
			continue;
		if (d->dumps[kind].due.us <= loop_now(d->loop).us &&
		    ask(d, (enum registry_dump_kind)kind))
			return;
		if (d->dumps[kind].due.us < next.us)
			next = d->dumps[kind].due;
	}
	if (next.us == INT64_MAX)
		loop_timer_stop(d->loop, &d->timer);
	else
		loop_timer_set(d->loop, &d->timer, next);
}

static void
work_due(struct loop_timer *timer, struct mono_us now)
{
	(void)now;
	work((struct registry_dumps *)((char *)timer - offsetof(struct registry_dumps, timer)));
}

/* --- the owner's side --- */

struct registry_dumps *
registry_dumps_new(struct loop *loop, const char *folder, const struct registry_dumps_owner *owner)
{
	struct registry_dumps *d = calloc(1, sizeof(*d));
	if (!d)
		return NULL;
	*d = (struct registry_dumps){.loop = loop,
				     .folder = folder,
				     .owner = *owner,
				     .fetcher = registry_fetcher_new(loop),
				     .timer = {.fire = work_due}};
	if (d->fetcher)
		return d;
	free(d);
	return NULL;
}

static void
forget(struct registry_dumps *d, unsigned kind)
{
	registry_records_fini(&d->dumps[kind].known);
	d->dumps[kind] = (struct registry_dump){0};
	free(d->sources[kind]);
	d->sources[kind] = NULL;
}

void
registry_dumps_free(struct registry_dumps *d)
{
	if (!d)
		return;
	for (unsigned kind = 0; kind < REGISTRY_DUMPS; kind++)
		forget(d, kind);
	loop_timer_stop(d->loop, &d->timer);
	registry_fetcher_free(d->fetcher);
	free(d);
}

void
registry_dumps_use(struct registry_dumps *d, const struct hub *hub)
{
	struct mono_us now = loop_now(d->loop);
	registry_fetch_stop(d->fetcher);
	d->hub = hub;
	for (unsigned i = 0; i < REGISTRY_DUMPS; i++) {
		enum registry_dump_kind kind = (enum registry_dump_kind)i;
		const char *source = registry_dump_source(hub, kind);
		bool was_asking = d->dumps[i].asking;
		d->dumps[i].asking = false;
		if (!source) {
			forget(d, i);
			continue;
		}
		bool same = d->sources[i] && strcmp(d->sources[i], source) == 0;
		if (!d->dumps[i].there)
			read_kept(d, kind);
		if (!same || was_asking)
			d->dumps[i].due = now;
		free(d->sources[i]);
		d->sources[i] = strdup(source);
	}
	loop_timer_set(d->loop, &d->timer, now);
}

int
registry_dumps_refresh(struct registry_dumps *d)
{
	int count = 0;
	for (unsigned kind = 0; kind < REGISTRY_DUMPS; kind++) {
		if (!registry_dump_source(d->hub, (enum registry_dump_kind)kind))
			continue;
		d->dumps[kind].due = loop_now(d->loop);
		count++;
	}
	work(d);
	return count;
}

const struct registry_dump *
registry_dumps_at(const struct registry_dumps *d, enum registry_dump_kind kind)
{
	return &d->dumps[kind];
}

int
registry_dumps_list(const struct registry_dumps *d, struct registry_record **out, size_t *count)
{
	size_t total = 0;
	for (unsigned kind = 0; kind < REGISTRY_DUMPS; kind++)
		total += d->dumps[kind].known.count;
	struct registry_record *list = calloc(total + 1, sizeof(*list));
	if (!list)
		return -1;
	*count = 0;
	for (unsigned kind = 0; kind < REGISTRY_DUMPS; kind++) {
		const struct registry_records *known = &d->dumps[kind].known;
		if (known->count)
			memcpy(list + *count, known->list, known->count * sizeof(*list));
		*count += known->count;
	}
	*out = list;
	return 0;
}
