/* flowgen: an exporter of made-up flows, for load and as an oracle.
 *
 * Sends pre-built sFlow 5, IPFIX, NetFlow 9 or NetFlow 5 datagrams with sendmmsg(2), patching only
 * sequence numbers and times, and says exactly what was sent (by pair as CSV with -M). With -G every
 * N-th datagram is numbered and not sent: it is lost, and counted as such.
 *
 * The network is an exchange of N members. Member i has
 *	MAC   02:00:00:00:hi:lo          (i = hi*256+lo)
 *	ASN   64512+i (i < 1024), 4200000000+i beyond
 *	IPv4  prefix 10.(i>>8).(i&255).0/24     IPv6 prefix 2001:db8:i::/48
 *	port  ifIndex 1000+i
 * and traffic of a pair (a,b) goes from member a to member b. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum kind { SFLOW, IPFIX, NF9, NF5 };
enum { MAXDG = 1472, RING_MAX = 65536, BATCH_MAX = 256 };

struct opts {
	enum kind kind;
	const char *host, *port, *pcap, *matrix;
	unsigned members, per_dg, batch, ring, vlan, ipv6_pct, tmpl_every, gap_every;
	uint32_t sampling;
	uint64_t dgrams;      /* stop after so many data datagrams; 0 = no limit */
	double rate, seconds; /* records per second; 0 = as fast as possible */
	bool expanded, gateway, with_switch;
	uint64_t seed;
};

struct rec {           /* one generated flow sample / record */
	uint16_t a, b; /* member indices */
	uint8_t v6;
	uint16_t frame; /* frame length incl. FCS (sFlow), or mean packet size */
	uint32_t pkts;  /* flow records only */
};

struct dgram {
	uint16_t len, nrec;
	uint8_t b[MAXDG];
};

/* The ring, and behind it the datagram with the templates. */
static struct dgram *ring;
static struct rec *recs;  /* ring * per_dg */
static uint64_t *sent_of; /* how often each slot of the ring was sent */
static volatile sig_atomic_t stop;

static uint64_t rng_state = 1;
static uint64_t
rng(void)
{
	uint64_t z = (rng_state += 0x9e3779b97f4a7c15ULL);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static uint8_t *
p8(uint8_t *p, unsigned v)
{
	*p = (uint8_t)v;
	return p + 1;
}
static uint8_t *
p16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
	return p + 2;
}
static uint8_t *
p32(uint8_t *p, uint32_t v)
{
	return p16(p16(p, v >> 16), v & 0xffff);
}
static uint8_t *
p64(uint8_t *p, uint64_t v)
{
	return p32(p32(p, (uint32_t)(v >> 32)), (uint32_t)v);
}

static uint8_t *
pmac(uint8_t *p, unsigned m)
{
	return p16(p32(p, 0x02000000u), m);
}
static uint32_t
asn_of(unsigned m)
{
	return m < 1024 ? 64512 + m : 4200000000u + m;
}
static uint32_t
ip4_of(unsigned m, uint64_t r)
{
	return 0x0a000000u | (m & 0xffff) << 8 | (uint32_t)(1 + r % 254);
}
static uint8_t *
pip6(uint8_t *p, unsigned m, uint64_t r)
{
	return p64(p64(p, 0x20010db800000000ULL | (uint64_t)(m & 0xffff) << 16), 1 + r % 65534);
}

static uint64_t
now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static unsigned
cksum(const uint8_t *p, size_t n)
{
	uint32_t s = 0;
	for (size_t i = 0; i + 1 < n; i += 2)
		s += (uint32_t)p[i] << 8 | p[i + 1];
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return ~s & 0xffff;
}

