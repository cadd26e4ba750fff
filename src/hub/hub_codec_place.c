/* A place on the globe: longitude and latitude in degrees, as one word. */
#include <math.h>
#include <string.h>

#include "hub/hub_codec.h"

enum { PLACE_TEXT = 84 };

static void
none_place(void *out)
{
	*(struct hub_place *)out = (struct hub_place){(double)NAN, (double)NAN};
}

static enum hub_outcome
read_place(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	   void *out)
{
	char text[PLACE_TEXT];
	struct hub_place place;
	(void)r;
	(void)item;
	size_t length = strlen(node->text);
	if (length >= sizeof(text))
		return HUB_VALUE_BAD;
	memcpy(text, node->text, length + 1);
	char *slash = strchr(text, '/');
	if (!slash)
		return HUB_VALUE_BAD;
	*slash = '\0';
	if (!hub_read_decimal(text, &place.longitude) ||
	    !hub_read_decimal(slash + 1, &place.latitude) || fabs(place.longitude) > 180 ||
	    fabs(place.latitude) > 90)
		return HUB_VALUE_BAD;
	*(struct hub_place *)out = place;
	return HUB_VALUE_GOOD;
}

static void
write_place(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	const struct hub_place *place = value;
	(void)hub;
	(void)item;
	hub_write_decimal(place->longitude, out);
	buf_u8(out, '/');
	hub_write_decimal(place->latitude, out);
}

const struct hub_codec hub_codec_place = {"longitude/latitude in degrees such as 49.67/40.59",
					  sizeof(struct hub_place), none_place, read_place,
					  write_place};
