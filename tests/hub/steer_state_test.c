/* One line about the state of steering, and back. */
#include "hub/steer_state.h"

#include "tap.h"

static int
reads(struct steer_state *out, const char *text)
{
	return steer_state_read(out, cursor_of(text, strlen(text)));
}

int
main(void)
{
	struct steer_state is = {0};
	struct buf text = {0};
	ok(reads(&is, "by plan since 2026-11-22T01:00:00Z\n") == 0 && is.by_plan &&
		   is.since.s == 1795309200,
	   "by a plan, and since when");
	steer_state_write(&is, &text);
	buf_u8(&text, 0);
	is_str((const char *)text.data, "by plan since 2026-11-22T01:00:00Z\n", "and back");
	ok(reads(&is, "plain since 2026-11-22T01:00:01Z\n") == 0 && !is.by_plan &&
		   is.since.s == 1795309201,
	   "or by plain BGP");
	static const char *const bad[] = {"",
					  "plain since 2026-11-22T01:00:01Z",
					  "plain since 2026-11-22T01:00:01Z\n\n",
					  "plain since 2026-13-22T01:00:01Z\n",
					  "by plan since \n",
					  "held since 2026-11-22T01:00:01Z\n"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(reads(&is, bad[i]) < 0, "nothing else: %zu", i + 1);
	buf_fini(&text);
	return done_testing();
}
