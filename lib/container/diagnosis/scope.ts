// SPDX-License-Identifier: Apache-2.0

/** Why systemd did not make the container's scope, or did not take a property of it. */

import { escapeToken } from "../../json.ts";
import { systemdProperty } from "../../tables/annotations.ts";
import { isPrivileged } from "../facts.ts";
import { type Case, type Finding, finding } from "./case.ts";

const withoutSystemd =
  "leave --systemd-cgroup out (engines: cgroup driver cgroupfs, --cgroup-manager=cgroupfs)";

/** Nobody listens where systemd is looked for. */
function unreachable({ host }: Case, said: string): Finding {
  if (isPrivileged(host))
    return finding(
      "neither the system's bus nor systemd itself can be reached: both sockets (/run/dbus/system_bus_socket, /run/systemd/private) are closed here",
      "systemctl start dbus.socket",
      "in a container: bind /run/dbus and /run/systemd of the host",
      withoutSystemd,
    );
  const socket = /socket (\S+?):? /.exec(said)?.[1] ?? "its socket";
  if (said.includes("Permission denied"))
    return finding(
      `${socket} is another user's: XDG_RUNTIME_DIR or DBUS_SESSION_BUS_ADDRESS was kept when the user was changed`,
      "log in as this user (machinectl shell USER@, ssh), or set XDG_RUNTIME_DIR=/run/user/$(id -u) and unset DBUS_SESSION_BUS_ADDRESS",
    );
  return finding(
    `this user's systemd cannot be reached at ${socket}: su and sudo do not start one`,
    "log in as this user (machinectl shell USER@, ssh), or loginctl enable-linger USER",
    "set XDG_RUNTIME_DIR=/run/user/$(id -u) and unset DBUS_SESSION_BUS_ADDRESS",
    withoutSystemd,
  );
}

function notAllowed({ host }: Case): Finding {
  if (isPrivileged(host))
    return finding(
      "the bus lets this process not speak to systemd: a policy of D-Bus, polkit or a security module is in the way",
      "journalctl -u dbus, and look for denied in dmesg",
      withoutSystemd,
    );
  return finding(
    "it is the system's manager that was asked, and only root may have scopes of that one",
    "unset DBUS_SESSION_BUS_ADDRESS, or let it be unix:path=/run/user/$(id -u)/bus",
  );
}

/** The unit that a sentence of systemd's names. */
const unitIn = (said: string): string | undefined =>
  /\b([\w:.\\@-]+\.(?:service|scope|slice|target|mount|socket|timer|path))\b/.exec(said)?.[1];

