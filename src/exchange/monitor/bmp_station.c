/* One BMP station: what it has been told, and what comes next.
 *
 * First who is up, then the whole table, then what changed, always from the table as it is. Paths that follow
 * each other with the same attributes go into one UPDATE: a run, of one peer in one view. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/bgp/bgp_open.h"
#include "exchange/monitor/bmp_feed_parts.h"

enum {
	RUNS = 16,   /* of a view: a power of two */
	LOOKS = 128, /* at changes or stretches of the table, that may have nothing for the station */
};

struct run {
	bool open, withdraw, add_path;
	enum ip_family family;
	unsigned slot;
	struct bmp_time time;
	struct buf attrs; /* encoded */
	struct ip next_hop, link_local;
	size_t count;
	struct prefix prefixes[BMP_RUN_MAX];
	uint32_t path_ids[BMP_RUN_MAX];
};

enum phase { PHASE_IDLE, PHASE_HELLO, PHASE_TABLE, PHASE_CHANGES };

/* What it knows of a neighbour. */
struct told {
	uint32_t generation; /* that is up as far as it knows; 0: none */
	bool out_due;        /* its Adj-RIB-Out is to be told */
};

struct bmp_station {
	struct bmp_feed *feed;
	struct bmp_wish wish;
	enum phase phase;
	bool whole;        /* all of the table is told; else Adj-RIB-Out of some peers */
	bool again;        /* to one who has heard of it */
	unsigned family;   /* of PHASE_TABLE */
	uint32_t at;       /* in the table of that family */
	uint64_t position; /* in the ring */
	bool count_due;    /* statistics */
	struct told *told; /* by slot */
	size_t slots;
	struct run runs[BMP_VIEWS][RUNS]; /* by slot; those who share a place take turns */
};

struct bmp_station *
bmp_station_new(struct bmp_feed *feed, struct bmp_wish wish)
{
	struct bmp_station *s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->feed = feed;
	s->wish = wish;
	if (!bmp_feed_listen(feed)) {
		free(s);
		return NULL;
	}
	return s;
}

void
bmp_station_free(struct bmp_station *s)
{
	if (!s)
		return;
	bmp_feed_leave(s->feed);
	for (unsigned i = 0; i < BMP_VIEWS * RUNS; i++)
		buf_fini(&s->runs[i / RUNS][i % RUNS].attrs);
	free(s->told);
	free(s);
}

void
bmp_station_begin(struct bmp_station *s)
{
	s->phase = PHASE_HELLO;
	s->again = false;
	s->whole = true;
	s->family = 0;
	s->at = 0;
	s->position = s->feed->ring_end;
	for (size_t slot = 0; slot < s->slots; slot++)
		s->told[slot] = (struct told){0};
	for (unsigned i = 0; i < BMP_VIEWS * RUNS; i++)
		s->runs[i / RUNS][i % RUNS].open = false;
}

void
bmp_station_end(struct bmp_station *s)
{
	s->phase = PHASE_IDLE;
}

void
bmp_station_count(struct bmp_station *s)
{
	s->count_due = s->phase != PHASE_IDLE;
}

bool
bmp_station_waiting(const struct bmp_station *s)
{
	if (s->phase == PHASE_IDLE)
		return false;
	return s->phase != PHASE_CHANGES || s->count_due || s->position < s->feed->ring_end;
}

static bool
hears_out(const struct bmp_station *s)
{
	return s->wish.views[BMP_OUT_PRE] || s->wish.views[BMP_OUT_POST];
}

/* The table once more: `whole`, or, for those who hear it, Adj-RIB-Out of the neighbours where it is due. */
static void
tell_table_from_start(struct bmp_station *s, bool whole)
{
	if (s->phase == PHASE_HELLO || (!whole && !hears_out(s)))
		return;
	s->phase = PHASE_TABLE;
	s->whole |= whole;
	s->again |= whole;
	s->family = 0;
	s->at = 0;
}

static bool
hears_of(const struct bmp_station *s, unsigned slot)
{
	const struct bmp_feed *feed = s->feed;
	return slot < s->slots && slot < feed->slots && feed->neighbours[slot].up &&
	       s->told[slot].generation == feed->neighbours[slot].generation;
}

static struct bmp_peer
peer_of(const struct bmp_station *s, enum bmp_view view, unsigned slot)
{
	const struct bmp_feed *feed = s->feed;
	if (view == BMP_LOC)
		return (struct bmp_peer){.asn = feed->source.asn,
					 .router_id = feed->source.router_id};
	return feed->neighbours[slot].is.peer;
}

