/* Sets that define templates, and those that withdraw them. */
#include "meter/netflow_state.h"

static void
count_refusal(struct netflow_reader *r, enum flow_refusal why)
{
	if (why != FLOW_ACCEPTED)
		r->refused[why]++;
}

static void
keep_template(struct netflow_reader *r, struct template_header h, struct cursor *set)
{
	enum flow_refusal why = templates_take(r->state->templates, h, set, r->now_s);
	count_refusal(r, why);
	if (why == FLOW_ACCEPTED && r->state->held_count && netflow_is_held(r->state, h.key))
		r->state->release = true;
}

static void
withdraw(struct netflow_reader *r, uint16_t id, bool options)
{
	if (id == (options ? IPFIX_OPTIONS : IPFIX_TEMPLATES))
		templates_withdraw_all(r->state->templates, r->version, r->domain->id, options);
	else
		templates_withdraw(r->state->templates,
				   template_key(r->version, r->domain->id, id));
}

void
netflow_templates_take(struct netflow_reader *r, struct cursor set)
{
	while (cursor_left(&set) >= 4) { /* less is padding */
		uint16_t id = cursor_u16(&set);
		struct template_header h = {
			.key = template_key(r->version, r->domain->id, id),
			.fields = cursor_u16(&set),
			.enterprise = r->version == 10,
		};
		if (r->version == 10 && !h.fields && id) {
			withdraw(r, id, false);
		} else if (id < FIRST_DATA_SET) {
			if (id || h.fields) /* zeros are padding */
				r->refused[FLOW_BAD_TEMPLATE]++;
			return;
		} else {
			keep_template(r, h, &set);
		}
	}
}

void
netflow_options_templates_take(struct netflow_reader *r, struct cursor set)
{
	size_t header = 6;
	while (cursor_left(&set) >= header || (r->version == 10 && cursor_left(&set) >= 4)) {
		uint16_t id = cursor_u16(&set);
		uint16_t first = cursor_u16(&set); /* v9: octets of scopes; IPFIX: all fields */
		struct template_header h = {
			.key = template_key(r->version, r->domain->id, id),
			.options = true,
			.enterprise = r->version == 10,
			.scope_types = r->version == 9,
		};
		if (r->version == 10 && !first && id) {
			withdraw(r, id, true);
			continue;
		}
		uint16_t second = cursor_u16(&set); /* v9: octets of options; IPFIX: scopes */
		if (id < FIRST_DATA_SET) {
			if (id || first || second)
				r->refused[FLOW_BAD_TEMPLATE]++;
			return;
		}
		bool sound = r->version == 9 ? first % 4 == 0 && second % 4 == 0 : second > 0;
		if (!sound) {
			r->refused[FLOW_BAD_TEMPLATE]++;
			return;
		}
		h.scopes = r->version == 9 ? first / 4u : second;
		h.fields = r->version == 9 ? h.scopes + second / 4u : first;
		keep_template(r, h, &set);
	}
}