/** The annotation that asks for a property which systemd names, or whose value it quotes. */
function annotationIn({ config }: Case, said: string): string | undefined {
  const asked = Object.entries(config?.annotations ?? {}).filter(([name]) =>
    name.startsWith(systemdProperty),
  );
  const named = asked.find(([name, value]) => {
    const property = name.slice(systemdProperty.length);
    const unit = unitIn(said);
    const words = value.match(/[^\s'",[\]]+(?: [^\s'",[\]]+)*/g) ?? [];
    return (
      said.includes(property) ||
      (unit !== undefined && value.includes(unit)) ||
      words.some((word) => word.length > 2 && said.includes(word))
    );
  });
  // nothing but the annotations comes from the configuration unchecked
  return (named ?? (asked.length === 1 ? asked[0] : undefined))?.[0];
}

function badProperty(failure: Case, said: string): Finding {
  const annotation = annotationIn(failure, said);
  if (annotation !== undefined)
    return {
      ...finding(
        `systemd refuses what the annotation ${annotation} asks for`,
        `correct its value (systemd.scope(5), systemd.resource-control(5)), or leave it out`,
      ),
      pointer: `/annotations/${escapeToken(annotation)}`,
    };
  if (/[Uu]nit name|instance name/.test(said))
    return finding(
      "the name that linux.cgroupsPath makes for the scope is none that systemd takes",
      'write "slice:prefix:name", with a name of letters and digits',
    );
  if (/PID|[Pp]rocess/.test(said))
    return finding(
      "systemd does not see the container's process: runts runs in a pid namespace of its own",
      "run it on the host, not in a container",
      withoutSystemd,
    );
  return finding(
    "systemd refuses a limit or a property of the scope",
    "journalctl -b _PID=1 | tail",
    withoutSystemd,
  );
}

function missingUnit(failure: Case, said: string): Finding {
  const unit = unitIn(said) ?? "a unit that it needs";
  const annotation = annotationIn(failure, said);
  const found = finding(
    `${unit} cannot be loaded${annotation === undefined ? "" : `, which the annotation ${annotation} names`}`,
    `systemctl status ${unit} tells why`,
    ...(annotation === undefined ? [] : ["install that unit, or leave the annotation out"]),
  );
  return annotation === undefined ? found : { ...found, pointer: `/annotations/${escapeToken(annotation)}` };
}

/** What systemd or the bus answered, by the name of its error. */
function refusal(failure: Case, error: string, said: string): Finding | undefined {
  const unit = unitIn(said) ?? "the unit";
  switch (error) {
    case "UnitExists":
      return finding(
        `there is a ${unit} already, of another container or of another root of runts`,
        `systemctl status ${unit} tells whose it is`,
        "choose another name of the container, or another linux.cgroupsPath",
      );
    case "UnitMasked":
      return finding(
        `${unit} is masked: somebody has forbidden it`,
        `systemctl unmask ${unit}`,
        "choose another slice",
      );
    case "NoSuchUnit":
    case "LoadFailed":
    case "BadUnitSetting":
    case "UnitNotFound":
      return missingUnit(failure, said);
    case "InteractiveAuthorizationRequired":
    case "AccessDenied":
    case "AuthFailed":
      return notAllowed(failure);
    case "InvalidArgs":
    case "PropertyReadOnly":
    case "UnknownProperty":
    case "InvalidSignature":
    case "UnixProcessIdUnknown":
    case "NoSuchProcess":
      return badProperty(failure, said);
    case "ServiceUnknown":
    case "NameHasNoOwner":
    case "UnknownMethod":
    case "UnknownObject":
      return finding(
        "there is a bus, but systemd is not on it: it does not run this host, or not for this user",
        withoutSystemd,
      );
    case "NoReply":
    case "Timeout":
    case "TimedOut":
    case "Disconnected":
      return finding(
        "systemd, or the bus, does not answer: it is busy, or hangs",
        "systemctl list-jobs, and journalctl -b _PID=1 | tail",
      );
    case "LimitsExceeded":
      return finding(
        "the bus takes no more connections or calls of this user",
        "see who holds them: busctl list; its limits are in /usr/share/dbus-1/*.conf",
      );
    case "TransactionIsDestructive":
    case "ShuttingDown":
      return finding("the system is shutting down, and starts nothing more", "wait until it is up again");
    default:
      return undefined;
  }
}

/** How the job of starting or stopping the scope ended. */
function job(failure: Case): Finding | undefined {
  const { detail, errno } = failure;
  const unit = unitIn(detail) ?? "the scope";
  const result = /ended as "(\w+)"/.exec(detail)?.[1];
  const look = `systemctl status ${unit}, and journalctl -b -u ${unit}`;
  if (/ is at .*, expected /.test(detail))
    return finding(
      "systemd has put the scope elsewhere than its slice's name says",
      "see whether a unit file of that slice names another Slice=",
    );
  if (errno === ETIMEDOUT)
    return finding(
      "systemd has not started the scope within 30 s: it waits for a unit that it is to come after",
      "systemctl list-jobs tells for which",
      ...(dependencies(failure) ? ["leave out the annotation that names it (After)"] : []),
    );
  switch (result) {
    case "dependency":
      return finding(
        "a unit that the scope requires has failed",
        "systemctl --failed tells which",
        ...(dependencies(failure) ? ["leave out the annotation that names it (Requisite)"] : []),
      );
    case "timeout":
      return finding("the job took longer than its timeout (JobTimeoutUSec)", look);
    case "canceled":
      return finding("somebody has cancelled it, or stopped the scope meanwhile", "try again", look);
    default:
      return result === undefined ? undefined : finding("systemd could not start it", look);
  }
}

const dependencies = ({ config }: Case): boolean =>
  Object.keys(config?.annotations ?? {}).some((name) => /\.(?:After|Requisite)$/.test(name));

const ETIMEDOUT = 110;

export function explainScope(failure: Case): Finding | undefined {
  const { syscall, detail, errno } = failure;
  if (syscall === "systemd") return job(failure);
  if (errno !== 0) return undefined;
  const [, error = "", said = ""] = /^org\.freedesktop\.(?:\w+\.)*(\w+):? ?(.*)$/s.exec(detail) ?? [];
  if (syscall !== "connect") return refusal(failure, error, said);
  if (error === "BadAddress")
    return finding(
      "DBUS_SESSION_BUS_ADDRESS is no address of a bus",
      "unset it, or let it be unix:path=/run/user/$(id -u)/bus",
    );
  // of no server AccessDenied is the socket's own
  return (
    refusal(
      failure,
      /^(?:AccessDenied|AuthFailed)$/.test(error) && said.includes("socket") ? "" : error,
      said,
    ) ?? unreachable(failure, said)
  );
}
