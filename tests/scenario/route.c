/* Routes as words and on the wire. */
#include "scenario/route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/bgp/bgp_as_path.h"
#include "exchange/bgp/bgp_attrs.h"
#include "exchange/bgp/bgp_writer.h"

static const char *const fields[] = {"path",      "next-hop", "link-local", "origin",   "med",
				     "community", "ext",      "large",      "attribute"};
enum {
	FIELDS = sizeof(fields) / sizeof(fields[0]),
	SAFI_FLOW = 133,
	RUN_MIN = 17, /* equal octets at an end that are written as a number */
};

static const char *const origins[] = {"igp", "egp", "incomplete"};

/* --- words --- */

static bool
is_field(const char *word, size_t length)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (strlen(fields[i]) == length && strncmp(fields[i], word, length) == 0)
			return true;
	return false;
}

bool
route_field(char out[ROUTE_FIELD_MAX], const char *words, const char *field)
{
	bool inside = false, found = false;
	size_t used = 0;
	out[0] = 0;
	while (*words) {
		size_t length = strcspn(words, " ");
		bool starts = is_field(words, length);
		if (starts)
			inside = strlen(field) == length && strncmp(words, field, length) == 0;
		found |= starts && inside;
		/* A field may come several times: its values add up. */
		if (inside && !starts && used + length + 2 < ROUTE_FIELD_MAX)
			used += (size_t)snprintf(out + used, ROUTE_FIELD_MAX - used, "%s%.*s",
						 used ? " " : "", (int)length, words);
		words += length;
		words += strspn(words, " ");
	}
	return found;
}

bool
route_matches(const char *held, const char *wanted)
{
	if (!*wanted)
		return true;
	for (size_t i = 0; i < FIELDS; i++) {
		char has[ROUTE_FIELD_MAX], wants[ROUTE_FIELD_MAX];
		bool there = route_field(has, held, fields[i]);
		bool named = route_field(wants, wanted, fields[i]);
		bool optional = i == 0 || i == 1 || i == 3;
		if (named ? !there || strcmp(has, wants) != 0 : there && !optional)
			return false;
	}
	return true;
}

/* --- saying --- */

/* The next word of a field's value; NULL at the end. */
static const char *
next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " ");
	if (!*word)
		return NULL;
	char *end = word + strcspn(word, " ");
	*rest = end + (*end != 0);
	*end = 0;
	return word;
}

bool
route_hex(struct buf *to, const char *hex)
{
	for (; hex[0] && hex[1] && *hex != '*'; hex += 2) {
		unsigned octet;
		if (sscanf(hex, "%2x", &octet) != 1)
			return false;
		buf_u8(to, (uint8_t)octet);
	}
	/* "00*500": the last octet so often. */
	unsigned long times = *hex == '*' ? strtoul(hex + 1, NULL, 10) : 1;
	for (unsigned long i = 1; i < times && to->length; i++)
		buf_u8(to, to->data[to->length - 1]);
	return !*hex || *hex == '*';
}

/* "64601 64701 {64702 64703}" as segments of 4-octet numbers. */
static bool
put_path(struct buf *to, char *text)
{
	size_t count_at = SIZE_MAX;
	bool set = false;
	for (const char *word; (word = next_word(&text));) {
		bool opens = *word == '{';
		word += opens;
		char *end;
		unsigned long asn = strtoul(word, &end, 10);
		bool closes = *end == '}';
		if (end == word || (*end && !closes) || asn > UINT32_MAX)
			return false;
		if (count_at == SIZE_MAX || opens || to->data[count_at] == 255) {
			set = opens || set;
			buf_u8(to, set ? BGP_AS_SET : BGP_AS_SEQUENCE);
			count_at = to->length;
			buf_u8(to, 0);
		}
		to->data[count_at]++;
		buf_u32(to, (uint32_t)asn);
		if (closes) {
			set = false;
			count_at = SIZE_MAX;
		}
	}
	return true;
}

/* "64601:1" or "64601:1:2": parts of `octets` each. */
static bool
put_parts(struct buf *to, const char *word, unsigned parts, unsigned octets)
{
	for (unsigned i = 0; i < parts; i++) {
		char *end;
		unsigned long value = strtoul(word, &end, 10);
		if (end == word || *end != (i + 1 < parts ? ':' : 0))
			return false;
		if (octets == 2)
			buf_u16(to, (uint16_t)value);
		else
			buf_u32(to, (uint32_t)value);
		word = end + 1;
	}
	return true;
}

