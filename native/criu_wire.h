// SPDX-License-Identifier: Apache-2.0
#pragma once

// The wire form of criu's service (criu's images/rpc.proto), as far as we read it: protocol buffers. Requests
// come encoded from lib/plan/criu/request.ts.

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum criu_type { CRIU_PRE_DUMP = 4, CRIU_NOTIFY = 6 };

// What criu answers, and what it asks by the way.
struct criu_reply {
    uint64_t type;
    int success;
    char script[32]; // the moment of a CRIU_NOTIFY
    pid_t pid;       // of the restored first process, where it is known; else 0
    int error;       // errno, where criu has one
    char message[1024];
};

// 0, or -1 when it is not well formed.
int criu_decode(const uint8_t *data, size_t length, struct criu_reply *reply);

// That a notification was heeded; its length, CRIU_ANSWER at most.
enum { CRIU_ANSWER = 8 };
size_t criu_answer(uint8_t *out);
