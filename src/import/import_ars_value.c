/* Values as arouteserver takes them. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "import/import_ars.h"

bool
ars_absent(const struct hub_node *node)
{
	return !node || node->absent ||
	       (node->kind == HUB_NODE_SCALAR && strcasecmp(node->text, "null") == 0);
}

const struct hub_node *
ars_first(struct import *im, const struct hub_node *list)
{
	if (ars_absent(list))
		return NULL;
	if (list->kind == HUB_NODE_LIST)
		return list->first;
	hub_complain(im->report, list->mark, "%s: found %s, expected a list",
		     list->key ? hub_show(list->key).text : "entry",
		     hub_node_kind_name(list->kind));
	return NULL;
}

const char *
ars_text(struct import *im, const struct hub_node *node)
{
	if (node->kind == HUB_NODE_SCALAR)
		return node->text;
	hub_complain(im->report, node->mark, "%s: found %s, expected a value",
		     node->key ? hub_show(node->key).text : "entry",
		     hub_node_kind_name(node->kind));
	return NULL;
}

static void
expected(struct import *im, const struct hub_node *node, const char *what)
{
	/* The key of an element of a list is that of nobody. */
	if (node->key)
		hub_complain(im->report, node->mark, "%s: found \"%s\", expected %s",
			     hub_show(node->key).text, hub_show(node->text).text, what);
	else
		hub_complain(im->report, node->mark, "found \"%s\", expected %s",
			     hub_show(node->text).text, what);
}

bool
ars_bool(struct import *im, const struct hub_node *node, uint32_t *out)
{
	/* What YAML 1.1 takes for a yes or no, and arouteserver besides. */
	static const char *const yes[] = {"true", "yes", "on", "t", "1"};
	static const char *const no[] = {"false", "no", "off", "f", "0"};
	const char *text = ars_text(im, node);
	for (size_t i = 0; text && i < sizeof(yes) / sizeof(yes[0]); i++) {
		if (strcasecmp(text, yes[i]) == 0 || strcasecmp(text, no[i]) == 0) {
			*out = strcasecmp(text, yes[i]) == 0;
			return true;
		}
	}
	if (text)
		expected(im, node, "True or False");
	return false;
}

static bool
digits(const char *text, uint32_t max, uint32_t *out)
{
	uint64_t value = 0;
	if (!*text)
		return false;
	for (; *text; text++) {
		if (!isdigit((unsigned char)*text))
			return false;
		value = value * 10 + (uint64_t)(*text - '0');
		if (value > max)
			return false;
	}
	*out = (uint32_t)value;
	return true;
}

bool
ars_number(struct import *im, const struct hub_node *node, uint32_t max, uint32_t *out)
{
	const char *text = ars_text(im, node);
	if (!text)
		return false;
	if (digits(text, max, out))
		return true;
	expected(im, node, import_printf(im, "a whole number up to %" PRIu32, max));
	return false;
}

bool
ars_asn(struct import *im, const struct hub_node *node, struct asn *out)
{
	const char *text = ars_text(im, node);
	if (text && asn_parse(out, text) == 0 && out->number)
		return true;
	if (text)
		expected(im, node, "an AS number such as 64500");
	return false;
}

bool
ars_ip(struct import *im, const struct hub_node *node, struct ip *out)
{
	const char *text = ars_text(im, node);
	if (text && ip_parse(out, text) == 0)
		return true;
	if (text)
		expected(im, node, "an address");
	return false;
}

void
ars_asns(struct import *im, const struct hub_node *node, struct import_yaml *out)
{
	struct asn asn;
	if (ars_absent(node))
		return;
	if (node->kind == HUB_NODE_LIST) {
		for (const struct hub_node *n = node->first; n; n = n->next)
			if (ars_asn(im, n, &asn))
				(void)import_yaml_word(out, NULL, "%" PRIu32, asn.number);
		return;
	}
	const char *text = ars_text(im, node);
	while (text && *(text += strspn(text, " ,\n\t"))) {
		size_t length = strcspn(text, " ,\n\t");
		const char *word = import_printf(im, "%.*s", (int)length, text);
		text += length;
		if (asn_parse(&asn, word) == 0)
			(void)import_yaml_word(out, NULL, "%" PRIu32, asn.number);
		else
			hub_complain(im->report, node->mark,
				     "%s: found \"%s\", expected AS numbers with commas between "
				     "them",
				     node->key ? hub_show(node->key).text : "list",
				     hub_show(word).text);
	}
}

