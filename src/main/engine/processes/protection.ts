import type { ProcessSample } from '../../../shared/model/process';
import type { ProcessIndex } from './process-index';

/** Programs that draw the screen: ending one ends the operator's whole session. */
const DISPLAY_SERVERS: ReadonlySet<string> = new Set([
  'Xorg',
  'X',
  'Xwayland',
  'gnome-shell',
  'kwin_wayland',
  'kwin_x11',
  'mutter',
  'sway',
  'weston',
  'labwc',
  'Hyprland',
  'cage',
  'WindowServer',
  'dwm.exe',
  'csrss.exe',
]);

/**
 * Why a process may never be signalled or watched, or null. The rule stands in the engine so that no client, and no
 * mistake in a pattern, gets around it.
 */
export class Protection {
  private readonly ownChain: ReadonlyMap<number, string>;

  /** `ownedPids` are processes that Healdeck started itself: a display server of a kiosk may be a watch. */
  constructor(
    index: ProcessIndex,
    enginePid: number,
    private readonly ownedPids: ReadonlySet<number> = new Set(),
  ) {
    const chain = new Map<number, string>();
    const engine = index.byPidOrNull(enginePid);
    for (const ancestor of index.ancestorsOf(enginePid)) {
      chain.set(ancestor.pid, `it started Healdeck (pid ${enginePid})`);
    }
    if (engine !== null && engine.session > 0) chain.set(engine.session, "it leads Healdeck's session");
    for (const pid of ownParts(index, enginePid, ownedPids)) chain.set(pid, 'it is part of Healdeck');
    chain.set(enginePid, 'it is Healdeck itself');
    this.ownChain = chain;
  }

  reasonFor(sample: ProcessSample): string | null {
    if (sample.pid <= 1) return 'it is the first process of the machine';
    if (sample.kernel) return 'it is a kernel thread';
    const own = this.ownChain.get(sample.pid);
    if (own !== undefined) return own;
    if (DISPLAY_SERVERS.has(sample.name) && !this.ownedPids.has(sample.pid)) return 'it is the display server';
    return null;
  }
}

/**
 * Descendants of the engine that serve itself (renderer, GPU process). The programs that it started are in sessions of
 * their own; where the OS has no sessions, they are known by pid.
 */
function ownParts(index: ProcessIndex, enginePid: number, ownedPids: ReadonlySet<number>): readonly number[] {
  const parts: number[] = [];
  const queue = [enginePid];
  const session = index.byPidOrNull(enginePid)?.session ?? 0;
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    for (const child of index.childrenOf(pid)) {
      if (ownedPids.has(child.pid) || child.session !== session || parts.includes(child.pid)) continue;
      parts.push(child.pid);
      queue.push(child.pid);
    }
  }
  return parts;
}
