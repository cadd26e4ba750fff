/* Communities for the route server: who hears a route, what is passed on. */
#include <stdlib.h>

#include "exchange/policy/policy_community.h"
#include "tap.h"

enum { RS = 64500 };

/* Reads "0:1001 64500:0:1002": two numbers are a standard community, three a large one. */
static void
attrs_of(struct bgp_attrs *out, const char *text, struct buf *standard, struct buf *large)
{
	buf_clear(standard);
	buf_clear(large);
	while (*text) {
		uint32_t n[3];
		size_t count = 0;
		do {
			char *end;
			n[count++] = (uint32_t)strtoul(text, &end, 10);
			text = *end == ':' ? end + 1 : end;
			if (*end != ':')
				break;
		} while (count < 3);
		if (count == 2)
			buf_u32(standard, n[0] << 16 | n[1]);
		for (size_t i = 0; count == 3 && i < 3; i++)
			buf_u32(large, n[i]);
		text += *text == ' ';
	}
	*out = (struct bgp_attrs){
		.communities = cursor_of(standard->data, standard->length),
		.large_communities = cursor_of(large->data, large->length),
	};
}

static void
audiences(void)
{
	static const struct {
		uint32_t rs;
		const char *communities;
		uint32_t member;
		bool hears;
		const char *text;
	} cases[] = {
		{RS, "", 1001, true, "without a word everybody hears"},
		{RS, "0:1001", 1001, false, "0:P is not for P"},
		{RS, "0:1001", 1002, true, "but for the others"},
		{RS, "0:64500", 1001, false, "0:RS is for nobody"},
		{RS, "0:64500 64500:1001", 1001, true, "but for those named by RS:P"},
		{RS, "0:64500 64500:1001", 1002, false, "and only those"},
		{RS, "0:64500 64500:1001 0:1001", 1001, false, "not to P weighs more than to P"},
		{RS, "64500:1001", 1002, true, "RS:P alone takes nobody away"},
		{RS, "64500:64500", 1001, true, "RS:RS is the default"},
		{RS, "64500:64500 0:64500", 1001, false, "which loses to nobody"},
		{RS, "64500:0:1001", 1001, false, "large RS:0:P is not for P"},
		{RS, "64500:0:0 64500:1:1001", 1001, true, "large none, but P"},
		{RS, "64500:0:0 64500:1:1001", 1002, false, "and not the others"},
		{RS, "64500:0:0 64500:1001", 1001, true,
		 "the forms are OR-ed: large none, standard to"},
		{RS, "64500:1:1001 0:1001", 1001, false, "and large to, standard not"},
		{RS, "64500:0:4200000001", 4200000001, false,
		 "large communities name 4-octet peers"},
		{RS, "64501:0:1001", 1001, true, "another's large community means nothing"},
		{RS, "64501:1001 1:64500", 1001, true, "nor do others' standard ones"},
		{140307, "140307:0:1001", 1001, false, "a 4-octet route server has the large form"},
		{140307, "0:1001", 1001, true, "and no other"},
	};
	struct buf standard = {0}, large = {0};
	static struct policy_audience audience;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bgp_attrs attrs;
		attrs_of(&attrs, cases[i].communities, &standard, &large);
		policy_audience_read(&audience, (struct asn){cases[i].rs}, &attrs);
		bool hears = policy_audience_has(&audience, (struct asn){cases[i].member});
		ok(hears == cases[i].hears, "%s", cases[i].text);
	}
	/* More names than there is room for must never widen the audience. */
	buf_clear(&standard);
	for (uint32_t i = 0; i < POLICY_NAMED_MAX + 10; i++)
		buf_u32(&standard, 10000 + i % 50000);
	struct bgp_attrs many = {.communities = cursor_of(standard.data, standard.length)};
	policy_audience_read(&audience, (struct asn){RS}, &many);
	ok(!policy_audience_has(&audience, (struct asn){10000 + POLICY_NAMED_MAX + 5}),
	   "a name that found no room is not announced to");
	buf_fini(&standard);
	buf_fini(&large);
}

static void
scrubbing(void)
{
	static const struct {
		uint32_t rs;
		const char *communities;
		bool scrub;
		const char *text;
	} cases[] = {
		{RS, "1001:5 65535:65281", false, "others' and well-known communities pass"},
		{RS, "0:1001", true, "0:P is ours"},
		{RS, "64500:1001", true, "RS:P is ours"},
		{RS, "1001:1:1", false, "others' large communities pass"},
		{RS, "64500:7:7", true, "RS:*:* is ours"},
		{140307, "0:1001", false, "a 4-octet route server owns no standard community"},
	};
	struct buf standard = {0}, large = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bgp_attrs attrs;
		attrs_of(&attrs, cases[i].communities, &standard, &large);
		ok(policy_communities_need_scrub((struct asn){cases[i].rs}, &attrs) ==
			   cases[i].scrub,
		   "%s", cases[i].text);
	}
	struct bgp_attrs attrs;
	struct buf kept = {0};
	attrs_of(&attrs, "64500:1000:1 64500:0:7 64500:1999:3 1001:1000:1 64500:2000:1", &standard,
		 &large);
	ok(policy_large_drop_informational((struct asn){RS}, attrs.large_communities, &kept),
	   "a member that forges what the route server finds out is noticed");
	ok(kept.length == 3 * 12, "only the forged communities are dropped");
	attrs_of(&attrs, "64500:0:7", &standard, &large);
	ok(!policy_large_drop_informational((struct asn){RS}, attrs.large_communities, &kept),
	   "others leave the list as it is");
	buf_fini(&kept);
	buf_fini(&standard);
	buf_fini(&large);
}

int
main(void)
{
	audiences();
	scrubbing();
	return done_testing();
}
