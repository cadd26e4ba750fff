/* Communities in the hub file: patterns, and such as are put on routes. */
#include "hub/hub_codec.h"

#include <stddef.h>
#include <string.h>

#include "hub/hub_community.h"

enum { PATTERN_SIZE = offsetof(struct hub_community, ms) - offsetof(struct hub_community, form) };

static enum hub_outcome
read_community(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	       void *out)
{
	struct hub_community *c = (void *)((char *)out - offsetof(struct hub_community, form));
	(void)r;
	(void)item;
	return hub_community_parse(c, node->text) < 0 ? HUB_VALUE_BAD : HUB_VALUE_GOOD;
}

static void
write_community(const struct hub *hub, const struct hub_item *item, const void *value,
		struct buf *out)
{
	const struct hub_community *c =
		(const void *)((const char *)value - offsetof(struct hub_community, form));
	char text[HUB_COMMUNITY_TEXT];
	(void)hub;
	(void)item;
	buf_str(out, hub_community_format(text, c));
}

const struct hub_codec hub_codec_community = {
	"a community such as 0:P, rt:0:P, RS:1:P or 65535:666", PATTERN_SIZE, NULL, read_community,
	write_community};

/* One that is put on routes says nothing about anybody in particular. */
static enum hub_outcome
read_attached(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	      void *out)
{
	struct hub_community *c = out;
	(void)item;
	memset(c, 0, sizeof(*c));
	c->action = HUB_INTERNAL;
	bool good = hub_community_parse(c, node->text) == 0 && !hub_community_has_p(c) &&
		    hub_community_fits(c, r->hub->asn);
	return good ? HUB_VALUE_GOOD : HUB_VALUE_BAD;
}

static void
write_attached(const struct hub *hub, const struct hub_item *item, const void *value,
	       struct buf *out)
{
	char text[HUB_COMMUNITY_TEXT];
	(void)hub;
	(void)item;
	buf_str(out, hub_community_format(text, value));
}

const struct hub_codec hub_codec_attached = {
	"a community such as 64500:100, rt:64500:7 or RS:100:1", sizeof(struct hub_community), NULL,
	read_attached, write_attached};
