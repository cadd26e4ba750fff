/* The store: what all engines do alike. */
#include "ledger/ledger_store.h"

#include <stdlib.h>

/* The bins of those batches that may be taken in; the others are refused. */
static enum ledger_store_error
gather(struct ledger_wholes *bins, struct ledger_port_names *names,
       const struct traffic_batch *const *batches, size_t count, enum ledger_put *results)
{
	for (size_t i = 0; i < count; i++) {
		const struct traffic_batch *batch = batches[i];
		results[i] = ledger_batch_fault(batch) ? LEDGER_PUT_REFUSED : LEDGER_PUT_NEW;
		if (results[i] == LEDGER_PUT_REFUSED)
			continue;
		for (size_t port = 0; port < batch->port_count; port++) {
			const char *name = batch->ports[port].port;
			if (!ledger_port_names_find(names, name) &&
			    !ledger_port_names_add(names, name))
				return LEDGER_STORE_MEMORY;
		}
		if (!ledger_wholes_add_batch(bins, batch))
			return LEDGER_STORE_MEMORY;
	}
	return LEDGER_STORE_OK;
}

enum ledger_store_error
ledger_store_put(struct ledger_store *store, const struct traffic_batch *const *batches,
		 size_t count, enum ledger_put *results)
{
	struct ledger_port_names names = {0};
	struct ledger_wholes bins;
	enum ledger_put *of_bins = calloc(count + 1, sizeof(*of_bins));
	enum ledger_store_error error = LEDGER_STORE_MEMORY;
	if (ledger_wholes_init(&bins, &names) && of_bins)
		error = gather(&bins, &names, batches, count, results);
	if (!error && bins.items.count)
		error = ledger_store_take(store, &bins, false, of_bins);
	size_t next = 0;
	for (size_t i = 0; i < count && !error; i++)
		if (results[i] != LEDGER_PUT_REFUSED)
			results[i] = of_bins[next++];
	ledger_wholes_fini(&bins);
	ledger_port_names_fini(&names);
	free(of_bins);
	return error;
}
