/* Sockets for samples that are sent on. */
#include "meter/forward_io.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void
forward_sockets_init(struct forward_sockets *s)
{
	*s = (struct forward_sockets){-1, -1};
}

void
forward_sockets_fini(struct forward_sockets *s)
{
	if (s->ipv4 >= 0)
		close(s->ipv4);
	if (s->ipv6 >= 0)
		close(s->ipv6);
	forward_sockets_init(s);
}

static bool
send_one(struct forward_sockets *s, const struct forward_datagram *d)
{
	struct sockaddr_storage to = {0};
	socklen_t length = sizeof(struct sockaddr_in6);
	bool v4 = d->to.ip.family == IP_V4;
	int *fd = v4 ? &s->ipv4 : &s->ipv6;
	if (*fd < 0)
		*fd = socket(v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (v4) {
		struct sockaddr_in *in = (struct sockaddr_in *)&to;
		in->sin_family = AF_INET;
		in->sin_port = htons(d->to.port);
		memcpy(&in->sin_addr, d->to.ip.octets, 4);
		length = sizeof(*in);
	} else {
		struct sockaddr_in6 *in = (struct sockaddr_in6 *)&to;
		in->sin6_family = AF_INET6;
		in->sin6_port = htons(d->to.port);
		memcpy(&in->sin6_addr, d->to.ip.octets, 16);
	}
	return *fd >= 0 &&
	       sendto(*fd, d->octets.at, cursor_left(&d->octets), MSG_DONTWAIT,
		      (struct sockaddr *)&to, length) == (ssize_t)cursor_left(&d->octets);
}

void
forward_send(struct forward_sockets *s, struct forward *f)
{
	struct forward_datagram d;
	while (forward_next(f, &d))
		forward_sent(f, d.sink, send_one(s, &d));
}
