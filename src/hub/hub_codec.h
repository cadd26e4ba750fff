/* The types of the hub file, a file a noun. Text stays text: nothing is guessed from how it looks, so
 * NO is a country where a country is expected, and false where a yes or no is. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "hub/hub_value.h"

/* Reads digits and nothing else. False if there are none, others, or too many. */
bool hub_read_number(const char *text, uint64_t max, uint64_t *out);
/* Reads digits with an optional sign and fraction: no exponents, no hexadecimal, no words. */
bool hub_read_decimal(const char *text, double *out);

extern const struct hub_codec hub_codec_text, hub_codec_host, hub_codec_as_set, hub_codec_id,
	hub_codec_secret, hub_codec_bool, hub_codec_count, hub_codec_decimal, hub_codec_speed,
	hub_codec_word, hub_codec_asn, hub_codec_ip, hub_codec_ipv4, hub_codec_ipv6,
	hub_codec_prefix, hub_codec_prefix_ipv4, hub_codec_prefix_ipv6, hub_codec_mac,
	hub_codec_endpoint, hub_codec_country, hub_codec_currency, hub_codec_date, hub_codec_moment,
	hub_codec_price, hub_codec_amount, hub_codec_percent, hub_codec_ppm, hub_codec_asn_range,
	hub_codec_prefix_rule, hub_codec_community, hub_codec_attached, hub_codec_families,
	hub_codec_peer, hub_codec_place, hub_codec_lan, hub_codec_site, hub_codec_segment,
	hub_codec_exporter, hub_codec_member, hub_codec_port, hub_codec_party, hub_codec_contract;
