/* What stands on invoices, and the plan: read from the hub file, refused with its place, and
 * written back. */
#include <string.h>

#include "hub/hub_memory.h"
#include "tap.h"

#define HUB "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"

static const struct {
	const char *name, *text, *expected;
} cases[] = {
	{"a plan without a currency", HUB "plan: {revenue_per_year: {from: 1M, to: 2M}}\n",
	 "a:2:41: revenue_per_year: the currency is missing\n"},
	{"a plan of which the most is less than the least",
	 HUB "plan: {revenue_per_year: {from: 3M, to: 2M, currency: USD}}\n",
	 "a:2:41: to: is less than from, the least that is hoped for\n"},
	{"an amount that is none", HUB "plan: {revenue_per_year: {from: 1.5M}}\n",
	 "a:2:33: from: found \"1.5M\", expected whole units of a currency such as 200M (k, M, G "
	 "or "
	 "none)\n"},
	{"an amount beyond all money", HUB "plan: {revenue_per_year: {from: 1000001G}}\n",
	 "a:2:33: from: found \"1000001G\", expected whole units of a currency such as 200M (k, M, "
	 "G or none)\n"},
	{"an account without a bank", HUB "billing: {accounts: [{account: '1'}]}\n",
	 "a:2:22: \"bank\" is missing from this bank account\n"},
	{"more days to pay than a year", HUB "billing: {payment_days: 366}\n",
	 "a:2:25: payment_days: found \"366\", expected a whole number from 0 to 365\n"},
};

static void
complaints(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *said;
		struct memory_file file = {"a", cases[i].text, false};
		struct hub *hub = memory_hub(&file, 1, &said);
		ok(!hub && strcmp(said, cases[i].expected) == 0, "refused: %s", cases[i].name);
		if (strcmp(said, cases[i].expected) != 0)
			printf("# %s", said);
		free(said);
		hub_free(hub);
	}
}

static void
values(void)
{
	char *said;
	struct memory_file file = {
		"a",
		HUB
		"lans: [{name: l, ipv4: 192.0.2.0/24}]\n"
		"policy: {allow_asns: 64512}\n"
		"billing: {address: [a b, c], payment_days: 14, accounts: [{bank: B, account: '1', "
		"currency: USD}]}\n"
		"plan: {revenue_per_year: {from: 200M, to: 2000500k, currency: USD}}\n"
		"members: [{asn: 64512, name: M, kind: access, bill_to: {name: \u062f}}]\n",
		false};
	struct hub *hub = memory_hub(&file, 1, &said);
	ok(hub && !*said, "letterhead, addressee and plan are read");
	free(said);
	if (!hub)
		return;
	ok(hub->billing.address_count == 2 && strcmp(hub->billing.address[0], "a b") == 0,
	   "an address has its lines");
	ok(hub->billing.payment_days == 14 && hub->billing.account_count == 1 &&
		   strcmp(hub->billing.accounts[0].currency.code, "USD") == 0,
	   "days to pay and accounts are there");
	ok(hub->plan.revenue_per_year.from == 200000000 &&
		   hub->plan.revenue_per_year.to == 2000500000,
	   "amounts are whole units");
	ok(strcmp(hub->members[0].bill_to.name, "\u062f") == 0, "an addressee keeps its script");
	struct buf written = {0};
	hub_file_write(hub, &written);
	buf_u8(&written, 0);
	ok(strstr((char *)written.data, "from: 200M\n") &&
		   strstr((char *)written.data, "to: 2000500k\n"),
	   "amounts are written with the largest unit that is exact");
	buf_fini(&written);
	hub_free(hub);
}

int
main(void)
{
	complaints();
	values();
	return done_testing();
}
