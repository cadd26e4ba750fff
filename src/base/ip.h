/* Addresses, prefixes, AS numbers, MAC addresses: the nouns that every room shares. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct asn {
	uint32_t number;
};

/* The AS number that a 2-octet speaker sees in place of a 4-octet one. RFC 6793 section 9. */
enum { ASN_TRANS = 23456 };

enum ip_family { IP_NONE = 0, IP_V4 = 4, IP_V6 = 6 };

/* An address; octets in network order; the unused ones are zero, so that memcmp compares. */
struct ip {
	uint8_t family; /* enum ip_family */
	uint8_t octets[16];
};

/* A prefix; the bits beyond `length` are zero. */
struct prefix {
	struct ip ip;
	uint8_t length; /* bits, 0-32 or 0-128 */
};

struct mac {
	uint8_t octets[6];
};

enum {
	IP_TEXT = 46, /* octets that ip_format needs, with the final zero */
	PREFIX_TEXT = 50,
	MAC_TEXT = 18,
};

struct ip ip_v4(uint32_t host_order);
struct ip ip_v6(const uint8_t octets[16]);
/* The address as a number in host order; only for IP_V4. */
uint32_t ip_v4_number(struct ip ip);
/* 32 or 128; 0 for IP_NONE. */
unsigned ip_bits(enum ip_family family);
bool ip_equal(struct ip a, struct ip b);
/* Order for sorting: family first, then octets. <0, 0, >0. */
int ip_compare(struct ip a, struct ip b);
/* Reads "192.0.2.1" or "2001:db8::1" (RFC 4291 section 2.2). 0, or -1 and *out untouched. */
int ip_parse(struct ip *out, const char *text);
/* Writes the canonical text (RFC 5952) and returns `out`. "-" for IP_NONE. */
char *ip_format(char out[IP_TEXT], struct ip ip);

/* The prefix of `length` bits that holds `ip`; host bits are cleared; length is cut to the family's
 * bits. */
struct prefix prefix_of(struct ip ip, unsigned length);
/* Reads "192.0.2.0/24"; refuses host bits that are set and lengths that do not fit. 0 or -1. */
int prefix_parse(struct prefix *out, const char *text);
char *prefix_format(char out[PREFIX_TEXT], struct prefix p);
bool prefix_equal(struct prefix a, struct prefix b);
/* Order: family, address, then shorter first. */
int prefix_compare(struct prefix a, struct prefix b);
bool prefix_contains_ip(struct prefix p, struct ip ip);
/* True if `inner` is `outer` or lies inside it. */
bool prefix_covers(struct prefix outer, struct prefix inner);

/* Reads "00:00:5e:00:53:01", with ':' or '-', or "0000.5e00.5301". 0 or -1. */
int mac_parse(struct mac *out, const char *text);
char *mac_format(char out[MAC_TEXT], struct mac m);
/* The 48 bits as a number, a handy key. */
uint64_t mac_number(struct mac m);

/* Reads "64500", "AS64500" or asdot "1.10" (RFC 5396). 0 or -1. */
int asn_parse(struct asn *out, const char *text);
