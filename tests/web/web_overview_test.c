/* The overview is joined from the rooms' answers; what a silent room knows is null. */
#include "web/web_overview.h"

#include "tap.h"

static const char status[] =
	"{\"hub\":{\"name\":\"Test Hub\"},\"simulated\":true,\"rooms\":["
	"{\"room\":\"exchange\",\"state\":\"up\"},{\"room\":\"ledger\",\"state\":\"down\"}]}";
static const char members[] =
	"{\"hub\":{\"name\":\"Test Hub\"},\"incidents\":[{\"severity\":2,\"text\":\"RPKI cache a "
	"is "
	"lost\",\"detail\":\"no answer\",\"link\":\"#/exchange\"}],\"members\":["
	"{\"asn\":64501,\"name\":\"One\",\"trouble\":3,\"trouble_text\":\"all sessions "
	"down\",\"sessions\":["
	"{\"address\":\"192.0.2.1\",\"state\":\"idle\",\"since\":\"2026-11-21T12:00:00Z\",\"last_"
	"error\":"
	"\"hold timer expired\"}]},"
	"{\"asn\":64502,\"name\":\"Two\",\"trouble\":2,\"trouble_text\":\"1 of 2 sessions down\","
	"\"sessions\":[{\"address\":\"192.0.2.2\",\"state\":\"established\"},"
	"{\"address\":\"2001:db8::2\",\"state\":\"connect\",\"since\":null,\"last_error\":null}]},"
	"{\"asn\":64503,\"name\":\"Three\",\"trouble\":1,\"sessions\":[{\"state\":\"established\"}]"
	"}]}";
static const char traffic[] =
	"{\"now\":{\"in_bps\":123456789012,\"out_bps\":1},\"kernel_drops\":5,\"exporters\":["
	"{\"exporter\":\"sw1\",\"known\":true,\"last_heard\":null},"
	"{\"exporter\":\"sw2\",\"known\":true,\"last_heard\":\"2026-11-21T12:00:00Z\"}]}";
static const char corridor[] =
	"{\"incidents\":[{\"severity\":3,\"text\":\"C01 is cut\",\"detail\":\"status: "
	"cut\",\"link\":"
	"\"#/corridor/"
	"C01\"}],\"numbers\":{\"segments_over_85\":2},\"busiest\":[{\"segment\":\"C02\"}]}";
static const char total[] = "{\"p95_in_bps\":7000,\"p95_out_bps\":9000}";

static struct arena *arena; /* of the case under test */

static const struct json_value *
joined(const char *const texts[WEB_PARTS])
{
	struct buf out = {0};
	struct web_parts parts;
	arena_free(arena);
	arena = arena_new();
	for (int i = 0; i < WEB_PARTS; i++)
		parts.of[i] = texts[i] ? json_read(arena, texts[i], strlen(texts[i])) : NULL;
	ok(web_overview_join(&out, &parts) == 0, "joining ends well");
	char *text = arena_copy(arena, out.data, out.length);
	const struct json_value *all = json_read(arena, text, out.length);
	ok(all != NULL, "and gives JSON");
	buf_fini(&out);
	return all;
}

static size_t
size_of(const struct json_value *all, const char *key)
{
	size_t size = 0;
	for (const struct json_value *i = json_read_first(json_read_get(all, key)); i; i = i->next)
		size++;
	return size;
}

static const char *
incident(const struct json_value *all, size_t i, const char *key)
{
	const struct json_value *one = json_read_first(json_read_get(all, "incidents"));
	while (one && i--)
		one = one->next;
	const char *text = json_read_text(json_read_get(one, key));
	return text ? text : "";
}

static long long
number(const struct json_value *all, const char *key)
{
	double value = -1;
	(void)json_read_number(&value, json_read_get(json_read_get(all, "numbers"), key));
	return (long long)value;
}

