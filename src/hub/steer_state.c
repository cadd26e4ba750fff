/* One line about the state of steering. */
#include "hub/steer_state.h"

#include <string.h>

static const char *const words[] = {"plain since ", "by plan since "};

void
steer_state_write(const struct steer_state *state, struct buf *out)
{
	char time[CLOCK_TEXT];
	buf_printf(out, "%s%s\n", words[state->by_plan], utc_format(time, state->since));
}

int
steer_state_read(struct steer_state *out, struct cursor text)
{
	for (int by_plan = 0; by_plan < 2; by_plan++) {
		struct cursor c = text;
		char time[CLOCK_TEXT] = "";
		size_t length = strlen(words[by_plan]);
		struct steer_state state = {.by_plan = by_plan};
		const void *word = cursor_take(&c, length);
		const void *moment = cursor_take(&c, CLOCK_TEXT - 1);
		if (cursor_u8(&c) != '\n' || cursor_left(&c) || c.failed ||
		    memcmp(word, words[by_plan], length) != 0)
			continue;
		memcpy(time, moment, CLOCK_TEXT - 1);
		/* A zero octet would end it sooner, as a day. */
		if (strlen(time) != CLOCK_TEXT - 1 || utc_parse(&state.since, time) < 0)
			return -1;
		*out = state;
		return 0;
	}
	return -1;
}
