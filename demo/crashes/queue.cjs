// node queue.cjs BUG NAME: bugs whose values are words. SHIFT stands where unrelated lines come and go.
const { EventEmitter } = require('node:events');
const { createReadStream } = require('node:fs');
const { createServer } = require('node:net');
// SHIFT

const bus = new EventEmitter();

function required(value, text) {
  if (value === undefined) throw new Error(text);
  return value;
}

function loadUser(name) {
  return required({}[name], `user ${name} is unknown`);
}

function loadPlan(name) {
  return required({}[name], `plan of ${name} is unknown`);
}

// SHIFT
const BUGS = {
  loadUser: (name) => loadUser(name),
  loadPlan: (name) => loadPlan(name),
  emitter: (name) => bus.emit('error', new Error(`queue of ${name} is closed`)),
  stream: (name) => createReadStream(`/srv/none/${name}.csv`),
  portInUse: () =>
    createServer().listen(0, function () {
      createServer().listen(this.address().port);
    }),
  promiseAll: (name) => Promise.all([Promise.resolve(name).then(loadUser)]),
  notFunction: (name) => [name].map((one) => one.deliver()),
  listener: (name) => {
    bus.on('mail', function onMail(one) {
      one.box.push(name);
    });
    bus.emit('mail', {});
  },
};

BUGS[process.argv[2]](process.argv[3]);
