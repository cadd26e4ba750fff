/* A session to look at, and in words. */
#include <assert.h>

#include "exchange/session/session_private.h"

const char *
session_state_name(enum session_state state)
{
	static const char *const names[] = {
		[SESSION_DISABLED] = "disabled",       [SESSION_IDLE] = "idle",
		[SESSION_CONNECT] = "connect",         [SESSION_ACTIVE] = "active",
		[SESSION_OPENSENT] = "opensent",       [SESSION_OPENCONFIRM] = "openconfirm",
		[SESSION_ESTABLISHED] = "established",
	};
	assert((unsigned)state <= SESSION_ESTABLISHED);
	return names[state];
}

void
session_error_text(struct buf *to, const struct session_error *error)
{
	static const char *const kinds[] = {
		[SESSION_ERROR_SENT] = "sent ",
		[SESSION_ERROR_RECEIVED] = "received ",
		[SESSION_ERROR_CLOSED] = "connection closed by the other side",
		[SESSION_ERROR_CONNECT] = "cannot connect",
		[SESSION_ERROR_SEND_HOLD] = "closed: ",
		[SESSION_ERROR_NO_MEMORY] = "closed: out of memory",
	};
	if (error->kind == SESSION_ERROR_NONE)
		return;
	buf_str(to, kinds[error->kind]);
	if (error->hard)
		buf_str(to, "hard reset: ");
	if (error->code)
		bgp_error_text(to, error->code, error->subcode);
	if (error->text[0])
		buf_printf(to, " (%s)", error->text);
}

enum session_state
session_state(const struct session *s)
{
	enum conn_state most = s->conns[SESSION_OUT].state > s->conns[SESSION_IN].state
				       ? s->conns[SESSION_OUT].state
				       : s->conns[SESSION_IN].state;
	static const enum session_state states[] = {
		[CONN_CONNECTING] = SESSION_CONNECT,
		[CONN_OPENSENT] = SESSION_OPENSENT,
		[CONN_OPENCONFIRM] = SESSION_OPENCONFIRM,
		[CONN_ESTABLISHED] = SESSION_ESTABLISHED,
	};
	if (most != CONN_NONE)
		return states[most];
	if (!s->enabled)
		return SESSION_DISABLED;
	return s->idle_until.us != INT64_MAX ? SESSION_IDLE : SESSION_ACTIVE;
}

const struct session_agreed *
session_agreed(const struct session *s)
{
	return &s->agreed;
}

const struct bgp_capabilities *
session_remote_capabilities(const struct session *s)
{
	return &s->conns[s->agreed.conn].open.capabilities;
}

const struct session_config *
session_config(const struct session *s)
{
	return &s->config;
}

const struct session_counters *
session_counters(const struct session *s)
{
	return &s->counters;
}

const struct session_error *
session_last_error(const struct session *s)
{
	return &s->errors[s->newest];
}

const struct session_error *
session_last_sent(const struct session *s)
{
	return &s->errors[SLOT_SENT];
}

struct cursor
session_open_message(const struct session *s, enum session_open which)
{
	const struct buf *kept = &s->opens[s->agreed.conn][which];
	return kept->failed ? cursor_of(NULL, 0) : cursor_of(kept->data, kept->length);
}

const struct session_error *
session_last_received(const struct session *s)
{
	return &s->errors[SLOT_RECEIVED];
}

struct mono_us
session_since(const struct session *s)
{
	return s->since;
}

size_t
session_memory(const struct session *s)
{
	size_t sum = sizeof(*s);
	for (unsigned i = 0; i < SESSION_CONNS; i++)
		sum += s->conns[i].out.capacity + s->conns[i].held_size + s->closing[i].capacity +
		       s->opens[i][SESSION_OPEN_SENT].capacity +
		       s->opens[i][SESSION_OPEN_RECEIVED].capacity;
	return sum;
}
