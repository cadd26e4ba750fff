/* The registry's work: children, fetches and files around the plan, which decides. */
#include "registry/registry_service_io.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "registry/registry_bgpq4.h"
#include "registry/registry_child_io.h"
#include "registry/registry_fetch_io.h"
#include "registry/registry_keep_io.h"
#include "registry/registry_store_io.h"

enum {
	KEEP_S = 30 * 86400,
	WRITE_SOON_MS = 2000,    /* after a change: several come together */
	WRITE_LATE_MS = 300000,  /* when only times have changed */
	REPORT_EVERY_S = 60,     /* of failures */
	PEERINGDB_MAX = 1 << 26, /* of a document */
	PEERINGDB_TIMEOUT_S = 120,
	ORIGINS_MAX = 1 << 24,         /* octets of bgpq4's answer */
	PREFIXES_UNLIMITED = 10000000, /* where the picture has no limit */
};

/* A set that is being asked about: first its prefixes, then its origins. */
struct question {
	struct registry_service *service;
	struct question *next;
	struct registry_item *item;
	struct registry_child *child;
	struct prefix *prefixes; /* once known */
	size_t prefix_count;
	char name[REGISTRY_NAME]; /* of the item, which may be gone */
	enum ip_family family;
};

struct registry_service {
	struct loop *loop;
	const struct hub *hub;
	char folder[REGISTRY_PATH];
	struct registry_plan plan;
	struct question *questions;
	struct registry_fetcher *fetcher;
	struct registry_dumps *dumps;
	struct registry_peeringdb peeringdb;
	struct registry_networks incoming; /* of the answers so far */
	size_t url;                        /* which is being asked */
	struct loop_timer work, write;
	struct mono_us write_due; /* INT64_MAX: nothing to write */
	unsigned failures;        /* not reported yet */
	char failure[REGISTRY_NAME + REGISTRY_WHY];
	struct mono_us reported;
};

static void advance(struct registry_service *s);

struct registry_moment
registry_service_now(const struct registry_service *s)
{
	return (struct registry_moment){loop_now(s->loop), clock_utc()};
}

/* --- the snapshot --- */

static void
write_within(struct registry_service *s, int64_t delay_ms)
{
	struct mono_us due = mono_add_ms(loop_now(s->loop), delay_ms);
	if (due.us >= s->write_due.us)
		return;
	s->write_due = due;
	loop_timer_set(s->loop, &s->write, due);
}

static void
write_now(struct loop_timer *timer, struct mono_us now)
{
	struct registry_service *s =
		(struct registry_service *)((char *)timer -
					    offsetof(struct registry_service, write));
	(void)now;
	s->write_due = (struct mono_us){INT64_MAX};
	if (registry_keep_snapshot(s->folder, &s->plan, &s->peeringdb, s->dumps, clock_utc()) == 0)
		return;
	log_warn("%s/%s: cannot be written: %s", s->folder, REGISTRY_SNAPSHOT, strerror(errno));
	write_within(s, WRITE_LATE_MS);
}

/* --- what was kept --- */

static void
look_up_all(struct registry_service *s)
{
	for (size_t i = 0; i < s->plan.count; i++)
		registry_keep_read(s->folder, &s->plan, s->plan.items[i], registry_service_now(s));
}

/* --- questions about sets --- */

/* A dead host fails all sets: one line tells of them. */
static void
report_failure(struct registry_service *s, const char *what, const char *why)
{
	s->failures++;
	(void)snprintf(s->failure, sizeof(s->failure), "%s: %s", what, why);
	log_debug("%s", s->failure);
	struct mono_us now = loop_now(s->loop);
	if (s->reported.us && now.us - s->reported.us < (int64_t)REPORT_EVERY_S * 1000000)
		return;
	log_warn("%u question%s without a good answer, what was known stays in force; the last: %s",
		 s->failures, s->failures == 1 ? "" : "s", s->failure);
	s->failures = 0;
	s->reported = now;
}

static void
dump_failed(void *context, const char *what, const char *why)
{
	report_failure(context, what, why);
}

static void
dumps_changed(void *context)
{
	write_within(context, WRITE_SOON_MS);
}

static void
question_free(struct question *q)
{
	struct question **link = &q->service->questions;
	while (*link != q)
		link = &(*link)->next;
	*link = q->next;
	free(q->prefixes);
	free(q);
}

