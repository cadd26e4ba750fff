/* `show sr policies`: what the hub hands to routers by BGP (RFC 9830), as text, JSON and CSV. */
#include <stdio.h>
#include <stdlib.h>

#include "exchange/bgp/bgp_tunnel.h"
#include "view/view_exchange_parts.h"
#include "view/view_text.h"

static const char *
source_text(enum srpolicy_source source)
{
	switch (source) {
	case SRPOLICY_HUB_FILE:
		return "hub file";
	case SRPOLICY_OPERATOR:
		return "operator";
	default:
		return "steering";
	}
}

/* The session with the neighbour, and whether policies of that family can go there. */
struct place {
	const char *session; /* "-" when it is no longer in the picture */
	bool up, takes;
};

static struct place
place_of(const struct exchange *x, const struct srpolicy_view *view)
{
	const struct hub *hub = exchange_hub(x);
	uint32_t index = hub_session_by_address(hub, view->to);
	struct place place = {.session = "-"};
	if (index == HUB_NONE)
		return place;
	place.session = hub->sessions[index].id;
	for (unsigned slot = 0; slot < exchange_slots(x); slot++) {
		if (exchange_session_at(x, slot) != index || !view_slot_is_up(x, slot))
			continue;
		const struct session_agreed *agreed = session_agreed(exchange_session(x, slot));
		place.up = true;
		place.takes =
			view->key.endpoint.family == IP_V4 ? agreed->sr_ipv4 : agreed->sr_ipv6;
	}
	return place;
}

static const char *
state_text(const struct srpolicy_view *view, const struct place *place)
{
	return view->told     ? "told"
	       : !place->up   ? "session is down"
	       : place->takes ? "being told"
			      : "neighbour takes no SR policies";
}

static void
binding_text(struct buf *to, const struct sr_policy *p)
{
	char text[IP_TEXT];
	if (p->has_binding_label)
		buf_printf(to, "%u", (unsigned)sr_label(p->binding_entry));
	for (unsigned i = 0; i < p->srv6_count; i++)
		buf_printf(to, "%s%s", to->length ? ", " : "", ip_format(text, p->srv6[i].sid));
}

static void
as_text(struct buf *out, const struct exchange *x, const struct srpolicy_view *view,
	const struct sr_policy *p)
{
	struct place place = place_of(x, view);
	struct buf text = {0};
	char ip[IP_TEXT];
	buf_printf(out, "color %u to %s, session %s: %s\n", (unsigned)view->key.color,
		   ip_format(ip, view->key.endpoint), place.session, state_text(view, &place));
	buf_printf(&text, "%u, preference %u, priority %u, from %s",
		   (unsigned)view->key.distinguisher, (unsigned)p->preference, p->priority,
		   source_text(view->source));
	view_label(out, "path", &text);
	if (view->headend.family != IP_NONE) {
		buf_str(&text, ip_format(ip, view->headend));
		view_label(out, "headend", &text);
	}
	buf_str(&text, p->name);
	view_label(out, "name", &text);
	binding_text(&text, p);
	view_label(out, "binding", &text);
	for (unsigned i = 0; i < p->list_count; i++) {
		sr_list_text(&text, p, &p->lists[i]);
		if (p->list_count > 1)
			buf_printf(&text, " (weight %u)", (unsigned)p->lists[i].weight);
		view_label(out, i ? "" : "segments", &text);
	}
	buf_fini(&text);
}

static void
lists_json(struct json *j, const struct sr_policy *p)
{
	char text[SR_TEXT_MAX];
	json_array(j, "lists");
	for (unsigned i = 0; i < p->list_count; i++) {
		json_object(j, NULL);
		json_u64(j, "weight", p->lists[i].weight);
		json_array(j, "segments");
		for (unsigned s = 0; s < p->lists[i].count; s++)
			json_str(j, NULL,
				 sr_segment_text(text, &p->segments[p->lists[i].first + s]));
		json_array_end(j);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
as_json(struct json *j, const struct exchange *x, const struct srpolicy_view *view,
	const struct sr_policy *p)
{
	struct place place = place_of(x, view);
	struct buf text = {0};
	json_object(j, NULL);
	json_u64(j, "color", view->key.color);
	json_ip(j, "endpoint", view->key.endpoint);
	json_u64(j, "distinguisher", view->key.distinguisher);
	json_str(j, "session", place.session);
	json_ip(j, "neighbour", view->to);
	json_ip(j, "headend", view->headend);
	json_str(j, "source", source_text(view->source));
	json_str(j, "state", state_text(view, &place));
	json_bool(j, "told", view->told);
	json_u64(j, "preference", p->preference);
	json_u64(j, "priority", p->priority);
	json_str(j, "name", p->name[0] ? p->name : NULL);
	json_str(j, "path_name", p->path_name[0] ? p->path_name : NULL);
	binding_text(&text, p);
	buf_u8(&text, 0);
	json_str(j, "binding", text.failed || !text.data[0] ? NULL : (const char *)text.data);
	lists_json(j, p);
	json_object_end(j);
	buf_fini(&text);
}

static void
as_csv(struct buf *out, const struct exchange *x, const struct srpolicy_view *view,
       const struct sr_policy *p)
{
	struct place place = place_of(x, view);
	struct buf text = {0};
	char ip[IP_TEXT];
	for (unsigned i = 0; i < p->list_count; i++) {
		buf_clear(&text);
		sr_list_text(&text, p, &p->lists[i]);
		buf_u8(&text, 0);
		view_csv_field(out, place.session);
		buf_printf(out, ",%u,%s,%u,%u,%s,%s,%u,", (unsigned)view->key.color,
			   ip_format(ip, view->key.endpoint), (unsigned)view->key.distinguisher,
			   (unsigned)p->preference, source_text(view->source),
			   view->told ? "yes" : "no", (unsigned)p->lists[i].weight);
		view_csv_field(out, text.failed ? "" : (const char *)text.data);
		buf_str(out, "\r\n");
	}
	buf_fini(&text);
}

int
view_sr_policies(struct buf *out, const struct exchange *x, enum view_form form)
{
	struct sr_policy *p = malloc(sizeof(*p));
	struct json j = json_to(out);
	struct srpolicy_view view;
	size_t at = 0;
	if (!p)
		return -1;
	if (form == VIEW_JSON) {
		json_object(&j, NULL);
		json_array(&j, "policies");
	} else if (form == VIEW_CSV) {
		buf_str(out, "session,color,endpoint,distinguisher,preference,source,told,weight,"
			     "segments\r\n");
	} else if (!srpolicy_count(exchange_sr(x))) {
		buf_str(out, "no SR policies\n");
	}
	while (srpolicy_next(exchange_sr(x), &at, &view)) {
		p->key = view.key;
		if (bgp_tunnel_read(p, view.tunnel) != BGP_TUNNEL_SOUND)
			continue; /* we wrote it ourselves */
		if (form == VIEW_JSON)
			as_json(&j, x, &view, p);
		else if (form == VIEW_CSV)
			as_csv(out, x, &view, p);
		else
			as_text(out, x, &view, p);
	}
	if (form == VIEW_JSON) {
		json_array_end(&j);
		json_object_end(&j);
		buf_str(out, "\n");
	}
	free(p);
	return 0;
}
