/* Socket options that protect TCP connections.
 *
 * Passwords and keys stand on the listening sockets by the neighbour's address, so that the kernel
 * answers no SYN from there that does not carry them. The distance cannot stand there, for it differs
 * by neighbour: a connection learns its own when it was accepted. What came before that is seen in
 * its SYN, which the kernel keeps for us. */
#include "exchange/exchange_guard_io.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/log.h"
#include "net/address.h"

/* TCP-AO is younger (Linux 6.7) than the headers that we are built with. Its names are ours, its
 * numbers and the order of its fields the kernel's. */
enum {
	AO_ADD_KEY = 38,
	AO_DEL_KEY = 39,
	AO_INFO = 40,
	AO_KEY_MAX = 80,
	AO_MAC = 12, /* HMAC-SHA-1-96, RFC 5926 section 3.2.1 */
	HOPS_MIN_IPV6 = 73,
	TTL_MAX = 255,
};

struct ao_add {
	struct sockaddr_storage address;
	char algorithm[64];
	int32_t interface;
	uint32_t flags;
	uint16_t reserved;
	uint8_t prefix, send_id, receive_id, mac_length, key_flags, key_length;
	uint8_t key[AO_KEY_MAX];
} __attribute__((aligned(8)));

struct ao_del {
	struct sockaddr_storage address;
	int32_t interface;
	uint32_t flags;
	uint16_t reserved;
	uint8_t prefix, send_id, receive_id, current_key, next_key, key_flags;
} __attribute__((aligned(8)));

struct ao_info {
	uint32_t flags;
	uint16_t reserved;
	uint8_t current_key, next_key;
	uint64_t good, bad, key_not_found, required, dropped_icmp;
} __attribute__((aligned(8)));

static_assert(sizeof(struct ao_add) == 288 && sizeof(struct ao_del) == 144 &&
		      sizeof(struct ao_info) == 48,
	      "as the kernel has them");

/* A password or key that the listening sockets know. */
struct key {
	struct ip address;
	bool ao;
	uint8_t id; /* of TCP-AO */
	bool wanted;
};

struct exchange_guard {
	bool ao; /* the kernel has TCP-AO */
	struct key *keys;
	size_t key_count;
};

static const char NO_AO[] = "this kernel has no TCP-AO (Linux 6.7 or later)";

/* --- passwords and keys --- */

/* RFC 2385; an empty password takes the key away. */
static int
set_md5(int fd, struct ip peer, const char *password)
{
	struct tcp_md5sig key = {0};
	(void)net_address((struct sockaddr_storage *)&key.tcpm_addr, peer, 0);
	size_t length = strlen(password);
	if (length > TCP_MD5SIG_MAXKEYLEN) {
		errno = EINVAL;
		return -1;
	}
	key.tcpm_keylen = (uint16_t)length;
	memcpy(key.tcpm_key, password, length);
	return setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG, &key, sizeof(key));
}

static int
add_ao(int fd, struct ip peer, const char *text, uint8_t id)
{
	struct ao_add key = {.algorithm = "hmac(sha1)",
			     .prefix = (uint8_t)ip_bits((enum ip_family)peer.family),
			     .send_id = id,
			     .receive_id = id,
			     .mac_length = AO_MAC};
	(void)net_address(&key.address, peer, 0);
	size_t length = strlen(text);
	if (!length || length > AO_KEY_MAX) {
		errno = EINVAL;
		return -1;
	}
	key.key_length = (uint8_t)length;
	memcpy(key.key, text, length);
	return setsockopt(fd, IPPROTO_TCP, AO_ADD_KEY, &key, sizeof(key));
}

static void
remove_ao(int fd, struct ip peer, uint8_t id)
{
	struct ao_del key = {.prefix = (uint8_t)ip_bits((enum ip_family)peer.family),
			     .send_id = id,
			     .receive_id = id};
	(void)net_address(&key.address, peer, 0);
	(void)setsockopt(fd, IPPROTO_TCP, AO_DEL_KEY, &key, sizeof(key));
}

/* True if the connection's segments are signed by TCP-AO. */
static bool
has_ao(int fd)
{
	struct ao_info info = {0};
	socklen_t length = sizeof(info);
	return getsockopt(fd, IPPROTO_TCP, AO_INFO, &info, &length) == 0;
}

static bool
probe_ao(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	bool has = add_ao(fd, ip_v4(0x7f000001), "probe", 1) == 0;
	close(fd);
	return has;
}

/* --- distance --- */

/* We always say 255, so that the other may ask for it (RFC 5082 section 3). */
static void
set_ttl(int fd, enum ip_family family)
{
	int ttl = TTL_MAX;
	if (family == IP_V4)
		(void)setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	else
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl, sizeof(ttl));
}

static int
least_ttl(const struct exchange_target *target)
{
	return TTL_MAX + 1 - target->ttl_security;
}

static int
require_ttl(int fd, const struct exchange_target *target)
{
	int least = least_ttl(target);
	if (!target->ttl_security)
		return 0;
	if (target->address.family == IP_V4)
		return setsockopt(fd, IPPROTO_IP, IP_MINTTL, &least, sizeof(least));
	return setsockopt(fd, IPPROTO_IPV6, HOPS_MIN_IPV6, &least, sizeof(least));
}

/* TTL or hop limit of the SYN that opened the connection; TTL_MAX if the kernel did not keep it
 * (it answered with a cookie). */
