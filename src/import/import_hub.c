/* The exchange that is being imported: making its parts. */
#include "import/import_hub.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/utf8.h"
#include "hub/hub_country.h"
#include "import/import_state.h"

enum { BUCKETS = 4096 }; /* members by AS number; the largest exchanges have about two thousand */

struct bucket {
	struct import_member *member;
	struct bucket *next;
};

void *
import_take(struct import *im, size_t size)
{
	void *memory = arena_take(im->arena, size);
	if (!memory)
		fatal("import: no memory");
	return memory;
}

char *
import_copy(struct import *im, const char *text)
{
	char *copy = arena_str(im->arena, text);
	if (!copy)
		fatal("import: no memory");
	return copy;
}

char *
import_printf(struct import *im, const char *format, ...)
{
	char *text = NULL;
	va_list args;
	va_start(args, format);
	int length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0)
		fatal("import: no memory");
	char *copy = import_copy(im, text);
	free(text);
	return copy;
}

/* What a hub file takes in a text: no control characters, nothing that ends a line in YAML. */
static bool
is_printable(const unsigned char *c, unsigned length)
{
	if (length == 1)
		return *c >= 0x20 && *c != 0x7f;
	if (length == 2)
		return !(c[0] == 0xc2 && c[1] < 0xa0);
	if (length != 3)
		return length == 4;
	if (c[0] == 0xe2 && c[1] == 0x80 && (c[2] == 0xa8 || c[2] == 0xa9))
		return false;
	return !(c[0] == 0xef &&
		 ((c[1] == 0xbb && c[2] == 0xbf) || (c[1] == 0xbf && c[2] >= 0xbe)));
}

char *
import_clean(struct import *im, const char *text, size_t max)
{
	if (!text)
		return NULL;
	char *out = import_take(im, strlen(text) + 1);
	size_t used = 0;
	for (const unsigned char *c = (const unsigned char *)text; *c;) {
		unsigned length = utf8_length(c);
		bool good = length && is_printable(c, length);
		bool blank = !good || *c == ' ';
		if (used + (good ? length : 1) > max)
			break;
		if (blank && used && out[used - 1] != ' ')
			out[used++] = ' ';
		if (!blank) {
			memcpy(out + used, c, length);
			used += length;
		}
		c += length ? length : 1;
	}
	while (used && out[used - 1] == ' ')
		used--;
	out[used] = '\0';
	return used ? out : NULL;
}

struct import_member *
import_member_find(const struct import *im, struct asn asn)
{
	struct bucket *const *heads = im->hub.by_asn;
	if (!heads)
		return NULL;
	for (const struct bucket *b = heads[hash_u64(asn.number) % BUCKETS]; b; b = b->next)
		if (b->member->asn.number == asn.number)
			return b->member;
	return NULL;
}

struct import_member *
import_member_get(struct import *im, struct asn asn, struct hub_mark at, bool *made)
{
	struct import_hub *hub = &im->hub;
	struct import_member *member = import_member_find(im, asn);
	*made = false;
	if (member)
		return member;
	if (!hub->by_asn)
		hub->by_asn = import_take(im, BUCKETS * sizeof(struct bucket *));
	struct bucket **head = (struct bucket **)hub->by_asn + hash_u64(asn.number) % BUCKETS;
	member = import_take(im, sizeof(*member));
	struct bucket *bucket = import_take(im, sizeof(*bucket));
	member->asn = asn;
	member->at = at;
	*bucket = (struct bucket){member, *head};
	*head = bucket;
	if (hub->last_member)
		hub->last_member->next = member;
	else
		hub->members = member;
	hub->last_member = member;
	hub->member_count++;
	*made = true;
	return member;
}

struct import_port *
import_port_add(struct import *im, struct import_member *member, struct hub_mark at)
{
	struct import_port *port = import_take(im, sizeof(*port));
	port->at = at;
	if (member->last_port)
		member->last_port->next = port;
	else
		member->ports = port;
	member->last_port = port;
	return port;
}

struct import_session *
import_session_add(struct import *im, struct import_member *member, struct import_port *port,
		   struct ip address, struct hub_mark at)
{
	struct import_session *session = import_take(im, sizeof(*session));
	*session = (struct import_session){.port = port, .address = address, .at = at};
	if (member->last_session)
		member->last_session->next = session;
	else
		member->sessions = session;
	member->last_session = session;
	return session;
}

