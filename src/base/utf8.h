/* UTF-8 (RFC 3629). */
#pragma once

#include <stdbool.h>

/* Length in octets of the valid sequence at `s`, which ends with a zero octet; 0 if it is not
 * valid: overlong forms, surrogates and what lies beyond U+10FFFF are refused (RFC 3629
 * section 4). The zero octet itself has length 1. */
static inline unsigned
utf8_length(const unsigned char *s)
{
	if (s[0] < 0x80)
		return 1;
	unsigned length = s[0] >= 0xc2 && s[0] <= 0xdf   ? 2
			  : (s[0] & 0xf0) == 0xe0        ? 3
			  : s[0] >= 0xf0 && s[0] <= 0xf4 ? 4
							 : 0;
	for (unsigned i = 1; i < length; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return length;
}

/* Is it one line of UTF-8 that shows as it is written? No control characters, no ends of lines, nothing that
 * turns the direction of what follows (U+202A to U+202E, U+2066 to U+2069). The empty text is. */
bool utf8_is_line(const char *text);
