/* A store as a folder of CSV files. */
#include "ledger/ledger_export_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf_io.h"
#include "ledger/ledger_csv.h"

enum {
	MINUTE_S = 60,
	HOUR_S = 3600,
	DAY_S = 86400,
	PATH_MAX_OURS = 4096,
	FEW_ROWS = 20000, /* in a window: the next one is twice as long, up to a day */
	MANY_ROWS = 400000,
};

struct export
{
	const struct ledger_export_order *order;
	struct utc_s gap_from, gap_to;  /* the same: there is none that is not told */
	uint64_t gap_bins;              /* bins written before it */
	char gap[LEDGER_EXPORT_REASON]; /* why */
	FILE *files[LEDGER_CSV_FILES];
	char aside[PATH_MAX_OURS]; /* the folder while it is being written */
	struct buf text;
	uint64_t bins;
	size_t rows; /* of the last window */
};

static int
failed(char reason[LEDGER_EXPORT_REASON], const char *path)
{
	(void)snprintf(reason, LEDGER_EXPORT_REASON, "%.300s: %s", path, strerror(errno));
	return -1;
}

static int
open_files(struct export *e, char reason[LEDGER_EXPORT_REASON])
{
	if (mkdir(e->aside, 0750) < 0 && errno != EEXIST)
		return failed(reason, e->aside);
	for (int i = 0; i < LEDGER_CSV_FILES; i++) {
		char path[PATH_MAX_OURS + 32];
		(void)snprintf(path, sizeof(path), "%s/%s", e->aside,
			       ledger_csv_name((enum ledger_csv_file)i));
		e->files[i] = fopen(path, "we");
		if (!e->files[i])
			return failed(reason, path);
		buf_clear(&e->text);
		ledger_csv_header(&e->text, (enum ledger_csv_file)i);
		buf_str(&e->text, "\r\n");
		buf_write(&e->text, e->files[i]);
	}
	return 0;
}

/* --- what is left out --- */

static void
tell_gap(struct export *e)
{
	char from[CLOCK_TEXT], to[CLOCK_TEXT];
	if (e->gap_from.s < e->gap_to.s)
		buf_printf(e->order->gaps, "%s to %s left out: %s\n", utc_format(from, e->gap_from),
			   utc_format(to, e->gap_to), e->gap);
	e->gap_from = e->gap_to;
}

/* Times with no bin between them that was written are told as one. */
static void
leave_out(struct export *e, struct utc_s from, struct utc_s to, const char *why)
{
	bool goes_on = e->gap_from.s < e->gap_to.s && e->gap_bins == e->bins;
	if (!goes_on || strcmp(e->gap, why) != 0) {
		tell_gap(e);
		e->gap_from = from;
		(void)snprintf(e->gap, sizeof(e->gap), "%s", why);
	}
	e->gap_to = to;
	e->gap_bins = e->bins;
}

/* A bin of a damaged store must be one that an import takes. */
static bool
is_left_out(struct export *e, const struct ledger_whole *bin)
{
	const char *fault = e->order->gaps ? ledger_whole_fault(bin) : NULL;
	uint32_t length_s = bin->batches.count ? ledger_whole_batch(bin, 0)->told.length_s : 1;
	if (fault)
		leave_out(e, bin->start, (struct utc_s){bin->start.s + length_s}, fault);
	return fault != NULL;
}

/* --- writing --- */

static int
write_bins(struct export *e, const struct ledger_wholes *bins, char reason[LEDGER_EXPORT_REASON])
{
	for (size_t i = 0; i < bins->items.count; i++) {
		const struct ledger_whole *bin = ledger_wholes_item(bins, i);
		if (is_left_out(e, bin))
			continue;
		for (int file = 0; file < LEDGER_CSV_FILES; file++) {
			buf_clear(&e->text);
			ledger_csv_write(&e->text, (enum ledger_csv_file)file, bin, bins->names);
			buf_write(&e->text, e->files[file]);
			if (e->text.failed || ferror(e->files[file]))
				return failed(reason, e->aside);
		}
		e->bins += bin->batches.count > 0;
		e->rows += bin->ports.count;
		for (size_t k = 0; k < bin->sums.count; k++)
			e->rows += ledger_whole_sums(bin, k)->sums.count;
	}
	return 0;
}

enum written { WRITTEN, UNREADABLE, FAILED };

