/* What sessions are told of rules: each takes what is due to it, some messages at a time, when its socket can. What is said
 * is decided then, so whoever is slow hears only how things are in the end. */
#include <string.h>

#include "exchange/bgp/bgp_flow.h"
#include "exchange/flowspec/flowspec_private.h"

/* As many octets are made at once, and the two messages that may go beyond. */
enum { FILL = 8 * 1024, SPARE = 256 };
/* What a message takes besides attributes and rules. */
enum { FRAME = BGP_HEADER + 4 + 4 + 3 + 2 };

enum saying { SAID, NOT_SAID_TOO_LARGE, NOT_SAID_NO_MEMORY };

static const enum ip_family families[FLOWSPEC_FAMILIES] = {IP_V4, IP_V6};

/* A message that is being filled: rules that share its attributes join. */
struct filling {
	struct flowspec_table *t;
	struct flow_session *session;
	unsigned slot;
	struct bgp_flow_writer writer;
	bool open;
	enum ip_family family;
	const struct held_path *like; /* whose attributes it has; NULL: it withdraws */
	struct buf rule;
};

static uint8_t
edit_of(const struct held_path *path, unsigned slot)
{
	return path->edits ? path->edits[slot] : 0;
}

static bool
joins(const struct filling *f, enum ip_family family, const struct held_path *path)
{
	if (!f->open || f->family != family || !path != !f->like)
		return false;
	return !path || (path->slot == f->like->slot &&
			 edit_of(path, f->slot) == edit_of(f->like, f->slot) &&
			 flowspec_same_attrs(&path->attrs->attrs, &f->like->attrs->attrs));
}

static void
end_message(struct filling *f)
{
	if (f->open)
		bgp_flow_end(&f->writer);
	f->open = false;
}

/* The attributes of the path as the session gets them. False if there is no memory. */
static bool
encode(struct filling *f, enum ip_family family, const struct held_path *path)
{
	struct flowspec_table *t = f->t;
	struct bgp_attrs sent;
	struct bgp_communities communities;
	policy_flow_edit(t->policy, path->slot, family, &path->attrs->attrs, edit_of(path, f->slot),
			 &sent, &communities, &t->scratch);
	buf_clear(&t->attrs);
	bgp_attrs_encode(&t->attrs, &sent, communities);
	bool whole = !t->scratch.failed && !t->attrs.failed;
	if (!whole) {
		buf_fini(&t->scratch);
		buf_fini(&t->attrs);
	}
	return whole;
}

static enum saying
begin_message(struct filling *f, enum ip_family family, const struct held_path *path)
{
	end_message(f);
	if (path && !encode(f, family, path))
		return NOT_SAID_NO_MEMORY;
	if (path && FRAME + f->t->attrs.length + f->rule.length > BGP_MAX)
		return NOT_SAID_TOO_LARGE;
	struct cursor attrs =
		path ? cursor_of(f->t->attrs.data, f->t->attrs.length) : cursor_of(NULL, 0);
	bgp_flow_begin(&f->writer, &f->session->out, family, attrs, BGP_MAX);
	f->open = true;
	f->family = family;
	f->like = path;
	return SAID;
}

/* Announces the path, or withdraws the rule. */
static enum saying
say(struct filling *f, const struct held_rule *rule, const struct held_path *path)
{
	enum ip_family family = rule->rule.family;
	buf_clear(&f->rule);
	flowspec_rule_put(&f->rule, &rule->rule);
	if (f->rule.failed) {
		buf_fini(&f->rule);
		return NOT_SAID_NO_MEMORY;
	}
	struct cursor octets = cursor_of(f->rule.data, f->rule.length);
	if (joins(f, family, path) && bgp_flow_add(&f->writer, octets))
		return SAID;
	enum saying begun = begin_message(f, family, path);
	bool fits = begun != SAID || bgp_flow_add(&f->writer, octets);
	assert(fits);
	return begun;
}

/* The number of the next rule that something is due of; there is one. */
static uint32_t
next_due(const struct flowspec_table *t, struct flow_session *session, unsigned slot)
{
	for (uint64_t looked = 0;; looked++, session->scan++) {
		assert(looked <= t->rule_count);
		if (session->scan >= t->rule_count)
			session->scan = 0;
		const struct held_rule *rule = t->rules[session->scan];
		if (rule && set_has(rule->due, slot))
			return session->scan++;
	}
}

