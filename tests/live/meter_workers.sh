#!/bin/bash
# The running meter against flowgen, as in meter_flowgen.sh, with three workers.
WORKERS=3 exec "$(dirname "$0")/meter_flowgen.sh"