static void
everything(void)
{
	const struct json_value *all =
		joined((const char *const[WEB_PARTS]){status, members, traffic, corridor, total});
	is_int(number(all, "now_bps"), 123456789012, "what runs now comes from the meter");
	is_int(number(all, "p95_month_bps"), 9000, "the 95th is that of the larger direction");
	is_int(number(all, "members"), 3, "members are counted");
	is_int(number(all, "members_up"), 2, "those are up that have a session up");
	is_int(number(all, "sessions"), 4, "sessions are counted");
	is_int(number(all, "sessions_up"), 2, "and those that are up");
	is_int(number(all, "segments_over_85"), 2, "full segments come from the corridor");
	is_int((long long)size_of(all, "incidents"), 7,
	       "everything that is wrong is an incident, remarks are not");
	is_str(incident(all, 0, "text"), "The ledger is not running",
	       "a room that is down is first");
	is_str(incident(all, 1, "text"), "One is down", "then members");
	is_str(incident(all, 1, "detail"), "192.0.2.1: hold timer expired, since 21 Nov 12:00 UTC",
	       "with what their sessions say");
	is_str(incident(all, 1, "link"), "#/members/64501", "and where to look");
	is_str(incident(all, 2, "text"), "C01 is cut", "a cut cable is as bad");
	is_str(incident(all, 3, "text"), "Two: 1 of 2 sessions down", "half a member is less bad");
	is_str(incident(all, 3, "detail"), "2001:db8::2: connect",
	       "a session without an error gives its state");
	is_str(incident(all, 4, "text"), "RPKI cache a is lost", "then what the exchange rests on");
	is_str(incident(all, 5, "text"), "5 flow datagrams were dropped", "a loss is told");
	is_str(incident(all, 6, "text"), "Nothing was heard from exporter sw1",
	       "and a silent exporter");
	ok(json_read_is_true(json_read_get(all, "simulated")), "a simulated hub says so");
	is_str(json_read_text(json_read_get(json_read_get(all, "hub"), "name")), "Test Hub",
	       "the hub is named");
	is_int((long long)size_of(all, "busiest"), 1, "the busiest segments come along");
}

static void
silence(void)
{
	const struct json_value *all = joined((const char *const[WEB_PARTS]){NULL});
	static const char *const keys[] = {"now_bps",         "p95_month_bps", "members_up",
					   "members",         "sessions_up",   "sessions",
					   "segments_over_85"};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		is_int(number(all, keys[i]), -1, keys[i]);
	ok(json_read_get(all, "busiest") && json_read_is_null(json_read_get(all, "busiest")),
	   "the busiest segments are not known");
	is_str(incident(all, 0, "text"), "The hub does not answer", "and that is the incident");
}

/* Five at once are told as one. */
static void
many(void)
{
	static const char all_down[] =
		"{\"members\":[{\"name\":\"A\",\"trouble\":3},{\"name\":\"B\",\"trouble\":3},"
		"{\"name\":\"C\",\"trouble\":3},{\"name\":\"D\",\"trouble\":3},{\"name\":\"E\","
		"\"trouble\":3},"
		"{\"name\":\"F\",\"trouble\":0}]}";
	const struct json_value *all =
		joined((const char *const[WEB_PARTS]){status, all_down, NULL, NULL, NULL});
	is_str(incident(all, 1, "text"), "5 of 6 members are down",
	       "many members are one incident");
	is_str(incident(all, 1, "detail"), "A, B, C, D and 1 more", "that names some");
	is_int((long long)size_of(all, "incidents"), 2, "and no more than that");
}

/* Answers of another shape than expected are as good as none. */
static void
nonsense(void)
{
	const struct json_value *all = joined((const char *const[WEB_PARTS]){
		"{\"rooms\":7}", "{\"members\":[1,null,{\"trouble\":3,\"sessions\":{}}]}", "[]",
		"{}", "{\"p95_in_bps\":\"x\"}"});
	is_int(number(all, "now_bps"), -1, "a number that is not there is null");
	is_int(number(all, "p95_month_bps"), -1, "also one that is no number");
	ok(size_of(all, "incidents") <= 2, "nothing is made up");
}

