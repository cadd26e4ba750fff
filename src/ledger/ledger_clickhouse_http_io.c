/* HTTP to a ClickHouse cluster. */
#include "ledger/ledger_clickhouse_http.h"

#include <ctype.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	CONNECT_MS = 2000,
	ANSWER_MAX = 1024 * 1024 * 1024, /* octets */
	CODE_NO_SPACE = 243,             /* of ClickHouse's own codes */
};

struct ledger_clickhouse_http {
	CURL *curl;
	struct curl_slist *headers;
	char **urls;
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
	free(http);
}

struct ledger_clickhouse_http *
ledger_clickhouse_http_new(const struct ledger_clickhouse_settings *settings)
{
	struct ledger_clickhouse_http *http = calloc(1, sizeof(*http));
	if (!http)
		return NULL;
	http->timeout_s = settings->timeout_s;
	http->urls = calloc(settings->url_count + 1, sizeof(*http->urls));
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		http->curl = curl_easy_init();
	/* Large rows go out at once, not after a second of waiting for a "100 Continue". */
	http->headers = curl_slist_append(NULL, "Expect:");
	bool good = http->urls && http->curl && http->headers;
	for (size_t i = 0; good && i < settings->url_count; i++) {
		http->urls[i] = strdup(settings->urls[i]);
		good = http->urls[i] != NULL;
		http->url_count += good;
	}
	CURL *curl = http->curl;
	good = good && curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_NOPROXY, "*") == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_HTTPHEADER, http->headers) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)settings->timeout_s) == CURLE_OK;
	if (good && settings->user)
		good = curl_easy_setopt(curl, CURLOPT_USERNAME, settings->user) == CURLE_OK &&
		       curl_easy_setopt(curl, CURLOPT_PASSWORD,
					settings->password ? settings->password : "") == CURLE_OK;
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
		   curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_HEADERDATA, &reply) == CURLE_OK;
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
	buf_put(out, url, length);
	buf_str(out, length && url[length - 1] == '/' ? "?" : "/?");
	if (insert) {
		char *escaped = curl_easy_escape(curl, insert, 0);
		buf_printf(out, "insert_distributed_sync=1&query=%s", escaped ? escaped : "");
		out->failed |= !escaped;
		curl_free(escaped);
	} else {
		buf_printf(out,
			   "wait_end_of_query=1&buffer_size=1048576&default_format=RowBinary"
			   "&max_execution_time=%u",
			   timeout_s);
	}
	buf_u8(out, 0);
}

enum ledger_store_error
ledger_clickhouse_http_ask(struct ledger_clickhouse_http *http, const char *sql,
			   const struct buf *rows, struct buf *answer,
			   char error[LEDGER_CLICKHOUSE_REASON])
{
	enum ledger_store_error result = LEDGER_STORE_BROKEN;
	(void)snprintf(error, LEDGER_CLICKHOUSE_REASON, "no server is named");
	const struct buf question = {.data = (uint8_t *)(uintptr_t)sql, .length = strlen(sql)};
	for (size_t i = 0; i < http->url_count; i++) {
		const char *url = http->urls[http->next];
		struct buf to = {0};
		address(&to, http->curl, url, rows ? sql : NULL, http->timeout_s);
		if (to.failed || curl_easy_setopt(http->curl, CURLOPT_URL, to.data) != CURLE_OK) {
			(void)snprintf(error, LEDGER_CLICKHOUSE_REASON, "no memory");
			result = LEDGER_STORE_MEMORY;
		} else {
			result = ask_one(http, url, rows ? rows : &question, answer, error);
		}
		buf_fini(&to);
		if (result == LEDGER_STORE_OK)
			return result;
		http->next = (http->next + 1) % http->url_count;
	}
	return result;
}
