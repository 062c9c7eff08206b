// SPDX-License-Identifier: Apache-2.0

// A container's cgroup as a scope of systemd's: startScope, setScope, stopScope. systemd makes the cgroup and
// keeps its limits, so that they are still there after its daemon-reload; what lies below is the container's.

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cgroup_files.h"
#include "cleanup.h"
#include "context.h"
#include "criu.h"
#include "dbus_calls.h"

enum { JOB_MILLISECONDS = 30000 };

static const char unit_exists[] = "org.freedesktop.systemd1.UnitExists";
static const char no_such_unit[] = "org.freedesktop.systemd1.NoSuchUnit";
static const char only_by_dependency[] = "org.freedesktop.systemd1.OnlyByDependency";
// A systemd that is too old for a property says the first, and the second where only the value is new to it.
static const char unknown_property[] = "org.freedesktop.DBus.Error.PropertyReadOnly";
static const char invalid_arguments[] = "org.freedesktop.DBus.Error.InvalidArgs";
static const struct dbus_expected nothing = {{NULL}};

// One (sv) of the list of properties.
static int append_property(struct context *c, DBusMessageIter *list, struct strings words, size_t *at)
{
    DBusMessageIter pair, variant;
    const char *name = words.items[*at], *signature = words.items[*at + 1];
    *at += 2;
    if (!dbus_message_iter_open_container(list, DBUS_TYPE_STRUCT, NULL, &pair) ||
        !dbus_message_iter_append_basic(&pair, DBUS_TYPE_STRING, &name) ||
        !dbus_message_iter_open_container(&pair, DBUS_TYPE_VARIANT, signature, &variant))
        return fail(c, "plan", ENOMEM, "%s", name);
    if (dbus_append(c, &variant, signature, words, at) < 0)
        return -1;
    return dbus_message_iter_close_container(&pair, &variant) &&
                   dbus_message_iter_close_container(list, &pair)
               ? 0
               : fail(c, "plan", ENOMEM, "%s", name);
}

// The processes that are to be in the scope: a scope is made around some.
static int append_pid(struct context *c, DBusMessageIter *list, pid_t pid)
{
    char number[16];
    char *const words[] = {"PIDs", "au", "1", number, NULL};
    size_t at = 0;
    (void)snprintf(number, sizeof number, "%d", pid);
    return append_property(c, list, (struct strings){.items = words, .count = 4}, &at);
}

static int append_each(struct context *c, DBusMessageIter *list, struct strings properties)
{
    size_t at = 0;
    while (at + 1 < properties.count)
        if (append_property(c, list, properties, &at) < 0)
            return -1;
    return 0;
}

static int append_properties(struct context *c, DBusMessage *call, struct strings properties,
                             struct strings newer, pid_t pid)
{
    DBusMessageIter arguments, list;
    dbus_message_iter_init_append(call, &arguments);
    if (!dbus_message_iter_open_container(&arguments, DBUS_TYPE_ARRAY, "(sv)", &list))
        return fail(c, "plan", ENOMEM, "properties");
    if (append_each(c, &list, properties) < 0 || append_each(c, &list, newer) < 0 ||
        (pid > 0 && append_pid(c, &list, pid) < 0))
        return -1;
    return dbus_message_iter_close_container(&arguments, &list) ? 0 : fail(c, "plan", ENOMEM, "properties");
}

// Who is put into the scope: init, or criu, which makes it there.
static pid_t first_process(const struct context *c)
{
    return c->criu ? c->criu->pid : c->init;
}

// StartTransientUnit(unit, "fail", properties, no further units)
static DBusMessage *start_call(struct context *c, const struct args_start_scope *a, struct strings newer)
{
    static const char mode[] = "fail";
    const char *words[] = {a->unit, mode};
    DBusMessageIter arguments, none;
    DBusMessage *call = dbus_manager_call(c, "StartTransientUnit");
    if (call &&
        dbus_message_append_args(call, DBUS_TYPE_STRING, &words[0], DBUS_TYPE_STRING, &words[1],
                                 DBUS_TYPE_INVALID) &&
        append_properties(c, call, a->properties, newer, first_process(c)) == 0) {
        dbus_message_iter_init_append(call, &arguments);
        if (dbus_message_iter_open_container(&arguments, DBUS_TYPE_ARRAY, "(sa(sv))", &none) &&
            dbus_message_iter_close_container(&arguments, &none))
            return call;
        fail(c, "plan", ENOMEM, "StartTransientUnit");
    }
    dbus_free_message(&call);
    return NULL;
}

static DBusMessage *unit_call(struct context *c, const char *method, const char *unit, const char *mode)
{
    DBusMessage *call = dbus_manager_call(c, method);
    bool whole = call && dbus_message_append_args(call, DBUS_TYPE_STRING, &unit, DBUS_TYPE_INVALID) &&
                 (!mode || dbus_message_append_args(call, DBUS_TYPE_STRING, &mode, DBUS_TYPE_INVALID));
    if (whole)
        return call;
    if (call)
        fail(c, method, ENOMEM, "%s", unit);
    dbus_free_message(&call);
    return NULL;
}

// A unit that has failed keeps its name until it is told to forget that.
static int forget_failed(struct context *c, DBusConnection *bus, const char *unit)
{
    DBUS_MESSAGE answer = NULL;
    DBUS_MESSAGE call = unit_call(c, "ResetFailedUnit", unit, NULL);
    struct dbus_expected gone = {{no_such_unit}};
    return call ? dbus_ask(c, bus, call, gone, &answer) : -1;
}

