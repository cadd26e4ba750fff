/* Words of BFD about segments. */
#include "exchange/exchange_heard_io.h"

#include <stddef.h>
#include <stdlib.h>

#include "exchange/exchange_sights.h"
#include "net/heard_io.h"

enum { AGAIN_MS = 10000 };

struct exchange_heard {
	struct loop *loop;
	const struct exchange *engine;
	struct loop_timer timer;
	struct heard heard;
};

/* A session that is not up may never have been, or its BGP is gone for another reason: that says nothing of the
 * segment. Only that it is up is told again. */
static void
tell_up(struct loop_timer *timer, struct mono_us now)
{
	struct exchange_heard *h =
		(struct exchange_heard *)((char *)timer - offsetof(struct exchange_heard, timer));
	const struct hub *hub = exchange_hub(h->engine);
	for (size_t i = 0; i < hub->segment_source_count; i++) {
		const struct hub_segment_source *source = &hub->segment_sources[i];
		int slot = source->session == HUB_NONE
				   ? -1
				   : exchange_slot_of(h->engine, source->session);
		const struct bfd *bfd = slot < 0 ? NULL : exchange_bfd(h->engine, (unsigned)slot);
		if (bfd && bfd->state == BFD_UP)
			heard_add(&h->heard, source->id, true);
	}
	heard_send(&h->heard);
	loop_timer_set(h->loop, timer, mono_add_ms(now, AGAIN_MS));
}

struct exchange_heard *
exchange_heard_open(struct loop *loop, const struct exchange *engine, const char *control_socket)
{
	struct exchange_heard *h = calloc(1, sizeof(*h));
	if (!h)
		return NULL;
	h->loop = loop;
	h->engine = engine;
	h->timer.fire = tell_up;
	heard_init(&h->heard, control_socket);
	loop_timer_set(loop, &h->timer, mono_add_ms(loop_now(loop), AGAIN_MS));
	return h;
}

void
exchange_heard_close(struct exchange_heard *h)
{
	if (!h)
		return;
	loop_timer_stop(h->loop, &h->timer);
	heard_fini(&h->heard);
	free(h);
}

void
exchange_heard_bfd(struct exchange_heard *h, unsigned slot, enum bfd_event event)
{
	const struct hub *hub = exchange_hub(h->engine);
	uint32_t session = exchange_session_at(h->engine, slot);
	/* Whoever takes BFD away on purpose says nothing of the way (RFC 5882 section 4.2). */
	if (session == HUB_NONE || (event != BFD_EVENT_UP && event != BFD_EVENT_DOWN))
		return;
	for (size_t i = 0; i < hub->segment_source_count; i++)
		if (hub->segment_sources[i].session == session)
			heard_add(&h->heard, hub->segment_sources[i].id, event == BFD_EVENT_UP);
	heard_send(&h->heard);
}
