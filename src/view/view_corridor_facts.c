/* Numbers with what they rest on, as every answer of the corridor shows them. */
#include <math.h>
#include <stdio.h>

#include "corridor/corridor_told.h"
#include "view/view_corridor_parts.h"

void
view_number_json(struct json *j, const char *key, double value)
{
	if (isnan(value))
		json_null(j, key);
	else
		json_double(j, key, value);
}

void
view_fact_json(struct json *j, const char *key, const struct corridor_fact *fact)
{
	if (isnan(fact->value)) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	json_double(j, "value", fact->value);
	json_double(j, "low", fact->low);
	json_double(j, "high", fact->high);
	json_str(j, "basis", corridor_basis_word(fact->basis));
	json_str(j, "source", fact->source);
	json_object_end(j);
}

void
view_grounds_json(struct json *j, const char *key, const struct corridor_grounds *grounds)
{
	bool some = grounds->value > 0;
	json_object(j, key);
	view_number_json(j, "value", grounds->value);
	view_number_json(j, "low", grounds->low);
	view_number_json(j, "high", grounds->high);
	json_fixed(j, "estimated", corridor_grounds_share(grounds), 4);
	json_fixed(j, "derived", some ? grounds->derived / grounds->value : 0, 4);
	json_u64(j, "facts", grounds->facts);
	json_u64(j, "estimates", grounds->estimates);
	json_object_end(j);
}

char *
view_fact_number(char out[VIEW_RATE_TEXT], double value)
{
	if (isnan(value))
		out[0] = '\0';
	else
		(void)snprintf(out, VIEW_RATE_TEXT, fabs(value) >= 1000 ? "%.0f" : "%.4g", value);
	return out;
}

char *
view_fact_range(char out[VIEW_RANGE_TEXT], double low, double high)
{
	char least[VIEW_RATE_TEXT], most[VIEW_RATE_TEXT];
	(void)snprintf(out, VIEW_RANGE_TEXT, "%s to %s", view_fact_number(least, low),
		       view_fact_number(most, high));
	return out;
}

void
view_number_csv(struct buf *out, double value)
{
	if (isfinite(value))
		buf_printf(out, ",%.12g", value);
	else
		buf_str(out, ",");
}

void
view_range_csv(struct buf *out, const struct corridor_range *range)
{
	view_number_csv(out, range->value);
	view_number_csv(out, range->low);
	view_number_csv(out, range->high);
}

void
view_fact_csv(struct buf *out, double value)
{
	char text[VIEW_RATE_TEXT];
	buf_printf(out, ",%s", view_fact_number(text, value));
}

void
view_fact_cell(struct buf *out, double value, int columns)
{
	char text[VIEW_RATE_TEXT];
	view_cell(out, isnan(value) ? "-" : view_fact_number(text, value), -columns);
}
