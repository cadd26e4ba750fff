/* Reads the UDP payloads out of a pcap file (Ethernet, IPv4 or IPv6, not fragmented), for tests. */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "base/ip.h"

struct capture_datagram {
	struct ip source;
	uint16_t port; /* it was sent to */
	struct cursor payload;
};

struct capture {
	uint8_t *bytes;
	struct cursor in;
	uint32_t link_type;
};

static uint32_t
capture_u32(struct cursor *c)
{
	uint32_t value;
	cursor_copy(c, &value, sizeof(value)); /* as the little-endian machine wrote it */
	return value;
}

/* False if there is no such capture. */
static bool
capture_open(struct capture *out, const char *path)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		return false;
	enum { MOST = 8 << 20 };
	out->bytes = malloc(MOST);
	size_t length = out->bytes ? fread(out->bytes, 1, MOST, f) : 0;
	fclose(f);
	out->in = cursor_of(out->bytes, length);
	bool ours = capture_u32(&out->in) == 0xa1b2c3d4;
	cursor_skip(&out->in, 16);
	out->link_type = capture_u32(&out->in);
	return ours && !out->in.failed;
}

static void
capture_close(struct capture *c)
{
	free(c->bytes);
}

/* The next UDP datagram, or false at the end. */
static bool
capture_next(struct capture *c, struct capture_datagram *out)
{
	while (cursor_left(&c->in) >= 16) {
		cursor_skip(&c->in, 8);
		struct cursor p = cursor_sub(&c->in, capture_u32(&c->in));
		cursor_skip(&c->in, 4);
		/* The original length stands after the captured one, before the octets. */
		p.at += 4;
		p.end += 4;
		if (c->link_type == 1) {
			cursor_skip(&p, 12);
			uint16_t type = cursor_u16(&p);
			if (type == 0x8100) {
				cursor_skip(&p, 2);
				type = cursor_u16(&p);
			}
			if (type != 0x0800 && type != 0x86dd)
				continue;
		}
		uint8_t version = p.at < p.end ? p.at[0] >> 4 : 0;
		if (version == 4) {
			unsigned header = (p.at[0] & 15) * 4u;
			struct cursor ip = p;
			cursor_skip(&ip, 12);
			out->source = ip_v4(cursor_u32(&ip));
			cursor_skip(&p, header);
		} else {
			cursor_skip(&p, 8);
			const uint8_t *source = cursor_take(&p, 16);
			cursor_skip(&p, 16);
			if (source)
				out->source = ip_v6(source);
		}
		cursor_skip(&p, 2);
		out->port = cursor_u16(&p);
		uint16_t length = cursor_u16(&p);
		cursor_skip(&p, 2);
		out->payload = cursor_sub(&p, length < 8 ? 0 : length - 8u);
		if (!p.failed)
			return true;
	}
	return false;
}
