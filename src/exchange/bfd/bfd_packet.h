/* BFD Control packets (RFC 5880 section 4.1). Pure: octets in, values out. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"

enum bfd_state { BFD_ADMIN_DOWN, BFD_DOWN, BFD_INIT, BFD_UP };

enum bfd_diagnostic {
	BFD_DIAGNOSTIC_NONE,
	BFD_DIAGNOSTIC_EXPIRED = 1,   /* nothing was heard for the detection time */
	BFD_DIAGNOSTIC_NEIGHBOUR = 3, /* the neighbour said it is down */
	BFD_DIAGNOSTIC_ADMIN = 7,
};

struct bfd_packet {
	uint8_t diagnostic, state; /* any 5-bit number; enum bfd_state */
	bool poll, final, demand;
	uint8_t multiplier;                         /* not 0 */
	uint32_t discriminator, your_discriminator; /* the sender's own, not 0; ours, or 0 */
	uint32_t transmit_us, receive_us; /* intervals: desired to send, required to hear */
};

/* Why a packet is dropped (RFC 5880 section 6.8.6, in its order). */
enum bfd_fault {
	BFD_FAULT_NONE,
	BFD_FAULT_VERSION,
	BFD_FAULT_LENGTH, /* too short, or longer than the datagram */
	BFD_FAULT_MULTIPLIER,
	BFD_FAULT_MULTIPOINT,
	BFD_FAULT_DISCRIMINATOR,
	BFD_FAULT_STATE,         /* up without knowing us */
	BFD_FAULT_AUTHENTICATED, /* which we never are */
	BFD_FAULT_DISTANCE,      /* TTL below 255, RFC 5881 section 5 */
	BFD_FAULT_UNKNOWN,       /* from nobody that we expect */
	BFD_FAULTS,
};

enum { BFD_PACKET = 24 }; /* octets of one without authentication */

/* Reads a datagram. BFD_FAULT_NONE and *out, or what is wrong with it. */
enum bfd_fault bfd_packet_read(struct bfd_packet *out, struct cursor datagram);
void bfd_packet_write(uint8_t out[BFD_PACKET], const struct bfd_packet *packet);

/* "up", "admin-down": for the log and for those who look. */
const char *bfd_state_name(uint8_t state);
/* "control detection time expired"; static text. */
const char *bfd_diagnostic_text(uint8_t diagnostic);
