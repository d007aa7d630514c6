import { expect, it } from 'vitest';
import { parseGroups, parsePasswd } from './passwd';

it('a passwd file gives its accounts in order, and nothing of lines that are none', () => {
  expect(parsePasswd('root:x:0:0:root:/root:/bin/sh\n\n# x\nbroken:x:many:1::/:/bin/sh\nweb:x:1000:33:::\n')).toEqual([
    { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/sh' },
    { name: 'web', uid: 1000, gid: 33, home: '', shell: '' },
  ]);
});

it('a group file gives its groups with their members', () => {
  expect(parseGroups('adm:x:4:syslog,ada\nweb:x:33:\n+\n')).toEqual([
    { gid: 4, members: ['syslog', 'ada'] },
    { gid: 33, members: [] },
  ]);
});
