/* One member: its sessions in full, its ports, and what became of its routes: by reason, by what the RPKI says, by next
 * hop. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view/view_exchange_members.h"
#include "view/view_exchange_parts.h"
#include "view/view_text.h"

enum { NEXT_HOPS_MAX = 16 };

/* What became of the routes of a member. */
struct tally {
	struct view_count count;                /* first */
	uint32_t refused[64][2], tagged[64][2]; /* by bit, and by family: IPv4, IPv6 */
	uint32_t rpki[RPKI_INVALID_LENGTH + 1];
	uint32_t stale, taken_with_reasons;
	struct {
		struct ip ip;
		uint32_t count;
	} next_hops[NEXT_HOPS_MAX];
	size_t next_hop_count;
	uint32_t other_next_hops; /* routes by further ones */
	uint32_t session;         /* one of the member's, for what would mend a reason */
};

static void
add_next_hop(struct tally *t, struct ip ip)
{
	for (size_t i = 0; i < t->next_hop_count; i++) {
		if (!ip_equal(t->next_hops[i].ip, ip))
			continue;
		t->next_hops[i].count++;
		return;
	}
	if (t->next_hop_count == NEXT_HOPS_MAX) {
		t->other_next_hops++;
		return;
	}
	t->next_hops[t->next_hop_count].ip = ip;
	t->next_hops[t->next_hop_count++].count = 1;
}

static void
add_path(void *count, const struct rib_path_view *path)
{
	struct tally *t = count;
	unsigned six = path->prefix.ip.family == IP_V6;
	enum rpki_state rpki = policy_state_rpki(path->rpki);
	for (unsigned bit = 0; bit < 64; bit++)
		if (path->reasons >> bit & 1)
			(path->refused ? t->refused : t->tagged)[bit][six]++;
	if (rpki <= RPKI_INVALID_LENGTH)
		t->rpki[rpki]++;
	t->stale += path->stale;
	t->taken_with_reasons += path->reasons && !path->refused;
	add_next_hop(t, path->attrs.next_hop);
}

struct reason {
	unsigned bit;
	enum ip_family family;
	uint32_t refused, tagged;
	const char *mend;
};

/* Calls back for each reason that occurs. */
static void
each_reason(const struct tally *t, const struct exchange *x,
	    void (*visit)(void *context, const struct reason *reason), void *context)
{
	for (unsigned bit = 0; bit < 64; bit++) {
		for (unsigned six = 0; six < 2; six++) {
			struct reason reason = {.bit = bit,
						.family = six ? IP_V6 : IP_V4,
						.refused = t->refused[bit][six],
						.tagged = t->tagged[bit][six]};
			if (!policy_reason_text(bit) || !(reason.refused + reason.tagged))
				continue;
			struct buf mend = {0};
			view_reason_mend(&mend, x, t->session, reason.family, bit);
			buf_u8(&mend, 0);
			reason.mend = mend.failed ? "" : (const char *)mend.data;
			visit(context, &reason);
			buf_fini(&mend);
		}
	}
}

/* --- JSON --- */

static void
reason_json(void *context, const struct reason *reason)
{
	struct json *j = context;
	json_object(j, NULL);
	view_reason_fields(j, reason->bit);
	json_str(j, "family", reason->family == IP_V6 ? "ipv6" : "ipv4");
	json_u64(j, "count", reason->refused + reason->tagged);
	json_u64(j, "refused", reason->refused);
	json_u64(j, "tagged", reason->tagged);
	json_str(j, "mend", reason->mend);
	json_object_end(j);
}

static void
port_json(struct json *j, const struct hub *hub, const struct hub_port *port)
{
	char mac[MAC_TEXT];
	json_object(j, NULL);
	json_str(j, "id", port->id);
	json_str(j, "site", port->site == HUB_NONE ? NULL : hub->sites[port->site].name);
	json_u64(j, "speed_bps", port->speed_bps);
	json_u64(j, "vlan", port->vlan);
	json_ip(j, "ipv4", port->ipv4);
	json_ip(j, "ipv6", port->ipv6);
	json_array(j, "macs");
	for (size_t i = 0; i < port->mac_count; i++)
		json_str(j, NULL, mac_format(mac, port->macs[i]));
	json_array_end(j);
	json_object_end(j);
}

