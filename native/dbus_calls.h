// SPDX-License-Identifier: Apache-2.0
#pragma once

// Calls to systemd's manager over D-Bus, by libdbus. Its words are shown as they come: they name the unit and
// the property.

#include <dbus/dbus.h>
#include <stdint.h>

#include "context.h"

// A message and a connection that go with their scope.
void dbus_free_message(DBusMessage *const *message);
void dbus_hang_up(DBusConnection *const *bus);
#define DBUS_MESSAGE __attribute__((cleanup(dbus_free_message))) DBusMessage *
#define DBUS_CONNECTION __attribute__((cleanup(dbus_hang_up))) DBusConnection *

// The first of these addresses that answers; `uid` is ours as the bus sees it. NULL with c->failure filled.
DBusConnection *dbus_dial(struct context *c, struct strings addresses, int64_t uid);
// A call of systemd's manager, to which the caller appends arguments. NULL with c->failure filled.
DBusMessage *dbus_manager_call(struct context *c, const char *method);
// Values as busctl(1) has them, text after text: a signature, and then its values, an array's with their
// number first. `at` moves past them.
int dbus_append(struct context *c, DBusMessageIter *to, const char *signature, struct strings values,
                size_t *at);
// The errors of systemd's that a caller knows what to do about; NULL ends them.
struct dbus_expected {
    const char *names[4];
};
// Sends the call and waits for the answer. 0 with *answer; n when systemd says the nth of the errors that are
// expected; -1 with c->failure filled.
int dbus_ask(struct context *c, DBusConnection *bus, DBusMessage *call, struct dbus_expected expected,
             DBusMessage **answer);
// Lets the end of jobs be heard, on a connection on which it was asked for before the job began.
int dbus_hear_jobs(struct context *c, DBusConnection *bus);
// Waits for the end of the job that an answer names, which must be "done".
int dbus_await_job(struct context *c, DBusConnection *bus, DBusMessage *answer, const char *unit,
                   int64_t milliseconds);
