#include "scenario/scenario.h"
bool
traffic_step(struct scenario *s)
{
	(void)s;
	return false;
}
void
traffic_take_hub(struct scenario *s, const struct hub *hub)
{
	(void)s;
	(void)hub;
}
struct mono_us
traffic_next(const struct scenario *s)
{
	(void)s;
	return (struct mono_us){INT64_MAX};
}
void
traffic_pass(struct scenario *s)
{
	(void)s;
}
void
traffic_finish(struct scenario *s)
{
	(void)s;
}
