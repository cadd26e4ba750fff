/* The running month in one line: exact sums, one a currency. */
#include "web/web_month.h"

#include <string.h>

#include "tap.h"

static void
joined(const char *total, const char *invoices, const char *expected, const char *name)
{
	struct arena *arena = arena_new();
	struct buf out = {0};
	int result = web_month_join(&out, total ? json_read(arena, total, strlen(total)) : NULL,
				    invoices ? json_read(arena, invoices, strlen(invoices)) : NULL);
	buf_u8(&out, 0);
	is_str(result == 0 ? (const char *)out.data : "", expected, name);
	buf_fini(&out);
	arena_free(arena);
}

int
main(void)
{
	joined("{\"p95_in_bps\":7,\"p95_out_bps\":9}",
	       "{\"month\":\"2026-11\",\"invoices\":["
	       "{\"total\":{\"amount\":\"90071992547409.93\",\"currency\":\"USD\"},\"simulated\":"
	       "false},"
	       "{\"total\":{\"amount\":\"-0.95\",\"currency\":\"USD\"}},"
	       "{\"total\":{\"amount\":\"500\",\"currency\":\"JPY\"},\"simulated\":true},"
	       "{\"total\":{\"amount\":\"-0.05\",\"currency\":\"EUR\"}}]}",
	       "{\"month\":\"2026-11\",\"p95_in_bps\":7,\"p95_out_bps\":9,\"invoices\":4,"
	       "\"totals\":["
	       "{\"amount\":\"90071992547408.98\",\"currency\":\"USD\"},"
	       "{\"amount\":\"500\",\"currency\":\"JPY\"},{\"amount\":\"-0.05\",\"currency\":"
	       "\"EUR\"}],"
	       "\"simulated\":true}",
	       "sums are exact beyond what a double holds, and currencies are never added");
	joined(NULL,
	       "{\"month\":\"2026-11\",\"invoices\":["
	       "{\"total\":{\"amount\":\"10.00\",\"currency\":\"USD\"},\"purchase\":false},"
	       "{\"total\":{\"amount\":\"7.00\",\"currency\":\"USD\"},\"purchase\":true,"
	       "\"simulated\":true},"
	       "{\"total\":{\"amount\":\"3.00\",\"currency\":\"EUR\"},\"purchase\":true}]}",
	       "{\"month\":\"2026-11\",\"p95_in_bps\":null,\"p95_out_bps\":null,\"invoices\":1,"
	       "\"totals\":[{\"amount\":\"10.00\",\"currency\":\"USD\"}],\"simulated\":false}",
	       "what the hub buys is not counted as what it sells");
	joined(NULL, NULL,
	       "{\"month\":null,\"p95_in_bps\":null,\"p95_out_bps\":null,\"invoices\":null,"
	       "\"totals\":null,\"simulated\":null}",
	       "what is not known is null");
	joined(NULL,
	       "{\"month\":\"2026-11\",\"invoices\":["
	       "{\"total\":{\"amount\":\"92233720368547758.07\",\"currency\":\"USD\"}},"
	       "{\"total\":{\"amount\":\"0.01\",\"currency\":\"USD\"}},"
	       "{\"total\":{\"amount\":\"1e9\",\"currency\":\"EUR\"}}]}",
	       "{\"month\":\"2026-11\",\"p95_in_bps\":null,\"p95_out_bps\":null,\"invoices\":3,"
	       "\"totals\":[{\"amount\":null,\"currency\":\"USD\"},{\"amount\":null,\"currency\":"
	       "\"EUR\"}],\"simulated\":false}",
	       "a sum that does not fit, or is of no number, is null");
	return done_testing();
}
