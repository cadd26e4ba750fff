/* arouteserver's communities as patterns of a hub file. Nothing of a profile is taken: the operator's
 * own values, all of them, and no others. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/hub_community.h"
#include "import/import_ars.h"

enum what {
	CONTROL, /* an action */
	IRR,     /* one of the codes of tell-irr */
	RPKI,    /* of tell-rpki */
	REASON,
	ANNOUNCER,
	NOTHING, /* no counterpart */
};

static const char untold_state[] = "the state of ASPA is not told; `sarai explain` says it";

static const struct row {
	const char *name, *action;
	uint8_t what, prepend;
	uint16_t euro_ix, ars; /* IRR, RPKI: the number it has in either set of codes */
	const char *why;       /* NOTHING */
} rows[] = {
	{"prefix_present_in_as_set", "tell-irr", .what = IRR, .ars = 11},
	{"prefix_not_present_in_as_set", "tell-irr", .what = IRR, .ars = 10},
	{"origin_present_in_as_set", "tell-irr", .what = IRR, .ars = 21},
	{"origin_not_present_in_as_set", "tell-irr", .what = IRR, .ars = 20},
	{"prefix_validated_via_rpki_roas", "tell-irr", .what = IRR, .ars = 31},
	{"route_validated_via_white_list", "tell-irr", .what = IRR, .ars = 41},
	{"prefix_validated_via_arin_whois_db_dump", "tell-irr", .what = IRR, .ars = 32},
	{"prefix_validated_via_registrobr_whois_db_dump", "tell-irr", .what = IRR, .ars = 33},
	{"rpki_bgp_origin_validation_not_performed", "tell-rpki", .what = RPKI, .euro_ix = 3,
	 .ars = 50},
	{"rpki_bgp_origin_validation_valid", "tell-rpki", .what = RPKI, .euro_ix = 1, .ars = 51},
	{"rpki_bgp_origin_validation_unknown", "tell-rpki", .what = RPKI, .euro_ix = 2, .ars = 52},
	{"rpki_bgp_origin_validation_invalid", "tell-rpki", .what = RPKI, .euro_ix = 4, .ars = 53},
	{"rpki_aspa_verification_not_performed", NULL, .what = NOTHING, .why = untold_state},
	{"rpki_aspa_verification_valid", NULL, .what = NOTHING, .why = untold_state},
	{"rpki_aspa_verification_unknown", NULL, .what = NOTHING, .why = untold_state},
	{"rpki_aspa_verification_invalid", NULL, .what = NOTHING, .why = untold_state},
	/* before 0.17 */
	{"roa_valid", "tell-rpki", .what = RPKI, .euro_ix = 1, .ars = 51},
	{"roa_unknown", "tell-rpki", .what = RPKI, .euro_ix = 2, .ars = 52},
	{"roa_invalid", "tell-rpki", .what = RPKI, .euro_ix = 4, .ars = 53},
	{"blackholing", "blackhole", .what = CONTROL},
	{"do_not_announce_to_any", "do-not-announce-to-any", .what = CONTROL},
	{"do_not_announce_to_peer", "do-not-announce-to", .what = CONTROL},
	{"announce_to_peer", "announce-to", .what = CONTROL},
	{"do_not_announce_to_peers_with_rtt_lower_than", "do-not-announce-faster", .what = CONTROL},
	{"do_not_announce_to_peers_with_rtt_higher_than", "do-not-announce-slower",
	 .what = CONTROL},
	{"announce_to_peers_with_rtt_lower_than", "announce-faster", .what = CONTROL},
	{"announce_to_peers_with_rtt_higher_than", "announce-slower", .what = CONTROL},
	{"prepend_once_to_any", "prepend-to-any", .what = CONTROL, .prepend = 1},
	{"prepend_twice_to_any", "prepend-to-any", .what = CONTROL, .prepend = 2},
	{"prepend_thrice_to_any", "prepend-to-any", .what = CONTROL, .prepend = 3},
	{"prepend_once_to_peer", "prepend-to", .what = CONTROL, .prepend = 1},
	{"prepend_twice_to_peer", "prepend-to", .what = CONTROL, .prepend = 2},
	{"prepend_thrice_to_peer", "prepend-to", .what = CONTROL, .prepend = 3},
	{"prepend_once_to_peers_with_rtt_lower_than", "prepend-faster", .what = CONTROL,
	 .prepend = 1},
	{"prepend_twice_to_peers_with_rtt_lower_than", "prepend-faster", .what = CONTROL,
	 .prepend = 2},
	{"prepend_thrice_to_peers_with_rtt_lower_than", "prepend-faster", .what = CONTROL,
	 .prepend = 3},
	{"prepend_once_to_peers_with_rtt_higher_than", "prepend-slower", .what = CONTROL,
	 .prepend = 1},
	{"prepend_twice_to_peers_with_rtt_higher_than", "prepend-slower", .what = CONTROL,
	 .prepend = 2},
	{"prepend_thrice_to_peers_with_rtt_higher_than", "prepend-slower", .what = CONTROL,
	 .prepend = 3},
	{"add_noexport_to_any", "no-export-to-any", .what = CONTROL},
	{"add_noadvertise_to_any", "no-advertise-to-any", .what = CONTROL},
	{"add_noexport_to_peer", "no-export-to", .what = CONTROL},
	{"add_noadvertise_to_peer", "no-advertise-to", .what = CONTROL},
	{"reject_cause", "tell-reason", .what = REASON},
	{"rejected_route_announced_by", "tell-announcer", .what = ANNOUNCER},
};

