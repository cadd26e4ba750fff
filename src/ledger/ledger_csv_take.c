/* Bins whole from CSV: a row into its bin. */
#include <string.h>

#include "ledger/ledger_csv.h"
#include "ledger/ledger_store_row.h"

static const char not_a_number[] = "a number is not one, or too large";
static const char no_memory[] = "no memory";

/* The fields of a row, read one after the other; `fault` is the first thing that was wrong. */
struct row {
	char *const *fields;
	int next, count;
	const char *fault;
};

static const char *
text(struct row *row)
{
	if (row->next < row->count)
		return row->fields[row->next++];
	row->fault = "there are too few fields";
	return "";
}

/* Digits only, and one way to write each number. */
static uint64_t
number(struct row *row, uint64_t most)
{
	const char *field = text(row);
	uint64_t value = 0;
	bool good = *field && (field[0] != '0' || !field[1]);
	for (const char *c = field; *c && good; c++)
		good = *c >= '0' && *c <= '9' &&
		       !__builtin_mul_overflow(value, (uint64_t)10, &value) &&
		       !__builtin_add_overflow(value, (uint64_t)(*c - '0'), &value);
	if ((!good || value > most) && !row->fault)
		row->fault = not_a_number;
	return good ? value : 0;
}

static uint64_t
octets(struct row *row)
{
	return number(row, INT64_MAX);
}

static uint64_t
country(struct row *row)
{
	const char *field = text(row);
	if (strlen(field) != 2) {
		row->fault = "a country is not two letters";
		return 0;
	}
	return (uint64_t)(uint8_t)field[0] << 8 | (uint8_t)field[1];
}

static uint64_t
port_number(struct row *row, struct ledger_port_names *names)
{
	const char *name = text(row);
	uint32_t found = ledger_port_names_find(names, name);
	if (found)
		return found;
	if (!*name || !ledger_port_names_add(names, name)) {
		row->fault = *name ? no_memory : "a port has no name";
		return 0;
	}
	return names->count;
}

int
ledger_csv_start(struct utc_s *out, const char *field)
{
	return utc_parse(out, field);
}

/* --- lists of a batch: twice the room whenever it is full --- */

static void *
with_room(struct arena *arena, const void *items, size_t count, size_t size)
{
	if (count & (count - 1))
		return (void *)(uintptr_t)items;
	void *larger = arena_take(arena, (count ? count * 2 : 1) * size);
	if (larger && count)
		memcpy(larger, items, count * size);
	return larger;
}

static struct traffic_batch *
batch_of(struct row *row, struct ledger_whole *bin)
{
	uint64_t run = number(row, UINT64_MAX);
	for (size_t i = bin->batches.count; i > 0; i--)
		if (ledger_whole_batch(bin, i - 1)->told.run == run)
			return &ledger_whole_batch(bin, i - 1)->told;
	if (!row->fault)
		row->fault = "there is no such batch in batches.csv";
	return NULL;
}

static const char *
kept(struct arena *arena, struct row *row)
{
	const char *field = text(row);
	const char *copy = arena_copy(arena, field, strlen(field));
	if (!copy)
		row->fault = no_memory;
	return copy;
}

static void
take_batch(struct row *row, struct ledger_whole *bin)
{
	struct ledger_whole_batch batch = {.told.start = bin->start};
	batch.told.run = number(row, UINT64_MAX);
	batch.told.length_s = (uint32_t)number(row, 86400);
	batch.told.covered_s = (uint32_t)number(row, 86400);
	batch.told.simulated = number(row, 1) == 1;
	batch.told.kernel_drops = octets(row);
	batch.check.counter = number(row, UINT64_MAX);
	batch.check.flow = number(row, UINT64_MAX);
	batch.in = octets(row);
	batch.out = octets(row);
	batch.state = (enum traffic_state)number(row, TRAFFIC_ESTIMATED);
	if (row->fault)
		return;
	struct ledger_whole_batch *place = ledger_rows_next(&bin->batches);
	if (place)
		*place = batch;
	else
		row->fault = no_memory;
}

static void
take_exporter(struct row *row, struct ledger_whole *bin)
{
	struct arena *arena = bin->batches.arena;
	struct traffic_batch *told = batch_of(row, bin);
	struct traffic_exporter e = {.exporter = kept(arena, row)};
	e.datagrams = number(row, UINT64_MAX);
	e.records = number(row, UINT64_MAX);
	e.lost_records = number(row, UINT64_MAX);
	e.refused = number(row, UINT64_MAX);
	if (row->fault)
		return;
	struct traffic_exporter *items =
		with_room(arena, told->exporters, told->exporter_count, sizeof(e));
	if (!items) {
		row->fault = no_memory;
		return;
	}
	told->exporters = items;
	told->exporters[told->exporter_count++] = e;
}

static void
take_domain(struct row *row, struct ledger_whole *bin)
{
	struct traffic_batch *told = batch_of(row, bin);
	const char *exporter = text(row);
	struct traffic_domain d = {.protocol = (uint8_t)number(row, UINT8_MAX)};
	d.number = number(row, UINT64_MAX);
	d.received = number(row, UINT64_MAX);
	d.lost = number(row, UINT64_MAX);
	d.lost_here = number(row, UINT64_MAX);
	d.restarts = (uint32_t)number(row, UINT32_MAX);
	d.repeated = (uint32_t)number(row, UINT32_MAX);
	if (row->fault)
		return;
	while (d.exporter < told->exporter_count &&
	       strcmp(told->exporters[d.exporter].exporter, exporter) != 0)
		d.exporter++;
	if (d.exporter == told->exporter_count) {
		row->fault = "there is no such exporter in exporters.csv";
		return;
	}
	struct traffic_domain *items =
		with_room(bin->batches.arena, told->domains, told->domain_count, sizeof(d));
	if (!items) {
		row->fault = no_memory;
		return;
	}
	told->domains = items;
	told->domains[told->domain_count++] = d;
}

