/* Sockets that leave from a member's or an exporter's address. */
#include "lab/lab_socket.h"
#include "net/address.h"

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

int
lab_socket_open(int type, struct ip from)
{
	int fd = socket(from.family == IP_V4 ? AF_INET : AF_INET6,
			type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	struct sockaddr_storage own;
	socklen_t length = net_address(&own, from, 0);
	if (bind(fd, (struct sockaddr *)&own, length) == 0)
		return fd;
	int reason = errno;
	close(fd);
	errno = reason;
	return -1;
}
