/* The profiles of communities, as data. Each row is what one action is asked for with, in all its
 * forms; see hub_community.h for how they are written.
 *
 * Where the values are from: the large communities of the Euro-IX list (0 and 1 announcing, 2 and 3
 * latency, 100 to 199 prepending, 1000 to 1999 what is told); the `configure` command of
 * arouteserver; the community definitions of IXP Manager; the route server guides of DE-CIX and, for
 * exchanges of its kind whose AS number has 32 bits (65534 in place of it), that of Leipzig.
 * What none of them has a value for is given one here in the free part of RS:*: that a route is
 * refused at all (RS:1101:0), blackholing (RS:666:0), announcing and prepending by round-trip time,
 * prepending undone for one peer (RS:100:P, as users of IXP Manager asked for), and actions by place
 * (RS:911 to 914 and RS:921 to 924, the beginnings that 1-IX, whose guide follows that of DE-CIX, uses
 * for a peer within a place). */
#include "hub/hub_profile.h"

#include <assert.h>
#include <string.h>

#include "hub/hub_community.h"

struct row {
	enum hub_community_action action;
	uint8_t number; /* prepends */
	enum hub_codes codes;
	enum hub_hearers heard_by;
	bool long_asn;     /* only of hubs whose AS number has 32 bits */
	const char *forms; /* patterns, a space between them */
};

static const struct row euro_ix[] = {
	{HUB_DO_NOT_ANNOUNCE_TO_ANY, .forms = "RS:0:0 0:RS rt:0:RS"},
	{HUB_ANNOUNCE_TO_ANY, .forms = "RS:1:0 RS:RS rt:RS:RS"},
	{HUB_DO_NOT_ANNOUNCE_TO, .forms = "RS:0:P 0:P rt:0:P"},
	{HUB_ANNOUNCE_TO, .forms = "RS:1:P RS:P rt:RS:P"},
	{HUB_PREPEND_TO_ANY, 1, .forms = "RS:101:0 65501:RS rt:65501:RS"},
	{HUB_PREPEND_TO_ANY, 2, .forms = "RS:102:0 65502:RS rt:65502:RS"},
	{HUB_PREPEND_TO_ANY, 3, .forms = "RS:103:0 65503:RS rt:65503:RS"},
	{HUB_PREPEND_TO, 1, .forms = "RS:101:P 65511:P rt:65511:P"},
	{HUB_PREPEND_TO, 2, .forms = "RS:102:P 65512:P rt:65512:P"},
	{HUB_PREPEND_TO, 3, .forms = "RS:103:P 65513:P rt:65513:P"},
	{HUB_NO_PREPEND_TO, .forms = "RS:100:P"},
	{HUB_NO_EXPORT_TO_ANY, .forms = "RS:65281:0"},
	{HUB_NO_ADVERTISE_TO_ANY, .forms = "RS:65282:0"},
	{HUB_NO_EXPORT_TO, .forms = "RS:65281:P 65281:P rt:65281:P"},
	{HUB_NO_ADVERTISE_TO, .forms = "RS:65282:P 65282:P rt:65282:P"},
	{HUB_BLACKHOLE, .forms = "65535:666 RS:666:0"},
	{HUB_DO_NOT_ANNOUNCE_SLOWER, .forms = "RS:2:P"},
	{HUB_DO_NOT_ANNOUNCE_FASTER, .forms = "RS:3:P"},
	{HUB_ANNOUNCE_SLOWER, .forms = "RS:4:P"},
	{HUB_ANNOUNCE_FASTER, .forms = "RS:5:P"},
	{HUB_PREPEND_SLOWER, 1, .forms = "RS:111:P"},
	{HUB_PREPEND_SLOWER, 2, .forms = "RS:112:P"},
	{HUB_PREPEND_SLOWER, 3, .forms = "RS:113:P"},
	{HUB_PREPEND_FASTER, 1, .forms = "RS:121:P"},
	{HUB_PREPEND_FASTER, 2, .forms = "RS:122:P"},
	{HUB_PREPEND_FASTER, 3, .forms = "RS:123:P"},
	{HUB_ANNOUNCE_SITE, .forms = "RS:911:P"},
	{HUB_ANNOUNCE_METRO, .forms = "RS:912:P"},
	{HUB_ANNOUNCE_COUNTRY, .forms = "RS:913:P"},
	{HUB_ANNOUNCE_CONTINENT, .forms = "RS:914:P"},
	{HUB_DO_NOT_ANNOUNCE_SITE, .forms = "RS:921:P"},
	{HUB_DO_NOT_ANNOUNCE_METRO, .forms = "RS:922:P"},
	{HUB_DO_NOT_ANNOUNCE_COUNTRY, .forms = "RS:923:P"},
	{HUB_DO_NOT_ANNOUNCE_CONTINENT, .forms = "RS:924:P"},
	{HUB_TELL_REASON, .forms = "RS:1101:P"},
	{HUB_TELL_REFUSED, .forms = "RS:1101:0"},
	{HUB_TELL_ANNOUNCER, .forms = "RS:65524:P"},
	{HUB_TELL_RPKI, .forms = "RS:1000:P"},
	{HUB_TELL_IRR, .forms = "RS:1001:P"},
	{HUB_TELL_SITE, .forms = "RS:1911:P"},
	{HUB_TELL_METRO, .forms = "RS:1912:P"},
	{HUB_TELL_COUNTRY, .forms = "RS:1913:P"},
	{HUB_TELL_CONTINENT, .forms = "RS:1914:P"},
	{HUB_INTERNAL, .forms = "RS:1102:P"},
};