static void
take_unattributed(struct row *row, struct ledger_whole *bin)
{
	struct arena *arena = bin->batches.arena;
	struct traffic_batch *told = batch_of(row, bin);
	struct traffic_unattributed u = {.cause = kept(arena, row)};
	u.octets = number(row, UINT64_MAX);
	u.samples = number(row, UINT64_MAX);
	if (row->fault)
		return;
	struct traffic_unattributed *items =
		with_room(arena, told->unattributed, told->unattributed_count, sizeof(u));
	if (!items) {
		row->fault = no_memory;
		return;
	}
	told->unattributed = items;
	told->unattributed[told->unattributed_count++] = u;
}

/* A number that a fact cannot have would come back as another one. */
static void
take_port(struct row *row, struct ledger_whole *bin, struct ledger_port_names *names)
{
	uint64_t named = port_number(row, names);
	int64_t numbers[LEDGER_ROW_NUMBERS], back[LEDGER_ROW_NUMBERS];
	for (int i = 0; i < LEDGER_ROW_NUMBERS; i++)
		numbers[i] = (int64_t)octets(row);
	if (row->fault)
		return;
	struct ledger_fact fact = ledger_row_fact(bin->start, numbers);
	ledger_row_of(back, &fact);
	if (memcmp(numbers, back, sizeof(numbers)) != 0) {
		row->fault = "a number is beyond what its column may hold";
		return;
	}
	struct ledger_whole_port *port = ledger_rows_next(&bin->ports);
	if (port)
		*port = (struct ledger_whole_port){names->names[named - 1], fact};
	else
		row->fault = no_memory;
}

static void
read_key(struct row *row, enum ledger_sum_kind kind, struct ledger_sum *sum,
	 struct ledger_port_names *names)
{
	if (kind == LEDGER_COUNTRIES) {
		sum->lower = country(row) << 16;
		sum->lower |= country(row);
		return;
	}
	sum->upper = port_number(row, names);
	if (kind == LEDGER_PAIRS) {
		sum->lower = port_number(row, names) << 2;
		uint64_t family = number(row, IP_V6);
		sum->lower |= family == IP_V4 ? 1 : family == IP_V6 ? 2 : 0;
		if (family != IP_NONE && family != IP_V4 && family != IP_V6)
			row->fault = "a family is neither 0, 4 nor 6";
		return;
	}
	sum->upper = sum->upper << 1 | number(row, 1);
	sum->lower = number(row, UINT32_MAX) << 16;
	sum->lower |= country(row);
	sum->next = number(row, UINT32_MAX);
}

static void
take_sum(struct row *row, struct ledger_whole *bin, enum ledger_sum_kind kind,
	 struct ledger_port_names *names)
{
	struct ledger_whole_sums key = {.kind = kind};
	struct ledger_sum sum = {0};
	key.folded = row->next < row->count && !row->fields[row->next][0];
	if (key.folded)
		(void)text(row);
	else
		key.run = number(row, UINT64_MAX);
	key.length_s = (uint32_t)number(row, 86400);
	read_key(row, kind, &sum, names);
	sum.octets = number(row, UINT64_MAX);
	sum.packets = kind == LEDGER_PAIRS ? number(row, UINT64_MAX) : 0;
	sum.samples = number(row, UINT64_MAX / 2);
	if (row->fault)
		return;
	struct ledger_sums *sums = ledger_whole_sums_of(bin, &key);
	size_t before = sums ? sums->count : 0;
	if (sums)
		ledger_sums_add(sums, &sum);
	if (!sums || sums->failed)
		row->fault = no_memory;
	else if (sums->count == before)
		row->fault = "the same sum is there twice";
}

const char *
ledger_csv_take(struct ledger_whole *bin, struct ledger_port_names *names,
		enum ledger_csv_file file, char *const *fields, int count)
{
	/* The first field is the start, which the caller has read. */
	struct row row = {.fields = fields, .next = 1, .count = count};
	switch (file) {
	case LEDGER_CSV_BATCHES:
		take_batch(&row, bin);
		break;
	case LEDGER_CSV_EXPORTERS:
		take_exporter(&row, bin);
		break;
	case LEDGER_CSV_DOMAINS:
		take_domain(&row, bin);
		break;
	case LEDGER_CSV_UNATTRIBUTED:
		take_unattributed(&row, bin);
		break;
	case LEDGER_CSV_PORTS:
		take_port(&row, bin, names);
		break;
	case LEDGER_CSV_PAIRS:
		take_sum(&row, bin, LEDGER_PAIRS, names);
		break;
	case LEDGER_CSV_ORIGINS:
		take_sum(&row, bin, LEDGER_ORIGINS, names);
		break;
	case LEDGER_CSV_COUNTRIES:
		take_sum(&row, bin, LEDGER_COUNTRIES, names);
		break;
	case LEDGER_CSV_FILES:
		break;
	}
	if (!row.fault && row.next != count)
		row.fault = "there are too many fields";
	return row.fault;
}
