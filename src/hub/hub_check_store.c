/* The rules between items of the ledger's store. */
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
