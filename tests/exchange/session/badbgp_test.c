/* A neighbour that speaks wrongly: each of the cases in data/badbgp.jsonl and badbgp_more.jsonl gets
 * the reaction that the RFCs want, and no harder one. Each is played whole, octet by octet, and with
 * its last attribute moved to the front. */
#include <jansson.h>

#include "exchange/bgp/bgp_attrs.h"
#include "neighbour.h"
#include "tap.h"

struct play {
	json_t *json;
	struct neighbour n;
	bool by_octet, rotated;
	struct prefix probe, canary;
	struct buf base;
};

static const char *
str(const struct play *p, const char *key)
{
	const char *text = json_string_value(json_object_get(p->json, key));
	return text ? text : "";
}

static bool
has_cap(const struct play *p, const char *word)
{
	return strstr(str(p, "caps"), word) != NULL;
}

/* The placeholders of the cases, all of fixed size. */
static void
fill_in(struct buf *out, const char *hex)
{
	static const struct {
		const char *name, *hex;
	} values[] = {
		{"{NH6}", "20010db8000000000000000000000002"},
		{"{NH}", "c0000202"},
		{"{AS2}", "fde9"},
		{"{AS4}", "0000fde9"},
		{"{DID}", "c6336401"},
		{"{OWN}", "c0000201"},
		{"{P6}", "20010db80007"},
		{"{P}", "c61207"},
	};
	struct buf text = {0};
	while (*hex) {
		size_t i = 0;
		const size_t count = sizeof(values) / sizeof(values[0]);
		while (i < count && strncmp(hex, values[i].name, strlen(values[i].name)) != 0)
			i++;
		if (i < count) {
			buf_str(&text, values[i].hex);
			hex += strlen(values[i].name);
		} else {
			buf_u8(&text, (uint8_t)*hex++);
		}
	}
	for (size_t i = 0; i + 1 < text.length; i += 2) {
		char pair[3] = {(char)text.data[i], (char)text.data[i + 1], 0};
		buf_u8(out, (uint8_t)strtoul(pair, NULL, 16));
	}
	buf_fini(&text);
}

/* Moves the last attribute of an UPDATE to the front; false if the list is not a whole one. */
static bool
rotate(struct buf *message)
{
	struct cursor c = cursor_of(message->data, message->length);
	cursor_skip(&c, 18);
	if (cursor_u8(&c) != BGP_UPDATE)
		return false;
	cursor_skip(&c, cursor_u16(&c));
	struct cursor list = cursor_sub(&c, cursor_u16(&c));
	const uint8_t *first = list.at, *last = NULL;
	if (list.failed)
		return false;
	while (cursor_left(&list)) {
		last = list.at;
		uint8_t flags = cursor_u8(&list);
		cursor_skip(&list, 1);
		cursor_skip(&list,
			    flags & BGP_FLAG_EXTENDED ? cursor_u16(&list) : cursor_u8(&list));
	}
	if (list.failed || !last || last == first)
		return false;
	size_t at = (size_t)(first - message->data), lead = (size_t)(last - first);
	size_t rest = (size_t)(list.at - last);
	uint8_t *copy = malloc(lead);
	if (!copy)
		abort();
	memcpy(copy, first, lead);
	memmove(message->data + at, last, rest);
	memcpy(message->data + at + rest, copy, lead);
	free(copy);
	return true;
}

static void
say(struct play *p, const struct buf *octets)
{
	size_t step = p->by_octet ? 1 : octets->length;
	for (size_t at = 0; at < octets->length; at += step)
		neighbour_send(&p->n, SESSION_IN, octets->data + at, step);
}

