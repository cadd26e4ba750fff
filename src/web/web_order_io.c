/* POST /api/v1/corridor/cut and its like: an order stands in the address, and who gives it shows a token, which the parent looks at. A browser
 * sends that to nobody by itself, so no other site's page can give orders in an operator's name. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/utf8.h"
#include "web/web_http.h"

const char *
bearer_of(const struct exchange *exchange)
{
	static const char bearer[] = "Bearer ";
	const char *header = MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND,
							 MHD_HTTP_HEADER_AUTHORIZATION);
	/* RFC 9110 section 11.1: the scheme's case means nothing. */
	return header && strncasecmp(header, bearer, strlen(bearer)) == 0 ? header + strlen(bearer)
									  : NULL;
}

/* Where the request comes from, as far as is known: a proxy hides it. */
static void
say_from(char out[INET6_ADDRSTRLEN], const struct exchange *exchange)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *address = info ? info->client_addr : NULL;
	const char *text = NULL;
	if (address && address->sa_family == AF_INET)
		text = inet_ntop(AF_INET,
				 &((const struct sockaddr_in *)(const void *)address)->sin_addr,
				 out, INET6_ADDRSTRLEN);
	else if (address && address->sa_family == AF_INET6)
		text = inet_ntop(AF_INET6,
				 &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr,
				 out, INET6_ADDRSTRLEN);
	if (!text)
		(void)snprintf(out, INET6_ADDRSTRLEN, "somewhere");
}

static bool
has_body(const struct exchange *exchange)
{
	const char *length = MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND,
							 MHD_HTTP_HEADER_CONTENT_LENGTH);
	return (length && strcmp(length, "0") != 0) ||
	       MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND,
					   MHD_HTTP_HEADER_TRANSFER_ENCODING);
}

enum MHD_Result
order_begin(struct exchange *exchange)
{
	const char *given = bearer_of(exchange);
	char from[INET6_ADDRSTRLEN];
	struct web_refusal refusal;
	exchange->request.kind = WEB_ORDER;
	if (!given || !utf8_is_line(given))
		return answer_error(exchange, MHD_HTTP_UNAUTHORIZED,
				    "the token is missing or wrong");
	if (has_body(exchange))
		return answer_error(exchange, MHD_HTTP_CONTENT_TOO_LARGE,
				    "an order stands in the address, with nothing behind it");
	say_from(from, exchange);
	(void)snprintf(exchange->from, sizeof(exchange->from), "HTTP from %s", from);
	struct web_order_giver giver = {given, exchange->from};
	if (web_order_find(&exchange->request, &exchange->url, &giver, &refusal) < 0) {
		exchange->request.kind = WEB_ORDER;
		return answer_error(exchange, refusal.status, refusal.text);
	}
	exchange->state = EXCHANGE_HEADED;
	return MHD_YES;
}
