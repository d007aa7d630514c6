import type { ListeningSocket, SocketHolder, WatchPorts } from '../../../shared/model/ports';
import { addressKey, addressOfSocket, LookIndex, type Look } from './look';

/** Where the programs of these watches are reached, in the order of their names. */
export function watchPorts(watches: readonly string[], look: Look): readonly WatchPorts[] {
  const index = new LookIndex(look);
  const sockets = new Map(watches.map((watch) => [watch, new Map<string, ListeningSocket>()]));
  for (const socket of look.reading.sockets) {
    const waits = socket.protocol === 'unix' ? socket.isListening : socket.remote === null;
    if (!waits) continue;
    for (const { watch, pid, name } of index.holdersOf(socket)) {
      const ofWatch = sockets.get(watch);
      const address = addressOfSocket(socket);
      const key = addressKey(address);
      const before = ofWatch?.get(key)?.processes ?? [];
      if (before.some((other) => other.pid === pid)) continue;
      ofWatch?.set(key, { ...address, processes: [...before, { pid, name }].sort(byPid) });
    }
  }
  const unread = new Set(
    look.reading.processes.filter(({ inodes, isCut }) => inodes === null || isCut).map(({ pid }) => pid),
  );
  return watches.map((watch) => ({
    watch,
    sockets: [...(sockets.get(watch) ?? [])]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, socket]) => socket),
    unread: look.members
      .filter((member) => member.watch === watch && unread.has(member.pid))
      .map(({ pid, name }) => ({ pid, name })),
  }));
}

function byPid(one: SocketHolder, other: SocketHolder): number {
  return one.pid - other.pid;
}
