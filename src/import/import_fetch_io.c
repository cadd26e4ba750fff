/* Files and URLs. */
#include "import/import_fetch_io.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/hub_file_io.h"

enum {
	BODY_MAX = 64 << 20,
	CONNECT_TIMEOUT_S = 10,
	TIMEOUT_S = 120,
	REDIRECTS_MAX = 5,
	TOO_MANY_REQUESTS = 429, /* RFC 6585 section 4 */
};

/* Taking less than was offered ends the transfer. */
static size_t
take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct buf *out = context;
	size_t length = size * count;
	if (length > BODY_MAX - out->length)
		return 0;
	buf_put(out, bytes, length);
	return out->failed ? 0 : length;
}

static void
set_options(CURL *curl, const char *url, struct buf *out, char error[CURL_ERROR_SIZE])
{
	bool secure = strncmp(url, "https://", 8) == 0;
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, secure ? "https" : "http,https");
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)REDIRECTS_MAX);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_MAXFILESIZE, (long)BODY_MAX);
	curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "sarai");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, out);
}

/* PeeringDB allows few questions a minute to those whom it does not know. */
static void
say_wait(char error[CURL_ERROR_SIZE], curl_off_t wait_s)
{
	if (wait_s > 0)
		(void)snprintf(
			error, CURL_ERROR_SIZE,
			"the server was asked too often (429); it says to try again in %lld s",
			(long long)wait_s);
	else
		(void)snprintf(error, CURL_ERROR_SIZE,
			       "the server was asked too often (429); try again in a minute");
}

static int
fetch_url(struct import_fetch *fetch, const char *url, struct buf *out)
{
	char error[CURL_ERROR_SIZE] = "";
	CURL *curl = curl_easy_init();
	if (!curl) {
		errno = ENOMEM;
		return -1;
	}
	set_options(curl, url, out, error);
	CURLcode code = curl_easy_perform(curl);
	long status = 0;
	curl_off_t wait_s = 0;
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait_s);
	curl_easy_cleanup(curl);
	if (code == CURLE_OK)
		return 0;
	if (code == CURLE_HTTP_RETURNED_ERROR && status == TOO_MANY_REQUESTS)
		say_wait(error, wait_s);
	free(fetch->why);
	if (code == CURLE_WRITE_ERROR || code == CURLE_FILESIZE_EXCEEDED) {
		fetch->why = NULL;
		errno = out->failed ? ENOMEM : EFBIG;
		return -1;
	}
	fetch->why = strdup(error[0] ? error : curl_easy_strerror(code));
	errno = EREMOTEIO;
	return -1;
}

static int
fetch_any(void *context, const char *path, struct buf *out)
{
	struct import_fetch *fetch = context;
	free(fetch->why);
	fetch->why = NULL;
	if (strncmp(path, "http://", 7) == 0 || strncmp(path, "https://", 8) == 0)
		return fetch_url(fetch, path, out);
	return fetch->files.read(fetch->files.context, path, out);
}

struct hub_source
import_fetch_source(struct import_fetch *fetch)
{
	*fetch = (struct import_fetch){.files = hub_file_disk()};
	return (struct hub_source){.read = fetch_any, .context = fetch};
}

void
import_fetch_fini(struct import_fetch *fetch)
{
	free(fetch->why);
}