enum { NOT_CHECKED = 50 }; /* its number for "origin validation was not performed" */

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* The last number of RS:1101:n for a code of arouteserver; 0: there is none. */
static const uint8_t reason_of[] = {[1] = 5,  [2] = 3,  [5] = 8,  [6] = 7,  [7] = 4,
				    [8] = 14, [9] = 10, [10] = 3, [12] = 9, [14] = 13};

/* What is written, cut at its colons. */
struct value {
	const char *parts[3]; /* as a hub file has them; of `ext` the first is rt or ro */
	unsigned count;
	bool number;   /* the last part is one ... */
	uint32_t last; /* ... and it is this */
};

/* A pattern that was put. */
struct taken {
	const char *text, *action;
	unsigned prepend;
	bool ars_codes, has_value; /* it has a value instead of a P, */
	uint32_t value;            /* which is this */
	const char *heard_by;      /* NULL: collectors, as of all others */
	struct hub_mark at;
	struct taken *next;
};

struct state {
	struct import *im;
	const struct ars_settings *s;
	struct import_yaml *own;
	struct taken *taken;
	struct hub_mark at; /* of what is being read */
	uint32_t rs_as;
	unsigned irr_told[3], rpki_told[3]; /* by form: values that are told */
};

static const char *const forms[] = {"std", "lrg", "ext"};

static bool
read_part(struct state *st, const struct hub_node *node, const char *text, size_t length,
	  bool first, struct value *out)
{
	const char *part = import_printf(st->im, "%.*s", (int)length, text);
	bool all_digits = *part != '\0';
	for (const char *c = part; *c; c++)
		all_digits &= isdigit((unsigned char)*c) != 0;
	out->number = all_digits && strlen(part) <= 10;
	if (strcmp(part, "rs_as") == 0)
		part = "RS";
	else if (strcmp(part, "peer_as") == 0 || strcmp(part, "dyn_val") == 0)
		part = "P";
	else if (!out->number && !(first && (strcmp(part, "rt") == 0 || strcmp(part, "ro") == 0))) {
		hub_complain(
			st->im->report, node->mark,
			"found \"%s\", expected numbers, rs_as, peer_as or dyn_val with colons "
			"between them",
			hub_show(node->text).text);
		return false;
	}
	if (out->number)
		out->last = (uint32_t)strtoul(part, NULL, 10);
	out->parts[out->count++] = part;
	return true;
}

