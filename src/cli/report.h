/* What `corridor report` is asked: pure. */
#pragma once

#include <stddef.h>

#include "base/clock.h"
#include "study/study_make.h"

enum { REPORT_ENDS = 2 * STUDY_PAIRS_MAX * 104 };

struct report_request {
	struct study_wish wish; /* points into the words, and into `ends` */
	const char *hub, *out;  /* --hub, --out; NULL: not said */
	const char *years, *on;
	char ends[REPORT_ENDS]; /* names of --from and --to, each ended by a zero */
	size_t ends_length;
	char complaint[200];
};

/* Reads the words after `corridor report`; the study is of `now`, or of the day that --on says. 0, or -1 and
 * r->complaint. */
int report_request_parse(struct report_request *r, const char *const *words, size_t count,
			 struct utc_s now);
