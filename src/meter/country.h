/* Countries of addresses (by registration) and of AS numbers. A country is a small integer here, so
 * that it can be part of a key. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

enum {
	COUNTRY_NONE = 0,
	COUNTRY_CODES = 26 * 26 + 1, /* greater than any */
};

/* 0 unless `text` begins with two capital letters. */
uint16_t country_code(const char text[2]);
/* Two letters, or "--" for COUNTRY_NONE; no final zero. */
void country_text(char out[2], uint16_t code);

struct countries;

/* The table the program is built with; static. */
const char *countries_built_in(size_t *length);
/* Reads lines "prefix<TAB>XX" and "AS<number><TAB>XX"; '#' begins a comment. NULL without memory;
 * a line that is neither is left out and counted in *bad (which may be NULL). */
struct countries *countries_new(const char *text, size_t length, size_t *bad);
void countries_free(struct countries *c);

/* Adds what an AS number's country is, unless the table has it. */
int countries_add_asn(struct countries *c, struct asn asn, uint16_t code);
/* Forgets what countries_add_asn has added. */
void countries_forget_asns(struct countries *c);
uint16_t countries_of_ip(const struct countries *c, struct ip ip);
/* Of several at once, as rib_snapshot_numbers. */
void countries_of_ips(const struct countries *c, const struct ip *const *ips, uint16_t *codes,
		      size_t count);
uint16_t countries_of_asn(const struct countries *c, uint32_t asn);
