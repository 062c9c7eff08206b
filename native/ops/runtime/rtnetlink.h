// SPDX-License-Identifier: Apache-2.0
#pragma once

// rtnetlink(7), as much as it takes to move a network device: requests with an answer, on one socket of one
// network namespace.

#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

enum { NETLINK_REQUEST_SIZE = 512 };

// A request with room for its attributes.
union netlink_request {
    struct nlmsghdr header;
    struct {
        struct nlmsghdr header;
        struct ifinfomsg body;
    } link;
    struct {
        struct nlmsghdr header;
        struct ifaddrmsg body;
    } address;
    struct {
        struct nlmsghdr header;
        struct rtmsg body;
    } route;
    char space[NETLINK_REQUEST_SIZE];
};

// A socket of the calling thread's network namespace, or -1 with errno.
int netlink_open(void);
// Begins a request; `flags` besides NLM_F_REQUEST.
void netlink_begin(union netlink_request *request, int type, int flags);
void netlink_attribute(union netlink_request *request, int type, const void *data, size_t length);
// Sends it and calls `each`, unless that is NULL, for every message of the answer. 0, or -1 with the kernel's
// errno.
int netlink_ask(int socket, union netlink_request *request, void (*each)(const struct nlmsghdr *, void *),
                void *with);