static void
tally_json(struct json *j, const struct exchange *x, const struct tally *t)
{
	json_array(j, "reasons");
	each_reason(t, x, reason_json, j);
	json_array_end(j);
	json_u64(j, "tagged", t->taken_with_reasons);
	json_u64(j, "stale", t->stale);
	json_object(j, "rpki");
	json_u64(j, "valid", t->rpki[RPKI_VALID]);
	json_u64(j, "unknown", t->rpki[RPKI_UNKNOWN]);
	json_u64(j, "invalid", t->rpki[RPKI_INVALID_AS] + t->rpki[RPKI_INVALID_LENGTH]);
	json_u64(j, "not_checked", t->rpki[RPKI_NOT_CHECKED]);
	json_object_end(j);
	json_array(j, "next_hops");
	for (size_t i = 0; i < t->next_hop_count; i++) {
		json_object(j, NULL);
		json_ip(j, "address", t->next_hops[i].ip);
		json_u64(j, "routes", t->next_hops[i].count);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
member_json(struct buf *out, struct exchange *x, uint32_t index, const struct tally *t)
{
	const struct hub *hub = exchange_hub(x);
	const struct hub_member *member = &hub->members[index];
	struct view_condition c = view_condition_of(x, index);
	struct json j = json_to(out);
	json_object(&j, NULL);
	view_member_fields(&j, x, &c);
	json_array(&j, "sessions");
	for (uint32_t i = 0; i < member->session_count; i++) {
		struct view_standing s = view_standing_of(x, member->first_session + i);
		view_session_json(&j, x, &s);
	}
	json_array_end(&j);
	json_array(&j, "contacts");
	for (size_t i = 0; i < member->contact_count; i++) {
		json_object(&j, NULL);
		json_str(&j, "role", member->contacts[i].role);
		json_str(&j, "email", member->contacts[i].email);
		json_str(&j, "phone", member->contacts[i].phone);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_array(&j, "ports");
	for (uint32_t i = 0; i < member->port_count; i++)
		port_json(&j, hub, &hub->ports[member->first_port + i]);
	json_array_end(&j);
	tally_json(&j, x, t);
	json_object_end(&j);
	buf_str(out, "\n");
}

/* --- text --- */

static void
reason_text(void *context, const struct reason *reason)
{
	struct buf *out = context;
	struct buf words = {0};
	char codes[VIEW_CODES_TEXT];
	buf_printf(&words, "%s (%s), IPv%d", policy_reason_text(reason->bit),
		   view_reason_codes(codes, reason->bit), reason->family);
	if (reason->tagged)
		buf_printf(&words, ", %" PRIu32 " of them tagged only", reason->tagged);
	buf_u8(&words, 0);
	buf_printf(out, "  %7" PRIu32 "  ", reason->refused + reason->tagged);
	view_wrapped(out, words.failed ? "" : (const char *)words.data, 11, 11);
	buf_fini(&words);
	if (!reason->mend[0])
		return;
	buf_str(out, "           mend: ");
	view_wrapped(out, reason->mend, 17, 17);
}

static void
contacts_text(struct buf *out, const struct hub_member *member)
{
	for (size_t i = 0; i < member->contact_count; i++) {
		const struct hub_contact *contact = &member->contacts[i];
		buf_printf(out, "%-10s %s%s%s\n", contact->role ? contact->role : "contact",
			   contact->email ? contact->email : "",
			   contact->email && contact->phone ? ", " : "",
			   contact->phone ? contact->phone : "");
	}
}

static void
ports_text(struct buf *out, const struct hub *hub, const struct hub_member *member)
{
	buf_str(out, "\nPorts\n");
	for (uint32_t i = 0; i < member->port_count; i++) {
		const struct hub_port *port = &hub->ports[member->first_port + i];
		char rate[VIEW_RATE_TEXT], four[IP_TEXT], six[IP_TEXT], mac[MAC_TEXT];
		buf_printf(out, "  %-14s %-11s %-12s %s\n", port->id,
			   view_rate(rate, port->speed_bps),
			   port->site == HUB_NONE ? "-" : hub->sites[port->site].name,
			   port->mac_count ? mac_format(mac, port->macs[0]) : "-");
		buf_printf(out, "    %s  %s\n", ip_format(four, port->ipv4),
			   ip_format(six, port->ipv6));
	}
}

static void
tally_text(struct buf *out, const struct exchange *x, const struct tally *t)
{
	struct buf words = {0};
	char text[IP_TEXT];
	uint32_t invalid = t->rpki[RPKI_INVALID_AS] + t->rpki[RPKI_INVALID_LENGTH];
	buf_str(out, "\nRoutes\n");
	if (t->rpki[RPKI_VALID] + t->rpki[RPKI_UNKNOWN] + invalid) {
		buf_printf(&words, "%" PRIu32 " valid, %" PRIu32 " unknown, %" PRIu32 " invalid",
			   t->rpki[RPKI_VALID], t->rpki[RPKI_UNKNOWN], invalid);
		if (t->rpki[RPKI_NOT_CHECKED])
			buf_printf(&words, ", %" PRIu32 " not checked", t->rpki[RPKI_NOT_CHECKED]);
		view_label(out, "RPKI", &words);
	}
	for (size_t i = 0; i < t->next_hop_count; i++)
		buf_printf(&words, "%s%s (%" PRIu32 ")", i ? ", " : "",
			   ip_format(text, t->next_hops[i].ip), t->next_hops[i].count);
	if (t->other_next_hops)
		buf_printf(&words, ", others (%" PRIu32 ")", t->other_next_hops);
	if (words.length)
		view_label(out, "next hops", &words);
	if (t->stale) {
		buf_printf(&words, "%" PRIu32 " are kept though their session was lost", t->stale);
		view_label(out, "stale", &words);
	}
	buf_fini(&words);
	if (!t->next_hop_count)
		buf_str(out, "    none\n");
	each_reason(t, x, reason_text, out);
}

static void
member_text(struct buf *out, struct exchange *x, uint32_t index, const struct tally *t)
{
	const struct hub *hub = exchange_hub(x);
	const struct hub_member *member = &hub->members[index];
	struct view_condition c = view_condition_of(x, index);
	buf_printf(out, "%s, AS%" PRIu32 ", %s%s%s\n", member->name, member->asn.number,
		   hub_member_kind_name(member->kind), member->country.code[0] ? ", " : "",
		   member->country.code);
	if (c.text[0])
		buf_printf(out, "%s\n", c.text);
	contacts_text(out, member);
	buf_str(out, "\nSessions\n");
	for (uint32_t i = 0; i < member->session_count; i++) {
		struct view_standing s = view_standing_of(x, member->first_session + i);
		view_session_text(out, x, &s);
	}
	ports_text(out, hub, member);
	tally_text(out, x, t);
}

static void
write_answer(struct view_count *count, struct exchange *x, struct buf *out)
{
	struct tally *t = (struct tally *)count;
	const struct hub *hub = exchange_hub(x);
	uint32_t index = hub_member_by_asn(hub, count->member);
	if (index == HUB_NONE) /* the picture changed while its routes were counted */
		return;
	const struct hub_member *member = &hub->members[index];
	t->session = member->session_count ? member->first_session : HUB_NONE;
	if (count->form == VIEW_JSON)
		member_json(out, x, index, t);
	else
		member_text(out, x, index, t);
}

void
view_member_csv(struct buf *out, struct exchange *x, uint32_t member)
{
	struct view_condition c = view_condition_of(x, member);
	view_members_csv(out, x, &c, 1);
}

int
view_member(struct view_exchange_rest **rest, const struct exchange *x, enum view_form form,
	    uint32_t member)
{
	struct view_count kind = {.form = form,
				  .add = add_path,
				  .write = write_answer,
				  .of_member = true,
				  .member = exchange_hub(x)->members[member].asn};
	return view_count_new(sizeof(struct tally), &kind, rest) ? 0 : -1;
}
