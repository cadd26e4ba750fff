/* PeeringDB: the networks at one exchange. Its tables come as files of a folder (net.json,
 * netixlan.json, ix.json, ixlan.json, ixpfx.json, each {"data": [...]}), as one file that has them
 * all ({"net": {"data": [...]}, ...}), or from the API, which is asked for this exchange only. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/import_json.h"
#include "import/import_state.h"
#include "import/import_yaml.h"

enum table { IX, IXLAN, IXPFX, NETIXLAN, NET, TABLES };

static const char *const names[TABLES] = {"ix", "ixlan", "ixpfx", "netixlan", "net"};

enum {
	DOCS_MAX = 64,      /* answers */
	ASNS_AT_ONCE = 150, /* in one question to the API */
	SPEED_MAX = 1000000000,
	NEVER_VIA_MAX = 4000, /* a hub file takes some more */
};

/* A table: rows of one or several documents. */
struct rows {
	struct row {
		const struct json_value *value;
		const struct import_json *doc;
	} * list;
	size_t count, room;
};

struct peeringdb {
	struct import *im;
	const char *from;
	struct import_json docs[DOCS_MAX];
	size_t doc_count;
	struct rows tables[TABLES];
	uint64_t id;          /* of the exchange */
	const struct row *ix; /* or NULL */
};

static struct hub_mark
mark(const struct row *row, const struct json_value *value)
{
	return import_json_mark(row->doc, value ? value : row->value);
}

static bool
number_is(const struct json_value *object, const char *key, uint64_t wanted)
{
	uint64_t number;
	return import_json_number(json_read_get(object, key), UINT32_MAX, &number) &&
	       number == wanted;
}

static uint32_t
number_of(const struct json_value *object, const char *key)
{
	uint64_t number = 0;
	(void)import_json_number(json_read_get(object, key), UINT32_MAX, &number);
	return (uint32_t)number;
}

/* "ok", or not said. */
static bool
is_current(const struct json_value *object)
{
	const char *status = import_json_text(object, "status");
	return !status || strcmp(status, "ok") == 0;
}

/* --- reading the tables --- */

static void
add_row(struct peeringdb *p, enum table table, const struct json_value *value,
	const struct import_json *doc)
{
	struct rows *rows = &p->tables[table];
	if (value->type != JSON_OBJECT || !is_current(value))
		return;
	if (rows->count == rows->room) {
		size_t room = rows->room ? 2 * rows->room : 64;
		struct row *list = import_take(p->im, room * sizeof(*list));
		if (rows->count)
			memcpy(list, rows->list, rows->count * sizeof(*list));
		rows->list = list;
		rows->room = room;
	}
	rows->list[rows->count++] = (struct row){value, doc};
}

/* {"data": [...]}, or the list itself. False when it is neither. */
static bool
add_rows(struct peeringdb *p, enum table table, const struct json_value *from,
	 const struct import_json *doc)
{
	const struct json_value *list = json_read_get(from, "data");
	list = list ? list : from;
	if (!list || list->type != JSON_ARRAY)
		return false;
	for (const struct json_value *v = json_read_first(list); v; v = v->next)
		add_row(p, table, v, doc);
	return true;
}

static struct import_json *
next_doc(struct peeringdb *p)
{
	if (p->doc_count < DOCS_MAX)
		return &p->docs[p->doc_count++];
	hub_complain(p->im->report, (struct hub_mark){p->from, 0, 0},
		     "found more networks than can be asked for");
	return NULL;
}

static bool
wrong_form(struct peeringdb *p, const struct import_json *doc, const char *what)
{
	hub_complain(p->im->report, import_json_mark(doc, doc->root),
		     "found no list \"data\" of %s in it, expected the API of PeeringDB, a folder "
		     "with net.json and netixlan.json, or a file {\"net\": {\"data\": [...]}, "
		     "\"netixlan\": ...}%s",
		     what, import_json_excuse(p->im, doc->root));
	return false;
}

