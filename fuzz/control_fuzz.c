/* Lines of the control protocol, in both directions. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "net/control.h"
#include "net/control_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct control_request request, again;
	if (control_parse(&request, (const char *)data, size) == 0) {
		/* What was read can be written, and reads back to the same line. */
		struct buf line = {0};
		assert(control_line_write(&line, request.form, request.body_length, request.words,
					  request.count) == 0);
		assert(control_parse(&again, (const char *)line.data, line.length - 1) == 0);
		assert(again.count == request.count && line.length - 1 == size &&
		       memcmp(line.data, data, size) == 0);
		buf_fini(&line);
	}
	char *text = malloc(size + 1), reason[256];
	memcpy(text, data, size);
	text[size] = '\0';
	(void)control_status(text, reason);
	free(text);
	return 0;
}
