/* The sockets of BFD (RFC 5881 sections 4 and 5).
 *
 * One socket of each family hears all neighbours at port 3784; each session sends from a port of its
 * own, as the RFC wants it. After a reading the hearing sockets rest for some milliseconds: with a
 * thousand neighbours the process wakes two hundred times a second for them, not ten thousand. What a
 * session is told when its time is up is first what has come meanwhile: a process that was busy must
 * not call its neighbours silent. */
#include "exchange/bfd_io.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/hash.h"
#include "net/address.h"

enum {
	PORT = 3784,
	SOURCE_FIRST = 49152,
	SOURCE_PORTS = 16384,
	TTL = 255,
	CONTROL_TRAFFIC = 0xc0,
	BATCH = 64,
	BATCHES = 64, /* of one reading: all neighbours a few times */
	REST_MS = 5,
	FAREWELL_MS = 3000,
	FAREWELL_MOST_MS = 30000,
	RECEIVE_BUFFER = 1 << 20,
	FAMILIES = 2,
};

struct watched {
	struct bfd bfd;
	struct loop_timer timer;
	struct bfd_service *service;
	struct bfd_neighbour neighbour;
	unsigned number;
	int fd;
	bool leaving;           /* forgotten; the neighbour is still being told */
	struct mono_us gone_at; /* then it is over */
};

struct hearing {
	struct loop_watch watch;
	struct loop_timer rest;
	struct bfd_service *service;
	bool open;
};

struct bfd_service {
	struct loop *loop;
	uint64_t random;
	bfd_changed *changed;
	void *context;
	struct watched **by_number;
	unsigned numbers; /* of by_number */
	/* All of them by address, for packets that do not know our discriminator. */
	struct watched **by_address;
	size_t count, capacity;
	struct hearing hearing[FAMILIES];
	uint16_t next_port;
	uint64_t faults[BFD_FAULTS];
};

#define OWNER(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))

/* --- who is watched --- */

