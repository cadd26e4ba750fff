/* Responses: headers that guard the page, files, errors, and bodies that come piece by piece. */
#include <string.h>

#include "base/json.h"
#include "web/web_http.h"

enum { PIECE = 16 * 1024, CONSUME_AT = 64 * 1024 };

/* Everything comes from here, nothing from elsewhere; no script in the page's text; not to be
 * framed. https://www.w3.org/TR/CSP3/ */
static const char page_policy[] = "default-src 'self'; object-src 'none'; base-uri 'none'; "
				  "form-action 'none'; frame-ancestors 'none'";
/* What is to be printed brings its own style, and nothing that runs. */
static const char print_policy[] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
				   "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static const char realm[] = "Basic realm=\"hub\", charset=\"UTF-8\"";

/* libmicrohttpd takes pointers that are not const, and does not write through them. */
static struct MHD_Response *
response_of(const void *octets, size_t length, enum MHD_ResponseMemoryMode mode)
{
	static uint8_t nothing[1];
	void *from = length ? (void *)(uintptr_t)octets : nothing;
	return MHD_create_response_from_buffer(length, from, mode);
}

static enum MHD_Result
queue(struct exchange *exchange, int status, struct MHD_Response *response,
      const char *content_type)
{
	struct web_counters *counters = &exchange->web->counters;
	if (!response)
		return MHD_NO;
	bool own_style = strncmp(content_type, "text/html", 9) == 0 ||
			 strncmp(content_type, "image/svg", 9) == 0;
	bool printed = own_style && exchange->request.kind == WEB_ASK;
	MHD_add_response_header(response, "Content-Type", content_type);
	MHD_add_response_header(response, "Content-Security-Policy",
				printed ? print_policy : page_policy);
	if (strncmp(content_type, "application/pdf", 15) == 0)
		MHD_add_response_header(response, "Content-Disposition",
					strcmp(exchange->request.words[0], "corridor") == 0
						? "inline; filename=\"study.pdf\""
						: "inline; filename=\"invoice.pdf\"");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
	if (exchange->request.kind != WEB_FILE)
		MHD_add_response_header(response, "Cache-Control", "no-store");
	counters->answers[status / 100 % 6]++;
	exchange->state = EXCHANGE_ANSWERED;
	enum MHD_Result result =
		MHD_queue_response(exchange->connection, (unsigned)status, response);
	MHD_destroy_response(response);
	return result;
}

enum MHD_Result
answer_text(struct exchange *exchange, const char *content_type, const struct buf *text)
{
	if (text->failed)
		return MHD_NO;
	return queue(exchange, MHD_HTTP_OK,
		     response_of(text->data, text->length, MHD_RESPMEM_MUST_COPY), content_type);
}

enum MHD_Result
answer_push(struct exchange *exchange, int status, const struct buf *text)
{
	if (text->failed)
		return MHD_NO;
	return queue(exchange, status, response_of(text->data, text->length, MHD_RESPMEM_MUST_COPY),
		     "application/json");
}

enum MHD_Result
answer_error(struct exchange *exchange, int status, const char *text)
{
	struct buf body = {0};
	struct json j = json_to(&body);
	if (status < 400 || status > 599)
		status = MHD_HTTP_INTERNAL_SERVER_ERROR;
	json_object(&j, NULL);
	json_i64(&j, "status", status);
	json_str(&j, "error", text);
	json_object_end(&j);
	buf_u8(&body, '\n');
	struct MHD_Response *response =
		body.failed ? NULL : response_of(body.data, body.length, MHD_RESPMEM_MUST_COPY);
	buf_fini(&body);
	if (response && status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, "Allow",
					exchange->request.kind == WEB_ORDER ? "POST" : "GET, HEAD");
	if (response && status == MHD_HTTP_UNAUTHORIZED)
		MHD_add_response_header(response, "WWW-Authenticate",
					exchange->request.kind == WEB_PUSH ||
							exchange->request.kind == WEB_ORDER
						? "Bearer"
						: realm);
	if (response && status == MHD_HTTP_SERVICE_UNAVAILABLE)
		MHD_add_response_header(response, "Retry-After", "5");
	return queue(exchange, status, response, "application/json");
}

