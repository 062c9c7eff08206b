// SPDX-License-Identifier: Apache-2.0

// Calls to systemd's manager: over the bus, or over the socket that systemd itself listens on, for hosts
// without a bus.

#include "dbus_calls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dbus_peer.h"

static const char service[] = "org.freedesktop.systemd1";
static const char manager[] = "org.freedesktop.systemd1.Manager";
enum { ANSWER_MILLISECONDS = 25000 };

void dbus_free_message(DBusMessage *const *message)
{
    if (*message)
        dbus_message_unref(*message);
}

void dbus_hang_up(DBusConnection *const *bus)
{
    if (!*bus)
        return;
    dbus_connection_close(*bus);
    dbus_connection_unref(*bus);
}

static int refused(struct context *c, const char *method, DBusError *error)
{
    // what systemd says is whole sentences, which an errno would only repeat
    fail(c, method, 0, "%s: %s", error->name ? error->name : "D-Bus", error->message ? error->message : "");
    dbus_error_free(error);
    return -1;
}

// A bus wants to be greeted, systemd's own socket does not know the word.
static DBusConnection *dial_one(const char *address, DBusError *error)
{
    DBusConnection *bus = dbus_connection_open_private(address, error);
    if (!bus)
        return NULL;
    dbus_connection_set_exit_on_disconnect(bus, FALSE);
    if (strstr(address, "/systemd/private") || dbus_bus_register(bus, error))
        return bus;
    dbus_hang_up(&bus);
    return NULL;
}

DBusConnection *dbus_dial(struct context *c, struct strings addresses, int64_t uid)
{
    DBusError error = DBUS_ERROR_INIT;
    dbus_connection_set_change_sigpipe(FALSE); // the handler of SIGPIPE is our caller's
    dbus_peer_uid = uid;
    for (size_t i = 0; i < addresses.count; i++) {
        DBusConnection *bus = dial_one(addresses.items[i], &error);
        if (bus)
            return bus;
        if (i + 1 < addresses.count)
            dbus_error_free(&error);
    }
    refused(c, "connect", &error);
    return NULL;
}

DBusMessage *dbus_manager_call(struct context *c, const char *method)
{
    DBusMessage *call = dbus_message_new_method_call(service, "/org/freedesktop/systemd1", manager, method);
    if (!call)
        fail(c, method, ENOMEM, "D-Bus message");
    return call;
}

static int append_number(DBusMessageIter *to, int type, const char *text)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10); // a negative number wraps, as it is to be sent
    if (errno != 0 || end == text || *end != 0)
        return -1;
    union {
        uint8_t byte;
        dbus_bool_t flag;
        int32_t i32;
        uint32_t u32;
        uint64_t u64;
    } value = {.u64 = 0};
    switch (type) {
    case DBUS_TYPE_BYTE:
        value.byte = (uint8_t)number;
        break;
    case DBUS_TYPE_BOOLEAN:
        value.flag = number != 0;
        break;
    case DBUS_TYPE_INT32:
    case DBUS_TYPE_UINT32:
        value.u32 = (uint32_t)number;
        break;
    default:
        value.u64 = number;
    }
    return dbus_message_iter_append_basic(to, type, &value) ? 0 : -1;
}

static int append_value(DBusMessageIter *to, DBusSignatureIter *type, struct strings values, size_t *at);

static int append_all(DBusMessageIter *to, DBusSignatureIter *types, struct strings values, size_t *at)
{
    do
        if (append_value(to, types, values, at) < 0)
            return -1;
    while (dbus_signature_iter_next(types));
    return 0;
}

static int append_container(DBusMessageIter *to, DBusSignatureIter *type, struct strings values, size_t *at)
{
    int kind = dbus_signature_iter_get_current_type(type);
    DBusSignatureIter inner;
    DBusMessageIter into;
    dbus_signature_iter_recurse(type, &inner);
    char *signature = kind == DBUS_TYPE_ARRAY ? dbus_signature_iter_get_signature(&inner) : NULL;
    bool open = dbus_message_iter_open_container(to, kind, signature, &into);
    dbus_free(signature);
    if (!open)
        return -1;
    int result = 0;
    if (kind == DBUS_TYPE_STRUCT)
        result = append_all(&into, &inner, values, at);
    else
        for (long left = *at < values.count ? strtol(values.items[(*at)++], NULL, 10) : 0;
             left > 0 && result == 0; left--)
            result = append_value(&into, &inner, values, at);
    if (result == 0 && dbus_message_iter_close_container(to, &into))
        return 0;
    return -1; // the message is thrown away whole
}

