/* The proof of the way in the ledger's process, on a clock of the test's own: what the corridor says is kept, an
 * invoice bears its proof, and whatever is changed behind it is found. */
#include <dirent.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hub_text.h"
#include "ledger/ledger_sqlite_io.h"
#include "ledger/made_up.h"
#include "ledger/two_members.h"
#include "main/folders.h"
#include "main/ledger_books.h"
#include "main/ledger_reading.h"
#include "tap.h"

enum { HOUR = 3600 };

static const char hub_text[] = TWO_MEMBERS
	"billing: {issue: automatic}\n"
	"contracts:\n"
	"  - {id: c1, member: 64501, kind: commit, currency: USD, monthly: 1, commit: 100M,\n"
	"     ports: [p1], starts: 2026-09-01}\n";

static struct place {
	struct ledger_books_place at;
	struct ledger_store *store;
	struct ledger_books *books;
	char *folder, told[300], store_path[300], said_path[300];
} place;

static int status;

static struct ledger_books_place
where(void *context)
{
	return ((struct place *)context)->at;
}

static void
open_books(void)
{
	place.books = ledger_books_new(
		place.folder, &(struct ledger_books_told){place.told, place.folder}, where, &place);
	ledger_desk_others(place.at.desk, ledger_books_others(place.books));
}

static void
at(const char *time)
{
	if (utc_parse(&place.at.now, time) < 0)
		abort();
}

static void
turns(int minutes)
{
	for (int second = 0; second < minutes * 60; second++, place.at.now.s++)
		while (ledger_books_turn(place.books))
			;
}

/* From p1 to p2, and a third as much back, each hour. */
static void
fill(const char *from, const char *to, uint64_t run)
{
	struct utc_s start, end;
	if (utc_parse(&start, from) < 0 || utc_parse(&end, to) < 0)
		abort();
	for (; start.s < end.s; start.s += HOUR) {
		struct traffic_port ports[2] = {
			{.port = "p1",
			 .flow_in = 900,
			 .flow_out = 300,
			 .counter_in = 900,
			 .counter_out = 300},
			{.port = "p2",
			 .flow_in = 300,
			 .flow_out = 900,
			 .counter_in = 300,
			 .counter_out = 900},
		};
		for (int i = 0; i < 2; i++) {
			ports[i].state = TRAFFIC_COUNTER;
			ports[i].counter_covered_s = HOUR;
		}
		struct traffic_pair pairs[2] = {{0, 1, IP_V4, 900, 9, 9}, {1, 0, IP_V4, 300, 3, 3}};
		const struct traffic_batch batch = {.start = start,
						    .length_s = HOUR,
						    .covered_s = HOUR,
						    .run = run,
						    .ports = ports,
						    .port_count = 2,
						    .pairs = pairs,
						    .pair_count = 2};
		const struct traffic_batch *one = &batch;
		enum ledger_put result;
		if (ledger_store_put(place.store, &one, 1, &result) != LEDGER_STORE_OK)
			abort();
	}
}

/* What the corridor says: the way between p1 and p2 is over that segment; NULL: it is closed. */
static void
say(const char *name, const char *from, const char *until, const char *segment)
{
	char steps[40] = "null";
	if (segment)
		(void)snprintf(steps, sizeof(steps), "[\"%s\"]", segment);
	char path[400];
	(void)snprintf(path, sizeof(path), "%s/%s.ways", place.told, name);
	FILE *file = fopen(path, "w");
	if (!file)
		abort();
	fprintf(file,
		"{\"ways_version\":1,\"from\":\"%s\",\"until\":\"%s\",\"why\":\"\",\"segments\":["
		"{\"id\":\"NORTH\",\"length_m\":5000,\"latency_us\":25,\"estimated\":false,"
		"\"countries\":[\"RU\"],\"cables\":[],\"risks\":[]},"
		"{\"id\":\"SOUTH\",\"length_m\":9000,\"latency_us\":45,\"estimated\":false,"
		"\"countries\":[\"EG\"],\"cables\":[\"SMW\"],\"risks\":[]}],\"ports\":["
		"{\"id\":\"p1\",\"asn\":64501,\"site\":\"KHI\",\"country\":\"PK\"},"
		"{\"id\":\"p2\",\"asn\":64502,\"site\":\"FRA\",\"country\":\"DE\"}],\"exits\":["
		"{\"session\":\"up\",\"port\":\"p2\",\"ipv4\":true,\"ipv6\":true},"
		"{\"session\":\"down\",\"port\":\"p1\",\"ipv4\":true,\"ipv6\":true}],\"ways\":["
		"{\"site\":\"FRA\",\"asn\":0,\"to\":\"down\",\"segments\":%s},"
		"{\"site\":\"KHI\",\"asn\":0,\"to\":\"up\",\"segments\":%s}],"
		"\"promises\":[{\"asn\":64501,\"avoid\":[\"RU\",\"IR\"]}]}",
		from, until, steps, steps);
	fclose(file);
}

