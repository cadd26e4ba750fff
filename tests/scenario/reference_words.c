/* The reference's view of communities: which there are, what they ask for, what a hub tells with them. The values are
 * written down here once more, by form and profile, from what the exchanges publish: what the hub's own tables have
 * wrong is to be seen. */
#include <stdlib.h>
#include <string.h>

#include "hub/hub_community.h"
#include "scenario/reference.h"

enum {
	E = 1 << HUB_PROFILE_EURO_IX,
	A = 1 << HUB_PROFILE_AROUTESERVER,
	I = 1 << HUB_PROFILE_IXP_MANAGER,
	D = 1 << HUB_PROFILE_DE_CIX,
	ALL = E | A | I | D,
	LONG = 1 << 7, /* of hubs whose AS number has 32 bits only */
};

const struct reference_row reference_rows[] = {
	{ALL, HUB_DO_NOT_ANNOUNCE_TO_ANY, 0, "RS:0:0"},
	{ALL, HUB_DO_NOT_ANNOUNCE_TO_ANY, 0, "0:RS"},
	{E | A, HUB_DO_NOT_ANNOUNCE_TO_ANY, 0, "rt:0:RS"},
	{D | LONG, HUB_DO_NOT_ANNOUNCE_TO_ANY, 0, "0:65534"},
	{E | I | D, HUB_ANNOUNCE_TO_ANY, 0, "RS:1:0"},
	{E | I | D, HUB_ANNOUNCE_TO_ANY, 0, "RS:RS"},
	{E, HUB_ANNOUNCE_TO_ANY, 0, "rt:RS:RS"},
	{D | LONG, HUB_ANNOUNCE_TO_ANY, 0, "65534:65534"},
	{ALL, HUB_DO_NOT_ANNOUNCE_TO, 0, "RS:0:P"},
	{ALL, HUB_DO_NOT_ANNOUNCE_TO, 0, "0:P"},
	{E | A, HUB_DO_NOT_ANNOUNCE_TO, 0, "rt:0:P"},
	{ALL, HUB_ANNOUNCE_TO, 0, "RS:1:P"},
	{ALL, HUB_ANNOUNCE_TO, 0, "RS:P"},
	{E | A, HUB_ANNOUNCE_TO, 0, "rt:RS:P"},
	{D | LONG, HUB_ANNOUNCE_TO, 0, "65534:P"},
	{ALL, HUB_PREPEND_TO_ANY, 1, "RS:101:0"},
	{ALL, HUB_PREPEND_TO_ANY, 2, "RS:102:0"},
	{ALL, HUB_PREPEND_TO_ANY, 3, "RS:103:0"},
	{E | A, HUB_PREPEND_TO_ANY, 1, "65501:RS"},
	{E | A, HUB_PREPEND_TO_ANY, 2, "65502:RS"},
	{E | A, HUB_PREPEND_TO_ANY, 3, "65503:RS"},
	{E, HUB_PREPEND_TO_ANY, 1, "rt:65501:RS"},
	{E, HUB_PREPEND_TO_ANY, 2, "rt:65502:RS"},
	{E, HUB_PREPEND_TO_ANY, 3, "rt:65503:RS"},
	{ALL, HUB_PREPEND_TO, 1, "RS:101:P"},
	{ALL, HUB_PREPEND_TO, 2, "RS:102:P"},
	{ALL, HUB_PREPEND_TO, 3, "RS:103:P"},
	{E | A, HUB_PREPEND_TO, 1, "65511:P"},
	{E | A, HUB_PREPEND_TO, 2, "65512:P"},
	{E | A, HUB_PREPEND_TO, 3, "65513:P"},
	{E, HUB_PREPEND_TO, 1, "rt:65511:P"},
	{E, HUB_PREPEND_TO, 2, "rt:65512:P"},
	{E, HUB_PREPEND_TO, 3, "rt:65513:P"},
	{E | I | D, HUB_NO_PREPEND_TO, 0, "RS:100:P"},
	{E | D, HUB_NO_EXPORT_TO_ANY, 0, "RS:65281:0"},
	{D, HUB_NO_EXPORT_TO_ANY, 0, "RS:65281"},
	{D | LONG, HUB_NO_EXPORT_TO_ANY, 0, "65534:65281"},
	{E | D, HUB_NO_ADVERTISE_TO_ANY, 0, "RS:65282:0"},
	{D, HUB_NO_ADVERTISE_TO_ANY, 0, "RS:65282"},
	{D | LONG, HUB_NO_ADVERTISE_TO_ANY, 0, "65534:65282"},
	{E | A, HUB_NO_EXPORT_TO, 0, "RS:65281:P"},
	{E | A, HUB_NO_EXPORT_TO, 0, "65281:P"},
	{E, HUB_NO_EXPORT_TO, 0, "rt:65281:P"},
	{E | A, HUB_NO_ADVERTISE_TO, 0, "RS:65282:P"},
	{E | A, HUB_NO_ADVERTISE_TO, 0, "65282:P"},
	{E, HUB_NO_ADVERTISE_TO, 0, "rt:65282:P"},
	{ALL, HUB_BLACKHOLE, 0, "65535:666"},
	{E, HUB_BLACKHOLE, 0, "RS:666:0"},
	{E, HUB_DO_NOT_ANNOUNCE_SLOWER, 0, "RS:2:P"},
	{E, HUB_DO_NOT_ANNOUNCE_FASTER, 0, "RS:3:P"},
	{E, HUB_ANNOUNCE_SLOWER, 0, "RS:4:P"},
	{E, HUB_ANNOUNCE_FASTER, 0, "RS:5:P"},
	{E, HUB_PREPEND_SLOWER, 1, "RS:111:P"},
	{E, HUB_PREPEND_SLOWER, 2, "RS:112:P"},
	{E, HUB_PREPEND_SLOWER, 3, "RS:113:P"},
	{E, HUB_PREPEND_FASTER, 1, "RS:121:P"},
	{E, HUB_PREPEND_FASTER, 2, "RS:122:P"},
	{E, HUB_PREPEND_FASTER, 3, "RS:123:P"},
	{E | D, HUB_ANNOUNCE_SITE, 0, "RS:911:P"},
	{E | D, HUB_ANNOUNCE_METRO, 0, "RS:912:P"},
	{E | D, HUB_ANNOUNCE_COUNTRY, 0, "RS:913:P"},
	{E | D, HUB_ANNOUNCE_CONTINENT, 0, "RS:914:P"},
	{E | D, HUB_DO_NOT_ANNOUNCE_SITE, 0, "RS:921:P"},
	{E | D, HUB_DO_NOT_ANNOUNCE_METRO, 0, "RS:922:P"},
	{E | D, HUB_DO_NOT_ANNOUNCE_COUNTRY, 0, "RS:923:P"},
	{E | D, HUB_DO_NOT_ANNOUNCE_CONTINENT, 0, "RS:924:P"},
	{ALL, HUB_TELL_REASON, 0, "RS:1101:P"},
	{A, HUB_TELL_REASON, REFERENCE_ARS, "65520:P"},
	{A, HUB_TELL_REASON, REFERENCE_ARS, "RS:65520:P"},
	{E, HUB_TELL_REFUSED, 0, "RS:1101:0"},
	{A, HUB_TELL_REFUSED, 0, "65520:0"},
	{A, HUB_TELL_REFUSED, 0, "RS:65520:0"},
	{A, HUB_TELL_ANNOUNCER, 0, "65524:P"},
	{A, HUB_TELL_ANNOUNCER, 0, "rt:65524:P"},
	{E | A, HUB_TELL_ANNOUNCER, 0, "RS:65524:P"},
	{ALL, HUB_TELL_RPKI, 0, "RS:1000:P"},
	{A, HUB_TELL_RPKI, REFERENCE_ARS, "64512:P"},
	{E | I, HUB_TELL_IRR, 0, "RS:1001:P"},
	{A, HUB_TELL_IRR, REFERENCE_ARS, "64512:P"},
	{A, HUB_TELL_IRR, REFERENCE_ARS, "RS:64512:P"},
	{E | D, HUB_TELL_SITE, 0, "RS:1911:P"},
	{D, HUB_TELL_SITE, 0, "65101:P"},
	{E | D, HUB_TELL_METRO, 0, "RS:1912:P"},
	{D, HUB_TELL_METRO, 0, "65102:P"},
	{E | D, HUB_TELL_COUNTRY, 0, "RS:1913:P"},
	{D, HUB_TELL_COUNTRY, 0, "65103:P"},
	{E | D, HUB_TELL_CONTINENT, 0, "RS:1914:P"},
	{D, HUB_TELL_CONTINENT, 0, "65104:P"},
	{E | I, HUB_INTERNAL, 0, "RS:1102:P"},
};
const size_t reference_row_count = sizeof(reference_rows) / sizeof(reference_rows[0]);

