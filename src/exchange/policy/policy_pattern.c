/* Compiled patterns of communities. RFC 1997, 4360, 5668, 8092. */
#include "exchange/policy/policy_pattern.h"

#include <string.h>

#include "base/hash.h"

enum { NONE = UINT32_MAX, NO_P = 3, SHAPES = 4, BEGINS = 256 };

struct entry {
	uint32_t fields[3]; /* P as 0 */
	uint8_t form, p;    /* p: which field; NO_P: none */
	uint32_t first;     /* of the chain of meanings; NONE: the place is free */
};

struct policy_patterns {
	uint32_t hub_as;
	bool shapes[POLICY_FORMS][SHAPES]; /* is there a pattern with P in this field? */
	/* Bits of what patterns begin with: most communities are none of the hub's, and are told
	 * apart here. */
	uint64_t begins[POLICY_FORMS][BEGINS / 64];
	struct entry *entries;
	uint32_t mask;
	struct policy_meaning *meanings;
	struct policy_tell *tells;
	size_t tell_count;
	bool tell_members;
};

/* --- communities --- */

bool
policy_standard_next(struct policy_word *out, struct cursor *list)
{
	if (cursor_left(list) < 4)
		return false;
	uint32_t high = cursor_u16(list);
	*out = (struct policy_word){POLICY_STANDARD, {high, cursor_u16(list), 0}};
	return true;
}

bool
policy_extended_next(struct policy_word *out, struct cursor *list)
{
	if (cursor_left(list) < 8)
		return false;
	uint32_t high = cursor_u32(list);
	*out = (struct policy_word){POLICY_GENERIC, {high, cursor_u32(list), 0}};
	return true;
}

bool
policy_large_next(struct policy_word *out, struct cursor *list)
{
	if (cursor_left(list) < 12)
		return false;
	uint32_t global = cursor_u32(list), function = cursor_u32(list);
	*out = (struct policy_word){POLICY_LARGE, {global, function, cursor_u32(list)}};
	return true;
}

/* The AS and the number of a route target or origin. False: it is neither. */
static bool
take_apart(struct policy_word *out, const struct policy_word *word)
{
	uint32_t type = word->fields[0] >> 24, subtype = word->fields[0] >> 16 & 0xff;
	uint32_t middle = word->fields[0] & 0xffff, low = word->fields[1];
	if (word->form != POLICY_GENERIC || (subtype != 2 && subtype != 3))
		return false;
	enum policy_form form = subtype == 2 ? POLICY_ROUTE_TARGET : POLICY_ROUTE_ORIGIN;
	if (type == 0) /* RFC 4360 section 3.1 */
		*out = (struct policy_word){form, {middle, low, 0}};
	else if (type == 2) /* RFC 5668 */
		*out = (struct policy_word){form, {middle << 16 | low >> 16, low & 0xffff, 0}};
	else
		return false;
	return true;
}

void
policy_word_text(struct buf *to, const struct policy_word *word)
{
	struct policy_word apart;
	const uint32_t *f = word->fields;
	if (word->form == POLICY_LARGE) {
		buf_printf(to, "%u:%u:%u", f[0], f[1], f[2]);
	} else if (word->form == POLICY_STANDARD) {
		buf_printf(to, "%u:%u", f[0], f[1]);
	} else if (take_apart(&apart, word)) {
		buf_printf(to, "%s:%u:%u", apart.form == POLICY_ROUTE_TARGET ? "rt" : "ro",
			   apart.fields[0], apart.fields[1]);
	} else {
		buf_printf(to, "generic:0x%08x:0x%08x", f[0], f[1]);
	}
}

/* --- compiling --- */

enum policy_form
policy_form_of(const struct hub_community *c)
{
	if (c->form == HUB_COMMUNITY_STANDARD)
		return POLICY_STANDARD;
	if (c->form == HUB_COMMUNITY_LARGE)
		return POLICY_LARGE;
	return c->extended == HUB_EXTENDED_RT   ? POLICY_ROUTE_TARGET
	       : c->extended == HUB_EXTENDED_RO ? POLICY_ROUTE_ORIGIN
						: POLICY_GENERIC;
}

