/* Opens the store that the hub file names. */
#include "ledger/ledger_store_io.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ledger/ledger_clickhouse_io.h"
#include "ledger/ledger_sqlite_io.h"

enum { QUICK_S = 5, PASSWORD_MAX = 256 };

bool
ledger_store_is_far(const struct hub_store *where)
{
	return where->engine == HUB_STORE_CLICKHOUSE;
}

/* The first line of the file. 0, or -1 with the reason. */
static int
read_password(const char *path, char out[PASSWORD_MAX], char reason[LEDGER_STORE_REASON])
{
	FILE *file = fopen(path, "re");
	if (!file || !fgets(out, PASSWORD_MAX, file)) {
		(void)snprintf(reason, LEDGER_STORE_REASON, "%.150s: %s", path,
			       file && !ferror(file) ? "it is empty" : strerror(errno));
		if (file)
			(void)fclose(file);
		return -1;
	}
	(void)fclose(file);
	out[strcspn(out, "\r\n")] = 0;
	return 0;
}

static struct ledger_store *
open_clickhouse(const struct hub_store *store, enum ledger_store_use use,
		char reason[LEDGER_STORE_REASON])
{
	char password[PASSWORD_MAX] = "";
	if (store->password_file && read_password(store->password_file, password, reason) < 0)
		return NULL;
	bool quick = use == LEDGER_STORE_QUICK;
	struct ledger_store *opened = ledger_clickhouse_open(
		&(struct ledger_clickhouse_settings){
			.urls = store->urls,
			.url_count = store->url_count,
			.cluster = store->cluster,
			.database = store->database,
			.user = store->user,
			.password = store->password_file ? password : store->password,
			.timeout_s =
				quick && store->timeout_s > QUICK_S ? QUICK_S : store->timeout_s,
			.only_asks = quick,
		},
		reason);
	explicit_bzero(password, sizeof(password));
	return opened;
}

struct ledger_store *
ledger_store_open(const struct hub_store *where, const char *path, enum ledger_store_use use,
		  char reason[LEDGER_STORE_REASON])
{
	if (ledger_store_is_far(where))
		return open_clickhouse(where, use, reason);
	return ledger_sqlite_open(path, reason);
}
