/* The rules between items about what is watched, and about samples that are sent on. */
#include "hub/hub_check.h"
#include "hub/hub_read.h"

void
hub_check_watch(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_watch *watch = element;
	if (watch->port_warning_percent > watch->port_alarm_percent)
		hub_complain(r->report, hub_reader_mark(map, "port_warning_percent"),
			     "port_warning_percent: found more than port_alarm_percent, expected "
			     "less or the same");
}

void
hub_check_samples(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_samples *samples = element;
	if (samples->to.ip.family != IP_NONE && !samples->to.port)
		hub_complain(r->report, hub_reader_mark(map, "to"),
			     "to: found port 0, expected the port that listens");
	if (samples->addresses && samples->to.ip.family != IP_NONE)
		hub_warn(r->report, hub_reader_mark(map, "addresses"),
			 "addresses: the member is sent IP addresses of those it has traffic with");
}
