/* Lists of prefixes: a path identifier where that was agreed on, a length in bits and as many octets
 * as they need. */
#include "exchange/bgp/bgp_nlri.h"

#include <assert.h>
#include <string.h>

bool
bgp_nlri_sound(struct cursor prefixes, enum ip_family family, bool add_path)
{
	unsigned most = ip_bits(family);
	while (cursor_left(&prefixes)) {
		if (add_path)
			cursor_skip(&prefixes, 4);
		unsigned bits = cursor_u8(&prefixes);
		if (bits > most)
			return false;
		cursor_skip(&prefixes, (bits + 7) / 8);
	}
	return !prefixes.failed;
}

bool
bgp_nlri_next(struct bgp_nlri *nlri, struct prefix *out, uint32_t *path_id)
{
	if (!cursor_left(&nlri->prefixes))
		return false;
	uint32_t id = nlri->add_path ? cursor_u32(&nlri->prefixes) : 0;
	if (path_id)
		*path_id = id;
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
