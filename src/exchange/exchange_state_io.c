/* Files about sessions, blackholes and steering. */
#include "exchange/exchange_state_io.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf_io.h"
#include "base/log.h"
#include "exchange/exchange_blackhole.h"
#include "exchange/exchange_steer.h"
#include "hub/steer_state.h"

enum { EVERY_MS = 1000, AT_LEAST_S = 30, PATH_MAX_OCTETS = 4096 };

struct exchange_states {
	struct loop *loop;
	struct exchange *engine;
	const char *directory;
	struct loop_timer timer;
	struct buf sessions; /* as written last */
	struct utc_s written;
	uint64_t blackholes;         /* exchange_blackhole_changes when they were written */
	struct steer_state steering; /* as written last; since 0: never */
	bool failed;                 /* told in the log, until it works again */
};

static int
replace(const struct exchange_states *s, const char *name, const struct buf *text)
{
	char path[PATH_MAX_OCTETS], aside[PATH_MAX_OCTETS];
	int a = snprintf(path, sizeof(path), "%s/%s", s->directory, name);
	int b = snprintf(aside, sizeof(aside), "%s/.%s.new", s->directory, name);
	if (a < 0 || b < 0 || (size_t)b >= sizeof(aside)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	FILE *file = fopen(aside, "we");
	if (!file)
		return -1;
	buf_write(text, file);
	bool failed = ferror(file);
	failed |= fclose(file) != 0;
	return failed ? -1 : rename(aside, path);
}

static void
tell(struct exchange_states *s, const char *name, int result)
{
	if (result < 0 && !s->failed)
		log_warn("%s/%s: %s", s->directory, name, strerror(errno));
	s->failed = result < 0;
}

/* --- sessions --- */

static void
list_sessions(struct buf *out, const struct exchange *x)
{
	const struct hub *hub = exchange_hub(x);
	for (uint32_t i = 0; i < hub->session_count; i++) {
		int slot = exchange_slot_of(x, i);
		const struct session *session =
			slot < 0 ? NULL : exchange_session(x, (unsigned)slot);
		if (!session || session_state(session) != SESSION_ESTABLISHED)
			continue;
		buf_printf(out, "%s %" PRId64 " %s\n", hub->ports[hub->sessions[i].port].id,
			   exchange_utc(x, session_since(session)).s, hub->sessions[i].id);
	}
}

static void
write_sessions(struct exchange_states *s, struct utc_s now)
{
	struct buf list = {0}, text = {0};
	list_sessions(&list, s->engine);
	bool same = list.length == s->sessions.length &&
		    (!list.length || memcmp(list.data, s->sessions.data, list.length) == 0);
	if (!same || now.s - s->written.s >= AT_LEAST_S || now.s < s->written.s) {
		buf_printf(&text, "at %" PRId64 "\n", now.s);
		buf_put(&text, list.data, list.length);
		if (!list.failed && !text.failed) {
			tell(s, "sessions.now", replace(s, "sessions.now", &text));
			s->written = now;
		}
	}
	buf_fini(&text);
	buf_fini(&s->sessions);
	s->sessions = list;
}

/* --- blackholes --- */

static void
write_blackholes(struct exchange_states *s)
{
	struct buf text = {0};
	if (exchange_blackhole_changes(s->engine) == s->blackholes)
		return;
	for (size_t i = 0; i < exchange_blackhole_count(s->engine); i++) {
		struct exchange_blackhole b = exchange_blackhole_at(s->engine, i);
		char prefix[PREFIX_TEXT];
		buf_printf(&text, "%s %u %" PRId64 " %" PRId64 "\n",
			   prefix_format(prefix, b.prefix), b.member.number, b.since.s, b.ends.s);
	}
	int result = text.failed ? -1 : replace(s, "blackholes", &text);
	tell(s, "blackholes", result);
	if (result == 0)
		s->blackholes = exchange_blackhole_changes(s->engine);
	buf_fini(&text);
}

static void
read_blackholes(struct exchange_states *s)
{
	char path[PATH_MAX_OCTETS], line[256];
	(void)snprintf(path, sizeof(path), "%s/blackholes", s->directory);
	FILE *file = fopen(path, "re");
	if (!file) {
		if (errno != ENOENT)
			log_warn("%s: %s", path, strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), file)) {
		struct exchange_blackhole b = {0};
		char prefix[64];
		if (sscanf(line, "%63s %" SCNu32 " %" SCNd64 " %" SCNd64, prefix, &b.member.number,
			   &b.since.s, &b.ends.s) != 4 ||
		    prefix_parse(&b.prefix, prefix) < 0)
			continue;
		exchange_blackhole_restore(s->engine, &b);
		log_info("blackhole %s for AS%u: still wanted, as the operator said", prefix,
			 b.member.number);
	}
	(void)fclose(file);
}

/* --- steering --- */

/* The plan counts as long as it is held. */
static struct steer_state
steering_of(const struct exchange *x, struct utc_s now)
{
	struct exchange_steering is = exchange_steering_of(x);
	return (struct steer_state){.by_plan = is.state == EXCHANGE_STEER_BY_PLAN ||
					       is.state == EXCHANGE_STEER_HELD,
				    .since = is.since.s ? is.since : now};
}

static void
write_steering(struct exchange_states *s, struct utc_s now)
{
	struct buf text = {0};
	struct steer_state is = steering_of(s->engine, now);
	if (s->steering.since.s && is.by_plan == s->steering.by_plan)
		return;
	steer_state_write(&is, &text);
	int result = text.failed ? -1 : replace(s, STEER_STATE_FILE, &text);
	tell(s, STEER_STATE_FILE, result);
	if (result == 0)
		s->steering = is;
	buf_fini(&text);
}

/* --- the service --- */

static void
every_second(struct loop_timer *timer, struct mono_us now)
{
	struct exchange_states *s =
		(struct exchange_states *)((char *)timer - offsetof(struct exchange_states, timer));
	write_sessions(s, exchange_utc(s->engine, now));
	write_steering(s, exchange_utc(s->engine, now));
	write_blackholes(s);
	loop_timer_set(s->loop, timer, mono_add_ms(now, EVERY_MS));
}

struct exchange_states *
exchange_states_open(struct loop *loop, struct exchange *engine, const char *directory)
{
	struct exchange_states *s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	*s = (struct exchange_states){.loop = loop,
				      .engine = engine,
				      .directory = directory,
				      .timer = {.fire = every_second}};
	read_blackholes(s);
	loop_timer_set(loop, &s->timer, mono_add_ms(loop_now(loop), EVERY_MS));
	return s;
}

void
exchange_states_keep(struct exchange_states *s)
{
	if (s)
		write_blackholes(s);
}

void
exchange_states_close(struct exchange_states *s)
{
	if (!s)
		return;
	write_blackholes(s);
	loop_timer_stop(s->loop, &s->timer);
	buf_fini(&s->sessions);
	free(s);
}
