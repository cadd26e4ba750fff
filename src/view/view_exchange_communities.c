/* The communities that mean something at this hub, with its own numbers in them, one row an action. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hub/hub_community.h"
#include "hub/hub_profile.h"
#include "view/view_exchange_parts.h"
#include "view/view_text.h"

enum { FORMS = 3, PATTERN_TEXT = 64, CELL_TEXT = 200 };

/* In words; P stands in the patterns for what is said here. */
static const char *
action_words(enum hub_community_action action)
{
	static const char *const words[] = {
		[HUB_DO_NOT_ANNOUNCE_TO_ANY] = "do not announce to anybody",
		[HUB_ANNOUNCE_TO_ANY] = "announce to everybody",
		[HUB_PREPEND_TO_ANY] = "prepend to everybody",
		[HUB_NO_EXPORT_TO_ANY] = "add NO_EXPORT for everybody",
		[HUB_NO_ADVERTISE_TO_ANY] = "add NO_ADVERTISE for everybody",
		[HUB_BLACKHOLE] = "blackhole the prefix (RFC 7999)",
		[HUB_DO_NOT_ANNOUNCE_TO] = "do not announce to AS P",
		[HUB_ANNOUNCE_TO] = "announce to AS P",
		[HUB_PREPEND_TO] = "prepend to AS P",
		[HUB_NO_PREPEND_TO] = "do not prepend to AS P",
		[HUB_NO_EXPORT_TO] = "add NO_EXPORT for AS P",
		[HUB_NO_ADVERTISE_TO] = "add NO_ADVERTISE for AS P",
		[HUB_DO_NOT_ANNOUNCE_SLOWER] = "not to peers further away than P ms",
		[HUB_DO_NOT_ANNOUNCE_FASTER] = "not to peers nearer than P ms",
		[HUB_ANNOUNCE_SLOWER] = "to peers further away than P ms",
		[HUB_ANNOUNCE_FASTER] = "to peers nearer than P ms",
		[HUB_PREPEND_SLOWER] = "prepend to peers further away than P ms",
		[HUB_PREPEND_FASTER] = "prepend to peers nearer than P ms",
		[HUB_DO_NOT_ANNOUNCE_SITE] = "not at site P",
		[HUB_ANNOUNCE_SITE] = "at site P",
		[HUB_DO_NOT_ANNOUNCE_METRO] = "not in metro P",
		[HUB_ANNOUNCE_METRO] = "in metro P",
		[HUB_DO_NOT_ANNOUNCE_COUNTRY] = "not in country P (UN M49)",
		[HUB_ANNOUNCE_COUNTRY] = "in country P (UN M49)",
		[HUB_DO_NOT_ANNOUNCE_CONTINENT] = "not on continent P (UN M49)",
		[HUB_ANNOUNCE_CONTINENT] = "on continent P (UN M49)",
		[HUB_TELL_REASON] = "told: refused or tagged, reason P",
		[HUB_TELL_REFUSED] = "told: refused",
		[HUB_TELL_ANNOUNCER] = "told: announced by AS P",
		[HUB_TELL_RPKI] = "told: RPKI state P",
		[HUB_TELL_IRR] = "told: IRR state P",
		[HUB_TELL_SITE] = "told: learned at site P",
		[HUB_TELL_METRO] = "told: learned in metro P",
		[HUB_TELL_COUNTRY] = "told: learned in country P",
		[HUB_TELL_CONTINENT] = "told: learned on continent P",
		[HUB_INTERNAL] = "internal: taken from nobody",
		[HUB_FABRIC] = "drop a part of the traffic, in the fabric",
	};
	return words[action];
}

/* The pattern with the hub's AS number where it stands. */
static char *
pattern_text(char out[PATTERN_TEXT], const struct hub *hub, const struct hub_community *community)
{
	struct hub_community written = *community;
	char text[HUB_COMMUNITY_TEXT];
	for (size_t i = 0; i < 3; i++)
		if (written.fields[i].kind == HUB_FIELD_HUB) {
			written.fields[i].kind = HUB_FIELD_NUMBER;
			written.fields[i].number = hub->asn.number;
		}
	(void)snprintf(out, PATTERN_TEXT, "%s", hub_community_format(text, &written));
	return out;
}

/* Communities that do the same: one action, prepended as often, with the same times and codes. */
static bool
same_deed(const struct hub_community *a, const struct hub_community *b)
{
	return a->action == b->action && a->number == b->number && a->ms == b->ms &&
	       a->codes == b->codes;
}

struct deed {
	const struct hub_community *first;
	char forms[FORMS][CELL_TEXT]; /* standard, extended, large: patterns, a blank between */
	char words[96];
};

static void
add_form(char cell[CELL_TEXT], const char *pattern)
{
	size_t used = strlen(cell);
	(void)snprintf(cell + used, CELL_TEXT - used, "%s%s", used ? " " : "", pattern);
}

