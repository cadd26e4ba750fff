/* Words of the hub file: text, identifiers, passwords, one of several words. */
#include "hub/hub_codec.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "hub/registry.h"

static enum hub_outcome
read_text(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node, void *out)
{
	size_t length = strlen(node->text);
	if ((int64_t)length < item->min || (int64_t)length > item->max)
		return HUB_VALUE_BAD;
	/* Escapes in quotes can write what the file itself may not hold. */
	if (!utf8_is_line(node->text)) {
		hub_complain(r->report, node->mark,
			     "%s: found a control character or a line end in the text", item->key);
		return HUB_VALUE_TOLD;
	}
	char *copy = hub_reader_take(r, length + 1);
	if (!copy)
		return HUB_VALUE_TOLD;
	memcpy(copy, node->text, length);
	*(const char **)out = copy;
	return HUB_VALUE_GOOD;
}

static enum hub_outcome
read_id(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node, void *out)
{
	for (const char *c = node->text; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._:/-", *c))
			return HUB_VALUE_BAD;
	return read_text(r, item, node, out);
}

/* RFC 1123 section 2.1, and the underscore that some use; or an address. */
static enum hub_outcome
read_host(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node, void *out)
{
	struct ip ip;
	const char *text = node->text;
	if (ip_parse(&ip, text) == 0)
		return read_text(r, item, node, out);
	for (const char *c = text; *c; c++) {
		bool first = c == text || c[-1] == '.';
		if (!isalnum((unsigned char)*c) && !(strchr("-._", *c) && !first))
			return HUB_VALUE_BAD;
	}
	return read_text(r, item, node, out);
}

/* What is read here becomes an argument of a program and the name of a file: nothing but names of
 * sets gets through. */
static enum hub_outcome
read_as_set(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	    void *out)
{
	char name[REGISTRY_NAME];
	if (!registry_name(name, node->text))
		return HUB_VALUE_BAD;
	return read_text(r, item, node, out);
}

static enum hub_outcome
read_secret(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	    void *out)
{
	const char *file = node->mark.file;
	if (r->source->exposed && r->exposed_file != file) {
		r->exposed_file = file;
		if (r->source->exposed(r->source->context, file))
			hub_warn(r->report, node->mark,
				 "%s: the file holds passwords, and others may read it; chmod "
				 "go-r would keep them out",
				 item->key);
	}
	return read_text(r, item, node, out);
}

static void
write_text(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	(void)item;
	const char *text = *(const char *const *)value;
	if (text)
		buf_str(out, text);
}

static enum hub_outcome
read_word(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node, void *out)
{
	for (unsigned i = 0; item->words[i]; i++) {
		if (strcmp(item->words[i], node->text) == 0) {
			memcpy(out, &i, sizeof(i));
			return HUB_VALUE_GOOD;
		}
	}
	struct hub_nearest nearest = {.word = node->text};
	for (unsigned i = 0; item->words[i]; i++)
		hub_nearest_offer(&nearest, item->words[i]);
	if (!nearest.best)
		return HUB_VALUE_BAD;
	hub_complain(r->report, node->mark, "%s: found \"%s\"; did you mean \"%s\"?", item->key,
		     hub_show(node->text).text, nearest.best);
	return HUB_VALUE_TOLD;
}

static void
write_word(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	unsigned i;
	memcpy(&i, value, sizeof(i));
	buf_str(out, item->words[i]);
}

/* One word of the list; writing is the writer's business, since it is no scalar. */
static enum hub_outcome
read_families(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	      void *out)
{
	bool *families = out;
	(void)r;
	(void)item;
	if (strcmp(node->text, "ipv4") == 0)
		families[0] = true;
	else if (strcmp(node->text, "ipv6") == 0)
		families[1] = true;
	else
		return HUB_VALUE_BAD;
	return HUB_VALUE_GOOD;
}

const struct hub_codec hub_codec_text = {"text", sizeof(char *), NULL, read_text, write_text};
const struct hub_codec hub_codec_id = {"a word of letters, digits and . _ : / -", sizeof(char *),
				       NULL, read_id, write_text};
const struct hub_codec hub_codec_host = {"an address or the name of a machine", sizeof(char *),
					 NULL, read_host, write_text};
const struct hub_codec hub_codec_as_set = {
	"an AS-SET or AS number such as AS-EXAMPLE, AS64500:AS-EXAMPLE or RIPE::AS-EXAMPLE",
	sizeof(char *), NULL, read_as_set, write_text};
const struct hub_codec hub_codec_secret = {"a password", sizeof(char *), NULL, read_secret,
					   write_text};
const struct hub_codec hub_codec_word = {"a word", sizeof(unsigned), NULL, read_word, write_word};
const struct hub_codec hub_codec_families = {"ipv4, ipv6 or both", 2 * sizeof(bool), NULL,
					     read_families, NULL};
