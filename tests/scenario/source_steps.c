/* Lines about what lies outside the hub file: registries, the RPKI, the process itself.
 *
 *	registry <<END          what the registries say, all of it
 *	     set AS-EXAMPLE as N ... prefixes P ...
 *	     network N [ipv4 MAX] [ipv6 MAX] [never-via]
 *	     whois arin|registro-br P ... as N
 *	registry goes           there is none any more
 *	rpki <<END              what the one cache says, all of it
 *	     roa P [max L] as N
 *	     aspa N providers N ...
 *	rpki is lost            the cache answers no more; its data stays until
 *	rpki expires
 *	the hub leaves          its process ends so that another one can take over
 *	the hub returns         here it is */
#include <stdlib.h>
#include <string.h>

#include "exchange/rpki/rpki_table.h"
#include "scenario/exchange_steps.h"

struct sources {
	struct registry *registry;
	struct buf registry_octets;
	struct rpki_table *rpki;
	unsigned cache;
	bool in_use;
};

enum { SETS_MAX = 1024, NETWORKS_MAX = 64, LIST_MAX = 256 };

static struct sources *
sources_of(struct scenario *s)
{
	if (!s->sources)
		s->sources = calloc(1, sizeof(*s->sources));
	if (!s->sources)
		abort();
	return s->sources;
}

const struct rpki_table *
source_rpki(const struct scenario *s)
{
	return s->sources && s->sources->in_use ? s->sources->rpki : NULL;
}

const struct registry *
source_registry(const struct scenario *s)
{
	return s->sources ? s->sources->registry : NULL;
}

/* The next line of those that stand under this one; false at the end. */
static bool
next_line(struct scenario *s, const char **rest, struct line *out)
{
	while (*rest && **rest) {
		size_t length = strcspn(*rest, "\n");
		const char *text = arena_copy(s->arena, *rest, length);
		*rest += length + ((*rest)[length] != 0);
		script_line(out, s->arena, text);
		if (out->count)
			return true;
	}
	return false;
}

static bool
take_number(struct line *line, uint32_t *out)
{
	uint64_t number;
	const char *word = line_take(line);
	if (!script_number(&number, word) || number > UINT32_MAX)
		return false;
	*out = (uint32_t)number;
	return true;
}

/* --- registries --- */

struct written {
	struct buf sets[SETS_MAX];
	struct registry_part parts[SETS_MAX];
	size_t set_count;
	struct registry_network networks[NETWORKS_MAX];
	size_t network_count;
	struct registry_record records[LIST_MAX];
	size_t record_count;
};

static bool
write_family(struct scenario *s, struct written *written, const char *name, enum ip_family family,
	     struct line line)
{
	struct prefix prefixes[LIST_MAX];
	struct asn origins[LIST_MAX];
	struct registry_answer answer = {
		.name = name,
		.family = family,
		.fetched = scenario_utc(s),
		.since = scenario_utc(s),
		.seed = 1,
		.prefixes = prefixes,
		.origins = origins,
	};
	uint64_t number;
	if (line_is(&line, "as"))
		while (answer.origin_count < LIST_MAX && line_peek(&line) &&
		       script_number(&number, line_peek(&line))) {
			origins[answer.origin_count++].number = (uint32_t)number;
			line.at++;
		}
	if (line_is(&line, "prefixes"))
		while (answer.prefix_count < LIST_MAX && line_peek(&line) &&
		       prefix_parse(&prefixes[answer.prefix_count], line_peek(&line)) == 0) {
			answer.prefix_count += prefixes[answer.prefix_count].ip.family == family;
			line.at++;
		}
	struct buf *octets = &written->sets[written->set_count];
	if (line_peek(&line) || registry_set_write(octets, &answer) < 0)
		return false;
	written->parts[written->set_count++] =
		(struct registry_part){octets->data, octets->length, REGISTRY_FRESH};
	return true;
}

static bool
write_set(struct scenario *s, struct written *written, struct line *line)
{
	char name[REGISTRY_NAME];
	const char *word = line_take(line);
	return word && registry_name(name, word) && written->set_count + 2 <= SETS_MAX &&
	       write_family(s, written, name, IP_V4, *line) &&
	       write_family(s, written, name, IP_V6, *line);
}

