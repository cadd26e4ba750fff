/* The book of alarms: those that are on, and the last ones that are over. An alarm is about one subject
 * and one kind of trouble; it begins once, may get worse or better, and ends. Each of these changes is
 * one line in the log, without any IP address. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/ip.h"

enum watch_kind {
	WATCH_PORT_FULL,       /* subject: port */
	WATCH_MEMBER_SILENT,   /* port */
	WATCH_EXPORTER_SILENT, /* exporter */
	WATCH_LOSS,            /* exporter, or "meter" for what our own sockets dropped */
	WATCH_UNKNOWN_MAC,     /* MAC and exporter */
	WATCH_RATIO,           /* port */
	WATCH_SOURCES,         /* port */
	WATCH_INTERFACE,       /* port */
	WATCH_RISE,            /* member; `target` says which address or network */
	WATCH_KINDS,
};
enum watch_severity { WATCH_WARNING, WATCH_ALARM };
/* What `value` and `threshold` count. */
enum watch_unit { WATCH_PERCENT_100, WATCH_BPS, WATCH_SECONDS, WATCH_PPM, WATCH_PORTS };

enum {
	WATCH_SUBJECT = 96,
	WATCH_TEXT = 384,
	WATCH_ALARMS_MAX = 512, /* on at the same time; what is beyond is counted */
	WATCH_RISES_MAX =
		384, /* of which WATCH_RISE: an attack leaves room for what else is wrong */
	WATCH_OVER_MAX = 128, /* remembered after their end */
};

struct watch_alarm {
	uint32_t id; /* from 1, never given again */
	enum watch_kind kind;
	enum watch_severity severity;
	char subject[WATCH_SUBJECT];
	struct prefix target;      /* WATCH_RISE; else IP_NONE. Never in a text or in the log */
	struct asn member;         /* 0: nobody's */
	struct utc_s since, until; /* until 0: it is on */
	enum watch_unit unit;
	uint64_t value, threshold;
	bool by_counters;          /* WATCH_PORT_FULL, WATCH_MEMBER_SILENT; else by flows */
	uint32_t proposal;         /* number of the blackhole that was proposed, 0: none */
	uint32_t calm;             /* of who raised it: how often it looked over since */
	struct utc_s acknowledged; /* an operator knows of it; 0: nobody said so, or it got worse */
	char text[WATCH_TEXT];     /* what it is, and what to do */
};

struct watch_alarms {
	struct watch_alarm *on, *over; /* `over` is a ring */
	size_t on_count;
	uint64_t over_count; /* all that ever ended */
	uint32_t last_id;
	uint64_t unlisted; /* that there was no room for */
};

/* 0, or -1 without memory. */
int watch_alarms_init(struct watch_alarms *book);
void watch_alarms_fini(struct watch_alarms *book);
/* The one that is on, or NULL. Of WATCH_RISE `target` counts, of others the subject. */
struct watch_alarm *watch_alarms_find(const struct watch_alarms *book,
				      const struct watch_alarm *like);
/* Begins it, or brings what it says up to date; id, since and proposal are kept, and that it was
 * acknowledged unless it gets worse; `since` is taken from `as` when it is new. Returns it, or NULL when
 * there is no room. */
struct watch_alarm *watch_alarms_raise(struct watch_alarms *book, const struct watch_alarm *as);
/* Whether there is room for one more of this kind. */
bool watch_alarms_room(const struct watch_alarms *book, enum watch_kind kind);
/* Puts one back that another run told of: on, or over when it has an end. Nothing is logged. */
void watch_alarms_recall(struct watch_alarms *book, const struct watch_alarm *alarm);
/* An operator knows of it. 0, or -1 when none that is on has this number. */
int watch_alarms_acknowledge(struct watch_alarms *book, uint32_t id, struct utc_s now);
/* It is over. Pointers to others may change what they point to. */
void watch_alarms_end(struct watch_alarms *book, struct watch_alarm *alarm, struct utc_s now);
/* The newest that are over: index 0 is the last one; NULL beyond the end. */
const struct watch_alarm *watch_alarms_over(const struct watch_alarms *book, size_t index);
size_t watch_alarms_size(const struct watch_alarms *book);

/* "port-full", "warning". Static text. */
const char *watch_kind_name(enum watch_kind kind);
const char *watch_severity_name(enum watch_severity severity);
enum { WATCH_RATE_TEXT = 24 };
/* "9.3 Gbit/s"; returns `out`. */
const char *watch_rate_text(char out[WATCH_RATE_TEXT], uint64_t bps);
