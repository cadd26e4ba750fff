/* The exchange follows the registry's file: takes another one, keeps the old one when the other is
 * harmed or gone. */
#include "exchange/exchange_registry_io.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

static char folder[] = "/tmp/sarai-registry-XXXXXX";
static char path[64];

struct heard {
	unsigned times;
	size_t now, before;              /* networks */
	const struct registry *registry; /* told last */
};

static void
changed(void *context, const struct registry *now, const struct registry *before)
{
	struct heard *heard = context;
	heard->times++;
	heard->registry = now;
	heard->now = registry_network_count(now);
	heard->before = before ? registry_network_count(before) : 0;
}

/* Writes a file of `count` networks; `harm` one of its octets. */
static void
put_file(size_t count, bool harm)
{
	struct registry_network networks[8] = {0};
	struct buf octets = {0};
	char part[80];
	for (size_t i = 0; i < count; i++)
		networks[i].asn.number = 64501 + (uint32_t)i;
	struct registry_content content = {.networks = networks, .network_count = count};
	snprintf(part, sizeof(part), "%s.part", path);
	FILE *file = fopen(part, "wb");
	if (!file || registry_write(&octets, &content) < 0)
		abort();
	octets.data[octets.length / 2] ^= harm;
	if (fwrite(octets.data, 1, octets.length, file) != octets.length || fclose(file) != 0 ||
	    rename(part, path) != 0)
		abort();
	buf_fini(&octets);
}

/* Lets the loop run until its timer has looked once more. */
static void
pass_a_second(struct loop *loop)
{
	struct mono_us until = mono_add_ms(loop_now(loop), 1100);
	while (loop_now(loop).us < until.us)
		(void)loop_turn(loop, 200);
}

int
main(void)
{
	struct loop *loop = loop_new();
	struct heard heard = {0};
	if (!loop || !mkdtemp(folder))
		abort();
	snprintf(path, sizeof(path), "%s/registry.snapshot", folder);
	struct exchange_registry *f = exchange_registry_open(loop, folder, changed, &heard);
	ok(f && heard.times == 0 && !heard.registry, "without a file there is no registry");
	put_file(1, false);
	pass_a_second(loop);
	ok(heard.times == 1 && heard.now == 1 && heard.registry, "a file that appears is taken");
	pass_a_second(loop);
	is_int(heard.times, 1, "once");
	put_file(3, true);
	pass_a_second(loop);
	ok(heard.times == 1 && registry_network_count(heard.registry) == 1,
	   "a harmed one leaves the old one in force");
	put_file(2, false);
	pass_a_second(loop);
	ok(heard.times == 2 && heard.now == 2 && heard.before == 1,
	   "another one is taken, and told together with the one before");
	unlink(path);
	pass_a_second(loop);
	ok(heard.times == 2 && registry_network_count(heard.registry) == 2,
	   "a file that is gone leaves it in force too");
	exchange_registry_close(f);
	put_file(4, false);
	f = exchange_registry_open(loop, folder, changed, &heard);
	ok(f && heard.now == 4 && heard.before == 0, "what is there at the start is told at once");
	exchange_registry_close(f);
	unlink(path);
	rmdir(folder);
	loop_free(loop);
	return done_testing();
}