static void
question_failed(struct question *q, const char *why)
{
	struct registry_service *s = q->service;
	registry_plan_failed(&s->plan, q->item, why, registry_service_now(s));
	report_failure(s, q->item->name, why);
	write_within(s, WRITE_SOON_MS); /* its state there is stale now */
	question_free(q);
	advance(s);
}

/* Why the child's output is not to be believed; false when it is. */
static bool
spoilt(const struct registry_child_result *result, uint32_t timeout_s, char why[REGISTRY_WHY])
{
	char said[REGISTRY_WHY];
	switch (result->end) {
	case CHILD_TOO_SLOW:
		(void)snprintf(why, REGISTRY_WHY, "no answer within %u s", timeout_s);
		return true;
	case CHILD_TOO_MUCH:
		(void)snprintf(why, REGISTRY_WHY, "the answer is too long");
		return true;
	case CHILD_KILLED:
		(void)snprintf(why, REGISTRY_WHY, "bgpq4 was killed by signal %d", result->status);
		return true;
	case CHILD_EXITED:
		break;
	}
	if (bgpq4_complaint(why, REGISTRY_WHY, result->errors, result->error_length))
		return true;
	if (result->status == 0)
		return false;
	bgpq4_remark(said, sizeof(said), result->errors, result->error_length);
	if (result->status == 127)
		(void)snprintf(why, REGISTRY_WHY, "bgpq4 cannot be run: is it installed?");
	else if (*said)
		(void)snprintf(why, REGISTRY_WHY, "%s", said);
	else
		(void)snprintf(why, REGISTRY_WHY, "bgpq4 ended with status %d", result->status);
	return true;
}

/* Both answers are there. */
static void
question_answered(struct question *q, const struct asn *origins, size_t origin_count)
{
	struct registry_service *s = q->service;
	struct registry_item *item = q->item;
	struct registry_moment now = registry_service_now(s);
	struct registry_answer answer = {
		item->name,  item->family,    now.utc, now.utc,     registry_store_random(),
		q->prefixes, q->prefix_count, origins, origin_count};
	struct buf octets = {0};
	struct registry_set *set = registry_set_write(&octets, &answer) == 0
					   ? registry_set_open(octets.data, octets.length)
					   : NULL;
	if (!set) {
		buf_fini(&octets);
		question_failed(q, "no memory for the answer");
		return;
	}
	struct registry_size size = {(uint32_t)registry_set_prefixes(set),
				     (uint32_t)registry_set_origins(set), registry_set_hash(set)};
	registry_set_close(set);
	bool was_held = item->held.there, was_stale = item->failures > 0;
	enum registry_verdict verdict = registry_plan_answered(&s->plan, item, size, &octets, now);
	if (verdict != REGISTRY_HOLD)
		registry_keep_answer(s->folder, item, false);
	if (was_held || verdict == REGISTRY_HOLD)
		registry_keep_answer(s->folder, item, true);
	if (verdict == REGISTRY_HOLD)
		log_warn("%s IPv%d: %s; held, to be taken with `registry accept %s`", item->name,
			 (int)item->family, item->held_why, item->name);
	else if (verdict == REGISTRY_TAKE && !size.origins)
		log_warn("%s IPv%d: nothing is registered under this name", item->name,
			 (int)item->family);
	else
		log_debug("%s IPv%d: %u prefixes, %u origins", item->name, (int)item->family,
			  size.prefixes, size.origins);
	bool only_time = verdict == REGISTRY_SAME && !was_held && !was_stale;
	write_within(s, only_time ? WRITE_LATE_MS : WRITE_SOON_MS);
	question_free(q);
	advance(s);
}

static void
origins_done(void *context, const struct registry_child_result *result)
{
	struct question *q = context;
	char why[REGISTRY_WHY];
	struct asn *origins = NULL;
	size_t count = 0;
	q->child = NULL;
	if (spoilt(result, q->service->hub->irr.timeout_s, why)) {
		question_failed(q, why);
		return;
	}
	if (bgpq4_read_origins(&origins, &count, result->output, result->output_length) < 0)
		question_failed(q, "bgpq4's list of origins makes no sense");
	else
		question_answered(q, origins, count);
	free(origins);
}

static void prefixes_done(void *context, const struct registry_child_result *result);

