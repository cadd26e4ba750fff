/* Invoices of random contracts, against reference_invoice.py: a slow and obvious computation in
 * another language, with another reading of the time zones. `--cases N` and `--seed N` say how many
 * and which. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "hub/hub_file.h"
#include "hub/hub_file_io.h"
#include "ledger/invoice_json.h"
#include "ledger/ledger_desk.h"
#include "tap.h"
#include "view/view_ledger.h"

/* --- a store that holds one case --- */

struct case_store {
	struct ledger_store store;
	const json_t *test;
	uint64_t changes;
};

static int64_t
number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static int64_t
at(const json_t *array, size_t i)
{
	return json_integer_value(json_array_get(array, i));
}

static enum ledger_store_error
case_bins(struct ledger_facts *out, struct ledger_store *store, struct arena *arena,
	  const char *port, struct utc_s from, struct utc_s to)
{
	const json_t *test = ((struct case_store *)store)->test;
	const json_t *bins = json_object_get(json_object_get(test, "ports"), port), *bin;
	size_t i;
	*out = (struct ledger_facts){
		.items = arena_take(arena, (json_array_size(bins) + 1) * sizeof(*out->items))};
	json_array_foreach(bins, i, bin)
	{
		uint32_t length_s = (uint32_t)number(test, "bin_s");
		struct utc_s start = {number(test, "from") + (int64_t)i * length_s};
		if (!json_is_array(bin) || start.s < from.s || start.s >= to.s)
			continue;
		uint64_t in = (uint64_t)at(bin, 0), outgoing = (uint64_t)at(bin, 1);
		enum traffic_state state = (enum traffic_state)at(bin, 2);
		bool counted = state == TRAFFIC_COUNTER;
		out->items[out->count++] = (struct ledger_fact){
			.start = start,
			.length_s = length_s,
			.runs = 1,
			.counter_covered_s = counted ? length_s : 0,
			.counter_in = counted ? in : 0,
			.counter_out = counted ? outgoing : 0,
			.flow_in = in,
			.flow_out = outgoing,
			.claim = state,
		};
	}
	return LEDGER_STORE_OK;
}

static enum ledger_store_error
case_totals(struct ledger_store *store, struct ledger_store_totals *totals)
{
	*totals = (struct ledger_store_totals){.changes = ((struct case_store *)store)->changes};
	return LEDGER_STORE_OK;
}

/* Other bins are as many more. */
static enum ledger_store_error
case_count(struct ledger_store *store, struct utc_s from, struct utc_s to, uint64_t *batches)
{
	(void)from;
	(void)to;
	*batches = ((struct case_store *)store)->changes;
	return LEDGER_STORE_OK;
}

static const struct ledger_store_engine case_engine = {
	.name = "case", .bins = case_bins, .count = case_count, .totals = case_totals};

static int
case_others(void *context, struct arena *arena, const char *contract, const char *port,
	    struct utc_s from, struct utc_s to, struct ledger_other_bins *out)
{
	const json_t *test = ((struct case_store *)context)->test, *bin;
	const json_t *bins = port ? json_object_get(json_object_get(test, "others"), port) : NULL;
	struct ledger_other_bin *items =
		arena_take(arena, (json_array_size(bins) + 1) * sizeof(*items));
	size_t i, count = 0;
	(void)contract;
	json_array_foreach(bins, i, bin)
	{
		uint32_t length_s = (uint32_t)number(test, "bin_s");
		struct utc_s start = {number(test, "from") + (int64_t)i * length_s};
		if (json_is_array(bin) && start.s >= from.s && start.s < to.s)
			items[count++] = (struct ledger_other_bin){
				start, length_s, (uint64_t)at(bin, 0), (uint64_t)at(bin, 1)};
	}
	*out = (struct ledger_other_bins){items, count};
	return 0;
}

/* --- the hub of a case --- */

static int
read_hub(void *context, const char *path, struct buf *out)
{
	if (strcmp(path, "case") != 0)
		return hub_file_disk().read(NULL, path, out);
	buf_str(out, context);
	return 0;
}

static struct hub *
hub_of(const json_t *test)
{
	char *text = json_dumps(json_object_get(test, "hub"), JSON_COMPACT);
	struct hub_report report;
	struct hub *hub = hub_file_read(
		"case", (struct hub_source){.read = read_hub, .context = text}, &report);
	if (!hub) {
		struct buf out = {0};
		hub_report_print(&report, &out);
		printf("# %.*s# %s\n", (int)out.length, (char *)out.data, text);
		buf_fini(&out);
	}
	hub_report_fini(&report);
	free(text);
	return hub;
}

