/* One session in full: what both sides agreed on, what protects it, its limits, and its errors. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view/view_exchange_members.h"
#include "view/view_exchange_parts.h"

static const char *const families[] = {"ipv4", "ipv6"};

static const char *
role_name(uint8_t role)
{
	static const char *const names[] = {"provider", "rs", "rs-client", "customer", "peer"};
	return role < 5 ? names[role] : NULL;
}

static const char *
action_name(int action)
{
	static const char *const names[] = {"restart", "shutdown", "block", "warn"};
	return action >= 0 && action < 4 ? names[action] : "?";
}

/* --- JSON --- */

static void
stay_json(struct json *j, const char *key, const struct session_stay *stay)
{
	if (!stay->on) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	json_u64(j, "restart_s", stay->restart_s);
	json_u64(j, "stale_s", stay->stale_s);
	json_object_end(j);
}

static void
add_path_json(struct json *j, const char *key, bool receive, bool send)
{
	json_object(j, key);
	json_bool(j, "receive", receive);
	json_bool(j, "send", send);
	json_object_end(j);
}

static void
agreed_json(struct json *j, const struct session *session)
{
	const struct session_agreed *a = session_agreed(session);
	const struct bgp_capabilities *theirs = session_remote_capabilities(session);
	char text[IP_TEXT];
	if (session_state(session) != SESSION_ESTABLISHED) {
		json_null(j, "agreed");
		return;
	}
	json_object(j, "agreed");
	json_str(j, "router_id", ip_format(text, ip_v4(a->remote_router_id)));
	json_u64(j, "hold_time_s", a->hold_time_s);
	json_bool(j, "ipv4", a->ipv4);
	json_bool(j, "ipv6", a->ipv6);
	json_bool(j, "flowspec_ipv4", a->flow_ipv4);
	json_bool(j, "flowspec_ipv6", a->flow_ipv6);
	json_bool(j, "sr_policy_ipv4", a->sr_ipv4);
	json_bool(j, "sr_policy_ipv6", a->sr_ipv6);
	json_bool(j, "as4", a->as4);
	json_bool(j, "refresh", a->refresh);
	json_bool(j, "enhanced_refresh", a->enhanced_refresh);
	json_bool(j, "extended_messages", a->extended_messages);
	json_bool(j, "extended_next_hop", a->extended_next_hop);
	json_object(j, "add_path");
	add_path_json(j, "ipv4", a->add_path_in_ipv4, a->add_path_out_ipv4);
	add_path_json(j, "ipv6", a->add_path_in_ipv6, a->add_path_out_ipv6);
	json_object_end(j);
	json_object(j, "graceful_restart");
	json_bool(j, "agreed", a->graceful_restart);
	json_bool(j, "notification", a->graceful_notified);
	stay_json(j, "ipv4", &a->graceful.ipv4);
	stay_json(j, "ipv6", &a->graceful.ipv6);
	json_object_end(j);
	json_str(j, "remote_role", role_name(theirs->role));
	json_str(j, "remote_host", theirs->host_name[0] ? theirs->host_name : NULL);
	json_u64(j, "unknown_capabilities", theirs->unknown_count);
	json_object_end(j);
}

static void
guard_json(struct json *j, const struct hub_session *hub)
{
	json_object(j, "guard");
	json_bool(j, "md5", hub->md5 != NULL);
	json_bool(j, "tcp_ao", hub->tcp_ao != NULL);
	if (hub->ttl_security)
		json_u64(j, "ttl_security", hub->ttl_security);
	else
		json_null(j, "ttl_security");
	json_bool(j, "bfd", hub->bfd);
	json_object_end(j);
}