enum MHD_Result
answer_me(struct exchange *exchange)
{
	static const char *const roles[] = {"visitor", "member", "operator"};
	struct buf body = {0};
	struct json j = json_to(&body);
	json_object(&j, NULL);
	json_str(&j, "role", roles[exchange->who.role]);
	if (exchange->who.role == WEB_MEMBER)
		json_u64(&j, "asn", exchange->who.asn);
	else
		json_null(&j, "asn");
	json_object_end(&j);
	enum MHD_Result result = answer_text(exchange, "application/json", &body);
	buf_fini(&body);
	return result;
}

/* A browser keeps name and password for all that is beside /login, and shows them by itself. */
enum MHD_Result
answer_login(struct exchange *exchange)
{
	bool named = MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND,
						 MHD_HTTP_HEADER_AUTHORIZATION) != NULL;
	if (!named)
		return answer_error(exchange, MHD_HTTP_UNAUTHORIZED,
				    "operator, or a member's AS number, and the password");
	struct MHD_Response *response = response_of("", 0, MHD_RESPMEM_PERSISTENT);
	if (response)
		MHD_add_response_header(response, "Location", "/");
	return queue(exchange, MHD_HTTP_SEE_OTHER, response, "text/plain; charset=utf-8");
}

enum MHD_Result
answer_file(struct exchange *exchange, const struct web_file *file)
{
	struct MHD_Connection *c = exchange->connection;
	bool same = web_page_unchanged(
		file, MHD_lookup_connection_value(c, MHD_HEADER_KIND, "If-None-Match"));
	bool packed = file->packed && web_page_takes_gzip(MHD_lookup_connection_value(
					      c, MHD_HEADER_KIND, "Accept-Encoding"));
	size_t length = packed ? file->packed_length : file->length;
	struct MHD_Response *response = response_of(packed ? file->packed : file->octets,
						    same ? 0 : length, MHD_RESPMEM_PERSISTENT);
	if (!response)
		return MHD_NO;
	/* Names are stable, so that a browser has to ask; the answer is mostly "not modified". */
	MHD_add_response_header(response, "Cache-Control", "no-cache");
	MHD_add_response_header(response, "ETag", file->tag);
	MHD_add_response_header(response, "Vary", "Accept-Encoding");
	if (packed && !same)
		MHD_add_response_header(response, "Content-Encoding", "gzip");
	return queue(exchange, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response,
		     file->content_type);
}

/* --- a room's answer, as it comes --- */

static ssize_t
read_ask(void *context, uint64_t position, char *out, size_t room)
{
	(void)position;
	struct exchange *exchange = context;
	struct web_ask *ask = &exchange->asks[0];
	size_t length = ask->body.length - exchange->taken;
	if (exchange->web->closing)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (length == 0) {
		if (ask->failed)
			return MHD_CONTENT_READER_END_WITH_ERROR;
		if (ask->ended)
			return MHD_CONTENT_READER_END_OF_STREAM;
		exchange_sleep(exchange);
		return 0;
	}
	if (length > room)
		length = room;
	memcpy(out, ask->body.data + exchange->taken, length);
	exchange->taken += length;
	/* What was sent is given up in large pieces: each costs moving the rest. */
	if (exchange->taken == ask->body.length || exchange->taken >= CONSUME_AT) {
		buf_consume(&ask->body, exchange->taken);
		exchange->taken = 0;
		web_ask_taken(ask);
	}
	return (ssize_t)length;
}

enum MHD_Result
answer_ask(struct exchange *exchange)
{
	struct web_ask *ask = &exchange->asks[0];
	if (ask->status != 0) {
		char told[sizeof(ask->text)];
		web_route_retell(told, sizeof(told), &exchange->request, ask->text);
		return answer_error(exchange, ask->status, told);
	}
	if (ask->ended && !ask->failed)
		return answer_text(exchange, ask->text, &ask->body);
	return queue(exchange, MHD_HTTP_OK,
		     MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE, read_ask, exchange,
						       NULL),
		     ask->text);
}

/* --- events --- */

static ssize_t
read_events(void *context, uint64_t position, char *out, size_t room)
{
	(void)position;
	struct exchange *exchange = context;
	if (exchange->web->closing)
		return MHD_CONTENT_READER_END_OF_STREAM;
	size_t length = web_feed_read(exchange->listener, out, room);
	if (length == 0)
		exchange_sleep(exchange);
	return (ssize_t)length;
}

enum MHD_Result
answer_events(struct exchange *exchange)
{
	struct MHD_Response *response = MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, PIECE, read_events, exchange, NULL);
	if (response)
		MHD_add_response_header(response, "X-Accel-Buffering", "no");
	return queue(exchange, MHD_HTTP_OK, response, "text/event-stream");
}
