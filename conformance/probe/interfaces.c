// SPDX-License-Identifier: Apache-2.0

// Asks the kernel itself: getifaddrs() puts IPv4 addresses under their label, which need not be the
// interface's name.

#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe.h"

#define INTERFACES 256
#define ADDRESSES 1024

struct interface {
    int index;
    bool up;
    unsigned mtu;
    char name[IFNAMSIZ];
    char hardware[3 * 32];
};
struct address {
    int index;
    char text[INET6_ADDRSTRLEN + 4];
};
static struct {
    size_t interfaces, addresses;
    struct interface interface[INTERFACES];
    struct address address[ADDRESSES];
} found;

static const void *data_of(const struct rtattr *attribute)
{
    return (const char *)attribute + RTA_LENGTH(0);
}

static size_t length_of(const struct rtattr *attribute)
{
    return attribute->rta_len - RTA_LENGTH(0);
}

// The next attribute of a message whose first is at `at`; NULL after the last. (RTA_NEXT mixes signs.)
static const struct rtattr *step(const struct nlmsghdr *message, const struct rtattr *at)
{
    const char *end = (const char *)message + message->nlmsg_len;
    const char *next = (const char *)at + RTA_ALIGN(at->rta_len);
    return RTA_OK((const struct rtattr *)(const void *)next, end - next) ? (const void *)next : NULL;
}

static void write_hardware(struct interface *interface, const struct rtattr *attribute)
{
    const unsigned char *bytes = data_of(attribute);
    char *at = interface->hardware;
    for (size_t i = 0; i < length_of(attribute) && i < 32; i++)
        at += snprintf(at, 4, i ? ":%02x" : "%02x", bytes[i]);
}

static int note_interface(const struct nlmsghdr *message)
{
    const struct ifinfomsg *info = NLMSG_DATA(message);
    if (found.interfaces == INTERFACES)
        return -1;
    struct interface *interface = &found.interface[found.interfaces++];
    interface->index = info->ifi_index;
    interface->up = info->ifi_flags & IFF_UP;
    for (const struct rtattr *at = IFLA_RTA(info); at; at = step(message, at)) {
        if (at->rta_type == IFLA_IFNAME)
            (void)snprintf(interface->name, sizeof interface->name, "%s", (const char *)data_of(at));
        else if (at->rta_type == IFLA_MTU && length_of(at) >= sizeof interface->mtu)
            memcpy(&interface->mtu, data_of(at), sizeof interface->mtu);
        else if (at->rta_type == IFLA_ADDRESS)
            write_hardware(interface, at);
    }
    return 0;
}

static int note_address(const struct nlmsghdr *message)
{
    const struct ifaddrmsg *info = NLMSG_DATA(message);
    const void *bytes = NULL;
    if (found.addresses == ADDRESSES)
        return -1;
    for (const struct rtattr *at = IFA_RTA(info); at; at = step(message, at))
        if (at->rta_type == IFA_LOCAL ||
            (at->rta_type == IFA_ADDRESS && !bytes)) // the peer's, if there is one
            bytes = data_of(at);
    char text[INET6_ADDRSTRLEN];
    if (!bytes || !inet_ntop(info->ifa_family, bytes, text, sizeof text))
        return 0;
    struct address *address = &found.address[found.addresses++];
    address->index = (int)info->ifa_index;
    (void)snprintf(address->text, sizeof address->text, "%s/%d", text, info->ifa_prefixlen);
    return 0;
}

// One message after the other; 1 at the end, -1 with errno.
static int take(const char *buffer, size_t length)
{
    const struct nlmsghdr *message = (const void *)buffer;
    for (; NLMSG_OK(message, length); message = NLMSG_NEXT(message, length)) {
        if (message->nlmsg_type == NLMSG_DONE)
            return 1;
        if (message->nlmsg_type == NLMSG_ERROR) {
            errno = -((const struct nlmsgerr *)NLMSG_DATA(message))->error;
            return -1;
        }
        errno = EOVERFLOW;
        if (message->nlmsg_type == RTM_NEWLINK && note_interface(message) < 0)
            return -1;
        if (message->nlmsg_type == RTM_NEWADDR && note_address(message) < 0)
            return -1;
    }
    return 0;
}

static int dump(int socket, unsigned short type)
{
    static _Alignas(8) char buffer[65536];
    struct {
        struct nlmsghdr header;
        struct rtgenmsg body;
    } request = {.header = {.nlmsg_len = sizeof request,
                            .nlmsg_type = type,
                            .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
                 .body = {.rtgen_family = AF_UNSPEC}};
    if (send(socket, &request, sizeof request, 0) < 0)
        return -1;
    for (int done = 0; done == 0;) {
        ssize_t got = recv(socket, buffer, sizeof buffer, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        done = take(buffer, (size_t)got);
        if (done < 0)
            return -1;
    }
    return 0;
}

static void write_interface(struct json *answer, const struct interface *interface)
{
    json_open(json_key(answer, interface->name), '{');
    json_flag(json_key(answer, "up"), interface->up);
    json_number(json_key(answer, "mtu"), interface->mtu);
    json_key(answer, "hardware");
    if (interface->hardware[0])
        json_text(answer, interface->hardware);
    else
        json_null(answer);
    json_open(json_key(answer, "addresses"), '[');
    for (size_t i = 0; i < found.addresses; i++)
        if (found.address[i].index == interface->index)
            json_text(answer, found.address[i].text);
    json_close(answer, ']');
    json_close(answer, '}');
}

enum outcome answer_interfaces(const struct question *question, struct json *answer)
{
    (void)question;
    memset(&found, 0, sizeof found);
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0)
        return cannot("socket");
    if (dump(fd, RTM_GETLINK) < 0 || dump(fd, RTM_GETADDR) < 0) {
        (void)cannot("netlink");
        (void)close(fd);
        return FAILED;
    }
    (void)close(fd);
    json_open(answer, '{');
    for (size_t i = 0; i < found.interfaces; i++)
        write_interface(answer, &found.interface[i]);
    json_close(answer, '}');
    return ANSWERED;
}
