/* The picture of examples/silkroad.yaml, for the tests. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include "hub/hub_file_io.h"

/* Ends the program when the file is not sound: a test without its picture cannot go on. */
__attribute__((unused)) static struct hub *
silkroad(void)
{
	struct hub_report report;
	struct hub *hub = hub_file_read("examples/silkroad.yaml", hub_file_disk(), &report);
	if (!hub) {
		printf("Bail out! examples/silkroad.yaml: %s\n",
		       report.count ? report.errors[0].text : "unknown");
		exit(1);
	}
	hub_report_fini(&report);
	return hub;
}