void
import_contact_add(struct import *im, struct import_member *member, const char *role,
		   const char *email, const char *phone)
{
	/* The limits of the hub file. */
	email = import_clean(im, email, 254);
	phone = import_clean(im, phone, 40);
	if (email && strlen(email) < 3)
		email = NULL;
	if (!email && !phone)
		return;
	struct import_contact *contact = import_take(im, sizeof(*contact));
	*contact = (struct import_contact){role, email, phone, NULL};
	if (member->last_contact)
		member->last_contact->next = contact;
	else
		member->contacts = contact;
	member->last_contact = contact;
}

/* One part of a name of RFC 2622 section 5: AS64500, or a word that begins with AS- and ends with a
 * letter or digit. */
static bool
is_set_part(const char *text, size_t length)
{
	if (length < 3 || strncasecmp(text, "AS", 2) != 0)
		return false;
	bool set = text[2] == '-';
	for (size_t i = set ? 3 : 2; i < length; i++)
		if (!(set ? isalnum((unsigned char)text[i]) || strchr("-_", text[i])
			  : isdigit((unsigned char)text[i])))
			return false;
	return isalnum((unsigned char)text[length - 1]);
}

/* Parts with colons between them; a source and two colons may stand before. */
static bool
is_as_set(const char *text)
{
	const char *name = strstr(text, "::");
	for (const char *c = text; name && c < name; c++)
		if (!isalnum((unsigned char)*c) && !(*c == '-' && c > text))
			return false;
	if (name == text || strlen(text) > 200)
		return false;
	for (const char *part = name ? name + 2 : text; part;) {
		const char *colon = strchr(part, ':');
		if (!is_set_part(part, colon ? (size_t)(colon - part) : strlen(part)))
			return false;
		part = colon ? colon + 1 : NULL;
	}
	return true;
}

static void
add_text(struct import *im, struct import_texts *list, const char *text)
{
	for (const struct import_text *t = list->first; t; t = t->next)
		if (strcmp(t->text, text) == 0)
			return;
	struct import_text *node = import_take(im, sizeof(*node));
	node->text = text;
	if (list->last)
		list->last->next = node;
	else
		list->first = node;
	list->last = node;
	list->count++;
}

void
import_as_set_add(struct import *im, struct import_member *member, unsigned family,
		  const char *text, struct hub_mark at)
{
	enum { SETS_MAX = 64 };
	static const char blanks[] = " ,;\t\r\n";
	while (text && *(text += strspn(text, blanks))) {
		size_t length = strcspn(text, blanks);
		char *word = import_printf(im, "%.*s", (int)length, text);
		text += length;
		if (!is_as_set(word))
			import_note(im, IMPORT_LEFT_OUT, at,
				    "found \"%s\", which is not the name of an AS-SET",
				    hub_show(word).text);
		else if (member->as_sets[family].count == SETS_MAX)
			import_note(im, IMPORT_LEFT_OUT, at, "more than %d AS-SETs", SETS_MAX);
		else
			add_text(im, &member->as_sets[family], word);
	}
}

/* Neither "any address" nor multicast. */
static bool
is_of_a_host(struct ip ip)
{
	static const struct ip any = {.family = IP_V6};
	if (ip.family == IP_V4)
		return ip.octets[0] != 0 && ip.octets[0] < 224;
	return ip.octets[0] != 0xff && !ip_equal(ip, any);
}

void
import_port_address(struct import *im, struct import_port *port, const char *text,
		    enum ip_family family, struct hub_mark at)
{
	struct ip ip;
	if (!text || !*text)
		return;
	/* Some write the length of the LAN's prefix behind it. */
	const char *slash = strchr(text, '/');
	const char *bare = slash ? import_printf(im, "%.*s", (int)(slash - text), text) : text;
	if (ip_parse(&ip, bare) < 0 || (enum ip_family)ip.family != family || !is_of_a_host(ip)) {
		import_note(im, IMPORT_LEFT_OUT, at,
			    "found \"%s\", expected the IPv%d address of a router",
			    hub_show(text).text, (int)family);
		return;
	}
	*(family == IP_V4 ? &port->ipv4 : &port->ipv6) = ip;
}

