/* Reading hub files from disk. */
#pragma once

#include "hub/hub_file.h"

/* A source that reads the file system; refuses anything that is not a regular file, or is larger
 * than 64 MiB. */
struct hub_source hub_file_disk(void);
