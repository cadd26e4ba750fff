/* What the user at the other end of a connection is called. */
#pragma once

#include "net/control.h"

enum { PEER_NAME = 64 };

/* The name of the user ("root"), else "uid 1000"; "sarai" when nobody is there: the hub does it by itself. Returns `out`. */
char *peer_name(char out[PEER_NAME], struct control_peer peer);
