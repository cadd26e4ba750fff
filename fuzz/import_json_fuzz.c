/* IX-F exports and PeeringDB's tables from anywhere: an import gives a hub file that is good or says
 * what is wrong, never both and never neither. An odd first octet is for PeeringDB. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "import/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t size;
};

static int
read_input(void *context, const char *path, struct buf *out)
{
	const struct input *in = context;
	if (strcmp(path, "f.json") != 0) {
		errno = ENOENT;
		return -1;
	}
	buf_put(out, in->data, in->size);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct import_result result;
	if (size == 0)
		return 0;
	bool peeringdb = data[0] & 1;
	struct input in = {data + 1, size - 1};
	struct import_request request = {.from = peeringdb ? IMPORT_PEERINGDB : IMPORT_IXF,
					 .paths = {"f.json"},
					 .exchange = peeringdb ? "7" : NULL,
					 .asn = {64500},
					 .router_id = ip_v4(0xc0000201)};
	struct hub_source source = {.read = read_input, .context = &in};
	bool good = import_run(&request, source, &result);
	if (good != (result.report.count == 0))
		abort();
	import_result_fini(&result);
	return 0;
}
