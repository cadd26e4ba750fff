/* GNPy's files: equipment, then after a zero octet a network. What is understood is written and
 * read again, designed, and light is sent through it. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_optics_gnpy_hub.h"
#include "corridor/corridor_optics_pass.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SMALL = 64, CHANNELS = 16 };
static const double far_km = 5000;

/* As it would be written, and as a hub file would have it. */
static void
write_out(const struct corridor_network *network, const struct corridor_equipment *equipment,
	  const struct corridor_gnpy *gnpy)
{
	struct corridor_complaint complaint;
	struct corridor_network again;
	struct buf out = {0}, part = {0};
	corridor_gnpy_write_network(&out, network);
	(void)corridor_gnpy_network(&again, gnpy, equipment, (const char *)out.data, out.length,
				    &complaint);
	(void)corridor_gnpy_to_hub(&part, network, equipment, NULL, &complaint);
	buf_fini(&out);
	buf_fini(&part);
}

/* Through each pair of transceivers that a way joins, if it is not too much work. */
static void
propagate(struct corridor_network *network, const struct corridor_equipment *equipment)
{
	struct corridor_complaint complaint;
	struct corridor_reference reference = corridor_reference_of(equipment, NAN);
	double km = 0;
	for (size_t i = 0; i < network->count; i++)
		km += network->elements[i].fibre.length_km;
	if (network->count > SMALL || km > far_km ||
	    corridor_network_complete(network, equipment, NULL, &complaint) < 0 ||
	    corridor_network_design(network, equipment, &reference, NULL, &complaint) < 0)
		return;
	for (uint32_t to = 0; to < network->count; to++) {
		uint32_t *way;
		size_t count;
		if (corridor_network_way(network, 0, to, &way, &count, &complaint) < 0)
			continue;
		struct corridor_comb comb = equipment->combs[0];
		comb.high_hz = fmin(comb.high_hz, comb.low_hz + CHANNELS * comb.spacing_hz);
		struct corridor_light *light = corridor_launch_comb(&comb, NAN, &complaint);
		if (light && corridor_network_pass(network, way, count, &light, CORRIDOR_GN, NULL,
						   NULL, &complaint) == 0)
			for (size_t i = 0; i < light->count; i++)
				if (isnan(corridor_received_gsnr_db(light, i)))
					abort();
		corridor_light_free(light);
	}
}

/* What is read without equipment becomes a part of a hub file, too. */
static void
alone(const struct corridor_gnpy *gnpy, const char *text, size_t length)
{
	struct corridor_complaint complaint;
	struct corridor_network network;
	struct corridor_gnpy for_hub = *gnpy;
	struct buf part = {0};
	for_hub.for_hub = true;
	if (corridor_gnpy_network(&network, &for_hub, NULL, text, length, &complaint) == 0)
		(void)corridor_gnpy_to_hub(&part, &network, NULL, NULL, &complaint);
	buf_fini(&part);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct corridor_complaint complaint;
	struct corridor_equipment equipment;
	struct corridor_network network;
	struct buf notes = {0};
	struct corridor_gnpy gnpy = {.arena = arena_new(), .notes = &notes};
	const uint8_t *zero = size ? memchr(data, 0, size) : NULL;
	size_t first = zero ? (size_t)(zero - data) : size;
	const char *text = (const char *)data;
	if (gnpy.arena && zero)
		alone(&gnpy, text + first + 1, size - first - 1);
	if (gnpy.arena &&
	    corridor_gnpy_equipment(&equipment, &gnpy, text, first, &complaint) == 0 && zero &&
	    corridor_gnpy_network(&network, &gnpy, &equipment, text + first + 1, size - first - 1,
				  &complaint) == 0) {
		write_out(&network, &equipment, &gnpy);
		propagate(&network, &equipment);
	}
	buf_fini(&notes);
	arena_free(gnpy.arena);
	return 0;
}
