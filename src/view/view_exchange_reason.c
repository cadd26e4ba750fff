/* Reasons as they are shown everywhere: in words, in the numbers that members meet in communities, and with what
 * mends them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "view/view_exchange_parts.h"

enum { EURO_IX = 1101, AROUTESERVER = 65520 };

char *
view_reason_codes(char out[VIEW_CODES_TEXT], unsigned bit)
{
	unsigned other = policy_reason_code_arouteserver(bit);
	int used = snprintf(out, VIEW_CODES_TEXT, "%d:%u", EURO_IX, policy_reason_code(bit));
	if (other != UINT16_MAX)
		(void)snprintf(out + used, VIEW_CODES_TEXT - (size_t)used, " %d:%u", AROUTESERVER,
			       other);
	return out;
}

void
view_reason_mend(struct buf *out, const struct exchange *x, uint32_t session, enum ip_family family,
		 unsigned bit)
{
	if (session != HUB_NONE)
		policy_reason_mend(out, exchange_policy(x), session, family, bit);
}

void
view_reason_fields(struct json *j, unsigned bit)
{
	char text[24];
	json_str(j, "reason", policy_reason_text(bit));
	(void)snprintf(text, sizeof(text), "%d:%u", EURO_IX, policy_reason_code(bit));
	json_str(j, "euro_ix", text);
	unsigned other = policy_reason_code_arouteserver(bit);
	(void)snprintf(text, sizeof(text), "%d:%u", AROUTESERVER, other);
	json_str(j, "arouteserver", other == UINT16_MAX ? NULL : text);
}

void
view_reasons_json(struct json *j, const struct exchange *x, uint32_t session, enum ip_family family,
		  uint64_t reasons)
{
	json_array(j, "reasons");
	for (unsigned bit = 0; bit < 64; bit++) {
		if (!(reasons >> bit & 1) || !policy_reason_text(bit))
			continue;
		struct buf mend = {0};
		view_reason_mend(&mend, x, session, family, bit);
		buf_u8(&mend, 0);
		json_object(j, NULL);
		view_reason_fields(j, bit);
		json_str(j, "mend", mend.failed ? NULL : (const char *)mend.data);
		json_object_end(j);
		buf_fini(&mend);
	}
	json_array_end(j);
}

void
view_reasons_line(struct buf *out, uint64_t reasons)
{
	char codes[VIEW_CODES_TEXT];
	bool first = true;
	for (unsigned bit = 0; bit < 64; bit++) {
		const char *text = reasons >> bit & 1 ? policy_reason_text(bit) : NULL;
		if (!text)
			continue;
		buf_printf(out, "%s%s (%s)", first ? "" : "; ", text,
			   view_reason_codes(codes, bit));
		first = false;
	}
}

/* --- reasons by a word --- */

/* "13", "1101:13", "65520:14": the reasons with that number. */
static uint64_t
by_code(const char *word)
{
	char *end;
	unsigned long first = strtoul(word, &end, 10), second = 0;
	if (*end == ':')
		second = strtoul(end + 1, &end, 10);
	else
		second = first, first = EURO_IX;
	if (*end || (first != EURO_IX && first != AROUTESERVER))
		return 0;
	uint64_t found = 0;
	for (unsigned bit = 0; bit < POLICY_REASONS; bit++) {
		unsigned code = first == EURO_IX ? policy_reason_code(bit)
						 : policy_reason_code_arouteserver(bit);
		if (policy_reason_text(bit) && code == second)
			found |= UINT64_C(1) << bit;
	}
	return found;
}

static uint64_t
by_text(const char *word)
{
	uint64_t found = 0;
	for (unsigned bit = 0; bit < POLICY_REASONS; bit++) {
		const char *text = policy_reason_text(bit);
		if (text && strcasestr(text, word))
			found |= UINT64_C(1) << bit;
	}
	return found;
}

int
view_reason_find(uint64_t *reasons, const char *word, struct view_complaint *complaint)
{
	bool number = word[0] >= '0' && word[0] <= '9';
	*reasons = number ? by_code(word) : 0;
	if (!*reasons && word[0]) /* "2000::/3" begins with a digit, too */
		*reasons = by_text(word);
	if (*reasons)
		return 0;
	return view_complain(
		complaint, 400,
		"no reason has \"%.40s\" in it; try a word as rpki, martian or hop, or "
		"a number as 1101:13 or 65520:14",
		word);
}
