/* What would become of routes if something of the corridor were cut: the corridor is asked for the plan that would follow. */
#pragma once

#include "main/role.h"

/* explain PREFIX ... if cut|drain|restore NAMES: answers it, later. False: that is not what is asked. */
bool role_exchange_suppose(const struct role_context *role, const struct control_request *request,
			   struct control_answer *answer);
