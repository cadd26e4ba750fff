/* HTTP to a ClickHouse cluster. A server that hangs must not take the time of those that do not, nor of
 * itself when it is back:
 *
 *   one that has not answered yet, or failed last, is asked for a sign of life first (/ping)
 *   a connection whose octets are not acknowledged is given up by the kernel
 *   the servers are told how long they may wait for each other: less than we wait for them, so that
 *   no request of ours goes on without us, and the answer says which of them it was */
#include "ledger/ledger_clickhouse_http.h"

#include <ctype.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum {
	CONNECT_MS = 2000,
	PROBE_MS = 2000,       /* for a sign of life */
	ACKNOWLEDGE_MS = 5000, /* for octets that were sent, or that a silent connection is there */
	SILENT_S = 2,          /* before it is asked whether it is */
	ANSWER_MAX = 1024 * 1024 * 1024, /* octets */
	CODE_NO_SPACE = 243,             /* of ClickHouse's own codes */
};

struct ledger_clickhouse_http {
	CURL *curl;
	struct curl_slist *headers;
	char **urls;
	bool *lives;            /* urls[i] answered last time */
	size_t url_count, next; /* urls[next] is asked first */
	unsigned timeout_s;
};

void
ledger_clickhouse_http_free(struct ledger_clickhouse_http *http)
{
	if (!http)
		return;
	if (http->curl)
		curl_easy_cleanup(http->curl);
	curl_slist_free_all(http->headers);
	for (size_t i = 0; i < http->url_count; i++)
		free(http->urls[i]);
	free(http->urls);
	free(http->lives);
	free(http);
}

static int
give_up_early(void *context, curl_socket_t socket, curlsocktype purpose)
{
	const unsigned ms = ACKNOWLEDGE_MS;
	(void)context;
	(void)purpose;
	(void)setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
	return CURL_SOCKOPT_OK;
}

/* What is the same for every request. */
static bool
prepare(CURL *curl, const struct curl_slist *headers,
	const struct ledger_clickhouse_settings *settings)
{
	bool good =
		curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
		curl_easy_setopt(curl, CURLOPT_NOPROXY, "*") == CURLE_OK &&
		curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
		curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
		curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) == CURLE_OK &&
		curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L) == CURLE_OK &&
		curl_easy_setopt(curl, CURLOPT_TCP_KEEPIDLE, (long)SILENT_S) == CURLE_OK &&
		curl_easy_setopt(curl, CURLOPT_TCP_KEEPINTVL, 1L) == CURLE_OK &&
		curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, give_up_early) == CURLE_OK;
	if (!good || !settings->user)
		return good;
	const char *password = settings->password ? settings->password : "";
	return curl_easy_setopt(curl, CURLOPT_USERNAME, settings->user) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_PASSWORD, password) == CURLE_OK;
}

struct ledger_clickhouse_http *
ledger_clickhouse_http_new(const struct ledger_clickhouse_settings *settings)
{
	struct ledger_clickhouse_http *http = calloc(1, sizeof(*http));
	if (!http)
		return NULL;
	http->timeout_s = settings->timeout_s;
	http->urls = calloc(settings->url_count + 1, sizeof(*http->urls));
	http->lives = calloc(settings->url_count + 1, sizeof(*http->lives));
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		http->curl = curl_easy_init();
	/* Large rows go out at once, not after a second of waiting for a "100 Continue". */
	http->headers = curl_slist_append(NULL, "Expect:");
	bool good = http->urls && http->lives && http->curl && http->headers;
	for (size_t i = 0; good && i < settings->url_count; i++) {
		http->urls[i] = strdup(settings->urls[i]);
		good = http->urls[i] != NULL;
		http->url_count += good;
	}
	good = good && prepare(http->curl, http->headers, settings);
	if (!good) {
		ledger_clickhouse_http_free(http);
		return NULL;
	}
	return http;
}

struct reply {
	struct buf *body;
	bool from_clickhouse, too_large;
};

