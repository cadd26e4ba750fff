/* What the parts of durability.c share: a subject's processes work and say what they have acknowledged;
 * whoever killed them looks at what is there. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "ledger/made_up.h"

enum { DURABILITY_T0 = 1767225600 /* the beginning of all made-up time */ };

/* What the processes of a round share. */
struct shared {
	volatile int64_t acknowledged; /* numbers 0 .. acknowledged - 1 are promised */
	volatile int64_t open_us;      /* the most processor time that an opening took */
	volatile int64_t open_wall_us; /* the longest, by the clock on the wall */
	volatile int full;             /* what was refused for want of room */
	char why[400];                 /* what the check found */
};

/* Each works in the current directory until it is killed; each check opens what is there, ends what was
 * begun and looks at all of it: false, with `why`. */
void put_into_store(struct shared *shared, int worker, struct made_up *chance);
void hand_on_and_drain(struct shared *shared, int worker, struct made_up *chance);
bool check_store(struct shared *shared);
void write_journal(struct shared *shared, int worker, struct made_up *chance);
bool check_journal(struct shared *shared);
void keep_flows(struct shared *shared, int worker, struct made_up *chance);
bool check_flows(struct shared *shared);

/* What an opening takes: begin before it, end after it. Whether it is short is told by processor time, for
 * others may be busy beside it, and there is no disk to wait for. */
struct opening {
	int64_t cpu_us, wall_us;
};
struct opening opening_begin(void);
void opening_end(struct shared *shared, struct opening begun);
/* Says what was found; false. */
__attribute__((format(printf, 2, 3))) bool found(struct shared *shared, const char *format, ...);