static const char alarms[] = "{\"alarms\":["
			     "{\"id\":1,\"kind\":\"port-full\",\"severity\":\"warning\","
			     "\"subject\":\"64501-1\",\"asn\":64501,"
			     "\"member\":\"One\",\"since\":\"2026-11-21T12:00:00Z\","
			     "\"acknowledged\":null,\"proposal\":null,"
			     "\"text\":\"71 % in use: have the member order more\"},"
			     "{\"id\":2,\"kind\":\"exporter-silent\",\"severity\":\"alarm\","
			     "\"subject\":\"sw2\",\"asn\":null,"
			     "\"member\":null,\"since\":\"2026-11-21T12:00:00Z\",\"acknowledged\":"
			     "\"2026-11-21T12:05:00Z\","
			     "\"proposal\":null,\"text\":\"see whether it runs\"},"
			     "{\"id\":3,\"kind\":\"sudden-rise\",\"severity\":\"alarm\","
			     "\"subject\":\"AS64502\",\"asn\":64502,"
			     "\"member\":\"Two\",\"since\":\"2026-11-21T12:00:00Z\","
			     "\"acknowledged\":null,\"proposal\":7,"
			     "\"text\":\"a rise\"},"
			     "{\"id\":4,\"kind\":\"sudden-rise\",\"severity\":\"alarm\","
			     "\"subject\":\"AS64503\",\"asn\":64503,"
			     "\"member\":\"Three\",\"since\":\"2026-11-21T12:00:00Z\","
			     "\"acknowledged\":null,\"proposal\":6,"
			     "\"text\":\"another\"}]}";
static const char proposals[] =
	"{\"proposals\":[{\"number\":6,\"state\":\"dismissed\",\"member\":\"Three\"},"
	"{\"number\":7,\"state\":\"proposed\",\"member\":\"Two\",\"bps\":38200000000,\"usual_bps\":"
	"900000000,"
	"\"text\":null}]}";

/* Open alarms are never under "all is well"; what an operator has to decide is first, what one knows of last. */
static void
warnings(void)
{
	const char *const texts[WEB_PARTS] = {[WEB_STATUS] = "{\"rooms\":[]}",
					      [WEB_ALARMS] = alarms,
					      [WEB_PROPOSALS] = proposals};
	const struct json_value *all = joined(texts);
	is_int((long long)size_of(all, "incidents"), 4, "each alarm is told once");
	is_str(incident(all, 0, "text"), "A blackhole for Two waits for a decision",
	       "a proposal comes before alarms");
	is_str(incident(all, 0, "state"), "proposed", "and says what it is");
	is_str(incident(all, 0, "detail"),
	       "38.2 Gbit/s, usually 900.0 Mbit/s. sarai propose confirm 7, or sarai propose "
	       "dismiss 7.",
	       "with what to do");
	is_str(incident(all, 1, "text"), "Sudden rise of traffic: AS64503, Three",
	       "a rise whose proposal was dismissed is still told");
	is_str(incident(all, 2, "text"), "Port is full: 64501-1, One", "warnings come later");
	is_str(incident(all, 2, "link"), "#/members/64501", "and lead to whom they are about");
	is_str(incident(all, 2, "detail"),
	       "71 % in use: have the member order more, since 21 Nov 12:00 UTC",
	       "with what to do and since when");
	is_str(incident(all, 3, "text"), "Exporter is silent: sw2",
	       "what somebody sees to is last, however bad");
	is_str(incident(all, 3, "state"), "acknowledged", "and says so");
	double count = 0;
	(void)json_read_number(&count, json_read_get(all, "incident_count"));
	is_int((long long)count, 4, "how many there are is said");
}

