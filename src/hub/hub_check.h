/* The rules between items: what is worked out from others, and what must hold. Called from the
 * schema's tables; each gets the element and the mapping it was read from. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "hub/hub.h"
#include "hub/hub_node.h"

struct hub_reader;

void hub_check_hub(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_site(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_lan(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_segment(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_segment(struct hub_reader *r, void *element, const struct hub_node *map);
/* Is its status one of which it is known whether traffic goes there? Of another it is warned, once. */
bool hub_status_is_known(const struct hub_segment *segment);
/* Of hub_check_corridor.c: what is not said of a number is as said of its row (either may be NULL).
 */
void hub_fill_basis(struct hub_basis *basis, const char *said, const char *source);
void hub_check_basis(struct hub_reader *r, const char *key, double value,
		     const struct hub_basis *basis, const struct hub_node *map);
void hub_fill_cable(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_cable(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_risk(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_risk(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_failure_rate(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_failure_rate(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_corridor_price(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_corridor_price(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_demand(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_demand(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_candidate(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_candidate(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_content(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_content(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_optics_fibre(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_optics_fibre(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_optics_amplifier(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_optics_amplifier(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_optics_mode(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_optics_mode(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_optics_medium(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_optics_medium(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_optics_span(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_optics_line(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_optics_line(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_optics(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_incident(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_incident(struct hub_reader *r, void *element, const struct hub_node *map);
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
/* Of hub_check_inlet.c; the second is part of hub_check_port. */
void hub_fill_snmp(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_snmp(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_reach(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_reach_cost(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_reach_cost(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_page(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_push(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_exporter(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_interface_name(struct hub_reader *r, const struct hub_port *port,
			      const struct hub_node *map);
void hub_begin_port(struct hub_reader *r, void *element, uint32_t index);
void hub_fill_port(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_port(struct hub_reader *r, void *element, const struct hub_node *map);
/* Part of the two before (hub_check_meter.c). */
void hub_fill_port_interfaces(struct hub_reader *r, struct hub_port *port);
void hub_check_port_interfaces(struct hub_reader *r, const struct hub_port *port,
			       const struct hub_node *map);
/* Whose counters are believed: nobody twice. */
void hub_check_counters(struct hub_reader *r, const enum hub_counters *list, size_t count,
			const struct hub_node *map);
void hub_begin_session(struct hub_reader *r, void *element, uint32_t index);
void hub_fill_session(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_session(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_transit_router(struct hub_reader *r, void *element, const struct hub_node *map);
/* Of hub_check_session: what the neighbour is to the hub's own AS. */
void hub_check_transit_session(struct hub_reader *r, const struct hub_session *session,
			       const struct hub_node *map);

void hub_check_percentile(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_contract(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_contract(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_watch(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_samples(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_party(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_settlement(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_settlement(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_term(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_due(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_sr_policy(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_sr_color(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_adjacency(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_router(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_fill_steering(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_steering_member(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_steering_token(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_segment_source(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_pcep(struct hub_reader *r, void *element, const struct hub_node *map);
void hub_check_root(struct hub_reader *r, void *element, const struct hub_node *map);

struct hub;
struct hub_contract;

/* The items of a contract, which need to know it. `map` is that of the item. */
void hub_fill_charge(struct hub_reader *r, struct hub_contract *contract, size_t index,
		     const struct hub_node *map);
void hub_check_charges(struct hub_reader *r, const struct hub_contract *contract,
		       const struct hub_node *map);
/* What is billed at most must fit. */
void hub_check_amounts(struct hub_reader *r, const struct hub_contract *contract,
		       const struct hub_node *map);
/* `contracts` is the list of the file. */
void hub_check_blends(struct hub_reader *r, const struct hub *hub,
		      const struct hub_node *contracts);
