/* Routers that speak PCEP and their paths, as text, JSON and CSV. */
#include "view/view_pcep.h"

#include <string.h>

#include "base/json.h"
#include "view/view_text.h"

const char *
view_pcep_result(enum pcep_result result)
{
	switch (result) {
	case PCEP_DONE:
	case PCEP_AS_IT_WAS:
		return NULL;
	case PCEP_NO_ROUTER:
		return "there is no such router that speaks PCEP";
	case PCEP_NO_LSP:
		return "the router has no such path";
	case PCEP_NOT_UP:
		return "the session with the router is not up";
	case PCEP_NOT_DELEGATED:
		return "the router has not delegated this path";
	case PCEP_CANNOT:
		return "the router does not take this";
	case PCEP_NO_WAY:
		return "the corridor has no way for it";
	case PCEP_TAKEN:
		return "the router has a path of that name";
	case PCEP_NO_MEMORY:
		return "out of memory";
	}
	return "not done";
}

static const char *
state_text(const struct pcep_peer_view *peer)
{
	if (peer->address.family == IP_NONE)
		return "speaks no PCEP";
	if (!peer->connected)
		return peer->stale ? "gone, its paths are kept" : "not connected";
	switch (peer->state) {
	case PCEP_STATE_OPEN_WAIT:
		return "connected";
	case PCEP_STATE_KEEP_WAIT:
		return "opening";
	case PCEP_STATE_UP:
		return peer->overloaded ? "up, asks too much"
		       : peer->synced   ? "up"
					: "up, telling its paths";
	case PCEP_STATE_ENDED:
		break;
	}
	return "ending";
}

static const char *
oper_text(const struct pcep_lsp_view *lsp)
{
	static const char *const texts[] = {"down", "up", "active", "going down", "going up"};
	if (!lsp->there)
		return "not there";
	if (lsp->stale)
		return "not heard of";
	return lsp->oper < sizeof(texts) / sizeof(texts[0]) ? texts[lsp->oper] : "unknown";
}

static const char *
source_text(enum pcep_source source)
{
	static const char *const texts[] = {NULL, "plan", "operator", "steering"};
	return texts[source];
}

static void
route_field(struct buf *out, const char *label, const struct pcep_route *route)
{
	struct buf text = {0};
	pcep_route_text(&text, route);
	buf_u8(&text, 0);
	view_field(out, label, text.failed ? "" : (const char *)text.data);
	buf_fini(&text);
}

static void
lsp_text(struct buf *out, const struct pcep_lsp_view *lsp)
{
	char from[IP_TEXT], to[IP_TEXT];
	struct buf text = {0};
	buf_printf(out, "%s at %s: %s%s%s\n", lsp->name, lsp->router, oper_text(lsp),
		   lsp->delegated ? ", delegated" : "", lsp->ours ? ", made by us" : "");
	buf_printf(&text, "%s to %s", ip_format(from, lsp->from), ip_format(to, lsp->to));
	if (lsp->policy->there)
		buf_printf(&text, ", color %u, preference %u", (unsigned)lsp->policy->color,
			   (unsigned)lsp->policy->preference);
	buf_u8(&text, 0);
	view_field(out, "    tunnel", text.failed ? "" : (const char *)text.data);
	if (lsp->there)
		route_field(out, "    path", lsp->route);
	if (lsp->wish) {
		buf_clear(&text);
		buf_printf(&text, "of %s%s", source_text(lsp->source),
			   lsp->ordered ? ", told and not answered yet" : "");
		if (lsp->fault.type)
			buf_printf(&text, ", refused: error %u, %u", lsp->fault.type,
				   lsp->fault.value);
		buf_u8(&text, 0);
		view_field(out, "    wish", text.failed ? "" : (const char *)text.data);
		if (!pcep_route_equal(lsp->wish, lsp->route))
			route_field(out, "", lsp->wish);
	}
	buf_fini(&text);
}

static void
as_text(struct buf *out, struct pcep_pce *pce, struct mono_us now)
{
	struct pcep_peer_view peer;
	struct pcep_lsp_view lsp;
	char text[IP_TEXT];
	if (!pcep_pce_peers(pce))
		buf_str(out, "no routers\n");
	for (unsigned i = 0; pcep_pce_peer(pce, i, &peer); i++) {
		view_cell(out, peer.name, 20);
		buf_u8(out, ' ');
		view_cell(out, ip_format(text, peer.address), 16);
		buf_printf(out, " %s", state_text(&peer));
		if (peer.address.family != IP_NONE && peer.since.us)
			buf_printf(out, " for %lld s",
				   (long long)((now.us - peer.since.us) / 1000000));
		if (peer.lsps)
			buf_printf(out, ", %u path%s", (unsigned)peer.lsps,
				   peer.lsps == 1 ? "" : "s");
		buf_str(out, "\n");
		if (!peer.connected && peer.why[0])
			view_field(out, "    ended", peer.why);
	}
	for (uint64_t at = 0; pcep_pce_lsp(pce, &at, &lsp);)
		lsp_text(out, &lsp);
}

/* --- JSON --- */

