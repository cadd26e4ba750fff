/* `show flows MEMBER [from T] [to T] [peer ASN] [limit N]`: the records that are kept of a member, in
 * pieces, a block of a file at a time. */
#pragma once

#include "main/role.h"

void role_meter_flows(const struct role_context *context, const struct control_request *request,
		      struct control_answer *answer);