/* --- the comparison --- */

/* Prints the parts that differ; the rest would hide them. */
static void
tell(const json_t *ours, const json_t *theirs)
{
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)theirs, key, value)
	{
		const json_t *own = json_object_get(ours, key);
		if (own && json_equal(own, value))
			continue;
		char *a = json_dumps(own, JSON_COMPACT | JSON_ENCODE_ANY);
		char *b = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
		printf("# %s\n#  ledger    %s\n#  reference %s\n", key, a ? a : "-", b);
		free(a);
		free(b);
	}
}

/* The document that would be issued says all of it: read back and written again it is the same. */
static bool
is_read_back(const struct ledger_invoice *invoice)
{
	struct ledger_invoice again;
	struct buf then = {0}, now = {0};
	struct arena *arena = arena_new();
	view_ledger_bill(&then, VIEW_LEDGER_JSON, invoice);
	bool good = view_invoice_read(&again, arena, invoice->hub, then.data, then.length) == 0;
	if (good)
		view_ledger_bill(&now, VIEW_LEDGER_JSON, &again);
	good = good && now.length == then.length && memcmp(now.data, then.data, now.length) == 0;
	if (!good)
		printf("# then %.*s\n# now  %.*s\n", (int)then.length, (char *)then.data,
		       (int)now.length, (char *)now.data);
	buf_fini(&then);
	buf_fini(&now);
	arena_free(arena);
	return good;
}

static bool
agree(const json_t *test)
{
	struct hub *hub = hub_of(test);
	struct case_store store = {{&case_engine}, test, 1};
	if (!hub)
		return false;
	hub->bin_length_s = (uint32_t)number(test, "bin_s");
	struct ledger_desk *desk = ledger_desk_new(&store.store, hub);
	ledger_desk_others(desk, (struct ledger_others){.find = case_others, .context = &store});
	struct ledger_invoice invoice, again;
	struct utc_s month = utc_month_start((int)number(test, "year"), (int)number(test, "month"));
	struct utc_s now = {number(test, "now")};
	enum ledger_desk_answer answer = ledger_desk_invoice(desk, &invoice, NULL, 0, month, now);
	bool good = answer == LEDGER_DESK_OK;
	if (good) {
		const json_t *theirs = json_object_get(test, "invoice");
		json_t *ours = invoice_json(&invoice);
		good = json_equal(ours, theirs);
		if (!good)
			tell(ours, theirs);
		/* Made anew it is the same. */
		store.changes++;
		good &= ledger_desk_invoice(desk, &again, NULL, 0, month, now) == LEDGER_DESK_OK;
		json_t *twice = invoice_json(&again);
		good = good && is_read_back(&again);
		good &= json_equal(ours, twice);
		json_decref(ours);
		json_decref(twice);
	} else {
		printf("# answer %d, %s\n", answer, ledger_desk_fault(desk));
	}
	ledger_desk_free(desk);
	hub_free(hub);
	return good;
}

static void
play(unsigned cases, unsigned seed)
{
	char command[120];
	(void)snprintf(command, sizeof(command),
		       "python3 -B tests/ledger/random_contracts.py %u %u", cases, seed);
	FILE *made = popen(command, "r");
	char *line = NULL;
	size_t room = 0;
	unsigned played = 0, wrong = 0;
	while (made && getline(&line, &room, made) > 0) {
		json_error_t error;
		json_t *test = json_loads(line, 0, &error);
		if (!test || !agree(test)) {
			wrong++;
			printf("# case %u of seed %u\n", played, seed);
		}
		played++;
		json_decref(test);
	}
	free(line);
	int status = made ? pclose(made) : -1;
	ok(played == cases && !wrong && status == 0,
	   "%u random contracts of seed %u: every number is that of the reference", played, seed);
}

int
main(int argc, char **argv)
{
	unsigned cases = 250, seed = 1;
	for (int i = 1; i + 1 < argc; i += 2) {
		unsigned value = (unsigned)strtoul(argv[i + 1], NULL, 10);
		if (strcmp(argv[i], "--cases") == 0)
			cases = value;
		else if (strcmp(argv[i], "--seed") == 0)
			seed = value;
	}
	play(cases, seed);
	return done_testing();
}
