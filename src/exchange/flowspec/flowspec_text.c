/* Rules for people and for programs. */
#include <stdio.h>

#include "exchange/flowspec/flowspec_component.h"

static const struct {
	const char *text, *json;
} names[FLOWSPEC_TYPES] = {
	[FLOWSPEC_DESTINATION] = {"dst", "destination"},
	[FLOWSPEC_SOURCE] = {"src", "source"},
	[FLOWSPEC_PROTOCOL] = {"proto", "protocol"},
	[FLOWSPEC_PORT] = {"port", "port"},
	[FLOWSPEC_DESTINATION_PORT] = {"dport", "destination_port"},
	[FLOWSPEC_SOURCE_PORT] = {"sport", "source_port"},
	[FLOWSPEC_ICMP_TYPE] = {"icmp type", "icmp_type"},
	[FLOWSPEC_ICMP_CODE] = {"icmp code", "icmp_code"},
	[FLOWSPEC_TCP_FLAGS] = {"tcp flags", "tcp_flags"},
	[FLOWSPEC_PACKET_LENGTH] = {"length", "packet_length"},
	[FLOWSPEC_DSCP] = {"dscp", "dscp"},
	[FLOWSPEC_FRAGMENT] = {"fragment", "fragment"},
	[FLOWSPEC_FLOW_LABEL] = {"label", "flow_label"},
};

/* By the three bits of a number's operator (RFC 8955 section 4.2.1.1). */
static const char *const number_operators[] = {"false", "=", ">", ">=", "<", "<=", "!=", "true"};

/* RFC 8955 section 4.2.2.12. */
static const char *
fragment_name(uint32_t value)
{
	switch (value) {
	case 1:
		return "dont_fragment";
	case 2:
		return "is_fragment";
	case 4:
		return "first_fragment";
	case 8:
		return "last_fragment";
	default:
		return NULL;
	}
}

/* "true" and "false" look at no value. */
static bool
has_value(uint8_t op)
{
	return op != 0 && op != 7;
}

static void
number_text(struct buf *to, const struct flowspec_term *term)
{
	buf_str(to, number_operators[term->op]);
	if (has_value(term->op))
		buf_printf(to, " %u", term->value);
}

/* value/mask: these bits of the packet have that value. */
static void
mask_text(struct buf *to, uint8_t type, const struct flowspec_term *term)
{
	const char *name = type == FLOWSPEC_FRAGMENT ? fragment_name(term->value) : NULL;
	bool not = term->op & FLOWSPEC_NOT, match = term->op & FLOWSPEC_MATCH;
	if (name) /* of one bit, all of it and any of it are the same */
		buf_printf(to, "%s%s", not ? "!" : "", name);
	else if (match)
		buf_printf(to, "%s0x%x/0x%x", not ? "!" : "", term->value, term->value);
	else
		buf_printf(to, "%s0x0/0x%x", not ? "" : "!", term->value);
}

static void
prefix_text(struct buf *to, const struct flowspec_component *component)
{
	char text[PREFIX_TEXT];
	buf_str(to, prefix_format(text, component->prefix));
	if (component->offset)
		buf_printf(to, " offset %u", component->offset);
}

static void
terms_text(struct buf *to, const struct flowspec_component *component)
{
	struct cursor terms = component->terms;
	struct flowspec_term term;
	for (bool first = true; flowspec_term_next(&term, &terms); first = false) {
		if (!first)
			buf_str(to, term.joined ? " && " : " || ");
		if (component->is_mask)
			mask_text(to, component->type, &term);
		else
			number_text(to, &term);
	}
}

void
flowspec_rule_text(struct buf *to, const struct flowspec_rule *rule)
{
	struct cursor octets = cursor_of(rule->octets, rule->length);
	struct flowspec_component component;
	bool first = true;
	while (flowspec_component_next(&component, rule->family, &octets)) {
		const char *name = names[component.type].text;
		if (component.type == FLOWSPEC_PROTOCOL && rule->family == IP_V6)
			name = "next header";
		buf_printf(to, "%s%s ", first ? "" : "; ", name);
		first = false;
		if (component.is_prefix)
			prefix_text(to, &component);
		else
			terms_text(to, &component);
	}
}

static void
term_json(struct json *j, const struct flowspec_component *component,
	  const struct flowspec_term *term)
{
	json_object(j, NULL);
	if (component->is_mask) {
		json_u64(j, "mask", term->value);
		json_bool(j, "all", term->op & FLOWSPEC_MATCH);
		json_bool(j, "not", term->op & FLOWSPEC_NOT);
	} else {
		json_str(j, "op", number_operators[term->op]);
		if (has_value(term->op))
			json_u64(j, "value", term->value);
	}
	json_object_end(j);
}

static void
terms_json(struct json *j, const struct flowspec_component *component)
{
	struct cursor terms = component->terms;
	struct flowspec_term term;
	json_array(j, names[component->type].json);
	for (bool first = true; flowspec_term_next(&term, &terms); first = false) {
		if (!first && !term.joined)
			json_array_end(j);
		if (first || !term.joined)
			json_array(j, NULL);
		term_json(j, component, &term);
	}
	json_array_end(j);
	json_array_end(j);
}

void
flowspec_rule_json(struct json *j, const char *key, const struct flowspec_rule *rule)
{
	struct cursor octets = cursor_of(rule->octets, rule->length);
	struct flowspec_component component;
	json_object(j, key);
	while (flowspec_component_next(&component, rule->family, &octets)) {
		if (!component.is_prefix) {
			terms_json(j, &component);
			continue;
		}
		json_prefix(j, names[component.type].json, component.prefix);
		if (component.offset)
			json_u64(j,
				 component.type == FLOWSPEC_SOURCE ? "source_offset"
								   : "destination_offset",
				 component.offset);
	}
	json_object_end(j);
}
