// SPDX-License-Identifier: Apache-2.0

// In Node.js libdbus is a shared library, which asks the C library for its user id: the bus of a user's own
// systemd is not to be had from inside a user namespace there.

#include "dbus_peer.h"

int64_t dbus_peer_uid = -1;