static const struct row arouteserver[] = {
	{HUB_DO_NOT_ANNOUNCE_TO_ANY, .forms = "0:RS RS:0:0"},
	{HUB_DO_NOT_ANNOUNCE_TO, .forms = "0:P RS:0:P"},
	{HUB_ANNOUNCE_TO, .forms = "RS:P RS:1:P"},
	/* The command writes no extended ones; its documentation shows these. */
	{HUB_DO_NOT_ANNOUNCE_TO_ANY, .forms = "rt:0:RS"},
	{HUB_DO_NOT_ANNOUNCE_TO, .forms = "rt:0:P"},
	{HUB_ANNOUNCE_TO, .forms = "rt:RS:P"},
	{HUB_PREPEND_TO_ANY, 1, .forms = "65501:RS RS:101:0"},
	{HUB_PREPEND_TO_ANY, 2, .forms = "65502:RS RS:102:0"},
	{HUB_PREPEND_TO_ANY, 3, .forms = "65503:RS RS:103:0"},
	{HUB_PREPEND_TO, 1, .forms = "65511:P RS:101:P"},
	{HUB_PREPEND_TO, 2, .forms = "65512:P RS:102:P"},
	{HUB_PREPEND_TO, 3, .forms = "65513:P RS:103:P"},
	{HUB_NO_EXPORT_TO, .forms = "65281:P RS:65281:P"},
	{HUB_NO_ADVERTISE_TO, .forms = "65282:P RS:65282:P"},
	{HUB_BLACKHOLE, .forms = "65535:666"},
	{HUB_TELL_REASON, .codes = HUB_CODES_AROUTESERVER, .forms = "65520:P RS:65520:P"},
	{HUB_TELL_REASON, .forms = "RS:1101:P"},
	{HUB_TELL_REFUSED, .forms = "65520:0 RS:65520:0"},
	/* Stands on refused routes only; the state of RPKI does not leave that route server. */
	{HUB_TELL_ANNOUNCER, .heard_by = HUB_HEARD_BY_COLLECTORS,
	 .forms = "65524:P rt:65524:P RS:65524:P"},
	{HUB_TELL_RPKI, .codes = HUB_CODES_AROUTESERVER, .heard_by = HUB_HEARD_BY_COLLECTORS,
	 .forms = "64512:P"},
	{HUB_TELL_RPKI, .heard_by = HUB_HEARD_BY_COLLECTORS, .forms = "RS:1000:P"},
	{HUB_TELL_IRR, .codes = HUB_CODES_AROUTESERVER, .forms = "64512:P RS:64512:P"},
};

