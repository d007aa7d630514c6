import type { OutputPage, OutputPosition, OutputStream } from '../../../shared/model/output';
import type { OutputHistory } from '../output-feed';

/** Output in memory, by watch and stream: a position is an index into its text. */
export class FakeOutput implements OutputHistory {
  private readonly texts = new Map<string, string>();

  write(watch: string, stream: OutputStream, text: string): void {
    this.texts.set(`${watch}/${stream}`, this.textOf(watch, stream) + text);
  }
  page(
    watch: string,
    stream: OutputStream,
    request: { lines: number; before?: OutputPosition | undefined },
  ): OutputPage {
    const text = this.textOf(watch, stream).slice(0, request.before?.offset);
    const isWhole = text === '' || text.endsWith('\n');
    const all = text === '' ? [] : text.slice(0, isWhole ? -1 : undefined).split('\n');
    const earlier = all.slice(0, -request.lines);
    const offset = earlier.reduce((sum, line) => sum + line.length + 1, 0);
    return { lines: all.slice(-request.lines), before: earlier.length === 0 ? null : { file: 0, offset }, isWhole };
  }
  end(watch: string, stream: OutputStream) {
    return { offset: this.textOf(watch, stream).length, olderInode: null };
  }
  appended(watch: string, stream: OutputStream, since: { offset: number }) {
    const bytes = Buffer.from(this.textOf(watch, stream).slice(since.offset));
    return { bytes, skippedBytes: 0, position: this.end(watch, stream) };
  }
  private textOf(watch: string, stream: OutputStream): string {
    return this.texts.get(`${watch}/${stream}`) ?? '';
  }
}
