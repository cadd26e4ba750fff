/* Names of users. */
#include "main/peer_name_io.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>

char *
peer_name(char out[PEER_NAME], struct control_peer peer)
{
	struct passwd entry, *found = NULL;
	char room[4096];
	if (!peer.known)
		(void)snprintf(out, PEER_NAME, "sarai");
	else if (getpwuid_r(peer.uid, &entry, room, sizeof(room), &found) == 0 && found &&
		 strlen(found->pw_name) < PEER_NAME)
		(void)snprintf(out, PEER_NAME, "%s", found->pw_name);
	else
		(void)snprintf(out, PEER_NAME, "uid %u", peer.uid);
	return out;
}
