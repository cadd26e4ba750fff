/* The caches and files behind the RPKI table. */
#include "exchange/rpki_io.h"

#include <stdlib.h>

#include "exchange/rpki_io_parts.h"

enum { POLL_MS = 2000 }; /* between looks at the files */

void
rpki_service_tell_soon(struct rpki_service *service)
{
	if (!service->tell.heap_index)
		loop_timer_set(service->loop, &service->tell, loop_now(service->loop));
}

static void
tell(struct loop_timer *timer, struct mono_us now)
{
	(void)now;
	struct rpki_service *service = OWNER(timer, struct rpki_service, tell);
	struct rpki_changes changes;
	if (rpki_take_changes(service->table, &changes))
		service->changed(service->context, &changes);
}

static void
poll_files(struct loop_timer *timer, struct mono_us now)
{
	struct rpki_service *service = OWNER(timer, struct rpki_service, poll);
	rpki_files_look(service);
	loop_timer_set(service->loop, timer, mono_add_ms(now, POLL_MS));
}

int
rpki_service_apply(struct rpki_service *service, const struct hub *hub)
{
	service->expire_s = hub->validation.expire_s;
	/* SLURM is in force before the first data comes. */
	int files = rpki_files_apply(service, hub);
	rpki_files_look(service);
	int caches = rpki_caches_apply(service, hub);
	rpki_service_tell_soon(service);
	return files || caches ? -1 : 0;
}

struct rpki_service *
rpki_service_new(struct loop *loop, const struct hub *hub,
		 void (*changed)(void *context, const struct rpki_changes *c), void *context)
{
	struct rpki_service *service = calloc(1, sizeof(*service));
	if (!service)
		return NULL;
	service->loop = loop;
	service->changed = changed;
	service->context = context;
	service->poll.fire = poll_files;
	service->tell.fire = tell;
	service->table = rpki_table_new();
	if (!service->table) {
		free(service);
		return NULL;
	}
	(void)rpki_service_apply(service, hub);
	loop_timer_set(loop, &service->poll, mono_add_ms(loop_now(loop), POLL_MS));
	return service;
}

void
rpki_service_free(struct rpki_service *service)
{
	if (!service)
		return;
	for (size_t i = 0; i < service->cache_count; i++)
		rpki_cache_free(service->caches[i]);
	for (size_t i = 0; i < service->file_count; i++)
		rpki_file_free(service->files[i]);
	loop_timer_stop(service->loop, &service->poll);
	loop_timer_stop(service->loop, &service->tell);
	free(service->caches);
	free(service->files);
	rpki_table_free(service->table);
	free(service);
}

/* --- to look at --- */

const struct rpki_table *
rpki_service_table(const struct rpki_service *service)
{
	return service->table;
}

void
rpki_service_refresh(struct rpki_service *service)
{
	for (size_t i = 0; i < service->cache_count; i++) {
		rtr_refresh(service->caches[i]->rtr, loop_now(service->loop));
		rpki_cache_pump(service->caches[i]);
	}
	rpki_files_look(service);
}

size_t
rpki_service_count(const struct rpki_service *service)
{
	return service->cache_count + service->file_count;
}

void
rpki_service_report(const struct rpki_service *service, size_t i, struct rpki_report *out)
{
	if (i < service->cache_count) {
		const struct rpki_cache *cache = service->caches[i];
		const struct rtr_status *status = rtr_status(cache->rtr);
		*out = (struct rpki_report){
			.kind = RPKI_REPORT_CACHE,
			.name = cache->name,
			.error = status->error,
			.data = rpki_source_state(service->table, cache->source),
			.host = cache->host,
			.port = cache->port,
			.preference = cache->preference,
			.rtr = *status,
		};
		return;
	}
	const struct rpki_file *file = service->files[i - service->cache_count];
	const struct slurm *s = &file->contents;
	*out = (struct rpki_report){
		.kind = file->slurm ? RPKI_REPORT_SLURM : RPKI_REPORT_FILE,
		.name = file->path,
		.error = file->error,
		.modified.s = file->used.modified.tv_sec,
		.read = file->read,
		.counts = file->counts,
		.filters = s->prefix_filter_count + s->aspa_filter_count,
		.assertions = s->prefix_assertion_count + s->aspa_assertion_count,
	};
	if (!file->slurm)
		out->data = rpki_source_state(service->table, file->source);
}
