// SPDX-License-Identifier: Apache-2.0

#include "rtnetlink.h"

#include <string.h>
#include <sys/socket.h>

#include "cleanup.h"

enum { ANSWER_SIZE = 16384 }; // the kernel makes its messages as long as there is room for

int netlink_open(void)
{
    return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
}

void netlink_begin(union netlink_request *request, int type, int flags)
{
    bool address = type == RTM_NEWADDR || type == RTM_GETADDR;
    bool route = type == RTM_NEWROUTE || type == RTM_GETROUTE;
    memset(request, 0, sizeof *request);
    request->header.nlmsg_len = address ? NLMSG_LENGTH(sizeof request->address.body)
                                : route ? NLMSG_LENGTH(sizeof request->route.body)
                                        : NLMSG_LENGTH(sizeof request->link.body);
    request->header.nlmsg_type = (unsigned short)type;
    request->header.nlmsg_flags = (unsigned short)(NLM_F_REQUEST | flags);
}

void netlink_attribute(union netlink_request *request, int type, const void *data, size_t length)
{
    size_t at = NLMSG_ALIGN(request->header.nlmsg_len), size = RTA_LENGTH(length);
    if (at + RTA_ALIGN(size) > sizeof request->space)
        return; // no attribute that is sent here is that long; the kernel misses one that is not there
    struct rtattr attribute = {.rta_len = (unsigned short)size, .rta_type = (unsigned short)type};
    memcpy(request->space + at, &attribute, sizeof attribute);
    memcpy(request->space + at + RTA_LENGTH(0), data, length);
    request->header.nlmsg_len = (unsigned)(at + RTA_ALIGN(size));
}

// 1 at the end of the answer, 0 when more is to come, -1 with errno.
static int read_answer(int socket, void (*each)(const struct nlmsghdr *, void *), void *with)
{
    _Alignas(struct nlmsghdr) char answer[ANSWER_SIZE];
    ssize_t got = RETRY(recv(socket, answer, sizeof answer, 0));
    if (got < 0)
        return -1;
    unsigned left = (unsigned)got;
    for (const struct nlmsghdr *at = (const void *)answer; NLMSG_OK(at, left); at = NLMSG_NEXT(at, left)) {
        if (at->nlmsg_type == NLMSG_DONE)
            return 1;
        if (at->nlmsg_type == NLMSG_ERROR) {
            struct nlmsgerr error;
            memcpy(&error, NLMSG_DATA(at), sizeof error);
            errno = -error.error;
            return error.error ? -1 : 1;
        }
        if (each)
            each(at, with);
        if (!(at->nlmsg_flags & NLM_F_MULTI))
            return 1;
    }
    return 0;
}

int netlink_ask(int socket, union netlink_request *request, void (*each)(const struct nlmsghdr *, void *),
                void *with)
{
    // a question is answered by messages, a change by an acknowledgement
    if (!each)
        request->header.nlmsg_flags |= NLM_F_ACK;
    if (RETRY(send(socket, request, request->header.nlmsg_len, 0)) < 0)
        return -1;
    int ended;
    do
        ended = read_answer(socket, each, with);
    while (ended == 0);
    return ended < 0 ? -1 : 0;
}