/* --- runs --- */

/* Wraps each UPDATE of feed->update. */
static void
put_updates(struct bmp_station *s, struct buf *out, enum bmp_view view, unsigned slot,
	    struct bmp_time time)
{
	struct bmp_peer peer = peer_of(s, view, slot);
	struct buf *updates = &s->feed->update;
	struct cursor c = cursor_of(updates->data, updates->failed ? 0 : updates->length);
	while (cursor_left(&c) >= BGP_HEADER) {
		size_t length = (size_t)c.at[16] << 8 | c.at[17];
		bmp_route_write(out, view, &peer, time, cursor_sub(&c, length));
	}
	out->failed |= updates->failed;
	buf_clear(updates);
}

/* Attributes that fit no usual message go into a long one (RFC 8654): a station is no neighbour. */
static bool
begin_announcing(struct bgp_writer *w, struct buf *to, const struct run *run,
		 const struct bgp_route_attrs *route)
{
	struct bgp_form form = {.max = BGP_MAX, .add_path = run->add_path};
	if (bgp_announce_begin(w, to, run->family, form, route) == 0)
		return true;
	form.max = BGP_MAX_EXTENDED;
	return bgp_announce_begin(w, to, run->family, form, route) == 0;
}

static void
flush(struct bmp_station *s, struct buf *out, enum bmp_view view, struct run *run)
{
	if (!run->open)
		return;
	run->open = false;
	struct bgp_writer w;
	struct buf *to = &s->feed->update;
	struct bgp_form form = {.max = BGP_MAX, .add_path = run->add_path};
	struct bgp_route_attrs route = {run->attrs.data, run->attrs.length, run->next_hop,
					run->link_local};
	buf_clear(to);
	out->failed |= run->attrs.failed;
	if (run->withdraw || !begin_announcing(&w, to, run, &route))
		bgp_withdraw_begin(&w, to, run->family, form);
	for (size_t i = 0; i < run->count; i++)
		bgp_writer_add(&w, run->prefixes[i], run->path_ids[i]);
	(void)bgp_writer_end(&w);
	put_updates(s, out, view, run->slot, run->time);
}

static void
flush_all(struct bmp_station *s, struct buf *out)
{
	for (unsigned i = 0; i < BMP_VIEWS * RUNS; i++)
		flush(s, out, (enum bmp_view)(i / RUNS), &s->runs[i / RUNS][i % RUNS]);
}

/* A route to be told: `attrs` NULL withdraws it. */
struct telling {
	enum bmp_view view;
	unsigned slot;
	struct prefix prefix;
	uint32_t path_id;
	struct bmp_time time;
	const struct bgp_attrs *attrs;
	struct bgp_communities communities;
};

static bool
goes_on(const struct run *run, const struct telling *t, bool add_path, const struct buf *attrs)
{
	if (!run->open || run->count == BMP_RUN_MAX || run->slot != t->slot ||
	    run->family != t->prefix.ip.family || run->withdraw != !t->attrs ||
	    run->add_path != add_path)
		return false;
	if (!t->attrs)
		return true;
	return run->time.s == t->time.s && run->attrs.length == attrs->length &&
	       memcmp(run->attrs.data, attrs->data, attrs->length) == 0 &&
	       (t->attrs->next_hop.family == IP_V4 ||
		(ip_equal(run->next_hop, t->attrs->next_hop) &&
		 ip_equal(run->link_local, t->attrs->link_local)));
}

static bool
has_path_ids(const struct bmp_station *s, const struct telling *t)
{
	if (t->view == BMP_LOC)
		return false;
	const struct bmp_neighbour *is = &s->feed->neighbours[t->slot].is;
	unsigned family = t->prefix.ip.family == IP_V6;
	return t->view <= BMP_IN_POST ? is->add_path_in[family] : is->add_path_out[family];
}

