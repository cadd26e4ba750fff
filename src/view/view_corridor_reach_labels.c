/* Names of places: those that many towers near each other have, as towers of a city do. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_corridor_reach_parts.h"
#include "view/view_html.h"

enum { NAMES_MOST = 16, NAME_MOST = 32 };

static int
by_name(const void *a, const void *b)
{
	const struct corridor_reach_tower *const *x = a, *const *y = b;
	return strcmp((*x)->name, (*y)->name);
}

static int
most_first(const void *a, const void *b)
{
	const struct view_reach_name *x = a, *y = b;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->name, y->name);
}

static struct view_reach_name
gather(const struct corridor_reach_tower **towers, size_t count)
{
	struct view_reach_name n = {.name = towers[0]->name, .count = count};
	double sum = 0;
	for (size_t i = 0; i < count; i++) {
		struct corridor_vector v =
			corridor_vector_of(towers[i]->latitude, towers[i]->longitude);
		n.middle.x += v.x / (double)count;
		n.middle.y += v.y / (double)count;
		n.middle.z += v.z / (double)count;
	}
	for (size_t i = 0; i < count; i++)
		sum += corridor_vector_chord2(
			n.middle, corridor_vector_of(towers[i]->latitude, towers[i]->longitude));
	n.spread_km = corridor_chord2_km(sum / (double)count);
	return n;
}

struct box {
	double left, right, top, bottom;
};

/* On the paper, and over no other label. */
static bool
fits(const struct box *taken, size_t count, struct box b, const struct view_reach_paper *paper)
{
	if (b.left < paper->x || b.top < paper->y ||
	    b.right > paper->x + (paper->east - paper->west) * paper->scale_x)
		return false;
	for (size_t i = 0; i < count; i++)
		if (b.left < taken[i].right && b.right > taken[i].left && b.top < taken[i].bottom &&
		    b.bottom > taken[i].top)
			return false;
	return true;
}

static void
write_labels(struct buf *out, const struct view_reach *view, const struct view_reach_paper *paper,
	     const struct view_reach_name *names, size_t count)
{
	struct box taken[NAMES_MOST];
	size_t used = 0;
	double width_km = 111.2 * (paper->north - paper->south);
	for (size_t i = 0; i < count && used < NAMES_MOST; i++) {
		double latitude, longitude;
		size_t columns = view_width(names[i].name);
		if (names[i].spread_km > width_km / 50 || columns == 0 || columns > NAME_MOST ||
		    names[i].count * 400 < view->input.tower_count)
			continue;
		corridor_vector_place(names[i].middle, &latitude, &longitude);
		double x = view_reach_x(paper, longitude), y = view_reach_y(paper, latitude);
		double half = (double)columns * 3.9;
		struct box box = {x - half, x + half, y - 16, y + 4};
		if (!fits(taken, used, box, paper))
			continue;
		taken[used++] = box;
		buf_printf(out,
			   "<text class=\"label\" text-anchor=\"middle\" x=\"%.1f\" "
			   "y=\"%.1f\">",
			   x, y);
		view_html(out, names[i].name);
		buf_str(out, "</text>\n");
	}
}

size_t
view_reach_names(struct view_reach_name **out, const struct view_reach *view)
{
	const struct corridor_reach_input *input = &view->input;
	const struct corridor_reach_tower **towers =
		calloc(input->tower_count + 1, sizeof(*towers));
	struct view_reach_name *names = calloc(input->tower_count + 1, sizeof(*names));
	size_t count = 0, name_count = 0;
	for (size_t i = 0; towers && i < input->tower_count; i++)
		if (input->towers[i].name && !isnan(input->towers[i].latitude))
			towers[count++] = &input->towers[i];
	if (towers && names) {
		qsort(towers, count, sizeof(*towers), by_name);
		for (size_t i = 0, end; i < count; i = end) {
			for (end = i + 1; end < count; end++)
				if (strcmp(towers[i]->name, towers[end]->name) != 0)
					break;
			names[name_count++] = gather(towers + i, end - i);
		}
		qsort(names, name_count, sizeof(*names), most_first);
	}
	free(towers);
	*out = names;
	return name_count;
}

void
view_reach_labels(struct buf *out, const struct view_reach *view,
		  const struct view_reach_paper *paper)
{
	struct view_reach_name *names;
	size_t count = view_reach_names(&names, view);
	write_labels(out, view, paper, names, count);
	free(names);
}