/* A table in a file of its own. One that is missing is empty, where that will do. */
static bool
read_table(struct peeringdb *p, enum table table, const char *path, bool needed)
{
	struct import_json *doc = next_doc(p);
	size_t errors = p->im->report->count;
	if (!doc)
		return false;
	if (needed ? !import_json_open(p->im, doc, path)
		   : !import_json_open_if_there(p->im, doc, path))
		return !needed && p->im->report->count == errors;
	return add_rows(p, table, doc->root, doc) || wrong_form(p, doc, names[table]);
}

static bool
read_folder(struct peeringdb *p)
{
	for (unsigned t = 0; t < TABLES; t++) {
		const char *path = import_printf(p->im, "%s/%s.json", p->from, names[t]);
		if (!read_table(p, (enum table)t, path, t == NETIXLAN || t == NET))
			return false;
	}
	return true;
}

/* One file with all tables. */
static bool
read_dump(struct peeringdb *p)
{
	struct import_json *doc = next_doc(p);
	if (!doc || !import_json_open(p->im, doc, p->from))
		return false;
	for (unsigned t = 0; t < TABLES; t++) {
		const struct json_value *table = json_read_get(doc->root, names[t]);
		bool needed = t == NETIXLAN || t == NET;
		if (!table && !needed)
			continue;
		if (!add_rows(p, (enum table)t, table, doc))
			return wrong_form(p, doc, names[t]);
	}
	return true;
}

/* What may not stand in a URL as it is (RFC 3986 section 2.1). */
static const char *
url_text(struct import *im, const char *text)
{
	char *out = import_take(im, 3 * strlen(text) + 1), *at = out;
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (isalnum(*c) || strchr("-._~", *c))
			*at++ = (char)*c;
		else
			at += snprintf(at, 4, "%%%02X", *c);
	*at = '\0';
	return out;
}