static size_t
take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct reply *reply = context;
	size_t length = size * count;
	if (reply->body->length + length > ANSWER_MAX) {
		reply->too_large = true;
		return 0;
	}
	buf_put(reply->body, bytes, length);
	return reply->body->failed ? 0 : length;
}

/* Something else at that port, a proxy's page for example, does not say so. */
static size_t
take_header(char *bytes, size_t size, size_t count, void *context)
{
	static const char ours[] = "X-ClickHouse-";
	struct reply *reply = context;
	if (size * count >= sizeof(ours) && strncasecmp(bytes, ours, sizeof(ours) - 1) == 0)
		reply->from_clickhouse = true;
	return size * count;
}

/* What the server said, in one line, without what is not text. */
static void
said(char error[LEDGER_CLICKHOUSE_REASON], const char *url, long status, const struct buf *body)
{
	int length = snprintf(error, LEDGER_CLICKHOUSE_REASON, "%.80s: status %ld: ", url, status);
	size_t at = length < 0 ? 0 : (size_t)length;
	for (size_t i = 0; i < body->length && at + 1 < LEDGER_CLICKHOUSE_REASON; i++) {
		if (body->data[i] == '\n')
			break;
		error[at++] = isprint(body->data[i]) ? (char)body->data[i] : '?';
	}
	error[at] = 0;
}

static enum ledger_store_error
kind_of(const struct buf *body)
{
	static const char lead[] = "Code: ";
	char number[8] = "";
	if (body->length > sizeof(lead) + sizeof(number) &&
	    memcmp(body->data, lead, sizeof(lead) - 1) == 0)
		memcpy(number, body->data + sizeof(lead) - 1, sizeof(number) - 1);
	return strtol(number, NULL, 10) == CODE_NO_SPACE ? LEDGER_STORE_FULL : LEDGER_STORE_BROKEN;
}

/* Where the answer to what is asked next goes, and how long it may take. */
static bool
expect(CURL *curl, struct reply *reply, long timeout_ms)
{
	return curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_HEADERDATA, reply) == CURLE_OK;
}

/* Whatever it answers, it lives. */
static bool
gives_sign(struct ledger_clickhouse_http *http, const char *url,
	   char error[LEDGER_CLICKHOUSE_REASON])
{
	struct buf to = {0}, body = {0};
	struct reply reply = {.body = &body};
	size_t length = strlen(url);
	buf_put(&to, url, length);
	buf_str(&to, length && url[length - 1] == '/' ? "ping" : "/ping");
	buf_u8(&to, 0);
	bool set = !to.failed && expect(http->curl, &reply, PROBE_MS) &&
		   curl_easy_setopt(http->curl, CURLOPT_HTTPGET, 1L) == CURLE_OK &&
		   curl_easy_setopt(http->curl, CURLOPT_URL, to.data) == CURLE_OK;
	CURLcode code = set ? curl_easy_perform(http->curl) : CURLE_OUT_OF_MEMORY;
	if (code != CURLE_OK)
		(void)snprintf(error, LEDGER_CLICKHOUSE_REASON, "%.80s: no sign of life: %s", url,
			       curl_easy_strerror(code));
	buf_fini(&to);
	buf_fini(&body);
	return code == CURLE_OK;
}