static size_t
left(void)
{
	size_t count = 0;
	DIR *folder = opendir(place.told);
	for (struct dirent *e; folder && (e = readdir(folder));)
		count += e->d_name[0] != '.';
	if (folder)
		closedir(folder);
	return count;
}

static const char *
ask(enum control_form form, const char *const *words)
{
	static struct buf said;
	struct control_request request = {.form = form, .peer = {true, 0, 1}};
	struct control_answer answer = {0};
	for (; words[request.count]; request.count++)
		request.words[request.count] = words[request.count];
	ledger_books_answer(place.books, &request, &answer);
	while (answer.ready && !answer.ready(answer.state, &answer))
		(void)usleep(answer.works ? 0 : 1000);
	while (answer.more && answer.more(answer.state, &answer.body))
		;
	if (answer.done)
		answer.done(answer.state);
	status = answer.status;
	buf_clear(&said);
	if (answer.status)
		buf_str(&said, answer.text);
	buf_put(&said, answer.body.data, answer.body.length);
	buf_u8(&said, 0);
	buf_fini(&answer.body);
	return (const char *)said.data;
}
#define SAY(...)  ask(CONTROL_TEXT, (const char *const[]){__VA_ARGS__, NULL})
#define JSON(...) ask(CONTROL_JSON, (const char *const[]){__VA_ARGS__, NULL})

/* --- */

static void
before(void)
{
	at("2026-09-10T00:00:00Z");
	fill("2026-09-01T00:00:00Z", "2026-09-10T00:00:00Z", 1);
	turns(1);
	ok(strstr(SAY("ledger", "way", "64501"), "no traffic") && !status,
	   "where the corridor said nothing there is no proof");
	ok(strstr(SAY("ledger", "verify"), "sound: 0 entries"), "and nothing to verify");
	say("1", "2026-09-05T00:00:00Z", "2026-09-06T00:00:00Z", "NORTH");
	say("2", "2026-09-07T12:00:00Z", "2026-10-20T00:00:00Z", "SOUTH");
	turns(1);
	is_int((long long)left(), 0, "what it says is taken in");
	is_int((long long)ledger_books_entries(place.books), 0,
	       "and not into the journal of money");
	const char *way = SAY("ledger", "way", "64501", "month", "2026-09");
	/* 9 days of 24 bins of 1200: of these one day by the north, two and a half by the south. */
	ok(strstr(way, "avoided IR and RU: 27.78 %, of which 0.00 % by estimate; crossed:") &&
		   strstr(way, "11.11 %; not known: 61.11 %"),
	   "it is told how much avoided what was to be avoided");
	ok(strstr(way, "27.78 %     72.0 kB  SOUTH"), "and by which way");
	ok(strstr(way, "61.11 %      158 kB  not known"), "and of how much nobody knows");
	say("2", "2026-09-07T12:00:00Z", "2026-10-20T00:00:00Z", "NORTH");
	turns(1);
	ok(strstr(SAY("ledger", "way", "64501", "month", "2026-09"), "27.78 %     72.0 kB  SOUTH"),
	   "what was said once under that number stays");
	say("3", "2026-09-08T12:00:00Z", "2026-09-07T00:00:00Z", "NORTH");
	turns(1);
	is_int((long long)left(), 1, "what makes no sense is put aside");
	ok(strstr(SAY("ledger", "way", "64502"), "AS64502\n"),
	   "a member without a contract has a proof of all its ports");
	ok(strstr(JSON("ledger", "way", "64501"), "\"percent\":27.78"), "as JSON");
	ok(strstr(ask(CONTROL_CSV, (const char *const[]){"ledger", "way", "64501", NULL}),
		  "64501,c1,promise,avoided,72000,0,259200\r\n"),
	   "and as CSV");
}

