/* Targets of requests are taken apart strictly: nothing that could end a line gets through. */
#include "web/web_url.h"

#include <stdio.h>

#include "tap.h"

/* "api|v1|route ? q=192.0.2.0/24", or the status. */
static void
show(char out[512], const char *target)
{
	struct web_url url;
	int status = web_url_parse(&url, target);
	int n = 0;
	out[0] = '\0';
	if (status) {
		snprintf(out, 512, "%d", status);
		return;
	}
	for (size_t i = 0; i < url.step_count; i++)
		n += snprintf(out + n, 512 - (size_t)n, "%s%s", i ? "|" : "", url.steps[i]);
	for (size_t i = 0; i < url.parameter_count; i++)
		n += snprintf(out + n, 512 - (size_t)n, "%s%s=%s", i ? "&" : "?",
			      url.parameters[i].name, url.parameters[i].value);
}

static void
targets(void)
{
	static const struct {
		const char *name, *target, *expected;
	} cases[] = {
		{"the page itself has no steps", "/", ""},
		{"a path is cut at slashes", "/api/v1/members", "api|v1|members"},
		{"a slash at the end is as good as none", "/metrics/", "metrics"},
		{"a query is cut at & and =", "/route?q=1.2.3.4&limit=5",
		 "route?q=1.2.3.4&limit=5"},
		{"a slash in a value is a slash", "/route?q=10.0.0.0/8", "route?q=10.0.0.0/8"},
		{"an escaped slash too", "/route?q=10.0.0.0%2f8", "route?q=10.0.0.0/8"},
		{"plus is a space in a query", "/p?from=Hong+Kong", "p?from=Hong Kong"},
		{"but not in a path", "/a+b", "a+b"},
		{"a value may hold =", "/a?b=c=d", "a?b=c=d"},
		{"a parameter without value is empty", "/a?b&c=", "a?b=&c="},
		{"an empty query is none", "/a?", "a"},
		{"empty pieces of a query are none", "/a?&&b=1&", "a?b=1"},
		{"octets beyond ASCII are taken as they are", "/a?n=%C3%BCber",
		 "a?n=\xc3\xbc"
		 "ber"},
		{"an escaped newline is refused", "/a?q=1%0aapply", "400"},
		{"an escaped tab is refused", "/a?q=1%09x", "400"},
		{"an escaped zero is refused", "/a?q=1%00", "400"},
		{"an escaped delete is refused", "/a%7f", "400"},
		{"a raw tab is refused", "/a\tb", "400"},
		{"half an escape is refused", "/a?q=%4", "400"},
		{"an escape without digits is refused", "/a?q=%zz", "400"},
		{"a step up is refused", "/assets/../etc", "400"},
		{"also when it is escaped", "/assets/%2e%2E/etc", "400"},
		{"an escaped slash in a path is refused", "/assets%2fapp.js", "400"},
		{"an empty step is refused", "/a//b", "400"},
		{"a parameter given twice is refused", "/a?q=1&q=2", "400"},
		{"too many steps are refused", "/1/2/3/4/5/6/7", "400"},
		{"the absolute form is refused", "http://example.net/", "400"},
		{"the asterisk form is refused", "*", "400"},
		{"nothing is refused", "", "400"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char got[512];
		show(got, cases[i].target);
		is_str(got, cases[i].expected, cases[i].name);
	}
}

static void
bounds(void)
{
	struct web_url url;
	char target[WEB_URL_MAX + 10];
	memset(target, 'a', sizeof(target));
	target[0] = '/';
	target[WEB_URL_MAX - 1] = '\0';
	is_int(web_url_parse(&url, target), 0, "a target of the greatest length is taken");
	is_int((int)strlen(url.steps[0]), WEB_URL_MAX - 2, "and keeps all of its octets");
	target[WEB_URL_MAX - 1] = 'a';
	target[WEB_URL_MAX] = '\0';
	is_int(web_url_parse(&url, target), 414, "one octet more is too long");
	strcpy(target, "/?");
	for (int i = 0; i < WEB_URL_PARAMETERS_MAX; i++)
		sprintf(target + strlen(target), "p%d=1&", i);
	is_int(web_url_parse(&url, target), 0, "as many parameters as there may be are taken");
	strcat(target, "more=1");
	is_int(web_url_parse(&url, target), 400, "one more is refused");
}

int
main(void)
{
	targets();
	bounds();
	return done_testing();
}
