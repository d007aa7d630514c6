import type { Watch } from '../../../shared/model/watch';

/** Where the output of a watch ended at one moment, as is found again after rotations and by another engine. */
export interface OutputEnd {
  /** Size of the file that was written to. */
  offset: number;
  /** The newest of the older files; another one later means that the file was rotated. */
  olderInode: number | null;
}

/** The output files of watched programs. */
export interface OutputFiles {
  /** The last lines of a stream, oldest first; empty when there are none. `from` null: whatever wrote them. */
  tail(watch: Watch, stream: 'out' | 'err', lines: number, from: OutputEnd | null): readonly string[];
  end(watch: Watch, stream: 'out' | 'err'): OutputEnd;
  /** A watch has another name from now on: its files follow. Never throws. */
  rename(oldName: string, newName: string): void;
}
