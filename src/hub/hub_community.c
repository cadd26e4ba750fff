/* Patterns of communities: read, written, compared. */
#include "hub/hub_community.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *const hub_community_actions[] = {
	"do-not-announce-to-any",
	"announce-to-any",
	"prepend-to-any",
	"no-export-to-any",
	"no-advertise-to-any",
	"blackhole",
	"do-not-announce-to",
	"announce-to",
	"prepend-to",
	"no-prepend-to",
	"no-export-to",
	"no-advertise-to",
	"do-not-announce-slower",
	"do-not-announce-faster",
	"announce-slower",
	"announce-faster",
	"prepend-slower",
	"prepend-faster",
	"do-not-announce-site",
	"announce-site",
	"do-not-announce-metro",
	"announce-metro",
	"do-not-announce-country",
	"announce-country",
	"do-not-announce-continent",
	"announce-continent",
	"tell-reason",
	"tell-refused",
	"tell-announcer",
	"tell-rpki",
	"tell-irr",
	"tell-site",
	"tell-metro",
	"tell-country",
	"tell-continent",
	"internal",
	"fabric",
	NULL,
};
static_assert(sizeof(hub_community_actions) / sizeof(hub_community_actions[0]) ==
		      HUB_COMMUNITY_ACTIONS + 1,
	      "a word for each action");

static const char *const extended_names[] = {
	[HUB_EXTENDED_RT] = "rt",
	[HUB_EXTENDED_RO] = "ro",
	[HUB_EXTENDED_GENERIC] = "generic",
};

/* Cuts the text at its colons. The number of parts, 0 if there are more than `max` or one is empty.
 */
static unsigned
cut(char *text, char *parts[], unsigned max)
{
	unsigned count = 0;
	for (char *part = text; part;) {
		char *colon = strchr(part, ':');
		if (colon)
			*colon = '\0';
		if (count == max || !*part)
			return 0;
		parts[count++] = part;
		part = colon ? colon + 1 : NULL;
	}
	return count;
}

static bool
read_field(const char *text, struct hub_community_field *out)
{
	uint64_t value = 0;
	*out = (struct hub_community_field){.kind = HUB_FIELD_NUMBER};
	if (strcasecmp(text, "RS") == 0) {
		out->kind = HUB_FIELD_HUB;
		return true;
	}
	if (strcasecmp(text, "P") == 0 || strcasecmp(text, "peer") == 0) {
		out->kind = HUB_FIELD_P;
		return true;
	}
	unsigned base = strncasecmp(text, "0x", 2) == 0 && text[2] ? 16 : 10;
	for (text += base == 16 ? 2 : 0; *text; text++) {
		unsigned digit = *text >= '0' && *text <= '9'   ? (unsigned)(*text - '0')
				 : *text >= 'a' && *text <= 'f' ? (unsigned)(*text - 'a') + 10
				 : *text >= 'A' && *text <= 'F' ? (unsigned)(*text - 'A') + 10
								: base;
		if (digit >= base)
			return false;
		value = value * base + digit;
		if (value > UINT32_MAX)
			return false;
	}
	out->number = (uint32_t)value;
	return true;
}

static unsigned
fields_of(const struct hub_community *c)
{
	return c->form == HUB_COMMUNITY_LARGE ? 3 : 2;
}

static bool
wide(const struct hub_community_field *field, uint32_t hub)
{
	return (field->kind == HUB_FIELD_NUMBER && field->number > UINT16_MAX) ||
	       (field->kind == HUB_FIELD_HUB && hub > UINT16_MAX);
}

bool
hub_community_fits(const struct hub_community *c, struct asn hub)
{
	bool first = wide(&c->fields[0], hub.number), second = wide(&c->fields[1], hub.number);
	if (c->form == HUB_COMMUNITY_STANDARD)
		return !first && !second;
	/* RFC 4360 section 3.1: 2 octets and 4; RFC 5668: 4 and 2. */
	if (c->form == HUB_COMMUNITY_EXTENDED && c->extended != HUB_EXTENDED_GENERIC)
		return !first || !second;
	return true;
}

