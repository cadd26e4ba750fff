/* Sockets and files of the meter. */
#include "meter/meter_io.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor_io.h"

enum {
	BUFFER_WANTED = 32 << 20,
	BUFFER_LEAST = 1 << 20,
	DATAGRAM_MAX = 65536,
	/* Not a multiple of a page: else the beginnings of all 64 datagrams would share a few sets
	 * of the cache. */
	STRIDE = DATAGRAM_MAX + 1472,
	PATH_MAX_LENGTH = 4096,
};

/* --- sockets --- */

static socklen_t
to_sockaddr(struct sockaddr_storage *out, struct hub_endpoint endpoint)
{
	memset(out, 0, sizeof(*out));
	if (endpoint.ip.family == IP_V4) {
		struct sockaddr_in *in = (struct sockaddr_in *)out;
		in->sin_family = AF_INET;
		in->sin_port = htons(endpoint.port);
		memcpy(&in->sin_addr, endpoint.ip.octets, 4);
		return sizeof(*in);
	}
	struct sockaddr_in6 *in = (struct sockaddr_in6 *)out;
	in->sin6_family = AF_INET6;
	in->sin6_port = htons(endpoint.port);
	memcpy(&in->sin6_addr, endpoint.ip.octets, 16);
	return sizeof(*in);
}

static struct ip
from_sockaddr(const struct sockaddr_storage *from)
{
	if (from->ss_family == AF_INET)
		return ip_v4(ntohl(((const struct sockaddr_in *)from)->sin_addr.s_addr));
	if (from->ss_family != AF_INET6)
		return (struct ip){0};
	const uint8_t *octets = ((const struct sockaddr_in6 *)from)->sin6_addr.s6_addr;
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	if (memcmp(octets, mapped, sizeof(mapped)) != 0)
		return ip_v6(octets);
	struct cursor c = cursor_of(octets + 12, 4);
	return ip_v4(cursor_u32(&c));
}

/* The largest buffer that we are allowed; root may pass the limit of the system. */
static int
enlarge_buffer(int fd)
{
	for (int size = BUFFER_WANTED; size >= BUFFER_LEAST; size /= 2) {
		if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) == 0)
			break;
		int got = 0;
		socklen_t length = sizeof(got);
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
		/* The kernel tells the double of what was asked for, if it gave all of it. */
		if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &got, &length) == 0 && got >= size)
			break;
	}
	int got = 0;
	socklen_t length = sizeof(got);
	(void)getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &got, &length);
	return got;
}

static int
open_socket(struct meter_socket *out, struct hub_endpoint endpoint, bool shared)
{
	struct sockaddr_storage address;
	socklen_t length = to_sockaddr(&address, endpoint);
	*out = (struct meter_socket){.fd = -1};
	int fd = socket(address.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	int on = 1, off = 0;
	if (address.ss_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	(void)setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof(on));
	if ((shared && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) < 0) ||
	    bind(fd, (struct sockaddr *)&address, length) < 0) {
		int why = errno;
		close(fd);
		errno = why;
		return -1;
	}
	out->buffer = enlarge_buffer(fd);
	out->fd = fd;
	return 0;
}

int
meter_socket_open(struct meter_socket *out, struct hub_endpoint endpoint)
{
	return open_socket(out, endpoint, false);
}

int
meter_socket_open_shared(struct meter_socket *out, struct hub_endpoint endpoint)
{
	return open_socket(out, endpoint, true);
}

/* A multiplier that spreads neighbouring addresses (the golden ratio of 2^32). */
static const uint32_t spread = 0x9e3779b1;

int
meter_socket_steer(const struct meter_socket *s, size_t count)
{
	/* The socket's data begin behind the UDP header: addresses are asked for by the network
	 * header. IPv4: 12 octets into it; IPv6: four words from 8 on, folded. */
	const uint32_t net = (uint32_t)SKF_NET_OFF;
	struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, net),
		BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 4, 0, 2),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, net + 12),
		BPF_STMT(BPF_JMP | BPF_JA, 10),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, net + 8),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, net + 12),
		BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, net + 16),
		BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, net + 20),
		BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0),
		BPF_STMT(BPF_ALU | BPF_MUL | BPF_K, spread),
		BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 16),
		BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, (uint32_t)count),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};
	struct sock_fprog filter = {.len = sizeof(program) / sizeof(program[0]), .filter = program};
	return setsockopt(s->fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &filter, sizeof(filter));
}

size_t
meter_socket_steered(struct ip source, size_t count)
{
	struct cursor c = cursor_of(source.octets, 16);
	uint32_t word = cursor_u32(&c);
	for (int i = 0; i < 3 && source.family == IP_V6; i++)
		word ^= cursor_u32(&c);
	return (word * spread >> 16) % count;
}

void
meter_socket_close(struct meter_socket *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

struct meter_inbox {
	struct mmsghdr messages[METER_BATCH];
	struct iovec parts[METER_BATCH];
	struct sockaddr_storage from[METER_BATCH];
	union {
		char octets[CMSG_SPACE(sizeof(uint32_t))];
		struct cmsghdr aligned;
	} control[METER_BATCH];
	uint8_t *octets; /* METER_BATCH * STRIDE */
	int used;        /* messages that the kernel has written into since they were prepared */
};

struct meter_inbox *
meter_inbox_new(void)
{
	struct meter_inbox *inbox = calloc(1, sizeof(*inbox));
	if (!inbox)
		return NULL;
	inbox->used = METER_BATCH;
	inbox->octets = malloc((size_t)METER_BATCH * STRIDE);
	if (inbox->octets)
		return inbox;
	free(inbox);
	return NULL;
}

void
meter_inbox_free(struct meter_inbox *inbox)
{
	if (inbox)
		free(inbox->octets);
	free(inbox);
}

size_t
meter_inbox_size(void)
{
	return sizeof(struct meter_inbox) + (size_t)METER_BATCH * STRIDE;
}

/* Most wake-ups bring a few datagrams: only what the last one has used is written anew. */
static void
prepare(struct meter_inbox *inbox)
{
	for (int i = 0; i < inbox->used; i++) {
		inbox->parts[i] = (struct iovec){inbox->octets + (size_t)i * STRIDE, DATAGRAM_MAX};
		inbox->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &inbox->from[i],
			.msg_namelen = sizeof(inbox->from[i]),
			.msg_iov = &inbox->parts[i],
			.msg_iovlen = 1,
			.msg_control = inbox->control[i].octets,
			.msg_controllen = sizeof(inbox->control[i].octets),
		};
	}
}

