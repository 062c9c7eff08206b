// SPDX-License-Identifier: Apache-2.0

/** Why args[0] cannot be executed: by its name, by its place, by what is in it, by what holds the process. */

import { type Case, type Finding, finding, holder, quote } from "./case.ts";
import { absoluteIn, explainFile, insideSearch } from "./program.ts";
import { EACCES, ENOENT, EPERM } from "./view.ts";

const [E2BIG, ENOEXEC, EINVAL, ENOMEM, ETXTBSY] = [7, 8, 22, 12, 26];

/** Where programs are besides PATH. */
const usualFolders = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
  "/opt/bin",
  "/app",
];

/** The kernel's MAX_ARG_STRLEN. */
const longestArgument = 131072;

export function searchPath({ process }: Pick<Case, "process">): string {
  const entry = process?.env?.find((variable) => variable.startsWith("PATH="));
  return entry?.slice("PATH=".length) ?? "/bin:/usr/bin";
}

function asWords(line: string): string {
  return `[${line.trim().split(/\s+/).map(quote).join(", ")}]`;
}

/** A whole command line where the program's name belongs. */
function isCommandLine(failure: Case, name: string): boolean {
  if (!/\S\s+\S/.test(name)) return false;
  return !name.includes("/") || failure.inside.walk(absoluteIn(failure.process, name)).state === "missing";
}

function byName(failure: Case, name: string): Finding | undefined {
  const path = searchPath(failure);
  const folders = path.split(":").filter((folder) => folder !== "");
  const search = insideSearch(failure);
  for (const folder of folders) {
    const file = `${folder.startsWith("/") ? "" : "/"}${folder}/${name}`;
    if (failure.inside.walk(file).state !== "found") continue;
    const found = explainFile(search, file);
    if (found || failure.errno !== ENOENT) return found;
  }
  const elsewhere = usualFolders.find(
    (folder) => !folders.includes(folder) && failure.inside.walk(`${folder}/${name}`).state === "found",
  );
  if (elsewhere !== undefined)
    return finding(
      `${elsewhere}/${name} is there, but its folder is not in PATH (${path})`,
      `add ${elsewhere} to PATH in process.env, or call it ${elsewhere}/${name}`,
    );
  const shells = ["bash", "zsh", "ash", "dash"];
  const hint = shells.includes(name) ? ["call sh, which nearly every image has"] : [];
  return finding(
    `none of ${folders.join(", ") || "no folder"} (PATH) has a file ${name}`,
    ...hint,
    `install ${name} into the image, or write its full path`,
  );
}

/** What the image has is not seen where something is mounted over it. */
function hidden(failure: Case, path: string): Finding | undefined {
  const found = failure.inside.walk(path);
  if (failure.live || found.mount === undefined || found.state === "found") return undefined;
  if (failure.inside.bare().walk(path).state !== "found") {
    if (found.state !== "unknown") return undefined;
    return finding(
      `${path} would be ${holder(failure, found)}: there are no programs there`,
      `leave out /mounts/${found.mount}, or put the program elsewhere`,
    );
  }
  const why =
    found.state === "missing"
      ? `${found.path} does not exist ${holder(failure, found)}: that hides the ${path} which the image has`
      : `it is hidden: the image has ${path}, but it would be looked for ${holder(failure, found)}`;
  return finding(why, `leave out /mounts/${found.mount}, mount it elsewhere, or put the program elsewhere`);
}

function tooLong({ process }: Case): Finding {
  const longest = Math.max(
    0,
    ...[...(process?.args ?? []), ...(process?.env ?? [])].map(({ length }) => length),
  );
  const why =
    longest >= longestArgument
      ? `one argument or variable has ${longest} bytes, and the kernel takes ${longestArgument} at most`
      : "arguments and environment together are more than the kernel takes (a quarter of RLIMIT_STACK)";
  return finding(why, "hand long texts over in a file or on standard input, or make them shorter");
}

/** Whether no rule lets execve through; an agent or a tracer that is not there refuses it, too. */
function filtersExecve({ config }: Case): boolean {
  const { defaultAction, syscalls = [] } = config?.linux?.seccomp ?? {};
  const actions = syscalls.flatMap(({ names, action }) => (names.includes("execve") ? [action] : []));
  const passes = (action: string | undefined) => action === "SCMP_ACT_ALLOW" || action === "SCMP_ACT_LOG";
  if (defaultAction === undefined) return false;
  return actions.length > 0 ? !actions.every(passes) : !passes(defaultAction);
}

/** What confines the process, when the file itself is in order. */
function confined(failure: Case): Finding | undefined {
  const { errno, process } = failure;
  if (errno !== EACCES && filtersExecve(failure))
    return finding(
      "the seccomp filter refuses execve, by which the program is started",
      "allow execve in linux.seccomp",
    );
  if (process?.apparmorProfile)
    return finding(
      `nothing is wrong with the file: AppArmor's profile ${process.apparmorProfile} may refuse it`,
      'look for apparmor="DENIED" in dmesg',
    );
  if (process?.selinuxLabel)
    return finding(
      "nothing is wrong with the file: SELinux may refuse it",
      "look for avc: denied (ausearch -m avc)",
    );
  return undefined;
}

const plain: Readonly<Record<number, Finding>> = {
  [EINVAL]: finding(
    "the file asks for more than one loader, or for what the kernel does not have",
    "build it again",
  ),
  [ENOMEM]: finding("there is not enough memory to load it", "raise the memory limit"),
  [ETXTBSY]: finding("somebody has it open for writing", "wait until its copying is done"),
};

export function explainExecutable(failure: Case): Finding | undefined {
  const { detail: name, errno, process } = failure;
  if (errno === E2BIG) return tooLong(failure);
  if (name === "")
    return finding(
      "the program's name, the first of process.args, is empty",
      "name a program in process.args",
    );
  if (isCommandLine(failure, name))
    return finding(
      "that is a whole command line as one word: no shell takes it apart",
      `write each word for itself: "args": ${asWords(name)}`,
    );
  if (errno === EPERM) return confined(failure);
  if (!name.includes("/")) {
    const found = byName(failure, name);
    return errno === ENOEXEC || found?.why.startsWith("none of") === false
      ? found
      : (found ?? confined(failure));
  }
  const path = absoluteIn(process, name);
  return (
    hidden(failure, path) ?? explainFile(insideSearch(failure), path) ?? confined(failure) ?? plain[errno]
  );
}