static bool
write_network(struct written *written, struct line *line)
{
	if (written->network_count == NETWORKS_MAX)
		return false;
	struct registry_network *network = &written->networks[written->network_count++];
	if (!take_number(line, &network->asn.number))
		return false;
	while (line_peek(line)) {
		if (line_is(line, "never-via"))
			network->never_via_route_servers = true;
		else if (!(line_is(line, "ipv4") && take_number(line, &network->prefixes_ipv4)) &&
			 !(line_is(line, "ipv6") && take_number(line, &network->prefixes_ipv6)))
			return false;
	}
	return true;
}

static bool
write_records(struct written *written, struct line *line)
{
	size_t first = written->record_count;
	bool arin = line_is(line, "arin");
	uint32_t origin;
	if (!arin && !line_is(line, "registro-br"))
		return false;
	for (struct prefix p; written->record_count < LIST_MAX && line_peek(line) &&
			      prefix_parse(&p, line_peek(line)) == 0;
	     line->at++)
		written->records[written->record_count++].prefix = p;
	if (!line_is(line, "as") || !take_number(line, &origin))
		return false;
	for (size_t i = first; i < written->record_count; i++) {
		written->records[i].origin.number = origin;
		written->records[i].sources = arin ? REGISTRY_ARIN : REGISTRY_REGISTRO_BR;
	}
	return !line_peek(line);
}

static bool
write_all(struct scenario *s, struct written *written, struct buf *out)
{
	struct line line;
	for (const char *rest = s->line.here; next_line(s, &rest, &line);) {
		bool good = line_is(&line, "set")       ? write_set(s, written, &line)
			    : line_is(&line, "network") ? write_network(written, &line)
			    : line_is(&line, "whois")   ? write_records(written, &line)
							: false;
		if (!good)
			return !scenario_broken(s, "the registry: \"%s\"", line.text);
	}
	struct registry_content content = {
		.written = scenario_utc(s),
		.sets = written->parts,
		.set_count = written->set_count,
		.networks = written->networks,
		.network_count = written->network_count,
		.records = written->records,
		.record_count = written->record_count,
		.record_seed = 1,
	};
	return registry_write(out, &content) == 0;
}

static void
use_registry(struct scenario *s, struct registry *now, struct buf octets)
{
	struct sources *sources = sources_of(s);
	exchange_use_registry(s->exchange, now, s->now);
	registry_close(sources->registry);
	buf_fini(&sources->registry_octets);
	sources->registry = now;
	sources->registry_octets = octets;
}

static bool
registry_step(struct scenario *s)
{
	struct buf octets = {0};
	const char *error = NULL;
	if (line_is(&s->line, "goes")) {
		use_registry(s, NULL, octets);
		return true;
	}
	struct written *written = calloc(1, sizeof(*written));
	if (!written)
		abort();
	struct registry *now = s->line.here && write_all(s, written, &octets)
				       ? registry_open(octets.data, octets.length, &error)
				       : NULL;
	for (size_t i = 0; i < SETS_MAX; i++)
		buf_fini(&written->sets[i]);
	free(written);
	if (now)
		use_registry(s, now, octets);
	else if (!s->broken)
		scenario_broken(s, "no registry: %s", error ? error : "registry <<END");
	if (!now)
		buf_fini(&octets);
	return true;
}

/* --- the RPKI --- */

static void
tell_changes(struct scenario *s)
{
	struct sources *sources = sources_of(s);
	struct rpki_changes changes;
	if (!rpki_take_changes(sources->rpki, &changes))
		return;
	struct rib_touched *lists[2];
	struct exchange_touched touched = {
		.all = changes.all_prefixes || changes.all_paths,
		.customers = changes.customers,
		.customer_count = changes.customer_count,
	};
	for (unsigned i = 0; i < 2; i++) {
		lists[i] = arena_take(s->arena, (changes.prefix_count + 1) * sizeof(*lists[i]));
		touched.prefixes[i] = lists[i];
	}
	for (size_t i = 0; i < changes.prefix_count; i++) {
		const struct rpki_touched *from = &changes.prefixes[i];
		unsigned family = from->prefix.ip.family == IP_V6;
		lists[family][touched.prefix_counts[family]++] =
			(struct rib_touched){from->prefix, from->max_length};
	}
	exchange_rpki_changed(s->exchange, &touched, s->now);
}

