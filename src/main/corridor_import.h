/* `sarai corridor import`: the corridor's data from GeoJSON, graphs or CSV, as files that a hub file names. */
#pragma once

/* argv[0] is "corridor", argv[1] "import". The exit status; CLI_USAGE when the words make no sense. */
int corridor_import_main(int argc, char **argv);