static void
fill_deed(struct deed *deed, const struct hub *hub, const struct hub_community *all, size_t count,
	  size_t first)
{
	static const char *const times[] = {"", ", once", ", twice", ", three times"};
	char pattern[PATTERN_TEXT];
	*deed = (struct deed){.first = &all[first]};
	for (size_t i = first; i < count; i++)
		if (same_deed(&all[i], &all[first]))
			add_form(deed->forms[all[i].form], pattern_text(pattern, hub, &all[i]));
	int used = snprintf(deed->words, sizeof(deed->words), "%s%s",
			    action_words(all[first].action), times[all[first].number & 3]);
	if (all[first].ms)
		used += snprintf(deed->words + used, sizeof(deed->words) - (size_t)used, " (%u ms)",
				 all[first].ms);
	bool coded = all[first].action == HUB_TELL_REASON || all[first].action == HUB_TELL_RPKI ||
		     all[first].action == HUB_TELL_IRR;
	if (coded)
		(void)snprintf(deed->words + used, sizeof(deed->words) - (size_t)used, " (%s)",
			       all[first].codes == HUB_CODES_EURO_IX ? "Euro-IX" : "arouteserver");
}

static void
deed_json(struct json *j, const struct hub *hub, const struct deed *deed,
	  const struct hub_community *all, size_t count)
{
	static const char *const keys[] = {"standard", "extended", "large"};
	char pattern[PATTERN_TEXT];
	json_object(j, NULL);
	json_str(j, "action", hub_community_action_name(deed->first->action));
	json_str(j, "words", deed->words);
	json_u64(j, "prepend", deed->first->number);
	for (size_t form = 0; form < FORMS; form++) {
		json_array(j, keys[form]);
		for (size_t i = 0; i < count; i++)
			if ((size_t)all[i].form == form && same_deed(&all[i], deed->first))
				json_str(j, NULL, pattern_text(pattern, hub, &all[i]));
		json_array_end(j);
	}
	json_object_end(j);
}

/* The n-th pattern of a form, or "". */
static const char *
nth_pattern(char out[PATTERN_TEXT], const char *cell, unsigned n)
{
	for (; n && *cell; n--) {
		cell += strcspn(cell, " ");
		cell += *cell == ' ';
	}
	(void)snprintf(out, PATTERN_TEXT, "%.*s", (int)strcspn(cell, " "), cell);
	return out;
}

static void
deed_text(struct buf *out, const struct deed *deed)
{
	buf_str(out, "  ");
	view_wrapped(out, deed->words, 2, 6);
	for (unsigned n = 0;; n++) {
		char standard[PATTERN_TEXT], large[PATTERN_TEXT], extended[PATTERN_TEXT];
		nth_pattern(standard, deed->forms[HUB_COMMUNITY_STANDARD], n);
		nth_pattern(large, deed->forms[HUB_COMMUNITY_LARGE], n);
		nth_pattern(extended, deed->forms[HUB_COMMUNITY_EXTENDED], n);
		if (!*standard && !*large && !*extended)
			return;
		buf_str(out, "      ");
		view_cell(out, standard, 14);
		view_cell(out, large, 28);
		view_cell(out, extended, 32);
		view_end_line(out);
	}
}

static const char *
profile_name(enum hub_community_profile profile)
{
	static const char *const names[] = {"euro-ix", "arouteserver", "ixp-manager", "de-cix",
					    "none"};
	return names[profile];
}

static void
codes_json(struct json *j)
{
	json_array(j, "reasons");
	for (unsigned bit = 0; bit < POLICY_REASONS; bit++) {
		if (!policy_reason_text(bit))
			continue;
		json_object(j, NULL);
		view_reason_fields(j, bit);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
codes_text(struct buf *out)
{
	char codes[VIEW_CODES_TEXT];
	buf_str(out, "\nReasons, as 1101:n (Euro-IX) and 65520:n (arouteserver) tell them\n");
	for (unsigned bit = 0; bit < POLICY_REASONS; bit++) {
		if (!policy_reason_text(bit))
			continue;
		buf_str(out, "  ");
		view_cell(out, view_reason_codes(codes, bit), 18);
		view_wrapped(out, policy_reason_text(bit), 20, 20);
	}
}

void
view_communities(struct buf *out, const struct exchange *x, enum view_form form)
{
	const struct hub *hub = exchange_hub(x);
	size_t count;
	const struct hub_community *all = hub_communities_in_force(hub, &count);
	struct json j = json_to(out);
	if (form == VIEW_JSON) {
		json_object(&j, NULL);
		json_u64(&j, "asn", hub->asn.number);
		json_str(&j, "profile", profile_name(hub->communities.profile));
		json_array(&j, "communities");
	} else {
		buf_printf(out,
			   "Communities that AS%" PRIu32 " understands, profile %s. They may be "
			   "combined;\na word about one peer weighs more than one about all, and "
			   "\"not\" more than \"to\"%s.\n\n",
			   hub->asn.number, profile_name(hub->communities.profile),
			   hub->communities.profile == HUB_PROFILE_IXP_MANAGER
				   ? "; large ones weigh more\nthan all others"
				   : "");
		buf_str(out, "      STANDARD      LARGE                       EXTENDED\n");
	}
	for (size_t i = 0; i < count; i++) {
		struct deed deed;
		bool seen = false;
		for (size_t k = 0; k < i && !seen; k++)
			seen = same_deed(&all[k], &all[i]);
		if (seen)
			continue;
		fill_deed(&deed, hub, all, count, i);
		if (form == VIEW_JSON)
			deed_json(&j, hub, &deed, all, count);
		else
			deed_text(out, &deed);
	}
	if (form == VIEW_JSON) {
		json_array_end(&j);
		codes_json(&j);
		json_object_end(&j);
		buf_str(out, "\n");
	} else {
		codes_text(out);
	}
}
