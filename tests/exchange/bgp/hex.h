/* Octets written as hex in tests, with names for what comes often. */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* Appends `hex`, in which spaces count for nothing and {O} is an ORIGIN of IGP, {P} the path 64501
 * 64502 with 4-octet numbers, {N} the next hop 192.0.2.2, {6} an MP_REACH head of 2001:db8::2 (AFI,
 * SAFI, next hop, reserved octet). */
__attribute__((unused)) static void
hex_put(struct buf *out, const char *hex)
{
	static const struct {
		const char *name, *hex;
	} words[] = {
		{"{O}", "40010100"},
		{"{P}", "40020a02020000fbf50000fbf6"},
		{"{N}", "400304c0000202"},
		{"{6}", "0002011020010db800000000000000000000000200"},
	};
	while (*hex) {
		size_t i = 0;
		while (i < 4 && strncmp(hex, words[i].name, 3) != 0)
			i++;
		if (i < 4) {
			hex_put(out, words[i].hex);
			hex += 3;
		} else if (*hex == ' ') {
			hex++;
		} else {
			char pair[3] = {hex[0], hex[1], 0};
			buf_u8(out, (uint8_t)strtoul(pair, NULL, 16));
			hex += 2;
		}
	}
}

/* Appends octets as hex text and a zero. */
__attribute__((unused)) static const char *
hex_text(struct buf *to, struct cursor octets)
{
	buf_clear(to);
	while (cursor_left(&octets))
		buf_printf(to, "%02x", cursor_u8(&octets));
	buf_u8(to, 0);
	return (const char *)to->data;
}
