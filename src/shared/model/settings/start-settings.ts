import { integer, optionalInteger, text } from './kinds';

/** How a start is judged, and what a program inherits at it where that is to be otherwise than what Healdeck's own unit or shell gave. */
export const START_SETTINGS = {
  'start.appearMs': integer({
    default: 15_000,
    min: 1000,
    max: 86_400_000,
    unit: 'ms',
    perWatch: true,
    help: 'How long the start command of a matched program may take to bring up a match. After that the start has failed, unless the command or anything that it started still runs: then it is still starting, and no other copy is started.',
  }),
  'start.othersMs': integer({
    default: 3000,
    min: 0,
    max: 3_600_000,
    unit: 'ms',
    perWatch: true,
    help: 'How long the end of a matched program waits for whoever started it to start it again, before its start command does; 0: not at all. Programs that Healdeck started as a command never wait.',
  }),
  'start.openFiles': optionalInteger({
    min: 16,
    max: 1_000_000_000,
    unit: 'files',
    perWatch: true,
    help: "Soft limit of open files (RLIMIT_NOFILE) of a started program; none: what Healdeck's unit or shell was given, without the raise that Node makes for itself.",
  }),
  'start.nice': optionalInteger({
    min: -20,
    max: 19,
    unit: '',
    perWatch: true,
    help: 'Niceness of a started program; below that of Healdeck only when it runs as root; none: as Healdeck.',
  }),
  'start.oomScoreAdjust': optionalInteger({
    min: -1000,
    max: 1000,
    unit: '',
    perWatch: true,
    help: 'OOM score adjustment of a started program (oom_score_adj, Linux); none: as Healdeck, but 0 where Healdeck is protected by a negative one.',
  }),
  'start.umask': text({
    range: 'an octal umask such as 022',
    pattern: /^0?[0-7]{3}$/,
    perWatch: true,
    help: 'File mode creation mask of a started program; none: as Healdeck.',
  }),
} as const;
