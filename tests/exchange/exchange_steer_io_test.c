/* The exchange follows the files of the corridor's plans: what an earlier run left and is overdue has it wait for the
 * first new one; what is harmed, old, or was read before changes nothing. */
#include "exchange/exchange_steer_io.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "exchange/exchange_private.h"
#include "hub/steer_sr.h"
#include "hub_text.h"
#include "quiet_shell.h"
#include "steer_words.h"
#include "tap.h"

static const char picture[] =
	"hub: {name: T, asn: 64500, router_id: 192.0.2.1}\n"
	"lans: [{name: p, ipv4: 192.0.2.0/24}]\n"
	"sites: [{id: KHI, name: K, number: 1}]\n"
	"members:\n"
	"  - {asn: 64611, name: C, kind: carrier, ports: [{id: cp, site: KHI, speed: 1G, ipv4: "
	"192.0.2.11}], sessions: [{id: c1, port: cp, transit: customer}]}\n"
	"  - {asn: 64612, name: R, kind: carrier, ports: [{id: rp, site: KHI, speed: 1G, ipv4: "
	"192.0.2.12}], sessions: [{id: r1, port: rp}]}\n";

static char folder[] = "/tmp/sarai-steer-XXXXXX";

/* An exchange, and the files that it follows. */
struct follower {
	struct hub *hub;
	struct loop *loop;
	struct exchange *x;
	struct exchange_steer_file *file;
};

static void
put_file(const char *name, const struct buf *octets)
{
	char path[128], part[160];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	snprintf(part, sizeof(part), "%s.part", path);
	FILE *file = fopen(part, "wb");
	if (!file || fwrite(octets->data, 1, octets->length, file) != octets->length ||
	    fclose(file) != 0 || rename(part, path) != 0)
		abort();
}

/* A plan that is good for so many seconds from now, or was until then; `harm`: one of its octets is another. */
static void
put_plan(unsigned number, int seconds, bool harm)
{
	static struct steer_words words;
	char text[120];
	struct buf octets = {0};
	struct arena *arena = arena_new();
	steer_words_begin(&words, arena);
	snprintf(text, sizeof(text), "plan %u %d made up", number, seconds);
	steer_words_line(&words, text, clock_utc().s);
	snprintf(text, sizeof(text), "exit c1 KHI");
	steer_words_line(&words, text, 0);
	snprintf(text, sizeof(text), "from KHI 0 c1:10");
	steer_words_line(&words, text, 0);
	steer_encode(&words.plan, &octets);
	octets.data[octets.length / 2] ^= harm;
	put_file(STEER_FILE, &octets);
	buf_fini(&octets);
	arena_free(arena);
}

static void
put_policies(uint64_t number, int seconds)
{
	struct buf octets = {0};
	struct steer_sr_plan plan = {.number = number, .good_until = {clock_utc().s + seconds}};
	steer_sr_encode(&plan, &octets);
	put_file(STEER_SR_FILE, &octets);
	buf_fini(&octets);
}

static void
remove_files(void)
{
	static const char *const names[] = {STEER_FILE, STEER_SR_FILE};
	char path[128];
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void)unlink(path);
	}
}

static void
begin(struct follower *f)
{
	*f = (struct follower){.hub = hub_of_text(picture), .loop = loop_new()};
	f->x = exchange_new(f->hub, 1, &quiet_shell, clock_mono());
	f->file = f->loop && f->x ? exchange_steer_file_open(f->loop, folder, f->x) : NULL;
	if (!f->file)
		abort();
}

static void
end(struct follower *f)
{
	exchange_steer_file_close(f->file);
	exchange_free(f->x);
	hub_free(f->hub);
	loop_free(f->loop);
	remove_files();
}

/* The first look, which is due at once. */
static void
look_first(struct follower *f)
{
	(void)loop_turn(f->loop, 0);
}

static bool
awaits(const struct follower *f, const char *session)
{
	int slot = exchange_slot_of(f->x, hub_session_by_id(f->hub, session));
	return exchange_steer_awaits(f->x, (unsigned)slot);
}

