/* Orders by HTTP: which paths are orders, what they say. */
#include "web/web_order.h"

#include <stdio.h>

#include "tap.h"

/* "corridor cut B01 --for noc", "400 text", or "none" where it is no order. */
static void
show(char out[512], const char *target)
{
	struct web_url url;
	struct web_request request;
	struct web_refusal refusal;
	struct web_order_giver giver = {"T", "HTTP"};
	if (web_url_parse(&url, target) != 0 || !web_order_is(&url)) {
		(void)snprintf(out, 512, "none");
		return;
	}
	if (web_order_find(&request, &url, &giver, &refusal) < 0) {
		(void)snprintf(out, 512, "%d %s", refusal.status, refusal.text);
		return;
	}
	int n = 0;
	for (size_t i = 0; i < request.word_count; i++)
		n += snprintf(out + n, 512 - (size_t)n, "%s%s", i ? "|" : "", request.words[i]);
}

static const struct {
	const char *name, *target, *expected;
} cases[] = {
	{"a cut", "/api/v1/corridor/cut?name=B01", "corridor|cut|B01|--token|T|--by|HTTP"},
	{"a cut with a reason and an end",
	 "/api/v1/corridor/cut?reason=an%20anchor&name=cable%3ATIC&until=2026-12-01",
	 "corridor|cut|cable:TIC|--token|T|--by|HTTP|--reason|an anchor|--until|2026-12-01"},
	{"several at once", "/api/v1/corridor/drain?name=B01,cable%3ATIC",
	 "corridor|drain|B01,cable:TIC|--token|T|--by|HTTP"},
	{"work", "/api/v1/corridor/work?name=B01&from=2026-12-01T22:00:00Z&until=2026-12-02",
	 "corridor|work|B01|--token|T|--by|HTTP|--from|2026-12-01T22:00:00Z|--until|2026-12-02"},
	{"a restoration", "/api/v1/corridor/restore?name=B01&preview=yes",
	 "corridor|restore|B01|--token|T|--by|HTTP|--preview"},
	{"an order without a name is refused", "/api/v1/corridor/cut",
	 "400 name: found \"\", expected names with commas between"},
	{"a name that would be an option is refused", "/api/v1/corridor/cut?name=--token",
	 "400 name: found \"--token\", expected names with commas between"},
	{"who it is cannot be said in the address", "/api/v1/corridor/cut?name=B01&by=boss",
	 "400 parameter: found \"by\", expected one of this order"},
	{"a restoration has no end", "/api/v1/corridor/restore?name=B01&until=2026-12-01",
	 "400 parameter: found \"until\", expected one of this order"},
	{"only work begins later", "/api/v1/corridor/cut?name=B01&from=2026-12-01",
	 "400 parameter: found \"from\", expected one of this order"},
	{"a time that is none is refused", "/api/v1/corridor/cut?name=B01&until=tomorrow",
	 "400 until: found \"tomorrow\", expected a time: 2026-11-21T12:00:00Z"},
	{"so is a preview that is half wanted", "/api/v1/corridor/cut?name=B01&preview=no",
	 "400 preview: found \"no\", expected yes"},
	{"other paths are no orders", "/api/v1/corridor/path?from=A&to=B", "none"},
	{"nor is what is below one", "/api/v1/corridor/cut/preview?name=B01", "none"},
	{"what a machine has seen of a segment", "/api/v1/corridor/hear?source=nms&state=down",
	 "corridor|hear|nms|--token|T|--by|HTTP|down"},
	{"it is up or down", "/api/v1/corridor/hear?source=nms&state=gone",
	 "400 state: found \"gone\", expected up or down"},
	{"and something has seen it", "/api/v1/corridor/hear?state=up",
	 "400 source: found \"\", expected the id of one of segment_sources"},
	{"and says nothing else", "/api/v1/corridor/hear?source=nms&state=up&name=B01",
	 "400 parameter: found \"name\", expected source or state"},
	{"nor another version of the API", "/api/v2/corridor/cut?name=B01", "none"},
};

int
main(void)
{
	char text[512];
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		show(text, cases[i].target);
		is_str(text, cases[i].expected, cases[i].name);
	}
	return done_testing();
}
