/* One BGP session as its member's side has it: connects from the member's address to the hub,
 * announces what the plan says, takes what comes and counts it. */
#pragma once

#include "lab/lab_live.h"

struct lab_speaker;

struct lab_speaker *lab_speaker_new(struct loop *loop, const struct lab_plan *plan,
				    uint32_t session);
void lab_speaker_free(struct lab_speaker *speaker);
bool lab_speaker_established(const struct lab_speaker *speaker);
uint32_t lab_speaker_member(const struct lab_speaker *speaker);
uint64_t lab_speaker_announced(const struct lab_speaker *speaker);
/* Prefixes that the hub has announced to it since the session came up, less those withdrawn. */
uint64_t lab_speaker_received(const struct lab_speaker *speaker);
/* Announces or withdraws one route of the member; nothing if the session is down. */
void lab_speaker_change(struct lab_speaker *speaker, const struct lab_route *route, bool announce);