/* The most that a sensible answer takes: twice the limit, in lines as long as they can be. */
static size_t
prefixes_octets_max(const struct hub_irr *irr, enum ip_family family)
{
	size_t prefixes = irr->prefixes_max ? irr->prefixes_max : PREFIXES_UNLIMITED;
	return (prefixes < 10000 ? 20000 : 2 * prefixes) * (family == IP_V4 ? 19 : 44);
}

static int
ask(struct question *q, enum bgpq4_question question)
{
	const struct hub_irr *irr = &q->service->hub->irr;
	struct bgpq4_command command;
	bgpq4_command(&command, irr, q->name, q->family, question);
	bool prefixes = question == BGPQ4_PREFIXES;
	struct registry_child_order order = {
		.arguments = command.arguments,
		.timeout_s = irr->timeout_s ? irr->timeout_s : 1,
		.output_max = prefixes ? prefixes_octets_max(irr, q->family) : ORIGINS_MAX,
		.done = prefixes ? prefixes_done : origins_done,
		.context = q,
	};
	q->child = registry_child_start(q->service->loop, &order);
	return q->child ? 0 : -1;
}

static void
prefixes_done(void *context, const struct registry_child_result *result)
{
	struct question *q = context;
	char why[REGISTRY_WHY];
	q->child = NULL;
	if (spoilt(result, q->service->hub->irr.timeout_s, why))
		question_failed(q, why);
	else if (bgpq4_read_prefixes(&q->prefixes, &q->prefix_count, q->family, result->output,
				     result->output_length) < 0)
		question_failed(q, "bgpq4's list of prefixes makes no sense");
	else if (ask(q, BGPQ4_ORIGINS) < 0)
		question_failed(q, strerror(errno));
}

/* False when nothing could be started. */
static bool
begin(struct registry_service *s, struct registry_item *item)
{
	struct question *q = calloc(1, sizeof(*q));
	if (!q) {
		registry_plan_failed(&s->plan, item, "no memory", registry_service_now(s));
		return false;
	}
	*q = (struct question){
		.service = s, .next = s->questions, .item = item, .family = item->family};
	memcpy(q->name, item->name, sizeof(q->name));
	s->questions = q;
	if (ask(q, BGPQ4_PREFIXES) == 0)
		return true;
	registry_plan_failed(&s->plan, item, strerror(errno), registry_service_now(s));
	report_failure(s, item->name, item->error);
	question_free(q);
	return false;
}

/* --- PeeringDB --- */

static void
peeringdb_failed(struct registry_service *s, const char *why)
{
	registry_networks_fini(&s->incoming);
	registry_peeringdb_failed(&s->peeringdb, why, s->hub->peeringdb.refresh_s,
				  registry_service_now(s));
	report_failure(s, "PeeringDB", s->peeringdb.error);
	advance(s);
}

/* All answers are there. */
static void
peeringdb_complete(struct registry_service *s)
{
	registry_networks_sort(&s->incoming);
	if (!registry_peeringdb_answered(&s->peeringdb, &s->incoming, s->hub->peeringdb.refresh_s,
					 registry_service_now(s))) {
		report_failure(s, "PeeringDB", s->peeringdb.error);
	} else {
		log_info("PeeringDB: %zu networks", s->peeringdb.known.count);
		registry_keep_networks(s->folder, &s->peeringdb);
		write_within(s, WRITE_SOON_MS);
	}
	advance(s);
}

static void fetched(void *context, const char *error, const char *body, size_t length);

/* Asks the next address, or finds that that was all. */
static void
fetch_next(struct registry_service *s)
{
	struct buf url = {0};
	bool more = registry_peeringdb_url(&url, s->hub, s->url++);
	struct registry_fetch_order order = {
		.url = (const char *)url.data,
		.key = s->hub->peeringdb.key,
		.timeout_s = PEERINGDB_TIMEOUT_S,
		.body_max = PEERINGDB_MAX,
		.done = fetched,
		.context = s,
	};
	if (more && (url.failed || registry_fetch(s->fetcher, &order) < 0))
		peeringdb_failed(s, "the question could not be asked");
	else if (!more)
		peeringdb_complete(s);
	buf_fini(&url);
}

static void
fetched(void *context, const char *error, const char *body, size_t length)
{
	struct registry_service *s = context;
	if (error)
		peeringdb_failed(s, error);
	else if (registry_networks_read(&s->incoming, body, length) < 0)
		peeringdb_failed(s, "the answer is not that of the API");
	else
		fetch_next(s);
}