static bool
is_number(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

static bool choose(struct peeringdb *p);

/* Networks by their AS numbers, so many at once. */
static bool
ask_networks(struct peeringdb *p, const char *base)
{
	const struct rows *rows = &p->tables[NETIXLAN];
	for (size_t first = 0; first < rows->count; first += ASNS_AT_ONCE) {
		struct buf url = {0};
		buf_printf(&url, "%s/net?asn__in=", base);
		for (size_t i = first; i < rows->count && i < first + ASNS_AT_ONCE; i++)
			buf_printf(&url, "%s%" PRIu32, i == first ? "" : ",",
				   number_of(rows->list[i].value, "asn"));
		buf_u8(&url, 0);
		const char *path = url.failed ? NULL : import_copy(p->im, (const char *)url.data);
		buf_fini(&url);
		if (!path || !read_table(p, NET, path, true))
			return false;
	}
	return true;
}

static bool
ask_api(struct peeringdb *p)
{
	struct import *im = p->im;
	const char *wanted = im->request->exchange;
	size_t length = strlen(p->from);
	while (length && p->from[length - 1] == '/')
		length--;
	const char *base = import_printf(im, "%.*s", (int)length, p->from);
	const char *ix = is_number(wanted)
				 ? import_printf(im, "%s/ix?id=%s", base, wanted)
				 : import_printf(im, "%s/ix?name=%s", base, url_text(im, wanted));
	if (!read_table(p, IX, ix, true) || !choose(p))
		return false;
	static const enum table by_ix[] = {IXLAN, NETIXLAN};
	for (unsigned i = 0; i < 2; i++)
		if (!read_table(
			    p, by_ix[i],
			    import_printf(im, "%s/%s?ix_id=%" PRIu64, base, names[by_ix[i]], p->id),
			    true))
			return false;
	for (size_t i = 0; i < p->tables[IXLAN].count && i < 8; i++)
		if (!read_table(p, IXPFX,
				import_printf(im, "%s/ixpfx?ixlan_id=%" PRIu32, base,
					      number_of(p->tables[IXLAN].list[i].value, "id")),
				true))
			return false;
	return read_table(p, NET, import_printf(im, "%s/net?info_never_via_route_servers=1", base),
			  true) &&
	       ask_networks(p, base);
}

/* --- the exchange --- */

/* The exchange by number or name; by a name, among the exchanges that are known. */
static bool
choose(struct peeringdb *p)
{
	const char *wanted = p->im->request->exchange;
	const struct rows *rows = &p->tables[IX];
	for (size_t i = 0; i < rows->count && !p->ix; i++) {
		const struct json_value *v = rows->list[i].value;
		const char *name = import_json_text(v, "name");
		if (is_number(wanted) ? number_is(v, "id", strtoull(wanted, NULL, 10))
				      : name && strcasecmp(name, wanted) == 0)
			p->ix = &rows->list[i];
	}
	if (p->ix)
		p->id = number_of(p->ix->value, "id");
	else if (is_number(wanted) && !rows->count)
		p->id = strtoull(wanted, NULL, 10); /* without ix.json a number will do */
	if (p->id)
		return true;
	hub_complain(p->im->report, (struct hub_mark){p->from, 0, 0},
		     "found no exchange \"%s\"; give its number or name in PeeringDB",
		     hub_show(wanted).text);
	return false;
}

static void
read_exchange(struct peeringdb *p)
{
	struct import_hub *hub = &p->im->hub;
	hub->peeringdb_id = (uint32_t)p->id;
	if (!p->ix)
		return;
	const struct json_value *v = p->ix->value, *country = json_read_get(v, "country");
	const char *mail = import_json_text(v, "tech_email");
	hub->name = import_clean(p->im, import_json_text(v, "name_long"), 200);
	hub->short_name = import_clean(p->im, import_json_text(v, "name"), 40);
	hub->url = import_clean(p->im, import_json_text(v, "website"), 500);
	hub->city = import_clean(p->im, import_json_text(v, "city"), 100);
	hub->support_email = mail && strlen(mail) > 2 ? import_clean(p->im, mail, 254) : NULL;
	hub->country = import_country(p->im, json_read_text(country), mark(p->ix, country));
}

static const char *
lan_key(struct import *im, const struct json_value *id)
{
	uint64_t number;
	if (!import_json_number(id, UINT32_MAX, &number))
		return NULL;
	return import_printf(im, "%" PRIu64, number);
}

static void
read_lans(struct peeringdb *p)
{
	for (size_t i = 0; i < p->tables[IXLAN].count; i++) {
		const struct json_value *v = p->tables[IXLAN].list[i].value;
		const char *key = lan_key(p->im, json_read_get(v, "id"));
		if (key && number_is(v, "ix_id", p->id))
			(void)import_lan_add(p->im, key, import_json_text(v, "name"));
	}
	for (size_t i = 0; i < p->tables[IXPFX].count; i++) {
		const struct row *row = &p->tables[IXPFX].list[i];
		const struct json_value *text = json_read_get(row->value, "prefix");
		const char *key = lan_key(p->im, json_read_get(row->value, "ixlan_id"));
		const struct import_lan *lan = p->im->hub.lans;
		struct prefix prefix;
		while (lan && (!key || strcmp(lan->key, key) != 0))
			lan = lan->next;
		if (!lan)
			continue;
		if (json_read_text(text) && prefix_parse(&prefix, json_read_text(text)) == 0 &&
		    prefix.length >= 8)
			(void)import_pool_add(p->im, lan->key, prefix, mark(row, text));
		else
			import_note(p->im, IMPORT_LEFT_OUT, mark(row, text),
				    "ixpfx: found no prefix");
	}
}

/* --- ports --- */

static int
compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	uint32_t left = number_of(x->value, "asn"), right = number_of(y->value, "asn");
	if (left == right) {
		left = number_of(x->value, "id");
		right = number_of(y->value, "id");
	}
	return left < right ? -1 : left > right;
}

