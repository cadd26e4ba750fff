/* Money and dates of the hub file: exact, in integers. */
#include "hub/hub_codec.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum hub_outcome
read_currency(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	      void *out)
{
	(void)r;
	(void)item;
	struct currency currency;
	if (strlen(node->text) != 3 || currency_parse(&currency, node->text) < 0 ||
	    !currency_is_known(currency))
		return HUB_VALUE_BAD;
	*(struct currency *)out = currency;
	return HUB_VALUE_GOOD;
}

static void
write_currency(const struct hub *hub, const struct hub_item *item, const void *value,
	       struct buf *out)
{
	(void)hub;
	(void)item;
	buf_str(out, ((const struct currency *)value)->code);
}

static enum hub_outcome
read_date(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node, void *out)
{
	(void)r;
	(void)item;
	struct utc_s t;
	if (utc_parse(&t, node->text) < 0 || t.s <= 0)
		return HUB_VALUE_BAD;
	*(struct utc_s *)out = t;
	return HUB_VALUE_GOOD;
}

static void
write_date(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	(void)item;
	char text[CLOCK_TEXT];
	struct utc_s t = *(const struct utc_s *)value;
	utc_format(text, t);
	buf_put(out, text, t.s % 86400 ? strlen(text) : strlen("2026-11-21"));
}

/* A day of which zone is not known here: the second is. */
static void
write_moment(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	(void)item;
	char text[CLOCK_TEXT];
	buf_str(out, utc_format(text, *(const struct utc_s *)value));
}

static void
none_price(void *out)
{
	*(struct price *)out = (struct price){.micro = -1};
}

static enum hub_outcome
read_price(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	   void *out)
{
	(void)r;
	(void)item;
	struct price price = {0};
	if (micro_parse(&price.micro, node->text) < 0)
		return HUB_VALUE_BAD;
	*(struct price *)out = price;
	return HUB_VALUE_GOOD;
}

/* A number of millionths, without zeros at the end. */
static void
write_micro(int64_t micro, struct buf *out)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%" PRId64 ".%06" PRId64, micro / 1000000,
			      micro % 1000000);
	while (length > 0 && text[length - 1] == '0')
		length--;
	if (length > 0 && text[length - 1] == '.')
		length--;
	buf_put(out, text, (size_t)length);
}

static void
write_price(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	(void)item;
	write_micro(((const struct price *)value)->micro, out);
}

/* What one of the whole numbers kept stands for, in millionths of a percent. */
enum { HUNDREDTH_PERCENT = 10000, PPM = 100 };

static enum hub_outcome
read_parts(const struct hub_item *item, const struct hub_node *node, int64_t part, void *out)
{
	int64_t micro;
	if (micro_parse(&micro, node->text) < 0 || micro % part || micro / part > item->max)
		return HUB_VALUE_BAD;
	*(uint32_t *)out = (uint32_t)(micro / part);
	return HUB_VALUE_GOOD;
}

static enum hub_outcome
read_percent(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	     void *out)
{
	(void)r;
	return read_parts(item, node, HUNDREDTH_PERCENT, out);
}

static void
write_percent(const struct hub *hub, const struct hub_item *item, const void *value,
	      struct buf *out)
{
	(void)hub;
	(void)item;
	write_micro((int64_t) * (const uint32_t *)value * HUNDREDTH_PERCENT, out);
}

static enum hub_outcome
read_ppm(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node, void *out)
{
	(void)r;
	return read_parts(item, node, PPM, out);
}

static void
write_ppm(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	(void)item;
	write_micro((int64_t) * (const uint32_t *)value * PPM, out);
}

const struct hub_codec hub_codec_currency = {"a currency of ISO 4217 such as USD",
					     sizeof(struct currency), NULL, read_currency,
					     write_currency};
const struct hub_codec hub_codec_date = {"a date such as 2026-11-01, or 2026-11-01T12:00:00Z",
					 sizeof(struct utc_s), NULL, read_date, write_date};
const struct hub_codec hub_codec_moment = {"a date such as 2026-11-01, or 2026-11-01T12:00:00Z",
					   sizeof(struct utc_s), NULL, read_date, write_moment};
const struct hub_codec hub_codec_price = {"an amount of at most six decimals such as 0.35",
					  sizeof(struct price), none_price, read_price,
					  write_price};
const struct hub_codec hub_codec_percent = {
	"a percentage of at most two decimals such as 18 or 7.25", sizeof(uint32_t), NULL,
	read_percent, write_percent};
const struct hub_codec hub_codec_ppm = {
	"a percentage of at most four decimals such as 99.9 or 99.9995", sizeof(uint32_t), NULL,
	read_ppm, write_ppm};
