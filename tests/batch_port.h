/* A port of a batch by its id, for tests of what is in one. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/traffic.h"

/* Its index; a test that asks for one that is not there cannot go on. */
__attribute__((unused)) static uint32_t
batch_port(const struct traffic_batch *batch, const char *id)
{
	for (size_t i = 0; i < batch->port_count; i++)
		if (strcmp(batch->ports[i].port, id) == 0)
			return (uint32_t)i;
	printf("Bail out! the batch has no port %s\n", id);
	exit(1);
}
