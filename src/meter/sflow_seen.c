/* Forms of sFlow that are not read. Numbers and names are those of sflow.org, "sFlow Structure Numbers". */
#include "meter/sflow_seen.h"

void
sflow_seen_note(struct sflow_seen_list *list, enum sflow_seen_kind kind, uint32_t format)
{
	for (uint32_t i = 0; i < list->count; i++) {
		if (list->forms[i].format != format || list->forms[i].kind != kind)
			continue;
		list->forms[i].count++;
		return;
	}
	if (list->count == SFLOW_SEEN_MAX)
		list->others++;
	else
		list->forms[list->count++] = (struct sflow_seen){format, (uint8_t)kind, 1};
}

struct name {
	uint32_t format;
	const char *text;
};

static const struct name flow_names[] = {
	{1004, "user names"},
	{1005, "URLs"},
	{1006, "MPLS label stacks"},
	{1007, "NAT addresses"},
	{1008, "MPLS tunnels"},
	{1009, "MPLS virtual circuits"},
	{1010, "MPLS FECs"},
	{1011, "MPLS LDP FECs"},
	{1012, "VLAN tags that were taken off"},
	{1013, "802.11 payload"},
	{1014, "802.11 receiving"},
	{1015, "802.11 sending"},
	{1016, "802.11 aggregates"},
	{1017, "OpenFlow version 1"},
	{1018, "Fibre Channel"},
	{1019, "queue lengths"},
	{1020, "NAT ports"},
	{1031, "InfiniBand LRH"},
	{1032, "InfiniBand GRH"},
	{1033, "InfiniBand BRH"},
	{1034, "VLANs in"},
	{1035, "VLANs out"},
	{1036, "egress queues"},
	{1037, "ACLs"},
	{1038, "functions"},
	{1039, "transit delays"},
	{1040, "queue depths"},
	{1041, "hardware traps"},
	{2100, "sockets, IPv4"},
	{2101, "sockets, IPv6"},
};

static const struct name counter_names[] = {
	{3, "Token Ring"},
	{4, "100BaseVG"},
	{5, "VLANs"},
	{6, "802.11"},
	{7, "LACP"},
	{8, "slow path"},
	{9, "InfiniBand"},
	{10, "optical modules"},
	{1002, "802.11 radio"},
	{1004, "OpenFlow ports"},
	{1005, "port names"},
	{2000, "host"},
	{2001, "adapters of a host"},
	{2003, "processor of a host"},
	{2004, "memory of a host"},
	{2005, "disks of a host"},
	{2006, "network of a host"},
	{2007, "IP of a host"},
	{2008, "ICMP of a host"},
	{2009, "TCP of a host"},
	{2010, "UDP of a host"},
	{2202, "applications"},
	{2203, "resources of applications"},
	{2206, "workers of applications"},
	{2207, "Open vSwitch data path"},
};

const char *
sflow_seen_text(const struct sflow_seen *form)
{
	const struct name *names = form->kind == SFLOW_SEEN_FLOW ? flow_names : counter_names;
	size_t count = form->kind == SFLOW_SEEN_FLOW
			       ? sizeof(flow_names) / sizeof(flow_names[0])
			       : sizeof(counter_names) / sizeof(counter_names[0]);
	for (size_t i = 0; form->kind != SFLOW_SEEN_SAMPLE && i < count; i++)
		if (names[i].format == form->format)
			return names[i].text;
	return NULL;
}