/* --- words --- */

static size_t
fields_of(struct reference_word *word, const char *text)
{
	size_t count = 0;
	for (; *text && count < 3; count++) {
		word->fields[count] = (uint32_t)strtoul(text, (char **)&text, 10);
		text += *text == ':';
	}
	return count;
}

/* The AS and the number of a route target, in either of its encodings (RFC 4360, RFC 5668). */
static void
read_extended(struct reference_word *word)
{
	uint32_t high = (uint32_t)(word->octets >> 32), low = (uint32_t)word->octets;
	word->form = REFERENCE_EXTENDED;
	if (high >> 16 == 0x0002 || high >> 16 == 0x0202) {
		bool wide = high >> 16 == 0x0202;
		word->form = REFERENCE_TARGET;
		word->fields[0] = wide ? high << 16 | low >> 16 : high & 0xffff;
		word->fields[1] = wide ? low & 0xffff : low;
	}
}

static bool
is_there(const struct reference_word *words, size_t count, const struct reference_word *word)
{
	for (size_t i = 0; i < count; i++)
		if (words[i].form == word->form &&
		    memcmp(words[i].fields, word->fields, sizeof(word->fields)) == 0)
			return true;
	return false;
}

size_t
reference_read_words(struct reference_word *out, size_t max, const char *route)
{
	static const char *const names[] = {"community", "ext", "large"};
	char text[ROUTE_FIELD_MAX], *rest;
	size_t count = 0;
	for (unsigned form = 0; form < 3; form++) {
		rest = NULL;
		if (!route_field(text, route, names[form]))
			continue;
		for (char *at = strtok_r(text, " ", &rest); at && count < max;
		     at = strtok_r(NULL, " ", &rest)) {
			struct reference_word word = {.form = REFERENCE_STANDARD};
			if (form == 1) {
				word.octets = strtoull(at, NULL, 16);
				read_extended(&word);
			} else if (fields_of(&word, at) == 3) {
				word.form = REFERENCE_LARGE;
			}
			/* A large community that comes twice counts once: RFC 8092 section 5. */
			if (word.form != REFERENCE_LARGE || !is_there(out, count, &word))
				out[count++] = word;
		}
	}
	return count;
}