static const struct row ixp_manager[] = {
	{HUB_DO_NOT_ANNOUNCE_TO_ANY, .forms = "RS:0:0 0:RS ro:0:RS"},
	{HUB_ANNOUNCE_TO_ANY, .forms = "RS:1:0 RS:RS ro:RS:RS"},
	{HUB_DO_NOT_ANNOUNCE_TO, .forms = "RS:0:P 0:P ro:0:P"},
	{HUB_ANNOUNCE_TO, .forms = "RS:1:P RS:P ro:RS:P"},
	{HUB_PREPEND_TO_ANY, 1, .forms = "RS:101:0"},
	{HUB_PREPEND_TO_ANY, 2, .forms = "RS:102:0"},
	{HUB_PREPEND_TO_ANY, 3, .forms = "RS:103:0"},
	{HUB_PREPEND_TO, 1, .forms = "RS:101:P"},
	{HUB_PREPEND_TO, 2, .forms = "RS:102:P"},
	{HUB_PREPEND_TO, 3, .forms = "RS:103:P"},
	{HUB_NO_PREPEND_TO, .forms = "RS:100:P"},
	{HUB_BLACKHOLE, .forms = "65535:666"}, /* for a hub that allows it */
	{HUB_TELL_REASON, .forms = "RS:1101:P"},
	{HUB_TELL_RPKI, .forms = "RS:1000:P"},
	{HUB_TELL_IRR, .forms = "RS:1001:P"},
	{HUB_INTERNAL, .forms = "RS:1102:P"},
};

static const struct row de_cix[] = {
	{HUB_DO_NOT_ANNOUNCE_TO_ANY, .forms = "0:RS RS:0:0"},
	{HUB_DO_NOT_ANNOUNCE_TO_ANY, .long_asn = true, .forms = "0:65534"},
	{HUB_ANNOUNCE_TO_ANY, .forms = "RS:RS RS:1:0"},
	{HUB_ANNOUNCE_TO_ANY, .long_asn = true, .forms = "65534:65534"},
	{HUB_DO_NOT_ANNOUNCE_TO, .forms = "0:P RS:0:P"},
	{HUB_ANNOUNCE_TO, .forms = "RS:P RS:1:P"},
	{HUB_ANNOUNCE_TO, .long_asn = true, .forms = "65534:P"},
	{HUB_PREPEND_TO_ANY, 1, .forms = "RS:101:0"},
	{HUB_PREPEND_TO_ANY, 2, .forms = "RS:102:0"},
	{HUB_PREPEND_TO_ANY, 3, .forms = "RS:103:0"},
	{HUB_PREPEND_TO, 1, .forms = "RS:101:P"},
	{HUB_PREPEND_TO, 2, .forms = "RS:102:P"},
	{HUB_PREPEND_TO, 3, .forms = "RS:103:P"},
	{HUB_NO_PREPEND_TO, .forms = "RS:100:P"},
	{HUB_NO_EXPORT_TO_ANY, .forms = "RS:65281 RS:65281:0"},
	{HUB_NO_EXPORT_TO_ANY, .long_asn = true, .forms = "65534:65281"},
	{HUB_NO_ADVERTISE_TO_ANY, .forms = "RS:65282 RS:65282:0"},
	{HUB_NO_ADVERTISE_TO_ANY, .long_asn = true, .forms = "65534:65282"},
	{HUB_BLACKHOLE, .forms = "65535:666"},
	{HUB_ANNOUNCE_SITE, .forms = "RS:911:P"},
	{HUB_ANNOUNCE_METRO, .forms = "RS:912:P"},
	{HUB_ANNOUNCE_COUNTRY, .forms = "RS:913:P"},
	{HUB_ANNOUNCE_CONTINENT, .forms = "RS:914:P"},
	{HUB_DO_NOT_ANNOUNCE_SITE, .forms = "RS:921:P"},
	{HUB_DO_NOT_ANNOUNCE_METRO, .forms = "RS:922:P"},
	{HUB_DO_NOT_ANNOUNCE_COUNTRY, .forms = "RS:923:P"},
	{HUB_DO_NOT_ANNOUNCE_CONTINENT, .forms = "RS:924:P"},
	{HUB_TELL_REASON, .forms = "RS:1101:P"},
	{HUB_TELL_RPKI, .forms = "RS:1000:P"},
	{HUB_TELL_SITE, .forms = "65101:P RS:1911:P"},
	{HUB_TELL_METRO, .forms = "65102:P RS:1912:P"},
	{HUB_TELL_COUNTRY, .forms = "65103:P RS:1913:P"},
	{HUB_TELL_CONTINENT, .forms = "65104:P RS:1914:P"},
};

