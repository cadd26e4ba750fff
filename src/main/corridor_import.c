/* `sarai corridor import FILE... [-o FOLDER] [--hub FILE] [--list LIST] [--force]`. */
#include "main/corridor_import.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf_io.h"
#include "cli/cli.h"
#include "corridor/corridor_import.h"
#include "hub/hub_file_io.h"

enum { FILES_MAX = 64 };

struct import_order {
	const char *files[FILES_MAX];
	size_t file_count;
	const char *folder, *hub, *list;
	bool force;
};

static bool
read_order(struct import_order *order, int argc, char **argv)
{
	for (int i = 2; i < argc; i++) {
		const char **value = strcmp(argv[i], "-o") == 0       ? &order->folder
				     : strcmp(argv[i], "--hub") == 0  ? &order->hub
				     : strcmp(argv[i], "--list") == 0 ? &order->list
								      : NULL;
		if (strcmp(argv[i], "--force") == 0) {
			order->force = true;
		} else if (value) {
			if (*value || i + 1 == argc)
				return false;
			*value = argv[++i];
		} else if (order->file_count == FILES_MAX || argv[i][0] == '-') {
			return false;
		} else {
			order->files[order->file_count++] = argv[i];
		}
	}
	return order->file_count == 1 || (order->file_count > 1 && !order->list);
}

/* The hub whose sites and members the file may name. 0, or -1 and said why. */
static int
read_known(const struct import_order *order, struct hub **hub, struct buf *text)
{
	struct hub_report report;
	*hub = NULL;
	if (!order->hub)
		return 0;
	*hub = hub_file_read(order->hub, hub_file_disk(), &report);
	if (*hub) {
		hub_file_write(*hub, text);
	} else {
		struct buf out = {0};
		hub_report_print(&report, &out);
		buf_write(&out, stderr);
		buf_fini(&out);
	}
	hub_report_fini(&report);
	return *hub && !text->failed ? 0 : -1;
}

/* Where the text begins: behind the mark that some programs put before UTF-8. */
static size_t
text_begins(const struct buf *file)
{
	static const uint8_t mark[] = {0xef, 0xbb, 0xbf};
	return file->length >= sizeof(mark) && memcmp(file->data, mark, sizeof(mark)) == 0
		       ? sizeof(mark)
		       : 0;
}

static bool
is_json(const struct buf *file)
{
	size_t at = text_begins(file);
	while (at < file->length && strchr(" \t\r\n", file->data[at]) && file->data[at])
		at++;
	return at < file->length && file->data[at] == '{';
}

/* What one file holds, as lists. 0, or -1 and said why. */
static int
take_text(struct corridor_import *import, const struct buf *file, const char *name,
	  const char *list, const struct hub *known)
{
	const char *bytes = (const char *)file->data;
	if (is_json(file)) {
		size_t begin = text_begins(file);
		if (corridor_import_json(import, bytes + begin, file->length - begin, known) == 0)
			return 0;
		buf_write(&import->complaints, stderr);
		if (!import->complaint_count)
			fprintf(stderr, "sarai: no memory\n");
		return -1;
	}
	size_t which = corridor_import_which(list ? list : name, bytes, file->length);
	if (which < HUB_CSV_LISTS)
		return corridor_import_csv(import, which, bytes, file->length);
	fprintf(stderr,
		"sarai: %s: is no JSON, and which list it is does not show: name it with "
		"--list sites, segments, cables ...\n",
		name);
	return -1;
}

static int
take_file(struct corridor_import *all, const char *name, const char *list, const struct hub *known)
{
	struct hub_source disk = hub_file_disk();
	struct buf file = {0};
	struct corridor_import one = {0};
	size_t twice = HUB_CSV_LISTS;
	int result = -1;
	if (disk.read(disk.context, name, &file) < 0) {
		fprintf(stderr, "sarai: %s: %s\n", name, strerror(errno));
	} else if (take_text(&one, &file, name, list, known) == 0) {
		buf_write(&one.notes, stderr);
		for (size_t i = 0; i < HUB_CSV_LISTS; i++) {
			one.from[i] = name;
			one.made[i] = is_json(&file);
		}
		twice = corridor_import_join(all, &one);
		result = twice == HUB_CSV_LISTS ? 0 : -1;
	}
	if (twice < HUB_CSV_LISTS)
		fprintf(stderr, "sarai: %s: has %s, and so has a file before it\n", name,
			hub_csv_lists[twice]);
	corridor_import_fini(&one);
	buf_fini(&file);
	return result;
}

