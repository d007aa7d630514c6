import type Koffi from 'koffi';
import type { LibraryHandle } from 'koffi';

/** A program to be executed in a session of its own. */
export interface SpawnRequest {
  /** Path of the program; relative to `cwd`. */
  file: string;
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** Descriptors of its output; null: /dev/null. */
  out: number | null;
  err: number | null;
}

/** Starting and reaping children past libuv. */
export interface SpawnCalls {
  /** The pid, once the program was executed; null: it was not (posix_spawn(3)). */
  spawn(request: SpawnRequest): number | null;
  /** How a child ended, as wait(2) encodes it; `unknown`: it is no child of ours (any more). */
  reap(pid: number): number | 'lives' | 'unknown';
  /** The pid of any child that has ended and was not reaped; null: there is none. */
  anyEnded(): number | null;
}

/** More than any C library has for its opaque types. */
const OPAQUE_BYTES = 512;
const SIGNAL_SET_BYTES = 128;
/** `siginfo_t` of a 64-bit system (sigaction(2)). */
const SIGINFO_BYTES = 128;
const SIGINFO_PID_OFFSET = 16;

const [SETSIGDEF, SETSIGMASK, SETSID] = [0x04, 0x08, 0x80];
const [WNOHANG, WEXITED, WNOWAIT] = [1, 4, 0x0100_0000];
const P_ALL = 0;
const [O_RDONLY, O_RDWR] = [0, 2];

/** @throws Error where the C library lacks one of the functions (glibc 2.29 has all) */
export function declareSpawn(koffi: typeof Koffi): SpawnCalls {
  const libc = koffi.load(null);
  const initAttributes = libc.func('int posix_spawnattr_init(void *attributes)');
  const setFlags = libc.func('int posix_spawnattr_setflags(void *attributes, short flags)');
  const setDefaults = libc.func('int posix_spawnattr_setsigdefault(void *attributes, void *signals)');
  const setMask = libc.func('int posix_spawnattr_setsigmask(void *attributes, void *signals)');
  const initActions = libc.func('int posix_spawn_file_actions_init(void *actions)');
  const destroyActions = libc.func('int posix_spawn_file_actions_destroy(void *actions)');
  const addChdir = libc.func('int posix_spawn_file_actions_addchdir_np(void *actions, const char *path)');
  const addOpen = libc.func(
    'int posix_spawn_file_actions_addopen(void *actions, int fd, const char *path, int flags, unsigned int mode)',
  );
  const addDup = libc.func('int posix_spawn_file_actions_adddup2(void *actions, int fd, int target)');
  const addCloseFrom = declareCloseFrom(libc);
  const posixSpawn = libc.func(
    'int posix_spawn(void *pid, const char *path, void *actions, void *attributes, const char **argv, const char **envp)',
  );
  const waitpid = libc.func('int waitpid(int pid, void *status, int options)');
  const waitid = libc.func('int waitid(int type, unsigned int id, void *info, int options)');

  // As libuv: no signal is ignored or blocked in a program because it is in the engine.
  const attributes = Buffer.alloc(OPAQUE_BYTES);
  initAttributes(attributes);
  setFlags(attributes, SETSIGDEF | SETSIGMASK | SETSID);
  setDefaults(attributes, Buffer.alloc(SIGNAL_SET_BYTES, 0xff));
  setMask(attributes, Buffer.alloc(SIGNAL_SET_BYTES));

  return {
    spawn({ file, argv, env, cwd, out, err }) {
      const actions = Buffer.alloc(OPAQUE_BYTES);
      if (initActions(actions) !== 0) return null;
      try {
        const streams = [out, err].map((fd, at) =>
          fd === null
            ? (addOpen(actions, at + 1, '/dev/null', O_RDWR, 0) as number)
            : (addDup(actions, fd, at + 1) as number),
        );
        const steps = [
          addOpen(actions, 0, '/dev/null', O_RDONLY, 0) as number,
          ...streams,
          addChdir(actions, cwd) as number,
        ];
        if (steps.some((result) => result !== 0)) return null;
        addCloseFrom?.(actions, 3);
        const pid = Buffer.alloc(4);
        const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
        const result = posixSpawn(pid, file, actions, attributes, [...argv, null], [...variables, null]) as number;
        return result === 0 ? pid.readInt32LE() : null;
      } finally {
        destroyActions(actions);
      }
    },

    reap(pid) {
      const status = Buffer.alloc(4);
      const result = waitpid(pid, status, WNOHANG) as number;
      if (result === 0) return 'lives';
      return result === pid ? status.readInt32LE() : 'unknown';
    },

    anyEnded() {
      const info = Buffer.alloc(SIGINFO_BYTES);
      const result = waitid(P_ALL, 0, info, WEXITED | WNOHANG | WNOWAIT) as number;
      const pid = info.readInt32LE(SIGINFO_PID_OFFSET);
      return result === 0 && pid > 0 ? pid : null;
    },
  };
}

/** Chromium has files and sockets open that outlive an execve(2): no program is to get them. Null before glibc 2.34. */
function declareCloseFrom(libc: LibraryHandle): ReturnType<LibraryHandle['func']> | null {
  try {
    return libc.func('int posix_spawn_file_actions_addclosefrom_np(void *actions, int from)');
  } catch {
    return null;
  }
}
