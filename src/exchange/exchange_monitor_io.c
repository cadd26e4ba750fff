/* Handing on what the engine tells to those who watch. */
#include "exchange/exchange_monitor_io.h"

#include <stdlib.h>

struct exchange_monitors {
	struct exchange *engine;
	struct bmp_service *stations;
	struct mrt_dumps *dumps;
};

static void
up(void *context, unsigned slot)
{
	struct exchange_monitors *monitors = context;
	bmp_service_up(monitors->stations, slot);
	mrt_dumps_up(monitors->dumps, slot);
}

static void
down(void *context, unsigned slot)
{
	struct exchange_monitors *monitors = context;
	bmp_service_down(monitors->stations, slot);
	mrt_dumps_down(monitors->dumps, slot);
}

static void
message(void *context, unsigned slot, struct cursor message)
{
	struct exchange_monitors *monitors = context;
	mrt_dumps_message(monitors->dumps, slot, message);
}

static void
decided(void *context)
{
	struct exchange_monitors *monitors = context;
	bmp_service_decided(monitors->stations);
}

/* The engine is tapped only while somebody listens. */
static void
tap(struct exchange_monitors *monitors)
{
	bool updates = mrt_dumps_wanted(monitors->dumps);
	struct exchange_taps taps = {
		.up = up,
		.down = down,
		.message = updates ? message : NULL,
		.decided = decided,
		.context = monitors,
	};
	bool wanted = updates || bmp_service_wanted(monitors->stations);
	exchange_tap(monitors->engine, wanted ? &taps : NULL);
}

struct exchange_monitors *
exchange_monitors_open(struct loop *loop, struct exchange *engine,
		       void (*ends)(void *context, unsigned slot, struct bmp_ends *out),
		       void *context)
{
	struct exchange_monitors *monitors = calloc(1, sizeof(*monitors));
	if (!monitors)
		return NULL;
	monitors->engine = engine;
	monitors->stations = bmp_service_new(loop, engine, ends, context);
	monitors->dumps = mrt_dumps_new(loop, engine, ends, context);
	if (!monitors->stations || !monitors->dumps) {
		exchange_monitors_close(monitors);
		return NULL;
	}
	tap(monitors);
	return monitors;
}

void
exchange_monitors_close(struct exchange_monitors *monitors)
{
	if (!monitors)
		return;
	exchange_tap(monitors->engine, NULL);
	bmp_service_free(monitors->stations);
	mrt_dumps_free(monitors->dumps);
	free(monitors);
}

void
exchange_monitors_apply(struct exchange_monitors *monitors)
{
	bmp_service_apply(monitors->stations);
	mrt_dumps_apply(monitors->dumps);
	tap(monitors);
}

void
exchange_monitors_turn_end(struct exchange_monitors *monitors)
{
	bmp_service_turn_end(monitors->stations);
}

int
exchange_monitors_dump(struct exchange_monitors *monitors, bool refused, char text[MRT_DUMP_TEXT])
{
	return mrt_dumps_table(monitors->dumps, refused, text);
}

size_t
exchange_monitors_stations(const struct exchange_monitors *monitors, struct exchange_station *out,
			   size_t max)
{
	return bmp_service_stations(monitors->stations, out, max);
}

void
exchange_monitors_dumps(const struct exchange_monitors *monitors, struct exchange_dumps *out)
{
	mrt_dumps_sight(monitors->dumps, out);
}
