/* Another program run beside the loop: its output is collected, bounded in size and time. It dies
 * with this process. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "net/loop.h"

struct registry_child;

enum registry_child_end {
	CHILD_EXITED,   /* status: its own */
	CHILD_KILLED,   /* status: the signal */
	CHILD_TOO_SLOW, /* it was killed at its time limit */
	CHILD_TOO_MUCH, /* and at the limit of its output */
};

/* Texts are the child's and valid during the call back. */
struct registry_child_result {
	enum registry_child_end end;
	int status;
	const char *output, *errors; /* standard output and error output */
	size_t output_length, error_length;
};

struct registry_child_order {
	const char *const *arguments; /* the program first, NULL last; no shell is involved */
	uint32_t timeout_s;
	size_t output_max; /* octets; of the error output the first 16 KiB are kept */
	/* Called once from the loop, when the child has ended; the child is freed after it. */
	void (*done)(void *context, const struct registry_child_result *result);
	void *context;
};

/* Starts it. NULL and errno on failure; a program that is not there ends with status 127. */
struct registry_child *registry_child_start(struct loop *loop,
					    const struct registry_child_order *order);
/* Kills and frees it; `done` is not called. */
void registry_child_kill(struct registry_child *child);