/* SO_RXQ_OVFL: how many were dropped since the socket was made, modulo 2^32. */
static bool
drops_told(struct msghdr *message, uint32_t *out)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SO_RXQ_OVFL)
			continue;
		memcpy(out, CMSG_DATA(c), sizeof(*out));
		return true;
	}
	return false;
}

/* The growth of the kernel's count since it was told last. A datagram carries the count of when it
 * was queued, which may be older than what meter_socket_drops has read. */
static uint64_t
newly_dropped(struct meter_socket *s, uint32_t told)
{
	uint32_t more = told - s->drops;
	if (more > INT32_MAX)
		return 0;
	s->drops = told;
	return more;
}

uint64_t
meter_socket_drops(struct meter_socket *s)
{
	uint32_t memory[SK_MEMINFO_VARS];
	socklen_t length = sizeof(memory);
	if (s->fd < 0 || getsockopt(s->fd, SOL_SOCKET, SO_MEMINFO, memory, &length) < 0 ||
	    length != sizeof(memory))
		return 0;
	return newly_dropped(s, memory[SK_MEMINFO_DROPS]);
}

unsigned
meter_inbox_fill(struct meter_inbox *inbox, struct meter_socket *s, uint64_t *drops)
{
	*drops = 0;
	prepare(inbox);
	int count = recvmmsg(s->fd, inbox->messages, METER_BATCH, MSG_DONTWAIT, NULL);
	/* The one that it found nothing for may have been begun. */
	inbox->used = count < 0 ? 1 : count < METER_BATCH ? count + 1 : METER_BATCH;
	if (count <= 0)
		return 0;
	uint32_t told;
	if (drops_told(&inbox->messages[count - 1].msg_hdr, &told))
		*drops = newly_dropped(s, told);
	return (unsigned)count;
}

struct cursor
meter_inbox_datagram(const struct meter_inbox *inbox, unsigned index, struct ip *source)
{
	*source = from_sockaddr(&inbox->from[index]);
	return cursor_of(inbox->parts[index].iov_base, inbox->messages[index].msg_len);
}

/* --- files --- */

/* The names in a folder are on the disk only when the folder is. */
static int
sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	int result = fsync(fd);
	close(fd);
	return result;
}

int
meter_file_replace(const char *folder, const char *name, const struct buf *bytes, bool lasting)
{
	char path[PATH_MAX_LENGTH], aside[PATH_MAX_LENGTH];
	int a = snprintf(path, sizeof(path), "%s/%s", folder, name);
	int b = snprintf(aside, sizeof(aside), "%s/.%s.new", folder, name);
	if (a < 0 || b < 0 || (size_t)a >= sizeof(path) || (size_t)b >= sizeof(aside)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	int fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (fd < 0)
		return -1;
	bool good = descriptor_write(fd, bytes->data, bytes->length) == 0 &&
		    (!lasting || fsync(fd) == 0);
	int why = errno;
	if (close(fd) < 0 && good) {
		why = errno;
		good = false;
	}
	if (good && rename(aside, path) < 0) {
		why = errno;
		good = false;
	}
	if (!good) {
		(void)unlink(aside);
		errno = why;
		return -1;
	}
	return lasting ? sync_folder(folder) : 0;
}

/* --- routes --- */

static struct meter_routes
identity(const struct stat *st)
{
	return (struct meter_routes){
		.device = (int64_t)st->st_dev,
		.inode = (int64_t)st->st_ino,
		.changed_s = st->st_mtim.tv_sec,
		.changed_ns = st->st_mtim.tv_nsec,
	};
}

static bool
same_file(const struct meter_routes *a, const struct meter_routes *b)
{
	return a->device == b->device && a->inode == b->inode && a->changed_s == b->changed_s &&
	       a->changed_ns == b->changed_ns;
}

int
meter_routes_open(struct meter_routes *out, struct meter_routes *old, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (fstat(fd, &st) < 0) {
		close(fd);
		return 0;
	}
	struct meter_routes new = identity(&st);
	if (same_file(&new, old)) {
		close(fd);
		return 0;
	}
	new.length = st.st_size > 0 ? (size_t)st.st_size : 0;
	void *mapping = MAP_FAILED;
	if (S_ISREG(st.st_mode) && new.length)
		mapping = mmap(NULL, new.length, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (mapping != MAP_FAILED) {
		new.mapping = mapping;
		new.snapshot = rib_snapshot_open(mapping, new.length);
		if (new.snapshot) {
			*out = new;
			return 1;
		}
		(void)munmap(mapping, new.length);
	}
	old->device = new.device;
	old->inode = new.inode;
	old->changed_s = new.changed_s;
	old->changed_ns = new.changed_ns;
	return -1;
}

void
meter_routes_close(struct meter_routes *routes)
{
	rib_snapshot_free(routes->snapshot);
	if (routes->mapping)
		(void)munmap(routes->mapping, routes->length);
	*routes = (struct meter_routes){0};
}
