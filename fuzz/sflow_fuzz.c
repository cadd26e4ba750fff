/* Any bytes are an sFlow datagram or not; none takes the reader beyond them or makes it loop. */
#include <stdlib.h>

#include "meter/frame.h"
#include "meter/sflow.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sflow_reader r;
	struct sflow_sample sample;
	size_t samples = 0;
	if (sflow_open(&r, cursor_of(data, size)) != FLOW_ACCEPTED)
		return 0;
	struct sflow_seen_list seen = {0};
	r.seen = &seen;
	while (sflow_next(&r, &sample)) {
		samples++;
		if (sample.kind != SFLOW_FLOW || sample.bad)
			continue;
		/* Each header that was found can be found again. */
		for (unsigned i = 0; i < sample.flow.layers; i++) {
			sample.flow.family = IP_NONE;
			frame_use_layer(&sample.flow, i);
			if (sample.flow.family != sample.flow.source.family)
				abort();
		}
	}
	for (uint32_t i = 0; i < seen.count; i++)
		(void)sflow_seen_text(&seen.forms[i]);
	if (seen.count > SFLOW_SEEN_MAX)
		abort();
	if (samples > size / 8) /* each has at least a kind and a length */
		abort();
	return 0;
}
