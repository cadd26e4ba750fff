/* What exporters of many makers have sent is read as other decoders read it, record by record and
 * field by field. data/records.tsv says what those found (make_expected.py, where the columns are
 * explained); data/ours.tsv what we find where we differ on purpose, and data/differences.tsv why.
 *
 *	captures_test NAME...	prints our rows of these captures */
#include <glob.h>
#include <stdlib.h>

#include "base/buf.h"
#include "capture.h"
#include "meter/netflow.h"
#include "meter/sflow.h"
#include "tap.h"

enum { ROWS_MAX = 1024, ROW_MAX = 400 };

struct rows {
	char *row[ROWS_MAX];
	size_t count;
};

static void
add_row(struct rows *rows, const char *text)
{
	if (rows->count < ROWS_MAX)
		rows->row[rows->count++] = strdup(text);
}

static void
free_rows(struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		free(rows->row[i]);
	rows->count = 0;
}

/* --- our rows --- */

static void
put_number(struct buf *b, uint64_t number)
{
	if (number)
		buf_printf(b, "\t%llu", (unsigned long long)number);
	else
		buf_str(b, "\t-");
}

static void
put_address(struct buf *b, struct ip address)
{
	char text[IP_TEXT];
	buf_printf(b, "\t%s", address.family ? ip_format(text, address) : "-");
}

static void
put_mac_text(struct buf *b, bool there, struct mac mac)
{
	static const struct mac none;
	if (!there || memcmp(&mac, &none, sizeof(mac)) == 0) {
		buf_str(b, "\t-");
		return;
	}
	for (int i = 0; i < 6; i++)
		buf_printf(b, "%c%02x", i ? ':' : '\t', mac.octets[i]);
}

static void
put_row(struct rows *rows, struct buf *b)
{
	buf_u8(b, 0);
	add_row(rows, (const char *)b->data);
	buf_clear(b);
}

static void
flow_row(struct rows *rows, struct buf *b, const struct flow *f, bool with_rate)
{
	buf_str(b, "flow");
	put_address(b, f->source);
	put_address(b, f->destination);
	put_mac_text(b, f->has_macs, f->source_mac);
	put_mac_text(b, f->has_macs, f->destination_mac);
	put_number(b, f->vlan);
	put_number(b, f->vlan_out);
	put_number(b, f->input);
	put_number(b, f->output);
	put_number(b, f->source_as);
	put_number(b, f->destination_as);
	buf_printf(b, "\t%llu\t%llu", (unsigned long long)f->octets,
		   (unsigned long long)f->packets);
	put_number(b, with_rate ? f->sampling.population : 0);
	put_row(rows, b);
}

static void
put_counter(struct buf *b, uint64_t value)
{
	if (value == UINT64_MAX)
		buf_str(b, "\t-");
	else
		buf_printf(b, "\t%llu", (unsigned long long)value);
}

static void
counters_row(struct rows *rows, struct buf *b, const struct sflow_counters *n)
{
	buf_printf(b, "counters\t%u\t%llu\t%u\t%u", n->if_index, (unsigned long long)n->speed_bps,
		   n->direction, (unsigned)n->admin_up | (unsigned)n->oper_up << 1);
	const uint64_t values[] = {n->in_octets,  n->in_packets,  n->in_discards,  n->in_errors,
				   n->out_octets, n->out_packets, n->out_discards, n->out_errors};
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		put_counter(b, values[i]);
	put_counter(b, n->ethernet ? n->fcs_errors : UINT64_MAX);
	put_row(rows, b);
}

static void
add_sflow(struct rows *rows, struct cursor payload)
{
	struct sflow_reader r;
	struct sflow_sample s;
	struct buf b = {0};
	enum flow_refusal why = sflow_open(&r, payload);
	if (why != FLOW_ACCEPTED) {
		buf_printf(&b, "refused: %s", flow_refusal_text(why));
		put_row(rows, &b);
	}
	while (why == FLOW_ACCEPTED && sflow_next(&r, &s)) {
		if (s.bad) {
			buf_str(&b, "refused: malformed sample");
			put_row(rows, &b);
		} else if (s.kind == SFLOW_FLOW) {
			flow_row(rows, &b, &s.flow, true);
		} else if (s.kind == SFLOW_COUNTERS && s.counters.present) {
			counters_row(rows, &b, &s.counters);
		} else if (s.kind == SFLOW_DISCARDS) {
			buf_printf(&b, "discard\t%u", s.reason);
			put_mac_text(&b, s.flow.has_macs, s.flow.source_mac);
			put_mac_text(&b, s.flow.has_macs, s.flow.destination_mac);
			buf_printf(&b, "\t%llu", (unsigned long long)s.flow.octets);
			put_row(rows, &b);
		}
	}
	buf_fini(&b);
}

