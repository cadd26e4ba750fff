/* What PeeringDB knows of networks. */
#include "registry/registry_peeringdb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"

enum {
	MEMBERS_A_QUESTION = 100, /* so that addresses stay well below 2000 octets */
	NETWORKS_MAX = 1 << 20,
	AS_SET_MAX = 255,
	RETRY_FIRST_S = 60,
	RETRY_MOST_S = 3600,
	REFRESH_LEAST_S = 60,
};

static const char fields[] =
	"fields=asn,info_prefixes4,info_prefixes6,info_never_via_route_servers,irr_as_set";

void
registry_networks_fini(struct registry_networks *networks)
{
	arena_free(networks->arena);
	free(networks->list);
	*networks = (struct registry_networks){0};
}

/* --- reading --- */

/* A whole number of at most `max`; 0 for anything else. */
static uint32_t
count_of(const struct json_value *value, uint32_t max)
{
	double number;
	if (!json_read_number(&number, value) || number < 0 || number > max ||
	    number != (double)(uint32_t)number)
		return 0;
	return (uint32_t)number;
}

static int
add(struct registry_networks *networks, const struct registry_network *network)
{
	if (networks->count >= NETWORKS_MAX)
		return -1;
	if (networks->count == networks->capacity) {
		size_t capacity = networks->capacity ? 2 * networks->capacity : 256;
		struct registry_network *list = realloc(networks->list, capacity * sizeof(*list));
		if (!list)
			return -2;
		networks->list = list;
		networks->capacity = capacity;
	}
	if (!networks->arena)
		networks->arena = arena_new();
	struct registry_network *added = &networks->list[networks->count];
	*added = *network;
	if (network->as_set) {
		added->as_set =
			networks->arena ? arena_str(networks->arena, network->as_set) : NULL;
		if (!added->as_set)
			return -2;
	}
	networks->count++;
	return 0;
}

static int
read_network(struct registry_networks *networks, const struct json_value *value)
{
	const char *as_set = json_read_text(json_read_get(value, "irr_as_set"));
	struct registry_network network = {
		.asn = {count_of(json_read_get(value, "asn"), UINT32_MAX)},
		.prefixes_ipv4 = count_of(json_read_get(value, "info_prefixes4"), UINT32_MAX),
		.prefixes_ipv6 = count_of(json_read_get(value, "info_prefixes6"), UINT32_MAX),
		.never_via_route_servers =
			json_read_is_true(json_read_get(value, "info_never_via_route_servers")),
		.as_set = as_set && *as_set && strlen(as_set) <= AS_SET_MAX ? as_set : NULL,
	};
	return network.asn.number ? add(networks, &network) : 0;
}

int
registry_networks_read(struct registry_networks *networks, const char *json, size_t length)
{
	struct arena *arena = arena_new();
	if (!arena)
		return -2;
	const struct json_value *data = json_read_get(json_read(arena, json, length), "data");
	int result = data && data->type == JSON_ARRAY ? 0 : -1;
	for (const struct json_value *v = json_read_first(data); v && result == 0; v = v->next)
		result = v->type == JSON_OBJECT ? read_network(networks, v) : -1;
	arena_free(arena);
	return result;
}

int
registry_networks_copy(struct registry_networks *networks, const struct registry *registry)
{
	for (size_t i = 0; i < registry_network_count(registry); i++)
		if (add(networks, registry_network_at(registry, i)) < 0)
			return -1;
	return 0;
}

static int
by_asn(const void *a, const void *b)
{
	const struct registry_network *x = a, *y = b;
	if (x->asn.number != y->asn.number)
		return x->asn.number > y->asn.number ? 1 : -1;
	if (!x->as_set || !y->as_set)
		return !x->as_set - !y->as_set;
	return strcmp(x->as_set, y->as_set);
}

void
registry_networks_sort(struct registry_networks *networks)
{
	struct registry_network *list = networks->list;
	size_t kept = 0;
	if (networks->count)
		qsort(list, networks->count, sizeof(*list), by_asn);
	for (size_t i = 0; i < networks->count; i++) {
		struct registry_network *last = kept ? &list[kept - 1] : NULL;
		if (!last || last->asn.number != list[i].asn.number) {
			list[kept++] = list[i];
			continue;
		}
		last->never_via_route_servers |= list[i].never_via_route_servers;
		if (last->prefixes_ipv4 < list[i].prefixes_ipv4)
			last->prefixes_ipv4 = list[i].prefixes_ipv4;
		if (last->prefixes_ipv6 < list[i].prefixes_ipv6)
			last->prefixes_ipv6 = list[i].prefixes_ipv6;
	}
	networks->count = kept;
}

/* --- asking --- */

bool
registry_peeringdb_is_url(const char *source)
{
	return strncmp(source, "http://", 7) == 0 || strncmp(source, "https://", 8) == 0;
}

bool
registry_peeringdb_url(struct buf *out, const struct hub *hub, size_t i)
{
	const char *source = hub->peeringdb.source;
	size_t length = strlen(source);
	if (strchr(source, '?')) {
		if (i == 0)
			buf_put(out, source, length + 1);
		return i == 0;
	}
	size_t first = i ? (i - 1) * MEMBERS_A_QUESTION : 0;
	if (i && first >= hub->member_count)
		return false;
	while (length > 0 && source[length - 1] == '/')
		length--;
	buf_put(out, source, length);
	if (length < 4 || memcmp(source + length - 4, "/net", 4) != 0)
		buf_str(out, "/net");
	buf_printf(out, "?%s&", fields);
	if (i == 0) {
		buf_str(out, "info_never_via_route_servers=1");
	} else {
		for (size_t m = first; m < hub->member_count && m < first + MEMBERS_A_QUESTION; m++)
			buf_printf(out, "%s%u", m == first ? "asn__in=" : ",",
				   hub->members[m].asn.number);
	}
	buf_u8(out, '\0');
	return true;
}

/* --- believing --- */

void
registry_peeringdb_failed(struct registry_peeringdb *p, const char *why, uint32_t refresh_s,
			  struct registry_moment now)
{
	int64_t delay_s = RETRY_FIRST_S;
	for (unsigned i = 0; i < p->failures && delay_s < RETRY_MOST_S; i++)
		delay_s *= 2;
	if (delay_s > RETRY_MOST_S)
		delay_s = RETRY_MOST_S;
	if (delay_s > refresh_s && refresh_s >= REFRESH_LEAST_S)
		delay_s = refresh_s;
	p->failures++;
	p->failed = now.utc;
	(void)snprintf(p->error, sizeof(p->error), "%s", why);
	p->asking = false;
	p->due = mono_add_ms(now.mono, delay_s * 1000);
}

bool
registry_peeringdb_answered(struct registry_peeringdb *p, struct registry_networks *networks,
			    uint32_t refresh_s, struct registry_moment now)
{
	if (p->there && networks->count < (p->known.count + 1) / 2) {
		char why[REGISTRY_WHY];
		(void)snprintf(why, sizeof(why), "only %zu networks, where there were %zu",
			       networks->count, p->known.count);
		registry_networks_fini(networks);
		registry_peeringdb_failed(p, why, refresh_s, now);
		return false;
	}
	registry_networks_fini(&p->known);
	p->known = *networks;
	*networks = (struct registry_networks){0};
	p->there = true;
	p->fetched = now.utc;
	p->failures = 0;
	p->error[0] = '\0';
	p->asking = false;
	int64_t delay_s = refresh_s > REFRESH_LEAST_S ? refresh_s : REFRESH_LEAST_S;
	p->due = mono_add_ms(now.mono, delay_s * 1000);
	return true;
}
