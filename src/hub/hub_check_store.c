/* The rules between items of the ledger's store, and whether two are the same. */
#include <string.h>

#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_read.h"

void
hub_check_store(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_store *store = element;
	bool far = store->engine == HUB_STORE_CLICKHOUSE;
	if (far && !store->url_count)
		hub_complain(r->report, hub_reader_mark(map, "engine"),
			     "engine: clickhouse needs urls");
	if (!far && (store->url_count || store->cluster || store->user))
		hub_warn(r->report, hub_reader_mark(map, "engine"),
			 "engine: urls, cluster and user are for clickhouse; sqlite does not use "
			 "them");
	if ((store->password || store->password_file) && !store->user)
		hub_complain(r->report, hub_reader_mark(map, "user"),
			     "user: missing; there is a password for it");
	if (store->password && store->password_file)
		hub_complain(r->report, hub_reader_mark(map, "password_file"),
			     "password_file: found beside password, expected one of them");
	for (size_t i = 0; i < store->url_count; i++) {
		const char *url = store->urls[i];
		bool plain = strncmp(url, "http://", 7) == 0;
		if (!plain && strncmp(url, "https://", 8) != 0)
			hub_complain(r->report, hub_reader_mark(map, "urls"),
				     "urls: found \"%s\", expected http://HOST:PORT or "
				     "https://HOST:PORT",
				     hub_show(url).text);
		if (plain && store->user && strncmp(url, "http://127.", 11) != 0 &&
		    strncmp(url, "http://[::1]", 12) != 0 &&
		    strncmp(url, "http://localhost", 16) != 0)
			hub_warn(r->report, hub_reader_mark(map, "urls"),
				 "urls: the password goes over the network in the clear; https "
				 "would keep it");
	}
}

static bool
same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool
hub_store_same(const struct hub_store *a, const struct hub_store *b)
{
	bool same = a->engine == b->engine && a->url_count == b->url_count &&
		    a->timeout_s == b->timeout_s && same_text(a->cluster, b->cluster) &&
		    same_text(a->database, b->database) && same_text(a->user, b->user) &&
		    same_text(a->password, b->password) &&
		    same_text(a->password_file, b->password_file);
	for (size_t i = 0; same && i < a->url_count; i++)
		same = same_text(a->urls[i], b->urls[i]);
	return same;
}