static void
tell(struct bmp_station *s, struct buf *out, const struct telling *t)
{
	struct run *run = &s->runs[t->view][t->slot % RUNS];
	struct buf *attrs = &s->feed->attrs;
	bool add_path = has_path_ids(s, t);
	buf_clear(attrs);
	if (t->attrs)
		bgp_attrs_encode(attrs, t->attrs, t->communities);
	out->failed |= attrs->failed;
	if (out->failed)
		return;
	if (!goes_on(run, t, add_path, attrs)) {
		flush(s, out, t->view, run);
		*run = (struct run){.open = true,
				    .withdraw = !t->attrs,
				    .add_path = add_path,
				    .family = (enum ip_family)t->prefix.ip.family,
				    .slot = t->slot,
				    .time = t->time,
				    .attrs = run->attrs};
		buf_clear(&run->attrs);
		buf_put(&run->attrs, attrs->data, attrs->length);
		if (t->attrs && t->attrs->next_hop.family == IP_V6) {
			run->next_hop = t->attrs->next_hop;
			run->link_local = t->attrs->link_local;
		}
	}
	run->prefixes[run->count] = t->prefix;
	run->path_ids[run->count++] = t->path_id;
}

/* --- paths --- */

/* The path as it stands under a view; NULL: it is not there. */
static void
tell_path(struct bmp_station *s, struct buf *out, enum bmp_view view, struct telling *t,
	  const struct rib_path_view *path)
{
	t->view = view;
	t->attrs = NULL;
	t->time = s->feed->source.now(s->feed->source.context);
	if (path) {
		t->attrs = &path->attrs;
		t->time = (struct bmp_time){.s = path->since_s};
		t->communities = (struct bgp_communities){path->attrs.communities,
							  path->attrs.ext_communities,
							  path->attrs.large_communities};
	}
	tell(s, out, t);
}

/* Adj-RIB-In of its neighbour. `gone`: what is not there is withdrawn. */
static void
tell_in(struct bmp_station *s, struct buf *out, struct telling *t, const struct rib_path_view *path,
	bool gone)
{
	if (!hears_of(s, t->slot))
		return;
	if (s->wish.views[BMP_IN_PRE] && (path || gone))
		tell_path(s, out, BMP_IN_PRE, t, path);
	bool accepted = path && !path->refused;
	if (s->wish.views[BMP_IN_POST] && (accepted || gone))
		tell_path(s, out, BMP_IN_POST, t, accepted ? path : NULL);
}

static void
tell_loc(struct bmp_station *s, struct buf *out, struct prefix prefix,
	 const struct rib_path_view *paths, size_t count, bool gone)
{
	bool there = count && !paths[0].refused;
	struct telling t = {.prefix = prefix};
	if (s->wish.views[BMP_LOC] && (there || gone))
		tell_path(s, out, BMP_LOC, &t, there ? paths : NULL);
}

/* Who hears which path, `words` words for each. False if there is no memory. */
static bool
find_hearers(struct bmp_feed *feed, struct rib *rib, struct prefix prefix,
	     const struct rib_path_view *paths, size_t count, size_t words)
{
	if ((count + 1) * words > feed->word_count) {
		size_t wanted = (count + 1) * words * 2;
		uint64_t *more = realloc(feed->words, wanted * sizeof(*more));
		if (!more)
			return false;
		feed->words = more;
		feed->word_count = wanted;
	}
	for (size_t i = 0; i < count; i++)
		rib_path_hearers(rib, prefix, paths[i].slot, feed->words + i * words);
	return true;
}

static void
tell_receiver(struct bmp_station *s, struct buf *out, struct telling *t,
	      const struct rib_path_view *path)
{
	struct bgp_attrs attrs;
	struct bmp_feed *feed = s->feed;
	if (s->wish.views[BMP_OUT_PRE])
		tell_path(s, out, BMP_OUT_PRE, t, path);
	if (!s->wish.views[BMP_OUT_POST])
		return;
	if (!path) {
		tell_path(s, out, BMP_OUT_POST, t, NULL);
		return;
	}
	t->view = BMP_OUT_POST;
	t->time = (struct bmp_time){.s = path->since_s};
	const struct rib *rib = feed->source.ribs[path->prefix.ip.family == IP_V6];
	rib_path_as_sent(rib, path, t->slot, &attrs, &t->communities, &feed->scratch);
	t->attrs = &attrs;
	tell(s, out, t);
}

/* Whom a prefix is told of. */
enum out_of {
	OUT_OF_ALL,       /* to one who has heard nothing yet */
	OUT_OF_ALL_AGAIN, /* what is not there is withdrawn */
	OUT_OF_DUE,       /* those of whom nothing was told yet */
};

