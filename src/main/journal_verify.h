/* `sarai ledger verify FILE|FOLDER [--head HASH]`: a journal without its hub, or beside it. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

/* argv[0] is "ledger". The exit status; CLI_USAGE when the words make no sense. */
int journal_verify_main(int argc, char **argv, bool json);
/* Appends the faults of the journal of ways to those of the journal of money. */
void journal_verify_ways(struct buf *faults, const struct buf *of_ways);