/* Reads "rs_as:0:peer_as". */
static bool
read_value(struct state *st, const struct hub_node *node, unsigned form, struct value *out)
{
	const char *text = ars_text(st->im, node);
	unsigned parts = form == 0 ? 2 : 3;
	*out = (struct value){0};
	if (!text)
		return false;
	while (out->count < parts) {
		size_t length = strcspn(text, ":");
		bool last = text[length] == '\0';
		size_t start = strspn(text, " "), end = length;
		while (end > start && text[end - 1] == ' ')
			end--;
		if (last != (out->count + 1 == parts))
			break;
		if (!read_part(st, node, text + start, end > start ? end - start : 0,
			       form == 2 && out->count == 0, out))
			return false;
		text += length + !last;
	}
	if (out->count == parts)
		return true;
	hub_complain(st->im->report, node->mark, "found \"%s\", expected %s",
		     hub_show(node->text).text,
		     form == 0   ? "two numbers with a colon between them"
		     : form == 1 ? "three numbers with colons between them"
				 : "rt or ro and two numbers with colons between them");
	return false;
}

/* The pattern with `last` for its last part. */
static const char *
pattern(struct state *st, const struct value *v, const char *last)
{
	if (v->count == 2)
		return import_printf(st->im, "%s:%s", v->parts[0], last ? last : v->parts[1]);
	return import_printf(st->im, "%s:%s:%s", v->parts[0], v->parts[1],
			     last ? last : v->parts[2]);
}

/* A pattern means one thing; only what is told may share one, as its numbers do not meet. True if it
 * is there already, or must not be. */
static bool
is_taken(struct state *st, const struct taken *new)
{
	bool tells = strncmp(new->action, "tell-", 5) == 0;
	for (const struct taken *t = st->taken; t; t = t->next) {
		if (strcmp(t->text, new->text) != 0)
			continue;
		if (strcmp(t->action, new->action) == 0 && t->prepend == new->prepend &&
		    t->ars_codes == new->ars_codes && t->has_value == new->has_value &&
		    t->value == new->value)
			return true;
		if (tells && strncmp(t->action, "tell-", 5) == 0)
			continue;
		hub_complain(st->im->report, new->at,
			     "found \"%s\", which means %s at line %u already", new->text,
			     t->action, t->at.line);
		return true;
	}
	return false;
}

static void
put_pattern(struct state *st, struct taken what)
{
	const char *text = what.text;
	struct hub_community parsed;
	struct taken *new = import_take(st->im, sizeof(*new));
	*new = what;
	new->at = st->at;
	new->next = st->taken;
	if (hub_community_parse(&parsed, text) < 0) {
		hub_complain(st->im->report, st->at,
			     "found \"%s\", whose numbers do not fit a community of its form",
			     text);
		return;
	}
	if (!hub_community_fits(&parsed, (struct asn){st->rs_as})) {
		import_note(
			st->im, IMPORT_LEFT_OUT, st->at,
			"cfg.communities: \"%s\": the hub's AS number does not fit a community of "
			"this form",
			text);
		return;
	}
	if (is_taken(st, new))
		return;
	st->taken = new;
	struct import_yaml *map = import_yaml_flow_map(st->own, NULL);
	(void)import_yaml_word(map, "action", "%s", what.action);
	(void)import_yaml_word(map, "pattern", "%s", text);
	if (what.prepend)
		(void)import_yaml_word(map, "prepend", "%u", what.prepend);
	if (what.ars_codes)
		(void)import_yaml_word(map, "codes", "arouteserver");
	if (what.has_value)
		(void)import_yaml_word(map, "value", "%" PRIu32, what.value);
	if (what.heard_by)
		(void)import_yaml_word(map, "heard_by", "%s", what.heard_by);
}

