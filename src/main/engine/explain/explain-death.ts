import { oomKillsText } from '../../../shared/events/text';
import { describeExit } from '../../../shared/lib/format/exit-words';
import { formatDuration } from '../../../shared/lib/format/duration';
import { formatBytes, formatPercent, plural } from '../../../shared/lib/format/values';
import type { Certainty, EvidenceLine, EvidenceTopic } from '../../../shared/model/event-parts';
import { diskText, isFull, isNearlyFull } from './causes/disk-full';
import { causeOf } from './causes/list';
import { isMemoryShort } from './causes/oom-killer';
import { holderText } from './causes/port-in-use';
import type { DeathFacts } from './death-facts';
import type { OomKillsInGroup } from '../processes/group-oom-kills';
import { versionedAmong } from './start-files';
import type { FileChange, VersionChange } from './start-record';

/** Why a process has ended, with what shows it. */
export interface Explanation {
  reason: string;
  certainty: Certainty;
  evidence: readonly EvidenceLine[];
  /** The name of a file that the reason has as changed; null: none. */
  changedFile: string | null;
  /** The reason alone: the same for the same reason again, whatever was changed since. */
  cause: string;
}

/** Lines of one kind that a reader has patience for. */
const MAX_ALIKE = 5;
/** Versions in one sentence. */
const MAX_NAMED_VERSIONS = 3;

/** Pure: the same facts have the same explanation. */
export function explainDeath(facts: DeathFacts): Explanation {
  const { reason, certainty, isOfProgram } = causeOf(facts);
  const change = isOfProgram ? latestChange(facts) : null;
  return {
    reason: change === null ? reason : `${reason}; ${changedProgram(change, facts)}`,
    changedFile: change?.kind === 'changed' ? nameOf(change) : null,
    certainty,
    cause: reason,
    evidence: [...howLines(facts), ...whoLines(facts), ...aroundLines(facts), ...changedLines(facts)],
  };
}

/** The last change of the program since it last started well; null: none is known. */
function latestChange({ changes }: DeathFacts): FileChange | null {
  return changes?.files.toSorted((one, other) => (other.at ?? 0) - (one.at ?? 0))[0] ?? null;
}

/** What has changed of the program since it last started well, in short. */
function changedProgram(latest: FileChange, { changes, diedAt }: DeathFacts): string {
  const files = changes?.files ?? [];
  const others = files.length > 1 ? ` and ${plural(files.length - 1, 'further file')}` : '';
  return `${changeText(latest, diedAt)}${versionsIn(latest, changes?.versions ?? [])}${others}`;
}

/** Which packages have another version, where that file is one that names them; npm writes several of these at once. */
function versionsIn({ path }: FileChange, versions: readonly VersionChange[]): string {
  if (versions.length === 0 || versionedAmong([path]).length === 0) return '';
  const named = versions.slice(0, MAX_NAMED_VERSIONS).map(versionText).join(', ');
  const more = versions.length - MAX_NAMED_VERSIONS;
  return ` (${named}${more > 0 ? ` and ${plural(more, 'further package')}` : ''})`;
}

function versionText({ name, before, after }: Omit<VersionChange, 'path'>): string {
  return `${name} ${before} → ${after}`;
}

function nameOf({ path }: { path: string }): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function changeText(change: FileChange, diedAt: number): string {
  const { kind, at } = change;
  const name = nameOf(change);
  const ago = at === null || at > diedAt ? '' : ` ${formatDuration(diedAt - at)} before its end`;
  switch (kind) {
    case 'gone':
      return `${name} is gone since its last good start`;
    case 'new':
      return `${name} is new since its last good start`;
    case 'changed':
      return `${name} was changed${ago === '' ? ' since its last good start' : ago}`;
  }
}

function line(topic: EvidenceTopic, text: string, source: string): EvidenceLine {
  return { topic, text, source };
}

function howLines({ exit, scene, pid }: DeathFacts): EvidenceLine[] {
  const core =
    scene.core === null
      ? []
      : scene.core.kind === 'file'
        ? [line('how', `its memory was dumped to ${scene.core.path}`, 'core_pattern')]
        : [line('how', `its memory was dumped; to see it: coredumpctl info ${pid}`, 'coredumpctl')];
  return [line('how', describeExit(exit), 'exit status'), ...core];
}

