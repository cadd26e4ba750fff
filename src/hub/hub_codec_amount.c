/* Large sums of money in the hub file: whole units of a currency, 200M. */
#include "hub/hub_codec.h"

#include <inttypes.h>
#include <string.h>

static const struct {
	char letter;
	uint64_t units;
} sizes[] = {{'G', 1000000000u}, {'M', 1000000u}, {'k', 1000u}, {'\0', 1}};

/* Whole units of the largest currency amounts that are of use; in minor units they fit 63 bits. */
#define AMOUNT_MAX UINT64_C(1000000000000000)

static enum hub_outcome
read_amount(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	    void *out)
{
	(void)r;
	(void)item;
	char number[24];
	size_t length = strlen(node->text), i = 0;
	if (!length || length >= sizeof(number))
		return HUB_VALUE_BAD;
	while (sizes[i].letter && sizes[i].letter != node->text[length - 1])
		i++;
	memcpy(number, node->text, length + 1);
	if (sizes[i].letter)
		number[length - 1] = '\0';
	uint64_t value;
	if (!hub_read_number(number, AMOUNT_MAX / sizes[i].units, &value))
		return HUB_VALUE_BAD;
	*(uint64_t *)out = value * sizes[i].units;
	return HUB_VALUE_GOOD;
}

static void
write_amount(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	(void)item;
	uint64_t units = *(const uint64_t *)value;
	size_t i = 0;
	while (sizes[i].letter && (units % sizes[i].units || !units))
		i++;
	buf_printf(out, "%" PRIu64 "%.1s", units / sizes[i].units, &sizes[i].letter);
}

const struct hub_codec hub_codec_amount = {
	"whole units of a currency such as 200M (k, M, G or none)", sizeof(uint64_t), NULL,
	read_amount, write_amount};
