/* `sarai mrt [-m] [FILTERS] FILE...`: what MRT files hold. */
#pragma once

#include <stdbool.h>

/* argv[0] is "mrt". The exit status: CLI_OK when every file was read to its end and nothing in it was malformed,
 * else CLI_REFUSED; CLI_USAGE when the words make no sense. */
int mrt_main(int argc, char **argv, bool json);