static uint32_t
place_of(const struct policy_patterns *patterns, enum policy_form form, unsigned p,
	 const uint32_t fields[3])
{
	uint64_t hash = hash_u64((uint64_t)fields[0] << 32 | fields[1]);
	hash = hash_u64(hash ^ ((uint64_t)fields[2] << 8 | (uint64_t)form << 2 | p));
	return (uint32_t)hash & patterns->mask;
}

/* The place of the pattern, or the free one where it belongs. */
static struct entry *
look_up(const struct policy_patterns *patterns, enum policy_form form, unsigned p,
	const uint32_t fields[3])
{
	for (uint32_t at = place_of(patterns, form, p, fields);; at = (at + 1) & patterns->mask) {
		struct entry *e = &patterns->entries[at];
		if (e->first == NONE || (e->form == form && e->p == p &&
					 memcmp(e->fields, fields, sizeof(e->fields)) == 0))
			return e;
	}
}

/* Fills fields, P as 0; returns which of them is P. */
static unsigned
fields_of(uint32_t out[3], const struct hub_community *c, uint32_t hub_as)
{
	unsigned p = NO_P, count = c->form == HUB_COMMUNITY_LARGE ? 3 : 2;
	memset(out, 0, 3 * sizeof(out[0]));
	for (unsigned i = 0; i < count; i++) {
		if (c->fields[i].kind == HUB_FIELD_P)
			p = i;
		else
			out[i] = c->fields[i].kind == HUB_FIELD_HUB ? hub_as : c->fields[i].number;
	}
	return p;
}

static bool
tells(enum hub_community_action action)
{
	return action >= HUB_TELL_REASON && action <= HUB_TELL_CONTINENT;
}

/* Which bit of `begins` stands for this first field. */
static unsigned
begin_of(uint32_t field)
{
	return (field * 0x9e3779b1u) >> 24;
}

static void
note_begin(uint64_t begins[BEGINS / 64], unsigned p, uint32_t field)
{
	if (p == 0)
		memset(begins, 0xff, BEGINS / 8);
	else
		begins[begin_of(field) / 64] |= UINT64_C(1) << begin_of(field) % 64;
}

static void
add(struct policy_patterns *patterns, uint32_t index, const struct hub_community *c)
{
	uint32_t fields[3];
	unsigned p = fields_of(fields, c, patterns->hub_as);
	enum policy_form form = policy_form_of(c);
	struct entry *e = look_up(patterns, form, p, fields);
	struct policy_meaning *meaning = &patterns->meanings[index];
	if (c->action == HUB_INTERNAL && e->first != NONE)
		return; /* whatever else it means, nothing is added */
	*meaning = (struct policy_meaning){
		.action = c->action,
		.number = c->number,
		.ms = c->ms,
		.has_p = p != NO_P,
		.codes = c->codes,
		.next = e->first,
	};
	*e = (struct entry){.form = (uint8_t)form, .p = (uint8_t)p, .first = index};
	memcpy(e->fields, fields, sizeof(fields));
	patterns->shapes[form][p] = true;
	note_begin(patterns->begins[form], p, fields[0]);
	if (!tells(c->action))
		return;
	struct policy_tell *tell = &patterns->tells[patterns->tell_count++];
	*tell = (struct policy_tell){
		.action = c->action, .codes = c->codes, .form = form, .p = -1, .value = c->value};
	memcpy(tell->fields, fields, sizeof(fields));
	if (p != NO_P)
		tell->p = (int8_t)p;
	tell->collectors_only = c->heard_by == HUB_HEARD_BY_COLLECTORS;
	tell->to_members = c->heard_by == HUB_HEARD_USUALLY ? patterns->tell_members
							    : c->heard_by == HUB_HEARD_BY_MEMBERS;
}

struct policy_patterns *
policy_patterns_new(struct arena *arena, struct asn hub_as, const struct hub_community *list,
		    size_t count, bool tell_members)
{
	struct policy_patterns *patterns = arena_take(arena, sizeof(*patterns));
	uint32_t size = 16;
	while (size < count * 2)
		size *= 2;
	if (!patterns)
		return NULL;
	patterns->hub_as = hub_as.number;
	patterns->tell_members = tell_members;
	patterns->mask = size - 1;
	patterns->entries = arena_take(arena, size * sizeof(*patterns->entries));
	patterns->meanings = arena_take(arena, (count + 1) * sizeof(*patterns->meanings));
	patterns->tells = arena_take(arena, (count + 1) * sizeof(*patterns->tells));
	if (!patterns->entries || !patterns->meanings || !patterns->tells)
		return NULL;
	for (uint32_t i = 0; i < size; i++)
		patterns->entries[i].first = NONE;
	for (uint32_t i = 0; i < count; i++)
		add(patterns, i, &list[i]);
	return patterns;
}