static bool
put_community_words(struct buf *to, char *text, const char *field)
{
	for (const char *word; (word = next_word(&text));) {
		bool good = *field == 'c'   ? put_parts(to, word, 2, 2)
			    : *field == 'l' ? put_parts(to, word, 3, 4)
					    : strlen(word) == 16 && route_hex(to, word);
		if (!good)
			return false;
	}
	return true;
}

/* An attribute under way, to be put in order of type. */
struct said {
	struct buf values[256];
	uint8_t flags[256];
	bool there[256];
};

static bool
say_attributes(struct said *said, char *text)
{
	for (const char *word; (word = next_word(&text));) {
		unsigned long type = strtoul(word, NULL, 10);
		const char *flags = next_word(&text);
		const char *octets = next_word(&text);
		if (!flags || !octets || type > 255)
			return false;
		said->there[type] = true;
		said->flags[type] = (uint8_t)strtoul(flags, NULL, 16);
		buf_clear(&said->values[type]);
		if (strcmp(octets, "-") != 0 && !route_hex(&said->values[type], octets))
			return false;
	}
	return true;
}

static void
say(struct said *said, uint8_t type, uint8_t flags)
{
	said->there[type] = true;
	said->flags[type] = flags;
}

static bool
say_path(struct said *said, const struct route_speaker *speaker, const char *words)
{
	char text[ROUTE_FIELD_MAX];
	struct buf path = {0};
	if (!route_field(text, words, "path"))
		snprintf(text, sizeof(text), "%u", speaker->asn.number);
	bool good = put_path(&path, text);
	struct cursor wide = cursor_of(path.data, path.length);
	struct bgp_path_facts facts;
	say(said, BGP_ATTR_AS_PATH, BGP_FLAG_TRANSITIVE);
	if (speaker->as4) {
		buf_put(&said->values[BGP_ATTR_AS_PATH], path.data, path.length);
	} else {
		bgp_as_path_narrow(&said->values[BGP_ATTR_AS_PATH], wide);
		if (bgp_as_path_read(&facts, wide, 4) == BGP_REASON_NONE && facts.has_large) {
			say(said, BGP_ATTR_AS4_PATH, BGP_FLAG_OPTIONAL | BGP_FLAG_TRANSITIVE);
			buf_put(&said->values[BGP_ATTR_AS4_PATH], path.data, path.length);
		}
	}
	buf_fini(&path);
	return good;
}

static bool
say_rest(struct said *said, const char *words)
{
	static const struct {
		const char *field;
		uint8_t type;
	} lists[] = {{"community", BGP_ATTR_COMMUNITIES},
		     {"ext", BGP_ATTR_EXT_COMMUNITIES},
		     {"large", BGP_ATTR_LARGE_COMMUNITIES}};
	char text[ROUTE_FIELD_MAX];
	unsigned origin = 0;
	if (route_field(text, words, "origin"))
		while (origin < 3 && strcmp(origins[origin], text) != 0)
			origin++;
	say(said, BGP_ATTR_ORIGIN, BGP_FLAG_TRANSITIVE);
	buf_u8(&said->values[BGP_ATTR_ORIGIN], (uint8_t)origin);
	if (route_field(text, words, "med")) {
		say(said, BGP_ATTR_MED, BGP_FLAG_OPTIONAL);
		buf_u32(&said->values[BGP_ATTR_MED], (uint32_t)strtoul(text, NULL, 10));
	}
	for (size_t i = 0; i < 3; i++) {
		if (!route_field(text, words, lists[i].field))
			continue;
		say(said, lists[i].type, BGP_FLAG_OPTIONAL | BGP_FLAG_TRANSITIVE);
		if (!put_community_words(&said->values[lists[i].type], text, lists[i].field))
			return false;
	}
	return origin < 3 && (!route_field(text, words, "attribute") || say_attributes(said, text));
}

