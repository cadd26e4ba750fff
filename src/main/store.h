/* `sarai store export|import|verify`: a store without its hub, or beside it. */
#pragma once

/* argv[0] is "store". The exit status; CLI_USAGE when the words make no sense. */
int store_main(int argc, char **argv);
