/* The feed of events.
 *
 *   kinds:      overview v7 ──► text     members v3 ──► text     traffic v9 ──► text
 *   listener A: has 7, 3, 8;  reading traffic's text, octet 4096
 *   listener B: has 5, 3, 9;  still holds the text of overview 5     (counted, freed by the last)
 */
#include "web/web_feed.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { SLOW_DOWN_EACH = 128 * 1024, SLOW_DOWN_BY_MS = 2000 };

static const char *const kind_names[WEB_FEED_KINDS] = {"overview", "overview", "members",
						       "traffic",  "alarms",   "proposals",
						       "month",    "corridor", "beat"};

/* An event as it goes over the wire; shared, never changed. */
struct text {
	unsigned holders;
	size_t length;
	char octets[];
};

struct newest {
	struct text *text; /* NULL: nothing yet */
	uint64_t version;  /* 0: nothing yet */
	struct mono_us since;
};

struct web_feed {
	struct newest kinds[WEB_FEED_KINDS];
	size_t listeners;
};

struct web_listener {
	struct web_feed *feed;
	unsigned kinds; /* it hears of */
	uint64_t had[WEB_FEED_KINDS];
	struct text *reading; /* NULL: between two events */
	size_t at;
};

static void
release(struct text *text)
{
	if (text && --text->holders == 0)
		free(text);
}

struct web_feed *
web_feed_new(void)
{
	return calloc(1, sizeof(struct web_feed));
}

void
web_feed_free(struct web_feed *feed)
{
	if (!feed)
		return;
	assert(feed->listeners == 0);
	for (size_t i = 0; i < WEB_FEED_KINDS; i++)
		release(feed->kinds[i].text);
	free(feed);
}

/* "event: K\ndata: ...\n\n"; a line break inside the JSON begins a new data line. */
static struct text *
event(enum web_feed_kind kind, const char *json, size_t length)
{
	struct buf b = {0};
	while (length > 0 && (json[length - 1] == '\n' || json[length - 1] == '\r'))
		length--;
	buf_printf(&b, "event: %s\ndata: ", kind_names[kind]);
	for (size_t i = 0; i < length;) {
		size_t end = i;
		while (end < length && json[end] != '\n' && json[end] != '\r')
			end++;
		buf_put(&b, json + i, end - i);
		if (end < length)
			buf_str(&b, "\ndata: ");
		i = end + 1;
	}
	buf_str(&b, "\n\n");
	struct text *text = b.failed ? NULL : malloc(sizeof(*text) + b.length);
	if (text) {
		text->holders = 1;
		text->length = b.length;
		memcpy(text->octets, b.data, b.length);
	}
	buf_fini(&b);
	return text;
}

static bool
same(const struct text *a, const struct text *b)
{
	return a && a->length == b->length && memcmp(a->octets, b->octets, a->length) == 0;
}

bool
web_feed_offer(struct web_feed *feed, enum web_feed_kind kind, const void *json, size_t length,
	       struct mono_us now)
{
	assert(feed && kind < WEB_FEED_KINDS && (json || length == 0));
	struct newest *newest = &feed->kinds[kind];
	int64_t pause_ms = (int64_t)(length / SLOW_DOWN_EACH) * SLOW_DOWN_BY_MS;
	if (newest->text && now.us < mono_add_ms(newest->since, pause_ms).us)
		return false;
	struct text *text = event(kind, json, length);
	if (!text)
		return false;
	/* Each beat is new, that is what it is for. */
	if (kind != WEB_FEED_BEAT && same(newest->text, text)) {
		release(text);
		return false;
	}
	release(newest->text);
	newest->text = text;
	newest->since = now;
	newest->version++;
	return true;
}

struct web_listener *
web_feed_join(struct web_feed *feed, unsigned kinds)
{
	struct web_listener *listener = calloc(1, sizeof(*listener));
	if (!listener)
		return NULL;
	listener->feed = feed;
	listener->kinds = kinds;
	feed->listeners++;
	return listener;
}

void
web_feed_leave(struct web_listener *listener)
{
	if (!listener)
		return;
	release(listener->reading);
	listener->feed->listeners--;
	free(listener);
}

/* The first kind that has something new for the listener; NULL when none has. */
static struct text *
next_text(struct web_listener *listener)
{
	for (size_t i = 0; i < WEB_FEED_KINDS; i++) {
		struct newest *newest = &listener->feed->kinds[i];
		if (!(listener->kinds >> i & 1) || newest->version == listener->had[i])
			continue;
		listener->had[i] = newest->version;
		newest->text->holders++;
		return newest->text;
	}
	return NULL;
}

size_t
web_feed_read(struct web_listener *listener, char *out, size_t room)
{
	assert(listener && out);
	size_t copied = 0;
	while (copied < room) {
		if (!listener->reading) {
			listener->reading = next_text(listener);
			listener->at = 0;
		}
		struct text *text = listener->reading;
		if (!text)
			break;
		size_t part = text->length - listener->at;
		if (part > room - copied)
			part = room - copied;
		memcpy(out + copied, text->octets + listener->at, part);
		copied += part;
		listener->at += part;
		if (listener->at < text->length)
			break;
		release(text);
		listener->reading = NULL;
	}
	return copied;
}
