/* The rules between items: what is worked out from others, and what must hold. Called from the
 * schema's tables; each gets the element and the mapping it was read from. */
#pragma once

#include <stdint.h>

#include "hub/hub_node.h"

struct hub_reader;

void hub_check_hub(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_site(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_lan(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_segment(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_segment(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_policy(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_policy(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_policy_irr(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_policy_irr(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_community(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_communities(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_communities(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_irr(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_irr(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_peeringdb(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_store(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_revenue_plan(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_dumps(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_rule(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_rule(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_begin_member(struct hub_reader *r, void *element, uint32_t index);
void hub_fill_member(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_member(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_begin_port(struct hub_reader *r, void *element, uint32_t index);
void hub_fill_port(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_port(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_begin_session(struct hub_reader *r, void *element, uint32_t index);
void hub_fill_session(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_session(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_contract(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_contract(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_watch(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_samples(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_party(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_settlement(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_settlement(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_term(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_due(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_root(struct hub_reader *r, void *element, const struct hub_node *map);