static void
read_peeringdb_file(struct registry_service *s)
{
	struct stat st;
	struct buf body = {0};
	const char *source = s->hub->peeringdb.source;
	char path[REGISTRY_PATH], why[REGISTRY_WHY];
	bool folder = stat(source, &st) == 0 && S_ISDIR(st.st_mode);
	if ((folder && !registry_store_path(path, source, "net.json", "")) ||
	    registry_store_read(&body, folder ? path : source, PEERINGDB_MAX) < 0) {
		(void)snprintf(why, sizeof(why), "%.100s: %s", source, strerror(errno));
		peeringdb_failed(s, why);
	} else if (registry_networks_read(&s->incoming, (const char *)body.data, body.length) < 0) {
		peeringdb_failed(s, "the file is not an answer of the API");
	} else {
		peeringdb_complete(s);
	}
	buf_fini(&body);
}

static void
ask_peeringdb(struct registry_service *s)
{
	s->peeringdb.asking = true;
	s->url = 0;
	registry_networks_fini(&s->incoming);
	if (registry_peeringdb_is_url(s->hub->peeringdb.source))
		fetch_next(s);
	else
		read_peeringdb_file(s);
}

/* --- the work --- */

/* Begins what is due, and comes back when the next is. A set that cannot even be asked about ends
 * the round: the machine lacks something. */
static void
advance(struct registry_service *s)
{
	struct mono_us now = loop_now(s->loop);
	struct registry_item *item;
	while ((item = registry_plan_next(&s->plan, now)) != NULL)
		if (!begin(s, item))
			break;
	struct mono_us due = registry_plan_due(&s->plan);
	if (s->hub->peeringdb.source && !s->peeringdb.asking && s->peeringdb.due.us < due.us)
		due = s->peeringdb.due;
	if (due.us == INT64_MAX)
		loop_timer_stop(s->loop, &s->work);
	else
		loop_timer_set(s->loop, &s->work, due);
}

static void
work_due(struct loop_timer *timer, struct mono_us now)
{
	struct registry_service *s =
		(struct registry_service *)((char *)timer -
					    offsetof(struct registry_service, work));
	if (s->hub->peeringdb.source && !s->peeringdb.asking && s->peeringdb.due.us <= now.us)
		ask_peeringdb(s);
	advance(s);
}

int
registry_service_check(const struct hub *next, char reason[REGISTRY_REASON])
{
	const char *why;
	if (!next->irr.enabled || bgpq4_possible(&next->irr, &why))
		return 0;
	(void)snprintf(reason, REGISTRY_REASON, "%s", why);
	return -1;
}

/* Sets that the picture does not have any more are not asked about any more. */
static void
drop_questions(struct registry_service *s)
{
	struct question *next;
	for (struct question *q = s->questions; q; q = next) {
		next = q->next;
		if (registry_plan_find(&s->plan, q->name, q->family))
			continue;
		registry_child_kill(q->child);
		question_free(q);
	}
}

static bool
same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool
same_registry(const struct hub_irr *a, const struct hub_irr *b)
{
	return a->port == b->port && same_text(a->host, b->host) &&
	       same_text(a->sources, b->sources);
}

int
registry_service_apply(struct registry_service *s, const struct hub *hub)
{
	struct registry_moment now = registry_service_now(s);
	if (registry_plan_use(&s->plan, hub, now) < 0)
		return -1;
	drop_questions(s);
	look_up_all(s);
	if (!same_registry(&s->hub->irr, &hub->irr))
		for (size_t i = 0; i < s->plan.count; i++)
			registry_plan_refresh(s->plan.items[i], now.mono);
	if (s->peeringdb.asking) {
		registry_fetch_stop(s->fetcher);
		registry_networks_fini(&s->incoming);
		s->peeringdb.asking = false;
	}
	if (!hub->peeringdb.source) {
		registry_networks_fini(&s->peeringdb.known);
		s->peeringdb = (struct registry_peeringdb){0};
	} else {
		s->peeringdb.due = now.mono; /* members may be new in it */
	}
	s->hub = hub;
	registry_dumps_use(s->dumps, hub);
	write_within(s, WRITE_SOON_MS);
	advance(s);
	return 0;
}

