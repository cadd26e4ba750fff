/* What this program calls itself. */
#pragma once

#define SARAI_VERSION "0.2.0"
