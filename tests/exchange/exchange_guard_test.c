/* What protects connections, on sockets of this machine: who comes from too far away is refused, and so
 * is who has no key where one is wanted. */
#include "exchange/exchange_guard_io.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/address.h"
#include "tap.h"

struct pair {
	int listener, theirs, ours;
	struct ip address;
};

static void
set_hops(int fd, const struct pair *p, int hops)
{
	if (p->address.family == IP_V4)
		setsockopt(fd, IPPROTO_IP, IP_TTL, &hops, sizeof(hops));
	else
		setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &hops, sizeof(hops));
}

/* A connection to a guarded listening socket, from so many hops away. False without that family. */
static bool
connect_pair(struct pair *p, const char *address, int distance)
{
	struct sockaddr_storage at;
	(void)ip_parse(&p->address, address);
	int domain = p->address.family == IP_V4 ? AF_INET : AF_INET6;
	p->listener = socket(domain, SOCK_STREAM, 0);
	p->theirs = socket(domain, SOCK_STREAM, 0);
	p->ours = -1;
	socklen_t length = net_address(&at, p->address, 0);
	exchange_guard_listener(p->listener, (enum ip_family)p->address.family);
	if (bind(p->listener, (struct sockaddr *)&at, length) < 0 || listen(p->listener, 4) < 0 ||
	    getsockname(p->listener, (struct sockaddr *)&at, &length) < 0)
		return false;
	set_hops(p->theirs, p, 256 - distance);
	if (connect(p->theirs, (struct sockaddr *)&at, length) == 0)
		p->ours = accept(p->listener, NULL, NULL);
	return p->ours >= 0;
}

static void
close_pair(struct pair *p)
{
	close(p->listener);
	close(p->theirs);
	if (p->ours >= 0)
		close(p->ours);
}

/* What they say arrives within a moment. */
static bool
hears(const struct pair *p)
{
	struct pollfd waits = {.fd = p->ours, .events = POLLIN};
	char octet = 'x';
	return send(p->theirs, &octet, 1, 0) == 1 && poll(&waits, 1, 200) == 1 &&
	       recv(p->ours, &octet, 1, 0) == 1;
}

static void
distance(const struct exchange_guard *guard, const char *address)
{
	struct pair p;
	if (!connect_pair(&p, address, 1)) {
		ok(true, "%s # SKIP not on this machine", address);
		close_pair(&p);
		return;
	}
	struct exchange_target target = {.address = p.address, .ttl_security = 1};
	is_str(exchange_guard_accepted(guard, p.ours, &target), NULL,
	       "5082 3: a neighbour is one hop away");
	ok(hears(&p), "and is heard");
	set_hops(p.theirs, &p, 254);
	ok(!hears(&p), "but not if it moves away");
	close_pair(&p);

	(void)connect_pair(&p, address, 2);
	is_str(exchange_guard_accepted(guard, p.ours, &target), "it comes from too far away",
	       "5082 3: who is two hops away is refused, before it is heard");
	target.ttl_security = 2;
	is_str(exchange_guard_accepted(guard, p.ours, &target), NULL,
	       "unless two hops are allowed");
	close_pair(&p);

	(void)connect_pair(&p, address, 200);
	target.ttl_security = 0;
	is_str(exchange_guard_accepted(guard, p.ours, &target), NULL,
	       "without a bound the distance does not matter");
	ok(hears(&p), "and it is heard");
	close_pair(&p);

	target.ttl_security = 1;
	int fd = socket(p.address.family == IP_V4 ? AF_INET : AF_INET6, SOCK_STREAM, 0), ttl = 0;
	socklen_t length = sizeof(ttl);
	is_str(exchange_guard_connecting(guard, fd, &target), NULL, "we may connect");
	if (p.address.family == IP_V4)
		getsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, &length);
	else
		getsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl, &length);
	is_int(ttl, 255, "5082 3: what we send can be seen to come from next door");
	close(fd);
}

/* Whether this kernel can do it or not: a connection without a key is not taken for one with. */
static void
keys(const struct exchange_guard *guard)
{
	struct pair p;
	ok(connect_pair(&p, "127.0.0.1", 1), "a connection without a key");
	const struct exchange_target target = {
		.address = p.address, .tcp_ao = "a long secret", .tcp_ao_id = 7};
	ok(exchange_guard_accepted(guard, p.ours, &target) != NULL,
	   "5925: is refused where one is wanted");
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	const char *why = exchange_guard_connecting(guard, fd, &target);
	const char *lacks = "this kernel has no TCP-AO (Linux 6.7 or later)";
	ok(!why || strcmp(why, lacks) == 0, "we connect with the key, or not at all: %s",
	   why ? why : "this kernel has TCP-AO");
	close(fd);
	close_pair(&p);

	const struct exchange_target password = {.address = p.address, .md5 = "secret"};
	ok(connect_pair(&p, "127.0.0.1", 1), "a connection without a password");
	why = exchange_guard_accepted(guard, p.ours, &password);
	ok(why || !hears(&p), "2385: is refused, or nothing is taken without it");
	close_pair(&p);
}

int
main(void)
{
	struct exchange_guard *guard = exchange_guard_open();
	ok(guard != NULL, "the guard is there");
	distance(guard, "127.0.0.1");
	distance(guard, "::1");
	keys(guard);
	exchange_guard_close(guard);
	return done_testing();
}