static void
announce(struct play *p, struct prefix prefix)
{
	struct bgp_writer w;
	struct buf attrs = {0}, out = {0};
	bool as4 = !has_cap(p, "noas4");
	const uint8_t path4[] = {2, 1, 0, 0, 0xfd, 0xe9}, path2[] = {2, 1, 0xfd, 0xe9};
	const uint8_t origin = 0;
	bgp_attr_put(&attrs, 0x40, 1, cursor_of(&origin, 1));
	bgp_attr_put(&attrs, 0x40, 2,
		     as4 ? cursor_of(path4, sizeof(path4)) : cursor_of(path2, sizeof(path2)));
	struct bgp_route_attrs route = {.next_hop = ip_v4(0xc0000202)};
	if (prefix.ip.family == IP_V4)
		bgp_attr_put(&attrs, 0x40, 3, cursor_of(route.next_hop.octets, 4));
	else
		(void)ip_parse(&route.next_hop, "2001:db8::2");
	route.attrs = attrs.data;
	route.length = attrs.length;
	struct bgp_form form = {.max = BGP_MAX, .add_path = has_cap(p, "addpath")};
	if (bgp_announce_begin(&w, &out, (enum ip_family)prefix.ip.family, form, &route) < 0)
		abort();
	bgp_writer_add(&w, prefix, 1);
	(void)bgp_writer_end(&w);
	say(p, &out);
	buf_fini(&attrs);
	buf_fini(&out);
}

static void
send_case(struct play *p, bool *rotated)
{
	json_t *item;
	size_t i;
	*rotated = false;
	json_array_foreach(json_object_get(p->json, "send"), i, item)
	{
		struct buf octets = {0};
		fill_in(&octets, json_string_value(item));
		if (p->rotated)
			*rotated |= rotate(&octets);
		say(p, &octets);
		buf_fini(&octets);
	}
}

/* The value of an attribute of a route that is sent on. */
static bool
find_attribute(struct cursor *value, const struct buf *attrs, int wanted)
{
	struct cursor c = cursor_of(attrs->data, attrs->length);
	while (cursor_left(&c)) {
		uint8_t flags = cursor_u8(&c), type = cursor_u8(&c);
		*value = cursor_sub(&c, flags & BGP_FLAG_EXTENDED ? cursor_u16(&c) : cursor_u8(&c));
		if (type == wanted)
			return true;
	}
	return false;
}

static const char *
observe_route(struct play *p)
{
	struct known_route *route = neighbour_find(&p->n, p->probe);
	json_t *attr = json_object_get(p->json, "attr");
	struct cursor value;
	if (!neighbour_find(&p->n, p->canary))
		return "stuck";
	if (!route)
		return "withdraw";
	if (route->attrs.length == p->base.length &&
	    memcmp(route->attrs.data, p->base.data, p->base.length) == 0)
		return "ignore";
	if (!json_is_integer(attr))
		return "accept";
	if (!find_attribute(&value, &route->attrs, (int)json_integer_value(attr)))
		return "discard-attr";
	struct buf wanted = {0};
	bool as_wanted = true;
	if (json_is_string(json_object_get(p->json, "want")) && !p->rotated) {
		fill_in(&wanted, str(p, "want"));
		as_wanted = cursor_left(&value) == wanted.length &&
			    (!wanted.length || memcmp(value.at, wanted.data, wanted.length) == 0);
	}
	buf_fini(&wanted);
	return as_wanted ? "accept" : "accept-modified";
}

static struct bgp_open
attacker_open(const struct play *p)
{
	struct bgp_open open = neighbour_open();
	open.capabilities.as4 = !has_cap(p, "noas4");
	open.capabilities.extended_messages = has_cap(p, "ext");
	open.capabilities.enhanced_refresh = has_cap(p, "err");
	open.capabilities.extended_next_hop = has_cap(p, "enh");
	open.capabilities.flow_ipv4 = has_cap(p, "flow");
	open.capabilities.add_path_ipv4 = has_cap(p, "addpath") ? BGP_ADD_PATH_SEND : 0;
	return open;
}

