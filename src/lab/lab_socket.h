/* Sockets that leave from a member's or an exporter's address. */
#pragma once

#include <sys/socket.h>

#include "hub/hub.h"

/* Where to reach what listens at `at`: "any" becomes this machine. */
struct hub_endpoint lab_socket_target(struct hub_endpoint at);
/* A non-blocking socket of this type, bound to `from`. -1 and errno. */
int lab_socket_open(int type, struct ip from);
