/* Any text as records of each CSV file: what is taken is written as rows that are taken again and written the same. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger_csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
take_lines(struct ledger_whole *bin, struct ledger_port_names *names, enum ledger_csv_file file,
	   const uint8_t *data, size_t size)
{
	while (size) {
		const uint8_t *newline = memchr(data, '\n', size);
		size_t length = newline ? (size_t)(newline - data) : size;
		char *line = malloc(length + 1);
		char *fields[LEDGER_CSV_FIELDS];
		struct utc_s start;
		if (!line)
			return;
		memcpy(line, data, length);
		line[length] = 0;
		data += length + (newline != NULL);
		size -= length + (newline != NULL);
		(void)ledger_csv_goes_on(line, length);
		if (length && line[length - 1] == '\r')
			line[--length] = 0;
		int count = ledger_csv_split(line, length, fields);
		if (count > 0 && ledger_csv_start(&start, fields[0]) == 0)
			(void)ledger_csv_take(bin, names, file, fields, count);
		free(line);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	struct ledger_port_names names = {0};
	struct ledger_wholes bins;
	struct buf once = {0}, twice = {0};
	if (!ledger_wholes_init(&bins, &names))
		return 0;
	struct ledger_whole *bin = ledger_wholes_add(&bins, (struct utc_s){1767225600});
	static const char batch[] = "2026-01-01T00:00:00Z,7,300,300,0,0,30,0,20,10,1\n";
	take_lines(bin, &names, LEDGER_CSV_BATCHES, (const uint8_t *)batch, sizeof(batch) - 1);
	enum ledger_csv_file file = (enum ledger_csv_file)(data[0] % LEDGER_CSV_FILES);
	take_lines(bin, &names, file, data + 1, size - 1);
	ledger_wholes_sort(&bins);
	(void)ledger_whole_fault(ledger_wholes_item(&bins, 0));
	ledger_csv_write(&once, file, ledger_wholes_item(&bins, 0), &names);
	struct ledger_port_names names_again = {0};
	struct ledger_wholes again;
	/* A record with an end of line in it goes over several lines, which this reader does not join. */
	bool plain = !once.length || !memchr(once.data, '"', once.length);
	if (ledger_wholes_init(&again, &names_again) && plain) {
		bin = ledger_wholes_add(&again, (struct utc_s){1767225600});
		if (file != LEDGER_CSV_BATCHES)
			take_lines(bin, &names_again, LEDGER_CSV_BATCHES, (const uint8_t *)batch,
				   sizeof(batch) - 1);
		take_lines(bin, &names_again, file, once.data, once.length);
		ledger_wholes_sort(&again);
		ledger_csv_write(&twice, file, ledger_wholes_item(&again, 0), &names_again);
		assert(once.length == twice.length);
	}
	ledger_wholes_fini(&again);
	ledger_port_names_fini(&names_again);
	ledger_wholes_fini(&bins);
	ledger_port_names_fini(&names);
	buf_fini(&once);
	buf_fini(&twice);
	return 0;
}
