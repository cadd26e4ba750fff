/* Any text as counters that are pushed: what is handed on are whole rows, each a line, within their bounds;
 * and what comes of it is said as JSON, whatever the meter answers. The first octet says what that is. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "net/push.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t
lines_of(const struct buf *piece)
{
	size_t lines = 0;
	for (size_t i = 0; i < piece->length; i++) {
		lines += piece->data[i] == '\n';
		if (piece->data[i] < ' ' && piece->data[i] != '\n')
			abort();
	}
	return lines;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char answer[] = "{\"rows\":1,\"refused\":1,\"results\":{\"counted\":0},"
				     "\"refusals\":[{\"line\":1,\"reason\":\"a reason\"}]}";
	if (!size)
		return 0;
	uint8_t how = data[0];
	const char *text = (const char *)data + 1;
	bool csv = !push_is_json(text, size - 1);
	const struct buf *piece;
	struct push p;
	struct buf result = {0};
	uint64_t rows = 0;
	push_init(&p, csv, text, size - 1);
	while ((piece = push_next(&p))) {
		if (piece->length > PUSH_PIECE_MAX || p.row_count > PUSH_ROWS ||
		    lines_of(piece) != p.row_count + csv)
			abort();
		rows += p.row_count;
		if (how % 3 == 0)
			push_refused(&p, "no");
		else if (how % 3 == 1)
			push_answered(&p, answer, sizeof(answer) - 1);
		else /* a meter that has lost its mind */
			push_answered(&p, text, size - 1);
	}
	if (rows > size)
		abort();
	push_result(&p, &result);
	struct arena *arena = arena_new();
	if (!result.failed && !json_read(arena, (const char *)result.data, result.length))
		abort();
	arena_free(arena);
	buf_fini(&result);
	push_fini(&p);
	return 0;
}