function whoLines({ exit, oomKills, oomKillsInGroup, scene, endedParent }: DeathFacts): EvidenceLine[] {
  const lines: EvidenceLine[] = [];
  if (scene.oomVictim !== null && exit?.signal === 'SIGKILL') {
    const text = scene.oomVictim ? 'the OOM killer ended this process' : 'the OOM killer did not end this process';
    lines.push(line('who', text, "the kernel's log"));
  }
  if (oomKillsInGroup !== null && oomKillsInGroup.kills > 0) {
    lines.push(line('who', oomKillsInGroupText(oomKillsInGroup, exit), 'control group'));
  }
  if (oomKills > 0) lines.push(line('who', oomKillsText(oomKills), '/proc/vmstat'));
  if (endedParent !== null) {
    const { name, pid } = endedParent;
    lines.push(line('who', `its parent ${name} (pid ${pid}) ended at about the same time`, 'process table'));
  }
  return lines;
}

function oomKillsInGroupText({ kills, othersGone }: OomKillsInGroup, exit: DeathFacts['exit']): string {
  const text = `the OOM killer ended ${kills === 1 ? 'a process' : `${kills} processes`} of its control group`;
  if (exit === null) return text;
  if (exit.signal !== 'SIGKILL') return `${text} while it ended otherwise`;
  const gone = othersGone === 0 ? 'no other process' : plural(othersGone, 'other process', 'other processes');
  return `${text}, of which ${gone} vanished`;
}

function aroundLines(facts: DeathFacts): EvidenceLine[] {
  const { portFault, scene, othersEnded, gapMs, largest, exit } = facts;
  const lines: EvidenceLine[] = [];
  if (portFault !== null) {
    for (const holder of (scene.holders ?? []).slice(0, MAX_ALIKE)) {
      const { port, process } = holder;
      const since =
        process === null ? '' : `, running for ${formatDuration(Math.max(0, facts.diedAt - process.startedAt))}`;
      const text = `port ${port} is in use by ${holderText(holder, facts)}${since}`;
      lines.push(line('around', text, '/proc/net'));
    }
  }
  for (const disk of scene.disks) {
    if (isFull(disk) || isNearlyFull(disk)) lines.push(line('around', diskText(disk), 'statfs'));
  }
  const { memory } = scene;
  if (memory !== null && (isMemoryShort(facts) || exit?.signal === 'SIGKILL')) {
    const stalled =
      memory.stalledPercent === null
        ? ''
        : `; tasks waited for memory in ${formatPercent(memory.stalledPercent)} of the time`;
    lines.push(
      line(
        'around',
        `${formatBytes(memory.availableBytes)} of ${formatBytes(memory.totalBytes)} of memory available${stalled}`,
        '/proc/meminfo',
      ),
    );
    if (largest.length > 0) {
      const named = largest.map(({ name, pid, rssBytes }) => `${name} (pid ${pid}) ${formatBytes(rssBytes)}`);
      lines.push(line('around', `largest processes: ${named.join(', ')}`, 'process table'));
    }
  }
  if (othersEnded.length > 0) {
    const named = othersEnded.slice(0, MAX_ALIKE).join(', ');
    const more = othersEnded.length > MAX_ALIKE ? ` and ${othersEnded.length - MAX_ALIKE} more` : '';
    lines.push(line('around', `within seconds these ended, too: ${named}${more}`, 'other watches'));
  }
  if (gapMs !== null)
    lines.push(line('around', `nothing was watched for ${formatDuration(gapMs)} right before`, 'clock'));
  return lines;
}

function changedLines({ changes, scene, diedAt }: DeathFacts): EvidenceLine[] {
  if (changes === null) return [];
  const lines = changes.files
    .slice(0, MAX_ALIKE)
    .map((change) => line('changed', `${changeText(change, diedAt)}: ${change.path}`, 'file status'));
  const more = changes.files.length - lines.length;
  if (more > 0) lines.push(line('changed', plural(more, 'further file'), 'file status'));
  for (const version of changes.versions.slice(0, MAX_ALIKE))
    lines.push(line('changed', versionText(version), nameOf(version)));
  const moreVersions = changes.versions.length - MAX_ALIKE;
  if (moreVersions > 0) lines.push(line('changed', plural(moreVersions, 'further package'), 'lock file'));
  for (const part of changes.edited)
    lines.push(line('changed', `its ${part} ${part === 'arguments' ? 'were' : 'was'} edited`, 'watch'));
  if (changes.rebooted) lines.push(line('changed', 'the machine was rebooted', 'boot id'));
  const packages = (scene.packages ?? []).slice(-MAX_ALIKE);
  for (const { name, before, after } of packages) {
    const text = before === null ? `${name} ${after} was installed` : `${name} ${before} → ${after ?? 'removed'}`;
    lines.push(line('changed', text, 'log of packages'));
  }
  return lines;
}
