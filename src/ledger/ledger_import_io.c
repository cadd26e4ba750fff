/* A folder of CSV files into a store: read whole twice, first only to be judged. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_csv.h"
#include "ledger/ledger_export_io.h"

enum {
	BINS_TOGETHER = 64,
	ROWS_TOGETHER = 200000,
	RECORD_MAX = 65536, /* octets */
	DAY_S = 86400,
};

/* A file, with its next record taken apart. */
struct source {
	FILE *file;
	char *line;
	size_t capacity;
	uint64_t lines, at; /* read so far; where the record begins */
	bool has;           /* there is a record */
	struct utc_s start;
	char *fields[LEDGER_CSV_FIELDS];
	int count;
};

struct import {
	const char *path;
	struct source sources[LEDGER_CSV_FILES];
	struct ledger_port_names names;
	size_t rows;           /* of the bins at hand */
	struct utc_s last_end; /* of the bin before */
	char *reason;          /* LEDGER_EXPORT_REASON octets */
};

static int
wrong(struct import *in, enum ledger_csv_file file, uint64_t line, const char *why)
{
	(void)snprintf(in->reason, LEDGER_EXPORT_REASON, "%.300s/%s line %" PRIu64 ": %s", in->path,
		       ledger_csv_name(file), line, why);
	return -1;
}

/* --- records --- */

/* One record into source->line, without its end of line. Its length, -1 at the end of the file, or
 * -2 with the reason. */
static ssize_t
read_record(struct import *in, enum ledger_csv_file file)
{
	struct source *source = &in->sources[file];
	ssize_t length = getline(&source->line, &source->capacity, source->file);
	if (length < 0)
		return ferror(source->file) ? wrong(in, file, source->lines, strerror(errno)) - 1
					    : -1;
	source->at = ++source->lines;
	/* Quotes may hold an end of line. */
	while (ledger_csv_goes_on(source->line, (size_t)length)) {
		char *more = NULL;
		size_t capacity = 0;
		ssize_t added = length < RECORD_MAX ? getline(&more, &capacity, source->file) : -1;
		char *joined =
			added < 0 ? NULL : realloc(source->line, (size_t)(length + added) + 1);
		if (joined) {
			memcpy(joined + length, more, (size_t)added + 1);
			source->line = joined;
			source->capacity = (size_t)(length + added) + 1;
			length += added;
			source->lines++;
		}
		free(more);
		if (!joined)
			return wrong(in, file, source->at, "quotes are not closed") - 1;
	}
	if (length > RECORD_MAX)
		return wrong(in, file, source->at, "it is too long") - 1;
	if (length && source->line[length - 1] == '\n')
		length--;
	if (length && source->line[length - 1] == '\r')
		length--;
	source->line[length] = 0;
	return length;
}

/* The next row, if there is one. 0, or -1 with the reason. */
static int
next_row(struct import *in, enum ledger_csv_file file)
{
	struct source *source = &in->sources[file];
	struct utc_s before = source->start;
	bool first = !source->has;
	source->has = false;
	ssize_t length = read_record(in, file);
	if (length < 0)
		return length == -1 ? 0 : -1;
	source->count = ledger_csv_split(source->line, (size_t)length, source->fields);
	if (source->count < 0)
		return wrong(in, file, source->at, "it is not a row of CSV");
	if (ledger_csv_start(&source->start, source->fields[0]) < 0)
		return wrong(in, file, source->at, "the start is not a time");
	if (!first && source->start.s < before.s)
		return wrong(in, file, source->at, "it is not in order of start");
	source->has = true;
	return 0;
}

static int
check_header(struct import *in, enum ledger_csv_file file)
{
	struct buf header = {0};
	ledger_csv_header(&header, file);
	ssize_t length = read_record(in, file);
	int status = 0;
	if (length == -2)
		status = -1;
	else if (length < 0 || header.failed || (size_t)length != header.length ||
		 memcmp(header.data, in->sources[file].line, header.length) != 0)
		status = wrong(in, file, 1, "the header is not that of this file");
	buf_fini(&header);
	return status;
}

static void
close_all(struct import *in)
{
	for (int i = 0; i < LEDGER_CSV_FILES; i++) {
		if (in->sources[i].file)
			(void)fclose(in->sources[i].file);
		free(in->sources[i].line);
		in->sources[i] = (struct source){0};
	}
	ledger_port_names_fini(&in->names);
}

static int
open_all(struct import *in)
{
	in->last_end = (struct utc_s){INT64_MIN};
	for (int i = 0; i < LEDGER_CSV_FILES; i++) {
		enum ledger_csv_file file = (enum ledger_csv_file)i;
		char path[4096];
		(void)snprintf(path, sizeof(path), "%s/%s", in->path, ledger_csv_name(file));
		in->sources[i].file = fopen(path, "re");
		if (!in->sources[i].file)
			return wrong(in, file, 0, strerror(errno));
		if (check_header(in, file) < 0 || next_row(in, file) < 0)
			return -1;
	}
	return 0;
}

/* --- bins --- */

/* Takes from a file the rows of one bin. */
static int
take_rows(struct import *in, enum ledger_csv_file file, struct ledger_whole *bin)
{
	struct source *source = &in->sources[file];
	while (source->has && source->start.s == bin->start.s) {
		const char *fault =
			ledger_csv_take(bin, &in->names, file, source->fields, source->count);
		if (fault)
			return wrong(in, file, source->at, fault);
		in->rows++;
		if (next_row(in, file) < 0)
			return -1;
	}
	return 0;
}