static void
put(struct state *st, const char *action, const char *text)
{
	put_pattern(st, (struct taken){.text = text, .action = action});
}

/* Members are told no reasons there, not even of what is tagged only. */
static void
put_reason(struct state *st, const char *text, bool ars_codes, uint32_t value)
{
	put_pattern(st, (struct taken){.text = text,
				       .action = "tell-reason",
				       .ars_codes = ars_codes,
				       .has_value = value != 0,
				       .value = value,
				       .heard_by = "collectors"});
}

/* Nobody says it here; but a member that says it must not be believed either. */
static void
put_internal(struct state *st, const struct hub_node *node, const char *name, const struct value *v,
	     const char *why)
{
	import_note(st->im, IMPORT_NO_COUNTERPART, node->mark,
		    "cfg.communities.%s: %s; it is taken from no member and told to none", name,
		    why);
	put(st, "internal", pattern(st, v, NULL));
}

static bool
has_p(const struct value *v)
{
	for (unsigned i = 0; i < v->count; i++)
		if (strcmp(v->parts[i], "P") == 0)
			return true;
	return false;
}

/* A number that means the same in one of the sets of codes; else a pattern for that number alone. */
static void
put_code(struct state *st, const struct hub_node *node, const struct row *row,
	 const struct value *v, unsigned form)
{
	bool ars = v->number && row->ars && v->last == row->ars;
	bool euro_ix = v->number && row->euro_ix && v->last == row->euro_ix;
	if (has_p(v)) {
		put_internal(st, node, row->name, v, "it has a variable part, and nothing to say");
		return;
	}
	bool other = !ars && !euro_ix;
	/* The state of RPKI does not leave that route server, but for its absence. */
	bool to_members = row->what == IRR ? st->s->values[ARS_TAG_AS_SET].number
					   : !st->s->values[ARS_ROV].number;
	if (row->ars == NOT_CHECKED && st->s->values[ARS_ROV].number)
		import_note(
			st->im, IMPORT_CHANGED, node->mark,
			"cfg.communities.%s: members do not hear it on blackholes; collectors do",
			row->name);
	put_pattern(st, (struct taken){.text = pattern(st, v, other ? NULL : "P"),
				       .action = row->action,
				       .ars_codes = ars || other,
				       .has_value = other,
				       .value = row->ars,
				       .heard_by = to_members ? "members" : NULL});
	if (!other)
		++(row->what == IRR ? st->irr_told : st->rpki_told)[form];
}

/* A pattern tells all of its numbers; arouteserver those only that were given a value. */
static void
say_more_is_told(struct state *st, struct hub_mark at)
{
	enum { IRR_CODES = 6, RPKI_CODES = 4 };
	for (unsigned form = 0; form < 3; form++) {
		if (st->irr_told[form] && st->irr_told[form] < IRR_CODES)
			import_note(
				st->im, IMPORT_CHANGED, at,
				"cfg.communities: of prefix_..., origin_... and "
				"route_validated_via_white_list all are told in the form %s, with "
				"10, 11, 20, 21, 31 and 41, not only those that have a value",
				forms[form]);
		if (st->rpki_told[form] && st->rpki_told[form] < RPKI_CODES)
			import_note(
				st->im, IMPORT_CHANGED, at,
				"cfg.communities: of rpki_bgp_origin_validation_... all four are "
				"told in the form %s, not only those that have a value",
				forms[form]);
	}
}

static void
put_row(struct state *st, const struct hub_node *node, const struct row *row, unsigned form)
{
	struct value v;
	if (!read_value(st, node, form, &v))
		return;
	switch ((enum what)row->what) {
	case CONTROL:
		put_pattern(st, (struct taken){.text = pattern(st, &v, NULL),
					       .action = row->action,
					       .prepend = row->prepend});
		return;
	case IRR:
	case RPKI:
		put_code(st, node, row, &v, form);
		return;
	case REASON:
		put_reason(st, pattern(st, &v, "P"), true, 0);
		put(st, "tell-refused", pattern(st, &v, "0"));
		return;
	case ANNOUNCER:
		put(st, row->action, pattern(st, &v, "P"));
		return;
	case NOTHING:
		put_internal(st, node, row->name, &v, row->why);
		return;
	}
}