static enum ledger_store_error
ask_one(struct ledger_clickhouse_http *http, const char *url, const struct buf *post,
	struct buf *answer, char error[LEDGER_CLICKHOUSE_REASON])
{
	CURL *curl = http->curl;
	struct reply reply = {.body = answer};
	buf_clear(answer);
	bool set = curl_easy_setopt(curl, CURLOPT_POST, 1L) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->length) ==
			   CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_POSTFIELDS,
				    post->data ? (const char *)post->data : "") == CURLE_OK &&
		   expect(curl, &reply, (long)http->timeout_s * 1000);
	CURLcode code = set ? curl_easy_perform(curl) : CURLE_OUT_OF_MEMORY;
	long status = 0;
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (answer->failed || code == CURLE_OUT_OF_MEMORY) {
		(void)snprintf(error, LEDGER_CLICKHOUSE_REASON, "no memory");
		return LEDGER_STORE_MEMORY;
	}
	if (code != CURLE_OK) {
		(void)snprintf(error, LEDGER_CLICKHOUSE_REASON, "%.80s: %s", url,
			       reply.too_large ? "the answer is larger than 1 GiB"
					       : curl_easy_strerror(code));
		return LEDGER_STORE_BROKEN;
	}
	if (status != 200) {
		said(error, url, status, answer);
		return kind_of(answer);
	}
	if (!reply.from_clickhouse) {
		(void)snprintf(error, LEDGER_CLICKHOUSE_REASON,
			       "%.80s: the answer is not of a ClickHouse server", url);
		return LEDGER_STORE_BROKEN;
	}
	return LEDGER_STORE_OK;
}

/* The address with the statement of an INSERT in it, acknowledged only when all shards have the
 * rows; a question is the body, and its answer is kept back until it is whole. */
static void
address(struct buf *out, CURL *curl, const char *url, const char *insert, unsigned timeout_s)
{
	size_t length = strlen(url);
	unsigned wait_s = timeout_s > 1 ? timeout_s - 1 : 1;
	buf_put(out, url, length);
	buf_printf(out,
		   "%sconnect_timeout_with_failover_ms=1000&connections_with_failover_max_tries=1&"
		   "receive_timeout=%u&send_timeout=%u",
		   length && url[length - 1] == '/' ? "?" : "/?", wait_s, wait_s);
	if (insert) {
		char *escaped = curl_easy_escape(curl, insert, 0);
		buf_printf(out, "&insert_distributed_sync=1&insert_distributed_timeout=%u&query=%s",
			   wait_s, escaped ? escaped : "");
		out->failed |= !escaped;
		curl_free(escaped);
	} else {
		buf_printf(out,
			   "&wait_end_of_query=1&buffer_size=1048576&default_format=RowBinary"
			   "&max_execution_time=%u",
			   timeout_s);
	}
	buf_u8(out, 0);
}

static enum ledger_store_error
ask_at(struct ledger_clickhouse_http *http, size_t at, const char *sql, const struct buf *rows,
       struct buf *answer, char error[LEDGER_CLICKHOUSE_REASON])
{
	const char *url = http->urls[at];
	const struct buf question = {.data = (uint8_t *)(uintptr_t)sql, .length = strlen(sql)};
	struct buf to = {0};
	if (!http->lives[at] && !gives_sign(http, url, error))
		return LEDGER_STORE_BROKEN;
	enum ledger_store_error result = LEDGER_STORE_MEMORY;
	address(&to, http->curl, url, rows ? sql : NULL, http->timeout_s);
	if (to.failed || curl_easy_setopt(http->curl, CURLOPT_URL, to.data) != CURLE_OK)
		(void)snprintf(error, LEDGER_CLICKHOUSE_REASON, "no memory");
	else
		result = ask_one(http, url, rows ? rows : &question, answer, error);
	buf_fini(&to);
	http->lives[at] = result == LEDGER_STORE_OK;
	return result;
}

enum ledger_store_error
ledger_clickhouse_http_ask(struct ledger_clickhouse_http *http, const char *sql,
			   const struct buf *rows, struct buf *answer,
			   char error[LEDGER_CLICKHOUSE_REASON])
{
	enum ledger_store_error result = LEDGER_STORE_BROKEN;
	(void)snprintf(error, LEDGER_CLICKHOUSE_REASON, "no server is named");
	for (size_t i = 0; i < http->url_count; i++) {
		result = ask_at(http, http->next, sql, rows, answer, error);
		if (result == LEDGER_STORE_OK)
			return result;
		http->next = (http->next + 1) % http->url_count;
	}
	return result;
}
