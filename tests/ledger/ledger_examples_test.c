/* The examples of docs/billing.md: each says what the ports carry, a contract, and the lines that
 * follow. `--print` prints the lines as they are. */
#include <stdlib.h>

#include "hub/hub_file.h"
#include "hub/hub_file_io.h"
#include "ledger/ledger_invoice.h"
#include "tap.h"

enum { PORTS = 2, LENGTH_S = 300, DAY_BINS = 288, TEXT = 8192 };

/* --- an example of the manual --- */

struct example {
	char traffic[4][120]; /* "2026-11: p1 900M in, 300M out, days 1 to 16" */
	size_t traffic_count;
	struct buf contract, lines; /* YAML; the lines, without their marks */
};

static bool
begins(const char *text, const char *word)
{
	return strncmp(text, word, strlen(word)) == 0;
}

/* Reads one line of the manual; true when an example ends with it. */
static bool
take_line(struct example *e, const char *line)
{
	bool inside = begins(line, "    ");
	const char *text = inside ? line + 4 : line;
	bool told = e->contract.length > 0;
	if (!inside)
		return told;
	if (begins(text, "# 20") && !told && e->traffic_count < 4)
		(void)snprintf(e->traffic[e->traffic_count++], sizeof(e->traffic[0]), "%.*s",
			       (int)strcspn(text + 2, "\n"), text + 2);
	else if (begins(text, "# "))
		buf_str(&e->lines, begins(text, "# =>") ? "" : text + 2);
	else if (e->traffic_count)
		buf_str(&e->contract, text);
	return false;
}

/* --- the hub and its traffic --- */

static const char hub_text[] =
	"hub: {name: Test Hub, short_name: TST, asn: 64500, router_id: 192.0.2.1, country: PK}\n"
	"lans: [{name: peering, ipv4: 198.51.100.0/24}]\n"
	"members:\n"
	"  - asn: 64512\n"
	"    name: First\n"
	"    kind: carrier\n"
	"    ports:\n"
	"      - {id: p1, speed: 10G, ipv4: 198.51.100.11}\n"
	"      - {id: p2, speed: 10G, ipv4: 198.51.100.12}\n";

static int
read_example(void *context, const char *path, struct buf *out)
{
	const struct buf *contract = context;
	if (strcmp(path, "example") != 0)
		return hub_file_disk().read(NULL, path, out);
	buf_str(out, hub_text);
	buf_put(out, contract->data, contract->length);
	return 0;
}

static struct hub *
hub_of(struct example *e)
{
	struct hub_report report;
	struct hub_source source = {.read = read_example, .context = &e->contract};
	struct hub *hub = hub_file_read("example", source, &report);
	struct buf out = {0};
	hub_report_print(&report, &out);
	if (out.length)
		printf("# %.*s", (int)out.length, (const char *)out.data);
	buf_fini(&out);
	hub_report_fini(&report);
	return hub;
}

static uint64_t
speed(const char *text)
{
	double number = strtod(text, NULL);
	return (uint64_t)(number * (strchr(text, 'G') ? 1e9 : 1e6) + 0.5);
}

/* Fills the row of a port as the line says. Returns its number from 0, or -1. */
static int
carry(struct ledger_series *rows, const char *traffic)
{
	char in[20], out[20];
	int port, first = 1, last = 31;
	if (sscanf(traffic, "%*d-%*d: p%d %19s in, %19s out, days %d to %d", &port, in, out, &first,
		   &last) < 3 ||
	    port < 1 || port > PORTS)
		return -1;
	struct ledger_series *row = &rows[port - 1];
	for (size_t i = 0; i < row->count; i++) {
		int day = (int)(i / DAY_BINS) + 1;
		bool busy = day >= first && day <= last;
		row->bins[i] = (struct ledger_bin){
			.in = busy ? speed(in) / 8 * LENGTH_S : 0,
			.out = busy ? speed(out) / 8 * LENGTH_S : 0,
			.state = TRAFFIC_COUNTER,
			.listed = true,
		};
	}
	return port - 1;
}

/* --- what comes of it --- */