/* --- what they mean --- */

static bool
is_number(const char *text, uint32_t *number, uint32_t hub)
{
	*number = strncmp(text, "RS", 2) == 0 ? hub : (uint32_t)strtoul(text, NULL, 10);
	return *text != 'P';
}

/* Does the word look like that pattern? What stands at P goes to *p. */
static bool
looks_like(const struct reference_word *word, const char *pattern, uint32_t hub, bool *has_p,
	   uint32_t *p)
{
	enum reference_form form = REFERENCE_STANDARD;
	unsigned i = 0;
	*has_p = false;
	*p = 0;
	if (strncmp(pattern, "rt:", 3) == 0) {
		form = REFERENCE_TARGET;
		pattern += 3;
	} else if (strchr(strchr(pattern, ':') + 1, ':')) {
		form = REFERENCE_LARGE;
	}
	if (word->form != form)
		return false;
	for (const char *at = pattern; at; i++) {
		uint32_t number;
		if (is_number(at, &number, hub)) {
			if (word->fields[i] != number)
				return false;
		} else {
			*has_p = true;
			*p = word->fields[i];
		}
		at = strchr(at, ':');
		at += at != NULL;
	}
	return true;
}

/* Patterns of the hub file itself, and which of the profile they replace. */
static bool
is_replaced(const struct hub *hub, const struct reference_row *row)
{
	const char *pattern = row->pattern;
	bool target = strncmp(pattern, "rt:", 3) == 0;
	bool large = !target && strchr(strchr(pattern, ':') + 1, ':');
	for (size_t i = 0; i < hub->communities.own_count; i++) {
		const struct hub_community *own = &hub->communities.own[i];
		bool same_form = own->form == (large    ? HUB_COMMUNITY_LARGE
					       : target ? HUB_COMMUNITY_EXTENDED
							: HUB_COMMUNITY_STANDARD);
		bool told = row->action >= HUB_TELL_REASON;
		unsigned number = told ? own->codes * REFERENCE_ARS : own->number;
		if (own->action == row->action && same_form && number == row->number)
			return true;
	}
	return false;
}

