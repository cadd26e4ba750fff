/* arouteserver's files from anywhere: an import gives a hub file that is good or says what is wrong,
 * never both and never neither. The first octets up to a zero are general.yml, those up to the next
 * clients.yml; what follows is whatever file they include. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "import/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PARTS = 3 };

struct input {
	const uint8_t *parts[PARTS];
	size_t lengths[PARTS];
	unsigned included;
};

static int
read_part(void *context, const char *path, struct buf *out)
{
	struct input *in = context;
	unsigned part = strcmp(path, "general.yml") == 0   ? 0
			: strcmp(path, "clients.yml") == 0 ? 1
							   : 2;
	if (part == 2 && ++in->included > 8) {
		errno = ENOENT;
		return -1;
	}
	buf_put(out, in->parts[part], in->lengths[part]);
	return 0;
}

static const char *
variable(const char *name)
{
	return strlen(name) % 2 ? "64500" : NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {0};
	struct import_result result;
	for (unsigned i = 0; i < PARTS; i++) {
		const uint8_t *zero = size && i + 1 < PARTS ? memchr(data, 0, size) : NULL;
		in.parts[i] = data;
		in.lengths[i] = zero ? (size_t)(zero - data) : size;
		size -= in.lengths[i] + (zero != NULL);
		data += in.lengths[i] + (zero != NULL);
	}
	struct import_request request = {.from = IMPORT_AROUTESERVER,
					 .paths = {"general.yml", "clients.yml"},
					 .variable = variable};
	struct hub_source source = {.read = read_part, .context = &in};
	bool good = import_run(&request, source, &result);
	if (good != (result.report.count == 0))
		abort();
	import_result_fini(&result);
	return 0;
}