/* "in_octets", octets of the ways by the south, and of none that is known, of an answer. */
struct hour {
	long long in, south, unknown;
};

static long long
after(const char *text, const char *mark, const char *key)
{
	const char *at = mark ? strstr(text, mark) : text;
	at = at ? strstr(at, key) : NULL;
	return at ? strtoll(at + strlen(key), NULL, 10) : 0;
}

static void
add_to(struct hour *sum, const char *answer)
{
	sum->in += after(answer, NULL, "\"in_octets\":");
	sum->south += after(answer, "\"segments\":[{\"name\":\"SOUTH\"", "\"octets\":");
	sum->unknown += after(answer, "\"unknown\":", "\"octets\":");
}

/* A dispute is about one hour. */
static void
hours(void)
{
	struct hour sum = {0}, day = {0};
	struct utc_s from;
	char begin[CLOCK_TEXT], end[CLOCK_TEXT];
	at("2026-09-10T00:00:00Z");
	(void)utc_parse(&from, "2026-09-07T00:00:00Z");
	for (int hour = 0; hour < 24; hour++, from.s += HOUR) {
		(void)utc_format(begin, from);
		(void)utc_format(end, (struct utc_s){from.s + HOUR});
		add_to(&sum, JSON("ledger", "way", "64501", "--from", begin, "--to", end));
	}
	add_to(&day, JSON("ledger", "way", "64501", "--from", "2026-09-07T00:00:00Z", "--to",
			  "2026-09-08T00:00:00Z"));
	is_int(day.in, 24 * 900, "a day has its octets");
	is_int(day.south, 12 * 1200, "of which those after noon went by the south");
	ok(sum.in == day.in && sum.south == day.south && sum.unknown == day.unknown &&
		   day.unknown == 12 * 1200,
	   "and its hours add up to it: %lld %lld %lld", sum.in, sum.south, sum.unknown);
	ok(strstr(JSON("ledger", "way", "64501", "--from", "2026-09-07T12:00:00Z", "--to",
		       "2026-09-07T13:00:00Z"),
		  "\"month\":null") &&
		   !status,
	   "an hour is no month");
	ok(strstr(SAY("ledger", "way", "64501", "--from", "2026-09-07T12:00:00Z", "--to",
		      "2026-09-07T13:00:00Z"),
		  "avoided IR and RU: 100.00 %, of which 0.00 % by estimate"),
	   "of an hour it is told what it avoided");
	ok(strstr(SAY("ledger", "way", "64501", "--from", "2026-09-07T12:30:00Z", "--to",
		      "2026-09-07T13:30:00Z"),
		  "multiples") &&
		   status == 400,
	   "parts of a bin cannot be told");
	ok(strstr(SAY("ledger", "way", "64501", "--from", "2026-08-07T12:00:00Z", "--to",
		      "2026-08-08T12:00:00Z"),
		  "The corridor said nothing of its ways in that time"),
	   "of a time before the corridor said anything it is told that");
	ok(strstr(SAY("ledger", "way", "64501", "--from", "2026-09-20T12:00:00Z", "--to",
		      "2026-09-21T12:00:00Z"),
		  "no traffic"),
	   "nor what is to come");
}

static const char *
document(enum control_form form)
{
	return ask(form, (const char *const[]){"ledger", "document", "TST-I000001", NULL});
}

static void
issued(void)
{
	fill("2026-09-10T00:00:00Z", "2026-10-01T00:00:00Z", 1);
	at("2026-10-01T00:16:00Z");
	while (ledger_books_entries(place.books) < 1)
		turns(1);
	ok(strstr(document(CONTROL_JSON),
		  "avoided IR and RU: 78.33 %, of which 0.00 % by estimate; "
		  "crossed: 3.33 %; not known: 18.34 %"),
	   "an invoice that is issued bears its proof");
	ok(strstr(document(CONTROL_JSON), "\"last_hash\":\""),
	   "with the digest of what it rests on");
	ok(strstr(ask(CONTROL_JSON,
		      (const char *const[]){"ledger", "document", "TST-I000001", "--html", NULL}),
		  "Avoided IR and RU: 78.33 %"),
	   "so does its page");
	ok(strstr(JSON("ledger", "way", "64501", "month", "2026-09"),
		  "\"document\":\"TST-I000001\",\"fault\":null"),
	   "it is shown as it was issued, and follows");
	ok(strstr(SAY("ledger", "verify"), "sound: 1 entries"), "all of it is verified");
	/* The same bins, the same bytes: the proof is not reckoned into the difference. */
	at("2026-12-01T00:00:00Z");
	while (ledger_store_fold(place.store, place.at.now, &(bool){false}) == LEDGER_STORE_OK) {
		bool more = false;
		if (ledger_store_fold(place.store, place.at.now, &more) || !more)
			break;
	}
	ledger_books_free(place.books);
	open_books();
	turns(1);
	ok(strstr(SAY("ledger", "verify"), "sound: 1 entries"),
	   "also after a restart, and when pairs have been folded");
}

