/* `sarai store`: exporting, importing and checking a store, which may be in use by a hub meanwhile. */
#include "main/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf_io.h"
#include "cli/cli.h"
#include "hub/hub_file_io.h"
#include "ledger/ledger_export_io.h"
#include "ledger/ledger_sqlite_io.h"
#include "ledger/ledger_store_io.h"
#include "main/folders.h"

struct store_order {
	const char *what, *where, *folder;
	struct utc_s from, to;
	bool salvage; /* export what is left of a damaged store */
	bool refused; /* a hub would not open it */
};

static bool
is_order(const struct store_order *order, const char *what)
{
	return strcmp(order->what, what) == 0;
}

/* --- opening --- */

/* A file that is a store already, or one to be made whose name says that it is to be one. */
static bool
names_store_file(const char *path)
{
	static const char magic[] = "SQLite format 3";
	static const char suffix[] = ".sqlite";
	char begin[sizeof(magic)] = "";
	FILE *file = fopen(path, "re");
	if (file) {
		size_t got = fread(begin, 1, sizeof(begin), file);
		(void)fclose(file);
		return got == sizeof(magic) && memcmp(begin, magic, sizeof(magic)) == 0;
	}
	size_t length = strlen(path);
	return length >= sizeof(suffix) &&
	       strcmp(path + length - (sizeof(suffix) - 1), suffix) == 0;
}

/* Only an import may make a store. */
static struct ledger_store *
open_file(struct store_order *order, const char *path)
{
	char reason[LEDGER_STORE_REASON];
	struct stat st;
	if (!is_order(order, "import") && stat(path, &st) < 0) {
		fprintf(stderr, "sarai store: %s: %s\n", path, strerror(errno));
		return NULL;
	}
	struct ledger_store *store = order->salvage ? ledger_sqlite_open_damaged(path, reason)
						    : ledger_sqlite_open(path, reason);
	if (store)
		return store;
	fprintf(stderr, "sarai store: %s\n", reason);
	/* Not one fault is told of it, but all. */
	order->refused = true;
	return is_order(order, "verify") ? ledger_sqlite_open_damaged(path, reason) : NULL;
}

static struct ledger_store *
open_of_hub(struct store_order *order, const struct hub *hub)
{
	char reason[LEDGER_STORE_REASON], *path = NULL;
	struct ledger_store *store = NULL;
	if (asprintf(&path, "%s/%s", hub->data_directory, FOLDERS_STORE) < 0)
		return NULL;
	if (!ledger_store_is_far(&hub->store)) {
		store = open_file(order, path);
	} else {
		store = ledger_store_open(&hub->store, path, LEDGER_STORE_WHOLE, reason);
		if (!store)
			fprintf(stderr, "sarai store: %s\n", reason);
	}
	free(path);
	return store;
}

static struct ledger_store *
open_store(struct store_order *order)
{
	if (names_store_file(order->where))
		return open_file(order, order->where);
	struct hub_report report;
	struct hub *hub = hub_file_read(order->where, hub_file_disk(), &report);
	struct ledger_store *store = NULL;
	if (hub) {
		store = open_of_hub(order, hub);
	} else {
		struct buf out = {0};
		hub_report_print(&report, &out);
		buf_write(&out, stderr);
		buf_fini(&out);
	}
	hub_report_fini(&report);
	hub_free(hub);
	return store;
}

/* --- doing --- */

static void
tell(void *context, struct utc_s reached)
{
	char text[CLOCK_TEXT];
	(void)context;
	fprintf(stderr, "\r%.10s ", utc_format(text, reached));
}

static int
move(const struct store_order *order, struct ledger_store *store)
{
	static const struct ledger_progress to_terminal = {.tell = tell};
	const struct ledger_progress *progress = isatty(STDERR_FILENO) ? &to_terminal : NULL;
	struct ledger_exported done;
	char reason[LEDGER_EXPORT_REASON];
	bool out = is_order(order, "export");
	struct buf gaps = {0};
	const struct ledger_export_order wanted = {order->from, order->to, progress,
						   order->salvage ? &gaps : NULL};
	int status = out ? ledger_export(&done, store, order->folder, &wanted, reason)
			 : ledger_import(&done, store, order->folder, progress, reason);
	if (progress)
		fputs("\r", stderr);
	bool whole = !gaps.length;
	buf_write(&gaps, stderr);
	buf_fini(&gaps);
	if (status < 0) {
		fprintf(stderr, "sarai store: %s%s\n", reason,
			out || done.bins == 0 ? "" : "; import again to go on");
		return CLI_REFUSED;
	}
	printf("%" PRIu64 " bins %s", done.bins, out ? "written" : "taken in");
	if (done.known)
		printf(", %" PRIu64 " were there already", done.known);
	printf("\n");
	return whole ? CLI_OK : CLI_REFUSED;
}

static int
verify(struct ledger_store *store, bool refused)
{
	struct buf faults = {0};
	enum ledger_store_error error = ledger_store_verify(store, &faults);
	buf_write(&faults, stdout);
	if (error)
		fprintf(stderr, "sarai store: %s\n", ledger_store_error_text(store));
	else if (!faults.length && !refused)
		printf("the store is sound\n");
	int status = error || faults.length || refused ? CLI_REFUSED : CLI_OK;
	buf_fini(&faults);
	return status;
}

static bool
read_order(struct store_order *order, int argc, char **argv)
{
	*order = (struct store_order){.from = {0}, .to = {INT64_MAX}};
	if (argc < 3)
		return false;
	order->what = argv[1];
	order->where = argv[2];
	bool moves = !is_order(order, "verify");
	if (moves && argc > 3)
		order->folder = argv[3];
	for (int i = moves ? 4 : 3; i < argc; i += 2) {
		if (is_order(order, "export") && strcmp(argv[i], "--salvage") == 0) {
			order->salvage = true;
			i--;
			continue;
		}
		bool from = strcmp(argv[i], "--from") == 0, to = strcmp(argv[i], "--to") == 0;
		if (!is_order(order, "export") || (!from && !to) || i + 1 == argc ||
		    utc_parse(from ? &order->from : &order->to, argv[i + 1]) < 0)
			return false;
	}
	return !moves || order->folder;
}

int
store_main(int argc, char **argv)
{
	struct store_order order;
	if (!read_order(&order, argc, argv))
		return CLI_USAGE;
	struct ledger_store *store = open_store(&order);
	if (!store)
		return CLI_REFUSED;
	int status =
		is_order(&order, "verify") ? verify(store, order.refused) : move(&order, store);
	ledger_store_close(store);
	return status;
}
