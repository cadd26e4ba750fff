/* The meter's state. */
#include "main/role_meter_state.h"

#include "base/clock_io.h"
#include "base/log.h"
#include "meter/inlet_spool_io.h"
#include "meter/inlet_state.h"
#include "meter/meter_checkpoint.h"
#include "meter/meter_io.h"

void
meter_state_write(struct buf *out, const struct meter *meter, struct inlet_workers *workers,
		  struct utc_s now)
{
	buf_clear(out);
	out->failed = false;
	inlet_state_begin(out);
	size_t part = inlet_state_open(out, INLET_CHECKPOINT);
	if (meter_checkpoint(meter, now, out) < 0)
		out->failed = true;
	inlet_state_close(out, part);
	if (workers) {
		inlet_workers_keep(workers, out);
	} else {
		part = inlet_state_open(out, INLET_DECODERS);
		inlet_state_put_place(out, (struct inlet_place){0, 1});
		if (meter_checkpoint_decoders(meter, out) < 0)
			out->failed = true;
		inlet_state_close(out, part);
	}
	inlet_state_end(out);
}

/* Of several workers each knows of its own exporters best. */
static bool
was_heard(const void *context, struct ip address)
{
	const struct inlet_place *place = context;
	return meter_socket_steered(address, place->count) == place->index;
}

static int
resume_decoders(struct meter *meter, struct inlet_workers *workers, struct cursor part,
		struct utc_s now)
{
	struct inlet_place place;
	if (!inlet_state_take_place(&place, &part))
		return -1;
	if (workers)
		return inlet_workers_resume(workers, place, part);
	struct meter_wanted wanted = {was_heard, &place};
	return meter_resume_decoders(meter, part, &wanted, now);
}

void
meter_state_recover(struct meter *meter, struct inlet_workers *workers, const char *run_directory)
{
	struct buf bytes = {0};
	struct cursor parts, part;
	enum inlet_part kind;
	struct utc_s now = clock_utc();
	if (inlet_spool_recover(run_directory, &bytes) < 0)
		goto out;
	if (!inlet_state_read(&parts, cursor_of(bytes.data, bytes.length))) {
		log_error("meter.state: not a whole one, what the run before counted is lost");
		goto out;
	}
	while ((kind = inlet_state_next(&parts, &part)) != INLET_END) {
		int result = kind == INLET_CHECKPOINT ? meter_resume(meter, part, now)
						      : resume_decoders(meter, workers, part, now);
		if (result < 0)
			log_error("meter.state: a part of it cannot be taken over");
	}
	log_info("meter.state: taken over, %zu octets", bytes.length);
out:
	buf_fini(&bytes);
}
