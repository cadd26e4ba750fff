/* SLURM files: what is read can be put in force. */
#include <stdint.h>
#include <stdlib.h>

#include "exchange/rpki/rpki_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct slurm slurm;
	char error[SLURM_ERROR];
	if (slurm_read(&slurm, arena, (const char *)data, size, error) == 0) {
		struct rpki_table *table = rpki_table_new();
		const struct slurm *files[] = {&slurm};
		if (rpki_table_slurm(table, files, 1) &&
		    rpki_counts(table).asserted >
			    slurm.prefix_assertion_count + slurm.aspa_assertion_count)
			abort();
		rpki_table_free(table);
	} else if (!error[0]) {
		abort();
	}
	arena_free(arena);
	return 0;
}
