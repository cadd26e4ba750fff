/* Putting a buffer's contents into a stream. */
#include "base/buf_io.h"

void
buf_write(const struct buf *b, FILE *to)
{
	if (b->length > 0)
		(void)fwrite(b->data, 1, b->length, to);
}