/* What of a prefix is told of Adj-RIB-Out. */
struct outward {
	struct prefix prefix;
	const struct rib_path_view *paths;
	size_t count;
	uint32_t gone; /* by its sent_id, a path that may be there no more; 0: none */
	enum out_of whom;
};

static bool
is_among(const uint32_t *ids, size_t count, uint32_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* Of a neighbour that is sent several paths: each that it is to have. */
static void
tell_several(struct bmp_station *s, struct buf *out, unsigned slot, const struct outward *o)
{
	const struct rib *rib = s->feed->source.ribs[o->prefix.ip.family == IP_V6];
	uint32_t chosen[BMP_STRETCH];
	size_t count = rib_path_choice(rib, o->prefix, slot, chosen, BMP_STRETCH);
	struct telling t = {.slot = slot, .prefix = o->prefix};
	bool again = o->whom == OUT_OF_ALL_AGAIN, gone = again && o->gone;
	for (size_t i = 0; i < o->count; i++) {
		bool sent = is_among(chosen, count, o->paths[i].sent_id);
		t.path_id = o->paths[i].sent_id;
		gone &= t.path_id != o->gone;
		if (sent || again)
			tell_receiver(s, out, &t, sent ? &o->paths[i] : NULL);
	}
	t.path_id = o->gone;
	if (gone)
		tell_receiver(s, out, &t, NULL);
}

/* Of any other: the first that it hears. */
static void
tell_first(struct bmp_station *s, struct buf *out, unsigned slot, const struct outward *o,
	   size_t words)
{
	size_t i = 0;
	while (i < o->count && !(s->feed->words[i * words + slot / 64] >> slot % 64 & 1))
		i++;
	struct telling t = {.slot = slot, .prefix = o->prefix};
	if (i < o->count || o->whom == OUT_OF_ALL_AGAIN)
		tell_receiver(s, out, &t, i < o->count ? &o->paths[i] : NULL);
}

/* Adj-RIB-Out, for one prefix. */
static void
tell_out(struct bmp_station *s, struct buf *out, const struct outward *o)
{
	struct bmp_feed *feed = s->feed;
	if (!hears_out(s))
		return;
	unsigned family = o->prefix.ip.family == IP_V6;
	struct rib *rib = feed->source.ribs[family];
	size_t words = rib_sets_in(rib)->words;
	if (!find_hearers(feed, rib, o->prefix, o->paths, o->count, words)) {
		out->failed = true;
		return;
	}
	for (unsigned slot = 0; slot < feed->slots && slot < words * 64; slot++) {
		const struct bmp_neighbour *is = &feed->neighbours[slot].is;
		if (!hears_of(s, slot) || !is->family[family] ||
		    (o->whom == OUT_OF_DUE && !s->told[slot].out_due))
			continue;
		if (is->add_path_out[family])
			tell_several(s, out, slot, o);
		else
			tell_first(s, out, slot, o, words);
	}
}

static void
tell_change(struct bmp_station *s, struct buf *out, const struct bmp_change *change)
{
	struct bmp_feed *feed = s->feed;
	const struct rib *rib = feed->source.ribs[change->prefix.ip.family == IP_V6];
	size_t count = rib_paths(rib, change->prefix, feed->views, BMP_STRETCH);
	if (count > BMP_STRETCH)
		count = BMP_STRETCH;
	const struct rib_path_view *path = NULL;
	for (size_t i = 0; i < count && !path; i++)
		if (feed->views[i].slot == change->slot &&
		    feed->views[i].path_id == change->path_id)
			path = &feed->views[i];
	struct telling t = {
		.slot = change->slot, .prefix = change->prefix, .path_id = change->path_id};
	tell_in(s, out, &t, path, true);
	tell_loc(s, out, change->prefix, feed->views, count, true);
	struct outward o = {change->prefix, feed->views, count, change->sent_id, OUT_OF_ALL_AGAIN};
	tell_out(s, out, &o);
}

/* --- the table --- */

static void
tell_prefix(struct bmp_station *s, struct buf *out, const struct rib_path_view *paths, size_t count)
{
	struct outward o = {paths[0].prefix, paths, count, 0, OUT_OF_DUE};
	if (!s->whole) {
		tell_out(s, out, &o);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		struct telling t = {.slot = paths[i].slot,
				    .prefix = paths[i].prefix,
				    .path_id = paths[i].path_id};
		tell_in(s, out, &t, &paths[i], s->again);
	}
	tell_loc(s, out, paths[0].prefix, paths, count, s->again);
	o.whom = s->again ? OUT_OF_ALL_AGAIN : OUT_OF_ALL;
	tell_out(s, out, &o);
}

/* Was the whole of this table told just now? */
static bool
was_told(const struct bmp_station *s, enum bmp_view view, unsigned slot, unsigned family)
{
	if (view == BMP_LOC)
		return s->whole;
	if (!hears_of(s, slot) || !s->feed->neighbours[slot].is.family[family])
		return false;
	return s->whole || (view > BMP_LOC && s->told[slot].out_due);
}

/* RFC 7854 section 5: End-of-RIB tells when all was told. */
static void
tell_end(struct bmp_station *s, struct buf *out)
{
	struct bmp_time now = s->feed->source.now(s->feed->source.context);
	for (unsigned i = 0; i < BMP_VIEWS * 2; i++) {
		enum bmp_view view = (enum bmp_view)(i / 2);
		size_t slots = view == BMP_LOC ? 1 : s->feed->slots;
		for (unsigned slot = 0; slot < slots && s->wish.views[view]; slot++) {
			if (!was_told(s, view, slot, i % 2))
				continue;
			bgp_end_of_rib_write(&s->feed->update, i % 2 ? IP_V6 : IP_V4);
			put_updates(s, out, view, slot, now);
		}
	}
	for (size_t slot = 0; slot < s->slots; slot++)
		s->told[slot].out_due = false;
	s->whole = s->again = false;
}

/* The next stretch of the table. */
static void
tell_table(struct bmp_station *s, struct buf *out)
{
	struct bmp_feed *feed = s->feed;
	const struct rib *rib = feed->source.ribs[s->family];
	size_t count = rib_walk(rib, &s->at, feed->views, BMP_STRETCH / 4);
	for (size_t first = 0, next; first < count; first = next) {
		next = first + 1;
		while (next < count &&
		       prefix_equal(feed->views[next].prefix, feed->views[first].prefix))
			next++;
		tell_prefix(s, out, feed->views + first, next - first);
	}
	if (count)
		return;
	s->at = 0;
	if (s->family++ == 0)
		return;
	s->family = 0;
	s->phase = PHASE_CHANGES;
	flush_all(s, out);
	tell_end(s, out);
}

/* --- peers --- */

/* The station's idea of the neighbour becomes what is. */
static void
tell_neighbour(struct bmp_station *s, struct buf *out, unsigned slot)
{
	const struct bmp_feed_neighbour *n = &s->feed->neighbours[slot];
	flush_all(s, out);
	struct told *told = &s->told[slot];
	if (told->generation && (!n->up || told->generation != n->generation)) {
		struct bmp_time at = n->down_at;
		struct cursor words = cursor_of(n->last_words.data, n->last_words.length);
		bmp_peer_down_write(out, BMP_IN_PRE, &n->is.peer, at, n->reason, words);
		told->generation = 0;
	}
	if (n->up && !told->generation) {
		bmp_peer_up_write(out, BMP_IN_PRE, &n->is.peer, n->is.since, &n->is.up);
		told->generation = n->generation;
		told->out_due = true;
		tell_table_from_start(s, false);
	}
}

static bool
make_room(struct bmp_station *s)
{
	if (s->slots >= s->feed->slots)
		return true;
	struct told *told = realloc(s->told, s->feed->slots * sizeof(*told));
	if (!told)
		return false;
	memset(told + s->slots, 0, (s->feed->slots - s->slots) * sizeof(*told));
	s->told = told;
	s->slots = s->feed->slots;
	return true;
}

/* RFC 9069 section 5.2: Loc-RIB is a peer too, with OPENs made up. */
static void
tell_loc_up(struct bmp_station *s, struct buf *out)
{
	const struct bmp_feed_source *source = &s->feed->source;
	struct bgp_open open = {
		.asn = source->asn,
		.router_id = source->router_id,
		.hold_time_s = 0,
		.capabilities = {.ipv4 = true, .ipv6 = true, .as4 = true, .role = BGP_ROLE_NONE},
	};
	struct buf *message = &s->feed->update;
	bgp_open_write(message, &open);
	struct cursor octets = cursor_of(message->data, message->failed ? 0 : message->length);
	struct bmp_peer_up up = {.sent = octets, .received = octets};
	struct bmp_peer peer = peer_of(s, BMP_LOC, 0);
	bmp_peer_up_write(out, BMP_LOC, &peer, source->now(source->context), &up);
	buf_clear(message);
}

static void
tell_hello(struct bmp_station *s, struct buf *out)
{
	bmp_initiation_write(out, s->feed->source.name, s->feed->source.description);
	if (s->wish.views[BMP_LOC])
		tell_loc_up(s, out);
	for (unsigned slot = 0; slot < s->feed->slots; slot++)
		tell_neighbour(s, out, slot);
	s->phase = PHASE_TABLE;
}

static void
tell_numbers(struct bmp_station *s, struct buf *out, int slot)
{
	const struct bmp_feed_source *source = &s->feed->source;
	struct bmp_numbers n = {0};
	source->numbers(source->context, slot, &n);
	bool loc = slot < 0;
	const enum bmp_statistic all = loc ? BMP_STAT_LOC : BMP_STAT_ADJ_IN;
	const enum bmp_statistic each = loc ? BMP_STAT_LOC_FAMILY : BMP_STAT_ADJ_IN_FAMILY;
	struct bmp_count counts[9] = {
		{all, IP_NONE, n.adj_in[0] + n.adj_in[1]},
		{each, IP_V4, n.adj_in[0]},
		{each, IP_V6, n.adj_in[1]},
	};
	size_t count = 3;
	if (!loc) {
		uint32_t rejected = s->feed->neighbours[slot].rejected;
		counts[count++] = (struct bmp_count){BMP_STAT_REJECTED, IP_NONE, rejected};
		counts[count++] = (struct bmp_count){BMP_STAT_DUPLICATES, IP_NONE, n.duplicates};
		counts[count++] =
			(struct bmp_count){BMP_STAT_WITHDRAWN, IP_NONE, n.duplicate_withdrawals};
		counts[count++] =
			(struct bmp_count){BMP_STAT_AS_WITHDRAW, IP_NONE, n.treated_as_withdraw};
	}
	if (!loc && hears_out(s)) {
		counts[count++] = (struct bmp_count){BMP_STAT_ADJ_OUT_PRE, IP_NONE, n.adj_out};
		counts[count++] = (struct bmp_count){BMP_STAT_ADJ_OUT_POST, IP_NONE, n.adj_out};
	}
	enum bmp_view view = loc ? BMP_LOC : BMP_IN_PRE;
	struct bmp_peer peer = peer_of(s, view, loc ? 0 : (unsigned)slot);
	bmp_statistics_write(out, view, &peer, source->now(source->context), counts, count);
}

static void
tell_statistics(struct bmp_station *s, struct buf *out)
{
	s->count_due = false;
	flush_all(s, out);
	for (unsigned slot = 0; slot < s->feed->slots; slot++)
		if (hears_of(s, slot))
			tell_numbers(s, out, (int)slot);
	if (s->wish.views[BMP_LOC])
		tell_numbers(s, out, -1);
}

/* --- what comes next --- */

static void
take_change(struct bmp_station *s, struct buf *out)
{
	struct bmp_change change = s->feed->ring[s->position++ % BMP_RING];
	switch ((enum bmp_change_kind)change.kind) {
	case BMP_CHANGE_PATH:
		tell_change(s, out, &change);
		return;
	case BMP_CHANGE_PEER:
		tell_neighbour(s, out, change.slot);
		return;
	case BMP_CHANGE_DECIDED:
		if (hears_out(s))
			tell_table_from_start(s, true);
		return;
	case BMP_CHANGE_ALL:
		tell_table_from_start(s, true);
		return;
	}
}

enum bmp_fill
bmp_station_fill(struct bmp_station *s, struct buf *out, size_t bound)
{
	assert(s->phase != PHASE_IDLE);
	size_t start = out->length;
	if (s->feed->ring_end - s->position > BMP_RING || !make_room(s))
		return BMP_FILL_BEHIND;
	for (unsigned looks = 0;
	     looks < LOOKS && out->length - start < bound && bmp_station_waiting(s); looks++) {
		if (s->phase == PHASE_HELLO)
			tell_hello(s, out);
		else if (s->count_due)
			tell_statistics(s, out);
		else if (s->position < s->feed->ring_end)
			take_change(s, out);
		else
			tell_table(s, out);
		if (out->failed)
			return BMP_FILL_BEHIND;
	}
	flush_all(s, out);
	return bmp_station_waiting(s) ? BMP_FILL_MORE : BMP_FILL_ALL;
}
