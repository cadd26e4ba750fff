/* Which document of the journal is printed how. */
#include "main/paper_documents.h"

#include "base/json_read.h"
#include "paper/paper_invoice.h"
#include "paper/paper_note.h"
#include "paper/paper_statement.h"
#include "view/view_ledger.h"

const struct paper_document *
paper_document_of(struct arena *arena, const struct buf *json, const struct hub *hub,
		  struct buf *parties)
{
	const struct json_value *said = json_read(arena, (const char *)json->data, json->length);
	const char *holder = said ? paper_note_holder(said) : NULL;
	bool statement = said && paper_statement_is(said);
	if (!holder && !statement)
		return said ? paper_invoice_make(arena, said) : NULL;
	view_invoice_parties(parties, hub, holder);
	const struct json_value *who =
		json_read(arena, (const char *)parties->data, parties->length);
	return holder ? paper_note_make(arena, said, who) : paper_statement_make(arena, said, who);
}
