import { cpp } from './cpp';
import { go } from './go';
import { java } from './java';
import type { Language } from './language';
import { libc } from './libc';
import { node } from './node';
import { perl } from './perl';
import { php } from './php';
import { python } from './python';
import { ruby } from './ruby';
import { rust } from './rust';

/** All languages whose traces are read; of two traces that end on the same line, the first one's counts. */
export const LANGUAGES = [
  python,
  node,
  java,
  go,
  ruby,
  rust,
  cpp,
  libc,
  php,
  perl,
] as const satisfies readonly Language[];

/** The languages by name. */
export type LanguageName = (typeof LANGUAGES)[number]['name'];
