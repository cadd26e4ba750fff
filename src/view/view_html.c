/* Text, numbers and money in a page, so that none of them can be taken for the page's own. */
#include "view/view_html.h"

#include <stdio.h>
#include <string.h>

#include "view/view_ledger_parts.h"

void
view_html(struct buf *out, const char *text)
{
	for (; text && *text; text++) {
		switch (*text) {
		case '&':
			buf_str(out, "&amp;");
			break;
		case '<':
			buf_str(out, "&lt;");
			break;
		case '>':
			buf_str(out, "&gt;");
			break;
		case '"':
			buf_str(out, "&quot;");
			break;
		default:
			/* Control characters are not allowed in HTML. */
			buf_u8(out,
			       (unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : (uint8_t)*text);
		}
	}
}

void
view_html_sentence(struct buf *out, const char *text)
{
	bool small = text[0] >= 'a' && text[0] <= 'z';
	buf_str(out, "<p>");
	if (small)
		buf_u8(out, (uint8_t)(text[0] - 'a' + 'A'));
	view_html(out, text + small);
	buf_str(out, ".</p>");
}

void
view_html_grouped(struct buf *out, const char *number)
{
	size_t sign = number[0] == '-';
	size_t whole = sign + strspn(number + sign, "0123456789");
	for (size_t i = 0; number[i]; i++) {
		if (i > sign && i < whole && (whole - i) % 3 == 0)
			buf_str(out, "&#8239;");
		buf_u8(out, (uint8_t)number[i]);
	}
}

void
view_html_count(struct buf *out, size_t count)
{
	char text[32];
	(void)snprintf(text, sizeof(text), "%zu", count);
	view_html_grouped(out, text);
}

void
view_html_money(struct buf *out, struct money money, bool currency)
{
	char text[MONEY_TEXT];
	view_html_grouped(out, money_format_amount(text, money));
	if (currency)
		buf_printf(out, "&nbsp;%.3s", money.currency.code);
}

void
view_html_rate(struct buf *out, uint64_t bps)
{
	char text[VIEW_EXACT];
	view_html_grouped(out, view_exact_rate(text, bps));
}
