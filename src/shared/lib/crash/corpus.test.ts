import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crashFingerprint, type CrashFingerprint } from './fingerprint';

/** A file of the corpus: crashes of one program, by bug. A bug with a slash is one of another file. */
interface CorpusFile {
  /** `run`: by scripts/crash-corpus.mjs; `written`: by hand, after the documentation of the language. */
  origin: 'run' | 'written';
  language: string;
  program: string;
  bugs: Readonly<
    Record<string, readonly { exitCode: number | null; signal: string | null; stderrTail: readonly string[] }[]>
  >;
}

interface Sample {
  label: string;
  language: string;
  print: CrashFingerprint;
}

const corpus = join(import.meta.dirname, 'corpus');

const files = ['run', 'written'].flatMap((folder) =>
  readdirSync(join(corpus, folder)).map((file) => ({
    name: basename(file, '.json'),
    ...(JSON.parse(readFileSync(join(corpus, folder, file), 'utf8')) as CorpusFile),
  })),
);

const samples: readonly Sample[] = files.flatMap(({ name, language, program, bugs }) =>
  Object.entries(bugs).flatMap(([bug, crashes]) =>
    crashes.map((crash) => ({
      label: bug.includes('/') ? bug : `${name}/${bug}`,
      language,
      print: crashFingerprint({ ...crash, program }),
    })),
  ),
);

/** Wrong pairs of each kind that are printed. */
const SHOWN = 5;

function pairs(): { together: number; wronglyTogether: string[]; wronglyApart: string[] } {
  let together = 0;
  const wronglyTogether: string[] = [];
  const wronglyApart: string[] = [];
  samples.forEach((one, at) => {
    for (const other of samples.slice(at + 1)) {
      const isSameBug = one.label === other.label;
      const isSameId = one.print.id === other.print.id;
      const names = `${one.label}: ${one.print.title} [${one.print.source}]\n  ${other.label}: ${other.print.title} [${other.print.source}]`;
      if (isSameBug && isSameId) together += 1;
      else if (isSameId) wronglyTogether.push(names);
      else if (isSameBug) wronglyApart.push(names);
    }
  });
  return { together, wronglyTogether, wronglyApart };
}

describe('fingerprints over the corpus', () => {
  it('has enough crashes of enough bugs, most of them real', () => {
    expect(samples.length).toBeGreaterThanOrEqual(60);
    expect(new Set(samples.map(({ label }) => label)).size).toBeGreaterThanOrEqual(20);
    const real = files.filter(({ origin }) => origin === 'run').flatMap(({ bugs }) => Object.values(bugs).flat());
    expect(real.length).toBeGreaterThan(samples.length / 2);
  });

  it('keep the same bug together and different bugs apart', () => {
    const { together, wronglyTogether, wronglyApart } = pairs();
    const precision = together / (together + wronglyTogether.length);
    const recall = together / (together + wronglyApart.length);
    // oxlint-disable-next-line no-console -- so that whoever changes a parser sees what that does
    console.info(
      [
        `${samples.length} crashes of ${new Set(samples.map(({ label }) => label)).size} bugs: precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}`,
        ...wronglyTogether.slice(0, SHOWN).map((names) => `wrongly together:\n  ${names}`),
        ...wronglyApart.slice(0, SHOWN).map((names) => `wrongly apart:\n  ${names}`),
      ].join('\n'),
    );
    expect(precision).toBeGreaterThanOrEqual(0.98);
    expect(recall).toBeGreaterThanOrEqual(0.9);
  });
});