/* Runs a statement on a file, its triggers aside. */
static void
meddle(const char *path, const char *sql)
{
	sqlite3 *db;
	char *error = NULL;
	if (sqlite3_open(path, &db) || sqlite3_exec(db, sql, NULL, NULL, &error))
		printf("# %s: %s\n", path, error ? error : "?");
	sqlite3_close(db);
}

static void
changed(void)
{
	char wrong[] = "does not follow from journal and bins";
	fill("2026-09-12T00:00:00Z", "2026-09-12T01:00:00Z", 2);
	ok(strstr(SAY("ledger", "verify"), wrong) && status == 409,
	   "a bin that came later is found");
	ok(strstr(SAY("ledger", "way", "64501", "month", "2026-09"), wrong),
	   "and told where the proof is shown");
	ok(strstr(JSON("ledger", "verify"), "\"sound\":false"), "as JSON too");
}

static void
forged(void)
{
	ledger_books_free(place.books);
	meddle(place.said_path, "DROP TRIGGER entry_changed; "
				"UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'NORTH', "
				"'SOUTH') AS BLOB) "
				"WHERE number = 1");
	open_books();
	turns(1);
	const char *said = SAY("ledger", "verify");
	ok(status == 409 && strstr(said, "ways"), "an entry of the ways that was changed is found");
}

/* Both files are read beside the loop, and whoever asked may go away meanwhile. */
static void
beside(void)
{
	struct control_request request = {.form = CONTROL_TEXT,
					  .peer = {true, 0, 1},
					  .words = {"ledger", "verify"},
					  .count = 2};
	for (int i = 0; i < 20; i++) {
		struct control_answer answer = {0};
		ledger_books_answer(place.books, &request, &answer);
		if (!i)
			ok(answer.ready && !answer.body.length && !answer.status,
			   "to verify is not known at once");
		(void)usleep(i % 5 * 500);
		answer.done(answer.state);
	}
	ok(strstr(SAY("ledger", "verify"), "ways: entry"),
	   "others that are given up do not trouble it");
	ledger_books_free(place.books);
	(void)remove(place.said_path);
	open_books();
	turns(1);
	ok(strstr(SAY("ledger", "verify"), "the journal of ways says nothing of that time") &&
		   status == 409,
	   "a journal of ways that was taken away is missed");
}