bool
hub_community_has_p(const struct hub_community *c)
{
	for (unsigned i = 0; i < fields_of(c); i++)
		if (c->fields[i].kind == HUB_FIELD_P)
			return true;
	return false;
}

int
hub_community_parse(struct hub_community *out, const char *text)
{
	char copy[64], *parts[3];
	struct hub_community c = {0};
	assert(text);
	size_t length = strlen(text);
	if (length >= sizeof(copy))
		return -1;
	memcpy(copy, text, length + 1);
	unsigned count = cut(copy, parts, 3), first = 0, p = 0;
	if (count < 2)
		return -1;
	c.form = count == 2 ? HUB_COMMUNITY_STANDARD : HUB_COMMUNITY_LARGE;
	for (unsigned i = 0; i < 3 && count == 3; i++) {
		if (strcasecmp(parts[0], extended_names[i]) == 0) {
			c.form = HUB_COMMUNITY_EXTENDED;
			memcpy(&c.extended, &i, sizeof(i));
			first = 1;
		}
	}
	for (unsigned i = first; i < count; i++) {
		if (!read_field(parts[i], &c.fields[i - first]))
			return -1;
		p += c.fields[i - first].kind == HUB_FIELD_P;
	}
	if (p > 1 || !hub_community_fits(&c, (struct asn){0}))
		return -1;
	out->form = c.form;
	out->extended = c.extended;
	memcpy(out->fields, c.fields, sizeof(out->fields));
	return 0;
}

char *
hub_community_format(char out[HUB_COMMUNITY_TEXT], const struct hub_community *c)
{
	size_t used = 0;
	if (c->form == HUB_COMMUNITY_EXTENDED)
		used = (size_t)snprintf(out, HUB_COMMUNITY_TEXT,
					"%s:", extended_names[c->extended]);
	for (unsigned i = 0; i < fields_of(c); i++) {
		const char *colon = i ? ":" : "";
		char *end = out + used;
		size_t room = HUB_COMMUNITY_TEXT - used;
		if (c->fields[i].kind == HUB_FIELD_NUMBER)
			used += (size_t)snprintf(end, room, "%s%" PRIu32, colon,
						 c->fields[i].number);
		else
			used += (size_t)snprintf(end, room, "%s%s", colon,
						 c->fields[i].kind == HUB_FIELD_P ? "P" : "RS");
	}
	return out;
}

bool
hub_community_same_pattern(const struct hub_community *a, const struct hub_community *b)
{
	if (a->form != b->form || (a->form == HUB_COMMUNITY_EXTENDED && a->extended != b->extended))
		return false;
	for (unsigned i = 0; i < fields_of(a); i++)
		if (a->fields[i].kind != b->fields[i].kind ||
		    a->fields[i].number != b->fields[i].number)
			return false;
	return true;
}

static uint32_t
value_of(const struct hub_community_field *field, struct asn hub)
{
	return field->kind == HUB_FIELD_HUB ? hub.number : field->number;
}

bool
hub_community_covers(const struct hub_community *pattern, const struct hub_community *one,
		     struct asn hub)
{
	if (pattern->form != one->form ||
	    (pattern->form == HUB_COMMUNITY_EXTENDED && pattern->extended != one->extended))
		return false;
	for (unsigned i = 0; i < fields_of(pattern); i++)
		if (pattern->fields[i].kind != HUB_FIELD_P &&
		    value_of(&pattern->fields[i], hub) != value_of(&one->fields[i], hub))
			return false;
	return true;
}

const char *
hub_community_action_name(enum hub_community_action action)
{
	assert(action < HUB_COMMUNITY_ACTIONS);
	return hub_community_actions[action];
}
