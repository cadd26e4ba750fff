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
	HOUR_S = 3600,
	DAY_S = 86400,
	PATH_MAX_OURS = 4096,
	FEW_ROWS = 20000, /* in a window: the next one is twice as long, up to a day */
	MANY_ROWS = 400000,
};

struct export
{
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

static int
write_bins(struct export *e, const struct ledger_wholes *bins, char reason[LEDGER_EXPORT_REASON])
{
	for (size_t i = 0; i < bins->items.count; i++) {
		const struct ledger_whole *bin = ledger_wholes_item(bins, i);
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

static int
write_window(struct export *e, struct ledger_store *store, struct utc_s from, struct utc_s to,
	     char reason[LEDGER_EXPORT_REASON])
{
	struct ledger_wholes bins;
	struct ledger_port_names sorted = {0};
	int status = -1;
	e->rows = 0;
	if (!ledger_wholes_init(&bins, NULL)) {
		(void)snprintf(reason, LEDGER_EXPORT_REASON, "no memory");
		return -1;
	}
	enum ledger_store_error error = ledger_store_read(store, &bins, from, to);
	if (error)
		(void)snprintf(reason, LEDGER_EXPORT_REASON, "%s",
			       error == LEDGER_STORE_MEMORY ? "no memory"
							    : ledger_store_error_text(store));
	else if (ledger_wholes_order(&bins, &sorted))
		status = write_bins(e, &bins, reason);
	else
		(void)snprintf(reason, LEDGER_EXPORT_REASON, "no memory");
	ledger_wholes_fini(&bins);
	ledger_port_names_fini(&sorted);
	return status;
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

static int
write_all(struct export *e, struct ledger_store *store, struct utc_s from, struct utc_s to,
	  const struct ledger_progress *progress, char reason[LEDGER_EXPORT_REASON])
{
	struct ledger_store_totals totals;
	if (ledger_store_totals(store, &totals) != LEDGER_STORE_OK) {
		(void)snprintf(reason, LEDGER_EXPORT_REASON, "%s", ledger_store_error_text(store));
		return -1;
	}
	/* Folded sums begin with their day, which may be before the first bin. */
	int64_t oldest = totals.oldest.s - totals.oldest.s % DAY_S;
	int64_t at = from.s > oldest ? from.s : oldest;
	int64_t end = to.s < totals.newest_end.s ? to.s : totals.newest_end.s;
	int64_t window = HOUR_S, day = at / DAY_S;
	while (at < end) {
		int64_t next = at - at % window + window;
		next = next < end ? next : end;
		if (write_window(e, store, (struct utc_s){at}, (struct utc_s){next}, reason) < 0)
			return -1;
		at = next;
		if (e->rows < FEW_ROWS && window < DAY_S)
			window *= 2;
		else if (e->rows > MANY_ROWS && window > HOUR_S)
			window /= 2;
		if (progress && at / DAY_S != day) {
			day = at / DAY_S;
			progress->tell(progress->context, (struct utc_s){at});
		}
	}
	return 0;
}

int
ledger_export(struct ledger_exported *out, struct ledger_store *store, const char *path,
	      struct utc_s from, struct utc_s to, const struct ledger_progress *progress,
	      char reason[LEDGER_EXPORT_REASON])
{
	struct export e = {0};
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
		status = write_all(&e, store, from, to, progress, reason);
	if (status == 0)
		status = finish(&e, path, reason);
	for (int i = 0; i < LEDGER_CSV_FILES; i++)
		if (e.files[i])
			(void)fclose(e.files[i]);
	buf_fini(&e.text);
	*out = (struct ledger_exported){.bins = e.bins};
	return status;
}
