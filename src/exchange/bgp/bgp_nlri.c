/* Lists of prefixes: a length in bits and as many octets as they need. */
#include "exchange/bgp/bgp_nlri.h"

#include <assert.h>
#include <string.h>

bool
bgp_nlri_sound(struct cursor prefixes, enum ip_family family)
{
	unsigned most = ip_bits(family);
	while (cursor_left(&prefixes)) {
		unsigned bits = cursor_u8(&prefixes);
		if (bits > most)
			return false;
		cursor_skip(&prefixes, (bits + 7) / 8);
	}
	return !prefixes.failed;
}

bool
bgp_nlri_next(struct bgp_nlri *nlri, struct prefix *out)
{
	if (!cursor_left(&nlri->prefixes))
		return false;
	unsigned bits = cursor_u8(&nlri->prefixes);
	size_t octets = (bits + 7) / 8;
	const uint8_t *from = cursor_take(&nlri->prefixes, octets);
	assert(from && bits <= ip_bits(nlri->family));
	*out = (struct prefix){.ip.family = nlri->family, .length = (uint8_t)bits};
	memcpy(out->ip.octets, from, octets);
	/* The trailing bits are irrelevant (RFC 4271 section 4.3) and may be anything. */
	if (bits % 8)
		out->ip.octets[octets - 1] &= (uint8_t)(0xff << (8 - bits % 8));
	return true;
}