static long long
count(const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *statement;
	long long number = -1;
	if (sqlite3_open(place.said_path, &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK) {
		if (sqlite3_step(statement) == SQLITE_ROW)
			number = sqlite3_column_int64(statement, 0);
		sqlite3_finalize(statement);
	}
	sqlite3_close(db);
	return number;
}

/* The exchange says by what routes go. */
static void
state(const char *line)
{
	char path[400];
	(void)snprintf(path, sizeof(path), "%s/steer.state", place.folder);
	FILE *file = fopen(path, "w");
	if (!file)
		abort();
	fputs(line, file);
	fclose(file);
}

/* A corridor that dies and does not come back. */
static void
dead(void)
{
	ledger_books_free(place.books);
	(void)remove(place.said_path);
	fill("2027-04-01T00:00:00Z", "2027-04-03T00:00:00Z", 11);
	at("2027-04-01T00:00:30Z");
	open_books();
	say("1", "2027-04-01T00:00:00Z", "2027-04-02T01:00:00Z", "SOUTH");
	state("by plan since 2027-04-01T00:00:00Z\n");
	turns(1);
	is_int(count("SELECT count(*) FROM entry"), 1,
	       "as long as routes go by the plan its ways hold");
	state("plain since 2027-04-01T06:00:00Z\n");
	at("2027-04-01T05:59:30Z");
	turns(1);
	is_int(count("SELECT count(*) FROM entry"), 1,
	       "when they no longer do the corridor has time to say so");
	at("2027-04-01T06:02:00Z");
	turns(2);
	is_int(count("SELECT count(*) FROM entry"), 2, "then it is put down in its stead, once");
	ledger_books_free(place.books);
	open_books();
	turns(1);
	is_int(count("SELECT count(*) FROM entry"), 2, "also by a process that begins anew");
	at("2027-04-03T00:00:00Z");
	const char *csv = ask(CONTROL_CSV, (const char *const[]){"ledger", "way", "64501", "month",
								 "2027-04", NULL});
	ok(strstr(csv, "64501,c1,promise,avoided,7200,0,57600\r\n"),
	   "and from that moment nothing is proven: six hours, not twenty-five");
	state("plain since yesterday\n");
	turns(1);
	state("");
	turns(1);
	is_int(count("SELECT count(*) FROM entry"), 2, "what makes no sense is passed over");
	say("2", "2027-04-02T00:00:00Z", "2027-04-03T01:00:00Z", "SOUTH");
	state("plain since 2027-04-01T18:00:00Z\n");
	turns(2);
	is_int(count("SELECT count(*) FROM entry"), 3,
	       "and so is what was before the corridor said something again");
}

/* A contract that promises a way for 99.9 % of the month, and for 99.999 %: a month with an hour and a half without
 * any, and one with 40 seconds. */
static void
promised(void)
{
	static const char text[] = TWO_MEMBERS
		"billing: {issue: automatic}\n"
		"contracts:\n"
		"  - {id: c1, member: 64501, kind: items, currency: USD, ports: [p1], starts: "
		"2027-06-01, items: [\n"
		"      {kind: port, price: 1000},\n"
		"      {kind: credit, availability: 99.9, every_month: true, steps: [\n"
		"        {minutes: 60, percent: 5}, {minutes: 240, percent: 20}]},\n"
		"      {kind: credit, availability: 99.999, every_month: true, steps: [\n"
		"        {minutes: 0, percent: 1}, {minutes: 60, percent: 2}]}]}\n";
	struct hub *hub = hub_of_text(text);
	struct hub *before = (struct hub *)place.at.hub;
	hub->bin_length_s = HOUR;
	ledger_books_free(place.books);
	(void)remove(place.said_path);
	char journal[400];
	(void)snprintf(journal, sizeof(journal), "%s/" FOLDERS_JOURNAL, place.folder);
	(void)remove(journal);
	place.at.hub = hub;
	(void)ledger_desk_apply(place.at.desk, hub);
	fill("2027-06-01T00:00:00Z", "2027-07-01T00:00:00Z", 21);
	at("2027-06-30T00:00:00Z");
	open_books();
	say("1", "2027-06-01T00:00:00Z", "2027-08-01T00:00:00Z", "SOUTH");
	say("2", "2027-06-10T10:00:00Z", "2027-08-01T00:00:00Z", NULL);
	say("3", "2027-06-10T11:00:00Z", "2027-08-01T00:00:00Z", "NORTH");
	say("4", "2027-06-12T10:00:00Z", "2027-08-01T00:00:00Z", NULL);
	say("5", "2027-06-12T10:30:59Z", "2027-08-01T00:00:00Z", "SOUTH");
	turns(1);
	at("2027-07-01T00:16:00Z");
	while (ledger_books_entries(place.books) < 1)
		turns(1);
	const char *bill = document(CONTROL_JSON);
	if (!ok(strstr(bill, "Credit, less than 99.9 % available, outage of 90 minutes, 5 %") &&
			strstr(bill, "false,\"amount\":{\"amount\":\"-50.00\"") &&
			strstr(bill,
			       "Credit, less than 99.999 % available, outage of 90 minutes, 2 %"),
		"what was promised and not kept is given back"))
		printf("# %s\n", strstr(bill, "Credit") ? strstr(bill, "Credit") : "");
	if (!ok(strstr(bill, "ways of the ports: all closed for 5459 of 2592000 seconds from "
			     "2027-06-01T00:00:00Z to 2027-07-01T00:00:00Z, 2 times, not known for "
			     "0, by entries 1 to 5 of the journal of ways"),
		"with its working"))
		printf("# %s\n", bill);
	ok(strstr(SAY("ledger", "verify"), "sound: 1 entries"), "which is verified");
	fill("2027-07-01T00:00:00Z", "2027-08-01T00:00:00Z", 22);
	at("2027-07-31T00:00:00Z");
	say("6", "2027-07-10T10:00:00Z", "2027-09-01T00:00:00Z", NULL);
	say("7", "2027-07-10T10:00:40Z", "2027-09-01T00:00:00Z", "SOUTH");
	turns(1);
	at("2027-08-01T00:16:00Z");
	while (ledger_books_entries(place.books) < 2)
		turns(1);
	bill = SAY("ledger", "document", "TST-I000002");
	ok(strstr(bill, "Credit, less than 99.999 % available, outage of 40 seconds, 1 %") &&
		   !strstr(bill, "99.9 %"),
	   "of a month seconds count where they were promised");
	ok(strstr(SAY("ledger", "verify"), "sound: 2 entries"), "and are verified");
	say("8", "2027-07-20T00:00:00Z", "2027-09-01T00:00:00Z", NULL);
	turns(1);
	const char *verified = SAY("ledger", "verify");
	ok(status == 409 && strstr(verified, "the availability of its ways does not follow"),
	   "an entry that came behind it is found");
	place.at.hub = before;
	(void)ledger_desk_apply(place.at.desk, before);
	hub_free(hub);
}

/* Two questions at once, each in its turn. */
static bool
both_end(const char *one, const char *other)
{
	const char *const months[2] = {one, other};
	struct control_request requests[2];
	struct control_answer answers[2] = {0};
	bool ended[2] = {0};
	for (int i = 0; i < 2; i++) {
		requests[i] = (struct control_request){
			.form = CONTROL_TEXT,
			.peer = {true, 0, 1},
			.words = {"ledger", "way", "64501", "month", months[i]},
			.count = 5};
		ledger_books_answer(place.books, &requests[i], &answers[i]);
	}
	for (int turn = 0; turn < 1000 && !(ended[0] && ended[1]); turn++)
		for (int i = 0; i < 2; i++)
			if (!ended[i])
				ended[i] = answers[i].ready(answers[i].state, &answers[i]);
	for (int i = 0; i < 2; i++) {
		answers[i].done(answers[i].state);
		buf_fini(&answers[i].body);
	}
	return ended[0] && ended[1];
}

/* Two months, neither of which is read in one turn. */
static void
together(void)
{
	enum { ENTRIES = 60, PORTS = 20 };
	char from[CLOCK_TEXT], until[CLOCK_TEXT], name[20], path[400];
	struct utc_s start, end;
	ledger_books_free(place.books);
	(void)remove(place.said_path);
	(void)utc_parse(&start, "2028-01-05T00:00:00Z");
	place.at.now = (struct utc_s){start.s + (int64_t)60 * 86400};
	open_books();
	for (int i = 0; i < ENTRIES; i++) {
		struct utc_s at_day = {start.s + (int64_t)i * 40000};
		end = (struct utc_s){start.s + (int64_t)50 * 86400};
		(void)snprintf(name, sizeof(name), "%d", 1000 + i);
		(void)snprintf(path, sizeof(path), "%s/%s.ways", place.told, name);
		FILE *file = fopen(path, "w");
		if (!file)
			abort();
		fprintf(file,
			"{\"ways_version\":1,\"from\":\"%s\",\"until\":\"%s\",\"why\":\"\","
			"\"segments\":[],\"ports\":[",
			utc_format(from, at_day), utc_format(until, end));
		/* All others each time, so that none is told as a difference. */
		for (int p = 0; p < PORTS; p++)
			fprintf(file,
				"%s{\"id\":\"x%04d\",\"asn\":%d,\"site\":\"S\",\"country\":\"PK\"}",
				p ? "," : "", p, 1 + i);
		fprintf(file, "],\"exits\":[],\"ways\":[],\"promises\":[]}");
		fclose(file);
	}
	turns(1);
	is_int(count("SELECT count(*) FROM entry"), ENTRIES, "entries are taken in");
	/* However fast the machine is. */
	place.at.turn_us = 0;
	ok(both_end("2028-01", "2028-02"), "two who ask for two months at once both get an answer");
	place.at.turn_us = LEDGER_TURN_US;
}

#define DIFFERENCES                                                                                \
	"SELECT count(*) FROM entry WHERE CAST(text AS TEXT) LIKE '%\naction until % since %'"

/* A month of changes at whole hours, with processes that end in between: what is put down as differences comes to the
 * same as what was said. */
static void
differences(void)
{
	enum { HOURS = 31 * 24, CHANGES = 120 };
	char from[CLOCK_TEXT], name[40], expected[200];
	struct utc_s start, at_hour;
	bool by_north[HOURS] = {false};
	long long north = 0;
	ledger_books_free(place.books);
	(void)remove(place.said_path);
	(void)utc_parse(&start, "2027-01-01T00:00:00Z");
	fill("2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z", 9);
	place.at.now = (struct utc_s){start.s + (int64_t)HOURS * HOUR + 600};
	open_books();
	uint64_t random = 5;
	for (int i = 0; i < CHANGES; i++) {
		random = random * 6364136223846793005u + 1442695040888963407u;
		int hour = i * HOURS / CHANGES;
		bool is_north = random >> 60 < 6;
		at_hour = (struct utc_s){start.s + (int64_t)hour * HOUR};
		(void)snprintf(name, sizeof(name), "%d", 1000 + i);
		say(name, utc_format(from, at_hour), "2027-03-01T00:00:00Z",
		    is_north ? "NORTH" : "SOUTH");
		for (int h = hour; h < HOURS; h++)
			by_north[h] = is_north;
		if (random >> 40 & 1) {
			ledger_books_free(place.books);
			open_books();
		}
		if (random >> 41 & 1)
			(void)ledger_books_turn(place.books);
	}
	turns(1);
	for (int h = 0; h < HOURS; h++)
		north += by_north[h] ? 1200 : 0;
	is_int(count("SELECT count(*) FROM entry"), CHANGES, "each change is an entry, once");
	ok(count(DIFFERENCES) >= CHANGES / 2, "most say only what has changed (%lld)",
	   count(DIFFERENCES));
	ok(count("SELECT count(*) FROM entry WHERE CAST(text AS TEXT) NOT LIKE '%\naction until % "
		 "since %'") >= 4,
	   "and all is said again every week");
	(void)snprintf(expected, sizeof(expected), "64501,c1,promise,crossed,%lld,0,%d\r\n", north,
		       HOURS * 1200);
	const char *csv = ask(CONTROL_CSV, (const char *const[]){"ledger", "way", "64501", "month",
								 "2027-01", NULL});
	if (!ok(strstr(csv, expected), "together they come to what was said"))
		printf("# %s# %s\n", expected, csv);
	ledger_books_free(place.books);
	meddle(place.said_path,
	       "DROP TRIGGER entry_changed; "
	       "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'EG', 'RU') "
	       "AS BLOB) WHERE number = 1");
	open_books();
	turns(1);
	(void)SAY("ledger", "verify");
	is_int(status, 409, "a whole that was changed by two letters is found");
	ledger_books_free(place.books);
	meddle(place.said_path, "DROP TRIGGER entry_dropped; DELETE FROM entry WHERE number > 60;");
	open_books();
	turns(1);
	(void)SAY("ledger", "way", "64501", "month", "2027-01");
	is_int(status, 503, "so it is where it is asked for");
}

int
main(void)
{
	char template[] = "/tmp/sarai-books-way-XXXXXX", reason[LEDGER_SQLITE_REASON];
	place.folder = mkdtemp(template);
	if (!place.folder)
		return 1;
	(void)snprintf(place.told, sizeof(place.told), "%s/corridor", place.folder);
	(void)snprintf(place.store_path, sizeof(place.store_path), "%s/store", place.folder);
	(void)snprintf(place.said_path, sizeof(place.said_path), "%s/" FOLDERS_WAYS, place.folder);
	(void)mkdir(place.told, 0700);
	struct hub *hub = hub_of_text(hub_text);
	hub->bin_length_s = HOUR;
	place.store = ledger_sqlite_open(place.store_path, reason);
	place.at.hub = hub;
	place.at.desk = ledger_desk_new(place.store, hub);
	place.at.turn_us = LEDGER_TURN_US;
	open_books();
	before();
	hours();
	issued();
	changed();
	forged();
	beside();
	dead();
	differences();
	together();
	promised();
	ledger_books_free(place.books);
	ledger_desk_free(place.at.desk);
	ledger_store_close(place.store);
	hub_free(hub);
	char command[400];
	(void)snprintf(command, sizeof(command), "rm -rf %s", place.folder);
	return system(command) | done_testing();
}
