/* SR policies of the hub file as values. */
#include "hub/hub_sr.h"

#include <assert.h>
#include <stdio.h>

static void
copy_name(char out[SR_NAME_MAX + 1], const char *name)
{
	if (name)
		(void)snprintf(out, SR_NAME_MAX + 1, "%s", name);
}

void
hub_sr_policy_make(struct sr_policy *out, const struct hub_sr_policy *is)
{
	struct sr_segment segment;
	sr_policy_init(out, (struct sr_key){is->distinguisher, is->color, is->endpoint});
	out->preference = is->preference;
	out->priority = is->priority;
	out->enlp = (uint8_t)is->enlp;
	if (is->binding_label) {
		out->has_binding = out->has_binding_label = true;
		out->binding_entry = sr_entry(is->binding_label);
	}
	if (is->binding_sid.family == IP_V6)
		out->srv6[out->srv6_count++].sid = is->binding_sid;
	copy_name(out->name, is->name);
	copy_name(out->path_name, is->path_name);
	for (size_t i = 0; i < is->list_count; i++) {
		bool room = sr_policy_add_list(out, is->lists[i].weight);
		for (size_t s = 0; s < is->lists[i].segment_count; s++)
			room &= sr_segment_parse(&segment, is->lists[i].segments[s]) == 0 &&
				sr_policy_add(out, &segment);
		assert(room); /* hub_check_sr_policy has seen to it */
	}
}
