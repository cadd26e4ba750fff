/* The feed tells every listener the newest of each kind; a slow one misses what was in between. */
#include "web/web_feed.h"

#include <stdlib.h>

#include "tap.h"

static struct mono_us clock_us = {1000000};

static bool
offer(struct web_feed *feed, enum web_feed_kind kind, const char *json)
{
	return web_feed_offer(feed, kind, json, strlen(json), clock_us);
}

static void
read_is(struct web_listener *listener, const char *expected, const char *name)
{
	char out[4096];
	out[web_feed_read(listener, out, sizeof(out) - 1)] = '\0';
	is_str(out, expected, name);
}

static void
ordinary(void)
{
	struct web_feed *feed = web_feed_new();
	struct web_listener *early = web_feed_join(feed, WEB_FEED_FOR_OPERATOR);
	read_is(early, "", "before anything is known there is nothing to read");
	ok(offer(feed, WEB_FEED_OVERVIEW, "{\"a\":1}"), "a first text is new");
	read_is(early, "event: overview\ndata: {\"a\":1}\n\n", "and is told as an event");
	read_is(early, "", "once");
	ok(!offer(feed, WEB_FEED_OVERVIEW, "{\"a\":1}"), "the same text is not new");
	read_is(early, "", "and is not told again");
	offer(feed, WEB_FEED_MEMBERS, "{}");
	struct web_listener *late = web_feed_join(feed, WEB_FEED_FOR_OPERATOR);
	read_is(late, "event: overview\ndata: {\"a\":1}\n\nevent: members\ndata: {}\n\n",
		"who comes late gets all that is known");
	offer(feed, WEB_FEED_OVERVIEW, "{\"a\":2}");
	offer(feed, WEB_FEED_OVERVIEW, "{\"a\":3}");
	read_is(late, "event: overview\ndata: {\"a\":3}\n\n", "what is overtaken is never told");
	ok(offer(feed, WEB_FEED_BEAT, "{}") && offer(feed, WEB_FEED_BEAT, "{}"),
	   "each beat is new");
	read_is(late, "event: beat\ndata: {}\n\n", "but two that were missed are one");
	web_feed_leave(early);
	web_feed_leave(late);
	web_feed_free(feed);
}

static void
lines(void)
{
	struct web_feed *feed = web_feed_new();
	struct web_listener *listener = web_feed_join(feed, WEB_FEED_FOR_OPERATOR);
	offer(feed, WEB_FEED_TRAFFIC, "{\n\"a\":\r1}\n\n");
	read_is(listener, "event: traffic\ndata: {\ndata: \"a\":\ndata: 1}\n\n",
		"line breaks inside a text cannot end the event");
	web_feed_leave(listener);
	web_feed_free(feed);
}

/* A listener in the middle of a text keeps that text, however much newer ones come. */
static void
slow(void)
{
	struct web_feed *feed = web_feed_new();
	struct web_listener *listener = web_feed_join(feed, WEB_FEED_FOR_OPERATOR);
	char out[64] = "";
	offer(feed, WEB_FEED_OVERVIEW, "{\"old\":1}");
	size_t first = web_feed_read(listener, out, 20);
	is_int((long long)first, 20, "a small room is filled");
	offer(feed, WEB_FEED_OVERVIEW, "{\"new\":1}");
	size_t rest = web_feed_read(listener, out + first, sizeof(out) - 1 - first);
	out[first + rest] = '\0';
	ok(strncmp(out, "event: overview\ndata: {\"old\":1}\n\n", 33) == 0,
	   "an event that was begun is ended with its own text");
	const char *newest = "event: overview\ndata: {\"new\":1}\n\n";
	read_is(listener, newest + (first + rest - 33), "then comes the newest");
	web_feed_read(listener, out, 1);
	web_feed_leave(listener);
	web_feed_free(feed);
}

static void
large(void)
{
	struct web_feed *feed = web_feed_new();
	enum { LENGTH = 300 * 1024 };
	char *json = malloc(LENGTH);
	memset(json, '1', LENGTH);
	ok(web_feed_offer(feed, WEB_FEED_MEMBERS, json, LENGTH, clock_us), "a large text is told");
	json[7] = '2';
	clock_us = mono_add_ms(clock_us, 3999);
	ok(!web_feed_offer(feed, WEB_FEED_MEMBERS, json, LENGTH, clock_us),
	   "but the next one has to wait");
	clock_us = mono_add_ms(clock_us, 1);
	ok(web_feed_offer(feed, WEB_FEED_MEMBERS, json, LENGTH, clock_us),
	   "two seconds for each 128 KiB");
	free(json);
	web_feed_free(feed);
}

/* What the operator is told is never told to anybody else. */
static void
audiences(void)
{
	struct web_feed *feed = web_feed_new();
	struct web_listener *member = web_feed_join(feed, WEB_FEED_FOR_ALL);
	struct web_listener *all = web_feed_join(feed, WEB_FEED_FOR_OPERATOR);
	for (int kind = 0; kind < WEB_FEED_KINDS; kind++)
		if (kind != WEB_FEED_PUBLIC)
			offer(feed, (enum web_feed_kind)kind, "{\"secret\":1}");
	offer(feed, WEB_FEED_PUBLIC, "{\"sums\":1}");
	read_is(member,
		"event: overview\ndata: {\"sums\":1}\n\nevent: beat\ndata: {\"secret\":1}\n\n",
		"who is not the operator hears the sums, and that the hub lives");
	char out[4096];
	out[web_feed_read(all, out, sizeof(out) - 1)] = '\0';
	ok(strstr(out, "event: month") && !strstr(out, "sums"), "the operator hears all else");
	web_feed_leave(member);
	web_feed_leave(all);
	web_feed_free(feed);
}

int
main(void)
{
	audiences();
	ordinary();
	lines();
	slow();
	large();
	return done_testing();
}
