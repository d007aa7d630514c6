import type { Watch } from '../../../shared/model/watch';

/** Where the output of a watch ended at one moment, as is found again after rotations and by another engine. */
export interface OutputEnd {
  /** Size of the file that was written to. */
  offset: number;
  /** The newest of the older files; another one later means that the file was rotated. */
  olderInode: number | null;
}

/** A piece of output. */
export interface Written {
  text: string;
  /** More was written than is in it. */
  truncated: boolean;
}

/** The output files of watched programs. */
export interface OutputFiles {
  /** The last lines of a stream, oldest first; empty when there are none. `from` null: whatever wrote them. */
  tail(watch: Watch, stream: 'out' | 'err', lines: number, from: OutputEnd | null): readonly string[];
  end(watch: Watch, stream: 'out' | 'err'): OutputEnd;
  /** What was written to a stream since `from`; of more than `maxBytes` the first ones. */
  since(watch: Watch, stream: 'out' | 'err', from: OutputEnd, maxBytes: number): Written;
  /** A watch has another name from now on: its files follow. Never throws. */
  rename(oldName: string, newName: string): void;
}
