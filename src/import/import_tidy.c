/* What a hub file would refuse is left out before it is written, with a note at its place in the
 * source: a record with 800 members is not to be refused for one address that stands there twice. */
#include <inttypes.h>
#include <stdlib.h>

#include "import/import_state.h"

/* An address or MAC address, whose it is and in what order they came. */
struct claim {
	struct ip ip;
	uint64_t mac;
	struct import_member *member;
	struct import_port *port;
	size_t order;
	struct ip *at;                /* cleared when it is not the first */
	struct import_mac *mac_entry; /* the same */
	struct hub_mark mark;
};

static int
compare_claims(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	int by_ip = ip_compare(x->ip, y->ip);
	if (by_ip)
		return by_ip;
	if (x->mac != y->mac)
		return x->mac < y->mac ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static size_t
count_claims(const struct import *im, bool macs)
{
	size_t count = 0;
	for (const struct import_member *m = im->hub.members; m; m = m->next) {
		for (const struct import_port *p = m->ports; p; p = p->next) {
			count += 2;
			for (const struct import_mac *mac = p->macs; mac && macs; mac = mac->next)
				count++;
		}
	}
	return count;
}

static void
claim_address(struct claim *claims, size_t *count, const struct claim *claim)
{
	if (claim->at->family == IP_NONE)
		return;
	claims[*count] = *claim;
	claims[*count].ip = *claim->at;
	claims[*count].order = *count;
	++*count;
}

/* An address is one port's only; the first in the source keeps it. */
static void
tidy_addresses(struct import *im)
{
	char text[IP_TEXT];
	size_t count = 0;
	struct claim *claims =
		import_take(im, (count_claims(im, false) + 1) * sizeof(struct claim));
	for (struct import_member *m = im->hub.members; m; m = m->next) {
		for (struct import_port *p = m->ports; p; p = p->next) {
			struct claim claim = {.member = m, .port = p, .mark = p->at};
			claim.at = &p->ipv4;
			claim_address(claims, &count, &claim);
			claim.at = &p->ipv6;
			claim_address(claims, &count, &claim);
		}
	}
	qsort(claims, count, sizeof(*claims), compare_claims);
	for (size_t i = 1, first = 0; i < count; i++) {
		if (!ip_equal(claims[i].ip, claims[first].ip)) {
			first = i;
			continue;
		}
		import_note(im, IMPORT_LEFT_OUT, claims[i].mark,
			    "%s, which AS%" PRIu32 " has at line %u", ip_format(text, claims[i].ip),
			    claims[first].member->asn.number, claims[first].mark.line);
		*claims[i].at = (struct ip){0};
	}
}

static void
drop_mac(struct import_port *port, const struct import_mac *mac)
{
	struct import_mac **at = &port->macs;
	while (*at != mac)
		at = &(*at)->next;
	*at = mac->next;
	port->last_mac = NULL; /* nothing is added any more */
}

/* A MAC address is one port's only: traffic could not be told apart. The same one twice on a port
 * (sources say it with each address) is no news. */
static void
tidy_macs(struct import *im)
{
	char text[MAC_TEXT];
	size_t count = 0;
	struct claim *claims = import_take(im, (count_claims(im, true) + 1) * sizeof(struct claim));
	for (struct import_member *m = im->hub.members; m; m = m->next) {
		for (struct import_port *p = m->ports; p; p = p->next) {
			for (struct import_mac *mac = p->macs; mac; mac = mac->next, count++)
				claims[count] = (struct claim){.mac = mac_number(mac->mac),
							       .member = m,
							       .port = p,
							       .order = count,
							       .mac_entry = mac,
							       .mark = mac->at};
		}
	}
	qsort(claims, count, sizeof(*claims), compare_claims);
	for (size_t i = 1, first = 0; i < count; i++) {
		if (claims[i].mac != claims[first].mac) {
			first = i;
			continue;
		}
		if (claims[i].port != claims[first].port)
			import_note(im, IMPORT_LEFT_OUT, claims[i].mark,
				    "%s, which a port of AS%" PRIu32 " has at line %u",
				    mac_format(text, claims[i].mac_entry->mac),
				    claims[first].member->asn.number, claims[first].mark.line);
		drop_mac(claims[i].port, claims[i].mac_entry);
	}
}

static void
drop_sessions(struct import_member *m)
{
	struct import_session **at = &m->sessions;
	while (*at) {
		const struct import_session *s = *at;
		struct ip own = s->address.family == IP_V4 ? s->port->ipv4 : s->port->ipv6;
		if (ip_equal(own, s->address))
			at = &(*at)->next;
		else
			*at = s->next;
	}
}

/* The numbers that may not be a member's (RFC 7607, RFC 6793, RFC 7300), and the hub's own. */
static const char *
unfit(const struct import *im, struct asn asn)
{
	if (asn.number == im->hub.asn.number)
		return "the route server itself";
	if (asn.number == 0 || asn.number == ASN_TRANS || asn.number == 65535 ||
	    asn.number == UINT32_MAX)
		return "a reserved number that names no network";
	return NULL;
}

static void
tidy_members(struct import *im)
{
	struct import_member **at = &im->hub.members;
	while (*at) {
		const struct import_member *m = *at;
		const char *why = unfit(im, m->asn);
		if (!why) {
			at = &(*at)->next;
			continue;
		}
		import_note(im, IMPORT_LEFT_OUT, m->at, "AS%" PRIu32 ": %s", m->asn.number, why);
		*at = m->next;
		im->hub.member_count--;
	}
}

bool
import_tidy(struct import *im)
{
	struct hub_mark file = {im->request->paths[0], 0, 0};
	if (im->request->asn.number)
		im->hub.asn = im->request->asn;
	if (im->request->router_id.family)
		im->hub.router_id = im->request->router_id;
	if (im->request->name)
		im->hub.name = import_clean(im, im->request->name, 200);
	if (!im->hub.asn.number)
		hub_complain(im->report, file,
			     "it does not say the route server's AS number: give it with --asn N");
	if (im->hub.router_id.family != IP_V4 || ip_equal(im->hub.router_id, ip_v4(0)))
		hub_complain(im->report, file,
			     "it does not say the route server's BGP identifier: give it with "
			     "--router-id ADDRESS");
	if (im->report->count)
		return false;
	tidy_members(im);
	tidy_addresses(im);
	tidy_macs(im);
	return true;
}

void
import_tidy_sessions(struct import *im)
{
	for (struct import_member *m = im->hub.members; m; m = m->next)
		drop_sessions(m);
}
