/* The answer to `show status`. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "main/supervisor.h"
#include "main/version.h"

static const char *
state_name(enum room_state state)
{
	switch (state) {
	case ROOM_UP:
		return "up";
	case ROOM_STARTING:
		return "starting";
	case ROOM_DOWN:
	case ROOM_STOPPING:
		break;
	}
	return "down";
}

/* "2 d 3 h", "4 h 12 min", "31 s": the two largest units. */
static const char *
duration(char text[32], int64_t s)
{
	if (s < 0)
		s = 0;
	if (s >= 86400)
		(void)snprintf(text, 32, "%lld d %lld h", (long long)(s / 86400),
			       (long long)(s % 86400 / 3600));
	else if (s >= 3600)
		(void)snprintf(text, 32, "%lld h %lld min", (long long)(s / 3600),
			       (long long)(s % 3600 / 60));
	else if (s >= 60)
		(void)snprintf(text, 32, "%lld min %lld s", (long long)(s / 60),
			       (long long)(s % 60));
	else
		(void)snprintf(text, 32, "%lld s", (long long)s);
	return text;
}

static void
write_json(const struct supervisor *s, struct buf *out)
{
	const struct hub *hub = s->hub;
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_object(&j, "hub");
	json_str(&j, "name", hub->name);
	json_str(&j, "short_name", hub->short_name);
	json_u64(&j, "asn", hub->asn.number);
	json_str(&j, "city", hub->city);
	json_str(&j, "country", *hub->country.code ? hub->country.code : NULL);
	json_object_end(&j);
	json_str(&j, "version", SARAI_VERSION);
	json_utc(&j, "started", s->started);
	json_u64(&j, "generation", s->generation);
	json_bool(&j, "confirmed", !s->confirm_wanted);
	json_str(&j, "file", s->file);
	json_bool(&j, "simulated", s->simulated);
	json_array(&j, "rooms");
	for (int i = 0; i < ROLE_COUNT; i++) {
		const struct room_process *room = &s->rooms[i];
		json_object(&j, NULL);
		json_str(&j, "room", room->role->name);
		json_str(&j, "state", state_name(room->state));
		if (room->pid > 0)
			json_i64(&j, "pid", room->pid);
		else
			json_null(&j, "pid");
		json_utc(&j, "since", room->since);
		json_u64(&j, "restarts", room->restarts);
		json_str(&j, "reason", *room->reason ? room->reason : NULL);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_u8(out, '\n');
}

static void
write_text(const struct supervisor *s, struct utc_s now, struct buf *out)
{
	const struct hub *hub = s->hub;
	char since[CLOCK_TEXT], age[32];
	buf_printf(out, "%s (%s), AS%u%s%s%s%s\n", hub->name, hub_called(hub), hub->asn.number,
		   hub->city ? ", " : "", hub->city ? hub->city : "",
		   *hub->country.code ? ", " : "", hub->country.code);
	buf_printf(out, "sarai %s, up %s, since %s%s\n", SARAI_VERSION,
		   duration(age, now.s - s->started.s), utc_format(since, s->started),
		   s->simulated ? "; members are simulated" : "");
	buf_printf(out, "generation %u of %s%s\n\n", s->generation, s->file,
		   s->confirm_wanted ? ", not confirmed yet" : "");
	buf_printf(out, "%-10s %-9s %8s  %-12s %8s\n", "room", "state", "process", "for",
		   "restarts");
	for (int i = 0; i < ROLE_COUNT; i++) {
		const struct room_process *room = &s->rooms[i];
		char pid[16] = "-";
		if (room->pid > 0)
			(void)snprintf(pid, sizeof(pid), "%d", (int)room->pid);
		buf_printf(out, "%-10s %-9s %8s  %-12s %8u\n", room->role->name,
			   state_name(room->state), pid, duration(age, now.s - room->since.s),
			   room->restarts);
		if (room->state != ROOM_UP && *room->reason)
			buf_printf(out, "           %.68s\n", room->reason);
	}
}

static void
write_csv(const struct supervisor *s, struct buf *out)
{
	char since[CLOCK_TEXT];
	buf_str(out, "room,state,pid,since,restarts\n");
	for (int i = 0; i < ROLE_COUNT; i++) {
		const struct room_process *room = &s->rooms[i];
		buf_printf(out, "%s,%s,%d,%s,%u\n", room->role->name, state_name(room->state),
			   (int)room->pid, utc_format(since, room->since), room->restarts);
	}
}

void
status_answer(const struct supervisor *s, struct utc_s now, enum control_form form, struct buf *out)
{
	switch (form) {
	case CONTROL_TEXT:
		write_text(s, now, out);
		break;
	case CONTROL_JSON:
		write_json(s, out);
		break;
	case CONTROL_CSV:
		write_csv(s, out);
		break;
	}
}
