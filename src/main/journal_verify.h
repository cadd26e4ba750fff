/* `sarai ledger verify FILE|FOLDER [--head HASH]`: a journal without its hub, or beside it. */
#pragma once

#include <stdbool.h>

/* argv[0] is "ledger". The exit status; CLI_USAGE when the words make no sense. */
int journal_verify_main(int argc, char **argv, bool json);