static enum exchange_steer_state
state_of(const struct follower *f)
{
	return exchange_steering_of(f->x).state;
}

static void
without_a_plan(void)
{
	struct follower f;
	begin(&f);
	look_first(&f);
	ok(!awaits(&f, "c1"), "where there never was a plan none is waited for");
	is_str(exchange_steer_file_look(f.file), "there is no plan", "and who looks is told so");
	put_plan(1, -1, false);
	is_str(exchange_steer_file_look(f.file), "it is overdue", "a plan that comes too late");
	ok(!awaits(&f, "c1"), "is none of an earlier run");
	put_plan(2, 100, true);
	is_str(exchange_steer_file_look(f.file), "no plan, or not whole", "one that is harmed");
	is_int(state_of(&f), EXCHANGE_STEER_NONE, "is not gone by");
	put_plan(2, 100, false);
	ok(!exchange_steer_file_look(f.file), "a sound one is taken");
	is_int(state_of(&f), EXCHANGE_STEER_BY_PLAN, "and gone by");
	ok(!exchange_steer_file_look(f.file), "who looks again is told that it is");
	put_plan(2, 100, false);
	is_str(exchange_steer_file_look(f.file), "it is no newer than the one there is",
	       "the same in another file is not taken");
	remove_files();
	(void)exchange_steer_file_look(f.file);
	is_int(state_of(&f), EXCHANGE_STEER_BY_PLAN, "nor is it forgotten when the file is gone");
	end(&f);
}

static void
overdue_at_the_start(void)
{
	struct follower f;
	put_plan(7, -1, false);
	begin(&f);
	look_first(&f);
	ok(awaits(&f, "c1"),
	   "a plan of an earlier run that is overdue: the first new one is awaited");
	ok(!awaits(&f, "r1"), "but not by who is the route server's");
	is_int(state_of(&f), EXCHANGE_STEER_NONE, "by the old one nobody goes");
	put_plan(8, 100, true);
	(void)exchange_steer_file_look(f.file);
	ok(awaits(&f, "c1"), "one that is harmed does not end it");
	put_plan(8, 100, false);
	ok(!exchange_steer_file_look(f.file) && !awaits(&f, "c1"), "a new one does");
	end(&f);
}

static void
good_at_the_start(void)
{
	struct follower f;
	put_plan(7, 100, false);
	begin(&f);
	look_first(&f);
	ok(!awaits(&f, "c1") && state_of(&f) == EXCHANGE_STEER_BY_PLAN,
	   "one that is still good is gone by at once");
	end(&f);
	put_plan(7, -1, true);
	begin(&f);
	look_first(&f);
	ok(!awaits(&f, "c1"), "of one that is harmed nobody knows that it was");
	end(&f);
}

static void
policies_beside(void)
{
	struct follower f;
	begin(&f);
	look_first(&f);
	put_policies(3, 100);
	ok(!exchange_steer_file_look(f.file), "a plan of SR policies is news, too");
	ok(!exchange_steer_file_look(f.file), "and stays taken where there is none of exits");
	put_policies(4, -1);
	is_str(exchange_steer_file_look(f.file), "it is overdue", "a fresh one that is not taken");
	is_str(exchange_steer_file_look(f.file), "it is overdue", "is not the second time either");
	put_policies(5, -1);
	put_plan(1, 100, false);
	ok(!exchange_steer_file_look(f.file), "where one of the two is taken, that is news");
	put_plan(2, -1, false);
	is_str(exchange_steer_file_look(f.file), "it is overdue",
	       "a later one that comes too late is told");
	end(&f);
}

int
main(void)
{
	if (!mkdtemp(folder))
		abort();
	log_set_level(LOG_LEVEL_ERROR);
	without_a_plan();
	overdue_at_the_start();
	good_at_the_start();
	policies_beside();
	(void)rmdir(folder);
	return done_testing();
}
