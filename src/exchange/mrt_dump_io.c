/* MRT files.
 *
 *   table, in stretches ---> pending ---\
 *                                        >--- one batch at a time ---> thread ---> .name.part ---> name
 *   UPDATEs, states -------> pending ---/
 *
 * A disk that does not keep up makes the table wait, and updates pile up to PENDING_MAX; what is more is thrown
 * away and counted. */
#include "exchange/mrt_dump_io.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "exchange/monitor/mrt_write.h"
#include "exchange/mrt_output_io.h"

enum {
	STRETCH = 1024, /* paths of the table in a turn: less than a millisecond */
	BATCH_OCTETS = 1024 * 1024,
	PENDING_MAX = 64 * 1024 * 1024,
	TICK_MS = 1000,
	STRETCH_MS = 1, /* between two stretches: others have their turn */
	WAIT_MS = 20,   /* for the disk */
	NAME_MAX_OCTETS = 64,
	DAY_S = 86400,
};

/* A file being written. */
struct file {
	struct file *next;
	struct mrt_output *output;
	char name[NAME_MAX_OCTETS];
	struct buf pending;
	uint64_t lost; /* records thrown away */
	bool last;     /* nothing more comes */
	bool whole;    /* all that it is to hold is in it */
	bool ended;    /* the thread was told so */
};

/* What became of files of one kind, for those who look. */
struct record {
	char last[NAME_MAX_OCTETS], error[96];
	struct utc_s last_at, error_at;
	uint64_t last_octets, files, failures, lost;
};

enum { TABLES, UPDATES, KINDS };

struct mrt_dumps {
	struct loop *loop;
	struct exchange *engine;
	void (*ends)(void *context, unsigned slot, struct bmp_ends *out);
	void *context;
	char *directory; /* NULL: no files */
	struct hub_dumps is;
	struct loop_timer timer, walk_timer;
	struct file *files;
	struct file *updates; /* the one that goes on, or NULL */
	int64_t next_table_s, next_updates_s;
	struct record records[KINDS];
	/* The table being written. */
	struct file *table;
	bool refused;
	enum ip_family family;
	uint32_t at, sequence;
	uint32_t table_s;  /* when it began */
	uint16_t *peer_of; /* index by slot; UINT16_MAX: none */
	unsigned slots;
};

#define OWNER(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))

/* --- files --- */

static void
name_file(const struct mrt_dumps *d, char name[NAME_MAX_OCTETS], const char *kind, int64_t at_s)
{
	char path[4096];
	struct utc_date t = utc_to_date((struct utc_s){at_s});
	const char *suffix = d->is.compress ? ".gz" : "";
	(void)snprintf(name, NAME_MAX_OCTETS, "%s.%04d%02d%02d.%02d%02d%s", kind, t.year, t.month,
		       t.day, t.hour, t.minute, suffix);
	(void)snprintf(path, sizeof(path), "%s/%s", d->directory, name);
	if (access(path, F_OK) == 0) /* begun anew within a minute */
		(void)snprintf(name, NAME_MAX_OCTETS, "%s.%04d%02d%02d.%02d%02d%02d%s", kind,
			       t.year, t.month, t.day, t.hour, t.minute, t.second, suffix);
}

static void
note_failure(struct mrt_dumps *d, int kind, const char *why)
{
	struct record *record = &d->records[kind];
	record->failures++;
	record->error_at = clock_utc();
	(void)snprintf(record->error, sizeof(record->error), "%s", why);
}

static struct file *
open_file(struct mrt_dumps *d, const char *kind, int64_t at_s)
{
	char keep_from[16] = "";
	if (d->is.keep_days) {
		struct utc_date t =
			utc_to_date((struct utc_s){at_s - (int64_t)d->is.keep_days * DAY_S});
		(void)snprintf(keep_from, sizeof(keep_from), "%04d%02d%02d", t.year % 10000,
			       t.month % 100, t.day % 100);
	}
	struct file *f = calloc(1, sizeof(*f));
	if (f) {
		name_file(d, f->name, kind, at_s);
		f->output = mrt_output_open(d->directory, f->name, d->is.compress, keep_from);
	}
	if (!f || !f->output) {
		log_warn("dumps: %s file cannot be begun: no memory", kind);
		note_failure(d, kind[0] == 'r' ? TABLES : UPDATES, "no memory");
		free(f);
		return NULL;
	}
	f->next = d->files;
	d->files = f;
	return f;
}

static bool
is_table(const struct file *f)
{
	return strncmp(f->name, "rib.", 4) == 0;
}

