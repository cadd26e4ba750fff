/* MRT files: framing, every record, filters, the summary and all forms of text. */
#include <assert.h>

#include "exchange/monitor/mrt.h"
#include "exchange/monitor/mrt_filter.h"
#include "exchange/monitor/mrt_summary.h"
#include "view/view_mrt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sink {
	struct view_mrt view;
	struct mrt_summary summary;
	struct mrt_filter filter;
	struct buf out;
};

static void
visit(void *context, const struct mrt_entry *entry)
{
	struct sink *sink = context;
	assert(entry->prefix.length <= ip_bits((enum ip_family)entry->prefix.ip.family));
	mrt_summary_entry(&sink->summary, entry);
	(void)mrt_filter_likes(&sink->filter, entry);
	if (sink->out.length < 1 << 20) {
		view_mrt_line(&sink->view, &sink->out, entry);
		view_mrt_json(&sink->out, entry);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mrt_reader *reader = mrt_reader_new();
	struct sink sink = {.filter = {.in_path = {64500}, .origin = {1}}};
	struct cursor c = cursor_of(data, size);
	struct mrt_record record;
	assert(reader && mrt_community_parse(&sink.filter.community, "64500:*:1") == 0);
	while (mrt_record_take(&record, &c, 0) == MRT_FRAME_RECORD) {
		enum mrt_verdict verdict = mrt_record_read(reader, &record, visit, &sink);
		mrt_summary_record(&sink.summary, &record, verdict);
	}
	view_mrt_summary(&sink.out, &sink.summary, VIEW_TEXT);
	view_mrt_summary(&sink.out, &sink.summary, VIEW_JSON);
	mrt_summary_fini(&sink.summary);
	view_mrt_fini(&sink.view);
	buf_fini(&sink.out);
	mrt_reader_free(reader);
	return 0;
}