static void
limits_json(struct json *j, const struct exchange *x, unsigned slot)
{
	json_array(j, "limits");
	for (unsigned f = 0; f < 2; f++) {
		const struct exchange_limit *limit = exchange_limit_of(x, slot, f);
		if (!limit->max && !limit->out_max)
			continue;
		json_object(j, NULL);
		json_str(j, "family", families[f]);
		json_u64(j, "max", limit->max);
		json_u64(j, "count", exchange_limit_count(x, slot, f));
		if (limit->warn_at)
			json_u64(j, "warn_at", limit->warn_at);
		else
			json_null(j, "warn_at");
		json_bool(j, "warned", limit->warned);
		json_str(j, "action", action_name(limit->action));
		json_u64(j, "restart_s", limit->restart_s);
		json_bool(j, "count_refused", limit->count_refused);
		json_str(j, "source", limit->from_peeringdb ? "peeringdb" : "hub file");
		if (limit->out_max)
			json_u64(j, "out_max", limit->out_max);
		else
			json_null(j, "out_max");
		json_object_end(j);
	}
	json_array_end(j);
}

static void
error_json(struct json *j, const char *key, const struct exchange *x,
	   const struct session_error *error)
{
	struct buf text = {0};
	if (error->kind == SESSION_ERROR_NONE) {
		json_null(j, key);
		return;
	}
	session_error_text(&text, error);
	buf_u8(&text, 0);
	json_object(j, key);
	json_utc(j, "at", exchange_utc(x, error->when));
	json_str(j, "text", text.failed ? NULL : (const char *)text.data);
	json_u64(j, "code", error->code);
	json_u64(j, "subcode", error->subcode);
	json_bool(j, "hard", error->hard);
	json_object_end(j);
	buf_fini(&text);
}

static void
counters_json(struct json *j, const struct session_counters *c)
{
	json_object(j, "counters");
	json_u64(j, "messages_in", c->messages_in);
	json_u64(j, "messages_out", c->messages_out);
	json_u64(j, "keepalives_in", c->keepalives_in);
	json_u64(j, "keepalives_out", c->keepalives_out);
	json_u64(j, "notifications_in", c->notifications_in);
	json_u64(j, "notifications_out", c->notifications_out);
	json_u64(j, "refreshes_in", c->refreshes_in);
	json_u64(j, "refreshes_out", c->refreshes_out);
	json_u64(j, "octets_in", c->octets_in);
	json_u64(j, "treated_as_withdraw", c->treated_as_withdraw);
	json_u64(j, "ends_of_rib_in", c->ends_of_rib_in);
	json_object_end(j);
}

void
view_session_json(struct json *j, const struct exchange *x, const struct view_standing *s)
{
	json_object(j, NULL);
	view_session_fields(j, x, s);
	guard_json(j, s->hub);
	if (s->slot >= 0) {
		const struct session *session = exchange_session(x, (unsigned)s->slot);
		uint16_t rtt = policy_rtt_of(exchange_policy(x), (unsigned)s->slot);
		if (rtt)
			json_u64(j, "rtt_ms", rtt);
		else
			json_null(j, "rtt_ms");
		agreed_json(j, session);
		limits_json(j, x, (unsigned)s->slot);
		error_json(j, "last_sent", x, session_last_sent(session));
		error_json(j, "last_received", x, session_last_received(session));
		counters_json(j, session_counters(session));
	}
	json_object_end(j);
}

/* --- text --- */

static void
add(struct buf *to, bool condition, const char *word)
{
	if (condition)
		buf_printf(to, "%s%s", to->length ? ", " : "", word);
}