// Where the kernel says it is, since systemd may have understood the slice otherwise than we do.
static int open_scope(struct context *c, const struct args_start_scope *a)
{
    char path[32], text[4096];
    (void)snprintf(path, sizeof path, "/proc/%d/cgroup", first_process(c));
    CLOSE_FD int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : RETRY(read(file, text, sizeof text - 1));
    if (length < 0)
        return fail(c, "read", errno, "%s", path);
    text[length] = 0;
    const char *found = strstr(text, "0::");
    size_t room = found ? strcspn(found + 3, "\n") : 0;
    if (!found || strlen(a->path) != room || strncmp(found + 3, a->path, room) != 0)
        return fail(c, "systemd", 0, "%s is at %.*s, expected %s", a->unit, (int)room, found ? found + 3 : "",
                    a->path);
    c->cgroup = cgroup_open(c, a->mount, a->path);
    return c->cgroup < 0 ? -1 : cgroup_mark_own(c, strlen(a->path));
}

// Until systemd takes the call: without what is new to it, and after it has forgotten a unit of this name
// that is left over from a container whose processes it could not end. One that is active stays refused.
static int start_unit(struct context *c, const struct args_start_scope *a, DBusConnection *bus,
                      DBusMessage **answer)
{
    struct strings newer = a->newer;
    for (bool forgotten = false;;) {
        struct dbus_expected expected = nothing;
        int count = 0;
        if (!forgotten)
            expected.names[count++] = unit_exists;
        if (newer.count > 0) {
            expected.names[count++] = unknown_property;
            expected.names[count] = invalid_arguments;
        }
        DBUS_MESSAGE call = start_call(c, a, newer);
        int result = call ? dbus_ask(c, bus, call, expected, answer) : -1;
        if (result <= 0)
            return result;
        if (result > 1 || forgotten)
            newer.count = 0;
        else if (forget_failed(c, bus, a->unit) < 0)
            return -1;
        else
            forgotten = true;
    }
}

int op_start_scope(struct context *c, const struct args_start_scope *a)
{
    DBUS_MESSAGE answer = NULL;
    DBUS_CONNECTION bus = dbus_dial(c, a->addresses, a->uid);
    if (!bus || dbus_hear_jobs(c, bus) < 0 || start_unit(c, a, bus, &answer) < 0 ||
        dbus_await_job(c, bus, answer, a->unit, JOB_MILLISECONDS) < 0)
        return -1;
    return open_scope(c, a);
}

// systemd writes to the cgroup after it has answered, but before it reads the next call: from here on nothing
// that is written is overwritten.
static int await_written(struct context *c, DBusConnection *bus)
{
    DBUS_MESSAGE answer = NULL;
    DBUS_MESSAGE ping = dbus_manager_call(c, "Ping");
    if (!ping)
        return -1;
    if (!dbus_message_set_interface(ping, DBUS_INTERFACE_PEER))
        return fail(c, "plan", ENOMEM, "Ping");
    return dbus_ask(c, bus, ping, nothing, &answer);
}

static DBusMessage *set_call(struct context *c, const struct args_set_scope *a, struct strings newer)
{
    dbus_bool_t runtime = TRUE; // until the unit ends, not on disk for ever
    DBusMessage *call = unit_call(c, "SetUnitProperties", a->unit, NULL);
    if (!call)
        return NULL;
    if (!dbus_message_append_args(call, DBUS_TYPE_BOOLEAN, &runtime, DBUS_TYPE_INVALID))
        fail(c, "plan", ENOMEM, "SetUnitProperties");
    else if (append_properties(c, call, a->properties, newer, 0) == 0)
        return call;
    dbus_free_message(&call);
    return NULL;
}

int op_set_scope(struct context *c, const struct args_set_scope *a)
{
    DBUS_MESSAGE answer = NULL;
    DBUS_CONNECTION bus = dbus_dial(c, a->addresses, a->uid);
    if (!bus)
        return -1;
    struct dbus_expected older = {{unknown_property, invalid_arguments}};
    DBUS_MESSAGE call = set_call(c, a, a->newer);
    int result = call ? dbus_ask(c, bus, call, a->newer.count > 0 ? older : nothing, &answer) : -1;
    if (result > 0) {
        DBUS_MESSAGE again = set_call(c, a, (struct strings){.count = 0});
        result = again ? dbus_ask(c, bus, again, nothing, &answer) : -1;
    }
    return result < 0 ? -1 : await_written(c, bus);
}

int op_stop_scope(struct context *c, const struct args_stop_scope *a)
{
    DBUS_MESSAGE answer = NULL;
    DBUS_CONNECTION bus = dbus_dial(c, a->addresses, a->uid);
    if (!bus) {
        // nobody to ask, and nobody to wait for: a scope ends with its last process
        warn(c, c->failure.error, "%s", c->failure.detail);
        return 0;
    }
    if (dbus_hear_jobs(c, bus) < 0)
        return -1;
    DBUS_MESSAGE call = unit_call(c, "StopUnit", a->unit, "replace");
    // gone with its last process; or about to, with RefuseManualStop=
    struct dbus_expected ending = {{no_such_unit, only_by_dependency}};
    int result = call ? dbus_ask(c, bus, call, ending, &answer) : -1;
    if (result != 0)
        return result < 0 ? -1 : 0;
    if (dbus_await_job(c, bus, answer, a->unit, a->milliseconds) < 0)
        return -1;
    return forget_failed(c, bus, a->unit) < 0 ? -1 : 0;
}