static void
read_port(struct peeringdb *p, const struct row *row)
{
	static const enum ip_family families[] = {IP_V4, IP_V6};
	static const char *const keys[] = {"ipaddr4", "ipaddr6"};
	const struct json_value *v = row->value;
	struct import *im = p->im;
	struct asn asn = {number_of(v, "asn")};
	uint64_t speed;
	bool made;
	if (asn.number == 0) {
		import_note(im, IMPORT_LEFT_OUT, mark(row, NULL), "netixlan: it has no asn");
		return;
	}
	struct import_member *member = import_member_get(im, asn, mark(row, NULL), &made);
	struct import_port *port = import_port_add(im, member, mark(row, NULL));
	const char *name = import_json_text(v, "name");
	if (name && !im->hub.short_name) /* "TorIX: Peering LAN" */
		im->hub.short_name = import_clean(
			im, import_printf(im, "%.*s", (int)strcspn(name, ":"), name), 40);
	port->lan_key = lan_key(im, json_read_get(v, "ixlan_id"));
	if (import_json_number(json_read_get(v, "speed"), SPEED_MAX, &speed))
		port->speed_mbps = speed;
	const struct json_value *operational = json_read_get(v, "operational");
	bool down = operational && operational->type == JSON_FALSE;
	if (down)
		import_note(im, IMPORT_DECIDE, mark(row, operational),
			    "netixlan.operational: found false; sessions over it are enabled: "
			    "false");
	for (unsigned i = 0; i < 2; i++) {
		const struct json_value *address = json_read_get(v, keys[i]);
		import_port_address(im, port, json_read_text(address), families[i],
				    mark(row, address));
		struct ip ip = i == 0 ? port->ipv4 : port->ipv6;
		if (!ip.family || !json_read_is_true(json_read_get(v, "is_rs_peer")))
			continue;
		struct import_session *session =
			import_session_add(im, member, port, ip, mark(row, NULL));
		session->disabled = down;
		session->items = import_yaml_root(im->arena);
	}
}

/* In the order of AS numbers, so that the same exchange gives the same file again. */
static void
read_ports(struct peeringdb *p)
{
	struct rows *rows = &p->tables[NETIXLAN];
	uint64_t last = 0;
	if (rows->count)
		qsort(rows->list, rows->count, sizeof(*rows->list), compare_rows);
	for (size_t i = 0; i < rows->count; i++) {
		const struct json_value *v = rows->list[i].value;
		uint64_t id = number_of(v, "id");
		if (!number_is(v, "ix_id", p->id) || (id && id == last))
			continue;
		last = id;
		read_port(p, &rows->list[i]);
	}
}

/* --- networks --- */

static const char *
kind_of(const struct json_value *net)
{
	static const struct {
		const char *type, *kind;
	} rows[] = {
		{"NSP", "carrier"},          {"Content", "content"},
		{"Cable/DSL/ISP", "access"}, {"Enterprise", "access"},
		{"Government", "access"},    {"Educational/Research", "access"},
		{"Non-Profit", "content"},   {"Network Services", "content"},
	};
	const char *type = import_json_text(net, "info_type");
	if (!type)
		type = json_read_text(json_read_first(json_read_get(net, "info_types")));
	for (size_t i = 0; type && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].type, type) == 0)
			return rows[i].kind;
	return NULL;
}

/* (PeeringDB's number + 100) * 1.15, as route servers do; 0: it does not say. */
static uint64_t
limit_of(uint64_t prefixes)
{
	return prefixes ? (prefixes + 100) * 115 / 100 : 0;
}

static void
put_limits(const struct json_value *net, struct import_member *member)
{
	static const char *const keys[] = {"info_prefixes4", "info_prefixes6"};
	static const char *const items[] = {"max_prefixes_ipv4", "max_prefixes_ipv6"};
	for (struct import_session *s = member->sessions; s; s = s->next) {
		unsigned family = s->address.family == IP_V4 ? 0 : 1;
		uint64_t limit = limit_of(number_of(net, keys[family]));
		if (limit && limit <= UINT32_MAX)
			(void)import_yaml_word(s->items, items[family], "%" PRIu64, limit);
	}
}

