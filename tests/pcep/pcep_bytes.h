/* PCEP messages as hex for tests; those of FRR 8.4.4 were captured between its pathd and this
 * program. */
#pragma once

#include <stdlib.h>

#include "base/buf.h"

/* Appends `hex`; spaces count for nothing. */
__attribute__((unused)) static void
put_hex(struct buf *out, const char *hex)
{
	while (*hex) {
		if (*hex == ' ') {
			hex++;
			continue;
		}
		char pair[3] = {hex[0], hex[1], 0};
		buf_u8(out, (uint8_t)strtoul(pair, NULL, 16));
		hex += 2;
	}
}

#define FRR_OPEN                                                                                   \
	"20010028 01100024 20051400 00100004 00000005 00220010 00000001 01000000 001a0004 "        \
	"00000008"
#define FRR_KEEPALIVE "20020004"
/* EXP-exp, PLSP-ID 1, while all is told; 16001, 16002. */
#define FRR_REPORT                                                                                 \
	"200a0054 21120014 00000000 00000000 001c0004 00000001 20120028 00001042 00120010 "        \
	"0a63000b "                                                                                \
	"00000000 0a63000b 0a000009 00110007 4558502d65787000 07120014 2408000903e81000 "          \
	"2408000903e82000"
#define FRR_SYNCED                                                                                 \
	"200a0024 2012001c 00000000 00120010 00000000 00000000 00000000 00000000 07120004"
/* From 10.99.0.11 to 10.0.0.9, request 1. */
#define FRR_REQUEST                                                                                \
	"20030024 02120014 00000080 00000001 001c0004 00000001 0412000c 0a63000b 0a000009"
/* DYN-dyn, PLSP-ID 2, delegated; 16002 (10.0.0.2), 16009 (10.0.0.9). */
#define FRR_DELEGATES                                                                              \
	"200a005c 21120014 00000000 00000000 001c0004 00000001 20120028 000020c9 00120010 "        \
	"0a63000b "                                                                                \
	"00000000 0a63000b 0a000009 00110007 44594e2d64796e00 0712001c 240c100103e820000a000002 "  \
	"240c100103e890000a000009"
/* The path that was asked for is there: SRP-ID 2, PLSP-ID 3, "made". */
#define FRR_MADE                                                                                   \
	"200a0058 21120014 00000000 00000002 001c0004 00000001 20120024 000030c9 00120010 "        \
	"0a63000b "                                                                                \
	"00000000 0a63000b 0a000009 00110004 6d616465 0712001c 240c100103e820000a000002 "          \
	"240c100103e890000a000009"
