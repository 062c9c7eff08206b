// SPDX-License-Identifier: Apache-2.0

// Network devices of the host for the container: moveNetDevice; config-linux.md "Network Devices". A device
// loses its addresses and is down when it has changed its namespace; both are given back to it there.

#include "net_devices.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "rtnetlink.h"

enum { MOST_TEMPLATES = 1000 };

struct link {
    int index; // 0 when there is none
    unsigned flags;
};

// Requests that make again what a device loses with its namespace.
struct kept {
    int of;   // index of the device
    bool all; // also what only the host has a use for
    bool broken;
    size_t count, room;
    union netlink_request *list;
};

struct moved {
    struct moved *before;
    char name[IFNAMSIZ]; // on the host
    char inside[IFNAMSIZ];
    unsigned flags;
    struct kept addresses;   // for the container
    struct kept own, routes; // for the way back
};

struct net_devices {
    int namespace_outside, namespace_inside;
    int outside, inside; // netlink sockets
    struct moved *last;
};

static union netlink_request *keep_one(struct kept *kept)
{
    if (kept->count == kept->room) {
        size_t room = kept->room ? kept->room * 2 : 4;
        void *list = realloc(kept->list, room * sizeof *kept->list);
        if (!list) {
            kept->broken = true;
            return NULL;
        }
        kept->list = list;
        kept->room = room;
    }
    return &kept->list[kept->count];
}

static void free_moved(struct moved **moved)
{
    if (!*moved)
        return;
    free((*moved)->addresses.list);
    free((*moved)->own.list);
    free((*moved)->routes.list);
    free(*moved);
}

static void take_link(const struct nlmsghdr *message, void *with)
{
    struct ifinfomsg info;
    if (message->nlmsg_type != RTM_NEWLINK)
        return;
    memcpy(&info, NLMSG_DATA(message), sizeof info);
    *(struct link *)with = (struct link){.index = info.ifi_index, .flags = info.ifi_flags};
}

// -1 with errno; ENODEV when there is none of that name.
static int find_link(int socket, const char *name, struct link *found)
{
    union netlink_request request;
    netlink_begin(&request, RTM_GETLINK, 0);
    netlink_attribute(&request, IFLA_IFNAME, name, strlen(name) + 1);
    *found = (struct link){0};
    return netlink_ask(socket, &request, take_link, found);
}

// Keeps the request that makes the same address again: for the container one that is permanent and of global
// scope, as the spec says, and without its label, which is the device's name on the host.
static void take_address(const struct nlmsghdr *message, void *with)
{
    struct kept *kept = with;
    struct ifaddrmsg info;
    if (message->nlmsg_type != RTM_NEWADDR)
        return;
    memcpy(&info, NLMSG_DATA(message), sizeof info);
    if ((int)info.ifa_index != kept->of || (!kept->all && info.ifa_scope != RT_SCOPE_UNIVERSE))
        return;
    union netlink_request *again = keep_one(kept);
    if (!again)
        return;
    netlink_begin(again, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE);
    again->address.body = info;
    unsigned flags = info.ifa_flags;
    size_t left = message->nlmsg_len - NLMSG_LENGTH(sizeof info);
    const struct rtattr *at = (const void *)((const char *)NLMSG_DATA(message) + NLMSG_ALIGN(sizeof info));
    for (; RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        if (at->rta_type == IFA_FLAGS)
            memcpy(&flags, RTA_DATA(at), sizeof flags);
        // how long it is valid is for ever
        if (at->rta_type == IFA_ADDRESS || at->rta_type == IFA_LOCAL || at->rta_type == IFA_BROADCAST ||
            at->rta_type == IFA_FLAGS || at->rta_type == IFA_RT_PRIORITY ||
            (kept->all && at->rta_type == IFA_LABEL))
            netlink_attribute(again, at->rta_type, RTA_DATA(at), RTA_PAYLOAD(at));
    }
    if (flags & IFA_F_PERMANENT)
        kept->count++;
}

