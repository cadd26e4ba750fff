/* What steering has laid where: the ports of upstreams, and those of whom something finds no room. */
#include "view/view_corridor_steer.h"
#include "view/view_text.h"

enum { HUNDRED = 100 };

void
view_steer_room_json(struct json *j, const struct view_corridor_steering *view)
{
	const struct corridor_steer_setting *s =
		view->steer ? corridor_steer_setting_of(view->steer) : NULL;
	json_array(j, "upstreams");
	for (uint32_t e = 0; s && e < s->exit_count; e++) {
		if (!s->exits[e].everywhere)
			continue;
		json_object(j, NULL);
		json_str(j, "exit", s->exits[e].session);
		json_u64(j, "capacity_bps", s->exits[e].capacity_bps);
		json_u64(j, "filled_percent", corridor_steer_exit_filled_percent(view->steer, e));
		json_object_end(j);
	}
	json_array_end(j);
	json_array(j, "without_room");
	for (size_t i = 0; s && i < s->ingress_count; i++) {
		uint64_t bps = corridor_steer_short_bps(view->steer, i);
		if (!bps)
			continue;
		json_object(j, NULL);
		json_str(j, "site", view->hub->sites[s->ingresses[i].site].id);
		json_u64(j, "member_asn", s->ingresses[i].member.number);
		json_u64(j, "bps", s->ingresses[i].bps);
		json_u64(j, "without_room_bps", bps);
		json_object_end(j);
	}
	json_array_end(j);
}

void
view_steer_room_text(struct buf *out, const struct view_corridor_steering *view)
{
	char rate[VIEW_RATE_TEXT], all[VIEW_RATE_TEXT];
	const struct corridor_steer_setting *s =
		view->steer ? corridor_steer_setting_of(view->steer) : NULL;
	for (uint32_t e = 0; s && e < s->exit_count; e++) {
		uint32_t percent = corridor_steer_exit_filled_percent(view->steer, e);
		if (percent > HUNDRED)
			buf_printf(out, "over        %s: %u %% of what its port may carry\n",
				   s->exits[e].session, percent);
	}
	for (size_t i = 0; s && i < s->ingress_count; i++) {
		uint64_t bps = corridor_steer_short_bps(view->steer, i);
		if (bps)
			buf_printf(out, "no room     %s of %s of AS%u at %s\n",
				   view_rate(rate, bps), view_rate(all, s->ingresses[i].bps),
				   s->ingresses[i].member.number,
				   view->hub->sites[s->ingresses[i].site].id);
	}
}
