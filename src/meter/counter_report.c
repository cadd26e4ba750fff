/* Fields of a report, from text. */
#include "meter/counter_report.h"

#include <stdio.h>
#include <string.h>

enum field {
	PORT,
	EXPORTER,
	INTERFACE,
	IF_INDEX,
	TIME,
	IN_OCTETS,
	OUT_OCTETS,
	IN_PACKETS,
	OUT_PACKETS,
	IN_ERRORS,
	OUT_ERRORS,
	IN_DISCARDS,
	OUT_DISCARDS,
	WIDTH,
	SPEED,
	UPTIME_MS,
	DISCONTINUITY,
};

/* The name of each thing that can be told: "in_octets". */
static const char *const field_names[COUNTER_FIELDS] = {
	[PORT] = "port",
	[EXPORTER] = "exporter",
	[INTERFACE] = "interface",
	[IF_INDEX] = "if_index",
	[TIME] = "time",
	[IN_OCTETS] = "in_octets",
	[OUT_OCTETS] = "out_octets",
	[IN_PACKETS] = "in_packets",
	[OUT_PACKETS] = "out_packets",
	[IN_ERRORS] = "in_errors",
	[OUT_ERRORS] = "out_errors",
	[IN_DISCARDS] = "in_discards",
	[OUT_DISCARDS] = "out_discards",
	[WIDTH] = "width",
	[SPEED] = "speed",
	[UPTIME_MS] = "uptime_ms",
	[DISCONTINUITY] = "discontinuity",
};

void
counter_report_init(struct counter_report *r, enum traffic_source source)
{
	r->port[0] = r->exporter[0] = r->interface[0] = '\0';
	r->if_index = 0;
	r->has_time = false;
	r->time = (struct utc_s){0};
	r->reading = (struct counter_reading){.source = source};
	for (int i = 0; i < COUNTER_VALUES; i++)
		r->reading.value[i] = counter_not_told;
}

int
counter_field_by_name(const char *name, size_t length)
{
	for (int i = 0; i < COUNTER_FIELDS; i++)
		if (strlen(field_names[i]) == length && memcmp(field_names[i], name, length) == 0)
			return i;
	return -1;
}

/* A whole number up to `most`, in decimal digits and nothing else. */
static bool
read_number(uint64_t *out, const char *text, size_t length, uint64_t most)
{
	uint64_t value = 0;
	if (!length)
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned digit = (unsigned)(text[i] - '0');
		if (digit > 9 || value > (most - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return true;
}

/* Seconds since 1970, a fraction of which is left away; or "2026-11-21T12:00:00Z". */
static bool
read_time(struct utc_s *out, const char *text, size_t length)
{
	char copy[CLOCK_TEXT];
	uint64_t seconds, fraction;
	const char *point = memchr(text, '.', length);
	size_t whole = point ? (size_t)(point - text) : length;
	if (read_number(&seconds, text, whole, INT32_MAX * UINT64_C(1000)) &&
	    (!point || read_number(&fraction, point + 1, length - whole - 1, UINT64_MAX))) {
		out->s = (int64_t)seconds;
		return true;
	}
	if (length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	return strchr(copy, 'T') && utc_parse(out, copy) == 0 && out->s >= 0;
}

static bool
read_name(char out[COUNTER_NAME_MAX], const char *text, size_t length)
{
	if (length >= COUNTER_NAME_MAX || memchr(text, '\0', length))
		return false;
	memcpy(out, text, length);
	out[length] = '\0';
	return true;
}

static bool
read_u32(uint32_t *out, const char *text, size_t length)
{
	uint64_t value;
	if (!read_number(&value, text, length, UINT32_MAX))
		return false;
	*out = (uint32_t)value;
	return true;
}

static bool
read_width(uint8_t *out, const char *text, size_t length)
{
	uint64_t value;
	if (!read_number(&value, text, length, 64) || (value != 32 && value != 64))
		return false;
	*out = (uint8_t)value;
	return true;
}

static bool
set(struct counter_report *r, enum field field, const char *text, size_t length)
{
	struct counter_reading *reading = &r->reading;
	switch (field) {
	case PORT:
		return read_name(r->port, text, length);
	case EXPORTER:
		return read_name(r->exporter, text, length);
	case INTERFACE:
		return read_name(r->interface, text, length);
	case IF_INDEX:
		return read_u32(&r->if_index, text, length);
	case TIME:
		r->has_time = read_time(&r->time, text, length);
		return r->has_time;
	case WIDTH:
		return read_width(&reading->width, text, length);
	case SPEED:
		return read_number(&reading->speed_bps, text, length, UINT64_MAX);
	case UPTIME_MS:
		reading->has_uptime = read_u32(&reading->uptime_ms, text, length);
		return reading->has_uptime;
	case DISCONTINUITY:
		return read_u32(&reading->discontinuity, text, length);
	default:
		/* The values stand in the order of enum counter_value; all ones are "not told". */
		return read_number(&reading->value[field - IN_OCTETS], text, length,
				   UINT64_MAX - 1);
	}
}

int
counter_report_set(struct counter_report *r, int field, const char *text, size_t length,
		   char why[COUNTER_REASON])
{
	if (!length || set(r, (enum field)field, text, length))
		return 0;
	(void)snprintf(why, COUNTER_REASON, "%s: \"%.*s\" is none", field_names[field],
		       length > 40 ? 40 : (int)length, text);
	return -1;
}
