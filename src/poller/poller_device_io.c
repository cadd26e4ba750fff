/* Walks of one machine.
 *
 *	idle --due--> (engine's id of version 3) --> asking, answer by answer --> whole: idle until due
 *	                                                                     \--> trouble: the same  */
#include "poller/poller_device_io.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock_io.h"
#include "base/hash.h"
#include "base/log.h"
#include "poller/poller_session_io.h"
#include "poller/poller_target.h"

enum {
	TICK_MS = 250,
	ROWS = 10,        /* of each question, as long as the agent has room for them */
	SOON_S = 5,       /* the first walk begins within */
	PHASE_MAX_S = 45, /* after the end of a bin, so that a walk is in before it is closed */
	QUESTIONS_MAX = 100000, /* of one walk: an agent that goes round in circles */
};

struct poller_device {
	struct loop *loop;
	const struct hub_exporter *exporter; /* in the picture */
	uint32_t number;
	struct poller_session *session; /* NULL: none open */
	struct loop_watch watch;        /* of its socket */
	struct loop_timer timer; /* the next walk, or the next look at the time of an answer */
	struct poller_engine engine;
	struct poller_table table;
	struct poller_target *targets;
	size_t target_count;
	unsigned rows, questions;
	bool walking, settled; /* settled: there is an outcome, below */
	enum poller_outcome outcome;
	char why[POLLER_REASON];
	struct mono_us began;
	struct poller_device_report report;
	poller_walked *walked;
	void *context;
};

/* --- times --- */

/* Machines are asked at moments of their own, the same in each round, soon after the bins' ends. */
static uint32_t
phase_of(const struct poller_device *d)
{
	uint32_t most = d->exporter->snmp.every_s * 3 / 4;
	most = most > PHASE_MAX_S ? PHASE_MAX_S : most;
	return (uint32_t)(hash_bytes(d->exporter->id, strlen(d->exporter->id)) % (most + 1));
}

static void
wait_for_round(struct poller_device *d)
{
	int64_t every = d->exporter->snmp.every_s, now = clock_utc().s;
	int64_t into = (now - phase_of(d)) % every;
	loop_timer_set(
		d->loop, &d->timer,
		mono_add_ms(clock_mono(), (every - (into < 0 ? into + every : into)) * 1000));
}

/* --- the session --- */

static void
close_session(struct poller_device *d)
{
	if (!d->session)
		return;
	loop_forget(d->loop, &d->watch);
	poller_session_close(d->session);
	d->session = NULL;
}

static size_t
count_found(const struct poller_device *d)
{
	struct poller_reading reading;
	size_t count = 0;
	for (size_t i = 0; i < d->target_count; i++)
		count += d->targets[i].is_source
				 ? poller_table_passes(&d->table, &d->targets[i]) >= 0
				 : poller_table_reading(&d->table, &d->targets[i], &reading);
	return count;
}

static void
end_walk(struct poller_device *d, const char *trouble)
{
	bool good = !trouble[0];
	d->walking = false;
	if (good) {
		d->report.walks++;
		d->report.last_good = clock_utc();
		d->report.walk_ms = (uint32_t)((clock_mono().us - d->began.us) / 1000);
		d->report.found = count_found(d);
	} else {
		d->report.failures++;
		/* It may have become another machine, with another engine. */
		close_session(d);
		d->engine.length = 0;
	}
	if (strcmp(d->report.trouble, trouble) != 0) {
		if (good)
			log_info("snmp %s: answers again", d->exporter->id);
		else
			log_warn("snmp %s: %s", d->exporter->id, trouble);
		(void)snprintf(d->report.trouble, sizeof(d->report.trouble), "%s", trouble);
	}
	if (good)
		d->walked(d->context, d);
	wait_for_round(d);
}

static void session_ready(struct loop_watch *watch, uint32_t events);

static void
take(void *context, const struct poller_variable *v)
{
	static const uint32_t uptime[] = {1, 3, 6, 1, 2, 1, 1, 3, 0};
	struct poller_device *d = context;
	if (v->oid_length == sizeof(uptime) / sizeof(uptime[0]) && v->is_number &&
	    memcmp(v->oid, uptime, sizeof(uptime)) == 0)
		poller_table_uptime(&d->table, (uint32_t)v->number);
	else
		poller_table_take(&d->table, v, clock_utc());
}

static void
done(void *context, enum poller_outcome outcome, const char *why)
{
	struct poller_device *d = context;
	d->settled = true;
	d->outcome = outcome;
	(void)snprintf(d->why, sizeof(d->why), "%s", why);
}

static bool
open_session(struct poller_device *d)
{
	struct poller_events events = {.take = take, .done = done, .context = d};
	close_session(d);
	d->session = poller_session_open(d->exporter, &d->engine, events, d->why, sizeof(d->why));
	if (!d->session)
		return false;
	d->watch = (struct loop_watch){.fd = poller_session_fd(d->session), .ready = session_ready};
	if (loop_watch(d->loop, &d->watch, EPOLLIN) == 0)
		return true;
	(void)snprintf(d->why, sizeof(d->why), "epoll");
	poller_session_close(d->session);
	d->session = NULL;
	return false;
}