static void
put_line(struct buf *out, struct money amount, const char *text)
{
	char number[MONEY_TEXT];
	buf_printf(out, "%12s  %s\n", money_format_amount(number, amount), text);
}

static void
put_invoice(struct buf *out, const struct ledger_invoice *invoice)
{
	const struct ledger_charge *charge = &invoice->charge;
	char text[80];
	for (size_t i = 0; i < charge->line_count; i++)
		put_line(out, charge->lines[i].amount, charge->lines[i].text);
	(void)snprintf(text, sizeof(text), "total %.3s", charge->total.currency.code);
	put_line(out, charge->total, text);
	(void)snprintf(text, sizeof(text), "total %.3s", charge->other_total.currency.code);
	if (charge->exchanged)
		put_line(out, charge->other_total, text);
	for (size_t i = 0; i < charge->amortisation_count; i++)
		put_line(out, charge->amortisations[i].so_far, "written off so far");
}

static bool
make(struct buf *out, const struct hub *hub, const struct example *e)
{
	struct arena *arena = arena_new();
	struct ledger_series sum = {0}, rows[PORTS] = {{{0}, 0, 0, NULL}}, used[PORTS];
	const struct hub_contract *c = &hub->contracts[0];
	struct ledger_invoice invoice;
	struct ledger_invoice_source source = {.hub = hub};
	int year = 0, month = 0;
	bool good = e->traffic_count && sscanf(e->traffic[0], "%d-%d", &year, &month) == 2 &&
		    ledger_period_of(&source.period, c, year, month) == 0;
	source.now.s = source.period.month_to.s + 900;
	for (size_t p = 0; good && p <= PORTS; p++)
		good = ledger_series_init(p < PORTS ? &rows[p] : &sum, source.period.from,
					  source.period.to, LENGTH_S) == 0;
	for (size_t i = 0; good && i < e->traffic_count; i++)
		good = carry(rows, e->traffic[i]) >= 0;
	for (size_t i = 0; good && i < c->port_count; i++) {
		used[i] = rows[c->ports[i]];
		ledger_series_join(&sum, &used[i]);
		source.usage.speed_bps += hub->ports[c->ports[i]].speed_bps;
	}
	source.usage.sum = &sum;
	source.usage.ports = used;
	source.usage.port_count = c->port_count;
	good = good && ledger_invoice_make(&invoice, arena, &source) == 0;
	if (good)
		put_invoice(out, &invoice);
	for (size_t p = 0; p < PORTS; p++)
		ledger_series_fini(&rows[p]);
	ledger_series_fini(&sum);
	arena_free(arena);
	return good;
}

/* The text without blanks that only keep columns. */
static char *
plain(const struct buf *text)
{
	char *out = calloc(1, text->length + 1);
	size_t used = 0;
	for (size_t i = 0; out && i < text->length; i++) {
		char c = (char)text->data[i];
		if (c != ' ' || (used && out[used - 1] != ' ' && out[used - 1] != '\n'))
			out[used++] = c;
	}
	return out;
}

static void
try(struct example *e, unsigned number, bool print)
{
	struct hub *hub = hub_of(e);
	struct buf got = {0};
	ok(hub && make(&got, hub, e), "example %u makes an invoice", number);
	char *ours = plain(&got), *told = plain(&e->lines);
	if (print)
		printf("example %u\n%.*s\n", number, (int)got.length, (const char *)got.data);
	is_str(ours, told, "and its lines are those of the manual");
	free(ours);
	free(told);
	buf_fini(&got);
	hub_free(hub);
}

int
main(int argc, char **argv)
{
	FILE *manual = fopen("docs/billing.md", "r");
	bool print = argc > 1 && strcmp(argv[1], "--print") == 0;
	char line[TEXT];
	unsigned number = 0;
	struct example e = {.traffic_count = 0};
	while (manual && fgets(line, sizeof(line), manual)) {
		if (!take_line(&e, line))
			continue;
		try(&e, ++number, print);
		buf_fini(&e.contract);
		buf_fini(&e.lines);
		e = (struct example){.traffic_count = 0};
	}
	if (manual)
		(void)fclose(manual);
	ok(number >= 10, "the manual has its examples");
	return done_testing();
}
