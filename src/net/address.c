/* Addresses as the socket calls want them. */
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

socklen_t
net_address(struct sockaddr_storage *out, struct ip ip, uint16_t port)
{
	*out = (struct sockaddr_storage){0};
	if (ip.family == IP_V4) {
		struct sockaddr_in *v4 = (struct sockaddr_in *)out;
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		memcpy(&v4->sin_addr, ip.octets, 4);
		return sizeof(*v4);
	}
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	memcpy(&v6->sin6_addr, ip.octets, 16);
	return sizeof(*v6);
}

struct ip
net_ip_of(const struct sockaddr_storage *from)
{
	struct ip ip = {.family = IP_NONE};
	if (from->ss_family == AF_INET) {
		ip.family = IP_V4;
		memcpy(ip.octets, &((const struct sockaddr_in *)from)->sin_addr, 4);
	} else if (from->ss_family == AF_INET6) {
		ip.family = IP_V6;
		memcpy(ip.octets, &((const struct sockaddr_in6 *)from)->sin6_addr, 16);
	}
	return ip;
}
