/* A request's target, taken apart: path and query, decoded strictly (RFC 3986). */
#pragma once

#include <stddef.h>

enum {
	WEB_URL_MAX = 6144, /* octets of a target */
	WEB_URL_STEPS_MAX = 6,
	WEB_URL_PARAMETERS_MAX = 16,
};

struct web_parameter {
	const char *name, *value;
};

struct web_url {
	size_t step_count;
	const char *steps[WEB_URL_STEPS_MAX]; /* "/api/v1/members": "api", "v1", "members" */
	size_t parameter_count;
	struct web_parameter parameters[WEB_URL_PARAMETERS_MAX];
	char text[WEB_URL_MAX + 1]; /* what the pointers above point into */
};

/* Takes `target` ("/api/v1/route?q=192.0.2.0/24") apart. 0; or the status that refuses it: 414 when
 * it is too long, 400 when it is not the origin form, has an empty step, "." or "..", a bad escape,
 * a control character (escaped or not), a parameter twice, or too much of anything. */
int web_url_parse(struct web_url *out, const char *target);

/* The value of a parameter, or NULL. */
const char *web_url_parameter(const struct web_url *url, const char *name);
