/* Texts that people write for others to read. */
#include "base/utf8.h"

#include <stddef.h>
#include <stdint.h>

static uint32_t
code_point(const unsigned char *s, unsigned length)
{
	uint32_t code = length == 1 ? s[0] : s[0] & (0x7fu >> length);
	for (unsigned i = 1; i < length; i++)
		code = code << 6 | (s[i] & 0x3f);
	return code;
}

/* Marks of direction (U+061C, U+200E, U+200F) and joiners stay: scripts that run from right to left need
 * them, and they act on nothing but what is beside them. */
static bool
is_refused(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} refused[] = {
		{0x00, 0x1f},     {0x7f, 0x9f},     /* controls */
		{0x2028, 0x2029},                   /* ends of a line, to some programs */
		{0x202a, 0x202e}, {0x2066, 0x2069}, /* turn the direction of all that follows */
		{0xfeff, 0xfeff}, {0xfffe, 0xffff}, /* byte order mark, and no characters */
	};
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (code >= refused[i].first && code <= refused[i].last)
			return true;
	return false;
}

bool
utf8_is_line(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	while (*s) {
		unsigned length = utf8_length(s);
		if (!length || is_refused(code_point(s, length)))
			return false;
		s += length;
	}
	return true;
}
