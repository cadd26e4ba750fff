/* BFD on this machine's own addresses: a service whose neighbours are its own sessions, at the other end of
 * the loopback. */
#include "exchange/bfd_io.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/clock_io.h"
#include "tap.h"

enum { PAIRS = 100 };

struct world {
	struct loop *loop;
	struct bfd_service *service;
	unsigned ups, downs, admins;
};

static void
changed(void *context, unsigned number, enum bfd_event event, const struct bfd *b)
{
	struct world *w = context;
	w->ups += event == BFD_EVENT_UP;
	w->downs += event == BFD_EVENT_DOWN;
	w->admins += event == BFD_EVENT_ADMIN;
	if (b != bfd_service_session(w->service, number))
		abort();
}

/* Session 2i speaks from 127.1.0.i to 127.2.0.i, session 2i + 1 back. */
static int
watch(struct world *w, unsigned number, uint8_t multiplier)
{
	struct ip a = ip_v4(0x7f010001 + number / 2), b = ip_v4(0x7f020001 + number / 2);
	const struct bfd_neighbour neighbour = {.address = number % 2 ? a : b,
						.local = number % 2 ? b : a,
						.config = {300000, 300000, multiplier}};
	return bfd_service_watch(w->service, number, &neighbour);
}

static void
run_ms(struct world *w, int64_t ms)
{
	struct mono_us end = mono_add_ms(clock_mono(), ms);
	while (clock_mono().us < end.us)
		(void)loop_turn(w->loop, 20);
}

static void
until(struct world *w, const unsigned *count, unsigned wanted, int64_t ms)
{
	struct mono_us end = mono_add_ms(clock_mono(), 6 * ms); /* a busy machine takes longer */
	while (*count < wanted && clock_mono().us < end.us)
		(void)loop_turn(w->loop, 20);
}

static double
cpu_s(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int
main(void)
{
	struct world w = {.loop = loop_new()};
	w.service = bfd_service_open(w.loop, 7, changed, &w);
	if (watch(&w, 0, 20) < 0) {
		ok(true, "# SKIP something else has port 3784: %s", strerror(errno));
		bfd_service_close(w.service);
		loop_free(w.loop);
		return done_testing();
	}
	bool all = true;
	for (unsigned i = 1; i < 2 * PAIRS; i++)
		all &= watch(&w, i, 20) == 0;
	ok(all, "%d sessions begin", 2 * PAIRS);
	is_int((long long)bfd_service_descriptors(w.service), 2 * PAIRS + 1,
	       "with a socket each, and one that hears them all");
	until(&w, &w.ups, 2 * PAIRS, 10000);
	is_int(w.ups, 2 * PAIRS, "all come up");
	double before = cpu_s();
	run_ms(&w, 2000);
	double share = (cpu_s() - before) / 2;
	ok(!w.downs && share < 0.8, "and stay up for %.1f %% of a processor", 100 * share);

	unsigned admins = w.admins;
	bfd_service_forget(w.service, 10);
	ok(!bfd_service_session(w.service, 10), "one that is forgotten is not there");
	until(&w, &w.admins, admins + 1, 3000);
	is_int(w.admins, admins + 1, "its neighbour is told that it is on purpose");
	unsigned ups = w.ups;
	is_int(watch(&w, 10, 20), 0, "it may be watched again at once");
	until(&w, &w.ups, ups + 2, 5000);
	is_int(w.ups, ups + 2, "and comes up again, with its neighbour");
	is_int((long long)bfd_service_faults(w.service)[BFD_FAULT_DISTANCE], 0,
	       "5881 5: all that was heard came from next door");
	bfd_service_close(w.service);
	loop_free(w.loop);
	return done_testing();
}
