/* Rules about traffic: the first octet says the family, the rest is a list of them as in an UPDATE, and extended
 * communities after it. A rule that is kept is never longer than it came, is read again as itself, and is equal to
 * nothing but itself. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/bgp/bgp_flow.h"
#include "exchange/flowspec/flowspec_action.h"
#include "exchange/flowspec/flowspec_rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
show(const struct flowspec_rule *rule)
{
	struct buf text = {0};
	struct json j = json_to(&text);
	flowspec_rule_text(&text, rule);
	assert(text.length);
	flowspec_rule_json(&j, NULL, rule);
	buf_fini(&text);
}

static void
hold(const struct flowspec_rule *rule, const struct flowspec_rule *before)
{
	struct flowspec_rule again;
	struct flowspec_facts facts;
	struct buf list = {0};
	uint8_t storage[FLOWSPEC_RULE_MAX];
	assert(flowspec_rule_read(&again, storage, rule->family,
				  cursor_of(rule->octets, rule->length)) == FLOWSPEC_SOUND);
	assert(again.length == rule->length &&
	       memcmp(again.octets, rule->octets, rule->length) == 0);
	bool same = before->length == rule->length &&
		    memcmp(before->octets, rule->octets, rule->length) == 0;
	int there = flowspec_rule_compare(before, rule), back = flowspec_rule_compare(rule, before);
	assert(!before->length || ((there == 0) == same && there == -back));
	flowspec_rule_facts(&facts, rule);
	assert(facts.types);
	flowspec_rule_put(&list, rule);
	struct cursor one, rest = cursor_of(list.data, list.length);
	assert(bgp_flow_next(&one, &rest) && cursor_left(&one) == rule->length &&
	       !cursor_left(&rest));
	buf_fini(&list);
	show(rule);
}

static void
act(struct cursor octets)
{
	struct flowspec_actions actions;
	struct buf text = {0};
	struct json j = json_to(&text);
	size_t length = cursor_left(&octets) / 8 * 8;
	const uint8_t *at = cursor_take(&octets, length);
	struct bgp_attrs attrs = {.ext_communities = cursor_of(at, length), .others = octets};
	flowspec_actions_read(&actions, &attrs);
	assert(actions.kinds && actions.octets_per_s >= 0 && actions.packets_per_s >= 0);
	flowspec_actions_text(&text, &actions);
	flowspec_actions_json(&j, &actions);
	buf_fini(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t storage[2][FLOWSPEC_RULE_MAX];
	struct flowspec_rule rule, before = {0};
	unsigned turn = 0;
	if (!size)
		return 0;
	/* Exactly as long as it is, so that a look beyond is seen. */
	uint8_t *exact = malloc(size);
	if (!exact)
		return 0;
	memcpy(exact, data, size);
	struct cursor list = cursor_of(exact, size), one;
	enum ip_family family = cursor_u8(&list) & 1 ? IP_V6 : IP_V4;
	while (bgp_flow_next(&one, &list)) {
		if (flowspec_rule_read(&rule, storage[turn % 2], family, one) != FLOWSPEC_SOUND)
			continue;
		assert(rule.length <= cursor_left(&one));
		hold(&rule, &before);
		before = rule;
		turn++;
	}
	act(cursor_of(exact, size));
	free(exact);
	return 0;
}