/* Calls for each form of a community that has a value. */
static void
each_form(struct state *st, const struct hub_node *map, const char *name,
	  void (*act)(struct state *, const struct hub_node *, const void *, unsigned),
	  const void *context)
{
	if (ars_absent(map))
		return;
	if (map->kind != HUB_NODE_MAP) {
		hub_complain(st->im->report, map->mark,
			     "%s: found %s, expected a mapping of std, lrg and ext", name,
			     hub_node_kind_name(map->kind));
		return;
	}
	for (const struct hub_node *child = map->first; child; child = child->next) {
		unsigned form = 0;
		while (form < 3 && strcmp(forms[form], child->key) != 0)
			form++;
		if (form == 3)
			import_note(st->im, IMPORT_UNKNOWN, child->key_mark,
				    "cfg.communities.%s.%s: not a form of communities; there are "
				    "std, lrg and ext",
				    name, hub_show(child->key).text);
		else if (!ars_absent(child)) {
			st->at = child->mark;
			act(st, child, context, form);
		}
	}
}

static void
act_row(struct state *st, const struct hub_node *node, const void *context, unsigned form)
{
	put_row(st, node, context, form);
}

/* One of reject_cause_map: the Euro-IX number of the same reason, or a value of its own. */
static void
act_reason(struct state *st, const struct hub_node *node, const void *context, unsigned form)
{
	uint32_t code = *(const uint32_t *)context;
	uint32_t euro_ix = code < sizeof(reason_of) ? reason_of[code] : 0;
	struct value v;
	if (!read_value(st, node, form, &v))
		return;
	if (euro_ix && v.number && v.last == euro_ix)
		put_reason(st, pattern(st, &v, "P"), false, 0);
	else if (code && !has_p(&v))
		put_reason(st, pattern(st, &v, NULL), true, code);
	else
		put_internal(st, node, "reject_cause_map", &v,
			     import_printf(st->im, "code %" PRIu32 " is not told with this value",
					   code));
}

static void
put_reason_map(struct state *st, const struct hub_node *map)
{
	if (ars_absent(map))
		return;
	if (map->kind != HUB_NODE_MAP) {
		hub_complain(st->im->report, map->mark,
			     "reject_cause_map: found %s, expected a mapping of reject codes",
			     hub_node_kind_name(map->kind));
		return;
	}
	for (const struct hub_node *child = map->first; child; child = child->next) {
		char *end;
		unsigned long code = strtoul(child->key, &end, 10);
		uint32_t number = code > UINT16_MAX ? UINT16_MAX : (uint32_t)code;
		if (!isdigit((unsigned char)child->key[0]) || *end)
			hub_complain(st->im->report, child->key_mark,
				     "reject_cause_map: found \"%s\", expected a reject code",
				     hub_show(child->key).text);
		else
			each_form(st, child, "reject_cause_map", act_reason, &number);
	}
}

static void
put_known(struct state *st, const struct hub_node *child)
{
	struct hub_nearest nearest = {.word = child->key};
	for (size_t i = 0; i < ROWS; i++) {
		if (strcmp(rows[i].name, child->key) == 0) {
			each_form(st, child, rows[i].name, act_row, &rows[i]);
			return;
		}
		hub_nearest_offer(&nearest, rows[i].name);
	}
	if (strcmp(child->key, "reject_cause_map") == 0)
		put_reason_map(st, child);
	else
		import_note(st->im, IMPORT_UNKNOWN, child->key_mark,
			    "cfg.communities.%s: not a community of arouteserver%s%s%s",
			    hub_show(child->key).text, nearest.best ? "; did you mean \"" : "",
			    nearest.best ? nearest.best : "", nearest.best ? "\"?" : "");
}

