/* The rules between items about registries, PeeringDB and dumps. */
#include <ctype.h>
#include <string.h>

#include "hub/hub_check.h"
#include "hub/hub_read.h"

void
hub_fill_irr(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_irr *irr = element;
	(void)r;
	if (!hub_node_get(map, "enabled"))
		irr->enabled = map != NULL;
}

static void
check_source(struct hub_reader *r, const struct hub_node *map, const char *key, const char *source)
{
	if (source && strstr(source, "://") && strncmp(source, "https://", 8) != 0 &&
	    strncmp(source, "http://", 7) != 0)
		hub_complain(r->report, hub_reader_mark(map, key),
			     "%s: found \"%s\", expected a URL with http or https, or a path", key,
			     hub_show(source).text);
}

/* Names of registries with commas between them. They become an argument of a program. */
static bool
is_list_of_names(const char *text)
{
	for (const char *c = text; *c; c++) {
		bool first = c == text || c[-1] == ',';
		bool last = !c[1] || c[1] == ',';
		if (!isalnum((unsigned char)*c) && (first || last || !strchr("-_,", *c)))
			return false;
	}
	return true;
}

void
hub_check_irr(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_irr *irr = element;
	if (irr->sources && !is_list_of_names(irr->sources))
		hub_complain(r->report, hub_reader_mark(map, "sources"),
			     "sources: found \"%s\", expected names with commas between them, such "
			     "as RIPE,APNIC,RADB",
			     hub_show(irr->sources).text);
	check_source(r, map, "arin", irr->arin);
	check_source(r, map, "registro_br", irr->registro_br);
}

void
hub_check_peeringdb(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_peeringdb *peeringdb = element;
	const char *source = peeringdb->source;
	check_source(r, map, "source", source);
	if (peeringdb->key && source && strncmp(source, "http://", 7) == 0)
		hub_warn(r->report, hub_reader_mark(map, "source"),
			 "source: the key goes over the network in the clear; https would keep it");
}

void
hub_check_dumps(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_dumps *dumps = element;
	const char *const keys[] = {"table_every_s", "updates_every_s"};
	const uint32_t values[] = {dumps->table_every_s, dumps->updates_every_s};
	for (size_t i = 0; i < 2; i++)
		if (values[i] && values[i] < 60)
			hub_complain(r->report, hub_reader_mark(map, keys[i]),
				     "%s: found %u, expected 0, or 60 and more", keys[i],
				     (unsigned)values[i]);
}
