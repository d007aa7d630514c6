// What Node alone can do: start the program again in its exit event. Arguments: the program and its arguments.
import { spawn } from 'node:child_process';

const [program, ...args] = process.argv.slice(2);

function start() {
  spawn(program, args, { stdio: 'ignore' }).once('exit', start);
}

start();
