/* Words and numbers of the corridor's tables. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_corridor_parts.h"

/* True for an octet that continues a code point of UTF-8 (RFC 3629 section 3). */
static bool
continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

char *
view_km(char out[VIEW_RATE_TEXT], double km)
{
	snprintf(out, VIEW_RATE_TEXT, "%.*f", km == floor(km) ? 0 : 2, km);
	return out;
}

int
view_option_number(uint64_t *out, const char *option, const char *value, uint64_t most,
		   struct corridor_complaint *complaint)
{
	char *end;
	errno = 0;
	unsigned long long number = strtoull(value, &end, 10);
	if (*value < '0' || *value > '9' || *end || errno || number > most) {
		corridor_complain(complaint, 400, "%s: found \"%.40s\", expected 0 to %llu", option,
				  value, (unsigned long long)most);
		return -1;
	}
	*out = number;
	return 0;
}

int
view_flow_failed(struct corridor_complaint *complaint, int error)
{
	if (error == ENOTSUP)
		corridor_complain(complaint, 500,
				  "this objective needs CLP (Debian: coinor-libclp1), which is "
				  "not installed");
	else if (error == EDOM)
		corridor_complain(complaint, 500, "the linear program was not solved");
	else if (error == EINVAL || error == EOVERFLOW)
		corridor_complain(complaint, 400,
				  "a demand may be above 9000 Tbit/s on that day, or all together "
				  "are too large");
	else
		corridor_complain(complaint, 500, "out of memory");
	return -1;
}

int
view_list_wanted(size_t count, const char *what, struct corridor_complaint *complaint)
{
	if (count)
		return 0;
	corridor_complain(complaint, 404, "the hub file has no %s", what);
	return -1;
}

int
view_demands_wanted(const struct view_corridor *view, struct corridor_complaint *complaint)
{
	if (view->hub->demand_count)
		return 0;
	corridor_complain(complaint, 404, "%s",
			  view->note ? "nothing was measured between sites, or the hub file has no "
				       "demands"
				     : "the hub file has no demands");
	return -1;
}

void
view_corridor_write(struct buf *out, enum view_corridor_form form,
		    const struct view_corridor_forms *forms, const void *answer)
{
	if (form == VIEW_CORRIDOR_JSON)
		forms->json(out, answer);
	else if (form == VIEW_CORRIDOR_CSV)
		forms->csv(out, answer);
	else
		forms->text(out, answer);
}

void
view_demand_cell(struct buf *out, const struct hub_demand *demand, int columns)
{
	const char *name = demand->name;
	bool fits = name && view_width(name) <= (size_t)columns;
	view_cell(out, fits ? name : demand->id, columns);
}

char *
view_status_short(char out[VIEW_RATE_TEXT], const struct hub_segment *segment)
{
	const char *status = segment->status && segment->status[0] ? segment->status : "not stated";
	size_t length = strcspn(status, "(;");
	while (length && isspace((unsigned char)status[length - 1]))
		length--;
	if (length >= VIEW_RATE_TEXT) {
		length = VIEW_RATE_TEXT - 1;
		while (length && continues(status[length]))
			length--;
	}
	memcpy(out, status, length);
	out[length] = '\0';
	return out;
}

const char *
view_option_value(const char *option, const char *const *words, size_t count, size_t *at)
{
	size_t length = strlen(option);
	const char *word = words[*at];
	if (strncmp(word, option, length) != 0 || (word[length] && word[length] != '='))
		return NULL;
	if (word[length] == '=') {
		++*at;
		return word + length + 1;
	}
	*at += 2;
	return *at <= count ? words[*at - 1] : "";
}