/* Each file by itself: two that have the same list are not put together. */
static int
take_files(const struct import_order *order, struct corridor_import *import,
	   const struct hub *known)
{
	for (size_t i = 0; i < order->file_count; i++)
		if (take_file(import, order->files[i], order->list, known) < 0)
			return -1;
	return 0;
}

static int
write_list(const struct import_order *order, const struct hub *hub, const struct hub_item *list)
{
	char path[4096];
	struct buf text = {0};
	struct hub_csv_trouble trouble;
	int result = -1;
	(void)snprintf(path, sizeof(path), "%s/%s.csv", order->folder ? order->folder : ".",
		       list->key);
	if (hub_csv_write(hub, list, &text, &trouble) < 0) {
		fprintf(stderr, "sarai: %s: %s\n", list->key,
			trouble.why ? trouble.why : "no memory");
	} else {
		int fd = open(path,
			      O_WRONLY | O_CREAT | O_CLOEXEC | (order->force ? O_TRUNC : O_EXCL),
			      0644);
		FILE *to = fd < 0 ? NULL : fdopen(fd, "w");
		if (to)
			buf_write(&text, to);
		if (!to || fclose(to) != 0)
			fprintf(stderr, "sarai: %s: %s%s\n", path, strerror(errno),
				errno == EEXIST ? "; --force writes over it" : "");
		else
			result = 0;
	}
	buf_fini(&text);
	if (result == 0) {
		const char *first;
		printf("%s: {csv: %s}  # %zu\n", list->key, path,
		       hub_csv_elements(hub, list, &first));
	}
	return result;
}

/* Says what is wrong in the lists, and then what the rest of the hub file misses in them: that is
 * the hub file as its writer has it, so no lines are told. */
static void
tell(const struct import_order *order, const struct corridor_import *import,
     const struct hub_report *report)
{
	struct hub_report own = *report;
	struct buf out = {0};
	const struct hub_error *first = NULL;
	size_t others = 0;
	own.count = own.more = own.warning_count = 0;
	for (size_t i = 0; i < report->count; i++) {
		if (strcmp(report->errors[i].file, CORRIDOR_IMPORT_KNOWN) != 0)
			own.errors[own.count++] = report->errors[i];
		else if (others++ == 0)
			first = &report->errors[i];
	}
	for (size_t i = 0; i < report->warning_count; i++)
		if (strcmp(report->warnings[i].file, CORRIDOR_IMPORT_KNOWN) != 0)
			own.warnings[own.warning_count++] = report->warnings[i];
	if (first)
		others += report->more;
	else
		own.more = report->more;
	corridor_import_trace(import, &own);
	hub_report_print(&own, &out);
	if (first)
		buf_printf(&out,
			   "%s: does not go with these lists (they take the place of its own): "
			   "%zu mistake%s, the first: %s\n",
			   order->hub ? order->hub : "sarai", others, others == 1 ? "" : "s",
			   first->text);
	buf_write(&out, stderr);
	buf_fini(&out);
}

/* Tries the lists as part of a hub file, and writes those that came. */
static int
try_and_write(const struct import_order *order, const struct corridor_import *import,
	      const struct buf *known)
{
	struct hub_report report;
	struct hub *hub = corridor_import_try(import, known->length ? known : NULL, &report);
	int status = hub ? CLI_OK : CLI_REFUSED;
	size_t lists = 0;
	tell(order, import, &report);
	for (size_t i = 0; i < HUB_CSV_LISTS; i++)
		lists += import->csv[i].length > 0;
	if (hub && lists == 0) {
		fprintf(stderr, "sarai: %s: has no features and no lists\n", order->files[0]);
		status = CLI_REFUSED;
	}
	if (status == CLI_OK && order->folder && mkdir(order->folder, 0777) < 0 &&
	    errno != EEXIST) {
		fprintf(stderr, "sarai: %s: %s\n", order->folder, strerror(errno));
		status = CLI_REFUSED;
	}
	for (size_t i = 0; i < HUB_CSV_LISTS && status == CLI_OK; i++)
		if (import->csv[i].length &&
		    write_list(order, hub, hub_csv_list(hub_csv_lists[i])) < 0)
			status = CLI_REFUSED;
	hub_report_fini(&report);
	hub_free(hub);
	return status;
}

int
corridor_import_main(int argc, char **argv)
{
	struct import_order order = {0};
	if (!read_order(&order, argc, argv))
		return CLI_USAGE;
	struct buf text = {0};
	struct corridor_import import = {0};
	struct hub *known = NULL;
	int status = CLI_REFUSED;
	if (read_known(&order, &known, &text) == 0 && take_files(&order, &import, known) == 0)
		status = try_and_write(&order, &import, &text);
	corridor_import_fini(&import);
	hub_free(known);
	buf_fini(&text);
	return status;
}