static int
ttl_of_syn(int fd)
{
	uint8_t octets[256];
	socklen_t length = sizeof(octets);
	if (getsockopt(fd, IPPROTO_TCP, TCP_SAVED_SYN, octets, &length) < 0 || !length)
		return TTL_MAX;
	struct cursor header = cursor_of(octets, length);
	bool ipv4 = cursor_u8(&header) >> 4 == 4;
	cursor_skip(&header, ipv4 ? 7 : 6);
	return cursor_u8(&header);
}

/* --- what others call --- */

struct exchange_guard *
exchange_guard_open(void)
{
	struct exchange_guard *guard = calloc(1, sizeof(*guard));
	if (guard)
		guard->ao = probe_ao();
	return guard;
}

void
exchange_guard_close(struct exchange_guard *guard)
{
	if (guard)
		free(guard->keys);
	free(guard);
}

void
exchange_guard_listener(int fd, enum ip_family family)
{
	int one = 1;
	set_ttl(fd, family);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_SAVE_SYN, &one, sizeof(one));
}

static int
want_key(struct exchange_guard *guard, const struct exchange_target *target)
{
	bool ao = target->tcp_ao != NULL;
	uint8_t id = ao ? target->tcp_ao_id : 0;
	for (size_t i = 0; i < guard->key_count; i++) {
		struct key *key = &guard->keys[i];
		if (!ip_equal(key->address, target->address) || key->ao != ao || key->id != id)
			continue;
		key->wanted = true;
		return 0;
	}
	struct key *keys = realloc(guard->keys, (guard->key_count + 1) * sizeof(*keys));
	if (!keys)
		return -1;
	guard->keys = keys;
	keys[guard->key_count++] = (struct key){target->address, ao, id, true};
	return 0;
}

static void
drop_key(int fd, const struct key *key)
{
	if (key->ao)
		remove_ao(fd, key->address, key->id);
	else
		(void)set_md5(fd, key->address, "");
}

/* Those that are not wanted, before others come: the kernel has but one kind for an address. */
static void
drop_keys(struct exchange_guard *guard, const struct exchange_listening *listening, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < guard->key_count; i++) {
		const struct key *key = &guard->keys[i];
		for (size_t j = 0; j < count && !key->wanted; j++)
			if (listening[j].family == (enum ip_family)key->address.family)
				drop_key(listening[j].fd, key);
		if (key->wanted)
			guard->keys[kept++] = *key;
	}
	guard->key_count = kept;
}

static bool
has_key(const struct exchange_target *target)
{
	return target->md5 || target->tcp_ao;
}

static void
set_key(int fd, const struct exchange_target *target, const char *name)
{
	/* A key of the same number may have another text; who connects meanwhile is refused. */
	if (target->tcp_ao)
		remove_ao(fd, target->address, target->tcp_ao_id);
	int result = target->tcp_ao ? add_ao(fd, target->address, target->tcp_ao, target->tcp_ao_id)
				    : set_md5(fd, target->address, target->md5);
	if (result < 0)
		log_warn("session %s: stays down: %s: %s", name,
			 target->tcp_ao ? "no TCP-AO key" : "no TCP MD5", strerror(errno));
}

int
exchange_guard_keys(struct exchange_guard *guard, const struct exchange_listening *listening,
		    size_t count, const struct exchange *engine)
{
	struct exchange_target target;
	unsigned slots = exchange_slots(engine);
	for (size_t i = 0; i < guard->key_count; i++)
		guard->keys[i].wanted = false;
	for (unsigned slot = 0; slot < slots; slot++)
		if (exchange_target_of(engine, slot, &target) && has_key(&target) &&
		    want_key(guard, &target))
			return -1;
	drop_keys(guard, listening, count);
	for (unsigned slot = 0; slot < slots; slot++) {
		if (!exchange_target_of(engine, slot, &target) || !has_key(&target))
			continue;
		char name[EXCHANGE_PEER_TEXT];
		exchange_peer_text(engine, slot, name);
		if (target.tcp_ao && !guard->ao) {
			log_warn("session %s: stays down: %s", name, NO_AO);
			continue;
		}
		for (size_t i = 0; i < count; i++)
			if (listening[i].family == (enum ip_family)target.address.family)
				set_key(listening[i].fd, &target, name);
	}
	return 0;
}

const char *
exchange_guard_connecting(const struct exchange_guard *guard, int fd,
			  const struct exchange_target *target)
{
	set_ttl(fd, (enum ip_family)target->address.family);
	if (require_ttl(fd, target) < 0)
		return "no GTSM on this kernel";
	if (target->tcp_ao && !guard->ao)
		return NO_AO;
	if (target->tcp_ao && add_ao(fd, target->address, target->tcp_ao, target->tcp_ao_id) < 0)
		return "the TCP-AO key cannot be set";
	if (!target->tcp_ao && target->md5 && set_md5(fd, target->address, target->md5) < 0)
		return "the TCP MD5 password cannot be set";
	return NULL;
}

const char *
exchange_guard_accepted(const struct exchange_guard *guard, int fd,
			const struct exchange_target *target)
{
	set_ttl(fd, (enum ip_family)target->address.family);
	if (require_ttl(fd, target) < 0)
		return "no GTSM on this kernel";
	if (target->ttl_security && ttl_of_syn(fd) < least_ttl(target))
		return "it comes from too far away";
	if (target->tcp_ao && !guard->ao)
		return NO_AO;
	if (target->tcp_ao && !has_ao(fd))
		return "it has no TCP-AO";
	/* The connection has the password of the listening socket, unless that was set this moment:
	 * then nothing more is taken without it. */
	if (!target->tcp_ao && target->md5 && set_md5(fd, target->address, target->md5) < 0)
		return "the TCP MD5 password cannot be set";
	return NULL;
}
