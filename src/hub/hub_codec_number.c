/* Numbers of the hub file: yes and no, counts, decimals, speeds. */
#include "hub/hub_codec.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool
hub_read_number(const char *text, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;
	if (!*text)
		return false;
	for (; *text; text++) {
		if (!isdigit((unsigned char)*text))
			return false;
		value = value * 10 + (uint64_t)(*text - '0');
		if (value > max)
			return false;
	}
	*out = value;
	return true;
}

static enum hub_outcome
read_bool(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node, void *out)
{
	static const char *const yes[] = {"true", "yes", "on"}, *const no[] = {"false", "no",
									       "off"};
	(void)r;
	(void)item;
	for (size_t i = 0; i < 3; i++) {
		if (strcasecmp(node->text, yes[i]) == 0 || strcasecmp(node->text, no[i]) == 0) {
			*(bool *)out = strcasecmp(node->text, yes[i]) == 0;
			return HUB_VALUE_GOOD;
		}
	}
	return HUB_VALUE_BAD;
}

static void
write_bool(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	(void)item;
	buf_str(out, *(const bool *)value ? "true" : "false");
}

static enum hub_outcome
read_count(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	   void *out)
{
	(void)r;
	uint64_t value;
	if (!hub_read_number(node->text, (uint64_t)item->max, &value) || (int64_t)value < item->min)
		return HUB_VALUE_BAD;
	if (item->size == 1)
		*(uint8_t *)out = (uint8_t)value;
	else if (item->size == 2)
		*(uint16_t *)out = (uint16_t)value;
	else
		*(uint32_t *)out = (uint32_t)value;
	return HUB_VALUE_GOOD;
}

static void
write_count(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	uint32_t number = item->size == 1   ? *(const uint8_t *)value
			  : item->size == 2 ? *(const uint16_t *)value
					    : *(const uint32_t *)value;
	buf_printf(out, "%" PRIu32, number);
}

static void
none_decimal(void *out)
{
	*(double *)out = (double)NAN;
}

static bool
looks_decimal(const char *text)
{
	if (*text == '-')
		text++;
	if (!isdigit((unsigned char)*text))
		return false;
	while (isdigit((unsigned char)*text))
		text++;
	if (*text == '.') {
		text++;
		if (!isdigit((unsigned char)*text))
			return false;
		while (isdigit((unsigned char)*text))
			text++;
	}
	return *text == '\0';
}

bool
hub_read_decimal(const char *text, double *out)
{
	if (!looks_decimal(text) || strlen(text) > 40)
		return false;
	*out = strtod(text, NULL);
	return true;
}

void
hub_write_decimal(double number, struct buf *out)
{
	char text[400];
	for (int places = 0; places <= 40; places++) {
		(void)snprintf(text, sizeof(text), "%.*f", places, number);
		if (strtod(text, NULL) == number)
			break;
	}
	buf_str(out, text);
}

static enum hub_outcome
read_decimal(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	     void *out)
{
	(void)r;
	double value;
	if (!hub_read_decimal(node->text, &value))
		return HUB_VALUE_BAD;
	if (value < (double)item->min || value > (double)item->max)
		return HUB_VALUE_BAD;
	*(double *)out = value;
	return HUB_VALUE_GOOD;
}

static void
write_decimal(const struct hub *hub, const struct hub_item *item, const void *value,
	      struct buf *out)
{
	(void)hub;
	(void)item;
	hub_write_decimal(*(const double *)value, out);
}

static const struct {
	char letter;
	uint64_t bps;
} speed_units[] = {{'T', 1000000000000u}, {'G', 1000000000u}, {'M', 1000000u}, {'k', 1000u}};

static enum hub_outcome
read_speed(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	   void *out)
{
	(void)r;
	(void)item;
	char number[24];
	size_t length = strlen(node->text);
	if (length < 2 || length > sizeof(number))
		return HUB_VALUE_BAD;
	memcpy(number, node->text, length - 1);
	number[length - 1] = '\0';
	int64_t micro;
	if (micro_parse(&micro, number) < 0)
		return HUB_VALUE_BAD;
	for (size_t i = 0; i < sizeof(speed_units) / sizeof(speed_units[0]); i++) {
		if (speed_units[i].letter != node->text[length - 1])
			continue;
		/* Whole kbit/s from 1k to 1000T; the product stays below 2^63. */
		uint64_t unit = speed_units[i].bps;
		if ((uint64_t)micro > 1000000u * (1000000000000000u / unit))
			return HUB_VALUE_BAD;
		uint64_t kilo_micro = (uint64_t)micro * (unit / 1000);
		if (!kilo_micro || kilo_micro % 1000000)
			return HUB_VALUE_BAD;
		*(uint64_t *)out = kilo_micro / 1000000 * 1000;
		return HUB_VALUE_GOOD;
	}
	return HUB_VALUE_BAD;
}

static void
write_speed(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	(void)item;
	uint64_t bps = *(const uint64_t *)value;
	size_t i = 0;
	while (i < 3 && (bps % speed_units[i].bps || !bps))
		i++;
	buf_printf(out, "%" PRIu64 "%c", bps / speed_units[i].bps, speed_units[i].letter);
}

const struct hub_codec hub_codec_bool = {"yes or no", sizeof(bool), NULL, read_bool, write_bool};
const struct hub_codec hub_codec_count = {"a whole number", 0, NULL, read_count, write_count};
const struct hub_codec hub_codec_decimal = {"a number", sizeof(double), none_decimal, read_decimal,
					    write_decimal};
const struct hub_codec hub_codec_speed = {"a speed such as 10G (k, M, G or T bit/s)",
					  sizeof(uint64_t), NULL, read_speed, write_speed};