static void
open_json(struct json *j, const char *key, const struct pcep_open *open)
{
	if (!open)
		return;
	json_object(j, key);
	json_u64(j, "keepalive_s", open->keepalive_s);
	json_u64(j, "dead_s", open->dead_s);
	json_bool(j, "stateful", open->stateful);
	json_bool(j, "update", open->update);
	json_bool(j, "initiate", open->initiate);
	json_bool(j, "sr", open->sr);
	json_bool(j, "srv6", open->srv6);
	json_u64(j, "sid_depth", open->sid_depth);
	json_object_end(j);
}

static void
peer_json(struct json *j, const struct pcep_peer_view *peer)
{
	json_object(j, NULL);
	json_str(j, "router", peer->name);
	json_ip(j, "address", peer->address);
	json_str(j, "state", state_text(peer));
	json_bool(j, "up", peer->connected && peer->state == PCEP_STATE_UP);
	json_bool(j, "synced", peer->synced);
	json_u64(j, "paths", peer->lsps);
	json_str(j, "ended", peer->why[0] ? peer->why : NULL);
	open_json(j, "ours", peer->ours);
	open_json(j, "theirs", peer->theirs);
	if (peer->counters) {
		json_object(j, "counters");
		json_u64(j, "messages_in", peer->counters->messages_in);
		json_u64(j, "messages_out", peer->counters->messages_out);
		json_u64(j, "requests", peer->counters->requests);
		json_u64(j, "reports", peer->counters->reports);
		json_u64(j, "errors_in", peer->counters->errors_in);
		json_u64(j, "errors_out", peer->counters->errors_out);
		json_u64(j, "notifications", peer->counters->notifications);
		json_u64(j, "unknown", peer->counters->unknown);
		json_object_end(j);
	}
	json_object_end(j);
}

static void
route_json(struct json *j, const char *key, const struct pcep_route *route)
{
	struct buf text = {0};
	json_array(j, key);
	for (unsigned i = 0; i < route->count; i++) {
		static struct pcep_route one;
		one.count = 1;
		one.hops[0] = route->hops[i];
		buf_clear(&text);
		pcep_route_text(&text, &one);
		buf_u8(&text, 0);
		json_str(j, NULL, text.failed ? NULL : (const char *)text.data);
	}
	json_array_end(j);
	buf_fini(&text);
}

static void
lsp_json(struct json *j, const struct pcep_lsp_view *lsp)
{
	json_object(j, NULL);
	json_str(j, "router", lsp->router);
	json_str(j, "name", lsp->name);
	json_u64(j, "plsp_id", lsp->plsp_id);
	json_str(j, "state", oper_text(lsp));
	json_ip(j, "from", lsp->from);
	json_ip(j, "to", lsp->to);
	json_bool(j, "delegated", lsp->delegated);
	json_bool(j, "made_by_us", lsp->ours);
	json_bool(j, "stale", lsp->stale);
	if (lsp->policy->there) {
		json_u64(j, "color", lsp->policy->color);
		json_u64(j, "preference", lsp->policy->preference);
	}
	route_json(j, "path", lsp->route);
	json_str(j, "wish_of", source_text(lsp->source));
	if (lsp->wish)
		route_json(j, "wish", lsp->wish);
	json_bool(j, "ordered", lsp->ordered);
	if (lsp->fault.type) {
		json_object(j, "refused");
		json_u64(j, "type", lsp->fault.type);
		json_u64(j, "value", lsp->fault.value);
		json_object_end(j);
	}
	json_object_end(j);
}

static void
as_json(struct buf *out, struct pcep_pce *pce)
{
	struct pcep_peer_view peer;
	struct pcep_lsp_view lsp;
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_array(&j, "routers");
	for (unsigned i = 0; pcep_pce_peer(pce, i, &peer); i++)
		peer_json(&j, &peer);
	json_array_end(&j);
	json_array(&j, "paths");
	for (uint64_t at = 0; pcep_pce_lsp(pce, &at, &lsp);)
		lsp_json(&j, &lsp);
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

static void
as_csv(struct buf *out, struct pcep_pce *pce)
{
	struct pcep_lsp_view lsp;
	struct buf text = {0};
	char from[IP_TEXT], to[IP_TEXT];
	buf_str(out, "router,path,state,from,to,delegated,wish_of,hops\r\n");
	for (uint64_t at = 0; pcep_pce_lsp(pce, &at, &lsp);) {
		const char *source = source_text(lsp.source);
		buf_clear(&text);
		pcep_route_text(&text, lsp.route);
		buf_u8(&text, 0);
		view_csv_field(out, lsp.router);
		buf_u8(out, ',');
		view_csv_field(out, lsp.name);
		buf_printf(out, ",%s,%s,%s,%s,%s,", oper_text(&lsp), ip_format(from, lsp.from),
			   ip_format(to, lsp.to), lsp.delegated ? "yes" : "no",
			   source ? source : "");
		view_csv_field(out, text.failed ? "" : (const char *)text.data);
		buf_str(out, "\r\n");
	}
	buf_fini(&text);
}

void
view_pcep(struct buf *out, struct pcep_pce *pce, enum view_form form, struct mono_us now)
{
	if (form == VIEW_JSON)
		as_json(out, pce);
	else if (form == VIEW_CSV)
		as_csv(out, pce);
	else
		as_text(out, pce, now);
}