static bool
say_family(struct buf *to, struct said *said, const struct route_speaker *speaker,
	   const struct prefix *prefixes, size_t count, const char *words)
{
	enum ip_family family = (enum ip_family)prefixes[0].ip.family;
	char text[ROUTE_FIELD_MAX];
	struct bgp_route_attrs route = {.next_hop = speaker->next_hops[family == IP_V6]};
	if (route_field(text, words, "next-hop") && ip_parse(&route.next_hop, text) < 0)
		return false;
	if (route_field(text, words, "link-local") && ip_parse(&route.link_local, text) < 0)
		return false;
	if (route.next_hop.family == IP_NONE)
		return false;
	struct buf attrs = {0};
	buf_clear(&said->values[BGP_ATTR_NEXT_HOP]);
	said->there[BGP_ATTR_NEXT_HOP] = route.next_hop.family == IP_V4;
	said->flags[BGP_ATTR_NEXT_HOP] = BGP_FLAG_TRANSITIVE;
	buf_put(&said->values[BGP_ATTR_NEXT_HOP], route.next_hop.octets, 4);
	for (unsigned type = 0; type < 256; type++)
		if (said->there[type])
			bgp_attr_put(&attrs, said->flags[type], (uint8_t)type,
				     cursor_of(said->values[type].data, said->values[type].length));
	route.attrs = attrs.data;
	route.length = attrs.length;
	struct bgp_writer writer;
	struct bgp_form form = {.max = speaker->max,
				.add_path = speaker->add_path[family == IP_V6]};
	bool fits = bgp_announce_begin(&writer, to, family, form, &route) == 0;
	for (size_t i = 0; fits && i < count; i++)
		if (prefixes[i].ip.family == family)
			bgp_writer_add(&writer, prefixes[i], speaker->path_id);
	if (fits)
		bgp_writer_end(&writer);
	buf_fini(&attrs);
	return fits;
}

bool
route_announce(struct buf *to, const struct route_speaker *speaker, const struct prefix *prefixes,
	       size_t count, const char *words)
{
	struct said *said = calloc(1, sizeof(*said));
	if (!said)
		return false;
	bool good = say_path(said, speaker, words) && say_rest(said, words);
	for (enum ip_family family = IP_V4; good && family <= IP_V6; family += IP_V6 - IP_V4) {
		size_t first = 0;
		while (first < count && prefixes[first].ip.family != family)
			first++;
		if (first < count)
			good = say_family(to, said, speaker, prefixes + first, count - first,
					  words);
	}
	for (unsigned type = 0; type < 256; type++)
		buf_fini(&said->values[type]);
	free(said);
	return good;
}

void
route_withdraw(struct buf *to, const struct route_speaker *speaker, const struct prefix *prefixes,
	       size_t count)
{
	for (enum ip_family family = IP_V4; family <= IP_V6; family += IP_V6 - IP_V4) {
		struct bgp_writer writer;
		struct bgp_form form = {.max = speaker->max,
					.add_path = speaker->add_path[family == IP_V6]};
		bgp_withdraw_begin(&writer, to, family, form);
		for (size_t i = 0; i < count; i++)
			if (prefixes[i].ip.family == family)
				bgp_writer_add(&writer, prefixes[i], speaker->path_id);
		bgp_writer_end(&writer);
	}
}

bool
route_rule(struct buf *to, const struct route_speaker *speaker, enum ip_family family,
	   struct cursor rule, const char *words)
{
	struct said *said = calloc(1, sizeof(*said));
	struct buf mp = {0}, attrs = {0};
	if (!said)
		return false;
	bool good = !words || (say_path(said, speaker, words) && say_rest(said, words));
	uint8_t type = words ? BGP_ATTR_MP_REACH : BGP_ATTR_MP_UNREACH;
	buf_u16(&mp, family == IP_V4 ? 1 : 2);
	buf_u8(&mp, SAFI_FLOW);
	if (words)
		buf_u16(&mp, 0); /* no next hop */
	if (cursor_left(&rule) < 240)
		buf_u8(&mp, (uint8_t)cursor_left(&rule));
	else
		buf_u16(&mp, (uint16_t)(0xf000 | cursor_left(&rule)));
	buf_put(&mp, rule.at, cursor_left(&rule));
	bgp_attr_put(&attrs, BGP_FLAG_OPTIONAL, type, cursor_of(mp.data, mp.length));
	for (unsigned i = 0; words && i < 256; i++)
		if (said->there[i])
			bgp_attr_put(&attrs, said->flags[i], (uint8_t)i,
				     cursor_of(said->values[i].data, said->values[i].length));
	for (unsigned i = 0; good && i < 16; i++)
		buf_u8(to, 0xff);
	if (good) {
		buf_u16(to, (uint16_t)(BGP_HEADER + 4 + attrs.length));
		buf_u8(to, BGP_UPDATE);
		buf_u16(to, 0);
		buf_u16(to, (uint16_t)attrs.length);
		buf_put(to, attrs.data, attrs.length);
	}
	for (unsigned i = 0; i < 256; i++)
		buf_fini(&said->values[i]);
	free(said);
	buf_fini(&mp);
	buf_fini(&attrs);
	return good;
}

/* --- hearing --- */

struct heard {
	const struct route_ear *ear;
	route_told *told;
	void *context;
	struct buf words[FIELDS];
	struct cursor reach, unreach;
	bool has_reach, has_unreach;
	bool any;
};

