/* Bins whole as CSV: writing, and cutting records into fields. */
#include "ledger/ledger_csv.h"

#include <inttypes.h>
#include <string.h>

#include "ledger/ledger_store_row.h"

static const struct {
	const char *name, *header;
} files[LEDGER_CSV_FILES] = {
	[LEDGER_CSV_BATCHES] = {"batches.csv",
				"start,run,length,covered,simulated,kernel_drops,counter_octets,"
				"flow_octets,octets_in,octets_out,state"},
	[LEDGER_CSV_EXPORTERS] = {"exporters.csv",
				  "start,run,exporter,datagrams,records,lost,refused"},
	[LEDGER_CSV_DOMAINS] = {"domains.csv",
				"start,run,exporter,protocol,number,received,lost,lost_here,"
				"restarts,repeated"},
	[LEDGER_CSV_UNATTRIBUTED] = {"unattributed.csv", "start,run,cause,octets,samples"},
	[LEDGER_CSV_PORTS] = {"ports.csv", "start,port"},
	[LEDGER_CSV_PAIRS] = {"pairs.csv",
			      "start,run,length,from_port,to_port,family,octets,packets,samples"},
	[LEDGER_CSV_ORIGINS] = {"origins.csv",
				"start,run,length,port,outgoing,asn,country,next_asn,octets,"
				"samples"},
	[LEDGER_CSV_COUNTRIES] = {"countries.csv",
				  "start,run,length,from_country,to_country,octets,samples"},
};

const char *
ledger_csv_name(enum ledger_csv_file file)
{
	return files[file].name;
}

void
ledger_csv_header(struct buf *out, enum ledger_csv_file file)
{
	buf_str(out, files[file].header);
	for (int i = 0; i < LEDGER_ROW_NUMBERS && file == LEDGER_CSV_PORTS; i++)
		buf_printf(out, ",%s", ledger_row_columns[i].name);
}

/* --- fields --- */

static void
put_start(struct buf *out, struct utc_s start)
{
	char text[CLOCK_TEXT];
	buf_str(out, utc_format(text, start));
}

static void
put_number(struct buf *out, uint64_t number)
{
	buf_printf(out, ",%" PRIu64, number);
}

static void
put_text(struct buf *out, const char *text)
{
	buf_u8(out, ',');
	if (!text[strcspn(text, ",\"\r\n")]) {
		buf_str(out, text);
		return;
	}
	buf_u8(out, '"');
	for (const char *c = text; *c; c++) {
		if (*c == '"')
			buf_u8(out, '"');
		buf_u8(out, (uint8_t)*c);
	}
	buf_u8(out, '"');
}

static void
end_row(struct buf *out)
{
	buf_put(out, "\r\n", 2);
}

/* --- rows --- */

static void
write_batch(struct buf *out, const struct ledger_whole_batch *batch)
{
	const struct traffic_batch *told = &batch->told;
	put_start(out, told->start);
	put_number(out, told->run);
	put_number(out, told->length_s);
	put_number(out, told->covered_s);
	put_number(out, told->simulated);
	put_number(out, told->kernel_drops);
	put_number(out, batch->check.counter);
	put_number(out, batch->check.flow);
	put_number(out, batch->in);
	put_number(out, batch->out);
	put_number(out, batch->state);
	end_row(out);
}

static void
write_exporters(struct buf *out, const struct traffic_batch *told)
{
	for (size_t i = 0; i < told->exporter_count; i++) {
		const struct traffic_exporter *e = &told->exporters[i];
		put_start(out, told->start);
		put_number(out, told->run);
		put_text(out, e->exporter);
		put_number(out, e->datagrams);
		put_number(out, e->records);
		put_number(out, e->lost_records);
		put_number(out, e->refused);
		end_row(out);
	}
}

static void
write_domains(struct buf *out, const struct traffic_batch *told)
{
	for (size_t i = 0; i < told->domain_count; i++) {
		const struct traffic_domain *d = &told->domains[i];
		put_start(out, told->start);
		put_number(out, told->run);
		put_text(out, told->exporters[d->exporter].exporter);
		put_number(out, d->protocol);
		put_number(out, d->number);
		put_number(out, d->received);
		put_number(out, d->lost);
		put_number(out, d->lost_here);
		put_number(out, d->restarts);
		put_number(out, d->repeated);
		end_row(out);
	}
}

static void
write_unattributed(struct buf *out, const struct traffic_batch *told)
{
	for (size_t i = 0; i < told->unattributed_count; i++) {
		const struct traffic_unattributed *u = &told->unattributed[i];
		put_start(out, told->start);
		put_number(out, told->run);
		put_text(out, u->cause);
		put_number(out, u->octets);
		put_number(out, u->samples);
		end_row(out);
	}
}

static void
write_ports(struct buf *out, const struct ledger_whole *bin)
{
	for (size_t i = 0; i < bin->ports.count; i++) {
		const struct ledger_whole_port *port = ledger_whole_port(bin, i);
		int64_t numbers[LEDGER_ROW_NUMBERS];
		ledger_row_of(numbers, &port->fact);
		put_start(out, bin->start);
		put_text(out, port->port);
		for (int n = 0; n < LEDGER_ROW_NUMBERS; n++)
			put_number(out, (uint64_t)numbers[n]);
		end_row(out);
	}
}