/* --- looking up --- */

static const struct policy_meaning *
find_form(const struct policy_patterns *patterns, const struct policy_word *word, uint32_t *p)
{
	const bool *shapes = patterns->shapes[word->form];
	unsigned begin = begin_of(word->fields[0]);
	if (!(patterns->begins[word->form][begin / 64] >> begin % 64 & 1))
		return NULL;
	if (shapes[NO_P]) {
		struct entry *e = look_up(patterns, word->form, NO_P, word->fields);
		if (e->first != NONE)
			return &patterns->meanings[e->first];
	}
	for (unsigned i = 0; i < NO_P; i++) {
		if (!shapes[i])
			continue;
		uint32_t fields[3] = {word->fields[0], word->fields[1], word->fields[2]};
		fields[i] = 0;
		struct entry *e = look_up(patterns, word->form, i, fields);
		if (e->first != NONE) {
			*p = word->fields[i];
			return &patterns->meanings[e->first];
		}
	}
	return NULL;
}

const struct policy_meaning *
policy_pattern_find(const struct policy_patterns *patterns, const struct policy_word *word,
		    uint32_t *p)
{
	struct policy_word apart;
	*p = 0;
	const struct policy_meaning *found = find_form(patterns, word, p);
	if (!found && take_apart(&apart, word))
		found = find_form(patterns, &apart, p);
	return found;
}

const struct policy_meaning *
policy_pattern_next(const struct policy_patterns *patterns, const struct policy_meaning *meaning)
{
	return meaning->next == NONE ? NULL : &patterns->meanings[meaning->next];
}

bool
policy_word_is_hubs(const struct policy_patterns *patterns, const struct policy_word *word)
{
	struct policy_word apart;
	if (word->form == POLICY_GENERIC)
		return take_apart(&apart, word) && apart.fields[0] == patterns->hub_as;
	return word->fields[0] == patterns->hub_as;
}

/* --- telling --- */

const struct policy_tell *
policy_pattern_tells(const struct policy_patterns *patterns, size_t *count)
{
	*count = patterns->tell_count;
	return patterns->tells;
}

static void
put_extended(struct buf *to, const struct policy_tell *tell, const uint32_t f[3])
{
	if (tell->form == POLICY_GENERIC) {
		buf_u32(to, f[0]);
		buf_u32(to, f[1]);
		return;
	}
	bool wide = f[0] > UINT16_MAX; /* RFC 5668: four octets of AS leave two for the number */
	if (wide && f[1] > UINT16_MAX)
		return;
	buf_u8(to, wide ? 2 : 0);
	buf_u8(to, tell->form == POLICY_ROUTE_TARGET ? 2 : 3);
	if (wide) {
		buf_u32(to, f[0]);
		buf_u16(to, (uint16_t)f[1]);
	} else {
		buf_u16(to, (uint16_t)f[0]);
		buf_u32(to, f[1]);
	}
}

void
policy_tell_put(struct buf *to, const struct policy_tell *tell, uint32_t p)
{
	uint32_t f[3] = {tell->fields[0], tell->fields[1], tell->fields[2]};
	if (tell->p >= 0)
		f[tell->p] = p;
	if (tell->form == POLICY_LARGE) {
		for (unsigned i = 0; i < 3; i++)
			buf_u32(to, f[i]);
	} else if (tell->form != POLICY_STANDARD) {
		put_extended(to, tell, f);
	} else if (f[0] <= UINT16_MAX && f[1] <= UINT16_MAX) {
		buf_u16(to, (uint16_t)f[0]);
		buf_u16(to, (uint16_t)f[1]);
	}
}

void
policy_community_put(struct buf *to, const struct hub_community *c, struct asn hub_as)
{
	struct policy_tell tell = {.form = policy_form_of(c), .p = -1};
	fields_of(tell.fields, c, hub_as.number);
	policy_tell_put(to, &tell, 0);
}
