/* Words and numbers of the corridor's tables. */
#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "view/view_corridor_parts.h"

/* True for an octet that continues a code point of UTF-8 (RFC 3629 section 3). */
static bool
continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

char *
view_km(char out[VIEW_RATE_TEXT], double km)
{
	snprintf(out, VIEW_RATE_TEXT, "%.*f", km == floor(km) ? 0 : 2, km);
	return out;
}

char *
view_status_short(char out[VIEW_RATE_TEXT], const struct hub_segment *segment)
{
	const char *status = segment->status && segment->status[0] ? segment->status : "not stated";
	size_t length = strcspn(status, "(;");
	while (length && isspace((unsigned char)status[length - 1]))
		length--;
	if (length >= VIEW_RATE_TEXT) {
		length = VIEW_RATE_TEXT - 1;
		while (length && continues(status[length]))
			length--;
	}
	memcpy(out, status, length);
	out[length] = '\0';
	return out;
}

const char *
view_option_value(const char *option, const char *const *words, size_t count, size_t *at)
{
	size_t length = strlen(option);
	const char *word = words[*at];
	if (strncmp(word, option, length) != 0 || (word[length] && word[length] != '='))
		return NULL;
	if (word[length] == '=') {
		++*at;
		return word + length + 1;
	}
	*at += 2;
	return *at <= count ? words[*at - 1] : "";
}
