/* The head of a hub file for tests of money and traffic: two members with two ports each. Followed by what
 * the test has besides. */
#pragma once

#define TWO_MEMBERS                                                                                \
	"hub: {name: Test Hub, short_name: TST, asn: 64500, router_id: 192.0.2.1, country: PK}\n"  \
	"lans:\n"                                                                                  \
	"  - {name: peering, ipv4: 198.51.100.0/24}\n"                                             \
	"members:\n"                                                                               \
	"  - asn: 64501\n"                                                                         \
	"    name: First Member\n"                                                                 \
	"    kind: carrier\n"                                                                      \
	"    ports:\n"                                                                             \
	"      - {id: p0, speed: 10G, ipv4: 198.51.100.10}\n"                                      \
	"      - {id: p1, speed: 10G, ipv4: 198.51.100.11}\n"                                      \
	"  - asn: 64502\n"                                                                         \
	"    name: Second Member\n"                                                                \
	"    kind: content\n"                                                                      \
	"    ports:\n"                                                                             \
	"      - {id: p2, speed: 10G, ipv4: 198.51.100.12}\n"                                      \
	"      - {id: p3, speed: 10G, ipv4: 198.51.100.13, service: transit}\n"