static void
note_end(struct mrt_dumps *d, const struct file *f, const struct mrt_output_result *result)
{
	struct record *record = &d->records[is_table(f) ? TABLES : UPDATES];
	record->lost += f->lost;
	if (result->error) {
		note_failure(d, is_table(f) ? TABLES : UPDATES, strerror(result->error));
		log_warn("dumps: %s: cannot be written: %s", f->name, strerror(result->error));
	} else if (f->whole) {
		memcpy(record->last, f->name, sizeof(record->last));
		record->last_at = clock_utc();
		record->last_octets = result->octets;
		record->files++;
		log_debug("dumps: %s is written", f->name);
	}
	if (f->lost)
		log_warn("dumps: %s: %" PRIu64 " records lost, the disk is too slow", f->name,
			 f->lost);
}

/* Moves what waits towards the disk; forgets files that are whole. */
static void
push(struct mrt_dumps *d, bool wait)
{
	for (struct file **at = &d->files; *at;) {
		struct file *f = *at;
		struct mrt_output_result result;
		if (f->pending.failed) {
			buf_fini(&f->pending);
			f->lost++;
		}
		if (f->pending.length)
			(void)mrt_output_take(f->output, &f->pending);
		if (f->last && !f->ended && !f->pending.length)
			f->ended = mrt_output_end(f->output, f->whole);
		if (!f->ended || !mrt_output_done(f->output, wait, &result)) {
			at = &f->next;
			continue;
		}
		note_end(d, f, &result);
		*at = f->next;
		free(f);
	}
}

static void
finish(struct file **file, bool whole)
{
	if (*file) {
		(*file)->last = true;
		(*file)->whole = whole;
	}
	*file = NULL;
}

/* --- the table --- */

static void
end_table(struct mrt_dumps *d, bool whole)
{
	finish(&d->table, whole);
	free(d->peer_of);
	d->peer_of = NULL;
	loop_timer_stop(d->loop, &d->walk_timer);
}

/* Everybody who has routes or may come to have some while the table is written. */
static bool
put_peers(struct mrt_dumps *d)
{
	struct exchange *x = d->engine;
	const struct hub *hub = exchange_hub(x);
	d->slots = exchange_slots(x);
	d->peer_of = malloc((d->slots + 1) * sizeof(*d->peer_of));
	struct mrt_peer *peers = calloc(d->slots + 1, sizeof(*peers));
	size_t count = 0;
	for (unsigned slot = 0; d->peer_of && peers && slot < d->slots; slot++) {
		struct exchange_target target;
		d->peer_of[slot] = UINT16_MAX;
		if (count == UINT16_MAX || !exchange_target_of(x, slot, &target))
			continue;
		const struct session *session = exchange_session(x, slot);
		d->peer_of[slot] = (uint16_t)count;
		peers[count++] = (struct mrt_peer){target.address, exchange_asn_at(x, slot),
						   session_agreed(session)->remote_router_id};
	}
	bool made = d->peer_of && peers;
	if (made)
		mrt_peers_write(&d->table->pending, d->table_s, ip_v4_number(hub->router_id),
				hub->short_name, peers, count);
	free(peers);
	return made;
}

static void
put_prefix(struct mrt_dumps *d, const struct rib_path_view *views, size_t count)
{
	struct mrt_path paths[STRETCH];
	size_t wanted = 0;
	for (size_t i = 0; i < count; i++) {
		if (views[i].refused && !d->refused)
			continue;
		uint16_t peer = views[i].slot < d->slots ? d->peer_of[views[i].slot] : UINT16_MAX;
		if (peer != UINT16_MAX)
			paths[wanted++] = (struct mrt_path){peer, views[i].since_s,
							    views[i].path_id, &views[i].attrs};
	}
	if (wanted)
		mrt_paths_write(&d->table->pending, d->table_s, d->sequence++, views[0].prefix,
				paths, wanted);
}

static void
walk(struct loop_timer *timer, struct mono_us now)
{
	static struct rib_path_view views[STRETCH];
	struct mrt_dumps *d = OWNER(timer, struct mrt_dumps, walk_timer);
	push(d, false);
	if (d->table->pending.length > BATCH_OCTETS) { /* the disk is behind */
		loop_timer_set(d->loop, timer, mono_add_ms(now, WAIT_MS));
		return;
	}
	size_t count = rib_walk(exchange_rib(d->engine, d->family), &d->at, views, STRETCH);
	for (size_t first = 0, next; first < count; first = next) {
		for (next = first + 1; next < count; next++)
			if (!prefix_equal(views[next].prefix, views[first].prefix))
				break;
		put_prefix(d, views + first, next - first);
	}
	if (count) {
		loop_timer_set(d->loop, timer, mono_add_ms(now, STRETCH_MS));
	} else if (d->family == IP_V4) {
		d->family = IP_V6;
		d->at = 0;
		loop_timer_set(d->loop, timer, now);
	} else {
		end_table(d, true);
	}
}

