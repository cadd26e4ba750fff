/* Sends datagrams of members' samples, without waiting. Decides nothing. */
#pragma once

#include "meter/forward.h"

struct forward_sockets {
	int ipv4, ipv6; /* -1: not open */
};

/* Closed sockets; they open when the first datagram of their family is sent. */
void forward_sockets_init(struct forward_sockets *s);
void forward_sockets_fini(struct forward_sockets *s);
/* Sends all that waits. What the system does not take at once is lost, and counted. */
void forward_send(struct forward_sockets *s, struct forward *f);
