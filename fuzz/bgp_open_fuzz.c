/* The bodies of OPEN, NOTIFICATION and ROUTE-REFRESH. What we make of an OPEN, written down, reads
 * back to the same. */
#include <assert.h>
#include <string.h>

#include "exchange/bgp/bgp_open.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor body = cursor_of(data, size);
	struct bgp_open open, again;
	struct bgp_error error;
	struct bgp_notification notification;
	struct bgp_refresh refresh;
	struct buf first = {0}, second = {0};
	bgp_notification_read(&notification, body);
	assert(strlen(notification.text) <= BGP_TEXT_MAX);
	bgp_error_text(&first, notification.code, notification.subcode);
	buf_clear(&first);
	(void)bgp_refresh_read(&refresh, body);
	if (bgp_open_read(&open, &error, body) < 0) {
		assert(error.code == BGP_ERR_OPEN);
		buf_fini(&first);
		return 0;
	}
	/* Who offers other families only cannot be said with what we can write. */
	if (!open.capabilities.ipv4 && !open.capabilities.ipv6)
		goto out;
	bgp_open_write(&first, &open);
	struct cursor written = cursor_of(first.data, first.length);
	struct bgp_header header;
	assert(bgp_header_read(&header, &error, written, BGP_MAX) == 0);
	cursor_skip(&written, BGP_HEADER);
	assert(bgp_open_read(&again, &error, written) == 0);
	bgp_open_write(&second, &again);
	assert(first.length == second.length && memcmp(first.data, second.data, first.length) == 0);
out:
	buf_fini(&first);
	buf_fini(&second);
	return 0;
}
