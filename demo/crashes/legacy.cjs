// node legacy.cjs BUG VALUE: ends by that bug. SHIFT stands where unrelated lines come and go.
const assert = require('node:assert');
// SHIFT

function render(template, value) {
  return template[value].toUpperCase();
}

// SHIFT
function verify(value) {
  assert.strictEqual(Number(value), -1, `checksum of ${value}`);
}

const BUGS = {
  undefinedCall: (value) => render({}, value),
  assertion: (value) => verify(value),
  missingModule: () => require('some-missing-module'),
  otherMissingModule: () => require('other-missing-module'),
};

BUGS[process.argv[2]](process.argv[3]);