static const char *
name_of(const struct ledger_port_names *names, uint32_t number)
{
	return number >= 1 && number <= names->count ? names->names[number - 1] : "";
}

static void
write_key(struct buf *out, enum ledger_sum_kind kind, const struct ledger_sum *sum,
	  const struct ledger_port_names *names)
{
	if (kind == LEDGER_PAIRS) {
		struct ledger_pair_key key = ledger_pair_key(sum);
		put_text(out, name_of(names, key.from));
		put_text(out, name_of(names, key.to));
		put_number(out, key.family);
	} else if (kind == LEDGER_ORIGINS) {
		struct ledger_origin_key key = ledger_origin_key(sum);
		put_text(out, name_of(names, key.port));
		put_number(out, key.outgoing);
		put_number(out, key.asn.number);
		put_text(out, key.country);
		put_number(out, key.next.number);
	} else {
		struct ledger_country_key key = ledger_country_key(sum);
		put_text(out, key.from);
		put_text(out, key.to);
	}
}

static void
write_sums(struct buf *out, const struct ledger_whole *bin, enum ledger_sum_kind kind,
	   const struct ledger_port_names *names)
{
	for (size_t i = 0; i < bin->sums.count; i++) {
		const struct ledger_whole_sums *sums = ledger_whole_sums(bin, i);
		for (size_t k = 0; k < sums->sums.count && sums->kind == kind; k++) {
			const struct ledger_sum *sum = &sums->sums.items[k];
			put_start(out, bin->start);
			if (sums->folded)
				buf_u8(out, ',');
			else
				put_number(out, sums->run);
			put_number(out, sums->length_s);
			write_key(out, kind, sum, names);
			put_number(out, sum->octets);
			if (kind == LEDGER_PAIRS)
				put_number(out, sum->packets);
			put_number(out, sum->samples);
			end_row(out);
		}
	}
}

void
ledger_csv_write(struct buf *out, enum ledger_csv_file file, const struct ledger_whole *bin,
		 const struct ledger_port_names *names)
{
	switch (file) {
	case LEDGER_CSV_PORTS:
		write_ports(out, bin);
		return;
	case LEDGER_CSV_PAIRS:
		write_sums(out, bin, LEDGER_PAIRS, names);
		return;
	case LEDGER_CSV_ORIGINS:
		write_sums(out, bin, LEDGER_ORIGINS, names);
		return;
	case LEDGER_CSV_COUNTRIES:
		write_sums(out, bin, LEDGER_COUNTRIES, names);
		return;
	case LEDGER_CSV_BATCHES:
	case LEDGER_CSV_EXPORTERS:
	case LEDGER_CSV_DOMAINS:
	case LEDGER_CSV_UNATTRIBUTED:
	case LEDGER_CSV_FILES:
		break;
	}
	for (size_t i = 0; i < bin->batches.count; i++) {
		const struct ledger_whole_batch *batch = ledger_whole_batch(bin, i);
		if (file == LEDGER_CSV_BATCHES)
			write_batch(out, batch);
		else if (file == LEDGER_CSV_EXPORTERS)
			write_exporters(out, &batch->told);
		else if (file == LEDGER_CSV_DOMAINS)
			write_domains(out, &batch->told);
		else
			write_unattributed(out, &batch->told);
	}
}

/* --- records --- */

bool
ledger_csv_goes_on(const char *text, size_t length)
{
	bool inside = false;
	for (size_t i = 0; i < length; i++)
		inside ^= text[i] == '"';
	return inside;
}

/* Takes the quotes off a field that begins with one. Where it ends (at a comma or the end of the
 * record), or NULL. */
static char *
unquote(char *field, char *end)
{
	char *to = field;
	for (char *c = field + 1; c < end; c++) {
		if (*c != '"') {
			*to++ = *c;
			continue;
		}
		c++;
		if (c < end && *c == '"') {
			*to++ = *c;
			continue;
		}
		if (c < end && *c != ',')
			return NULL;
		*to = 0;
		return c;
	}
	return NULL;
}

int
ledger_csv_split(char *record, size_t length, char *fields[LEDGER_CSV_FIELDS])
{
	char *at = record, *end = record + length;
	int count = 0;
	if (memchr(record, 0, length))
		return -1;
	for (;;) {
		if (count == LEDGER_CSV_FIELDS)
			return -1;
		fields[count++] = at;
		char *stop;
		if (at < end && *at == '"') {
			stop = unquote(at, end);
		} else {
			stop = at;
			while (stop < end && *stop != ',' && *stop != '"')
				stop++;
			if (stop < end && *stop == '"')
				stop = NULL;
		}
		if (!stop)
			return -1;
		bool last = stop == end;
		*stop = 0;
		if (last)
			return count;
		at = stop + 1;
	}
}