/* --- entries of prefix lists --- */

struct entry {
	const struct hub_node *prefix, *length, *exact, *ge, *le, *asn, *comment;
};

static bool
find_items(struct import *im, const struct hub_node *node, struct entry *out)
{
	if (node->kind != HUB_NODE_MAP) {
		hub_complain(im->report, node->mark,
			     "found %s, expected a mapping with prefix and length",
			     hub_node_kind_name(node->kind));
		return false;
	}
	*out = (struct entry){0};
	const struct {
		const char *key;
		const struct hub_node **at;
	} items[] = {
		{"prefix", &out->prefix},   {"length", &out->length}, {"exact", &out->exact},
		{"ge", &out->ge},           {"le", &out->le},         {"asn", &out->asn},
		{"comment", &out->comment},
	};
	enum { ITEMS = sizeof(items) / sizeof(items[0]) };
	for (const struct hub_node *child = node->first; child; child = child->next) {
		size_t i = 0;
		while (i < ITEMS && strcmp(items[i].key, child->key) != 0)
			i++;
		if (i < ITEMS && !ars_absent(child))
			*items[i].at = child;
		else if (i == ITEMS && strcmp(child->key, "max_length") != 0)
			import_note(im, IMPORT_UNKNOWN, child->key_mark,
				    "%s: not a key of an entry of a prefix list",
				    hub_show(child->key).text);
	}
	if (out->prefix && out->length)
		return true;
	hub_complain(im->report, node->mark, "\"%s\" is missing from this entry of a prefix list",
		     out->prefix ? "length" : "prefix");
	return false;
}

static bool
read_lengths(struct import *im, const struct entry *e, struct prefix_rule *rule)
{
	uint32_t bits = ip_bits((enum ip_family)rule->prefix.ip.family);
	uint32_t exact = 0, min = rule->prefix.length, max = bits;
	if (e->exact && !ars_bool(im, e->exact, &exact))
		return false;
	if (exact)
		max = min;
	if ((e->ge && !ars_number(im, e->ge, bits, &min)) ||
	    (e->le && !ars_number(im, e->le, bits, &max)))
		return false;
	if (min < rule->prefix.length || min > max) {
		hub_complain(im->report,
			     (e->le   ? e->le
			      : e->ge ? e->ge
				      : e->prefix)
				     ->mark,
			     "found lengths from %" PRIu32 " to %" PRIu32
			     ", expected them to grow from %u on",
			     min, max, rule->prefix.length);
		return false;
	}
	rule->min_length = (uint8_t)min;
	rule->max_length = (uint8_t)max;
	return true;
}

bool
ars_prefix(struct import *im, const struct hub_node *node, struct ars_prefix *out)
{
	struct entry e;
	struct ip ip;
	uint32_t length;
	char text[PREFIX_TEXT];
	*out = (struct ars_prefix){0};
	if (!find_items(im, node, &e) || !ars_ip(im, e.prefix, &ip) ||
	    !ars_number(im, e.length, ip_bits((enum ip_family)ip.family), &length))
		return false;
	out->rule.prefix = prefix_of(ip, length);
	if (!ip_equal(out->rule.prefix.ip, ip))
		import_note(im, IMPORT_CHANGED, e.prefix->mark,
			    "prefix: found %s with bits set behind the length; it is %s",
			    hub_show(e.prefix->text).text, prefix_format(text, out->rule.prefix));
	if (e.asn && !ars_asn(im, e.asn, &out->asn))
		return false;
	if (e.comment && e.comment->kind == HUB_NODE_SCALAR)
		out->comment = import_clean(im, e.comment->text, 200);
	return read_lengths(im, &e, &out->rule);
}

const char *
ars_rule_text(struct import *im, const struct prefix_rule *rule)
{
	char text[PREFIX_TEXT];
	unsigned bits = ip_bits((enum ip_family)rule->prefix.ip.family);
	(void)prefix_format(text, rule->prefix);
	if (rule->min_length == rule->prefix.length && rule->max_length == rule->prefix.length)
		return import_printf(im, "%s", text);
	if (rule->min_length == rule->prefix.length && rule->max_length == bits)
		return import_printf(im, "%s+", text);
	return import_printf(im, "%s{%u,%u}", text, rule->min_length, rule->max_length);
}