/* The next bin in order of start, from all files. 1, 0 when nothing is left, -1 with the reason. */
static int
next_bin(struct import *in, struct ledger_wholes *bins)
{
	struct utc_s start = {INT64_MAX};
	for (int i = 0; i < LEDGER_CSV_FILES; i++)
		if (in->sources[i].has && in->sources[i].start.s < start.s)
			start = in->sources[i].start;
	if (start.s == INT64_MAX)
		return 0;
	uint64_t line = in->sources[LEDGER_CSV_BATCHES].at;
	struct ledger_whole *bin = ledger_wholes_add(bins, start);
	if (!bin)
		return wrong(in, LEDGER_CSV_BATCHES, line, "no memory");
	for (int i = 0; i < LEDGER_CSV_FILES; i++)
		if (take_rows(in, (enum ledger_csv_file)i, bin) < 0)
			return -1;
	return 1;
}

/* What must hold of bins that have been read, besides what their rows say. */
static int
check_bins(struct import *in, const struct ledger_wholes *bins)
{
	for (size_t i = 0; i < bins->items.count; i++) {
		const struct ledger_whole *bin = ledger_wholes_item(bins, i);
		const char *fault = ledger_whole_fault(bin);
		if (!fault && bin->batches.count && bin->start.s < in->last_end.s)
			fault = "it overlaps the one before";
		if (fault) {
			char text[CLOCK_TEXT];
			(void)snprintf(in->reason, LEDGER_EXPORT_REASON,
				       "%.300s: bin %s, before line %" PRIu64 " of batches.csv: %s",
				       in->path, utc_format(text, bin->start),
				       in->sources[LEDGER_CSV_BATCHES].lines, fault);
			return -1;
		}
		if (bin->batches.count)
			in->last_end.s = bin->start.s + ledger_whole_batch(bin, 0)->told.length_s;
	}
	return 0;
}

/* So many bins as are put together. The last one has a batch, if any that follows does: folded sums
 * alone go with it. */
static int
read_bins(struct import *in, struct ledger_wholes *bins)
{
	in->rows = 0;
	for (;;) {
		size_t count = bins->items.count;
		bool enough = count >= BINS_TOGETHER || in->rows >= ROWS_TOGETHER;
		if (enough && ledger_wholes_item(bins, count - 1)->batches.count)
			break;
		int more = next_bin(in, bins);
		if (more < 0)
			return -1;
		if (more == 0)
			break;
	}
	ledger_wholes_sort(bins);
	return check_bins(in, bins);
}

static int
put_bins(struct import *in, struct ledger_store *store, struct ledger_wholes *bins, bool dry,
	 struct ledger_exported *out)
{
	enum ledger_put *results = calloc(bins->items.count + 1, sizeof(*results));
	int status = results ? 0 : -1;
	enum ledger_store_error error =
		results ? ledger_store_take(store, bins, dry, results) : LEDGER_STORE_MEMORY;
	if (error) {
		(void)snprintf(in->reason, LEDGER_EXPORT_REASON, "%s",
			       error == LEDGER_STORE_FULL     ? "no room on the disk"
			       : error == LEDGER_STORE_MEMORY ? "no memory"
							      : ledger_store_error_text(store));
		status = -1;
	}
	for (size_t i = 0; i < bins->items.count && status == 0; i++) {
		const struct ledger_whole *bin = ledger_wholes_item(bins, i);
		char text[CLOCK_TEXT];
		out->bins += bin->batches.count && results[i] == LEDGER_PUT_NEW;
		out->known += bin->batches.count && results[i] == LEDGER_PUT_KNOWN;
		if (results[i] != LEDGER_PUT_REFUSED)
			continue;
		(void)snprintf(in->reason, LEDGER_EXPORT_REASON,
			       "bin %s: the store has a part of it, or bins that it overlaps",
			       utc_format(text, bin->start));
		status = -1;
	}
	free(results);
	return status;
}

static int
read_all(struct import *in, struct ledger_store *store, bool dry, struct ledger_exported *out,
	 const struct ledger_progress *progress)
{
	int64_t day = 0;
	int status = open_all(in);
	bool more = status == 0;
	*out = (struct ledger_exported){0};
	while (more && status == 0) {
		struct ledger_wholes bins;
		bool made = ledger_wholes_init(&bins, &in->names);
		status = made ? read_bins(in, &bins) : -1;
		if (!made)
			(void)snprintf(in->reason, LEDGER_EXPORT_REASON, "no memory");
		more = status == 0 && bins.items.count > 0;
		if (more)
			status = put_bins(in, store, &bins, dry, out);
		ledger_wholes_fini(&bins);
		if (more && progress && !dry && in->last_end.s / DAY_S != day) {
			day = in->last_end.s / DAY_S;
			progress->tell(progress->context, in->last_end);
		}
	}
	close_all(in);
	return status;
}

int
ledger_import(struct ledger_exported *out, struct ledger_store *store, const char *path,
	      const struct ledger_progress *progress, char reason[LEDGER_EXPORT_REASON])
{
	struct import in = {.path = path, .reason = reason};
	if (read_all(&in, store, true, out, NULL) < 0)
		return -1;
	return read_all(&in, store, false, out, progress);
}