/* What we offer, to whom the case is for. */
static struct session_config
our_config(const struct play *p)
{
	struct session_config config = neighbour_config();
	config.passive = true;
	config.enhanced_refresh = has_cap(p, "err");
	config.extended_next_hop = has_cap(p, "enh");
	config.flow_ipv4 = has_cap(p, "flow");
	config.add_path_ipv4 = has_cap(p, "addpath") ? BGP_ADD_PATH_RECEIVE : 0;
	config.role = has_cap(p, "role") ? BGP_ROLE_RS : BGP_ROLE_NONE;
	return config;
}

static const char *
play_update(struct play *p, char text[32])
{
	bool rotated;
	struct bgp_open open = attacker_open(p);
	if (!neighbour_establish(&p->n, &open))
		return "no-session";
	announce(p, p->probe);
	struct known_route *route = neighbour_find(&p->n, p->probe);
	if (!route)
		return "no-baseline";
	buf_put(&p->base, route->attrs.data, route->attrs.length);
	send_case(p, &rotated);
	if (p->rotated && !rotated)
		return NULL;
	const char *end = neighbour_end(&p->n, SESSION_IN, text);
	if (end)
		return end;
	announce(p, p->canary);
	end = neighbour_end(&p->n, SESSION_IN, text);
	return end ? end : observe_route(p);
}

static const char *
play_open(struct play *p, char text[32])
{
	bool rotated;
	session_start(p->n.session, p->n.now);
	if (p->rotated || !neighbour_connect_in(&p->n))
		return NULL;
	send_case(p, &rotated);
	const char *end = neighbour_end(&p->n, SESSION_IN, text);
	if (end)
		return end;
	neighbour_send_keepalive(&p->n, SESSION_IN);
	return p->n.up ? "accept" : "stuck";
}

static bool
allowed(const struct play *p, const char *observed)
{
	json_t *item;
	size_t i;
	if (strcmp(observed, str(p, "expect")) == 0)
		return true;
	json_array_foreach(json_object_get(p->json, "alt"), i,
			   item) if (strcmp(observed, json_string_value(item)) == 0) return true;
	return false;
}

static void
play(json_t *json, bool by_octet, bool rotated)
{
	struct play p = {.json = json, .by_octet = by_octet, .rotated = rotated};
	struct session_config config = our_config(&p);
	bool six = json_integer_value(json_object_get(json, "afi")) == 6;
	char text[32];
	neighbour_init(&p.n, &config);
	(void)prefix_parse(&p.probe, six ? "2001:db8:7::/48" : "198.18.7.0/24");
	(void)prefix_parse(&p.canary, "198.19.7.0/24");
	bool in_update = strcmp(str(&p, "phase"), "update") == 0;
	const char *observed = in_update ? play_update(&p, text) : play_open(&p, text);
	if (observed) {
		ok(allowed(&p, observed), "%s %s%s: %s (%s)", str(&p, "id"), str(&p, "name"),
		   by_octet  ? ", octet by octet"
		   : rotated ? ", bad attribute first"
			     : "",
		   str(&p, "expect"), str(&p, "ref"));
		if (!allowed(&p, observed))
			printf("# observed %s\n", observed);
	}
	neighbour_fini(&p.n);
	buf_fini(&p.base);
}

static void
play_all(const char *file, unsigned expected)
{
	FILE *f = fopen(file, "r");
	char *line = NULL;
	size_t size = 0;
	unsigned count = 0;
	if (!ok(f != NULL, "%s is there", file))
		return;
	while (getline(&line, &size, f) > 0) {
		json_t *json = json_loads(line, 0, NULL);
		if (!json)
			continue;
		count++;
		play(json, false, false);
		play(json, true, false);
		if (!json_is_false(json_object_get(json, "turn")))
			play(json, false, true);
		json_decref(json);
	}
	ok(count == expected, "all %u cases of %s were played", expected, file);
	free(line);
	fclose(f);
}

int
main(void)
{
	play_all("tests/exchange/data/badbgp.jsonl", 109);
	play_all("tests/exchange/data/badbgp_more.jsonl", 667);
	return done_testing();
}
