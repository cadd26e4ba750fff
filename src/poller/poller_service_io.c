/* Devices and the outbox. */
#include "poller/poller_service_io.h"

#include <stdlib.h>

#include "net/heard_io.h"
#include "poller/poller_session_io.h"

struct poller_service {
	struct loop *loop;
	const struct hub *hub; /* not owned */
	struct poller_outbox *outbox;
	struct heard heard; /* of segments */
	struct poller_device **devices;
	size_t count;
};

/* An interface that is known by number is told by it, so that each keeps its own counters; a port's id
 * stands for the one that is known by name. */
static void
walked(void *context, const struct poller_device *device)
{
	struct poller_service *s = context;
	const char *exporter = s->hub->exporters[poller_device_exporter(device)].id;
	size_t count;
	const struct poller_target *targets = poller_device_targets(device, &count);
	for (size_t i = 0; i < count; i++) {
		struct poller_reading reading;
		const struct poller_target *t = &targets[i];
		int passes = t->is_source ? poller_device_passes(device, t) : -1;
		if (passes >= 0)
			heard_add(&s->heard, s->hub->segment_sources[t->port].id, passes);
		if (!t->is_source && poller_device_reading(device, t, &reading))
			poller_outbox_put(s->outbox, t->if_index ? NULL : s->hub->ports[t->port].id,
					  exporter, &reading);
	}
	heard_send(&s->heard);
}

static void
free_devices(struct poller_device **devices, size_t count)
{
	for (size_t i = 0; i < count; i++)
		poller_device_free(devices[i]);
	free(devices);
}

int
poller_service_apply(struct poller_service *s, const struct hub *hub)
{
	struct poller_device **devices =
		calloc(hub->exporter_count + 1, sizeof(struct poller_device *));
	size_t count = 0;
	if (!devices)
		return -1;
	for (uint32_t i = 0; i < hub->exporter_count; i++) {
		if (!hub->exporters[i].snmp.enabled)
			continue;
		devices[count] = poller_device_new(s->loop, hub, i, walked, s);
		if (!devices[count++]) {
			free_devices(devices, count - 1);
			return -1;
		}
	}
	free_devices(s->devices, s->count);
	s->devices = devices;
	s->count = count;
	s->hub = hub;
	return 0;
}

struct poller_service *
poller_service_open(struct loop *loop, const struct hub *hub, const char *control_socket)
{
	struct poller_service *s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->loop = loop;
	heard_init(&s->heard, control_socket);
	s->outbox = poller_outbox_new(loop, control_socket);
	poller_session_library();
	if (s->outbox && poller_service_apply(s, hub) == 0)
		return s;
	poller_service_close(s);
	return NULL;
}

void
poller_service_close(struct poller_service *s)
{
	if (!s)
		return;
	free_devices(s->devices, s->count);
	poller_outbox_free(s->outbox);
	heard_fini(&s->heard);
	free(s);
}

size_t
poller_service_count(const struct poller_service *s)
{
	return s->count;
}

struct poller_device_report
poller_service_report(const struct poller_service *s, size_t index)
{
	return poller_device_report(s->devices[index]);
}

struct poller_outbox_counts
poller_service_counts(const struct poller_service *s)
{
	return poller_outbox_counts(s->outbox);
}
