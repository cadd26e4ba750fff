/* A hub file from anywhere: reading never fails in another way than by complaint, and what was
 * read is written to text that reads back to itself. The first octets up to a zero are the hub
 * file; what follows, up to the next, is whatever file it names (CSV or included). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hub/hub_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *parts[2];
	size_t lengths[2];
	unsigned next;
};

static int
read_part(void *context, const char *path, struct buf *out)
{
	struct input *in = context;
	(void)path;
	if (in->next == 2) {
		errno = ENOENT;
		return -1;
	}
	buf_put(out, in->parts[in->next], in->lengths[in->next]);
	in->next++;
	return 0;
}

static struct hub *
read_hub(struct input *in)
{
	struct hub_report report;
	struct buf said = {0};
	struct hub *hub = hub_file_read(
		"fuzz.yaml", (struct hub_source){.read = read_part, .context = in}, &report);
	if ((hub == NULL) != (report.count > 0))
		abort();
	hub_report_print(&report, &said);
	buf_fini(&said);
	hub_report_fini(&report);
	return hub;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *zero = size ? memchr(data, 0, size) : NULL;
	size_t first = zero ? (size_t)(zero - data) : size;
	struct input in = {{data, zero ? zero + 1 : data}, {first, zero ? size - first - 1 : 0}, 0};
	struct hub *hub = read_hub(&in);
	if (!hub)
		return 0;
	struct buf once = {0}, twice = {0};
	hub_file_write(hub, &once);
	hub_free(hub);
	struct input written = {{once.data, once.data}, {once.length, 0}, 0};
	hub = read_hub(&written);
	if (!hub)
		abort();
	hub_file_write(hub, &twice);
	hub_free(hub);
	if (once.length != twice.length || memcmp(once.data, twice.data, once.length) != 0)
		abort();
	buf_fini(&once);
	buf_fini(&twice);
	return 0;
}
