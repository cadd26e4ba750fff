/* What is checked for a member: the values in force, each with where it is from (the hub's, or the member's own), what
 * the checks want in words, and what the registries know of its AS-SETs. Values are read by the rows of the hub file's
 * schema, so a new row is shown as soon as it is there. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "exchange/bgp/bgp_as_path.h"
#include "exchange/policy/policy_explain.h"
#include "hub/hub_schema.h"
#include "hub/hub_value.h"
#include "view/view_exchange_parts.h"
#include "view/view_text.h"

enum { NAMED_MAX = 12 }; /* of a list in a terminal */

struct sink {
	struct buf *out;
	struct json *json; /* NULL: text */
	struct exchange *x;
	const struct hub_policy *policy; /* in force */
	const struct hub_policy *hub;    /* the hub's, to tell what is the member's own */
};

/* --- values --- */

static void
put_value(struct buf *to, const struct hub *hub, const struct hub_item *item, const void *value)
{
	hub_codecs[item->type]->write(hub, item, value, to);
}

static size_t
list_of(const struct hub_item *item, const void *element, const char **array, size_t *size)
{
	*array = *(const char *const *)((const char *)element + item->at);
	*size = item->type == HUB_TYPE_TABLE ? item->table->size : hub_value_size(item);
	return *(const size_t *)((const char *)element + item->count_at);
}

/* Is the value the same in both? */
static bool
is_inherited(const struct hub_item *item, const void *element, const void *base)
{
	const char *a, *b;
	size_t size;
	if (!item->list)
		return memcmp((const char *)element + item->at, (const char *)base + item->at,
			      item->size) == 0;
	size_t count = list_of(item, element, &a, &size), other = list_of(item, base, &b, &size);
	return count == other && (!count || memcmp(a, b, count * size) == 0);
}

/* An element of a list of mappings, "192.0.2.0/24 64501". */
static void
put_mapping(struct buf *to, const struct hub *hub, const struct hub_item *item, const char *element)
{
	for (size_t i = 0; i < item->table->count; i++) {
		const struct hub_item *inner = &item->table->items[i];
		if (inner->list || inner->type == HUB_TYPE_TABLE ||
		    hub_value_is_none(inner, element + inner->at))
			continue;
		buf_str(to, i ? " " : "");
		put_value(to, hub, inner, element + inner->at);
	}
}

static void
put_element(struct buf *to, const struct hub *hub, const struct hub_item *item, const char *element)
{
	if (item->type == HUB_TYPE_TABLE)
		put_mapping(to, hub, item, element);
	else
		put_value(to, hub, item, element);
}

static void
item_json(struct sink *sink, const char *name, const struct hub_item *item, const void *element,
	  bool own)
{
	struct json *j = sink->json;
	const struct hub *hub = exchange_hub(sink->x);
	struct buf text = {0};
	json_object(j, NULL);
	json_str(j, "item", name);
	if (item->list) {
		const char *array;
		size_t size, count = list_of(item, element, &array, &size);
		json_array(j, "value");
		for (size_t i = 0; i < count; i++) {
			buf_clear(&text);
			put_element(&text, hub, item, array + i * size);
			buf_u8(&text, 0);
			json_str(j, NULL, text.failed ? NULL : (const char *)text.data);
		}
		json_array_end(j);
	} else {
		put_value(&text, hub, item, (const char *)element + item->at);
		buf_u8(&text, 0);
		json_str(j, "value", text.failed ? NULL : (const char *)text.data);
	}
	json_str(j, "from", own ? "own" : "hub");
	json_str(j, "help", item->help);
	json_object_end(j);
	buf_fini(&text);
}

static void
item_text(struct sink *sink, const char *name, const struct hub_item *item, const void *element,
	  bool own)
{
	const struct hub *hub = exchange_hub(sink->x);
	struct buf text = {0};
	if (item->list) {
		const char *array;
		size_t size, count = list_of(item, element, &array, &size);
		for (size_t i = 0; i < count && i < NAMED_MAX; i++) {
			buf_str(&text, i ? ", " : "");
			put_element(&text, hub, item, array + i * size);
		}
		if (count > NAMED_MAX)
			buf_printf(&text, " and %zu more", count - NAMED_MAX);
		else if (!count)
			buf_str(&text, "none");
	} else {
		put_value(&text, hub, item, (const char *)element + item->at);
	}
	buf_u8(&text, 0);
	buf_str(sink->out, own ? "  * " : "    ");
	view_cell(sink->out, name, 25);
	buf_str(sink->out, " ");
	view_wrapped(sink->out, text.failed ? "" : (const char *)text.data, 30, 30);
	buf_fini(&text);
}