static void
agreed_text(struct buf *out, const struct session *session)
{
	const struct session_agreed *a = session_agreed(session);
	struct buf words = {0};
	char text[IP_TEXT];
	add(&words, a->ipv4, "IPv4");
	add(&words, a->ipv6, "IPv6");
	add(&words, a->flow_ipv4, "IPv4 flowspec");
	add(&words, a->flow_ipv6, "IPv6 flowspec");
	add(&words, a->sr_ipv4, "IPv4 SR policies");
	add(&words, a->sr_ipv6, "IPv6 SR policies");
	add(&words, a->as4, "4-octet AS numbers");
	add(&words, a->refresh, a->enhanced_refresh ? "enhanced refresh" : "refresh");
	add(&words, a->extended_messages, "extended messages");
	add(&words, a->extended_next_hop, "IPv4 by IPv6 next hops");
	if (a->hold_time_s)
		buf_printf(&words, ", hold time %u s", a->hold_time_s);
	else
		buf_str(&words, ", no hold timer");
	buf_printf(&words, ", router id %s", ip_format(text, ip_v4(a->remote_router_id)));
	view_label(out, "agreed", &words);
	buf_fini(&words);
}

static void
add_path_text(struct buf *out, const struct session_agreed *a)
{
	struct buf words = {0};
	add(&words, a->add_path_in_ipv4, "IPv4 from it");
	add(&words, a->add_path_out_ipv4, "IPv4 to it");
	add(&words, a->add_path_in_ipv6, "IPv6 from it");
	add(&words, a->add_path_out_ipv6, "IPv6 to it");
	if (words.length)
		view_label(out, "ADD-PATH", &words);
	buf_fini(&words);
}

static void
stay_text(struct buf *words, const char *name, const struct session_stay *stay)
{
	if (!stay->on)
		return;
	buf_printf(words, "%s%s kept %u s", words->length ? ", " : "", name, stay->restart_s);
	if (stay->stale_s)
		buf_printf(words, " and %" PRIu32 " s more as stale", stay->stale_s);
}

static void
restart_text(struct buf *out, const struct session_agreed *a)
{
	struct buf words = {0};
	if (!a->graceful_restart)
		return;
	stay_text(&words, "IPv4", &a->graceful.ipv4);
	stay_text(&words, "IPv6", &a->graceful.ipv6);
	add(&words, !words.length, "agreed, for no family");
	add(&words, a->graceful_notified, "after a NOTIFICATION too");
	view_label(out, "restart", &words);
	buf_fini(&words);
}

static void
role_text(struct buf *out, const struct session *session)
{
	const struct bgp_capabilities *theirs = session_remote_capabilities(session);
	const char *role = role_name(theirs->role),
		   *ours = role_name(session_config(session)->role);
	struct buf words = {0};
	if (!role && !ours)
		return;
	buf_printf(&words, "ours %s, theirs %s", ours ? ours : "not said",
		   role ? role : "not said");
	if (theirs->host_name[0])
		buf_printf(&words, "; it calls itself %s", theirs->host_name);
	view_label(out, "role", &words);
	buf_fini(&words);
}

static void
guard_text(struct buf *out, const struct hub_session *hub)
{
	struct buf words = {0};
	add(&words, hub->tcp_ao != NULL, "TCP-AO");
	add(&words, hub->md5 && !hub->tcp_ao, "MD5");
	if (hub->ttl_security)
		buf_printf(&words, "%sat most %u hop%s away", words.length ? ", " : "",
			   hub->ttl_security, hub->ttl_security == 1 ? "" : "s");
	if (hub->bfd)
		buf_printf(&words, "%sBFD %u/%u ms x %u", words.length ? ", " : "",
			   hub->bfd_transmit_ms, hub->bfd_receive_ms, hub->bfd_multiplier);
	if (words.length)
		view_label(out, "guarded by", &words);
	buf_fini(&words);
}