static int append_value(DBusMessageIter *to, DBusSignatureIter *type, struct strings values, size_t *at)
{
    int kind = dbus_signature_iter_get_current_type(type);
    if (kind == DBUS_TYPE_ARRAY || kind == DBUS_TYPE_STRUCT)
        return append_container(to, type, values, at);
    if (*at >= values.count)
        return -1;
    const char *text = values.items[(*at)++];
    if (kind == DBUS_TYPE_STRING)
        return dbus_message_iter_append_basic(to, kind, &text) ? 0 : -1;
    return append_number(to, kind, text);
}

int dbus_append(struct context *c, DBusMessageIter *to, const char *signature, struct strings values,
                size_t *at)
{
    DBusSignatureIter types;
    if (!dbus_signature_validate_single(signature, NULL))
        return fail(c, "plan", EBADMSG, "D-Bus signature %s", signature);
    dbus_signature_iter_init(&types, signature);
    return append_value(to, &types, values, at) < 0
               ? fail(c, "plan", EBADMSG, "a value of type %s", signature)
               : 0;
}

int dbus_ask(struct context *c, DBusConnection *bus, DBusMessage *call, struct dbus_expected expected,
             DBusMessage **answer)
{
    DBusError error = DBUS_ERROR_INIT;
    *answer = dbus_connection_send_with_reply_and_block(bus, call, ANSWER_MILLISECONDS, &error);
    if (*answer)
        return 0;
    for (int i = 0; expected.names[i]; i++)
        if (dbus_error_has_name(&error, expected.names[i])) {
            dbus_error_free(&error);
            return i + 1;
        }
    return refused(c, dbus_message_get_member(call), &error);
}

int dbus_hear_jobs(struct context *c, DBusConnection *bus)
{
    // without an answer to wait for: whoever is not on a bus hears it anyway, and a bus keeps the order
    if (!dbus_bus_get_unique_name(bus))
        return 0;
    dbus_bus_add_match(bus,
                       "type='signal',sender='org.freedesktop.systemd1',"
                       "interface='org.freedesktop.systemd1.Manager',member='JobRemoved'",
                       NULL);
    return dbus_connection_get_is_connected(bus) ? 0 : fail(c, "AddMatch", ECONNRESET, "D-Bus");
}

static int64_t milliseconds_now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time); // cannot fail for this clock
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

// The result of the job if that is what the message tells of; NULL for anything else.
static const char *job_result(DBusMessage *message, const char *job)
{
    uint32_t number;
    const char *path, *unit, *result;
    if (!dbus_message_is_signal(message, manager, "JobRemoved") ||
        !dbus_message_get_args(message, NULL, DBUS_TYPE_UINT32, &number, DBUS_TYPE_OBJECT_PATH, &path,
                               DBUS_TYPE_STRING, &unit, DBUS_TYPE_STRING, &result, DBUS_TYPE_INVALID))
        return NULL;
    return strcmp(path, job) == 0 ? result : NULL;
}

int dbus_await_job(struct context *c, DBusConnection *bus, DBusMessage *answer, const char *unit,
                   int64_t milliseconds)
{
    const char *job = NULL;
    if (!dbus_message_get_args(answer, NULL, DBUS_TYPE_OBJECT_PATH, &job, DBUS_TYPE_INVALID))
        return fail(c, "plan", EPROTO, "systemd names no job for %s", unit);
    for (int64_t end = milliseconds_now() + milliseconds;;) {
        DBUS_MESSAGE message = dbus_connection_pop_message(bus);
        const char *result = message ? job_result(message, job) : NULL;
        if (result && strcmp(result, "done") == 0)
            return 0;
        if (result)
            return fail(c, "systemd", 0, "the job for %s ended as \"%s\"", unit, result);
        int64_t left = end - milliseconds_now();
        if (message)
            continue;
        if (left <= 0)
            return fail(c, "systemd", ETIMEDOUT, "the job for %s", unit);
        if (!dbus_connection_read_write(bus, (int)left))
            return fail(c, "systemd", ECONNRESET, "the job for %s", unit);
    }
}