/* Where `address` stands in the list, or would. */
static size_t
place_of(const struct bfd_service *service, struct ip address)
{
	size_t low = 0, high = service->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (ip_compare(service->by_address[middle]->neighbour.address, address) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct watched *
find_address(const struct bfd_service *service, struct ip address)
{
	for (size_t at = place_of(service, address); at < service->count; at++) {
		struct watched *w = service->by_address[at];
		if (!ip_equal(w->neighbour.address, address))
			return NULL;
		if (!w->leaving) /* one that leaves may have a successor */
			return w;
	}
	return NULL;
}

/* The lower half of a discriminator is the number, and one. */
static struct watched *
find_discriminator(const struct bfd_service *service, uint32_t discriminator)
{
	unsigned number = (discriminator & 0xffff) - 1;
	struct watched *w = number < service->numbers ? service->by_number[number] : NULL;
	return w && w->bfd.discriminator == discriminator ? w : NULL;
}

static uint32_t
new_discriminator(struct bfd_service *service, unsigned number)
{
	service->random = hash_u64(service->random + 1);
	return (uint32_t)service->random << 16 | (number + 1);
}

static int
make_room(struct bfd_service *service, unsigned number)
{
	if (number >= service->numbers) {
		unsigned wide =
			number + 1 > 2 * service->numbers ? number + 64 : 2 * service->numbers;
		struct watched **list =
			realloc(service->by_number, wide * sizeof(struct watched *));
		if (!list)
			return -1;
		memset(list + service->numbers, 0,
		       (wide - service->numbers) * sizeof(struct watched *));
		service->by_number = list;
		service->numbers = wide;
	}
	if (service->count == service->capacity) {
		size_t wide = service->capacity ? 2 * service->capacity : 64;
		struct watched **list =
			realloc(service->by_address, wide * sizeof(struct watched *));
		if (!list)
			return -1;
		service->by_address = list;
		service->capacity = wide;
	}
	return 0;
}

static void
insert(struct bfd_service *service, struct watched *w)
{
	size_t at = place_of(service, w->neighbour.address);
	memmove(service->by_address + at + 1, service->by_address + at,
		(service->count - at) * sizeof(struct watched *));
	service->by_address[at] = w;
	service->count++;
	service->by_number[w->number] = w;
}

static void
remove_watched(struct watched *w)
{
	struct bfd_service *service = w->service;
	size_t at = place_of(service, w->neighbour.address);
	while (service->by_address[at] != w)
		at++;
	service->count--;
	memmove(service->by_address + at, service->by_address + at + 1,
		(service->count - at) * sizeof(struct watched *));
	service->by_number[w->number] = NULL;
	loop_timer_stop(service->loop, &w->timer);
	close(w->fd);
	free(w);
}

/* --- sending and time --- */

static void
send_due(struct watched *w, struct mono_us now)
{
	struct bfd_packet packet;
	uint8_t octets[BFD_PACKET];
	while (bfd_output(&w->bfd, &packet, now)) {
		bfd_packet_write(octets, &packet);
		/* What is not sent is lost, like any packet. The other's refusal of an earlier one
		 * (nobody listens there) is told in place of a sending: that one is done again. */
		if (send(w->fd, octets, sizeof(octets), MSG_DONTWAIT) < 0 && errno == ECONNREFUSED)
			(void)send(w->fd, octets, sizeof(octets), MSG_DONTWAIT);
	}
}

static void
settle(struct watched *w, struct mono_us now)
{
	send_due(w, now);
	struct mono_us due = bfd_deadline(&w->bfd);
	if (w->leaving && w->gone_at.us < due.us)
		due = w->gone_at;
	if (due.us == INT64_MAX)
		loop_timer_stop(w->service->loop, &w->timer);
	else
		loop_timer_set(w->service->loop, &w->timer, due);
}

static void
tell(struct watched *w, enum bfd_event event)
{
	const struct bfd_service *service = w->service;
	if (event != BFD_EVENT_NONE && !w->leaving)
		service->changed(service->context, w->number, event, &w->bfd);
}

static void hear_all(struct bfd_service *service, struct mono_us now);

static void
time_is_up(struct loop_timer *timer, struct mono_us now)
{
	struct watched *w = OWNER(timer, struct watched, timer);
	const struct bfd_service *service = w->service;
	unsigned number = w->number;
	if (w->leaving && now.us >= w->gone_at.us) {
		remove_watched(w);
		return;
	}
	if (now.us >= w->bfd.detect_at.us)
		hear_all(w->service, now);
	if (service->by_number[number] != w)
		return; /* what was heard has ended it */
	enum bfd_event event = bfd_tick(&w->bfd, now);
	settle(w, now);
	tell(w, event);
}

/* --- hearing --- */

struct letters {
	struct mmsghdr messages[BATCH];
	struct iovec pieces[BATCH];
	struct sockaddr_storage from[BATCH];
	uint8_t octets[BATCH][64]; /* longer ones have nothing for us at their end */
	union {
		char octets[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control[BATCH];
};

static void
prepare(struct letters *l)
{
	for (unsigned i = 0; i < BATCH; i++) {
		l->pieces[i] = (struct iovec){l->octets[i], sizeof(l->octets[i])};
		l->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &l->from[i],
			.msg_namelen = sizeof(l->from[i]),
			.msg_iov = &l->pieces[i],
			.msg_iovlen = 1,
			.msg_control = &l->control[i],
			.msg_controllen = sizeof(l->control[i]),
		};
	}
}

/* TTL or hop limit of a datagram; -1 if the kernel does not say. */
static int
ttl_of(struct msghdr *message)
{
	int ttl = -1;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		bool v4 = c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL;
		bool v6 = c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_HOPLIMIT;
		if (v4 || v6)
			memcpy(&ttl, CMSG_DATA(c), sizeof(ttl));
	}
	return ttl;
}

static enum bfd_fault
take(struct bfd_service *service, struct mmsghdr *message, struct mono_us now)
{
	struct bfd_packet packet;
	const struct msghdr *head = &message->msg_hdr;
	struct ip sender = net_ip_of(head->msg_name);
	enum bfd_fault fault =
		bfd_packet_read(&packet, cursor_of(head->msg_iov[0].iov_base, message->msg_len));
	if (fault != BFD_FAULT_NONE)
		return fault;
	if (ttl_of(&message->msg_hdr) != TTL)
		return BFD_FAULT_DISTANCE;
	struct watched *w = packet.your_discriminator
				    ? find_discriminator(service, packet.your_discriminator)
				    : find_address(service, sender);
	if (!w || !ip_equal(w->neighbour.address, sender))
		return BFD_FAULT_UNKNOWN;
	enum bfd_event event = bfd_input(&w->bfd, &packet, now);
	settle(w, now);
	tell(w, event);
	return BFD_FAULT_NONE;
}

static void
hear(struct hearing *hearing, struct mono_us now)
{
	struct bfd_service *service = hearing->service;
	struct letters letters;
	for (int round = 0; round < BATCHES && hearing->open; round++) {
		prepare(&letters);
		int count =
			recvmmsg(hearing->watch.fd, letters.messages, BATCH, MSG_DONTWAIT, NULL);
		for (int i = 0; i < count; i++)
			service->faults[take(service, &letters.messages[i], now)]++;
		if (count < BATCH)
			return;
	}
}

static void
hear_all(struct bfd_service *service, struct mono_us now)
{
	for (unsigned i = 0; i < FAMILIES; i++)
		hear(&service->hearing[i], now);
}

static void
hearing_ready(struct loop_watch *watch, uint32_t events)
{
	struct hearing *hearing = OWNER(watch, struct hearing, watch);
	struct loop *loop = hearing->service->loop;
	(void)events;
	hear(hearing, loop_now(loop));
	(void)loop_change(loop, watch, 0);
	loop_timer_set(loop, &hearing->rest, mono_add_ms(loop_now(loop), REST_MS));
}

static void
rested(struct loop_timer *timer, struct mono_us now)
{
	struct hearing *hearing = OWNER(timer, struct hearing, rest);
	(void)now;
	(void)loop_change(hearing->service->loop, &hearing->watch, EPOLLIN);
}

static int
set_option(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value));
}