static void
read_network(struct peeringdb *p, const struct row *row, struct import_member *member)
{
	const struct json_value *net = row->value, *sets = json_read_get(net, "irr_as_set");
	struct import *im = p->im;
	if (member->peeringdb_id)
		return; /* once will do */
	member->peeringdb_id = number_of(net, "id");
	member->name = import_clean(im, import_json_text(net, "name"), 200);
	member->url = import_clean(im, import_json_text(net, "website"), 500);
	member->kind = kind_of(net);
	for (unsigned family = 0; family < 2; family++)
		import_as_set_add(im, member, family, json_read_text(sets), mark(row, sets));
	put_limits(net, member);
}

/* The exchange's own route servers are networks of this kind. */
static void
find_route_server(struct import *im, const struct row *row, const struct import_member *member)
{
	const char *type = import_json_text(row->value, "info_type");
	if (!type || strcmp(type, "Route Server") != 0 || im->hub.asn.number || !member->ports)
		return;
	im->hub.asn = member->asn;
	im->hub.router_id = member->ports->ipv4;
}

static void
read_networks(struct peeringdb *p)
{
	struct import *im = p->im;
	struct import_yaml *policy = import_yaml_map(im->hub.sections, "policy");
	struct import_yaml *never = import_yaml_list(policy, "never_via_asns");
	size_t never_count = 0;
	for (size_t i = 0; i < p->tables[NET].count; i++) {
		const struct row *row = &p->tables[NET].list[i];
		uint32_t asn = number_of(row->value, "asn");
		struct import_member *member = import_member_find(im, (struct asn){asn});
		if (asn &&
		    json_read_is_true(json_read_get(row->value, "info_never_via_route_servers")) &&
		    never_count++ < NEVER_VIA_MAX)
			(void)import_yaml_word(never, NULL, "%" PRIu32, asn);
		if (!member)
			continue;
		find_route_server(im, row, member);
		read_network(p, row, member);
	}
	import_yaml_drop_repeats(never);
	import_yaml_comment(policy,
			    "Networks that say in PeeringDB that they are never behind a route "
			    "server, on the day of the import");
	for (const struct import_member *m = im->hub.members; m; m = m->next)
		if (!m->peeringdb_id)
			import_note(
				im, IMPORT_LEFT_OUT, m->at,
				"netixlan: its network is not in net; there is no name, AS-SET or "
				"limit");
}

static bool
read_all(struct peeringdb *p)
{
	struct buf probe = {0};
	bool api = strncmp(p->from, "http://", 7) == 0 || strncmp(p->from, "https://", 8) == 0;
	if (api)
		return ask_api(p);
	/* A folder is known by a file in it. */
	const char *inside = import_printf(p->im, "%s/%s.json", p->from, names[NETIXLAN]);
	bool folder = p->im->source.read(p->im->source.context, inside, &probe) == 0;
	buf_fini(&probe);
	return (folder ? read_folder(p) : read_dump(p)) && choose(p);
}

bool
import_from_peeringdb(struct import *im)
{
	struct peeringdb *p = import_take(im, sizeof(*p));
	p->im = im;
	p->from = im->request->paths[0];
	im->hub.sections = import_yaml_root(im->arena);
	bool good = read_all(p);
	if (good) {
		read_exchange(p);
		read_lans(p);
		read_ports(p);
		read_networks(p);
		if (!im->hub.members)
			import_note(im, IMPORT_DECIDE, (struct hub_mark){p->from, 0, 0},
				    "no network is at the exchange %" PRIu64, p->id);
	}
	for (size_t i = 0; i < p->doc_count; i++)
		import_json_fini(&p->docs[i]);
	return good;
}