/* A table whose file is not whole yet. */
static bool
is_writing_table(const struct mrt_dumps *d)
{
	for (const struct file *f = d->files; f; f = f->next)
		if (is_table(f))
			return true;
	return false;
}

int
mrt_dumps_table(struct mrt_dumps *d, bool refused, char text[MRT_DUMP_TEXT])
{
	push(d, false);
	const char *why = !d->directory         ? "the hub file names no dumps.directory"
			  : is_writing_table(d) ? "a table is being written"
						: NULL;
	d->table_s = (uint32_t)clock_utc().s;
	if (!why)
		d->table = open_file(d, "rib", d->table_s);
	if (!why && (!d->table || !put_peers(d))) {
		end_table(d, false);
		why = "no memory";
	}
	if (why) {
		(void)snprintf(text, MRT_DUMP_TEXT, "%s", why);
		return -1;
	}
	d->refused = refused;
	d->family = IP_V4;
	d->at = d->sequence = 0;
	(void)snprintf(text, MRT_DUMP_TEXT, "%.400s/%s", d->directory, d->table->name);
	loop_timer_set(d->loop, &d->walk_timer, loop_now(d->loop));
	return 0;
}

/* --- updates --- */

static bool
describe(const struct mrt_dumps *d, unsigned slot, struct mrt_exchange *out)
{
	struct exchange_target target;
	struct bmp_ends ends = {0};
	struct timespec now;
	if (!d->updates || !exchange_target_of(d->engine, slot, &target))
		return false;
	d->ends(d->context, slot, &ends);
	(void)clock_gettime(CLOCK_REALTIME, &now);
	*out = (struct mrt_exchange){
		.peer = {target.address, exchange_asn_at(d->engine, slot), 0},
		.local_asn = exchange_hub(d->engine)->asn,
		.local = ends.local,
		.time_s = (uint32_t)now.tv_sec,
		.microseconds = (uint32_t)(now.tv_nsec / 1000),
	};
	return true;
}

static bool
has_room(struct mrt_dumps *d)
{
	struct file *f = d->updates;
	if (f->pending.length > BATCH_OCTETS)
		push(d, false);
	bool room = f->pending.length < PENDING_MAX;
	f->lost += !room;
	return room;
}

/* Path identifiers are agreed on by family; prefixes outside of attributes are IPv4. */
static bool
has_path_ids(const struct session_agreed *agreed, struct cursor message)
{
	if (agreed->add_path_in_ipv4 == agreed->add_path_in_ipv6)
		return agreed->add_path_in_ipv4;
	cursor_skip(&message, BGP_HEADER);
	size_t withdrawn = cursor_u16(&message);
	cursor_skip(&message, withdrawn);
	cursor_skip(&message, cursor_u16(&message));
	bool classic = withdrawn || cursor_left(&message);
	return classic ? agreed->add_path_in_ipv4 : agreed->add_path_in_ipv6;
}

void
mrt_dumps_message(struct mrt_dumps *d, unsigned slot, struct cursor message)
{
	struct mrt_exchange with;
	if (!describe(d, slot, &with) || !has_room(d))
		return;
	const struct session_agreed *agreed = session_agreed(exchange_session(d->engine, slot));
	struct mrt_message_form form = {agreed->as4, has_path_ids(agreed, message)};
	mrt_message_write(&d->updates->pending, &with, form, message);
}

enum { STATE_IDLE = 1, STATE_OPENCONFIRM = 5, STATE_ESTABLISHED = 6 };

void
mrt_dumps_up(struct mrt_dumps *d, unsigned slot)
{
	struct mrt_exchange with;
	if (describe(d, slot, &with) && has_room(d))
		mrt_state_write(&d->updates->pending, &with, STATE_OPENCONFIRM, STATE_ESTABLISHED);
}

void
mrt_dumps_down(struct mrt_dumps *d, unsigned slot)
{
	struct mrt_exchange with;
	if (describe(d, slot, &with) && has_room(d))
		mrt_state_write(&d->updates->pending, &with, STATE_ESTABLISHED, STATE_IDLE);
}

/* --- the schedule --- */

