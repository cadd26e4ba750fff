/* Names of AS-SETs, and which of them a member's routes are checked against. RFC 2622 section 5. */
#include "hub/registry.h"

#include <stdio.h>
#include <string.h>

enum { COMPONENTS_MAX = 16 };

static bool
is_word(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* The octets of the word at `text`, up to a colon or the end; 0 when something else is in it. */
static size_t
word(const char *text)
{
	size_t length = 0;
	while (is_word(text[length]))
		length++;
	return text[length] == ':' || text[length] == '\0' ? length : 0;
}

/* "AS64500", without leading zeros. */
static bool
is_number(const char *text, size_t length)
{
	struct asn asn;
	char digits[11];
	if (length < 3 || length > 12 || text[2] == '0')
		return false;
	for (size_t i = 2; i < length; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	memcpy(digits, text + 2, length - 2);
	digits[length - 2] = '\0';
	return asn_parse(&asn, digits) == 0;
}

/* Components of a name without its source: all AS numbers or names of sets; several need a set
 * among them. */
static bool
components(const char *text)
{
	bool has_set = false;
	for (size_t count = 1; count <= COMPONENTS_MAX; count++) {
		size_t length = word(text);
		bool is_set = length > 3 && memcmp(text, "AS-", 3) == 0;
		if (!is_set &&
		    !(memcmp(text, "AS", length < 2 ? length : 2) == 0 && is_number(text, length)))
			return false;
		has_set = has_set || is_set;
		if (text[length] == '\0')
			return has_set || count == 1;
		text += length + 1;
	}
	return false;
}

bool
registry_name(char out[REGISTRY_NAME], const char *text)
{
	char name[REGISTRY_NAME];
	size_t length = strlen(text);
	if (length >= sizeof(name))
		return false;
	for (size_t i = 0; i <= length; i++)
		name[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 'a' + 'A' : text[i]);
	const char *rest = strstr(name, "::");
	if (rest && (word(name) != (size_t)(rest - name) || name[0] < 'A' || name[0] > 'Z'))
		return false;
	if (!components(rest ? rest + 2 : name))
		return false;
	memcpy(out, name, length + 1);
	return true;
}

bool
registry_member_set(char out[REGISTRY_NAME], const struct hub_member *member, enum ip_family family,
		    size_t i)
{
	const char *const *names = family == IP_V4 ? member->as_sets_ipv4 : member->as_sets_ipv6;
	size_t count = family == IP_V4 ? member->as_set_ipv4_count : member->as_set_ipv6_count;
	size_t found = 0;
	for (size_t k = 0; k < count; k++)
		if (registry_name(out, names[k]) && found++ == i)
			return true;
	if (found > 0 || i > 0)
		return false;
	if (member->as_set && registry_name(out, member->as_set))
		return true;
	(void)snprintf(out, REGISTRY_NAME, "AS%u", member->asn.number);
	return true;
}
