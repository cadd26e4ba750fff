/* Text, numbers and money in a page. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/money.h"

/* The style of what is printed: invoices, and documents of the same look. */
extern const char view_html_style[];

/* Text of others: nothing in it is a tag, an attribute's end or a control character. */
void view_html(struct buf *out, const char *text);
/* The same of what is said without a full stop, as a paragraph: with a capital letter and one. */
void view_html_sentence(struct buf *out, const char *text);
/* "1234567.5" as "1 234 567.5", with narrow spaces that do not break. */
void view_html_grouped(struct buf *out, const char *number);
void view_html_count(struct buf *out, size_t count);
void view_html_money(struct buf *out, struct money money, bool currency);
/* "1 250.5 Mbit/s", to the bit. */
void view_html_rate(struct buf *out, uint64_t bps);