bool
reference_row_holds(const struct hub *hub, const struct reference_row *row)
{
	bool wide = hub->asn.number > UINT16_MAX;
	return row->profiles >> hub->communities.profile & 1 && (!(row->profiles & LONG) || wide) &&
	       !is_replaced(hub, row);
}

/* One that the hub puts on somebody's routes, and that is nobody's to say. */
static bool
is_attached(const struct hub *hub, const struct reference_word *word)
{
	for (size_t i = 0; i <= hub->member_count; i++) {
		const struct hub_policy *policy = i ? &hub->members[i - 1].policy : &hub->policy;
		for (size_t k = 0; k < policy->attach_count; k++) {
			char text[HUB_COMMUNITY_TEXT];
			bool has_p;
			uint32_t p;
			if (looks_like(word, hub_community_format(text, &policy->attach[k]),
				       hub->asn.number, &has_p, &p))
				return true;
		}
	}
	return false;
}

static size_t
find(struct reference_meaning out[REFERENCE_MEANINGS], const struct hub *hub,
     const struct reference_word *word, bool with_p)
{
	uint32_t rs = hub->asn.number;
	size_t count = 0;
	struct reference_meaning m = {.large = word->form == REFERENCE_LARGE};
	for (size_t i = 0; i < reference_row_count && count < REFERENCE_MEANINGS; i++) {
		const struct reference_row *row = &reference_rows[i];
		m.action = row->action;
		m.times = row->number;
		if (reference_row_holds(hub, row) &&
		    looks_like(word, row->pattern, rs, &m.has_p, &m.p) && m.has_p == with_p)
			out[count++] = m;
	}
	if (!with_p && is_attached(hub, word) && count < REFERENCE_MEANINGS) {
		m.action = HUB_INTERNAL;
		out[count++] = m;
	}
	for (size_t i = 0; i < hub->communities.own_count && count < REFERENCE_MEANINGS; i++) {
		const struct hub_community *own = &hub->communities.own[i];
		char text[HUB_COMMUNITY_TEXT];
		m.action = own->action;
		m.times = own->number;
		if (!looks_like(word, hub_community_format(text, own), rs, &m.has_p, &m.p) ||
		    m.has_p != with_p)
			continue;
		if (!m.has_p && m.action >= HUB_DO_NOT_ANNOUNCE_SLOWER &&
		    m.action <= HUB_PREPEND_FASTER)
			m.p = own->ms;
		out[count++] = m;
	}
	return count;
}

