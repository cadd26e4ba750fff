/* Ways written down as they change, for the ledger: one file in the corridor's folder for each time that they are others,
 * and one a day at least, for what is not repeated is no longer believed. */
#pragma once

#include "main/corridor_steering.h"
#include "main/role.h"

struct corridor_recorder;

/* Looks up to when a plan of an earlier run was good, and says that nothing is known since. NULL without
 * memory. */
struct corridor_recorder *corridor_recorder_new(const struct role_context *context);
void corridor_recorder_free(struct corridor_recorder *recorder);

/* Every second or so, and after an order: writes down what changed since. */
void corridor_recorder_turn(struct corridor_recorder *recorder,
			    const struct corridor_steering *steering);
/* The room ends: from now on nobody knows. */
void corridor_recorder_end(struct corridor_recorder *recorder);