/* a Zipf-like draw: member k with weight 1/(k+1) */
static unsigned
pick(unsigned n, const double *cdf)
{
	double u = (double)(rng() >> 11) / 9007199254740992.0 * cdf[n - 1];
	unsigned lo = 0, hi = n - 1;
	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;
		if (cdf[mid] < u)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
draw(const struct opts *o, const double *cdf, struct rec *r)
{
	static const uint16_t sizes[] = {64, 70, 94, 128, 576, 1300, 1438, 1518, 1518, 1518};
	r->a = (uint16_t)pick(o->members, cdf);
	do
		r->b = (uint16_t)pick(o->members, cdf);
	while (o->members > 1 && r->b == r->a);
	r->v6 = rng() % 100 < o->ipv6_pct;
	r->frame = sizes[rng() % 10];
	r->pkts = 1 + (uint32_t)(rng() % 32);
}

/* an Ethernet(+802.1Q) + IPv4/IPv6 + TCP header stack, zero padded to n bytes */
static void
frame_hdr(const struct opts *o, const struct rec *r, uint8_t *h, unsigned n)
{
	uint8_t *p = h;
	memset(h, 0, n);
	p = pmac(pmac(p, r->b), r->a);
	if (o->vlan)
		p = p16(p16(p, 0x8100), o->vlan);
	unsigned l3 = r->frame - 18u - (o->vlan ? 4 : 0);
	if (r->v6) {
		p = p16(p, 0x86dd);
		p = p32(p, 0x60000000u);
		p = p8(p8(p16(p, l3 > 40 ? l3 - 40 : 20), 6), 60);
		p = pip6(p, r->a, rng());
		p = pip6(p, r->b, rng());
	} else {
		p = p16(p, 0x0800);
		uint8_t *ip = p;
		p = p16(p8(p8(p, 0x45), 0), l3);
		p = p16(p16(p, (unsigned)rng() & 0xffff), 0x4000);
		p = p16(p8(p8(p, 60), 6), 0);
		p = p32(p32(p, ip4_of(r->a, rng())), ip4_of(r->b, rng()));
		p16(ip + 10, cksum(ip, 20));
	}
	p = p16(p16(p, 443), 1024 + (unsigned)(rng() % 60000));
	p = p32(p32(p, (uint32_t)rng()), (uint32_t)rng());
	p16(p8(p8(p, 0x50), 0x10), 65535);
}

/* ---- sFlow v5 ---- */

static void
build_sflow(const struct opts *o, struct dgram *d, const struct rec *r)
{
	uint8_t *p = d->b;
	p = p32(p32(p32(p, 5), 1), 0xc0000201u); /* v5, agent 192.0.2.1 */
	p = p32(p32(p32(p, 0), 0), 0);           /* sub_agent_id, seq @16, uptime @20 */
	p = p32(p, o->per_dg);
	for (unsigned i = 0; i < o->per_dg; i++, r++) {
		p = p32(p, o->expanded ? 3 : 1);
		uint8_t *slen = p;
		p += 4;
		p = p32(p, 0); /* sample seq, patched */
		p = o->expanded ? p32(p32(p, 0), 1000u + r->a) : p32(p, 1000u + r->a);
		p = p32(p32(p32(p, o->sampling), 0), 0); /* rate, pool (patched), drops */
		if (o->expanded)
			p = p32(p32(p32(p32(p, 0), 1000u + r->a), 0), 1000u + r->b);
		else
			p = p32(p32(p, 1000u + r->a), 1000u + r->b);
		p = p32(p, 1u + o->with_switch + o->gateway);
		p = p32(p32(p, 1), 16 + 128); /* raw packet header */
		p = p32(p32(p32(p32(p, 1), r->frame), 4), 128);
		frame_hdr(o, r, p, 128);
		p += 128;
		if (o->with_switch) /* extended switch */
			p = p32(p32(p32(p32(p32(p32(p, 1001), 16), o->vlan), 0), o->vlan), 0);
		if (o->gateway) { /* extended gateway */
			p = p32(p32(p, 1003), 48);
			p = p32(p32(p, 1), 0xc0000200u + (r->b & 0xff)); /* next hop */
			p = p32(p32(p32(p, 65000), asn_of(r->a)), asn_of(r->a));
			p = p32(p32(p32(p32(p, 1), 2), 1), asn_of(r->b)); /* one AS_SEQUENCE of 1 */
			p = p32(p32(p32(p, 1), (65000u << 16) | (r->b & 0xffff)), 100);
		}
		p32(slen, (uint32_t)(p - slen - 4));
	}
	d->len = (uint16_t)(p - d->b);
	d->nrec = (uint16_t)o->per_dg;
}

/* ---- IPFIX / NetFlow v9 ---- */

struct fld {
	uint16_t id, len;
};
static const struct fld T_X4[] = {/* IPFIX, IPv4; id 256 */
				  {56, 6}, {80, 6},  {58, 2},  {10, 4}, {14, 4}, {256, 2},
				  {8, 4},  {12, 4},  {4, 1},   {7, 2},  {11, 2}, {1, 8},
				  {2, 8},  {152, 8}, {153, 8}, {16, 4}, {17, 4}};
static const struct fld T_X6[] = {/* IPFIX, IPv6; id 257 */
				  {56, 6},  {80, 6},  {58, 2},  {10, 4}, {14, 4}, {256, 2},
				  {27, 16}, {28, 16}, {4, 1},   {7, 2},  {11, 2}, {1, 8},
				  {2, 8},   {152, 8}, {153, 8}, {16, 4}, {17, 4}};
static const struct fld T_94[] = {/* v9, IPv4; id 256 */
				  {56, 6}, {80, 6}, {58, 2}, {10, 4}, {14, 4}, {8, 4},
				  {12, 4}, {4, 1},  {7, 2},  {11, 2}, {1, 8},  {2, 8},
				  {22, 4}, {21, 4}, {16, 4}, {17, 4}};
static const struct fld T_96[] = {/* v9, IPv6; id 257 */
				  {56, 6},  {80, 6}, {58, 2}, {10, 4}, {14, 4}, {27, 16},
				  {28, 16}, {4, 1},  {7, 2},  {11, 2}, {1, 8},  {2, 8},
				  {22, 4},  {21, 4}, {16, 4}, {17, 4}};
#define N(a) (sizeof(a) / sizeof((a)[0]))

static uint8_t *
tmpl(uint8_t *p, unsigned id, const struct fld *f, size_t n)
{
	p = p16(p16(p, id), (unsigned)n);
	for (size_t i = 0; i < n; i++)
		p = p16(p16(p, f[i].id), f[i].len);
	return p;
}

static uint8_t *
flow_rec(const struct opts *o, uint8_t *p, const struct rec *r, uint64_t ms)
{
	bool x = o->kind == IPFIX;
	p = pmac(pmac(p, r->a), r->b);
	p = p16(p, o->vlan);
	p = p32(p32(p, 1000u + r->a), 1000u + r->b);
	if (x)
		p = p16(p, r->v6 ? 0x86dd : 0x0800);
	p = r->v6 ? pip6(pip6(p, r->a, rng()), r->b, rng())
		  : p32(p32(p, ip4_of(r->a, rng())), ip4_of(r->b, rng()));
	p = p16(p16(p8(p, 6), 443), 1024 + (unsigned)(rng() % 60000));
	p = p64(p64(p, (uint64_t)r->frame * r->pkts), r->pkts);
	p = x ? p64(p64(p, ms - 30000), ms - 1) : p32(p32(p, 30000), 59999);
	return p32(p32(p, asn_of(r->a)), asn_of(r->b));
}

static void
build_flow(const struct opts *o, struct dgram *d, const struct rec *r0, uint64_t ms)
{
	bool x = o->kind == IPFIX;
	uint8_t *p = d->b + (x ? 16 : 20);
	for (int v6 = 0; v6 < 2; v6++) {
		unsigned n = 0;
		uint8_t *set = p;
		for (unsigned i = 0; i < o->per_dg; i++) {
			if (r0[i].v6 != v6)
				continue;
			if (!n++)
				p += 4;
			p = flow_rec(o, p, &r0[i], ms);
		}
		if (!n)
			continue;
		while ((p - set) & 3)
			*p++ = 0;
		p16(p16(set, 256u + (unsigned)v6), (unsigned)(p - set));
	}
	d->len = (uint16_t)(p - d->b);
	d->nrec = (uint16_t)o->per_dg;
}

static void
build_templates(const struct opts *o, struct dgram *d)
{
	bool x = o->kind == IPFIX;
	uint8_t *p = d->b + (x ? 16 : 20), *set = p;
	p += 4;
	p = x ? tmpl(p, 256, T_X4, N(T_X4)) : tmpl(p, 256, T_94, N(T_94));
	p = x ? tmpl(p, 257, T_X6, N(T_X6)) : tmpl(p, 257, T_96, N(T_96));
	p16(p16(set, x ? 2 : 0), (unsigned)(p - set));
	set = p;
	p += 4;
	if (x) { /* options template 512: sampling */
		p = p16(p16(p16(p, 512), 4), 1);
		p = p16(p16(p, 302), 4); /* scope: selectorId */
		p = p16(p16(p, 304), 2); /* selectorAlgorithm */
		p = p16(p16(p, 305), 4); /* samplingPacketInterval */
		p = p16(p16(p, 306), 4); /* samplingPacketSpace */
		while ((p - set) & 3)
			*p++ = 0;
		p16(p16(set, 3), (unsigned)(p - set));
		set = p;
		p = p32(p32(p16(p32(p + 4, 1), 1), 1), o->sampling - 1);
	} else {
		p = p16(p16(p16(p, 512), 4), 8); /* scope bytes, option bytes */
		p = p16(p16(p, 1), 4);           /* scope: system */
		p = p16(p16(p, 34), 4);          /* SAMPLING_INTERVAL */
		p = p16(p16(p, 35), 1);          /* SAMPLING_ALGORITHM */
		while ((p - set) & 3)
			*p++ = 0;
		p16(p16(set, 1), (unsigned)(p - set));
		set = p;
		p = p8(p32(p32(p + 4, 0), o->sampling), 2);
	}
	while ((p - set) & 3)
		*p++ = 0;
	p16(p16(set, 512), (unsigned)(p - set));
	d->len = (uint16_t)(p - d->b);
	d->nrec = 0;
}

static void
build_nf5(const struct opts *o, struct dgram *d, const struct rec *r)
{
	uint8_t *p = d->b + 24;
	for (unsigned i = 0; i < o->per_dg; i++, r++) {
		p = p32(p32(p32(p, ip4_of(r->a, rng())), ip4_of(r->b, rng())),
			0xc0000200u + (r->b & 0xff));
		p = p16(p16(p, 1000u + r->a), 1000u + r->b);
		p = p32(p32(p, r->pkts), (uint32_t)r->frame * r->pkts);
		p = p32(p32(p, 30000), 59999);
		p = p16(p16(p, 443), 1024 + (unsigned)(rng() % 60000));
		p = p8(p8(p8(p8(p, 0), 0x10), 6), 0);
		p = p16(p16(p, asn_of(r->a) & 0xffff), asn_of(r->b) & 0xffff);
		p = p16(p8(p8(p, 24), 24), 0);
	}
	d->len = (uint16_t)(p - d->b);
	d->nrec = (uint16_t)o->per_dg;
}

/* ---- sequence numbers and time, patched at send time ---- */

struct numbers {
	uint32_t datagram, record, unix_s, uptime_ms;
};

/* By data source, that is by port the frame came in on. */
static uint32_t sample_sequence[65536], sample_pool[65536];

static void
patch(const struct opts *o, struct dgram *d, struct numbers n)
{
	uint8_t *p = d->b;
	const struct rec *r = &recs[(size_t)(d - ring) * o->per_dg];
	switch (o->kind) {
	case SFLOW:
		p32(p32(p + 16, n.datagram + 1), n.uptime_ms);
		p += 28;
		for (unsigned i = 0; i < o->per_dg; i++) {
			uint32_t len = ntohl(*(uint32_t *)(void *)(p + 4));
			unsigned source = r[i].a;
			p32(p + 8, ++sample_sequence[source]);
			p32(p + (o->expanded ? 24 : 20), sample_pool[source] += o->sampling);
			p += 8 + len;
		}
		break;
	case IPFIX:
		p = p16(p16(p, 10), d->len);
		p32(p32(p32(p, n.unix_s), n.record), 1);
		break;
	case NF9:
		p = p16(p16(p, 9), d->nrec ? d->nrec : 4);
		p32(p32(p32(p32(p, n.uptime_ms + 60000), n.unix_s), n.datagram), 1);
		break;
	case NF5:
		p = p16(p16(p, 5), d->nrec);
		p = p32(p32(p32(p32(p, n.uptime_ms + 60000), n.unix_s), 0), n.record);
		p16(p8(p8(p, 0), 0), 0x4000u | (o->sampling & 0x3fff));
		break;
	}
}

/* ---- pcap output (LINKTYPE_RAW IPv4) ---- */

static FILE *
pcap_open(const char *f)
{
	FILE *fp = fopen(f, "wb");
	if (!fp) {
		perror(f);
		exit(1);
	}
	uint32_t h[6] = {0xa1b2c3d4u, 2 | 4 << 16, 0, 0, 65535, 101};
	fwrite(h, 4, 6, fp);
	return fp;
}

static void
pcap_put(FILE *fp, const struct dgram *d, unsigned port, uint64_t n)
{
	uint8_t h[28], *p = h;
	uint32_t ph[4] = {1700000000u + (uint32_t)(n / 1000), (uint32_t)(n % 1000) * 1000,
			  28u + d->len, 28u + d->len};
	p = p16(p16(p, 0x4500), 28u + d->len);
	p = p32(p, 0);
	p = p16(p16(p, 0x4011), 0);
	p = p32(p32(p, 0xc0000201u), 0xc0000202u);
	p16(h + 10, cksum(h, 20));
	p = p16(p16(p16(p16(p, 50000), port), 8u + d->len), 0);
	fwrite(ph, 4, 4, fp);
	fwrite(h, 1, 28, fp);
	fwrite(d->b, 1, d->len, fp);
}

static void
on_sig(int s)
{
	(void)s;
	stop = 1;
}

static void
usage(void)
{
	fputs("flowgen -k sflow|ipfix|nf9|nf5 [-d host] -p port [options]\n"
	      "  -m N   members (64)          -s N  records per datagram (max that fits)\n"
	      "  -v N   802.1Q VLAN, 0 none (100)   -6 N  percent IPv6 (20)\n"
	      "  -S N   sampling rate (10000) -e    sFlow expanded samples\n"
	      "  -g     sFlow extended gateway (AS path)   -w  sFlow extended switch\n"
	      "  -r R   records per second, 0 unpaced (0)  -t S  seconds   -n N  data datagrams\n"
	      "  -T N   templates every N datagrams (1000) -G N  lose every N-th datagram\n"
	      "  -b N   sendmmsg batch (64)   -R N  ring of distinct datagrams (4096)   -x SEED\n"
	      "  -W F   write a pcap instead of sending    -M F  write the sent matrix as CSV\n",
	      stderr);
	exit(2);
}

/* ---- options ---- */

static enum kind
read_kind(const char *name)
{
	static const char *const names[] = {"sflow", "ipfix", "nf9", "nf5"};
	for (int i = 0; i < 4; i++)
		if (!strcmp(name, names[i]))
			return (enum kind)i;
	usage();
	return SFLOW;
}

static void
read_option(struct opts *o, int letter, const char *arg)
{
	switch (letter) { // NOLINT(readability-function-size): a letter a line
	case 'k':
		o->kind = read_kind(arg);
		break;
	case 'd':
		o->host = arg;
		break;
	case 'p':
		o->port = arg;
		break;
	case 'm':
		o->members = (unsigned)atoi(arg);
		break;
	case 's':
		o->per_dg = (unsigned)atoi(arg);
		break;
	case 'v':
		o->vlan = (unsigned)atoi(arg);
		break;
	case '6':
		o->ipv6_pct = (unsigned)atoi(arg);
		break;
	case 'S':
		o->sampling = (uint32_t)strtoul(arg, NULL, 10);
		break;
	case 'e':
		o->expanded = true;
		break;
	case 'g':
		o->gateway = true;
		break;
	case 'w':
		o->with_switch = true;
		break;
	case 'r':
		o->rate = atof(arg);
		break;
	case 't':
		o->seconds = atof(arg);
		break;
	case 'n':
		o->dgrams = strtoull(arg, NULL, 10);
		break;
	case 'T':
		o->tmpl_every = (unsigned)atoi(arg);
		break;
	case 'G':
		o->gap_every = (unsigned)atoi(arg);
		break;
	case 'b':
		o->batch = (unsigned)atoi(arg);
		break;
	case 'R':
		o->ring = (unsigned)atoi(arg);
		break;
	case 'x':
		o->seed = strtoull(arg, NULL, 10);
		break;
	case 'W':
		o->pcap = arg;
		break;
	case 'M':
		o->matrix = arg;
		break;
	default:
		usage();
	}
}

/* The largest record or sample, and so how many fit. */
static void
fit_records(struct opts *o)
{
	unsigned one = o->kind == NF5 ? 48u : o->kind == IPFIX ? 101u : 93u; /* worst case: IPv6 */
	unsigned header = o->kind == SFLOW ? 28u : o->kind == NF5 ? 24u : 40u;
	if (o->kind == SFLOW)
		one = 8u + 32 + 8 + 16 + 128 + (o->expanded ? 12 : 0) + (o->with_switch ? 24 : 0) +
		      (o->gateway ? 56 : 0);
	unsigned fit = (MAXDG - header) / one;
	if (o->kind == NF5 && fit > 30)
		fit = 30;
	if (!o->per_dg || o->per_dg > fit)
		o->per_dg = fit;
}

static struct opts
read_options(int argc, char **argv)
{
	struct opts o = {.kind = SFLOW,
			 .host = "127.0.0.1",
			 .members = 64,
			 .batch = 64,
			 .ring = 4096,
			 .vlan = 100,
			 .ipv6_pct = 20,
			 .tmpl_every = 1000,
			 .sampling = 10000,
			 .seed = 1};
	int letter;
	while ((letter = getopt(argc, argv, "k:d:p:m:s:v:6:S:egwr:t:n:T:G:b:R:x:W:M:")) != -1)
		read_option(&o, letter, optarg);
	if (!o.port || !o.members || o.members > 65535 || !o.batch || o.batch > BATCH_MAX ||
	    !o.ring || o.ring > RING_MAX || o.sampling == 0)
		usage();
	if (o.kind == NF5)
		o.ipv6_pct = 0;
	fit_records(&o);
	return o;
}

/* ---- the ring ---- */

static void *
need(void *memory)
{
	if (!memory) {
		perror("memory");
		exit(1);
	}
	return memory;
}

static void
build_ring(const struct opts *o)
{
	double *cdf = need(malloc(o->members * sizeof *cdf)), acc = 0;
	ring = need(calloc(o->ring + 1u, sizeof *ring));
	recs = need(calloc((size_t)(o->ring + 1u) * o->per_dg, sizeof *recs));
	sent_of = need(calloc(o->ring, sizeof *sent_of));
	rng_state = o->seed;
	for (unsigned i = 0; i < o->members; i++)
		cdf[i] = acc += 1.0 / (i + 1);
	uint64_t ms = (uint64_t)time(NULL) * 1000;
	for (unsigned i = 0; i < o->ring; i++) {
		struct rec *r = recs + (size_t)i * o->per_dg;
		for (unsigned j = 0; j < o->per_dg; j++)
			draw(o, cdf, &r[j]);
		if (o->kind == SFLOW)
			build_sflow(o, &ring[i], r);
		else if (o->kind == NF5)
			build_nf5(o, &ring[i], r);
		else
			build_flow(o, &ring[i], r, ms);
	}
	if (o->kind == IPFIX || o->kind == NF9)
		build_templates(o, &ring[o->ring]);
	free(cdf);
}

/* ---- sending ---- */

struct sender {
	const struct opts *o;
	int fd;     /* -1: to the file */
	FILE *pcap; /* NULL: to the network */
	struct numbers next;
	unsigned slot;
	bool templates;          /* this kind has them */
	uint64_t last_templates; /* data datagrams when they were last sent */
	uint64_t started_ns;
	uint64_t datagrams, data_datagrams, lost_datagrams, lost_records, bytes, calls, refused;
	unsigned queued;
	struct mmsghdr messages[BATCH_MAX];
	struct iovec parts[BATCH_MAX];
};

static int
dial(const struct opts *o)
{
	struct addrinfo h = {.ai_socktype = SOCK_DGRAM}, *ai;
	int e = getaddrinfo(o->host, o->port, &h, &ai);
	if (e) {
		fprintf(stderr, "%s: %s\n", o->host, gai_strerror(e));
		exit(1);
	}
	int fd = socket(ai->ai_family, ai->ai_socktype, 0), size = 8 << 20;
	if (fd < 0 || connect(fd, ai->ai_addr, ai->ai_addrlen)) {
		perror("connect");
		exit(1);
	}
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	freeaddrinfo(ai);
	return fd;
}

/* Gives the datagram its numbers and moves them on, as if it were sent. */
static void
number(struct sender *s, struct dgram *d)
{
	const struct opts *o = s->o;
	patch(o, d, s->next);
	s->next.datagram++;
	/* The record of options counts, too (RFC 7011 section 3.1). */
	s->next.record += d->nrec + (o->kind == IPFIX && d == &ring[o->ring] ? 1u : 0u);
}

static void
queue(struct sender *s, struct dgram *d)
{
	s->bytes += d->len;
	s->datagrams++;
	if (s->pcap) {
		pcap_put(s->pcap, d, (unsigned)atoi(s->o->port), s->datagrams - 1);
		return;
	}
	s->parts[s->queued] = (struct iovec){d->b, d->len};
	s->messages[s->queued].msg_hdr =
		(struct msghdr){.msg_iov = &s->parts[s->queued], .msg_iovlen = 1};
	s->queued++;
}

/* The next datagram of the ring, sent or lost. */
static void
take_slot(struct sender *s)
{
	const struct opts *o = s->o;
	struct dgram *d = &ring[s->slot];
	s->data_datagrams++;
	number(s, d);
	if (o->gap_every && s->data_datagrams % o->gap_every == 0) {
		s->lost_datagrams++;
		s->lost_records += d->nrec;
	} else {
		sent_of[s->slot]++;
		queue(s, d);
	}
	s->slot = s->slot + 1 == o->ring ? 0 : s->slot + 1;
}

/* Fills a batch. It never holds a slot twice, so numbers can be patched in place. */
static bool
fill(struct sender *s)
{
	const struct opts *o = s->o;
	unsigned most = o->batch < o->ring ? o->batch : o->ring;
	uint64_t before = s->data_datagrams;
	if (s->templates && (before == 0 || before - s->last_templates >= o->tmpl_every)) {
		s->last_templates = before;
		number(s, &ring[o->ring]);
		queue(s, &ring[o->ring]);
		most--;
	}
	for (unsigned i = 0; i < most && (!o->dgrams || s->data_datagrams < o->dgrams); i++)
		take_slot(s);
	return s->data_datagrams != before;
}

static void
flush(struct sender *s)
{
	for (unsigned k = 0; k < s->queued && !stop;) {
		int w = sendmmsg(s->fd, s->messages + k, s->queued - k, 0);
		s->calls++;
		if (w > 0)
			k += (unsigned)w;
		else if (errno == ECONNREFUSED)
			s->refused++;
		else if (errno == ENOBUFS || errno == EAGAIN)
			usleep(50);
		else if (errno != EINTR) {
			perror("sendmmsg");
			exit(1);
		}
	}
	s->queued = 0;
}

static void
pace(const struct sender *s)
{
	const struct opts *o = s->o;
	if (o->rate <= 0 || s->pcap)
		return;
	uint64_t due =
		s->started_ns + (uint64_t)((double)s->data_datagrams * o->per_dg / o->rate * 1e9);
	if (due <= now_ns() + 20000)
		return;
	struct timespec ts = {(time_t)(due / 1000000000u), (long)(due % 1000000000u)};
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

static void
send_all(struct sender *s)
{
	const struct opts *o = s->o;
	s->started_ns = now_ns();
	while (!stop) {
		uint64_t t = now_ns() - s->started_ns;
		if (o->seconds > 0 && (double)t > o->seconds * 1e9)
			break;
		s->next.unix_s = (uint32_t)time(NULL);
		s->next.uptime_ms = (uint32_t)(t / 1000000);
		bool more = fill(s);
		flush(s);
		if (!more)
			break;
		pace(s);
	}
}

/* ---- what was sent ---- */

static void
report(const struct sender *s)
{
	const struct opts *o = s->o;
	double seconds = (double)(now_ns() - s->started_ns) / 1e9;
	uint64_t records = 0, octets = 0, packets = 0;
	for (unsigned i = 0; i < o->ring; i++)
		for (unsigned j = 0; j < o->per_dg; j++) {
			const struct rec *r = &recs[(size_t)i * o->per_dg + j];
			uint64_t k = sent_of[i], q = o->kind == SFLOW ? 1 : r->pkts;
			records += k;
			packets += k * q;
			octets += k * q * r->frame;
		}
	printf("datagrams %" PRIu64 " records %" PRIu64 " per_dgram %u lost_datagrams %" PRIu64
	       " lost_records %" PRIu64 " bytes %" PRIu64
	       " seconds %.3f records/s %.0f calls %" PRIu64 " refused %" PRIu64 "\n",
	       s->datagrams, records, o->per_dg, s->lost_datagrams, s->lost_records, s->bytes,
	       seconds, (double)records / seconds, s->calls, s->refused);
	printf("truth packets %" PRIu64 " octets %" PRIu64 " scaled_packets %" PRIu64
	       " scaled_octets %" PRIu64 "\n",
	       packets, octets, packets * o->sampling, octets * o->sampling);
}

struct cell {
	uint64_t records, packets, octets;
};

static struct cell *
make_matrix(const struct opts *o)
{
	struct cell *matrix = need(calloc((size_t)o->members * o->members * 2, sizeof *matrix));
	for (unsigned i = 0; i < o->ring; i++)
		for (unsigned j = 0; j < o->per_dg; j++) {
			const struct rec *r = &recs[(size_t)i * o->per_dg + j];
			uint64_t k = sent_of[i], q = o->kind == SFLOW ? 1 : r->pkts;
			struct cell *c = &matrix[((size_t)r->a * o->members + r->b) * 2 + r->v6];
			c->records += k;
			c->packets += k * q;
			c->octets += k * q * r->frame;
		}
	return matrix;
}

static void
write_matrix(const struct opts *o)
{
	struct cell *matrix = make_matrix(o);
	FILE *f = fopen(o->matrix, "w");
	if (!f) {
		perror(o->matrix);
		exit(1);
	}
	fputs("src_mac,dst_mac,src_as,dst_as,vlan,ipver,records,packets,octets,sampling\n", f);
	for (size_t i = 0; i < (size_t)o->members * o->members * 2; i++) {
		const struct cell *c = &matrix[i];
		unsigned a = (unsigned)(i / 2 / o->members), b = (unsigned)(i / 2 % o->members);
		if (!c->records)
			continue;
		fprintf(f,
			"02:00:00:00:%02x:%02x,02:00:00:00:%02x:%02x,%u,%u,%u,%d,%" PRIu64
			",%" PRIu64 ",%" PRIu64 ",%u\n",
			a >> 8, a & 255, b >> 8, b & 255, asn_of(a), asn_of(b), o->vlan,
			i % 2 ? 6 : 4, c->records, c->packets, c->octets, o->sampling);
	}
	fclose(f);
	free(matrix);
}

int
main(int argc, char **argv)
{
	static struct sender s;
	struct opts o = read_options(argc, argv);
	build_ring(&o);
	s = (struct sender){.o = &o, .fd = -1, .templates = o.kind == IPFIX || o.kind == NF9};
	signal(SIGINT, on_sig);
	signal(SIGTERM, on_sig);
	if (o.pcap)
		s.pcap = pcap_open(o.pcap);
	else
		s.fd = dial(&o);
	send_all(&s);
	if (s.pcap)
		fclose(s.pcap);
	report(&s);
	if (o.matrix)
		write_matrix(&o);
	return 0;
}
