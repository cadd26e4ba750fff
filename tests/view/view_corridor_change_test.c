/* What an order does to demands, told before it is given. */
#include "view/view_corridor_change.h"

#include "tap.h"

static struct hub_site sites[] = {{.id = "A", .name = "A"}, {.id = "B", .name = "B"}};
static struct hub_demand demands[] = {
	{.id = "X", .from = 0, .to = 1, .gbps = 1, .member = HUB_NONE},
	{.id = "Y", .from = 1, .to = 0, .gbps = 1, .member = HUB_NONE},
};
static const struct hub hub = {
	.sites = sites, .site_count = 2, .demands = demands, .demand_count = 2};

/* What is told of an order that moves the first demand; it lives until the next. */
static const char *
change_text(void)
{
	static struct buf out;
	struct corridor_changed changed = {
		.moved = true, .before_bps = 1, .after_bps = 1, .before_ms = 1, .after_ms = 2};
	struct corridor_change change = {.all = &changed, .count = 1, .moved = 1};
	buf_clear(&out);
	view_change_text(&out, &(struct corridor_plan){.hub = &hub}, &change);
	view_change_protected_text(&out, &hub);
	buf_u8(&out, 0);
	return (const char *)out.data;
}

/* The same cut has other bounds in whatif where ways are protected: whoever compares is told. */
int
main(void)
{
	ok(!strstr(change_text(), "protected"), "without protection there is nothing to tell");
	demands[1].protect = HUB_PROTECT_SHARED;
	ok(strstr(change_text(), "\nprotected     demands choose both of their ways anew") != NULL,
	   "protected demands choose anew under an order, and that is told");
	return done_testing();
}
