// SPDX-License-Identifier: Apache-2.0
#pragma once

// The conversation between the runtime and its children over one SOCK_SEQPACKET pair. Every message is
// typed; a failure is a message too. Both ends are of one build, so the struct itself is the wire form.

#include "context.h"

enum message_kind { MESSAGE_EVENT = 1, MESSAGE_FAILURE, MESSAGE_WARNING };

struct message {
    int kind;
    int from;  // enum process
    int event; // enum event
    int value; // the pid with EVENT_CLONED
    union {
        struct failure failure;
        struct warning warning;
    } body;
};

size_t message_length(const struct message *message);
// `fd` goes along by SCM_RIGHTS unless it is -1. 0, or -1 with errno.
int message_send(int socket, const struct message *message, int fd);
// 1 for a message (its descriptor in *fd, or -1), 0 at the end of the other side, -1 with errno.
int message_receive(int socket, struct message *message, int *fd);

int send_event(struct context *c, enum event event, int value, int fd);
// Waits for that event of that process. A failure told by the other side becomes this context's.
// At the end of the other side: -1, but 0 where the event is EVENT_EXECUTED.
int await_event(struct context *c, enum process of, enum event event, struct message *message, int *fd);
