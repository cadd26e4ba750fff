/* The attributes of a form as members are sent them: what came in, copied, or what the hooks make
 * of it. */
#include "exchange/rib/rib_wire.h"

void
rib_wire_fini(struct rib_wire *wire)
{
	buf_fini(&wire->gathered);
	buf_fini(&wire->scratch);
	buf_fini(&wire->attrs);
}

/* The attributes with OTC in its place among them, which is by type. Nearly every route that a hub with
 * roles passes on needs that, so nothing else of it is taken apart. */
static void
insert_otc(struct bgp_route_attrs *route, struct rib_wire *wire, struct asn otc)
{
	struct cursor rest = cursor_of(route->attrs, route->length);
	const uint8_t *here = rest.at;
	while (cursor_left(&rest)) {
		uint8_t flags = cursor_u8(&rest);
		if (cursor_u8(&rest) > BGP_ATTR_OTC)
			break;
		cursor_skip(&rest,
			    flags & BGP_FLAG_EXTENDED ? cursor_u16(&rest) : cursor_u8(&rest));
		here = rest.at;
	}
	size_t before = (size_t)(here - route->attrs);
	buf_clear(&wire->attrs);
	buf_put(&wire->attrs, route->attrs, before);
	buf_u8(&wire->attrs, BGP_FLAG_OPTIONAL | BGP_FLAG_TRANSITIVE);
	buf_u8(&wire->attrs, BGP_ATTR_OTC);
	buf_u8(&wire->attrs, 4);
	buf_u32(&wire->attrs, otc.number);
	buf_put(&wire->attrs, here, route->length - before);
	wire->failed |= wire->attrs.failed;
	route->attrs = wire->attrs.data;
	route->length = wire->attrs.length;
}

static void
copied(struct bgp_route_attrs *route, const struct rib_attrs *attrs)
{
	struct cursor bytes = cursor_of(attrs->bytes, attrs->length);
	*route = (struct bgp_route_attrs){0};
	if (attrs->flags & RIB_ATTRS_HOP_V6) {
		route->next_hop = ip_v6(cursor_take(&bytes, 16));
		if (attrs->flags & RIB_ATTRS_LINK_LOCAL)
			route->link_local = ip_v6(cursor_take(&bytes, 16));
	}
	route->attrs = bytes.at;
	route->length = cursor_left(&bytes);
}

static void
edited(struct bgp_route_attrs *route, struct rib_wire *wire, const struct rib *rib,
       const struct rib_form *form)
{
	const struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, form->attrs);
	const struct rib_kept_verdict *verdict = rib_verdict_at(rib, attrs->verdict);
	const struct rib_kept_mark *mark = rib_mark_at(rib, form->told);
	/* Who is sent what was refused is told why. */
	bool refused = verdict->refused || mark->refused;
	bool told = form->told && (mark->told || refused);
	struct bgp_attrs view;
	rib_attrs_view_all(&view, &wire->gathered, attrs);
	struct rib_sent sent = {
		.slot = attrs->slot,
		.router_id = rib->sessions[attrs->slot].peer.router_id,
		.family = rib->family,
		.attrs = &view,
		.reasons = verdict->reasons | (told ? mark->reasons : 0),
		.refused = verdict->refused || (told && mark->refused),
		.stale = form->told && mark->late,
		.rpki = told ? mark->rpki : 0,
		.facts = verdict->facts,
		.edit = form->edit,
	};
	struct bgp_attrs out = view;
	struct bgp_communities communities = {view.communities, view.ext_communities,
					      view.large_communities};
	buf_clear(&wire->scratch);
	rib->hooks.edit(rib->hooks.context, &sent, &out, &communities, &wire->scratch);
	buf_clear(&wire->attrs);
	bgp_attrs_encode(&wire->attrs, &out, communities);
	wire->failed |= wire->gathered.failed || wire->scratch.failed || wire->attrs.failed;
	*route = (struct bgp_route_attrs){.attrs = wire->attrs.data, .length = wire->attrs.length};
	if (out.next_hop.family == IP_V6) {
		route->next_hop = out.next_hop;
		route->link_local = out.link_local;
	}
}

void
rib_wire_route(struct bgp_route_attrs *route, struct rib_wire *wire, const struct rib *rib,
	       const struct rib_form *form)
{
	const struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, form->attrs);
	const struct rib_kept_verdict *verdict = rib_verdict_at(rib, attrs->verdict);
	bool plain = !form->edit && !form->told && verdict->plain;
	if (!plain && rib->hooks.edit) {
		edited(route, wire, rib, form);
		return;
	}
	copied(route, attrs);
	if (plain && verdict->adds_otc)
		insert_otc(route, wire, rib->hooks.otc);
}