static void
add_netflow(struct rows *rows, struct netflow_state *state, struct cursor payload)
{
	struct netflow_reader r;
	struct flow flow;
	struct buf b = {0};
	enum flow_refusal why = netflow_open(&r, state, payload, (struct utc_s){1700000000});
	if (why != FLOW_ACCEPTED) {
		buf_printf(&b, "refused: %s", flow_refusal_text(why));
		put_row(rows, &b);
	}
	while (why == FLOW_ACCEPTED && netflow_next(&r, &flow))
		flow_row(rows, &b, &flow, r.version == 5);
	if (why == FLOW_ACCEPTED)
		netflow_done(&r);
	for (int i = 0; why == FLOW_ACCEPTED && i < FLOW_REFUSALS; i++) {
		if (!r.refused[i] || i == FLOW_BAD_SAMPLING)
			continue;
		buf_printf(&b, "refused: %s", flow_refusal_text((enum flow_refusal)i));
		put_row(rows, &b);
	}
	buf_fini(&b);
}

/* The order is not that of the records where data waits for its template. */
static int
compare_rows(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
read_capture(struct rows *rows, const char *folder, const char *name)
{
	char path[512];
	struct capture capture;
	struct capture_datagram d;
	struct netflow_state *state = netflow_state_new(NULL);
	(void)snprintf(path, sizeof(path), "%s/captures/%s.pcap", folder, name);
	if (!capture_open(&capture, path)) {
		printf("# cannot read %s\n", path);
		netflow_state_free(state);
		return;
	}
	while (capture_next(&capture, &d)) {
		struct cursor start = d.payload;
		if (cursor_u32(&start) == 5)
			add_sflow(rows, d.payload);
		else
			add_netflow(rows, state, d.payload);
	}
	capture_close(&capture);
	netflow_state_free(state);
	qsort(rows->row, rows->count, sizeof(rows->row[0]), compare_rows);
}

/* --- the tables --- */

/* The rows of a capture in a table. */
static void
read_rows(struct rows *rows, const char *folder, const char *table, const char *name)
{
	char path[512], line[ROW_MAX];
	size_t length = strlen(name);
	(void)snprintf(path, sizeof(path), "%s/%s", folder, table);
	FILE *f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		if (strncmp(line, name, length) == 0 && line[length] == '\t')
			add_row(rows, line + length + 1);
	}
	if (f)
		fclose(f);
	qsort(rows->row, rows->count, sizeof(rows->row[0]), compare_rows);
}

static bool
same(const struct rows *a, const struct rows *b)
{
	for (size_t i = 0; i < a->count && a->count == b->count; i++)
		if (strcmp(a->row[i], b->row[i]) != 0)
			return false;
	return a->count == b->count;
}

static void
show_first_difference(const struct rows *got, const struct rows *want)
{
	size_t i = 0;
	while (i < got->count && i < want->count && strcmp(got->row[i], want->row[i]) == 0)
		i++;
	printf("# %zu rows, expected %zu; the first that differs:\n", got->count, want->count);
	printf("#      got %s\n", i < got->count ? got->row[i] : "nothing");
	printf("# expected %s\n", i < want->count ? want->row[i] : "nothing");
}

static void
check(const char *folder, const char *name)
{
	struct rows got = {0}, others = {0}, ours = {0}, why = {0};
	read_capture(&got, folder, name);
	read_rows(&others, folder, "records.tsv", name);
	read_rows(&ours, folder, "ours.tsv", name);
	read_rows(&why, folder, "differences.tsv", name);
	bool agree;
	if (why.count) {
		agree = ok(same(&got, &ours) && !same(&got, &others),
			   "%s, otherwise than others: %s", name, why.row[0]);
		if (!agree)
			show_first_difference(&got, &ours);
	} else {
		agree = ok(same(&got, &others), "%s: %zu records as decoded by others", name,
			   others.count);
		if (!agree)
			show_first_difference(&got, &others);
	}
	free_rows(&got);
	free_rows(&others);
	free_rows(&ours);
	free_rows(&why);
}

static void
check_all(const char *folder)
{
	char pattern[256], name[128];
	glob_t found;
	(void)snprintf(pattern, sizeof(pattern), "%s/captures/*.pcap", folder);
	if (!ok(glob(pattern, 0, NULL, &found) == 0, "there are captures"))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *file = strrchr(found.gl_pathv[i], '/') + 1;
		(void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(file, "."), file);
		check(folder, name);
	}
	globfree(&found);
}

int
main(int argc, char **argv)
{
	static const char folder[] = "tests/meter/data";
	for (int i = 1; i < argc; i++) {
		struct rows rows = {0};
		read_capture(&rows, folder, argv[i]);
		for (size_t k = 0; k < rows.count; k++)
			printf("%s\t%s\n", argv[i], rows.row[k]);
		free_rows(&rows);
	}
	if (argc > 1)
		return 0;
	check_all(folder);
	return done_testing();
}
