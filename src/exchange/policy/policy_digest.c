/* What the meaning of edits depends on, in one number. */
#include "base/buf.h"
#include "base/hash.h"
#include "exchange/policy/policy.h"
#include "hub/hub_profile.h"

static void
put_text(struct buf *to, const char *text)
{
	buf_str(to, text ? text : "");
	buf_u8(to, 0);
}

static void
put_ip(struct buf *to, struct ip ip)
{
	buf_u8(to, (uint8_t)ip.family);
	if (ip.family != IP_NONE)
		buf_put(to, ip.octets, sizeof(ip.octets));
}

static void
put_community(struct buf *to, const struct hub_community *c)
{
	const uint32_t words[] = {
		(uint32_t)c->action, c->number, (uint32_t)c->form, (uint32_t)c->extended,
		(uint32_t)c->codes,  c->ms,     c->value,          (uint32_t)c->heard_by};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		buf_u32(to, words[i]);
	for (size_t i = 0; i < 3; i++) {
		buf_u32(to, (uint32_t)c->fields[i].kind);
		buf_u32(to, c->fields[i].number);
	}
}

static uint64_t
finish(struct buf *all)
{
	uint64_t digest = all->failed ? 0 : hash_bytes(all->data, all->length);
	buf_fini(all);
	return digest;
}

uint64_t
policy_edit_digest(const struct hub *hub)
{
	struct buf all = {0};
	size_t count;
	const struct hub_community *communities = hub_communities_in_force(hub, &count);
	buf_u32(&all, hub->asn.number);
	put_ip(&all, hub->blackhole.ipv4);
	put_ip(&all, hub->blackhole.ipv6);
	buf_u8(&all, hub->blackhole.no_export);
	buf_u8(&all, hub->graceful_shutdown);
	buf_u8(&all, (uint8_t)hub->policy.role);
	buf_u8(&all, hub->communities.tell_members);
	buf_u8(&all, hub->communities.pass_unknown_hub);
	buf_u8(&all, hub->communities.pass_graceful_shutdown);
	for (size_t i = 0; i < count; i++)
		put_community(&all, &communities[i]);
	/* What is put on the routes of one is taken off those of the others. */
	for (size_t i = 0; i < hub->member_count; i++)
		for (size_t j = 0; j < hub->members[i].policy.attach_count; j++)
			put_community(&all, &hub->members[i].policy.attach[j]);
	return finish(&all);
}

uint64_t
policy_edit_digest_of(const struct hub *hub, const struct hub_session *session)
{
	struct buf all = {0};
	uint32_t site = session->port < hub->port_count ? hub->ports[session->port].site : HUB_NONE;
	const struct hub_policy *policy = &hub->members[session->member].policy;
	buf_u32(&all, hub->members[session->member].asn.number);
	for (size_t i = 0; i < policy->attach_count; i++)
		put_community(&all, &policy->attach[i]);
	if (site < hub->site_count) {
		buf_u16(&all, hub->sites[site].number);
		buf_u16(&all, hub->sites[site].metro);
		put_text(&all, hub->sites[site].country.code);
	}
	return finish(&all);
}
