/* PCEP in the corridor's process: `show pcep`, and what the operator wishes of routers' paths. */
#pragma once

#include "net/control.h"
#include "pcep/pcep_io.h"

/* True if the request is one of these, and answered. `now` is the loop's. */
bool role_corridor_pcep(struct pcep_service *service, const struct control_request *request,
			struct control_answer *answer, struct mono_us now);
