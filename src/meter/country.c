/* The country table: prefixes in the same flat form as the routes, AS numbers in a sorted list. */
#include "meter/country.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "exchange/rib/rib_snapshot.h"

/* A route's member_as must not be 0 for the entry to count as one; any will do. */
enum { LINE_MAX_LENGTH = 80, ENTRY_MEMBER = 1 };

struct asn_country {
	uint32_t asn;
	uint16_t code;
	bool added; /* by countries_add_asn */
};

struct countries {
	struct buf bytes;
	struct rib_snapshot *prefixes;
	uint16_t *codes;          /* by number of the prefixes */
	struct asn_country *asns; /* sorted by asn */
	size_t asn_count, asn_capacity;
};

/* The file as it is, put in by the assembler; it is found from the folder of the Makefile. */
__asm__(".section .rodata\n"
	"meter_countries_start:\n"
	".incbin \"src/meter/countries.tsv\"\n"
	"meter_countries_end:\n"
	".byte 0\n"
	".previous\n");
extern const char meter_countries_start[], meter_countries_end[];

const char *
countries_built_in(size_t *length)
{
	*length = (size_t)(meter_countries_end - meter_countries_start);
	return meter_countries_start;
}

uint16_t
country_code(const char text[2])
{
	if (text[0] < 'A' || text[0] > 'Z' || text[1] < 'A' || text[1] > 'Z')
		return COUNTRY_NONE;
	return (uint16_t)((text[0] - 'A') * 26 + (text[1] - 'A') + 1);
}

void
country_text(char out[2], uint16_t code)
{
	assert(code < COUNTRY_CODES);
	out[0] = code ? (char)('A' + (code - 1) / 26) : '-';
	out[1] = code ? (char)('A' + (code - 1) % 26) : '-';
}

/* Where the asn is in the list, or would be. */
static size_t
position(const struct countries *c, uint32_t asn)
{
	size_t low = 0, high = c->asn_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (c->asns[middle].asn < asn)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int
insert_asn(struct countries *c, struct asn_country entry)
{
	size_t at = position(c, entry.asn);
	if (at < c->asn_count && c->asns[at].asn == entry.asn)
		return 0;
	if (c->asn_count == c->asn_capacity) {
		size_t capacity = c->asn_capacity ? c->asn_capacity * 2 : 64;
		struct asn_country *asns = realloc(c->asns, capacity * sizeof(*asns));
		if (!asns)
			return -1;
		c->asns = asns;
		c->asn_capacity = capacity;
	}
	memmove(&c->asns[at + 1], &c->asns[at], (c->asn_count - at) * sizeof(*c->asns));
	c->asns[at] = entry;
	c->asn_count++;
	return 0;
}

int
countries_add_asn(struct countries *c, struct asn asn, uint16_t code)
{
	return code ? insert_asn(c, (struct asn_country){asn.number, code, true}) : 0;
}

void
countries_forget_asns(struct countries *c)
{
	size_t kept = 0;
	for (size_t i = 0; i < c->asn_count; i++)
		if (!c->asns[i].added)
			c->asns[kept++] = c->asns[i];
	c->asn_count = kept;
}

/* One line, without its newline: 1 a prefix, 0 an AS number or nothing, -1 nonsense. */
static int
read_line(struct countries *c, struct rib_snapshot_route *route, const char *line, size_t length)
{
	char text[LINE_MAX_LENGTH];
	if (!length || line[0] == '#')
		return 0;
	if (length >= sizeof(text))
		return -1;
	memcpy(text, line, length);
	text[length] = '\0';
	char *tab = strchr(text, '\t');
	uint16_t code = tab && strlen(tab + 1) == 2 ? country_code(tab + 1) : COUNTRY_NONE;
	if (!code)
		return -1;
	*tab = '\0';
	struct asn asn;
	if (asn_parse(&asn, text) == 0)
		return insert_asn(c, (struct asn_country){asn.number, code, false});
	if (prefix_parse(&route->prefix, text) < 0)
		return -1;
	route->origin = (struct rib_origin){.origin_as = code, .member_as = ENTRY_MEMBER};
	return 1;
}

static size_t
count_lines(const char *text, size_t length)
{
	size_t lines = 1;
	for (size_t i = 0; i < length; i++)
		lines += text[i] == '\n';
	return lines;
}

static int
note_codes(struct countries *c)
{
	size_t count = rib_snapshot_origins(c->prefixes);
	c->codes = malloc(count * sizeof(*c->codes));
	for (uint32_t i = 0; c->codes && i < count; i++)
		c->codes[i] = (uint16_t)rib_snapshot_origin(c->prefixes, i).origin_as;
	return c->codes ? 0 : -1;
}

struct countries *
countries_new(const char *text, size_t length, size_t *bad)
{
	size_t count = 0, refused = 0;
	struct rib_snapshot_route *routes = malloc(count_lines(text, length) * sizeof(*routes));
	struct countries *c = calloc(1, sizeof(*c));
	if (!routes || !c)
		goto fail;
	for (const char *at = text, *end = text + length; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t line = (size_t)((stop ? stop : end) - at);
		int kind = read_line(c, &routes[count], at, line);
		count += kind > 0;
		refused += kind < 0;
		at += line + 1;
	}
	if (rib_snapshot_build(&c->bytes, routes, count, NULL) < 0)
		goto fail;
	c->prefixes = rib_snapshot_open(c->bytes.data, c->bytes.length);
	if (!c->prefixes || note_codes(c) < 0)
		goto fail;
	free(routes);
	if (bad)
		*bad = refused;
	return c;
fail:
	free(routes);
	countries_free(c);
	return NULL;
}

void
countries_free(struct countries *c)
{
	if (!c)
		return;
	rib_snapshot_free(c->prefixes);
	free(c->codes);
	buf_fini(&c->bytes);
	free(c->asns);
	free(c);
}

uint16_t
countries_of_ip(const struct countries *c, struct ip ip)
{
	return c->codes[rib_snapshot_number(c->prefixes, &ip)];
}

void
countries_of_ips(const struct countries *c, const struct ip *const *ips, uint16_t *codes,
		 size_t count)
{
	uint32_t numbers[RIB_SNAPSHOT_TOGETHER];
	rib_snapshot_numbers(c->prefixes, ips, numbers, count);
	for (size_t i = 0; i < count; i++)
		codes[i] = c->codes[numbers[i]];
}

uint16_t
countries_of_asn(const struct countries *c, uint32_t asn)
{
	size_t at = position(c, asn);
	return at < c->asn_count && c->asns[at].asn == asn ? c->asns[at].code : COUNTRY_NONE;
}