struct registry_service *
registry_service_open(struct loop *loop, const struct hub *hub, const char *folder,
		      char reason[REGISTRY_REASON])
{
	if (registry_service_check(hub, reason) < 0)
		return NULL;
	struct registry_service *s = calloc(1, sizeof(*s));
	(void)snprintf(reason, REGISTRY_REASON, "out of memory");
	if (!s)
		return NULL;
	s->loop = loop;
	s->hub = hub;
	s->work.fire = work_due;
	s->write.fire = write_now;
	s->write_due = (struct mono_us){INT64_MAX};
	(void)snprintf(s->folder, sizeof(s->folder), "%s", folder);
	registry_plan_init(&s->plan, registry_store_random());
	s->fetcher = registry_fetcher_new(loop);
	s->dumps = registry_dumps_new(
		loop, s->folder, &(struct registry_dumps_owner){dumps_changed, dump_failed, s});
	if (!s->fetcher || !s->dumps ||
	    registry_plan_use(&s->plan, hub, registry_service_now(s)) < 0) {
		registry_service_close(s);
		return NULL;
	}
	look_up_all(s);
	if (hub->peeringdb.source)
		registry_keep_read_networks(s->folder, &s->peeringdb, hub->peeringdb.refresh_s,
					    loop_now(loop));
	registry_dumps_use(s->dumps, hub);
	registry_store_sweep(s->folder, KEEP_S);
	write_within(s, 0);
	loop_timer_set(loop, &s->work, loop_now(loop));
	return s;
}

void
registry_service_close(struct registry_service *s)
{
	if (!s)
		return;
	if (s->dumps && s->write_due.us != INT64_MAX)
		(void)registry_keep_snapshot(s->folder, &s->plan, &s->peeringdb, s->dumps,
					     clock_utc());
	while (s->questions) {
		registry_child_kill(s->questions->child);
		question_free(s->questions);
	}
	loop_timer_stop(s->loop, &s->work);
	loop_timer_stop(s->loop, &s->write);
	registry_dumps_free(s->dumps);
	registry_fetcher_free(s->fetcher);
	registry_networks_fini(&s->incoming);
	registry_networks_fini(&s->peeringdb.known);
	registry_plan_fini(&s->plan);
	free(s);
}

const struct registry_plan *
registry_service_plan(const struct registry_service *s)
{
	return &s->plan;
}

const struct registry_dumps *
registry_service_dumps(const struct registry_service *s)
{
	return s->dumps;
}

const struct registry_peeringdb *
registry_service_peeringdb(const struct registry_service *s)
{
	return &s->peeringdb;
}

/* --- the operator's word --- */

static bool
is_used_by(const struct registry_item *item, uint32_t member)
{
	for (size_t i = 0; i < item->member_count; i++)
		if (item->members[i] == member)
			return true;
	return false;
}

int
registry_service_refresh(struct registry_service *s, const char *what)
{
	char name[REGISTRY_NAME] = "";
	bool all = strcmp(what, "all") == 0, peeringdb = strcmp(what, "peeringdb") == 0;
	uint32_t member = hub_member_by_name(s->hub, what);
	bool is_name = registry_name(name, what);
	struct mono_us now = loop_now(s->loop);
	int count = 0;
	for (size_t i = 0; i < s->plan.count; i++) {
		struct registry_item *item = s->plan.items[i];
		if (!all && !(is_name && strcmp(name, item->name) == 0) &&
		    !(member != HUB_NONE && is_used_by(item, member)))
			continue;
		registry_plan_refresh(item, now);
		count++;
	}
	if ((all || peeringdb) && s->hub->peeringdb.source)
		s->peeringdb.due = now;
	advance(s);
	if (all || strcmp(what, "whois") == 0)
		count += registry_dumps_refresh(s->dumps);
	bool known = all || member != HUB_NONE || (peeringdb && s->hub->peeringdb.source);
	return count || known ? count : -1;
}

int
registry_service_accept(struct registry_service *s, const char *set)
{
	static const enum ip_family families[] = {IP_V4, IP_V6};
	char name[REGISTRY_NAME];
	int count = -1;
	for (size_t f = 0; f < 2 && registry_name(name, set); f++) {
		struct registry_item *item = registry_plan_find(&s->plan, name, families[f]);
		if (!item)
			continue;
		count += count < 0;
		if (!registry_plan_accept(item))
			continue;
		registry_keep_answer(s->folder, item, false);
		registry_keep_answer(s->folder, item, true);
		log_info("%s IPv%d: the held answer was accepted: %u prefixes, %u origins", name,
			 (int)item->family, item->good.size.prefixes, item->good.size.origins);
		write_within(s, 0);
		count++;
	}
	return count;
}