static enum written
write_window(struct export *e, struct ledger_store *store, struct utc_s from, struct utc_s to,
	     char reason[LEDGER_EXPORT_REASON])
{
	struct ledger_wholes bins;
	struct ledger_port_names sorted = {0};
	enum written result = FAILED;
	e->rows = 0;
	(void)snprintf(reason, LEDGER_EXPORT_REASON, "no memory");
	if (!ledger_wholes_init(&bins, NULL))
		return FAILED;
	enum ledger_store_error error = ledger_store_read(store, &bins, from, to);
	if (error && error != LEDGER_STORE_MEMORY) {
		(void)snprintf(reason, LEDGER_EXPORT_REASON, "%s", ledger_store_error_text(store));
		result = UNREADABLE;
	} else if (bins.lost_sums && to.s - from.s > MINUTE_S) {
		result = UNREADABLE;
	} else if (!error && ledger_wholes_order(&bins, &sorted)) {
		if (bins.lost_sums)
			leave_out(e, from, to, "pairs, networks and countries cannot be read");
		result = write_bins(e, &bins, reason) == 0 ? WRITTEN : FAILED;
		if (bins.lost_sums)
			e->gap_bins = e->bins;
	}
	ledger_wholes_fini(&bins);
	ledger_port_names_fini(&sorted);
	return result;
}

/* Everything has reached the disk before the folder gets its name. */
static int
finish(struct export *e, const char *path, char reason[LEDGER_EXPORT_REASON])
{
	for (int i = 0; i < LEDGER_CSV_FILES; i++) {
		bool good = fflush(e->files[i]) == 0 && fsync(fileno(e->files[i])) == 0;
		good &= fclose(e->files[i]) == 0;
		e->files[i] = NULL;
		if (!good)
			return failed(reason, e->aside);
	}
	int folder = open(e->aside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = folder >= 0 && fsync(folder) == 0;
	if (folder >= 0)
		(void)close(folder);
	if (!good || renameat2(AT_FDCWD, e->aside, AT_FDCWD, path, RENAME_NOREPLACE) < 0)
		return failed(reason, path);
	return 0;
}

/* What the export begins and ends with. A damaged store may not know. */
static int
find_ends(struct utc_s *from, struct utc_s *to, struct ledger_store *store,
	  const struct ledger_export_order *order, char reason[LEDGER_EXPORT_REASON])
{
	struct ledger_store_totals totals;
	*from = order->from;
	*to = order->to;
	if (ledger_store_totals(store, &totals) == LEDGER_STORE_OK) {
		/* Folded sums begin with their day, which may be before the first bin. */
		int64_t oldest = totals.oldest.s - totals.oldest.s % DAY_S;
		if (from->s < oldest)
			from->s = oldest;
		if (to->s > totals.newest_end.s)
			*to = totals.newest_end;
		return 0;
	}
	if (order->gaps && from->s > 0 && to->s < INT64_MAX)
		return 0;
	(void)snprintf(reason, LEDGER_EXPORT_REASON, "%s%s", ledger_store_error_text(store),
		       order->gaps ? "; say from when to when" : "");
	return -1;
}

static int64_t
next_length(const struct export *e, int64_t length)
{
	if (e->rows < FEW_ROWS && length < DAY_S)
		return length * 2;
	return e->rows > MANY_ROWS && length > HOUR_S ? length / 2 : length;
}

static int
write_all(struct export *e, struct ledger_store *store, char reason[LEDGER_EXPORT_REASON])
{
	const struct ledger_progress *progress = e->order->progress;
	struct utc_s at, end;
	if (find_ends(&at, &end, store, e->order, reason) < 0)
		return -1;
	int64_t length = HOUR_S, day = at.s / DAY_S;
	while (at.s < end.s) {
		struct utc_s next = {at.s - at.s % length + length};
		next = next.s < end.s ? next : end;
		enum written written = write_window(e, store, at, next, reason);
		if (written == FAILED || (written == UNREADABLE && !e->order->gaps))
			return -1;
		if (written == UNREADABLE && length > MINUTE_S) {
			length = length > HOUR_S ? HOUR_S : MINUTE_S;
			continue;
		}
		if (written == UNREADABLE)
			leave_out(e, at, next, reason);
		at = next;
		if (written == WRITTEN)
			length = next_length(e, length);
		if (progress && at.s / DAY_S != day) {
			day = at.s / DAY_S;
			progress->tell(progress->context, at);
		}
	}
	return 0;
}

int
ledger_export(struct ledger_exported *out, struct ledger_store *store, const char *path,
	      const struct ledger_export_order *order, char reason[LEDGER_EXPORT_REASON])
{
	struct export e = {.order = order};
	struct stat st;
	int length = snprintf(e.aside, sizeof(e.aside), "%s.part", path);
	if (length < 0 || (size_t)length >= sizeof(e.aside)) {
		errno = ENAMETOOLONG;
		return failed(reason, path);
	}
	if (lstat(path, &st) == 0) {
		errno = EEXIST;
		return failed(reason, path);
	}
	int status = open_files(&e, reason);
	if (status == 0)
		status = write_all(&e, store, reason);
	if (status == 0 && order->gaps)
		tell_gap(&e);
	if (status == 0)
		status = finish(&e, path, reason);
	for (int i = 0; i < LEDGER_CSV_FILES; i++)
		if (e.files[i])
			(void)fclose(e.files[i]);
	buf_fini(&e.text);
	*out = (struct ledger_exported){.bins = e.bins};
	return status;
}
