/* Messages, objects and TLVs as frames (RFC 5440 sections 6.1, 7.1 and 7.2); what is in them is for
 * the other files. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"

struct pcep_header {
	uint8_t version, type;
	uint16_t length; /* whole message */
};

/* Reads the first four octets. False: a length that no message can have, so that nobody knows where
 * it ends. */
bool pcep_header_read(struct pcep_header *out, struct cursor octets);

struct pcep_object {
	uint8_t class, type;
	bool must;          /* P flag: it is to be taken into account */
	struct cursor body; /* without the header */
};

/* Takes the next object. False at the end, and where one does not end within the list: then
 * list->failed. */
bool pcep_object_next(struct pcep_object *out, struct cursor *list);

struct pcep_tlv {
	uint16_t type;
	struct cursor value; /* without padding */
};

/* The same for TLVs; padding goes to whole words, but the last may lack it. */
bool pcep_tlv_next(struct pcep_tlv *out, struct cursor *list);

/* Writes a frame: what pcep_*_begin gave is handed to pcep_*_end, which fills in the length.
 * Objects and TLVs are padded. */
size_t pcep_message_begin(struct buf *to, uint8_t type);
void pcep_message_end(struct buf *to, size_t start);
/* `flags`: PCEP_MUST or 0. */
enum { PCEP_MUST = 0x2 };
size_t pcep_object_begin(struct buf *to, uint8_t class, uint8_t type, uint8_t flags);
void pcep_object_end(struct buf *to, size_t start);
size_t pcep_tlv_begin(struct buf *to, uint16_t type);
void pcep_tlv_end(struct buf *to, size_t start);
void pcep_tlv_text(struct buf *to, uint16_t type, const char *text);
void pcep_tlv_u32(struct buf *to, uint16_t type, uint32_t value);

/* IEEE single floats, in which bandwidths and metrics travel. */
float pcep_float_read(struct cursor *c);
void pcep_float_write(struct buf *to, float value);