static void
limit_text(struct buf *out, const struct exchange *x, unsigned slot, unsigned family)
{
	const struct exchange_limit *limit = exchange_limit_of(x, slot, family);
	struct buf words = {0};
	uint32_t count = exchange_limit_count(x, slot, family);
	if (limit->out_max) {
		buf_printf(&words, "IPv%c: is sent %" PRIu32 " prefixes at most, then %s",
			   family ? '6' : '4', limit->out_max, action_name(limit->action));
		view_label(out, "limit out", &words);
		buf_clear(&words);
	}
	if (!limit->max) {
		buf_fini(&words);
		return;
	}
	buf_printf(&words, "IPv%c: %" PRIu32 " of %" PRIu32 " prefixes (%u %%)%s, then %s",
		   family ? '6' : '4', count, limit->max,
		   (unsigned)((uint64_t)count * 100 / limit->max),
		   limit->count_refused ? ", refused ones too" : "", action_name(limit->action));
	if (limit->action == HUB_MAX_PREFIXES_RESTART)
		buf_printf(&words, " after %" PRIu32 " s", limit->restart_s);
	if (limit->warn_at)
		buf_printf(&words, "; warns at %" PRIu32 "%s", limit->warn_at,
			   limit->warned ? ", and has" : "");
	buf_printf(&words, "; from %s", limit->from_peeringdb ? "PeeringDB" : "the hub file");
	view_label(out, "limit", &words);
	buf_fini(&words);
}

static void
rules_text(struct buf *out, const struct exchange *x, unsigned slot)
{
	struct flowspec_totals totals;
	struct buf words = {0};
	flowspec_session_totals(exchange_flow(x), slot, &totals);
	buf_printf(&words,
		   "%" PRIu32 " accepted, %" PRIu32 " refused, %" PRIu32 " not kept, %" PRIu32
		   " sent",
		   totals.accepted, totals.refused, totals.left_out, totals.told);
	view_label(out, "flowspec", &words);
	buf_fini(&words);
}

static void
error_text(struct buf *out, const char *label, const struct exchange *x,
	   const struct session_error *error)
{
	char age[VIEW_AGE_TEXT];
	struct buf words = {0};
	if (error->kind == SESSION_ERROR_NONE)
		return;
	session_error_text(&words, error);
	buf_printf(&words, ", %s ago",
		   view_age(age, exchange_now(x).s - exchange_utc(x, error->when).s));
	view_label(out, label, &words);
	buf_fini(&words);
}

void
view_session_text(struct buf *out, const struct exchange *x, const struct view_standing *s)
{
	char address[IP_TEXT], age[VIEW_AGE_TEXT];
	buf_printf(out, "  %-14s %-20s %s", s->hub->id, ip_format(address, s->hub->address),
		   session_state_name(s->state));
	if (s->since)
		buf_printf(out, " for %s", view_age(age, exchange_now(x).s - s->since));
	buf_printf(out, "\n    %u accepted, %u refused, %u sent\n", s->accepted, s->filtered,
		   s->exported);
	guard_text(out, s->hub);
	if (s->slot < 0)
		return;
	unsigned slot = (unsigned)s->slot;
	const struct session *session = exchange_session(x, slot);
	if (s->state == SESSION_ESTABLISHED) {
		agreed_text(out, session);
		add_path_text(out, session_agreed(session));
		restart_text(out, session_agreed(session));
		role_text(out, session);
	}
	struct view_matter matter = view_matter_of(x, s);
	if (matter.bfd) {
		struct buf words = {0};
		char since[VIEW_AGE_TEXT];
		buf_printf(
			&words, "%s for %s", bfd_state_name(matter.bfd->state),
			view_age(since, exchange_now(x).s - exchange_utc(x, matter.bfd->since).s));
		view_label(out, "BFD", &words);
		buf_fini(&words);
	}
	view_matter_text(out, x, s, &matter);
	limit_text(out, x, slot, 0);
	limit_text(out, x, slot, 1);
	if (s->hub->flowspec)
		rules_text(out, x, slot);
	error_text(out, "we said", x, session_last_sent(session));
	error_text(out, "they said", x, session_last_received(session));
	const struct session_error *last = session_last_error(session);
	if (last->kind != SESSION_ERROR_SENT && last->kind != SESSION_ERROR_RECEIVED)
		error_text(out, "last error", x, last);
}
