/* Paths over the corridor's graph under what a router asks. */
#include "pcep/pcep_compute.h"

#include "pcep_world.h"
#include "tap.h"

static struct pcep_item
ask(const char *from, const char *to)
{
	struct pcep_item item = {.setup_type = PCEP_SETUP_SR};
	(void)ip_parse(&item.from, from);
	(void)ip_parse(&item.to, to);
	return item;
}

static void
around(struct pcep_stops *stops, const char *address)
{
	struct ip ip;
	(void)ip_parse(&ip, address);
	stops->stops[stops->count++] =
		(struct pcep_stop){prefix_of(ip, ip_bits((enum ip_family)ip.family)), true};
}

static struct pcep_answer answer;

/* The path as text; "-" if there is none, "!" if there would be one without the conditions. */
static const char *
path(const struct world *world, const struct pcep_item *item, uint8_t depth)
{
	static struct buf text;
	buf_clear(&text);
	if (pcep_compute(&answer, &world->plan, item, depth) < 0)
		return "no memory";
	if (!answer.found)
		return answer.constrained ? "!" : "-";
	pcep_route_text(&text, &answer.route);
	buf_u8(&text, 0);
	return (const char *)text.data;
}

#define OVER_B "16002 (10.0.0.2), 16009 (10.0.0.9)"
#define DIRECT "24003 (to 10.1.0.2)"

static void
conditions(const struct world *world)
{
	struct pcep_item item = ask("10.99.0.11", "10.0.0.9");
	is_str(path(world, &item, 0), OVER_B,
	       "the shortest way, by the labels of the routers on it");
	ok(answer.hops == 2 && answer.length_km == 400.0f && (int)answer.delay_us == 1958,
	   "with its length and delay");
	is_str(path(world, &item, 1), "!", "a router that can do one label gets no path of two");
	item.metrics[item.metric_count++] = (struct pcep_metric){.type = PCEP_METRIC_HOPS};
	is_str(path(world, &item, 1), DIRECT, "the fewest segments, by the label of the link");
	around(&item.exclude, "10.1.0.2");
	is_str(path(world, &item, 0), OVER_B, "a link is led around");

	item = ask("10.99.0.11", "10.0.0.9");
	around(&item.exclude, "10.0.0.2");
	is_str(path(world, &item, 0), DIRECT, "a router is led around");
	item.has_bandwidth = true;
	item.bandwidth_bps = 100000000000;
	is_str(path(world, &item, 0), DIRECT, "where there is just room enough");
	item.bandwidth_bps++;
	is_str(path(world, &item, 0), "!", "and not where a bit is too many");

	item = ask("10.99.0.11", "10.0.0.9");
	item.has_bandwidth = true;
	item.bandwidth_bps = 500000000000;
	is_str(path(world, &item, 0), OVER_B, "room is looked for");
	item.bandwidth_bps = 2000000000000;
	is_str(path(world, &item, 0), "!", "and not always found");

	item = ask("10.99.0.11", "10.0.0.9");
	item.metrics[item.metric_count++] =
		(struct pcep_metric){.type = PCEP_METRIC_DELAY, .bound = true, .value = 1959};
	is_str(path(world, &item, 0), OVER_B, "a bound that is kept");
	item.metrics[0].value = 1958;
	is_str(path(world, &item, 0), "!", "one that cannot be");

	item = ask("10.99.0.11", "10.0.0.2");
	around(&item.include, "10.0.0.9");
	is_str(path(world, &item, 0), "16002 (10.0.0.2), 16009 (10.0.0.9), 16002 (10.0.0.2)",
	       "a router is led over");
	item.include.stops[0].prefix.ip.octets[3] = 77;
	is_str(path(world, &item, 0), "!", "but for one that nobody knows");

	item = ask("10.99.0.11", "10.0.0.9");
	item.setup_type = PCEP_SETUP_SRV6;
	is_str(path(world, &item, 0), "fc00:2:: (10.0.0.2), fc00:9:: (10.0.0.9)", "SIDs of SRv6");
}

static void
ends(const struct world *world)
{
	struct pcep_item item = ask("10.99.0.77", "10.0.0.77");
	is_str(path(world, &item, 0), "-", "nobody knows either end");
	ok(answer.no_path == (PCEP_NO_PATH_UNKNOWN_SOURCE | PCEP_NO_PATH_UNKNOWN_DESTINATION),
	   "and that is told");
	item = ask("10.99.0.11", "10.0.0.77");
	(void)path(world, &item, 0);
	ok(answer.no_path == PCEP_NO_PATH_UNKNOWN_DESTINATION, "of one alone, too");
	item = ask("10.99.0.11", "10.0.0.4");
	is_str(path(world, &item, 0), "!", "a router without a label is not reached");
	struct world cut = world_of("planned", "");
	item = ask("10.99.0.11", "10.0.0.9");
	is_str(path(&cut, &item, 0), DIRECT, "what is not in service is not used");
	item = ask("10.0.0.2", "10.0.0.9");
	is_str(path(&cut, &item, 0), "16009 (10.0.0.9)",
	       "a site on the way whose router has no label of its own is passed");
	world_fini(&cut);
}

int
main(void)
{
	struct world world = world_of("in service", "");
	conditions(&world);
	ends(&world);
	world_fini(&world);
	return done_testing();
}