static bool
announce_roa(struct sources *sources, struct line *line)
{
	struct rpki_vrp vrp;
	const char *word = line_take(line);
	uint32_t longest;
	if (!word || prefix_parse(&vrp.prefix, word) < 0)
		return false;
	vrp.max_length = vrp.prefix.length;
	if (line_is(line, "max")) {
		if (!take_number(line, &longest))
			return false;
		vrp.max_length = (uint8_t)longest;
	}
	return line_is(line, "as") && take_number(line, &vrp.asn.number) &&
	       rpki_announce(sources->rpki, sources->cache, &vrp) == RPKI_OK;
}

static bool
announce_aspa(struct sources *sources, struct line *line)
{
	struct asn customer;
	uint32_t providers[LIST_MAX];
	size_t count = 0;
	if (!take_number(line, &customer.number) || !line_is(line, "providers"))
		return false;
	while (line_peek(line) && count < LIST_MAX)
		if (!take_number(line, &providers[count++]))
			return false;
	return rpki_announce_aspa(sources->rpki, sources->cache, customer, providers, count) ==
	       RPKI_OK;
}

static bool
load_rpki(struct scenario *s, struct sources *sources)
{
	struct line line;
	rpki_begin(sources->rpki, sources->cache, RPKI_WHOLE);
	for (const char *rest = s->line.here; next_line(s, &rest, &line);) {
		bool good = line_is(&line, "roa")    ? announce_roa(sources, &line)
			    : line_is(&line, "aspa") ? announce_aspa(sources, &line)
						     : false;
		if (!good || line_peek(&line))
			return !scenario_broken(s, "the RPKI: \"%s\"", line.text);
	}
	rpki_commit(sources->rpki, sources->cache, true);
	return true;
}

static bool
rpki_step(struct scenario *s)
{
	struct sources *sources = sources_of(s);
	if (!sources->rpki) {
		sources->rpki = rpki_table_new();
		int cache =
			sources->rpki ? rpki_source_add(sources->rpki, RPKI_CACHE, "cache", 1) : -1;
		if (cache < 0)
			abort();
		sources->cache = (unsigned)cache;
		sources->in_use = true;
		exchange_use_rpki(s->exchange, sources->rpki, s->now);
	}
	if (line_is(&s->line, "is lost"))
		rpki_source_alive(sources->rpki, sources->cache, false);
	else if (line_is(&s->line, "expires"))
		rpki_source_drop(sources->rpki, sources->cache);
	else if (!s->line.here)
		return scenario_broken(s, "rpki <<END, rpki is lost, rpki expires");
	else if (!load_rpki(s, sources))
		return true;
	tell_changes(s);
	return true;
}

/* --- the process --- */

static bool
leave(struct scenario *s)
{
	exchange_leave(s->exchange, s->now);
	exchange_settle(s);
	exchange_free(s->exchange);
	s->exchange = NULL;
	for (struct member *m = s->members; m; m = m->next) {
		member_clear(&m->kept); /* nobody is there who keeps anything */
		m->rtt_ms = 0;
		for (enum session_conn c = SESSION_OUT; c < SESSION_CONNS; c++)
			if (m->conns[c].state != MEMBER_CLOSED)
				member_hung_up(m, c, s->now);
	}
	return true;
}

static bool
come_back(struct scenario *s)
{
	exchange_take_hub(s, s->hub);
	exchange_return(s->exchange, s->now);
	exchange_use_registry(s->exchange, source_registry(s), s->now);
	exchange_use_rpki(s->exchange, source_rpki(s), s->now);
	return true;
}

bool
source_step(struct scenario *s)
{
	struct line *line = &s->line;
	if (!s->exchange)
		return line_is(line, "the hub returns") && come_back(s);
	if (line_is(line, "the hub leaves"))
		return leave(s);
	if (line_is(line, "registry"))
		return registry_step(s);
	return line_is(line, "rpki") && rpki_step(s);
}

void
source_finish(struct scenario *s)
{
	if (!s->sources)
		return;
	registry_close(s->sources->registry);
	buf_fini(&s->sources->registry_octets);
	rpki_table_free(s->sources->rpki);
	free(s->sources);
}
