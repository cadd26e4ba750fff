/* Requests' targets, and what they ask for. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "web/web_routes.h"
#include "web/web_url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *target = malloc(size + 1);
	struct web_url url;
	struct web_request request;
	struct web_refusal refusal;
	struct web_who who = {WEB_OPERATOR, 0};
	if (!target)
		return 0;
	if (size > 0)
		memcpy(target, data, size);
	target[size] = '\0';
	if (web_url_parse(&url, target) == 0 && web_route_find(&request, &url, &who, &refusal) == 0)
		for (size_t i = 0; i < request.word_count; i++)
			if (strpbrk(request.words[i], "\t\n\r"))
				abort();
	free(target);
	return 0;
}