/* One of custom_communities, in one form. */
struct custom {
	struct ars_custom *to;
	const char *name;
};

/* Does the community ask for something here? */
static bool
asks(struct state *st, const struct hub_community *c)
{
	struct hub_community other;
	for (const struct taken *t = st->taken; t; t = t->next)
		if (strncmp(t->action, "tell-", 5) != 0 && strcmp(t->action, "internal") != 0 &&
		    hub_community_parse(&other, t->text) == 0 &&
		    hub_community_covers(&other, c, (struct asn){st->rs_as}))
			return true;
	return false;
}

static void
act_custom(struct state *st, const struct hub_node *node, const void *context, unsigned form)
{
	const struct custom *custom = context;
	struct hub_community c = {0};
	struct value v;
	if (!read_value(st, node, form, &v))
		return;
	const char *text = pattern(st, &v, NULL);
	bool good = !has_p(&v) && hub_community_parse(&c, text) == 0 &&
		    hub_community_fits(&c, (struct asn){st->rs_as}) &&
		    strncmp(text, "65535:", 6) != 0;
	if (!good || asks(st, &c)) {
		import_note(st->im, IMPORT_NO_COUNTERPART, node->mark,
			    "cfg.custom_communities.%s: \"%s\" %s, and is not put on routes",
			    custom->name, text,
			    good ? "is what members ask with" : "is no community of the hub's own");
		return;
	}
	struct import_text *more = import_take(st->im, sizeof(*more));
	*more = (struct import_text){.text = text};
	if (custom->to->texts.last)
		custom->to->texts.last->next = more;
	else
		custom->to->texts.first = more;
	custom->to->texts.last = more;
	/* Nobody else says it, whether it is attached to anything or not. */
	put(st, "internal", text);
}

static struct ars_custom *
read_custom(struct state *st)
{
	const struct hub_node *map = st->s->values[ARS_CUSTOM_COMMUNITIES].node;
	struct ars_custom *first = NULL;
	if (ars_absent(map) || map->kind != HUB_NODE_MAP)
		return NULL;
	for (const struct hub_node *child = map->first; child; child = child->next) {
		struct ars_custom *new = import_take(st->im, sizeof(*new));
		*new = (struct ars_custom){.name = child->key, .next = first};
		first = new;
		each_form(st, child, "custom_communities", act_custom,
			  &(struct custom){new, hub_show(child->key).text});
	}
	return first;
}

const struct ars_custom *
ars_communities(struct import *im, const struct ars_settings *s, struct import_yaml *sections)
{
	struct state st = {
		.im = im, .s = s, .rs_as = im->hub.asn.number, .at = {im->request->paths[0], 0, 0}};
	const struct hub_node *map = s->values[ARS_COMMUNITIES].node;
	struct import_yaml *out = import_yaml_map(sections, "communities");
	(void)import_yaml_word(out, "profile", "none");
	st.own = import_yaml_list(out, "own");
	if (s->values[ARS_BLACKHOLE_IPV4].number || s->values[ARS_BLACKHOLE_IPV6].number)
		put(&st, "blackhole", "65535:666");
	if (map && map->kind != HUB_NODE_MAP)
		hub_complain(im->report, map->mark, "communities: found %s, expected a mapping",
			     hub_node_kind_name(map->kind));
	else if (map)
		for (const struct hub_node *child = map->first; child; child = child->next)
			put_known(&st, child);
	/* Where it is off for all, members may still mean it for one another. */
	(void)import_yaml_word(out, "pass_graceful_shutdown", "%s",
			       s->values[ARS_GSHUT].number ? "false" : "true");
	/* Communities RS:... that mean nothing stay on routes there. */
	(void)import_yaml_word(out, "pass_unknown_hub", "true");
	(void)import_yaml_word(out, "tell_members", "false");
	if (map)
		say_more_is_told(&st, map->mark);
	return read_custom(&st);
}
