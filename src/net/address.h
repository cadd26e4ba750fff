/* Addresses as the socket calls want them. */
#pragma once

#include <stdint.h>
#include <sys/socket.h>

#include "base/ip.h"

/* Fills *out with the address and port (host order) and returns its length for bind, connect and the like. IP_NONE
 * gives the any-address of IPv6. */
socklen_t net_address(struct sockaddr_storage *out, struct ip ip, uint16_t port);
/* The other way; IP_NONE for a family that is no Internet family. */
struct ip net_ip_of(const struct sockaddr_storage *from);