#define PROFILE(rows)                                                                              \
	{                                                                                          \
		rows, sizeof(rows) / sizeof((rows)[0])                                             \
	}

static const struct {
	const struct row *rows;
	size_t count;
} profiles[] = {
	[HUB_PROFILE_EURO_IX] = PROFILE(euro_ix),
	[HUB_PROFILE_AROUTESERVER] = PROFILE(arouteserver),
	[HUB_PROFILE_IXP_MANAGER] = PROFILE(ixp_manager),
	[HUB_PROFILE_DE_CIX] = PROFILE(de_cix),
	[HUB_PROFILE_NONE] = {NULL, 0},
};

enum { FORMS_MAX = 8 }; /* of one row */

/* True if one of the hub's own patterns stands in place of this one. */
static bool
replaced(const struct hub_communities *communities, const struct hub_community *c)
{
	for (size_t i = 0; i < communities->own_count; i++) {
		const struct hub_community *own = &communities->own[i];
		if (own->action == c->action && own->form == c->form && own->number == c->number &&
		    own->codes == c->codes)
			return true;
	}
	return false;
}

/* Reads the forms of a row that this hub can use; returns how many. */
static size_t
read_row(const struct row *row, const struct hub *hub, struct hub_community out[FORMS_MAX])
{
	size_t count = 0;
	if (row->long_asn && hub->asn.number <= UINT16_MAX)
		return 0;
	for (const char *s = row->forms; *s;) {
		char text[HUB_COMMUNITY_TEXT];
		size_t length = strcspn(s, " ");
		assert(length < sizeof(text) && count < FORMS_MAX);
		memcpy(text, s, length);
		text[length] = '\0';
		s += length + (s[length] == ' ');
		struct hub_community c = {.action = row->action,
					  .number = row->number,
					  .codes = row->codes,
					  .heard_by = row->heard_by};
		int bad = hub_community_parse(&c, text);
		assert(!bad); /* tests read every profile */
		if (hub_community_fits(&c, hub->asn) && !replaced(&hub->communities, &c))
			out[count++] = c;
	}
	return count;
}

int
hub_profile_apply(struct hub *hub)
{
	struct hub_communities *communities = &hub->communities;
	assert((size_t)communities->profile < sizeof(profiles) / sizeof(profiles[0]));
	const struct row *rows = profiles[communities->profile].rows;
	size_t row_count = profiles[communities->profile].count, count = 0;
	struct hub_community forms[FORMS_MAX];
	for (size_t i = 0; i < row_count; i++)
		count += read_row(&rows[i], hub, forms);
	struct hub_community *all =
		arena_take(hub->arena, (communities->own_count + count) * sizeof(*all));
	if (!all)
		return -1;
	count = communities->own_count;
	if (count)
		memcpy(all, communities->own, count * sizeof(*all));
	for (size_t i = 0; i < row_count; i++) {
		size_t found = read_row(&rows[i], hub, forms);
		memcpy(all + count, forms, found * sizeof(*all));
		count += found;
	}
	communities->in_force = all;
	communities->in_force_count = count;
	return 0;
}

const struct hub_community *
hub_communities_in_force(const struct hub *hub, size_t *count)
{
	*count = hub->communities.in_force_count;
	return hub->communities.in_force;
}