static void
hear_path(struct buf *to, struct cursor path, unsigned as_octets)
{
	while (cursor_left(&path)) {
		uint8_t type = cursor_u8(&path), count = cursor_u8(&path);
		bool set = type != BGP_AS_SEQUENCE;
		buf_str(to, set ? " {" : " ");
		for (unsigned i = 0; i < count; i++)
			buf_printf(to, i ? " %u" : "%u",
				   as_octets == 4 ? cursor_u32(&path) : cursor_u16(&path));
		buf_str(to, set ? "}" : "");
	}
}

static void
hear_hex(struct buf *to, struct cursor octets)
{
	size_t length = cursor_left(&octets), run = length ? 1 : 0;
	while (run && run < length && octets.end[-1] == octets.at[length - run - 1])
		run++;
	run = run < RUN_MIN ? 0 : run - 1;
	buf_str(to, length ? " " : " -");
	for (size_t i = 0; i < length - run; i++)
		buf_printf(to, "%02x", cursor_u8(&octets));
	if (run)
		buf_printf(to, "*%zu", run + 1);
}

static void
hear_ip(struct buf *to, struct cursor *octets, enum ip_family family)
{
	char text[IP_TEXT];
	struct ip ip = {.family = (uint8_t)family};
	cursor_copy(octets, ip.octets, family == IP_V4 ? 4 : 16);
	buf_printf(to, " %s", ip_format(text, ip));
}

static void
hear_communities(struct buf *to, struct cursor list, unsigned parts, unsigned octets)
{
	while (cursor_left(&list))
		for (unsigned i = 0; i < parts; i++)
			buf_printf(to, "%s%u", i ? ":" : " ",
				   octets == 2 ? cursor_u16(&list) : cursor_u32(&list));
}

/* The attributes that have a field of their own; false: it goes under "attribute". Flags that are not the usual
 * ones are to be seen. */
static bool
hear_known(struct heard *heard, uint8_t flags, uint8_t type, struct cursor value, bool as4)
{
	unsigned usual = flags & ~(unsigned)BGP_FLAG_EXTENDED;
	bool optional_transitive = usual == (BGP_FLAG_OPTIONAL | BGP_FLAG_TRANSITIVE);
	struct buf *words = heard->words;
	if (type == BGP_ATTR_ORIGIN && usual == BGP_FLAG_TRANSITIVE)
		buf_printf(&words[3], " %s", origins[cursor_u8(&value) % 3]);
	else if (type == BGP_ATTR_AS_PATH && usual == BGP_FLAG_TRANSITIVE)
		hear_path(&words[0], value, as4 ? 4 : 2);
	else if (type == BGP_ATTR_NEXT_HOP && usual == BGP_FLAG_TRANSITIVE)
		hear_ip(&words[1], &value, IP_V4);
	else if (type == BGP_ATTR_MED && usual == BGP_FLAG_OPTIONAL)
		buf_printf(&words[4], " %u", cursor_u32(&value));
	else if (type == BGP_ATTR_COMMUNITIES && optional_transitive)
		hear_communities(&words[5], value, 2, 2);
	else if (type == BGP_ATTR_LARGE_COMMUNITIES && optional_transitive)
		hear_communities(&words[7], value, 3, 4);
	else if (type == BGP_ATTR_EXT_COMMUNITIES && optional_transitive)
		while (cursor_left(&value))
			hear_hex(&words[6], cursor_sub(&value, 8));
	else
		return false;
	return true;
}

static void
hear_attribute(struct heard *heard, struct cursor *in, bool as4)
{
	uint8_t flags = cursor_u8(in), type = cursor_u8(in);
	size_t length = flags & BGP_FLAG_EXTENDED ? cursor_u16(in) : cursor_u8(in);
	struct cursor value = cursor_sub(in, length);
	heard->any = true;
	if (type == BGP_ATTR_MP_REACH) {
		heard->reach = value;
		heard->has_reach = true;
	} else if (type == BGP_ATTR_MP_UNREACH) {
		heard->unreach = value;
		heard->has_unreach = true;
	} else if (!hear_known(heard, flags, type, value, as4)) {
		buf_printf(&heard->words[8], " %u %02x", type,
			   flags & (unsigned)~BGP_FLAG_EXTENDED);
		hear_hex(&heard->words[8], value);
	}
}

static void
tell_prefixes(const struct heard *heard, struct cursor *in, enum ip_family family,
	      const char *words)
{
	while (cursor_left(in)) {
		struct ip ip = {.family = (uint8_t)family};
		uint32_t path_id = heard->ear->add_path[family == IP_V6] ? cursor_u32(in) : 0;
		unsigned length = cursor_u8(in);
		cursor_copy(in, ip.octets, (length + 7) / 8 <= 16 ? (length + 7) / 8 : 16);
		if (!in->failed && length <= ip_bits(family))
			heard->told(heard->context, prefix_of(ip, length), path_id, words);
		else
			cursor_fail(in);
	}
}

