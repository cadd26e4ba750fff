/* The ledger's store in the hub file: its items, what does not go together, comparing and copying. */
#include "hub/hub_memory.h"
#include "tap.h"

#include "base/arena.h"

#define HUB "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"

static struct hub *
hub_with(const char *store, char **said)
{
	char text[1000];
	(void)snprintf(text, sizeof(text), HUB "%s%s%s", store ? "store: {" : "",
		       store ? store : "", store ? "}\n" : "");
	struct memory_file file = {"hub.yaml", text, false};
	return memory_hub(&file, 1, said);
}

static void
items(void)
{
	char *said;
	struct hub *plain = hub_with(NULL, &said);
	ok(plain && plain->store.engine == HUB_STORE_SQLITE && !plain->store.url_count,
	   "bins are kept in a file when nothing is said");
	free(said);
	struct hub *hub = hub_with("engine: clickhouse, urls: ['http://127.0.0.1:8123', "
				   "'https://ch.example:8443'], cluster: hub, "
				   "user: ledger, password: right",
				   &said);
	ok(hub && !said[0] && hub->store.engine == HUB_STORE_CLICKHOUSE &&
		   hub->store.url_count == 2 &&
		   strcmp(hub->store.urls[1], "https://ch.example:8443") == 0 &&
		   strcmp(hub->store.cluster, "hub") == 0 &&
		   strcmp(hub->store.database, "sarai") == 0 &&
		   strcmp(hub->store.password, "right") == 0 && hub->store.timeout_s == 30,
	   "or in ClickHouse, with what is said of it and what is not");
	free(said);
	char *written = memory_written(hub);
	struct memory_file again = {"again.yaml", written, false};
	struct hub *back = memory_hub(&again, 1, &said);
	ok(back && hub_store_same(&back->store, &hub->store),
	   "it is written and read again as the same");
	ok(!hub_store_same(&plain->store, &hub->store), "which the file is not");
	free(said);
	struct arena *arena = arena_new();
	struct hub_store copy;
	ok(hub_store_copy(&copy, &hub->store, arena) && hub_store_same(&copy, &hub->store) &&
		   copy.urls != hub->store.urls && copy.user != hub->store.user,
	   "a copy is the same and stands by itself");
	copy.urls[1] = "https://other.example:8443";
	ok(!hub_store_same(&copy, &hub->store), "one server makes a difference");
	arena_free(arena);
	free(written);
	hub_free(back);
	hub_free(hub);
	hub_free(plain);
}

static void
complaints(void)
{
	static const struct {
		const char *store, *said;
		bool refused;
		const char *name;
	} cases[] = {
		{"engine: mysql", "engine: found \"mysql\"", true,
		 "an engine that there is none of"},
		{"engine: clickhouse", "clickhouse needs urls", true, "servers without an address"},
		{"engine: clickhouse, urls: ['ch.example:8123']", "expected http://HOST:PORT", true,
		 "an address without its scheme"},
		{"engine: clickhouse, urls: ['http://127.0.0.1:1'], password: x", "user: missing",
		 true, "a password of nobody"},
		{"engine: clickhouse, urls: ['https://a.example'], user: u, password: x, "
		 "password_file: /y",
		 "found beside password", true, "a password twice"},
		{"engine: clickhouse, urls: ['http://a.example:1'], user: u, password: x",
		 "in the clear", false, "a password without TLS, which is warned of"},
		{"urls: ['http://a.example:1']", "sqlite does not use", false,
		 "servers for a file, which is warned of"},
		{"engine: clickhouse, urls: ['http://127.0.0.1:1'], timeout_s: 0", "timeout_s",
		 true, "no time at all"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *said;
		struct hub *hub = hub_with(cases[i].store, &said);
		ok((hub == NULL) == cases[i].refused && strstr(said, cases[i].said), "%s",
		   cases[i].name);
		if (!strstr(said, cases[i].said))
			printf("# %s\n", said);
		free(said);
		hub_free(hub);
	}
}

int
main(void)
{
	items();
	complaints();
	return done_testing();
}