/* One rule. False if there is no memory: it is due still. */
static bool
settle(struct filling *f)
{
	struct flowspec_table *t = f->t;
	uint32_t number = next_due(t, f->session, f->slot);
	struct held_rule *rule = t->rules[number];
	struct held_path *path = flowspec_choose(t, rule, f->slot);
	bool holds = set_has(rule->holds, f->slot), known = path && set_has(path->told, f->slot);
	enum saying said = path && !known ? say(f, rule, path) : SAID;
	if (said == NOT_SAID_TOO_LARGE) /* with what the hub adds: as if there were none */
		path = NULL;
	if (!path && holds)
		said = say(f, rule, NULL);
	if (said == NOT_SAID_NO_MEMORY)
		return false;
	for (struct held_path *other = rule->paths; other; other = other->next)
		set_put(other->told, f->slot, other == path);
	flowspec_owe(t, rule, f->slot, false);
	flowspec_hold(t, rule, f->slot, path != NULL);
	/* The path whose attributes an open message has stays: only rules without any go. */
	flowspec_forget_if_over(t, number);
	return true;
}

/* What is said when nothing is due any more. */
static void
say_ends(struct flow_session *session)
{
	for (unsigned i = 0; i < FLOWSPEC_FAMILIES; i++) {
		if (session->end_of_rib[i])
			bgp_flow_end_of_rib_write(&session->out, families[i]);
		if (session->refresh_ends[i])
			bgp_flow_refresh_write(&session->out, families[i], BGP_REFRESH_END);
		session->end_of_rib[i] = session->refresh_ends[i] = false;
	}
}

static void
fill(struct flowspec_table *t, unsigned slot)
{
	struct flow_session *session = &t->sessions[slot];
	struct filling f = {.t = t, .session = session, .slot = slot};
	if (!buf_reserve(&session->out, FILL + 2 * BGP_MAX + SPARE)) {
		buf_fini(&session->out);
		return;
	}
	for (unsigned i = 0; i < FLOWSPEC_FAMILIES; i++) {
		if (!session->refresh_begins[i])
			continue;
		bgp_flow_refresh_write(&session->out, families[i], BGP_REFRESH_BEGIN);
		session->refresh_begins[i] = false;
		session->refresh_ends[i] = true;
	}
	while (session->due && session->out.length < FILL && settle(&f))
		continue;
	end_message(&f);
	buf_fini(&f.rule);
	if (!session->due)
		say_ends(session);
}

bool
flowspec_out_waiting(const struct flowspec_table *t, unsigned slot)
{
	const struct flow_session *session = &t->sessions[slot];
	bool waiting = session->out.length || session->due;
	for (unsigned i = 0; i < FLOWSPEC_FAMILIES; i++)
		waiting |= session->end_of_rib[i] || session->refresh_begins[i] ||
			   session->refresh_ends[i];
	return waiting;
}

struct cursor
flowspec_out(struct flowspec_table *t, unsigned slot)
{
	struct flow_session *session = &t->sessions[slot];
	if (!session->out.length && flowspec_out_waiting(t, slot))
		fill(t, slot);
	return cursor_of(session->out.data, session->out.length);
}

/* Looks at the head of the message that begins there. */
static void
begin_rest(struct flow_session *session, size_t at)
{
	struct cursor head = cursor_of(session->out.data + at, session->out.length - at);
	cursor_skip(&head, 16);
	session->rest = cursor_u16(&head);
	session->rest_counts = cursor_u8(&head) == BGP_UPDATE;
	assert(!head.failed && session->rest >= BGP_HEADER);
}

void
flowspec_out_sent(struct flowspec_table *t, unsigned slot, size_t octets)
{
	struct flow_session *session = &t->sessions[slot];
	assert(octets <= session->out.length);
	for (size_t at = 0; at < octets;) {
		if (!session->rest)
			begin_rest(session, at);
		size_t taken = octets - at < session->rest ? octets - at : session->rest;
		at += taken;
		session->rest -= taken;
		if (!session->rest)
			session->messages += session->rest_counts;
	}
	if (octets < session->out.length)
		buf_consume(&session->out, octets);
	else
		buf_fini(&session->out); /* a session that is idle needs no memory */
}

size_t
flowspec_out_rest(const struct flowspec_table *t, unsigned slot)
{
	return t->sessions[slot].rest;
}

uint64_t
flowspec_out_messages(const struct flowspec_table *t, unsigned slot)
{
	return t->sessions[slot].messages;
}

void
flowspec_out_refresh(struct flowspec_table *t, unsigned slot, enum ip_family family)
{
	struct flow_session *session = &t->sessions[slot];
	unsigned i = flow_family(family);
	if (!session->open[i])
		return;
	for (uint32_t number = 0; number < t->rule_count; number++) {
		struct held_rule *rule = t->rules[number];
		if (!rule || rule->rule.family != family || !set_has(rule->holds, slot))
			continue;
		for (struct held_path *path = rule->paths; path; path = path->next)
			set_put(path->told, slot, false);
		flowspec_owe(t, rule, slot, true);
	}
	if (session->peer.enhanced_refresh)
		session->refresh_begins[i] = true;
	session->refresh_ends[i] = false;
}