/* Rules to the end of the list. */
static void
tell_rules(const struct heard *heard, struct cursor *in, enum ip_family family, const char *words)
{
	struct buf hex = {0};
	while (cursor_left(in)) {
		size_t length = cursor_u8(in);
		if (length >= 240)
			length = (length - 240) * 256 + cursor_u8(in);
		struct cursor rule = cursor_sub(in, length);
		buf_clear(&hex);
		while (cursor_left(&rule))
			buf_printf(&hex, "%02x", cursor_u8(&rule));
		buf_u8(&hex, 0);
		if (!in->failed)
			heard->ear->rule(heard->context, family, (const char *)hex.data, words);
	}
	buf_fini(&hex);
}

/* `rules`: it is about rules and not about routes. */
static enum ip_family
take_family(const struct heard *heard, struct cursor *in, bool *rules)
{
	uint16_t afi = cursor_u16(in);
	uint8_t safi = cursor_u8(in);
	*rules = safi == SAFI_FLOW && heard->ear->rule;
	if ((safi != 1 && !*rules) || (afi != 1 && afi != 2))
		cursor_fail(in);
	return afi == 1 ? IP_V4 : IP_V6;
}

/* All fields that are there, as words; `next_hop` stands in place of the classic one. */
static void
join(struct buf *out, const struct heard *heard, const struct buf *next_hop,
     const struct buf *link_local)
{
	for (unsigned i = 0; i < FIELDS; i++) {
		const struct buf *words = i == 1   ? next_hop
					  : i == 2 ? link_local
						   : &heard->words[i];
		if (!words->length && i != 0)
			continue;
		buf_printf(out, "%s%s%.*s", out->length ? " " : "", fields[i], (int)words->length,
			   words->length ? (const char *)words->data : "");
	}
	buf_u8(out, 0);
}

static void
tell_reach(struct heard *heard)
{
	struct cursor *in = &heard->reach;
	struct buf next_hop = {0}, link_local = {0}, words = {0};
	bool rules;
	enum ip_family family = take_family(heard, in, &rules);
	size_t length = cursor_u8(in);
	struct cursor hops = cursor_sub(in, length);
	cursor_skip(in, 1);
	if (rules) {
		join(&words, heard, &next_hop, &link_local);
		tell_rules(heard, in, family, (const char *)words.data);
		buf_fini(&words);
		return;
	}
	hear_ip(&next_hop, &hops, length == 4 ? IP_V4 : IP_V6);
	if (cursor_left(&hops))
		hear_ip(&link_local, &hops, IP_V6);
	join(&words, heard, &next_hop, &link_local);
	tell_prefixes(heard, in, family, (const char *)words.data);
	buf_fini(&next_hop);
	buf_fini(&link_local);
	buf_fini(&words);
}

int
route_read(struct cursor body, const struct route_ear *ear, route_told *told, void *context)
{
	struct cursor withdrawn = cursor_sub(&body, cursor_u16(&body));
	struct cursor attrs = cursor_sub(&body, cursor_u16(&body));
	struct heard heard = {.ear = ear, .told = told, .context = context};
	struct buf words = {0}, none = {0};
	bool classic = cursor_left(&withdrawn) || cursor_left(&body);
	while (cursor_left(&attrs))
		hear_attribute(&heard, &attrs, ear->as4);
	tell_prefixes(&heard, &withdrawn, IP_V4, NULL);
	int end = !classic && !heard.any ? IP_V4 : IP_NONE;
	if (heard.has_unreach) {
		bool rules;
		enum ip_family family = take_family(&heard, &heard.unreach, &rules);
		if (!cursor_left(&heard.unreach) && !heard.has_reach && !classic)
			end = (int)family + (rules ? ROUTE_END_OF_RULES : 0);
		if (rules)
			tell_rules(&heard, &heard.unreach, family, NULL);
		else
			tell_prefixes(&heard, &heard.unreach, family, NULL);
	}
	if (heard.has_reach)
		tell_reach(&heard);
	join(&words, &heard, &heard.words[1], &none);
	tell_prefixes(&heard, &body, IP_V4, (const char *)words.data);
	bool failed = body.failed || withdrawn.failed || attrs.failed || heard.reach.failed ||
		      heard.unreach.failed;
	for (unsigned i = 0; i < FIELDS; i++)
		buf_fini(&heard.words[i]);
	buf_fini(&words);
	return failed ? -1 : end;
}