void
import_port_mac(struct import *im, struct import_port *port, const char *text, struct hub_mark at)
{
	struct mac mac;
	if (!text || !*text)
		return;
	if (mac_parse(&mac, text) < 0 || (mac.octets[0] & 1) || mac_number(mac) == 0) {
		import_note(im, IMPORT_LEFT_OUT, at,
			    "found \"%s\", which is not the MAC address of one interface",
			    hub_show(text).text);
		return;
	}
	struct import_mac *node = import_take(im, sizeof(*node));
	*node = (struct import_mac){mac, at, NULL};
	if (port->last_mac)
		port->last_mac->next = node;
	else
		port->macs = node;
	port->last_mac = node;
}

const char *
import_slug(struct import *im, const char *text)
{
	enum { SLUG_MAX = 40 };
	char *out = import_take(im, SLUG_MAX + 1);
	size_t used = 0;
	for (const char *c = text; *c && used < SLUG_MAX; c++) {
		if (isalnum((unsigned char)*c))
			out[used++] = (char)tolower((unsigned char)*c);
		else if (used && out[used - 1] != '-')
			out[used++] = '-';
	}
	while (used && out[used - 1] == '-')
		used--;
	if (!used)
		out[used++] = 'x';
	out[used] = '\0';
	return out;
}

/* A site's id that no other one has. */
static const char *
site_id(struct import *im, const char *name)
{
	const char *slug = import_slug(im, name), *id = slug;
	for (unsigned n = 2;; n++) {
		const struct import_site *other = im->hub.sites;
		while (other && strcmp(other->id, id) != 0)
			other = other->next;
		if (!other)
			return id;
		id = import_printf(im, "%s-%u", slug, n);
	}
}

struct import_site *
import_site_get(struct import *im, const char *key, const char *name, const char *city,
		const char *country)
{
	enum { SITES_MAX = 500 };
	size_t count = 0;
	for (struct import_site *site = im->hub.sites; site; site = site->next, count++)
		if (strcmp(site->key, key) == 0)
			return site;
	name = import_clean(im, name, 200);
	if (!name || count == SITES_MAX)
		return NULL;
	struct import_site *site = import_take(im, sizeof(*site));
	*site = (struct import_site){.id = site_id(im, name),
				     .name = name,
				     .city = import_clean(im, city, 100),
				     .country = country,
				     .key = import_copy(im, key)};
	if (im->hub.last_site)
		im->hub.last_site->next = site;
	else
		im->hub.sites = site;
	im->hub.last_site = site;
	return site;
}

struct import_lan *
import_lan_add(struct import *im, const char *key, const char *name)
{
	enum { LANS_MAX = 512 }; /* more than a hub file holds */
	size_t count = 0;
	for (struct import_lan *lan = im->hub.lans; lan; lan = lan->next, count++)
		if (strcmp(lan->key, key) == 0)
			return lan;
	if (count == LANS_MAX)
		return NULL;
	struct import_lan *lan = import_take(im, sizeof(*lan));
	lan->key = import_copy(im, key);
	lan->name = import_clean(im, name, 100);
	if (im->hub.last_lan)
		im->hub.last_lan->next = lan;
	else
		im->hub.lans = lan;
	im->hub.last_lan = lan;
	return lan;
}

struct import_pool *
import_pool_add(struct import *im, const char *key, struct prefix prefix, struct hub_mark at)
{
	enum { POOLS_MAX = 512 };
	char text[PREFIX_TEXT];
	size_t count = 0;
	for (const struct import_pool *p = im->hub.pools; p; p = p->next, count++) {
		if (!prefix_covers(p->prefix, prefix) && !prefix_covers(prefix, p->prefix))
			continue;
		if (!prefix_equal(p->prefix, prefix))
			import_note(im, IMPORT_LEFT_OUT, at,
				    "%s, which overlaps with another LAN's prefix",
				    prefix_format(text, prefix));
		return NULL;
	}
	if (count == POOLS_MAX)
		return NULL;
	struct import_pool *pool = import_take(im, sizeof(*pool));
	*pool = (struct import_pool){.prefix = prefix, .key = key, .at = at};
	if (im->hub.last_pool)
		im->hub.last_pool->next = pool;
	else
		im->hub.pools = pool;
	im->hub.last_pool = pool;
	return pool;
}

const char *
import_country(struct import *im, const char *text, struct hub_mark at)
{
	struct country country = {{0}};
	if (!text || !*text)
		return NULL;
	if (strlen(text) == 2)
		memcpy(country.code, text, 2);
	if (hub_country_known(country))
		return import_copy(im, text);
	import_note(im, IMPORT_LEFT_OUT, at,
		    "found \"%s\", which is not a country of ISO 3166 such as PK",
		    hub_show(text).text);
	return NULL;
}