static void
items(struct sink *sink, const struct hub_table *table, const void *element, const void *base,
      const char *prefix)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct hub_item *item = &table->items[i];
		char name[64];
		(void)snprintf(name, sizeof(name), "%s%s", prefix, item->key);
		if (item->type == HUB_TYPE_TABLE && !item->list) {
			char inner[64];
			(void)snprintf(inner, sizeof(inner), "%.60s.", name);
			items(sink, item->table, (const char *)element + item->at,
			      (const char *)base + item->at, inner);
			continue;
		}
		bool own = !is_inherited(item, element, base);
		if (sink->json)
			item_json(sink, name, item, element, own);
		else
			item_text(sink, name, item, element, own);
	}
}

/* --- what the checks want --- */

struct wants {
	struct sink *sink;
	struct buf off; /* checks that are not made */
	enum ip_family family;
};

static void
want(void *context, const struct policy_line *line)
{
	struct wants *w = context;
	struct sink *sink = w->sink;
	if (line->outcome == POLICY_SAID)
		return;
	bool off = line->outcome == POLICY_NOT_APPLIED;
	if (sink->json) {
		json_object(sink->json, NULL);
		json_str(sink->json, "family", w->family == IP_V6 ? "ipv6" : "ipv4");
		json_str(sink->json, "check", line->check);
		json_bool(sink->json, "applied", !off);
		json_str(sink->json, "wanted", line->wanted[0] ? line->wanted : NULL);
		json_object_end(sink->json);
	} else if (off) {
		buf_printf(&w->off, "%s%s", w->off.length ? ", " : "", line->check);
	} else if (line->wanted[0]) {
		buf_str(sink->out, "    ");
		view_cell(sink->out, line->check, 25);
		buf_str(sink->out, " ");
		view_wrapped(sink->out, line->wanted, 30, 30);
	}
}

/* What is wanted of a route is asked with one that the member might announce: its values are the judge's own. */
static void
wanted_for(struct sink *sink, const struct hub_member *member, uint32_t session,
	   enum ip_family family)
{
	const struct hub *hub = exchange_hub(sink->x);
	const struct hub_port *port = &hub->ports[hub->sessions[session].port];
	struct bgp_attrs attrs = {.as_hops = 1, .first_as = member->asn, .origin_as = member->asn};
	uint8_t path[6] = {BGP_AS_SEQUENCE, 1};
	uint8_t six[16] = {0x2a};
	struct prefix prefix =
		family == IP_V4 ? prefix_of(ip_v4(0x08000000), 24) : prefix_of(ip_v6(six), 48);
	struct policy_question question = {.session = session, .prefix = &prefix, .attrs = &attrs};
	struct policy_answer answer;
	struct wants w = {.sink = sink, .family = family};
	for (unsigned i = 0; i < 4; i++)
		path[2 + i] = (uint8_t)(member->asn.number >> (24 - 8 * i));
	attrs.as_path = cursor_of(path, sizeof(path));
	attrs.next_hop = family == IP_V4 && port->ipv4.family ? port->ipv4 : port->ipv6;
	if (!sink->json)
		buf_printf(sink->out, "\nWhat its IPv%d routes have to be (%s)\n", family,
			   hub->sessions[session].id);
	if (!policy_explain_in(exchange_policy_to_ask(sink->x), &question, want, &w, &answer))
		sink->out->failed = true;
	if (w.off.length)
		view_label(sink->out, "not checked", &w.off);
	buf_fini(&w.off);
}

static void
wanted(struct sink *sink, const struct hub_member *member)
{
	const struct hub *hub = exchange_hub(sink->x);
	if (sink->json)
		json_array(sink->json, "wanted");
	for (unsigned six = 0; six < 2; six++) {
		for (uint32_t i = 0; i < member->session_count; i++) {
			uint32_t session = member->first_session + i;
			bool offered =
				six ? hub->sessions[session].ipv6 : hub->sessions[session].ipv4;
			if (!offered || exchange_slot_of(sink->x, session) < 0)
				continue;
			wanted_for(sink, member, session, six ? IP_V6 : IP_V4);
			break;
		}
	}
	if (sink->json)
		json_array_end(sink->json);
}

/* --- AS-SETs --- */

static void
set_json(struct json *j, const char *name, enum ip_family family, const struct registry_set *set)
{
	static const char *const states[] = {"fresh", "stale", "held"};
	json_object(j, NULL);
	json_str(j, "name", name);
	json_str(j, "family", family == IP_V6 ? "ipv6" : "ipv4");
	json_str(j, "state", set ? states[registry_set_state(set)] : NULL);
	if (set) {
		json_u64(j, "prefixes", registry_set_prefixes(set));
		json_u64(j, "origins", registry_set_origins(set));
		json_utc(j, "fetched", registry_set_fetched(set));
	} else {
		json_null(j, "prefixes");
		json_null(j, "origins");
		json_null(j, "fetched");
	}
	json_object_end(j);
}

