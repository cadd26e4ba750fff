/* Columns of a terminal, whatever script a name is written in. */
#include "view/view_text.h"

#include "tap.h"

static const char *
cell(const char *text, int width)
{
	static struct buf out;
	buf_clear(&out);
	view_cell(&out, text, width);
	buf_str(&out, "|");
	buf_u8(&out, 0);
	return (const char *)out.data;
}

int
main(void)
{
	char text[VIEW_RATE_TEXT];
	is_int((long long)view_width("Poplar"), 6, "a letter is a column");
	is_int((long long)view_width("Дом"), 3, "of other scripts too");
	is_int((long long)view_width("中国电信"), 8, "Chinese characters take two");
	is_int((long long)view_width("cafe\u0301"), 4, "an accent stands on its letter");
	is_int((long long)view_width("\xff\xc3"), 2, "octets that are no UTF-8 count as one each");
	is_str(cell("ab", 4), "ab  |", "a cell is filled up");
	is_str(cell("ab", -4), "  ab|", "to the left when it is to end there");
	is_str(cell("abcdef", 4), "abc\u2026|", "what is too long is cut, and one sees it");
	is_str(cell("中国电信", 6), "中国\u2026 |", "a wide character is not cut in half");
	is_str(cell("中国", 4), "中国|", "what fits stays whole");
	is_str(view_octets(text, 812), "812 B", "octets");
	is_str(view_octets(text, 1981000000), "1.98 GB", "with a unit that suits them");
	is_str(view_rate(text, 999950), "1.00 Mbit/s", "rates too");
	struct buf out = {0};
	view_wrapped(&out, "漢字漢字漢字漢字 漢字漢字漢字漢字", 60, 2);
	buf_u8(&out, 0);
	is_str((const char *)out.data, "漢字漢字漢字漢字\n  漢字漢字漢字漢字\n",
	       "lines are broken by columns");
	buf_fini(&out);
	return done_testing();
}
