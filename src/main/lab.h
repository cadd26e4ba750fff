/* `sarai lab FILE [--history 35d] [--only-history]`. */
#pragma once

/* argv[0] is "lab". The exit status; CLI_USAGE when the words make no sense. */
int lab_main(int argc, char **argv);