static void
set_text(struct sink *sink, const char *name, enum ip_family family, const struct registry_set *set)
{
	static const char *const states[] = {"", ", stale", ", a newer answer is held"};
	struct buf words = {0};
	char age[VIEW_AGE_TEXT];
	buf_printf(&words, "IPv%d %s: ", family, name);
	if (set)
		buf_printf(&words, "%zu prefixes, %zu origins, asked %s ago%s",
			   registry_set_prefixes(set), registry_set_origins(set),
			   view_age(age, exchange_now(sink->x).s - registry_set_fetched(set).s),
			   states[registry_set_state(set)]);
	else
		buf_str(&words, "nothing is known of it");
	buf_u8(&words, 0);
	buf_str(sink->out, "    ");
	view_wrapped(sink->out, words.failed ? "" : (const char *)words.data, 4, 8);
	buf_fini(&words);
}

static void
as_sets(struct sink *sink, const struct hub_member *member)
{
	const struct registry *registry = exchange_sources(sink->x)->registry;
	char name[REGISTRY_NAME];
	if (sink->json)
		json_array(sink->json, "as_sets");
	else
		buf_str(sink->out, "\nAS-SETs that it announces by\n");
	for (unsigned six = 0; six < 2; six++) {
		enum ip_family family = six ? IP_V6 : IP_V4;
		for (size_t i = 0; registry_member_set(name, member, family, i); i++) {
			const struct registry_set *set =
				registry ? registry_set_find(registry, name, family) : NULL;
			if (sink->json)
				set_json(sink->json, name, family, set);
			else
				set_text(sink, name, family, set);
		}
	}
	if (sink->json)
		json_array_end(sink->json);
}

/* --- its own rules --- */

static void
rule_words(struct buf *out, const struct hub_member_rule *rule)
{
	static const char *const actions[] = {"accept", "deny", "prepend"};
	char text[PREFIX_TEXT];
	buf_str(out, actions[rule->action]);
	if (rule->action == HUB_RULE_PREPEND)
		buf_printf(out, " %u times", rule->prepend);
	if (rule->peer.number)
		buf_printf(out, ", AS%" PRIu32, rule->peer.number);
	if (rule->prefix.ip.family != IP_NONE)
		buf_printf(out, ", inside %s", prefix_format(text, rule->prefix));
}

static void
rules(struct sink *sink, const char *key, const char *title, const struct hub_member_rule *list,
      size_t count)
{
	struct buf words = {0};
	if (sink->json)
		json_array(sink->json, key);
	else if (count)
		buf_printf(sink->out, "\n%s, the first that fits decides\n", title);
	for (size_t i = 0; i < count; i++) {
		buf_clear(&words);
		rule_words(&words, &list[i]);
		buf_u8(&words, 0);
		const char *text = words.failed ? "" : (const char *)words.data;
		if (sink->json)
			json_str(sink->json, NULL, text);
		else
			buf_printf(sink->out, "    %s\n", text);
	}
	if (sink->json)
		json_array_end(sink->json);
	buf_fini(&words);
}

/* --- together --- */

static void
head(struct sink *sink, const struct hub_member *member)
{
	struct json *j = sink->json;
	if (!j) {
		buf_printf(sink->out, "%s\n",
			   member ? member->name : "The hub's policy, which members start from");
		return;
	}
	json_object(j, NULL);
	if (member) {
		json_object(j, "member");
		json_u64(j, "asn", member->asn.number);
		json_str(j, "name", member->name);
		json_object_end(j);
	} else {
		json_null(j, "member");
	}
}

void
view_policy(struct buf *out, struct exchange *x, enum view_form form, uint32_t member_index)
{
	const struct hub *hub = exchange_hub(x);
	const struct hub_member *member =
		member_index == HUB_NONE ? NULL : &hub->members[member_index];
	struct json j = json_to(out);
	struct sink sink = {.out = out,
			    .json = form == VIEW_JSON ? &j : NULL,
			    .x = x,
			    .policy = member ? &member->policy : &hub->policy,
			    .hub = &hub->policy};
	head(&sink, member);
	if (member)
		wanted(&sink, member);
	if (sink.json)
		json_array(&j, "values");
	else
		buf_str(out, member ? "\nValues in force; * is the member's own\n" : "\n");
	items(&sink, &hub_schema_policy, sink.policy, sink.hub, "");
	if (sink.json)
		json_array_end(&j);
	if (member) {
		as_sets(&sink, member);
		rules(&sink, "announce", "To whom its routes go", member->announce,
		      member->announce_count);
		rules(&sink, "receive", "What it wants to have", member->receive,
		      member->receive_count);
	}
	if (!sink.json)
		return;
	json_object_end(&j);
	buf_str(out, "\n");
}
