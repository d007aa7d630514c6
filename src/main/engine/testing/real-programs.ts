import { OTHER_INTERPRETERS } from './real-programs/other-interpreters';
import { PLAIN } from './real-programs/plain';
import { PYTHON_AND_JAVASCRIPT } from './real-programs/python-and-javascript';
import { TITLES } from './real-programs/titles';
import { WRAPPERS } from './real-programs/wrappers';
import type { RealProgram } from './real-programs/real-program';

/** From the documentation and the packages of these programs. */
export const REAL_PROGRAMS: readonly RealProgram[] = [
  ...TITLES,
  ...PYTHON_AND_JAVASCRIPT,
  ...OTHER_INTERPRETERS,
  ...PLAIN,
  ...WRAPPERS,
];
