import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../engine/testing/manual-clock';
import type { HealdeckEvent } from '../../../shared/model/event';
import { History } from '../history/history';
import { EngineRecord } from '../record/record';
import { clientOf, type RecordClient } from '../record/record-host';
import { RecordServer } from '../record/record-server';
import type { Retention } from '../history/upkeep';
import type { StorageNotice } from '../files/notice';

/** What is kept where a test gives nothing else. */
export const KEEP: Retention = {
  sampleHours: 24,
  minuteDays: 7,
  quarterDays: 365,
  eventDays: 365,
  tableHours: 24,
  maxBytes: 500_000_000,
};

/** A folder for one history file, on driven time: it can be opened again, as by the next engine. */
export class HistoryFolder {
  readonly folder = mkdtempSync(join(tmpdir(), 'healdeck-history-'));
  readonly file = join(this.folder, 'history.db');
  readonly clock = new ManualClock();
  /** What the operator was notified of. */
  readonly notices: StorageNotice[] = [];
  /** Errors that are ours: there are none where the file can be read and written. */
  readonly reported: unknown[] = [];
  retention: Retention = KEEP;
  private readonly opened: Pick<History, 'dispose'>[] = [];

  open(): History & { recordEvent: (event: HealdeckEvent) => void } {
    const history = new History({
      file: this.file,
      clock: this.clock,
      retention: () => this.retention,
      notify: (notice) => this.notices.push(notice),
      report: (where, error) => this.reported.push(where, error),
    });
    this.opened.push(history);
    return Object.assign(history, {
      recordEvent: (event: HealdeckEvent) => void history.record([{ events: [event], memories: [] }]),
    });
  }

  /** The record over this history, in one thread with the test. */
  async openRecord(): Promise<EngineRecord & { client: RecordClient }> {
    const { clock, folder } = this;
    const files = {
      dataDir: folder,
      history: this.file,
      healingLog: join(folder, 'healing.log'),
      state: join(folder, 'state.json'),
    };
    const notify = (notice: StorageNotice): void => void this.notices.push(notice);
    const server = new RecordServer({
      files,
      limits: { retention: this.retention, healingLog: { maxBytes: 1e7, files: 5 } },
      ...{ clock, notify },
      report: (where, error) => this.reported.push(where, error),
    });
    this.opened.push(server);
    const client = clientOf(async (call, args) => server.carryOut(call, args));
    const record = new EngineRecord({ client, start: await client.open(), dataDir: folder, clock, notify });
    return Object.assign(record, { client });
  }

  dispose(): void {
    for (const history of this.opened) history.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