static void
tick(struct loop_timer *timer, struct mono_us now)
{
	struct mrt_dumps *d = OWNER(timer, struct mrt_dumps, timer);
	int64_t utc = clock_utc().s;
	char text[MRT_DUMP_TEXT];
	if (d->directory && mrt_file_due(d->next_updates_s, utc, d->is.updates_every_s)) {
		finish(&d->updates, true);
		d->updates = open_file(d, "updates", utc);
		d->next_updates_s = mrt_file_next(utc, d->is.updates_every_s);
	}
	if (d->directory && mrt_file_due(d->next_table_s, utc, d->is.table_every_s)) {
		if (mrt_dumps_table(d, false, text) < 0)
			log_warn("dumps: no table now: %s", text);
		d->next_table_s = mrt_file_next(utc, d->is.table_every_s);
	}
	push(d, false);
	if (d->directory || d->files)
		loop_timer_set(d->loop, timer, mono_add_ms(now, TICK_MS));
}

static bool
same(const struct mrt_dumps *d, const struct hub_dumps *is)
{
	if (!d->directory || !is->directory)
		return !d->directory && !is->directory;
	return strcmp(d->directory, is->directory) == 0 &&
	       d->is.table_every_s == is->table_every_s &&
	       d->is.updates_every_s == is->updates_every_s && d->is.keep_days == is->keep_days &&
	       d->is.compress == is->compress;
}

void
mrt_dumps_apply(struct mrt_dumps *d)
{
	const struct hub_dumps *is = &exchange_hub(d->engine)->dumps;
	if (same(d, is))
		return;
	end_table(d, false);
	finish(&d->updates, true);
	char *directory = is->directory ? strdup(is->directory) : NULL;
	if (!directory && is->directory)
		log_warn("dumps: no memory for them");
	free(d->directory);
	d->directory = directory;
	d->is = *is;
	int64_t utc = clock_utc().s;
	d->next_table_s = mrt_file_next(utc, directory ? is->table_every_s : 0);
	d->next_updates_s = mrt_file_next(utc, directory ? is->updates_every_s : 0);
	if (directory && is->updates_every_s)
		d->updates = open_file(d, "updates", utc);
	loop_timer_set(d->loop, &d->timer, loop_now(d->loop));
}

static const char *
writing(const struct mrt_dumps *d, bool table)
{
	for (const struct file *f = d->files; f; f = f->next)
		if (is_table(f) == table)
			return f->name;
	return "";
}

static struct exchange_dump
sight(const struct mrt_dumps *d, int kind, uint32_t every_s, int64_t next_s)
{
	const struct record *record = &d->records[kind];
	return (struct exchange_dump){
		.every_s = every_s,
		.last = record->last,
		.last_at = record->last_at,
		.last_octets = record->last_octets,
		.writing = writing(d, kind == TABLES),
		.next = {every_s ? next_s : 0},
		.files = record->files,
		.failures = record->failures,
		.lost = record->lost,
		.error = record->error,
		.error_at = record->error_at,
	};
}

void
mrt_dumps_sight(const struct mrt_dumps *d, struct exchange_dumps *out)
{
	out->directory = d->directory;
	out->keep_days = d->directory ? d->is.keep_days : 0;
	out->table = sight(d, TABLES, d->directory ? d->is.table_every_s : 0, d->next_table_s);
	out->updates =
		sight(d, UPDATES, d->directory ? d->is.updates_every_s : 0, d->next_updates_s);
}

bool
mrt_dumps_wanted(const struct mrt_dumps *d)
{
	return d->directory && d->is.updates_every_s;
}

struct mrt_dumps *
mrt_dumps_new(struct loop *loop, struct exchange *engine,
	      void (*ends)(void *context, unsigned slot, struct bmp_ends *out), void *context)
{
	struct mrt_dumps *d = calloc(1, sizeof(*d));
	if (!d)
		return NULL;
	d->loop = loop;
	d->engine = engine;
	d->ends = ends;
	d->context = context;
	d->timer.fire = tick;
	d->walk_timer.fire = walk;
	mrt_dumps_apply(d);
	return d;
}

void
mrt_dumps_free(struct mrt_dumps *d)
{
	if (!d)
		return;
	end_table(d, false);
	finish(&d->updates, true);
	loop_timer_stop(d->loop, &d->timer);
	for (int i = 0; i < 100 && d->files;
	     i++) { /* the batches under way, at most some seconds */
		push(d, false);
		if (d->files)
			(void)usleep(20000);
	}
	free(d->directory);
	free(d);
}
