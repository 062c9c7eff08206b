// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdint.h>

// Our user id as the other end of a D-Bus connection sees it; -1 where it is the one we see.
extern int64_t dbus_peer_uid;
