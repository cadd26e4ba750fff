/* The rows of the ledger's store. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

static const char *const engine_words[] = {
	[HUB_STORE_SQLITE] = "sqlite",
	[HUB_STORE_CLICKHOUSE] = "clickhouse",
	NULL,
};

static const struct hub_item store_rows[] = {
	{"engine", HUB_TYPE_WORD, FIELD(hub_store, engine), .words = engine_words,
	 .fallback = "sqlite",
	 .help = "sqlite: a file in the data directory; clickhouse: servers of their own, which "
		 "several hubs may share."},
	{"urls", HUB_TYPE_TEXT, LIST(hub_store, urls, url_count), .min = 8, .max = 1000,
	 .limit = 16,
	 .help = "ClickHouse servers as http://HOST:PORT; when one does not answer the next is "
		 "asked."},
	{"cluster", HUB_TYPE_ID, FIELD(hub_store, cluster), .min = 1, .max = 64,
	 .fallback_help = "one server, without ZooKeeper or Keeper",
	 .help = "What the servers call their cluster (remote_servers)."},
	{"database", HUB_TYPE_ID, FIELD(hub_store, database), .min = 1, .max = 64,
	 .fallback = "sarai", .help = "The database; it is made if it is not there."},
	{"user", HUB_TYPE_TEXT, FIELD(hub_store, user), .min = 1, .max = 200,
	 .fallback_help = "the servers' default", .help = "Who asks."},
	{"password", HUB_TYPE_SECRET, FIELD(hub_store, password), .min = 1, .max = 200,
	 .help = "The password of that user."},
	{"password_file", HUB_TYPE_TEXT, FIELD(hub_store, password_file), .min = 1, .max = 4000,
	 .help = "A file whose first line is the password."},
	{"timeout_s", HUB_TYPE_COUNT, FIELD(hub_store, timeout_s), .min = 1, .max = 600,
	 .fallback = "30", .help = "How long a server may take for one request."},
};

const struct hub_table hub_schema_store = {"set of store values", ROWS(store_rows),
					   .size = sizeof(struct hub_store),
					   .check = hub_check_store};