/* --- walking --- */

static void
ask_on(struct poller_device *d)
{
	int64_t from = poller_table_next(&d->table);
	if (from < 0 || d->table.failed) {
		end_walk(d, d->table.failed ? "no memory for its interfaces" : "");
		return;
	}
	if (d->questions++ == QUESTIONS_MAX) {
		end_walk(d, "its table has no end");
		return;
	}
	if (poller_session_ask(d->session, poller_table_columns(&d->table), (uint32_t)from,
			       d->rows) < 0) {
		end_walk(d, "cannot be sent");
		return;
	}
	loop_timer_set(d->loop, &d->timer, mono_add_ms(clock_mono(), TICK_MS));
}

static void
begin_walk(struct poller_device *d)
{
	bool discover = d->exporter->snmp.version == HUB_SNMP_3 && !d->engine.length;
	d->walking = true;
	d->began = clock_mono();
	d->questions = 0;
	d->rows = ROWS;
	poller_table_begin(&d->table, d->targets, d->target_count);
	if (!d->session && !open_session(d)) {
		end_walk(d, d->why);
	} else if (!discover) {
		ask_on(d);
	} else if (poller_session_discover(d->session) < 0) {
		end_walk(d, "cannot be sent");
	} else {
		loop_timer_set(d->loop, &d->timer, mono_add_ms(clock_mono(), TICK_MS));
	}
}

/* What came of a question is acted on when the library is out of the way. */
static void
settle(struct poller_device *d)
{
	if (!d->settled)
		return;
	d->settled = false;
	if (!d->walking)
		return;
	switch (d->outcome) {
	case POLLER_ENGINE:
		d->engine = *poller_session_engine(d->session);
		if (open_session(d))
			ask_on(d);
		else
			end_walk(d, d->why);
		return;
	case POLLER_ANSWERED:
		d->report.answers++;
		poller_table_answered(&d->table);
		ask_on(d);
		return;
	case POLLER_TOO_BIG:
		if (d->rows > 1) {
			d->rows /= 2;
			ask_on(d);
			return;
		}
		break;
	case POLLER_NO_ANSWER:
		d->report.timeouts++;
		break;
	case POLLER_REFUSED:
		break;
	}
	end_walk(d, d->why);
}

static void
session_ready(struct loop_watch *watch, uint32_t events)
{
	struct poller_device *d =
		(struct poller_device *)((char *)watch - offsetof(struct poller_device, watch));
	(void)events;
	poller_session_ready(d->session);
	settle(d);
}

static void
timer_fired(struct loop_timer *timer, struct mono_us now)
{
	struct poller_device *d =
		(struct poller_device *)((char *)timer - offsetof(struct poller_device, timer));
	if (!d->walking) {
		begin_walk(d);
		return;
	}
	loop_timer_set(d->loop, timer, mono_add_ms(now, TICK_MS));
	poller_session_tick(d->session);
	settle(d);
}

/* --- from outside --- */

struct poller_device *
poller_device_new(struct loop *loop, const struct hub *hub, uint32_t exporter,
		  poller_walked *walked, void *context)
{
	struct poller_device *d = calloc(1, sizeof(*d));
	if (!d)
		return NULL;
	d->loop = loop;
	d->exporter = &hub->exporters[exporter];
	d->number = exporter;
	d->walked = walked;
	d->context = context;
	d->timer.fire = timer_fired;
	d->targets = poller_target_list(hub, exporter, &d->target_count);
	if (!d->targets) {
		free(d);
		return NULL;
	}
	loop_timer_set(loop, &d->timer,
		       mono_add_ms(clock_mono(), phase_of(d) * 1000 % (SOON_S * 1000) + 1));
	return d;
}

void
poller_device_free(struct poller_device *d)
{
	if (!d)
		return;
	close_session(d);
	loop_timer_stop(d->loop, &d->timer);
	poller_table_fini(&d->table);
	free(d->targets);
	free(d);
}

struct poller_device_report
poller_device_report(const struct poller_device *d)
{
	const struct hub_exporter *e = d->exporter;
	struct poller_device_report r = d->report;
	r.exporter = e->id;
	r.address = e->snmp.address.family == IP_NONE ? e->address : e->snmp.address;
	r.ports = d->target_count;
	return r;
}

const struct poller_target *
poller_device_targets(const struct poller_device *d, size_t *count)
{
	*count = d->target_count;
	return d->targets;
}

bool
poller_device_reading(const struct poller_device *d, const struct poller_target *target,
		      struct poller_reading *out)
{
	return poller_table_reading(&d->table, target, out);
}

int
poller_device_passes(const struct poller_device *d, const struct poller_target *target)
{
	return poller_table_passes(&d->table, target);
}

uint32_t
poller_device_exporter(const struct poller_device *d)
{
	return d->number;
}
