import { closeSync } from 'node:fs';
import { loadSystemCalls } from '../processes/pidfd/system-calls';

/** The end of a service manager: what was sent to an address by sd_notify(3), and by whom. */
export interface NotifyListener {
  /** Takes what has come since. */
  take(): { text: string; pid: number | null }[];
  close(): void;
}

const MAX_BYTES = 4096;

/** Null: this machine has no such sockets. An address that begins with `@` is abstract. */
export function listenForNotices(address: string): NotifyListener | null {
  const loaded = loadSystemCalls();
  if (!loaded.available || loaded.sockets === null) return null;
  const { sockets } = loaded;
  const fd = sockets.open();
  if (fd < 0 || sockets.configure(fd, 1000) < 0 || sockets.bind(fd, address) < 0)
    throw new Error(`expected to listen at ${address}`);
  const receiver = sockets.receiver(fd, MAX_BYTES);
  return {
    take() {
      const taken: { text: string; pid: number | null }[] = [];
      for (let next = receiver.take(); next !== null; next = receiver.take()) {
        taken.push({ text: Buffer.from(next.bytes ?? []).toString(), pid: next.sender?.pid ?? null });
      }
      return taken;
    },
    close: () => closeSync(fd),
  };
}