static void
many_warnings(void)
{
	struct buf text = {0};
	buf_str(&text, "{\"alarms\":[");
	for (int i = 0; i < 500; i++)
		buf_printf(&text,
			   "%s{\"kind\":\"loss\",\"severity\":\"warning\",\"subject\":\"sw%d\"}",
			   i ? "," : "", i);
	buf_str(&text, "]}");
	buf_u8(&text, 0);
	const char *const texts[WEB_PARTS] = {
		[WEB_STATUS] = "{\"rooms\":[]}", [WEB_ALARMS] = (const char *)text.data};
	const struct json_value *all = joined(texts);
	is_int((long long)size_of(all, "incidents"), 1, "many of a kind are one incident");
	is_str(incident(all, 0, "text"), "Flow records are lost: 500 times", "that counts them");
	is_str(incident(all, 0, "detail"), "sw0, sw1, sw2, sw3 and 496 more", "and names some");
	buf_fini(&text);
}

static void
books(void)
{
	const char *const texts[WEB_PARTS] = {
		[WEB_STATUS] = "{\"rooms\":[]}",
		[WEB_LEDGER] =
			"{\"trouble\":\"no room on the disk\",\"journal\":{\"trouble\":null}}",
		[WEB_DISPUTES] =
			"{\"disputes\":[{\"id\":\"K-D000001\",\"late\":false},{\"id\":"
			"\"K-D000002\",\"name\":\"Two\",\"invoice\":\"K-I000009\",\"late\":true}]}",
		[WEB_AGED] =
			"{\"aged\":[{\"name\":\"One\",\"currency\":\"USD\",\"not_due\":\"9.00\","
			"\"days_30\":\"0.00\",\"days_60\":\"0.00\",\"days_90\":\"0.00\",\"older\":"
			"\"0.00\","
			"\"open\":\"9.00\"},{\"name\":\"Two\",\"currency\":\"USD\",\"days_30\":"
			"\"0.00\","
			"\"days_60\":\"70.00\",\"open\":\"70.00\"}]}",
		[WEB_OWED] =
			"{\"aged\":[{\"holder\":\"a\",\"name\":\"Cable A\",\"currency\":\"USD\","
			"\"not_due\":\"5.00\",\"days_30\":\"0.00\",\"open\":\"5.00\"},"
			"{\"holder\":\"b\",\"name\":null,\"currency\":\"USD\",\"not_due\":"
			"\"1.00\",\"days_30\":\"0.40\",\"open\":\"1.40\"},"
			"{\"holder\":\"c\",\"name\":\"Cable C\",\"currency\":\"PKR\","
			"\"older\":\"7.00\",\"open\":\"7.00\"}]}",
		[WEB_POLLS] = "{\"polls\":[{\"exporter\":\"sw1\",\"trouble\":\"no answer\"},"
			      "{\"exporter\":\"sw2\",\"trouble\":null}]}",
	};
	const struct json_value *all = joined(texts);
	is_int((long long)size_of(all, "incidents"), 5, "money and polls are told of as well");
	is_str(incident(all, 0, "detail"), "no room on the disk", "what stops the ledger is worst");
	is_str(incident(all, 1, "text"), "Switch sw1 does not tell its counters", "then polls");
	is_str(incident(all, 2, "detail"), "K-D000002 of Two, about K-I000009",
	       "then a dispute that waits too long");
	is_str(incident(all, 3, "text"), "What the hub owes 2 others is overdue",
	       "then what the hub is late with");
	is_str(incident(all, 3, "detail"), "b: 1.40 USD open; and 1 more",
	       "of whom one is told, by its id where it has no name");
	is_str(incident(all, 4, "text"), "Invoices of 1 member are overdue",
	       "what is not due yet is no incident");
}

int
main(void)
{
	warnings();
	many_warnings();
	books();
	everything();
	silence();
	many();
	nonsense();
	arena_free(arena);
	return done_testing();
}
