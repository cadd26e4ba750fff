/* Sockets that leave from a member's or an exporter's address. */
#include "lab/lab_socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

struct hub_endpoint
lab_socket_target(struct hub_endpoint at)
{
	static const uint8_t loopback[16] = {[15] = 1}, any[16] = {0};
	if (at.ip.family == IP_V4 && ip_v4_number(at.ip) == INADDR_ANY)
		at.ip = ip_v4(INADDR_LOOPBACK);
	else if (at.ip.family == IP_V6 && memcmp(at.ip.octets, any, sizeof(any)) == 0)
		at.ip = ip_v6(loopback);
	return at;
}

socklen_t
lab_socket_address(struct sockaddr_storage *out, struct ip ip, uint16_t port)
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

int
lab_socket_open(int type, struct ip from)
{
	int fd = socket(from.family == IP_V4 ? AF_INET : AF_INET6,
			type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	struct sockaddr_storage own;
	socklen_t length = lab_socket_address(&own, from, 0);
	if (bind(fd, (struct sockaddr *)&own, length) == 0)
		return fd;
	int reason = errno;
	close(fd);
	errno = reason;
	return -1;
}