// Keeps the request that makes the same route again, unless the kernel makes it by itself.
static void take_route(const struct nlmsghdr *message, void *with)
{
    struct kept *kept = with;
    struct rtmsg info;
    int through = 0;
    if (message->nlmsg_type != RTM_NEWROUTE)
        return;
    memcpy(&info, NLMSG_DATA(message), sizeof info);
    if (info.rtm_protocol == RTPROT_KERNEL || info.rtm_protocol == RTPROT_RA || info.rtm_flags & RTM_F_CLONED)
        return;
    union netlink_request *again = keep_one(kept);
    if (!again)
        return;
    netlink_begin(again, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
    again->route.body = info;
    again->route.body.rtm_flags = info.rtm_flags & RTNH_F_ONLINK;
    size_t left = message->nlmsg_len - NLMSG_LENGTH(sizeof info);
    const struct rtattr *at = (const void *)((const char *)NLMSG_DATA(message) + NLMSG_ALIGN(sizeof info));
    for (; RTA_OK(at, left); at = RTA_NEXT(at, left)) {
        if (at->rta_type == RTA_OIF)
            memcpy(&through, RTA_DATA(at), sizeof through);
        else if (at->rta_type != RTA_CACHEINFO)
            netlink_attribute(again, at->rta_type, RTA_DATA(at), RTA_PAYLOAD(at));
    }
    if (through == kept->of)
        kept->count++;
}

static int find_kept(int socket, int index, int type, void (*take)(const struct nlmsghdr *, void *),
                     struct kept *kept)
{
    union netlink_request request;
    kept->of = index;
    netlink_begin(&request, type, NLM_F_DUMP);
    if (netlink_ask(socket, &request, take, kept) < 0)
        return -1;
    errno = ENOMEM;
    return kept->broken ? -1 : 0;
}

static int move_link(int socket, int index, int to, const char *name)
{
    union netlink_request request;
    netlink_begin(&request, RTM_SETLINK, 0);
    request.link.body.ifi_index = index;
    netlink_attribute(&request, IFLA_NET_NS_FD, &to, sizeof to);
    netlink_attribute(&request, IFLA_IFNAME, name, strlen(name) + 1);
    return netlink_ask(socket, &request, NULL, NULL);
}

static int set_up(int socket, int index)
{
    union netlink_request request;
    netlink_begin(&request, RTM_SETLINK, 0);
    request.link.body.ifi_index = index;
    request.link.body.ifi_flags = request.link.body.ifi_change = IFF_UP;
    return netlink_ask(socket, &request, NULL, NULL);
}

static int add_addresses(int socket, int index, struct kept *kept)
{
    for (size_t i = 0; i < kept->count; i++) {
        kept->list[i].address.body.ifa_index = (unsigned)index;
        if (netlink_ask(socket, &kept->list[i], NULL, NULL) < 0)
            return -1;
    }
    return 0;
}

static void add_routes(int socket, int index, struct kept *kept)
{
    for (size_t i = 0; i < kept->count; i++) {
        netlink_attribute(&kept->list[i], RTA_OIF, &index, sizeof index);
        (void)netlink_ask(socket, &kept->list[i], NULL, NULL); // one may need another that comes later
    }
}

// A socket stays in the namespace in which it was made.
static int open_inside(struct context *c, struct net_devices *devices)
{
    char path[40];
    (void)snprintf(path, sizeof path, "/proc/%d/ns/net", c->init);
    devices->namespace_outside = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    devices->namespace_inside = open(path, O_RDONLY | O_CLOEXEC);
    if (devices->namespace_outside < 0 || devices->namespace_inside < 0)
        return fail(c, "open", errno, "%s", path);
    struct stat outside, inside;
    if (fstat(devices->namespace_outside, &outside) < 0 || fstat(devices->namespace_inside, &inside) < 0)
        return fail(c, "fstat", errno, "%s", path);
    if (outside.st_dev == inside.st_dev && outside.st_ino == inside.st_ino)
        return fail(c, "setns", EINVAL, "the container has the host's own network namespace");
    devices->outside = netlink_open();
    if (devices->outside < 0)
        return fail(c, "socket", errno, "netlink");
    if (setns(devices->namespace_inside, CLONE_NEWNET) < 0)
        return fail(c, "setns", errno, "%s", path);
    devices->inside = netlink_open();
    int error = errno;
    if (setns(devices->namespace_outside, CLONE_NEWNET) < 0)
        return fail(c, "setns", errno, "back from %s", path);
    return devices->inside < 0 ? fail(c, "socket", error, "netlink") : 0;
}

static int prepare(struct context *c)
{
    if (c->net_devices)
        return 0;
    struct net_devices *devices = malloc(sizeof *devices);
    if (!devices)
        return fail(c, "malloc", ENOMEM, "network devices");
    *devices = (struct net_devices){
        .namespace_outside = -1, .namespace_inside = -1, .outside = -1, .inside = -1, .last = NULL};
    c->net_devices = devices;
    return open_inside(c, devices);
}

// The name that the device is to have: the template's first that is free, or the one given, which must be.
static int choose_name(struct context *c, const char *wanted, char chosen[IFNAMSIZ])
{
    struct link other;
    const char *template = strstr(wanted, "%d");
    int stem = template ? (int)(template - wanted) : (int)strlen(wanted);
    for (int i = 0; i < (template ? MOST_TEMPLATES : 1); i++) {
        int length = template ? snprintf(chosen, IFNAMSIZ, "%.*s%d", stem, wanted, i)
                              : snprintf(chosen, IFNAMSIZ, "%s", wanted);
        if (length < 0 || length >= IFNAMSIZ)
            return fail(c, "netlink", ENAMETOOLONG, "%s", wanted);
        if (find_link(c->net_devices->inside, chosen, &other) < 0)
            return errno == ENODEV ? 0 : fail(c, "netlink", errno, "%s in the container", chosen);
    }
    return fail(c, "netlink", EEXIST, "a network device %s is in the container already", wanted);
}

static int furnish(struct context *c, struct moved *moved)
{
    struct link found;
    int inside = c->net_devices->inside;
    if (find_link(inside, moved->inside, &found) < 0)
        return fail(c, "netlink", errno, "%s in the container", moved->inside);
    if (set_up(inside, found.index) < 0)
        return fail(c, "netlink", errno, "%s up", moved->inside);
    if (add_addresses(inside, found.index, &moved->addresses) < 0)
        return fail(c, "netlink", errno, "an address of %s", moved->inside);
    return 0;
}

static int look_at(struct context *c, const char *name, struct moved *moved, int *index)
{
    int outside = c->net_devices->outside;
    struct link found;
    if (find_link(outside, name, &found) < 0)
        return fail(c, "netlink", errno, "%s on the host", name);
    *index = found.index;
    moved->flags = found.flags;
    moved->own.all = true;
    (void)snprintf(moved->name, sizeof moved->name, "%s", name);
    if (find_kept(outside, found.index, RTM_GETADDR, take_address, &moved->addresses) < 0 ||
        find_kept(outside, found.index, RTM_GETADDR, take_address, &moved->own) < 0)
        return fail(c, "netlink", errno, "addresses of %s", name);
    if (find_kept(outside, found.index, RTM_GETROUTE, take_route, &moved->routes) < 0)
        return fail(c, "netlink", errno, "routes of %s", name);
    return 0;
}

int op_move_net_device(struct context *c, const struct args_move_net_device *a)
{
    int index = 0;
    if (prepare(c) < 0)
        return -1;
    struct net_devices *devices = c->net_devices;
    __attribute__((cleanup(free_moved))) struct moved *moved = calloc(1, sizeof *moved);
    if (!moved)
        return fail(c, "calloc", ENOMEM, "%s", a->name);
    if (look_at(c, a->name, moved, &index) < 0 || choose_name(c, a->inside, moved->inside) < 0)
        return -1;
    if (move_link(devices->outside, index, devices->namespace_inside, moved->inside) < 0)
        return fail(c, "netlink", errno, "%s cannot be moved", a->name);
    struct moved *kept = moved;
    moved = NULL;
    kept->before = devices->last;
    devices->last = kept;
    return furnish(c, kept);
}

void forget_net_devices(struct context *c)
{
    struct net_devices *devices = c->net_devices;
    if (!devices)
        return;
    while (devices->last) {
        struct moved *last = devices->last;
        devices->last = last->before;
        free_moved(&last);
    }
    close_fd(&devices->namespace_outside);
    close_fd(&devices->namespace_inside);
    close_fd(&devices->outside);
    close_fd(&devices->inside);
    free(devices);
    c->net_devices = NULL;
}

void return_net_devices(struct context *c)
{
    struct net_devices *devices = c->net_devices;
    for (struct moved *at = devices ? devices->last : NULL; at; at = at->before) {
        struct link found;
        // what cannot be returned must not hide why it has to be
        if (find_link(devices->inside, at->inside, &found) < 0 ||
            move_link(devices->inside, found.index, devices->namespace_outside, at->name) < 0 ||
            find_link(devices->outside, at->name, &found) < 0)
            continue;
        if (at->flags & IFF_UP)
            (void)set_up(devices->outside, found.index);
        (void)add_addresses(devices->outside, found.index, &at->own);
        add_routes(devices->outside, found.index, &at->routes);
    }
    forget_net_devices(c);
}