size_t
reference_meanings(struct reference_meaning out[REFERENCE_MEANINGS], const struct hub *hub,
		   const struct reference_word *word)
{
	size_t count = find(out, hub, word, false);
	return count ? count : find(out, hub, word, true);
}

static bool
begins_with_hub(const struct hub *hub, const struct reference_word *word)
{
	return word->form != REFERENCE_EXTENDED && word->fields[0] == hub->asn.number;
}

/* Nothing for members to say. */
static bool
is_forged(const struct hub *hub, const struct reference_word *word)
{
	struct reference_meaning meanings[REFERENCE_MEANINGS];
	size_t count = reference_meanings(meanings, hub, word);
	for (size_t i = 0; i < count; i++)
		if (meanings[i].action < HUB_TELL_REASON)
			return false;
	return count || (word->form == REFERENCE_LARGE && begins_with_hub(hub, word) &&
			 word->fields[1] >= 1000 && word->fields[1] < 2000);
}

bool
reference_stays(const struct hub *hub, const struct reference_word *word)
{
	struct reference_meaning meanings[REFERENCE_MEANINGS];
	bool extended = word->form == REFERENCE_EXTENDED || word->form == REFERENCE_TARGET;
	if (extended && word->octets >> 62 & 1)
		return false; /* RFC 4360 section 6: not beyond the AS that sent it */
	if (reference_meanings(meanings, hub, word))
		return false;
	return hub->communities.pass_unknown_hub || !begins_with_hub(hub, word);
}

/* --- written --- */

void
reference_write_word(struct buf *to, const struct reference_word *word)
{
	const uint32_t *f = word->fields;
	if (word->form == REFERENCE_STANDARD)
		buf_printf(to, " community %u:%u", f[0], f[1]);
	else if (word->form == REFERENCE_LARGE)
		buf_printf(to, " large %u:%u:%u", f[0], f[1], f[2]);
	else
		buf_printf(to, " ext %016llx", (unsigned long long)word->octets);
}

const char *
reference_as_taken(const struct scenario *s, const char *route)
{
	static const char *const others[] = {"path", "next-hop", "origin", "med", "attribute"};
	struct reference_word words[REFERENCE_WORDS];
	char text[ROUTE_FIELD_MAX];
	struct buf out = {0};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (route_field(text, route, others[i]))
			buf_printf(&out, " %s%s%s", others[i], *text ? " " : "", text);
	size_t count = reference_read_words(words, REFERENCE_WORDS, route);
	for (size_t i = 0; i < count; i++)
		if (!is_forged(s->hub, &words[i]))
			reference_write_word(&out, &words[i]);
	const char *kept = out.length ? arena_copy(s->arena, out.data + 1, out.length - 1) : "";
	buf_fini(&out);
	return kept;
}

void
reference_put_word(struct buf *to, const char *pattern, uint32_t hub, uint32_t p)
{
	bool target = strncmp(pattern, "rt:", 3) == 0;
	uint32_t fields[3] = {0};
	unsigned count = 0;
	for (const char *at = pattern + (target ? 3 : 0); at; count++) {
		if (!is_number(at, &fields[count], hub))
			fields[count] = p;
		at = strchr(at, ':');
		at += at != NULL;
	}
	bool wide = fields[0] > UINT16_MAX;
	if (count == 3)
		buf_printf(to, " large %u:%u:%u", fields[0], fields[1], fields[2]);
	else if (target && wide && fields[1] <= UINT16_MAX)
		buf_printf(to, " ext 0202%08x%04x", fields[0], fields[1]);
	else if (target && !wide)
		buf_printf(to, " ext 0002%04x%08x", fields[0], fields[1]);
	else if (!target && !wide && fields[1] <= UINT16_MAX)
		buf_printf(to, " community %u:%u", fields[0], fields[1]);
}
