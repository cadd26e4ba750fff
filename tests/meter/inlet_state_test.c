/* The file that a meter leaves to the next one: whole, or not believed. */
#include "meter/inlet_state.h"

#include <string.h>

#include "tap.h"

static struct buf
example(void)
{
	struct buf out = {0};
	inlet_state_begin(&out);
	size_t part = inlet_state_open(&out, INLET_CHECKPOINT);
	buf_str(&out, "a checkpoint");
	inlet_state_close(&out, part);
	part = inlet_state_open(&out, (enum inlet_part)77);
	buf_str(&out, "of a version to come");
	inlet_state_close(&out, part);
	part = inlet_state_open(&out, INLET_DECODERS);
	inlet_state_close(&out, part);
	inlet_state_end(&out);
	return out;
}

static bool
is(struct cursor part, const char *text)
{
	size_t length = strlen(text);
	return cursor_left(&part) == length &&
	       (!length || memcmp(cursor_take(&part, length), text, length) == 0);
}

int
main(void)
{
	struct buf state = example();
	struct cursor parts, part;
	ok(inlet_state_read(&parts, cursor_of(state.data, state.length)), "a whole one is read");
	ok(inlet_state_next(&parts, &part) == INLET_CHECKPOINT && is(part, "a checkpoint"),
	   "a part");
	ok(inlet_state_next(&parts, &part) == INLET_DECODERS && is(part, ""),
	   "one that is not known is passed over, an empty one is not");
	ok(inlet_state_next(&parts, &part) == INLET_END, "the end");
	ok(inlet_state_next(&parts, &part) == INLET_END, "and again");

	size_t believed = 0;
	for (size_t length = 0; length < state.length; length++)
		believed += inlet_state_read(&parts, cursor_of(state.data, length));
	is_int((long long)believed, 0, "none that was cut short is believed");
	for (size_t i = 0; i < state.length; i++) {
		state.data[i] ^= 1;
		believed += inlet_state_read(&parts, cursor_of(state.data, state.length));
		state.data[i] ^= 1;
	}
	is_int((long long)believed, 0, "nor one with an octet that is another");
	buf_fini(&state);
	return done_testing();
}
