/* UPDATEs. The first octet says what was agreed with the neighbour, the rest is the body. What is
 * taken is written as we would send it, and must read back to the same: to ourselves, and through
 * the form for 2-octet neighbours. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/bgp/bgp_ahead.h"
#include "exchange/bgp/bgp_update.h"
#include "exchange/bgp/bgp_writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct bgp_scratch scratch;

static void
encode(struct buf *out, const struct bgp_attrs *attrs)
{
	struct bgp_communities all = {attrs->communities, attrs->ext_communities,
				      attrs->large_communities};
	bgp_attrs_encode(out, attrs, all);
}

static size_t
count(struct bgp_nlri list)
{
	struct prefix prefix;
	uint32_t path_id;
	size_t n = 0;
	while (bgp_nlri_next(&list, &prefix, &path_id)) {
		assert(list.add_path || !path_id);
		assert(prefix.length <= ip_bits(list.family));
		n++;
	}
	return n;
}

/* Rules are told apart as far as the list goes. */
static void
walk(struct bgp_flow flow)
{
	struct cursor rule;
	while (flow.family != IP_NONE && bgp_flow_next(&rule, &flow.rules))
		assert(!rule.failed);
	assert(!flow.rules.failed);
}

/* Octets that are to pass for a message, from memory of just the right size. */
static void
look_ahead(const uint8_t *body, size_t length)
{
	uint8_t *message = calloc(1, BGP_HEADER + length);
	if (!message)
		return;
	message[16] = (uint8_t)((BGP_HEADER + length) >> 8);
	message[17] = (uint8_t)(BGP_HEADER + length);
	message[18] = BGP_UPDATE;
	memcpy(message + BGP_HEADER, body, length);
	for (unsigned i = 0; i < 2; i++) {
		const bool add_path[2] = {i, i};
		struct cursor all = cursor_of(message, BGP_HEADER + length);
		struct bgp_ahead ahead = bgp_ahead_of(all, add_path);
		struct prefix prefix;
		while (bgp_ahead_next(&ahead, &prefix))
			assert(prefix.length <= ip_bits(prefix.ip.family));
	}
	free(message);
}

/* Reads messages of ours; all must be sound and carry the attributes `attrs`. */
static size_t
read_back(struct buf *messages, bool as4, struct bgp_form form, const struct buf *attrs)
{
	const struct bgp_peer peer = {.as4 = as4,
				      .ipv4 = true,
				      .ipv6 = true,
				      .extended_next_hop = true,
				      .add_path_ipv4 = form.add_path,
				      .add_path_ipv6 = form.add_path};
	struct cursor all = cursor_of(messages->data, messages->length);
	const bool add_path[2] = {form.add_path, form.add_path};
	struct bgp_ahead ahead = bgp_ahead_of(all, add_path);
	struct prefix prefix;
	size_t announced = 0, seen = 0;
	while (bgp_ahead_next(&ahead, &prefix))
		seen++;
	while (cursor_left(&all)) {
		struct bgp_update update;
		struct bgp_header header;
		struct bgp_error error;
		assert(bgp_header_read(&header, &error, all, form.max) == 0);
		struct cursor body = cursor_sub(&all, header.length);
		cursor_skip(&body, BGP_HEADER);
		enum bgp_verdict verdict = bgp_update_read(&update, body, &peer, &scratch);
		assert(verdict == BGP_VERDICT_OK && !update.remark_count);
		for (unsigned i = 0; i < update.withdrawn_count; i++)
			announced += count(update.withdrawn[i]);
		if (!update.announced_count)
			continue;
		announced += count(update.announced[0]);
		struct buf again = {0};
		encode(&again, &update.attrs);
		assert(again.length == attrs->length &&
		       memcmp(again.data, attrs->data, again.length) == 0);
		buf_fini(&again);
	}
	assert(seen == announced);
	return announced;
}

static void
send_on(const struct bgp_update *update, const struct bgp_nlri *list, struct bgp_form form)
{
	struct buf attrs = {0}, messages = {0}, old = {0};
	struct bgp_attrs theirs = update->attrs;
	struct bgp_nlri prefixes = *list;
	struct prefix prefix;
	uint32_t path_id;
	struct bgp_writer w;
	theirs.next_hop = list->next_hop;
	encode(&attrs, &theirs);
	struct bgp_route_attrs route = {attrs.data, attrs.length, list->next_hop, list->link_local};
	if (bgp_announce_begin(&w, &messages, list->family, form, &route) == 0) {
		while (bgp_nlri_next(&prefixes, &prefix, &path_id))
			bgp_writer_add(&w, prefix, path_id);
		(void)bgp_writer_end(&w);
		struct cursor all = cursor_of(messages.data, messages.length);
		while (cursor_left(&all)) {
			struct cursor head = all;
			cursor_skip(&head, 16);
			(void)bgp_update_to_as2(&old, cursor_sub(&all, cursor_u16(&head)), form);
		}
		size_t sent = count(*list);
		assert(read_back(&messages, true, form, &attrs) == sent);
		assert(read_back(&old, false, form, &attrs) == sent);
	}
	buf_fini(&attrs);
	buf_fini(&messages);
	buf_fini(&old);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bgp_update update;
	struct buf text = {0};
	if (size < 1 || size - 1 > BGP_MAX_EXTENDED - BGP_HEADER)
		return 0;
	const struct bgp_peer peer = {.as4 = !(data[0] & 1),
				      .ipv4 = !(data[0] & 2),
				      .ipv6 = !(data[0] & 4),
				      .flow_ipv4 = true,
				      .flow_ipv6 = data[0] & 8,
				      .extended_next_hop = data[0] & 8,
				      .add_path_ipv4 = data[0] & 16,
				      .add_path_ipv6 = data[0] & 32};
	const struct bgp_form form = {.max = data[0] & 64 ? BGP_MAX_EXTENDED : BGP_MAX,
				      .add_path = data[0] & 128};
	uint8_t *body = malloc(size);
	if (!body)
		return 0;
	memcpy(body, data + 1, size - 1);
	look_ahead(body, size - 1);
	enum bgp_verdict verdict =
		bgp_update_read(&update, cursor_of(body, size - 1), &peer, &scratch);
	assert(verdict == update.verdict);
	assert(verdict != BGP_VERDICT_RESET || update.error.code == BGP_ERR_UPDATE);
	assert(verdict == BGP_VERDICT_OK || (!update.announced_count && update.remark_count));
	for (unsigned i = 0; i < update.remark_count; i++)
		bgp_remark_text(&text, update.remarks[i]);
	for (unsigned i = 0; i < update.withdrawn_count; i++)
		(void)count(update.withdrawn[i]);
	walk(update.flow_withdrawn[0]);
	walk(update.flow_withdrawn[1]);
	walk(update.flow_announced);
	if (update.announced_count)
		bgp_as_path_text(&text, update.attrs.as_path);
	struct bgp_update kept = update;
	for (unsigned i = 0; i < kept.announced_count; i++) {
		/* Sending on uses the scratch memory that the attributes point to. */
		(void)bgp_update_read(&update, cursor_of(body, size - 1), &peer, &scratch);
		send_on(&update, &update.announced[i], form);
	}
	buf_fini(&text);
	free(body);
	return 0;
}