static int
open_socket(enum ip_family family)
{
	int domain = family == IP_V4 ? AF_INET : AF_INET6;
	return socket(domain, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static int
fail(int fd)
{
	int reason = errno;
	close(fd);
	errno = reason;
	return -1;
}

static int
open_hearing(struct bfd_service *service, enum ip_family family)
{
	struct hearing *hearing = &service->hearing[family == IP_V6];
	if (hearing->open)
		return 0;
	int fd = open_socket(family);
	if (fd < 0)
		return -1;
	(void)set_option(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
	struct sockaddr_storage any;
	socklen_t length = net_address(&any, (struct ip){.family = (uint8_t)family}, PORT);
	int result = family == IP_V4 ? set_option(fd, IPPROTO_IP, IP_RECVTTL, 1)
				     : set_option(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
	if (family == IP_V6)
		result |= set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	hearing->watch.fd = fd;
	if (result || bind(fd, (struct sockaddr *)&any, length) < 0 ||
	    loop_watch(service->loop, &hearing->watch, EPOLLIN) < 0)
		return fail(fd);
	hearing->open = true;
	return 0;
}

/* --- a session's own socket --- */

/* Any port of the range that is free. */
static int
bind_source(struct bfd_service *service, int fd, struct ip local)
{
	struct sockaddr_storage at;
	for (unsigned i = 0; i < SOURCE_PORTS; i++) {
		uint16_t port = (uint16_t)(SOURCE_FIRST + service->next_port++ % SOURCE_PORTS);
		socklen_t length = net_address(&at, local, port);
		if (bind(fd, (struct sockaddr *)&at, length) == 0)
			return 0;
		if (errno != EADDRINUSE)
			return -1;
	}
	return -1;
}

static int
open_source(struct bfd_service *service, const struct bfd_neighbour *neighbour)
{
	enum ip_family family = (enum ip_family)neighbour->address.family;
	struct sockaddr_storage to;
	int fd = open_socket(family);
	if (fd < 0)
		return -1;
	int result = family == IP_V4 ? set_option(fd, IPPROTO_IP, IP_TTL, TTL)
				     : set_option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, TTL);
	(void)(family == IP_V4 ? set_option(fd, IPPROTO_IP, IP_TOS, CONTROL_TRAFFIC)
			       : set_option(fd, IPPROTO_IPV6, IPV6_TCLASS, CONTROL_TRAFFIC));
	(void)set_option(fd, SOL_SOCKET, SO_RCVBUF, 1); /* nothing is to come here */
	socklen_t length = net_address(&to, neighbour->address, PORT);
	if (result || bind_source(service, fd, neighbour->local) < 0 ||
	    connect(fd, (struct sockaddr *)&to, length) < 0)
		return fail(fd);
	return fd;
}

static int
add(struct bfd_service *service, unsigned number, const struct bfd_neighbour *neighbour)
{
	struct mono_us now = loop_now(service->loop);
	if (make_room(service, number) ||
	    open_hearing(service, (enum ip_family)neighbour->address.family))
		return -1;
	struct watched *w = calloc(1, sizeof(*w));
	if (!w)
		return -1;
	w->fd = open_source(service, neighbour);
	if (w->fd < 0) {
		int reason = errno;
		free(w);
		errno = reason;
		return -1;
	}
	w->service = service;
	w->number = number;
	w->neighbour = *neighbour;
	w->timer.fire = time_is_up;
	bfd_init(&w->bfd, &neighbour->config, new_discriminator(service, number), service->random,
		 now);
	insert(service, w);
	settle(w, now);
	return 0;
}

/* --- the service --- */

struct bfd_service *
bfd_service_open(struct loop *loop, uint64_t seed, bfd_changed *changed, void *context)
{
	struct bfd_service *service = calloc(1, sizeof(*service));
	if (!service)
		return NULL;
	service->loop = loop;
	service->random = hash_u64(seed);
	service->next_port = (uint16_t)(service->random % SOURCE_PORTS);
	service->changed = changed;
	service->context = context;
	for (unsigned i = 0; i < FAMILIES; i++)
		service->hearing[i] = (struct hearing){
			.service = service, .watch.ready = hearing_ready, .rest.fire = rested};
	return service;
}

void
bfd_service_close(struct bfd_service *service)
{
	if (!service)
		return;
	for (unsigned i = 0; i < service->numbers; i++) {
		bfd_service_forget(service, i);
		if (service->by_number[i])
			remove_watched(service->by_number[i]);
	}
	for (unsigned i = 0; i < FAMILIES; i++) {
		struct hearing *hearing = &service->hearing[i];
		if (!hearing->open)
			continue;
		loop_timer_stop(service->loop, &hearing->rest);
		loop_forget(service->loop, &hearing->watch);
		close(hearing->watch.fd);
	}
	free(service->by_number);
	free(service->by_address);
	free(service);
}

int
bfd_service_watch(struct bfd_service *service, unsigned number,
		  const struct bfd_neighbour *neighbour)
{
	assert(number < BFD_SESSIONS_MAX && neighbour->address.family == neighbour->local.family);
	struct watched *w = number < service->numbers ? service->by_number[number] : NULL;
	bool same = w && ip_equal(w->neighbour.address, neighbour->address) &&
		    ip_equal(w->neighbour.local, neighbour->local);
	struct mono_us now = loop_now(service->loop);
	if (w && !same)
		remove_watched(w);
	if (!same)
		return add(service, number, neighbour);
	w->neighbour = *neighbour;
	if (w->leaving) /* it begins again, from the port that it had */
		bfd_init(&w->bfd, &neighbour->config, w->bfd.discriminator, service->random, now);
	else
		bfd_configure(&w->bfd, &neighbour->config, now);
	w->leaving = false;
	settle(w, now);
	return 0;
}

void
bfd_service_forget(struct bfd_service *service, unsigned number)
{
	struct watched *w = number < service->numbers ? service->by_number[number] : NULL;
	struct mono_us now = loop_now(service->loop);
	if (!w || w->leaving)
		return;
	/* RFC 5880 section 6.8.16: for at least a detection time of the other. */
	int64_t farewell_ms =
		(int64_t)w->bfd.config.multiplier * (int64_t)bfd_interval_us(&w->bfd) / 1000;
	if (farewell_ms < FAREWELL_MS)
		farewell_ms = FAREWELL_MS;
	if (farewell_ms > FAREWELL_MOST_MS)
		farewell_ms = FAREWELL_MOST_MS;
	w->leaving = true;
	w->gone_at = mono_add_ms(now, farewell_ms);
	bfd_shut(&w->bfd, now);
	settle(w, now);
}

const struct bfd *
bfd_service_session(const struct bfd_service *service, unsigned number)
{
	const struct watched *w = number < service->numbers ? service->by_number[number] : NULL;
	return w && !w->leaving ? &w->bfd : NULL;
}

size_t
bfd_service_descriptors(const struct bfd_service *service)
{
	return service->count + service->hearing[0].open + service->hearing[1].open;
}

const uint64_t *
bfd_service_faults(const struct bfd_service *service)
{
	return service->faults;
}
