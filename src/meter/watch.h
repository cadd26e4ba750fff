/* The watch: what the meter sees, turned into alarms, and into blackholes that it proposes and an
 * operator confirms. Pure: flows and closed bins in, with the time; alarms and proposals to look at.
 *
 *	watch_take(w, intake, now)     every second or so: what the flows were
 *	watch_bin(w, batch)            a closed bin: full ports, silent members, loss
 *	watch_exporter(w, ...)         every second: silent exporters
 *
 * A sudden rise is looked for by destination address, and by network, in windows of WATCH_WINDOW_S. What
 * an address is used to is a mean that follows a rise slowly and a fall much more slowly, so that
 * neither night nor a cable that was cut and came back makes an ordinary day look like an attack. IP
 * addresses are in memory only, as long as they are among the largest. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "base/ip.h"
#include "hub/hub.h"
#include "hub/traffic.h"
#include "meter/counter.h"
#include "meter/roster.h"
#include "meter/watch_alarm.h"
#include "meter/watch_intake.h"

struct watch;

enum {
	WATCH_WINDOW_S = 10,
	WATCH_GAP_S = 400,    /* a window that took longer says nothing */
	WATCH_LOOKS = 100000, /* flows that are looked at in a second, about */
};

/* A watch from `now` on. Keeps `hub` and `roster` until the next watch_apply; NULL without memory. */
struct watch *watch_new(const struct hub *hub, const struct roster *roster, uint64_t seed,
			struct utc_s now);
void watch_free(struct watch *w);
/* Goes over to another picture: what is on about ports, exporters and members that left it ends. */
void watch_apply(struct watch *w, const struct hub *hub, const struct roster *roster,
		 struct utc_s now);

/* Takes over what was set aside, but for the copies, and empties it. */
void watch_take(struct watch *w, struct watch_intake *intake, struct utc_s now);
/* A bin that was closed. */
void watch_bin(struct watch *w, const struct traffic_batch *batch);
/* How it is with an exporter: when it was heard last (0: not yet). */
void watch_exporter(struct watch *w, const char *id, struct utc_s last_heard, struct utc_s now);
/* A MAC that is nobody's in the bin that watch_bin is about to be told of. */
void watch_unknown_mac(struct watch *w, struct mac mac, const char *exporter, uint64_t octets,
		       const struct traffic_batch *batch);
/* Flow over counter octets of a port in a bin, in parts of a million, and the band it should be in;
 * `out` of it: as whoever knows the port's history judges. */
struct watch_ratio {
	uint64_t ppm, low_ppm, high_ppm;
	bool out;
};
/* Begins, or ends, the alarm of a port by what a bin said. */
void watch_ratio(struct watch *w, const char *port, const struct watch_ratio *ratio,
		 struct utc_s now);

/* Two sources of a port's counters in a bin, and how far they may be apart; `out` of it as above. */
struct watch_sources {
	const struct counter_difference *difference;
	uint64_t limit_ppm;
	bool out;
};
void watch_sources(struct watch *w, const char *port, const struct watch_sources *sources,
		   struct utc_s now);
/* Whether a port's ifIndex, as learned, is another port's as well. */
void watch_interface(struct watch *w, const char *port, uint32_t if_index, bool clash,
		     struct utc_s now);

/* A session that is up, as the exchange says. */
struct watch_session {
	char port[72]; /* id */
	struct utc_s since;
};
/* All of them, as of `at`. Not known again when nothing new was said for WATCH_GAP_S. */
void watch_sessions(struct watch *w, const struct watch_session *sessions, size_t count,
		    struct utc_s at);

/* What is on and what ports are used to, appended for the watch of another run; no IP address. */
void watch_keep(const struct watch *w, struct buf *out);
/* Takes it over, into a watch that is new; the cursor fails when it is not that. `w` NULL: only looks. */
void watch_recall(struct watch *w, struct cursor *c, struct utc_s now);
/* Whether an alarm about the subject is on; none of WATCH_RISE. */
bool watch_is_on(const struct watch *w, enum watch_kind kind, const char *subject);

/* --- proposals --- */

enum watch_proposal_state {
	WATCH_PROPOSED,
	WATCH_DISMISSED,
	WATCH_ASKED,     /* confirmed: the exchange was asked to install it */
	WATCH_INSTALLED, /* until `ends` */
	WATCH_REFUSED,   /* by the exchange; `text` says why */
	WATCH_LAPSED,    /* the rise was over before anybody confirmed it */
};

struct watch_proposal {
	uint32_t number, alarm;
	enum watch_proposal_state state;
	struct prefix target;
	struct asn member;
	struct utc_s since, changed, ends;
	uint64_t bps, pps, usual_bps;
	unsigned sources;
	char text[WATCH_TEXT];
};

enum { WATCH_PROPOSALS_MAX = WATCH_ALARMS_MAX };
/* How many there are, of any state. */
size_t watch_proposal_count(const struct watch *w);
/* The oldest first. */
const struct watch_proposal *watch_proposal(const struct watch *w, size_t index);
/* An operator's word about number N. 0, or -1 when there is no such proposal to be confirmed or
 * dismissed now. A dismissed rise is what the address is used to from now on. */
int watch_confirm(struct watch *w, uint32_t number, struct utc_s now);
int watch_dismiss(struct watch *w, uint32_t number, struct utc_s now);
/* Somebody sees to an alarm: it is told after those that nobody does. 0, or -1 when none that is on has
 * this number. */
int watch_acknowledge(struct watch *w, uint32_t id, struct utc_s now);
/* What became of one that was confirmed. */
void watch_confirmed(struct watch *w, uint32_t number, bool installed, const char *text,
		     struct utc_s ends, struct utc_s now);
const char *watch_proposal_state_name(enum watch_proposal_state state);

/* --- to look at --- */

/* Alarms that are on, and those that were last; valid until the watch is told something. */
const struct watch_alarms *watch_alarms_of(const struct watch *w);
/* A destination of the last window; the largest first. */
struct watch_talker {
	struct prefix target;
	struct asn member;
	uint64_t bps, pps, usual_bps;
	unsigned sources;
};
enum { WATCH_TALKERS = 20 };
/* Copies up to `max`; how many. */
size_t watch_talkers(const struct watch *w, struct watch_talker *out, size_t max);
struct watch_state {
	struct utc_s learns_until; /* sudden rises are looked for from then on */
	uint32_t every;            /* one in so many flows is looked at */
	uint64_t replaced;         /* destinations that were too many */
	size_t memory;
	bool sessions_known;
};
struct watch_state watch_state(const struct watch *w);
